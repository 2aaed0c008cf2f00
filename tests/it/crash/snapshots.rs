//! Kills while the work journal is begun anew behind a checkpoint, and while an image of the feed is written.

use std::collections::BTreeMap;
use std::io::Write;

use super::{Tally, When, instants, killed, kills, life};
use crate::support::{Ground, first_draft};

const POINTS: &[&str] = &[
    "checkpoint.begun",
    "checkpoint.written",
    "checkpoint.moved",
    "checkpoint.anew",
    "save.applied",
    "image.written",
    "image.flushed",
    "image.named",
];
/// Every second save makes one.
const OFTEN: &str = "compact:6000";

/// Another job in the inbox beside the market.
fn grow(ground: &Ground, round: usize) {
    let job = serde_json::json!({ "id": round.to_string(), "title": "A line", "kind": "tagline", "brief": "One." });
    let path = ground.place.path().join("jobs.jsonl");
    let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    writeln!(file, "{job}").unwrap();
}

#[test]
fn killed_while_it_compacts_every_draft_is_there() {
    let n = kills("snapshots");
    let mut tally = Tally::of("snapshots");
    let ground = Ground::new(71, 40);
    let ids = ground.claimed(4);
    grow(&ground, 0);
    ground.well(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]);
    let mut kept: BTreeMap<&String, String> = ids.iter().map(|id| (id, first_draft(id))).collect();
    let file = ground.place.path().join("text.txt");
    let path = file.to_str().unwrap();
    let spare = (0..3).map(|n| {
        std::fs::write(&file, format!("spare {n}")).unwrap();
        vec!["draft", ids[0].as_str(), "--set", path]
    });
    let life = life(&ground, spare);
    kept.insert(&ids[0], "spare 2".to_owned());
    let store = ground.config().paths.store();
    let mut spread = instants(n.div_ceil(3), life);
    for round in 0..n {
        let id = &ids[round % 4];
        let text = format!("round {round}\n{}", "many words ".repeat(300));
        std::fs::write(&file, &text).unwrap();
        let point = POINTS[round % POINTS.len()];
        let ran = if let (true, Some(after)) = (round % 3 == 2, spread.next()) {
            killed(&ground.place, &["draft", id, "--set", path], &When::After(after))
        } else if point.starts_with("image.") {
            // The feed changes, and the end of the command writes an image.
            grow(&ground, round);
            killed(&ground.place, &["jobs", "--poll", "--limit", "1"], &When::At(format!("kill:{point}")))
        } else {
            killed(&ground.place, &["draft", id, "--set", path], &When::At(format!("kill:{point},{OFTEN}")))
        };
        tally.count(&ran);
        let found = ground.well(&["draft", id, "--json"]).json()["text"].as_str().unwrap().to_owned();
        if ran.out.contains("saved version") {
            tally.acknowledged += 1;
            assert_eq!(found, text, "{point}");
        }
        assert!(found == text || found == kept[id], "{point}: neither the old text nor the new one: {found:?}");
        kept.insert(id, found);
        if round % 10 == 9 {
            for (id, text) in &kept {
                assert_eq!(ground.well(&["draft", id, "--json"]).json()["text"], text.as_str(), "{point}");
            }
        }
    }
    for (id, text) in &kept {
        assert_eq!(ground.well(&["draft", id, "--json"]).json()["text"], text.as_str());
        tally.acknowledged += 1;
    }
    let checkpoints = std::fs::read_dir(store.join("journal")).unwrap().filter_map(Result::ok);
    let checkpoints = checkpoints.filter(|entry| entry.file_name().to_string_lossy().starts_with("work.checkpoint-")).count();
    assert!(n < 16 || checkpoints > 0);
    ground.sound();
    assert_eq!(ground.held_here(), ground.held_at_the_market());
    tally.tell();
}
