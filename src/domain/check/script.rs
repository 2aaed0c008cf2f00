//! Demands on a script: how long it takes to say, and its beats.

use super::sheet::{Sheet, clock, stamp, unbracketed, words};
use super::{Finding, fail, pass};

/// Words a minute when the requester names none: a brisk narrator.
const WPM: u64 = 150;

/// Seconds that `words` take at `wpm`, rounded to the nearest.
pub fn seconds(words: u64, wpm: u32) -> u64 {
    let wpm = if wpm == 0 { WPM } else { u64::from(wpm) };
    (words.saturating_mul(60) + wpm / 2) / wpm
}

/// The words that are said: those outside square brackets.
pub fn said(sheet: &Sheet<'_>) -> u64 {
    sheet.items.iter().map(|item| words(&unbracketed(item.text))).sum()
}

/// Words from and to which a reading of `wanted` seconds, give or take `tolerance` percent, goes.
pub fn range(wanted: u32, wpm: u32, tolerance: u8) -> (u64, u64) {
    let wpm = if wpm == 0 { WPM } else { u64::from(wpm) };
    // words * 60 / wpm within wanted * (100 ± tolerance) / 100, in whole words.
    // The numbers are the requester's, and their product may not fit 64 bits; beyond 32 bits of words nobody counts.
    let bound = |percent: u64| u128::from(wanted) * u128::from(wpm) * u128::from(percent);
    let whole = |words: u128| u64::from(u32::try_from(words).unwrap_or(u32::MAX));
    (whole(bound(100 - u64::from(tolerance.min(100))).div_ceil(6_000)), whole(bound(100 + u64::from(tolerance)) / 6_000))
}

/// Read aloud it takes the time asked for.
pub fn spoken(sheet: &Sheet<'_>, wanted: u32, wpm: u32, tolerance: u8) -> Finding {
    let words = said(sheet);
    let (least, most) = range(wanted, wpm, tolerance);
    let wpm_shown = if wpm == 0 { WPM } else { u64::from(wpm) };
    let label = format!("{} @{wpm_shown}, asked {} ± {tolerance} %", clock(seconds(words, wpm)), clock(wanted.into()));
    if words < least {
        fail(label, format!("{words} words are too short; add {} (from {least} to {most})", least - words), None)
    } else if words > most {
        fail(label, format!("{words} words are too long; cut {} (from {least} to {most})", words - most), None)
    } else {
        pass(label)
    }
}

/// Enough lines open with a rising stamp, the first with `[0:00]`.
pub fn beats(sheet: &Sheet<'_>, min: u32) -> Finding {
    let label = format!("at least {min} beats such as [0:00] …, in order");
    let mut beats = 0u32;
    let mut last: Option<u32> = None;
    for item in &sheet.items {
        let Some((at, rest)) = stamp(item.text) else {
            if looks_stamped(item.text) {
                return fail(label, "a time stamp is written [m:ss], such as [0:05]".into(), Some(item.line));
            }
            continue;
        };
        match last {
            None if at != 0 => {
                return fail(label, format!("the first beat is at {}; start at [0:00]", clock(at.into())), Some(item.line));
            }
            Some(before) if at <= before => {
                let detail = format!("{} follows {}; stamps must rise", clock(at.into()), clock(before.into()));
                return fail(label, detail, Some(item.line));
            }
            _ => {}
        }
        if rest.trim().is_empty() {
            return fail(label, format!("nothing stands behind [{}]; say what happens", clock(at.into())), Some(item.line));
        }
        last = Some(at);
        beats += 1;
    }
    if beats >= min { pass(label) } else { fail(label, format!("{beats} of {min}; add {}", min - beats), None) }
}

/// `[1:5]`, `[0:75]`: meant as a stamp and not one.
fn looks_stamped(line: &str) -> bool {
    let Some((inner, _)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return false };
    inner.len() <= 24 && inner.contains(':') && inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '-' | '–' | ' '))
}
