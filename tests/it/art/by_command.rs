//! Pictures by commands alone: ordered, looked at, taken, and a tool of the person's own by its sheet and the watched folder.

use serde_json::{Value, json};

use super::{Easel, Odd};
use crate::cli::Place;

const MARKET: &[&str] = &["--seed", "7", "--speed", "20000", "--jobs", "60", "--rate", "0"];

/// A market, these lines in the config, and a claimed picture job.
fn begin(place: &Place, lines: &str) -> (crate::cli::place::Market, String) {
    let market = place.with_market(MARKET);
    let config = std::fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&(config + lines));
    let rows = place.run(&["jobs", "--poll", "--json", "--limit", "200"]).lines();
    let fits = |row: &&Value| (row["ai"] == "allowed" || row["ai"] == "disclose") && row["kind"] == "art";
    let claimed = rows.iter().filter(fits).find_map(|row| {
        let ran = place.run(&["claim", row["key"].as_str().unwrap(), "--yes", "--json"]);
        (ran.code == 0).then(|| ran.json()["assignment"]["id"].as_str().unwrap().to_owned())
    });
    (market, claimed.expect("a picture job that can be claimed"))
}

#[test]
fn a_picture_is_ordered_waited_for_and_taken() {
    let (place, easel) = (Place::new(), Easel::start());
    std::fs::write(place.path().join("openai.key"), "sk-secret-1234567890\n").unwrap();
    std::fs::set_permissions(place.path().join("openai.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let key = format!(
        "model = \"gpt-image-2\"\nkey_file = \"{}\"\nprice_image = \"0.04 USD\"",
        place.path().join("openai.key").display()
    );
    let lines = easel.config("images", "openai-images", &key) + &easel.config("webui", "sd-webui", "");
    let (market, id) = begin(&place, &lines);
    // Reachable, and nothing painted or paid for it.
    let test = place.run(&["assist", "test", "images", "--json"]).json();
    assert_eq!((test["kind"].as_str(), test["models"].as_array().unwrap().len()), (Some("openai-images"), 3), "{test}");
    assert!(place.run(&["assist", "test", "webui"]).out.contains("nothing was painted"));
    assert_eq!(easel.painted().len(), 0);
    // The brief makes a prompt, and nothing is sent for that.
    let prompt = place.run(&["art", "prompt", &id]);
    assert!(prompt.code == 0 && prompt.out.contains("No lettering") && prompt.out.contains("Motif:"), "{prompt:?}");
    let ran = place.run(&["art", "ask", &id, "a heron, linocut", "--count", "2", "--size", "512x512"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("/1\t/") && ran.err.contains("cost $0.08"), "{ran:?}");
    assert!(ran.err.contains("the job wants 2400x3200"), "{ran:?}");
    let asked = &easel.painted()[0];
    assert_eq!(asked.authorization.as_deref(), Some("Bearer sk-secret-1234567890"));
    assert_eq!(asked.json(), json!({ "model": "gpt-image-2", "prompt": "a heron, linocut", "n": 2, "size": "512x512" }));
    let (picture, _) = lines[1].split_once('\t').unwrap();
    let call = picture.split('/').next().unwrap();
    let taken = place.run(&["art", "take", picture, "--json"]).json();
    assert_eq!(taken["files"][0]["origin"], json!({ "ai": { "call": call } }), "{taken}");
    let results = place.run(&["art", "results", &id]);
    assert!(results.out.contains("in the draft") && results.out.contains("the job wants 2400x3200"), "{results:?}");
    // The same again and varied: only where there are seeds do they differ.
    let again = place.run(&["art", "again", call, "--json"]);
    assert_eq!((again.code, again.json()["pictures"].as_array().unwrap().len()), (0, 2), "{again:?}");
    let larger = place.run(&["art", "ask", &id, "--from", picture, "--upscale", "2", "--by", "webui", "--take", "--json"]);
    assert_eq!(larger.code, 0, "{larger:?}");
    assert_eq!(larger.lines()[0]["pictures"][0]["file"]["facts"]["width"], 1024);
    // What goes wrong ends with a code, a cause and a cure.
    easel.odd(Odd::Policy);
    let declined = place.run(&["art", "ask", &id, "something rude"]);
    assert!(declined.code == 5 && declined.err.contains("will not paint this") && declined.err.contains("try: "), "{declined:?}");
    let before = easel.painted().len();
    for (args, code, words) in [
        (&["art", "ask", &id, "x", "--by", "nobody"][..], 4, "there is no painter"),
        (&["art", "ask", &id, "x", "--seed", "7"], 5, "has no seeds"),
        (&["art", "ask", &id, "x", "--background", "transparent"], 5, "gpt-image-2 paints no see-through ground"),
        (&["art", "ask", &id, "x", "--from", "none.png"], 4, "there is no picture none.png"),
        (&["art", "ask", &id, "x", "--from", picture, "--mask", "0,0,9999,9"], 2, "is not inside of the picture"),
        (&["art", "ask", &id, "x", "--no-wait"], 2, "no other juggler is running"),
        (&["art", "ask", &id, "Mickey Mouse"], 11, "mickey mouse"),
        (&["art", "take", "ai-none/1"], 4, "there is no order"),
        (&["art", "stop", call], 5, "it is over already"),
        (&["assist", "ask", &id, "draft", "--by", "images"], 2, "paints, and writes nothing"),
    ] {
        let ran = place.run(args);
        assert!(ran.code == code && format!("{}{}", ran.out, ran.err).contains(words), "{args:?} {ran:?}");
    }
    assert_eq!(easel.painted().len(), before);
    // Nothing of it stands in the journal after it was thrown away but what it cost.
    assert_eq!(place.run(&["art", "drop", call]).code, 11);
    assert_eq!(place.run(&["art", "drop", call, "--yes"]).code, 0);
    assert!(!place.run(&["art", "results", &id]).out.contains(call));
    let calls = place.run(&["assist", "calls", &id, "--json"]).lines();
    assert!(calls.iter().any(|line| line["id"] == call && line["action"] == "paint"), "{calls:?}");
    assert_eq!(market.stop(), 0);
}

#[test]
fn a_tool_of_ones_own_gets_a_sheet_and_its_picture_comes_by_its_path() {
    let place = Place::new();
    let (market, id) = begin(&place, "");
    let sheet = place.run(&["art", "sheet", &id, "a heron with headphones", "--seed", "7"]);
    assert_eq!((sheet.code, sheet.out.trim()), (0, "a heron with headphones --ar 3:4 --seed 7"), "{sheet:?}");
    std::fs::write(place.path().join("mj.png"), crate::support::easel::png(64, 64, 3, true)).unwrap();
    let brought = place.run(&["art", "bring", &id, "mj.png", "--take", "--json"]);
    assert_eq!(brought.code, 0, "{brought:?}");
    assert!(brought.json()["files"][0]["origin"]["ai"]["call"].as_str().unwrap().starts_with("ai-"));
    let results = place.run(&["art", "results", &id, "--json"]).json();
    assert_eq!(
        (&results["works"][0]["order"]["painter"], &results["works"][0]["pictures"][0]["seed"]),
        (&json!("midjourney"), &json!(7))
    );
    // Twice it is the same one, and words are no picture.
    assert_eq!(place.run(&["art", "bring", &id, "mj.png"]).code, 5);
    std::fs::write(place.path().join("words.png"), "no picture at all").unwrap();
    assert_eq!(place.run(&["art", "bring", &id, "words.png"]).code, 2);
    assert_eq!(market.stop(), 0);
}
