//! The sheet on which pairs of answers are judged: two answers without letters, the words to judge by always in view.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph};

use crate::domain::grade::Side;
use crate::tui::command::Command;
use crate::tui::grading::Grading;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, wrap};

/// From so many cells on the words to judge by stand beside the answers, else below them.
const WIDE: u16 = 110;
/// Cells of them there.
const BESIDE: u16 = 44;
/// Rows below the answers: choice, reason, note.
const FOOT: u16 = 3;

/// Draws it over `area`.
pub fn draw(frame: &mut Frame<'_>, area: Rect, grading: &mut Grading, theme: &Theme, keymap: &Keymap) {
    let (judged, all) = grading.round.count();
    let inner = super::sheet(frame, area, theme, &format!("Judge: {judged} of {all} done"), &keys(grading, keymap));
    if inner.height < 8 || inner.width < 30 {
        frame.render_widget(Line::styled("Too small to judge in; make the window larger.", theme.warn()), inner);
        return;
    }
    let (work, rubric) = if inner.width >= WIDE {
        let work = Rect { width: inner.width - BESIDE - 1, ..inner };
        (work, Rect { x: work.right() + 1, width: BESIDE, ..inner })
    } else {
        let below = (inner.height / 3).clamp(3, 10);
        let work = Rect { height: inner.height - below, ..inner };
        (work, Rect { y: work.bottom(), height: below, ..inner })
    };
    judge_by(frame, rubric, grading, theme);
    let foot = Rect { y: work.bottom() - FOOT, height: FOOT, ..work };
    let question = asked(frame, Rect { height: work.height - FOOT, ..work }, grading, theme);
    let answers = Rect { y: work.y + question, height: (work.height - FOOT).saturating_sub(question), ..work };
    both(frame, answers, grading, theme);
    standing(frame, foot, grading, theme);
}

fn keys(grading: &Grading, keymap: &Keymap) -> String {
    let key = |command| keymap.hint(Stack::Grade, command);
    if grading.typing {
        return format!(
            "{} keeps the judgement · {} back to the keys",
            keymap.hint(Stack::Prompt, Command::DialogAccept),
            keymap.hint(Stack::Prompt, Command::DialogCancel)
        );
    }
    let tie = if grading.no_ties { String::new() } else { format!(" {} tie", key(Command::GradeTie)) };
    format!(
        "{} left {} right{tie} · 1–7 · {} reason · {} {} other pair · {} closes",
        key(Command::GradeLeft),
        key(Command::GradeRight),
        key(Command::GradeReason),
        key(Command::GradeNext),
        key(Command::GradePrev),
        key(Command::GradeClose),
    )
}

/// The words to judge by.
fn judge_by(frame: &mut Frame<'_>, area: Rect, grading: &mut Grading, theme: &Theme) {
    let cells = usize::from(area.width);
    frame.render_widget(Line::styled("─".repeat(cells), theme.dim()), Rect { height: 1, ..area });
    let label = " judge by ";
    if cells > label.len() + 2 {
        frame.render_widget(Span::styled(label, theme.heading()), Rect { x: area.x + 1, width: 10, height: 1, ..area });
    }
    let lines = wrap(grading.rubric.as_str(), cells).into_iter().map(|line| Line::styled(line, theme.text())).collect();
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    super::scrolled(frame, body, lines, &mut grading.scroll);
}

/// Which pair it is and what was asked; the rows it took.
fn asked(frame: &mut Frame<'_>, area: Rect, grading: &Grading, theme: &Theme) -> u16 {
    let Some((turn, pair)) = grading.round.current() else { return 0 };
    let (at, all) = (grading.round.at + 1, grading.round.turns.len());
    let mut head = vec![Span::styled(format!("{at}/{all} "), theme.dim()), Span::styled(pair.id.to_string(), theme.title())];
    if turn.repeat {
        head.push(Span::styled("  again, for you alone: do you agree with yourself?", theme.info()));
    }
    let most = usize::from(area.height / 3).max(1);
    let mut lines = vec![clip(Line::from(head), usize::from(area.width))];
    lines.extend(
        wrap(pair.question.as_str(), usize::from(area.width)).into_iter().take(most).map(|line| Line::styled(line, theme.text())),
    );
    let rows = u16::try_from(lines.len()).unwrap_or(area.height).min(area.height);
    frame.render_widget(Paragraph::new(lines), Rect { height: rows, ..area });
    rows
}

/// The answers side by side; on a narrow screen too, for one below the other would weigh.
fn both(frame: &mut Frame<'_>, area: Rect, grading: &Grading, theme: &Theme) {
    let Some((left, right)) = grading.round.sides() else { return };
    let half = area.width / 2;
    let places = [
        (Side::Left, "Left", left, Rect { width: half, ..area }),
        (Side::Right, "Right", right, Rect { x: area.x + half, width: area.width - half, ..area }),
    ];
    for (side, label, text, place) in places {
        let chosen = grading.side == Some(side) || grading.side == Some(Side::Neither);
        let mark = if grading.side == Some(side) { " ✓ better " } else { "" };
        let title = Line::from(vec![Span::styled(format!(" {label} "), theme.title()), Span::styled(mark, theme.ok())]);
        let block = Block::bordered().border_type(BorderType::Rounded).border_style(theme.border(chosen)).title(title);
        let inner = block.inner(place);
        frame.render_widget(block, place);
        let (cells, rows) = (usize::from(inner.width), usize::from(inner.height));
        let shown = match text.is_empty() {
            true => vec![Line::styled("not found in the attachments", theme.warn())],
            false => wrap(text.as_str(), cells).into_iter().map(|line| Line::styled(line, theme.text())).collect(),
        };
        let more = shown.len().saturating_sub(rows);
        let mut lines: Vec<Line<'_>> = shown.into_iter().take(rows).collect();
        if let Some(last) = lines.last_mut().filter(|_| more > 0) {
            *last = Line::styled(format!("… {} more lines: make the window larger", more + 1), theme.warn());
        }
        frame.render_widget(Paragraph::new(lines), inner);
    }
}

/// What was pressed so far.
fn standing(frame: &mut Frame<'_>, area: Rect, grading: &Grading, theme: &Theme) {
    let side = match grading.side {
        Some(Side::Left) => "left",
        Some(Side::Right) => "right",
        Some(Side::Neither) => "tie",
        None => "–",
    };
    let mut scale = vec![Span::styled("better ", theme.dim()), Span::styled(format!("{side}   "), theme.text())];
    scale.push(Span::styled("rating ", theme.dim()));
    scale.extend((1..=7_u8).map(|n| {
        let style = if grading.rating == Some(n) { theme.title() } else { theme.dim() };
        Span::styled(if grading.rating == Some(n) { format!("[{n}]") } else { format!(" {n} ") }, style)
    }));
    let short = grading.words() < grading.reason_words;
    let style = if short { theme.warn() } else { theme.ok() };
    if grading.reason_words > 0 {
        scale.push(Span::styled(format!("   reason {} of {} words", grading.words(), grading.reason_words), style));
    }
    let row = |n: u16| Rect { y: area.y + n, height: 1, ..area };
    let cells = usize::from(area.width);
    frame.render_widget(clip(Line::from(scale), cells), row(0));
    let why = match grading.typing {
        true => grading.reason.line("why: ", cells, theme.text(), theme),
        false => clip(
            Line::from(vec![Span::styled("why  ", theme.dim()), Span::styled(grading.reason.text().to_owned(), theme.text())]),
            cells,
        ),
    };
    frame.render_widget(why, row(1));
    frame.render_widget(clip(Line::styled(grading.note.clone(), theme.info()), cells), row(2));
}
