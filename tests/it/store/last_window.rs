//! The picture of the last window: there when it is whole, and never trouble.

use std::fs;

use juggler::store::faulty::{Fault, FaultyDisk};
use juggler::store::last_window::{LIMIT, load, save, save_on};
use proptest::prelude::*;
use serde_json::json;
use tempfile::tempdir;

#[test]
fn it_comes_back_and_the_last_one_counts() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("not there yet");
    assert_eq!(load(&dir), None);
    save(&dir, &json!({"rows": ["ä \"b\"", 1, null]})).unwrap();
    save(&dir, &json!({"rows": [], "view": 3})).unwrap();
    assert_eq!(load(&dir), Some(json!({"rows": [], "view": 3})));
    let failure = save(&dir, &json!("x".repeat(LIMIT))).unwrap_err();
    assert!(failure.why.contains("262144") && !failure.hint.is_empty(), "{failure:?}");
    assert_eq!(load(&dir), Some(json!({"rows": [], "view": 3})), "the one before stays");
    let text = fs::read_to_string(dir.join("last-window.json")).unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok() && text.lines().count() == 1, "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_it_is_none(text in "\\PC{0,60}", at in 0.0..1.0_f64, bit in 0_u8..8) {
        let dir = tempdir().unwrap();
        save(dir.path(), &json!({"text": text})).unwrap();
        let path = dir.path().join("last-window.json");
        let bytes = fs::read(&path).unwrap();
        let at = (bytes.len() as f64 * at) as usize;
        fs::write(&path, &bytes[..at]).unwrap();
        prop_assert_eq!(load(dir.path()), None);
        let mut bad = bytes.clone();
        bad[at] ^= 1 << bit;
        fs::write(&path, &bad).unwrap();
        prop_assert_eq!(load(dir.path()), None);
        fs::write(&path, &bytes).unwrap();
        prop_assert_eq!(load(dir.path()), Some(json!({"text": text})));
    }
}

#[test]
fn a_disk_that_fails_leaves_the_one_before_or_the_new_one() {
    for fault in [Fault::Io, Fault::Full, Fault::Short] {
        for n in 1.. {
            let dir = tempdir().unwrap();
            save(dir.path(), &json!(1)).unwrap();
            let disk = FaultyDisk::new(n, fault, true);
            let done = save_on(&disk, dir.path(), &json!(2));
            let there = load(dir.path());
            assert!(there == Some(json!(1)) || there == Some(json!(2)), "{fault:?} {n}: {there:?}");
            assert!(done.is_err() || there == Some(json!(2)));
            if disk.calls() < n {
                break;
            }
        }
    }
}
