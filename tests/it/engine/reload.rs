//! The config file changes under a running engine: what differs is taken in, a bad file changes nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use juggler::config::save_view;
use juggler::domain::{NamedView, Query, Text, View};
use juggler::engine::api::{Event, Reply, Request, SourceHealth, SourceState, What};
use juggler::engine::{self, Handle, Polling, Running};
use juggler::error::Failure;
use tempfile::TempDir;
use tokio::sync::broadcast::Receiver;

use crate::support::watched::{inbox, load};
use crate::support::{PATIENCE, Stage};

/// An engine on a config file that it read itself.
struct Session {
    dir: TempDir,
    file: PathBuf,
    running: Running,
    handle: Handle,
    events: Receiver<Event>,
}

impl Session {
    fn start(dir: TempDir) -> Session {
        let running = engine::start(Arc::new(load(dir.path())), Polling::Always).unwrap();
        let handle = running.handle();
        Session { file: dir.path().join("config.toml"), dir, events: handle.events(), handle, running }
    }

    fn new(config: impl Fn(&Path) -> String) -> Session {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("config.toml"), config(dir.path())).unwrap();
        Session::start(dir)
    }

    /// What the engine tells of its config next.
    async fn told(&mut self) -> (Vec<String>, Vec<String>, Option<Failure>) {
        let next = async {
            loop {
                if let What::Config { changed, later, failing } = self.events.recv().await.unwrap().what {
                    let words = |texts: Vec<Text>| texts.iter().map(ToString::to_string).collect();
                    return (words(changed), words(later), failing);
                }
            }
        };
        tokio::time::timeout(PATIENCE, next).await.expect("nothing was told of the config")
    }

    async fn sources(&self) -> Vec<SourceHealth> {
        let Reply::Sources { sources } = self.handle.ask(Request::Sources).await.unwrap() else { panic!() };
        sources
    }

    async fn until_source(&mut self, name: &str, wanted: impl Fn(&SourceHealth) -> bool) -> SourceHealth {
        let waited = async {
            loop {
                if let Some(found) = self.sources().await.into_iter().find(|s| s.name.as_str() == name && wanted(s)) {
                    return found;
                }
                let _ = self.events.recv().await;
            }
        };
        match tokio::time::timeout(PATIENCE, waited).await {
            Ok(found) => found,
            Err(_) => panic!("it never got there: {:?}", self.sources().await),
        }
    }

    async fn titles(&self) -> Vec<String> {
        let Reply::Jobs { jobs, .. } = self.handle.ask(Request::Jobs { view: View::default(), limit: 100 }).await.unwrap() else {
            panic!()
        };
        let mut titles: Vec<String> = jobs.iter().map(|job| job.title.to_string()).collect();
        titles.sort();
        titles
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_added_works_and_a_bad_file_changes_nothing() {
    let mut session = Session::new(|dir| inbox(dir, "a"));
    session.until_source("a", |a| a.state == SourceState::Ok).await;
    let dir = session.dir.path().to_owned();
    let good = format!(
        "{}{}[[rule]]\nname = \"star all\"\nquery = \"job\"\nactions = [\"star\"]\n[general]\ngoal_day = \"40.00 USD\"\n",
        inbox(&dir, "a"),
        inbox(&dir, "b")
    );
    let began = Instant::now();
    std::fs::write(&session.file, &good).unwrap();
    assert_eq!(session.told().await, (vec!["1 source added".into(), "1 rule added".into(), "goal changed".into()], vec![], None));
    // The figure is a second on a quiet machine; what is held here is that nobody waits for a poll or a restart.
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    session.until_source("b", |b| b.state == SourceState::Ok).await;
    assert_eq!(session.titles().await, ["a job of a", "a job of b"]);
    let Reply::Jobs { jobs, .. } = session
        .handle
        .ask(Request::Jobs { view: View { query: Query::parse("is:starred").unwrap(), ..View::default() }, limit: 9 })
        .await
        .unwrap()
    else {
        panic!()
    };
    assert_eq!(jobs.iter().map(|job| job.source.as_str()).collect::<Vec<_>>(), ["b"], "the new rule acts on what arrives");
    let Reply::Earnings(earnings) = session.handle.ask(Request::Earnings).await.unwrap() else { panic!() };
    assert!(earnings.goal.is_some());

    std::fs::write(&session.file, format!("{good}theem = \"dark\"\n")).unwrap();
    let (changed, _, failing) = session.told().await;
    let failing = failing.expect("it is bad");
    assert!(changed.is_empty() && failing.what.contains("config.toml:17:1") && failing.hint.contains("theme"), "{failing:?}");
    assert_eq!(session.sources().await.len(), 2, "the last good one goes on");
    let again = session.handle.ask(Request::Reload).await.unwrap_err();
    assert_eq!(again, failing, "whoever asks hears the same");

    std::fs::write(&session.file, &good).unwrap();
    assert_eq!(session.told().await, (vec![], vec![], None), "mended is told, too");
    let other = good.replace("query = \"job\"", "query = \"jobs\"").replace("40.00", "50.00");
    std::fs::write(&session.file, format!("{other}[[assistant]]\nname = \"local\"\nkind = \"ollama\"\n")).unwrap();
    let changed = ["1 rule changed", "1 assistant added", "goal changed"].map(String::from).into();
    assert_eq!(session.told().await, (changed, vec![], None));

    std::fs::remove_file(&session.file).unwrap();
    let (.., failing) = session.told().await;
    assert!(failing.is_some_and(|failure| failure.what.ends_with("is gone")));
    assert_eq!(session.sources().await.len(), 2);
    session.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_and_replaced_files_are_seen() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (dir.path().join("one.toml"), dir.path().join("two.toml"));
    std::fs::write(&one, inbox(dir.path(), "a")).unwrap();
    std::fs::write(&two, inbox(dir.path(), "a") + &inbox(dir.path(), "b")).unwrap();
    std::os::unix::fs::symlink(&one, dir.path().join("config.toml")).unwrap();
    let mut session = Session::start(dir);
    session.until_source("a", |a| a.state == SourceState::Ok).await;
    // Another target behind the same name.
    let beside = session.dir.path().join("beside");
    std::os::unix::fs::symlink(&two, &beside).unwrap();
    std::fs::rename(&beside, &session.file).unwrap();
    assert_eq!(session.told().await.0, ["1 source added"]);
    // The target is replaced, as editors do.
    std::fs::write(&beside, inbox(session.dir.path(), "b")).unwrap();
    std::fs::rename(&beside, &two).unwrap();
    assert_eq!(session.told().await.0, ["1 source removed"]);
    // Switched off, in place and with another length of time.
    std::fs::write(&two, inbox(session.dir.path(), "b") + "enabled = false\n").unwrap();
    assert_eq!(session.told().await.0, ["1 source switched off"]);
    let b = session.until_source("b", |b| b.state == SourceState::Off).await;
    assert!(b.error.is_some_and(|why| why.what == "b is switched off"));
    session.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_that_is_saved_is_no_news_of_the_file() {
    let mut session = Session::new(|dir| inbox(dir, "a"));
    session.until_source("a", |a| a.state == SourceState::Ok).await;
    let view = |name: &str| NamedView {
        name: Text::title(name),
        view: View { query: Query::parse("pay>=1").unwrap(), ..View::default() },
    };
    let Reply::Views { views } = session.handle.ask(Request::SaveView { view: view("rich") }).await.unwrap() else { panic!() };
    assert!(views.iter().any(|known| known.named == view("rich")));
    // The next news is of another hand's change alone.
    save_view(&load(session.dir.path()), &view("richer")).unwrap();
    assert_eq!(session.told().await.0, ["1 view added"]);
    let Reply::Views { views } = session.handle.ask(Request::Views).await.unwrap() else { panic!() };
    assert!(["rich", "richer"].iter().all(|name| views.iter().any(|known| known.named.name.as_str() == *name)), "{views:?}");
    session.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_source_that_is_needed_stays_in_sight() {
    let market = juggler::market::serve(juggler::market::Options { speed: 1, ..Stage::options(3) }).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("key");
    std::fs::write(&key, market.api_key()).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let section = format!(
        "[[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"http://{}/v1\"\nkey_file = \"key\"\n",
        market.addr()
    );
    let whole = section.clone() + &inbox(dir.path(), "a");
    std::fs::write(dir.path().join("config.toml"), &whole).unwrap();
    let mut session = Session::start(dir);
    session.handle.ask(Request::Poll { source: None }).await.unwrap();
    let Reply::Jobs { jobs, .. } = session
        .handle
        .ask(Request::Jobs { view: View { query: Query::parse("source:practice").unwrap(), ..View::default() }, limit: 50 })
        .await
        .unwrap()
    else {
        panic!()
    };
    let mut tried = Vec::new();
    let mut mine = None;
    for job in jobs {
        let terms = match session.handle.ask(Request::ClaimTerms { key: job.key.clone() }).await {
            Ok(Reply::Terms(terms)) => terms,
            other => {
                tried.push(other);
                continue;
            }
        };
        match session.handle.ask(Request::Claim { key: job.key, agreed: terms.digest }).await {
            Ok(Reply::Assignment(view)) => {
                mine = Some(view.assignment.id);
                break;
            }
            other => tried.push(other),
        }
    }
    let mine = mine.unwrap_or_else(|| panic!("something can be claimed: {tried:?}"));

    std::fs::write(&session.file, inbox(session.dir.path(), "a")).unwrap();
    assert_eq!(session.told().await.0, ["1 source removed"]);
    let shown = session.until_source("practice", |s| s.state == SourceState::Off).await;
    let why = shown.error.unwrap();
    assert!(why.what.contains("not in the config any more") && why.hint.contains("put its [[source]] back"), "{why:?}");
    let Reply::Hand(hand) = session.handle.ask(Request::Hand).await.unwrap() else { panic!() };
    assert_eq!(hand.items.len(), 1);
    let refused = session.handle.ask(Request::Release { assignment: mine.clone() }).await.unwrap_err();
    assert_eq!(refused.what, why.what, "nothing is asked of it");

    // The next start forgets it as little.
    session.running.stop().await;
    let mut session = Session::start(session.dir);
    assert_eq!(session.until_source("practice", |s| s.state == SourceState::Off).await.error.unwrap(), why);

    // Put back, it works again: the job can be given back, and then it may go.
    std::fs::write(&session.file, &whole).unwrap();
    assert_eq!(session.told().await.0, ["1 source added"]);
    session.until_source("practice", |s| s.state == SourceState::Ok).await;
    session.handle.ask(Request::Release { assignment: mine }).await.unwrap();
    std::fs::write(&session.file, inbox(session.dir.path(), "a")).unwrap();
    assert_eq!(session.told().await.0, ["1 source removed"]);
    assert_eq!(session.sources().await.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["a"]);
    session.running.stop().await;
    market.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_waits_for_a_poll_is_not_forgotten() {
    // A platform that takes a connection and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", silent.local_addr().unwrap());
    let section = move |more: &str| {
        format!("[[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"{url}\"\nkey_env = \"HOME\"\n{more}")
    };
    let mut session = Session::new(|_| section(""));
    let asked = tokio::spawn({
        let handle = session.handle.clone();
        async move { handle.ask(Request::Poll { source: None }).await }
    });
    let (held, _) = silent.accept().await.unwrap();
    // The poll goes on with the source as it is now.
    std::fs::write(&session.file, section("poll_every = \"5m\"\n")).unwrap();
    assert_eq!(session.told().await.0, ["1 source changed"]);
    assert!(!asked.is_finished());
    // And ends with it.
    std::fs::write(&session.file, "").unwrap();
    assert_eq!(session.told().await.0, ["1 source removed"]);
    let Reply::Sources { sources } = tokio::time::timeout(PATIENCE, asked).await.unwrap().unwrap().unwrap() else { panic!() };
    assert!(sources.is_empty(), "{sources:?}");
    drop(held);
    session.running.stop().await;
}
