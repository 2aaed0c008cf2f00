//! Every call to the disk fails once, in every way: no panic, no false word, and what was confirmed is there afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use juggler::domain::Entry;
use juggler::error::Class;
use juggler::store::Options;
use juggler::store::faulty::{Fault, FaultyDisk};
use tempfile::tempdir;

use super::gen_entries::{drafted, manual};
use super::{bare, on_disk, open, options, try_open};

const BATCHES: u64 = 6;

fn batch(n: u64) -> Vec<Entry> {
    vec![drafted(n), manual(n)]
}

/// Opens, saves, compacts, saves, closes, opens again; gives the numbers that were confirmed and those that were refused.
fn life(dir: &std::path::Path, disk: &FaultyDisk) -> (BTreeSet<u64>, BTreeSet<u64>) {
    let (mut confirmed, mut refused) = (BTreeSet::new(), BTreeSet::new());
    let with = || Options { disk: Arc::new(disk.clone()), ..bare() };
    for round in 0..2 {
        let Ok(mut store) = try_open(dir, with()) else { continue };
        for n in round * BATCHES..(round + 1) * BATCHES {
            match store.commit(n, &batch(n)) {
                Ok(()) => confirmed.insert(n),
                Err(failure) => {
                    assert_eq!(failure.class, Class::Store, "{failure:?}");
                    assert!(!failure.why.is_empty() && !failure.hint.is_empty());
                    refused.insert(n)
                }
            };
            if n % BATCHES == 2 {
                let _ = store.opened.store.compact().blocking_recv().unwrap();
            }
        }
        store.close();
    }
    (confirmed, refused)
}

fn numbers(dir: &std::path::Path) -> (BTreeSet<u64>, u64) {
    let money = on_disk(dir)
        .into_iter()
        .filter_map(|e| match e.record {
            juggler::domain::Record::Manual { amount, .. } => Some(amount.minor as u64),
            _ => None,
        })
        .collect();
    let book = open(dir, bare()).opened.book.clone();
    let draft = book.drafts.values().next().map_or(0, |d| u64::from(d.version));
    (money, draft)
}

fn every_call(fault: Fault, persistent: bool) {
    let counter = FaultyDisk::new(0, fault, false);
    let dir = tempdir().unwrap();
    assert_eq!(life(dir.path(), &counter).0.len() as u64, 2 * BATCHES);
    let calls = counter.calls();
    assert!(calls > 60, "{calls}");
    for n in 1..=calls {
        let dir = tempdir().unwrap();
        let disk = FaultyDisk::new(n, fault, persistent);
        let (confirmed, refused) = life(dir.path(), &disk);
        let context = format!("{fault:?}, call {n} of {calls}, persistent {persistent}");
        let _ = open(dir.path(), bare());
        let (there, draft) = numbers(dir.path());
        assert!(confirmed.is_subset(&there), "{context}: confirmed {confirmed:?}, there {there:?}");
        assert_eq!(there.iter().max().copied().unwrap_or(0), draft, "{context}: both halves of a batch or none");
        // With a disk that stays broken, cutting back may fail as well, and the words said are "not saved" for something that is.
        if !persistent {
            assert!(refused.is_disjoint(&there), "{context}: refused {refused:?}, there {there:?}");
            assert!(refused.len() <= 2, "{context}: the disk failed once, and {refused:?} were refused");
        }
        let findings = juggler::store::verify(dir.path()).unwrap().findings;
        assert!(findings.iter().all(|f| f.as_str().contains("cache")), "{context}: {findings:?}");
    }
}

#[test]
fn io_error_once() {
    every_call(Fault::Io, false);
}

#[test]
fn io_error_from_then_on() {
    every_call(Fault::Io, true);
}

#[test]
fn full_once() {
    every_call(Fault::Full, false);
}

#[test]
fn full_from_then_on() {
    every_call(Fault::Full, true);
}

#[test]
fn short_write_once() {
    every_call(Fault::Short, false);
}

#[test]
fn short_write_then_full() {
    every_call(Fault::Short, true);
}

#[test]
fn a_full_disk_gets_the_ballast_and_the_next_save_works() {
    let dir = tempdir().unwrap();
    open(dir.path(), bare()).close();
    let counter = FaultyDisk::new(0, Fault::Full, false);
    open(dir.path(), Options { disk: Arc::new(counter.clone()), ..bare() }).close();
    let disk = FaultyDisk::new(counter.calls() + 1, Fault::Full, false);
    let mut store = open(dir.path(), Options { disk: Arc::new(disk), ballast: 1 << 20, ..options() });
    let ballast = dir.path().join("ballast");
    assert_eq!(std::fs::metadata(&ballast).unwrap().len(), 1 << 20);
    let failure = store.commit(1, &[manual(1)]).unwrap_err();
    assert!(failure.hint.contains("Free some space"), "{failure:?}");
    assert!(!ballast.exists());
    store.commit(2, &[manual(2)]).unwrap();
    store.close();
    assert_eq!(on_disk(dir.path()), [manual(2)]);
    open(dir.path(), Options { ballast: 1 << 20, ..options() }).close();
    assert!(ballast.exists());
}
