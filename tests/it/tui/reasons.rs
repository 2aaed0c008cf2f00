//! Why, what came and went, rules, alerts, and what goes to the clipboard.

use juggler::domain::job::Met;
use juggler::domain::listing::Costs;
use juggler::domain::{Alert, AlertKind, Bundle, Job, Query, Text};
use juggler::engine::api::{FitLine, Peek, Request, RuleView, Seen, Sighting, What};

use super::desk::{Desk, job, start};
use super::triage::key;

fn told(job: Job) -> Peek {
    let text = |label: &str, value: &str| (Text::title(label), Text::title(value));
    let line = |what: &str, met: Met, why: &str| FitLine { what: Text::title(what), met, why: Text::title(why) };
    Peek {
        row: super::desk::row(&job, &juggler::domain::Book::default()),
        job: None,
        rate_why: vec![
            text("pay after fees", "$16.20"),
            text("time", "40 min, by the requester's estimate; yours took 1.3 times as long"),
            text("chance to be approved", "92 % (23 of 25 here)"),
        ],
        fit_why: vec![
            line("language: English", Met::Yes, "in your profile"),
            line("country: GB", Met::No, "your profile says DE"),
            line("qualification: Illustrator II", Met::Unknown, "your profile does not tell"),
        ],
        barred: Some(Text::title("open to workers in GB only")),
        signs: Vec::new(),
        history: vec![text("first seen", "11:20"), text("seen", "4 times"), text("reopened", "once, at 11:52")],
    }
}

#[tokio::test]
async fn the_reasons_are_a_key_away() {
    let desk = Desk::with(60);
    {
        let mut state = desk.state.lock().unwrap();
        state.told = Some(told(job(1)));
        state.fits.insert(key(1), (34, true));
        state.fits.insert(key(0), (81, false));
    }
    let mut paid = job(1);
    paid.requirements = vec![juggler::domain::job::Requirement {
        kind: Text::title("stake"),
        text: Text::title("a stake of $2"),
        met: Met::Unknown,
    }];
    desk.poll(vec![paid], Vec::new());
    for (width, height) in [(80, 24), (120, 40), (160, 50)] {
        let mut screen = desk.screen(width, height).await;
        screen.keys("j").await;
        screen.rest().await;
        assert!(screen.cursor_line().contains('⊘'), "{}", screen.text());
        super::shots::shot(&format!("judged_{width}x{height}"), &screen.text());
        screen.keys("w").await;
        assert!(screen.sees("open to workers in GB only") && screen.sees("Expected rate: about"), "{}", screen.text());
        super::shots::shot(&format!("why_{width}x{height}"), &screen.text());
        for _ in 0..30 {
            screen.keys("j").await;
        }
        for words in ["✗ country: GB", "✓ language: English", "a stake: money put down", "once, at 11:52"] {
            assert!(screen.sees(words), "{words} on\n{}", screen.text());
        }
        screen.keys("esc").await;
        assert!(!screen.sees("Expected rate:"));
    }
    assert!(Costs::of(desk.state.lock().unwrap().feed.get(&key(1)).unwrap()).has(Costs::STAKE));
}

#[tokio::test]
async fn what_came_and_went_and_the_rules() {
    let desk = Desk::with(10);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("g l").await;
    assert!(screen.sees("Nothing came or went"));
    screen.keys("esc g r").await;
    assert!(screen.sees("[[rule]]"), "{}", screen.text());
    screen.keys("esc").await;
    {
        let mut state = desk.state.lock().unwrap();
        let seen = |n: u32, what| Sighting { at: start(), key: key(n), title: Text::title("A fox"), what };
        state.sightings = vec![seen(1, Seen::Vanished), seen(2, Seen::Reopened), seen(3, Seen::Appeared)];
        state.rules = vec![RuleView {
            name: Text::title("good art"),
            query: Query::parse("kind:art pay>=5").unwrap(),
            actions: Text::title("alert, star"),
            fired_today: 3,
            last_fired: None,
            resting: Some(Text::title("quiet hours until 08:00")),
        }];
    }
    screen.keys("g l").await;
    assert!(screen.sees("✗ vanished") && screen.sees("↻ reopened") && screen.sees("+ appeared"), "{}", screen.text());
    screen.keys("esc g r").await;
    for words in ["good art  alert, star  3 today", "kind:art pay>=5", "rests: quiet hours until 08:00"] {
        assert!(screen.sees(words), "{words} on\n{}", screen.text());
    }
}

#[tokio::test]
async fn alerts_are_counted_until_they_are_read() {
    let desk = Desk::with(10);
    let mut screen = desk.screen(100, 30).await;
    let alert = |n: u32| {
        let title = format!("a fox in a raincoat {n}");
        Alert::new(AlertKind::Rule, &title, &n.to_string(), start()).body("$18.00 at practice").about(&key(1)).by("good art")
    };
    let bundle = Bundle { alerts: (1..=3).map(alert).collect(), ..Bundle::default() };
    desk.tell(What::Alert { bundle });
    screen.wait_for("a fox in a raincoat 1 · $18.00 at practice").await;
    assert!(screen.sees("! 3 alerts ga reads"), "{}", screen.text());
    screen.keys("g a").await;
    assert!(screen.sees("Messages") && !screen.sees("3 alerts"), "{}", screen.text());
    assert_eq!(desk.asked(|r| matches!(r, Request::AlertsSeen)), 1);
    screen.keys("esc").await;
    // Read on another terminal, they are read here as well.
    desk.tell(What::Alert { bundle: Bundle { alerts: vec![alert(4)], ..Bundle::default() } });
    screen.wait_for("! 1 alert ").await;
    desk.tell(What::AlertsSeen);
    screen.settle().await;
    assert!(!screen.sees("! 1 alert"), "{}", screen.text());
}

#[tokio::test]
async fn parts_of_a_job_go_to_the_clipboard_and_bad_links_do_not() {
    let desk = Desk::with(0);
    let mut good = job(1);
    good.url = Some(Text::title("https://market.example/jobs/1"));
    let mut bad = job(2);
    bad.url = Some(Text::title("https://bank.example@evil.example/"));
    desk.poll(vec![good, bad], Vec::new());
    let mut screen = desk.screen(120, 30).await;
    screen.keys("n O").await;
    assert!(screen.sees("market.example · https://market.example/jobs/1"), "{}", screen.text());
    screen.outside.clear();
    screen.keys("j y u").await;
    assert!(screen.outside.is_empty() && screen.sees("it has a user's name before the host"), "{}", screen.text());
}

#[tokio::test]
async fn the_peek_follows_once_the_cursor_rests_and_is_asked_for_once() {
    let desk = Desk::with(30);
    let mut screen = desk.screen(100, 30).await;
    let peeks = |desk: &Desk| desk.asked(|r| matches!(r, Request::Peek { .. }));
    screen.rest().await;
    assert_eq!(peeks(&desk), 1);
    screen.keys("j j j j").await;
    assert!(screen.sees("│ #0 Five catchy"), "it stays where the cursor rested\n{}", screen.text());
    assert_eq!(peeks(&desk), 1);
    screen.rest().await;
    assert!(screen.sees("│ #4 Captions"), "{}", screen.text());
    assert_eq!(peeks(&desk), 2);
    desk.state.lock().unwrap().no_peeks = true;
    screen.keys("j").await;
    for _ in 0..5 {
        screen.rest().await;
    }
    assert_eq!(peeks(&desk), 3, "what was refused is not asked for again and again");
    assert!(screen.sees("│ #5 Label"), "what the row tells is shown");
}
