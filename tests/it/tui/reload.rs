//! The config file changes under an open screen: theme, keys and sources are taken in; a bad file is told and stays in sight.

use std::sync::Arc;

use juggler::engine::{self, Polling};

use super::Screen;
use super::desk::start;
use super::screen::Hands;
use crate::support::watched::{inbox, load};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_and_sources_are_taken_in_and_a_bad_file_stays_in_sight() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    let base = format!("[general]\ntheme = \"mono\"\n{}", inbox(dir.path(), "a"));
    std::fs::write(&file, &base).unwrap();
    let config = load(dir.path());
    let running = engine::start(Arc::new(config.clone()), Polling::Always).unwrap();
    let mut screen = Screen::open(running.handle(), config, Hands::at(start()), 80, 24).await;
    screen.wait_for("a job of a").await;
    assert!(screen.has_colour(), "the test brought its own theme");

    // Screen and engine read one file, and that is one message.
    let more = inbox(dir.path(), "b");
    let keys = "[keys.feed]\n\"f7\" = \"feed.star\"\n";
    std::fs::write(&file, format!("{base}{more}{keys}").replace("mono", "dark")).unwrap();
    screen
        .wait_until("one message of both", |screen| {
            let text = screen.text();
            ["config:", "1 source added", "theme changed", "keys changed"].iter().all(|part| text.contains(part))
        })
        .await;
    assert_eq!(screen.text().matches("config:").count(), 1, "{}", screen.text());
    screen.wait_for("a job of b").await;
    screen.keys("f7").await;
    screen.wait_for("★").await;

    // A bad file: said with the place and the cure, and it stays in sight; the keys of the last good one go on.
    std::fs::write(&file, format!("{base}{more}{keys}").replace("mono", "drak")).unwrap();
    screen.wait_for("did you mean \"dark\"?").await;
    screen.clock.pass(chrono::TimeDelta::minutes(1));
    screen.app.tick();
    screen.wait_until("the mark alone", |screen| !screen.sees("did you mean") && screen.sees("config.toml:2:1")).await;
    screen.keys("f7").await;
    screen.wait_until("unstarred", |screen| !screen.sees("★")).await;
    // Asked for, it is told again.
    screen.keys(":").await;
    screen.write("reload\n").await;
    screen.wait_for("did you mean \"dark\"?").await;

    // Keys that are ambiguous make it a bad file, too.
    std::fs::write(&file, format!("{base}{more}[keys.feed]\n\"f7\" = \"no.such\"\n")).unwrap();
    screen.wait_for("no.such").await;
    screen.wait_until("a mark of the keys", |screen| screen.text().lines().any(|line| line.starts_with(" ✗"))).await;

    // Mended.
    std::fs::write(&file, format!("{base}{more}")).unwrap();
    screen.wait_for("config: ").await;
    screen.wait_until("no mark", |screen| !screen.text().lines().any(|line| line.starts_with(" ✗"))).await;
    screen.keys(":").await;
    screen.clock.pass(chrono::TimeDelta::minutes(1));
    screen.write("reload\n").await;
    screen.wait_for("nothing has changed in the config file").await;
    running.stop().await;
}
