//! A job's state in a glyph, a word and a colour.

use ratatui::style::Style;

use crate::domain::ai::AiRule;
use crate::domain::job::JobStatus;
use crate::domain::{AssignmentState, Time};
use crate::engine::api::JobRow;
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;

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
pub fn short_state(row: &JobRow, gone: bool, now: Time, theme: &Theme) -> (String, Style) {
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
