//! What a job costs on its way into the feed, and in memory.
//!
//! ```text
//! cargo bench --bench index                 10,000, 100,000 and 1,000,000 jobs
//! JOBS=30000 cargo bench --bench index      another number, alone
//! ```
//! Ten views are watched, one of them shown, as on a screen with tabs. The jobs are made before the clock starts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod crowd;
mod support;

use std::time::Instant;

use chrono::TimeDelta;
use juggler::domain::job::JobStatus;
use juggler::domain::triage::Marks;
use juggler::domain::view::SortKey;
use juggler::domain::{Job, SourceName};
use juggler::feed::{Anchor, Columns};
use support::Spread;

const WATCHED: [&str; 9] = [
    "pay>=5",
    "rate>=12 ai:allowed",
    "kind:kind-1,kind-2,kind-3",
    "taglines",
    "requester:\"Requester 11*\"",
    "tag:tag-1* slots>=3",
    "is:starred",
    "expires<2h",
    "is:any",
];
/// As many as a reader hands over at once: they are still in the cache.
const BATCH: u64 = 50;

fn batch(from: u64) -> Vec<Job> {
    (from..from + BATCH).map(crowd::job).collect()
}

fn measure(jobs: u64) {
    println!("\n{jobs} jobs; ten views watched, one of them shown");
    let mut feed = Columns::new(crowd::start());
    let shown = crowd::view("", &[SortKey::Rate, SortKey::Pay]);
    WATCHED.iter().for_each(|query| feed.watch(&crowd::view(query, &[])));
    feed.watch(&shown);
    feed.window(&shown, &Anchor::Top, 36, 108);
    while !feed.work(1 << 20).done {}

    let mut all = 0.0;
    let mut worst = Spread::default();
    for from in (0..jobs).step_by(BATCH as usize) {
        let batch = batch(from);
        let judged: Vec<_> = batch.iter().map(crowd::judged).collect();
        let start = Instant::now();
        for (job, judged) in batch.iter().zip(&judged) {
            worst.time(|| feed.upsert(job, judged, crowd::start()));
        }
        all += start.elapsed().as_secs_f64();
    }
    println!("{:<52}{:>9.0} k/s{:>9.2} us", "arrivals", jobs as f64 / all / 1e3, all / jobs as f64 * 1e6);
    println!("{:<52}{:>9.3} ms", "the longest of them", worst.at(100).as_secs_f64() * 1e3);

    let rate = |what: &str, feed: &mut Columns, change: &dyn Fn(&mut Job, u64)| {
        let (mut took, mut count) = (0.0, 0);
        for round in 0..(jobs / BATCH).min(2000) {
            let mut batch = batch(crowd::dice(round) % (jobs / BATCH) * BATCH);
            batch.iter_mut().for_each(|job| change(job, round));
            let judged: Vec<_> = batch.iter().map(crowd::judged).collect();
            let start = Instant::now();
            for (job, judged) in batch.iter().zip(&judged) {
                feed.upsert(job, judged, crowd::start());
            }
            took += start.elapsed().as_secs_f64();
            count += batch.len();
        }
        println!("{what:<52}{:>9.0} k/s{:>9.2} us", count as f64 / took / 1e3, took / count as f64 * 1e6);
    };
    rate("listed again, unchanged", &mut feed, &|_, _| {});
    rate("changed: a place fewer", &mut feed, &|job, round| job.slots_left = Some(20 + round as u32));
    rate("changed: another pay", &mut feed, &|job, round| {
        job.reward.min = job.reward.min.map(|pay| juggler::domain::Money::new(pay.minor + 1 + round as i64, pay.asset));
        job.reward.max = job.reward.min;
    });
    rate("full", &mut feed, &|job, _| job.status = JobStatus::Full);
    rate("open again", &mut feed, &|_, _| {});

    let marks = Marks { hidden: true, ..Marks::default() };
    let start = Instant::now();
    let marked = (jobs / 10).min(50_000);
    for n in 0..marked {
        feed.set_marks(crowd::job(n * 7 % jobs).key.as_str(), marks);
    }
    println!("{:<52}{:>21.2} us", "hidden (making the key counted in)", start.elapsed().as_secs_f64() / marked as f64 * 1e6);

    let mut ticks = Spread::default();
    for second in 0..1000 {
        ticks.time(|| feed.tick(crowd::start() + TimeDelta::seconds(600 + second), 1000));
    }
    println!("{}\n{}", Spread::head(), ticks.line("the clock, a second a step"));
    let mut sweep = Spread::default();
    let mut round = Some(feed.begin_round(&SourceName::new("board")));
    while let Some(going) = round {
        round = sweep.time(|| feed.sweep(going, 1, crowd::start())).1;
    }
    println!("{}", sweep.line("a sweep that finds all gone, a stretch a step"));
    let fresh = crowd::feed(jobs);
    println!("{:<52}{:>9.1} bytes a job", "memory, no view", fresh.weight() as f64 / jobs as f64);
    println!("{:<52}{:>9.1} bytes a job", "memory, ten views, one in order", feed.weight() as f64 / jobs as f64);
    if let Some(rss) = resident() {
        println!("{:<52}{:>9.1} MB for both feeds", "resident", rss);
    }
}

fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn main() {
    crowd::sizes(support::is_trial()).into_iter().for_each(measure);
}
