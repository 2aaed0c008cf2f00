//! The house rules that a compiler does not check: layers, who uses which library, how large a file is, what the top level holds.

use std::fs;
use std::path::{Path, PathBuf};

/// Layers from the top; a folder may import from rows below its own, never from above or beside.
const ROWS: &[&[&str]] = &[
    &["tui", "plain", "cli", "daemon", "market"],
    &["engine"],
    &["platforms", "assist", "alert", "program", "store"],
    &["net", "documents", "feed"],
    &["child"],
    &["config"],
    &["domain"],
];
/// The composition of `cli` is on behalf of `main`: commands start the terminal, the market and the engine, and all of them
/// report through it.
const COMPOSES: &str = "cli";
/// Libraries that only one folder may use.
const ONLY: &[(&str, &str)] = &[
    ("sled", "store"),
    ("reqwest", "net"),
    ("ratatui", "tui"),
    ("crossterm", "tui"),
    ("tui_textarea", "tui"),
    ("axum", "market"),
    ("ratatui_image", "tui"),
    ("img_parts", "documents"),
    ("moxcms", "documents"),
    ("fast_image_resize", "documents"),
];
/// What `domain` and `feed` may not touch.
const IMPURE: &[&str] = &[
    "tokio",
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
];
const HARD_LIMIT: usize = 700;

/// A promise is worth its test: each that the page names is there.
#[test]
fn every_promise_has_its_test() {
    let page = fs::read_to_string(root().join("src/promises.md")).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| promise")).collect();
    assert!(rows.len() > 20, "{}", rows.len());
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").collect();
        assert_eq!(cells.len(), 4, "{row}");
        let named: Vec<&str> = cells[1].split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "no test: {row}");
        for test in named {
            let path = match test.split_once(' ') {
                Some(("pty", name)) => format!("tests/pty/{name}.rs"),
                Some((layer, name)) => format!("src/{layer}/{name}.rs"),
                None => format!("tests/it/{}.rs", test.replace("::", "/")),
            };
            assert!(root().join(&path).exists(), "{test} is no test ({path}): {row}");
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| (path.strip_prefix(root().join("src")).unwrap().to_owned(), fs::read_to_string(path).unwrap()))
        .collect()
}

/// Code without comments and without the tests at a file's end.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]").next().unwrap_or(text);
    body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn row(folder: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&folder))
}

#[test]
fn no_arrow_runs_back() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let folder = path.components().next().unwrap().as_os_str().to_str().unwrap().to_owned();
        let Some(own) = row(&folder) else { continue };
        let text = code(&text);
        for (other_row, others) in ROWS.iter().enumerate() {
            for other in others.iter().filter(|other| **other != folder) {
                let named = text.contains(&format!("crate::{other}::"))
                    || text.contains(&format!("crate::{other};"))
                    || text.lines().any(|line| line.contains("use crate::{") && line.contains(other));
                let allowed =
                    other_row > own && !(folder == "market" && *other != "domain") || (folder == COMPOSES && other_row == own);
                if named && !allowed {
                    broken.push(format!("{} imports {other}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "arrows that run back or sideways:\n{}", broken.join("\n"));
}

#[test]
fn libraries_have_one_home() {
    let mut strays = Vec::new();
    for (path, text) in sources() {
        let text = code(&text);
        for (library, home) in ONLY {
            let used = text.contains(&format!("{library}::")) || text.contains(&format!("use {library}"));
            if used && !path.starts_with(home) {
                strays.push(format!("{} uses {library}, which lives in {home}", path.display()));
            }
        }
        if path.starts_with("domain") || path.starts_with("feed") {
            strays
                .extend(IMPURE.iter().filter(|word| text.contains(**word)).map(|word| format!("{} uses {word}", path.display())));
        }
    }
    assert!(strays.is_empty(), "{}", strays.join("\n"));
}

#[test]
fn files_hold_one_noun() {
    let mut long: Vec<String> = sources()
        .iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > HARD_LIMIT)
        .map(|(path, lines)| format!("{} has {lines} lines", path.display()))
        .collect();
    let undocumented = sources().into_iter().filter(|(path, text)| !text.starts_with("//!") && !path.ends_with("main.rs"));
    long.extend(undocumented.map(|(path, _)| format!("{} does not open with what it is", path.display())));
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn the_top_level_is_what_it_should_be() {
    let mut found: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    found.sort();
    assert_eq!(found, ["Cargo.lock", "Cargo.toml", "README.md", "assets", "src", "tests"]);
}
