//! Ten thousand arrivals, removals, changes and keys: an act is never for another job than one that was lit when its key went down.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use juggler::domain::triage::Verdict;
use juggler::domain::{JobKey, Text};
use juggler::engine::api::Request;
use juggler::tui::keymap::Chord;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::Screen;
use super::desk::{Desk, job, source, start};

/// Keys that move, mark, act and change the list; those that act come last.
const KEYS: &[&str] = &[
    "j",
    "j",
    "j",
    "k",
    "k",
    "pgdn",
    "pgup",
    "ctrl-d",
    "g g",
    "G",
    "n",
    "m",
    "m",
    "v",
    "v",
    "esc",
    "*",
    "~",
    "=",
    "1",
    "2",
    "3",
    "4",
    "0",
    "S p",
    "S n",
    "S E",
    "/ f o x enter",
    "/ a esc",
    "w esc",
    "Z",
    "u",
    "U",
];
const ACTS: &[&str] = &["x", "s", "z h", "z o", "z p", "P", ".", "z z"];

/// What is lit: the marked jobs and the stretch, else the job under the cursor.
fn lit(screen: &Screen) -> BTreeSet<JobKey> {
    let feed = &screen.app.model().feed;
    let all: BTreeSet<JobKey> = feed.targets().into_iter().collect();
    // What the screen shows is what the model says.
    if let (true, Some(cursor)) = (feed.marks() == 0, &feed.cursor) {
        let row = feed.row().expect("the cursor's job has a row");
        assert_eq!(row.key, *cursor);
        let shown: String = row.title.as_str().chars().take(8).collect();
        assert!(screen.cursor_line().contains(&shown), "{shown} is lit\n{}", screen.text());
    }
    all
}

async fn life(seed: u64, steps: usize) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let desk = Desk::with(150);
    let (width, height) = [(120, 30), (160, 34), (80, 24)][usize::try_from(seed % 3).unwrap()];
    let mut screen = desk.screen(width, height).await;
    let mut next = 1000;
    for step in 0..steps {
        match rng.random_range(0..10) {
            0..3 => {
                let arrive = (0..rng.random_range(0..3)).map(|_| {
                    next += 1;
                    let mut new = job(next);
                    new.posted_at = Some(start() + TimeDelta::seconds(rng.random_range(-7000..5)));
                    if rng.random_bool(0.3) {
                        new.title = Text::title("#same Tag forty photographs");
                        new.reward = job(0).reward;
                    }
                    new
                });
                let arrive = arrive.collect();
                let vanish = (0..rng.random_range(0..3)).map(|_| {
                    JobKey::of(&source(), &format!("j{}", if rng.random_bool(0.5) { rng.random_range(0..150) } else { next }))
                });
                desk.poll(arrive, vanish.collect());
                if rng.random_bool(0.5) {
                    screen.settle().await;
                }
            }
            3..8 => screen.keys(KEYS.choose(&mut rng).unwrap()).await,
            _ => act(&desk, &mut screen, ACTS.choose(&mut rng).unwrap(), (seed, step)).await,
        }
        screen.outside.clear();
    }
    assert!(screen.app.model().feed.local.is_empty(), "every act was answered");
}

async fn act(desk: &Desk, screen: &mut Screen, keys: &str, at: (u64, usize)) {
    screen.settle().await;
    let lit = lit(screen);
    let grouped = screen.app.model().feed.view.group;
    let before = desk.state.lock().unwrap().asked.len();
    // The keys of one act in one go: what arrives between them must not matter.
    for key in keys.split_whitespace() {
        screen.key(key.parse::<Chord>().unwrap().event());
    }
    screen.settle().await;
    let state = desk.state.lock().unwrap();
    for request in &state.asked[before..] {
        let Request::Triage { keys, verdict } = request else { continue };
        if matches!(verdict, Verdict::Seen { on: true }) {
            continue;
        }
        for key in keys {
            // A row that stands for several is lit for all of them.
            let title = |key: &JobKey| state.feed.get(key).map(|job| job.title.clone());
            let stands = || grouped && lit.iter().any(|other| title(other) == title(key));
            assert!(lit.contains(key) || stands(), "{at:?}: {key} was not lit, {} were", lit.len());
        }
    }
}

#[tokio::test]
async fn no_act_is_for_a_job_that_was_not_lit() {
    for seed in 0..6 {
        life(seed, 400).await;
    }
}

/// All ten thousand steps; a minute or two: `cargo test --test it ten_thousand -- --ignored`.
#[tokio::test]
#[ignore = "the long one"]
async fn ten_thousand_steps() {
    for seed in 100..110 {
        life(seed, 1000).await;
    }
}
