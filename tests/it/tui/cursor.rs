//! The cursor belongs to a job: whatever arrives or goes, an act is for the job that was highlighted.

use chrono::TimeDelta;
use juggler::domain::JobKey;
use juggler::engine::api::Request;
use juggler::tui::keymap::Chord;
use rand::{Rng, SeedableRng};

use super::Screen;
use super::desk::{Desk, job, start};

fn number(key: &JobKey) -> u32 {
    key.native().trim_start_matches('j').parse().unwrap()
}

#[tokio::test]
async fn a_thousand_arrivals_and_removals_never_move_it() {
    for seed in 0..3 {
        let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let desk = Desk::with(200);
        let mut screen = desk.screen(120, 30).await;
        screen.keys("j j j j ctrl-d ctrl-d").await;
        if seed == 2 {
            screen.keys("S p").await;
            screen.keys("j j j j").await;
        }
        let key = screen.app.model().feed.cursor.clone().unwrap();
        let mut line = screen.text().lines().position(|line| line.contains('▌')).unwrap();
        let mut next = 1000;
        for round in 0..250 {
            let arrive = (0..rng.random_range(0..4))
                .map(|_| {
                    next += 1;
                    let mut job = job(next);
                    job.posted_at = Some(start() + TimeDelta::seconds(rng.random_range(-9000..5)));
                    job
                })
                .collect();
            let vanish = (0..rng.random_range(0..3))
                .map(|_| JobKey::of(&super::desk::source(), &format!("j{}", rng.random_range(0..200))))
                .filter(|gone| *gone != key)
                .collect();
            desk.poll(arrive, vanish);
            screen.settle().await;
            let feed = &screen.app.model().feed;
            assert_eq!(feed.cursor.as_ref(), Some(&key), "seed {seed} round {round}");
            assert!(!feed.gone);
            assert!(screen.cursor_line().contains(&format!("#{} ", number(&key))));
            let here = screen.text().lines().position(|line| line.contains('▌')).unwrap();
            if feed.top > 0 {
                assert_eq!(here, line, "the line under the cursor stays where it is");
            } else {
                // Nothing is left above to scroll in: the list is at its beginning.
                line = here;
            }
        }
        screen.keys("x").await;
        let state = desk.state.lock().unwrap();
        let last = state.asked.iter().rev().find_map(|r| match r {
            Request::Triage { keys, .. } => Some(keys.clone()),
            _ => None,
        });
        assert_eq!(last, Some(vec![key]));
    }
}

#[tokio::test]
async fn arrivals_wait_until_they_are_let_in() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("j j").await;
    let before = screen.text();
    let mut new = job(900);
    new.posted_at = Some(start());
    new.expires_at = Some(start() + TimeDelta::hours(3));
    desk.poll(vec![new], Vec::new());
    screen.wait_for("1 new · press n").await;
    assert!(!screen.sees("#900"));
    assert_eq!(before.lines().nth(6), screen.text().lines().nth(6));
    screen.keys("n").await;
    assert!(screen.cursor_line().contains("#900 "));
    assert!(!screen.sees("new · press"));
}

#[tokio::test]
async fn at_the_top_they_come_in_and_the_cursor_stays_on_its_job() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    let key = screen.app.model().feed.cursor.clone();
    let mut new = job(901);
    new.posted_at = Some(start());
    desk.poll(vec![new], Vec::new());
    screen.wait_for("#901").await;
    assert_eq!(screen.app.model().feed.cursor, key);
    assert!(screen.cursor_line().contains("#0 "));
}

#[tokio::test]
async fn a_job_that_goes_stays_in_sight_until_the_cursor_moves() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("j j j").await;
    let key = screen.app.model().feed.cursor.clone().unwrap();
    desk.poll(Vec::new(), vec![key.clone()]);
    screen.wait_for("✗ gone").await;
    assert!(screen.cursor_line().contains("✗ gone"));
    assert_eq!(screen.app.model().feed.cursor, Some(key.clone()));
    screen.keys("j").await;
    assert!(!screen.sees("✗ gone"));
    assert!(screen.cursor_line().contains(&format!("#{} ", number(&key) + 1)));
}

#[tokio::test]
async fn moving_through_ten_thousand_jobs_needs_few_rows() {
    let desk = Desk::with(3000);
    let mut screen = desk.screen(120, 30).await;
    for _ in 0..40 {
        screen.keys("pgdn").await;
    }
    let feed = &screen.app.model().feed;
    let at = feed.start + feed.at().unwrap();
    assert_eq!(at, 40 * (feed.height - 1));
    assert!(feed.rows.len() <= 500);
    screen.keys("G").await;
    let feed = &screen.app.model().feed;
    assert_eq!(feed.start + feed.at().unwrap(), feed.total - 1);
    screen.keys("g g").await;
    let feed = &screen.app.model().feed;
    assert_eq!((feed.start, feed.at()), (0, Some(0)));
}

#[tokio::test]
async fn triage_shows_at_once_moves_on_and_is_undone() {
    let desk = Desk::with(30);
    let mut screen = desk.screen(120, 30).await;
    let first = screen.app.model().feed.cursor.clone().unwrap();
    screen.key("x".parse::<juggler::tui::keymap::Chord>().unwrap().event());
    screen.draw();
    assert!(!screen.sees("#0 ") && screen.app.pending() > 0, "gone before the engine answered");
    screen.settle().await;
    assert!(screen.cursor_line().contains("#1 "));
    assert!(screen.sees("u undoes"));
    screen.keys("3").await;
    assert!(screen.sees("- hidden"));
    screen.keys("1 u").await;
    assert_eq!(screen.app.model().feed.cursor, Some(first));
    screen.keys("m m x").await;
    let state = desk.state.lock().unwrap();
    assert!(
        matches!(state.asked.iter().rev().find(|r| matches!(r, Request::Triage { .. })), Some(Request::Triage { keys, .. }) if keys.len() == 2)
    );
}

#[tokio::test]
async fn filter_and_order() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("/").await;
    screen.write("fox raincoat").await;
    screen.keys("enter").await;
    assert!(screen.sees("/fox raincoat") && !screen.sees("taglines"));
    screen.keys("/").await;
    screen.write("zzz").await;
    assert!(screen.sees("No job here fits: fox raincoatzzz"));
    screen.keys("esc").await;
    assert!(screen.sees("Merch art"), "escape brings the words before back");
    screen.keys("esc").await;
    assert!(screen.sees("taglines"));
    screen.keys("S p").await;
    assert!(screen.sees("pay ↓"));
    screen.keys("S p").await;
    assert!(screen.sees("pay ↑"));
    screen.keys("S R").await;
    assert!(screen.sees("pay ↑ rate ↓"));
}

#[tokio::test]
async fn the_mouse_points_and_scrolls_and_can_be_off() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    let rect = screen.app.model().hits.feed;
    screen.click(rect.x + 30, rect.y + 4).await;
    assert_eq!(screen.app.model().feed.at(), Some(4));
    screen.mouse(crossterm::event::MouseEventKind::ScrollDown, rect.x + 30, rect.y + 4).await;
    assert_eq!(screen.app.model().feed.at(), Some(7));
    let mut config = super::desk::config();
    config.mouse = false;
    let mut off = super::Screen::open(desk.handle.clone(), config, desk.clock.clone(), 120, 30).await;
    off.click(rect.x + 30, rect.y + 4).await;
    assert_eq!(off.app.model().feed.at(), Some(0));
}

#[tokio::test]
async fn a_mere_move_draws_a_few_rows_and_nothing_else() {
    let desk = Desk::with(400);
    let mut screen = desk.screen(120, 40).await;
    screen.keys("Z").await;
    // What is drawn whole instead is told apart by the screen itself: it compares every patch with the whole frame.
    for (keys, moves) in [("j j j k", 4), ("pgdn pgdn pgup", 3), ("ctrl-d ctrl-u", 2)] {
        let before = screen.patches;
        screen.keys(keys).await;
        assert_eq!(screen.patches - before, moves, "{keys}");
    }
    // The peek stays on the job where the cursor rested.
    screen.keys("Z").await;
    screen.rest().await;
    let before = screen.patches;
    screen.keys("j j").await;
    assert_eq!(screen.patches - before, 2);
    // Marks, messages and filters are whole frames.
    let before = screen.patches;
    screen.keys("m s / f o x enter").await;
    assert_eq!(screen.patches, before);
}

#[tokio::test]
async fn what_scrolls_into_sight_counts_down_from_then_on() {
    let desk = Desk::with(60);
    let mut last = job(1000);
    last.posted_at = Some(start() - TimeDelta::days(2));
    last.expires_at = Some(start() + TimeDelta::seconds(80));
    desk.poll(vec![last], Vec::new());
    let mut screen = desk.screen(120, 30).await;
    screen.keys("Z pgdn pgdn").await;
    let wakes = |screen: &Screen| screen.app.model().changes_at.map(|at| at - screen.clock.now());
    assert!(wakes(&screen).is_none_or(|left| left > TimeDelta::seconds(1)), "{:?}", wakes(&screen));
    screen.key("pgdn".parse::<Chord>().unwrap().event());
    let patch = screen.app.patch().expect("only the cursor moved");
    assert!(patch.rows.iter().any(|row| row.content.iter().map(|cell| cell.symbol()).collect::<String>().contains("#1000")));
    assert!(wakes(&screen).is_some_and(|left| left <= TimeDelta::seconds(1)), "{:?}", wakes(&screen));
}
