//! Stores as older versions made them: each opens with everything in it, and a newer one is refused and stays as it is.
//!
//! | folder | journal | checkpoint | cache | image | backup |
//! |---|---|---|---|---|---|
//! | `first` | 1 | none | 1 | none | none |
//! | `second` | 1 | 1 | 2, unmarked | 1 | 1 |
//! | `third` | 1 | 2 | 2 | 1 | 1 |
//!
//! Each was made by that version itself: four claims, one of them submitted, a star, a job hidden, forty jobs listed.

use std::fs;
use std::path::{Path, PathBuf};

use juggler::domain::AssignmentState;
use juggler::store::{self, Options};

use super::{bare, open, options, scratch, try_open};
use crate::cli::Place;

/// A store that an older version made.
pub struct Fixture {
    folder: PathBuf,
}

/// All of them, the oldest first.
pub fn all() -> Vec<Fixture> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/store/fixtures");
    ["first", "second", "third"].iter().map(|name| Fixture { folder: here.join(name) }).collect()
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Every file of a folder with its content.
pub fn content(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(content(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            out.push((path, bytes));
        }
    }
    out.sort();
    out
}

impl Fixture {
    /// Puts a copy of it there.
    pub fn copy_to(&self, store: &Path) {
        copy(&self.folder, store);
        let _ = fs::remove_file(store.join("backup.jsonl"));
    }

    fn name(&self) -> String {
        self.folder.file_name().unwrap().to_string_lossy().into_owned()
    }

    /// Everything that was in it is there, as the real binary says.
    pub fn is_whole(&self, place: &Place) {
        let hand = place.run(&["hand", "--all", "--json"]);
        assert_eq!((hand.code, hand.lines().len()), (0, 4), "{}: {hand:?}", self.name());
        for view in hand.lines() {
            let n = view["assignment"]["id"].as_str().unwrap().chars().last().unwrap();
            let text = view["draft"]["text"].as_str().unwrap();
            assert!(text.starts_with(&format!("Text number {n} of the fixture.")) || text.starts_with("Another text"), "{text}");
        }
        assert_eq!(place.keys(&["--limit", "100", "is:any"]).len(), 40, "{}", self.name());
        assert!(!place.keys(&["is:starred"]).is_empty() && place.keys(&["is:hidden"]).len() == 1, "{}", self.name());
        let verified = place.run(&["store", "verify"]);
        assert_eq!(verified.code, 0, "{}: {verified:?}", self.name());
    }
}

#[test]
fn every_older_store_opens_with_everything_in_it() {
    for fixture in all() {
        let place = Place::new();
        let store = place.data_dir().join("store");
        fixture.copy_to(&store);
        let entries = store::entries(&store).unwrap();
        fixture.is_whole(&place);
        assert_eq!(store::entries(&store).unwrap(), entries, "{}", fixture.name());
        // It is of this version now, and says so.
        let marked = fs::read_to_string(store.join("sled-1/schema")).unwrap();
        assert!(marked.contains("\"cache\":2"), "{marked}");
        // And it goes on from there.
        let text = place.path().join("text");
        fs::write(&text, "Written by this version.\n").unwrap();
        let ran = place.run(&["draft", "practice:a000002", "--set", text.to_str().unwrap()]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(place.run(&["draft", "practice:a000002"]).out, "Written by this version.\n");
    }
}

#[test]
fn an_older_store_is_compacted_into_the_format_of_today() {
    for fixture in all() {
        let dir = scratch();
        fixture.copy_to(dir.path());
        let store = open(dir.path(), options());
        let before = store.opened.book.clone();
        assert!(store.opened.mended.is_empty(), "{}: {:?}", fixture.name(), store.opened.mended);
        assert_eq!(store.opened.jobs.len(), 40);
        store.opened.store.compact().blocking_recv().unwrap().unwrap();
        store.close();
        let again = open(dir.path(), options());
        assert_eq!(again.opened.book, before, "{}", fixture.name());
        again.close();
        let newest =
            content(&dir.path().join("journal")).into_iter().rfind(|(path, _)| path.to_string_lossy().contains("checkpoint"));
        assert!(newest.unwrap().1.starts_with(b"{\"checkpoint\":\"juggler\",\"format\":4,"));
    }
}

#[test]
fn every_older_backup_is_taken_in() {
    for fixture in all().into_iter().filter(|fixture| fixture.folder.join("backup.jsonl").exists()) {
        let dir = scratch();
        let restored = store::restore(dir.path(), &fixture.folder.join("backup.jsonl")).unwrap();
        assert_eq!(restored.jobs, 40);
        let store = open(dir.path(), options());
        assert_eq!((store.opened.book.assignments.len(), store.opened.book.drafts.len()), (4, 4), "{}", fixture.name());
        let states: Vec<AssignmentState> = store.opened.book.assignments.values().map(|a| a.state).collect();
        assert!(states.iter().any(|state| *state != AssignmentState::InProgress));
        assert!(store::verify(dir.path()).is_err(), "it is open");
        store.close();
        assert!(store::verify(dir.path()).unwrap().findings.is_empty());
    }
}

/// Checksums as the formats have them, written here again.
fn crc(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}

/// Makes a store one of a later version.
type Change = fn(&Path);

/// A change to the newest fixture that makes it one of a later version, in each of its parts.
fn newer() -> Vec<(&'static str, Change)> {
    vec![
        ("journal", |store| {
            let members = "{\"journal\":\"juggler\",\"format\":2,\"book\":\"money\",\"from\":1";
            let header = format!("{members},\"crc\":\"{}\"}}\n", crc(members.as_bytes()));
            let path = store.join("journal/money.jsonl");
            let text = fs::read_to_string(&path).unwrap();
            let (_, rest) = text.split_once('\n').unwrap();
            fs::write(&path, header + rest).unwrap();
        }),
        ("a kind of record", |store| {
            let path = store.join("journal/money.jsonl");
            let text = fs::read_to_string(&path).unwrap();
            let last = text.lines().count() - 1;
            let rest = "\"at\":\"2026-01-01T00:00:00Z\",\"kind\":\"invented_later\",\"x\":1}";
            let seq = last + 1;
            let sum = crc(format!("money:{seq}:{rest}").as_bytes());
            fs::write(&path, format!("{text}{{\"seq\":{seq},\"crc\":\"{sum}\",{rest}\n")).unwrap();
        }),
        ("checkpoint", |store| {
            let body = "{\"invented\":1}";
            let sum = crc(format!("checkpoint:5:900:{body}").as_bytes());
            let head = format!("{{\"checkpoint\":\"juggler\",\"format\":5,\"seq\":900,\"crc\":\"{sum}\"}}");
            fs::write(store.join("journal/work.checkpoint-900.json"), format!("{head}\n{body}\n")).unwrap();
        }),
        ("what a checkpoint holds", |store| {
            let body = "{\"drafts\":7}";
            let sum = crc(format!("checkpoint:4:900:{body}").as_bytes());
            let head = format!("{{\"checkpoint\":\"juggler\",\"format\":4,\"seq\":900,\"crc\":\"{sum}\"}}");
            fs::write(store.join("journal/work.checkpoint-900.json"), format!("{head}\n{body}\n")).unwrap();
        }),
        ("cache", |store| {
            fs::write(store.join("sled-1/schema"), format!("{{\"cache\":9,\"crc\":\"{}\"}}", crc(b"cache:9"))).unwrap();
        }),
    ]
}

#[test]
fn a_newer_store_is_refused_in_words_and_not_a_byte_of_it_changes() {
    for (what, change) in newer() {
        let place = Place::new();
        let store = place.data_dir().join("store");
        all().pop().unwrap().copy_to(&store);
        change(&store);
        fs::write(store.join("lock"), "").unwrap();
        let before = content(&store);
        let ignoring_the_lock = |all: Vec<(PathBuf, Vec<u8>)>| -> Vec<(PathBuf, Vec<u8>)> {
            all.into_iter().filter(|(path, _)| !path.ends_with("lock")).collect()
        };
        for args in [
            &["hand"][..],
            &["jobs"],
            &["draft", "practice:a000002", "--set", "x"],
            &["store", "verify"],
            &["store", "rebuild"],
            &["store", "backup", "b.jsonl"],
        ] {
            fs::write(place.path().join("x"), "text").unwrap();
            let ran = place.run(args);
            let _ = fs::remove_file(place.path().join("b.jsonl"));
            assert_eq!(ran.code, 8, "{what}: {args:?}: {ran:?}");
            for part in ["newer version of Juggler", "    why: ", "    try: Install that version again", "Nothing was changed"] {
                assert!(ran.err.contains(part), "{what}: {args:?}: {part} is not said: {ran:?}");
            }
            assert_eq!(ignoring_the_lock(content(&store)), ignoring_the_lock(before.clone()), "{what}: {args:?}");
        }
    }
}

/// The program's screen says it too, and touches nothing: the engine is what opens the store for it.
#[test]
fn a_newer_store_opened_twice_is_refused_twice() {
    let dir = scratch();
    all().pop().unwrap().copy_to(dir.path());
    let (_, change) = newer().pop().unwrap();
    change(dir.path());
    for _ in 0..2 {
        let failure = try_open(dir.path(), Options { ballast: 1 << 20, ..options() }).map(|_| ()).unwrap_err();
        assert!(failure.why.contains("its cache has version 9"), "{failure:?}");
    }
    assert!(!dir.path().join("ballast").exists());
}

/// One changed bit of a checkpoint costs nothing: the one before it and the files behind it are there, and it is no newer version.
#[test]
fn a_flipped_bit_of_a_checkpoint_costs_nothing() {
    for fixture in all().into_iter().skip(1) {
        let dir = scratch();
        fixture.copy_to(dir.path());
        let store = open(dir.path(), bare());
        let want = store.opened.book.clone();
        store.close();
        let names =
            || content(&dir.path().join("journal")).into_iter().filter(|(path, _)| path.to_string_lossy().contains("checkpoint"));
        let (path, bytes) = names().next_back().unwrap();
        let places = (0..80).chain((80..bytes.len()).step_by(101));
        for at in places {
            for bit in 0..8 {
                let dir = scratch();
                copy(&fixture.folder.join("journal"), &dir.path().join("journal"));
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                fs::write(dir.path().join("journal").join(path.file_name().unwrap()), bad).unwrap();
                let again = match try_open(dir.path(), bare()) {
                    Ok(again) => again,
                    Err(refused) => panic!("{}: byte {at} bit {bit}: {refused:?}", fixture.name()),
                };
                // Checkpoints of that time know no earlier versions of drafts: folded from the one before, more of them are found.
                let mut found = again.opened.book.clone();
                found.versions = want.versions.clone();
                assert_eq!(found, want, "{}: byte {at} bit {bit}", fixture.name());
                again.close();
            }
        }
    }
}
