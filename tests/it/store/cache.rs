//! sled: whatever happens to it, the book is the journal's.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use juggler::domain::{Entry, Job, SourceName};
use juggler::error::Class;
use juggler::store::{self, Options};
use tempfile::{TempDir, tempdir};

use super::gen_entries::{manual, sample};
use super::{fold, open, options, try_open};

fn job(n: u64) -> Job {
    let at = chrono::DateTime::from_timestamp(1_760_000_000, 0).unwrap();
    Job::new(&SourceName::new("practice"), &format!("j{n}"), &format!("Job {n}"), at)
}

/// A store with entries, jobs and a cursor.
fn filled() -> (TempDir, Vec<Entry>) {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let entries: Vec<Entry> = (0..60).map(sample).collect();
    for (n, batch) in entries.chunks(3).enumerate() {
        store.commit(n as u64, batch).unwrap();
    }
    store.opened.store.put_jobs((0..500).map(job).collect());
    store.opened.store.drop_jobs(vec![job(7).key]);
    store.opened.store.put_cursor("practice/jobs".into(), serde_json::json!({"after": 12}));
    assert_eq!(store.opened.store.stats().blocking_recv().unwrap().jobs, 499);
    store.close();
    (dir, entries)
}

fn sled(dir: &Path, generation: u64) -> PathBuf {
    dir.join(format!("sled-{generation}"))
}

fn own_findings(dir: &Path, entries: &[Entry]) -> Vec<String> {
    let expected: Vec<String> = fold(entries).findings.iter().map(ToString::to_string).collect();
    let found = store::verify(dir).unwrap().findings;
    found
        .iter()
        .map(ToString::to_string)
        .filter(|f| !expected.contains(f) && !f.contains("/nowhere/") && !f.starts_with("the attachment "))
        .collect()
}

#[test]
fn jobs_and_cursors_come_back() {
    let (dir, entries) = filled();
    let again = open(dir.path(), options());
    assert_eq!(again.opened.jobs.len(), 499);
    assert!(again.opened.jobs.contains(&job(499)) && !again.opened.jobs.contains(&job(7)));
    assert_eq!(again.opened.cursors["practice/jobs"], serde_json::json!({"after": 12}));
    assert!(again.opened.mended.is_empty(), "{:?}", again.opened.mended);
    assert_eq!(again.opened.book, fold(&entries));
    again.close();
    assert!(own_findings(dir.path(), &entries).is_empty(), "{:?}", own_findings(dir.path(), &entries));
}

#[test]
fn without_sled_the_book_is_the_same() {
    let (dir, entries) = filled();
    fs::remove_dir_all(sled(dir.path(), 1)).unwrap();
    let again = open(dir.path(), options());
    assert_eq!(again.opened.book, fold(&entries));
    assert!(again.opened.jobs.is_empty());
    again.close();
    assert!(own_findings(dir.path(), &entries).is_empty());
}

#[test]
fn rebuild_gives_the_same_book_and_keeps_the_feed() {
    let (dir, entries) = filled();
    let rebuilt = store::rebuild(dir.path()).unwrap();
    assert_eq!((rebuilt.records, rebuilt.jobs, rebuilt.jobs_lost), (60, 499, false));
    assert!(!sled(dir.path(), 1).exists() && sled(dir.path(), 2).exists());
    let again = open(dir.path(), options());
    assert_eq!(again.opened.book, fold(&entries));
    assert_eq!(again.opened.jobs.len(), 499);
    assert_eq!(again.opened.cursors.len(), 1);
    again.close();
    assert!(own_findings(dir.path(), &entries).is_empty());
    fs::remove_dir_all(sled(dir.path(), 2)).unwrap();
    assert!(store::rebuild(dir.path()).unwrap().jobs_lost);
}

#[test]
fn a_half_written_snapshot_is_swept() {
    let (dir, _) = filled();
    let half = sled(dir.path(), 1).join("snap.00000000000FFFFF.generating");
    fs::write(&half, b"half a snapshot").unwrap();
    let again = open(dir.path(), options());
    assert_eq!(again.opened.jobs.len(), 499);
    assert!(again.opened.mended.is_empty() && !half.exists());
}

#[test]
fn a_damaged_snapshot_is_set_aside_and_nothing_is_lost() {
    let (dir, _) = filled();
    // sled has no fallback to an older snapshot: an empty newer one is enough to keep it from opening.
    fs::write(sled(dir.path(), 1).join("snap.0000000000FFFFFF"), b"").unwrap();
    let again = open(dir.path(), options());
    assert!(again.opened.mended.iter().any(|m| m.as_str().contains("snapshot")), "{:?}", again.opened.mended);
    assert_eq!(again.opened.jobs.len(), 499);
    assert!(dir.path().join("sled-1.snapshots-1/snap.0000000000FFFFFF").exists());
}

#[test]
fn a_corrupt_database_is_set_aside_and_made_again() {
    let (dir, entries) = filled();
    fs::write(sled(dir.path(), 1).join("conf"), b"segment_size: nonsense\nversion: 99.99\n").unwrap();
    let again = open(dir.path(), options());
    assert!(again.opened.mended.iter().any(|m| m.as_str().contains("made again from the journal")), "{:?}", again.opened.mended);
    assert_eq!(again.opened.book, fold(&entries));
    again.close();
    assert!(dir.path().join("sled-1.broken-1").is_dir() && sled(dir.path(), 2).is_dir());
    assert!(own_findings(dir.path(), &entries).is_empty());
}

#[test]
fn a_database_that_forgot_everything_is_filled_from_the_journal() {
    let (dir, entries) = filled();
    fs::remove_dir_all(sled(dir.path(), 1)).unwrap();
    let other = tempdir().unwrap();
    open(other.path(), options()).close();
    fs::rename(sled(other.path(), 1), sled(dir.path(), 1)).unwrap();
    let again = open(dir.path(), options());
    assert_eq!(again.opened.book, fold(&entries));
    again.close();
    assert!(own_findings(dir.path(), &entries).is_empty());
}

#[test]
fn a_database_that_knows_more_than_the_journal_is_kept_aside() {
    let (dir, _) = filled();
    fs::remove_dir_all(dir.path().join("journal")).unwrap();
    let again = open(dir.path(), options());
    assert!(again.opened.mended.iter().any(|m| m.as_str().contains("the journal does not have")), "{:?}", again.opened.mended);
    assert_eq!(again.opened.jobs.len(), 499, "the feed is still good");
    assert!(dir.path().join("sled-1.broken-1").is_dir());
}

#[test]
fn an_open_that_does_not_return_is_told_apart_and_the_next_start_works() {
    let (dir, entries) = filled();
    let failure = try_open(dir.path(), Options { cache_limit: Some(Duration::ZERO), ..options() }).map(|_| ()).unwrap_err();
    assert!(store::is_stuck(&failure) && failure.hint.contains("Start Juggler again"), "{failure:?}");
    assert!(dir.path().join("sled-1.stuck").exists());
    let again = open(dir.path(), options());
    assert_eq!(again.opened.book, fold(&entries));
    assert!(again.opened.mended.iter().any(|m| m.as_str().contains("did not open in time")), "{:?}", again.opened.mended);
    assert!(!dir.path().join("sled-1.stuck").exists() && dir.path().join("sled-1.broken-1").is_dir());
}

#[test]
fn a_cut_database_costs_feed_rows_at_most() {
    let (dir, entries) = filled();
    let db = sled(dir.path(), 1).join("db");
    let len = fs::metadata(&db).unwrap().len();
    for part in [3, 2] {
        fs::OpenOptions::new().write(true).open(&db).unwrap().set_len(len / 4 * part).unwrap();
        let limited = || Options { cache_limit: Some(Duration::from_secs(5)), ..options() };
        // An open that hangs is answered with "start again"; a second start then must do.
        let again = try_open(dir.path(), limited()).or_else(|_| try_open(dir.path(), limited())).unwrap();
        assert_eq!(again.opened.book, fold(&entries));
        again.close();
        assert!(own_findings(dir.path(), &entries).is_empty());
        if !db.exists() {
            break;
        }
    }
}

#[test]
fn verify_names_a_cache_that_disagrees() {
    let (dir, entries) = filled();
    let without = || Options { cache: false, ..options() };
    let mut store = open(dir.path(), without());
    store.commit(1, &[manual(1)]).unwrap();
    store.close();
    let verified = store::verify(dir.path()).unwrap();
    assert!(own_findings(dir.path(), &entries).is_empty(), "a killed program leaves it so: {verified:?}");
    assert!(verified.settles.iter().any(|f| f.as_str().contains("behind the journal")), "{verified:?}");
    open(dir.path(), options()).close();
    assert!(own_findings(dir.path(), &entries).is_empty());
}

#[test]
fn a_store_of_a_newer_version_is_refused() {
    let (dir, _) = filled();
    let db = sled_db(&sled(dir.path(), 1));
    db.open_tree("meta").unwrap().insert("schema", &99_u32.to_be_bytes()).unwrap();
    db.flush().unwrap();
    drop(db);
    let failure = try_open(dir.path(), options()).map(|_| ()).unwrap_err();
    assert_eq!(failure.class, Class::Store);
    assert!(failure.what.contains("newer version") && failure.why.contains("99"), "{failure:?}");
    assert!(sled(dir.path(), 1).is_dir() && !sled(dir.path(), 2).exists());
}

fn sled_db(folder: &Path) -> ::sled::Db {
    ::sled::Config::new().path(folder).flush_every_ms(None).open().unwrap()
}
