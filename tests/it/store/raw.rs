//! What platforms said word for word, across compactions.

use chrono::Duration;
use juggler::domain::{Assignment, Entry, Record, Text};
use tempfile::tempdir;

use super::gen_entries::{drafted, manual, sample};
use super::{bare, on_disk, open};

fn raw(about: &str, text: &str, days: i64) -> Entry {
    let at = manual(1).at + Duration::days(days);
    Entry { at, record: Record::Raw { about: Text::title(about), text: Text::own(text) } }
}

/// An assignment of the generator's.
fn claimed() -> (Entry, Assignment) {
    (0..200)
        .map(sample)
        .find_map(|entry| match entry.record.clone() {
            Record::Claimed { assignment } => Some((entry, *assignment)),
            _ => None,
        })
        .unwrap()
}

fn kept(dir: &std::path::Path) -> Vec<Entry> {
    on_disk(dir).into_iter().filter(|entry| matches!(entry.record, Record::Raw { .. })).collect()
}

#[test]
fn mine_stays_and_the_rest_goes_with_age_and_size() {
    let dir = tempdir().unwrap();
    let (claim, assignment) = claimed();
    let mut store = open(dir.path(), bare());
    let mine = raw(assignment.id.as_str(), "{\"id\":1}", -400);
    let (old, young) = (raw("practice", "{\"odd\":1}", -31), raw("practice", "{\"odd\":2}", 0));
    let (large, larger) = (raw("other", &"x".repeat(600_000), -2), raw("other", &"y".repeat(600_000), -1));
    store.commit(1, &[claim, mine.clone(), old, drafted(1)]).unwrap();
    store.commit(2, &[large, larger.clone(), young.clone()]).unwrap();
    let want = [mine.clone(), larger, young];
    for n in 0..4 {
        store.opened.store.compact().blocking_recv().unwrap().unwrap();
        assert_eq!(kept(dir.path()), want, "after compaction {n}");
        // Numbers go on behind them.
        store.commit(10 + n, &[drafted(2 + n), manual(n)]).unwrap();
    }
    let later = raw("practice", "{\"odd\":3}", 40);
    store.commit(20, std::slice::from_ref(&later)).unwrap();
    store.opened.store.compact().blocking_recv().unwrap().unwrap();
    assert_eq!(kept(dir.path()), [mine, later], "a month on");
    let book = store.opened.store.verify().blocking_recv().unwrap().unwrap();
    assert!(
        book.0.iter().all(|finding| finding.as_str().contains("claim") || finding.as_str().contains("/nowhere/")),
        "{book:?}"
    );
    store.close();
    let again = open(dir.path(), bare());
    assert!(again.opened.mended.is_empty(), "{:?}", again.opened.mended);
    again.close();
}
