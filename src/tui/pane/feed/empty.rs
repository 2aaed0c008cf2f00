//! A feed without a row: why, and what to press next.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::tabs::state_of;
use crate::domain::Time;
use crate::domain::query::Is;
use crate::engine::api::SourceState;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;

/// The key of the view of open jobs.
fn open(model: &Model) -> Command {
    let at = model.feed.tabs().iter().position(|tab| tab.view.query.is_all());
    at.and_then(|at| Command::VIEWS.get(at)).copied().unwrap_or(Command::ViewOpen)
}

/// Draws the words.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let key = |command| keymap.hint(Stack::Feed, command);
    let feed = &model.feed;
    let mut lines: Vec<(String, Style)> = Vec::new();
    if let Some(failure) = &feed.failure {
        lines.push((failure.to_string(), theme.fail()));
        lines.push((failure.hint.clone(), theme.dim()));
        lines.push((format!("{} asks again", key(open(model))), theme.dim()));
    } else if !feed.loaded {
        lines.push(("Reading the feed …".to_owned(), theme.dim()));
    } else if !feed.filter.is_empty() {
        if feed.counting.is_some() {
            lines.push(("Looking …".to_owned(), theme.dim()));
        } else {
            lines.push((format!("No job here fits: {}", feed.filter), theme.text()));
        }
        lines.push((format!("{} changes them, {} clears them", key(Command::Filter), key(Command::Unmark)), theme.dim()));
    } else {
        let (what, next) = match state_of(&feed.view.query) {
            None => ("No open job at the moment.", format!("{} asks the sources now", key(Command::Poll))),
            Some(Is::Starred) => {
                let (star, open) = (key(Command::Star), key(open(model)));
                ("Nothing is starred.", format!("{star} on a job stars it; {open} goes to the open jobs"))
            }
            Some(Is::Away) => ("Nothing is hidden or snoozed.", format!("{} goes to the open jobs", key(open(model)))),
            Some(_) => ("No job was seen yet.", format!("{} asks the sources now", key(Command::Poll))),
        };
        lines.push((what.to_owned(), theme.text()));
        lines.push((next, theme.dim()));
        for down in model.sources.iter().filter(|s| matches!(s.state, SourceState::Down | SourceState::SignIn)) {
            let again = down.retry_at.filter(|at| *at > now).map(|at| format!("; asked again at {}", countdown::clock(at)));
            let why = down.error.as_ref().map(|error| format!(": {error}")).unwrap_or_default();
            lines.push((format!("✗ {} gives no jobs{why}{}", down.name, again.unwrap_or_default()), theme.fail()));
        }
        if feed.fresh > 0 {
            lines.push((format!("{} new ones wait: press {}", feed.fresh, key(Command::Arrivals)), theme.ok()));
        }
    }
    let mut y = area.y + area.height / 3;
    for (text, style) in lines {
        for part in crate::tui::widget::text::wrap(&text, usize::from(area.width.saturating_sub(4))) {
            if y >= area.bottom() {
                return;
            }
            frame.render_widget(Line::styled(part, style).centered(), Rect { y, height: 1, ..area });
            y += 1;
        }
    }
}
