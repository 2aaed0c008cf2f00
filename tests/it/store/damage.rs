//! Torn tails and flipped bits: what is intact stays, what is lost is named, nothing is thrown away.

use std::fs;
use std::path::Path;

use juggler::domain::Entry;
use juggler::domain::record::Book as Half;
use proptest::prelude::*;

use super::gen_entries::{batches, drafted, entry, manual};
use super::{bare, by_file, on_disk, open, scratch, try_open};

fn written(dir: &Path, batches: &[Vec<Entry>]) {
    let mut store = open(dir, bare());
    for (n, batch) in batches.iter().enumerate() {
        store.commit(n as u64, batch).unwrap();
    }
    store.close();
}

fn file(half: Half) -> &'static str {
    if half == Half::Money { "journal/money.jsonl" } else { "journal/work.jsonl" }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The shape that kill -9 and power loss leave: the file ends anywhere. Whole batches in front of the cut stay.
    #[test]
    fn a_cut_tail_costs_only_what_is_behind_the_cut(batches in batches(6), cut in 0.0..1.0_f64) {
        let dir = scratch();
        let mut store = open(dir.path(), bare());
        let mut sizes = Vec::new();
        let path = dir.path().join("journal/money.jsonl");
        for (n, batch) in batches.iter().enumerate() {
            store.commit(n as u64, batch).unwrap();
            sizes.push(fs::metadata(&path).unwrap().len());
        }
        store.close();
        let bytes = fs::read(&path).unwrap();
        let header = bytes.iter().position(|b| *b == b'\n').unwrap() + 1;
        let at = header + ((bytes.len() - header) as f64 * cut) as usize;
        fs::write(&path, &bytes[..at]).unwrap();
        // A line that only misses its newline is whole.
        let whole = batches.iter().zip(&sizes).take_while(|(_, size)| **size <= at as u64 + 1).count();
        let mut again = open(dir.path(), bare());
        let money = |entries: &[Entry]| -> Vec<Entry> {
            entries.iter().filter(|e| e.record.book() == Half::Money).cloned().collect()
        };
        prop_assert_eq!(money(&on_disk(dir.path())), money(&batches[..whole].concat()));
        again.commit(99, &[manual(7)]).unwrap();
        again.close();
        let last = open(dir.path(), bare());
        prop_assert!(last.opened.mended.is_empty(), "{:?}", last.opened.mended);
        prop_assert_eq!(on_disk(dir.path()).iter().filter(|e| **e == manual(7)).count(), 1);
    }

    /// Any one bit, anywhere in either file: found, and at most the line it is in is lost.
    #[test]
    fn a_flipped_bit_costs_at_most_its_line(entries in proptest::collection::vec(entry(), 2..12), at in 0.0..1.0_f64, bit in 0_u8..8, work in any::<bool>()) {
        let dir = scratch();
        written(dir.path(), &entries.iter().map(|e| vec![e.clone()]).collect::<Vec<_>>());
        let all = by_file(&entries);
        prop_assert_eq!(&on_disk(dir.path()), &all);
        let path = dir.path().join(file(if work { Half::Work } else { Half::Money }));
        let before = fs::read(&path).unwrap();
        let mut bytes = before.clone();
        let at = (bytes.len() as f64 * at) as usize;
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();

        let again = match try_open(dir.path(), bare()) {
            Ok(again) => again,
            Err(refused) => panic!("{refused:?}"),
        };
        let left = on_disk(dir.path());
        prop_assert!(left.len() + 1 >= all.len(), "{} of {} left", left.len(), all.len());
        let mut missing = all.clone();
        for entry in &left {
            let at = missing.iter().position(|e| e == entry);
            prop_assert!(at.is_some(), "an entry that nobody wrote: {entry:?}");
            missing.remove(at.unwrap());
        }
        let last_newline = at == before.len() - 1;
        prop_assert!(!again.opened.mended.is_empty() || last_newline && missing.is_empty());
        let kept = fs::read_dir(dir.path().join("journal")).unwrap().any(|e| {
            let name = e.unwrap().file_name().into_string().unwrap();
            name.contains(".damaged-") || name.contains(".torn-")
        });
        prop_assert!(kept || last_newline && missing.is_empty());
        drop(again);
        let last = open(dir.path(), bare());
        prop_assert!(last.opened.mended.is_empty(), "{:?}", last.opened.mended);
        prop_assert_eq!(on_disk(dir.path()), left);
    }
}

/// What a power loss leaves of a file that was being extended: the length is there, the content is not, or not all of it.
#[test]
fn a_tail_of_zeros_or_old_blocks_costs_only_itself() {
    let dir = scratch();
    written(dir.path(), &[vec![manual(1)], vec![manual(2)]]);
    let path = dir.path().join("journal/money.jsonl");
    let whole = fs::read(&path).unwrap();
    let line = whole[whole[..whole.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1..].to_vec();
    for tail in [vec![0; 4096], vec![0; 1], [&line[..40], &[0; 500]].concat(), b"\xff\xfe\n".to_vec(), line, [b'\n'; 3].to_vec()]
    {
        fs::write(&path, [&whole[..], &tail].concat()).unwrap();
        let again = open(dir.path(), bare());
        assert!(!again.opened.mended.is_empty());
        assert_eq!(again.opened.book.manual.len(), 2);
        again.close();
        assert_eq!(on_disk(dir.path()), [manual(1), manual(2)]);
        let quiet = open(dir.path(), bare());
        assert!(quiet.opened.mended.is_empty(), "{:?}", quiet.opened.mended);
    }
}

#[test]
fn damage_in_the_middle_is_named_and_the_file_is_kept() {
    let dir = scratch();
    written(dir.path(), &(1..=9).map(|n| vec![manual(n)]).collect::<Vec<_>>());
    let path = dir.path().join("journal/money.jsonl");
    let damaged = fs::read_to_string(&path).unwrap().replace("\"m5\"", "\"m6\"");
    fs::write(&path, &damaged).unwrap();
    let mut again = open(dir.path(), bare());
    let said = again.opened.mended.iter().map(|m| m.to_string()).collect::<Vec<_>>().join("\n");
    assert!(said.contains("money.jsonl was damaged (line 6); lost: record 5;"), "{said}");
    assert_eq!(fs::read_to_string(dir.path().join("journal/money.damaged-1.jsonl")).unwrap(), damaged);
    assert_eq!(on_disk(dir.path()), [1, 2, 3, 4, 6, 7, 8, 9].map(manual));
    again.commit(1, &[manual(10)]).unwrap();
    again.close();
    assert_eq!(juggler::store::entries(dir.path()).unwrap().last().unwrap().1, 10);
    let findings = juggler::store::verify(dir.path()).unwrap().findings;
    assert!(findings.iter().any(|f| f.as_str().contains("record 5 was lost to damage before")), "{findings:?}");
}

#[test]
fn work_whose_batch_misses_its_money_is_set_aside() {
    let dir = scratch();
    written(dir.path(), &[vec![manual(1), drafted(1)], vec![manual(2), drafted(2)]]);
    let path = dir.path().join("journal/money.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let second = text.find("{\"seq\":2").unwrap();
    fs::write(&path, &text[..second]).unwrap();
    let again = open(dir.path(), bare());
    assert_eq!(on_disk(dir.path()), [manual(1), drafted(1)]);
    let aside = fs::read_to_string(dir.path().join("journal/work.torn-1")).unwrap();
    assert!(aside.contains("draft 2") && !again.opened.mended.is_empty());
}

#[test]
fn a_newer_format_is_refused_and_left_alone() {
    for (name, content) in [
        ("money.jsonl", "{\"journal\":\"juggler\",\"format\":2,\"something\":true}\nwhatever\n"),
        ("work.checkpoint-5.json", "{\"checkpoint\":\"juggler\",\"format\":5,\"seq\":5,\"crc\":\"dd2ce1c6\"}\n{}\n"),
    ] {
        let dir = scratch();
        let path = dir.path().join("journal").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let crc = crc_of(b"checkpoint:5:5:{}");
        let content = content.replace("dd2ce1c6", &crc);
        fs::write(&path, &content).unwrap();
        let failure = try_open(dir.path(), bare()).map(|_| ()).unwrap_err();
        assert!(failure.what.contains("newer version") && failure.why.contains(" has format "), "{failure:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), content);
        assert_eq!(fs::read_dir(dir.path().join("journal")).unwrap().count(), 1);
    }
}

#[test]
fn a_record_of_a_newer_kind_is_refused_and_left_alone() {
    let dir = scratch();
    written(dir.path(), &[vec![manual(1)]]);
    let path = dir.path().join("journal/money.jsonl");
    let rest = "\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"invented_later\",\"x\":1}";
    let crc = crc_of(format!("money:2:{rest}").as_bytes());
    let text = fs::read_to_string(&path).unwrap() + &format!("{{\"seq\":2,\"crc\":\"{crc}\",{rest}\n");
    fs::write(&path, &text).unwrap();
    let failure = try_open(dir.path(), bare()).map(|_| ()).unwrap_err();
    assert!(failure.what.contains("newer version") && failure.why.contains("invented_later"), "{failure:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

/// CRC-32 (IEEE), written here again so that the format is pinned by more than the code under test.
fn crc_of(bytes: &[u8]) -> String {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    format!("{:08x}", !crc)
}
