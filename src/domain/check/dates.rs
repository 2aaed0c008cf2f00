//! Dates as people write them: "12 March 2024", "March 12", "2024-03-12", "Sept 2023".

/// A date, as far as it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Date {
    /// The year.
    pub year: Option<u32>,
    /// The month.
    pub month: u32,
    /// The day of it.
    pub day: Option<u32>,
}

impl Date {
    /// Whether `known` says the same as far as this one goes. A year or a day that it does not tell is not told otherwise.
    pub fn agrees_with(&self, known: &Date) -> bool {
        let fits = |mine: Option<u32>, theirs: Option<u32>| mine.is_none() || theirs.is_none() || mine == theirs;
        self.month == known.month
            && fits(self.year, known.year)
            && fits(self.day, known.day)
            && (self.day.is_none() || known.day.is_some())
    }
}

/// A date in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub date: Date,
    /// Bytes of the text, from and to.
    pub span: (usize, usize),
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Every date of a text that names its month or is written year first. "May" and "March" alone are words, and so is any month
/// without a day or a year beside it.
pub fn dates(text: &str) -> Vec<Found> {
    let words: Vec<(usize, &str)> = pieces(text).collect();
    let mut found = Vec::new();
    for (i, (at, word)) in words.iter().enumerate() {
        if let Some(date) = iso(word) {
            found.push(Found { date, span: (*at, at + word.len()) });
            continue;
        }
        let Some(month) = month(word) else { continue };
        let close = |a: usize, b: usize| {
            let (start, end) = (words[a].0 + words[a].1.len(), words[b].0);
            text.get(start..end)
                .is_some_and(|gap| gap.len() <= 4 && gap.chars().all(|c| matches!(c, ' ' | ',' | '.' | '\u{a0}' | '\n')))
        };
        let (mut from, mut to) = (i, i);
        let mut date = Date { year: None, month, day: None };
        let day_before = i.checked_sub(1).filter(|b| close(*b, i)).and_then(|b| Some((b, day(words[b].1)?)));
        if let Some((b, day)) = day_before {
            (date.day, from) = (Some(day), b);
        } else if i > 1
            && words[i - 1].1.eq_ignore_ascii_case("of")
            && let Some(day) = day(words[i - 2].1)
        {
            (date.day, from) = (Some(day), i - 2);
        } else if i + 1 < words.len()
            && close(i, i + 1)
            && let Some(day) = day(words[i + 1].1)
        {
            (date.day, to) = (Some(day), i + 1);
        }
        if to + 1 < words.len()
            && close(to, to + 1)
            && let Some(year) = year(words[to + 1].1)
        {
            (date.year, to) = (Some(year), to + 1);
        }
        if date.day.is_some() || date.year.is_some() {
            found.push(Found { date, span: (words[from].0, words[to].0 + words[to].1.len()) });
        }
    }
    found
}

/// Runs of letters, digits and hyphens between digits.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(|c: char| c.is_alphanumeric())?;
        let bytes = text.as_bytes();
        let len = text[start..]
            .char_indices()
            .find(|(i, c)| {
                let hyphen = *c == '-' && *i > 0 && bytes[start + i - 1].is_ascii_digit();
                !(c.is_alphanumeric() || hyphen && bytes.get(start + i + 1).is_some_and(u8::is_ascii_digit))
            })
            .map_or(text.len() - start, |(i, _)| i);
        at = start + len;
        Some((start, &text[start..start + len]))
    })
}

fn month(word: &str) -> Option<u32> {
    if !word.starts_with(|c: char| c.is_ascii_uppercase()) || word.len() < 3 || word.len() > 9 {
        return None;
    }
    let low = word.to_ascii_lowercase();
    let n = MONTHS.iter().position(|name| *name == low || low.len() <= 4 && name.starts_with(&low))?;
    u32::try_from(n + 1).ok()
}

fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let tail = &word[digits.len()..];
    if !(1..=2).contains(&digits.len()) || !matches!(tail.to_ascii_lowercase().as_str(), "" | "st" | "nd" | "rd" | "th") {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

fn year(word: &str) -> Option<u32> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| (1000..=2999).contains(year))
}

fn iso(word: &str) -> Option<Date> {
    if word.len() > 10 {
        return None;
    }
    let mut parts = word.split('-');
    let (year_word, month, day_word) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || month.len() != 2 {
        return None;
    }
    let month = month.parse().ok().filter(|m| (1..=12).contains(m))?;
    let day = match day_word {
        Some(written) => Some(day(written)?),
        // "2019-20" is a span of years.
        None => return None,
    };
    Some(Date { year: Some(year(year_word)?), month, day })
}
