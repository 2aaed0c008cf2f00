//! Load and endurance: five busy markets, the real engine on its disk, and a person at it; whether anything grows or slows down.
//!
//! ```text
//! cargo bench --bench load                                 20 seconds at 5,000 changes a second
//! cargo bench --bench load -- --minutes 10                 ten minutes
//! cargo bench --bench load -- --minutes 60 --rate 1000     an hour at another rate
//! cargo bench --bench load -- --nobody                     no one works: the history does not grow, so that memory must not either
//! cargo bench --bench load -- --soak --minutes 60          the terminal program, almost idle, for an hour
//! ```
//! Five practice markets (real HTTP, in this process) change together as often as asked: jobs arrive, change and end, and about
//! 10,000 are open at any time. The engine is the real binary as a daemon that polls them by its schedule; its config keeps 30,000
//! rows, so that what leaves the feed is part of the run. A person over the daemon's socket asks for windows and moves on, and
//! another claims, drafts, saves and submits. In the end everything stands still and the books must agree: jobs, submissions and
//! payments at the markets, in the store and in the journal, to the cent.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod books;
mod daemon;
mod figures;
mod markets;
mod person;
mod process;
mod soak;
#[path = "../support.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use daemon::Daemon;
use figures::{Figures, Sample};
use juggler::engine::Handle;
use juggler::engine::api::{Reply, Request, What};
use markets::Markets;
use person::Watch;
use process::Process;

/// What the command line says.
struct Wish {
    length: Duration,
    rate: u64,
    soak: bool,
    nobody: bool,
}

impl Wish {
    fn read() -> Wish {
        let args: Vec<String> = std::env::args().collect();
        let after = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1)?.parse::<u64>().ok());
        let length = match after("--minutes") {
            Some(minutes) => Duration::from_secs(minutes * 60),
            None => Duration::from_secs(after("--seconds").unwrap_or(if support::is_trial() { 6 } else { 20 })),
        };
        let rate = after("--rate").unwrap_or(if support::is_trial() { 500 } else { 5_000 });
        let has = |name: &str| args.iter().any(|arg| arg == name);
        Wish { length, rate, soak: has("--soak"), nobody: has("--nobody") }
    }
}

/// Rounds how old the engine's picture of a source is: from the source's last whole round until now.
async fn lags(handle: &Handle) -> Vec<Duration> {
    let Ok(Reply::Sources { sources }) = handle.ask(Request::Sources).await else { return Vec::new() };
    let now = chrono::Utc::now();
    sources.iter().filter_map(|source| (now - source.last_ok?).to_std().ok()).collect()
}

async fn run(wish: &Wish, markets: &Markets) {
    let daemon = Daemon::start(markets);
    let handle = daemon.connect().await;
    let began = Instant::now();
    while !listed(&handle, markets::OPEN).await {
        assert!(began.elapsed() < Duration::from_secs(120), "the first lists never come");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    println!(
        "{} changes/s wished of {} markets with {} open jobs each, for {} s; first lists after {:.1} s; load average {}",
        wish.rate,
        markets::COUNT,
        markets::OPEN,
        wish.length.as_secs(),
        began.elapsed().as_secs_f64(),
        process::load_average()
    );
    let watch = Arc::new(Watch::default());
    let counting = tokio::spawn(count(handle.clone(), watch.clone()));
    let reader = tokio::spawn(person::read(daemon.connect().await, watch.clone()));
    let worker = if wish.nobody { None } else { Some(tokio::spawn(person::work(daemon.connect().await, watch.clone()))) };
    let every = if wish.length >= Duration::from_secs(120) { Duration::from_secs(15) } else { Duration::from_secs(4) };
    let mut figures = Figures::begin();
    let (began, mut lag) = (Instant::now(), support::Spread::default());
    let (mut last, mut served, mut due) = (Instant::now(), markets.changes(), every);
    let mut process = Process::of(daemon.pid());
    while began.elapsed() < wish.length {
        tokio::time::sleep(Duration::from_millis(500)).await;
        lags(&handle).await.into_iter().for_each(|took| lag.add(took));
        if began.elapsed() < due && began.elapsed() < wish.length {
            continue;
        }
        due += every;
        let Ok(Reply::Store(store)) = handle.ask(Request::Store).await else { panic!("no word of the store") };
        let (now, seconds) = (markets.changes(), last.elapsed().as_secs_f64());
        figures.add(Sample {
            at: began.elapsed(),
            served: (now - served) as f64 / seconds,
            ingested: watch.ingested.swap(0, Ordering::Relaxed) as f64 / seconds,
            lag: std::mem::take(&mut lag),
            windows: std::mem::take(&mut watch.windows.lock().unwrap()),
            saves: std::mem::take(&mut watch.saves.lock().unwrap()),
            steps: daemon.steps(),
            process: process.look(),
            rows: store.resident,
            disk: store.disk_bytes,
        });
        (last, served) = (Instant::now(), now);
    }
    watch.leave.store(true, Ordering::Relaxed);
    reader.await.unwrap();
    if let Some(worker) = worker {
        println!("\n{}", worker.await.unwrap());
    }
    counting.abort();
    figures.conclude();
    books::settle(&handle, markets).await;
    books::agree(&handle, markets).await;
    daemon.stop();
    books::agree_on_disk(&daemon, markets).await;
    println!("load average at the end {}", process::load_average());
}

/// Whether every source was listed once.
async fn listed(handle: &Handle, open: u32) -> bool {
    match handle.ask(Request::Sources).await {
        Ok(Reply::Sources { sources }) => {
            sources.iter().all(|source| source.last_ok.is_some() && source.open_jobs.unwrap_or(0) * 10 >= open as usize * 9)
        }
        _ => false,
    }
}

/// Counts what the engine says that it took in.
async fn count(handle: Handle, watch: Arc<Watch>) {
    let mut events = handle.events();
    loop {
        match events.recv().await {
            Ok(event) => match event.what {
                What::Feed { arrived, changed, gone, .. } => {
                    watch.ingested.fetch_add(u64::from(arrived + changed + gone), Ordering::Relaxed);
                }
                What::Missed => {
                    watch.missed.fetch_add(1, Ordering::Relaxed);
                }
                _ => {}
            },
            Err(tokio::sync::broadcast::error::RecvError::Lagged(n)) => {
                watch.missed.fetch_add(n, Ordering::Relaxed);
            }
            Err(_) => return,
        }
    }
}

fn main() {
    let wish = Wish::read();
    if wish.soak {
        return soak::run(wish.length);
    }
    let markets = Markets::start(wish.rate);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run(&wish, &markets));
}
