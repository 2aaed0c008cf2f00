//! The store alone: how fast rows become durable, are read one by one, streamed and searched; images; a new generation; and what is left
//! awake when it is open and nothing happens.
//!
//! ```text
//! cargo bench --bench store                   100,000 jobs
//! JOBS=1000000 cargo bench --bench store      another number
//! SECONDS=20 cargo bench --bench store        how long the idle store is watched
//! DIR=/tmp/x cargo bench --bench store        in that folder, which stays; the second time it only opens, reads, streams and searches
//! ```
//! Jobs have a brief of about 300 bytes, tags, requirements and a requester. PSS is the whole process's, from `smaps_rollup`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use juggler::domain::job::{Met, Requirement};
use juggler::domain::{Job, JobKey, SourceName, Text};
use juggler::store::{self, Ack, Keep, Options, Store};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// As listings are: words that repeat, numbers that do not.
fn job(source: &SourceName, n: u64) -> Job {
    let at = chrono::DateTime::from_timestamp(1_760_000_000 + (n % 90_000) as i64, 0).unwrap();
    let mut job = Job::new(source, &format!("j{n:07}"), &format!("Write tagline {n} for a small bakery in town {}", n % 977), at);
    job.brief = Text::body(&format!(
        "Number {n}. {}{}",
        "Three lines of at most twelve words each, warm and plain, no puns, no claims about health. ".repeat(3),
        if n.is_multiple_of(1_000) { "Mention the sourdough." } else { "" }
    ));
    job.requester.id = Text::title(&format!("r{}", n % 5_000));
    job.requester.name = Text::title(&format!("Requester {}", n % 5_000));
    job.kind = Text::title(["tagline", "art", "script", "chat"][(n % 4) as usize]);
    job.tags = ["short", "english", "food"].map(Text::title).to_vec();
    let what = |kind: &str, text: &str| Requirement { kind: Text::title(kind), text: Text::title(text), met: Met::Unknown };
    job.requirements = vec![what("skill", "copywriting"), what("geo", "EU")];
    job.est_seconds = Some(300 + (n % 600) as u32);
    job.slots_left = Some((n % 7) as u32);
    job
}

fn key(source: &SourceName, n: u64) -> JobKey {
    JobKey::of(source, &format!("j{n:07}"))
}

fn pss() -> u64 {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// Voluntary context switches by thread.
fn switches() -> BTreeMap<String, u64> {
    let mut out = BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        let status = read("status");
        let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")?.trim().parse::<u64>().ok());
        *out.entry(format!("{} {}", read("comm").trim(), task.file_name().to_string_lossy())).or_insert(0) += count.unwrap_or(0);
    }
    out
}

fn report(what: &str, n: u64, took: Duration) {
    println!("  {what:<44} {:>9.3} s {:>10.0} /s   PSS {} MB", took.as_secs_f64(), n as f64 / took.as_secs_f64(), pss());
}

fn begin(dir: &std::path::Path) -> (Store, UnboundedReceiver<Ack>, store::Ready, Duration) {
    let (tx, mut acks) = unbounded_channel();
    let begun_at = Instant::now();
    let begun = store::begin(dir, tx, Options::default()).unwrap();
    let fast = begun_at.elapsed();
    let Some(Ack::Opened(ready)) = acks.blocking_recv() else { panic!("not opened") };
    report("begun, then open", 1, begun_at.elapsed());
    (begun.store, acks, ready.unwrap(), fast)
}

fn main() {
    let trial = std::env::args().any(|arg| arg == "--test");
    let jobs = setting("JOBS", if trial { 2_000 } else { 100_000 });
    let source = SourceName::new("bench");
    let temporary = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("DIR").map(std::path::PathBuf::from);
    let dir = kept.clone().unwrap_or_else(|| temporary.path().to_owned());
    println!("{jobs} jobs, PSS {} MB", pss());
    let there = kept.is_some() && dir.join("journal").exists();
    if !there {
        fill(&dir, &source, jobs);
    }
    let (store, mut acks, ready, fast) = begin(&dir);
    println!("    begun after {:.3} ms; changed since the image: {:?}", fast.as_secs_f64() * 1e3, ready.changed.map(|c| c.len()));
    read(&store, &source, jobs);
    if kept.is_none() {
        roll(&store, jobs);
    }
    idle(trial);
    let began = Instant::now();
    store.close();
    report("closed", 1, began.elapsed());
    while acks.try_recv().is_ok() {}
}

fn fill(dir: &std::path::Path, source: &SourceName, jobs: u64) {
    let (store, _acks, _, _) = begin(dir);
    // Made first, handed over in pages as a poller does.
    let began = Instant::now();
    let mut making = Duration::ZERO;
    for page in (0..jobs).collect::<Vec<_>>().chunks(1_000) {
        let made = Instant::now();
        let page: Vec<Job> = page.iter().map(|n| job(source, *n)).collect();
        making += made.elapsed();
        store.put_jobs(page);
        while store.backlog() > 20_000 {
            std::thread::sleep(Duration::from_millis(1));
        }
        if store.read_job(key(source, 0)).blocking_recv().unwrap().is_none() {
            panic!("what was put is seen");
        }
    }
    let waited = Instant::now();
    store.read_job(key(source, jobs - 1)).blocking_recv().unwrap().unwrap();
    let reader = waited.elapsed();
    assert_eq!(store.stats().blocking_recv().unwrap().jobs, jobs);
    let stamp = store.image_stamp().blocking_recv().unwrap().unwrap();
    report("put (made besides, not durable)", jobs, began.elapsed());
    println!(
        "    making them took {:.3} s; a reader behind all of it waited {:.3} ms",
        making.as_secs_f64(),
        reader.as_secs_f64() * 1e3
    );
    let writer = store.begin_image(stamp, 1);
    for n in 0..(jobs / 1024).max(1) {
        writer.section((n % 30) as u32, vec![n as u8; 200 * 1024]);
        while writer.backlog() > 8 << 20 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    writer.finish().blocking_recv().unwrap().unwrap();
    report("durable, with an image of 200 B a job", jobs, began.elapsed());
    let again = Instant::now();
    for page in (0..jobs).collect::<Vec<_>>().chunks(1_000) {
        store.put_jobs(page.iter().map(|n| store::PutJob { job: job(source, *n), keep_details: true }).collect());
        while store.backlog() > 20_000 {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    let changes = store.stats().blocking_recv().unwrap().changes;
    report("put again, unchanged", jobs, again.elapsed());
    assert_eq!(changes, 0);
    store.close();
}

fn read(store: &Store, source: &SourceName, jobs: u64) {
    let began = Instant::now();
    let reads = 2_000.min(jobs);
    for n in 0..reads {
        let n = n * 7_919 % jobs;
        assert_eq!(store.read_job(key(source, n)).blocking_recv().unwrap().unwrap().key, key(source, n));
    }
    report("read one by one, at random", reads, began.elapsed());
    let began = Instant::now();
    let mut stream = store.stream_jobs(None);
    let mut seen = 0;
    while let Some(piece) = stream.blocking_next() {
        seen += piece.decode().count() as u64;
    }
    assert_eq!(seen, jobs);
    report("stream of all, decoded", jobs, began.elapsed());
    let began = Instant::now();
    let mut search = store.search_briefs(Arc::new(|brief: &str| brief.contains("sourdough")), None);
    let mut found = 0;
    while let Some(piece) = search.blocking_next() {
        found += piece.keys.len() as u64;
    }
    assert_eq!(found, jobs.div_ceil(1_000));
    report("search of all briefs", jobs, began.elapsed());
}

fn roll(store: &Store, jobs: u64) {
    let before = store.stats().blocking_recv().unwrap();
    let began = Instant::now();
    let gone = jobs / 10 * 9;
    let keep = Keep::Where(Arc::new(move |key: &str| {
        key.rsplit('j').next().and_then(|n| n.parse::<u64>().ok()).is_some_and(|n| n >= gone)
    }));
    let rolled = store.roll_generation(keep).blocking_recv().unwrap().unwrap();
    report("nine tenths dropped by a new generation", jobs, began.elapsed());
    println!("    {} rows and {} MB -> {} rows and {} MB", before.jobs, rolled.before >> 20, rolled.rows, rolled.after >> 20);
    assert_eq!(rolled.rows, jobs - gone);
}

fn idle(trial: bool) {
    let seconds = setting("SECONDS", if trial { 0 } else { 20 });
    // What is dirty is flushed when things were quiet for two seconds.
    std::thread::sleep(Duration::from_secs(if trial { 0 } else { 4 }));
    let quiet = switches();
    std::thread::sleep(Duration::from_secs(seconds));
    let after = switches();
    println!("  idle for {seconds} s with {} threads, PSS {} MB; woken:", after.len(), pss());
    for (name, count) in &after {
        let woken = count - quiet.get(name).copied().unwrap_or(0);
        if woken > 0 {
            println!("    {name:<28} {woken}");
        }
    }
}
