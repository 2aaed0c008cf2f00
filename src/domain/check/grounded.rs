//! Every number of the text stands in the source.

use std::collections::HashSet;

use super::sheet::{Sheet, bare, stamp};
use super::{Fault, Finding};
use crate::domain::Text;

/// A number as written, with its values in canonical decimal ("1200", "12.5").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number<'a> {
    /// As written, without sign, currency and unit.
    pub written: &'a str,
    /// Byte where it starts in its line.
    pub at: usize,
    /// As the digits say.
    pub plain: String,
    /// With its word of scale: "1.2 million" is also "1200000".
    pub scaled: Option<String>,
}

/// Small numbers that a source may spell out.
const SPELLED: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Every number is found in the attachment called `source`, or in any of them when it is empty.
///
/// Not numbers of the text: list numbering, time stamps, page references (`[p. 4]`, `(page 12)`), digits inside a name (`Q3`),
/// numbers written out.
pub fn judge(sheet: &Sheet<'_>, source: &Text) -> Finding {
    let label = match source.is_empty() {
        true => "every number stands in the source".to_owned(),
        false => format!("every number stands in {source}"),
    };
    let wanted = || sheet.text.lines().zip(0u32..).flat_map(|(line, i)| claims(line).into_iter().map(move |n| (i, n)));
    if wanted().next().is_none() {
        return Finding::pass(label);
    }
    let sources = sheet.sources(source.as_str());
    if sources.is_empty() {
        let detail = "the source is not here, so the numbers could not be looked up";
        return Finding::warn(label, detail, "fetch the attachment");
    }
    let known = known(&sources);
    let unfounded = wanted().filter(|(_, n)| !is_known(&known, n));
    Finding::of(
        label,
        unfounded.map(|(line, number)| {
            let what = format!("\"{}\" is not in the source", number.written);
            (line, Fault::new(what, "correct it or leave it out").at(number.at, number.at + number.written.len()))
        }),
    )
}

/// Values of all numbers of the sources, spelled-out small ones included.
pub fn known(sources: &[&str]) -> HashSet<String> {
    let mut known = HashSet::new();
    for text in sources {
        // A word of scale may stand on the next line.
        let line = &text.replace('\n', " ");
        for number in numbers(line) {
            known.extend(number.scaled);
            known.insert(number.plain);
        }
        for word in line.split(|c: char| !c.is_alphabetic()) {
            if let Some(n) = SPELLED.iter().position(|s| s.eq_ignore_ascii_case(word)) {
                known.insert(n.to_string());
            }
        }
    }
    known
}

/// Whether a number of the text is among the known values. With a word of scale only the scaled value counts.
pub fn is_known(known: &HashSet<String>, number: &Number<'_>) -> bool {
    known.contains(number.scaled.as_ref().unwrap_or(&number.plain))
}

/// The numbers a line of the draft claims.
pub fn claims(line: &str) -> Vec<Number<'_>> {
    let start = bare(line);
    let start = stamp(start).map_or(start, |(_, rest)| rest);
    let offset = start.as_ptr() as usize - line.as_ptr() as usize;
    let mut numbers = numbers(start);
    numbers.retain(|n| !is_reference(&start[..n.at], &start[n.at + n.written.len()..]));
    for number in &mut numbers {
        number.at += offset;
    }
    numbers
}

/// Whether what stands before a number makes it a page reference or a stamp inside the line.
fn is_reference(before: &str, after: &str) -> bool {
    // Only the nearest characters matter, and a line may be a megabyte long.
    let from = before.char_indices().rev().nth(31).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(32).map_or(after.len(), |(at, _)| at);
    let (before, after) = (&before[from..], &after[..to]);
    let trimmed = before.trim_end_matches([' ', '.', '-', '–', '\u{a0}']).trim_end_matches(|c: char| c.is_ascii_digit());
    let trimmed = trimmed.trim_end_matches([' ', '.', '-', '–', '\u{a0}']);
    let word: String = trimmed.chars().rev().take_while(|c| c.is_alphabetic()).collect();
    if ["p", "pp", "egap", "segap"].iter().any(|w| w.eq_ignore_ascii_case(&word)) {
        return true;
    }
    // [0:45] in mid-line: both halves.
    let opened = before.rfind('[').is_some_and(|at| before[at + 1..].bytes().all(|b| b.is_ascii_digit() || b == b':'));
    let closed = after.find(']').is_some_and(|at| after[..at].bytes().all(|b| b.is_ascii_digit() || b == b':'));
    opened && closed && (before.ends_with(':') || after.starts_with(':'))
}

/// All numbers of a line.
pub fn numbers(line: &str) -> Vec<Number<'_>> {
    let bytes = line.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut found = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        if !digit(i) {
            i += 1;
            continue;
        }
        let start = i;
        let mut value = String::new();
        let mut fraction = false;
        while i < bytes.len() {
            let group = digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4);
            match bytes[i] {
                b'0'..=b'9' => value.push(char::from(bytes[i])),
                // 1,200 groups; 12,5 is a fraction, as much of the world writes it.
                b',' | b'\'' if group && !fraction && !value.is_empty() => {}
                b',' if digit(i + 1) && !fraction && bytes.get(i + 2).is_none_or(|b| !b.is_ascii_digit()) => {
                    fraction = true;
                    value.push('.');
                }
                b'.' if digit(i + 1) && !fraction => {
                    fraction = true;
                    value.push('.');
                }
                _ => break,
            }
            i += 1;
        }
        // No-break spaces group digits in some languages.
        while !fraction && let Some(rest) = line[i..].strip_prefix(['\u{a0}', '\u{202f}', '\u{2009}']) {
            let three = rest.bytes().take(3).filter(u8::is_ascii_digit).count() == 3;
            if !three || rest.as_bytes().get(3).is_some_and(u8::is_ascii_digit) {
                break;
            }
            value.push_str(&rest[..3]);
            i = line.len() - rest.len() + 3;
        }
        let in_name = line[..start].chars().next_back().is_some_and(|c| c.is_alphabetic() || c == '_');
        if !in_name {
            let plain = canonical(&value);
            let scaled = scale(&line[i..]).map(|zeros| shifted(&plain, zeros));
            found.push(Number { written: &line[start..i], at: start, plain, scaled });
        }
    }
    found
}

/// No leading zeros, no trailing zeros behind the point.
fn canonical(value: &str) -> String {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Zeros that a word behind the number stands for.
fn scale(behind: &str) -> Option<usize> {
    let word: String = behind
        .strip_prefix([' ', '\u{a0}', '-'])
        .unwrap_or(behind)
        .chars()
        .take_while(|c| c.is_alphabetic())
        .take(12)
        .collect::<String>()
        .to_ascii_lowercase();
    let attached = behind.starts_with(|c: char| c.is_alphabetic());
    Some(match word.as_str() {
        "k" if attached => 3,
        "thousand" => 3,
        "m" | "mn" if attached => 6,
        "million" => 6,
        "b" | "bn" if attached => 9,
        "billion" | "bn" => 9,
        "trillion" => 12,
        _ => return None,
    })
}

/// A value with so many zeros more.
pub fn shifted(plain: &str, zeros: usize) -> String {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let moved = fraction.len().min(zeros);
    let whole = format!("{whole}{}{}", &fraction[..moved], "0".repeat(zeros - moved));
    canonical(&format!("{whole}.{}", &fraction[moved..]))
}

const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Numbers written out, from two words of tens and ones up to "ninety-nine", with a word of scale behind them or not.
pub fn spelled(line: &str) -> Vec<Number<'_>> {
    let mut found = Vec::new();
    let mut words = letters(line).peekable();
    while let Some((at, word)) = words.next() {
        let low = word.to_ascii_lowercase();
        let mut end = at + word.len();
        let value = if let Some(tens) = TENS.iter().position(|t| *t == low) {
            let one = words.peek().filter(|(next, _)| matches!(&line[end..*next], "-" | " ")).and_then(|(next, word)| {
                let one = SPELLED[1..10].iter().position(|s| s.eq_ignore_ascii_case(word))? + 1;
                Some((one, next + word.len()))
            });
            let ones = one.map_or(0, |(one, to)| {
                end = to;
                one
            });
            if ones > 0 {
                words.next();
            }
            (tens + 2) * 10 + ones
        } else if let Some(small) = SPELLED.iter().position(|s| *s == low) {
            small
        } else {
            continue;
        };
        let plain = value.to_string();
        let scaled = scale(&line[end..]).map(|zeros| shifted(&plain, zeros));
        found.push(Number { written: &line[at..end], at, plain, scaled });
    }
    found
}

/// Those of them that claim something: from thirteen on. Smaller ones are said of anything ("two minutes", "one more thing").
pub fn spelled_claims(line: &str) -> Vec<Number<'_>> {
    let from = super::sheet::blanked(line);
    let mut all = spelled(line);
    all.retain(|number| {
        let small = SPELLED[..13].iter().any(|s| s.eq_ignore_ascii_case(number.written));
        let said = from.get(number.at..number.at + 1).is_some_and(|c| c != " ");
        said && (!small || number.scaled.is_some())
    });
    all
}

/// Runs of letters with their bytes.
fn letters(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
}
