//! `juggler sources`: health, polling, testing, adding.

use std::time::Duration;

use chrono::Utc;

use super::args::{AddArgs, SourcesCommand};
use super::out::{Out, Role};
use super::table::{Column, Table};
use super::{ask, words};
use crate::config::{self, Config, KeyFrom};
use crate::domain::{Job, SourceName, Text};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request, SourceHealth, SourceState};
use crate::error::{Class, Failure, Result};
use crate::platforms;
use crate::platforms::probe::{ProbeCall, probe};

/// How many mapped jobs `sources test` shows.
const SHOWN: usize = 5;
/// So long the count of open jobs is waited for: a million take about a second.
const COUNTING: Duration = Duration::from_secs(3);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Lists, polls or tests.
pub async fn run(command: Option<SourcesCommand>, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    match command.unwrap_or(SourcesCommand::List) {
        SourcesCommand::List => {
            let sources = counted(handle).await?;
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
        SourcesCommand::Test { .. } | SourcesCommand::Add(_) => {
            Err(Failure::new(Class::Internal, "this command needs no engine"))
        }
    }
}

/// Every source; a command that has just opened the store waits a little until its jobs are counted.
async fn counted(handle: &Handle) -> Result<Vec<SourceHealth>> {
    let until = tokio::time::Instant::now() + COUNTING;
    loop {
        let sources = ask!(handle, Request::Sources, Reply::Sources { sources } => sources);
        if sources.iter().all(|source| source.open_jobs.is_some()) || tokio::time::Instant::now() > until {
            return Ok(sources);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
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
            s.open_jobs.map_or_else(|| "counting".to_owned(), |open| open.to_string()),
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

/// Asks one source, past the engine and its store, and shows the jobs as the recipe maps them, or the field that does not fit.
pub async fn test(name: &str, config: &Config, out: &mut Out) -> Result<()> {
    let name = known(name, config)?;
    let Some(source) = config.sources.iter().find(|source| source.name == name) else {
        return Err(Failure::new(Class::NotFound, format!("there is no source \"{name}\"")));
    };
    let platform = platforms::connect(source, &config.paths.recipes)?;
    let probe = probe(&*platform, Utc::now()).await;
    if out.is_json() {
        out.json(&probe)?;
    } else {
        out.line(format!("{} at {}", probe.source, probe.host));
        probe.calls.iter().for_each(|call| print_call(call, out));
        if let Some(skew) = probe.skew.filter(|skew| skew.abs() > 5) {
            out.line(format!("look  its clock is {} s off ours", skew.abs()));
        }
        probe.jobs.iter().take(SHOWN).for_each(|job| print_job(job, out));
        out.line("");
        out.line(format!("{} understood", words::count(probe.jobs.len(), "job")));
    }
    if probe.is_ok() {
        return Ok(());
    }
    let failure = probe.calls.iter().find_map(|call| call.failure.clone());
    Err(failure.unwrap_or_else(|| {
        let first = probe.calls.iter().find_map(|call| call.unmapped.first());
        if let Some(path) = &source.path {
            return Failure::new(Class::Config, format!("not everything in {} could be read", path.display()))
                .why(first.map_or("", Text::as_str))
                .hint("assets/inbox.md lists every field; the other lines were read");
        }
        Failure::new(Class::Config, format!("the recipe \"{}\" does not fit what {name} sends", source.recipe))
            .why(first.map_or("", Text::as_str))
            .hint("mend the field's path in the recipe, then test again")
    }))
}

fn print_call(call: &ProbeCall, out: &mut Out) {
    let (role, sign) = match (call.ok, call.unmapped.is_empty()) {
        (true, true) => (Role::Good, "ok    "),
        (true, false) => (Role::Warn, "look  "),
        (false, _) => (Role::Bad, "FAIL  "),
    };
    out.line(format!("{}{:<12} {} ({} ms)", out.paint(role, sign), call.call, call.said, call.millis));
    for item in &call.unmapped {
        out.line(format!("      {item}"));
    }
}

fn print_job(job: &Job, out: &mut Out) {
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
    if job.detailed {
        out.line(format!(
            "    {} in the brief, {}, {}",
            words::count(job.brief.as_str().split_whitespace().count(), "word"),
            words::count(job.deliverable.rules.len(), "demand"),
            words::count(job.attachments.len(), "attachment"),
        ));
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
