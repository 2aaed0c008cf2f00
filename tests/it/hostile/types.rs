//! Foreign text has a type of its own: what passes between the engine and its front ends, and what jobs are made of, holds no bare
//! string but those named here.

use std::fs;
use std::path::{Path, PathBuf};

/// Bare strings that are never foreign words, with what they are.
const OURS: &[(&str, &str)] = &[
    ("engine/api/terms.rs digest", "hexadecimal, made here"),
    ("domain/draft.rs sha256", "hexadecimal, made here"),
    ("domain/origin/account.rs text_sha256", "hexadecimal, made here"),
    ("domain/origin/account.rs sha256", "hexadecimal, made here"),
    ("domain/submission.rs body_hash", "hexadecimal, made here"),
    ("domain/check/json.rs why", "on its way into a finding, whose words are Text"),
    ("domain/check/finding.rs what", "on its way into a finding, whose words are Text"),
    ("domain/check/finding.rs cure", "on its way into a finding, whose words are Text"),
    ("domain/check/grounded.rs plain", "a number on its way to be compared"),
    ("domain/check/grounded.rs scaled", "a number on its way to be compared"),
    ("domain/history/part.rs source", "of a listing, which is made of Text"),
    ("domain/history/part.rs kind", "of a listing, which is made of Text"),
    ("domain/history/part.rs requester", "of a listing, which is made of Text"),
    ("domain/query/complete.rs with", "what the person typed, or a word the feed knows as Text"),
    ("domain/shield/fold.rs text", "folded for the rules, never shown"),
    ("domain/query/error.rs what", "about what the person typed, shown as Text"),
    ("domain/hunk.rs old", "a part of a Text, whose bytes are counted"),
    ("domain/hunk.rs new", "a part of a Text, whose bytes are counted"),
    ("domain/spend.rs assistant", "a name in the config: letters, digits, - and _"),
    ("domain/query/error.rs hint", "about what the person typed, shown as Text"),
    ("domain/kept_file.rs sha256", "hex of our own; compared, and checked where it becomes a path"),
    ("domain/pages.rs heading", "cut out of a Text"),
    ("platforms/probe.rs call", "from the recipe"),
    ("platforms/probe.rs host", "from an address, which has no characters beyond ASCII"),
];

fn rust_files(at: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            out.push(path);
        }
    }
}

/// Fields of strings that others can see, as `file field`.
fn bare_strings() -> Vec<String> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for folder in ["engine/api", "domain"] {
        rust_files(&src.join(folder), &mut files);
    }
    files.extend(["mod.rs", "outcome.rs", "probe.rs"].map(|file| src.join("platforms").join(file)));
    let mut found = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(&src).unwrap().display().to_string();
        for line in text.lines().map(str::trim).filter(|line| line.starts_with("pub ") && !line.contains('(')) {
            let Some((field, kind)) = line.trim_start_matches("pub ").split_once(": ") else { continue };
            let words: Vec<&str> = kind.split(|c: char| !c.is_alphanumeric()).collect();
            if words.contains(&"String") || kind.contains("Box<str>") || kind.contains("Arc<str>") || words.contains(&"OsString")
            {
                found.push(format!("{name} {field}"));
            }
        }
    }
    found
}

#[test]
fn foreign_words_are_never_bare_strings() {
    let found = bare_strings();
    let strays: Vec<&String> = found.iter().filter(|field| OURS.iter().all(|(ours, _)| ours != field)).collect();
    assert!(strays.is_empty(), "make these Text, or say in this file why they are never foreign: {strays:?}");
    let gone: Vec<&str> = OURS.iter().map(|(ours, _)| *ours).filter(|ours| found.iter().all(|field| field != ours)).collect();
    assert!(gone.is_empty(), "not there any more: {gone:?}");
}

/// The constructors of a failure scrub; nobody goes past them with new words.
#[test]
fn failures_are_made_by_their_constructors() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut strays = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("error.rs")) {
        let text = fs::read_to_string(path).unwrap();
        for (at, _) in text.match_indices("Failure {") {
            let before = text[..at].lines().last().unwrap_or_default();
            // What keeps the words of another failure is as clean as that.
            let body: String = text[at..].chars().take(400).collect();
            let literal =
                !before.contains("for ") && !before.contains("-> ") && !before.contains("impl ") && !before.contains("struct ");
            if literal
                && !body.contains(".. ")
                && !body.contains("..failure")
                && !body.contains("..first")
                && !body.contains("..F")
            {
                strays.push(format!("{}: {}", path.display(), body.lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}
