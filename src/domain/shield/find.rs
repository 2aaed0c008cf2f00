//! Finds the senses of a text, and which of them stand together.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::fold::{Folded, fold};
use super::rules::{RULES, Rule};
use super::words::{Sense, WORDS};
use super::{Sign, Signs};

/// A denial so many characters before what it denies is heard.
const DENIED: usize = 40;

/// So many characters of a sentence are looked at before and behind what it says: what has no end is no sentence, and must not cost
/// its length for each of its words.
const SENTENCE: usize = 600;

/// So many senses are looked at in one place at most; ordinary writing has far fewer.
const CROWD: usize = 48;

/// A word of a sense in the folded text.
#[derive(Clone, Copy, Debug)]
struct Hit {
    sense: Sense,
    /// Bytes.
    start: usize,
    end: usize,
    /// Characters before it.
    place: usize,
}

struct Word {
    sense: Sense,
    /// A letter right behind it makes it another word.
    whole: bool,
}

struct Words {
    search: Option<AhoCorasick>,
    words: Vec<Word>,
}

/// The searcher is made once; words that could not be made into one (there are none: a test looks) find nothing.
static SEARCH: LazyLock<Words> = LazyLock::new(|| {
    let (mut patterns, mut words) = (Vec::new(), Vec::new());
    for (sense, list) in WORDS {
        for word in list.split(';').map(str::trim).filter(|word| !word.is_empty()) {
            let (word, whole) = word.strip_suffix('*').map_or((word, true), |stem| (stem, false));
            let spaced = fold(word).text.trim().to_owned();
            let joined = spaced.replace(' ', "");
            if joined != spaced {
                patterns.push(joined);
                words.push(Word { sense: *sense, whole });
            }
            patterns.push(spaced);
            words.push(Word { sense: *sense, whole });
        }
    }
    let search = AhoCorasick::builder().match_kind(MatchKind::Standard).build(patterns).ok();
    Words { search, words }
});

/// A sign and the bytes of the source that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub sign: Sign,
    pub start: usize,
    pub end: usize,
}

/// The signs in a text.
pub(super) fn signs(raw: &str) -> Signs {
    let mut signs = Signs::default();
    search(raw, |place, _| signs = signs.and(place.sign.into()));
    signs
}

/// Each sign in a text with the first place that shows it.
pub(super) fn places(raw: &str) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    search(raw, |place, folded| {
        let at = |byte: usize| folded.at.get(byte).copied().unwrap_or_default() as usize;
        places.push(Place { sign: place.sign, start: at(place.start), end: at(place.end) });
    });
    places
}

fn search(raw: &str, mut found: impl FnMut(Place, &Folded)) {
    let folded = fold(raw);
    let hits = hits(raw, &folded);
    if hits.is_empty() {
        return;
    }
    let ends = ends(&folded.text);
    let mut told = Signs::default();
    for rule in RULES {
        if !told.has(rule.sign)
            && let Some(place) = first(rule, &hits, &ends)
        {
            told = told.and(rule.sign.into());
            found(place, &folded);
        }
    }
}

/// Scripts that are written without blanks, or that join their little words to the next: found anywhere.
fn is_blankless(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{600}'..='\u{6ff}' | '\u{20000}'..='\u{3ffff}')
}

fn joins(edge: Option<char>, beyond: Option<char>) -> bool {
    let (Some(edge), Some(beyond)) = (edge, beyond) else { return false };
    edge.is_alphanumeric() && beyond.is_alphanumeric() && !is_blankless(edge) && !is_blankless(beyond)
}

fn hits(raw: &str, folded: &Folded) -> Vec<Hit> {
    let (mut hits, text) = (Vec::new(), folded.text.as_str());
    let words = &*SEARCH;
    if let Some(search) = &words.search {
        for hit in search.find_overlapping_iter(text) {
            let word = &words.words[hit.pattern().as_usize()];
            let inside = &text[hit.range()];
            let glued = joins(inside.chars().next(), text[..hit.start()].chars().next_back())
                || word.whole && joins(inside.chars().next_back(), text[hit.end()..].chars().next());
            if !glued {
                if word.sense == Sense::Messenger
                    && inside != "signai"
                    && folded.at.get(hit.end()).is_some_and(|at| names_somebody(raw, *at as usize))
                {
                    hits.push(Hit { sense: Sense::Handle, start: hit.end(), end: hit.end(), place: 0 });
                }
                hits.push(Hit { sense: word.sense, start: hit.start(), end: hit.end(), place: 0 });
            }
        }
    }
    if hits.is_empty() {
        return hits;
    }
    numbers(text, &mut hits);
    hits.sort_by_key(|hit| (hit.start, hit.end));
    // From bytes to characters, in one walk.
    let (mut at, mut place) = (0, 0);
    for hit in &mut hits {
        place += text[at..hit.start].chars().count();
        (at, hit.place) = (hit.start, place);
    }
    hits
}

/// Whether a name of an account stands behind a messenger's: `Telegram: fast_work_01`, `WhatsApp contact – quick.jobs7`.
fn names_somebody(raw: &str, at: usize) -> bool {
    let rest = raw.get(at..).unwrap_or_default().trim_start();
    let rest = ["contact", "id", "account", "name", "user", "handle"]
        .iter()
        .find_map(|word| rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).map(|_| &rest[word.len()..]))
        .unwrap_or(rest);
    let Some(rest) = rest.trim_start().strip_prefix([':', '：', '–', '=']) else { return false };
    let name = rest.trim_start();
    let name = &name[..name.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count()];
    let has = |is: fn(u8) -> bool| name.bytes().any(is);
    name.len() >= 6 && has(|b| b.is_ascii_alphabetic()) && has(|b| b == b'_' || b.is_ascii_digit())
}

/// Amounts, telephone numbers and names with an `@`.
fn numbers(text: &str, hits: &mut Vec<Hit>) {
    const MONEY: &[&str] = &[
        "$", "€", "£", "₹", "usd", "doiiar", "eur", "euro", "rupe", "रप", "元", "円", "inr", "rub", "руб", "reais", "ti", "원",
        "块",
    ];
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'@' {
            let name = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            let free = at == 0 || bytes[at - 1] == b' ';
            let spaced = bytes.get(at + 1) == Some(&b' ');
            if free && (name >= 4 || spaced) {
                hits.push(Hit { sense: Sense::Handle, start: at, end: at + 1 + name, place: 0 });
            }
            at += 1 + name;
            continue;
        }
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (start, mut end, mut digits, mut value, mut blank) = (at, at, 0, 0u64, false);
        while end < bytes.len() {
            match bytes[end] {
                digit @ b'0'..=b'9' => {
                    digits += 1;
                    value = value.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
                    blank = false;
                }
                b' ' | b'+' | b'.' if !blank => blank = true,
                _ => break,
            }
            end += 1;
        }
        let last = start + text[start..end].trim_end_matches([' ', '+', '.']).len();
        let around = text[..start].chars().rev().take(3).any(|c| matches!(c, '$' | '€' | '£' | '₹'));
        let behind = text[last..].trim_start();
        if digits >= 7 {
            hits.push(Hit { sense: Sense::Phone, start, end: last, place: 0 });
        }
        if value >= 100 && (around || MONEY.iter().any(|unit| behind.starts_with(unit))) {
            hits.push(Hit { sense: Sense::Much, start, end: last, place: 0 });
        }
        at = end.max(start + 1);
    }
}

/// Where sentences end.
fn ends(text: &str) -> Vec<usize> {
    memchr::memmem::find_iter(text.as_bytes(), ". ").collect()
}

/// The first place where the rule's senses stand together.
fn first(rule: &Rule, hits: &[Hit], ends: &[usize]) -> Option<Place> {
    let (anchor, rest) = rule.all.split_first()?;
    hits.iter().enumerate().filter(|(_, hit)| hit.sense == *anchor).find_map(|(number, anchor)| {
        let mut used = vec![*anchor];
        for sense in rest {
            used.push(nearest(*sense, number, hits, rule.span, &used)?);
        }
        let start = used.iter().map(|hit| hit.start).min()?;
        let end = used.iter().map(|hit| hit.end).max()?;
        let meant = rule.strong || !is_about(hits, &used, number, start, end, ends);
        meant.then_some(Place { sign: rule.sign, start, end })
    })
}

/// The hit of a sense that stands nearest, within the span, and is none of the words used.
fn nearest(sense: Sense, anchor: usize, hits: &[Hit], span: usize, used: &[Hit]) -> Option<Hit> {
    let at = hits[anchor].place;
    let fits = |hit: &&Hit| hit.sense == sense && used.iter().all(|other| hit.end <= other.start || hit.start >= other.end);
    let near = |hit: &&Hit| hit.place.abs_diff(at) <= span;
    let before = hits[..anchor].iter().rev().take(CROWD).take_while(near).find(fits);
    let behind = hits[anchor..].iter().take(CROWD).take_while(near).find(fits);
    match (before, behind) {
        (Some(before), Some(behind)) => Some(if at - before.place <= behind.place - at { *before } else { *behind }),
        (one, other) => one.or(other).copied(),
    }
}

/// The sentence asks for something to be written, drawn or mended, or says that this is not done.
fn is_about(hits: &[Hit], used: &[Hit], anchor: usize, start: usize, end: usize, ends: &[usize]) -> bool {
    // An end is two bytes long, and lies before what begins behind both.
    let before = ends.partition_point(|at| at + 2 <= start);
    let opens = before.checked_sub(1).and_then(|last| ends.get(last)).map_or(0, |at| at + 2);
    let closes = ends.get(ends.partition_point(|at| *at < end)).copied().unwrap_or(usize::MAX);
    let place = used.iter().map(|hit| hit.place).min().unwrap_or_default();
    let another = |hit: &Hit| used.iter().all(|other| hit.end <= other.start || hit.start >= other.end);
    let at = hits[anchor].place;
    let near = |hit: &&Hit| hit.place.abs_diff(at) <= SENTENCE;
    let around = hits[..anchor].iter().rev().take_while(near).chain(hits[anchor..].iter().take_while(near));
    around.take(8 * CROWD).any(|hit| match hit.sense {
        Sense::Craft => hit.start >= opens && hit.end <= closes && another(hit),
        Sense::Never => hit.start >= opens && hit.start < end && hit.place + DENIED >= place && another(hit),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_are_looked_for() {
        assert!(SEARCH.search.is_some() && SEARCH.words.len() > 1000, "{}", SEARCH.words.len());
    }
}
