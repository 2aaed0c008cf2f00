//! A practice market and an engine that works on it: both real, over loopback.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use juggler::config::{Config, KeyFrom, Secret, SourceConfig};
use juggler::domain::View;
use juggler::domain::{AssignmentId, AssignmentState, JobKey, SourceName, Text};
use juggler::engine::api::{AssignmentView, Event, JobRow, Reply, Request, What};
use juggler::engine::{self, Handle, Polling, Running};
use juggler::error::Failure;
use juggler::market;
use tempfile::TempDir;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Slow machines get this long; what does not come is still found out.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Both, and the folder they work in.
pub struct Stage {
    pub market: market::Running,
    pub config: Arc<Config>,
    pub engine: Option<Running>,
    pub handle: Handle,
    pub events: Receiver<Event>,
    #[expect(dead_code, reason = "keeps the folder until the end")]
    dir: TempDir,
    polling: Polling,
}

impl Stage {
    /// A market whose reviews and payouts take moments, and an engine that polls it.
    pub async fn start(seed: u64) -> Stage {
        Stage::with(Stage::options(seed)).await
    }

    /// A market whose reviews and payouts take moments.
    pub fn options(seed: u64) -> market::Options {
        market::Options { seed, jobs: 60, speed: 20_000, requests_per_minute: 60_000, ..Default::default() }
    }

    /// A market of one's own.
    pub async fn with(options: market::Options) -> Stage {
        Stage::set(options, Polling::Always, |_| {}).await
    }

    /// A market and a configuration of one's own; polled as said.
    pub async fn set(options: market::Options, polling: Polling, change: impl FnOnce(&mut Config)) -> Stage {
        let market = market::serve(options).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut config = super::config(dir.path());
        config.sources.push(source(market.addr(), market.api_key()));
        change(&mut config);
        let config = Arc::new(config);
        let engine = engine::start(config.clone(), polling).unwrap();
        let handle = engine.handle();
        let events = handle.events();
        Stage { market, config, engine: Some(engine), handle, events, dir, polling }
    }

    /// Ends the engine in good order and starts another on the same folder.
    pub async fn restart(&mut self) {
        self.engine.take().unwrap().stop().await;
        let engine = engine::start(self.config.clone(), self.polling).unwrap();
        self.handle = engine.handle();
        self.events = self.handle.events();
        self.engine = Some(engine);
    }

    /// The same with another configuration.
    pub async fn restart_with(mut self, change: impl FnOnce(&mut Config)) -> Stage {
        let mut config = Config::clone(&self.config);
        change(&mut config);
        self.config = Arc::new(config);
        self.restart().await;
        self
    }

    /// Asks, and wants a good answer.
    pub async fn ask(&self, request: Request) -> Reply {
        let shown = format!("{request:?}");
        match self.try_ask(request).await {
            Ok(reply) => reply,
            Err(failure) => panic!("{shown}: {failure:?}"),
        }
    }

    /// Asks.
    pub async fn try_ask(&self, request: Request) -> Result<Reply, Failure> {
        tokio::time::timeout(PATIENCE, self.handle.ask(request)).await.expect("no answer")
    }

    /// Polls once, and again while the feed is empty.
    pub async fn jobs(&self) -> Vec<JobRow> {
        let Reply::Sources { sources } = self.ask(Request::Poll { source: None }).await else { panic!() };
        assert!(sources.iter().all(|s| s.error.is_none()), "{sources:?}");
        match self.ask(Request::Jobs { view: View::default(), limit: 1000 }).await {
            Reply::Jobs { jobs, .. } => jobs,
            other => panic!("{other:?}"),
        }
    }

    /// Claims the first job that can be had among those `wanted` admits.
    pub async fn claim(&self, wanted: impl Fn(&JobRow) -> bool) -> AssignmentView {
        for row in self.jobs().await.into_iter().filter(wanted) {
            if let Ok(view) = self.claim_key(&row.key).await {
                return view;
            }
        }
        panic!("nothing to claim");
    }

    /// Claims one job on its terms.
    pub async fn claim_key(&self, key: &JobKey) -> Result<AssignmentView, Failure> {
        let Reply::Terms(terms) = self.try_ask(Request::ClaimTerms { key: key.clone() }).await? else { panic!("no terms") };
        match self.try_ask(Request::Claim { key: key.clone(), agreed: terms.digest }).await? {
            Reply::Assignment(view) => Ok(*view),
            other => panic!("{other:?}"),
        }
    }

    /// Lays out, repairs until the checks pass, and saves.
    pub async fn make(&self, id: &AssignmentId) -> AssignmentView {
        let Reply::Scaffold(laid) = self.ask(Request::Scaffold { assignment: id.clone() }).await else { panic!("no layout") };
        let (mut text, files) = (laid.text, laid.files);
        for _ in 0..12 {
            let save = Request::SaveDraft {
                assignment: id.clone(),
                text: text.clone(),
                files: files.clone(),
                cause: juggler::domain::draft::Cause::Scaffold,
                origins: None,
            };
            self.ask(save).await;
            let view = self.assignment(id).await;
            if juggler::domain::check::passes(&view.findings) {
                return view;
            }
            text = Text::own(&juggler::assist::repair(&view.assignment.job, text.as_str(), &view.findings));
        }
        panic!("checks still fail: {:?}", self.assignment(id).await.findings);
    }

    /// Submits the saved draft on its terms.
    pub async fn submit(&self, id: &AssignmentId) -> AssignmentView {
        let Reply::Terms(terms) = self.ask(Request::SubmitTerms { assignment: id.clone() }).await else { panic!("no terms") };
        match self.ask(Request::Submit { assignment: id.clone(), agreed: terms.digest, word: terms.word }).await {
            Reply::Assignment(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// One assignment as it is now.
    pub async fn assignment(&self, id: &AssignmentId) -> AssignmentView {
        match self.ask(Request::Assignment { id: id.clone() }).await {
            Reply::Assignment(view) => *view,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until an assignment stands as `wanted` says.
    pub async fn until(&mut self, id: &AssignmentId, wanted: impl Fn(AssignmentState) -> bool) -> AssignmentView {
        let waited = async {
            loop {
                let view = self.assignment(id).await;
                if wanted(view.assignment.state) {
                    return view;
                }
                loop {
                    match self.events.recv().await {
                        Ok(Event { what: What::Assignment { id: moved, .. }, .. }) if moved == *id => break,
                        Ok(_) => {}
                        Err(RecvError::Lagged(_)) => break,
                        Err(RecvError::Closed) => panic!("the engine ended"),
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, waited).await.expect("it never got there")
    }

    /// Ends both.
    pub async fn end(mut self) {
        if let Some(engine) = self.engine.take() {
            engine.stop().await;
        }
        self.market.stop().await;
    }
}

/// A source that speaks to a market at `addr`.
pub fn source(addr: SocketAddr, key: String) -> SourceConfig {
    SourceConfig {
        base_url: Some(format!("http://{addr}/v1")),
        key: KeyFrom::Given(Secret::new(key)),
        poll_every: Some(Duration::from_secs(2)),
        ..SourceConfig::of(SourceName::new("practice"), "practice")
    }
}
