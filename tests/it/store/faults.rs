//! Every call to the disk fails once, in every way: no panic, no false word, and what was confirmed is there afterwards.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use juggler::domain::Entry;
use juggler::error::Class;
use juggler::store::Options;
use juggler::store::faulty::{Fault, FaultyDisk};

use super::gen_entries::{drafted, manual};
use super::{bare, on_disk, open, options, scratch, try_open};

pub const BATCHES: u64 = 6;

pub fn batch(n: u64) -> Vec<Entry> {
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

pub fn numbers(dir: &std::path::Path) -> (BTreeSet<u64>, u64) {
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
    let dir = scratch();
    assert_eq!(life(dir.path(), &counter).0.len() as u64, 2 * BATCHES);
    let calls = counter.calls();
    assert!(calls > 60, "{calls}");
    for n in 1..=calls {
        let dir = scratch();
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
    let dir = scratch();
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

#[test]
fn on_a_full_disk_a_store_with_a_torn_tail_still_opens_and_saves_once_there_is_room() {
    let dir = scratch();
    let mut store = open(dir.path(), bare());
    store.commit(1, &batch(1)).unwrap();
    store.close();
    let path = dir.path().join("journal/work.jsonl");
    let torn = std::fs::read_to_string(&path).unwrap() + "{\"seq\":2,\"crc\":\"0000";
    std::fs::write(&path, &torn).unwrap();
    let mut full = open(dir.path(), Options { disk: Arc::new(FaultyDisk::new(1, Fault::Full, true)), ..bare() });
    assert_eq!(full.opened.book.manual.len(), 1);
    let said = full.opened.mended.iter().map(ToString::to_string).collect::<String>();
    assert!(said.contains("Nothing can be saved now") && said.contains("Free some space"), "{said}");
    assert!(full.commit(2, &batch(2)).is_err());
    full.close();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), torn, "nothing was changed");
    // Room comes back while the store is open: the third call is the first that writes.
    let mut store = open(dir.path(), Options { disk: Arc::new(FaultyDisk::new(3, Fault::Full, false)), ..bare() });
    assert!(!store.opened.mended.is_empty());
    store.commit(3, &batch(3)).unwrap();
    store.close();
    assert!(dir.path().join("journal/work.torn-1").exists());
    assert_eq!(on_disk(dir.path()), [manual(1), manual(3), drafted(1), drafted(3)]);
}

/// A real file system of 12 MiB, where the user may mount one.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Small> {
        let dir = scratch();
        let done = std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(dir.path()).output();
        match done {
            Ok(output) if output.status.success() => Some(Small(dir)),
            other => {
                let _ = writeln!(std::io::stderr(), "skipped: no small file system can be mounted here ({other:?})");
                None
            }
        }
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_really_full_disk_loses_nothing_that_was_confirmed() {
    let Some(small) = Small::mount() else { return };
    let dir = small.0.path().join("store");
    let with = || Options { ballast: 1 << 20, ..options() };
    let mut store = open(&dir, with());
    let big = |n: u64| {
        let mut entry = drafted(n);
        if let juggler::domain::Record::Drafted { text, .. } = &mut entry.record {
            *text = juggler::domain::Text::own(&format!("{n} {}", "words ".repeat(20_000)));
        }
        entry
    };
    let mut confirmed = 0;
    let failure = loop {
        match store.commit(confirmed + 1, &[big(confirmed + 1), manual(confirmed + 1)]) {
            Ok(()) => confirmed += 1,
            Err(failure) => break failure,
        }
        assert!(confirmed < 1000);
    };
    assert!(failure.hint.contains("Free some space"), "{failure:?}");
    assert!(confirmed > 5 && !dir.join("ballast").exists());
    // The ballast made room for the next one.
    store.commit(5000, &[manual(confirmed + 1)]).unwrap();
    confirmed += 1;
    let filler = small.0.path().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    drop(file);
    assert!(store.commit(5001, &[big(1)]).is_err());
    store.close();
    // Full to the brim it still opens and shows everything.
    let full = open(&dir, with());
    assert_eq!(full.opened.book.manual.len() as u64, confirmed);
    full.close();
    std::fs::remove_file(&filler).unwrap();
    let mut again = open(&dir, with());
    assert_eq!(again.opened.book.manual.len() as u64, confirmed);
    again.commit(1, &[manual(1)]).unwrap();
    again.close();
}

#[test]
fn mending_that_is_cut_short_anywhere_is_done_by_the_next_start() {
    for fault in [Fault::Io, Fault::Full, Fault::Short] {
        for n in 1.. {
            let dir = scratch();
            let mut store = open(dir.path(), bare());
            for n in 1..=4 {
                store.commit(n, &batch(n)).unwrap();
                if n == 2 {
                    store.opened.store.compact().blocking_recv().unwrap().unwrap();
                }
            }
            store.close();
            let money = dir.path().join("journal/money.jsonl");
            std::fs::write(&money, std::fs::read_to_string(&money).unwrap().replace("\"m3\"", "\"m9\"")).unwrap();
            let work = dir.path().join("journal/work.jsonl");
            std::fs::write(&work, std::fs::read_to_string(&work).unwrap() + "{\"seq\":5,\"cr").unwrap();
            let checkpoint = dir.path().join("journal/work.checkpoint-2.json");
            std::fs::write(&checkpoint, std::fs::read_to_string(&checkpoint).unwrap().replace("draft 2", "draft 3")).unwrap();
            let disk = FaultyDisk::new(n, fault, true);
            drop(try_open(dir.path(), Options { disk: Arc::new(disk.clone()), ..bare() }));
            let again = open(dir.path(), bare());
            assert_eq!(
                on_disk(dir.path()),
                [1, 2, 4].map(manual).into_iter().chain((1..=4).map(drafted)).collect::<Vec<_>>(),
                "{n}"
            );
            assert_eq!(again.opened.book.drafts.values().next().unwrap().version, 4);
            again.close();
            let kept = std::fs::read_to_string(dir.path().join("journal/money.damaged-1.jsonl")).unwrap();
            assert!(kept.contains("\"m9\""));
            if disk.calls() < n {
                break;
            }
        }
    }
}
