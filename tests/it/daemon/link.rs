//! A link outlives the engine it led to: another process's, then this one's, with one handle.

use std::sync::Arc;
use std::time::Duration;

use juggler::config::Config;
use juggler::daemon::link::{Link, News, Way};
use juggler::daemon::{self, Front, Kind};
use juggler::domain::triage::Verdict;
use juggler::domain::{JobKey, View};
use juggler::engine::api::{Reply, Request, What};
use juggler::engine::{Handle, Polling, Socket};
use juggler::error::Class;
use tokio::sync::mpsc;

use crate::support;

const PATIENCE: Duration = Duration::from_secs(30);

async fn told(news: &mut mpsc::UnboundedReceiver<News>) -> News {
    tokio::time::timeout(PATIENCE, news.recv()).await.expect("nothing is told").expect("the link ended")
}

fn link(config: &Arc<Config>, attach: bool) -> (Link, Handle, mpsc::UnboundedReceiver<News>) {
    let socket = Socket::new();
    let handle = socket.handle();
    let way = Way::Near { config: config.clone(), attach };
    let mut link = Link::start(way, Front::of_process(Kind::Terminal), socket, None);
    let news = link.news();
    (link, handle, news)
}

async fn stars(handle: &Handle) -> Vec<JobKey> {
    let view = View::of("is:starred").unwrap();
    match tokio::time::timeout(PATIENCE, handle.ask(Request::Jobs { view, limit: 9 })).await.expect("no answer") {
        Ok(Reply::Jobs { jobs, .. }) => jobs.into_iter().map(|row| row.key).collect(),
        other => panic!("{other:?}"),
    }
}

/// A store with an inbox of one job, polled.
async fn ground(dir: &std::path::Path) -> (Arc<Config>, JobKey) {
    let jobs = dir.join("jobs.jsonl");
    std::fs::write(&jobs, "{\"id\":\"1\",\"title\":\"Three taglines\",\"pay\":\"2.50 USD\"}\n").unwrap();
    let mut config = support::config(dir);
    let name = juggler::domain::SourceName::new("mine");
    config.sources = vec![juggler::config::SourceConfig::inbox(name.clone(), jobs)];
    config.paths.prepare().unwrap();
    (Arc::new(config), JobKey::of(&name, "1"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_goes_on_here_when_its_engine_goes() {
    let dir = tempfile::tempdir().unwrap();
    let (config, key) = ground(dir.path()).await;
    let other = daemon::session(config.clone(), Polling::Always).await.unwrap();
    other.handle().ask(Request::Poll { source: None }).await.unwrap();
    let (link, handle, mut news) = link(&config, true);
    assert!(matches!(told(&mut news).await, News::There(host, _) if host.pid == std::process::id()));
    let mut events = handle.events();
    handle.ask(Request::Triage { keys: vec![key.clone()], verdict: Verdict::Star { on: true } }).await.unwrap();
    other.close().await;
    assert!(matches!(told(&mut news).await, News::Here), "nobody holds the store, so it is opened here");
    assert_eq!(stars(&handle).await, [key], "the same handle, and nothing is lost");
    let anew = async { while !matches!(events.recv().await.unwrap().what, What::Ready) {} };
    tokio::time::timeout(PATIENCE, anew).await.expect("nobody says that everything is to be asked anew");
    link.end().await.expect("the engine is of this process").close(None).await;
    assert!(daemon::connect(&config.paths).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn while_there_is_no_engine_requests_are_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let (config, key) = ground(dir.path()).await;
    let other = daemon::session(config.clone(), Polling::Always).await.unwrap();
    other.handle().ask(Request::Poll { source: None }).await.unwrap();
    let (link, handle, mut news) = link(&config, false);
    // It is there for one command, so a terminal waits a little for its end; not for ever.
    assert!(matches!(told(&mut news).await, News::There(..)));
    // Somebody who answers nobody takes the store.
    let (acks, _kept) = mpsc::unbounded_channel();
    other.close().await;
    let held = match juggler::store::begin(&config.paths.store(), acks, juggler::store::Options::default()) {
        Ok(held) => Some(held),
        // The link was faster.
        Err(failure) if failure.class == Class::Busy => None,
        Err(failure) => panic!("{failure}"),
    };
    if let Some(held) = held {
        let News::Away(failure) = told(&mut news).await else { panic!("it is not said") };
        assert_eq!(failure.class, Class::Busy);
        let refused = tokio::time::timeout(PATIENCE, handle.ask(Request::Hand)).await.expect("it waits for ever").unwrap_err();
        assert!(refused.what.contains("cannot be reached") && refused.hint.contains("saved when it is back"), "{refused:?}");
        held.store.close();
        while !matches!(told(&mut news).await, News::Here) {}
    }
    assert_eq!(stars(&handle).await, Vec::<JobKey>::new());
    handle.ask(Request::Triage { keys: vec![key.clone()], verdict: Verdict::Star { on: true } }).await.unwrap();
    assert_eq!(stars(&handle).await, [key]);
    link.end().await.expect("the engine is of this process").close(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attaching_needs_an_engine() {
    let dir = tempfile::tempdir().unwrap();
    let (config, _) = ground(dir.path()).await;
    let (link, _handle, mut news) = link(&config, true);
    let News::Never(failure) = told(&mut news).await else { panic!("there is none") };
    assert_eq!(failure.class, Class::NotFound);
    assert!(failure.hint.contains("juggler daemon start"), "{failure:?}");
    assert!(link.end().await.is_none());
}
