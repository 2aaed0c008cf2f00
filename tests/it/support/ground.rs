//! The real binary in a home of its own, against a practice market in this process: so that a test can kill the one and count in
//! the other.

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use juggler::config::{Config, Overrides};
use juggler::domain::Text;
use juggler::domain::View;
use juggler::engine::api::{Reply, Request};
use juggler::engine::{self, Handle, Polling};
use juggler::market::{self, Rate};
use serde_json::Value;
use tokio::runtime::Runtime;

use super::stage::PATIENCE;
use crate::cli::{Place, Ran};

/// Both, and the runtime the market lives on.
pub struct Ground {
    pub place: Place,
    pub market: market::Running,
    rt: Option<Runtime>,
}

impl Ground {
    /// A market where nobody competes, nothing is added and reviews take their time; a source called `practice` on it.
    pub fn new(seed: u64, jobs: u32) -> Ground {
        Ground::with(market::Options { seed, jobs, ..Ground::options() })
    }

    /// What `new` starts from.
    pub fn options() -> market::Options {
        market::Options {
            rivals: false,
            rate: Rate::NONE,
            hand_limit: 10_000,
            requests_per_minute: 1_000_000,
            ..market::Options::default()
        }
    }

    /// A market of one's own.
    pub fn with(options: market::Options) -> Ground {
        // Another test may have done it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let market = rt.block_on(market::serve(options)).unwrap();
        let place = Place::new();
        place.write_key(&market.api_key());
        let ground = Ground { place, market, rt: Some(rt) };
        ground.place.write_config(&ground.source_lines(""));
        ground
    }

    /// The config's part about the market, with `more` lines.
    pub fn source_lines(&self, more: &str) -> String {
        let (url, key) = (self.market.base_url(), self.place.key_file());
        format!(
            "[[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"{url}\"\nkey_file = \"{}\"\n{more}",
            key.display()
        )
    }

    fn rt(&self) -> &Runtime {
        self.rt.as_ref().unwrap()
    }

    /// The configuration as the binary reads it.
    pub fn config(&self) -> Config {
        let data_dir = Some(self.place.data_dir());
        Config::load(&Overrides { config: Some(self.place.config_file()), data_dir, ..Overrides::default() }).unwrap()
    }

    /// Claims `claims` jobs and saves a draft for each, through an engine that has ended when this returns. Their ids.
    pub fn claimed(&self, claims: usize) -> Vec<String> {
        self.prepare(claims, 0).0
    }

    /// The keys of `open` jobs that can be claimed, after a poll.
    pub fn open(&self, open: usize) -> Vec<String> {
        self.prepare(0, open).1
    }

    /// Both.
    pub fn prepare(&self, claims: usize, open: usize) -> (Vec<String>, Vec<String>) {
        let config = Arc::new(self.config());
        self.rt().block_on(async {
            let engine = engine::start(config, Polling::OnRequest).unwrap();
            let handle = engine.handle();
            let done = claim_and_draft(&handle, claims, open).await;
            engine.stop().await;
            done
        })
    }

    /// What the market says is mine: its ids with its jobs' ids.
    pub fn held_at_the_market(&self) -> Vec<(String, String)> {
        let mut held = Vec::new();
        let mut cursor = String::new();
        loop {
            let url = format!("{}/assignments?limit=200{cursor}", self.market.base_url());
            let page: Value = self.rt().block_on(async {
                let client = reqwest::Client::builder().no_proxy().build().unwrap();
                client.get(url).header("X-API-Key", self.market.api_key()).send().await.unwrap().json().await.unwrap()
            });
            for row in page["assignments"].as_array().unwrap() {
                held.push((row["id"].as_str().unwrap().to_owned(), row["job_id"].as_str().unwrap().to_owned()));
            }
            match page["next_cursor"].as_str().filter(|_| page["has_more"] == true) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        held.sort();
        held
    }

    /// What the program says is mine, the same way.
    pub fn held_here(&self) -> Vec<(String, String)> {
        let native = |value: &Value| value.as_str().unwrap().split_once(':').unwrap().1.to_owned();
        let ran = self.well(&["hand", "--all", "--json"]);
        let mut held: Vec<_> =
            ran.lines().iter().map(|v| (native(&v["assignment"]["id"]), native(&v["assignment"]["job"]["key"]))).collect();
        held.sort();
        held
    }

    /// One assignment as the program shows it.
    pub fn view(&self, id: &str) -> Value {
        let ran = self.well(&["hand", "--all", "--json"]);
        ran.lines()
            .into_iter()
            .find(|view| view["assignment"]["id"] == id)
            .unwrap_or_else(|| panic!("{id} is not there: {ran:?}"))
    }

    /// How often a submission of this assignment took effect.
    pub fn effects(&self, id: &str) -> u32 {
        self.market.effects(id.split_once(':').unwrap().1)
    }

    /// Runs a command that has to end well.
    pub fn well(&self, args: &[&str]) -> Ran {
        let ran = self.place.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        ran
    }

    /// Starts a command that is going to be killed.
    pub fn begin(&self, args: &[&str]) -> Doomed {
        let child = self.place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        Doomed(Some(child))
    }

    /// Runs a command that ends with `code`, a sentence, its cause and its cure, in words and in JSON; nothing on standard output
    /// but what `--json` promises, and no colours. What it said in words.
    pub fn complains(&self, args: &[&str], code: i32, parts: &[&str]) -> Ran {
        let ran = self.place.run(args);
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert!(ran.err.starts_with("juggler: ") && ran.err.contains("\n    why: "), "{args:?}: {ran:?}");
        assert!(ran.err.contains("\n    try: "), "no cure: {args:?}: {ran:?}");
        for part in parts {
            assert!(ran.err.contains(part), "\"{part}\" is not said: {args:?}: {ran:?}");
        }
        let json = self.place.run(&[args, &["--json"]].concat());
        assert_eq!(json.code, code, "{args:?}: {json:?}");
        let complaint: Value = serde_json::from_str(&json.err).unwrap_or_else(|error| panic!("{error}: {args:?}: {json:?}"));
        assert_eq!(complaint["exit"], code, "{complaint}");
        for field in ["class", "what", "why", "hint"] {
            assert!(complaint["error"][field].as_str().is_some_and(|words| !words.is_empty()), "{field} in {complaint}");
        }
        for text in [&ran.out, &ran.err, &json.out, &json.err] {
            assert!(!text.contains('\x1b'), "colours in a pipe: {text:?}");
        }
        ran
    }

    /// Runs `outbox` until nothing is on its way; how often it took.
    pub fn settle(&self) -> u32 {
        let begun = Instant::now();
        for n in 1.. {
            if self.well(&["outbox", "--json"]).out.is_empty() {
                return n;
            }
            assert!(begun.elapsed() < PATIENCE, "the outbox never empties: {:?}", self.place.run(&["outbox"]));
        }
        unreachable!()
    }

    /// Journal and store agree.
    pub fn sound(&self) {
        let verified = self.well(&["store", "verify", "--json"]).json();
        assert_eq!((&verified["agree"], &verified["findings"]), (&Value::Bool(true), &Value::Array(Vec::new())));
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        if let Some(rt) = self.rt.take() {
            rt.shutdown_background();
        }
    }
}

async fn claim_and_draft(handle: &Handle, claims: usize, open: usize) -> (Vec<String>, Vec<String>) {
    handle.ask(Request::Poll { source: None }).await.unwrap();
    let Reply::Jobs { jobs, .. } = handle.ask(Request::Jobs { view: View::default(), limit: 10_000 }).await.unwrap() else {
        panic!("no jobs")
    };
    let (mut ids, mut keys) = (Vec::new(), Vec::new());
    for key in jobs.into_iter().map(|row| row.key) {
        if ids.len() == claims && keys.len() == open {
            break;
        }
        let Ok(Reply::Terms(terms)) = handle.ask(Request::ClaimTerms { key: key.clone() }).await else { panic!("no terms") };
        // The market refuses whoever does not qualify.
        if terms.warnings.iter().any(|warning| warning.as_str().contains("do not meet")) {
            continue;
        }
        if ids.len() == claims {
            keys.push(key.to_string());
            continue;
        }
        let claimed = handle.ask(Request::Claim { key, agreed: terms.digest }).await.unwrap();
        let Reply::Assignment(view) = claimed else { panic!("{claimed:?}") };
        let assignment = view.assignment.id;
        let save = Request::SaveDraft {
            assignment: assignment.clone(),
            text: Text::own(&first_draft(assignment.as_str())),
            files: Vec::new(),
            cause: Default::default(),
            origins: None,
        };
        handle.ask(save).await.unwrap();
        ids.push(assignment.to_string());
    }
    assert_eq!((ids.len(), keys.len()), (claims, open), "the market has too few jobs");
    (ids, keys)
}

/// The text that `claimed` saves for an assignment.
pub fn first_draft(id: &str) -> String {
    format!("The first line for {id}\nand a second one.\n")
}

/// A running command that dies with the test, if not earlier.
pub struct Doomed(Option<Child>);

impl Doomed {
    /// A command of one's own.
    pub fn of(command: &mut std::process::Command) -> Doomed {
        Doomed(Some(command.spawn().unwrap()))
    }

    /// SIGKILL. What it had written by then; the code is -1 unless it had ended before.
    pub fn kill(mut self) -> Ran {
        let mut child = self.0.take().unwrap();
        let _ = child.kill();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Asks it to end, as Ctrl-C does, and waits for that.
    pub fn end_by_interrupt(mut self) -> Ran {
        let child = self.0.take().unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT).unwrap();
        Ran::of(child.wait_with_output().unwrap())
    }

    /// Lets it end.
    pub fn end(mut self) -> Ran {
        Ran::of(self.0.take().unwrap().wait_with_output().unwrap())
    }
}

impl Drop for Doomed {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Waits for a condition that nobody announces.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "it never came about: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}
