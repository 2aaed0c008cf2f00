//! Recipes: the good one, bad ones, and the trial of a source.

use juggler::error::{Class, Failure};
use juggler::platforms::board::recipe::load_recipe;
use juggler::platforms::probe;

use super::*;

fn practice() -> String {
    std::fs::read_to_string("assets/platforms/practice.toml").unwrap()
}

fn load(text: &str) -> Result<(), Failure> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("practice.toml"), text).unwrap();
    load_recipe("practice", dir.path()).map(drop)
}

#[test]
fn the_built_in_recipe_loads() {
    let recipe = load_recipe("practice", Path::new("/nonexistent")).unwrap();
    assert_eq!(recipe.title, "Practice market");
    let abilities = connected("http://127.0.0.1:1").abilities();
    assert!(abilities.claim && abilities.release && abilities.idempotent && abilities.assignments);
    assert!(abilities.payments && abilities.uploads && abilities.stream);
}

#[test]
fn a_recipe_of_ones_own_comes_first() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("practice.toml"), practice().replace("Practice market", "Mine")).unwrap();
    assert_eq!(load_recipe("practice", dir.path()).unwrap().title, "Mine");
}

#[test]
fn bad_recipes_name_file_key_and_cure() {
    let swap = |from: &str, to: &str| {
        let text = practice();
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    for (text, place, why) in [
        (swap("title = \"Practice", "tittle = \"Practice"), "line 8", "unknown field `tittle`"),
        (swap("title = \"$.title\" ", "titel = \"$.title\" "), "map.job.titel", "the nearest is \"title\""),
        (swap("items = \"$.jobs[*]\"", "items = \"$.jobs[\""), "items = \"$.jobs[\"", "is not a JSONPath"),
        (swap("id = \"$.id\"  ", "id = \"id\"  "), "id = \"id\"", "one looks like $.reward.amount"),
        (swap("\"/jobs/{{ job.id }}\"", "\"/jobs/{{ job.id }\""), "/jobs/{{ job.id }", "this template is wrong"),
        (swap("\"/jobs/{{ job.id }}\"", "\"/jobs/{{ job.idd }}\""), "calls.job.path", "undefined"),
        (swap("\"/jobs/{{ job.id }}/claim\"", "\"/jobs/{{ assignment.id }}/claim\""), "calls.claim.path", "it may use"),
        (
            swap("\"text\": {{ submission.text }},", "\"text\": \"{{ submission.text }}\","),
            "calls.submit.send.body",
            "it is not JSON",
        ),
        (swap("header = \"X-API-Key\"", "header = \"X-API-Key\"\nquery = \"api_key\""), "auth.query", "never sent in an address"),
        (swap("as = \"decimal\"", "as = \"epoch\""), "map.job.pay", "use one of decimal, minor, cents"),
        (swap("as = \"decimal\"", "as = \"dollars\""), "pay = {", "unknown variant `dollars`"),
        (swap(", asset = \"$.reward.currency\" }", " }"), "map.job.pay", "needs asset"),
        (swap("asset = \"$.reward.currency\"", "asset = \"GLD\""), "map.job.pay", "[assets]"),
        (swap("closed = \"vanished\"", "closed = \"disappeared\""), "words.job_status.closed", "expected one of"),
        (swap("taken = \"taken\"", "taken = \"lost\""), "taken = \"lost\"", "unknown variant `lost`"),
        (
            swap("[calls.claim]\nmethod = \"POST\"", "[calls.claim]\nmethod = \"SEND\""),
            "method = \"SEND\"",
            "unknown variant `SEND`",
        ),
        (swap("path = \"/payments\"\n", ""), "calls.payments.path", "is missing"),
        (swap("items = \"$.jobs[*]\"\n", ""), "calls.jobs.items", "$.jobs[*]"),
        (swap("style = \"cursor\"", "style = \"spiral\""), "style = \"spiral\"", "unknown variant `spiral`"),
        (swap("id = \"$.id\"  ", "# "), "map.job.id", "required and missing"),
        (swap("name = \"practice\"", "name = \"other\""), "name", "the file is called \"practice\""),
        (swap("127.0.0.1:7777", "me:secret@127.0.0.1:7777"), "base_url", "belong into"),
        (practice().replace("[calls.jobs]", "[calls.jobs"), "(`[calls.jobs`)", "unclosed table"),
    ] {
        let failure = load(&text).unwrap_err();
        assert_eq!(failure.class, Class::Config);
        assert!(failure.what.contains("practice.toml") && failure.what.contains(place), "{place}: {failure:?}");
        assert!(failure.why.contains(why), "{why}: {failure:?}");
        assert!(!failure.hint.is_empty());
    }
}

#[test]
fn missing_recipes_say_where_to_write_them() {
    let dir = tempfile::tempdir().unwrap();
    let failure = load_recipe("practise", dir.path()).unwrap_err();
    assert!(failure.hint.contains("practice"), "{failure:?}");
    let failure = load_recipe("taskfast", dir.path()).unwrap_err();
    assert!(failure.hint.contains("taskfast.toml"), "{failure:?}");
    for odd in ["", "../practice", "a/b", "a.b"] {
        assert_eq!(load_recipe(odd, dir.path()).unwrap_err().class, Class::Config);
    }
}

#[test]
fn a_source_needs_a_usable_address() {
    let mut config = source("");
    for bad in ["nonsense", "ftp://host/", "https://me:pw@host/"] {
        config.base_url = Some(bad.into());
        let failure = connect_with(&config, Path::new("/nonexistent"), patience()).err().unwrap();
        assert!(failure.what.contains("demo") && failure.hint.contains("https://"), "{failure:?}");
    }
}

#[tokio::test]
async fn a_trial_shows_jobs_and_what_does_not_fit() {
    let server = MockServer::start().await;
    let mut odd = summary("j2");
    odd["reward"]["amount"] = json!({ "usd": 1 });
    on(
        &server,
        "GET",
        "/jobs",
        ok(jobs(&[summary("j1"), odd], Value::Null, "")).insert_header("date", "Mon, 23 Nov 2026 04:00:05 GMT"),
    )
    .await;
    on(&server, "GET", "/jobs/j1", ok(summary("j1"))).await;
    on(&server, "GET", "/assignments", ok(json!({ "assignments": [], "next_cursor": null, "has_more": false }))).await;
    on(&server, "GET", "/payments", ResponseTemplate::new(500)).await;
    let trial = probe(&*connected(&server.uri()), now()).await;
    assert!(!trial.is_ok());
    assert_eq!((trial.jobs.len(), trial.skew), (1, Some(5)));
    let calls: Vec<(&str, bool)> = trial.calls.iter().map(|call| (call.call.as_str(), call.ok)).collect();
    assert_eq!(calls, [("jobs", true), ("job", true), ("assignments", true), ("payments", false)]);
    assert!(
        trial.calls[0].unmapped[0].as_str().contains("item /jobs/1: field `pay` (path $.reward.amount): an object with usd"),
        "{trial:?}"
    );
    no_canary(&trial);
    let back: juggler::platforms::Probe = serde_json::from_str(&serde_json::to_string(&trial).unwrap()).unwrap();
    assert_eq!(back, trial);
}
