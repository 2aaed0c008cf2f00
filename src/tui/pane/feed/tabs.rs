//! The first line of the feed: views with their counts, what waits outside, the marks, the filter, the order.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::Query;
use crate::domain::query::{Expr, Is, Term};
use crate::domain::view::{Level, SortKey};
use crate::tui::command::Command;
use crate::tui::feed_model::FeedModel;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::Model;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, fit, line_width, short_count, thousands, width};

/// Cells the tabs keep whatever else there is to say.
const LEAST: usize = 18;

/// The state that a view is about; `None` for the ordinary feed.
pub fn state_of(query: &Query) -> Option<Is> {
    match &query.expr {
        Expr::Term(Term::Is(states)) => states.first().copied(),
        _ => None,
    }
}

/// An order in a word: "rate ↓ pay ↓", the arrow towards what comes later.
pub fn order_words(levels: &[Level]) -> String {
    let word = |level: &Level| {
        let down = (level.by == SortKey::Expiring) == level.reversed;
        format!("{} {}", level.by.word(), if down { "↓" } else { "↑" })
    };
    levels.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// One tab's words.
struct Tab {
    key: String,
    name: String,
    count: Option<String>,
    fresh: usize,
    here: bool,
    command: Command,
}

/// Draws the line; each tab can be clicked.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap) {
    let room = usize::from(area.width);
    let end = clip(tail(model, theme, keymap, room.saturating_sub(LEAST)), room.saturating_sub(LEAST));
    let wide = line_width(&end);
    let tabs = tabs(&model.feed, keymap);
    let (mut line, places) = fitting(&tabs, room.saturating_sub(wide + 1), theme);
    for (from, to, command) in places {
        let cell = |at: usize| area.x.saturating_add(u16::try_from(at).unwrap_or(u16::MAX));
        let rect = Rect { x: cell(from), width: cell(to).saturating_sub(cell(from)), ..area };
        model.hits.commands.push((rect.intersection(area), command));
    }
    let used = line_width(&line);
    line.spans.push(Span::raw(" ".repeat(room.saturating_sub(used + wide))));
    line.spans.extend(end.spans);
    frame.render_widget(clip(line, room), area);
}

fn tabs(feed: &FeedModel, keymap: &Keymap) -> Vec<Tab> {
    let tab = |(at, named): (usize, crate::domain::NamedView)| {
        let told = feed.tabs.get(at);
        let here = at == feed.tab;
        let count = match state_of(&named.view.query) {
            _ if !feed.loaded => None,
            _ if here => Some((feed.total, feed.counting.is_some())),
            // Told with every window.
            Some(Is::Starred) => Some((feed.starred, false)),
            Some(Is::Away) => Some((feed.away, false)),
            _ => told.map(|tab| (tab.total, tab.counting)),
        };
        let number = |n: usize| if here { thousands(n) } else { short_count(n) };
        Tab {
            key: Command::VIEWS.get(at).map(|command| keymap.hint(Stack::Feed, *command)).unwrap_or_default(),
            name: named.name.to_string(),
            count: count.map(|(n, growing)| if growing { format!("≈{}", number(n)) } else { number(n) }),
            fresh: told.map_or(0, |tab| tab.fresh),
            here,
            command: Command::VIEWS.get(at).copied().unwrap_or(Command::ViewLast),
        }
    };
    feed.tabs().into_iter().enumerate().map(tab).collect()
}

/// A tab's label: with more or fewer words, by how much room there is.
fn label(tab: &Tab, detail: u8) -> String {
    let name = match detail {
        0 if !tab.here => fit(&tab.name, 5),
        0 | 1 => fit(&tab.name, 14),
        _ => tab.name.clone(),
    };
    let count = tab.count.as_ref().filter(|_| tab.here || detail > 1).map(|count| format!(" {count}")).unwrap_or_default();
    let fresh = match tab.fresh {
        0 => String::new(),
        n if tab.here || detail > 2 => format!(" ·{}", short_count(n)),
        _ => "·".to_owned(),
    };
    format!("{name}{count}{fresh}")
}

/// The tabs in as many words as fit; where even the fewest do not, those around the one in use, and how many more there are.
#[allow(clippy::type_complexity)]
fn fitting(tabs: &[Tab], room: usize, theme: &Theme) -> (Line<'static>, Vec<(usize, usize, Command)>) {
    let cells = |tab: &Tab, detail: u8| width(&tab.key) + 1 + width(&label(tab, detail)) + 2;
    let whole = |detail: u8| 1 + tabs.iter().map(|tab| cells(tab, detail)).sum::<usize>();
    let detail = (0..=3).rev().find(|detail| whole(*detail) <= room).unwrap_or(0);
    let at = tabs.iter().position(|tab| tab.here).unwrap_or(0);
    let (mut first, mut last) = (0, tabs.len());
    // The room for "+3" at the end.
    let spare = if whole(detail) <= room { 0 } else { 4 };
    while last > first + 1 && 1 + spare + tabs[first..last].iter().map(|tab| cells(tab, detail)).sum::<usize>() > room {
        if last - 1 > at { last -= 1 } else { first += 1 }
    }
    let mut spans = vec![Span::raw(" ")];
    let mut places = Vec::new();
    let mut used = 1;
    for tab in &tabs[first..last] {
        let text = label(tab, detail);
        let wide = width(&tab.key) + 1 + width(&text);
        places.push((used, used + wide, tab.command));
        used += wide + 2;
        spans.push(Span::styled(tab.key.clone(), theme.key()));
        spans.push(Span::styled(format!(" {text}"), if tab.here { theme.accent() } else { theme.dim() }));
        spans.push(Span::raw("  "));
    }
    let hidden = tabs.len() - (last - first);
    if hidden > 0 {
        spans.push(Span::styled(format!("+{hidden}"), theme.dim()));
    }
    (clip(Line::from(spans), room), places)
}

/// What else there is to say, the most pressing first as far as there is room.
fn tail(model: &Model, theme: &Theme, keymap: &Keymap, room: usize) -> Line<'static> {
    let feed = &model.feed;
    let mut pieces: Vec<Vec<Span<'static>>> = Vec::new();
    if let Some(at) = model.opening {
        pieces.push(vec![
            Span::styled(format!("as of {}", countdown::minute(at)), theme.warn()),
            Span::styled(if model.away.is_some() { ", no engine …" } else { ", opening the store …" }, theme.warn()),
        ]);
    }
    if feed.fresh > 0 {
        let key = keymap.hint(Stack::Feed, Command::Arrivals);
        pieces.push(vec![
            Span::styled(format!("{} new", feed.fresh), theme.ok()),
            Span::styled(" · press ", theme.dim()),
            Span::styled(key, theme.key()),
        ]);
    }
    if let Some(range) = &feed.range {
        let words = if range.asking { "stretch …".to_owned() } else { format!("stretch {}", thousands(feed.marks())) };
        pieces.push(vec![Span::styled(words, theme.warn())]);
    } else if !feed.marked.is_empty() {
        pieces.push(vec![Span::styled(format!("{} marked", thousands(feed.marked.len())), theme.warn())]);
    }
    if let Some(percent) = feed.counting {
        pieces.push(vec![Span::styled(format!("≈ {} … {percent} %", thousands(feed.total)), theme.info())]);
    }
    if feed.fuzzy {
        pieces.push(vec![Span::styled("nearest letters", theme.warn())]);
    }
    if !feed.filter.is_empty() {
        pieces.push(vec![Span::styled(format!("/{}", fit(feed.filter.as_str(), 24)), theme.info())]);
    }
    if feed.view.group {
        pieces.push(vec![Span::styled("grouped", theme.info())]);
    }
    // Ranked by the letters, unless an order was chosen.
    let ranked = feed.view.sort.is_empty() && (feed.fuzzy || !feed.view.query.fuzzy_words().is_empty());
    if !ranked && room >= 24 {
        pieces.push(vec![Span::styled(order_words(&feed.order()), theme.dim())]);
    }
    let mut line = Line::default();
    for piece in pieces {
        let wide: usize = piece.iter().map(|span| width(&span.content)).sum();
        if line.spans.is_empty() || line_width(&line) + wide + 2 <= room {
            line.spans.extend(piece);
            line.spans.push(Span::raw("  "));
        }
    }
    if let Some(last) = line.spans.last_mut() {
        *last = Span::raw(" ");
    }
    line
}
