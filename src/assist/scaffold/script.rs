//! A timed script: the source's most central sentences, in beats, each with its page.

use super::lines::capital;
use crate::assist::material::{Material, Quote, Range};
use crate::domain::check::sheet::{clock, stamp, unbracketed, words};
use crate::domain::deliverable::Rule;

/// One beat: what is said, with its page reference.
pub type Beat = String;

/// The whole script.
pub fn lay_out(material: &Material<'_>) -> String {
    let call = material.must.iter().map(|term| format!("{}.", capital(term))).collect::<Vec<_>>().join(" ");
    let (least, most) = span(material);
    let room = most.saturating_sub(words(&call));
    let mut chosen: Vec<&Quote> = Vec::new();
    let mut said = 0;
    // Up to the middle of the range, so that a person can edit both ways.
    let aim = (least.saturating_sub(words(&call)) + room) / 2;
    for quote in material.sentences() {
        let n = words(&unbracketed(&quote.text));
        if said + n <= aim.max(1) {
            chosen.push(quote);
            said += n;
        }
    }
    // The hook is the most central sentence; what follows keeps the order of the source.
    if chosen.len() > 1 {
        chosen[1..].sort_by_key(|q| (q.page.is_none(), q.order));
    }
    let mut beats: Vec<Beat> = grouped(&chosen, wanted(material).saturating_sub(usize::from(!call.is_empty())));
    if !call.is_empty() {
        beats.push(call);
    }
    stamped(material, &beats)
}

/// Words a script may have.
pub fn span(material: &Material<'_>) -> Range {
    match material.words {
        (0, u64::MAX) => (270, 330),
        (least, u64::MAX) => (least, least.max(10) * 11 / 10),
        range => range,
    }
}

/// Beats asked for, or six.
pub fn wanted(material: &Material<'_>) -> usize {
    let beats = material.job.deliverable.rules.iter().find_map(|r| if let Rule::Beats { min } = r { Some(*min) } else { None });
    usize::try_from(beats.unwrap_or(6)).unwrap_or(6).clamp(1, 500)
}

/// Sentences spread over at least `n` beats as evenly as they go.
fn grouped(quotes: &[&Quote], n: usize) -> Vec<Beat> {
    let n = n.clamp(1, quotes.len().max(1));
    let mut beats: Vec<Vec<&Quote>> = vec![Vec::new(); n];
    for (i, quote) in quotes.iter().enumerate() {
        beats[i * n / quotes.len()].push(quote);
    }
    beats.iter().filter(|b| !b.is_empty()).map(|b| beat(b)).collect()
}

fn beat(quotes: &[&Quote]) -> Beat {
    let mut out = String::new();
    let mut page = None;
    for quote in quotes {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&quote.text);
        if let Some(at) = quote.page.filter(|_| quote.page != page) {
            out.push_str(&format!(" [p. {at}]"));
        }
        page = quote.page;
    }
    out
}

/// Lines with stamps that follow from what was said before them at the pace asked for.
pub fn stamped(material: &Material<'_>, beats: &[Beat]) -> String {
    let wpm =
        material.job.deliverable.rules.iter().find_map(|r| if let Rule::Spoken { wpm, .. } = r { Some(*wpm) } else { None });
    let wpm = u64::from(wpm.filter(|w| *w > 0).unwrap_or(150));
    let (mut said, mut last) = (0, None);
    let lines: Vec<String> = beats
        .iter()
        .map(|beat| {
            let at = (said * 60 / wpm).max(last.map_or(0, |last: u64| last + 1));
            last = Some(at);
            said += words(&unbracketed(beat));
            format!("[{}] {beat}", clock(at))
        })
        .collect();
    lines.join("\n")
}

/// The beats of a script somebody wrote: lines without their stamps.
pub fn beats(text: &str) -> Vec<Beat> {
    text.lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .map(|line| {
            let rest = stamp(line).map_or(line, |(_, rest)| rest).trim();
            // A stamp written wrongly is dropped with its brackets.
            match rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
                Some((inside, rest)) if inside.contains(':') && inside.chars().all(|c| c.is_ascii_digit() || c == ':') => {
                    rest.trim().to_owned()
                }
                _ => rest.to_owned(),
            }
        })
        .filter(|beat| !beat.is_empty())
        .collect()
}
