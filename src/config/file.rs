//! Text of a config file → raw values, or everything that is wrong with it.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use super::problem::{Problem, nearest, place};
use super::raw::{self, Raw};

/// Where every key of a file stands.
#[derive(Debug, Default)]
pub(super) struct Spots {
    text: String,
    spots: Vec<Spot>,
}

#[derive(Debug)]
struct Spot {
    path: String,
    key: Range<usize>,
    value: Range<usize>,
}

impl Spots {
    /// A problem with the value of `path`.
    pub fn problem(&self, path: &str, what: impl Into<String>, hint: impl Into<String>) -> Problem {
        let at = self.spots.iter().find(|spot| spot.path == path).map(|spot| spot.value.start.min(spot.key.start));
        let (line, column) = at.map_or((0, 0), |at| place(&self.text, at));
        Problem { line, column, path: path.to_owned(), what: what.into(), hint: hint.into() }
    }

    /// The innermost key whose name or value covers `offset`.
    fn path_at(&self, offset: usize) -> String {
        let covers = |range: &Range<usize>| range.start <= offset && offset < range.end.max(range.start + 1);
        let found = self.spots.iter().filter(|spot| covers(&spot.key) || covers(&spot.value));
        found.max_by_key(|spot| spot.path.len()).map(|spot| spot.path.clone()).unwrap_or_default()
    }

    fn walk(&mut self, table: &dyn TableLike, under: &str) {
        for (name, item) in table.iter() {
            let shown = if name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
                name.to_owned()
            } else {
                format!("\"{name}\"")
            };
            let path = if under.is_empty() { shown } else { format!("{under}.{shown}") };
            let key = table.key(name).and_then(|key| key.span());
            self.add(&path, key, item);
        }
    }

    fn add(&mut self, path: &str, key: Option<Range<usize>>, item: &Item) {
        let value = item.span();
        if let Some(some) = key.clone().or_else(|| value.clone()) {
            let spot = Spot { path: path.to_owned(), key: key.unwrap_or(some.clone()), value: value.unwrap_or(some) };
            self.spots.push(spot);
        }
        if let Some(table) = item.as_table_like() {
            self.walk(table, path);
        } else if let Some(tables) = item.as_array_of_tables() {
            for (n, table) in tables.iter().enumerate() {
                let path = format!("{path}[{n}]");
                let span = table.span().unwrap_or_default();
                self.spots.push(Spot { path: path.clone(), key: span.clone(), value: span });
                self.walk(table, &path);
            }
        } else if let Some(array) = item.as_array() {
            for (n, value) in array.iter().enumerate() {
                let path = format!("{path}[{n}]");
                let span = value.span().unwrap_or_default();
                self.spots.push(Spot { path: path.clone(), key: span.clone(), value: span });
                if let Some(table) = value.as_inline_table() {
                    self.walk(table, &path);
                }
            }
        }
    }

    /// Keys that nobody knows.
    fn unknown(&self) -> Vec<Problem> {
        self.spots.iter().filter_map(|spot| self.unknown_at(spot)).collect()
    }

    fn unknown_at(&self, spot: &Spot) -> Option<Problem> {
        let (parent, name) = spot.path.rsplit_once('.').unwrap_or(("", &spot.path));
        if name.ends_with(']') {
            return None;
        }
        let (what, known): (_, &[&str]) = match parent {
            "" => ("at the top of the file", &raw::TOP),
            "general" => ("in [general]", &raw::GENERAL),
            _ if parent.starts_with("source[") && !parent.contains('.') => ("in [[source]]", &raw::SOURCE),
            _ => return None,
        };
        if known.contains(&name) {
            return None;
        }
        let hint = if name == "key" || name == "api_key" || name == "token" || name == "password" {
            "a key never stands in this file; name a program with key_cmd = [\"pass\", \"show\", …], or a file with key_file"
                .to_owned()
        } else if let Some(meant) = nearest(name, known.iter().copied()) {
            format!("did you mean `{meant}`?")
        } else if let Some(home) = home_of(name) {
            format!("`{name}` belongs in {home}")
        } else {
            String::new()
        };
        let (line, column) = place(&self.text, spot.key.start);
        let what = format!("unknown key `{name}`; keys {what} are {}", known.join(", "));
        Some(Problem { line, column, path: spot.path.clone(), what, hint })
    }
}

/// The section that a key strayed from.
fn home_of(name: &str) -> Option<&'static str> {
    if raw::GENERAL.contains(&name) {
        Some("[general]")
    } else if raw::SOURCE.contains(&name) {
        Some("a [[source]]")
    } else {
        None
    }
}

/// Reads a file's text. With an `Err`, nothing of it is used.
pub(super) fn read(text: &str) -> Result<(Raw, Spots), Vec<Problem>> {
    let from_error = |span: Option<Range<usize>>, message: &str, spots: &Spots| {
        let at = span.map_or(0, |span| span.start);
        let (line, column) = place(text, at);
        vec![Problem {
            line,
            column,
            path: spots.path_at(at),
            what: message.trim().replace('\n', ", "),
            hint: type_hint(&spots.path_at(at)),
        }]
    };
    let mut spots = Spots { text: text.to_owned(), spots: Vec::new() };
    let document =
        toml_edit::Document::parse(text).map_err(|error| from_error(error.span(), error.message(), &Spots::default()))?;
    spots.walk(document.as_table(), "");
    let unknown = spots.unknown();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    match toml::from_str::<Raw>(text) {
        Ok(raw) => Ok((raw, spots)),
        Err(error) => Err(from_error(error.span(), error.message(), &spots)),
    }
}

/// An example of what belongs in a key.
fn type_hint(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path).split('[').next().unwrap_or(path);
    let example = match name {
        "goal_day" => "goal_day = \"40.00 USD\"",
        "week_starts" => "week_starts = \"monday\"",
        "mouse" => "mouse = true",
        "theme" => "theme = \"dark\"",
        "auto_advance" => "auto_advance = true",
        "hand_limit" => "hand_limit = 5",
        "idle_after" => "idle_after = \"60s\"",
        "name" => "name = \"practice\"",
        "recipe" => "recipe = \"practice\"",
        "base_url" => "base_url = \"https://…\"",
        "key_cmd" => "key_cmd = [\"pass\", \"show\", \"juggler/NAME\"]",
        "key_file" => "key_file = \"~/.config/juggler/NAME.key\"",
        "key_env" => "key_env = \"NAME_KEY\"",
        "poll_every" => "poll_every = \"30s\"",
        "enabled" => "enabled = true",
        "source" => "[[source]] (with two brackets)",
        _ if path.starts_with("keys.") => "under [keys.LAYER]: \"chord\" = \"command.id\"",
        _ => return String::new(),
    };
    format!("write it like {example}")
}
