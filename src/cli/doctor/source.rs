//! The store, and every source by one call.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use super::{Check, Health, kept};
use crate::cli::{sources, words};
use crate::config::{Config, KeyFrom, Retention};
use crate::daemon;
use crate::engine::api::{Reply, Request, SourceHealth, SourceState, StoreView};
use crate::engine::{Handle, Polling};

/// A clock that is off by more than this makes deadlines wrong.
const SKEW_MS: i64 = 5_000;

/// Keys at rest, the store and its verification, every source.
pub async fn checks(config: Config) -> Vec<Check> {
    let config = Arc::new(config);
    let mut checks: Vec<Check> =
        config.sources.iter().filter_map(|source| key_at_rest(format!("key of {}", source.name), &source.key)).collect();
    let began = config.paths.store().join("journal").is_dir();
    if !began && config.sources.is_empty() {
        checks.push(Check::ok("store", "nothing is kept yet"));
        checks.push(no_source());
        return checks;
    }
    if let Err(failure) = config.paths.prepare() {
        checks.push(Check::failed("store", &failure));
        return checks;
    }
    match daemon::session(config.clone(), Polling::OnRequest).await {
        Err(failure) => checks.push(Check::failed("store", &failure)),
        Ok(session) => {
            let holder = (!session.is_own()).then(|| session.holder());
            let handle = session.handle();
            checks.extend(store(&handle, holder, &config.retention).await);
            checks.extend(all_sources(&handle, &config).await);
            session.close().await;
        }
    }
    checks
}

/// What is to be said about where a key is kept; most need nothing.
pub(super) fn key_at_rest(name: String, key: &KeyFrom) -> Option<Check> {
    match key {
        KeyFrom::Env(variable) => Some(Check::new(
            name,
            Health::Warn,
            format!("in the environment as {variable}"),
            "other programs of yours can read it; key_cmd or key_file keep it better",
        )),
        KeyFrom::File(file) => Some(key_file(name, file)),
        KeyFrom::None | KeyFrom::Command(_) | KeyFrom::Credential(_) | KeyFrom::Given(_) => None,
    }
}

fn key_file(name: String, file: &Path) -> Check {
    let shown = file.display();
    match std::fs::metadata(file) {
        Err(error) => Check::new(name, Health::Fail, format!("{shown}: {error}"), "write the key into its first line"),
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            Check::new(name, Health::Fail, format!("others can read {shown}"), format!("chmod 600 {shown}"))
        }
        Ok(_) => Check::ok(name, shown.to_string()),
    }
}

async fn store(handle: &Handle, holder: Option<u32>, retention: &Retention) -> Vec<Check> {
    let whose = holder.map_or_else(String::new, |pid| format!(", held by process {pid}"));
    let view = match handle.ask(Request::Store).await {
        Ok(Reply::Store(view)) => view,
        Ok(_) => return Vec::new(),
        Err(failure) => return vec![Check::failed("store", &failure)],
    };
    let mut checks = vec![store_view(&view, &whose)];
    checks.extend(kept::checks(&view, retention));
    checks.push(match handle.ask(Request::Verify).await {
        Ok(Reply::Verified { findings, records }) if findings.is_empty() => {
            let records = words::count(usize::try_from(records).unwrap_or(usize::MAX), "record");
            Check::ok("journal", format!("{records}, all of them agree with the store"))
        }
        Ok(Reply::Verified { findings, .. }) => {
            let all: Vec<&str> = findings.iter().map(|finding| finding.as_str()).collect();
            Check::new("journal", Health::Fail, all.join("; "), "juggler store rebuild makes the store again from the journal")
        }
        Ok(_) => return checks,
        Err(failure) => Check::failed("journal", &failure),
    });
    checks
}

fn store_view(view: &StoreView, whose: &str) -> Check {
    let jobs = words::count(usize::try_from(view.jobs).unwrap_or(usize::MAX), "job");
    let found = format!("{}: {jobs}, {} KiB{whose}", view.path.display(), view.bytes >> 10);
    match (&view.failing, view.mended.is_empty()) {
        (Some(failure), _) => Check::failed("store", failure),
        (None, true) => Check::ok("store", found),
        (None, false) => {
            let mended: Vec<&str> = view.mended.iter().map(|text| text.as_str()).collect();
            Check::new("store", Health::Warn, found, format!("said when it was opened: {}", mended.join("; ")))
        }
    }
}

async fn all_sources(handle: &Handle, config: &Config) -> Vec<Check> {
    if config.sources.is_empty() {
        return vec![no_source()];
    }
    match handle.ask(Request::Poll { source: None }).await {
        Ok(Reply::Sources { sources }) => sources.iter().flat_map(source).collect(),
        Ok(_) => Vec::new(),
        Err(failure) => vec![Check::failed("sources", &failure)],
    }
}

fn no_source() -> Check {
    let fix = "juggler sources add --help shows how to add one; juggler demo needs none";
    Check::new("sources", Health::Warn, "none is configured", fix)
}

fn source(source: &SourceHealth) -> Vec<Check> {
    let name = format!("source {}", source.name);
    let where_to = format!("{} at {}", sources::state_word(source.state), source.host);
    let mut checks = vec![match (&source.error, source.state) {
        (_, SourceState::Off) => Check::ok(name, "switched off"),
        (Some(failure), _) => Check::failed(name, failure),
        (None, SourceState::Ok) => {
            let took = source.latency_ms.map_or_else(String::new, |ms| format!(" in {ms} ms"));
            let open = source.open_jobs.map(|open| format!(", {} open", words::count(open, "job"))).unwrap_or_default();
            Check::ok(name, format!("{where_to}{took}{open}"))
        }
        (None, _) => Check::new(name, Health::Warn, where_to, "ask again later: juggler sources poll"),
    }];
    if let Some(skew) = source.skew_ms.filter(|skew| skew.abs() > SKEW_MS) {
        checks.push(Check::new(
            format!("clock at {}", source.name),
            Health::Warn,
            format!("the platform's clock is {} s {}", skew.abs() / 1000, if skew > 0 { "ahead of ours" } else { "behind ours" }),
            "deadlines are the platform's: set this machine's clock (timedatectl set-ntp true)",
        ));
    } else if let Some(skew) = source.skew_ms {
        checks.push(Check::ok(format!("clock at {}", source.name), format!("{skew} ms off")));
    }
    checks
}
