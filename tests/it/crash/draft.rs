//! Kills around a save: what was said to be saved is there, whole; what was not is the old text or the new one, never a mixture.

use super::{instants, killed, kills, life};
use crate::support::{Ground, first_draft};

#[test]
fn killed_at_any_instant_what_was_said_to_be_saved_is_there() {
    let n = (kills() / 4).max(1);
    let ground = Ground::new(41, 30);
    let ids = ground.claimed(1);
    let id = &ids[0];
    // Long enough for several writes, if anybody wrote in pieces.
    let text = |n: usize| (0..4000).map(|line| format!("version {n}, line {line}\n")).collect::<String>();
    let file = |n: usize| {
        let path = ground.place.path().join(format!("text-{n}.txt"));
        std::fs::write(&path, text(n)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (spare, mut kept) = ([file(100_001), file(100_002), file(100_003)], first_draft(id));
    let life = life(&ground, spare.iter().map(|file| vec!["draft", id, "--set", file]));
    assert_ne!(ground.well(&["draft", id, "--json"]).json()["text"], kept.as_str());
    kept = text(100_003);
    let mut said = 0;
    for (round, instant) in instants(n, life).enumerate() {
        let ran = killed(&ground, &["draft", id, "--set", &file(round)], instant);
        let found = ground.well(&["draft", id, "--json"]).json()["text"].as_str().unwrap().to_owned();
        if ran.out.contains("saved version") {
            said += 1;
            assert!(found == text(round), "what was said to be saved is not there: {ran:?}");
        }
        assert!(found == kept || found == text(round), "neither the old text nor the new one, after {instant:?} of {life:?}");
        kept = found;
    }
    assert!(n < 10 || said < n, "no kill came before the end");
    ground.sound();
}
