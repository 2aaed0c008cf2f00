//! A view: a saved query and an order over it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Text;
use super::query::Query;

/// What an order is by. Pinned jobs come first in every order; the last tie falls to arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Latest posted first.
    Newest,
    /// Best paid first.
    Pay,
    /// Best expected rate first.
    Rate,
    /// Soonest gone first.
    Expiring,
    /// Fits best first.
    Fit,
    /// Requesters with the best record first.
    Requester,
}

impl SortKey {
    /// All, in the order a menu shows them.
    pub const ALL: [SortKey; 6] =
        [SortKey::Newest, SortKey::Pay, SortKey::Rate, SortKey::Expiring, SortKey::Fit, SortKey::Requester];

    /// Its word in configs and on the screen.
    pub fn word(self) -> &'static str {
        match self {
            SortKey::Newest => "newest",
            SortKey::Pay => "pay",
            SortKey::Rate => "rate",
            SortKey::Expiring => "expiring",
            SortKey::Fit => "fit",
            SortKey::Requester => "requester",
        }
    }
}

/// One level of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Level {
    /// By what.
    pub by: SortKey,
    /// The other way round.
    pub reversed: bool,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.reversed { "-" } else { "" }, self.by.word())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Level, String> {
        let (word, reversed) = text.strip_prefix('-').map_or((text, false), |rest| (rest, true));
        let by = SortKey::ALL.into_iter().find(|key| key.word() == word);
        let known = SortKey::ALL.map(SortKey::word).join(", ");
        by.map(|by| Level { by, reversed }).ok_or_else(|| format!("\"{word}\" is not an order; orders are {known}"))
    }
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Which jobs, and in what order. Without a sort: newest first, or best match first where the query is fuzzy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// Which. The ordinary feed unless the query names a state beyond it.
    pub query: Query,
    /// At most three levels.
    pub sort: Vec<Level>,
    /// Identical jobs of one requester are one row.
    pub group: bool,
}

impl View {
    /// A view of what `text` asks for, or the reason why it asks for nothing.
    ///
    /// # Errors
    /// As [`Query::parse`].
    pub fn of(text: &str) -> Result<View, super::query::QueryError> {
        Ok(View { query: Query::parse(text)?, ..View::default() })
    }
}

/// The views that are there when the config names none.
pub fn builtin() -> Vec<NamedView> {
    let view = |name: &str, state: Option<super::query::Is>| {
        let query = state.map_or_else(Query::all, Query::is);
        NamedView { name: Text::title(name), view: View { query, ..View::default() } }
    };
    use super::query::Is;
    vec![view("Open", None), view("Starred", Some(Is::Starred)), view("Away", Some(Is::Away)), view("All", Some(Is::Any))]
}

/// A view with its name: a tab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedView {
    /// Shown on the tab; unique.
    pub name: Text,
    /// What it shows.
    #[serde(flatten)]
    pub view: View,
}
