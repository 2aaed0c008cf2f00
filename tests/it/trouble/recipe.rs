//! A recipe of one's own that does not fit.

use std::fs;

use super::{intact, with_work};
use crate::support::Ground;

/// Puts the built-in recipe, changed, into the person's folder.
fn write(ground: &Ground, change: impl Fn(&str) -> String) {
    let folder = ground.place.config_file().with_file_name("platforms");
    fs::create_dir_all(&folder).unwrap();
    let built_in = include_str!("../../../assets/platforms/practice.toml");
    let changed = change(built_in);
    assert_ne!(changed, built_in);
    fs::write(folder.join("practice.toml"), changed).unwrap();
}

fn remove(ground: &Ground) {
    fs::remove_file(ground.place.config_file().with_file_name("platforms").join("practice.toml")).unwrap();
}

#[test]
fn a_path_that_matches_nothing_is_named_and_the_feed_is_kept() {
    let (ground, id) = with_work(53);
    let jobs = || ground.well(&["jobs", "--json", "--limit", "500"]).lines().len();
    let before = jobs();
    assert!(before > 5);
    let cases: &[(&str, &str, &[&str])] = &[
        ("title = \"$.title\" ", "title = \"$.headline\" ", &["field `title`", "$.headline", "matches nothing"]),
        ("items = \"$.jobs[*]\"", "items = \"$.results[*]\"", &["$.results", "matches nothing"]),
        ("pay = { path = \"$.reward.amount\"", "pay = { path = \"$.reward\"", &["field `pay`", "$.reward"]),
    ];
    for (from, to, parts) in cases {
        write(&ground, |recipe| recipe.replacen(from, to, 1));
        ground.complains(&["sources", "test", "practice"], 6, parts);
        // What has not changed over there is not read again, so that a poll may have nothing to complain of.
        let ran = ground.place.run(&["jobs", "--poll"]);
        assert!([0, 6].contains(&ran.code), "{ran:?}");
        assert_eq!(jobs(), before, "what was known stays known");
        remove(&ground);
        ground.well(&["sources", "test", "practice"]);
    }
    ground.well(&["sources", "poll"]);
    assert_eq!(jobs(), before);
    intact(&ground, &id);
}

#[test]
fn a_recipe_that_is_wrong_in_itself_is_named_with_its_line() {
    let (ground, id) = with_work(54);
    let cases: &[(&str, &str, &[&str])] = &[
        ("[calls.jobs]\n", "[calls.jobs\n", &["practice.toml", "line "]),
        ("path = \"/jobs\"\n", "path = 7\n", &["practice.toml", "line ", "path = 7"]),
        ("title = \"$.title\" ", "title = \"$.[title\" ", &["practice.toml", "title"]),
        ("[rate]\n", "[rote]\n", &["practice.toml", "rote"]),
        ("name = \"practice\" ", "name = \"practise\" ", &["practice.toml", "practise"]),
    ];
    for (from, to, parts) in cases {
        write(&ground, |recipe| recipe.replacen(from, to, 1));
        ground.complains(&["sources", "test", "practice"], 3, parts);
        ground.complains(&["submit", &id, "--yes", "--override", "override"], 3, parts);
        // What needs no platform goes on.
        intact(&ground, &id);
        remove(&ground);
    }
    assert_eq!(ground.effects(&id), 0);
    ground.well(&["submit", &id, "--yes", "--override", "override"]);
    assert_eq!(ground.effects(&id), 1);
}
