//! The fields: their words, what they mean, an example of each. Parser, printer, completions and help read this one table.

use super::ast::{NumberField, TextField};

/// What stands before a `:` or a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Compared with patterns.
    Text(TextField),
    /// Compared with numbers.
    Number(NumberField),
    /// `is:`
    Is,
    /// `seen:`
    Seen,
    /// `ai:`
    Ai,
    /// `mode:`
    Mode,
    /// `costs:`
    Costs,
    /// `brief:`
    Brief,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct FieldHelp {
    /// Which.
    pub field: Field,
    /// Its word.
    pub word: &'static str,
    /// Other words that are read.
    pub others: &'static [&'static str],
    /// What it looks at, in a few words.
    pub about: &'static str,
    /// A query with it.
    pub example: &'static str,
}

const fn row(
    field: Field,
    word: &'static str,
    others: &'static [&'static str],
    about: &'static str,
    example: &'static str,
) -> FieldHelp {
    FieldHelp { field, word, others, about, example }
}

/// All fields, the most used first.
pub const FIELDS: &[FieldHelp] = &[
    row(Field::Number(NumberField::Pay), "pay", &["reward"], "pay, in any currency or in one", "pay>=0.50"),
    row(Field::Number(NumberField::Rate), "rate", &["hourly"], "expected net pay an hour", "rate>=12/h"),
    row(Field::Number(NumberField::Mins), "mins", &["min", "minutes"], "expected minutes", "mins<=20"),
    row(Field::Text(TextField::Kind), "kind", &["type"], "kind of work", "kind:tagline,caption"),
    row(Field::Is, "is", &["state"], "its state: new, hidden, claimed, …", "is:new|starred"),
    row(Field::Text(TextField::Requester), "requester", &["req", "by"], "who asks", "requester:\"Acme*\""),
    row(Field::Text(TextField::Source), "source", &["src"], "which of your sources", "source:practice"),
    row(Field::Text(TextField::Tag), "tag", &["tags"], "one of the tags", "tag:summar*"),
    row(Field::Ai, "ai", &[], "what an assistant may do", "ai:allowed,assist"),
    row(Field::Number(NumberField::Age), "age", &[], "time since it was posted", "age<10m"),
    row(Field::Number(NumberField::Expires), "expires", &["exp"], "time until it is gone", "expires<2h"),
    row(Field::Number(NumberField::Slots), "slots", &["places"], "places left", "slots>=3"),
    row(Field::Number(NumberField::Fit), "fit", &[], "how well it fits you, 0 to 100", "fit>=60"),
    row(Field::Seen, "seen", &[], "whether you looked at it", "seen:no"),
    row(Field::Text(TextField::Title), "title", &[], "words in the title alone", "title:\"short story\""),
    row(Field::Text(TextField::Language), "lang", &["language"], "language; en fits en-GB too", "lang:en,de"),
    row(Field::Text(TextField::Needs), "needs", &["need", "requires"], "a requirement, by kind or words", "-needs:geo"),
    row(Field::Costs, "costs", &["cost"], "what it takes from you first", "costs:no"),
    row(Field::Mode, "mode", &["claim"], "how it becomes yours", "mode:race,contest"),
    row(Field::Number(NumberField::Time), "time", &["ttl"], "time allowed once claimed", "time>=30m"),
    row(Field::Number(NumberField::Rivals), "rivals", &["competitors"], "others at it", "rivals<5"),
    row(Field::Number(NumberField::Count), "count", &[], "how often listed anew or changed", "count>1"),
    row(Field::Brief, "brief", &[], "words in the whole brief (slower)", "brief:haiku"),
    row(Field::Text(TextField::Key), "key", &["id"], "the job's key", "key:practice:j-1*"),
];

impl Field {
    /// The field that `typed` names, without regard to case.
    pub fn named(typed: &str) -> Option<Field> {
        let same = |name: &str| name.eq_ignore_ascii_case(typed);
        FIELDS.iter().find(|row| same(row.word) || row.others.iter().any(|other| same(other))).map(|row| row.field)
    }

    /// Its line of the table.
    pub fn help(self) -> &'static FieldHelp {
        FIELDS.iter().find(|row| row.field == self).unwrap_or(&FIELDS[0])
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        self.help().word
    }
}

/// What a field counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Amount,
    Rate,
    Minutes,
    Count,
    Span,
}

impl NumberField {
    pub(super) fn unit(self) -> Unit {
        match self {
            NumberField::Pay => Unit::Amount,
            NumberField::Rate => Unit::Rate,
            NumberField::Mins => Unit::Minutes,
            NumberField::Slots | NumberField::Rivals | NumberField::Fit | NumberField::Count => Unit::Count,
            NumberField::Age | NumberField::Expires | NumberField::Time => Unit::Span,
        }
    }
}

impl Unit {
    /// What may be written, for errors and completions.
    pub(super) fn examples(self) -> &'static [&'static str] {
        match self {
            Unit::Amount => &["0.50", "1", "2", "5"],
            Unit::Rate => &["12/h", "15/h", "20/h", "30/h"],
            Unit::Minutes => &["5", "10", "20", "60"],
            Unit::Count => &["1", "3", "10", "60"],
            Unit::Span => &["10m", "30m", "2h", "1d"],
        }
    }
}
