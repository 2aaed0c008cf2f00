//! Demands on a script: how long it takes to say, its hook, its beats, what is on the screen, what it asks for.

use super::readable::first_sentence;
use super::sheet::{Sheet, clock, folded, spoken as said_of, stamp, words};
use super::{Fault, Finding};

/// Words a minute when the requester names none: a brisk narrator.
pub const WPM: u64 = 150;
/// The same, as it is configured.
pub const USUAL: u32 = 150;
/// Slower or faster than this nobody reads aloud.
pub const PACES: std::ops::RangeInclusive<u32> = 60..=400;

/// Seconds that `words` take at `wpm`, rounded to the nearest.
pub fn seconds(words: u64, wpm: u32) -> u64 {
    let wpm = if wpm == 0 { WPM } else { u64::from(wpm) };
    (words.saturating_mul(60) + wpm / 2) / wpm
}

/// The words that are said: those outside square brackets and before a `|`.
pub fn said(sheet: &Sheet<'_>) -> u64 {
    sheet.items.iter().map(|item| words(&said_of(item.text))).sum()
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

/// Read aloud it takes the time asked for: at the pace that the job names, else at that of whoever will speak.
pub fn spoken(sheet: &Sheet<'_>, wanted: u32, wpm: u32, tolerance: u8) -> Finding {
    let words = said(sheet);
    let wpm = if wpm == 0 { sheet.pace } else { wpm };
    let (least, most) = range(wanted, wpm, tolerance);
    let wpm_shown = if wpm == 0 { WPM } else { u64::from(wpm) };
    let label = format!("{} @{wpm_shown}, asked {} ± {tolerance} %", clock(seconds(words, wpm)), clock(wanted.into()));
    if words < least {
        let cure = format!("add {} (from {least} to {most})", least - words);
        Finding::fail(label, format!("{words} words are too short"), cure)
    } else if words > most {
        let cure = format!("cut {} (from {least} to {most})", words - most);
        Finding::fail(label, format!("{words} words are too long"), cure)
    } else {
        Finding::pass(label)
    }
}

/// Enough lines open with a rising stamp, the first with `[0:00]`.
pub fn beats(sheet: &Sheet<'_>, min: u32) -> Finding {
    let label = format!("at least {min} beats such as [0:00] …, in order");
    let mut beats = 0u32;
    let mut last: Option<u32> = None;
    let mut wrong = Vec::new();
    for item in &sheet.items {
        let Some((at, rest)) = stamp(item.text) else {
            if looks_stamped(item.text) {
                let opening = item.text.find(']').map_or(item.text, |end| &item.text[..=end]);
                let fault = Fault::new("a time stamp is not written [m:ss]", "write it such as [0:05]");
                wrong.push((item.line, fault.of(sheet.line(item.line), opening)));
            }
            continue;
        };
        let written = &item.text[..item.text.len() - rest.len()];
        let fault = match last {
            None if at != 0 => Some(Fault::new(format!("the first beat is at {}", clock(at.into())), "start at [0:00]")),
            Some(before) if at <= before => Some(Fault::new(
                format!("{} follows {}", clock(at.into()), clock(before.into())),
                "stamps must rise: give it a later one",
            )),
            _ if rest.trim().is_empty() => {
                Some(Fault::new(format!("nothing stands behind [{}]", clock(at.into())), "say what happens"))
            }
            _ => None,
        };
        match fault {
            Some(fault) => wrong.push((item.line, fault.of(sheet.line(item.line), written))),
            None => beats += 1,
        }
        last = Some(last.map_or(at, |before| before.max(at)));
    }
    if !wrong.is_empty() {
        return Finding::of(label, wrong);
    }
    if beats >= min {
        Finding::pass(label)
    } else {
        Finding::fail(label, format!("{beats} of {min}"), format!("add {}", min - beats))
    }
}

/// Words that greet before anything is said.
const GREETINGS: [&str; 14] = [
    "hi ",
    "hi,",
    "hello",
    "hey",
    "welcome",
    "good morning",
    "good evening",
    "what's up",
    "whats up",
    "in this video",
    "today we",
    "today i",
    "my name is",
    "have you ever wondered",
];

/// The first sentence is said within `most` seconds and is no greeting.
pub fn hook(sheet: &Sheet<'_>, most: u32) -> Finding {
    let label = format!("a hook of at most {most} s, no greeting");
    let Some((place, first)) = first_sentence(sheet) else {
        return Finding::fail(label, "nothing is said yet", "open with a fact or a question");
    };
    let low = format!("{} ", folded(&first));
    if let Some(greeting) = GREETINGS.iter().find(|greeting| low.starts_with(**greeting)) {
        let detail = format!("it opens with \"{}\"", greeting.trim_end_matches([' ', ',']));
        return Finding::fail(label, detail, "open with a fact or a question").at(place);
    }
    let wpm = if sheet.pace == 0 { WPM } else { u64::from(sheet.pace) };
    let words = words(&first);
    // Rounded up: eight words at 150 a minute are three seconds to any ear.
    let room = (u64::from(most) * wpm).div_ceil(60);
    if words > room {
        let tenths = words * 600 / wpm;
        let detail = format!("the first sentence takes {}.{} s ({words} words)", tenths / 10, tenths % 10);
        return Finding::fail(label, detail, format!("bring it to {room} words")).at(place);
    }
    Finding::pass(label)
}

/// Verbs that ask a viewer for something.
const ASKS: [&str; 36] = [
    "follow",
    "subscribe",
    "share",
    "save this",
    "save it",
    "comment",
    "tell us",
    "tell me",
    "let us know",
    "let me know",
    "click",
    "tap",
    "swipe",
    "link in",
    "sign up",
    "join",
    "buy",
    "order",
    "try",
    "visit",
    "download",
    "read the",
    "watch",
    "check out",
    "call",
    "write to",
    "book",
    "get yours",
    "get the",
    "learn more",
    "find out",
    "vote",
    "donate",
    "ask your",
    "send",
    "start",
];

/// One of the last lines asks for something.
pub fn call_to_action(sheet: &Sheet<'_>) -> Finding {
    let label = "a call to action at the end";
    let last = sheet.items.iter().rev().filter(|item| !said_of(item.text).trim().is_empty()).take(2);
    let asked = last.clone().any(|item| {
        let low = folded(&said_of(item.text));
        ASKS.iter().any(|ask| super::terms::whole_word(&low, ask).is_some())
    });
    if asked {
        return Finding::pass(label);
    }
    let line = last.map(|item| item.line).next();
    Finding::fail(label, "the last lines ask for nothing", "say what to do: follow, share, try, tell us …").on(line)
}

/// At least `min` lines say what is on the screen.
pub fn on_screen(sheet: &Sheet<'_>, min: u32) -> Finding {
    let label = format!("what is on the screen in at least {min} beats");
    let n = sheet.items.iter().filter(|item| shows(item.text)).count() as u64;
    if n >= u64::from(min) {
        return Finding::pass(label);
    }
    let cure = format!("add {}: [screen: words] in the line, or the words behind a |", u64::from(min) - n);
    Finding::fail(label, format!("{n} of {min}"), cure)
}

/// Whether a line says what is on the screen.
fn shows(line: &str) -> bool {
    if line.split_once('|').is_some_and(|(_, shown)| !shown.trim().is_empty()) {
        return true;
    }
    line.split('[').skip(1).any(|part| {
        let Some((inside, _)) = part.split_once(']') else { return false };
        let Some((name, shown)) = inside.split_once(':') else { return false };
        let name = name.trim().to_lowercase().replace('-', " ");
        matches!(name.as_str(), "screen" | "on screen" | "text" | "caption" | "onscreen") && !shown.trim().is_empty()
    })
}

/// `[1:5]`, `[0:75]`: meant as a stamp and not one.
fn looks_stamped(line: &str) -> bool {
    let Some((inner, _)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return false };
    inner.len() <= 24 && inner.contains(':') && inner.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '-' | '–' | ' '))
}

/// The clock of a whole script at a pace: "1:52 @150".
pub fn timed(words: u64, pace: u32) -> String {
    format!("{} @{}", clock(seconds(words, pace)), if pace == 0 { WPM } else { u64::from(pace) })
}
