//! Deciding about jobs: groups, stretches, marks, repeats, snoozes and blocks.

use chrono::TimeDelta;
use juggler::domain::triage::{Verdict, Wake};
use juggler::domain::{Block, JobKey, Text};
use juggler::engine::api::Request;

use super::desk::{Desk, job, start};

pub fn key(n: u32) -> JobKey {
    JobKey::from(format!("practice:j{n}").as_str())
}

/// The acts of triage that were asked for, but for looking.
pub fn acts(desk: &Desk) -> Vec<(Vec<JobKey>, Verdict)> {
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
