//! `juggler config`.

use serde_json::json;

use super::Out;
use super::args::ConfigCommand;
use crate::config::{Config, Environment, KeyFrom, Overrides, Paths, SourceConfig, ThemeChoice, span};
use crate::error::Result;

/// Prints where things are, what is wrong, or what holds.
pub fn run(command: ConfigCommand, overrides: &Overrides, out: &mut Out) -> Result<()> {
    match command {
        ConfigCommand::Path => path(&Paths::resolve(overrides, &Environment::of_process())?, out),
        ConfigCommand::Check => check(overrides, out),
        ConfigCommand::Show => show(&Config::load(overrides)?, out),
    }
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
    let goal = config.goal.map(|goal| format!("{} {}", goal.decimal(), goal.asset));
    let general = [
        ("goal_day", json!(goal)),
        ("week_starts", json!(if config.week_starts_monday { "monday" } else { "sunday" })),
        ("mouse", json!(config.mouse)),
        ("theme", json!(theme)),
        ("auto_advance", json!(config.auto_advance)),
        ("hand_limit", json!(config.hand_limit)),
        ("idle_after", json!(span::write(config.idle_after))),
    ];
    let sources: Vec<Vec<(&str, serde_json::Value)>> = config.sources.iter().map(source).collect();
    if out.is_json() {
        let object = |pairs: &[(&str, serde_json::Value)]| {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect::<serde_json::Map<_, _>>()
        };
        let mut keys = serde_json::Map::new();
        for (layer, chord, command) in &config.keys {
            let layer = keys.entry(layer.clone()).or_insert_with(|| json!({}));
            layer[chord.as_str()] = json!(command);
        }
        let sources: Vec<_> = sources.iter().map(|pairs| object(pairs)).collect();
        return out.json(&json!({ "general": object(&general), "source": sources, "keys": keys }));
    }
    out.line("[general]");
    for (key, value) in general {
        match value {
            serde_json::Value::Null => out.line(format!("# {key} is not set")),
            value => out.line(format!("{key} = {value}")),
        }
    }
    for pairs in sources {
        out.line("\n[[source]]");
        pairs.iter().for_each(|(key, value)| out.line(format!("{key} = {value}")));
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
fn source(source: &SourceConfig) -> Vec<(&'static str, serde_json::Value)> {
    let mut pairs = vec![("name", json!(source.name))];
    match &source.path {
        Some(path) => pairs.extend([("adapter", json!(source.kind())), ("path", json!(path))]),
        None => pairs.push(("recipe", json!(source.recipe))),
    }
    pairs.extend(source.base_url.as_ref().map(|url| ("base_url", json!(url))));
    match &source.key {
        KeyFrom::Command(argv) => pairs.push(("key_cmd", json!(argv))),
        KeyFrom::File(path) => pairs.push(("key_file", json!(path))),
        KeyFrom::Env(name) => pairs.push(("key_env", json!(name))),
        KeyFrom::None | KeyFrom::Given(_) => {}
    }
    pairs.extend(source.poll_every.map(|every| ("poll_every", json!(span::write(every)))));
    pairs.push(("enabled", json!(source.enabled)));
    pairs
}
