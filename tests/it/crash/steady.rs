//! Kills of a program that stays open: while nothing happens, and while somebody types.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use juggler::domain::{AssignmentId, Record, Text};
use juggler::engine::Handle;
use juggler::engine::api::{Reply, Request};

use super::{Tally, kills};
use crate::support::{Doomed, Ground, until};

/// The program as it stays open, and a line to it.
fn opened(ground: &Ground, runtime: &tokio::runtime::Runtime) -> (Doomed, Handle) {
    let mut command = ground.place.command(&["events", "--follow", "--json"]);
    let doomed = Doomed::of(command.stdout(Stdio::null()).stderr(Stdio::piped()));
    let mut handle = None;
    until("it can be spoken to", || {
        let connected = runtime.block_on(juggler::daemon::connect(&ground.config().paths));
        handle = connected.ok().flatten().map(|(handle, _)| handle);
        handle.is_some()
    });
    (doomed, handle.unwrap())
}

fn journal(ground: &Ground) -> Vec<juggler::domain::Entry> {
    juggler::store::entries(&ground.config().paths.store()).unwrap().into_iter().map(|(_, _, entry)| entry).collect()
}

#[test]
fn killed_while_nothing_happens_nothing_changes() {
    let n = kills("idle");
    let mut tally = Tally::of("idle");
    let ground = Ground::new(61, 30);
    ground.prepare(3, 0);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let before = journal(&ground);
    for round in 0..n {
        let (doomed, _handle) = opened(&ground, &runtime);
        std::thread::sleep(Duration::from_millis((round * 37 % 200) as u64));
        tally.count(&doomed.kill());
        // Polls of a market where nothing happens have nothing to say.
        assert_eq!(journal(&ground), before);
        tally.acknowledged += before.len();
    }
    assert_eq!(ground.held_here(), ground.held_at_the_market());
    ground.sound();
    tally.tell();
}

/// Every save that was acknowledged is there, in its version, whatever had been typed since.
#[test]
fn killed_while_somebody_types_every_confirmed_version_is_there() {
    let n = kills("typing");
    let mut tally = Tally::of("typing");
    let ground = Ground::new(62, 30);
    let ids = ground.claimed(2);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut written = 0;
    for round in 0..n {
        let (doomed, handle) = opened(&ground, &runtime);
        let id = AssignmentId::new(&ids[round % 2]);
        let confirmed = Arc::new(AtomicUsize::new(0));
        let (counting, typed) = (confirmed.clone(), id.clone());
        let typing = runtime.spawn(async move {
            for n in 1.. {
                let text = Text::own(&format!("round {round}, {}", "word ".repeat(n)));
                let save = Request::SaveDraft {
                    assignment: typed.clone(),
                    text,
                    files: Vec::new(),
                    cause: juggler::domain::draft::Cause::Typed,
                    origins: None,
                };
                match handle.ask(save).await {
                    Ok(Reply::Saved { .. }) => counting.store(n, Ordering::SeqCst),
                    Ok(other) => panic!("{other:?}"),
                    Err(_) => break,
                }
            }
        });
        let wanted = 1 + round * 7 % 23;
        until("it is typed", || confirmed.load(Ordering::SeqCst) >= wanted);
        tally.count(&doomed.kill());
        runtime.block_on(typing).unwrap();
        let confirmed = confirmed.load(Ordering::SeqCst);
        let there = journal(&ground)
            .into_iter()
            .filter_map(|entry| match entry.record {
                Record::Drafted { assignment, text, .. } if assignment == id => Some(text.to_string()),
                _ => None,
            })
            .filter(|text| text.starts_with(&format!("round {round},")))
            .collect::<Vec<_>>();
        assert!((confirmed..=confirmed + 1).contains(&there.len()), "{} of {confirmed} are there", there.len());
        for (n, text) in there.iter().enumerate() {
            assert_eq!(text.matches("word").count(), n + 1, "{text}");
        }
        written += there.len();
        tally.acknowledged += confirmed;
        if round % 16 == 15 {
            ground.well(&["hand"]);
            ground.sound();
        }
    }
    ground.well(&["hand"]);
    ground.sound();
    assert!(written >= n);
    tally.tell();
}
