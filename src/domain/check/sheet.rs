//! A draft cut into what the demands count: items, words, what is spoken.

use std::cell::OnceCell;

use unicode_segmentation::UnicodeSegmentation;

use super::Judged;
use super::json::{self, Node};
use super::lore::Lore;
use crate::domain::deliverable::Form;
use crate::domain::draft::FileItem;

/// One item: a non-empty line without its list numbering or bullet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// Zero-based line of the draft.
    pub line: u32,
    /// The words of the item, trimmed.
    pub text: &'a str,
}

/// A draft laid out for judging; made once for all demands.
pub struct Sheet<'a> {
    /// The shape asked for.
    pub form: Form,
    /// The whole text.
    pub text: &'a str,
    /// Its items.
    pub items: Vec<Item<'a>>,
    /// The files.
    pub files: &'a [FileItem],
    /// Attachments' names and texts.
    pub sources: &'a [(&'a str, &'a str)],
    /// Words a minute of whoever will speak; 0 for the usual.
    pub pace: u32,
    /// The brief: words in it are the requester's own.
    pub context: &'a str,
    /// The language asked for, as the job tells it; empty when it does not.
    pub language: &'a str,
    lines: OnceCell<Vec<&'a str>>,
    records: OnceCell<Vec<json::Read<'a>>>,
    lore: OnceCell<(String, std::sync::Arc<Lore>)>,
}

impl<'a> Sheet<'a> {
    /// Cuts the draft up.
    pub fn new(form: Form, judged: &'a Judged<'a>) -> Sheet<'a> {
        Sheet {
            form,
            text: judged.text,
            items: items(judged.text),
            files: judged.files,
            sources: &judged.sources,
            pace: judged.pace,
            language: judged.language,
            context: judged.context,
            lines: OnceCell::new(),
            records: OnceCell::new(),
            lore: OnceCell::new(),
        }
    }

    /// A line as it stands in the draft.
    pub fn line(&self, line: u32) -> &'a str {
        let lines = self.lines.get_or_init(|| self.text.lines().collect());
        usize::try_from(line).ok().and_then(|n| lines.get(n)).copied().unwrap_or_default()
    }

    /// Each item read as JSON; made once for all demands.
    pub fn records(&self) -> &[json::Read<'a>] {
        self.records.get_or_init(|| self.items.iter().map(|item| Node::read(item.text)).collect())
    }

    /// What is known of the attachment called `name`, or of all when it is empty.
    pub fn lore(&self, name: &str) -> std::sync::Arc<Lore> {
        let (first, lore) = self.lore.get_or_init(|| (name.to_owned(), Lore::of(&self.sources(name))));
        if first == name { lore.clone() } else { Lore::of(&self.sources(name)) }
    }

    /// The text is English, as far as anybody said.
    pub fn is_english(&self) -> bool {
        let told = self.language.trim().to_ascii_lowercase();
        told.is_empty() || told == "en" || told.starts_with("en-") || told.starts_with("en_") || told.starts_with("english")
    }

    /// What one item is called in this form.
    pub fn noun(&self, n: u64) -> &'static str {
        match (self.form, n) {
            (Form::ChatJsonl, 1) => "dialogue",
            (Form::ChatJsonl, _) => "dialogues",
            (Form::RankJsonl, 1) => "record",
            (Form::RankJsonl, _) => "records",
            (_, 1) => "line",
            _ => "lines",
        }
    }

    /// The texts of the attachment called `name`, or of all when it is empty.
    pub fn sources(&self, name: &str) -> Vec<&'a str> {
        self.sources.iter().filter(|(n, _)| name.is_empty() || *n == name).map(|(_, text)| *text).collect()
    }
}

/// The items of a text.
pub fn items(text: &str) -> Vec<Item<'_>> {
    text.lines()
        .enumerate()
        .filter_map(|(i, line)| {
            let text = bare(line);
            (!text.is_empty()).then(|| Item { line: u32::try_from(i).unwrap_or(u32::MAX), text })
        })
        .collect()
}

/// A line without spaces around it and without "1. ", "1) ", "(1) ", "- ", "* " or "• " before it.
pub fn bare(line: &str) -> &str {
    let line = line.trim();
    for bullet in ["- ", "* ", "• ", "– ", "— "] {
        if let Some(rest) = line.strip_prefix(bullet) {
            return rest.trim_start();
        }
    }
    if matches!(line, "-" | "*" | "•") {
        return &line[line.len()..];
    }
    let open = line.strip_prefix('(').unwrap_or(line);
    let rest = open.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = open.len() - rest.len();
    if !(1..=4).contains(&digits) {
        return line;
    }
    let behind = if open.len() == line.len() { rest.strip_prefix(['.', ')']) } else { rest.strip_prefix(')') };
    match behind {
        // A piece of the line even when it is empty: callers work out where it stands.
        Some("") => &line[line.len()..],
        Some(text) if text.starts_with(char::is_whitespace) => text.trim_start(),
        _ => line,
    }
}

/// Words as a dictionary counts them (UAX #29), list numbering not counted.
pub fn words(line: &str) -> u64 {
    bare(line).unicode_words().count() as u64
}

/// User-perceived characters.
pub fn graphemes(text: &str) -> u64 {
    if text.is_ascii() && !text.contains('\r') { text.len() as u64 } else { text.graphemes(true).count() as u64 }
}

/// A line without anything in square brackets: stamps, stage directions, page references.
pub fn unbracketed(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        match rest[open..].find(']') {
            Some(close) => rest = &rest[open + close + 1..],
            None => {
                // Nothing closes it, nor any later one.
                rest = &rest[open..];
                break;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A line with blanks, byte for byte, in place of its numbering and of everything in square brackets: what is left stands where it
/// stood.
pub fn blanked(line: &str) -> String {
    let start = bare(line);
    let from = (start.as_ptr() as usize).saturating_sub(line.as_ptr() as usize).min(line.len());
    let mut out = " ".repeat(from);
    let mut rest = &line[from..];
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']') else { break };
        out.push_str(&rest[..open]);
        // A full stop's worth: what follows a stamp opens a sentence.
        out.push_str(&" ".repeat(close));
        out.push(']');
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

/// What is said of a line of a script: nothing in square brackets, nor what stands behind the `|` of an on-screen column.
pub fn spoken(line: &str) -> String {
    let line = bare(line);
    let said = line.split_once('|').map_or(line, |(said, _)| said);
    unbracketed(said)
}

/// The stamp `[m:ss]` that opens a line, in seconds, and the rest of the line. A range (`[0:00–0:05]`) counts from its start.
pub fn stamp(line: &str) -> Option<(u32, &str)> {
    let inner = line.trim_start().strip_prefix('[')?;
    let (stamp, rest) = inner.split_once(']')?;
    if stamp.len() > 24 {
        return None;
    }
    let start = stamp.split(['-', '–', '—']).next()?.trim();
    let (minutes, seconds) = start.split_once(':')?;
    let number = |s: &str, max_len: usize| {
        let fine = (1..=max_len).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
        fine.then(|| s.parse::<u32>().ok()).flatten()
    };
    let (minutes, seconds) = (number(minutes, 4)?, number(seconds, 2).filter(|s| *s < 60)?);
    (start.ends_with(|c: char| c.is_ascii_digit()) && start.rsplit(':').next()?.len() == 2)
        .then_some((minutes * 60 + seconds, rest))
}

/// "1:52" for 112.
pub fn clock(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Lower case, and runs of white space as one space: what "case does not matter" means.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        // Curly apostrophes are the same letter to a reader.
        if c == '’' { out.push('\'') } else { out.extend(c.to_lowercase()) }
    }
    out
}
