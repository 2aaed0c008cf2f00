//! Faithfulness: every number, date, name and quotation of the draft stands in the source, with its page.

use std::collections::HashSet;

use super::finding::Tick;
use super::names::{self, Name};
use super::sheet::Sheet;
use super::source::{Found, Source, plain_into};
use super::{Fault, Finding, dates, grounded};
use crate::domain::Text;

/// Fewer words in quotation marks are a word set off, not a quotation.
const QUOTED_WORDS: usize = 3;
/// Most claims that are looked up and listed.
const CLAIMS: usize = 2_000;
const LISTED: usize = 120;
/// A word of the draft may differ from the source's in its ending.
const STEM: usize = 5;

/// What kind of claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    Date,
    Name,
    Quotation,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Date => "date",
            Kind::Name => "name",
            Kind::Quotation => "quotation",
        }
    }
}

/// A claim of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// What kind.
    pub kind: Kind,
    /// As written.
    pub written: &'a str,
    /// Zero-based line.
    pub line: u32,
    /// Byte where it starts in the line.
    pub at: usize,
    /// Where the source says so, if it does.
    pub found: Option<Found>,
}

/// Every claim is found in the attachment called `source`, or in any of them when it is empty.
pub fn judge(sheet: &Sheet<'_>, source: &Text) -> Finding {
    let label = match source.is_empty() {
        true => "faithful to the source".to_owned(),
        false => format!("faithful to {source}"),
    };
    if sheet.sources(source.as_str()).iter().all(|text| text.trim().is_empty()) {
        return Finding::warn(label, "the source is not here, so nothing could be looked up", "fetch the attachment");
    }
    let known = sheet.lore(source.as_str());
    let claims = claims(sheet, &known.source);
    let wrong = claims.iter().filter(|claim| claim.found.is_none()).map(|claim| {
        let fault = Fault::new(
            format!("the {} \"{}\" is not in the source", claim.kind.word(), claim.written),
            "correct it or leave it out",
        );
        (claim.line, fault.at(claim.at, claim.at + claim.written.len()))
    });
    let mut found = Finding::of(label, wrong);
    let mut seen = HashSet::new();
    let listed = claims.iter().filter(|claim| seen.insert((claim.written, claim.found.is_some())));
    found.ticks = listed
        .take(LISTED)
        .map(|claim| Tick {
            what: Text::title(claim.written),
            done: claim.found.is_some(),
            page: claim.found.and_then(|found| found.page),
        })
        .collect();
    if found.verdict == super::Verdict::Pass && !claims.is_empty() {
        found.detail = Text::title(&match claims.len() {
            1 => "the one claim is in the source".to_owned(),
            n => format!("all {n} claims are in the source"),
        });
    }
    found
}

/// What the draft claims, in its order, looked up.
pub fn claims<'a>(sheet: &Sheet<'a>, source: &Source) -> Vec<Claim<'a>> {
    // Names that the job itself uses are the requester's own: the channel, the product, whom to follow.
    let told = Source::of(&[sheet.context]);
    let lower: HashSet<&str> =
        sheet.text.split(|c: char| !c.is_alphabetic()).filter(|w| w.starts_with(char::is_lowercase)).collect();
    let mut all = Vec::new();
    for (line, n) in sheet.text.lines().zip(0u32..) {
        let from = all.len();
        let mut claim = |kind, at: usize, written: &'a str, found| {
            all.push(Claim { kind, written, line: n, at, found });
        };
        let quoted = quotations(line);
        for (at, written) in &quoted {
            claim(Kind::Quotation, *at, written, source.words(written));
        }
        let dated = dates::dates(line);
        for found in &dated {
            let (at, end) = found.span;
            claim(Kind::Date, at, &line[at..end], source.date(&found.date));
        }
        let inside = |at: usize| {
            dated.iter().any(|d| (d.span.0..d.span.1).contains(&at))
                || quoted.iter().any(|(start, q)| (*start..start + q.len()).contains(&at))
        };
        for number in grounded::claims(line).into_iter().chain(grounded::spelled_claims(line)) {
            if !inside(number.at) {
                claim(Kind::Number, number.at, number.written, source.amount(&number));
            }
        }
        let said = super::sheet::blanked(line);
        for name in names::names(&said) {
            if inside(name.at) || !sheet.is_english() && name.opens {
                continue;
            }
            let written = &line[name.at..name.at + name.written.len()];
            if let Some(found) = look_up(&name, source, &told, &lower) {
                claim(Kind::Name, name.at, written, found);
            }
        }
        all[from..].sort_by_key(|claim| claim.at);
        if all.len() >= CLAIMS {
            break;
        }
    }
    all
}

/// Whether a name is in the source; nothing when it is no name after all, or one of the job's own.
fn look_up(name: &Name<'_>, source: &Source, told: &Source, lower: &HashSet<&str>) -> Option<Option<Found>> {
    let known = |words: &str| source.words(words).map(Some).or_else(|| told.words(words).map(|_| None));
    if let Some(found) = known(name.written) {
        // Of a sentence's first word nothing is said, wherever it stands.
        return found.filter(|_| !name.opens || name.written.contains(' ')).map(Some);
    }
    let words: Vec<&str> = name.written.split([' ', '-', '\u{a0}']).filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    let ordinary = |word: &str| {
        let mut plain = String::new();
        plain_into(names::bare(word), &mut plain);
        let low = plain.trim();
        let stem = low.chars().take(low.chars().count().saturating_sub(2).max(STEM)).collect::<String>();
        names::is_plain(low)
            || lower.contains(low)
            // "Learning", "Honestly": what only a sentence's first word looks like.
            || low.len() > 5 && (low.ends_with("ing") || low.ends_with("ly") || low.ends_with("ed"))
            || low.len() < 3 && !word.chars().all(char::is_uppercase)
            || low.chars().count() >= STEM && (source.stem(&stem).is_some() || told.stem(&stem).is_some())
    };
    let rest = match words.split_first() {
        Some((first, rest)) if name.opens && ordinary(first) => rest,
        _ => &words[..],
    };
    // A heading or a shout: ordinary words with capitals.
    if rest.is_empty() || rest.iter().all(|word| names::is_plain(&names::bare(word).to_lowercase())) {
        return None;
    }
    let rest_words = rest.join(" ");
    Some(match known(&rest_words) {
        Some(found) => Some(found?),
        // "Skarra Harbour Trust" of a source that tells of the trust at Skarra harbour is still its name; each word must be there.
        None if rest.len() > 1 && rest.iter().all(|word| known(names::bare(word)).is_some()) && adjacent(source, rest) => {
            source.words(names::bare(rest[0]))
        }
        None => None,
    })
}

/// Whether two neighbours of these words are neighbours in the source.
fn adjacent(source: &Source, words: &[&str]) -> bool {
    words.windows(2).all(|two| source.words(&two.join(" ")).is_some())
}

/// What stands in double quotation marks, with its byte.
fn quotations(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in line.char_indices() {
        match (c, open) {
            ('“' | '„' | '«', _) => open = Some(at + c.len_utf8()),
            ('"', None) => open = Some(at + 1),
            ('"' | '”' | '»', Some(start)) => {
                let inner = line[start..at].trim();
                let words = inner.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
                if words >= QUOTED_WORDS {
                    found.push((inner.as_ptr() as usize - line.as_ptr() as usize, inner));
                }
                open = None;
            }
            _ => {}
        }
    }
    found
}
