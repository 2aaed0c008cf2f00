//! An inbox under a running engine: what is written shows without anybody asking.

use std::time::Duration;

use juggler::domain::View;
use juggler::engine::api::{Reply, Request};
use juggler::engine::{self, Handle, Polling};

use super::*;
use crate::support::PATIENCE;

async fn titles(handle: &Handle) -> Vec<String> {
    match handle.ask(Request::Jobs { view: View::default(), limit: 100 }).await.unwrap() {
        Reply::Jobs { jobs, .. } => {
            let mut titles: Vec<String> = jobs.iter().map(|row| row.title.to_string()).collect();
            titles.sort();
            titles
        }
        other => panic!("{other:?}"),
    }
}

/// Looks whenever something happened until the feed is as wanted.
async fn until(handle: &Handle, events: &mut tokio::sync::broadcast::Receiver<juggler::engine::api::Event>, wanted: &[&str]) {
    let watching = async {
        while titles(handle).await != wanted {
            events.recv().await.unwrap();
        }
    };
    if tokio::time::timeout(PATIENCE, watching).await.is_err() {
        panic!("{wanted:?} never came; there is {:?}", titles(handle).await);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_shows_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("jobs.jsonl");
    let mut config = crate::support::config(dir.path());
    // Polls are so rare that only the news of the file system can bring anything.
    let source = SourceConfig::inbox(SourceName::new("mine"), path.clone());
    config.sources.push(SourceConfig { poll_every: Some(Duration::from_secs(24 * 3600)), ..source });
    let config = Arc::new(config);
    let engine = engine::start(config.clone(), Polling::Always).unwrap();
    let handle = engine.handle();
    let mut events = handle.events();
    append(&path, &line("1", "one"));
    until(&handle, &mut events, &["one"]).await;
    append(&path, &(line("2", "two") + "nonsense\n"));
    until(&handle, &mut events, &["one", "two"]).await;
    append(&path, "{\"id\":\"1\",\"gone\":true}\n");
    until(&handle, &mut events, &["two"]).await;
    fs::rename(&path, dir.path().join("jobs.1")).unwrap();
    append(&path, &line("3", "three"));
    until(&handle, &mut events, &["three", "two"]).await;
    engine.stop().await;
    // The next run knows where it was.
    let engine = engine::start(config, Polling::OnRequest).unwrap();
    let handle = engine.handle();
    append(&path, &line("4", "four"));
    handle.ask(Request::Poll { source: None }).await.unwrap();
    assert_eq!(titles(&handle).await, ["four", "three", "two"]);
    engine.stop().await;
}
