//! What the screen looks like, from 200×60 down to one cell.

use juggler::engine::api::What;

use super::desk::{Desk, assignment, job, start};

/// Wall-clock times depend on the zone of whoever runs the tests.
pub fn shot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("shots");
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !(c.is_ascii_digit() || c == ':')) {
        let (digits, rest) = word.split_at(word.find(|c: char| !(c.is_ascii_digit() || c == ':')).unwrap_or(word.len()));
        let is_clock = digits.len() == 8 && digits.matches(':').count() == 2;
        out.push_str(if is_clock { "HH:MM:SS" } else { digits });
        out.push_str(rest);
    }
    settings.bind(|| insta::assert_snapshot!(name, out));
}

#[tokio::test]
async fn every_size_of_the_feed() {
    for (width, height) in [(200, 60), (160, 50), (120, 36), (80, 24), (60, 20), (40, 12), (39, 9)] {
        let desk = Desk::with(120);
        desk.state.lock().unwrap().hand = vec![assignment(&job(300), start()), assignment(&job(301), start())];
        let mut screen = desk.screen(width, height).await;
        screen.keys("j j s").await;
        screen.rest().await;
        shot(&format!("feed_{width}x{height}"), &screen.text());
    }
}

#[tokio::test]
async fn the_hand_and_the_money() {
    let desk = Desk::with(20);
    desk.state.lock().unwrap().hand = vec![assignment(&job(300), start()), assignment(&job(301), start())];
    for (width, height) in [(200, 60), (80, 24)] {
        let mut screen = desk.screen(width, height).await;
        screen.keys("e").await;
        screen.rest().await;
        shot(&format!("hand_{width}x{height}"), &screen.text());
        screen.keys("E").await;
        screen.rest().await;
        shot(&format!("earnings_{width}x{height}"), &screen.text());
    }
}

#[tokio::test]
async fn what_lies_on_top() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(100, 30).await;
    screen.rest().await;
    screen.keys("c").await;
    shot("confirm", &screen.text());
    screen.keys("esc ?").await;
    shot("help", &screen.text());
    screen.keys("esc :").await;
    screen.write("sno").await;
    shot("palette", &screen.text());
    screen.keys("esc z").await;
    screen.clock.pass(chrono::TimeDelta::milliseconds(260));
    screen.app.tick();
    screen.settle().await;
    shot("whichkey", &screen.text());
    screen.keys("esc o").await;
    shot("brief", &screen.text());
}

#[tokio::test]
async fn without_a_source_it_says_what_to_type() {
    let (requests, mut from) = tokio::sync::mpsc::channel::<juggler::engine::Sent>(8);
    let (events, _) = tokio::sync::broadcast::channel(8);
    tokio::spawn(async move {
        use juggler::engine::api::{Earnings, HandView, Reply, Request, Rows};
        while let Some(sent) = from.recv().await {
            let reply = match sent.request {
                Request::Window { .. } => Reply::Window(Rows::default()),
                Request::Hand => Reply::Hand(HandView { items: Vec::new(), overcommitted: None }),
                Request::Sources => Reply::Sources { sources: Vec::new() },
                Request::Outbox => Reply::Outbox { submissions: Vec::new() },
                _ => Reply::Earnings(Earnings { figures: Vec::new(), goal: None, claims_lost: 0, states: Vec::new() }),
            };
            let _ = sent.reply.send(Ok(reply));
        }
    });
    let mut config = super::desk::config();
    config.sources.clear();
    let handle = juggler::engine::Handle::new(requests, events);
    let clock = super::screen::Hands::at(start());
    let screen = super::Screen::open(handle, config, clock, 80, 24).await;
    shot("start", &screen.text());
}

#[tokio::test]
async fn one_cell_and_back() {
    let desk = Desk::with(50);
    let mut screen = desk.screen(80, 24).await;
    let before = screen.text();
    for (width, height) in [(1, 1), (2, 1), (1, 40), (300, 1), (39, 60), (500, 200), (80, 24)] {
        screen.resize(width, height);
        screen.settle().await;
    }
    assert_eq!(screen.text(), before);
}

#[tokio::test]
async fn nothing_is_drawn_when_nothing_changed() {
    let desk = Desk::with(50);
    let mut screen = desk.screen(80, 24).await;
    screen.settle().await;
    assert!(!screen.app.is_dirty());
    desk.tell(What::Notice { text: "hello".into(), hint: "".into() });
    screen.wait_for("hello").await;
    assert!(!screen.app.is_dirty());
}

#[tokio::test]
async fn without_colour_nothing_is_lost() {
    use juggler::tui::theme::{Depth, Theme};
    let desk = Desk::with(30);
    desk.state.lock().unwrap().hand = vec![assignment(&job(300), start())];
    let mut texts = Vec::new();
    for depth in [Depth::True, Depth::Indexed, Depth::Ansi, Depth::Mono] {
        for light in [false, true] {
            let theme = Theme::new(depth, light);
            let config = super::desk::config();
            let mut screen = super::Screen::themed(desk.handle.clone(), config, desk.clock.clone(), (160, 50), theme).await;
            assert_eq!(screen.has_colour(), depth != Depth::Mono);
            assert!(screen.cursor_line().contains("#0 "), "the cursor is a mark, not a colour");
            screen.keys("j j c").await;
            assert_eq!(screen.has_colour(), depth != Depth::Mono);
            // Bars are drawn in plain characters without colour; everything else reads the same.
            let read = |c: &char| !c.is_whitespace() && !"█▏▎▍▌▋▊▉─#-".contains(*c);
            texts.push(screen.text().chars().filter(read).collect::<String>());
            screen.keys("esc").await;
        }
    }
    assert!(texts.iter().all(|text| *text == texts[0]));
}

#[test]
fn every_state_of_a_job_has_a_glyph_and_a_word() {
    use juggler::domain::job::JobStatus;
    use juggler::domain::{AssignmentState, Book};
    use juggler::tui::pane::feed::state;
    let theme = juggler::tui::theme::Theme::new(juggler::tui::theme::Depth::Mono, false);
    let plain = super::desk::row(&job(1), &Book::default());
    let mut words = std::collections::BTreeSet::new();
    let mut say = |row: &juggler::engine::api::JobRow, gone: bool| {
        let (word, _) = state(row, gone, start(), &theme);
        let glyph = word.chars().next().unwrap();
        assert!(!glyph.is_alphanumeric() || glyph == 'z', "{word}");
        assert!(word.chars().count() >= 3, "{word}");
        words.insert(word);
    };
    say(&plain, false);
    say(&plain, true);
    for status in [JobStatus::Full, JobStatus::Expired, JobStatus::Cancelled] {
        say(&juggler::engine::api::JobRow { status, ..plain.clone() }, false);
    }
    say(&juggler::engine::api::JobRow { reopened: true, ..plain.clone() }, false);
    say(&juggler::engine::api::JobRow { slots_left: Some(1), ..plain.clone() }, false);
    for mine in AssignmentState::ALL {
        say(&juggler::engine::api::JobRow { mine: Some(mine), ..plain.clone() }, false);
    }
    assert_eq!(words.len(), 7 + AssignmentState::ALL.len());
}
