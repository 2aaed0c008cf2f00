//! The same faults on every way through the store: fsyncs alone, backups, restores, new generations; and what a probe of the disk says.

use std::fs;
use std::sync::Arc;

use juggler::store::faulty::{Fault, FaultyDisk, Op};
use juggler::store::{self, Keep, Options};

use super::faults::{batch, numbers};
use super::gen_entries::{drafted, manual};
use super::rows::job;
use super::{bare, on_disk, open, options, scratch, try_open};

const MODES: [(Fault, bool); 5] =
    [(Fault::Io, false), (Fault::Io, true), (Fault::Full, false), (Fault::Full, true), (Fault::Short, true)];

/// The nth call of one kind fails, once or from then on, while everything else works.
#[test]
fn every_kind_of_call_alone() {
    for op in [Op::Read, Op::Open, Op::Write, Op::Sync, Op::Name, Op::Cut] {
        for (fault, persistent) in [(Fault::Io, false), (Fault::Io, true), (Fault::Full, true)] {
            for n in 1.. {
                let dir = scratch();
                let disk = FaultyDisk::new(n, fault, persistent).only(op);
                let mut confirmed = Vec::new();
                for round in 0..2 {
                    let Ok(mut store) = try_open(dir.path(), Options { disk: Arc::new(disk.clone()), ..bare() }) else {
                        continue;
                    };
                    for n in round * 4 + 1..=round * 4 + 4 {
                        if store.commit(n, &batch(n)).is_ok() {
                            confirmed.push(n);
                        }
                        if n % 4 == 2 {
                            let _ = store.opened.store.compact().blocking_recv().unwrap();
                        }
                    }
                    store.close();
                }
                let _ = open(dir.path(), bare());
                let (there, draft) = numbers(dir.path());
                let context = format!("{op:?} {n}, {fault:?}, persistent {persistent}");
                assert!(confirmed.iter().all(|n| there.contains(n)), "{context}: confirmed {confirmed:?}, there {there:?}");
                assert_eq!(there.iter().max().copied().unwrap_or(0), draft, "{context}: both halves of a batch or none");
                if disk.calls() < n {
                    break;
                }
            }
        }
    }
}

/// After an fsync that failed nothing is confirmed until one has worked, on files that were opened anew and read back.
#[test]
fn no_word_of_a_save_follows_a_failed_fsync() {
    for n in 1.. {
        let dir = scratch();
        let mut store = open(dir.path(), bare());
        store.commit(1, &batch(1)).unwrap();
        store.close();
        let disk = FaultyDisk::new(n, Fault::Io, true).only(Op::Sync);
        let mut store = open(dir.path(), Options { disk: Arc::new(disk.clone()), ..bare() });
        let failing = |disk: &FaultyDisk| disk.calls() >= n;
        for k in 2..6 {
            let done = store.commit(k, &batch(k));
            assert!(done.is_err() || !failing(&disk), "call {n}: batch {k} was confirmed without an fsync");
            // Nor does the store say that all is well again.
            let asked = store.commit(100 + k, &[]);
            assert!(asked.is_err() || !failing(&disk), "call {n}: the disk was said to work");
        }
        store.close();
        if !failing(&disk) {
            break;
        }
        // The journal holds what was confirmed, and says nothing else.
        let again = open(dir.path(), bare());
        assert!(again.opened.book.manual.iter().any(|entry| entry.amount.minor == 1));
        again.close();
        assert!(n < 100);
    }
}

/// A disk that failed once is opened anew, cut, made durable and read back; then the next save is one.
#[test]
fn after_one_failed_fsync_the_files_are_opened_anew_and_checked() {
    let dir = scratch();
    let counter = FaultyDisk::new(0, Fault::Io, false).only(Op::Sync);
    let mut store = open(dir.path(), Options { disk: Arc::new(counter.clone()), ..bare() });
    store.commit(1, &batch(1)).unwrap();
    store.close();
    let begun = counter.calls();
    let reads = FaultyDisk::new(0, Fault::Io, false).only(Op::Read);
    let mut store = open(dir.path(), Options { disk: Arc::new(reads.clone()), ..bare() });
    store.commit(2, &batch(2)).unwrap();
    let plain = reads.calls();
    store.close();
    assert!(begun > 2 && plain > 0);
    let disk = FaultyDisk::new(3, Fault::Io, false).only(Op::Sync);
    let mut store = open(dir.path(), Options { disk: Arc::new(disk.clone()), ..bare() });
    let refused = (3..8).find(|n| store.commit(*n, &batch(*n)).is_err()).expect("one of them met the failing fsync");
    store.commit(9, &batch(9)).unwrap();
    store.close();
    let (there, _) = numbers(dir.path());
    assert!(!there.contains(&refused) && there.contains(&9), "{there:?}");
}

/// While the disk is full it is not said to work, whatever is asked; with room again it is.
#[test]
fn a_probe_tells_how_the_disk_is() {
    let dir = scratch();
    open(dir.path(), bare()).close();
    let counter = FaultyDisk::new(0, Fault::Full, false);
    let store = open(dir.path(), Options { disk: Arc::new(counter.clone()), ..bare() });
    store.close();
    // Three calls fail behind the opening, then there is room.
    let disk = FaultyDisk::new(counter.calls() + 1, Fault::Full, true);
    let mut store = open(dir.path(), Options { disk: Arc::new(disk), ..bare() });
    assert!(store.commit(1, &[manual(1)]).is_err());
    let failure = store.commit(2, &[]).unwrap_err();
    assert!(failure.hint.contains("Free some space"), "{failure:?}");
    store.close();
    let mut store = open(dir.path(), bare());
    store.commit(3, &[]).unwrap();
    store.commit(4, &[manual(4)]).unwrap();
    store.close();
    assert_eq!(on_disk(dir.path()), [manual(4)]);
    assert!(!dir.path().join("journal/probe.tmp").exists());
}

#[test]
fn a_backup_is_whole_or_not_there() {
    for (fault, persistent) in MODES {
        let mut worked = 0;
        for n in 1.. {
            let dir = scratch();
            let mut store = open(dir.path(), options());
            store.commit(1, &[manual(1), drafted(1)]).unwrap();
            store.opened.store.put_jobs((0..10).map(job).collect());
            store.close();
            let counter = FaultyDisk::new(0, fault, false);
            open(dir.path(), Options { disk: Arc::new(counter.clone()), ..options() }).close();
            let disk = FaultyDisk::new(counter.calls() + n, fault, persistent);
            let store = open(dir.path(), Options { disk: Arc::new(disk.clone()), ..options() });
            let to = dir.path().join("b.jsonl");
            let done = store.opened.store.backup(to.clone()).blocking_recv().unwrap();
            store.close();
            let context = format!("{fault:?} {n}, persistent {persistent}: {done:?}");
            assert!(done.is_err() || to.exists(), "{context}");
            if to.exists() {
                // A name that could not be made durable or taken back is of a whole one.
                let other = scratch();
                assert_eq!(store::restore(other.path(), &to).unwrap().records, 2, "{context}");
                assert_eq!(on_disk(other.path()), on_disk(dir.path()));
            }
            if let Err(failure) = &done {
                assert!(!failure.why.is_empty() && !failure.hint.is_empty(), "{context}");
                assert!(persistent || fault == Fault::Short || !dir.path().join("b.jsonl.part").exists(), "{context}");
            } else {
                worked += 1;
            }
            // What is left of a failed one is in nobody's way.
            store::backup(dir.path(), &dir.path().join("c.jsonl")).unwrap();
            if disk.calls() < counter.calls() + n {
                break;
            }
        }
        assert!(worked > 0);
    }
}

#[test]
fn a_restore_that_fails_can_be_done_again() {
    let dir = scratch();
    let mut store = open(dir.path(), options());
    store.commit(1, &batch(1)).unwrap();
    store.opened.store.compact().blocking_recv().unwrap().unwrap();
    store.commit(2, &batch(2)).unwrap();
    store.opened.store.put_jobs((0..10).map(job).collect());
    store.close();
    let from = dir.path().join("b.jsonl");
    store::backup(dir.path(), &from).unwrap();
    for (fault, persistent) in MODES {
        for n in 1.. {
            let other = scratch();
            let disk = FaultyDisk::new(n, fault, persistent);
            let done = store::restore_on(Arc::new(disk.clone()), other.path(), &from);
            let context = format!("{fault:?} {n}, persistent {persistent}: {done:?}");
            if done.is_err() && on_disk(other.path()).is_empty() {
                assert_eq!(store::restore(other.path(), &from).unwrap().records, 3, "{context}");
            }
            assert_eq!(on_disk(other.path()), on_disk(dir.path()), "{context}");
            let again = open(other.path(), bare());
            assert_eq!(again.opened.book.drafts.values().next().unwrap().version, 2, "{context}");
            again.close();
            if disk.calls() < n {
                break;
            }
        }
    }
}

#[test]
fn a_new_generation_is_whole_or_the_old_one_stays() {
    for (fault, persistent) in MODES {
        let mut worked = 0;
        for n in 1.. {
            let dir = scratch();
            let store = open(dir.path(), options());
            store.opened.store.put_jobs((0..50).map(job).collect());
            store.close();
            let counter = FaultyDisk::new(0, fault, false);
            open(dir.path(), Options { disk: Arc::new(counter.clone()), ..options() }).close();
            let disk = FaultyDisk::new(counter.calls() + n, fault, persistent);
            let mut store = open(dir.path(), Options { disk: Arc::new(disk.clone()), ..options() });
            let done = store.opened.store.roll_generation(Keep::All).blocking_recv().unwrap();
            let context = format!("{fault:?} {n}, persistent {persistent}: {done:?}");
            worked += usize::from(done.is_ok());
            let jobs: Vec<_> = (0..50).map(|n| job(n).key).collect();
            let there = store.opened.store.read_jobs(jobs).blocking_recv().unwrap();
            assert!(there.iter().all(Option::is_some), "{context}");
            while store.acks.try_recv().is_ok() {}
            let _ = store.commit(1, &[manual(1)]);
            store.close();
            let again = open(dir.path(), options());
            assert_eq!(again.opened.jobs.len(), 50, "{context}");
            // Of the save that failed there may be a torn line.
            let cache = again.opened.mended.iter().any(|said| !said.as_str().contains("cut short"));
            assert!(!cache, "{context}: {:?}", again.opened.mended);
            again.close();
            let folders = fs::read_dir(dir.path()).unwrap().filter_map(Result::ok);
            let folders = folders.filter(|entry| entry.file_name().to_string_lossy().starts_with("sled-")).count();
            assert_eq!(folders, 1, "{context}");
            if disk.calls() < counter.calls() + n {
                break;
            }
        }
        assert!(worked > 0);
    }
}
