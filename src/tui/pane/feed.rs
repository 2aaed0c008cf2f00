//! The feed: one line a job, columns that come and go with the width, a gutter mark where the cursor is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::domain::Query;
use crate::domain::ai::AiRule;
use crate::domain::job::JobStatus;
use crate::domain::query::{Expr, Is, Term};
use crate::domain::view::SortKey;
use crate::domain::{AssignmentState, Money, Time};
use crate::engine::api::{JobRow, SourceState};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::model::{Focus, Model};
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, fit, left, line_width, right, width};

/// A column; the title takes what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Age,
    Pay,
    Rate,
    Minutes,
    Kind,
    Ai,
    State,
    Source,
    Requester,
}

/// Before the title, from the one that matters most to the one that gives way first: its cells, and those the title keeps beside it.
const BEFORE: [(Column, usize, usize); 6] = [
    (Column::Pay, 7, 18),
    (Column::Age, 4, 18),
    (Column::State, 8, 18),
    (Column::Rate, 5, 20),
    (Column::Minutes, 3, 22),
    (Column::Ai, 6, 26),
];

/// After the title, in the order in which they come as the screen widens; one source tells nothing that is not known.
const AFTER_ONE: [(Column, usize, usize); 3] = [(Column::Kind, 11, 38), (Column::Requester, 13, 48), (Column::Source, 10, 60)];
const AFTER_MANY: [(Column, usize, usize); 3] = [(Column::Source, 10, 36), (Column::Kind, 11, 38), (Column::Requester, 13, 46)];

/// The order on the screen, left of the title and right of it.
const LEFT: [Column; 6] = [Column::Age, Column::Pay, Column::Rate, Column::Minutes, Column::Ai, Column::State];
const RIGHT: [Column; 3] = [Column::Kind, Column::Requester, Column::Source];

/// Cursor and three signs: marked or new, starred, a warning.
const GUTTER: usize = 4;

/// Where everything of a row goes.
struct Grid {
    before: Vec<(Column, usize)>,
    title: usize,
    after: Vec<(Column, usize)>,
}

fn grid(cells: usize, many: bool) -> Grid {
    let mut room = cells.saturating_sub(GUTTER);
    let mut choose = |from: &[(Column, usize, usize)], order: &[Column]| {
        let mut chosen = Vec::new();
        for (column, wide, title) in from {
            if wide + 1 + title > room {
                break;
            }
            room -= wide + 1;
            chosen.push((*column, *wide));
        }
        let at = |column: &Column| chosen.iter().find(|(c, _)| c == column).copied();
        order.iter().filter_map(at).collect::<Vec<_>>()
    };
    let before = choose(&BEFORE, &LEFT);
    let after = choose(if many { &AFTER_MANY } else { &AFTER_ONE }, &RIGHT);
    Grid { before, title: room, after }
}

/// Draws the feed; notes how many rows fit and where they are.
pub fn draw(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let focused = model.focus == Focus::Feed;
    let inner = super::framed(frame, area, theme, focused, Line::from(Span::styled(" Feed ", theme.title())));
    model.hits.panes.push((area, Focus::Feed));
    if inner.width == 0 || inner.height < 3 {
        return;
    }
    let cells = usize::from(inner.width);
    tabs(frame, Rect { height: 1, ..inner }, model, theme, keymap);
    let grid = grid(cells, model.sources.len() > 1);
    frame.render_widget(heading(&grid, cells, theme), Rect { y: inner.y + 1, height: 1, ..inner });
    let list = Rect { y: inner.y + 2, height: inner.height - 2, ..inner };
    model.hits.feed = list;
    let height = usize::from(list.height);
    if model.feed.height != height {
        model.feed.height = height;
        model.feed.scroll();
    }
    if model.feed.rows.is_empty() {
        return empty(frame, list, model, theme, keymap, now);
    }
    let feed = &model.feed;
    let at = feed.at();
    for (i, row) in feed.rows.iter().enumerate().skip(feed.top).take(height) {
        let here = at == Some(i);
        let line = line(row, &grid, theme, now, here && feed.gone, feed.marked.contains(&row.key), here);
        let y = list.y + u16::try_from(i - feed.top).unwrap_or(0);
        let rect = Rect { y, height: 1, ..list };
        if here {
            frame.buffer_mut().set_style(rect, theme.selection());
        }
        frame.render_widget(line, rect);
    }
}

/// The state that a view is about; `None` for the ordinary feed.
fn state_of(query: &Query) -> Option<Is> {
    match &query.expr {
        Expr::Term(Term::Is(states)) => states.first().copied(),
        _ => None,
    }
}

/// Views with their counts, the order, the filter, and what waits outside.
fn tabs(frame: &mut Frame<'_>, area: Rect, model: &mut Model, theme: &Theme, keymap: &Keymap) {
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

fn heading(grid: &Grid, cells: usize, theme: &Theme) -> Line<'static> {
    let name = |column: &Column, wide: usize| match column {
        Column::Age => right("age", wide),
        Column::Pay => right("pay", wide),
        Column::Rate => right("$/h", wide),
        Column::Minutes => right("min", wide),
        Column::Kind => left("kind", wide),
        Column::Ai => left("AI", wide),
        Column::State => left("state", wide),
        Column::Source => left("source", wide),
        Column::Requester => left("requester", wide),
    };
    let mut text = " ".repeat(GUTTER);
    for (column, wide) in &grid.before {
        text.push_str(&name(column, *wide));
        text.push(' ');
    }
    text.push_str(&left("title", grid.title));
    for (column, wide) in &grid.after {
        text.push(' ');
        text.push_str(&name(column, *wide));
    }
    Line::styled(left(&text, cells), theme.heading())
}

/// Money in few cells: whole units where the full figure has no room, never a cut one.
fn money(amount: Money, cells: usize) -> String {
    let full = amount.to_string();
    if width(&full) <= cells {
        return full;
    }
    let whole = whole(amount);
    let code = amount.asset.code().get(..1).unwrap_or_default();
    [whole.clone(), format!("{}{code}", whole.split(' ').next().unwrap_or_default())]
        .into_iter()
        .find(|text| width(text) <= cells)
        .unwrap_or_else(|| "big".to_owned())
}

/// The amount without its fraction, rounded half up.
fn whole(amount: Money) -> String {
    let unit = 10_i64.checked_pow(u32::from(amount.asset.exponent())).unwrap_or(1).max(1);
    let rounded = amount.minor.saturating_add(unit / 2).div_euclid(unit).saturating_mul(unit);
    let text = Money::new(rounded, amount.asset).to_string();
    match (text.split_once('.'), text.split_once(' ')) {
        (Some((digits, _)), Some((_, code))) => format!("{digits} {code}"),
        (Some((digits, _)), None) => digits.to_owned(),
        (None, _) => text,
    }
}

/// An hourly rate in few cells: tenths under ten, whole units from there.
fn rate(hourly: Money, cells: usize) -> String {
    let places = u32::from(hourly.asset.exponent());
    let unit = 10_i64.checked_pow(places).unwrap_or(1).max(1);
    let full = hourly.to_string();
    if places >= 1 && hourly.minor < unit.saturating_mul(10) && !full.contains(' ') {
        let tenth = (unit / 10).max(1);
        let rounded = hourly.minor.saturating_add(tenth / 2).div_euclid(tenth).saturating_mul(tenth);
        let text = Money::new(rounded, hourly.asset).to_string();
        let end = text.find('.').map_or(text.len(), |at| (at + 2).min(text.len()));
        return text.get(..end).unwrap_or(&text).to_owned();
    }
    let text = whole(hourly);
    if width(&text) <= cells { text } else { text.split(' ').next().map_or_else(String::new, |digits| fit(digits, cells)) }
}

/// Minutes in three cells.
fn minutes(seconds: u32) -> String {
    let minutes = seconds.div_ceil(60);
    match minutes {
        0..1_000 => minutes.to_string(),
        _ => format!("{}h", (minutes / 60).min(99)),
    }
}

/// An AI rule in six cells.
fn ai(rule: AiRule) -> &'static str {
    match rule {
        AiRule::Disclose => "tell",
        rule => rule.word(),
    }
}

/// Glyph, word and colour of a job's state; every one of them can be told apart without colour.
pub fn state(row: &JobRow, gone: bool, now: Time, theme: &Theme) -> (String, Style) {
    if let Some(mine) = row.mine {
        return (format!("◆ {}", mine.word()), theme.accent());
    }
    if gone {
        return ("✗ gone".to_owned(), theme.fail());
    }
    match row.status {
        JobStatus::Full => ("✗ full".to_owned(), theme.dim()),
        JobStatus::Expired => ("✗ expired".to_owned(), theme.dim()),
        JobStatus::Cancelled => ("✗ pulled".to_owned(), theme.dim()),
        JobStatus::Vanished => ("✗ gone".to_owned(), theme.dim()),
        JobStatus::Open if row.marks.hidden => ("- hidden".to_owned(), theme.dim()),
        JobStatus::Open if row.marks.snoozed_until.is_some_and(|at| at > now) => {
            let left = row.marks.snoozed_until.map(|at| countdown::left(at, now)).unwrap_or_default();
            (format!("z {left}"), theme.dim())
        }
        JobStatus::Open => match row.expires_at {
            Some(at) if at <= now => ("✗ expired".to_owned(), theme.dim()),
            Some(at) if (at - now).num_minutes() < 10 => (format!("! {}", countdown::left(at, now)), theme.warn()),
            _ if row.reopened => ("↻ again".to_owned(), theme.info()),
            _ => match row.slots_left {
                Some(1) => ("○ 1 left".to_owned(), theme.warn()),
                _ => ("○ open".to_owned(), theme.ok()),
            },
        },
    }
}

/// As [`state`], in eight cells; an open job like any other is its glyph alone.
fn short_state(row: &JobRow, gone: bool, now: Time, theme: &Theme) -> (String, Style) {
    use AssignmentState as S;
    let (word, style) = state(row, gone, now, theme);
    let word = match row.mine {
        Some(S::Claimed) => "◆ mine".to_owned(),
        Some(S::InProgress) => "◆ begun".to_owned(),
        Some(S::Submitting) => "→ sends".to_owned(),
        Some(S::Submitted) => "→ sent".to_owned(),
        Some(S::UnderReview) => "→ review".to_owned(),
        Some(S::RevisionAsked) => "↺ revise".to_owned(),
        Some(S::Approved) => "✓ due".to_owned(),
        Some(S::Paid) => "✓ paid".to_owned(),
        Some(S::Rejected) => "✗ reject".to_owned(),
        Some(S::TimedOut) => "✗ late".to_owned(),
        Some(S::Cancelled) => "✗ pulled".to_owned(),
        Some(S::Released) => "· gave".to_owned(),
        Some(S::Applied) => "… asked".to_owned(),
        Some(S::Appealed) => "… appeal".to_owned(),
        None if word == "✗ expired" => "✗ over".to_owned(),
        None if word == "○ open" => "○".to_owned(),
        None => word,
    };
    (word, style)
}

/// The colour of an AI rule; the word says the same.
pub fn ai_style(rule: AiRule, theme: &Theme) -> Style {
    match rule {
        AiRule::Allowed => theme.ok(),
        AiRule::AssistOnly | AiRule::Disclose => theme.info(),
        AiRule::HumanOnly | AiRule::AgentOnly => theme.warn(),
        AiRule::Unknown => theme.dim(),
    }
}

#[allow(clippy::too_many_arguments)]
fn line(row: &JobRow, grid: &Grid, theme: &Theme, now: Time, gone: bool, marked: bool, here: bool) -> Line<'static> {
    let gone = gone && row.mine.is_none();
    let faded = gone || (row.status != JobStatus::Open && row.mine.is_none());
    let plain = if faded || row.marks.seen { theme.dim() } else { theme.text() };
    let fresh = !row.marks.seen && !faded && row.mine.is_none();
    let first = match (marked, fresh) {
        (true, _) => Span::styled("+", theme.accent()),
        (false, true) => Span::styled("·", theme.info()),
        (false, false) => Span::raw(" "),
    };
    let warning = match (row.suspicious, row.costs.none()) {
        (true, _) => Span::styled("!", theme.fail()),
        (false, false) => Span::styled("$", theme.fail()),
        (false, true) => Span::raw(" "),
    };
    let mut spans = vec![
        Span::styled(if here { "▌" } else { " " }, theme.gutter()),
        first,
        Span::styled(if row.marks.starred { "★" } else { " " }, theme.warn()),
        warning,
    ];
    let cell = |column: Column, wide: usize| {
        let (text, style) = match column {
            Column::Age => (right(&countdown::age(row.since, now), wide), theme.dim()),
            Column::Pay => (right(&row.pay.map_or("?".to_owned(), |pay| money(pay, wide)), wide), theme.money()),
            Column::Rate => (right(&row.rate.map_or("–".to_owned(), |r| rate(r.hourly, wide)), wide), plain),
            Column::Minutes => (right(&row.seconds.map_or("–".to_owned(), minutes), wide), theme.dim()),
            Column::Kind => (left(row.kind.as_str(), wide), theme.info()),
            Column::Ai => (left(ai(row.ai), wide), ai_style(row.ai, theme)),
            Column::State => {
                let (word, style) = short_state(row, gone, now, theme);
                (left(&word, wide), style)
            }
            Column::Source => (left(row.source.as_str(), wide), theme.dim()),
            Column::Requester => (left(row.requester.as_str(), wide), theme.dim()),
        };
        Span::styled(text, if faded { theme.dim() } else { style })
    };
    for (column, wide) in &grid.before {
        spans.push(cell(*column, *wide));
        spans.push(Span::raw(" "));
    }
    spans.push(Span::styled(left(row.title.as_str(), grid.title), plain));
    for (column, wide) in &grid.after {
        spans.push(Span::raw(" "));
        spans.push(cell(*column, *wide));
    }
    Line::from(spans)
}

fn empty(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme, keymap: &Keymap, now: Time) {
    let key = |command| keymap.hint(Stack::Feed, command);
    let feed = &model.feed;
    let mut lines: Vec<(String, Style)> = Vec::new();
    if let Some(failure) = &feed.failure {
        lines.push((failure.to_string(), theme.fail()));
        lines.push((failure.hint.clone(), theme.dim()));
        lines.push((format!("{} asks again", key(Command::ViewOpen)), theme.dim()));
    } else if !feed.loaded {
        lines.push(("Reading the feed …".to_owned(), theme.dim()));
    } else if !feed.filter.is_empty() {
        lines.push((format!("No job here has all of these words: {}", feed.filter), theme.text()));
        lines.push((format!("{} changes them, {} clears them", key(Command::Filter), key(Command::Unmark)), theme.dim()));
    } else {
        let (what, next) = match state_of(&feed.view.query) {
            None => ("No open job at the moment.", format!("{} asks the sources now", key(Command::Poll))),
            Some(Is::Starred) => {
                let (star, open) = (key(Command::Star), key(Command::ViewOpen));
                ("Nothing is starred.", format!("{star} on a job stars it; {open} goes to the open jobs"))
            }
            Some(Is::Away) => ("Nothing is hidden or snoozed.", format!("{} goes to the open jobs", key(Command::ViewOpen))),
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
