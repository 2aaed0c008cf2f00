//! A second instance beside the first.

use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixListener;
use std::process::{Child, Stdio};

use super::{intact, with_work};
use crate::support::{Ground, until};

/// An engine that holds the store until it is killed, once it is heard of.
fn holder(ground: &Ground) -> Child {
    let mut child = ground.place.command(&["events", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().is_some_and(|line| line.is_ok()));
    // Whoever reads no further must not stop it.
    std::thread::spawn(move || lines.for_each(drop));
    child
}

#[test]
fn commands_beside_an_engine_work_through_it_and_outlive_its_kill() {
    let (ground, id) = with_work(63);
    let mut engine = holder(&ground);
    let socket = ground.config().paths.socket;
    assert!(socket.exists());
    let text = ground.place.path().join("text.txt");
    std::fs::write(&text, "typed beside an engine\n").unwrap();
    ground.well(&["draft", &id, "--set", text.to_str().unwrap()]);
    ground.complains(&["store", "rebuild"], 9, &[&engine.id().to_string(), "close it"]);
    engine.kill().unwrap();
    engine.wait().unwrap();
    assert!(socket.exists(), "nobody cleaned up");
    // The socket of a dead process stands in nobody's way, and what was said to be saved is there.
    assert_eq!(ground.well(&["draft", &id]).out, "typed beside an engine\n");
    ground.well(&["submit", &id, "--yes", "--override", "override"]);
    assert_eq!(ground.effects(&id), 1);
    assert!(!socket.exists(), "a clean end takes its socket away");
    ground.sound();
}

#[test]
fn an_engine_that_dies_in_the_middle_of_a_command_is_said() {
    let (ground, id) = with_work(64);
    let mut engine = holder(&ground);
    ground.market.faults().clear();
    let before = ground.market.faults().hits();
    ground.market.faults().next("POST", "/submit", 1, juggler::market::Fault::SilentBefore);
    let beside = ground.begin(&["submit", &id, "--yes", "--override", "override"]);
    until("the delivery is on its way", || ground.market.faults().hits() > before);
    engine.kill().unwrap();
    engine.wait().unwrap();
    let ran = beside.end();
    assert!(ran.code > 0, "{ran:?}");
    assert!(ran.err.starts_with("juggler: ") && ran.err.contains("    try: "), "{ran:?}");
    ground.settle();
    assert_eq!(ground.effects(&id), 1);
    intact(&ground, &id);
}

#[test]
fn a_holder_that_does_not_answer_is_named() {
    let (ground, id) = with_work(65);
    let config = ground.config();
    let (acks, _keep) = tokio::sync::mpsc::unbounded_channel();
    let held = juggler::store::begin(&config.paths.store(), acks, juggler::store::Options::default()).unwrap();
    let me = std::process::id().to_string();
    // Nobody listens; then somebody left a socket that nobody serves any more.
    ground.complains(&["hand"], 9, &[&me, "in use", "--data-dir"]);
    drop(UnixListener::bind(&config.paths.socket).unwrap());
    ground.complains(&["submit", &id, "--yes", "--override", "override"], 9, &[&me, "in use"]);
    held.store.close();
    intact(&ground, &id);
    assert_eq!(ground.effects(&id), 0);
}
