//! What must not be in data that others train on: personal data, and the assistant's own instructions.

use std::sync::LazyLock;

use regex::Regex;

use super::dialogue::speech;
use super::json::Node;
use super::sheet::{Sheet, folded};
use super::{Fault, Finding, Place};
use crate::domain::deliverable::Form;

/// Characters in a row of a system message that an assistant may say by chance.
const REPEATED: usize = 48;

/// An address, as far as a person would call it one.
static EMAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}").ok());
/// Digits with what people put between them.
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[+(]?[0-9](?:[ ().\-/]{0,2}[0-9]){6,24}").ok());
static IBAN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b").ok());

/// How an assistant speaks of having been told.
static TELLS: LazyLock<Option<aho_corasick::AhoCorasick>> = LazyLock::new(|| {
    let words = ["my system prompt is", "my instructions are", "my system message says", "I was instructed to"];
    aho_corasick::AhoCorasickBuilder::new().ascii_case_insensitive(true).build(words).ok()
});

/// A piece of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Private<'a> {
    /// "an e-mail address", "a card number".
    pub what: &'static str,
    /// As written.
    pub written: &'a str,
}

/// Personal data in a text, at most a few hundred pieces.
pub fn private(text: &str) -> Vec<Private<'_>> {
    let mut found = Vec::new();
    if text.contains('@')
        && let Some(email) = &*EMAIL
    {
        let real = email.find_iter(text).map(|m| m.as_str()).filter(|address| !is_reserved(address));
        found.extend(real.take(200).map(|written| Private { what: "an e-mail address", written }));
    }
    if text
        .as_bytes()
        .windows(4)
        .any(|w| w[0].is_ascii_uppercase() && w[1].is_ascii_uppercase() && w[2].is_ascii_digit() && w[3].is_ascii_digit())
        && let Some(iban) = &*IBAN
    {
        let real = iban.find_iter(text).map(|m| m.as_str()).filter(|written| is_iban(written));
        found.extend(real.take(200).map(|written| Private { what: "an account number", written }));
    }
    if has_long_number(text)
        && let Some(digits) = &*DIGITS
    {
        for hit in digits.find_iter(text).take(2_000) {
            let written = hit.as_str();
            let inside = |p: &Private<'_>| {
                let (a, b) = (p.written.as_bytes().as_ptr_range(), written.as_bytes().as_ptr_range());
                a.start < b.end && b.start < a.end
            };
            // Part of a word: an order number such as "RB-2024-0012345".
            let before = text[..hit.start()].chars().next_back();
            let after = text[hit.end()..].chars().next();
            let in_word = before
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '#' | '_' | '-' | '.' | ',' | '€' | '$' | '£'))
                || after.is_some_and(char::is_alphanumeric);
            if in_word || found.iter().any(inside) {
                continue;
            }
            if let Some(what) = numbered(written) {
                found.push(Private { what, written });
            }
            if found.len() >= 400 {
                break;
            }
        }
    }
    found
}

/// Whether nine digits stand together, with what people put between them: all else is nobody's telephone, and most texts end here.
fn has_long_number(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|b| {
        match b {
            b'0'..=b'9' => run += 1,
            b' ' | b'(' | b')' | b'.' | b'-' | b'/' | b'+' => {}
            _ => run = 0,
        }
        run >= 9
    })
}

/// What a run of digits is, if it is somebody's.
fn numbered(written: &str) -> Option<&'static str> {
    let digits: Vec<u8> = written.bytes().filter(u8::is_ascii_digit).map(|b| b - b'0').collect();
    if (13..=19).contains(&digits.len()) && luhn(&digits) && digits.iter().any(|d| *d != digits[0]) {
        return Some("a card number");
    }
    // The ranges that are set aside for stories: 555-01xx there, 01632 and 020 7946 0xxx here.
    let plain: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
    let made_up = plain.ends_with("5550")
        || plain.get(plain.len().saturating_sub(7)..).is_some_and(|end| end.starts_with("55501"))
        || plain.starts_with("01632")
        || plain.contains("2079460");
    let told = written.starts_with('+') || written.starts_with('(') || plain.starts_with('0');
    let parted = written.contains([' ', '-', '/', '.', '(']);
    let dated = written.matches(['-', '/', '.']).count() == 2 && digits.len() == 8;
    let telephone = (9..=15).contains(&digits.len()) && (told || parted && digits.len() == 10) && !made_up && !dated;
    telephone.then_some("a telephone number")
}

/// Luhn's check of a card number.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, d)| {
            let d = u32::from(*d);
            if i % 2 == 0 {
                d
            } else if d > 4 {
                d * 2 - 9
            } else {
                d * 2
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// ISO 13616: moved, as digits, one modulo 97.
fn is_iban(written: &str) -> bool {
    let plain: Vec<u8> = written.bytes().filter(u8::is_ascii_alphanumeric).collect();
    if !(15..=34).contains(&plain.len()) {
        return false;
    }
    let rest = plain[4..].iter().chain(&plain[..4]).try_fold(0u32, |rest, b| {
        let value = char::from(*b).to_digit(36)?;
        Some(if value > 9 { (rest * 100 + value) % 97 } else { (rest * 10 + value) % 97 })
    });
    rest == Some(1)
}

/// Names that are kept for examples.
fn is_reserved(address: &str) -> bool {
    let host = address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    ["example.com", "example.org", "example.net"].iter().any(|known| host == *known || host.ends_with(&format!(".{known}")))
        || [".example", ".invalid", ".test"].iter().any(|end| host.ends_with(end))
}

/// No personal data.
pub fn anonymous(sheet: &Sheet<'_>) -> Finding {
    let label = "no personal data: e-mail, telephone, card or account number";
    let cure = "make it up (name@example.com, 555-0100) or leave it out";
    if matches!(sheet.form, Form::ChatJsonl) && sheet.records().iter().any(Result::is_ok) {
        let wrong = sheet.items.iter().zip(sheet.records()).flat_map(|(item, read)| {
            let line = sheet.line(item.line);
            let said = read.as_ref().map(speech).unwrap_or_default();
            let mut faults = Vec::new();
            for (_, text) in said {
                for found in private(text) {
                    let fault = Fault::new(format!("{} (\"{}\")", found.what, found.written), cure);
                    faults.push((item.line, fault.of(line, found.written)));
                }
            }
            faults
        });
        return Finding::of(label, wrong);
    }
    let wrong = (0u32..).zip(sheet.text.lines()).flat_map(|(n, line)| {
        private(line)
            .into_iter()
            .map(move |found| (n, Fault::new(format!("{} (\"{}\")", found.what, found.written), cure).of(line, found.written)))
    });
    Finding::of(label, wrong)
}

/// No assistant repeats its system message.
pub fn sealed(sheet: &Sheet<'_>) -> Finding {
    let label = "no assistant gives its instructions away";
    let mut found = Finding::pass(label);
    let mut any = false;
    for (i, (item, read)) in sheet.items.iter().zip(sheet.records()).enumerate() {
        let Ok(node) = read else { continue };
        let Some(leak) = leak(node) else { continue };
        let place = Place::piece(item.line, sheet.line(item.line), leak);
        if any {
            found = found.and(place);
        } else {
            let detail = format!("{} {}: the assistant repeats its system message", sheet.noun(1), i + 1);
            found = Finding::fail(label, detail, "let it decline, or say it in other words").at(place);
            any = true;
        }
    }
    found
}

/// What an assistant says that holds a long run of its system message, or speaks of having one.
fn leak<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    let said = speech(node);
    let (_, system) = said.iter().find(|(role, _)| *role == "system")?;
    let answers = || said.iter().filter(|(role, _)| *role == "assistant").map(|(_, answer)| *answer);
    if let Some(told) = answers().find(|answer| TELLS.as_ref().is_some_and(|tells| tells.is_match(answer))) {
        return Some(told);
    }
    if system.len() < REPEATED {
        return None;
    }
    let system: Vec<char> = folded(system).chars().take(4_000).collect();
    for answer in answers() {
        let low = folded(answer);
        if system.len() < REPEATED || low.len() < REPEATED {
            continue;
        }
        // Windows of the system message, half overlapping: any run of one and a half windows holds one.
        let step = REPEATED / 2;
        let hit = (0..=system.len() - REPEATED).step_by(step).any(|at| {
            let window: String = system[at..at + REPEATED].iter().collect();
            low.contains(&window)
        });
        if hit {
            return Some(answer);
        }
    }
    None
}
