//! Rows on demand: read, streamed and searched while they are written.

use std::sync::Arc;

use juggler::domain::deliverable::Deliverable;
use juggler::domain::{Job, JobKey, SourceName, Text, Time};
use juggler::store::{Ack, PutJob, Store};
use proptest::prelude::*;
use tempfile::tempdir;

use super::gen_entries::{self, manual};
use super::{begin, open, options};

fn at(seconds: i64) -> Time {
    chrono::DateTime::from_timestamp(1_760_000_000 + seconds, 0).unwrap()
}

pub fn job(n: u64) -> Job {
    let mut job = Job::new(&SourceName::new("practice"), &format!("j{n:05}"), &format!("Job {n}"), at(0));
    job.brief = Text::body(&format!("The brief of {n}: {}", if n.is_multiple_of(100) { "sourdough" } else { "rye" }));
    job.detailed = true;
    job
}

fn listed(job: &Job, title: &str) -> PutJob {
    let mut listed = Job { title: Text::title(title), ..job.clone() };
    (listed.brief, listed.detailed, listed.deliverable) = (Text::default(), false, Deliverable::default());
    PutJob { job: listed, keep_details: true }
}

fn read(store: &Store, key: &JobKey) -> Option<Job> {
    store.read_job(key.clone()).blocking_recv().unwrap()
}

fn all(store: &Store) -> Vec<Job> {
    let mut stream = store.stream_jobs(None);
    let mut jobs = Vec::new();
    while let Some(piece) = stream.blocking_next() {
        jobs.extend(piece.decode());
    }
    jobs
}

#[test]
fn a_reader_sees_what_was_put_whether_it_is_written_or_not() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..20_000).map(job).collect());
    assert_eq!(read(handle, &job(19_999).key), Some(job(19_999)));
    assert!(handle.backlog() > 0, "it did not wait for the flood");
    handle.drop_jobs(vec![job(5).key]);
    assert_eq!(read(handle, &job(5).key), None);
    handle.put_jobs(vec![job(5)]);
    let keys = vec![job(7).key, JobKey::new("practice:none"), job(5).key];
    assert_eq!(handle.read_jobs(keys).blocking_recv().unwrap(), [Some(job(7)), None, Some(job(5))]);
    assert_eq!(handle.stats().blocking_recv().unwrap().jobs, 20_000);
    assert_eq!(handle.backlog(), 0);
    assert_eq!(read(handle, &job(19_998).key), Some(job(19_998)));
    store.close();
}

#[test]
fn a_listing_keeps_the_details_that_are_stored() {
    let dir = tempdir().unwrap();
    let mut whole = job(1);
    whole.attachments = vec![
        serde_json::from_value(serde_json::json!({
            "name": "a", "mime": "text/plain", "size": 3, "sha256": null, "url": null, "text": "abc"
        }))
        .unwrap(),
    ];
    let want = Job { title: Text::title("New title"), ..whole.clone() };
    for settled in [true, false] {
        let store = open(dir.path(), options());
        let handle = &store.opened.store;
        handle.drop_jobs(vec![whole.key.clone()]);
        handle.put_jobs(vec![whole.clone()]);
        if settled {
            handle.stats().blocking_recv().unwrap();
        }
        handle.put_jobs(vec![listed(&whole, "New title")]);
        assert_eq!(read(handle, &whole.key), Some(want.clone()));
        handle.stats().blocking_recv().unwrap();
        assert_eq!(read(handle, &whole.key), Some(want.clone()));
        // A listing of something new or dropped has nothing to keep.
        handle.put_jobs(vec![listed(&job(2), "x")]);
        assert_eq!(read(handle, &job(2).key).unwrap().brief, Text::default());
        handle.drop_jobs(vec![whole.key.clone()]);
        handle.put_jobs(vec![listed(&whole, "again")]);
        assert_eq!(read(handle, &whole.key).unwrap().brief, Text::default());
        store.close();
    }
    assert_eq!(open(dir.path(), options()).opened.jobs.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is listed when, the store holds what a map with the same rules holds.
    #[test]
    fn rows_are_as_a_map_would_have_them(steps in proptest::collection::vec((gen_entries::job(), 0_u8..10, any::<bool>()), 1..60)) {
        let dir = tempdir().unwrap();
        let store = open(dir.path(), options());
        let handle = &store.opened.store;
        let mut model = std::collections::BTreeMap::<JobKey, Job>::new();
        for (job, what, settle) in steps {
            match what {
                0 | 1 => {
                    model.remove(&job.key);
                    handle.drop_jobs(vec![job.key.clone()]);
                }
                2..=5 => {
                    let mut merged = job.clone();
                    if let Some(there) = model.get(&job.key) {
                        merged.brief = there.brief.clone();
                        merged.attachments = there.attachments.clone();
                        merged.deliverable = there.deliverable.clone();
                        merged.detailed = there.detailed;
                    }
                    model.insert(job.key.clone(), merged);
                    handle.put_jobs(vec![PutJob { job, keep_details: true }]);
                }
                _ => {
                    model.insert(job.key.clone(), job.clone());
                    handle.put_jobs(vec![job]);
                }
            }
            if settle {
                handle.stats().blocking_recv().unwrap();
            }
        }
        prop_assert_eq!(handle.stats().blocking_recv().unwrap().jobs, model.len() as u64);
        // Only when a job was listed may be older than told.
        let level = |job: &Job| Job { last_seen: at(0), ..job.clone() };
        let expected: Vec<Job> = model.values().map(level).collect();
        prop_assert_eq!(all(handle).iter().map(level).collect::<Vec<_>>(), expected.clone());
        store.close();
        let again = open(dir.path(), options());
        prop_assert_eq!(again.opened.jobs.iter().map(level).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn what_was_only_looked_at_again_is_not_written() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..300).map(job).collect());
    let stamp = handle.image_stamp().blocking_recv().unwrap().unwrap();
    handle.put_jobs((0..300).map(|n| Job { last_seen: at(n as i64), ..job(n) }).collect());
    handle.put_jobs((0..300).map(|n| listed(&job(n), &format!("Job {n}"))).collect());
    assert_eq!(handle.image_stamp().blocking_recv().unwrap().unwrap(), stamp);
    handle.put_jobs(vec![Job { seen_count: 9, ..job(3) }]);
    assert_eq!(handle.image_stamp().blocking_recv().unwrap().unwrap().serial, stamp.serial + 1);
    assert_eq!(handle.stats().blocking_recv().unwrap().changes, 1);
    store.close();
}

#[test]
fn a_stream_gives_every_job_once_and_tells_how_far_it_is() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..5_000).map(job).collect());
    let mut stream = handle.stream_jobs(None);
    let (mut seen, mut last) = (Vec::new(), 0);
    while let Some(piece) = stream.blocking_next() {
        seen.extend(piece.decode());
        assert!(piece.progress.done > last && piece.progress.total == 5_000, "{:?}", piece.progress);
        last = piece.progress.done;
    }
    assert_eq!(seen, (0..5_000).map(job).collect::<Vec<_>>());
    let some: Vec<JobKey> = (0..2_000).map(|n| job(n * 7).key).collect();
    let mut stream = handle.stream_jobs(Some(some));
    let mut seen = Vec::new();
    while let Some(piece) = stream.blocking_next() {
        seen.extend(piece.decode());
    }
    assert_eq!(seen, (0..715).map(|n| job(n * 7)).collect::<Vec<_>>(), "what is not there is left out");
    // One that is dropped half-way ends, and the store goes on.
    let mut stream = handle.stream_jobs(None);
    assert!(stream.blocking_next().is_some());
    drop(stream);
    assert_eq!(read(handle, &job(1).key), Some(job(1)));
    store.close();
}

#[test]
fn whoever_waits_for_all_rows_holds_no_reader_up_and_sees_what_was_put_before() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..20_000).map(job).collect());
    let first = handle.stats();
    handle.put_jobs((20_000..20_010).map(job).collect());
    handle.put_jobs(vec![listed(&job(5), "later")]);
    handle.drop_jobs(vec![job(6).key]);
    let mut stream = handle.stream_jobs(None);
    handle.put_jobs(vec![job(6), Job { seen_count: 4, ..job(30_000) }]);
    let second = handle.stats();
    // A reader sees the latest all the while.
    assert_eq!(read(handle, &job(5).key), Some(Job { title: Text::title("later"), ..job(5) }));
    assert_eq!(read(handle, &job(6).key), Some(job(6)));
    assert!(handle.backlog() > 0, "and waits for nobody");
    assert_eq!(first.blocking_recv().unwrap().jobs, 20_000);
    let mut seen = 0;
    while let Some(piece) = stream.blocking_next() {
        seen += piece.decode().count();
    }
    assert!((20_009..=20_011).contains(&seen), "{seen}");
    assert_eq!(second.blocking_recv().unwrap().jobs, 20_011);
    assert_eq!(handle.backlog(), 0);
    assert_eq!(read(handle, &job(5).key), Some(Job { title: Text::title("later"), ..job(5) }));
    store.close();
}

#[test]
fn briefs_are_searched() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    let handle = &store.opened.store;
    handle.put_jobs((0..5_000).map(job).collect());
    let search = |keys| {
        let mut search = handle.search_briefs(Arc::new(|brief: &str| brief.contains("sourdough")), keys);
        let mut found = Vec::new();
        while let Some(piece) = search.blocking_next() {
            assert!(piece.progress.done <= piece.progress.total);
            found.extend(piece.keys);
        }
        found
    };
    assert_eq!(search(None), (0..50).map(|n| job(n * 100).key).collect::<Vec<_>>());
    let among = (150..1_000).map(|n| job(n).key).collect();
    assert_eq!(search(Some(among)), (2..10).map(|n| job(n * 100).key).collect::<Vec<_>>());
    store.close();
}

#[test]
fn before_the_cache_is_open_saves_are_saved_and_readers_wait() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..1_000).map(job).collect());
    store.opened.store.put_cursor("practice/jobs".into(), serde_json::json!(7));
    store.close();
    let (begun, mut acks) = begin(dir.path(), options());
    begun.store.commit(1, vec![manual(1)]);
    begun.store.put_jobs(vec![job(2_000)]);
    begun.store.drop_jobs(vec![job(3).key]);
    let waits = begun.store.read_jobs(vec![job(2).key, job(3).key, job(2_000).key]);
    let (mut ready, mut saved) = (None, false);
    while ready.is_none() || !saved {
        match acks.blocking_recv().unwrap() {
            Ack::Opened(opened) => ready = Some(opened.unwrap()),
            Ack::Committed { batch: 1 } => saved = true,
            other => panic!("{other:?}"),
        }
    }
    let ready = ready.unwrap();
    assert!(ready.usable && ready.rows == 1_000 && ready.changed.is_none() && ready.mended.is_empty(), "{ready:?}");
    assert_eq!(ready.cursors["practice/jobs"], 7);
    assert_eq!(waits.blocking_recv().unwrap(), [Some(job(2)), None, Some(job(2_000))]);
    begun.store.close();
    let again = open(dir.path(), options());
    assert_eq!(again.opened.jobs.len(), 1_000);
    assert_eq!(again.opened.book.manual.len(), 1);
    again.close();
    // Closed at once, what was handed in is there all the same.
    let (begun, _acks) = begin(dir.path(), options());
    begun.store.put_jobs(vec![job(3_000)]);
    begun.store.close();
    assert!(open(dir.path(), options()).opened.jobs.contains(&job(3_000)));
}

#[test]
fn a_cache_that_cannot_be_opened_is_mended_behind_the_first_screen() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..100).map(job).collect());
    store.close();
    std::fs::write(dir.path().join("sled-1/conf"), b"segment_size: nonsense\nversion: 99.99\n").unwrap();
    let (begun, mut acks) = begin(dir.path(), options());
    assert!(begun.mended.is_empty(), "the journal is well");
    let Ack::Opened(ready) = acks.blocking_recv().unwrap() else { panic!("opened first") };
    let ready = ready.unwrap();
    assert!(ready.usable && ready.lost && ready.rows == 0 && ready.generation == 2, "{ready:?}");
    assert!(ready.mended.iter().any(|said| said.as_str().contains("made again")), "{ready:?}");
    begun.store.put_jobs(vec![job(1)]);
    assert_eq!(read(&begun.store, &job(1).key), Some(job(1)));
    begun.store.close();
}

#[test]
fn pages_that_turn_out_damaged_are_mended_by_the_next_start() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), options());
    store.opened.store.put_jobs((0..30_000).map(job).collect());
    store.close();
    let db = dir.path().join("sled-1/db");
    let mut bytes = std::fs::read(&db).unwrap();
    let half = bytes.len() / 2;
    for at in (half..half + 64 * 1024).step_by(512) {
        bytes[at] ^= 0x10;
    }
    std::fs::write(&db, &bytes).unwrap();
    let (mut said, mut least) = (String::new(), 30_000);
    for _ in 0..3 {
        let (begun, mut acks) = begin(dir.path(), options());
        let Ack::Opened(ready) = acks.blocking_recv().unwrap() else { panic!("opened first") };
        said.extend(ready.unwrap().mended.iter().map(ToString::to_string));
        // Whatever is damaged: an answer, and no panic of the store's thread.
        let there = all(&begun.store).len();
        assert!(there <= 30_000);
        least = least.min(there);
        begun.store.put_jobs(vec![job(1)]);
        assert_eq!(read(&begun.store, &job(1).key), Some(job(1)));
        begun.store.close();
    }
    // What lies there may be pages that sled does not use any more.
    assert!(least == 30_000 || said.contains("damaged") || said.contains("made again"), "{least} are left: {said}");
    let findings = juggler::store::verify(dir.path()).unwrap().findings;
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn without_a_cache_jobs_are_held_in_memory() {
    let dir = tempdir().unwrap();
    let store = open(dir.path(), super::bare());
    let handle = &store.opened.store;
    handle.put_jobs((0..30_000).map(job).collect());
    assert_eq!(read(handle, &job(29_999).key), Some(job(29_999)));
    assert!(handle.image_stamp().blocking_recv().unwrap().is_none());
    assert!(handle.roll_generation(juggler::store::Keep::All).blocking_recv().unwrap().is_err());
    while handle.backlog() > 20_000 {
        assert_eq!(read(handle, &job(29_999).key), Some(job(29_999)));
    }
    store.close();
}
