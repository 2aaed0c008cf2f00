//! A backup of a store that is at work: polls land and drafts are saved while it is written, and it is a whole state of all that.
//!
//! `JUGGLER_TEST_ROWS` says how many rows the feed has while saves are timed (8,000 unless said).

use std::io::Write;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use juggler::domain::draft::Cause;
use juggler::domain::record::Book as Half;
use juggler::domain::{AssignmentId, Entry, Record, Text};
use juggler::engine::api::Request;
use juggler::store;
use serde_json::json;
use tempfile::tempdir;

use super::gen_entries::manual;
use super::rebuild::state;
use super::rows::job;
use super::{open, options};
use crate::support::{Doomed, Ground, until};

fn half(entries: &[(Half, u64, Entry)], half: Half) -> Vec<&Entry> {
    entries.iter().filter(|(of, ..)| *of == half).map(|(_, _, entry)| entry).collect()
}

fn drafts(entries: &[(Half, u64, Entry)]) -> usize {
    entries
        .iter()
        .filter(|(_, _, entry)| matches!(&entry.record, Record::Drafted { text, .. } if text.as_str().starts_with("typed")))
        .count()
}

/// So many more jobs in the inbox.
fn grow(ground: &Ground, from: usize, more: usize) {
    let path = ground.place.path().join("jobs.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    let lines = (from..from + more).map(|n| {
        let job = json!({ "id": format!("{n:05}"), "title": format!("#{n} taglines"), "kind": "tagline", "brief": "A line. ".repeat(30) });
        format!("{job}\n")
    });
    file.write_all(lines.collect::<String>().as_bytes()).unwrap();
}

#[test]
fn a_backup_taken_at_work_is_a_whole_state_and_comes_back_equal() {
    let ground = Ground::new(91, 30);
    let ids = ground.claimed(2);
    let listed = 1500;
    grow(&ground, 0, listed);
    ground.well(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]);
    ground.well(&["jobs", "--poll", "--limit", "1"]);
    let store = ground.config().paths.store();
    let mut command = ground.place.command(&["events", "--follow", "--json"]);
    let running = Doomed::of(command.stdout(Stdio::null()).stderr(Stdio::piped()));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut handle = None;
    until("it can be spoken to", || {
        let connected = runtime.block_on(juggler::daemon::connect(&ground.config().paths));
        handle = connected.ok().flatten().map(|(handle, _)| handle);
        handle.is_some()
    });
    let handle = handle.unwrap();
    let (confirmed, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let (counting, ends, id) = (confirmed.clone(), over.clone(), AssignmentId::new(&ids[0]));
    let typing = runtime.spawn(async move {
        let mut slowest = Duration::ZERO;
        for n in 1.. {
            let begun = Instant::now();
            let text = Text::own(&format!("typed {n} {}", "word ".repeat(n % 90)));
            handle
                .ask(Request::SaveDraft { assignment: id.clone(), text, files: Vec::new(), cause: Cause::Typed, origins: None })
                .await
                .unwrap();
            counting.store(n, Ordering::SeqCst);
            slowest = slowest.max(begun.elapsed());
            if ends.load(Ordering::SeqCst) {
                return slowest;
            }
        }
        slowest
    });
    let rounds = 4;
    for round in 0..rounds {
        // Polls go on besides.
        grow(&ground, listed + round * 50, 50);
        let before = confirmed.load(Ordering::SeqCst);
        until("something more is typed", || confirmed.load(Ordering::SeqCst) > before);
        let at_least = confirmed.load(Ordering::SeqCst);
        let to = ground.place.path().join(format!("backup-{round}.jsonl"));
        ground.well(&["store", "backup", to.to_str().unwrap()]);
        let other = tempdir().unwrap();
        let restored = store::restore(other.path(), &to).unwrap();
        let (there, live) = (store::entries(other.path()).unwrap(), store::entries(&store).unwrap());
        assert!(drafts(&there) >= at_least, "{} of {at_least} confirmed versions are in it", drafts(&there));
        for part in [Half::Money, Half::Work] {
            let (there, live) = (half(&there, part), half(&live, part));
            assert!(live.starts_with(&there), "it is a beginning of what the journal has");
        }
        assert!(restored.jobs >= listed as u64 + 30, "{restored:?}");
        assert!(store::verify(other.path()).unwrap().findings.is_empty());
    }
    over.store(true, Ordering::SeqCst);
    let slowest = runtime.block_on(typing).unwrap();
    until("every job is listed", || {
        ground.place.keys(&["--limit", "10000", "is:any", "source:mine"]).len() == listed + rounds * 50
    });
    let to = ground.place.path().join("last.jsonl");
    ground.well(&["store", "backup", to.to_str().unwrap()]);
    running.end_by_interrupt();
    let other = tempdir().unwrap();
    store::restore(other.path(), &to).unwrap();
    assert_eq!(state(other.path()), state(&store), "the same book and the same rows");
    // Nobody waited long for a save while a backup was written.
    assert!(slowest < Duration::from_secs(10), "a save took {slowest:?}");
}

/// A save is not made to wait for the rows of a backup.
#[test]
fn saves_go_on_while_a_backup_is_written() {
    let rows = std::env::var("JUGGLER_TEST_ROWS").ok().and_then(|n| n.parse().ok()).unwrap_or(8_000);
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.opened.store.put_jobs((0..rows).map(job).collect());
    assert_eq!(store.opened.store.stats().blocking_recv().unwrap().jobs, rows);
    let to = dir.path().join("b.jsonl");
    let begun = Instant::now();
    let mut done = store.opened.store.backup(to.clone());
    let (mut saves, mut slowest) = (0, Duration::ZERO);
    while done.try_recv().is_err() {
        let asked = Instant::now();
        saves += 1;
        store.commit(saves, &[manual(saves)]).unwrap();
        slowest = slowest.max(asked.elapsed());
        // One at a time, and no two beside each other.
        if saves == 1 {
            let second = store.opened.store.backup(dir.path().join("c.jsonl")).blocking_recv().unwrap();
            assert!(second.is_ok() || second.is_err_and(|failure| failure.what.contains("being written already")));
        }
    }
    let took = begun.elapsed();
    store.close();
    assert!(saves > 1, "no save came in while a backup of {rows} rows was written in {took:?}");
    let other = tempdir().unwrap();
    let restored = store::restore(other.path(), &to).unwrap();
    assert_eq!((restored.jobs, restored.records), (rows, 0), "as it was when it was asked for");
    if std::env::var_os("JUGGLER_TEST_ROWS").is_some() {
        let line = format!("backup at work: {rows} rows in {took:.2?}; {saves} saves beside it, the slowest in {slowest:.2?}\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
    }
}
