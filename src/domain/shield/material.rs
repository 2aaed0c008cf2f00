//! What of an attachment is said to its worker, and what is material: other people's words, to be labelled, answered or summed up.
//!
//! A collection of spam to be labelled wants a deposit in every line and is an honest job. So records, quotations, messages, turns of
//! a talk, numbered samples and source are left out, line by line; what is between them is read.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::domain::pages::pages;

/// Words of a header over columns of other people's words.
const DATA: &[&str] = &[
    "text",
    "message",
    "comment",
    "review",
    "tweet",
    "email",
    "body",
    "content",
    "label",
    "class",
    "category",
    "spam",
    "sentiment",
    "toxic",
    "is_scam",
    "sentence",
    "subject",
    "sender",
    "utterance",
    "speaker",
    "post",
    "transcript",
    "reply",
    "quote",
    "verdict",
];
/// Words of a heading over other people's words, and of what is numbered there.
const SAMPLES: &[&str] = &[
    "sample",
    "example",
    "message",
    "review",
    "comment",
    "tweet",
    "email",
    "e-mail",
    "mail",
    "post",
    "sms",
    "transcript",
    "ticket",
    "record",
    "sentence",
    "dataset",
    "data set",
    "dialogue",
    "conversation",
    "chat log",
    "source text",
    "article",
    "glossary",
    "quotes",
    "inbox",
    "complaint",
    "letter",
    "phishing",
    "text",
];
/// Lines that begin a message.
const HEADERS: &[&str] = &["from:", "subject:", "to:", "sent:", "reply-to:", "betreff:", "von:", "de:", "asunto:", "objet:"];
/// Rows of a table that are read where its header does not say that they are data.
const ROWS: usize = 8;

/// From so many pages on a document is a report or a book, which is worked on: only its first pages and the last may speak to the
/// worker.
const BOOK: usize = 8;
/// So many of the first.
const FIRST: usize = 2;

/// A text without the pages that are material.
pub(super) fn spoken(text: &str) -> Cow<'_, str> {
    let pages = pages(text);
    if pages.len() < BOOK {
        return Cow::Borrowed(text);
    }
    let ends = pages.iter().take(FIRST).chain(pages.last());
    Cow::Owned(ends.map(|page| page.text).collect::<Vec<_>>().join("\n\n"))
}

/// The lines that are said to whoever opens it, one paragraph for each stretch of them.
pub(super) fn said_to_worker(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept = vec![true; lines.len()];
    fenced(&lines, &mut kept);
    quoted(&lines, &mut kept);
    if is_source(&lines) {
        code(&lines, &mut kept);
    } else {
        sections(&lines, &mut kept);
        messages(&lines, &mut kept);
        turns(&lines, &mut kept);
        tables(&lines, &mut kept);
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for (line, kept) in lines.iter().zip(kept) {
        if !kept || line.trim().is_empty() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push('\n');
        }
        gap = false;
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Blocks between fences are for machines to read, unless they tell the worker what to run.
fn fenced(lines: &[&str], kept: &mut [bool]) {
    let mut language = None;
    for (at, line) in lines.iter().enumerate() {
        let fence = line.trim_start().strip_prefix("```");
        match (language, fence) {
            (None, Some(name)) => language = Some(name.trim()),
            (Some(_), Some(_)) => language = None,
            (Some(name), None) => {
                kept[at] &= matches!(name, "" | "sh" | "bash" | "shell" | "console" | "powershell" | "cmd" | "zsh")
            }
            (None, None) => {}
        }
    }
}

/// Lines in quotation marks, behind `>`, or that are records of JSON.
fn quoted(lines: &[&str], kept: &mut [bool]) {
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim().trim_end_matches(',');
        let bare = line.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')' | '-' | '*' | ' '));
        let pairs =
            [('"', '"'), ('\u{201c}', '\u{201d}'), ('\u{ab}', '\u{bb}'), ('\u{201e}', '\u{201c}'), ('\u{300c}', '\u{300d}')];
        let in_marks = pairs.iter().any(|(open, close)| {
            bare.chars().count() > 2 && bare.starts_with(*open) && (bare.ends_with(*close) || bare.contains(&format!("{close}:")))
        });
        let json =
            line.starts_with('{') && line.ends_with('}') || line.starts_with('[') && line.ends_with(']') && line.contains('"');
        if line.starts_with('>') || in_marks || json {
            kept[at] = false;
        }
    }
}

fn is_comment(line: &str) -> bool {
    ["//", "/*", "*", "#", "--", ";;", "\"\"\"", "'''", "<!--", "%"].iter().any(|mark| line.starts_with(mark))
}

/// Most of its lines are those of a programming language.
fn is_source(lines: &[&str]) -> bool {
    let said: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty() && !is_comment(line)).collect();
    let coded = said.iter().filter(|line| {
        line.ends_with([';', '{', '}', '(', ')', ','])
            || line.ends_with(':')
                && ["def ", "class ", "if ", "for ", "while ", "else", "try", "with "].iter().any(|k| line.starts_with(k))
            || ["import ", "from ", "return", "let ", "const ", "var ", "fn ", "pub ", "use ", "#include", "package ", "func "]
                .iter()
                .any(|word| line.starts_with(word))
            || line.contains(" = ")
            || line.contains("=>")
            || line.contains("();")
    });
    said.len() >= 3 && coded.count() * 3 >= said.len() * 2
}

/// Of source only the comments speak to people.
fn code(lines: &[&str], kept: &mut [bool]) {
    let mut inside = false;
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        let marks = line.matches("\"\"\"").count() + line.matches("'''").count();
        kept[at] &= inside || is_comment(line) || marks > 0;
        inside ^= marks % 2 == 1;
        inside |= line.starts_with("/*");
        inside &= !line.ends_with("*/");
    }
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    (level > 0 && line[level..].starts_with(' ')).then(|| (level, line[level..].trim()))
}

fn names_samples(words: &str) -> bool {
    let words = words.to_lowercase();
    SAMPLES.iter().any(|sample| words.contains(sample)) && words.chars().count() <= 60
}

/// `Sample 3:`, `Review 12`, `3. Message`.
fn is_numbered(line: &str) -> bool {
    let label = line.split_once([':', ')', '—', '–']).map_or(line, |(label, _)| label);
    let number = label.split([' ', '#', '.', '_']).any(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit()));
    number && label.chars().count() <= 30 && names_samples(label)
}

/// What stands under a heading of samples, until the next one; and each numbered sample, until the next empty line.
fn sections(lines: &[&str], kept: &mut [bool]) {
    let (mut under, mut sample) = (None, false);
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        if let Some((level, words)) = heading(line) {
            if under.is_none_or(|over| level <= over) {
                under = names_samples(words).then_some(level);
            }
            sample = false;
        } else if line.is_empty() || line.starts_with("---") || line.starts_with("===") {
            sample = false;
        }
        sample |= is_numbered(line);
        kept[at] &= under.is_none() && !sample;
    }
}

/// Messages with their headers, until a rule or a heading.
fn messages(lines: &[&str], kept: &mut [bool]) {
    let is_header = |line: &str| {
        let line = line.trim().to_lowercase();
        HEADERS.iter().any(|header| line.starts_with(header))
    };
    let mut inside = false;
    for at in 0..lines.len() {
        let line = lines[at].trim();
        let near = lines[at + 1..].iter().take(3);
        if !inside && is_header(line) && near.clone().any(|next| is_header(next)) {
            inside = true;
        } else if heading(line).is_some() || line.starts_with("===") || line.starts_with("***") {
            inside = false;
        }
        kept[at] &= !inside;
    }
}

/// Who speaks, where the line is a turn of a talk: `[10:02] Anna: hello`.
fn speaker(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches(['-', '*', ' ']);
    let line = match line.strip_prefix(['[', '(']) {
        Some(rest) => rest.split_once([']', ')'])?.1.trim(),
        None => line,
    };
    let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').trim_start();
    let (name, said) = line.split_once([':', '：'])?;
    let name = name.trim().trim_matches('*');
    let fits = !name.is_empty() && name.chars().count() <= 24 && name.split(' ').count() <= 3 && !said.starts_with("//");
    fits.then_some(name)
}

/// Turns of a talk: at least two speak, and more than once.
fn turns(lines: &[&str], kept: &mut [bool]) {
    let mut said: HashMap<&str, usize> = HashMap::new();
    for name in lines.iter().filter_map(|line| speaker(line)) {
        *said.entry(name).or_default() += 1;
    }
    if said.values().filter(|times| **times >= 2).count() < 2 {
        return;
    }
    let mut talking = false;
    for (at, line) in lines.iter().enumerate() {
        talking = match speaker(line) {
            Some(name) => said.get(name).is_some_and(|times| *times >= 2),
            // A turn may go on for some lines.
            None => talking && !line.trim().is_empty() && heading(line.trim()).is_none(),
        };
        kept[at] &= !talking;
    }
}

/// Rows of a table: those of data are other people's words; of others the first and last few are read.
fn tables(lines: &[&str], kept: &mut [bool]) {
    for mark in [',', ';', '\t', '|'] {
        let mut at = 0;
        while at < lines.len() {
            let columns = fields(lines[at], mark);
            let rows = lines[at..].iter().take_while(|line| columns >= 2 && fields(line, mark) >= columns).count();
            // One that has fewer fields ends it; prose with commas has no such stretch.
            if rows >= 3 && is_table(&lines[at..at + rows], mark, columns) {
                let header = lines[at].to_lowercase();
                let names = || header.split(mark).map(|name| name.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'));
                let data = names().any(|name| DATA.contains(&name));
                for row in 0..rows {
                    let read = !data && (rows <= ROWS || row < 3 || row + 2 > rows);
                    kept[at + row] &= read;
                }
            }
            at += rows.max(1);
        }
    }
}

fn fields(line: &str, mark: char) -> usize {
    let mut inside = false;
    let ends = line.trim().trim_matches('|').chars().filter(|c| {
        inside ^= *c == '"';
        *c == mark && !inside
    });
    ends.count() + 1
}

/// A header of short names over rows.
fn is_table(rows: &[&str], mark: char, columns: usize) -> bool {
    let Some((header, rest)) = rows.split_first() else { return false };
    let short = header.trim().trim_matches('|').split(mark).all(|name| name.trim().chars().count() <= 24);
    let like = rest.iter().filter(|row| fields(row, mark) == columns).count();
    short && like * 5 >= rest.len() * 4
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            4 => "[a-z]{1,6}",
            2 => prop::sample::select(vec!["From:", "Subject: x", "# Messages", "> ", "```", "Anna: ", "| a | b |", "1,2,\"x, y\"", "Sample 3:", "//", "\"\"\"", "{\"a\":1}", "---", "“x”", "日本：", "=>", ";"]).prop_map(str::to_owned),
            1 => "\\PC{0,6}",
        ];
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join(" "))
    }

    proptest! {
        /// Nothing is made up, whatever stands there, and what no rule knows is read.
        #[test]
        fn what_is_read_is_what_stands_there(lines in prop::collection::vec(line(), 0..30)) {
            let text = lines.join("\n");
            let said = said_to_worker(&text);
            let mut given = text.lines();
            for line in said.lines().filter(|line| !line.is_empty()) {
                prop_assert!(given.any(|there| there == line), "{line:?} of {text:?}");
            }
        }
    }

    #[test]
    fn plain_prose_is_read_whole() {
        let prose = "Read the brief, then write; ask when in doubt.\n\nThe tone is warm, short, and a little dry.\n";
        assert_eq!(said_to_worker(prose), prose);
    }
}
