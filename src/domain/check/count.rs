//! Demands that count: items, characters, words.

use unicode_segmentation::UnicodeSegmentation;

use super::sheet::{Sheet, graphemes, words};
use super::{Fault, Finding};
use crate::domain::deliverable::Form;

/// From here on a maximum means "no maximum".
const ENDLESS: u32 = 1_000_000;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// User-perceived characters.
    Characters,
    /// Words.
    Words,
}

impl Unit {
    fn noun(self, n: u64) -> &'static str {
        match (self, n) {
            (Unit::Characters, 1) => "character",
            (Unit::Characters, _) => "characters",
            (Unit::Words, 1) => "word",
            (Unit::Words, _) => "words",
        }
    }

    fn of(self, text: &str) -> u64 {
        match self {
            Unit::Characters => graphemes(text),
            Unit::Words => words(text),
        }
    }

    /// The byte behind the first `max` of them, when there are more.
    fn end_of(self, text: &str, max: u32) -> Option<usize> {
        let max = usize::try_from(max).ok()?;
        match self {
            Unit::Characters => text.grapheme_indices(true).nth(max).map(|(at, _)| at),
            Unit::Words => text.unicode_word_indices().nth(max).map(|(at, _)| at),
        }
    }
}

/// "5 lines", "3–5 lines", "at least 3 lines", "at most 60 characters".
pub fn span(min: u32, max: u32, noun: impl Fn(u64) -> &'static str) -> String {
    let most = noun(max.into());
    match (min, max) {
        (min, max) if min == max => format!("{min} {most}"),
        (min, ENDLESS..) => format!("at least {min} {}", noun(min.into())),
        (0, max) => format!("at most {max} {most}"),
        (min, max) => format!("{min}–{max} {most}"),
    }
}

/// What is so and what to do about it; `None` when it is as asked.
fn amiss(n: u64, min: u32, max: u32, noun: impl Fn(u64) -> &'static str) -> Option<Fault> {
    if n < u64::from(min) {
        let more = u64::from(min) - n;
        let wanted = if min == max { format!("{n} of {min}") } else { format!("{n}, at least {min} needed") };
        return Some(Fault::new(wanted, format!("add {more} {}", noun(more))));
    }
    if max < ENDLESS && n > u64::from(max) {
        let less = n - u64::from(max);
        return Some(Fault::new(format!("{n}, at most {max} allowed"), format!("cut {less} {}", noun(less))));
    }
    None
}

/// So many items.
pub fn items(sheet: &Sheet<'_>, min: u32, max: u32) -> Finding {
    let noun = |n| sheet.noun(n);
    let label = span(min, max, noun);
    match amiss(sheet.items.len() as u64, min, max, noun) {
        None => Finding::pass(label),
        Some(fault) => {
            let extra = sheet.items.get(max as usize).filter(|_| sheet.items.len() as u64 >= u64::from(min)).map(|i| i.line);
            Finding::fail(label, fault.what, fault.cure).on(extra)
        }
    }
}

/// So much in each item. What is too much of an item is its end.
pub fn each(sheet: &Sheet<'_>, min: u32, max: u32, unit: Unit) -> Finding {
    let label = format!("{} in each {}", span(min, max, |n| unit.noun(n)), sheet.noun(1));
    let wrong = sheet.items.iter().enumerate().filter_map(|(i, item)| {
        let fault = amiss(unit.of(item.text), min, max, |n| unit.noun(n))?;
        let over = unit.end_of(item.text, max).map_or(item.text, |end| &item.text[end..]);
        let what = format!("{} {} has {}", sheet.noun(1), i + 1, fault.what);
        Some((item.line, Fault::new(what, fault.cure).of(sheet.line(item.line), over)))
    });
    Finding::of(label, wrong)
}

/// So much in all. In a script only what is said counts as words.
pub fn whole(sheet: &Sheet<'_>, min: u32, max: u32, unit: Unit) -> Finding {
    let label = format!("{} in all", span(min, max, |n| unit.noun(n)));
    let n = match unit {
        Unit::Characters => graphemes(sheet.text.trim_end()),
        Unit::Words if sheet.form == Form::Script => super::script::said(sheet),
        Unit::Words => sheet.items.iter().map(|item| words(item.text)).sum(),
    };
    match amiss(n, min, max, |n| unit.noun(n)) {
        None => Finding::pass(label),
        Some(fault) => Finding::fail(label, fault.what, fault.cure),
    }
}
