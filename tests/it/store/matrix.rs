//! Every file of a store, and every way in which a disk or a person may spoil it: the store opens by itself, what is intact is there, what
//! is not is named, and nothing is thrown away.
//!
//! `JUGGLER_TEST_DAMAGE` says how often each file is spoilt in each way (2 unless said).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use juggler::domain::{Book, Entry, Job, JobKey};
use juggler::store::{self, Options};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::fixtures::{content, copy};
use super::gen_entries::{drafted, manual};
use super::rows::job;
use super::{Open, on_disk, open, options, scratch, try_open};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    Bit,
    Cut,
    Zeros,
    Empty,
    Noise,
    Gone,
    Longer,
}

const HARMS: [Harm; 7] = [Harm::Bit, Harm::Cut, Harm::Zeros, Harm::Empty, Harm::Noise, Harm::Gone, Harm::Longer];

/// What a file's harm may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cost {
    /// Entries of this file.
    Entries,
    /// Rows of the feed, which the platforms list again.
    Rows,
    /// Nothing at all.
    Nothing,
}

fn times() -> usize {
    std::env::var("JUGGLER_TEST_DAMAGE").ok().and_then(|n| n.parse().ok()).unwrap_or(2)
}

fn cost(path: &str) -> Cost {
    if path == "journal/money.jsonl" || path == "journal/work.jsonl" {
        Cost::Entries
    } else if path.starts_with("sled-") && !path.ends_with("/schema") {
        Cost::Rows
    } else {
        Cost::Nothing
    }
}

/// A store with everything in it that a store can have, and what that is.
struct Whole {
    dir: tempfile::TempDir,
    entries: Vec<Entry>,
    book: Book,
    jobs: BTreeMap<JobKey, Job>,
}

fn whole() -> Whole {
    let dir = scratch();
    let mut store = open(dir.path(), Options { ballast: 1 << 16, ..options() });
    for n in 1..=12 {
        store.commit(n, &[drafted(n), manual(n)]).unwrap();
        if n == 4 || n == 8 {
            store.opened.store.compact().blocking_recv().unwrap().unwrap();
        }
    }
    store.opened.store.put_jobs((0..300).map(job).collect());
    for _ in 0..2 {
        let stamp = store.opened.store.image_stamp().blocking_recv().unwrap().unwrap();
        let writer = store.opened.store.begin_image(stamp, 7);
        writer.section(1, vec![7; 3000]);
        writer.finish().blocking_recv().unwrap().unwrap();
    }
    store.opened.store.log(Box::new(|| (0..20).map(|n| format!("{{\"n\":{n}}}")).collect()));
    store.close();
    store::last_window::save(dir.path(), &serde_json::json!({ "rows": [1, 2, 3] })).unwrap();
    let again = open(dir.path(), options());
    assert!(again.opened.mended.is_empty());
    let jobs = again.opened.jobs.iter().map(|job| (job.key.clone(), job.clone())).collect();
    let book = again.opened.book.clone();
    again.close();
    Whole { entries: on_disk(dir.path()), book, jobs, dir }
}

fn harmed(bytes: &[u8], harm: Harm, dice: &mut StdRng) -> Option<Vec<u8>> {
    let mut out = bytes.to_vec();
    let at = dice.random_range(0..bytes.len().max(1));
    match harm {
        Harm::Bit => *out.get_mut(at)? ^= 1 << dice.random_range(0..8),
        Harm::Cut => out.truncate(at),
        Harm::Zeros => out.iter_mut().skip(at).take(512).for_each(|byte| *byte = 0),
        Harm::Empty => out.clear(),
        Harm::Noise => dice.fill(&mut out[..]),
        Harm::Gone => return None,
        Harm::Longer => out.extend([0xa5; 700]),
    }
    Some(out)
}

/// As a person would: an open that hangs is answered with "start again", and that is done.
fn opened(dir: &Path, context: &str) -> Open {
    let limited = || Options { cache_limit: Some(Duration::from_secs(3)), ..options() };
    for _ in 0..3 {
        match try_open(dir, limited()) {
            Ok(open) => return open,
            Err(failure) if store::is_stuck(&failure) => {}
            Err(failure) => panic!("{context}: {failure:?}"),
        }
    }
    panic!("{context}: it never opens");
}

#[test]
fn whatever_is_spoilt_what_is_intact_is_there() {
    let whole = whole();
    let files: Vec<PathBuf> =
        content(whole.dir.path()).into_iter().map(|(path, _)| path.strip_prefix(whole.dir.path()).unwrap().to_owned()).collect();
    for wanted in ["journal/work.checkpoint-", "journal/work.until-", "columns-", "feed-log", "last-window", "lock", "ballast"] {
        assert!(files.iter().any(|path| path.to_string_lossy().starts_with(wanted)), "{wanted} is not among {files:?}");
    }
    for wanted in ["/conf", "/db", "/schema", "/snap."] {
        assert!(files.iter().any(|path| path.to_string_lossy().contains(wanted)), "{wanted} is not among {files:?}");
    }
    let mut dice = StdRng::seed_from_u64(11);
    let (mut named, mut tried) = (0, 0);
    for file in &files {
        for harm in HARMS {
            // A database that is cut may hang, and its thread is never seen again: that is tried once, elsewhere.
            let name = file.to_string_lossy().into_owned();
            let few = name.ends_with("/db");
            for _ in 0..if few && harm == Harm::Cut { 0 } else { times() } {
                tried += 1;
                named += usize::from(spoilt(&whole, &name, harm, &mut dice));
            }
        }
    }
    assert!(named * 4 > tried, "{named} of {tried} were named");
}

/// Whether anything was said.
fn spoilt(whole: &Whole, name: &str, harm: Harm, dice: &mut StdRng) -> bool {
    let context = format!("{name}: {harm:?}");
    let dir = scratch();
    copy(whole.dir.path(), dir.path());
    let path = dir.path().join(name);
    let bytes = fs::read(&path).unwrap();
    let bad = harmed(&bytes, harm, dice);
    match &bad {
        Some(bad) => fs::write(&path, bad).unwrap(),
        None => fs::remove_file(&path).unwrap(),
    }
    let again = opened(dir.path(), &context);
    let said: Vec<String> = again.opened.mended.iter().map(ToString::to_string).collect();
    let entries = on_disk(dir.path());
    match cost(name) {
        Cost::Entries => {
            let lost = whole.entries.iter().filter(|entry| !entries.contains(entry)).count();
            assert!(entries.iter().all(|entry| whole.entries.contains(entry)), "{context}: an entry that nobody wrote");
            assert!(harm != Harm::Bit || lost <= 1, "{context}: {lost} lost");
            assert!(harm != Harm::Longer || lost == 0, "{context}: {lost} lost");
            // What was lost is named, unless there is no trace of it: a file that is gone, empty, or cut between two lines.
            let traceless = matches!(harm, Harm::Gone | Harm::Empty | Harm::Cut);
            assert!(lost == 0 || traceless || !said.is_empty(), "{context}: {lost} lost and not a word");
            if let Some(bad) = bad.filter(|bad| !said.is_empty() && *bad != bytes) {
                kept_aside(dir.path(), name, &bad, &context);
            }
        }
        Cost::Rows | Cost::Nothing => {
            // A checkpoint that is spoilt gives way to the one before it and the entries behind that.
            assert!(whole.entries.iter().all(|entry| entries.contains(entry)), "{context}");
            assert_eq!(again.opened.book, whole.book, "{context}");
        }
    }
    for job in &again.opened.jobs {
        assert_eq!(whole.jobs.get(&job.key), Some(job), "{context}: a row that nobody wrote");
    }
    if cost(name) == Cost::Rows {
        assert!(again.opened.jobs.len() == whole.jobs.len() || !said.is_empty(), "{context}: rows are gone and not a word");
    } else {
        assert_eq!(again.opened.jobs.len(), whole.jobs.len(), "{context}");
    }
    // It goes on, and the next start has nothing to say about it.
    let mut again = again;
    again.commit(99, &[manual(99)]).unwrap_or_else(|failure| panic!("{context}: {failure:?}"));
    again.close();
    let quiet = opened(dir.path(), &context);
    let still: Vec<String> = quiet.opened.mended.iter().map(ToString::to_string).filter(|text| !text.contains("image")).collect();
    assert!(still.is_empty(), "{context}: {still:?}");
    assert!(quiet.opened.book.manual.iter().any(|entry| entry.amount.minor == 99), "{context}");
    quiet.close();
    !said.is_empty()
}

/// The bytes that were set aside are as they were found: all of the file, or its end.
fn kept_aside(dir: &Path, name: &str, bad: &[u8], context: &str) {
    let folder = dir.join(name).parent().unwrap().to_owned();
    let aside = content(&folder).into_iter().filter(|(path, _)| {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        file.contains(".damaged-") || file.contains(".torn-")
    });
    let found = aside.map(|(_, bytes)| bytes).any(|bytes| !bytes.is_empty() && bad.ends_with(&bytes));
    // Or it is there as it was found: only the other file's part of a batch had to go.
    let stays = fs::read(dir.join(name)).is_ok_and(|now| now.starts_with(bad));
    assert!(found || stays || bad.is_empty(), "{context}: what was found is not kept");
}
