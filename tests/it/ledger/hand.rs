//! The hand's order, over-commitment, and the expected rate.

use juggler::domain::assignment::AssignmentState as S;
use juggler::domain::hand::{by_slack, estimate, overcommitment};
use juggler::domain::rate::{Basis, posted};

use super::{assignment, at, book, id, noon, usd, worked};

fn due(n: u32, state: S, deadline: Option<i64>, estimate: u32) -> juggler::domain::Assignment {
    let mut made = assignment(n, state, usd(100), -60);
    made.deadline = deadline.map(at);
    made.job.est_seconds = Some(estimate);
    made
}

#[test]
fn the_tightest_comes_first_and_what_is_done_is_not_in_the_hand() {
    let book = book(
        vec![
            due(1, S::InProgress, Some(1_000), 300),
            due(2, S::Claimed, Some(900), 60),
            due(3, S::Claimed, None, 60),
            due(4, S::Submitted, Some(1), 60),
            due(5, S::RevisionAsked, Some(-10), 600),
        ],
        vec![],
        vec![worked(1, -50, 200)],
    );
    let hand = by_slack(&book, noon());
    assert_eq!(hand.iter().map(|s| s.id.clone()).collect::<Vec<_>>(), [id(5), id(2), id(1), id(3)]);
    assert_eq!((hand[0].left, hand[0].slack), (Some(-10), Some(-610)));
    assert_eq!((hand[2].work_left, hand[2].slack), (100, Some(900)));
}

#[test]
fn taking_on_too_much_is_said_by_how_much() {
    let full = book(vec![due(1, S::Claimed, Some(600), 400), due(2, S::Claimed, Some(700), 300)], vec![], vec![]);
    assert_eq!(overcommitment(&full, None, noon()), None);
    let mut more = assignment(9, S::Claimed, usd(1), 0).job;
    more.est_seconds = Some(200);
    more.claim_ttl = Some(800);
    assert_eq!(overcommitment(&full, Some(&more), noon()), Some(100));
    more.claim_ttl = Some(900);
    assert_eq!(overcommitment(&full, Some(&more), noon()), None);
}

#[test]
fn the_expected_rate_is_net_and_says_what_it_rests_on() {
    let mut job = assignment(1, S::Claimed, usd(200), 0).job;
    assert_eq!((posted(&job), estimate(&job)), (None, 300));
    job.est_seconds = Some(600);
    job.obs_seconds = Some(0);
    let rate = posted(&job).unwrap();
    assert_eq!((rate.hourly, rate.basis, estimate(&job)), (usd(1_080), Basis::Estimate, 600));
    job.obs_seconds = Some(360);
    let rate = posted(&job).unwrap();
    assert_eq!((rate.hourly, rate.basis), (usd(1_800), Basis::Observed));
}
