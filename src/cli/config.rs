//! `juggler config`.

use serde_json::json;

use super::Out;
use super::args::ConfigCommand;
use crate::config::alert::{AlertConfig, Webhook};
use crate::config::section::profile::cost_words;
use crate::config::section::retention::write_size;
use crate::config::{
    AssistantConfig, Config, Environment, KeyFrom, Overrides, OwnCommand, Paths, SourceConfig, ThemeChoice, span,
};
use crate::domain::rule::{Automation, Limit, Rule};
use crate::domain::{Hours, Money, NamedView, Profile};
use crate::engine::api::{Reply, Request};
use crate::error::Result;

/// Keys and values of one section.
type Pairs = Vec<(&'static str, serde_json::Value)>;

/// Prints where things are, what is wrong, or what holds.
pub async fn run(command: ConfigCommand, overrides: &Overrides, out: &mut Out) -> Result<()> {
    match command {
        ConfigCommand::Path => path(&Paths::resolve(overrides, &Environment::of_process())?, out),
        ConfigCommand::Check => check(overrides, out),
        ConfigCommand::Show => show(&Config::load(overrides)?, out),
        ConfigCommand::Reload => reload(overrides, out).await,
    }
}

/// Has the engine that holds the store read its file.
async fn reload(overrides: &Overrides, out: &mut Out) -> Result<()> {
    let paths = Paths::resolve(overrides, &Environment::of_process())?;
    let Some((handle, pid)) = crate::daemon::connect(&paths).await? else {
        // Whoever changed the file wants to know whether it is right.
        let config = Config::load(overrides)?;
        if out.is_json() {
            return out.json(&json!({ "reply": "reloaded", "running": null, "changed": [], "later": [] }));
        }
        out.line(format!("{} is right; no juggler is open that could take it in", config.paths.config_file.display()));
        return Ok(());
    };
    let (changed, later) = super::ask!(handle, Request::Reload, Reply::Reloaded { changed, later } => (changed, later));
    if out.is_json() {
        return out.json(&json!({ "reply": "reloaded", "running": pid, "changed": changed, "later": later }));
    }
    out.line(super::words::reloaded(&changed, &later));
    Ok(())
}

fn path(paths: &Paths, out: &mut Out) -> Result<()> {
    let all = [
        ("config", &paths.config_file),
        ("recipes", &paths.recipes),
        ("data", &paths.data),
        ("logs", &paths.logs()),
        ("socket", &paths.socket),
    ];
    if out.is_json() {
        return out.json(&all.iter().map(|(name, path)| ((*name).to_owned(), json!(path))).collect::<serde_json::Map<_, _>>());
    }
    for (name, path) in all {
        out.line(format!("{name:<8} {}", path.display()));
    }
    Ok(())
}

fn check(overrides: &Overrides, out: &mut Out) -> Result<()> {
    let (file, exists, problems) = Config::problems(overrides, &Environment::of_process())?;
    if out.is_json() {
        out.json(&json!({ "file": file, "exists": exists, "problems": problems }))?;
    } else {
        for problem in &problems {
            let hint = if problem.hint.is_empty() { String::new() } else { format!("\n    try: {}", problem.hint) };
            let place = format!("{}:{}:{}", file.display(), problem.line, problem.column);
            out.line(format!("{place}: {}: {}{hint}", problem.path, problem.what));
        }
    }
    if let Some(first) = problems.first() {
        return Err(first.failure(&file, problems.len() - 1));
    }
    // What the environment adds is checked as well.
    let config = Config::load(overrides)?;
    if out.is_json() {
        return Ok(());
    }
    let shown = file.display();
    out.line(if exists {
        format!("{shown} is right: {}", super::words::count(config.sources.len(), "source"))
    } else {
        format!("there is no {shown}; the defaults hold")
    });
    Ok(())
}

fn show(config: &Config, out: &mut Out) -> Result<()> {
    let theme = match config.theme {
        ThemeChoice::Auto => "auto",
        ThemeChoice::Dark => "dark",
        ThemeChoice::Light => "light",
        ThemeChoice::Mono => "mono",
    };
    let goal = config.goal.map(money);
    let general = [
        ("goal_day", json!(goal)),
        ("week_starts", json!(if config.week_starts_monday { "monday" } else { "sunday" })),
        ("mouse", json!(config.mouse)),
        ("plain", json!(config.plain)),
        ("theme", json!(theme)),
        ("auto_advance", json!(config.auto_advance)),
        ("hand_limit", json!(config.hand_limit)),
        ("idle_after", json!(span::write(config.idle_after))),
        ("words_per_minute", json!(config.pace)),
    ];
    let sources: Vec<Pairs> = config.sources.iter().map(source).collect();
    let views: Vec<Pairs> = config.views.iter().map(view).collect();
    let rules: Vec<Pairs> = config.rules.iter().map(rule).collect();
    let commands: Vec<Pairs> = config.commands.iter().map(own).collect();
    let assistants: Vec<Pairs> = config.assistants.iter().map(assistant).collect();
    let single = [
        ("profile", profile(&config.profile)),
        ("claiming", claiming(config)),
        ("alert", alert(&config.alert)),
        ("retention", retention(config)),
        ("assist", config.assist.iter().map(|name| ("default", json!(name))).collect()),
    ];
    if out.is_json() {
        let object = |pairs: &[(&str, serde_json::Value)]| {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect::<serde_json::Map<_, _>>()
        };
        let mut keys = serde_json::Map::new();
        for (layer, chord, command) in &config.keys {
            let layer = keys.entry(layer.clone()).or_insert_with(|| json!({}));
            layer[chord.as_str()] = json!(command);
        }
        let many = |all: &[Pairs]| all.iter().map(|pairs| object(pairs)).collect::<Vec<_>>();
        let mut whole = json!({
            "general": object(&general),
            "source": many(&sources),
            "view": many(&views),
            "rule": many(&rules),
            "command": many(&commands),
            "assistant": many(&assistants),
            "keys": keys,
        });
        for (name, pairs) in &single {
            whole[*name] = json!(object(pairs));
        }
        whole["alert"]["webhook"] = json!(config.alert.webhook.as_ref().map(|hook| object(&webhook(hook))));
        return out.json(&whole);
    }
    out.line("[general]");
    for (key, value) in general {
        match value {
            serde_json::Value::Null => out.line(format!("# {key} is not set")),
            value => out.line(format!("{key} = {value}")),
        }
    }
    let mut section = |head: String, pairs: &Pairs| {
        out.line(format!("\n{head}"));
        pairs.iter().for_each(|(key, value)| out.line(format!("{key} = {value}")));
    };
    sources.iter().for_each(|pairs| section("[[source]]".to_owned(), pairs));
    views.iter().for_each(|pairs| section("[[view]]".to_owned(), pairs));
    rules.iter().for_each(|pairs| section("[[rule]]".to_owned(), pairs));
    commands.iter().for_each(|pairs| section("[[command]]".to_owned(), pairs));
    for (name, pairs) in single.iter().filter(|(_, pairs)| !pairs.is_empty()) {
        section(format!("[{name}]"), pairs);
    }
    if let Some(hook) = &config.alert.webhook {
        section("[alert.webhook]".to_owned(), &webhook(hook));
    }
    let mut last = None;
    for (layer, chord, command) in &config.keys {
        if last != Some(layer) {
            out.line(format!("\n[keys.{layer}]"));
            last = Some(layer);
        }
        out.line(format!("{} = {}", json!(chord), json!(command)));
    }
    Ok(())
}

/// A source's keys and values; the secret itself is never among them.
fn source(source: &SourceConfig) -> Pairs {
    let mut pairs = vec![("name", json!(source.name))];
    match &source.path {
        Some(path) => pairs.extend([("adapter", json!(source.kind())), ("path", json!(path))]),
        None => pairs.push(("recipe", json!(source.recipe))),
    }
    pairs.extend(source.base_url.as_ref().map(|url| ("base_url", json!(url))));
    pairs.extend(key(&source.key));
    pairs.extend((source.automation != Automation::Unread).then(|| ("terms", json!(source.automation))));
    pairs.extend(source.poll_every.map(|every| ("poll_every", json!(span::write(every)))));
    pairs.push(("enabled", json!(source.enabled)));
    pairs
}

fn key(key: &KeyFrom) -> Option<(&'static str, serde_json::Value)> {
    match key {
        KeyFrom::Command(argv) => Some(("key_cmd", json!(argv))),
        KeyFrom::File(path) => Some(("key_file", json!(path))),
        KeyFrom::Credential(name) => Some(("key_credential", json!(name))),
        KeyFrom::Env(name) => Some(("key_env", json!(name))),
        KeyFrom::None | KeyFrom::Given(_) => None,
    }
}

fn money(money: Money) -> String {
    format!("{} {}", money.decimal(), money.asset)
}

fn hours(hours: &Hours) -> Option<(&'static str, serde_json::Value)> {
    (!hours.is_empty()).then(|| ("quiet_hours", json!(hours)))
}

fn view(named: &NamedView) -> Pairs {
    let mut pairs = vec![("name", json!(named.name)), ("query", json!(named.view.query))];
    pairs.extend((!named.view.sort.is_empty()).then(|| ("sort", json!(named.view.sort))));
    pairs.extend(named.view.group.then(|| ("group", json!(true))));
    pairs
}

fn rule(rule: &Rule) -> Pairs {
    let actions: Vec<String> = rule.actions.iter().map(ToString::to_string).collect();
    let mut pairs = vec![("name", json!(rule.name)), ("query", json!(rule.query)), ("actions", json!(actions))];
    pairs.extend((!rule.cooldown.is_zero()).then(|| ("cooldown", json!(span::write(rule.cooldown)))));
    pairs.extend(hours(&rule.quiet_hours));
    pairs.extend(rule.expires.map(|at| ("expires", json!(at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)))));
    match rule.limit {
        Limit::Always => {}
        Limit::Once => pairs.push(("once", json!(true))),
        Limit::PerDay(n) => pairs.push(("max_per_day", json!(n))),
    }
    pairs.push(("enabled", json!(rule.enabled)));
    pairs
}

/// Only what was said: nothing of it has a default.
fn profile(profile: &Profile) -> Pairs {
    let words = [
        ("skills", &profile.skills),
        ("languages", &profile.languages),
        ("places", &profile.places),
        ("devices", &profile.devices),
        ("likes", &profile.likes),
        ("refuses", &profile.refuses),
    ];
    let mut pairs: Pairs =
        words.into_iter().filter(|(_, words)| !words.is_empty()).map(|(key, words)| (key, json!(words))).collect();
    pairs.extend(profile.country.as_ref().map(|country| ("country", json!(country))));
    pairs.extend((!profile.refused_costs.none()).then(|| ("refused_costs", json!(cost_words(profile.refused_costs)))));
    let floor: Vec<String> = profile.floor.iter().copied().map(money).collect();
    pairs.extend((!floor.is_empty()).then(|| ("floor_rate", json!(floor))));
    pairs.extend(profile.max_minutes.map(|most| ("max_minutes", json!(most))));
    pairs.extend((!profile.hours.is_empty()).then(|| ("hours", json!(profile.hours))));
    pairs.extend(profile.cost_per_job.map(|cost| ("cost_per_job", json!(money(cost)))));
    pairs
}

fn claiming(config: &Config) -> Pairs {
    let claiming = &config.claiming;
    vec![
        ("automatic", json!(claiming.automatic)),
        ("per_day", json!(claiming.per_day)),
        ("per_requester", json!(claiming.per_requester)),
        ("in_hand", json!(claiming.in_hand)),
        ("key_within", json!(span::write(claiming.key_within))),
    ]
}

fn alert(alert: &AlertConfig) -> Pairs {
    let on = alert.on;
    let mut pairs = vec![
        ("deadline", json!(alert.deadline)),
        ("revision", json!(on.revision)),
        ("rejected", json!(on.rejected)),
        ("paid", json!(on.paid)),
        ("payout_late", json!(on.payout_late)),
        ("payout_failed", json!(on.payout_failed)),
        ("submission_unknown", json!(on.submission_unknown)),
        ("claim_lost", json!(on.claim_lost)),
        ("sign_in", json!(on.sign_in)),
        ("reopened", json!(on.reopened)),
        ("bell", json!(alert.bell)),
        ("osc", json!(alert.osc.word())),
        ("title", json!(alert.title)),
        ("command", json!(alert.command)),
        ("bundle_every", json!(span::write(alert.bundle_every))),
        ("cooldown", json!(span::write(alert.cooldown))),
        ("deadlines_pass_quiet", json!(alert.deadlines_pass_quiet)),
    ];
    pairs.extend(hours(&alert.quiet_hours));
    pairs
}

fn own(own: &OwnCommand) -> Pairs {
    let mut pairs = vec![("name", json!(own.name)), ("argv", json!(own.argv)), ("input", json!(own.input.word()))];
    pairs.extend(own.key.as_ref().map(|key| ("key", json!(key))));
    pairs.extend([
        ("at", json!(own.at.iter().map(|at| at.word()).collect::<Vec<_>>())),
        ("output", json!(own.output.word())),
        ("limit", json!(span::write(own.limit))),
        ("terminal", json!(own.terminal)),
    ]);
    pairs
}

fn assistant(assistant: &AssistantConfig) -> Pairs {
    let mut pairs = vec![
        ("name", json!(assistant.name)),
        ("kind", json!(assistant.kind.word())),
        ("base_url", json!(assistant.base_url)),
        ("plain_http", json!(assistant.plain_http)),
    ];
    pairs.extend(assistant.model.as_ref().map(|model| ("model", json!(model))));
    pairs.extend(key(&assistant.key));
    if let Some(tariff) = assistant.tariff {
        let prices = [("price_input", tariff.input), ("price_cached", tariff.cached), ("price_output", tariff.output)];
        pairs.extend(prices.map(|(key, price)| (key, json!(price_words(price)))));
    }
    pairs.push(("max_output", json!(assistant.max_output)));
    pairs.extend(assistant.context.map(|context| ("context", json!(context))));
    pairs.extend(assistant.temperature.map(|heat| ("temperature", json!(heat))));
    pairs.extend([("silence", json!(span::write(assistant.silence))), ("limit", json!(span::write(assistant.limit)))]);
    pairs
}

/// A price as the file has it: without the zeros behind.
fn price_words(price: Money) -> String {
    let decimal = price.decimal();
    let short = if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { &decimal };
    format!("{short} {}", price.asset)
}

fn webhook(hook: &Webhook) -> Pairs {
    // Where nothing else is asked for, the address is the secret.
    let url = if hook.is_secret() { private(&hook.url) } else { hook.url.clone() };
    let mut pairs = vec![("url", json!(url)), ("shape", json!(hook.shape.word()))];
    pairs.extend(hook.to.as_ref().map(|to| ("to", json!(to))));
    pairs.extend(key(&hook.key));
    pairs
}

/// An address as far as its host.
fn private(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}/…")
}

fn retention(config: &Config) -> Pairs {
    let retention = &config.retention;
    vec![
        ("days", json!(retention.after.as_secs() / 86_400)),
        ("max_jobs", json!(retention.max_jobs)),
        ("max_disk", json!(write_size(retention.max_disk))),
    ]
}
