//! Commands of the person's own, by key and from the palette: what they are handed, and what becomes of what they say.

use std::time::Duration;

use juggler::config::section::command::{OwnInput, OwnOutput, OwnPlace};
use juggler::config::{Config, OwnCommand};
use juggler::tui::keymap::Keymap;

use super::Screen;
use super::desk::{Desk, config, start};
use super::screen::Hands;

fn own(name: &str, key: &str, script: &str) -> OwnCommand {
    OwnCommand {
        name: name.to_owned(),
        key: Some(key.to_owned()),
        argv: ["sh", "-c", script].map(str::to_owned).to_vec(),
        input: OwnInput::Job,
        at: vec![OwnPlace::Feed, OwnPlace::Hand],
        output: OwnOutput::Show,
        limit: Duration::from_secs(20),
        terminal: false,
    }
}

fn with(commands: Vec<OwnCommand>) -> Config {
    Config { commands, ..config() }
}

async fn open(commands: Vec<OwnCommand>) -> (Screen, Desk) {
    let desk = Desk::with(30);
    let screen = Screen::open(desk.handle.clone(), with(commands), Hands::at(start()), 100, 30).await;
    (screen, desk)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_is_handed_the_job_and_nothing_of_ours() {
    let dir = tempfile::tempdir().unwrap();
    let kept = dir.path().join("in.json");
    let script =
        format!("cat > {}; echo heard; printf 'a\\033[31mb\\n'; env | grep -c -E '^(JUGGLER|CARGO)'; true", kept.display());
    let (mut screen, _desk) = open(vec![own("look", "f5", &script)]).await;
    let key = screen.app.model().feed.row().unwrap().key.clone();
    screen.keys("f5").await;
    screen.wait_for("look · Esc closes").await;
    let text = screen.text();
    assert!(text.contains("heard") && !text.contains('\x1b'), "{text}");
    assert!(text.lines().any(|line| line.trim_matches(['│', ' ']) == "0"), "no variable of ours went along:\n{text}");
    let handed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(kept).unwrap()).unwrap();
    assert_eq!((handed["version"].as_u64(), handed["command"].as_str()), (Some(1), Some("look")));
    assert_eq!(handed["job"]["key"].as_str(), Some(key.as_str()));
    screen.keys("esc").await;
    assert!(!screen.sees("Esc closes"));
    // In the palette and in the help by its name; places without a command are not there.
    screen.keys(":").await;
    screen.write("look").await;
    assert!(screen.sees("Your own: sh -c") && screen.sees("f5"), "{}", screen.text());
    screen.keys("esc ?").await;
    screen.write("own").await;
    assert!(screen.sees("look") && !screen.sees("Your command"), "{}", screen.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_that_may_follow_are_told_by_the_name_it_has() {
    let (mut screen, _desk) = open(vec![own("look closer", "f5 l", "true")]).await;
    screen.rest().await;
    screen.keys("f5").await;
    screen.clock.pass(chrono::TimeDelta::milliseconds(260));
    screen.app.tick();
    screen.settle().await;
    assert!(screen.sees("look closer") && !screen.sees("Your command"), "{}", screen.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_is_told_and_a_slow_one_is_stopped() {
    let quick = own("bad", "f5", "echo first >&2; echo 'no such word' >&2; exit 3");
    let slow = OwnCommand { limit: Duration::from_millis(200), ..own("slow", "f6", "sleep 60") };
    let none = OwnCommand { argv: vec!["/no/such/program".into()], ..own("none", "f7", "") };
    let elsewhere = OwnCommand { at: vec![OwnPlace::Hand], ..own("elsewhere", "f8", "true") };
    let (mut screen, _desk) = open(vec![quick, slow, none, elsewhere]).await;
    screen.keys("f5").await;
    screen.wait_for("exit code 3: no such word").await;
    screen.clock.pass(chrono::TimeDelta::minutes(1));
    screen.keys("f6").await;
    screen.wait_for("it did not end within 200ms").await;
    screen.clock.pass(chrono::TimeDelta::minutes(1));
    screen.keys("f7").await;
    screen.wait_for("No such file").await;
    screen.clock.pass(chrono::TimeDelta::minutes(1));
    screen.keys(":").await;
    screen.write("elsewhere\n").await;
    screen.wait_for("cannot be used here").await;
}

#[test]
fn a_key_that_is_taken_is_refused() {
    for (key, says) in [("x", "is feed.hide in the feed already"), ("g", "begins other keys in the feed"), ("hyper-q", "")] {
        let failure = Keymap::of(&with(vec![own("look", key, "true")])).unwrap_err();
        assert!(failure.what.contains("the command look") && failure.what.contains(says), "{failure:?}");
        assert!(!failure.hint.is_empty());
    }
    let two = Keymap::of(&with(vec![own("look", "f5", "true"), own("see", "f5", "true")])).unwrap_err();
    assert!(two.what.contains("f5"), "{two:?}");
    // Freed, it is the command's.
    let freed = vec![("feed".to_owned(), "x".to_owned(), String::new()), ("hand".to_owned(), "x".to_owned(), String::new())];
    let map = Keymap::of(&Config { keys: freed, ..with(vec![own("look", "x", "true")]) });
    assert!(map.is_ok(), "{map:?}");
}

/// One step, taken back by one undo; and the history says who wrote it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_says_is_the_draft_and_undo_takes_it_back() {
    let upper = OwnCommand {
        input: OwnInput::Draft,
        output: OwnOutput::Draft,
        at: vec![OwnPlace::Hand],
        ..own("upper", "f5", "sed 's/^{\"text\":\"\\([^\"]*\\)\".*/\\1/' | tr a-z A-Z")
    };
    let market =
        juggler::market::serve(juggler::market::Options { speed: 1, ..crate::support::Stage::options(3) }).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut config = crate::support::config(dir.path());
    config.sources.push(juggler::config::SourceConfig {
        base_url: Some(format!("http://{}/v1", market.addr())),
        key: juggler::config::KeyFrom::Given(juggler::config::Secret::new(market.api_key())),
        ..juggler::config::SourceConfig::of(juggler::domain::SourceName::new("practice"), "practice")
    });
    config.commands = vec![upper];
    let running = juggler::engine::start(std::sync::Arc::new(config.clone()), juggler::engine::Polling::OnRequest).unwrap();
    let handle = running.handle();
    let id = claim(&handle).await;
    let mut screen = Screen::open(handle.clone(), config, Hands::at(chrono::Utc::now()), 120, 30).await;
    screen.keys("e i").await;
    screen.write("five small words of text").await;
    screen.keys("esc f5").await;
    screen.wait_for("FIVE SMALL WORDS OF TEXT").await;
    screen.saved().await;
    let reply = handle.ask(juggler::engine::api::Request::Assignment { id }).await.unwrap();
    let juggler::engine::api::Reply::Assignment(view) = reply else { panic!() };
    let draft = view.draft.unwrap();
    assert_eq!(draft.text.as_str().trim_end(), "FIVE SMALL WORDS OF TEXT");
    assert_eq!(serde_json::to_value(&draft).unwrap()["cause"], "program", "{draft:?}");
    screen.keys("u").await;
    screen.wait_until("the text before", |screen| screen.sees("five small words") && !screen.sees("FIVE SMALL")).await;
    running.stop().await;
    market.stop().await;
}

async fn claim(handle: &juggler::engine::Handle) -> juggler::domain::AssignmentId {
    use juggler::engine::api::{Reply, Request};
    handle.ask(Request::Poll { source: None }).await.unwrap();
    let jobs = Request::Jobs { view: juggler::domain::View::default(), limit: 50 };
    let Reply::Jobs { jobs, .. } = handle.ask(jobs).await.unwrap() else { panic!() };
    for job in jobs.into_iter().filter(|job| !job.kind.as_str().contains("art")) {
        let Ok(Reply::Terms(terms)) = handle.ask(Request::ClaimTerms { key: job.key.clone() }).await else { continue };
        if let Ok(Reply::Assignment(view)) = handle.ask(Request::Claim { key: job.key, agreed: terms.digest }).await {
            return view.assignment.id;
        }
    }
    panic!("nothing could be claimed")
}
