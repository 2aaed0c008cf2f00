//! Text of a config file → raw values, or everything that is wrong with it.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use super::guard;
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

    /// A problem at byte `at` of the string that is the value of `path`.
    pub fn problem_inside(&self, path: &str, at: usize, what: impl Into<String>, hint: impl Into<String>) -> Problem {
        let mut problem = self.problem(path, what, hint);
        if let Some(spot) = self.spots.iter().find(|spot| spot.path == path) {
            let raw = self.text.get(spot.value.clone()).unwrap_or_default();
            (problem.line, problem.column) = place(&self.text, spot.value.start + inside(raw, at));
        }
        problem
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
        // `view[3]` is one of `view[]`.
        let section = match parent.split_once('[') {
            Some((name, number)) if number.ends_with(']') && !number.contains('.') => format!("{name}[]"),
            _ => parent.to_owned(),
        };
        let (_, what, known) = raw::SECTIONS.iter().find(|(path, ..)| *path == section)?;
        let what = if parent.is_empty() { format!("at {what}") } else { format!("in {what}") };
        if known.contains(&name) {
            return None;
        }
        let hint = if matches!(name, "key" | "api_key" | "token" | "password") {
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
fn home_of(name: &str) -> Option<String> {
    let (_, home, _) = raw::SECTIONS.iter().skip(1).find(|(.., keys)| keys.contains(&name))?;
    Some(if home.starts_with("[[") { format!("a {home}") } else { (*home).to_owned() })
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
            what: guard::without_value(message.trim()).replace('\n', ", "),
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

/// Where byte `at` of a string's value stands in the string as written, with quotes and escapes.
fn inside(raw: &str, at: usize) -> usize {
    let quote = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
    let mut from = quote.min(raw.len());
    // A line break right behind three quotes is no part of the value.
    if quote == 3 {
        from += raw[from..].strip_prefix("\r\n").map_or(usize::from(raw[from..].starts_with('\n')), |_| 2);
    }
    let literal = raw.starts_with('\'');
    let mut value = 0;
    let mut chars = raw[from..].char_indices();
    while let Some((offset, c)) = chars.next() {
        if value >= at {
            return from + offset;
        }
        if c != '\\' || literal {
            value += c.len_utf8();
            continue;
        }
        let digits = match chars.next() {
            Some((_, 'u')) => 4,
            Some((_, 'U')) => 8,
            _ => 0,
        };
        let code: String = chars.by_ref().take(digits).map(|(_, digit)| digit).collect();
        value += u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).map_or(1, char::len_utf8);
    }
    raw.len().saturating_sub(quote)
}

/// An example of what belongs in a key.
fn type_hint(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or(path).split('[').next().unwrap_or(path);
    let example = match name {
        "goal_day" => "goal_day = \"40.00 USD\"",
        "week_starts" => "week_starts = \"monday\"",
        "mouse" => "mouse = true",
        "plain" => "plain = true",
        "theme" => "theme = \"dark\"",
        "pictures" => "pictures = \"halfblocks\"",
        "auto_advance" => "auto_advance = true",
        "hand_limit" => "hand_limit = 5",
        "idle_after" => "idle_after = \"60s\"",
        "words_per_minute" => "words_per_minute = 150",
        "name" => "name = \"practice\"",
        "recipe" => "recipe = \"practice\"",
        "base_url" => "base_url = \"https://…\"",
        "key_cmd" => "key_cmd = [\"pass\", \"show\", \"juggler/NAME\"]",
        "key_file" => "key_file = \"~/.config/juggler/NAME.key\"",
        "key_credential" => "key_credential = \"NAME\"",
        "key_env" => "key_env = \"NAME_KEY\"",
        "poll_every" => "poll_every = \"30s\"",
        "enabled" => "enabled = true",
        "watches_pasting" => "watches_pasting = true",
        "adapter" => "adapter = \"inbox\"",
        "path" => "path = \"~/jobs.jsonl\"",
        "terms" => "terms = \"automation-allowed\"",
        "query" => "query = \"pay>=0.50 kind:tagline\"",
        "sort" => "sort = [\"rate\", \"-pay\"]",
        "actions" => "actions = [\"alert\", \"star\"]",
        "cooldown" => "cooldown = \"10m\"",
        "quiet_hours" => "quiet_hours = \"22:00-07:00\"",
        "expires" => "expires = \"2026-12-31\"",
        "max_per_day" | "per_day" | "per_requester" | "in_hand" => "a number: 3",
        "group" | "once" | "automatic" | "bell" | "title" | "deadlines_pass_quiet" => "true or false",
        "key_within" => "key_within = \"15m\"",
        "floor_rate" => "floor_rate = \"12.00 USD\"",
        "cost_per_job" => "cost_per_job = \"0.02 USD\"",
        "country" => "country = \"DE\"",
        "hours" => "hours = \"mon-fri 09:00-18:00\"",
        "max_minutes" => "max_minutes = 30",
        "skills" | "languages" | "places" | "devices" | "likes" | "refuses" | "refused_costs" => "a list: [\"…\", \"…\"]",
        "deadline" => "deadline = [50, 20, 5]",
        "osc" => "osc = \"auto\"",
        "command" if path.starts_with("alert") => "command = [\"notify-send\", \"juggler\"]",
        "command" => "[[command]] (with two brackets)",
        "bundle_every" => "bundle_every = \"30s\"",
        "days" => "days = 7",
        "max_jobs" => "max_jobs = 2000000",
        "max_disk" => "max_disk = \"8GB\"",
        "view" => "[[view]] (with two brackets)",
        "rule" => "[[rule]] (with two brackets)",
        "argv" => "argv = [\"spell\", \"--json\"]",
        "input" => "input = \"draft\"",
        "output" => "output = \"show\"",
        "limit" => "limit = \"30s\"",
        "at" => "at = [\"feed\", \"hand\"]",
        "terminal" => "terminal = true",
        "webhook" => "[alert.webhook]",
        "source" => "[[source]] (with two brackets)",
        "assistant" => "[[assistant]] (with two brackets)",
        "default" => "default = \"local\"",
        "kind" => "kind = \"ollama\"",
        "model" => "model = \"llama3.2\"",
        "price_input" | "price_cached" | "price_output" => "an amount for a million tokens: \"2.50 USD\"",
        "max_output" => "max_output = 4096",
        "context" => "context = 8192",
        "temperature" => "temperature = 0.7",
        "silence" => "silence = \"60s\"",
        "plain_http" => "true or false",
        _ if path.starts_with("keys.") => "under [keys.LAYER]: \"chord\" = \"command.id\"",
        _ => return String::new(),
    };
    format!("write it like {example}")
}
