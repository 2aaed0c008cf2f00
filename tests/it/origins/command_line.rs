//! The command line: what it saves is external, what it says of origins, what it exports, what it lets a person declare.

use serde_json::{Value, json};

use crate::support::{Ground, first_draft};

#[test]
fn a_draft_tells_where_it_came_from_and_its_account_can_be_exported() {
    let ground = Ground::new(43, 30);
    let id = ground.claimed(1).remove(0);
    let first = first_draft(&id);
    let told = ground.well(&["draft", &id, "--json"]).json();
    assert_eq!((&told["origins"], &told["statement"]), (&json!([[first.len(), "typed"]]), &json!("unaided")));
    let text = format!("{}\nand a line of a file\n", first.trim_end());
    let file = ground.place.path().join("text.txt");
    std::fs::write(&file, &text).unwrap();
    let saved = ground.well(&["draft", &id, "--set", file.to_str().unwrap(), "--json"]).json();
    let typed = first.len();
    assert_eq!(saved["origins"], json!([[typed, "typed"], [text.len() - typed, "external"]]), "{first:?}");
    assert_eq!(saved["statement"], "open");
    let said = ground.well(&["draft", &id, "--origins"]);
    assert!(said.out.contains("\nexternal  and a line of a file"), "{said:?}");
    assert!(said.out.contains("% typed") && said.err.contains("nothing can be said"), "{said:?}");
    assert!(ground.well(&["draft", &id]).err.contains("% unknown (pasted or from outside)"));

    // The side file.
    ground.well(&["draft", &id, "--export-origins", "origins.json"]);
    let account: Value = serde_json::from_slice(&std::fs::read(ground.place.path().join("origins.json")).unwrap()).unwrap();
    assert_eq!(account, ground.well(&["draft", &id, "--origins", "--json"]).json());
    assert_eq!(account, ground.well(&["draft", &id, "--export-origins", "-"]).json());
    assert_eq!(
        (&account["what"], &account["format"], &account["version"]),
        (&json!("juggler draft origins"), &json!(1), &json!(2))
    );
    let stretches = account["stretches"].as_array().unwrap();
    assert_eq!((&stretches[1]["from"], &stretches[1]["to"]), (&json!(typed), &json!(text.len())));
    assert_eq!(account["shares"]["external"], stretches[1]["characters"]);
    assert_eq!(account["text_sha256"].as_str().unwrap().len(), 64);

    // The person's own statement wants a yes.
    ground.complains(
        &["draft", &id, "--declare"],
        11,
        &["% of its words came from outside", "your own statement", "--declare --yes"],
    );
    let saved = ground.well(&["draft", &id, "--declare", "--yes", "--json"]).json();
    assert_eq!(saved["origins"], json!([[typed, "typed"], [text.len() - typed, "declared"]]));
    assert_eq!((&saved["statement"], &saved["text"]), (&json!("unaided"), &json!(text)));
    assert!(ground.well(&["draft", &id, "--declare"]).err.contains("nothing to declare"));

    // A file is somebody's too.
    let picture = ground.place.path().join("cup.png");
    std::fs::write(&picture, b"\x89PNG\r\n\x1a\nnot much of one").unwrap();
    let with = ground.well(&["draft", &id, "--add-file", picture.to_str().unwrap(), "--json"]).json();
    assert_eq!((&with["statement"], &with["files"][0]["name"]), (&json!("open"), &json!("cup.png")), "who made it?");
    assert!(ground.well(&["draft", &id]).err.contains("; 1 file of unknown origin"));
    ground.complains(&["draft", &id, "--declare"], 11, &[", 1 file came from outside"]);
    let saved = ground.well(&["draft", &id, "--declare", "--yes", "--json"]).json();
    assert_eq!((&saved["statement"], &saved["files"][0]["origin"]), (&json!("unaided"), &json!("declared")));
    let account = ground.well(&["draft", &id, "--origins", "--json"]).json();
    assert_eq!((&account["files"][0]["name"], &account["files"][0]["origin"]), (&json!("cup.png"), &json!("declared")));

    let laid = ground.well(&["draft", &id, "--scaffold", "--yes", "--json"]).json();
    assert_ne!(laid["statement"], "unaided");
    ground.sound();
}

#[test]
fn earlier_versions_can_be_compared_with_and_made_the_latest_again() {
    let ground = Ground::new(45, 30);
    let id = ground.claimed(1).remove(0);
    let first = first_draft(&id);
    let file = ground.place.path().join("text.txt");
    for more in ["one", "one, two"] {
        std::fs::write(&file, format!("{first}{more}\n")).unwrap();
        ground.well(&["draft", &id, "--set", file.to_str().unwrap()]);
    }
    // What was typed was replaced by a file's text, which is worth going back to; the file's own next version is not.
    let kept = |ground: &Ground| -> Vec<u64> {
        let ran = ground.well(&["draft", &id, "--versions", "--json"]);
        ran.lines().iter().map(|draft| draft["version"].as_u64().unwrap()).collect()
    };
    assert_eq!(kept(&ground), [1, 3]);
    let listed = ground.well(&["draft", &id, "--versions"]).out;
    assert!(listed.lines().count() == 2 && listed.contains("100 % typed"), "{listed}");
    let diff = ground.well(&["draft", &id, "--compare", "1"]).out;
    assert!(diff.contains("--- version 1\n+++ version 3\n") && diff.contains("\n+one, two\n"), "{diff}");
    ground.complains(&["draft", &id, "--compare", "2"], 4, &["no version 2", "kept are 1, 3"]);
    let restored = ground.well(&["draft", &id, "--restore", "1", "--json"]).json();
    assert_eq!((&restored["text"], &restored["version"]), (&json!(first), &json!(4)));
    assert_eq!(restored["origins"], json!([[first.len(), "typed"]]), "with where it came from");
    assert_eq!(kept(&ground), [1, 3, 4], "and the one of before is kept");
    // Without its cache, and from a checkpoint, the same versions come back.
    ground.well(&["store", "rebuild"]);
    assert_eq!(kept(&ground), [1, 3, 4]);
    ground.sound();
}
