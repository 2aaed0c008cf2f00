//! Kills while the store opens, also one that has to be mended first, and one that an older version made.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::{Tally, killed, kills, moments};
use crate::cli::Place;
use crate::store::fixtures;
use crate::support::{Ground, first_draft};

const POINTS: &[&str] = &["open.locked", "open.mended", "open.cache", "open.opened"];

/// What a crash may leave: saves that were cut short, and half a snapshot of sled's.
fn tear(store: &Path, round: usize) {
    let append = |path: &str, bytes: &[u8]| {
        fs::OpenOptions::new().append(true).open(store.join(path)).unwrap().write_all(bytes).unwrap();
    };
    match round % 4 {
        0 => append("journal/work.jsonl", b"{\"seq\":99999,\"crc\":\"00"),
        1 => append("journal/money.jsonl", &[0; 700]),
        2 => fs::write(store.join(generation(store)).join("snap.00000000000FFFFF.generating"), b"half").unwrap(),
        _ => {}
    }
}

fn generation(store: &Path) -> String {
    let names = fs::read_dir(store).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let number = |name: &String| name.strip_prefix("sled-").and_then(|n| n.parse::<u64>().ok());
    names.filter(|name| number(name).is_some()).max_by_key(number).unwrap()
}

#[test]
fn killed_while_it_opens_the_next_start_opens_the_same() {
    let n = kills("opening");
    let mut tally = Tally::of("opening");
    let ground = Ground::new(51, 30);
    let ids = ground.claimed(3);
    let begun = Instant::now();
    ground.well(&["hand", "--json"]);
    let life = begun.elapsed();
    let store = ground.config().paths.store();
    let before = juggler::store::entries(&store).unwrap();
    for (round, when) in moments(n, POINTS, life).into_iter().enumerate() {
        tear(&store, round / 2);
        tally.count(&killed(&ground.place, &["hand", "--json"], &when));
        assert_eq!(juggler::store::entries(&store).unwrap(), before, "{when:?}");
        tally.acknowledged += before.len();
        if round % 8 == 7 {
            for id in &ids {
                assert_eq!(ground.view(id)["draft"]["text"], first_draft(id), "{when:?}");
            }
            assert_eq!(ground.place.keys(&["--limit", "1000", "is:any"]).len(), 30);
        }
    }
    ground.well(&["hand"]);
    ground.sound();
    assert_eq!(ground.held_here(), ground.held_at_the_market());
    tally.tell();
}

/// The store that an older version made is brought up to date, and any of that may be cut short.
#[test]
fn killed_while_it_migrates_an_older_store_the_next_start_finishes() {
    const POINTS: &[&str] = &["migrate.begun", "migrate.done", "flush.half"];
    let n = kills("migrating");
    let mut tally = Tally::of("migrating");
    let fixture = fixtures::all().remove(0);
    let place = Place::new();
    let store = place.data_dir().join("store");
    fixture.copy_to(&store);
    let begun = Instant::now();
    let ran = place.run(&["hand", "--all", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let life = begun.elapsed();
    let mut moments = moments(n, POINTS, life);
    while !moments.is_empty() {
        fs::remove_dir_all(&store).unwrap();
        fixture.copy_to(&store);
        let entries = juggler::store::entries(&store).unwrap();
        // Up to three in a row on the same store.
        for when in moments.drain(..moments.len().min(3)) {
            let ran = killed(&place, &["hand", "--all", "--json"], &when);
            tally.count(&ran);
            assert!(ran.code == -1 || ran.code == 0, "{when:?}: {ran:?}");
            assert_eq!(juggler::store::entries(&store).unwrap(), entries, "{when:?}");
            tally.acknowledged += entries.len();
        }
        fixture.is_whole(&place);
    }
    tally.tell();
}
