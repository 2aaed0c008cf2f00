//! The filter as it is typed: what it finds, what it completes, where it is wrong, and how it is left.

use juggler::domain::JobKey;
use juggler::engine::api::Request;

use super::desk::{Desk, job, start};

#[tokio::test]
async fn escape_puts_back_exactly_what_was_there() {
    let desk = Desk::with(200);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("pgdn pgdn j j j m j m k").await;
    screen.rest().await;
    let before = screen.text();
    let (cursor, marked) = (screen.app.model().feed.cursor.clone(), screen.app.model().feed.marked.clone());
    screen.keys("/").await;
    screen.write("kind:art fox").await;
    assert!(!screen.sees("taglines"), "{}", screen.text());
    screen.keys("esc").await;
    assert_eq!(screen.text(), before);
    let feed = &screen.app.model().feed;
    assert_eq!((&feed.cursor, &feed.marked), (&cursor, &marked));
}

#[tokio::test]
async fn the_cursor_stays_on_its_job_while_it_fits_and_else_goes_to_the_first() {
    let desk = Desk::with(300);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("pgdn pgdn pgdn").await;
    // The first jobs of the market come round again every six.
    while !screen.cursor_line().contains("fox") {
        screen.keys("j").await;
    }
    let key = screen.app.model().feed.cursor.clone().unwrap();
    screen.keys("/").await;
    for letter in ["f", "o", "x"] {
        screen.keys(letter).await;
        assert_eq!(screen.app.model().feed.cursor.as_ref(), Some(&key));
    }
    assert!(screen.cursor_line().contains("fox"));
    screen.keys("enter").await;
    assert_eq!(screen.app.model().feed.cursor.as_ref(), Some(&key));
    screen.keys("/ ctrl-u").await;
    screen.write("zzz").await;
    assert!(screen.sees("No job here fits"));
    screen.keys("ctrl-u").await;
    screen.write("kind:chat").await;
    assert!(screen.cursor_line().contains("#3 "), "the list begins at its beginning\n{}", screen.text());
}

#[tokio::test]
async fn a_mistake_is_pointed_at_and_enter_does_nothing() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("/").await;
    screen.write("fox paay>=2 x").await;
    let text = screen.text();
    let lines: Vec<&str> = text.lines().collect();
    let typed = lines.iter().position(|line| line.contains("filter: fox paay")).unwrap();
    let caret = lines[typed - 1].find('^').expect(&text);
    assert_eq!(lines[typed].find("paay"), Some(caret), "{text}");
    assert!(lines[typed - 1].contains("pay"), "the nearest field is named: {}", lines[typed - 1]);
    screen.keys("enter").await;
    assert!(screen.sees("filter: fox paay"), "half a query is not taken");
    screen.keys("esc").await;
    assert!(!screen.sees("filter:") && screen.sees("taglines"));
}

#[tokio::test]
async fn an_unfinished_value_counts_as_a_beginning_and_is_no_mistake() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("s").await;
    screen.rest().await;
    // What is typed behind the field, letter by letter: there are jobs for every beginning of it, and none is a mistake.
    for (field, value, seen, unseen) in [
        ("kind:", "ta", "taglines", "fox"),
        ("(kind:", "ar", "fox", "taglines"),
        ("kind:art,", "ta", "taglines", "dialogues"),
        ("source:", "pr", "taglines", "No job"),
        ("requester:", "bri", "taglines", "No job"),
        ("requester:", "\"brightcup l", "taglines", "No job"),
        ("title:", "\"catchy tagl", "taglines", "fox"),
        ("is:", "st", "#0 ", "#1 "),
        ("ai:", "al", "#0 ", "#1 "),
        ("pay", ">=", "taglines", "No job"),
        ("kind:tagline pay", ">=4.U", "taglines", "fox"),
        ("kind:tagline mins", "<=9mi", "taglines", "fox"),
        ("kind:tagline expires", "<2", "taglines", "fox"),
        ("kind:tagline ", "-", "taglines", "fox"),
        ("", "/taglines fo", "taglines", "fox"),
        ("", "/tagl[a-", "taglines", "fox"),
    ] {
        screen.keys("/ ctrl-u").await;
        screen.write(field).await;
        for letter in value.chars() {
            screen.write(&letter.to_string()).await;
            let text = screen.text();
            assert!(!text.contains('^') && !text.contains("No job here fits"), "{field}{value} at {letter}\n{text}");
        }
        // The peek still shows the job before.
        let text = screen.text();
        let rows: String = text.lines().skip(3).take_while(|line| !line.contains("Peek")).collect();
        assert!(rows.contains(seen) && !rows.contains(unseen), "{field}{value}\n{text}");
        screen.keys("esc").await;
    }
}

#[tokio::test]
async fn enter_keeps_what_is_shown_and_points_at_what_is_unfinished() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("/").await;
    screen.write("kind:ta").await;
    assert!(screen.sees("taglines"));
    screen.keys("enter").await;
    // No kind is called so: it stays a beginning. One that is a kind is that kind.
    assert!(screen.sees("/kind:ta*") && screen.sees("taglines") && !screen.sees("fox"), "{}", screen.text());
    screen.keys("/ ctrl-u").await;
    screen.write("kind:tagline").await;
    screen.keys("enter").await;
    assert!(screen.sees("/kind:tagline ") && screen.sees("taglines"), "{}", screen.text());
    screen.keys("/ ctrl-u").await;
    screen.write("kind:tagline pay>").await;
    assert!(screen.sees("taglines") && !screen.sees("needs a value"), "{}", screen.text());
    screen.keys("enter").await;
    assert!(screen.sees("needs a value") && screen.sees("filter: kind:tagline pay>"), "{}", screen.text());
    screen.keys("backspace backspace backspace backspace").await;
    screen.keys("enter").await;
    assert!(screen.sees("taglines") && !screen.sees("filter:") && !screen.sees("fox"), "{}", screen.text());
}

#[tokio::test]
async fn completions_come_with_their_meaning_and_are_taken_by_tab() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("/").await;
    screen.write("kin").await;
    assert!(screen.sees("kind of work"), "{}", screen.text());
    screen.keys("tab").await;
    assert!(screen.sees("filter: kind:"), "{}", screen.text());
    screen.write("ta").await;
    screen.keys("tab").await;
    assert!(screen.sees("filter: kind:tagline"), "{}", screen.text());
    assert!(screen.sees("Five catchy taglines") && !screen.sees("fox"), "{}", screen.text());
    screen.keys("shift-tab").await;
    assert!(screen.sees("filter: kind:ta") && !screen.sees("filter: kind:tagline"), "back to what was typed\n{}", screen.text());
    assert_eq!(desk.asked(|r| matches!(r, Request::Known)), 1, "the words of the feed are asked for once");
}

#[tokio::test]
async fn what_was_typed_before_comes_back_with_up() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    for words in ["fox", "kind:chat", "fox"] {
        screen.keys("/ ctrl-u").await;
        screen.write(words).await;
        screen.keys("enter").await;
    }
    screen.keys("/ ctrl-u").await;
    screen.write("ca").await;
    screen.keys("up").await;
    assert!(screen.sees("filter: fox"));
    screen.keys("up").await;
    assert!(screen.sees("filter: kind:chat") && screen.sees("dialogues"), "{}", screen.text());
    screen.keys("down down").await;
    assert!(screen.sees("filter: ca"), "{}", screen.text());
}

#[tokio::test]
async fn when_nothing_has_the_words_the_letters_are_told() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("/").await;
    screen.write("tglns").await;
    assert!(screen.sees("nearest letters") && screen.sees("taglines"), "{}", screen.text());
    screen.keys("enter").await;
    assert!(screen.sees("nearest letters") && screen.sees("/tglns"), "{}", screen.text());
}

#[tokio::test]
async fn a_count_that_grows_says_how_far_it_is() {
    let desk = Desk::with(60);
    desk.state.lock().unwrap().counting = Some(40);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("/").await;
    screen.write("fox").await;
    assert!(screen.sees("≈ 10 … 40 %"), "{}", screen.text());
    let asked = desk.asked(|r| matches!(r, Request::Window { .. }));
    // Asked for again by itself, ten times a second at most.
    assert_eq!(screen.app.wake_at().unwrap() - screen.clock.now(), chrono::TimeDelta::milliseconds(100));
    desk.state.lock().unwrap().counting = None;
    screen.rest().await;
    assert!(desk.asked(|r| matches!(r, Request::Window { .. })) > asked);
    assert!(screen.sees("10 jobs") && !screen.sees("40 %"), "{}", screen.text());
}

#[tokio::test]
async fn every_field_is_a_key_away() {
    let desk = Desk::with(10);
    let mut screen = desk.screen(80, 24).await;
    for key in ["f1", "ctrl-/", "ctrl-_"] {
        screen.keys("/").await;
        screen.keys(key).await;
        assert!(screen.sees("How to ask") && screen.sees("pay>=0.50"), "{key}\n{}", screen.text());
        screen.keys("down down down esc").await;
        assert!(screen.sees("filter:") && !screen.sees("How to ask"));
        screen.keys("esc").await;
    }
}

#[tokio::test]
async fn arrivals_come_into_the_filter_that_is_being_typed() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("/").await;
    screen.write("fox").await;
    let mut new = job(601);
    new.posted_at = Some(start());
    desk.poll(vec![new], Vec::new());
    screen.wait_for("#601 ").await;
    assert!(screen.sees("11 jobs"), "{}", screen.text());
    assert_eq!(screen.app.model().feed.cursor, Some(JobKey::from("practice:j601")), "the first of the list");
}

#[tokio::test]
async fn what_it_looks_like() {
    let desk = Desk::with(60);
    for (width, height) in [(80, 24), (120, 40), (160, 50)] {
        let mut screen = desk.screen(width, height).await;
        screen.keys("/").await;
        screen.write("fox ki").await;
        screen.keys("tab").await;
        super::shots::shot(&format!("query_{width}x{height}"), &screen.text());
        screen.keys("ctrl-u").await;
        screen.write("raincoat requster:x").await;
        super::shots::shot(&format!("mistake_{width}x{height}"), &screen.text());
    }
}
