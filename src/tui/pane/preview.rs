//! The sheet with what an assistant says: coming in, side by side, or as what it would change.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::ai::{Ended, cost_of};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::preview::{Answer, Decided, Preview, Review};
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, fit, line_width, width, wrap};

/// Draws it over `area`.
pub fn draw(frame: &mut Frame<'_>, area: Rect, preview: &mut Preview, theme: &Theme, keymap: &Keymap) {
    let title = title(preview);
    let inner = super::sheet(frame, area, theme, &title, &keys(preview, keymap));
    if inner.height < 2 {
        return;
    }
    let foot = Rect { y: inner.bottom() - 1, height: 1, ..inner };
    let body = Rect { height: inner.height - 1, ..inner };
    frame.render_widget(clip(footer(preview, theme), usize::from(foot.width)), foot);
    match &preview.review {
        Some(review) => changes(frame, body, review, &mut preview.scroll, theme),
        None if preview.answers.len() > 1 => columns(frame, body, preview, theme),
        None => alone(frame, body, preview, theme),
    }
}

fn title(preview: &Preview) -> String {
    let what = preview.asking.action.label();
    match (&preview.review, preview.coming().count()) {
        (Some(review), _) => {
            let open = review.hunks.iter().filter(|(_, decided)| *decided == Decided::Open).count();
            format!("What would change: {open} of {} open", review.hunks.len())
        }
        (None, 0) => capital(what),
        (None, _) => format!("{} …", capital(what)),
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The keys that count now.
fn keys(preview: &Preview, keymap: &Keymap) -> String {
    let key = |command| keymap.hint(Stack::Preview, command);
    let close = format!("{} closes", key(Command::PreviewClose));
    let has_files = preview.answer().is_some_and(|answer| !answer.files.is_empty());
    let files = if has_files { format!("{} takes the files · ", key(Command::PreviewFiles)) } else { String::new() };
    if preview.review.is_some() {
        return format!(
            "{files}{} take · {} leave · {} edit · {} all · {} {} next · {close}",
            key(Command::PreviewTake),
            key(Command::PreviewLeave),
            key(Command::PreviewEdit),
            key(Command::PreviewTakeAll),
            key(Command::PreviewDown),
            key(Command::PreviewUp),
        );
    }
    if preview.coming().next().is_some() {
        return format!("{} stops and keeps what came", key(Command::PreviewClose));
    }
    if preview.is_to_read() {
        return format!("{files}{} asks again · {close}", key(Command::PreviewAgain));
    }
    if has_files && preview.answer().is_some_and(|answer| answer.text.trim().is_empty()) {
        return format!("{files}{} asks again · {close}", key(Command::PreviewAgain));
    }
    let choose = format!("{files}{} compares with the draft", key(Command::PreviewChoose));
    if preview.answers.len() > 1 {
        let (next, pick) = (key(Command::PreviewNext), key(Command::PreviewPick));
        return format!("{next} next one · {pick} picks a line · {choose} · {close}");
    }
    format!("{choose} · {} asks again · {close}", key(Command::PreviewAgain))
}

/// How it stands: what came, what it cost, what is to be said.
fn footer(preview: &Preview, theme: &Theme) -> Line<'static> {
    let mut spans = Vec::new();
    let coming = preview.coming().count();
    if coming > 0 {
        let words: usize = preview.answers.iter().map(|answer| answer.text.split_whitespace().count()).sum();
        let state = if words == 0 { "waiting for the first word".to_owned() } else { format!("{words} words so far") };
        spans.push(Span::styled(state, theme.info()));
    }
    // Of several answers the sum: a price would tell whose is whose.
    let cost = cost_of(preview.answers.iter().filter_map(|answer| answer.spent.as_ref())).words();
    if !cost.is_empty() {
        spans.push(Span::styled(format!("  {cost}"), theme.money()));
    }
    if preview.answers.len() == 1
        && let Some(answer) = preview.answer()
    {
        let model = answer.spent.as_ref().map_or_else(String::new, |spent| format!("  {} {}", spent.assistant, spent.model));
        spans.push(Span::styled(model, theme.dim()));
    }
    let bad =
        preview.answers.iter().find(|answer| answer.ended.is_some_and(|ended| ended != Ended::Done) || !answer.note.is_empty());
    if let Some(answer) = bad {
        let word = answer.ended.filter(|ended| *ended != Ended::Done).map_or("", Ended::word);
        let gap = if word.is_empty() || answer.note.is_empty() { "" } else { ": " };
        spans.insert(0, Span::styled(format!("{word}{gap}{}  ", answer.note), theme.warn()));
    } else if let Some(cut) =
        preview.asking.sent.iter().find(|part| part.as_str().contains("cut to") || part.as_str().contains("no room"))
    {
        spans.push(Span::styled(format!("  sent: {cut}"), theme.warn()));
    }
    Line::from(spans)
}

fn alone(frame: &mut Frame<'_>, area: Rect, preview: &mut Preview, theme: &Theme) {
    let Some(answer) = preview.answer() else { return };
    let mut lines: Vec<Line<'static>> =
        wrap(&answer.text, usize::from(area.width)).into_iter().map(|line| Line::styled(line, theme.text())).collect();
    // Where there is nothing else to read, the reason has room to be read whole.
    if answer.text.is_empty() && answer.ended.is_some() {
        lines = wrap(answer.note.as_str(), usize::from(area.width))
            .into_iter()
            .map(|line| Line::styled(line, theme.warn()))
            .collect();
    }
    if !answer.files.is_empty() {
        lines.extend((!answer.text.is_empty()).then(Line::default));
        lines.push(Line::styled(format!("Files ({})", answer.files.len()), theme.heading()));
        lines.extend(answer.files.iter().map(|file| super::editor::file_line(file, theme)));
    }
    let last = lines.len().saturating_sub(usize::from(area.height));
    // What comes in is followed to its end until the person scrolls.
    if answer.ended.is_none() && !preview.still {
        preview.scroll = last;
    }
    super::scrolled(frame, area, lines, &mut preview.scroll);
}

/// The answers side by side, without names: the order tells nothing.
fn columns(frame: &mut Frame<'_>, area: Rect, preview: &Preview, theme: &Theme) {
    let n = u16::try_from(preview.answers.len()).unwrap_or(1).max(1);
    // On a narrow screen the one that is looked at has it to itself.
    let narrow = area.width / n < 24;
    let shown: Vec<(usize, Rect)> = match narrow {
        true => vec![(preview.at, area)],
        false => (0..n)
            .map(|i| {
                let (from, to) = (area.width * i / n, area.width * (i + 1) / n);
                (usize::from(i), Rect { x: area.x + from, width: to - from - u16::from(i + 1 < n), ..area })
            })
            .collect(),
    };
    for (i, place) in shown {
        let Some(answer) = preview.answers.get(i) else { continue };
        let here = i == preview.at;
        let head = Line::from(vec![
            Span::styled(format!("{} ", char::from(b'A' + u8::try_from(i).unwrap_or(0))), theme.title()),
            Span::styled(state(answer, preview.answers.len(), narrow), theme.dim()),
        ]);
        let style = if here { theme.selection() } else { Style::default() };
        frame.render_widget(clip(head, usize::from(place.width)).style(style), Rect { height: 1, ..place });
        let under = Rect { y: place.y + 1, height: place.height.saturating_sub(1), ..place };
        lines_of(frame, under, preview, i, here, theme);
    }
}

fn state(answer: &Answer, n: usize, narrow: bool) -> String {
    let others = if narrow { format!(" of {n}") } else { String::new() };
    let lines = answer.text.lines().count();
    match answer.ended {
        None => format!("{others} comes …"),
        Some(Ended::Done) => format!("{others} {lines} lines"),
        Some(ended) => format!("{others} {}", ended.word()),
    }
}

fn lines_of(frame: &mut Frame<'_>, area: Rect, preview: &Preview, i: usize, here: bool, theme: &Theme) {
    let cells = usize::from(area.width).saturating_sub(2).max(1);
    let (mut rows, mut cursor_row): (Vec<Line<'static>>, usize) = (Vec::new(), 0);
    for (n, line) in preview.answers[i].text.lines().enumerate() {
        let under = here && n == preview.line;
        if under {
            cursor_row = rows.len();
        }
        let picked = preview.picked.contains(&(i, n));
        let mark = match (under, picked) {
            (true, true) => "›✓",
            (true, false) => "› ",
            (false, true) => " ✓",
            (false, false) => "  ",
        };
        for (part, words) in wrap(line, cells).into_iter().enumerate() {
            let mark = if part == 0 { mark } else { "  " };
            let style = if picked { theme.ok() } else { theme.text() };
            rows.push(Line::from(vec![Span::styled(mark, theme.accent()), Span::styled(words, style)]));
        }
    }
    let skip = (cursor_row + 1).saturating_sub(usize::from(area.height));
    frame.render_widget(Paragraph::new(rows.into_iter().skip(skip).collect::<Vec<_>>()), area);
}

/// A piece of the text with one look.
struct Piece<'a> {
    words: &'a str,
    style: Style,
    /// The hunk it belongs to is under the cursor.
    here: bool,
}

/// The draft with what would go struck out and what would come underlined.
fn changes(frame: &mut Frame<'_>, area: Rect, review: &Review, scroll: &mut usize, theme: &Theme) {
    let mut pieces = Vec::new();
    let mut at = 0;
    for (n, (hunk, decided)) in review.hunks.iter().enumerate() {
        pieces.push(Piece { words: &review.before[at..hunk.at], style: theme.text(), here: false });
        let here = n == review.at && !review.is_done();
        let point = |style: Style| if here { style.add_modifier(Modifier::REVERSED) } else { style };
        let (old, new) = match decided {
            Decided::Open => {
                (Some(theme.fail().add_modifier(Modifier::CROSSED_OUT)), Some(theme.ok().add_modifier(Modifier::UNDERLINED)))
            }
            Decided::Taken => (None, Some(theme.ok())),
            Decided::Left => (Some(theme.text()), None),
        };
        // Looks alone do not do where there are no colours.
        let marked = *decided == Decided::Open;
        if let Some(style) = old.filter(|_| !hunk.old.is_empty()) {
            mark(&mut pieces, "[-", marked, theme, here);
            pieces.push(Piece { words: &hunk.old, style: point(style), here });
            mark(&mut pieces, "-]", marked, theme, here);
        }
        if let Some(style) = new.filter(|_| !hunk.new.is_empty()) {
            mark(&mut pieces, "{+", marked, theme, here);
            pieces.push(Piece { words: &hunk.new, style: point(style), here });
            mark(&mut pieces, "+}", marked, theme, here);
        }
        at = hunk.at + hunk.old.len();
    }
    pieces.push(Piece { words: review.before.get(at..).unwrap_or_default(), style: theme.text(), here: false });
    let (rows, first, last) = laid(&pieces, usize::from(area.width).max(1));
    let height = usize::from(area.height);
    // The piece under the cursor is in sight, its beginning before its end.
    if last >= *scroll + height {
        *scroll = last + 1 - height;
    }
    *scroll = (*scroll).min(first);
    super::scrolled(frame, area, rows, scroll);
}

fn mark<'a>(pieces: &mut Vec<Piece<'a>>, words: &'a str, marked: bool, theme: &Theme, here: bool) {
    if marked {
        pieces.push(Piece { words, style: theme.dim(), here });
    }
}

/// Rows of at most so many cells, and the first and last row of what is under the cursor.
fn laid(pieces: &[Piece<'_>], cells: usize) -> (Vec<Line<'static>>, usize, usize) {
    let mut rows: Vec<Line<'static>> = vec![Line::default()];
    let (mut first, mut last) = (None, 0);
    for piece in pieces {
        for word in piece.words.split_word_bounds() {
            let used = rows.last().map_or(0, line_width);
            if word.contains('\n') {
                rows.push(Line::default());
            } else if used + width(word) <= cells {
                push(&mut rows, word, piece.style);
            } else {
                // A word that is longer than a row is cut.
                let mut rest = word;
                rows.push(Line::default());
                while width(rest) > cells {
                    let part = fit(rest, cells);
                    let taken =
                        rest.graphemes(true).take(part.graphemes(true).count().saturating_sub(1).max(1)).map(str::len).sum();
                    push(&mut rows, &rest[..taken], piece.style);
                    rows.push(Line::default());
                    rest = &rest[taken..];
                }
                if !rest.trim().is_empty() {
                    push(&mut rows, rest, piece.style);
                }
            }
            if piece.here {
                first.get_or_insert(rows.len() - 1);
                last = rows.len() - 1;
            }
        }
    }
    (rows, first.unwrap_or(0), last)
}

fn push(rows: &mut [Line<'static>], word: &str, style: Style) {
    if let Some(row) = rows.last_mut() {
        row.spans.push(Span::styled(word.to_owned(), style));
    }
}
