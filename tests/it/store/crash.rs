//! kill -9 of a process that saves without pause: what it was told is saved must be there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use juggler::domain::{Job, Record, SourceName};
use juggler::store::{self, Options};
use tempfile::tempdir;

use super::gen_entries::{drafted, manual};
use super::{on_disk, open, options};

const CHILD: &str = "JUGGLER_TEST_STORE_CHILD";

/// Rounds; more with `JUGGLER_TEST_KILLS`, of which these are a tenth besides.
fn rounds() -> u64 {
    std::env::var("JUGGLER_TEST_KILLS").ok().and_then(|n| n.parse().ok()).map_or(30, |n: u64| n.div_ceil(10).max(10))
}

fn small() -> Options {
    Options { compact_at: 40_000, ..options() }
}

/// Not a test of its own: the process that the test below kills. It prints each number once it is confirmed.
#[test]
fn child() {
    let Ok(dir) = std::env::var(CHILD) else { return };
    let mut store = open(Path::new(&dir), small());
    let mut out = std::io::stdout();
    let mut n = store.opened.book.manual.len() as u64;
    loop {
        n += 1;
        store.commit(n, &[drafted(n), manual(n)]).unwrap();
        store.opened.store.put_jobs(vec![Job::new(&SourceName::new("s"), &(n % 500).to_string(), "x", manual(n).at)]);
        writeln!(out, "saved {n}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn killed_at_any_time_nothing_confirmed_is_lost() {
    let dir = tempdir().unwrap();
    let mut confirmed = 0;
    for round in 0..rounds() {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "store::crash::child", "--nocapture", "--test-threads=1"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // A different number of saves each round, then the kill lands wherever the child is by then.
        let mut wanted = 1 + round * 37 % 101;
        if round % 10 == 9 {
            wanted = 0;
        }
        let mut seen = 0;
        while seen < wanted {
            let Some(Ok(line)) = lines.next() else {
                let output = child.wait_with_output().unwrap();
                panic!("round {round}: {}", String::from_utf8_lossy(&output.stderr));
            };
            if let Some(n) = number(&line) {
                confirmed = n;
                seen += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was said before the kill counts as well, up to a line that was cut short.
        for line in lines.map_while(Result::ok) {
            confirmed = number(&line).map_or(confirmed, |n| n.max(confirmed));
        }
    }
    let entries = on_disk(dir.path());
    let numbers: Vec<u64> = entries
        .iter()
        .filter_map(|e| match &e.record {
            Record::Manual { amount, .. } => Some(amount.minor as u64),
            _ => None,
        })
        .collect();
    let last = numbers.len() as u64;
    assert!(confirmed > rounds() && last >= confirmed, "{confirmed} confirmed, {last} there");
    assert_eq!(numbers, (1..=last).collect::<Vec<_>>());
    let again = open(dir.path(), small());
    let draft = again.opened.book.drafts.values().next().unwrap().version;
    assert_eq!(u64::from(draft), last, "both halves of each batch, or neither");
    again.close();
    let findings = store::verify(dir.path()).unwrap().findings;
    assert!(findings.is_empty(), "{findings:?}");
}

fn number(line: &str) -> Option<u64> {
    // The harness may put "test … ... " in front of the first line.
    line.rsplit("saved ").next().filter(|_| line.contains("saved "))?.trim().parse().ok()
}
