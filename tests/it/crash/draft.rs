//! Kills around a save: what was said to be saved is there, whole; what was not is the old text or the new one, never
//! a mixture; and the origins are those of the text that is there.

use super::{Tally, When, killed, kills, life, moments};
use crate::support::{Ground, first_draft};

/// Before the write, behind it, behind its fsync, and before anybody is told.
const POINTS: &[&str] = &["save.begun", "save.written", "save.half", "save.durable", "save.applied", "flush.half"];

#[test]
fn killed_anywhere_what_was_said_to_be_saved_is_there() {
    let n = kills("draft");
    let mut tally = Tally::of("draft");
    let ground = Ground::new(41, 30);
    let ids = ground.claimed(1);
    let id = &ids[0];
    // Long enough for several writes, if anybody wrote in pieces.
    let mut kept = first_draft(id);
    // It begins with what was typed, and all else comes out of a file.
    let typed = format!("{}\n", kept.trim_end());
    let text = |n: usize| typed.clone() + &(0..4000).map(|line| format!("version {n}, line {line}\n")).collect::<String>();
    let file = |n: usize| {
        let path = ground.place.path().join("text.txt");
        std::fs::write(&path, text(n)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let spare = [100_001, 100_002, 100_003];
    let life = life(&ground, spare.iter().map(|n| vec!["draft", id, "--set", Box::leak(file(*n).into_boxed_str())]));
    assert_ne!(ground.well(&["draft", id, "--json"]).json()["text"], kept.as_str());
    kept = text(100_003);
    for (round, when) in moments(n, POINTS, life).into_iter().enumerate() {
        let ran = killed(&ground.place, &["draft", id, "--set", &file(round)], &when);
        tally.count(&ran);
        let draft = ground.well(&["draft", id, "--json"]).json();
        let found = draft["text"].as_str().unwrap().to_owned();
        let parts: Vec<&str> = draft["origins"].as_array().unwrap().iter().map(|run| run[1].as_str().unwrap()).collect();
        let covered: u64 = draft["origins"].as_array().unwrap().iter().map(|run| run[0].as_u64().unwrap()).sum();
        assert!(covered == found.len() as u64, "the origins are not those of the text: {when:?}");
        assert_eq!(parts, ["typed", "external"], "{when:?}");
        let durable = matches!(&when, When::At(point) if ["kill:save.half", "kill:save.durable", "kill:save.applied"].contains(&point.as_str()));
        if ran.out.contains("saved version") || durable {
            tally.acknowledged += 1;
            assert!(found == text(round), "what was said to be saved is not there: {when:?} {ran:?}");
        }
        assert!(found == kept || found == text(round), "neither the old text nor the new one: {when:?} of {life:?}");
        assert!(found == kept || !matches!(&when, When::At(point) if point == "kill:save.begun"), "nothing was written yet");
        kept = found;
    }
    ground.sound();
    tally.tell();
}
