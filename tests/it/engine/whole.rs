//! The main job through the engine, against the practice market.

use juggler::domain::View;
use juggler::domain::submission::SubmissionState;
use juggler::domain::triage::Verdict;
use juggler::domain::{AssignmentState, Text};
use juggler::engine::api::{Reply, Request};
use juggler::error::Class;
use juggler::feed::Anchor;
use juggler::market::Fault;

use crate::support::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn claim_make_check_submit_get_paid() {
    let mut stage = Stage::start(7).await;
    let view = stage.claim(|row| row.kind.as_str() == "tagline").await;
    let id = view.assignment.id.clone();
    assert_eq!(view.assignment.state, AssignmentState::Claimed);
    assert!(view.assignment.deadline.is_some(), "the platform's own deadline");
    stage.make(&id).await;
    stage.submit(&id).await;
    let mut view = stage.until(&id, |state| state.is_over() || state == AssignmentState::RevisionAsked).await;
    for _ in 0..6 {
        if view.assignment.state != AssignmentState::RevisionAsked {
            break;
        }
        assert!(!view.assignment.feedback.is_empty(), "a revision comes with a reason");
        let text = format!("{}\n", view.draft.clone().unwrap().text);
        let words: Vec<&str> = text.lines().rev().collect();
        let request = Request::SaveDraft {
            assignment: id.clone(),
            text: Text::own(&words.join("\n")),
            files: Vec::new(),
            cause: Default::default(),
            origins: None,
        };
        stage.ask(request).await;
        stage.submit(&id).await;
        view = stage.until(&id, |state| state.is_over() || state == AssignmentState::RevisionAsked).await;
    }
    let totals = stage.market.totals();
    assert_eq!(u64::from(stage.market.effects(id.native())), u64::from(view.submission.unwrap().attempt));
    if view.assignment.state == AssignmentState::Paid {
        let Reply::Earnings(earnings) = stage.ask(Request::Earnings).await else { panic!() };
        let paid = earnings.figures[0].all.paid.minor;
        assert_eq!(paid, totals.paid_net, "to the cent");
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_changed_are_not_agreed_to() {
    let stage = Stage::start(3).await;
    let key = stage.jobs().await[0].key.clone();
    stage.ask(Request::ClaimTerms { key: key.clone() }).await;
    let failure = stage.try_ask(Request::Claim { key, agreed: "something else".to_owned() }).await.unwrap_err();
    assert_eq!(failure.class, Class::Confirm);
    assert_eq!(stage.market.totals().submitted, 0);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn triage_is_undone_across_restarts_and_the_feed_is_kept() {
    let mut stage = Stage::start(4).await;
    let before = stage.jobs().await;
    let victim = before[2].key.clone();
    stage.ask(Request::Triage { keys: vec![victim.clone()], verdict: Verdict::Hide { on: true } }).await;
    stage.restart().await;
    let view = View::of("is:away").unwrap();
    let Reply::Jobs { jobs, .. } = stage.ask(Request::Jobs { view: view.clone(), limit: 9 }).await else { panic!() };
    assert_eq!(jobs.iter().map(|row| &row.key).collect::<Vec<_>>(), [&victim]);
    stage.ask(Request::Undo).await;
    let Reply::Jobs { jobs, .. } = stage.ask(Request::Jobs { view, limit: 9 }).await else { panic!() };
    assert!(jobs.is_empty());
    stage.ask(Request::Redo).await;
    stage.ask(Request::Undo).await;
    assert_eq!(stage.try_ask(Request::Undo).await.unwrap_err().class, Class::Refused);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_is_looked_up_and_nothing_is_sent_twice() {
    let mut stage = Stage::start(5).await;
    let id = stage.claim(|row| row.kind.as_str() == "caption" || row.kind.as_str() == "tagline").await.assignment.id;
    stage.make(&id).await;
    stage.market.faults().next("POST", "/submit", 1, Fault::ResetAfter);
    stage.submit(&id).await;
    let view = stage.until(&id, |state| state != AssignmentState::Submitting).await;
    let submission = view.submission.unwrap();
    assert_eq!((submission.state, submission.sends), (SubmissionState::Acked, 1), "found by reading, not by sending");
    assert_eq!(stage.market.effects(id.native()), 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_lost_is_sent_again_under_the_same_key() {
    let mut stage = Stage::start(6).await;
    let id = stage.claim(|row| row.kind.as_str() == "caption" || row.kind.as_str() == "tagline").await.assignment.id;
    stage.make(&id).await;
    stage.market.faults().next("POST", "/submit", 1, Fault::ResetBefore);
    stage.submit(&id).await;
    let view = stage.until(&id, |state| state != AssignmentState::Submitting).await;
    let submission = view.submission.unwrap();
    assert_eq!((submission.state, submission.sends), (SubmissionState::Acked, 2));
    assert_eq!(stage.market.effects(id.native()), 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_whose_answer_is_lost_is_found_on_the_platforms_list() {
    let mut stage = Stage::start(8).await;
    let jobs = stage.jobs().await;
    stage.market.faults().next("POST", "/claim", 1, Fault::ResetAfter);
    let failure = stage.claim_key(&jobs[0].key).await.unwrap_err();
    assert_eq!(failure.class, Class::Unknown, "{failure:?}");
    let found = loop {
        let Reply::Hand(hand) = stage.ask(Request::Hand).await else { panic!() };
        if let Some(view) = hand.items.into_iter().next() {
            break view;
        }
        stage.events.recv().await.ok();
    };
    assert_eq!(found.assignment.job.key, jobs[0].key);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_keep_to_their_job_while_jobs_pour_in() {
    let stage = Stage::with(juggler::market::Options {
        seed: 9,
        jobs: 200,
        rate: "200".parse().unwrap(),
        requests_per_minute: 60_000,
        ..Default::default()
    })
    .await;
    let anchor = stage.jobs().await[40].key.clone();
    for _ in 0..20 {
        stage.ask(Request::Poll { source: None }).await;
        let request = Request::Window { view: View::default(), anchor: Anchor::Job(anchor.clone()), height: 20, margin: 5 };
        let Reply::Window(rows) = stage.ask(request).await else { panic!() };
        let open = rows.rows.iter().any(|row| row.key == anchor);
        if open {
            assert_eq!(rows.rows[rows.anchor - rows.start].key, anchor);
        }
        assert!(rows.rows.len() <= 30);
    }
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platform_begun_anew_gets_no_work_made_for_another_job() {
    let mut stage = Stage::with(juggler::market::Options { rivals: false, ..Stage::options(12) }).await;
    let first = stage.claim(|row| row.kind.as_str() == "tagline").await.assignment;
    stage.make(&first.id).await;
    // It forgets everything and counts its assignments from one again.
    let addr = stage.market.addr();
    stage.market.stop().await;
    let options = juggler::market::Options { addr, rivals: false, ..Stage::options(12) };
    stage.market = juggler::market::serve(options).await.unwrap();
    let other = stage.jobs().await.into_iter().find(|row| row.kind.as_str() == "caption").unwrap().key;
    let failure = stage.claim_key(&other).await.unwrap_err();
    assert_eq!(failure.class, Class::Platform, "{failure:?}");
    let kept = stage.assignment(&first.id).await.assignment;
    assert_eq!((kept.job.key, kept.deadline), (first.job.key, first.deadline), "the old one is as it was");
    let refused = stage.try_ask(Request::SubmitTerms { assignment: first.id.clone() }).await.unwrap_err();
    assert_eq!(refused.class, Class::Refused, "{refused:?}");
    assert_eq!(stage.market.totals().submitted, 0);
    stage.end().await;
}
