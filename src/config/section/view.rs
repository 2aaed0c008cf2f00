//! `[[view]]`: the tabs, in order.

use serde::Deserialize;

use super::Section;
use crate::config::file::Spots;
use crate::config::problem::{Problem, nearest};
use crate::domain::view::{Level, SortKey};
use crate::domain::{NamedView, Text, View};

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    name: Option<String>,
    query: Option<String>,
    sort: Vec<String>,
    group: bool,
}

/// Its keys.
pub const KEYS: [&str; 4] = ["name", "query", "sort", "group"];
/// Levels of an order.
const LEVELS: usize = 3;

pub(in crate::config) fn take(raw: Vec<Raw>, spots: &Spots, problems: &mut Vec<Problem>) -> Vec<NamedView> {
    if raw.is_empty() {
        return crate::domain::view::builtin();
    }
    let mut views: Vec<NamedView> = Vec::new();
    for (n, raw) in raw.into_iter().enumerate() {
        let mut section = Section::new(format!("view[{n}]"), spots, problems);
        let before = section.count();
        let name = Text::title(raw.name.unwrap_or_default().trim());
        if name.is_empty() {
            section.wrong("", "a view needs a name", "add name = \"…\": it stands on the tab");
        } else if views.iter().any(|known| known.name == name) {
            section.wrong("name", format!("two views are called \"{name}\""), "give each a name of its own");
        }
        let query = section.query("query", &raw.query.unwrap_or_default()).unwrap_or_default();
        let sort = raw.sort.iter().enumerate().filter_map(|(n, word)| level(&mut section, n, word)).collect();
        if raw.sort.len() > LEVELS {
            section.wrong("sort", format!("an order has at most {LEVELS} levels"), "keep the first ones");
        }
        if section.count() == before {
            views.push(NamedView { name, view: View { query, sort, group: raw.group } });
        }
    }
    views
}

fn level(section: &mut Section, n: usize, word: &str) -> Option<Level> {
    match word.parse::<Level>() {
        Ok(level) => Some(level),
        Err(what) => {
            let plain = word.trim_start_matches('-');
            let meant = nearest(plain, SortKey::ALL.map(SortKey::word));
            let minus = if plain.len() < word.len() { "-" } else { "" };
            let hint = meant.map_or(String::new(), |meant| format!("did you mean \"{minus}{meant}\"?"));
            section.wrong(&format!("sort[{n}]"), what, hint);
            None
        }
    }
}
