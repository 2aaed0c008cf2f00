//! `[[rule]]`: a query, and what is done with the jobs that fit it.

use std::time::Duration;

use chrono::{Days, Local, NaiveDate, NaiveTime};
use serde::Deserialize;

use super::{Section, amount};
use crate::config::file::Spots;
use crate::config::problem::{Problem, nearest};
use crate::config::span;
use crate::domain::rule::{Action, Limit, Rule};
use crate::domain::{Query, Text, Time, instant};

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    name: Option<String>,
    query: Option<String>,
    actions: Vec<String>,
    cooldown: Option<String>,
    quiet_hours: Option<String>,
    expires: Option<String>,
    once: bool,
    max_per_day: Option<u32>,
    enabled: Option<bool>,
}

/// Its keys.
pub const KEYS: [&str; 9] = ["name", "query", "actions", "cooldown", "quiet_hours", "expires", "once", "max_per_day", "enabled"];
const ACTIONS: [&str; 6] = ["alert", "star", "hide", "snooze", "pin", "claim"];

pub(in crate::config) fn take(raw: Vec<Raw>, spots: &Spots, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for (n, raw) in raw.into_iter().enumerate() {
        let mut section = Section::new(format!("rule[{n}]"), spots, problems);
        let before = section.count();
        let rule = one(raw, &mut section);
        if !rule.name.is_empty() && rules.iter().any(|known| known.name == rule.name) {
            let what = format!("two rules are called \"{}\"", rule.name);
            section.wrong("name", what, "give each a name of its own: what a rule did is kept by its name");
        }
        if section.count() == before {
            rules.push(rule);
        }
    }
    rules
}

fn one(raw: Raw, section: &mut Section) -> Rule {
    let name = Text::title(raw.name.unwrap_or_default().trim());
    if name.is_empty() {
        section.wrong("", "a rule needs a name", "add name = \"…\": alerts and claims are told with it");
    }
    let mut rule = Rule { name, ..Rule::new("", Default::default(), Vec::new()) };
    let mut everything = false;
    match raw.query {
        None => section.wrong("", "a rule needs a query", "add query = \"…\"; an empty one fits every job"),
        Some(written) => {
            let found = query(&written, section);
            everything = found.as_ref().is_some_and(Query::is_all);
            rule.query = found.unwrap_or_default();
        }
    }
    let actions = raw.actions.iter().enumerate();
    rule.actions = actions.filter_map(|(n, written)| action(&format!("actions[{n}]"), written, section)).collect();
    if raw.actions.is_empty() {
        section.wrong("", "a rule needs something to do", "add actions = [\"alert\"]");
    }
    if rule.actions.contains(&Action::Claim) && everything {
        section.wrong("query", "this would claim every job there is", "say which jobs");
    }
    rule.cooldown = section.span("cooldown", raw.cooldown, Duration::ZERO);
    rule.quiet_hours = section.hours("quiet_hours", raw.quiet_hours);
    rule.expires = raw.expires.and_then(|written| expires(&written, section));
    rule.limit = match (raw.once, raw.max_per_day) {
        (true, None) => Limit::Once,
        (false, Some(n)) if n > 0 => Limit::PerDay(n),
        (false, None) => Limit::Always,
        (true, Some(_)) => {
            section.wrong("max_per_day", "it acts once or so often a day", "keep one of once and max_per_day");
            Limit::Once
        }
        (false, Some(_)) => {
            section.wrong("max_per_day", "with 0 it does nothing", "write 1 or more, or enabled = false");
            Limit::Always
        }
    };
    rule.enabled = raw.enabled.unwrap_or(true);
    rule
}

fn query(written: &str, section: &mut Section) -> Option<Query> {
    let query = section.query("query", written)?;
    if query.names_brief() {
        section.wrong("query", "rules do not look into briefs, which are in the store", "use the title, tags and kind");
    }
    Some(query)
}

fn action(key: &str, written: &str, section: &mut Section) -> Option<Action> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let snooze = "write \"snooze 2h\", \"snooze until 18:00\", \"snooze until reopens\" or \"snooze until pays 0.50 USD\"";
    let found = match words[..] {
        ["alert"] => Action::Alert,
        ["star"] => Action::Star,
        ["hide"] => Action::Hide,
        ["pin"] => Action::Pin,
        ["claim"] => Action::Claim,
        ["snooze"] => {
            section.wrong(key, "for how long?", snooze);
            return None;
        }
        ["snooze", "until", "reopens"] => Action::SnoozeReopens,
        ["snooze", "until", "pays", ref pay @ ..] => match amount(&pay.join(" ")) {
            Ok(pay) => Action::SnoozePays(pay),
            Err(what) => {
                section.wrong(key, what, snooze);
                return None;
            }
        },
        ["snooze", "until", time] => match NaiveTime::parse_from_str(time, "%H:%M") {
            Ok(time) => Action::SnoozeUntil(time),
            Err(_) => {
                section.wrong(key, format!("\"{time}\" is not a time of day"), snooze);
                return None;
            }
        },
        ["snooze", ref span @ ..] => match span::parse(&span.join(" ")) {
            Ok(span) => Action::Snooze(span),
            Err(what) => {
                section.wrong(key, what, snooze);
                return None;
            }
        },
        _ => {
            let first = words.first().copied().unwrap_or_default();
            let meant = nearest(first, ACTIONS).filter(|meant| *meant != first);
            let hint = meant.map_or(String::new(), |meant| format!("did you mean \"{meant}\"?"));
            section.wrong(key, format!("\"{written}\" is no action; there are {}", ACTIONS.join(", ")), hint);
            return None;
        }
    };
    Some(found)
}

/// An instant, or a day, which counts to its end on the person's clock.
fn expires(written: &str, section: &mut Section) -> Option<Time> {
    if let Ok(at) = written.parse::<Time>() {
        return Some(at);
    }
    let day = written.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(1)));
    let midnight = day.and_then(|day| instant::day_begins(&Local, day));
    if midnight.is_none() {
        let hint = "write it like \"2026-12-31\" or \"2026-12-31T18:00:00Z\"";
        section.wrong("expires", format!("\"{written}\" is neither a day nor an instant"), hint);
    }
    midnight
}
