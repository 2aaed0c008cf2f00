//! What a draft rests on, laid out to look things up in: words, numbers and dates of the attachments, each with its page.

use std::collections::HashMap;

use super::dates::{self, Date};
use super::grounded::{self, Number, numbers};
use crate::domain::pages::pages;

/// Most bytes of sources that are laid out: far over any report, and bounded work for one that is none.
const BYTES: usize = 4 << 20;

/// The sources of a job.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Letters and digits in lower case, words with one blank between them and one at each end.
    plain: String,
    /// Byte of `plain` from which on it is this page.
    starts: Vec<(usize, u32)>,
    /// Values of its numbers, in canonical decimal.
    numbers: HashMap<String, u32>,
    dates: Vec<(Date, u32)>,
    /// Zeros that its tables leave out: "Operating cost (thousand pounds)".
    tables: Vec<usize>,
    /// There are pages, so that one can be named.
    paged: bool,
}

impl Source {
    /// Lays out these texts.
    pub fn of(texts: &[&str]) -> Source {
        let mut source = Source { plain: " ".to_owned(), ..Source::default() };
        let mut left = BYTES;
        for text in texts {
            let text = &text[..floor(text, left)];
            left -= text.len();
            let pages = pages(text);
            source.paged |= pages.len() > 1;
            for page in &pages {
                source.starts.push((source.plain.len(), page.number));
                plain_into(page.text, &mut source.plain);
                source.take_numbers(page.text, page.number);
                source.dates.extend(dates::dates(page.text).into_iter().map(|found| (found.date, page.number)));
            }
        }
        source
    }

    fn take_numbers(&mut self, text: &str, page: u32) {
        // "24.1" at a line's end and "million" on the next one belong together.
        let text = text.replace('\n', " ");
        for number in numbers(&text).into_iter().chain(grounded::spelled(&text)) {
            if let Some(scaled) = number.scaled {
                self.numbers.entry(scaled).or_insert(page);
            }
            self.numbers.entry(number.plain).or_insert(page);
        }
        let low = text.to_lowercase();
        for (zeros, words) in
            [(3, ["(thousand", "in thousand"]), (6, ["(million", "in million"]), (9, ["(billion", "in billion"])]
        {
            if words.iter().any(|word| low.contains(word)) && !self.tables.contains(&zeros) {
                self.tables.push(zeros);
            }
        }
    }

    /// Where these words stand, one behind the other, as whole words; case and signs do not matter.
    pub fn words(&self, words: &str) -> Option<Found> {
        let mut needle = " ".to_owned();
        plain_into(words, &mut needle);
        if needle.len() < 2 {
            return None;
        }
        let at = memchr::memmem::find(self.plain.as_bytes(), needle.as_bytes())?;
        Some(Found { page: self.page(at + 1) })
    }

    /// Where a word begins like this.
    pub fn stem(&self, stem: &str) -> Option<Found> {
        let at = memchr::memmem::find(self.plain.as_bytes(), format!(" {stem}").as_bytes())?;
        Some(Found { page: self.page(at + 1) })
    }

    /// Where a number with this value stands.
    pub fn number(&self, value: &str) -> Option<Found> {
        self.numbers.get(value).map(|page| Found { page: self.paged.then_some(*page) })
    }

    /// Where a number of the draft stands: its value with the word of scale behind it, or what a table in thousands says.
    pub fn amount(&self, number: &Number<'_>) -> Option<Found> {
        let Some(scaled) = &number.scaled else { return self.number(&number.plain) };
        let in_table = || {
            let zeros = self.tables.iter().any(|zeros| grounded::shifted(&number.plain, *zeros) == *scaled);
            zeros.then(|| self.number(&number.plain)).flatten()
        };
        self.number(scaled).or_else(in_table)
    }

    /// Where a date stands that says at least as much, and nothing else.
    pub fn date(&self, date: &Date) -> Option<Found> {
        // A year that the source leaves to be understood must at least be one that it speaks of.
        let year = |known: &Date| match date.year.filter(|_| known.year.is_none()) {
            Some(year) => date.day.is_some() && self.numbers.contains_key(&year.to_string()),
            None => true,
        };
        let (_, page) = self.dates.iter().find(|(known, _)| date.agrees_with(known) && year(known))?;
        Some(Found { page: self.paged.then_some(*page) })
    }

    /// There is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.plain.len() < 2
    }

    fn page(&self, at: usize) -> Option<u32> {
        let index = self.starts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        self.starts.get(index).filter(|_| self.paged).map(|(_, page)| *page)
    }
}

/// It is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// On this page, where there are any.
    pub page: Option<u32>,
}

/// Letters and digits in lower case, words with one blank behind each. A word cut at a line's end is put together.
pub fn plain_into(text: &str, out: &mut String) {
    let mut rest = text.chars().peekable();
    let mut open = false;
    while let Some(c) = rest.next() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
            open = true;
        } else if matches!(c, '-' | '\u{ad}') && open && rest.peek() == Some(&'\n') {
            // "tur-\nbine": the hyphen is the line's, unless what follows opens a name.
            rest.next();
            if !rest.peek().is_some_and(|next| next.is_lowercase()) {
                out.push(' ');
                open = false;
            }
        } else if open && c != '\u{ad}' {
            out.push(' ');
            open = false;
        }
    }
    if open {
        out.push(' ');
    }
}

/// At most `most` bytes, cut between characters.
pub fn floor(text: &str, most: usize) -> usize {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}
