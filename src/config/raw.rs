//! The file as written. Every key is optional: files hold differences, defaults live in code.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::section;

/// `config.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Raw {
    pub general: General,
    pub source: Vec<Source>,
    pub profile: section::profile::Raw,
    pub view: Vec<section::view::Raw>,
    pub rule: Vec<section::rule::Raw>,
    pub claiming: section::claiming::Raw,
    pub alert: section::alert::Raw,
    pub retention: section::retention::Raw,
    pub command: Vec<section::command::Raw>,
    pub assist: section::assistant::RawAssist,
    pub assistant: Vec<section::assistant::Raw>,
    /// Layer → chord → command id.
    pub keys: BTreeMap<String, BTreeMap<String, String>>,
}

/// `[general]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct General {
    pub goal_day: Option<String>,
    pub week_starts: Option<String>,
    pub mouse: Option<bool>,
    pub plain: Option<bool>,
    pub theme: Option<String>,
    pub pictures: Option<String>,
    pub auto_advance: Option<bool>,
    pub hand_limit: Option<u32>,
    pub idle_after: Option<String>,
    pub words_per_minute: Option<u32>,
}

/// `[[source]]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Source {
    pub name: Option<String>,
    pub adapter: Option<String>,
    pub recipe: Option<String>,
    pub path: Option<String>,
    pub base_url: Option<String>,
    pub key_cmd: Option<Vec<String>>,
    pub key_file: Option<String>,
    pub key_credential: Option<String>,
    pub key_env: Option<String>,
    pub poll_every: Option<String>,
    pub terms: Option<String>,
    pub watches_pasting: Option<bool>,
    pub enabled: Option<bool>,
}

/// Keys at the top.
pub(super) const TOP: [&str; 12] =
    ["general", "source", "profile", "view", "rule", "claiming", "alert", "retention", "command", "assist", "assistant", "keys"];
/// Keys of `[general]`.
pub(super) const GENERAL: [&str; 10] = [
    "goal_day",
    "week_starts",
    "mouse",
    "plain",
    "theme",
    "pictures",
    "auto_advance",
    "hand_limit",
    "idle_after",
    "words_per_minute",
];
/// Keys of a `[[source]]`.
pub(super) const SOURCE: [&str; 13] = [
    "name",
    "adapter",
    "recipe",
    "path",
    "base_url",
    "key_cmd",
    "key_file",
    "key_credential",
    "key_env",
    "poll_every",
    "terms",
    "watches_pasting",
    "enabled",
];

/// Every section: its path in the file (`[]` for one of many), how it is written, and its keys.
pub(super) const SECTIONS: [(&str, &str, &[&str]); 13] = [
    ("", "the top of the file", &TOP),
    ("general", "[general]", &GENERAL),
    ("source[]", "[[source]]", &SOURCE),
    ("profile", "[profile]", &section::profile::KEYS),
    ("view[]", "[[view]]", &section::view::KEYS),
    ("rule[]", "[[rule]]", &section::rule::KEYS),
    ("claiming", "[claiming]", &section::claiming::KEYS),
    ("alert", "[alert]", &section::alert::KEYS),
    ("alert.webhook", "[alert.webhook]", &section::alert::WEBHOOK_KEYS),
    ("retention", "[retention]", &section::retention::KEYS),
    ("command[]", "[[command]]", &section::command::KEYS),
    ("assist", "[assist]", &section::assistant::ASSIST_KEYS),
    ("assistant[]", "[[assistant]]", &section::assistant::KEYS),
];
