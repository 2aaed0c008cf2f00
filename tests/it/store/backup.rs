//! Backups: whole, logical, into an empty store only.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use juggler::domain::draft::{Cause, FileItem};
use juggler::domain::{AssignmentId, Entry, Job, Origin, Record, SourceName};
use juggler::error::Class;
use juggler::store;
use tempfile::tempdir;

use super::gen_entries::{drafted, manual, sample};
use super::{by_file, fold, on_disk, open, options};

#[test]
fn a_backup_makes_the_same_store_elsewhere() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    let mut entries: Vec<Entry> = (0..40).map(sample).collect();
    entries.push(drafted(1));
    for (n, entry) in entries.iter().enumerate() {
        store.commit(n as u64, std::slice::from_ref(entry)).unwrap();
    }
    let at = entries[0].at;
    store.opened.store.put_jobs((0..50).map(|n| Job::new(&SourceName::new("s"), &n.to_string(), "x", at)).collect());
    store.opened.store.put_cursor("s/jobs".into(), serde_json::json!("c9"));
    let to = dir.path().join("backup.jsonl");
    store.opened.store.backup(to.clone()).blocking_recv().unwrap().unwrap();
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    let refused = store.opened.store.backup(to.clone()).blocking_recv().unwrap().unwrap_err();
    assert_eq!(refused.class, Class::Usage);
    store.close();

    let other = tempdir().unwrap();
    let restored = store::restore(other.path(), &to).unwrap();
    assert_eq!((restored.records, restored.jobs), (41, 50));
    assert_eq!(on_disk(other.path()), by_file(&entries));
    let again = open(other.path(), options());
    assert!(again.opened.mended.is_empty(), "{:?}", again.opened.mended);
    assert_eq!(again.opened.book, fold(&entries));
    assert_eq!((again.opened.jobs.len(), again.opened.cursors["s/jobs"].as_str()), (50, Some("c9")));
    again.close();
    assert_eq!(store::restore(other.path(), &to).unwrap_err().class, Class::Refused);
}

#[test]
fn checkpoints_and_files_of_drafts_come_along() {
    let dir = tempdir().unwrap();
    let (path, sha256) = store::keep_file(dir.path(), b"a picture").unwrap();
    let file = FileItem {
        name: "p.png".into(),
        path: path.clone(),
        size: 9,
        sha256,
        facts: Default::default(),
        origin: Origin::External,
    };
    let mut entry = drafted(1);
    entry.record = Record::Drafted {
        assignment: AssignmentId::new("practice:a9"),
        version: 1,
        text: "t".into(),
        files: vec![file],
        cause: Cause::File,
        origins: None,
    };
    let mut store = open(dir.path(), options());
    store.commit(1, &[entry]).unwrap();
    store.opened.store.compact().blocking_recv().unwrap().unwrap();
    store.commit(2, &[drafted(2), manual(2)]).unwrap();
    store.close();
    let to = dir.path().join("b");
    store::backup(dir.path(), &to).unwrap();
    let other = tempdir().unwrap();
    assert_eq!(store::restore(other.path(), &to).unwrap().files, 1);
    let verified = store::verify(other.path()).unwrap();
    assert!(verified.findings.is_empty(), "{verified:?}");
    let again = open(other.path(), options());
    let kept = &again.opened.book.drafts[&AssignmentId::new("practice:a9")].files[0].path;
    assert!(kept.starts_with(other.path()), "{kept:?}");
    assert_eq!(fs::read(kept).unwrap(), b"a picture");
    assert_eq!(again.opened.store.stats().blocking_recv().unwrap().work_seq, 2);
}

#[test]
fn a_backup_with_a_changed_byte_is_refused() {
    let dir = tempdir().unwrap();
    let mut store = open(dir.path(), options());
    store.commit(1, &[manual(1), drafted(1)]).unwrap();
    store.close();
    let to = dir.path().join("b");
    store::backup(dir.path(), &to).unwrap();
    let whole = fs::read(&to).unwrap();
    for at in (0..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&to, &bytes).unwrap();
        let other = tempdir().unwrap();
        let failure = store::restore(&other.path().join("s"), &to).unwrap_err();
        assert!(failure.hint.contains("nothing was changed") || failure.what.contains("newer"), "{at}: {failure:?}");
        assert!(!other.path().join("s").exists());
    }
    fs::write(&to, &whole[..whole.len() - 30]).unwrap();
    assert_eq!(store::restore(&dir.path().join("s"), &to).unwrap_err().class, Class::Usage);
}
