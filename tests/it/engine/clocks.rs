//! Deadlines by the platform's clock: never shown later than they are, whatever its clock and ours do.

use chrono::TimeDelta;
use juggler::domain::{Assignment, AssignmentId, AssignmentState, Text, Time};
use juggler::engine::api::{Reply, Request, What};
use juggler::engine::effect::{Call, Ended, Input};
use juggler::platforms::{Answer, Grant, Meta, Outcome};

use super::steps::{Steps, job, key, name};

/// A claimed job with a deadline that the platform tells by a clock which is `ahead` of ours.
fn claimed(ahead: TimeDelta, allowed: TimeDelta) -> (Steps, Time) {
    let mut steps = Steps::new(|_| {});
    let listed = job("a", steps.now);
    steps.list(vec![juggler::domain::Job { detailed: true, claim_ttl: Some(3_600), ..listed }]);
    let agreed = match steps.ask(Request::ClaimTerms { key: key("a") }) {
        Ok(Reply::Terms(terms)) => terms.digest,
        other => panic!("{other:?}"),
    };
    steps.input(Input::Asked { asker: 900, request: Request::Claim { key: key("a"), agreed } });
    let (call, what) = steps.call(|call| matches!(call, Call::Claim { .. }));
    let Call::Claim { job } = what else { unreachable!() };
    let there = steps.now + ahead;
    let deadline = there + allowed;
    let assignment = Assignment {
        id: AssignmentId::of(&name(), "1"),
        job: *job,
        state: AssignmentState::Claimed,
        native_state: Text::title("claimed"),
        claimed_at: there,
        moved_at: there,
        deadline: Some(deadline),
        ..blank()
    };
    let meta = Meta { server_time: Some(there), ..Meta::default() };
    let answer = Answer { outcome: Outcome::Done(Grant { assignment, raw: Text::default() }), meta };
    steps.input(Input::Called { call, ended: Ended::Claim(Box::new(answer)) });
    (steps, deadline)
}

fn blank() -> Assignment {
    serde_json::from_value(serde_json::json!({
        "id": "x:1", "job": job("x", chrono::Utc::now()), "state": "claimed",
        "claimed_at": "2026-01-01T00:00:00Z", "moved_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

/// Seconds that the hand says are left.
fn left(steps: &mut Steps) -> i64 {
    let Ok(Reply::Hand(hand)) = steps.ask(Request::Hand) else { panic!("no hand") };
    (hand.items[0].assignment.deadline.unwrap() - steps.now).num_seconds()
}

#[test]
fn a_platform_whose_clock_is_ahead_does_not_give_more_time() {
    let hour = TimeDelta::hours(1);
    for minutes in [0, 1, 10, 600] {
        let (mut steps, _) = claimed(TimeDelta::minutes(minutes), hour);
        let shown = left(&mut steps);
        assert!((3_595..=3_600).contains(&shown), "{minutes} minutes ahead: {shown}");
    }
    // Where it is behind, what it says is taken at its word: too early rather than too late.
    let (mut steps, _) = claimed(-TimeDelta::minutes(10), hour);
    let shown = left(&mut steps);
    assert!(shown <= 3_600, "{shown}");
}

#[test]
fn setting_our_clock_moves_no_deadline() {
    for minutes in [-60, -1, 1, 60] {
        let (mut steps, _) = claimed(TimeDelta::minutes(5), TimeDelta::hours(2));
        let before = left(&mut steps);
        // Ten seconds pass, and the clock is set.
        let step = TimeDelta::minutes(minutes);
        steps.now += TimeDelta::seconds(10) + step;
        steps.events.clear();
        steps.input(Input::ClockChanged { stepped: step });
        let shown = left(&mut steps);
        // Set so far forward that the platform seems behind, its word counts: earlier than it is, never later.
        assert!(shown <= before - 10, "set by {minutes} minutes: {shown} after {before}");
        assert!(minutes > 5 || shown >= before - 12, "set by {minutes} minutes: {shown} after {before}");
        let told =
            steps.events.iter().any(|what| matches!(what, What::Clock { stepped_ms } if *stepped_ms == step.num_milliseconds()));
        assert!(told, "{:?}", steps.events);
    }
}

#[test]
fn a_machine_that_slept_is_late_and_says_so() {
    let (mut steps, _) = claimed(TimeDelta::zero(), TimeDelta::hours(2));
    steps.now += TimeDelta::hours(8);
    steps.input(Input::ClockChanged { stepped: TimeDelta::zero() });
    assert!(left(&mut steps) < -5 * 3_600);
    let late = |what: &What| matches!(what, What::Notice { text, .. } if text.as_str().contains("is past"));
    assert!(steps.events.iter().any(late), "{:?}", steps.events);
}

#[test]
fn what_a_platform_asked_to_wait_for_is_waited_for_also_when_our_clock_is_set() {
    use juggler::engine::schedule::{Decision, Schedule};
    let now = Steps::new(|_| {}).now;
    let mut schedule = Schedule::new(std::time::Duration::from_secs(30), true, now);
    schedule.asked_to_wait(Some(now + TimeDelta::minutes(10)), now);
    for hours in [-1, 1, 24] {
        let step = TimeDelta::hours(hours);
        let mut set = schedule.clone();
        set.stepped(step);
        let nine = now + step + TimeDelta::minutes(9);
        assert_eq!(set.decide(nine), Decision::Wait(now + step + TimeDelta::minutes(10)), "{hours}");
        assert_eq!(set.decide(nine + TimeDelta::minutes(1)), Decision::Due, "{hours}");
    }
}
