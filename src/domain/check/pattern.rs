//! Demands in a requester's own words: patterns, web addresses, files.

use regex::RegexBuilder;

use super::sheet::Sheet;
use super::{Fault, Finding, Place};
use crate::domain::Text;

/// Most bytes that a pattern may take up when it is made ready: the engine has no backtracking, so its size bounds its time.
const PATTERN: usize = 1 << 18;
/// Most characters of a pattern.
const WRITTEN: usize = 2_000;

/// The text matches, each item does, or nothing may.
pub fn judge(sheet: &Sheet<'_>, regex: &Text, each: bool, absent: bool, why: &Text) -> Finding {
    let label = match (why.is_empty(), absent) {
        (false, _) => why.as_str().to_owned(),
        (true, true) => format!("nothing like /{regex}/"),
        (true, false) if each => format!("each {} like /{regex}/", sheet.noun(1)),
        (true, false) => format!("something like /{regex}/"),
    };
    let made = (regex.as_str().len() <= WRITTEN)
        .then(|| {
            let mut builder = RegexBuilder::new(regex.as_str());
            builder.size_limit(PATTERN).dfa_size_limit(PATTERN).multi_line(true).build().ok()
        })
        .flatten();
    let Some(made) = made else {
        return Finding::warn(label, "the requester's pattern is broken or too large, so this was not checked", "ask them");
    };
    if absent {
        let hits = (0u32..).zip(sheet.text.lines()).flat_map(|(n, line)| {
            let hits = made.find_iter(line).filter(|hit| !hit.is_empty()).take(20);
            let faults = hits.map(|hit| {
                (
                    n,
                    Fault::new(format!("\"{}\" stands in it", short(hit.as_str())), "say it otherwise")
                        .at(hit.start(), hit.end()),
                )
            });
            faults.collect::<Vec<_>>()
        });
        return Finding::of(label, hits);
    }
    if each {
        let without = sheet.items.iter().enumerate().filter(|(_, item)| !made.is_match(item.text)).map(|(i, item)| {
            let fault = Fault::new(format!("{} {} is not like it", sheet.noun(1), i + 1), "change it as the brief says");
            (item.line, fault.of(sheet.line(item.line), item.text))
        });
        return Finding::of(label, without);
    }
    if made.is_match(sheet.text) {
        Finding::pass(label)
    } else {
        Finding::fail(label, "nothing of the kind is in it", "add it as the brief says")
    }
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(40).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// Web addresses of a text with their lines; what ends a sentence is not part of them.
pub fn urls(text: &str) -> Vec<(Place, &str)> {
    let mut found = Vec::new();
    for (line, n) in text.lines().zip(0u32..) {
        for scheme in ["https://", "http://"] {
            for (at, _) in line.match_indices(scheme) {
                let rest = &line[at..];
                let end = rest.find(|c: char| c.is_whitespace() || "<>\"“”{}|\\^`".contains(c)).unwrap_or(rest.len());
                let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’', ')', ']']);
                if host(url).is_some_and(|host| host.contains('.') && host.len() > 3) {
                    found.push((Place::span(n, at, at + url.len()), url));
                }
            }
        }
        if found.len() >= 1_000 {
            break;
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found
}

/// The host of a web address.
fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rsplit('@').next()?.split(':').next()
}

/// At least `min` web addresses, at `wanted` where it is told. Whether anybody answers there is not asked by a check.
pub fn url(sheet: &Sheet<'_>, wanted: &Text, min: u32) -> Finding {
    let at = if wanted.is_empty() { String::new() } else { format!(" at {wanted}") };
    let label = format!("at least {min} web {}{at}", if min == 1 { "address" } else { "addresses" });
    let fits = |url: &str| {
        let host = host(url).unwrap_or_default().to_ascii_lowercase();
        let wanted = wanted.as_str().to_ascii_lowercase();
        wanted.is_empty() || host == wanted || host.ends_with(&format!(".{wanted}"))
    };
    let n = urls(sheet.text).iter().filter(|(_, url)| fits(url)).count() as u64;
    if n >= u64::from(min) {
        return Finding::pass(label);
    }
    Finding::fail(label, format!("{n} of {min}"), "write it out whole, https:// and all")
}

/// So many files, of these endings.
pub fn files(sheet: &Sheet<'_>, min: u32, max: u32, endings: &[Text]) -> Finding {
    let kinds: Vec<String> = endings.iter().take(12).map(|e| format!(".{}", e.as_str().trim_start_matches('.'))).collect();
    let kinds_shown = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
    let label = format!("{}{kinds_shown}", super::count::span(min, max, |n| if n == 1 { "file" } else { "files" }));
    let n = u32::try_from(sheet.files.len()).unwrap_or(u32::MAX);
    if n < min {
        return Finding::fail(label, format!("{n} of {min}"), "add the file to the draft");
    }
    if n > max {
        return Finding::fail(label, format!("{n}, at most {max} allowed"), "take one away");
    }
    let odd = sheet.files.iter().find(|file| {
        let name = file.name.as_str().to_lowercase();
        !kinds.is_empty() && !kinds.iter().any(|kind| name.ends_with(&kind.to_lowercase()))
    });
    match odd {
        None => Finding::pass(label),
        Some(file) => {
            Finding::fail(label, format!("\"{}\" is of another kind", file.name), format!("save it as {}", kinds.join(" or ")))
        }
    }
}
