//! What goes in comes out; checkpoints keep the book.

use juggler::domain::Entry;
use juggler::store::Options;
use proptest::prelude::*;
use tempfile::tempdir;

use super::gen_entries::{batches, drafted, manual, sample};
use super::{bare, by_file, fold, on_disk, open, options};

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn entries_come_back_as_they_were(batches in batches(8)) {
        let dir = tempdir().unwrap();
        let mut store = open(dir.path(), bare());
        for (n, batch) in batches.iter().enumerate() {
            store.commit(n as u64, batch).unwrap();
        }
        store.close();
        let all: Vec<Entry> = batches.concat();
        prop_assert_eq!(on_disk(dir.path()), by_file(&all));
        let again = open(dir.path(), bare());
        prop_assert_eq!(&again.opened.book, &fold(&all));
        prop_assert!(again.opened.mended.is_empty(), "{:?}", again.opened.mended);
    }

    #[test]
    fn compaction_keeps_the_book(before in batches(8), between in batches(4), after in batches(4)) {
        let dir = tempdir().unwrap();
        let mut store = open(dir.path(), bare());
        let mut n = 0;
        for (part, compacts) in [(&before, true), (&between, true), (&after, false)] {
            for batch in part {
                n += 1;
                store.commit(n, batch).unwrap();
            }
            if compacts {
                store.opened.store.compact().blocking_recv().unwrap().unwrap();
            }
        }
        let (mut findings, _) = store.opened.store.verify().blocking_recv().unwrap().unwrap();
        findings.retain(|f| !f.as_str().contains("/nowhere/") && !f.as_str().starts_with("the attachment "));
        let whole = fold([&before[..], &between, &after].concat().concat().iter());
        prop_assert_eq!(findings, whole.findings);
        store.close();
        let all: Vec<Entry> = [before, between, after].concat().concat();
        let again = open(dir.path(), bare());
        prop_assert!(again.opened.mended.is_empty(), "{:?}", again.opened.mended);
        let (mut book, mut want) = (again.opened.book.clone(), fold(&all));
        // Old spans are sums per purpose and hour; their total is what was worked.
        let total = |b: &juggler::domain::Book| b.spans.iter().map(|s| u64::from(s.seconds)).sum::<u64>();
        prop_assert_eq!(total(&book), total(&want));
        for id in want.assignments.keys() {
            prop_assert_eq!(book.worked(id), want.worked(id));
        }
        book.spans.clear();
        want.spans.clear();
        prop_assert_eq!(book, want);
    }
}

#[test]
fn a_work_file_over_the_limit_is_compacted_and_goes_on() {
    let dir = tempdir().unwrap();
    let small = || Options { compact_at: 2000, ..options() };
    let mut store = open(dir.path(), small());
    let mut all = Vec::new();
    for n in 1..=200 {
        let batch = [drafted(n), manual(n)];
        store.commit(n, &batch).unwrap();
        all.extend(batch);
    }
    store.close();
    let work = std::fs::metadata(dir.path().join("journal/work.jsonl")).unwrap().len();
    assert!(work < 3000, "{work}");
    let names: Vec<String> =
        std::fs::read_dir(dir.path().join("journal")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names.iter().filter(|n| n.starts_with("work.checkpoint-")).count(), 2, "{names:?}");
    assert_eq!(names.iter().filter(|n| n.starts_with("work.until-")).count(), 1, "{names:?}");
    let again = open(dir.path(), small());
    assert_eq!(again.opened.book, fold(&all));
    let stats = again.opened.store.stats().blocking_recv().unwrap();
    assert_eq!((stats.money_seq, stats.work_seq), (200, 200));
}

#[test]
fn a_damaged_checkpoint_falls_back_to_the_one_before_it() {
    for compactions in [1, 2, 3] {
        let dir = tempdir().unwrap();
        let mut store = open(dir.path(), bare());
        let mut all = Vec::new();
        for n in 0..40 {
            let entry = sample(n);
            store.commit(n, std::slice::from_ref(&entry)).unwrap();
            all.push(entry);
            if n % 10 == 9 && n / 10 < compactions {
                store.opened.store.compact().blocking_recv().unwrap().unwrap();
            }
        }
        let before = {
            store.close();
            open(dir.path(), bare()).opened.book.clone()
        };
        let newest = std::fs::read_dir(dir.path().join("journal"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.to_string_lossy().contains("checkpoint-"))
            .max_by_key(|p| p.to_string_lossy().len() * 1000 + p.to_string_lossy().bytes().map(usize::from).sum::<usize>())
            .unwrap();
        let mut bytes = std::fs::read(&newest).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        std::fs::write(&newest, bytes).unwrap();
        let mut again = open(dir.path(), bare());
        assert!(again.opened.mended.iter().any(|m| m.as_str().contains("nothing is lost")), "{:?}", again.opened.mended);
        let (mut a, mut b) = (again.opened.book.clone(), before);
        a.spans.clear();
        b.spans.clear();
        assert_eq!(a, b);
        again.commit(100, &[drafted(1000)]).unwrap();
        again.close();
        let last = open(dir.path(), bare());
        assert!(last.opened.mended.is_empty(), "{:?}", last.opened.mended);
        assert_eq!(last.opened.book.drafts[&juggler::domain::AssignmentId::new("practice:a1")].version, 1000);
    }
}

#[test]
fn when_every_checkpoint_is_damaged_what_is_missing_is_said_at_the_start() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), bare());
    for n in 1..=40 {
        store.commit(n, &[drafted(n)]).unwrap();
        if n % 10 == 0 {
            store.opened.store.compact().blocking_recv().unwrap().unwrap();
        }
    }
    store.close();
    let paths = std::fs::read_dir(dir.path().join("journal")).unwrap().map(|e| e.unwrap().path());
    for checkpoint in paths.filter(|p| p.to_string_lossy().contains("checkpoint-")) {
        std::fs::write(&checkpoint, "nothing that was ever written").unwrap();
    }
    let again = open(dir.path(), bare());
    let said = again.opened.mended.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("work records 1 to 30 are in no file") && !said.contains("nothing is lost"), "{said}");
}

#[test]
fn waiting_batches_are_all_acknowledged_in_order() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    for n in 0..3000 {
        store.opened.store.commit(n, vec![manual(n)]);
    }
    for n in 0..3000 {
        match store.acks.blocking_recv().unwrap() {
            juggler::store::Ack::Committed { batch } => assert_eq!(batch, n),
            failed => panic!("{failed:?}"),
        }
    }
    store.close();
    assert_eq!(on_disk(dir.path()).len(), 3000);
}

#[test]
fn a_batch_that_cannot_be_written_fails_alone() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let mut bad = drafted(1);
    if let juggler::domain::Record::Drafted { files, .. } = &mut bad.record {
        files.push(juggler::domain::draft::FileItem {
            name: "x".into(),
            path: std::ffi::OsStr::from_bytes(b"/tmp/\xff").into(),
            size: 1,
            sha256: String::new(),
            facts: Default::default(),
            origin: juggler::domain::Origin::External,
        });
    }
    store.commit(1, &[manual(1)]).unwrap();
    let failure = store.commit(2, &[manual(2), bad]).unwrap_err();
    assert!(failure.hint.contains("UTF-8"), "{failure:?}");
    store.commit(3, &[manual(3)]).unwrap();
    store.close();
    assert_eq!(on_disk(dir.path()), [manual(1), manual(3)]);
}
