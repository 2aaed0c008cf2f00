//! The cache is nothing but the journal's: without it, the same state comes back, and soon.
//!
//! `JUGGLER_TEST_EVENTS` says how many records there are (2,000 unless said). A release build has 5 s for 100,000 of them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use juggler::domain::{AssignmentId, Entry, Record, Text};
use juggler::store;
use sha2::{Digest, Sha256};
use tempfile::tempdir;

use super::gen_entries::{drafted, manual, sample};
use super::rows::job;
use super::{open, options};

/// One number for all that a store knows: the book, and the rows of its feed.
pub fn state(dir: &Path) -> String {
    let store = open(dir, options());
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(&store.opened.book).unwrap());
    hash.update(serde_json::to_vec(&store.opened.jobs).unwrap());
    let findings = store.opened.store.verify().blocking_recv().unwrap().unwrap().0;
    assert!(findings.iter().all(|text| !text.as_str().contains("cache")), "{findings:?}");
    store.close();
    format!("{:x}", hash.finalize())
}

fn events() -> u64 {
    std::env::var("JUGGLER_TEST_EVENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

/// Much of what is recorded in a long life: payments by hand, drafts of many assignments in many versions, a bit of everything.
fn entry(n: u64, some: &[Entry]) -> Entry {
    match n % 5 {
        0 => manual(n),
        1 => some[(n / 5) as usize % some.len()].clone(),
        _ => {
            let mut entry = drafted(n);
            if let Record::Drafted { assignment, text, .. } = &mut entry.record {
                *assignment = AssignmentId::new(&format!("practice:a{}", n % 997));
                *text = Text::own(&format!("draft {n} {}", "of some words ".repeat(20)));
            }
            entry
        }
    }
}

#[test]
fn without_its_cache_a_store_is_made_again_from_the_journal_to_the_same_state() {
    let events = events();
    let dir = tempdir().unwrap();
    let some: Vec<Entry> = (0..200).map(sample).collect();
    let mut store = open(dir.path(), options());
    let all: Vec<Entry> = (1..=events).map(|n| entry(n, &some)).collect();
    for (n, batch) in all.chunks(250).enumerate() {
        store.commit(n as u64, batch).unwrap();
    }
    store.close();
    let before = state(dir.path());
    for entry in fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("sled-") || name.starts_with("columns-") {
            fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path)).unwrap();
        }
    }
    let begun = Instant::now();
    let rebuilt = store::rebuild(dir.path()).unwrap();
    let took = begun.elapsed();
    assert_eq!(state(dir.path()), before);
    assert!(rebuilt.jobs_lost && rebuilt.records > 0);
    // Everything behind the checkpoint is read again one by one; the rest is in it.
    let limit =
        Duration::from_secs(5).mul_f64((events as f64 / 100_000.0).max(0.2)) * if cfg!(debug_assertions) { 10 } else { 1 };
    if std::env::var_os("JUGGLER_TEST_EVENTS").is_some() {
        use std::io::Write;
        let line = format!(
            "rebuild: {events} records, {} behind the checkpoint, in {took:.2?}; the state is the same\n",
            rebuilt.records
        );
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
    assert!(took < limit, "{took:?} for {events} records");
}

#[test]
fn rows_come_along_when_the_cache_is_there() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.commit(1, &[manual(1), drafted(1)]).unwrap();
    store.opened.store.put_jobs((0..100).map(job).collect());
    store.close();
    let before = state(dir.path());
    store::rebuild(dir.path()).unwrap();
    assert_eq!(state(dir.path()), before);
}
