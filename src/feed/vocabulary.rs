//! The words that occur in the feed, for completions.

use std::collections::BTreeSet;

use super::columns::Columns;
use super::names::Dictionary;

/// Words by field, each in alphabetical order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary<'a> {
    /// Kinds of work.
    pub kinds: Vec<&'a str>,
    /// Sources.
    pub sources: Vec<&'a str>,
    /// Requesters' names.
    pub requesters: Vec<&'a str>,
    /// Tags.
    pub tags: Vec<&'a str>,
    /// Languages.
    pub languages: Vec<&'a str>,
}

impl Columns {
    /// The words in use, at most `most` of each sort.
    pub fn vocabulary(&self, most: usize) -> Vocabulary<'_> {
        let names = &self.table.names;
        Vocabulary {
            kinds: sorted(names.kinds.in_use().map(|text| text.as_str()), most),
            sources: sorted(names.sources.in_use().map(|text| text.as_str()), most),
            requesters: sorted(names.askers.in_use().map(|asker| asker.shown()), most),
            tags: sorted(names.tags.in_use().flat_map(|tags| tags.iter().map(|tag| tag.as_str())), most),
            languages: sorted(names.languages.in_use().map(|text| text.as_str()), most),
        }
    }
}

impl<T> Dictionary<T> {
    /// Values that a row names.
    fn in_use(&self) -> impl Iterator<Item = &T> {
        self.values().iter().enumerate().filter(|(id, _)| self.is_used(*id)).map(|(_, value)| value)
    }
}

fn sorted<'a>(words: impl Iterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    // Requesters are many: so many are looked at that the first ones of the alphabet are likely among them.
    let words: BTreeSet<&str> = words.filter(|word| !word.is_empty()).take(most * 20).collect();
    words.into_iter().take(most).collect()
}
