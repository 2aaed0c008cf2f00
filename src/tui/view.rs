//! The model, drawn. Drawing decides nothing; it notes where things are, for the mouse, and how much fits.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::command::Command;
use super::keymap::{Keymap, Stack};
use super::layout::{LEAST, layout};
use super::model::{Focus, Hits, Model, Overlay};
use super::pane::{
    assist, blocks, brief, earnings, feed, header, messages, output, peek, pictures, preview, query_help, rules, sightings,
    start, status, strip, waiting, why,
};
use super::theme::Theme;
use super::widget::text::wrap;
use super::widget::{countdown, help, palette, whichkey};
use crate::config::Config;
use crate::domain::Time;

/// Draws everything.
pub fn draw(frame: &mut Frame<'_>, model: &mut Model, theme: &Theme, keymap: &Keymap, config: &Config, now: Time) {
    let area = frame.area();
    model.size = (area.width, area.height);
    model.hits = Hits::default();
    model.changes_at = None;
    model.feed_drawn = None;
    let Some(at) = layout(area, model.focus, model.zoom, !model.hand.items.is_empty()) else {
        return too_small(frame, area, theme);
    };
    if let Some(rect) = at.header {
        header::draw(frame, rect, model, theme, keymap);
    }
    let first_run = config.sources.is_empty() && model.sources.is_empty() && model.feed.rows.is_empty() && model.feed.loaded;
    if let Some(rect) = at.feed {
        // Beside another pane the terminal cannot scroll the rows for us: half a screen at a time costs less there.
        model.feed.paged = rect.width < area.width;
        if first_run {
            let body = at.peek.map_or(rect, |peek| rect.union(peek));
            start::draw(frame, body, theme, keymap, config);
        } else {
            feed::draw(frame, rect, model, theme, keymap, now);
        }
    }
    if let Some(rect) = at.peek.filter(|_| !first_run) {
        model.hits.peek = true;
        model.hits.peeked = peek::shown_key(model);
        peek::draw(frame, rect, model, theme, keymap, now);
    }
    if let Some(rect) = at.strip {
        strip::draw(frame, rect, model, theme, keymap, now);
    }
    if let Some(rect) = at.editor {
        model.hits.panes.push((rect, Focus::Hand));
        model.hits.editor = rect;
        let focused = model.focus == Focus::Hand && model.overlay.is_none();
        let (rect, below) = beside_the_hand(rect, model.hand.waiting.len(), model.hand.items.is_empty());
        model.hits.editor = rect;
        let typing = if model.hand.typing { Stack::Typing } else { Stack::Hand };
        model.editor.set_hints(super::app::hints(keymap, typing));
        model.editor.draw(frame, rect, theme, focused, now);
        match below {
            Some(place) if place.height > 1 => waiting::draw(frame, place, model, theme, keymap, now),
            Some(place) => waiting::line(frame, place, model, theme, keymap),
            None => {}
        }
    }
    if let Some(rect) = at.earnings {
        earnings::draw(frame, rect, model, theme, now);
    }
    if let Some(rect) = at.status {
        status::draw(frame, rect, model, theme, now);
    }
    if model.brief.is_some() && model.focus == Focus::Feed {
        let body = match (at.feed, at.peek) {
            (Some(feed), Some(peek)) => feed.union(peek),
            _ => at.body,
        };
        brief::draw(frame, body, model, theme, keymap, now);
    }
    status::message(frame, at.message, model, theme, keymap, now);
    overlays(frame, at.body, model, theme, keymap, now);
    if !model.sources.is_empty() || at.peek.is_some() && !model.feed.rows.is_empty() {
        // Ages are told by the minute; the feed has told of its own.
        model.changes_at = model.changes_at.into_iter().chain([countdown::next_minute(now)]).min();
    }
    if !model.is_calm(now) {
        model.feed_drawn = None;
    }
}

/// Splits the hand's place into the editor's and that of what waits: a list where there is room, else a line, else nothing.
fn beside_the_hand(all: Rect, waiting: usize, empty: bool) -> (Rect, Option<Rect>) {
    let wanted = u16::try_from(waiting).unwrap_or(u16::MAX).saturating_add(2);
    let rows = match () {
        () if waiting == 0 || all.height < 12 => 0,
        () if empty => all.height - 7,
        () if all.height >= 26 => wanted.min(8),
        () => 1,
    };
    let rect = Rect { height: all.height - rows, ..all };
    (rect, (rows > 0).then(|| Rect { y: rect.bottom(), height: rows, ..all }))
}

fn overlays(frame: &mut Frame<'_>, body: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let waited = model.pending_since.is_some_and(|since| (now - since).num_milliseconds() >= whichkey::DELAY_MS);
    if waited && model.overlay.is_none() {
        let stack = model.stack();
        let prefix: Vec<String> = model.pending.iter().map(ToString::to_string).collect();
        whichkey::draw(frame, body, theme, keymap, &prefix.join(" "), &keymap.continuations(stack, &model.pending));
    }
    // The overlay is taken out while it is drawn, since it may look at the rest of the model.
    let Some(mut overlay) = model.overlay.take() else { return };
    match &mut overlay {
        Overlay::Confirm(confirm) => {
            let hint = match confirm.yes() {
                Some(_) => format!(
                    "{} agrees · {} closes",
                    keymap.hint(Stack::Dialog, Command::DialogYes),
                    keymap.hint(Stack::Dialog, Command::DialogCancel)
                ),
                None => format!("{} turns", keymap.hint(Stack::Dialog, Command::DialogNext)),
            };
            confirm.draw(frame, body, theme, &hint);
        }
        Overlay::Help { field, scroll, from } => help::draw(frame, body, theme, keymap, field, scroll, *from),
        Overlay::Palette { field, at, from } => palette::draw(frame, body, theme, keymap, field, *at, *from),
        Overlay::Waiting { at, scroll } => waiting::overlay(frame, body, &model.hand.waiting, at, scroll, theme, now),
        Overlay::Output { title, text, scroll } => output::draw(frame, body, title, text, scroll, theme),
        Overlay::Pace { since, pace } => crate::tui::pane::pace::draw(frame, body, *since, *pace, theme),
        Overlay::Messages { scroll } => messages::draw(frame, body, model, scroll, theme),
        Overlay::Why { row, peek, failure, scroll } => {
            why::draw(frame, body, row, peek.as_deref(), failure.as_ref(), scroll, theme);
        }
        Overlay::Assist { desk, scroll, .. } => {
            assist::draw(frame, body, desk.as_deref(), &model.assist, scroll, theme, keymap);
        }
        Overlay::Grading(grading) => crate::tui::pane::grading::draw(frame, body, grading, theme, keymap),
        Overlay::Preview(said) => preview::draw(frame, body, said, theme, keymap),
        Overlay::Pictures(sheet) => {
            let left = pictures::draw(frame, body, sheet, &mut model.pictures, model.far, theme, keymap);
            (model.hits.pictures, model.hits.links) = (left.placed, left.links);
        }
        Overlay::Sightings { list, scroll } => sightings::draw(frame, body, list.as_deref(), scroll, theme),
        Overlay::Rules { list, scroll } => rules::draw(frame, body, list.as_deref(), scroll, theme, now),
        Overlay::Blocks { list, at } => blocks::draw(frame, body, list.as_deref(), *at, theme, keymap, now),
        Overlay::Prompt { line, .. } => {
            if let Some(scroll) = &mut line.help {
                query_help::draw(frame, body, scroll, theme);
            }
        }
    }
    model.overlay = Some(overlay);
}

fn too_small(frame: &mut Frame<'_>, area: Rect, theme: &Theme) {
    let text =
        format!("Juggler needs {}×{} cells; here are {}×{}. Make the window larger.", LEAST.0, LEAST.1, area.width, area.height);
    let lines: Vec<Line<'static>> =
        wrap(&text, usize::from(area.width)).into_iter().map(|l| Line::styled(l, theme.text())).collect();
    frame.render_widget(Paragraph::new(lines), area);
}
