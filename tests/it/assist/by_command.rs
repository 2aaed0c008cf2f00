//! Assistants by commands alone: a job is found, drafted by a model, checked, and its account is told.

use serde_json::{Value, json};

use super::stand_in::openai;
use super::{Script, StandIn};
use crate::cli::Place;

const MARKET: &[&str] = &["--seed", "7", "--speed", "20000", "--jobs", "60", "--rate", "0"];

/// A market, an assistant that says this, and a claimed job whose rule for AI is one of these.
fn begin(place: &Place, server: &StandIn, rules: &[&str]) -> (crate::cli::place::Market, String) {
    let market = place.with_market(MARKET);
    let assistant = format!(
        "\n[[assistant]]\nname = \"cloud\"\nkind = \"openai\"\nbase_url = \"{}\"\nmodel = \"tiny\"\nprice_input = \"2.50 USD\"\n\
         price_output = \"10 USD\"\n",
        server.url()
    );
    let config = std::fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&(config + &assistant));
    let rows = place.run(&["jobs", "--poll", "--json", "--limit", "200"]).lines();
    let fits = |row: &&Value| rules.iter().any(|rule| row["ai"] == *rule) && row["kind"] != "art";
    let claimed = rows.iter().filter(fits).find_map(|row| {
        let ran = place.run(&["claim", row["key"].as_str().unwrap(), "--yes", "--json"]);
        (ran.code == 0).then(|| ran.json()["assignment"]["id"].as_str().unwrap().to_owned())
    });
    (market, claimed.expect("a job that can be claimed"))
}

#[test]
fn a_rewrite_is_asked_for_applied_and_accounted_for() {
    let (place, server) = (Place::new(), StandIn::always(Script::events(&openai(&["A calmer ", "second line"]))));
    let (market, id) = begin(&place, &server, &["allowed", "disclose"]);
    std::fs::write(place.path().join("draft.txt"), "First line\nSecond line!!!\n").unwrap();
    assert_eq!(place.run(&["draft", &id, "--set", "draft.txt"]).code, 0);
    let asked = place.run(&["assist", "ask", &id, "rewrite", "calmer", "--lines", "2"]);
    assert!(asked.code == 0 && asked.out == "A calmer second line\n", "{asked:?}");
    assert!(asked.err.contains("tokens 40 in, 6 out; $0.00016"), "{asked:?}");
    assert!(place.run(&["draft", &id]).out.contains("Second line!!!"), "nothing is put in by itself");
    let applied = place.run(&["assist", "ask", &id, "rewrite", "calmer", "--lines", "2", "--apply", "--json"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    let lines = applied.lines();
    assert_eq!((&lines[0]["ended"], &lines[0]["text"]), (&json!("done"), &json!("A calmer second line")));
    assert_eq!(lines[1]["text"], "First line\nA calmer second line\n");
    assert!(lines[1]["origins"].to_string().contains("\"ai\""), "{}", lines[1]);
    let calls = place.run(&["assist", "calls", &id, "--json"]).lines();
    assert_eq!(calls.len(), 2);
    assert_eq!((&calls[0]["action"], &calls[0]["ended"], &calls[0]["kept"]), (&json!("rewrite"), &json!("done"), &json!(true)));
    let answer = place.run(&["assist", "answer", calls[1]["id"].as_str().unwrap()]);
    assert_eq!((answer.code, answer.out.as_str()), (0, "A calmer second line\n"));
    let desk = place.run(&["assist", "desk", &id]);
    assert!(desk.out.contains("$0.00032 on this job") && desk.out.contains("rework") && desk.out.contains("2 uses"), "{desk:?}");
    // What is said wrong is said back, and nobody is asked.
    let before = server.requests().len();
    for (args, code, words) in [
        (&["assist", "ask", &id, "rewrite"][..], 2, "rewrite it how?"),
        (&["assist", "ask", &id, "submit"], 2, "it is one of draft, alternatives"),
        (&["assist", "ask", &id, "draft", "--by", "clod"], 4, "did you mean \"cloud\"?"),
        (&["assist", "ask", &id, "draft", "--template", "mend"], 4, "no template \"mend\" serves"),
        (&["assist", "ask", &id, "shorten", "--lines", "9"], 2, "the draft has no line 9"),
        (&["assist", "decide", &id, "maybe"], 2, "it is one of allowed"),
        (&["assist", "answer", "ai-none"], 4, "there is no answer"),
    ] {
        let ran = place.run(args);
        assert!(ran.code == code && ran.err.contains(words), "{args:?} {ran:?}");
    }
    assert_eq!(server.requests().len(), before);
    assert_eq!(market.stop(), 0);
}

#[test]
fn a_job_for_people_is_closed_to_commands_and_a_decision_only_tightens() {
    let (place, server) = (Place::new(), StandIn::always(Script::events(&openai(&["words"]))));
    let (market, id) = begin(&place, &server, &["human_only"]);
    for args in [&["assist", "ask", &id, "draft"][..], &["assist", "ask", &id, "draft", "--yes", "--apply"]] {
        let ran = place.run(args);
        assert!(ran.code == 5 && ran.err.contains("no AI is allowed on this job"), "{ran:?}");
    }
    let decided = place.run(&["assist", "decide", &id, "allowed"]);
    assert!(decided.code == 5 && decided.err.contains("never looser"), "{decided:?}");
    let desk = place.run(&["assist", "desk", &id, "--json"]).json();
    assert_eq!(desk["ruling"]["rule"], "human_only");
    assert!(desk["actions"].as_array().unwrap().iter().all(|action| action["closed"] != ""), "{desk}");
    assert!(server.requests().is_empty());
    assert_eq!(market.stop(), 0);
}

#[test]
fn templates_of_ones_own_are_listed_and_mistakes_in_them_told() {
    let place = Place::new();
    place.write_config("");
    let listed = place.run(&["assist", "templates", "--json"]);
    assert!(listed.code == 0 && listed.lines().iter().any(|line| line["name"] == "rework"), "{listed:?}");
    let folder = place.config_file().parent().unwrap().join("prompts");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        folder.join("x.toml"),
        "name = \"x\"\ntitle = \"X\"\nactions = [\"fly\"]\nsystem = \"\"\ntask = \"\"\nwith = []\n",
    )
    .unwrap();
    let broken = place.run(&["assist", "templates"]);
    assert!(broken.code == 3 && broken.err.contains("x.toml") && broken.err.contains("fly"), "{broken:?}");
}
