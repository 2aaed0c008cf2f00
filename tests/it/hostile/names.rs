//! Names that want to be paths. What a platform calls a file is words on the screen and in the journal; on the disk files are
//! called by what they hold.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::bytes::Nasty;
use crate::cli::Place;

/// At least five hundred of them.
fn names() -> Vec<String> {
    let stems = [
        "../x",
        "../../../../etc/cron.d/x",
        "/etc/passwd",
        "/tmp/x",
        "..",
        ".",
        "~/.ssh/authorized_keys",
        "a/../../x",
        "..\\..\\x",
        "C:\\x",
        "\\\\server\\x",
        "CON",
        "nul.txt",
        "COM1",
        "x.",
        "x ",
        " x",
        "-rf",
        "--help",
        "-",
        ".bashrc",
        "x\0y",
        "x\ny",
        "x\u{202e}txt.exe",
        "x;rm -rf ~",
        "$(touch x)",
        "`touch x`",
        "|x",
        "x>y",
        "%2e%2e%2fx",
        "..%c0%afx",
        "\u{ff0e}\u{ff0e}/x",
        "x/",
        "//x",
        "file:///x",
    ];
    let mut all: Vec<String> = stems.iter().flat_map(|stem| ["", ".txt", "/", "/.."].map(|end| format!("{stem}{end}"))).collect();
    all.push("x".repeat(4096));
    all.push("é".repeat(2048));
    all.push("../".repeat(1365));
    let mut nasty = Nasty::new(23);
    while all.len() < 520 {
        all.push(format!("../{}", nasty.text()));
    }
    all
}

/// Every file and link below, with its mode.
fn tree(at: &Path, out: &mut BTreeMap<PathBuf, u32>) {
    for entry in std::fs::read_dir(at).unwrap().flatten() {
        let facts = entry.path().symlink_metadata().unwrap();
        if facts.is_dir() {
            tree(&entry.path(), out);
        } else {
            out.insert(entry.path(), facts.mode());
        }
    }
}

#[test]
fn no_name_becomes_a_path() {
    let place = Place::new();
    let names = names();
    assert!(names.len() >= 500);
    let jobs: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let file = json!({ "name": format!("{name}."), "mime": name, "text": "kept?", "url": name });
            json!({ "id": n.to_string(), "title": format!("t{n} {name}"), "kind": "art", "brief": name, "attachments": [file] })
        })
        .collect();
    place.with_inbox(&jobs);
    let mut before = BTreeMap::new();
    tree(place.path(), &mut before);
    for n in 0..12 {
        for args in [&["show", &format!("mine:{n}")][..], &["show", &format!("mine:{n}"), "--json"]] {
            assert_eq!(place.run(args).code, 0, "{args:?}");
        }
    }
    let mut after = BTreeMap::new();
    tree(place.path(), &mut after);
    let data = place.data_dir();
    for (path, mode) in &after {
        let ours = path.starts_with(&data)
            || path.starts_with(place.path().join(".config"))
            || path.starts_with(place.path().join(".local"));
        assert!(ours || before.contains_key(path), "{} was written", path.display());
        if ours {
            assert_eq!(mode & 0o077, 0, "{} is for others: {mode:o}", path.display());
            let name = path.file_name().unwrap().as_bytes();
            assert!(name.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b)), "{}", path.display());
        }
    }
    assert!(!Path::new("/tmp/x").exists() && !place.path().join("x").exists());
}

#[test]
fn files_are_kept_by_what_they_hold_and_links_planted_before_are_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let outside = dir.path().join("outside");
    std::fs::write(&outside, "mine").unwrap();
    let bytes = b"a picture";
    let (path, hash) = juggler::store::keep_file(&data, bytes).unwrap();
    assert_eq!(path, data.join("files").join(&hash));
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    // A link where the file goes, and one where it is made, lead nowhere.
    for planted in [path.clone(), path.with_file_name(format!("{hash}.tmp"))] {
        let _ = std::fs::remove_file(&planted);
        symlink(&outside, &planted).unwrap();
        let (again, _) = juggler::store::keep_file(&data, bytes).unwrap();
        assert!(again == path && path.symlink_metadata().unwrap().is_file(), "{}", planted.display());
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
        assert_eq!(std::fs::read_to_string(&outside).unwrap(), "mine");
    }
    // A link to the very same content is no file of ours either: it may change behind our back.
    let twin = dir.path().join("twin");
    std::fs::write(&twin, bytes).unwrap();
    std::fs::remove_file(&path).unwrap();
    symlink(&twin, &path).unwrap();
    juggler::store::keep_file(&data, bytes).unwrap();
    assert!(path.symlink_metadata().unwrap().is_file());
}
