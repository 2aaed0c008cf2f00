//! Files of drafts and the rights on everything.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use juggler::store::{Options, keep_file};
use tempfile::tempdir;

use super::gen_entries::{drafted, manual};
use super::{open, options};

#[test]
fn the_same_bytes_are_kept_once_under_their_hash() {
    let dir = tempdir().unwrap();
    let (path, hash) = keep_file(dir.path(), b"abc").unwrap();
    assert_eq!(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(path, dir.path().join("files").join(&hash));
    assert_eq!(keep_file(dir.path(), b"abc").unwrap().0, path);
    fs::write(&path, b"cut").unwrap();
    keep_file(dir.path(), b"abc").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"abc");
    assert_eq!(fs::read_dir(dir.path().join("files")).unwrap().count(), 1);
}

#[test]
fn only_the_owner_can_read_anything() {
    let dir = tempdir().unwrap();
    let dir = dir.path().join("store");
    let mut store = open(&dir, Options { ballast: 4096, ..options() });
    store.commit(1, &[manual(1), drafted(1)]).unwrap();
    store.opened.store.compact().blocking_recv().unwrap().unwrap();
    keep_file(&dir, b"x").unwrap();
    store.close();
    check(&dir);
}

fn check(path: &Path) {
    let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
    if !path.is_dir() {
        assert_eq!(mode, 0o600, "{}", path.display());
        return;
    }
    assert_eq!(mode, 0o700, "{}", path.display());
    // sled makes its files itself; the folder around them is closed.
    if !path.file_name().unwrap().to_string_lossy().starts_with("sled-") {
        fs::read_dir(path).unwrap().for_each(|entry| check(&entry.unwrap().path()));
    }
}
