//! One holder at a time, and the second is told who.

use juggler::error::Class;
use juggler::store;
use tempfile::tempdir;

use super::gen_entries::manual;
use super::{bare, open, try_open};

#[test]
fn the_second_is_told_who_has_it() {
    let dir = tempdir().unwrap();
    let mut first = open(dir.path(), bare());
    for failure in [
        try_open(dir.path(), bare()).map(|_| ()).unwrap_err(),
        store::verify(dir.path()).map(|_| ()).unwrap_err(),
        store::rebuild(dir.path()).map(|_| ()).unwrap_err(),
        store::backup(dir.path(), &dir.path().join("b")).map(|_| ()).unwrap_err(),
    ] {
        assert_eq!(failure.class, Class::Busy);
        assert!(failure.why.contains(&format!("process {}", std::process::id())), "{failure:?}");
        assert!(failure.hint.contains("--data-dir"), "{failure:?}");
    }
    first.commit(1, &[manual(1)]).unwrap();
    first.close();
    assert_eq!(open(dir.path(), bare()).opened.book.manual.len(), 1);
}

#[test]
fn without_a_store_there_is_nothing_to_verify() {
    let dir = tempdir().unwrap();
    assert_eq!(store::verify(dir.path()).unwrap_err().class, Class::NotFound);
    assert_eq!(fs_count(dir.path()), 0);
}

fn fs_count(dir: &std::path::Path) -> usize {
    std::fs::read_dir(dir).unwrap().count()
}
