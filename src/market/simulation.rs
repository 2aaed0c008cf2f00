//! The world run through hours in moments: time is an argument.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

use super::catalogue::Catalogue;
use super::claim::Stage;
use super::desk::Submit;
use super::listing::{Listing, Status};
use super::options::Rate;
use super::refusal::Refusal;
use super::world::{Setup, World};
use crate::domain::Time;
use crate::domain::payment::PaymentStatus;

fn start() -> Time {
    DateTime::from_timestamp_millis(1_790_000_000_000).unwrap_or_default()
}

fn world(seed: u64, jobs: u32, speed: u32) -> World {
    at_rate(seed, jobs, speed, Rate::DEFAULT)
}

fn at_rate(seed: u64, jobs: u32, speed: u32, rate: Rate) -> World {
    let catalogue = Catalogue::load(seed).unwrap_or_else(|e| unreachable!("{e}"));
    let setup = Setup { seed, rate, churn: Rate::NONE, most: None, jobs, speed, hand_limit: 50, rivals: true };
    World::open(Arc::new(catalogue), setup, start())
}

/// Lets time pass, event by event.
fn pass(world: &mut World, from: Time, to: Time) {
    let mut now = from;
    while let Some(due) = world.next_due().filter(|due| *due <= to) {
        now = now.max(due);
        world.step(now, usize::MAX);
    }
}

fn delivery(key: &str) -> Submit {
    Submit {
        key: key.to_owned(),
        text: "one\ntwo".to_owned(),
        files: Vec::new(),
        disclosure: String::new(),
        hash: key.to_owned(),
    }
}

/// What must hold of every job at every instant.
fn sound(job: &Listing, now: Time) {
    assert!(job.slots_left + job.workers_now() + job.done <= job.slots_total, "{job:?}");
    assert_eq!(job.status, job.settled(), "{job:?}");
    assert!(job.status.is_over() || job.expires_at >= now, "{job:?}");
}

#[test]
fn hours_pass_and_the_market_is_alive() {
    let mut world = world(5, 120, 1);
    let (mut seen, mut reopened, mut quick) = ([0; 5], 0, 0);
    for minute in 1..=8 * 60 {
        let (from, to) = (start() + TimeDelta::minutes(minute - 1), start() + TimeDelta::minutes(minute));
        let before: Vec<(u64, Status)> = world.memory.jobs.values().map(|job| (job.n, job.status)).collect();
        pass(&mut world, from, to);
        for (n, was) in before {
            let Some(job) = world.memory.jobs.get(&n) else { continue };
            reopened += u32::from(was == Status::Full && job.status == Status::Open);
        }
        for job in world.memory.jobs.values() {
            sound(job, to);
            quick += u32::from(job.rivals > 0 && to - job.posted_at < TimeDelta::minutes(2));
        }
        let told = world.take_news();
        assert!(told.is_sorted_by(|a, b| a.change < b.change && a.at <= b.at), "changes are told in order");
    }
    for job in world.memory.jobs.values() {
        seen[job.status as usize] += 1;
    }
    assert!(seen.iter().all(|n| *n > 0), "open, full, expired, cancelled, closed: {seen:?}");
    assert!(reopened > 10 && quick > 10, "{reopened} reopened, {quick} taken within two minutes");
    // About 720 arrive in an hour; the rest is gone, and what is kept of it has a limit.
    let open = world.newest(None, usize::MAX).0.len();
    assert!((100..4_000).contains(&open), "{open} open");
    assert!(world.memory.jobs.len() < 12_000, "{}", world.memory.jobs.len());
}

#[test]
fn a_load_is_as_busy_as_asked_for_and_never_grows() {
    let catalogue = Catalogue::load(3).unwrap_or_else(|e| unreachable!("{e}"));
    let rate = |s: &str| s.parse::<Rate>().unwrap_or_else(|e| unreachable!("{e}"));
    let setup = Setup { churn: rate("900"), most: Some(500), ..world(3, 500, 1).setup };
    let mut world = World::open(Arc::new(catalogue), Setup { rivals: false, rate: rate("50"), ..setup }, start());
    let mut before = world.change();
    for second in 1..=60 {
        pass(&mut world, start() + TimeDelta::seconds(second - 1), start() + TimeDelta::seconds(second));
        let changes = world.change() - std::mem::replace(&mut before, world.change());
        assert!((750..1_250).contains(&changes), "{changes} in second {second}");
        assert_eq!(world.open_jobs().len(), 500);
        world.take_news();
    }
    for job in world.memory.jobs.values() {
        sound(job, start() + TimeDelta::seconds(60));
    }
    assert!(world.memory.jobs.len() <= 500 + 5_000, "{}", world.memory.jobs.len());
    world.calm();
    before = world.change();
    pass(&mut world, start() + TimeDelta::seconds(60), start() + TimeDelta::seconds(61));
    assert!(world.change() - before < 5, "only what was under way");
}

#[test]
fn reviews_and_payouts_take_what_the_speed_says_and_nothing_else_does() {
    let mut spans = Vec::new();
    for speed in [1, 60] {
        let mut world = world(9, 300, speed);
        let ids: Vec<String> = world.newest(None, 300).0.iter().map(|job| job.id()).collect();
        let mut waits = Vec::new();
        for id in ids {
            let Ok((claim, true)) = world.claim(&id, start()) else { continue };
            let job = world.memory.jobs[&claim.job].clone();
            let seconds = i64::try_from(job.claim_seconds).unwrap_or(0);
            assert_eq!(claim.deadline - claim.claimed_at, TimeDelta::seconds(seconds), "claims are never scaled");
            assert!(world.submit(&claim.id(), delivery(&claim.id()), start()).is_ok());
            waits.push(claim.n);
            if waits.len() == 40 {
                break;
            }
        }
        let mut verdicts = vec![0; waits.len()];
        let step = TimeDelta::seconds(1);
        let mut now = start();
        while now < start() + TimeDelta::minutes(21) {
            now += step;
            pass(&mut world, now - step, now);
            for (claim, at) in waits.iter().zip(&mut verdicts) {
                let waiting = matches!(world.memory.claims[claim].stage, Stage::Submitted | Stage::Reviewing);
                if *at == 0 && !waiting {
                    *at = (now - start()).num_seconds();
                }
            }
        }
        assert_eq!(verdicts.len(), 40);
        let (low, high) = (120 / i64::from(speed), 1_200 / i64::from(speed) + 1);
        assert!(verdicts.iter().all(|at| (low..=high).contains(at)), "{verdicts:?}");
        spans.push(verdicts);
    }
    assert!(spans[0].iter().zip(&spans[1]).all(|(slow, fast)| (slow / 60 - fast).abs() <= 1), "{spans:?}");
}

#[test]
fn money_comes_within_hours_late_or_never() {
    let mut world = world(3, 3_000, 1);
    world.setup.hand_limit = u32::MAX;
    let ids: Vec<String> = world.newest(None, 3_000).0.iter().map(|job| job.id()).collect();
    for id in ids {
        let Ok((claim, true)) = world.claim(&id, start()) else { continue };
        let job = world.memory.jobs[&claim.job].clone();
        // As if every review had gone well.
        world.owe(claim.n, &job, 0, start());
    }
    pass(&mut world, start(), start() + TimeDelta::hours(40));
    let (mut prompt, mut late, mut never, mut failed) = (0, 0, 0, 0);
    for payment in world.memory.payments.values() {
        let took = payment.paid_at.map(|at| at - payment.created_at);
        match (payment.status, took) {
            (PaymentStatus::Paid, Some(took)) if took <= TimeDelta::hours(6) => prompt += 1,
            (PaymentStatus::Paid, Some(took)) if took <= TimeDelta::hours(30) => late += 1,
            (PaymentStatus::Expected, None) => never += 1,
            (PaymentStatus::Failed, None) => failed += 1,
            other => unreachable!("{other:?}"),
        }
        assert!(took.is_none_or(|took| took >= TimeDelta::hours(1)));
        assert!(payment.fee > 0 && payment.fee < payment.gross / 4);
    }
    assert!(
        prompt > late && late > never && never > 0 && failed > 0,
        "{prompt} in time, {late} late, {never} never, {failed} failed"
    );
}

#[derive(Clone, Debug)]
enum Act {
    Claim(usize),
    Release(usize),
    Submit(usize, u8),
    Wait(i64),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..60_usize).prop_map(Act::Claim),
        1 => (0..20_usize).prop_map(Act::Release),
        3 => (0..20_usize, 0..3_u8).prop_map(|(claim, key)| Act::Submit(claim, key)),
        2 => (1..4_000_i64).prop_map(Act::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever a worker does in whatever order: places add up, counters agree with effects, and refusals have known names.
    #[test]
    fn no_order_of_acts_breaks_the_books(seed in 0..5_u64, acts in prop::collection::vec(act(), 1..60)) {
        let mut world = at_rate(seed, 60, 10, "1/60".parse().unwrap_or(Rate::NONE));
        let mut now = start();
        let mut effects = 0;
        let known = |no: &Refusal| ["gone", "taken", "full", "not_qualified", "hand_full", "not_releasable", "timed_out", "not_open",
            "key_reused", "not_found"].contains(&no.code);
        for act in acts {
            match act {
                Act::Claim(n) => {
                    let refused = world.claim(&format!("j{n:06}"), now).err();
                    prop_assert!(refused.is_none_or(|no| known(&no)));
                }
                Act::Release(n) => {
                    let refused = world.release(&format!("a{n:06}"), now).err();
                    prop_assert!(refused.is_none_or(|no| known(&no)));
                }
                Act::Submit(n, key) => match world.submit(&format!("a{n:06}"), delivery(&format!("{n}-{key}")), now) {
                    Ok((_, new)) => effects += u64::from(new),
                    Err(no) => prop_assert!(known(&no), "{no:?}"),
                },
                Act::Wait(seconds) => {
                    let to = now + TimeDelta::seconds(seconds);
                    pass(&mut world, now, to);
                    now = to;
                }
            }
            world.memory.jobs.values().for_each(|job| sound(job, now));
        }
        let totals = world.totals();
        prop_assert_eq!(totals.submitted, effects);
        let submissions: u32 = world.memory.claims.values().map(|claim| claim.submissions).sum();
        prop_assert_eq!(u64::from(submissions), effects);
        prop_assert!(totals.approved + totals.rejected + totals.revisions <= totals.submitted);
        // What is remembered is what was known, to the byte.
        let written = serde_json::to_string(&world.memory).unwrap_or_default();
        let read: super::world::Memory = serde_json::from_str(&written).unwrap_or_default();
        prop_assert_eq!(serde_json::to_value(&read).ok(), serde_json::to_value(&world.memory).ok());
    }
}
