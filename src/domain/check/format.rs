//! How a list is put down: numbering, output format, quotation marks, plain characters.

use serde_json::Value;

use super::sheet::{Sheet, bare};
use super::{Fault, Finding, Place};
use crate::domain::deliverable::{Layout, Quotes};

/// The items are put down as asked.
pub fn layout(sheet: &Sheet<'_>, layout: Layout) -> Finding {
    match layout {
        Layout::Numbered => numbered(sheet),
        Layout::Bulleted => {
            let wrong = lines(sheet).filter(|(_, line)| !line.starts_with(['-', '*', '•', '–', '—']));
            let fault = |(n, line): (u32, &str)| {
                (n, Fault::new("a line opens without a bullet", "put \"- \" before it").of(sheet.line(n), &line[..0]))
            };
            Finding::of("a bullet before each line", wrong.map(fault))
        }
        Layout::Bare => {
            let wrong = lines(sheet).filter(|(_, line)| bare(line).len() != line.len());
            let fault = |(n, line): (u32, &str)| {
                let mark = &line[..line.len() - bare(line).len()];
                (n, Fault::new(format!("a line opens with \"{}\"", mark.trim_end()), "take it away").of(sheet.line(n), mark))
            };
            Finding::of("lines without numbers or bullets", wrong.map(fault))
        }
        Layout::Csv => csv(sheet),
        Layout::Json => json(sheet),
    }
}

fn lines<'a>(sheet: &Sheet<'a>) -> impl Iterator<Item = (u32, &'a str)> + use<'a> {
    (0u32..).zip(sheet.text.lines()).map(|(n, line)| (n, line.trim())).filter(|(_, line)| !line.is_empty())
}

fn numbered(sheet: &Sheet<'_>) -> Finding {
    let wrong = lines(sheet).zip(1u64..).filter_map(|((n, line), wanted)| {
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let fault = match line[..digits].parse::<u64>() {
            Ok(number) if number != wanted => {
                Fault::new(format!("number {number} where {wanted} belongs"), format!("write \"{wanted}. \""))
            }
            Ok(_) if line[digits..].starts_with(['.', ')']) => return None,
            _ => Fault::new("a line opens without its number", format!("put \"{wanted}. \" before it")),
        };
        Some((n, fault.of(sheet.line(n), &line[..digits])))
    });
    Finding::of("numbered from 1, one a line", wrong)
}

fn csv(sheet: &Sheet<'_>) -> Finding {
    let label = "comma-separated values, as many in each row";
    let mut wide = None;
    let wrong = lines(sheet).filter_map(|(n, line)| {
        let cells = match cells(line) {
            Ok(cells) => cells,
            Err(fault) => return Some((n, fault.of(sheet.line(n), line))),
        };
        let wanted = *wide.get_or_insert(cells);
        let what = || format!("{cells} values where the first row has {wanted}");
        (cells != wanted).then(|| (n, Fault::new(what(), "put text with commas in double quotes").of(sheet.line(n), line)))
    });
    Finding::of(label, wrong.collect::<Vec<_>>())
}

/// Values in a row.
fn cells(line: &str) -> Result<usize, Fault> {
    let mut rest = line;
    let mut n = 0;
    loop {
        n += 1;
        rest = rest.trim_start_matches(' ');
        if let Some(inner) = rest.strip_prefix('"') {
            let mut at = 0;
            let bytes = inner.as_bytes();
            loop {
                match bytes.get(at..).and_then(|b| memchr::memchr(b'"', b)) {
                    None => return Err(Fault::new("a quotation mark is not closed", "close it, and double one that is meant")),
                    Some(step) if bytes.get(at + step + 1) == Some(&b'"') => at += step + 2,
                    Some(step) => {
                        rest = inner[at + step + 1..].trim_start_matches(' ');
                        break;
                    }
                }
            }
            if !rest.is_empty() && !rest.starts_with(',') {
                return Err(Fault::new("text stands behind a closed value", "put a comma between them"));
            }
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            if rest[..end].contains('"') {
                return Err(Fault::new(
                    "a quotation mark stands inside a value",
                    "put the value in double quotes and double the mark",
                ));
            }
            rest = &rest[end..];
        }
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind,
            None => return Ok(n),
        }
    }
}

fn json(sheet: &Sheet<'_>) -> Finding {
    let label = "a JSON array of texts";
    match serde_json::from_str::<Value>(sheet.text) {
        Ok(Value::Array(list)) => match list.iter().position(|v| v.as_str().is_none_or(|s| s.trim().is_empty())) {
            None => Finding::pass(label),
            Some(at) => Finding::fail(label, format!("entry {} is no text", at + 1), "write it in double quotes"),
        },
        Ok(_) => Finding::fail(label, "it is JSON and no array", "write [\"…\", \"…\"]"),
        Err(error) => {
            let last = sheet.text.lines().count().saturating_sub(1);
            let line = u32::try_from(error.line().saturating_sub(1).min(last)).unwrap_or(u32::MAX);
            let at = super::source::floor(sheet.line(line), error.column().saturating_sub(1));
            Finding::fail(label, format!("not JSON at column {}", error.column()), "write [\"…\", \"…\"]")
                .at(Place::span(line, at, at))
        }
    }
}

/// Only these quotation marks and apostrophes.
pub fn quotes(sheet: &Sheet<'_>, quotes: Quotes) -> Finding {
    let (label, wrong, cure): (_, fn(char) -> bool, _) = match quotes {
        Quotes::Straight => ("straight quotes and apostrophes", |c| "“”„‟‘’‚‛«»‹›".contains(c), "write \" and '"),
        Quotes::Curly => ("curly quotes and apostrophes", |c| c == '"' || c == '\'', "write “ ” and ’"),
        Quotes::None => ("no quotation marks", |c| "\"“”„‟«»‹›".contains(c), "take it away"),
    };
    Finding::of(label, characters(sheet, wrong, cure))
}

/// Nothing beyond ASCII.
pub fn ascii(sheet: &Sheet<'_>) -> Finding {
    Finding::of(
        "plain ASCII characters",
        characters(sheet, |c| !c.is_ascii(), "write it with the characters of a plain keyboard"),
    )
}

fn characters<'a>(
    sheet: &Sheet<'a>,
    wrong: fn(char) -> bool,
    cure: &'static str,
) -> impl Iterator<Item = (u32, Fault)> + use<'a> {
    (0u32..).zip(sheet.text.lines()).flat_map(move |(n, line)| {
        let found = line.char_indices().filter(move |(_, c)| wrong(*c));
        found.map(move |(at, c)| (n, Fault::new(format!("\"{c}\" stands in it"), cure).at(at, at + c.len_utf8())))
    })
}
