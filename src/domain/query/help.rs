//! The language on one page: the prompt's `?`, the command line's help and the hints of errors show these lines and no others.

use std::fmt::Write;

use super::field::FIELDS;

/// A line: what is written, what it means, and a query that reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HelpRow {
    /// The field or the sign.
    pub what: &'static str,
    /// What it means.
    pub about: &'static str,
    /// A query with it.
    pub example: &'static str,
}

const fn row(what: &'static str, about: &'static str, example: &'static str) -> HelpRow {
    HelpRow { what, about, example }
}

/// How words and terms are put together.
pub const SYNTAX: &[HelpRow] = &[
    row("word", "in the title, the requester or a tag", "logo"),
    row("a b", "both", "short story"),
    row("a or b", "one of them; | is the same", "logo or banner"),
    row("-a  !a", "not", "-survey"),
    row("( )", "together", "-(survey or kind:art)"),
    row("\"…\"", "these words as they stand", "\"short story\""),
    row("wor*", "a word with anything for the star", "summar*"),
    row("~word", "its letters in order, best match first", "~tgln"),
    row("/…/", "a regex, case does not matter", "/cap(tion)?s?$/"),
    row("\\", "the next character as itself", "c\\:d"),
    row(":  =", "is; several values with commas", "kind:tagline,caption"),
    row("< <= >= >", "compares numbers, amounts, times", "pay>=0.50 age<10m"),
    row("a..b", "from, to", "pay:0.50..2"),
    row("0.50USD", "an amount in one currency; $ € £ too", "pay>=$0.50"),
    row("90s 10m 2h 1d 1w", "lengths of time; 1h30m", "expires<1h30m"),
];

/// All rows: the fields, then the syntax.
pub fn help() -> impl Iterator<Item = HelpRow> {
    FIELDS.iter().map(|f| row(f.word, f.about, f.example)).chain(SYNTAX.iter().copied())
}

/// The page as text, for terminals of 80 columns.
pub fn help_text() -> String {
    let mut out = String::from("Fields\n");
    let line = |out: &mut String, row: HelpRow| {
        let pad = |text: &str, width: usize| {
            let short = width.saturating_sub(unicode_width::UnicodeWidthStr::width(text));
            format!("{text}{:short$}", "")
        };
        let _ = writeln!(out, "  {} {} {}", pad(row.what, 16), pad(row.example, 22), row.about);
    };
    FIELDS.iter().for_each(|f| line(&mut out, row(f.word, f.about, f.example)));
    out.push_str("\nWords and signs\n");
    SYNTAX.iter().for_each(|row| line(&mut out, *row));
    out.push_str(
        "\nOnly open jobs that are not put away and not yours are shown, unless `is:`\nnames another state; is:any for all.\n",
    );
    out
}
