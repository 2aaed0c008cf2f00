//! What the source turns on, as a list to be ticked off: its key phrases by YAKE, and which of them the draft speaks of.

use yake_rust::{Config, StopWords};

use super::Finding;
use super::finding::Tick;
use super::sheet::Sheet;
use super::source::{Source, floor, plain_into};
use crate::domain::Text;

/// Most bytes of the source that are weighed: twice the longest report, and bounded time.
const BYTES: usize = 160_000;
/// Most phrases.
pub const MOST: u32 = 40;

/// The phrases that a text turns on most, the weightiest first, in lower case.
pub fn key_phrases(texts: &[&str], n: u32) -> Vec<String> {
    let Some(stop) = StopWords::predefined("en") else { return Vec::new() };
    let mut cleaned = String::new();
    for text in texts {
        for line in text[..floor(text, BYTES.saturating_sub(cleaned.len()))].lines() {
            // Page anchors and rows of figures are nobody's subject.
            let letters = line.chars().filter(|c| c.is_alphabetic()).count();
            if line.trim_start().starts_with("---") || letters * 2 < line.chars().count() {
                continue;
            }
            // Nothing but prose reaches the library: what else a stranger's file holds is no word of it.
            cleaned.extend(line.chars().map(|c| if c.is_alphanumeric() || " .,;:?!'-".contains(c) { c } else { ' ' }));
            cleaned.push(if line.trim().is_empty() { '\n' } else { ' ' });
        }
        cleaned.push('\n');
    }
    let config = Config { ngrams: 2, minimum_chars: 4, only_alphanumeric_and_hyphen: true, ..Config::default() };
    let wanted = n.min(MOST) as usize;
    let mut phrases: Vec<String> = Vec::new();
    for found in yake_rust::get_n_best(wanted * 3, &cleaned, &stop, &config) {
        let mut plain = String::new();
        plain_into(&found.raw, &mut plain);
        let plain = plain.trim().to_owned();
        // "tidal" beside "tidal turbine" is no second subject, nor is a year.
        let known = phrases.iter().any(|known| known.split(' ').any(|w| plain.split(' ').any(|p| stem(p) == stem(w))));
        if !plain.is_empty()
            && !known
            && plain.chars().any(char::is_alphabetic)
            && !plain.chars().next().is_some_and(char::is_numeric)
        {
            phrases.push(plain);
        }
        if phrases.len() == wanted {
            break;
        }
    }
    phrases
}

/// A word without its ending.
fn stem(word: &str) -> &str {
    let keep = word.chars().count().saturating_sub(2).max(4);
    word.char_indices().nth(keep).map_or(word, |(at, _)| &word[..at])
}

/// Of the `phrases` that the source turns on most, at least `min` are said.
pub fn judge(sheet: &Sheet<'_>, source: &Text, phrases: u32, min: u32) -> Finding {
    let lore = sheet.lore(source.as_str());
    let wanted = lore.phrases(&sheet.sources(source.as_str()), phrases);
    let n = if wanted.is_empty() { phrases.min(MOST) as usize } else { wanted.len() };
    // A short source turns on few things: then half of them do.
    let min = if n < phrases.min(MOST) as usize { (min as usize).min(n.div_ceil(2)) } else { min as usize };
    let label = format!("at least {min} of the {n} key phrases of the source");
    if wanted.is_empty() {
        return Finding::warn(
            label,
            "the source is not here or tells too little, so nothing could be compared",
            "fetch the attachment",
        );
    }
    let draft = Source::of(&[sheet.text]);
    let ticks: Vec<Tick> = wanted
        .iter()
        .map(|phrase| Tick {
            what: Text::title(phrase),
            done: draft.words(phrase).is_some() || phrase.split(' ').all(|word| draft.stem(stem(word)).is_some()),
            page: lore.source.words(phrase).and_then(|found| found.page),
        })
        .collect();
    let done = ticks.iter().filter(|tick| tick.done).count();
    let not_yet: Vec<&str> = ticks.iter().filter(|tick| !tick.done).map(|tick| tick.what.as_str()).take(5).collect();
    let said = format!("{done} of {} said", ticks.len());
    let mut found = if done >= min {
        let mut found = Finding::pass(label);
        found.detail = Text::title(&said);
        found
    } else {
        Finding::fail(label, said, format!("not yet: {}", not_yet.join(", ")))
    };
    found.ticks = ticks;
    found
}
