//! Five hundred sources under the real binary, which may open a thousand files and no more.

use std::process::Command;
use std::time::Instant;

use juggler::market;
use serde_json::Value;

use crate::support::{Doomed, Ground, until};

const INBOXES: usize = 400;
const BOARDS: usize = 100;
/// What a login shell has: `ulimit -n`.
const FILES: usize = 1024;

struct Throng {
    ground: Ground,
    daemon: Doomed,
    pid: u32,
}

/// A folder of inboxes with one job each, and a hundred accounts at one market; a daemon that reads them all.
fn throng() -> Throng {
    let ground = Ground::with(market::Options { seed: 5, jobs: 5, ..Ground::options() });
    let mut config = String::new();
    for n in 0..INBOXES {
        let path = ground.place.path().join(format!("inbox{n}.jsonl"));
        std::fs::write(&path, line(n, "first")).unwrap();
        config += &format!(
            "[[source]]\nname = \"in{n:03}\"\nadapter = \"inbox\"\npath = \"{}\"\npoll_every = \"5s\"\n\n",
            path.display()
        );
    }
    for n in 0..BOARDS {
        let (url, key) = (ground.market.base_url(), ground.place.key_file());
        config += &format!(
            "[[source]]\nname = \"board{n:03}\"\nrecipe = \"practice\"\nbase_url = \"{url}\"\nkey_file = \"{}\"\n\n",
            key.display()
        );
    }
    ground.place.write_config(&config);
    let mut command = Command::new("/bin/sh");
    let program = env!("CARGO_BIN_EXE_juggler");
    command.args(["-c", &format!("ulimit -n {FILES} && exec {program} daemon")]);
    command.env_clear().env("HOME", ground.place.path()).env("PATH", "/usr/bin:/bin").env("TMPDIR", ground.place.path());
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
    let daemon = Doomed::of(&mut command);
    let status = || ground.place.run(&["daemon", "status", "--json"]);
    until("the daemon listens", || status().code == 0);
    let pid = u32::try_from(status().json()["host"]["pid"].as_u64().unwrap()).unwrap();
    Throng { ground, daemon, pid }
}

fn line(n: usize, id: &str) -> String {
    format!("{{\"id\": \"{id}\", \"title\": \"The {id} job of inbox {n}\", \"pay\": \"1.20 USD\"}}\n")
}

impl Throng {
    fn sources(&self) -> Vec<Value> {
        self.ground.well(&["sources", "--json"]).lines()
    }

    fn files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.pid)).unwrap().count()
    }

    fn resident_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
    }
}

#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
#[test]
fn five_hundred_sources_are_read_listed_and_looked_after_with_a_thousand_files() {
    let began = Instant::now();
    let throng = throng();
    let started = began.elapsed();
    let mut most = 0;
    until("every source was read", || {
        most = most.max(throng.files());
        throng.sources().iter().all(|source| source["state"] == "ok")
    });
    let read = began.elapsed();
    let sources = throng.sources();
    assert_eq!(sources.len(), INBOXES + BOARDS);
    let open = throng.ground.market.open_jobs().len();
    for source in &sources {
        let jobs = if source["platform"] == "inbox" { 1 } else { open };
        assert_eq!(source["open_jobs"], jobs, "{source}");
    }

    // What is written into the last of them comes, though it is not one of those that are watched.
    let path = throng.ground.place.path().join(format!("inbox{}.jsonl", INBOXES - 1));
    std::fs::write(&path, line(INBOXES - 1, "first") + &line(INBOXES - 1, "second")).unwrap();
    until("a line written late is read", || {
        most = most.max(throng.files());
        throng.ground.well(&["jobs", "--json", &format!("source:in{}", INBOXES - 1)]).lines().len() == 2
    });
    assert!(most < FILES / 2, "{most} files were open");

    let table = throng.ground.well(&["sources"]);
    assert_eq!(table.out.lines().count(), INBOXES + BOARDS + 1, "one line each: {}", table.out);
    let asked = Instant::now();
    let doctor = throng.ground.place.run(&["doctor", "--json"]);
    let looked = asked.elapsed();
    assert_eq!(doctor.code, 0, "{doctor:?}");
    let checks = doctor.json()["checks"].as_array().unwrap().len();
    assert!(checks > INBOXES + BOARDS, "{checks}");
    // Shown with `--nocapture`.
    println!(
        "{INBOXES} inboxes and {BOARDS} boards: listens after {started:.1?}, all read after {read:.1?}, at most {most} files, {} MiB; doctor {looked:.1?}",
        throng.resident_mib()
    );
    let ended = throng.daemon.end_by_interrupt();
    assert_eq!(ended.code, 0, "{ended:?}");
}
