//! `juggler check` by commands: an assignment, any text by demands in a file, the pace; and submitting although checks fail.

use serde_json::{Value, json};

use super::Place;

fn demands(place: &Place, name: &str, demands: &Value) {
    std::fs::write(place.path().join(name), demands.to_string()).unwrap();
}

#[test]
fn any_text_is_checked_by_demands_in_a_file() {
    let place = Place::new();
    let rules = json!({"form": "lines", "rules": [{"rule": "items", "min": 2, "max": 2}, {"rule": "layout", "layout": "numbered"},
        {"rule": "must_not", "terms": ["best"]}], "should": [{"rule": "ascii"}]});
    demands(&place, "demands.json", &rules);
    std::fs::write(place.path().join("demands.toml"), "form = \"lines\"\nrules = [{ rule = \"items\", min = 2, max = 2 }]\n")
        .unwrap();
    std::fs::write(place.path().join("bad.txt"), "1. The best oats\n1. Porridge – guaranteed\n").unwrap();
    std::fs::write(place.path().join("good.txt"), "1. Three minutes to warm\n2. Slow mill, quick spoon\n").unwrap();

    let good = place.run(&["check", "--text", "good.txt", "--spec", "demands.json"]);
    assert_eq!((good.code, good.err.as_str()), (0, ""), "{good:?}");
    assert_eq!(place.run(&["check", "--text", "good.txt", "--spec", "demands.toml"]).code, 0);

    let bad = place.run(&["check", "--text", "bad.txt", "--spec", "demands.json"]);
    assert_eq!(bad.code, 12, "{bad:?}");
    for part in [
        "ok    2 lines",
        "FAIL  line 2:1: numbered from 1, one a line – number 1 where 2 belongs; write \"2. \"",
        "FAIL  line 1:8: never says \"best\" – says \"best\"; say it otherwise",
        // A should, and one of the craft's own: they warn.
        "look  line 2:13: plain ASCII characters – \"–\" stands in it",
        "look  line 1:8: no word that somebody would have to prove",
        "also on line 2",
    ] {
        assert!(bad.out.contains(part), "{part} is not in\n{}", bad.out);
    }
    assert!(bad.err.contains("fails 2 checks") && bad.err.contains("change bad.txt"), "{bad:?}");

    let told = place.run(&["check", "--text", "bad.txt", "--spec", "demands.json", "--json"]);
    assert_eq!(told.code, 12);
    let told = told.json();
    assert_eq!((&told["passes"], told["findings"].as_array().unwrap().len()), (&json!(false), 5), "{told}");
    let forbidden = &told["findings"][2];
    assert_eq!((&forbidden["verdict"], &forbidden["line"], &forbidden["columns"]), (&json!("fail"), &json!(0), &json!([7, 11])));
    assert_eq!((&forbidden["detail"], &forbidden["cure"]), (&json!("says \"best\""), &json!("say it otherwise")));

    demands(&place, "broken.json", &json!({"rules": [{"rule": "nonsense"}]}));
    let broken = place.run(&["check", "--text", "good.txt", "--spec", "broken.json"]);
    assert!(broken.code == 2 && broken.err.contains("holds no demands") && broken.err.contains("nonsense"), "{broken:?}");
    assert_eq!(place.run(&["check", "--spec", "demands.json"]).code, 2, "a text belongs to it");
    assert_eq!(place.run(&["check", "--text", "none.txt", "--spec", "demands.json"]).code, 2);
}

#[test]
fn a_claim_is_told_with_its_page_and_data_with_its_column() {
    let place = Place::new();
    demands(&place, "script.json", &json!({"form": "script", "rules": [{"rule": "faithful", "source": ""}]}));
    let source = "--- page 1 ---\nThe ferry to Quoys carries 40 people.\n--- page 2 ---\nIt leaves on 3 May from Hamnavoe.\n";
    std::fs::write(place.path().join("source.txt"), source).unwrap();
    std::fs::write(
        place.path().join("script.txt"),
        "[0:00] The ferry to Quoys takes 40.\n[0:05] It leaves on 4 May from Hamnavoe.\n",
    )
    .unwrap();
    let args = ["check", "--text", "script.txt", "--spec", "script.json", "--source", "source.txt"];
    let ran = place.run(&args);
    assert_eq!(ran.code, 12, "{ran:?}");
    for part in
        ["the date \"4 May\" is not in the source; correct it or leave it out", "✓ Quoys  p. 1", "✓ Hamnavoe  p. 2", "✗ 4 May"]
    {
        assert!(ran.out.contains(part), "{part} is not in\n{}", ran.out);
    }
    demands(&place, "chat.json", &json!({"form": "chat_jsonl", "rules": [{"rule": "chat", "turns": 2}]}));
    let line = r#"{"messages":[{"role":"user","content":"mail me: jo@corran.org"},{"role":"bot","content":"done"}]}"#;
    std::fs::write(place.path().join("chat.jsonl"), line).unwrap();
    let ran = place.run(&["check", "--text", "chat.jsonl", "--spec", "chat.json", "--json"]).json();
    let at = |n: usize| {
        let columns = ran["findings"][n]["columns"].as_array().unwrap();
        &line[columns[0].as_u64().unwrap() as usize..columns[1].as_u64().unwrap() as usize]
    };
    assert_eq!((at(0), at(1)), ("bot", "jo@corran.org"), "{ran}");
}

#[test]
fn the_pace_of_reading_is_kept_and_scripts_are_timed_by_it() {
    let place = Place::new();
    place.write_config("# mine\n[general]\nhand_limit = 7 # few\n");
    demands(&place, "s.json", &json!({"form": "script", "rules": [{"rule": "spoken", "seconds": 60, "wpm": 0, "tolerance": 5}]}));
    std::fs::write(place.path().join("s.txt"), format!("[0:00] {}", "word ".repeat(150))).unwrap();
    let args = ["check", "--text", "s.txt", "--spec", "s.json"];
    let before = place.run(&args);
    assert!(before.code == 0 && before.out.contains("1:00 @150"), "{before:?}");
    for nonsense in ["1", "600"] {
        let ran = place.run(&["check", &format!("--pace={nonsense}")]);
        assert!(ran.code == 2 && ran.err.contains("no reading aloud"), "{ran:?}");
    }
    let kept = place.run(&["check", "--pace=52", "--json"]);
    assert_eq!(kept.code, 0, "{kept:?}");
    let pace = kept.json()["words_per_minute"].as_u64().unwrap();
    let config = std::fs::read_to_string(place.config_file()).unwrap();
    assert!(config.contains(&format!("words_per_minute = {pace}")) && config.contains("hand_limit = 7 # few"), "{config}");
    let after = place.run(&args);
    assert!(after.code == 12 && after.out.contains(&format!("@{pace}")), "{after:?}");
    // Without a terminal the text is shown, and Enter is waited for.
    let ran = place.run(&["check", "--pace"]);
    assert!(ran.code == 2 && ran.out.contains("The ferry leaves") && ran.err.contains("--pace=SECONDS"), "{ran:?}");
}

#[test]
fn a_draft_that_fails_is_submitted_only_with_the_word() {
    let place = Place::new();
    let _market = place.with_market(&["--seed", "7", "--speed", "20000", "--jobs", "60", "--rate", "0"]);
    let jobs = place.run(&["jobs", "--poll", "--json", "--limit", "200", "kind:tagline"]).lines();
    let id = jobs
        .iter()
        .find_map(|row| {
            let claimed = place.run(&["claim", row["key"].as_str().unwrap(), "--yes", "--json"]);
            (claimed.code == 0).then(|| claimed.json()["assignment"]["id"].as_str().unwrap().to_owned())
        })
        .unwrap();
    std::fs::write(place.path().join("bad.txt"), "one line only\n").unwrap();
    // Another text than the saved one is checked, and nothing is saved by it.
    let other = place.run(&["check", &id, "--text", "bad.txt"]);
    assert!(other.code == 12 && place.run(&["draft", &id]).code == 4, "{other:?}");
    assert_eq!(place.run(&["draft", &id, "--set", "bad.txt"]).code, 0);
    assert_eq!(place.run(&["check", &id]).code, 12);
    let asked = place.run(&["submit", &id, "--yes"]);
    assert_eq!(asked.code, 12, "{asked:?}");
    assert!(asked.out.contains("although checks fail") && asked.err.contains("the word \"override\""), "{asked:?}");
    assert_eq!(place.run(&["submit", &id, "--yes", "--override", "please"]).code, 12);
    assert!(place.run(&["outbox", "--json"]).out.is_empty());
    let sent = place.run(&["submit", &id, "--yes", "--override", "override"]);
    assert!(sent.code == 0 && sent.out.contains("submitted although") && sent.out.contains("failed"), "{sent:?}");
    let all = place.run(&["hand", "--all", "--json"]).lines();
    let mine = all.iter().find(|view| view["assignment"]["id"] == id.as_str()).unwrap();
    assert!(!mine["submission"]["overridden"]["failing"].as_array().unwrap().is_empty(), "{mine}");
}
