//! `juggler assist`: the models that may be asked, past the engine and its store.

use std::path::Path;

use serde_json::json;

use super::args::AssistCommand;
use super::out::{Out, Role};
use super::table::{Column, Table};
use super::words;
use crate::assist::prompt::Library;
use crate::assist::provider::{self, Probe, Why, program};
use crate::config::{AssistantConfig, Config, KeyFrom, ProgramConfig};
use crate::domain::spend::{Tariff, short};
use crate::error::{Class, Failure, Result};
use crate::net::Http;

/// Lists, tries, or asks which models there are.
pub async fn run(command: Option<AssistCommand>, config: &Config, out: &mut Out) -> Result<()> {
    match command.unwrap_or(AssistCommand::List) {
        AssistCommand::List => list(config, out),
        AssistCommand::Test { name } => test(config.assistant(name.as_deref())?, out).await,
        AssistCommand::Models { name } => models(config.assistant(name.as_deref())?, out).await,
        AssistCommand::Templates => templates(config, out),
        engines => Err(Failure::new(Class::Internal, format!("{engines:?} needs the engine"))),
    }
}

fn list(config: &Config, out: &mut Out) -> Result<()> {
    let meant = config.assistant(None).ok().map(|assistant| assistant.name.clone());
    if out.is_json() {
        return config.assistants.iter().try_for_each(|assistant| {
            out.json(&json!({
                "name": assistant.name,
                "kind": assistant.kind.word(),
                "host": provider::host(assistant).0,
                "model": assistant.model,
                "key": key(&assistant.key),
                "tariff": assistant.tariff,
                "max_output": assistant.max_output,
                "context": assistant.context,
                "default": meant.as_deref() == Some(&assistant.name),
            }))
        });
    }
    let mut table = Table::new(&[
        ("", Column::Left),
        ("ASSISTANT", Column::Left),
        ("KIND", Column::Left),
        ("AT", Column::Left),
        ("MODEL", Column::Left),
        ("KEY", Column::Left),
        ("IN/M", Column::Right),
        ("OUT/M", Column::Right),
    ]);
    for assistant in &config.assistants {
        let price = |of: fn(&Tariff) -> crate::domain::Money| {
            assistant.tariff.as_ref().map_or_else(|| "–".to_owned(), |tariff| short(of(tariff)))
        };
        table.row([
            if meant.as_deref() == Some(&assistant.name) { "*" } else { "" }.to_owned(),
            assistant.name.clone(),
            assistant.kind.word().to_owned(),
            provider::host(assistant).0.to_string(),
            match (&assistant.program, &assistant.model) {
                (Some(_), _) => "–".to_owned(),
                (None, model) => model.clone().unwrap_or_else(|| "none is named".to_owned()),
            },
            key(&assistant.key).unwrap_or("none").to_owned(),
            price(|tariff| tariff.input),
            price(|tariff| tariff.output),
        ]);
    }
    table.print(out);
    if config.assistants.is_empty() {
        out.note("no assistant is configured: juggler assist --help shows what to write; the scaffold needs none");
    }
    Ok(())
}

fn templates(config: &Config, out: &mut Out) -> Result<()> {
    let library = Library::load(&config.paths.prompts);
    if out.is_json() {
        library.all().iter().try_for_each(|template| {
            let actions: Vec<&str> = template.actions.iter().map(|action| action.word()).collect();
            let (forms, kinds) = (&template.forms, &template.kinds);
            out.json(&json!({
                "name": template.name, "title": template.title, "actions": actions, "forms": forms, "kinds": kinds, "own": template.own,
                "inputs": template.inputs.iter().map(|input| &input.name).collect::<Vec<_>>(),
            }))
        })?;
    } else {
        let mut table =
            Table::new(&[("TEMPLATE", Column::Left), ("FOR", Column::Left), ("ACTIONS", Column::Left), ("INPUTS", Column::Left)]);
        for template in library.all() {
            let actions: Vec<&str> = template.actions.iter().map(|action| action.word()).collect();
            let inputs: Vec<&str> = template.inputs.iter().map(|input| input.name.as_str()).collect();
            let own = if template.own { " (yours)" } else { "" };
            table.row([format!("{}{own}", template.name), template.title.clone(), actions.join(" "), inputs.join(" ")]);
        }
        table.print(out);
        out.note(format!("your own go into {}", config.paths.prompts.display()));
    }
    match library.problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(()),
    }
}

/// Where the key comes from, in a word; never the key.
fn key(key: &KeyFrom) -> Option<&'static str> {
    match key {
        KeyFrom::None => None,
        KeyFrom::Command(_) => Some("command"),
        KeyFrom::File(_) => Some("file"),
        KeyFrom::Credential(_) => Some("credential"),
        KeyFrom::Env(_) => Some("variable"),
        KeyFrom::Given(_) => Some("memory"),
    }
}

async fn test(assistant: &AssistantConfig, out: &mut Out) -> Result<()> {
    if let Some(program) = &assistant.program {
        return look_at(assistant, program, out);
    }
    let provider = provider::connect(assistant, Http::default(), Path::new(""))?;
    let probe = provider::probe(&*provider).await;
    if out.is_json() {
        out.json(&probe)?;
    } else {
        print(&probe, out);
    }
    probe.failure().map_or(Ok(()), Err)
}

fn print(probe: &Probe, out: &mut Out) {
    let spent = &probe.spent;
    out.line(format!("{}: {} at {}", probe.assistant, probe.kind, probe.host));
    let mut line = |label: &str, value: String| out.line(format!("{label:<11} {value}"));
    if !spent.model.is_empty() {
        line("model", spent.model.to_string());
    }
    // Nothing was asked, or nobody answered: the reason follows on standard error.
    if probe.failure().is_none() {
        line("said", if probe.said.is_empty() { "nothing".to_owned() } else { format!("\"{}\"", probe.said.head(200)) });
    }
    line("first word", probe.first_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms")));
    line("whole", format!("{} ms", probe.took_ms));
    line("tokens", format!("{} in, {} out", spent.usage.input, spent.usage.output));
    let cost = spent.cost.map_or_else(|| "– (no prices in the config)".to_owned(), |cost| cost.to_string());
    line("cost", cost);
    if probe.why != Why::Done && probe.failure().is_none() {
        let words = out.paint(Role::Warn, &probe.why.sentence());
        out.line(words);
    }
    if let Some(warning) = &probe.warning {
        out.note(warning);
    }
}

async fn models(assistant: &AssistantConfig, out: &mut Out) -> Result<()> {
    let provider = provider::connect(assistant, Http::default(), Path::new(""))?;
    let models = provider.models().await?;
    let asked = assistant.model.as_deref();
    if out.is_json() {
        return models.iter().try_for_each(|model| {
            out.json(&json!({ "id": model.id, "context": model.context, "configured": asked == Some(model.id.as_str()) }))
        });
    }
    let mut table = Table::new(&[("", Column::Left), ("MODEL", Column::Left), ("CONTEXT", Column::Right)]);
    for model in &models {
        let mark = if asked == Some(model.id.as_str()) { "*" } else { "" };
        let context = model.context.map_or_else(|| "–".to_owned(), |context| context.to_string());
        table.row([mark.to_owned(), model.id.to_string(), context]);
    }
    table.print(out);
    out.line(format!("{} at {}", words::count(models.len(), "model"), provider.host()));
    Ok(())
}

/// A program is looked for, and not started: that needs the person's word, in a job of theirs.
fn look_at(assistant: &AssistantConfig, config: &ProgramConfig, out: &mut Out) -> Result<()> {
    let name = config.argv.first().map_or("", String::as_str);
    let found = program::find(name).ok_or_else(|| {
        Failure::new(Class::Config, format!("the program of \"{}\" is not there", assistant.name))
            .why(format!("{name} is neither a file that can be run nor found in PATH"))
            .hint(format!("correct argv in [[assistant]] \"{}\", or install it", assistant.name))
    })?;
    let sandboxed = program::is_sandbox_here();
    let powers = program::powers(config, sandboxed);
    if out.is_json() {
        return out.json(&json!({
            "assistant": assistant.name, "kind": assistant.kind.word(), "program": found, "sandboxed": sandboxed, "powers": powers,
        }));
    }
    out.line(format!("{}: {} is there", assistant.name, found.display()));
    powers.iter().for_each(|line| out.line(line.as_str()));
    out.note("it was not started; the first question for a job asks you whether it may be");
    Ok(())
}
