//! `juggler daemon`, `attach --stdio` and `detach`, as a script runs them.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::cli::place::{Place, Ran};
use crate::support::until;

/// Something to look at, and no daemon yet.
fn place() -> Place {
    let place = Place::new();
    let job = json!({ "id": "1", "title": "Three taglines for a bakery", "pay": "2.50 USD" });
    place.with_inbox(&[job]);
    place
}

fn well(place: &Place, args: &[&str]) -> Ran {
    let ran = place.run(args);
    assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
    ran
}

fn pid(place: &Place) -> u64 {
    well(place, &["daemon", "status", "--json"]).json()["host"]["pid"].as_u64().unwrap()
}

/// Ends whatever is left, also when a test fails.
struct Ends<'a>(&'a Place);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.run(&["daemon", "stop"]);
    }
}

#[test]
fn a_daemon_starts_serves_and_stops() {
    let place = place();
    let _ends = Ends(&place);
    let none = place.run(&["daemon", "status"]);
    assert_eq!(none.code, 4, "{none:?}");
    assert!(none.err.contains("no engine runs") && none.err.contains("juggler daemon start"), "{none:?}");
    assert_eq!(well(&place, &["daemon", "stop", "--json"]).json(), json!({ "stopped": null }));

    let begun = well(&place, &["daemon", "start", "--json"]).json();
    assert_eq!(begun["pid"].as_u64().unwrap(), pid(&place));
    assert_eq!(well(&place, &["daemon", "start", "--json"]).json()["pid"], begun["pid"], "one is enough");
    let status = well(&place, &["daemon", "status", "--json"]).json();
    assert_eq!((&status["host"]["role"], &status["fronts"]), (&json!("daemon"), &json!([])));
    let refused = place.run(&["daemon"]);
    assert_eq!(refused.code, 9, "{refused:?}");
    assert!(refused.err.contains(&begun["pid"].to_string()) && refused.err.contains("daemon restart"), "{refused:?}");

    // Commands go through it: what one does, the next one sees, and nobody else opens the store.
    well(&place, &["triage", "star", "mine:1"]);
    assert_eq!(place.keys(&["is:starred"]), ["mine:1"]);
    assert_eq!(pid(&place), begun["pid"].as_u64().unwrap());
    assert_eq!(well(&place, &["daemon", "stop", "--json"]).json()["stopped"], begun["pid"]);
    assert_eq!(place.run(&["daemon", "status"]).code, 4);
    assert_eq!(place.keys(&["is:starred"]), ["mine:1"], "the store is free again, with everything in it");
}

#[test]
fn another_one_follows_when_it_is_started_again() {
    let place = place();
    let _ends = Ends(&place);
    let first = well(&place, &["daemon", "restart", "--json"]).json()["pid"].as_u64().unwrap();
    // Whoever listens hears of the end of its engine; a script starts anew.
    let second = well(&place, &["daemon", "restart", "--json"]).json()["pid"].as_u64().unwrap();
    assert_ne!(first, second);
    assert_eq!(pid(&place), second);
}

#[test]
fn a_daemon_that_was_killed_leaves_nothing_in_the_way() {
    let place = place();
    let _ends = Ends(&place);
    well(&place, &["daemon", "start"]);
    let killed = i32::try_from(pid(&place)).unwrap();
    well(&place, &["triage", "star", "mine:1"]);
    rustix::process::kill_process(rustix::process::Pid::from_raw(killed).unwrap(), rustix::process::Signal::KILL).unwrap();
    assert_eq!(place.keys(&["is:starred"]), ["mine:1"]);
    well(&place, &["daemon", "start"]);
    assert_ne!(pid(&place), killed as u64);
}

#[test]
fn what_a_killed_engine_leaves_is_told_and_is_no_failure() {
    let place = place();
    let _ends = Ends(&place);
    well(&place, &["daemon", "start"]);
    well(&place, &["triage", "star", "mine:1"]);
    let killed = i32::try_from(pid(&place)).unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(killed).unwrap(), rustix::process::Signal::KILL).unwrap();
    until("it is gone", || place.run(&["daemon", "status"]).code == 4);
    // In the middle of a save.
    let work = place.data_dir().join("store/journal/work.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).open(work).unwrap();
    file.write_all(b"{\"seq\":99,\"at\":\"2026-01-01T00").unwrap();
    let verified = well(&place, &["store", "verify"]).out;
    for part in ["cut short", "never confirmed", "the next start sets them aside", "nothing needs to be done"] {
        assert!(verified.contains(part), "{part} is not in {verified}");
    }
    let json = well(&place, &["store", "verify", "--json"]).json();
    assert_eq!((&json["agree"], &json["findings"]), (&json!(true), &json!([])));
    assert!(!json["settles"].as_array().unwrap().is_empty(), "{json}");
    assert_eq!(place.keys(&["is:starred"]), ["mine:1"]);
    let settled = well(&place, &["store", "verify", "--json"]).json();
    assert_eq!(settled["settles"], json!([]), "{settled}");
}

#[test]
fn a_count_is_told_when_it_is_one() {
    let place = Place::new();
    let job = |n: usize| json!({ "id": n.to_string(), "title": format!("Tagline {n}"), "pay": "2.50 USD" });
    place.with_inbox(&(0..3_000).map(job).collect::<Vec<_>>());
    for _ in 0..3 {
        assert_eq!(well(&place, &["sources", "--json"]).json()["open_jobs"], 3_000, "the store was just opened");
    }
}

#[test]
fn whoever_follows_hears_of_the_end_of_the_engine() {
    let place = place();
    let _ends = Ends(&place);
    well(&place, &["daemon", "start"]);
    let mut follow = place.command(&["events", "--follow", "--json"]);
    let mut follow = follow.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until("it listens", || well(&place, &["daemon", "status", "--json"]).json()["fronts"][0]["kind"] == "listener");
    well(&place, &["daemon", "stop"]);
    until("it ends", || follow.try_wait().unwrap().is_some());
    let ended = follow.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("the engine went away") && said.contains("events --follow"), "{said}");
}

#[test]
fn a_far_terminal_s_engine_that_a_bug_ended_closes_the_link() {
    let place = place();
    let _ends = Ends(&place);
    let mut command = place.command(&["attach", "--stdio"]);
    command.env("JUGGLER_DRILL", "panic:engine:20").stderr(Stdio::null());
    let mut far = Far::begin(command);
    let front = json!({ "pid": 1, "kind": "terminal", "place": "far", "since": "2026-01-01T00:00:00Z" });
    let version = juggler::engine::api::VERSION;
    far.say(&json!({ "id": 0, "control": { "do": "hello", "version": version, "front": front } }));
    // Every question is a step.
    (1..30).for_each(|n| far.say(&json!({ "id": n, "request": { "ask": "sources" } })));
    while far.lines.next().is_some_and(|line| line.is_ok()) {}
    assert_eq!(far.child.wait().unwrap().code(), Some(1));
    // Over there another one opens the store.
    assert_eq!(place.keys(&[]), ["mine:1"]);
}

#[test]
fn a_bug_in_a_daemon_is_followed_by_another_engine_and_a_row_of_them_ends_it() {
    for (drill, lasts) in [("panic:engine:30", true), ("panic:engine:30..", false)] {
        let place = place();
        let _ends = Ends(&place);
        let mut daemon = place.command(&["daemon"]);
        let daemon = daemon.env("JUGGLER_DRILL", drill).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let reports = || std::fs::read_dir(place.data_dir().join("crash")).map_or(0, Iterator::count);
        until("the engine serves", || place.run(&["daemon", "status"]).code == 0);
        // Every request is a step; whoever asks at the wrong moment is told that nobody answered.
        until("the bugs", || {
            let ran = place.run(&["triage", "star", "mine:1"]);
            assert!(matches!(ran.code, 0 | 4 | 9 | 10) || reports() > 0, "{ran:?}");
            reports() == if lasts { 1 } else { 3 }
        });
        if lasts {
            // The same process, and whoever asks is answered.
            until("it is there again", || {
                let status = place.run(&["daemon", "status", "--json"]);
                place.run(&["triage", "star", "mine:1"]).code == 0
                    && status.code == 0
                    && status.json()["host"]["pid"] == daemon.id()
            });
            assert_eq!(place.keys(&["is:starred"]), ["mine:1"]);
            well(&place, &["daemon", "stop"]);
        }
        let ended = daemon.wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(i32::from(!lasts)), "{said}");
        assert!(said.contains("a bug at src/store/drill.rs"), "{said}");
        assert_eq!(said.contains("3 times within a minute"), !lasts, "{said}");
    }
}

#[test]
fn a_service_manager_is_told_and_a_signal_ends_it() {
    let place = place();
    let socket = place.path().join("notify");
    let manager = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    let mut daemon = place.command(&["daemon"]).env("NOTIFY_SOCKET", &socket).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = [0; 32];
    let n = manager.recv(&mut said).unwrap();
    assert_eq!(&said[..n], b"READY=1");
    assert_eq!(pid(&place), u64::from(daemon.id()));
    let process = rustix::process::Pid::from_child(&daemon);
    rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
    let n = manager.recv(&mut said).unwrap();
    assert_eq!(&said[..n], b"STOPPING=1");
    assert!(daemon.wait().unwrap().success());
    assert_eq!(place.run(&["daemon", "status"]).code, 4);
}

#[test]
fn a_unit_is_printed_and_put_where_systemd_looks() {
    let place = place();
    let printed = well(&place, &["daemon", "unit"]).out;
    for line in ["Type=notify", "UMask=0077", "WantedBy=default.target"] {
        assert!(printed.lines().any(|l| l == line), "{printed}");
    }
    assert!(printed.contains(env!("CARGO_BIN_EXE_juggler")), "{printed}");
    let installed = well(&place, &["daemon", "unit", "--install"]).out;
    assert!(installed.contains("systemctl --user") && installed.contains("enable-linger"), "{installed}");
    let file = place.path().join(".config/systemd/user/juggler.service");
    assert_eq!(std::fs::read_to_string(file).unwrap(), printed);
}

#[test]
fn detaching_needs_somebody_to_detach() {
    let place = place();
    let none = place.run(&["detach"]);
    assert_eq!(none.code, 4, "{none:?}");
    let attach = place.run(&["attach"]);
    assert_eq!(attach.code, 2, "{attach:?}");
    assert!(attach.err.contains("no terminal"), "{attach:?}");
    let bad = place.run(&["attach", "--via", "ssh 'open"]);
    assert!(bad.code == 2 && !bad.err.is_empty(), "{bad:?}");
}

/// The other end of `--via`, spoken to by hand.
struct Far {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Far {
    fn begin(mut command: Command) -> Far {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Far { child, lines }
    }

    fn say(&mut self, line: &Value) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    fn answer(&mut self, kind: &str) -> Value {
        loop {
            let told: Value = serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap();
            if let Some(answer) = told.get(kind) {
                return answer.clone();
            }
        }
    }
}

#[test]
fn standard_input_and_output_are_a_socket_and_close_with_it() {
    let place = place();
    let _ends = Ends(&place);
    let mut far = Far::begin(place.command(&["attach", "--stdio"]));
    let front = json!({ "pid": 1, "kind": "terminal", "place": "far", "since": "2026-01-01T00:00:00Z" });
    let version = juggler::engine::api::VERSION;
    far.say(&json!({ "id": 0, "control": { "do": "hello", "version": version, "front": front } }));
    assert_eq!(far.answer("control")["reply"]["Ok"]["done"], "hello");
    far.say(&json!({ "id": 7, "request": { "ask": "sources" } }));
    assert_eq!(far.answer("answer")["id"], 7);
    let status = well(&place, &["daemon", "status", "--json"]).json();
    assert_eq!(status["fronts"][0]["place"], "far", "{status}");
    // A dropped link: the engine that ran for it alone goes with it.
    drop(far.child.stdin.take());
    assert!(far.child.wait().unwrap().success());
    until("the store is let go", || place.run(&["daemon", "status"]).code == 4);
}
