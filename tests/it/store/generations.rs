//! New generations of the cache: the live rows and nothing else, whatever happens in between.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use juggler::domain::{Job, JobKey};
use juggler::store::{Ack, Keep};
use tempfile::tempdir;

use super::gen_entries::{manual, sample};
use super::rows::job;
use super::{fold, open, options};

const CHILD: &str = "JUGGLER_TEST_ROLL_CHILD";

fn folders(dir: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("sled-")).collect()
}

fn names<const N: usize>(of: [&str; N]) -> BTreeSet<String> {
    of.map(str::to_owned).into()
}

#[test]
fn the_live_rows_move_and_the_old_folder_goes() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let entries: Vec<_> = (0..40).map(sample).collect();
    store.commit(1, &entries).unwrap();
    let handle = &store.opened.store;
    handle.put_jobs((0..20_000).map(job).collect());
    handle.put_cursor("practice/jobs".into(), serde_json::json!({"after": 3}));
    let before = handle.stats().blocking_recv().unwrap();
    let gone: BTreeSet<JobKey> = (0..18_000).map(|n| job(n).key).collect();
    let waits = handle.drop_many(gone);
    // Reads, puts and saves go on, and what is put stays, also what was to go.
    handle.put_jobs(vec![Job { seen_count: 5, ..job(1) }, Job { seen_count: 5, ..job(17_999) }, job(50_000)]);
    handle.drop_jobs(vec![job(19_000).key]);
    assert_eq!(handle.read_job(job(19_999).key).blocking_recv().unwrap(), Some(job(19_999)));
    handle.commit(2, vec![manual(77)]);
    let rolled = waits.blocking_recv().unwrap().unwrap();
    assert!(rolled.generation == 2 && rolled.rows == 2_002 && rolled.after < rolled.before, "{rolled:?}");
    let after = handle.stats().blocking_recv().unwrap();
    assert!(
        after.jobs == 2_002 && after.generation == 2 && after.dead == 0 && after.cache_bytes < before.cache_bytes / 2,
        "{after:?}"
    );
    handle.put_jobs(vec![job(60_000)]);
    store.close();
    assert_eq!(folders(dir.path()), names(["sled-2"]));
    let again = open(dir.path(), options());
    assert!(again.opened.mended.is_empty(), "{:?}", again.opened.mended);
    let mut expected: Vec<Job> = (18_000..20_000).filter(|n| *n != 19_000).map(job).collect();
    expected.extend([Job { seen_count: 5, ..job(1) }, Job { seen_count: 5, ..job(17_999) }, job(50_000), job(60_000)]);
    expected.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(again.opened.jobs, expected);
    assert_eq!(again.opened.cursors["practice/jobs"], serde_json::json!({"after": 3}));
    let book = fold(entries.iter().chain([&manual(77)]));
    assert_eq!(again.opened.book, book);
    again.close();
    let findings = juggler::store::verify(dir.path()).unwrap().findings;
    let own: Vec<_> = findings.iter().filter(|f| f.as_str().contains("cache")).collect();
    assert!(own.is_empty(), "{own:?}");
}

#[test]
fn when_most_rows_are_dead_it_happens_by_itself() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..9_000).map(job).collect());
    assert_eq!(handle.stats().blocking_recv().unwrap().jobs, 9_000);
    handle.drop_jobs((0..6_000).map(|n| job(n).key).collect());
    assert_eq!(handle.stats().blocking_recv().unwrap().dead, 6_000);
    // After two quiet seconds.
    let Ack::Rolled(rolled) = store.acks.blocking_recv().unwrap() else { panic!("rolled first") };
    assert!(rolled.rows == 3_000 && rolled.generation == 2 && rolled.dropped == 0, "{rolled:?}");
    store.close();
    assert_eq!(open(dir.path(), options()).opened.jobs.len(), 3_000);
}

#[test]
fn a_second_one_at_the_same_time_is_refused_and_closing_gives_the_first_up() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..20_000).map(job).collect());
    handle.stats().blocking_recv().unwrap();
    let first = handle.roll_generation(Keep::All);
    let second = handle.roll_generation(Keep::All).blocking_recv().unwrap();
    assert!(second.is_err_and(|failure| failure.class == juggler::error::Class::Busy && !failure.hint.is_empty()));
    store.close();
    assert!(first.blocking_recv().is_err());
    assert_eq!(folders(dir.path()), names(["sled-1"]));
    assert_eq!(open(dir.path(), options()).opened.jobs.len(), 20_000);
}

/// The states in which a crash may leave the folder, one by one.
#[test]
fn from_every_state_a_crash_leaves_the_next_start_goes_on() {
    // Before the switch: the marker with nothing, with a part, with all of the new generation beside it.
    for part in ["", "empty", "half", "whole"] {
        let dir = tempdir().unwrap();
        let store = open(dir.path(), options());
        store.opened.store.put_jobs((0..100).map(job).collect());
        store.close();
        fs::write(dir.path().join("sled-2.making"), b"x").unwrap();
        let next = dir.path().join("sled-2");
        if !part.is_empty() {
            fs::create_dir(&next).unwrap();
        }
        if part == "half" {
            fs::write(next.join("db"), vec![0; 5_000]).unwrap();
        }
        if part == "whole" {
            fs::remove_dir(&next).unwrap();
            let other = tempdir().unwrap();
            let store = open(other.path(), options());
            store.opened.store.put_jobs(vec![job(7)]);
            store.close();
            fs::rename(other.path().join("sled-1"), &next).unwrap();
        }
        let again = open(dir.path(), options());
        assert_eq!(again.opened.jobs, (0..100).map(job).collect::<Vec<_>>(), "{part}");
        assert!(again.opened.mended.is_empty());
        again.close();
        assert_eq!(folders(dir.path()), names(["sled-1"]), "{part}");
    }
    // Behind the switch: the old generation is still there, whole or in part.
    for whole in [true, false] {
        let dir = tempdir().unwrap();
        let store = open(dir.path(), options());
        store.opened.store.put_jobs((0..100).map(job).collect());
        store.opened.store.roll_generation(Keep::Only(Arc::new([job(3).key].into()))).blocking_recv().unwrap().unwrap();
        store.close();
        let old = dir.path().join("sled-1");
        if whole {
            let other = tempdir().unwrap();
            open(other.path(), options()).close();
            fs::rename(other.path().join("sled-1"), &old).unwrap();
        } else {
            fs::create_dir(&old).unwrap();
        }
        let again = open(dir.path(), options());
        assert_eq!(again.opened.jobs, [job(3)]);
        again.close();
        assert_eq!(folders(dir.path()), names(["sled-2"]));
    }
}

/// Not a test of its own: the process that the test below kills.
#[test]
fn child() {
    let Ok(dir) = std::env::var(CHILD) else { return };
    let store = open(Path::new(&dir), options());
    let handle = &store.opened.store;
    let mut out = std::io::stdout();
    for n in 0_u64.. {
        let keep = Keep::Where(Arc::new(|key: &str| !key.contains("jx")));
        let mut waits = handle.roll_generation(keep);
        while waits.try_recv().is_err() {
            let mut passing = job(n);
            passing.key = JobKey::new(&format!("practice:jx{n}"));
            handle.put_jobs(vec![passing]);
            handle.stats().blocking_recv().unwrap();
        }
        writeln!(out, "rolled {n}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn killed_at_any_time_the_rows_that_stay_are_there() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..2_000).map(job).collect());
    store.close();
    let stay: BTreeSet<JobKey> = (0..2_000).map(|n| job(n).key).collect();
    let rounds = std::env::var("JUGGLER_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12_u64);
    let mut rolled = 0;
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::generations::child", "--nocapture", "--test-threads=1"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let wanted = round * 5 % 4;
        let mut seen = 0;
        while seen < wanted {
            let line = lines.next().unwrap().unwrap();
            seen += u64::from(line.contains("rolled"));
        }
        // Somewhere in the one that follows.
        for _ in 0..(round * 7_919 % 50_000) {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        rolled += wanted;
        let again = open(dir.path(), options());
        let there: BTreeSet<JobKey> = again.opened.jobs.iter().map(|job| job.key.clone()).collect();
        assert!(there.is_superset(&stay), "round {round}: {} of {} are there", there.intersection(&stay).count(), stay.len());
        assert_eq!(again.opened.store.stats().blocking_recv().unwrap().jobs, there.len() as u64);
        again.close();
        assert_eq!(folders(dir.path()).len(), 1, "{:?}", folders(dir.path()));
    }
    assert!(rolled > 0);
}
