//! A config that cannot be used.

use std::fs;

use super::{intact, with_work};

#[test]
fn a_config_that_is_wrong_is_said_with_its_place_and_nothing_is_lost() {
    let (ground, id) = with_work(51);
    let file = ground.place.config_file();
    let good = fs::read_to_string(&file).unwrap();
    let cases: &[(&str, &[&str])] = &[
        ("[general]\nhand_limti = 3\n", &["config.toml:2:1", "general.hand_limti", "hand_limit"]),
        ("[general]\nhand_limit = \"three\"\n", &["config.toml:2:", "general.hand_limit"]),
        ("[general]\nhand_limit = -1\n", &["config.toml:2:", "general.hand_limit"]),
        ("[[source]]\nname = \"a\"\nrecipe = \"practice\"\nkye_file = \"k\"\n", &["kye_file", "key_file"]),
        ("[[source]]\nname = \"a\"\nrecipe = 7\n", &["config.toml:3:", "recipe"]),
        ("[general\nmouse = true\n", &["config.toml:1:"]),
    ];
    for (bad, parts) in cases {
        fs::write(&file, bad).unwrap();
        for args in [
            &["hand"][..],
            &["jobs", "--poll"],
            &["submit", &id, "--yes", "--override", "override"],
            &["draft", &id, "--set", "-"],
        ] {
            ground.complains(args, 3, parts);
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), *bad, "the person's file is the person's");
    }
    fs::write(&file, good).unwrap();
    intact(&ground, &id);
    assert_eq!(ground.effects(&id), 0);
}

#[test]
fn a_config_that_cannot_be_read_is_said() {
    let (ground, id) = with_work(52);
    let file = ground.place.config_file();
    let good = fs::read_to_string(&file).unwrap();
    fs::write(&file, b"[general]\n# caf\xe9\nmouse = true\n").unwrap();
    ground.complains(&["hand"], 3, &["config.toml", "UTF-8"]);
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    ground.complains(&["hand"], 3, &["config.toml", "cannot be read"]);
    fs::remove_dir(&file).unwrap();
    ground.complains(&["--config", "nowhere.toml", "hand"], 3, &["nowhere.toml", "--config"]);
    // The folder is no folder: the same sentence, not a crash.
    ground.complains(&["--config", "practice.key/config.toml", "hand"], 3, &["practice.key/config.toml"]);
    fs::write(&file, good).unwrap();
    intact(&ground, &id);
}
