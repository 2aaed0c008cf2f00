//! What the benches share: a market on threads of its own, an engine on a folder of its own, and a table of figures.

#![allow(dead_code, reason = "every bench takes its part")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use juggler::config::{Config, KeyFrom, Paths, Secret, SourceConfig, ThemeChoice};
use juggler::domain::{Assignment, AssignmentId, AssignmentState, Draft, Job, Origins, SourceName, Text, Time};
use juggler::engine::api::AssignmentView;
use juggler::market;

/// A practice market on a thread of its own, so that its work is not the engine's.
pub struct Market {
    pub base_url: String,
    pub key: String,
    stop: Option<std::sync::mpsc::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Market {
    /// A market that never says "too many requests".
    pub fn start(jobs: u32, rate: &str) -> Market {
        let options = market::Options {
            seed: 7,
            jobs,
            rate: rate.parse().expect("a rate"),
            rivals: false,
            requests_per_minute: 10_000_000,
            ..market::Options::default()
        };
        let (told, hear) = std::sync::mpsc::channel();
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name("market".to_owned()).spawn(move || {
            // One worker beside this thread; both bear the name that `cpu` leaves out.
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .max_blocking_threads(2)
                .thread_name("market")
                .enable_all()
                .build()
                .expect("a runtime");
            let running = runtime.block_on(market::serve(options)).expect("a market");
            told.send((running.base_url(), running.api_key())).expect("somebody listens");
            // An error means that the bench dropped its end, which is the wish to stop.
            let _ = stopped.recv();
            runtime.block_on(running.stop());
        });
        let (base_url, key) = hear.recv().expect("the market starts");
        Market { base_url, key, stop: Some(stop), thread: Some(thread.expect("a thread")) }
    }
}

impl Drop for Market {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A configuration with everything under `dir`.
pub fn config(dir: &Path) -> Config {
    let paths = Paths {
        config_file: dir.join("config.toml"),
        recipes: dir.join("platforms"),
        prompts: dir.join("prompts"),
        data: dir.join("data"),
        socket: dir.join("engine.sock"),
    };
    Config { theme: ThemeChoice::Dark, ..Config::defaults(paths) }
}

/// [`config`] with `market` as its one source, polled by its stream and every `poll_every`.
pub fn config_for(dir: &Path, market: &Market, poll_every: Duration) -> Arc<Config> {
    let mut config = config(dir);
    config.sources.push(SourceConfig {
        base_url: Some(market.base_url.clone()),
        key: KeyFrom::Given(Secret::new(market.key.clone())),
        poll_every: Some(poll_every),
        ..SourceConfig::of(SourceName::new("practice"), "practice")
    });
    Arc::new(config)
}

/// Work in hand with this draft.
pub fn in_hand(job: Job, text: &str, origins: Option<Origins>, now: Time) -> AssignmentView {
    let id = AssignmentId::of(&job.key.source(), "a1");
    let assignment = Assignment {
        id: id.clone(),
        job,
        state: AssignmentState::InProgress,
        native_state: Text::default(),
        claimed_at: now,
        deadline: None,
        feedback: Text::default(),
        submission: None,
        moved_at: now,
    };
    let draft = Draft {
        assignment: id,
        version: 1,
        text: Text::own(text),
        files: Vec::new(),
        cause: Default::default(),
        saved_at: now,
        scaffolded: false,
        origins,
        assisted: false,
    };
    AssignmentView {
        assignment,
        draft: Some(draft),
        findings: Vec::new(),
        checking: false,
        submission: None,
        payments: Vec::new(),
        worked: 0,
        work_left: 300,
        slack: None,
        type_there: juggler::domain::Text::default(),
    }
}

/// CPU time so far of all threads of this process but the market's, in milliseconds (in steps of the kernel's clock, 10 ms).
pub fn cpu_ms() -> u64 {
    let mut ticks = 0;
    for task in std::fs::read_dir("/proc/self/task").expect("Linux").flatten() {
        // A thread may end while we look.
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else { continue };
        let Some((head, rest)) = stat.rsplit_once(')') else { continue };
        if !head.ends_with("(market") {
            let field = |n: usize| rest.split_whitespace().nth(n).and_then(|v| v.parse::<u64>().ok()).unwrap_or(0);
            ticks += field(11) + field(12);
        }
    }
    ticks * 10
}

/// Durations, to be told as median, 99th percentile and longest.
#[derive(Default)]
pub struct Spread(Vec<Duration>);

impl Spread {
    pub fn add(&mut self, took: Duration) {
        self.0.push(took);
    }

    /// Times `work` and keeps how long it took.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let value = work();
        self.0.push(start.elapsed());
        value
    }

    /// Takes another's in.
    pub fn join(&mut self, other: &Spread) {
        self.0.extend_from_slice(&other.0);
    }

    /// Forgets the last one.
    pub fn drop_last(&mut self) {
        self.0.pop();
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The duration that `percent` of all stay under.
    pub fn at(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or_default()
    }

    pub fn head() -> String {
        format!("{:<44}{:>7}{:>11}{:>11}{:>11}", "", "n", "p50 ms", "p99 ms", "max ms")
    }

    pub fn line(&self, what: &str) -> String {
        let ms = |percent| self.at(percent).as_secs_f64() * 1000.0;
        format!("{what:<44}{:>7}{:>11.3}{:>11.3}{:>11.3}", self.len(), ms(50), ms(99), ms(100))
    }
}

/// A number from the environment, for longer or shorter runs.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

/// Whether cargo only wants to see that the bench works (`cargo test --benches`): everything is then small.
pub fn is_trial() -> bool {
    !std::env::args().any(|arg| arg == "--bench")
}

/// Presses `q` in the program's pseudo-terminal and waits until it is gone; how long that took. After ten seconds it is killed.
pub fn quit(master: &dyn portable_pty::MasterPty, child: &mut dyn portable_pty::Child) -> Duration {
    use std::io::Write;
    let mut keys = master.take_writer().expect("the terminal's keys");
    keys.write_all(b"q").and_then(|()| keys.flush()).expect("a key");
    let began = Instant::now();
    while child.try_wait().expect("its state").is_none() {
        if began.elapsed() > Duration::from_secs(10) {
            child.kill().expect("a kill");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    began.elapsed()
}
