//! `juggler sources`: health, polling, testing, adding.

use chrono::Utc;

use super::args::{AddArgs, SourcesCommand};
use super::out::Out;
use super::table::{Column, Table};
use super::{ask, words};
use crate::config::{self, Config, KeyFrom};
use crate::domain::{SourceName, Text};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request, SourceHealth, SourceState};
use crate::error::{Class, Failure, Result};
use crate::feed::{Filter, Shown, View};

/// How many mapped jobs `sources test` shows.
const SHOWN: usize = 5;

/// Lists, polls or tests.
pub async fn run(command: Option<SourcesCommand>, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    match command.unwrap_or(SourcesCommand::List) {
        SourcesCommand::List => {
            let sources = ask!(handle, Request::Sources, Reply::Sources { sources } => sources);
            print(&sources, out)?;
            if sources.is_empty() && !out.is_json() {
                out.note("no source is configured: juggler sources add --help, or juggler demo");
            }
            Ok(())
        }
        SourcesCommand::Poll { name } => {
            let source = name.as_deref().map(|name| known(name, config)).transpose()?;
            let sources = ask!(handle, Request::Poll { source: source.clone() }, Reply::Sources { sources } => sources);
            let asked: Vec<SourceHealth> =
                sources.into_iter().filter(|s| source.as_ref().is_none_or(|name| s.name == *name)).collect();
            print(&asked, out)?;
            match asked.iter().find(|s| s.state != SourceState::Off && s.error.is_some()) {
                Some(SourceHealth { error: Some(failure), .. }) => Err(failure.clone()),
                _ => Ok(()),
            }
        }
        SourcesCommand::Test { name } => test(&known(&name, config)?, handle, out).await,
        SourcesCommand::Add(_) => Err(Failure::new(Class::Internal, "adding a source needs no engine")),
    }
}

fn known(name: &str, config: &Config) -> Result<SourceName> {
    if let Some(found) = config.sources.iter().find(|s| s.name.as_str() == name) {
        return Ok(found.name.clone());
    }
    let names: Vec<&str> = config.sources.iter().map(|s| s.name.as_str()).collect();
    let hint = match config::nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "juggler sources lists them; juggler sources add makes one".to_owned(),
    };
    let why = if names.is_empty() { "none is configured".to_owned() } else { format!("there are {}", names.join(", ")) };
    Err(Failure::new(Class::NotFound, format!("there is no source \"{name}\"")).why(why).hint(hint))
}

fn print(sources: &[SourceHealth], out: &mut Out) -> Result<()> {
    if out.is_json() {
        return sources.iter().try_for_each(|source| out.json(source));
    }
    let now = Utc::now();
    let mut table = Table::new(&[
        ("SOURCE", Column::Left),
        ("PLATFORM", Column::Left),
        ("STATE", Column::Left),
        ("OPEN", Column::Right),
        ("LAST", Column::Right),
        ("NEXT", Column::Right),
        ("TOOK", Column::Right),
        ("SKEW", Column::Right),
        ("LEFT", Column::Right),
        ("NOTE", Column::Flex),
    ]);
    for s in sources {
        let next = s.retry_at.or(s.next_poll);
        table.row([
            s.name.to_string(),
            format!("{} {}", s.platform, s.host).trim().to_owned(),
            state_word(s.state).to_owned(),
            s.open_jobs.to_string(),
            s.last_ok.map_or_else(|| "–".to_owned(), |at| words::age(at, now)),
            next.map_or_else(|| "–".to_owned(), |at| words::until(at, now)),
            s.latency_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms")),
            s.skew_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms")),
            s.budget.remaining.map_or_else(|| "–".to_owned(), |left| left.to_string()),
            s.error.as_ref().map_or_else(String::new, ToString::to_string),
        ]);
    }
    table.print(out);
    Ok(())
}

/// The word for how a source is.
pub fn state_word(state: SourceState) -> &'static str {
    match state {
        SourceState::New => "not asked yet",
        SourceState::Ok => "ok",
        SourceState::Limited => "asked to wait",
        SourceState::Down => "down",
        SourceState::SignIn => "needs a key",
        SourceState::Off => "off",
    }
}

/// Asks one source and shows the jobs as they were understood.
async fn test(name: &SourceName, handle: &Handle, out: &mut Out) -> Result<()> {
    let polled = ask!(handle, Request::Poll { source: Some(name.clone()) }, Reply::Sources { sources } => sources);
    let Some(health) = polled.into_iter().find(|s| s.name == *name) else {
        return Err(Failure::new(Class::NotFound, format!("the engine does not know the source \"{name}\""))
            .why("it was started with another configuration")
            .hint("close the juggler that runs, and try again"));
    };
    let view = View { shown: Shown::All, filter: Filter { words: Text::title(&format!("{name}:")) }, ..View::default() };
    let (jobs, total) = ask!(handle, Request::Jobs { view, limit: SHOWN }, Reply::Jobs { jobs, total } => (jobs, total));
    let mut whole = Vec::new();
    for row in jobs {
        match handle.ask(Request::Job { key: row.key.clone() }).await {
            Ok(Reply::Job { job, .. }) => whole.push(*job),
            Ok(_) => {}
            Err(failure) => out.note(format!("{}: {failure}", row.key)),
        }
    }
    if out.is_json() {
        out.json(&serde_json::json!({ "source": health, "jobs": whole, "known": total }))?;
    } else {
        print(std::slice::from_ref(&health), out)?;
        for job in &whole {
            out.line("");
            out.line(format!("{}  {}", job.key, job.title));
            out.line(format!(
                "    pay {}  net {}  kind {}  requester {}  ai {}  time {}",
                words::money(job.reward.gross()),
                words::money(job.reward.net()),
                job.kind,
                job.requester.name,
                job.ai.rule.word(),
                words::maybe_span(job.obs_seconds.or(job.est_seconds).map(i64::from)),
            ));
            out.line(format!(
                "    wants {:?} with {}; {}; brief of {}",
                job.deliverable.form,
                words::count(job.deliverable.rules.len(), "demand"),
                words::count(job.attachments.len(), "attachment"),
                words::count(job.brief.as_str().split_whitespace().count(), "word"),
            ));
        }
        out.line("");
        out.line(format!("{} understood", words::count(total, "job")));
    }
    match health.error {
        Some(failure) => Err(failure),
        None if health.state == SourceState::Off => {
            Err(Failure::new(Class::Config, format!("the source \"{name}\" is switched off")).hint("set enabled = true"))
        }
        None => Ok(()),
    }
}

/// Adds a source to the config file.
pub fn add(args: AddArgs, config: &Config, out: &mut Out) -> Result<()> {
    let source = args.source();
    config::add_source(config, &source)?;
    if let KeyFrom::Env(name) = &source.key {
        out.note(format!("other programs of yours can read {name}; key_cmd or key_file keep a key better"));
    }
    let file = config.paths.config_file.display();
    if out.is_json() {
        return out.json(&serde_json::json!({ "added": source.name, "file": config.paths.config_file }));
    }
    out.line(format!("added \"{}\" to {file}", source.name));
    out.note(format!("next: juggler sources test {}", source.name));
    Ok(())
}
