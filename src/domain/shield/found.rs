//! A sign with what shows it.

use serde::{Deserialize, Serialize};

use super::Sign;
use crate::domain::Text;

/// A sign with what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The sign.
    pub sign: Sign,
    /// The words that show it, or its pay in words; empty where they were not kept.
    pub words: Text,
    /// Where that stands.
    #[serde(default, skip_serializing_if = "Shown::is_words")]
    pub by: Shown,
}

/// What shows a sign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// Words of the job.
    #[default]
    Words,
    /// Its pay beside what such work paid.
    Figures,
    /// Words of the attachment of this name.
    File(Text),
}

impl Shown {
    fn is_words(&self) -> bool {
        *self == Shown::Words
    }
}

impl Found {
    /// What it wants and what shows that: the short sentence.
    pub fn told(&self) -> String {
        let Found { sign, words, by } = self;
        match by {
            Shown::Words if words.is_empty() => format!("It {}.", sign.wants()),
            Shown::Words => format!("It {}: \u{201c}{words}\u{201d}.", sign.wants()),
            Shown::Figures => format!("It {}: it {words}.", sign.wants()),
            Shown::File(name) => format!("Its attachment {name} {}: \u{201c}{words}\u{201d}.", sign.wants()),
        }
    }

    /// The same, and why that is a sign.
    pub fn sentence(&self) -> String {
        format!("{} {}.", self.told(), capital(self.sign.why()))
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
