//! Judging pairs by keys: blind, shuffled, with the brief in view, into the draft, and on to being paid.

use juggler::domain::check::Verdict;
use juggler::domain::grade::Record;
use juggler::domain::{AiRule, AssignmentId, AssignmentState};
use juggler::engine::api::Request;

use super::Screen;
use super::screen::Hands;
use crate::support::Stage;

/// A market in which every kind of job is to be had.
async fn market() -> Stage {
    Stage::with(juggler::market::Options { jobs: 300, ..Stage::options(7) }).await
}

async fn at_work(stage: &Stage, title: &str, width: u16, height: u16) -> (AssignmentId, Screen) {
    let id = stage.claim(|row| row.title.as_str().contains(title)).await.assignment.id;
    let config = (*stage.config).clone();
    let mut screen = Screen::open(stage.handle.clone(), config, Hands::at(chrono::Utc::now()), width, height).await;
    screen.keys("e").await;
    (id, screen)
}

fn records(text: &str) -> Vec<Record> {
    text.lines().filter_map(Record::read).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pairs_are_judged_blind_and_their_records_pass_the_checks() {
    let stage = market().await;
    let (id, mut screen) = at_work(&stage, "pairs of chatbot answers", 140, 40).await;
    screen.keys("space g").await;
    screen.wait_for("Judge: 0 of 6 done").await;
    let shown = screen.text();
    assert!(shown.contains("judge by") && shown.contains("Judge in this order"), "{shown}");
    assert!(!shown.contains("a:") && !shown.contains("| b"), "no letters: {shown}");
    // Nothing counts before side, rating and reason are there.
    screen.keys("enter").await;
    assert!(screen.sees("First the better one and a rating"), "{}", screen.text());
    let mut sides = Vec::new();
    for n in 1..=6 {
        let left = n % 2 == 1;
        sides.push(left);
        screen.keys(if left { "h 5" } else { "l 6" }).await;
        assert!(screen.sees(if left { "Left  ✓ better" } else { "Right  ✓ better" }), "{}", screen.text());
        screen.write("too short").await;
        screen.keys("enter").await;
        assert!(screen.sees("The reason has 2 of 8 words"), "{}", screen.text());
        screen.write(" but now it quotes the words that decided").await;
        screen.keys("enter").await;
        // The clock of this screen stands still: it went too fast, which is asked about once.
        assert!(screen.sees("Enter again keeps the judgement"), "{}", screen.text());
        screen.keys("enter").await;
        assert!(screen.sees(&format!("Judge: {n} of 6 done")), "{}", screen.text());
    }
    assert!(screen.sees("All are judged and in the draft."), "{}", screen.text());
    screen.keys("esc").await;
    screen.saved().await;
    let draft = stage.assignment(&id).await.draft.unwrap();
    let made = records(draft.text.as_str());
    assert_eq!(made.len(), 6, "{}", draft.text);
    let ids: Vec<&str> = made.iter().map(|record| record.id.as_str()).collect();
    assert!(ids.is_sorted(), "in the order asked for, not in that of judging: {ids:?}");
    let both: std::collections::BTreeSet<&str> = made.iter().map(|record| record.better.word()).collect();
    assert_eq!(both.into_iter().collect::<Vec<_>>(), ["a", "b"], "sides are not letters: {made:?}");
    assert_eq!(draft.shares().typed, draft.shares().total, "every word of it was typed");
    let view = stage.assignment(&id).await;
    let failing: Vec<_> = view.findings.iter().filter(|finding| finding.verdict == Verdict::Fail).collect();
    assert!(failing.is_empty(), "{failing:?}");

    // Opened again, all stands there; one is judged anew, and only its line changes.
    screen.keys("space g").await;
    screen.wait_for("Judge: 6 of 6 done").await;
    screen.keys("n t 4 enter").await;
    screen.keys("enter").await;
    screen.keys("esc").await;
    screen.saved().await;
    let again = records(stage.assignment(&id).await.draft.unwrap().text.as_str());
    let changed = again.iter().zip(&made).filter(|(new, old)| new != old).count();
    assert_eq!((again.len(), changed), (6, 1), "{again:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_size_keeps_answers_and_brief_in_view_and_other_keys_do_nothing() {
    let stage = market().await;
    let (_, mut screen) = at_work(&stage, "pairs of chatbot answers", 80, 24).await;
    screen.keys("space g").await;
    screen.wait_for("Judge: 0 of 6 done").await;
    for (width, height) in [(80, 24), (160, 50), (60, 20), (40, 14), (24, 7), (5, 3)] {
        screen.resize(width, height);
        let text = screen.text();
        if width >= 40 {
            assert!(text.contains("Left") && text.contains("Right") && text.contains("judge by"), "{width}x{height}\n{text}");
        }
    }
    screen.resize(80, 24);
    screen.keys("x 9 0 s u").await;
    assert!(screen.sees("Judge: 0 of 6 done"), "{}", screen.text());
    // A paste into the reason is remembered as one.
    screen.keys("h 3").await;
    screen.paste("these are eight pasted words for a reason").await;
    screen.keys("enter enter").await;
    assert!(screen.sees("Judge: 1 of 6 done"), "{}", screen.text());
    screen.keys("q").await;
    screen.saved().await;
    let hand = stage.handle.ask(Request::Hand).await.unwrap();
    let juggler::engine::api::Reply::Hand(hand) = hand else { panic!() };
    let draft = hand.items[0].draft.clone().unwrap();
    assert_eq!(draft.shares().pasted, draft.shares().total, "{draft:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_scaffold_laid_out_is_not_judged_yet_and_other_jobs_have_no_pairs() {
    let stage = market().await;
    let (_, mut screen) = at_work(&stage, "pairs of chatbot answers", 120, 36).await;
    screen.keys("f").await;
    screen.wait_for("neither is clearly better").await;
    screen.keys("space g").await;
    screen.wait_for("Judge: 0 of 6 done").await;
    screen.keys("esc").await;
    let other = stage.claim(|row| row.kind.as_str() == "tagline" && row.ai == AiRule::Allowed).await.assignment;
    assert_eq!(other.state, AssignmentState::Claimed);
    screen.wait_for("Hand 2").await;
    screen.keys("l").await;
    screen.keys("space g").await;
    assert!(screen.sees("this job wants no pairs judged"), "{}", screen.text());
    stage.end().await;
}
