//! What an hour of a job may bring, in few cells and in words: an interval where one is known, with its doubt.

use super::cells::rate;
use crate::domain::Money;
use crate::domain::rate::{Doubts, Expected};
use crate::engine::api::JobRow;
use crate::tui::widget::text::{fit, width};

/// The rate with its ends; they are the same where only one figure is known.
struct Span {
    low: Money,
    mid: Money,
    high: Money,
    doubt: bool,
}

impl Span {
    fn of(expected: &Expected) -> Span {
        let doubt = expected.doubts.has(Doubts::FEW_DATA);
        Span { low: expected.low, mid: expected.mid, high: expected.high, doubt }
    }
}

/// Its expected rate is an interval.
pub fn has_ends(row: &JobRow) -> bool {
    row.rate.as_ref().map(Span::of).is_some_and(|span| span.low != span.high)
}

/// In so many cells: "$4.1–7.3" where there is room and two ends, else the middle; `~` says that it is in doubt.
pub fn rate_cells(row: &JobRow, cells: usize) -> String {
    let Some(span) = row.rate.as_ref().map(Span::of) else { return "–".to_owned() };
    let sign = if span.doubt { "~" } else { "" };
    if span.low != span.high {
        let (low, high) = (rate(span.low, 6), rate(span.high, 6));
        // The currency once.
        let high = high.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '-').to_owned();
        let both = format!("{sign}{low}–{high}");
        if width(&both) <= cells {
            return both;
        }
    }
    let mid = format!("{sign}{}", rate(span.mid, cells.saturating_sub(width(sign))));
    if width(&mid) <= cells { mid } else { fit(&rate(span.mid, cells), cells) }
}

/// In a sentence: "$12.00/h, between $9.10 and $14.30".
pub fn rate_words(row: &JobRow) -> String {
    let Some(span) = row.rate.as_ref().map(Span::of) else { return "not known".to_owned() };
    let about = if span.doubt { "about " } else { "" };
    if span.low == span.high {
        format!("{about}{}/h", span.mid)
    } else {
        format!("{about}{}/h, between {} and {}", span.mid, span.low, span.high)
    }
}
