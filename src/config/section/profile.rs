//! `[profile]`.

use serde::Deserialize;

use super::{OneOrMany, Section};
use crate::domain::fit::SKILLS;
use crate::domain::{Costs, Profile, Text};

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    skills: Vec<String>,
    languages: Vec<String>,
    country: Option<String>,
    places: Vec<String>,
    devices: Vec<String>,
    likes: Vec<String>,
    refuses: Vec<String>,
    refused_costs: Vec<String>,
    floor_rate: OneOrMany,
    max_minutes: Option<u32>,
    hours: Option<String>,
    cost_per_job: Option<String>,
}

/// Its keys.
pub const KEYS: [&str; 12] = [
    "skills",
    "languages",
    "country",
    "places",
    "devices",
    "likes",
    "refuses",
    "refused_costs",
    "floor_rate",
    "max_minutes",
    "hours",
    "cost_per_job",
];

/// What a job may not take first, by its word in the file.
const COSTS: [(Costs, &str); 5] =
    [(Costs::STAKE, "stake"), (Costs::FEE, "fee"), (Costs::POST, "post"), (Costs::ID, "id"), (Costs::OTHER, "other")];

/// The words for a set of costs, as they are written.
pub fn cost_words(costs: Costs) -> Vec<&'static str> {
    COSTS.into_iter().filter(|(cost, _)| costs.has(*cost)).map(|(_, word)| word).collect()
}

fn cost_word(cost: Costs) -> &'static str {
    COSTS.into_iter().find(|(known, _)| *known == cost).map_or("", |(_, word)| word)
}

pub(in crate::config) fn take(raw: Raw, mut section: Section) -> Profile {
    let mut profile = Profile {
        hours: section.hours("hours", raw.hours),
        cost_per_job: raw.cost_per_job.and_then(|written| section.money("cost_per_job", &written)),
        max_minutes: raw.max_minutes,
        ..Profile::default()
    };
    if raw.max_minutes == Some(0) {
        section.wrong("max_minutes", "no job takes no time", "write 1 or more");
    }
    for (key, words, into) in [
        ("skills", raw.skills, &mut profile.skills),
        ("places", raw.places, &mut profile.places),
        ("devices", raw.devices, &mut profile.devices),
        ("likes", raw.likes, &mut profile.likes),
        ("refuses", raw.refuses, &mut profile.refuses),
        ("languages", raw.languages, &mut profile.languages),
    ] {
        for (n, word) in words.iter().enumerate() {
            let key = format!("{key}[{n}]");
            let language = key.starts_with("languages");
            if word.trim().is_empty() {
                section.wrong(&key, "nothing is written", "take it away");
            } else if language && !word.chars().all(|c| c.is_alphanumeric() || c == '-') {
                section.wrong(&key, format!("\"{word}\" is not a language"), "write it like \"en\" or \"pt-BR\"");
            } else if key.starts_with("refuses") && word.chars().all(|c| c == '*') {
                section.wrong(&key, "this refuses every kind there is", "name a kind");
            } else {
                into.push(Text::title(word.trim()));
            }
        }
    }
    if profile.skills.len() > SKILLS {
        section.wrong("skills", format!("only the first {SKILLS} would count"), "keep those that jobs name");
    }
    if let Some(country) = raw.country {
        if country.len() == 2 && country.bytes().all(|b| b.is_ascii_alphabetic()) {
            profile.country = Some(Text::title(&country.to_uppercase()));
        } else {
            let hint = "write the two letters of ISO 3166, such as \"DE\"; other names go into places";
            section.wrong("country", format!("\"{country}\" is not a country's code"), hint);
        }
    }
    for (n, word) in raw.refused_costs.iter().enumerate() {
        let found = section.one_of(&format!("refused_costs[{n}]"), word, &COSTS.map(|(cost, _)| cost), cost_word);
        profile.refused_costs = profile.refused_costs.and(found.unwrap_or_default());
    }
    let many = raw.floor_rate.0.len() > 1;
    for (n, written) in raw.floor_rate.0.iter().enumerate() {
        let key = if many { format!("floor_rate[{n}]") } else { "floor_rate".to_owned() };
        let Some(floor) = section.money(&key, written) else { continue };
        if profile.floor.iter().any(|known| known.asset == floor.asset) {
            section.wrong(&key, format!("there is a floor in {} already", floor.asset), "keep one of them");
        } else {
            profile.floor.push(floor);
        }
    }
    profile
}
