//! Jobs per second from a platform's HTTP to the disk, and how fast drafts become durable.
//!
//! ```text
//! cargo bench --bench ingest               10,000 jobs, 500 drafts
//! JOBS=50000 cargo bench --bench ingest    another number
//! ```
//! An engine polls a practice market that lists so many jobs, from nothing, until the store says that it has them all; then it is
//! closed (sled is flushed) and opened again to see that they are there. The market runs on threads of its own, whose CPU time is
//! left out. Drafts are saved one after the other (each is fsynced before it is acknowledged), then all at once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::time::{Duration, Instant};

use juggler::domain::View;
use juggler::domain::draft::Cause;
use juggler::domain::{AssignmentId, Text};
use juggler::engine::api::{Reply, Request};
use juggler::engine::{self, Handle, Polling};
use support::{Market, Spread};

async fn stored(handle: &Handle) -> u64 {
    match handle.ask(Request::Store).await.unwrap() {
        Reply::Store(store) => store.jobs,
        other => panic!("{other:?}"),
    }
}

async fn ingest(jobs: u32) {
    let market = Market::start(jobs, "0");
    let dir = tempfile::tempdir().unwrap();
    let config = support::config_for(dir.path(), &market, Duration::from_secs(3600));
    let (began, cpu) = (Instant::now(), support::cpu_ms());
    let engine = engine::start(config.clone(), Polling::OnRequest).unwrap();
    let handle = engine.handle();
    handle.ask(Request::Poll { source: None }).await.unwrap();
    let listed = began.elapsed();
    while stored(&handle).await < u64::from(jobs) {
        assert!(began.elapsed() < Duration::from_secs(300), "they never come");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let kept = began.elapsed();
    engine.stop().await;
    let (durable, cpu) = (began.elapsed(), support::cpu_ms() - cpu);
    let opening = Instant::now();
    let engine = engine::start(config, Polling::OnRequest).unwrap();
    assert_eq!(stored(&engine.handle()).await, u64::from(jobs), "all are there after a restart");
    let opened = opening.elapsed();
    let rate = |took: Duration| f64::from(jobs) / took.as_secs_f64();
    println!("{jobs} jobs through HTTP, from nothing");
    println!("  in the feed (the poll is answered)   {:>8.3} s  {:>9.0} jobs/s", listed.as_secs_f64(), rate(listed));
    println!("  in the store                         {:>8.3} s  {:>9.0} jobs/s", kept.as_secs_f64(), rate(kept));
    println!("  durable (flushed and closed)         {:>8.3} s  {:>9.0} jobs/s", durable.as_secs_f64(), rate(durable));
    let cpu = Duration::from_millis(cpu.max(10));
    println!("  CPU of everything but the market     {:>8.3} s  {:>9.0} jobs/CPU s", cpu.as_secs_f64(), rate(cpu));
    println!("  opened again                         {:>8.3} s", opened.as_secs_f64());
    let handle = engine.handle();
    let began = Instant::now();
    handle.ask(Request::Poll { source: None }).await.unwrap();
    println!("  polled again, nothing new            {:>8.3} s", began.elapsed().as_secs_f64());
    const QUIET: u32 = 50;
    let cpu = support::cpu_ms();
    for _ in 0..QUIET {
        handle.ask(Request::Poll { source: None }).await.unwrap();
    }
    let each = (support::cpu_ms() - cpu) as f64 / 1000.0 / f64::from(QUIET);
    println!("  polled {QUIET} times more                 {each:>8.5} CPU s each (jobs, assignments and payments)");
    engine.stop().await;
}

/// Claims one job.
async fn claim(handle: &Handle) -> AssignmentId {
    handle.ask(Request::Poll { source: None }).await.unwrap();
    let listed = handle.ask(Request::Jobs { view: View::default(), limit: 50 }).await.unwrap();
    let Reply::Jobs { jobs, .. } = listed else { panic!("{listed:?}") };
    for row in jobs {
        let Ok(Reply::Terms(terms)) = handle.ask(Request::ClaimTerms { key: row.key.clone() }).await else { continue };
        if let Ok(Reply::Assignment(view)) = handle.ask(Request::Claim { key: row.key, agreed: terms.digest }).await {
            return view.assignment.id.clone();
        }
    }
    panic!("nothing can be claimed");
}

async fn drafts(n: u32) {
    let market = Market::start(60, "0");
    let dir = tempfile::tempdir().unwrap();
    let engine = engine::start(support::config_for(dir.path(), &market, Duration::from_secs(3600)), Polling::OnRequest).unwrap();
    let handle = engine.handle();
    let assignment = claim(&handle).await;
    let save = |n: u32| Request::SaveDraft {
        assignment: assignment.clone(),
        text: Text::own(&format!("{n}: {}", "A cup that grows back. ".repeat(40))),
        files: Vec::new(),
        cause: Cause::default(),
        origins: None,
    };
    println!("\ndrafts of 1 kB made durable\n{}", Spread::head());
    let mut spread = Spread::default();
    let began = Instant::now();
    for i in 0..n {
        let start = Instant::now();
        handle.ask(save(i)).await.unwrap();
        spread.add(start.elapsed());
    }
    let alone = f64::from(n) / began.elapsed().as_secs_f64();
    println!("{}   {alone:.0}/s", spread.line("one after the other"));
    let mut spread = Spread::default();
    let began = Instant::now();
    let all = (n..2 * n).map(|i| {
        let handle = &handle;
        async move {
            let start = Instant::now();
            handle.ask(save(i)).await.unwrap();
            start.elapsed()
        }
    });
    futures_util::future::join_all(all).await.into_iter().for_each(|took| spread.add(took));
    let together = f64::from(n) / began.elapsed().as_secs_f64();
    println!("{}   {together:.0}/s ({:.1} times)", spread.line("all at once"), together / alone);
    let verified = handle.ask(Request::Verify).await.unwrap();
    assert!(matches!(&verified, Reply::Verified { findings, .. } if findings.is_empty()), "{verified:?}");
    engine.stop().await;
}

fn main() {
    let trial = support::is_trial();
    let jobs = u32::try_from(support::setting("JOBS", if trial { 300 } else { 10_000 })).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::spawn(ingest(jobs)).await.unwrap();
        tokio::spawn(drafts(if trial { 20 } else { 500 })).await.unwrap();
    });
}
