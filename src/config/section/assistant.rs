//! `[[assistant]]` and `[assist]`.

use std::path::Path;

use serde::Deserialize;

use super::{Section, key};
use crate::config::assistant::{AssistantConfig, AssistantKind};
use crate::config::file::Spots;
use crate::config::problem::{Problem, nearest};
use crate::config::resolve::base_url;
use crate::domain::ai::Caps;
use crate::domain::spend::{Tariff, price};
use crate::domain::{Asset, Money};

/// One `[[assistant]]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    name: Option<String>,
    kind: Option<String>,
    argv: Option<Vec<String>>,
    home: Option<String>,
    pass_env: Option<Vec<String>>,
    read: Option<Vec<String>>,
    network: Option<bool>,
    base_url: Option<String>,
    plain_http: bool,
    model: Option<String>,
    key_cmd: Option<Vec<String>>,
    key_file: Option<String>,
    key_credential: Option<String>,
    key_env: Option<String>,
    price_input: Option<String>,
    price_cached: Option<String>,
    price_output: Option<String>,
    max_output: Option<u32>,
    context: Option<u32>,
    temperature: Option<f64>,
    silence: Option<String>,
    limit: Option<String>,
}

/// `[assist]` as written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawAssist {
    default: Option<String>,
    pub(in crate::config) write_first: bool,
    cap_job: Option<String>,
    cap_day: Option<String>,
    cap_month: Option<String>,
}

/// Keys of `[[assistant]]`.
pub const KEYS: [&str; 22] = [
    "name",
    "kind",
    "argv",
    "home",
    "pass_env",
    "read",
    "network",
    "base_url",
    "plain_http",
    "model",
    "key_cmd",
    "key_file",
    "key_credential",
    "key_env",
    "price_input",
    "price_cached",
    "price_output",
    "max_output",
    "context",
    "temperature",
    "silence",
    "limit",
];
/// Keys of `[assist]`.
pub const ASSIST_KEYS: [&str; 5] = ["default", "write_first", "cap_job", "cap_day", "cap_month"];
/// Caps unless the file says otherwise, in US dollars: a loop of mistakes must not cost the rent.
const CAP_DAY: i64 = 5;
const CAP_MONTH: i64 = 50;
const PRICE: &str = "write what a million tokens cost: \"2.50 USD\"";
/// An answer takes at least so many.
const OUTPUT_LEAST: u32 = 16;

pub(in crate::config) fn take(
    raw: Vec<Raw>,
    spots: &Spots,
    problems: &mut Vec<Problem>,
    base: &Path,
    home: Option<&Path>,
) -> Vec<AssistantConfig> {
    let mut all: Vec<AssistantConfig> = Vec::new();
    for (n, raw) in raw.into_iter().enumerate() {
        let mut section = Section::new(format!("assistant[{n}]"), spots, problems);
        let before = section.count();
        let assistant = one(raw, &mut section, base, home);
        if all.iter().any(|known| known.name == assistant.name) {
            section.wrong("name", format!("two assistants are called \"{}\"", assistant.name), "give each a name of its own");
        }
        // What is wrong with one keeps the whole file from being used; it counts as there for `[assist] default`.
        if section.count() == before || !assistant.name.is_empty() {
            all.push(assistant);
        }
    }
    all
}

/// The caps of a file that says nothing of them.
pub(in crate::config) fn caps_unless_said() -> Caps {
    let dollars = |n: i64| Money::new(n * 100, Asset::USD);
    Caps { job: None, day: Some(dollars(CAP_DAY)), month: Some(dollars(CAP_MONTH)) }
}

/// Which one is meant when none is named, and how much they may cost.
pub(in crate::config) fn settings(raw: RawAssist, mut section: Section, all: &[AssistantConfig]) -> (Option<String>, Caps) {
    let mut caps = caps_unless_said();
    for (key, written, cap) in [
        ("cap_job", raw.cap_job, &mut caps.job),
        ("cap_day", raw.cap_day, &mut caps.day),
        ("cap_month", raw.cap_month, &mut caps.month),
    ] {
        match written.as_deref().map(str::trim) {
            None => {}
            Some("none") => *cap = None,
            Some(amount) => *cap = one_cap(&mut section, key, amount).or(*cap),
        }
    }
    (default(raw.default, &mut section, all), caps)
}

fn one_cap(section: &mut Section, key: &str, written: &str) -> Option<Money> {
    let (amount, asset) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
    let read = asset.trim().parse::<Asset>().and_then(|asset| Money::parse(amount, asset));
    match read {
        Ok(money) if money.minor >= 0 => Some(money),
        _ => {
            section.wrong(key, format!("\"{written}\" is not an amount with a currency"), "write \"2.00 USD\", or \"none\"");
            None
        }
    }
}

/// Which one is meant when none is named: as said, else the first (`None`).
fn default(said: Option<String>, section: &mut Section, all: &[AssistantConfig]) -> Option<String> {
    let name = said?;
    if !all.iter().any(|known| known.name == name) {
        let known: Vec<&str> = all.iter().map(|known| known.name.as_str()).collect();
        let hint = match nearest(&name, known.iter().copied()) {
            Some(meant) => format!("did you mean \"{meant}\"?"),
            None if known.is_empty() => "add [[assistant]], or take it away".to_owned(),
            None => format!("there are {}", known.join(", ")),
        };
        section.wrong("default", format!("there is no assistant \"{name}\""), hint);
    }
    Some(name)
}

fn one(raw: Raw, section: &mut Section, base: &Path, home: Option<&Path>) -> AssistantConfig {
    let name = raw.name.unwrap_or_default();
    if name.is_empty() {
        section.wrong("", "an assistant needs a name", "add name = \"…\"");
    } else if name.len() > 30 || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')) {
        section.wrong("name", format!("\"{name}\" cannot name an assistant"), "use up to 30 letters, digits, - and _");
    }
    let kind = match raw.kind {
        Some(word) => section.one_of("kind", &word, &AssistantKind::ALL, AssistantKind::word),
        None => {
            section.wrong("", "an assistant needs a kind", "add kind = \"openai\", \"anthropic\", \"ollama\" or \"command\"");
            None
        }
    };
    let mut assistant = AssistantConfig::of(&name, kind.unwrap_or(AssistantKind::OpenAi));
    let is_program = assistant.kind == AssistantKind::Command;
    if is_program {
        for (key, said) in
            [("base_url", raw.base_url.is_some()), ("plain_http", raw.plain_http), ("temperature", raw.temperature.is_some())]
        {
            if said {
                section.wrong(key, "a program has none", "take it away, or write it as an argument in argv");
            }
        }
    }
    let said =
        super::program::Said { argv: raw.argv, home: raw.home, pass_env: raw.pass_env, read: raw.read, network: raw.network };
    assistant.program = super::program::take(said, is_program, section, base, home);
    if let Some(url) = raw.base_url.filter(|_| !is_program) {
        let wrong = base_url(&url).err().or_else(|| url.contains(['?', '#']).then(|| "a base URL holds no query".to_owned()));
        if let Some(what) = wrong {
            section.wrong("base_url", what, "write it like \"http://127.0.0.1:8080/v1\"");
        }
        url.trim_end_matches('/').clone_into(&mut assistant.base_url);
    }
    if raw.model.as_ref().is_some_and(|model| model.trim().is_empty() || model.chars().any(char::is_control)) {
        section.wrong("model", "no model is named", "juggler assist models NAME lists what there is");
    }
    let key = key::Raw { cmd: raw.key_cmd, file: raw.key_file, credential: raw.key_credential, env: raw.key_env };
    assistant.key = key::take(key, section, "", "OPENAI_API_KEY", base, home);
    assistant.tariff = tariff(section, raw.price_input, raw.price_cached, raw.price_output);
    assistant.plain_http = raw.plain_http;
    assistant.model = raw.model;
    assistant.max_output = raw.max_output.unwrap_or(assistant.max_output);
    if assistant.max_output < OUTPUT_LEAST {
        section.wrong("max_output", "no answer is as short as that", format!("write {OUTPUT_LEAST} or more tokens"));
    }
    assistant.context = raw.context.or(assistant.context);
    if assistant.context.is_some_and(|context| context <= assistant.max_output) {
        let what = format!("an answer of {} tokens leaves no room for a question", assistant.max_output);
        let key = if raw.context.is_some() { "context" } else { "max_output" };
        section.wrong(key, what, "write a larger context, or a smaller max_output");
    }
    assistant.temperature = raw.temperature;
    if raw.temperature.is_some_and(|heat| !(0.0..=2.0).contains(&heat)) {
        section.wrong("temperature", "it is not between 0 and 2", "write it like 0.7, or take it away for the model's own");
    }
    for (key, written, into) in [("silence", raw.silence, &mut assistant.silence), ("limit", raw.limit, &mut assistant.limit)] {
        *into = section.span(key, written, *into);
        if into.is_zero() {
            section.wrong(key, "nobody answers in no time", "write it like \"60s\"");
        }
    }
    assistant
}

fn tariff(section: &mut Section, input: Option<String>, cached: Option<String>, output: Option<String>) -> Option<Tariff> {
    let there = (input.is_some(), output.is_some());
    let mut read = |key: &str, written: Option<String>| written.and_then(|written| one_price(section, key, &written));
    let (input, cached, output) = (read("price_input", input), read("price_cached", cached), read("price_output", output));
    if there.0 != there.1 {
        let key = if there.0 { "price_input" } else { "price_output" };
        section.wrong(key, "one price without the other", "a call costs what is read and what is written: set both");
    }
    let (input, output) = (input?, output?);
    if [Some(output), cached].into_iter().flatten().any(|other| other.asset != input.asset) {
        section.wrong("price_input", "the prices are in several currencies", "write them in one");
    }
    Some(Tariff { input, cached: cached.unwrap_or(input), output })
}

fn one_price(section: &mut Section, key: &str, written: &str) -> Option<Money> {
    let mut parts = written.split_whitespace();
    let (Some(amount), Some(asset), None) = (parts.next(), parts.next(), parts.next()) else {
        section.wrong(key, format!("\"{written}\" is not an amount with a currency"), PRICE);
        return None;
    };
    match asset.parse::<Asset>().and_then(|asset| price(amount, asset)) {
        Ok(money) if money.minor >= 0 => Some(money),
        Ok(_) => {
            section.wrong(key, "nobody pays you for asking", PRICE);
            None
        }
        Err(what) => {
            section.wrong(key, what.to_string(), PRICE);
            None
        }
    }
}
