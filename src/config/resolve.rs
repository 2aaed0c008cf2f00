//! Raw values, environment and flags → the resolved configuration.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::file::Spots;
use super::problem::{Problem, nearest};
use super::raw::{General, Raw, Source};
use super::section::{self, Section, retention::Retention};
use super::{Adapter, AlertConfig, Config, Environment, Overrides, Paths, SourceConfig, ThemeChoice, span};
use crate::domain::rule::{Automation, Claiming};
use crate::domain::{Money, Profile, SourceName};
use crate::error::{Class, Failure, Result};

/// The shortest time between two polls of one source that a file may ask for.
const POLL_FLOOR: Duration = Duration::from_secs(1);

impl Config {
    /// What holds when nothing was said.
    pub fn defaults(paths: Paths) -> Config {
        Config {
            paths,
            sources: Vec::new(),
            goal: None,
            week_starts_monday: true,
            mouse: true,
            plain: false,
            theme: ThemeChoice::Auto,
            pictures: super::PictureChoice::Auto,
            auto_advance: true,
            hand_limit: 5,
            keys: Vec::new(),
            idle_after: Duration::from_secs(60),
            pace: crate::domain::check::script::USUAL,
            profile: Profile::default(),
            views: crate::domain::view::builtin(),
            rules: Vec::new(),
            claiming: Claiming::default(),
            alert: AlertConfig::default(),
            retention: Retention::default(),
            commands: Vec::new(),
            assistants: Vec::new(),
            assist: None,
            write_first: false,
            ai_caps: section::assistant::caps_unless_said(),
            origin: super::Origin::default(),
        }
    }

    /// Takes the file's differences in.
    pub(super) fn take(&mut self, raw: Raw, spots: &Spots, home: Option<&Path>) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.take_general(raw.general, spots, &mut problems);
        let base = self.paths.config_file.parent().unwrap_or(Path::new("/")).to_owned();
        for (n, source) in raw.source.into_iter().enumerate() {
            if let Some(source) = take_source(n, source, &base, home, spots, &mut problems) {
                if self.sources.iter().any(|known| known.name == source.name) {
                    let what = format!("two sources are called \"{}\"", source.name);
                    problems.push(spots.problem(&format!("source[{n}].name"), what, "give each a name of its own"));
                } else {
                    self.sources.push(source);
                }
            }
        }
        self.profile = section::profile::take(raw.profile, Section::new("profile", spots, &mut problems));
        self.views = section::view::take(raw.view, spots, &mut problems);
        self.rules = section::rule::take(raw.rule, spots, &mut problems);
        self.claiming = section::claiming::take(raw.claiming, Section::new("claiming", spots, &mut problems));
        self.alert = section::alert::take(raw.alert, Section::new("alert", spots, &mut problems), &base, home);
        self.retention = section::retention::take(raw.retention, Section::new("retention", spots, &mut problems));
        self.commands = section::command::take(raw.command, spots, &mut problems);
        self.assistants = section::assistant::take(raw.assistant, spots, &mut problems, &base, home);
        self.write_first = raw.assist.write_first;
        (self.assist, self.ai_caps) =
            section::assistant::settings(raw.assist, Section::new("assist", spots, &mut problems), &self.assistants);
        for (layer, chords) in raw.keys {
            self.keys.extend(chords.into_iter().map(|(chord, command)| (layer.clone(), chord, command)));
        }
        problems
    }

    fn take_general(&mut self, raw: General, spots: &Spots, problems: &mut Vec<Problem>) {
        let mut wrong = |key: &str, what: String, hint: String| {
            problems.push(spots.problem(&format!("general.{key}"), what, hint));
        };
        if let Some(written) = raw.goal_day {
            match goal(&written) {
                Ok(goal) => self.goal = Some(goal),
                Err(what) => wrong("goal_day", what, "write an amount and a currency: \"40.00 USD\"".to_owned()),
            }
        }
        if let Some(written) = raw.week_starts {
            match written.to_lowercase().as_str() {
                "monday" => self.week_starts_monday = true,
                "sunday" => self.week_starts_monday = false,
                _ => {
                    wrong("week_starts", format!("\"{written}\" is neither"), "write \"monday\" or \"sunday\"".to_owned());
                }
            }
        }
        if let Some(written) = raw.theme {
            match theme(&written) {
                Ok(theme) => self.theme = theme,
                Err((what, hint)) => wrong("theme", what, hint),
            }
        }
        if let Some(limit) = raw.hand_limit {
            match limit {
                0 => wrong("hand_limit", "a hand of 0 holds nothing".to_owned(), "write 1 or more".to_owned()),
                limit => self.hand_limit = limit,
            }
        }
        if let Some(written) = raw.idle_after {
            match span::parse(&written) {
                Ok(idle) if idle.is_zero() => {
                    wrong("idle_after", "no time at all".to_owned(), "write it like \"60s\"".to_owned());
                }
                Ok(idle) => self.idle_after = idle,
                Err(what) => wrong("idle_after", what, String::new()),
            }
        }
        if let Some(pace) = raw.words_per_minute {
            let paces = crate::domain::check::script::PACES;
            match paces.contains(&pace) {
                true => self.pace = pace,
                false => {
                    let what = format!("nobody reads aloud at {pace} words a minute");
                    wrong("words_per_minute", what, format!("write {} to {}", paces.start(), paces.end()));
                }
            }
        }
        if let Some(written) = raw.pictures {
            match super::PictureChoice::ALL.iter().find(|(_, word)| *word == written) {
                Some((choice, _)) => self.pictures = *choice,
                None => {
                    let words = "write \"auto\", \"kitty\", \"sixel\", \"iterm2\", \"halfblocks\" or \"off\"";
                    wrong("pictures", format!("pictures cannot be shown by \"{written}\""), words.to_owned());
                }
            }
        }
        self.mouse = raw.mouse.unwrap_or(self.mouse);
        self.plain = raw.plain.unwrap_or(self.plain);
        self.auto_advance = raw.auto_advance.unwrap_or(self.auto_advance);
    }

    /// Takes environment and flags in, which go before the file.
    pub(super) fn take_environment(&mut self, flags: &Overrides, env: &Environment) -> Result<()> {
        let bad = |name: &str, what: String, hint: String| Failure::new(Class::Config, name.to_owned()).why(what).hint(hint);
        if env.get("NO_COLOR").is_some() {
            self.theme = ThemeChoice::Mono;
        }
        if let Some(written) = env.get("JUGGLER_THEME") {
            self.theme = theme(written).map_err(|(what, hint)| bad("JUGGLER_THEME", what, hint))?;
        }
        if let Some(written) = env.get("JUGGLER_MOUSE") {
            self.mouse = match written.to_lowercase().as_str() {
                "1" | "true" | "on" | "yes" => true,
                "0" | "false" | "off" | "no" => false,
                _ => return Err(bad("JUGGLER_MOUSE", format!("\"{written}\" is neither"), "set it to 1 or 0".to_owned())),
            };
        }
        // As other programs understand it: any value but a no.
        if let Some(written) = env.get("ACCESSIBLE") {
            self.plain = !matches!(written.to_lowercase().as_str(), "0" | "false" | "off" | "no");
        }
        if let Some(written) = env.get("JUGGLER_GOAL_DAY") {
            let hint = "write an amount and a currency: \"40.00 USD\"".to_owned();
            self.goal = Some(goal(written).map_err(|what| bad("JUGGLER_GOAL_DAY", what, hint))?);
        }
        self.plain |= flags.plain;
        if let Some(theme) = flags.theme {
            self.theme = theme;
        }
        Ok(())
    }
}

/// A theme by name; the error is what is wrong and what to write.
pub(super) fn theme(written: &str) -> Result<ThemeChoice, (String, String)> {
    match written.to_lowercase().as_str() {
        "auto" => Ok(ThemeChoice::Auto),
        "dark" => Ok(ThemeChoice::Dark),
        "light" => Ok(ThemeChoice::Light),
        "mono" => Ok(ThemeChoice::Mono),
        other => {
            let hint = match nearest(other, ["auto", "dark", "light", "mono"]) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => "choose auto, dark, light or mono".to_owned(),
            };
            Err((format!("there is no theme called \"{written}\"; there are auto, dark, light and mono"), hint))
        }
    }
}

fn goal(written: &str) -> Result<Money, String> {
    let goal = section::amount(written)?;
    if goal.minor > 0 { Ok(goal) } else { Err("a goal is more than nothing".to_owned()) }
}

fn take_source(
    n: usize,
    raw: Source,
    base: &Path,
    home: Option<&Path>,
    spots: &Spots,
    problems: &mut Vec<Problem>,
) -> Option<SourceConfig> {
    let mut section = Section::new(format!("source[{n}]"), spots, problems);
    let before = section.count();
    let name = raw.name.unwrap_or_default();
    if name.is_empty() {
        section.wrong("", "a source needs a name".to_owned(), "add name = \"…\"");
    } else if let Err(what) = source_name(&name) {
        section.wrong("name", what, "use letters, digits, - and _");
    }
    let recipe = raw.recipe.unwrap_or_default();
    let inbox = match raw.adapter.as_deref() {
        None | Some("board") => false,
        Some("inbox") => true,
        Some(other) => {
            section.wrong(
                "adapter",
                format!("there is no adapter \"{other}\"; there are board and inbox"),
                "write \"inbox\", or leave it away",
            );
            false
        }
    };
    match (inbox, &raw.path) {
        (true, None) => section.wrong("", "an inbox needs a path".to_owned(), "add path = \"~/jobs.jsonl\", a file or a folder"),
        (true, Some(path)) if path.is_empty() => {
            section.wrong("path", "no path is written".to_owned(), "write it like \"~/jobs.jsonl\"");
        }
        (true, Some(_)) => {
            let strange = [("recipe", !recipe.is_empty()), ("base_url", raw.base_url.is_some())];
            for (key, _) in strange.iter().filter(|(_, there)| *there) {
                section.wrong(key, format!("an inbox has no {key}"), "take it away, or take adapter = \"inbox\" away");
            }
        }
        (false, Some(_)) => {
            section.wrong("path", "only an inbox has a path".to_owned(), "add adapter = \"inbox\", or take it away")
        }
        (false, None) if recipe.is_empty() => {
            section.wrong(
                "",
                "a source needs a recipe".to_owned(),
                "add recipe = \"practice\", or the name of a file in platforms/",
            );
        }
        (false, None) => {}
    }
    if let Some(url) = &raw.base_url
        && let Err(what) = base_url(url)
    {
        section.wrong("base_url", what, "write it like \"https://api.example.org\"");
    }
    let key = section::key::Raw { cmd: raw.key_cmd, file: raw.key_file, credential: raw.key_credential, env: raw.key_env };
    let key = section::key::take(key, &mut section, "", "PRACTICE_KEY", base, home);
    let poll_every = raw.poll_every.and_then(|written| match span::parse(&written) {
        Ok(every) if every < POLL_FLOOR => {
            section.wrong("poll_every", format!("\"{written}\" is too often"), "write \"1s\" or more");
            None
        }
        Ok(every) => Some(every),
        Err(what) => {
            section.wrong("poll_every", what, "");
            None
        }
    });
    let automation = raw.terms.map_or(Ok(Automation::Unread), |word| word.parse()).unwrap_or_else(|what: String| {
        section.wrong("terms", what, "read them, and write what they say of programs that claim by themselves");
        Automation::Unread
    });
    (section.count() == before).then(|| SourceConfig {
        adapter: if inbox { Adapter::Inbox } else { Adapter::Board },
        path: raw.path.map(|path| expand(&path, base, home)),
        base_url: raw.base_url.map(|url| url.trim_end_matches('/').to_owned()),
        key,
        poll_every,
        automation,
        watches_pasting: raw.watches_pasting.unwrap_or(false),
        enabled: raw.enabled.unwrap_or(true),
        ..SourceConfig::of(SourceName::new(&name), &recipe)
    })
}

/// Whether `name` can name a source: it is part of every job's key.
pub(super) fn source_name(name: &str) -> Result<(), String> {
    if name.len() > 40 {
        return Err(format!("\"{}…\" is longer than 40 characters", name.chars().take(20).collect::<String>()));
    }
    match name.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))) {
        Some(c) => Err(format!("\"{name}\" holds {c:?}, which cannot stand in a source's name")),
        None => Ok(()),
    }
}

/// Whether `url` can be a base URL; keys do not belong in it.
pub(super) fn base_url(url: &str) -> Result<(), String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(rest) = rest else {
        return Err("it does not begin with https:// or http://".to_owned());
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    if host.contains('@') {
        return Err("a base URL holds no user name or password".to_owned());
    }
    if host.is_empty() || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("it names no host".to_owned());
    }
    Ok(())
}

/// `~/` is the home folder; a relative path starts at the config file's folder.
pub(super) fn expand(written: &str, base: &Path, home: Option<&Path>) -> PathBuf {
    match (written.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => base.join(written),
    }
}
