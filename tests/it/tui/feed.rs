//! The feed as people use it: views, orders, groups, marks, snoozes, blocks, reasons, and the first moments.

use chrono::TimeDelta;
use juggler::domain::job::Met;
use juggler::domain::listing::Costs;
use juggler::domain::triage::{Verdict, Wake};
use juggler::domain::{Asset, Block, Job, JobKey, Money, Query, Text, View};
use juggler::engine::api::{AlertBundle, FitLine, Peek, Request, Rows, RuleView, Seen, Sighting, What};
use juggler::tui::message::Effect;
use juggler::tui::model::LastWindow;

use super::desk::{Desk, job, start};

fn key(n: u32) -> JobKey {
    JobKey::from(format!("practice:j{n}").as_str())
}

/// The acts of triage that were asked for, but for looking.
fn acts(desk: &Desk) -> Vec<(Vec<JobKey>, Verdict)> {
    let state = desk.state.lock().unwrap();
    let acts = state.asked.iter().filter_map(|request| match request {
        Request::Triage { keys, verdict } if !matches!(verdict, Verdict::Seen { on: true }) => Some((keys.clone(), *verdict)),
        _ => None,
    });
    acts.collect()
}

/// A desk whose first jobs are all the same but for their keys.
fn alike(n: u32) -> Desk {
    let desk = Desk::with(0);
    let jobs = (0..n).map(|i| {
        let mut one = job(i);
        one.title = Text::title(if i % 10 < 6 { "Tag forty photographs" } else { "Draw a fox" });
        one.reward = job(0).reward;
        one
    });
    desk.poll(jobs.collect(), Vec::new());
    desk
}

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
async fn a_row_stands_for_identical_jobs_and_an_act_is_for_all_of_them() {
    let desk = alike(30);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("n =").await;
    assert!(screen.sees("×18 Tag forty photographs") && screen.sees("×12 Draw a fox"), "{}", screen.text());
    while !screen.cursor_line().contains("fox") {
        screen.keys("j").await;
    }
    screen.keys("x").await;
    let (keys, _) = acts(&desk).pop().unwrap();
    assert_eq!(keys.len(), 12);
    assert!(keys.iter().all(|key| desk.state.lock().unwrap().feed.get(key).unwrap().title.as_str() == "Draw a fox"));
    assert!(screen.sees("did it to 12 job(s)") && !screen.sees("Draw a fox"), "{}", screen.text());
    // Marks count jobs, not rows.
    screen.keys("m").await;
    assert!(screen.sees("18 marked"), "{}", screen.text());
    screen.keys("m").await;
    assert!(!screen.sees(" marked "), "{}", screen.text());
    screen.keys("v s").await;
    assert_eq!(acts(&desk).pop().unwrap().0.len(), 18);
    screen.keys("=").await;
    assert!(screen.sees("every job by itself") && !screen.sees("×18"));
}

#[tokio::test]
async fn a_stretch_follows_the_cursor_and_acts_on_what_is_lit() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("j j v j j j k").await;
    assert!(screen.sees("stretch 3"), "{}", screen.text());
    screen.keys("x").await;
    assert_eq!(acts(&desk), vec![(vec![key(2), key(3), key(4)], Verdict::Hide { on: true })]);
    assert!(!screen.sees("stretch"));
    // Backwards over where it began; Esc lets it go.
    screen.keys("j j v k k k").await;
    assert!(screen.sees("stretch 4"), "{}", screen.text());
    screen.keys("esc s").await;
    assert_eq!(acts(&desk).pop().unwrap().0.len(), 1);
    // Kept as marks it can be added to.
    screen.keys("v j v j j m").await;
    assert!(screen.sees("3 marked"), "{}", screen.text());
}

#[tokio::test]
async fn a_stretch_to_the_end_takes_what_lies_between() {
    let desk = Desk::with(3000);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("j j j v G").await;
    assert!(screen.sees("stretch 2,997"), "{}", screen.text());
    screen.keys("k k").await;
    assert!(screen.sees("stretch 2,995"), "{}", screen.text());
    screen.keys("s").await;
    let (keys, _) = acts(&desk).pop().unwrap();
    assert_eq!(keys.len(), 2995);
    assert!(!keys.contains(&key(2)) && keys.contains(&key(3)) && !keys.contains(&key(2999)));
}

#[tokio::test]
async fn everything_is_marked_turned_round_and_told_where_it_ends() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("/").await;
    screen.write("fox").await;
    screen.keys("enter *").await;
    assert!(screen.sees("10 marked"), "{}", screen.text());
    screen.keys("m ~").await;
    assert!(screen.sees("1 job marked"), "{}", screen.text());
    screen.keys("~ x").await;
    assert_eq!(acts(&desk).pop().unwrap().0.len(), 9);
    screen.keys("u").await;
    screen.keys("esc * esc").await;
    assert_eq!(screen.app.model().feed.marks(), 0);
}

#[tokio::test]
async fn what_could_not_be_done_is_told_and_stays_marked() {
    let desk = Desk::with(60);
    desk.state.lock().unwrap().stubborn = vec![key(2), key(4)];
    let mut screen = desk.screen(160, 30).await;
    screen.keys("v j j j j s").await;
    let text = "did it to 3 job(s); 2 jobs not changed and still marked: \"#2 Turn";
    assert!(screen.sees(text), "{}", screen.text());
    assert!(screen.sees("it is being saved elsewhere (and 1 more)"), "{}", screen.text());
    assert_eq!(screen.app.model().feed.marked, [key(2), key(4)].into());
    desk.state.lock().unwrap().stubborn.clear();
    screen.keys(".").await;
    assert_eq!(acts(&desk).pop(), Some((vec![key(2), key(4)], Verdict::Star { on: true })));
}

#[tokio::test]
async fn the_latest_act_is_repeated_and_money_never() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys(".").await;
    assert!(screen.sees("nothing to repeat yet"));
    screen.keys("z h . .").await;
    let all = acts(&desk);
    let until = start() + TimeDelta::hours(1);
    assert_eq!(all.len(), 3);
    for (n, (keys, verdict)) in all.into_iter().enumerate() {
        assert_eq!(keys, vec![key(u32::try_from(n).unwrap())]);
        assert_eq!(verdict, Verdict::Snooze { until: Some(until) });
    }
    // A star is repeated as a star, not turned over.
    screen.keys("s k .").await;
    assert_eq!(acts(&desk).pop(), Some((vec![key(3)], Verdict::Star { on: true })));
    screen.keys("c y F").await;
    let before = desk.state.lock().unwrap().asked.len();
    screen.keys("esc F d .").await;
    assert!(screen.sees("claiming is never repeated by a key"), "{}", screen.text());
    let state = desk.state.lock().unwrap();
    assert!(!state.asked[before..].iter().any(|r| matches!(r, Request::Claim { .. } | Request::Triage { .. })));
}

#[tokio::test]
async fn snoozing_until_a_time_more_pay_or_another_chance() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("z u").await;
    screen.write("3x").await;
    screen.keys("enter").await;
    assert!(screen.sees("snooze until: 3x") && screen.sees("mon 9:00"), "{}", screen.text());
    screen.keys("backspace h enter").await;
    assert_eq!(acts(&desk).pop().unwrap(), (vec![key(0)], Verdict::Snooze { until: Some(start() + TimeDelta::hours(3)) }));
    screen.keys("z o").await;
    assert_eq!(acts(&desk).pop().unwrap(), (vec![key(1)], Verdict::SnoozeUntil { wake: Wake::Reopens }));
    screen.keys("v j z p").await;
    let paid = |n: u32| desk.state.lock().unwrap().feed.get(&key(n)).unwrap().reward.gross().unwrap();
    let both: Vec<_> = acts(&desk).into_iter().rev().take(2).collect();
    for n in [2, 3] {
        assert!(both.contains(&(vec![key(n)], Verdict::SnoozeUntil { wake: Wake::PaysOver(paid(n)) })), "{both:?}");
    }
    screen.keys("P").await;
    assert_eq!(acts(&desk).pop().unwrap().1, Verdict::Pin { on: true });
    assert!(screen.sees("4 put away: 3"), "{}", screen.text());
    screen.keys("3 z z").await;
    assert_eq!(acts(&desk).pop().unwrap().1, Verdict::Snooze { until: None });
    screen.keys("1 i").await;
    assert!(desk.asked(|r| matches!(r, Request::Triage { verdict: Verdict::Seen { on: true }, .. })) > 0);
}

#[tokio::test]
async fn blocks_are_made_of_a_job_counted_listed_and_lifted() {
    let desk = Desk::with(60);
    let mut screen = desk.screen(120, 30).await;
    screen.keys("b r").await;
    assert!(screen.sees("hide for good: requester:\"Brightcup Ltd\""), "{}", screen.text());
    assert!(screen.sees("hides 60 now"), "{}", screen.text());
    screen.keys("esc").await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Block { .. })), 0);
    screen.keys("b k ctrl-t ctrl-t enter").await;
    let blocks = |desk: &Desk| desk.state.lock().unwrap().blocks.clone();
    let [Block { query, until, from, .. }] = &blocks(&desk)[..] else { panic!("one block") };
    assert_eq!((query.to_string().as_str(), *until), ("kind:tagline", Some(start() + TimeDelta::days(7))));
    assert!(from.as_str().contains("#0 Five catchy"), "{from}");
    screen.keys("b s").await;
    assert!(screen.sees("source:practice"), "{}", screen.text());
    screen.keys("enter b t").await;
    assert!(screen.sees("hide for a week:"), "{}", screen.text());
    screen.keys("esc b w ctrl-u").await;
    screen.write("coff*").await;
    assert!(screen.sees("hides 10 now"), "{}", screen.text());
    screen.keys("enter").await;
    screen.keys("b w ctrl-u enter").await;
    assert!(screen.sees("without a query everything would be hidden"), "{}", screen.text());
    screen.keys("B").await;
    assert!(screen.sees("kind:tagline") && screen.sees("until ") && screen.sees("coff*"), "{}", screen.text());
    super::shots::shot("blocks_120x30", &hide_times(&screen.text()));
    screen.keys("j j x").await;
    assert_eq!(blocks(&desk).len(), 2);
    assert!(!screen.sees("coff*"), "{}", screen.text());
}

/// Days and hours of the person's clock.
fn hide_times(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match line.split_once("until ") {
            Some((head, tail)) => lines.push(format!("{head}until … ·{}", tail.split_once('·').map_or("", |(_, rest)| rest))),
            None => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

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
    let bundle = AlertBundle {
        title: Text::title("rule good art: a fox in a raincoat"),
        body: Text::body("$18.00 at practice"),
        count: 3,
        unread: 3,
        job: Some(key(1)),
        terminal: true,
    };
    desk.tell(What::Alert { bundle });
    screen.wait_for("rule good art: a fox in a raincoat (and 2 more)").await;
    assert!(screen.sees("! 3 alerts ga reads"), "{}", screen.text());
    screen.keys("g a").await;
    assert!(screen.sees("Messages") && !screen.sees("3 alerts"), "{}", screen.text());
    assert_eq!(desk.asked(|r| matches!(r, Request::AlertsSeen)), 1);
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
    let last = LastWindow {
        tab: Text::title("Open"),
        filter: Text::default(),
        view: View::default(),
        rows: Rows { total: 4000, rows, version: 1, ..Rows::default() },
        cursor: Some(key(7)),
        at,
    };
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
    let last = screen.app.last_window().unwrap();
    let text = serde_json::to_string(&last).unwrap();
    let mut again = desk.screen_with(100, 30, Some(serde_json::from_str(&text).unwrap())).await;
    assert!(again.app.last_window().is_none(), "the last session's rows are not this one's");
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
async fn parts_of_a_job_go_to_the_clipboard_and_bad_links_do_not() {
    let desk = Desk::with(0);
    let mut good = job(1);
    good.url = Some(Text::title("https://market.example/jobs/1"));
    let mut bad = job(2);
    bad.url = Some(Text::title("https://bank.example@evil.example/"));
    desk.poll(vec![good, bad], Vec::new());
    let mut screen = desk.screen(120, 30).await;
    screen.keys("n y k y t y b O").await;
    let copied: Vec<String> = screen
        .outside
        .iter()
        .filter_map(|effect| match effect {
            Effect::Clipboard(text) => Some(text.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(copied[0], "practice:j1");
    assert!(copied[1].starts_with("#1 Merch art") && copied[2].starts_with("Brightcup sells"), "{copied:?}");
    assert_eq!(copied[3], "https://market.example/jobs/1");
    assert!(screen.sees("market.example: the link was sent to the terminal's clipboard"), "{}", screen.text());
    screen.outside.clear();
    screen.keys("j y u").await;
    assert!(screen.outside.is_empty() && screen.sees("it has a user's name before the host"), "{}", screen.text());
    assert_eq!(Money::new(100, Asset::USD).to_string(), "$1.00");
}
