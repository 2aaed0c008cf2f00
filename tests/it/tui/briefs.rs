//! `brief:` on the screen, over a real engine and a real store: what is found shows while it is found, and Esc ends it.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use juggler::config::{Config, SourceConfig};
use juggler::domain::SourceName;
use juggler::engine::api::{Reply, Request};
use juggler::engine::{self, Handle, Polling};

use super::Screen;
use super::desk::start;
use super::screen::Hands;

const JOBS: usize = 8_000;

/// Every brief is long, and every hundredth has the word near its end.
fn inbox(dir: &std::path::Path) -> Config {
    let mut text = String::new();
    for n in 0..JOBS {
        let filler = "Warm and short, and no puns on beans, please. ".repeat(120);
        let word = if n % 100 == 7 { "watercolour" } else { "crayon" };
        let job = serde_json::json!({ "id": n.to_string(), "title": format!("#{n} a job"), "brief": format!("{filler}{word}") });
        writeln!(text, "{job}").unwrap();
    }
    std::fs::write(dir.join("jobs.jsonl"), text).unwrap();
    let mut config = crate::support::config(dir);
    config.sources.push(SourceConfig::inbox(SourceName::new("mine"), dir.join("jobs.jsonl")));
    config
}

async fn store_answers(handle: &Handle) -> u64 {
    let Reply::Store(view) = handle.ask(Request::Store).await.unwrap() else { panic!() };
    view.jobs
}

/// Ticks that the store's thread has worked so far. There is one store in this process.
fn worked() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
    let stats = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("stat")).ok());
    let store = stats.filter(|stat| stat.contains("(juggler-store)"));
    store
        .map(|stat| {
            stat.rsplit_once(')').unwrap().1.split_whitespace().skip(11).take(2).map(|n| n.parse::<u64>().unwrap()).sum::<u64>()
        })
        .sum()
}

#[test]
fn escape_ends_the_search_and_the_stores_work() {
    // A process of its own: the work of other stores would be counted too.
    let this = std::env::current_exe().unwrap();
    let arguments = ["--exact", "tui::briefs::escape_ends_it_here", "--ignored", "--nocapture"];
    let ran = std::process::Command::new(this).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(ran.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by escape_ends_the_search_and_the_stores_work"]
async fn escape_ends_it_here() {
    let dir = tempfile::tempdir().unwrap();
    let config = inbox(dir.path());
    let engine = engine::start(Arc::new(config.clone()), Polling::OnRequest).unwrap();
    let handle = engine.handle();
    handle.ask(Request::Poll { source: None }).await.unwrap();
    assert_eq!(store_answers(&handle).await, JOBS as u64, "all are written");
    let mut screen = Screen::open(handle.clone(), config, Hands::at(start()), 120, 30).await;
    screen.wait_for(&format!("#{} a job", JOBS - 1)).await;
    // The whole search, once: how much work it is, and that it finds.
    let before = worked();
    search(&mut screen, "brief:watercolour").await;
    screen.keys("enter").await;
    screen
        .wait_until("all of them", |screen| {
            let feed = &screen.app.model().feed;
            feed.counting.is_none() && feed.total == JOBS / 100
        })
        .await;
    let whole = worked() - before;
    assert!(screen.sees("#107 a job") && whole > 10, "{whole} ticks of work\n{}", screen.text());
    screen.keys("esc").await;
    screen.wait_until("the list before", |screen| screen.app.model().feed.total == JOBS).await;
    // Another, and Esc as soon as it says that it is under way.
    screen.keys("g g j j j").await;
    let cursor = screen.app.model().feed.cursor.clone();
    let before = worked();
    search(&mut screen, "brief:crayon").await;
    screen.wait_until("a count that grows", |screen| screen.app.model().feed.counting.is_some_and(|percent| percent < 80)).await;
    screen.keys("esc").await;
    screen.wait_until("the list before", |screen| screen.app.model().feed.total == JOBS).await;
    assert_eq!(screen.app.model().feed.cursor, cursor, "the cursor is where it was");
    // What was on its way is answered by now; nothing follows.
    store_answers(&handle).await;
    let at_escape = worked();
    tokio::time::sleep(Duration::from_millis(500)).await;
    store_answers(&handle).await;
    let after = worked() - at_escape;
    assert!(at_escape - before < whole, "{} of {whole} ticks before Esc", at_escape - before);
    assert!(after <= 3, "{after} of {whole} ticks after Esc");
    assert!(screen.sees(&format!("#{} a job", JOBS - 1)) && screen.app.model().feed.counting.is_none(), "{}", screen.text());
    engine.stop().await;
}

async fn search(screen: &mut Screen, words: &str) {
    screen.keys("/").await;
    screen.paste(words).await;
}
