//! Windows of any size, from one cell to 500×200, under every pane and dialog: nothing panics, what is painted fits, and coming back
//! to the first size shows the first screen. `JUGGLER_TEST_RESIZES=10000` takes so many instead of a few under each.

use juggler::tui::terminal::painter::{Painter, Scrolling};
use rand::{Rng, SeedableRng};

use super::desk::{Desk, assignment, job, start};

/// Keys that open a pane or something on top, and words that are on a screen of 120×36 then.
const PLACES: &[(&str, &str)] = &[
    ("", "? help"),
    ("Z", "? help"),
    ("m j j v j", "stretch"),
    ("o", "n next   o back"),
    ("w", "esc close"),
    ("c", "Claim this job?"),
    ("/ p a y", "filter: pay"),
    ("/ p a y tab", "filter: pay>="),
    ("/ f1", "every field"),
    ("z u", "snooze until:"),
    ("b w", "hide for good:"),
    ("B", "del lift it"),
    ("?", "pgdn page   esc close"),
    ("? s n o", "pgdn page   esc close"),
    (":", "enter choose"),
    (": s n o", "Snooze"),
    (": v i e w space s", "enter choose"),
    ("g l", "esc close"),
    ("g r", "esc close"),
    ("g m", "esc close"),
    ("z", "an hour"),
    ("S", "Newest"),
    ("e", "Editor"),
    ("e i t e x t enter enter t e x t", "esc stop typing"),
    ("e Z", "Editor"),
    ("e b", "Editor"),
    ("e W", "esc close"),
    ("e a", "file to add"),
    ("e X", "enter choose"),
    ("e s", "enter choose"),
    ("e f", "lay-out"),
    ("e /", "Editor"),
    ("e i x esc q", "Leave now?"),
    ("E", "Earnings"),
    ("E Z", "r refresh"),
];

fn resizes() -> usize {
    std::env::var("JUGGLER_TEST_RESIZES").ok().and_then(|n| n.parse().ok()).unwrap_or(10 * PLACES.len())
}

/// Small ones often: that is where there is no room.
fn size(rng: &mut impl Rng) -> (u16, u16) {
    match rng.random_range(0..4) {
        0 => (rng.random_range(1..12), rng.random_range(1..8)),
        1 => (rng.random_range(1..90), rng.random_range(1..30)),
        _ => (rng.random_range(1..=500), rng.random_range(1..=200)),
    }
}

#[tokio::test]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
async fn a_window_of_any_size_shows_every_pane_and_dialog() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
    let (mut done, each) = (0, resizes().div_ceil(PLACES.len()));
    for (keys, words) in PLACES {
        let desk = Desk::with(60);
        desk.state.lock().unwrap().hand = vec![assignment(&job(300), start()), assignment(&job(301), start())];
        let mut screen = desk.screen(120, 36).await;
        screen.keys(keys).await;
        screen.rest().await;
        let before = screen.text();
        assert!(before.contains(words), "{keys:?} does not show {words:?}:\n{before}");
        let mut painter = Painter::new(Scrolling::of("xterm-256color"));
        for _ in 0..each {
            let (width, height) = size(&mut rng);
            screen.resize(width, height);
            screen.settle().await;
            let shown = screen.cells();
            assert_eq!((shown.area.width, shown.area.height), (width, height));
            painter.paint(shown, None);
            done += 1;
        }
        screen.resize(120, 36);
        screen.settle().await;
        assert_eq!(screen.text(), before, "after {keys:?}");
    }
    println!("{done} sizes under {} panes and dialogs", PLACES.len());
    assert!(done >= resizes());
}
