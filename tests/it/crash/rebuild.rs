//! Kills while the cache is made again, and while a backup is written or taken in.

use std::fs;
use std::time::Instant;

use super::{Tally, When, killed, kills, moments};
use crate::cli::Place;
use crate::support::{Ground, first_draft};

const POINTS: &[&str] = &["generation.marked", "generation.filled", "generation.switched", "flush.half", "flush.half:2"];
const BACKUP: &[&str] = &["backup.written", "backup.named", "restore.written", "restore.half", "restore.switched"];

#[test]
fn killed_while_the_cache_is_made_again_rows_and_work_are_there() {
    let n = kills("rebuilding");
    let mut tally = Tally::of("rebuilding");
    let ground = Ground::new(81, 40);
    let ids = ground.claimed(2);
    let begun = Instant::now();
    ground.well(&["store", "rebuild"]);
    let store = ground.config().paths.store();
    let before = juggler::store::entries(&store).unwrap();
    for when in moments(n, POINTS, begun.elapsed()) {
        tally.count(&killed(&ground.place, &["store", "rebuild"], &when));
        assert_eq!(juggler::store::entries(&store).unwrap(), before, "{when:?}");
        // A cache is a cache, and yet no row of it is lost.
        assert_eq!(ground.place.keys(&["--limit", "1000", "is:any"]).len(), 40, "{when:?}");
        assert_eq!(ground.view(&ids[0])["draft"]["text"], first_draft(&ids[0]), "{when:?}");
        tally.acknowledged += before.len() + 40;
    }
    ground.sound();
    for point in BACKUP {
        backup_and_restore(&ground, point, &mut tally);
    }
    ground.sound();
    tally.tell();
}

/// A backup that has its name is whole; a restore that was cut short is done again, and nothing else is in its way.
fn backup_and_restore(ground: &Ground, point: &str, tally: &mut Tally) {
    let file = ground.place.path().join(format!("{point}.jsonl"));
    let path = file.to_str().unwrap();
    let when = When::At(format!("kill:{point}"));
    let ran = killed(&ground.place, &["store", "backup", path], &when);
    if point.starts_with("backup.") {
        assert!(tally.count(&ran), "{point}: {ran:?}");
        assert_eq!(file.exists(), point == "backup.named");
        if !file.exists() {
            ground.well(&["store", "backup", path]);
        }
    }
    let other = Place::new();
    fs::create_dir_all(other.config_file().parent().unwrap()).unwrap();
    fs::copy(ground.place.config_file(), other.config_file()).unwrap();
    let ran = killed(&other, &["store", "restore", path], &when);
    if point.starts_with("restore.") {
        assert!(tally.count(&ran), "{point}: {ran:?}");
        let again = other.run(&["store", "restore", path]);
        // Behind the switch it is done, and said not to be empty any more.
        assert_eq!(again.code == 0, point != "restore.switched", "{point}: {again:?}");
    }
    let entries = |place: &Place| juggler::store::entries(&place.data_dir().join("store")).unwrap();
    assert_eq!(entries(&other), entries(&ground.place), "{point}");
    let ran = other.run(&["store", "verify"]);
    assert!(ran.code == 0 || point == "restore.switched", "{ran:?}");
    let hand = |place: &Place| place.run(&["hand", "--all", "--json"]).lines().len();
    assert_eq!(hand(&other), hand(&ground.place), "{point}");
}
