//! The key is nowhere but where the person put it, and nothing a platform says reaches a terminal or a file as it came.

use std::path::{Path, PathBuf};

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::Place;

/// Escapes, bells, bidirectional overrides, invisible and C1 characters.
const HOSTILE: &str = "x\u{1b}]0;title\u{7}\u{1b}[31m\u{202e}y\u{200b}\u{9b}2J\u{2066}z";

fn files(at: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(at).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}

/// Nothing in it steers a terminal or hides.
fn is_harmless(text: &str) -> bool {
    !text.chars().any(|c| {
        (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

#[test]
fn the_key_is_nowhere_but_where_it_was_put() {
    let place = Place::new();
    let market = place.with_market(&["--seed", "7", "--speed", "20000", "--jobs", "60", "--rate", "0"]);
    let mut said = Vec::new();
    let mut run = |args: &[&str]| {
        let mut command = place.command(args);
        let output = command.env("JUGGLER_LOG", "trace").output().unwrap();
        said.push((
            args.join(" "),
            format!("{:?} {:?}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
        ));
        output
    };
    let jobs = run(&["jobs", "--poll", "--json", "--limit", "200"]);
    let rows = String::from_utf8(jobs.stdout).unwrap();
    let key = rows
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|row| row["kind"] == "tagline")
        .map(|row| row["key"].as_str().unwrap().to_owned())
        .find(|key| run(&["claim", key, "--yes"]).status.success())
        .expect("something to claim");
    for args in [
        &["show", &key][..],
        &["show", &key, "--raw"],
        &["draft", &key, "--scaffold"],
        &["check", &key],
        &["submit", &key, "--yes"],
        &["hand", "--all", "--json"],
        &["outbox", "--json"],
        &["sources", "--json"],
        &["sources", "test", "practice", "--json"],
        &["doctor", "--json"],
        &["config", "show", "--json"],
        &["events", "--json"],
        &["earnings", "--json"],
        &["store", "verify"],
        &["store", "backup", "backup.jsonl"],
    ] {
        run(args);
    }
    drop(market);
    let secret = std::fs::read_to_string(place.path().join("practice.key")).unwrap();
    run(&["jobs", "--poll"]);
    assert!(secret.trim().len() > 20);
    for (command, words) in &said {
        assert!(!words.contains(secret.trim()), "juggler {command}: {words}");
    }
    let raw = said.iter().find(|(command, _)| command.ends_with("--raw")).unwrap();
    assert!(raw.1.contains(r#"{\"claim\":"#) || raw.1.contains("claim"), "{raw:?}");
    let mut all = Vec::new();
    files(place.path(), &mut all);
    assert!(
        all.iter().any(|file| file.ends_with("money.jsonl")) && all.iter().any(|file| file.to_string_lossy().contains("logs/"))
    );
    for file in all.iter().filter(|file| !file.ends_with("practice.key")) {
        let bytes = std::fs::read(file).unwrap();
        let found = bytes.windows(secret.trim().len()).any(|window| window == secret.trim().as_bytes());
        assert!(!found, "the key is in {}", file.display());
    }
}

#[test]
fn what_a_platform_says_is_scrubbed_wherever_it_shows() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let answer = |body| ResponseTemplate::new(200).set_body_json(body);
        let job = json!({ "id": "j1", "name": HOSTILE, "text": HOSTILE, "who": HOSTILE, "kind": HOSTILE });
        let odd = json!({ "id": "j2", "about": HOSTILE });
        let bad = json!({ "error": HOSTILE, "message": HOSTILE });
        for (verb, at, reply) in [
            ("GET", "/jobs", answer(json!({ "jobs": [job, odd] }))),
            ("GET", "/jobs/j1", answer(job.clone())),
            ("POST", "/jobs/j1/claim", ResponseTemplate::new(409).set_body_json(bad)),
        ] {
            Mock::given(method(verb)).and(path(at)).respond_with(reply).mount(&server).await;
        }
        server
    });
    let place = Place::new();
    let recipes = place.config_file().parent().unwrap().join("platforms");
    std::fs::create_dir_all(&recipes).unwrap();
    let recipe = format!(
        "name = \"odd\"\ntitle = \"Odd\"\nbase_url = \"{}\"\n\n[errors]\ncode = \"$.error\"\nmessage = \"$.message\"\n\n\
         [calls.jobs]\npath = \"/jobs\"\nitems = \"$.jobs[*]\"\n\n[calls.job]\npath = \"/jobs/{{{{ job.id }}}}\"\n\n\
         [calls.claim]\nmethod = \"POST\"\npath = \"/jobs/{{{{ job.id }}}}/claim\"\n\n\
         [map.job]\nid = \"$.id\"\ntitle = \"$.name\"\nbrief = \"$.text\"\nrequester_name = \"$.who\"\nkind = \"$.kind\"\n\n\
         [map.assignment]\nid = \"$.id\"\n",
        server.uri()
    );
    std::fs::write(recipes.join("odd.toml"), recipe).unwrap();
    place.write_config("[[source]]\nname = \"odd\"\nrecipe = \"odd\"\n");
    for args in [
        &["sources", "test", "odd"][..],
        &["jobs", "--poll"],
        &["jobs", "--json"],
        &["show", "odd:j1"],
        &["show", "odd:j1", "--json"],
        &["claim", "odd:j1", "--yes"],
        &["claim", "odd:j1", "--yes", "--json"],
        &["show", "odd", "--raw"],
        &["show", "odd", "--raw", "--json"],
        &["sources", "--json"],
        &["store", "verify"],
    ] {
        let ran = place.run(args);
        assert!(is_harmless(&ran.out) && is_harmless(&ran.err), "{args:?}: {ran:?}");
        if args[0] == "jobs" {
            assert!(ran.code == 0 && ran.out.contains("odd:j1") && ran.out.contains("<RLO>"), "{ran:?}");
        }
        if args.contains(&"--raw") {
            assert!(ran.code == 0 && ran.out.contains("u202e"), "{ran:?}");
        }
    }
    let mut all = Vec::new();
    files(&place.path().join(".local"), &mut all);
    for file in all.iter().filter(|file| file.extension().is_some_and(|kind| kind == "jsonl" || kind == "log")) {
        let text = String::from_utf8(std::fs::read(file).unwrap()).expect("a journal is text");
        assert!(is_harmless(&text), "{}", file.display());
    }
}
