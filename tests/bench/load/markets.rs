//! The five markets, on threads of their own.

use juggler::market::{self, Rate, Running, Totals};
use tokio::runtime::Runtime;

/// How many.
pub const COUNT: usize = 5;
/// Open jobs at each, at any time.
pub const OPEN: u32 = 2_000;

/// All of them.
pub struct Markets {
    running: Vec<Running>,
    // Dropped last: what is served on it ends first.
    _runtime: Runtime,
}

impl Markets {
    /// Markets that change `rate` times a second together: one change in ten is an arrival or the end that makes room for it.
    pub fn start(rate: u64) -> Markets {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("market").enable_all().build();
        let runtime = runtime.expect("a runtime");
        let each = rate as f64 / COUNT as f64;
        let rated = |share: f64| -> Rate { format!("{:.4}", each * share).parse().expect("a rate") };
        let options = |seed: u64| market::Options {
            seed,
            jobs: OPEN,
            most: Some(OPEN),
            rate: rated(0.05),
            churn: rated(0.9),
            speed: 20_000,
            rivals: false,
            requests_per_minute: 10_000_000,
            ..market::Options::default()
        };
        let running =
            (0..COUNT).map(|n| runtime.block_on(market::serve(options(7 + n as u64))).expect("a market")).collect::<Vec<_>>();
        Markets { running, _runtime: runtime }
    }

    /// The name of the source on market `n`.
    pub fn name(n: usize) -> String {
        format!("market{n}")
    }

    /// Address and key of each.
    pub fn doors(&self) -> Vec<(String, String)> {
        self.running.iter().map(|market| (market.base_url(), market.api_key())).collect()
    }

    /// Changes so far.
    pub fn changes(&self) -> u64 {
        self.running.iter().map(Running::changes).sum()
    }

    /// From now on only what is under way goes on.
    pub fn calm(&self) {
        self.running.iter().for_each(Running::calm);
    }

    /// What each counted.
    pub fn totals(&self) -> Vec<Totals> {
        self.running.iter().map(Running::totals).collect()
    }

    /// Keys of the jobs that can be had at market `n`, as the engine names them.
    pub fn open_jobs(&self, n: usize) -> std::collections::BTreeSet<String> {
        self.running[n].open_jobs().into_iter().map(|id| format!("{}:{id}", Markets::name(n))).collect()
    }
}
