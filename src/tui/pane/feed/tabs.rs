//! The first line of the feed: views with their counts, the order, the filter, and what waits outside.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Query;
use crate::domain::query::{Expr, Is, Term};
use crate::domain::view::SortKey;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, line_width, width};

/// The state that a view is about; `None` for the ordinary feed.
pub fn state_of(query: &Query) -> Option<Is> {
    match &query.expr {
        Expr::Term(Term::Is(states)) => states.first().copied(),
        _ => None,
    }
}

/// Draws the line; each tab can be clicked.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap) {
    let feed = &model.feed;
    let count = |at: usize, state: Option<Is>| match state {
        _ if !feed.loaded => None,
        _ if at == feed.tab => Some(feed.total),
        Some(Is::Starred) => Some(feed.starred),
        Some(Is::Away) => Some(feed.away),
        _ => None,
    };
    let commands = [Command::ViewOpen, Command::ViewStarred, Command::ViewAway, Command::ViewAll];
    let mut spans = vec![Span::raw(" ")];
    let mut hits = Vec::new();
    for (at, (tab, command)) in feed.tabs().into_iter().zip(commands).enumerate() {
        let name = tab.name.as_str();
        let label = match count(at, state_of(&tab.view.query)) {
            Some(n) if tab.view.query.is_all() && feed.unseen > 0 && feed.filter.is_empty() => {
                format!("{name} {n} ·{}", feed.unseen)
            }
            Some(n) => format!("{name} {n}"),
            None => name.to_owned(),
        };
        let style = if at == feed.tab { theme.accent() } else { theme.dim() };
        let used: usize = spans.iter().map(|span| width(&span.content)).sum();
        let key = keymap.hint(Stack::Feed, command);
        let wide = width(&label) + width(&key) + 1;
        hits.push((
            Rect {
                x: area.x.saturating_add(u16::try_from(used).unwrap_or(u16::MAX)),
                width: u16::try_from(wide).unwrap_or(0),
                ..area
            }
            .intersection(area),
            command,
        ));
        spans.push(Span::styled(key, theme.key()));
        spans.push(Span::styled(format!(" {label}"), style));
        spans.push(Span::raw("  "));
    }
    let sort = match feed.view.sort.first().map(|level| level.by) {
        None | Some(SortKey::Newest) => "newest first",
        Some(SortKey::Pay) => "best pay first",
        Some(SortKey::Rate) => "best rate first",
        Some(SortKey::Expiring) => "soonest gone first",
        Some(SortKey::Fit) => "best fit first",
        Some(SortKey::Requester) => "best payers first",
    };
    let mut end = Vec::new();
    if feed.fresh > 0 {
        let key = keymap.hint(Stack::Feed, Command::Arrivals);
        end.push(Span::styled(format!("{} new", feed.fresh), theme.ok()));
        end.push(Span::styled(" · press ", theme.dim()));
        end.push(Span::styled(key, theme.key()));
        end.push(Span::raw("  "));
    }
    if !feed.marked.is_empty() {
        end.push(Span::styled(format!("{} marked  ", feed.marked.len()), theme.warn()));
    }
    if !feed.filter.is_empty() {
        end.push(Span::styled(format!("/{}  ", crate::tui::widget::text::fit(feed.filter.as_str(), 24)), theme.info()));
    }
    let room = usize::from(area.width);
    let mut line = Line::from(spans);
    let mut tail = Line::from(end);
    if line_width(&line) + line_width(&tail) + width(sort) < room {
        tail.spans.push(Span::styled(format!("{sort} "), theme.dim()));
    }
    let used = line_width(&line);
    let wide = line_width(&tail);
    if used + wide <= room {
        line.spans.push(Span::raw(" ".repeat(room - used - wide)));
        line.spans.extend(tail.spans);
    } else {
        // What is new matters more than the names of the other views.
        line = clip(line, room.saturating_sub(wide + 1));
        line.spans.push(Span::raw(" "));
        line.spans.extend(tail.spans);
    }
    model.hits.commands.extend(hits);
    frame.render_widget(clip(line, room), area);
}
