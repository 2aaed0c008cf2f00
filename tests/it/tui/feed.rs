//! The feed's frame: views with their counts, orders, how the list turns, and the first moments of a session.

use chrono::TimeDelta;
use juggler::domain::triage::Verdict;
use juggler::domain::{Query, SourceName, Text, View};
use juggler::engine::api::{Request, Rows, SourceHealth, SourceState, What};
use juggler::tui::model::LastWindow;
use juggler::tui::session::Session;

use super::desk::{Desk, health, job, start};
use super::screen::Screen;
use super::triage::{acts, key};

#[tokio::test]
async fn views_have_numbers_counts_and_names() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("/").await;
    screen.write("kind:art").await;
    screen.keys("enter S p :").await;
    screen.write("view save cheap art").await;
    assert!(screen.sees("Save this view"), "{}", screen.text());
    screen.keys("enter esc").await;
    assert!(screen.sees("view \"cheap art\" saved"), "{}", screen.text());
    assert!(screen.sees("5 cheap art 10"), "{}", screen.text());
    screen.keys("5").await;
    assert!(screen.sees("pay ↓") && screen.sees("fox") && !screen.sees("taglines"), "{}", screen.text());
    screen.keys("0").await;
    assert!(screen.sees("20-page report"), "back in the view before");
    screen.keys("`").await;
    assert!(!screen.sees("20-page report"));
    screen.keys(":").await;
    screen.write("view edit").await;
    screen.keys("enter").await;
    assert!(screen.sees("cheap art: kind:art"), "{}", screen.text());
    screen.keys("ctrl-u").await;
    screen.write("kind:chat").await;
    screen.keys("enter").await;
    assert!(screen.sees("dialogues") && !screen.sees("fox"), "{}", screen.text());
    screen.keys(":").await;
    screen.write("view drop cheap art").await;
    screen.keys("enter").await;
    assert!(screen.sees("forgotten; it was: kind:chat"), "{}", screen.text());
    assert!(!screen.sees("5 cheap") && screen.sees("20-page report"));
    screen.keys("d :").await;
    screen.write("view drop open").await;
    screen.keys("enter").await;
    assert!(screen.sees("only views saved here can be dropped"), "{}", screen.text());
    screen.keys("7").await;
    assert!(screen.sees("there is no view 7"));
    screen.keys(":").await;
    screen.write("view star").await;
    screen.keys("enter").await;
    assert!(screen.sees("Nothing is starred."));
}

#[tokio::test]
async fn many_views_fit_eighty_columns() {
    let desk = Desk::with(60);
    for name in ["cheap art", "everything about cats", "dialogues", "two euros", "tonight"] {
        let query = Query::parse("kind:art").unwrap();
        desk.state
            .lock()
            .unwrap()
            .views
            .push(juggler::domain::NamedView { name: Text::title(name), view: View { query, ..View::default() } });
    }
    let mut screen = desk.screen(80, 24).await;
    for tab in ["1", "4", "6", "9"] {
        screen.keys(tab).await;
        let line = screen.text().lines().nth(2).unwrap().to_owned();
        assert!(line.contains(&format!("{tab} ")), "the view in use is named: {line}");
        assert!(unicode_width::UnicodeWidthStr::width(line.as_str()) <= 80, "{line}");
    }
    screen.keys("1 /").await;
    screen.write("kind:art pay>=1").await;
    screen.keys("enter m").await;
    let line = screen.text().lines().nth(2).unwrap().to_owned();
    assert!(line.contains("1 Open 10") && line.contains("1 marked") && line.contains("/kind:art"), "{line}");
    screen.rest().await;
    super::shots::shot("tabs_80x24", &screen.text());
}

#[tokio::test]
async fn counts_are_asked_for_a_few_times_a_second_at_most() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    let views = |desk: &Desk| desk.asked(|r| matches!(r, Request::Views));
    assert_eq!(views(&desk), 1);
    for n in 0..50 {
        desk.poll(vec![job(500 + n)], Vec::new());
        screen.settle().await;
    }
    assert_eq!(views(&desk), 1, "not while the last answer is young");
    let wake = screen.app.wake_at().unwrap() - screen.clock.now();
    assert!(wake <= TimeDelta::milliseconds(400), "{wake}");
    screen.rest().await;
    assert_eq!(views(&desk), 2);
}

#[tokio::test]
async fn orders_have_levels_and_turn_round() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("S r").await;
    assert!(screen.sees("rate ↓"));
    screen.keys("S P").await;
    assert!(screen.sees("rate ↓ pay ↓"));
    screen.keys("S P").await;
    assert!(screen.sees("rate ↓ pay ↑"));
    screen.keys("S e").await;
    assert!(screen.sees("expiring ↑") && !screen.sees("rate ↓"));
    screen.keys("2 1").await;
    assert!(screen.sees("expiring ↑"), "each view keeps its order");
    screen.keys("S d").await;
    assert!(screen.sees("newest ↓"));
    screen.keys(":").await;
    screen.write("sort rate -pay").await;
    screen.keys("enter").await;
    assert!(screen.sees("rate ↓ pay ↑"), "{}", screen.text());
    screen.keys(":").await;
    screen.write("sort beauty").await;
    screen.keys("enter").await;
    assert!(screen.sees("\"beauty\" is not an order"), "{}", screen.text());
    screen.keys("S").await;
    screen.clock.pass(TimeDelta::milliseconds(300));
    screen.app.tick();
    screen.settle().await;
    assert!(screen.sees("Expected rate") && screen.sees("… then pay"), "{}", screen.text());
}

#[tokio::test]
async fn a_key_says_that_somebody_is_here_once_a_minute() {
    let desk = Desk::with(30);
    let mut screen = desk.screen(100, 30).await;
    let told = |desk: &Desk| desk.asked(|r| matches!(r, Request::Present));
    screen.keys("j j j").await;
    assert_eq!(told(&desk), 1);
    screen.clock.pass(TimeDelta::seconds(59));
    screen.keys("j j").await;
    assert_eq!(told(&desk), 1);
    screen.clock.pass(TimeDelta::seconds(1));
    screen.keys("j j").await;
    assert_eq!(told(&desk), 2);
}

#[tokio::test]
async fn the_last_window_shows_until_the_store_is_open() {
    let desk = Desk::with(60);
    let rows: Vec<_> = (0..40).map(|n| super::desk::row(&job(n), &juggler::domain::Book::default())).collect();
    let at = start() - TimeDelta::hours(2);
    let window = LastWindow {
        tab: Text::title("Open"),
        filter: Text::default(),
        view: View::default(),
        rows: Rows { total: 4000, rows, version: 1, ..Rows::default() },
        cursor: Some(key(7)),
        at,
    };
    let last = Session { window, desk: juggler::tui::session::Desk::default() };
    let mut screen = desk.screen_with(100, 30, Some(last)).await;
    assert!(screen.sees("as of ") && screen.sees("opening the store …"), "{}", screen.text());
    assert!(screen.cursor_line().contains("#7 "));
    assert_eq!(desk.asked(|r| matches!(r, Request::Window { .. })), 0, "nothing is asked of a store that is not open");
    screen.keys("c").await;
    assert!(screen.sees("claiming waits until the store is open"), "{}", screen.text());
    screen.keys("d x x s").await;
    assert!(!screen.sees("#7 ") && !screen.sees("#8 ") && screen.sees("kept until the store is open"), "{}", screen.text());
    assert!(acts(&desk).is_empty() && desk.asked(|r| matches!(r, Request::ClaimTerms { .. })) == 0);
    desk.tell(What::Ready);
    screen.wait_until("the store's rows", |screen| !screen.sees("opening the store")).await;
    let hide = Verdict::Hide { on: true };
    let star = Verdict::Star { on: true };
    assert_eq!(acts(&desk), vec![(vec![key(7)], hide), (vec![key(8)], hide), (vec![key(9)], star)]);
    screen.settle().await;
    assert!(screen.sees("1 Open 58"), "{}", screen.text());
    assert!(!screen.sees("#7 "));
}

#[tokio::test]
async fn a_session_begins_where_the_last_one_ended() {
    let desk = Desk::with(60);
    let query = Query::parse("kind:art").unwrap();
    let named = juggler::domain::NamedView { name: Text::title("art"), view: View { query, ..View::default() } };
    desk.state.lock().unwrap().views.push(named);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("5 S p /").await;
    screen.write("fox").await;
    screen.keys("enter j j").await;
    let (before, cursor) = (screen.text(), screen.app.model().feed.cursor.clone());
    let text = screen.app.session().unwrap().to_string();
    let mut again = desk.screen_with(100, 30, Some(serde_json::from_str(&text).unwrap())).await;
    assert!(again.app.session().is_none(), "the last session's rows are not this one's");
    assert!(again.sees("opening the store") && again.cursor_line().contains("fox"), "{}", again.text());
    desk.tell(What::Ready);
    again.wait_until("the store's rows", |screen| !screen.sees("opening the store")).await;
    again.settle().await;
    assert_eq!(again.app.model().feed.cursor, cursor);
    let feed = |text: &str| text.lines().skip(2).take(12).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(feed(&again.text()), feed(&before));
}

#[tokio::test]
async fn beside_the_peek_the_list_turns_half_a_screen_at_a_time() {
    let desk = Desk::with(200);
    let mut wide = desk.screen(160, 30).await;
    let height = wide.app.model().feed.height;
    let mut tops = Vec::new();
    for _ in 0..60 {
        wide.keys("j").await;
        let feed = &wide.app.model().feed;
        assert!((feed.top..feed.top + feed.height).contains(&feed.at().unwrap()));
        tops.push(feed.top + feed.start);
    }
    tops.dedup();
    assert!(tops.len() <= 1 + 60 / (height / 2), "{tops:?}");
    let mut narrow = desk.screen(120, 30).await;
    narrow.keys("pgdn j j j").await;
    let feed = &narrow.app.model().feed;
    assert!(!feed.paged && feed.at().unwrap() + 3 == feed.top + feed.height, "line by line, two rows ahead");
}

#[tokio::test]
async fn moves_typed_behind_a_jump_count_from_where_it_leads() {
    let desk = Desk::with(2_000);
    let mut screen = desk.screen(100, 30).await;
    let type_at_once = |screen: &mut Screen, keys: &str| {
        for key in keys.split(' ') {
            screen.key(key.parse::<juggler::tui::keymap::Chord>().unwrap().event());
        }
    };
    type_at_once(&mut screen, "G k k");
    screen.settle().await;
    assert!(screen.cursor_line().contains("#1997 "), "{}", screen.text());
    type_at_once(&mut screen, "g g j j j");
    screen.settle().await;
    assert!(screen.cursor_line().contains("#3 "), "{}", screen.text());
    // What is at hand is gone to without a question, so nothing that comes later takes the cursor away.
    let asked = desk.asked(|r| matches!(r, Request::Window { .. }));
    type_at_once(&mut screen, "g g j");
    screen.settle().await;
    assert!(screen.cursor_line().contains("#1 "), "{}", screen.text());
    assert_eq!(desk.asked(|r| matches!(r, Request::Window { .. })), asked);
}

#[tokio::test]
async fn more_sources_than_fit_are_counted_and_those_in_trouble_named() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(120, 30).await;
    for n in 0..500 {
        let state = if n == 417 { SourceState::Down } else { SourceState::Ok };
        let name = SourceName::new(format!("source{n:03}").as_str());
        desk.tell(What::Source { health: Box::new(SourceHealth { name, ..health(state) }) });
    }
    // Together with the one that the desk has.
    screen.wait_for("✗ 1 down  ● 500 ok  │  ✗ source417 down").await;
    assert!(!screen.sees("source416"), "{}", screen.text());
}
