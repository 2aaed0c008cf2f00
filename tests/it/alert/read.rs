//! Alerts that were read on one front end are read on all.

use std::sync::Arc;

use juggler::config::SourceConfig;
use juggler::domain::rule::{Action, Rule};
use juggler::domain::{Query, SourceName};
use juggler::engine::api::{Event, Request, What};
use juggler::engine::{self, Polling};
use tokio::sync::broadcast::Receiver;

use crate::support::PATIENCE;

/// The next event that is wanted, and those about alerts that came before it.
async fn next(events: &mut Receiver<Event>, wanted: impl Fn(&What) -> bool) -> Vec<What> {
    let heard = async {
        let mut about = Vec::new();
        loop {
            let what = events.recv().await.unwrap().what;
            let done = wanted(&what);
            about.extend(Some(what).filter(|what| matches!(what, What::Alert { .. } | What::AlertsSeen)));
            if done {
                return about;
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.expect("it was never told")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alerts_read_on_one_front_end_are_read_on_all() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jobs.jsonl");
    std::fs::write(&path, "{\"id\":\"1\",\"title\":\"Five taglines\"}\n").unwrap();
    let mut config = crate::support::config(dir.path());
    config.sources.push(SourceConfig::inbox(SourceName::new("mine"), path));
    config.rules.push(Rule::new("taglines", Query::parse("taglines").unwrap(), vec![Action::Alert]));
    let engine = engine::start(Arc::new(config), Polling::OnRequest).unwrap();
    let (one, mut other) = (engine.handle(), engine.handle().events());
    // Nothing was told, so nothing is read.
    one.ask(Request::AlertsSeen).await.unwrap();
    one.ask(Request::Poll { source: None }).await.unwrap();
    let heard = next(&mut other, |what| matches!(what, What::Alert { .. })).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    one.ask(Request::AlertsSeen).await.unwrap();
    one.ask(Request::AlertsSeen).await.unwrap();
    one.ask(Request::Poll { source: None }).await.unwrap();
    let heard = next(&mut other, |what| matches!(what, What::Source { .. })).await;
    assert_eq!(heard, [What::AlertsSeen], "once");
    engine.stop().await;
}
