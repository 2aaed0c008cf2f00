//! A full disk: nothing is falsely said to be saved, and what was is there once there is room.
//!
//! The disk is a small tmpfs, where the test may mount one; the limit on a file's size, which anybody may set, does the rest.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use juggler::market::Options;

use crate::cli::Ran;
use crate::support::{Ground, first_draft};

/// A disk of its own; gone with the test.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` where mounting is not allowed.
    fn mount(at: &Path, megabytes: u32) -> Option<SmallDisk> {
        fs::create_dir_all(at).unwrap();
        let size = format!("size={megabytes}m,mode=700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| SmallDisk(at.to_owned()))
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Fills it, but for so many pages.
    fn fill(&self, pages_left: u64) {
        let mut file = File::create(self.filler()).unwrap();
        for size in [1 << 20, 4096] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
        let len = file.metadata().unwrap().len();
        file.set_len((len & !4095).saturating_sub(pages_left * 4096)).unwrap();
    }

    fn free(&self) {
        let _ = fs::remove_file(self.filler());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

/// The data folder on a disk of its own; `None` where none may be mounted, and the limit on a file's size alone tests a full disk.
fn with_small_disk(seed: u64) -> Option<(Ground, SmallDisk)> {
    let ground = Ground::with(Options { seed, jobs: 60, ..Ground::options() });
    let Some(disk) = SmallDisk::mount(&ground.place.data_dir(), 24) else {
        let _ = std::io::stderr()
            .write_all(b"SKIPPED: no small file system can be mounted here; a full disk is tried by the limit on files alone\n");
        return None;
    };
    Some((ground, disk))
}

/// Not a word of success, and exit 8 with cause and cure.
fn not_saved(ran: &Ran, word: &str) {
    assert_eq!(ran.code, 8, "{ran:?}");
    assert!(!ran.out.contains(word), "falsely said: {ran:?}");
    assert!(ran.err.contains("juggler: ") && ran.err.contains("    why: ") && ran.err.contains("    try: "), "{ran:?}");
}

#[test]
fn nothing_is_falsely_said_to_be_saved_on_a_full_disk() {
    let Some((ground, disk)) = with_small_disk(66) else { return };
    let (ids, open) = ground.prepare(1, 1);
    let id = &ids[0];
    let text = ground.place.path().join("text.txt");
    fs::write(&text, "words for a full disk\n".repeat(400)).unwrap();
    let set = ["draft", id, "--set", text.to_str().unwrap()];
    // More than fits into what is left of a page.
    ground.well(&set);
    let kept = fs::read_to_string(&text).unwrap();
    fs::write(&text, "other words for a full disk\n".repeat(400)).unwrap();
    disk.fill(0);
    not_saved(&ground.place.run(&set), "saved version");
    not_saved(&ground.place.run(&["submit", id, "--yes", "--override", "override"]), "submitted practice:");
    not_saved(&ground.place.run(&["claim", &open[0], "--yes"]), "claimed practice:");
    assert_eq!((ground.effects(id), ground.held_at_the_market().len()), (0, 1), "nothing was sent");
    // What is there is still shown: a draft can be rescued to another disk.
    assert_eq!(ground.well(&["draft", id]).out, kept);
    assert_eq!(ground.well(&["hand", "--json"]).lines().len(), 1);
    disk.free();
    assert_eq!(ground.well(&["draft", id]).out, kept);
    ground.well(&set);
    ground.well(&["submit", id, "--yes", "--override", "override"]);
    ground.well(&["claim", &open[0], "--yes"]);
    assert_eq!((ground.effects(id), ground.held_here()), (1, ground.held_at_the_market()));
    ground.sound();
}

#[test]
fn a_disk_that_fills_at_any_page_costs_nothing_that_was_said_to_be_saved() {
    let Some((ground, disk)) = with_small_disk(67) else { return };
    let rounds = 12;
    let (ids, open) = ground.prepare(rounds, rounds);
    let text = ground.place.path().join("text.txt");
    for (pages, (id, key)) in ids.iter().zip(&open).enumerate() {
        let words = format!("round {pages} {}\n", "of many words ".repeat(200));
        fs::write(&text, &words).unwrap();
        disk.fill(pages as u64);
        let saved = ground.place.run(&["draft", id, "--set", text.to_str().unwrap()]);
        let sent = ground.place.run(&["submit", id, "--yes", "--override", "override"]);
        let claimed = ground.place.run(&["claim", key, "--yes"]);
        disk.free();
        for ran in [&saved, &sent, &claimed] {
            assert!([0, 8, 6, 10].contains(&ran.code), "{pages} pages left: {ran:?}");
        }
        let found = ground.well(&["draft", id]).out;
        let wanted = if saved.code == 0 { words.as_str() } else { &first_draft(id) };
        assert_eq!(found, wanted, "{pages} pages left: {saved:?}");
        ground.settle();
        let effects = ground.effects(id);
        assert!(effects == 1 || effects == 0 && sent.code != 0, "{effects} effects, {pages} pages left: {sent:?}");
        if effects == 0 {
            ground.well(&["submit", id, "--yes", "--override", "override"]);
            assert_eq!(ground.effects(id), 1, "{pages} pages left: {sent:?}");
        }
        ground.well(&["sources", "poll"]);
        assert_eq!(ground.held_here(), ground.held_at_the_market(), "{pages} pages left: {claimed:?}");
    }
    ground.sound();
}

#[test]
fn a_file_that_may_not_grow_is_like_a_full_disk() {
    let ground = Ground::new(68, 60);
    let (ids, open) = ground.prepare(1, 1);
    let id = &ids[0];
    let journal = |name: &str| ground.place.data_dir().join("store/journal").join(name);
    let before = ["money.jsonl", "work.jsonl"].map(|name| fs::read(journal(name)).unwrap());
    // Inherited: a signal that is ignored stays ignored, and the limit holds for every file that is written.
    let limited = |args: &[&str]| {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_juggler")]).args(args);
        shell.env_clear().env("HOME", ground.place.path()).env("PATH", "/usr/bin:/bin").current_dir(ground.place.path());
        Ran::of(shell.stdin(std::process::Stdio::null()).output().unwrap())
    };
    let text = ground.place.path().join("text.txt");
    fs::write(&text, "words for a full disk\n".repeat(400)).unwrap();
    not_saved(&limited(&["draft", id, "--set", text.to_str().unwrap()]), "saved version");
    not_saved(&limited(&["submit", id, "--yes", "--override", "override"]), "submitted practice:");
    not_saved(&limited(&["claim", &open[0], "--yes"]), "claimed practice:");
    assert_eq!((ground.effects(id), ground.held_at_the_market().len()), (0, 1), "not a byte left");
    assert_eq!(["money.jsonl", "work.jsonl"].map(|name| fs::read(journal(name)).unwrap()), before, "the truth is as it was");
    ground.well(&["submit", id, "--yes", "--override", "override"]);
    // The feed is a cache: what could not be opened may have been set aside, and is listed again.
    ground.well(&["sources", "poll"]);
    ground.well(&["claim", &open[0], "--yes"]);
    assert_eq!((ground.effects(id), ground.held_here()), (1, ground.held_at_the_market()));
    ground.sound();
}

/// The program with a limit on the size of files, as a host may set it: 1 is half a kibibyte.
fn limited(ground: &Ground, blocks: u32, args: &[&str]) -> Ran {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_juggler")]).args(args);
    shell.env_clear().env("HOME", ground.place.path()).env("PATH", "/usr/bin:/bin").current_dir(ground.place.path());
    Ran::of(shell.stdin(std::process::Stdio::null()).output().unwrap())
}

/// The kernel's answer to a write past the limit is a signal that ends whoever does not expect it.
#[test]
fn a_limit_on_files_is_told_and_does_not_end_the_program() {
    let ground = Ground::new(69, 60);
    let (ids, _) = ground.prepare(1, 0);
    let id = &ids[0];
    let store = ground.config().paths.store();
    let rows = ground.place.keys(&["--limit", "1000", "is:any"]);
    let before = juggler::store::entries(&store).unwrap();
    let text = ground.place.path().join("text.txt");
    fs::write(&text, "words for a disk with a limit\n".repeat(400)).unwrap();
    for blocks in [1, 8, 64, 200] {
        let saved = limited(&ground, blocks, &["draft", id, "--set", text.to_str().unwrap()]);
        if saved.code == 0 {
            break;
        }
        not_saved(&saved, "saved version");
        assert!(saved.err.contains("ulimit -f"), "{blocks}: {saved:?}");
        // Everything is shown, and can be taken elsewhere.
        let shown = limited(&ground, blocks, &["draft", id]);
        assert_eq!((shown.code, &shown.out), (0, &first_draft(id)), "{blocks}: {shown:?}");
        let hand = limited(&ground, blocks, &["hand", "--json"]);
        assert_eq!((hand.code, hand.lines().len()), (0, 1), "{blocks}: {hand:?}");
        assert_eq!(juggler::store::entries(&store).unwrap(), before);
    }
    let there = fs::read_dir(&store).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let aside: Vec<String> = there.filter(|name| name.contains("broken") || name.contains("snapshots")).collect();
    assert!(aside.is_empty(), "nothing was wrong with the cache: {aside:?}");
    assert_eq!(ground.place.keys(&["--limit", "1000", "is:any"]), rows);
    ground.well(&["draft", id, "--set", text.to_str().unwrap()]);
    ground.sound();
}

#[test]
fn on_a_full_disk_it_starts_shows_and_gives_everything_away() {
    let Some((ground, disk)) = with_small_disk(70) else { return };
    let (ids, _) = ground.prepare(2, 0);
    let rows = ground.place.keys(&["--limit", "1000", "is:any"]);
    let store = ground.config().paths.store();
    for (round, pages) in [0, 1, 3, 9].into_iter().enumerate() {
        disk.fill(pages);
        for id in &ids {
            assert_eq!(ground.well(&["draft", id]).out, first_draft(id));
        }
        assert_eq!(ground.well(&["hand", "--json"]).lines().len(), 2);
        ground.well(&["earnings"]);
        ground.place.run(&["doctor"]);
        // To another disk, whole.
        let to = ground.place.path().join(format!("backup-{round}.jsonl"));
        ground.well(&["store", "backup", to.to_str().unwrap()]);
        let other = tempfile::tempdir().unwrap();
        juggler::store::restore(other.path(), &to).unwrap();
        assert_eq!(juggler::store::entries(other.path()).unwrap(), juggler::store::entries(&store).unwrap());
        // On the full one there is none, and no half of one.
        let here = ground.place.data_dir().join("backup.jsonl");
        if ground.place.run(&["store", "backup", here.to_str().unwrap()]).code != 0 {
            assert!(!here.exists() && !here.with_extension("jsonl.part").exists());
        }
        let _ = fs::remove_file(here);
        disk.free();
        assert_eq!(ground.place.keys(&["--limit", "1000", "is:any"]), rows, "{pages} pages left: rows of the feed are gone");
    }
    ground.sound();
}

/// Where there has never been a store there is nothing to be shown, and that is said.
#[test]
fn a_first_start_on_a_full_disk_says_so() {
    let Some((ground, disk)) = with_small_disk(71) else { return };
    disk.fill(0);
    let ran = ground.place.run(&["hand"]);
    if ran.code != 0 {
        not_saved(&ran, "practice:");
        assert!(ran.err.contains("Free some space"), "{ran:?}");
    }
    disk.free();
    ground.well(&["hand"]);
    ground.sound();
}
