//! A day with an engine and a market, and a calendar that changes in the middle of it: everything that is told meanwhile is held
//! against what the journal has in the end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use juggler::domain::payment::PaymentStatus;
use juggler::domain::{AssignmentId, AssignmentState, Payment, Record, Time};
use juggler::engine::Polling;
use juggler::engine::api::{Earnings, Reply, Request};
use juggler::market::{Options, Rate};
use juggler::store;
use serde_json::Value;

use super::calendar::Calendar;
use crate::support::{PATIENCE, Stage};

/// The calendar as JSON, and the market's speed.
pub const CALENDAR: &str = "JUGGLER_TEST_CALENDAR";
pub const SPEED: &str = "JUGGLER_TEST_SPEED";

/// What the earnings said between two instants, in cents.
struct Said {
    since: Time,
    until: Time,
    today: i64,
    week: i64,
    all: i64,
    days: [i64; 7],
}

async fn earnings(stage: &Stage) -> Said {
    let since = Utc::now();
    let Reply::Earnings(Earnings { figures, .. }) = stage.ask(Request::Earnings).await else { panic!() };
    let until = Utc::now();
    let paid = |pick: fn(&juggler::domain::ledger::Figures) -> i64| figures.first().map_or(0, pick);
    Said {
        since,
        until,
        today: paid(|f| f.today.paid.minor),
        week: paid(|f| f.week.paid.minor),
        all: paid(|f| f.all.paid.minor),
        days: figures.first().map_or([0; 7], |f| f.days),
    }
}

/// Claims, makes and hands in one job after the other.
async fn work(stage: &Stage, over: &AtomicBool) -> usize {
    let mut delivered = 0;
    let rows = stage.jobs().await;
    for row in rows.iter().filter(|row| matches!(row.kind.as_str(), "tagline" | "caption")) {
        if over.load(Ordering::Relaxed) {
            break;
        }
        let Ok(view) = stage.claim_key(&row.key).await else { continue };
        let id = view.assignment.id;
        stage.make(&id).await;
        stage.submit(&id).await;
        delivered += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    delivered
}

/// Payments that came, in the order in which they were written down.
fn came(stage: &Stage) -> Vec<Payment> {
    let mut seen = std::collections::HashSet::new();
    let payments =
        store::entries(&stage.config.paths.store()).unwrap().into_iter().filter_map(|(_, _, entry)| match entry.record {
            Record::Paid { payment } if payment.status == PaymentStatus::Paid => Some(*payment),
            _ => None,
        });
    payments.filter(|payment| seen.insert(payment.id.clone())).collect()
}

/// Bundles as the person's program got them, with the instant.
fn told(file: &std::path::Path) -> Vec<(DateTime<Utc>, Value)> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = |line: &str| {
        let (at, json) = line.split_once(' ').unwrap();
        let (seconds, nanos) = at.split_once('.').unwrap();
        let at = DateTime::from_timestamp(seconds.parse().unwrap(), nanos.parse().unwrap()).unwrap();
        (at, serde_json::from_str(json).unwrap())
    };
    text.lines().map(line).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the tests of the day"]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
async fn a_day() {
    let Ok(calendar) = std::env::var(CALENDAR) else { return };
    let calendar: Calendar = serde_json::from_str(&calendar).unwrap();
    let speed: u32 = std::env::var(SPEED).unwrap().parse().unwrap();
    let heard = tempfile::tempdir().unwrap();
    let file = heard.path().join("heard");
    let options = Options {
        jobs: 900,
        speed,
        rivals: false,
        rate: Rate::NONE,
        hand_limit: 1_000,
        requests_per_minute: 1_000_000,
        ..Stage::options(29)
    };
    let stage = Stage::set(options, Polling::Always, |config| {
        config.week_starts_monday = calendar.monday;
        let script = format!("printf '%s ' \"$(date +%s.%N)\" >> '{0}'; cat >> '{0}'", file.display());
        config.alert.command = vec!["sh".to_owned(), "-c".to_owned(), script];
        config.alert.on.paid = true;
        config.alert.deadline = Vec::new();
        (config.alert.bundle_every, config.alert.cooldown) = (Duration::from_millis(200), Duration::ZERO);
        // Quiet until midnight, and again from the change on, whichever way the clock goes: to one o'clock, or to eleven once more.
        config.alert.quiet_hours = "23:00-00:00, 01:00-02:00".parse().unwrap();
    })
    .await;

    // One job is kept in hand over all of it.
    let kept = stage.claim(|row| row.kind.as_str() == "tagline").await.assignment;
    let deadline = kept.deadline.expect("it has one");
    assert!(deadline > calendar.changed, "it lasts longer than this test");
    stage.make(&kept.id).await;

    let end = calendar.changed + (calendar.changed - calendar.midnight);
    let over = AtomicBool::new(false);
    let (said, delivered) = tokio::join!(
        async {
            let mut said = Vec::new();
            while Utc::now() < end {
                said.push(earnings(&stage).await);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            over.store(true, Ordering::Relaxed);
            said
        },
        work(&stage, &over)
    );
    the_deadline_is_where_it_was(&stage, &kept.id, deadline, &calendar).await;
    let last = settled(&stage).await;
    let totals = stage.market.totals();
    let came = came(&stage);

    // Journal, store and market: the same cents.
    assert_eq!(came.iter().map(|payment| payment.net.minor).sum::<i64>(), totals.paid_net);
    assert_eq!(last.all, totals.paid_net);
    days_and_weeks(&said, &last, &came, &calendar);
    quiet_hours(&told(&file), &said, &came, &calendar);
    println!(
        "lived {} s with {:?} at {}, a week {}: {delivered} delivered, {} payments, {} questions, {} bundles; zone {}",
        (Utc::now() - calendar.begun).num_seconds(),
        calendar.change,
        calendar.changed,
        if calendar.week_begins { "began" } else { "went on" },
        came.len(),
        said.len(),
        told(&file).len(),
        calendar.zone()
    );
    stage.end().await;
}

/// Waits until everything that was delivered is decided and paid for, or never will be; what the earnings say then.
async fn settled(stage: &Stage) -> Said {
    let begun = std::time::Instant::now();
    loop {
        let Reply::Assignments { assignments } = stage.ask(Request::Assignments).await else { panic!() };
        let open = assignments.iter().any(|view| {
            matches!(view.assignment.state, AssignmentState::Submitted | AssignmentState::UnderReview | AssignmentState::Approved)
        });
        let last = earnings(stage).await;
        if !open && stage.market.totals().due_net == 0 && last.all == stage.market.totals().paid_net {
            return last;
        }
        assert!(begun.elapsed() < PATIENCE * 3, "it never settles: {:?}", stage.market.totals());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Each figure that was ever told is the sum of what had come by then, of the day and week of that instant.
fn days_and_weeks(said: &[Said], last: &Said, came: &[Payment], calendar: &Calendar) {
    let since = |known: &[Payment], from: Time| {
        known.iter().filter(|p| p.paid_at.unwrap_or(p.created_at) >= from).map(|p| p.net.minor).sum::<i64>()
    };
    let mut parts = [0; 3];
    for said in said.iter().chain([last]) {
        // What was known then is as much of the journal as adds up to all of it.
        let known = (0..=came.len()).find(|n| since(&came[..*n], Time::MIN_UTC) == said.all).expect("a sum that the journal has");
        let known = &came[..known];
        let fits = |told: i64, began: fn(&Calendar, Time) -> Time| {
            [said.since, said.until].iter().any(|at| told == since(known, began(calendar, *at)))
        };
        let when = || format!("{} ({} there) of {}", said.since, calendar.wall(said.since), said.all);
        let of = || known.iter().map(|p| (p.paid_at, p.net.minor)).collect::<Vec<_>>();
        assert!(fits(said.today, Calendar::day_began), "today {} at {}: {:?}", said.today, when(), of());
        assert!(fits(said.week, Calendar::week_began), "the week {} at {}", said.week, when());
        assert!(said.days[6] == said.today && said.days.iter().sum::<i64>() == said.all, "{:?} at {}", said.days, when());
        if !known.is_empty() {
            parts[usize::from(said.since >= calendar.midnight) + usize::from(said.since >= calendar.changed)] += 1;
        }
    }
    assert!(parts.iter().all(|n| *n > 3), "money was there before midnight, behind it and behind the change: {parts:?}");
    let before = since(came, Time::MIN_UTC) - since(came, calendar.midnight);
    assert!(before > 0 && since(came, calendar.midnight) > 0, "money came on both days");
}

/// Nothing sounds before midnight, what was held back is told with it, and the change begins quiet hours or leads back into them.
fn quiet_hours(told: &[(DateTime<Utc>, Value)], said: &[Said], came: &[Payment], calendar: &Calendar) {
    let (first, _) = told.first().expect("something is told between midnight and the change");
    assert!(*first >= calendar.midnight, "told at {first}, {} before midnight", calendar.midnight - first);
    let count =
        |value: &Value| value.as_array().map_or(0, |held| held.iter().map(|h| h["count"].as_u64().unwrap_or(0)).sum::<u64>());
    let held: u64 = told.iter().map(|(_, bundle)| count(&bundle["held"])).sum();
    // What was known when midnight came had been held back.
    let last = said.iter().rev().find(|said| said.until < calendar.midnight).map_or(0, |said| said.all);
    let sum = |n: usize| came[..n].iter().map(|payment| payment.net.minor).sum::<i64>();
    let before = (0..=came.len()).find(|n| sum(*n) == last).expect("a sum that the journal has");
    assert!(before >= 1 && held as usize >= before, "{held} were held back of {before} before midnight: {told:?}");
    for (at, bundle) in told {
        for alert in bundle["alerts"].as_array().into_iter().flatten() {
            let rung: Time = alert["at"].as_str().unwrap().parse().unwrap();
            assert!(
                rung >= calendar.midnight && rung < calendar.changed,
                "rung at {rung} ({}), told at {at}",
                calendar.wall(rung)
            );
        }
    }
    assert!(told.iter().any(|(_, bundle)| bundle["alerts"].as_array().is_some_and(|alerts| !alerts.is_empty())), "{told:?}");
}

/// A deadline is an instant: the market's own, whatever the wall says meanwhile; and it is told as the wall will say it.
async fn the_deadline_is_where_it_was(stage: &Stage, id: &AssignmentId, deadline: Time, calendar: &Calendar) {
    let now = stage.assignment(id).await.assignment;
    assert_eq!((now.deadline, now.state.is_in_hand()), (Some(deadline), true));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/assignments/{}", stage.market.base_url(), id.native());
    let asked = client.get(url).header("X-API-Key", stage.market.api_key()).send().await.unwrap();
    let there: Value = asked.json().await.unwrap();
    let there: Time = there["assignment"]["deadline"].as_str().unwrap().parse().unwrap();
    assert!(deadline <= there && there - deadline < TimeDelta::seconds(2), "{deadline} here, {there} there");
    let Reply::Terms(terms) = stage.ask(Request::SubmitTerms { assignment: id.clone() }).await else { panic!() };
    let wall = calendar.wall(deadline).format("%a %H:%M:%S").to_string();
    let line =
        terms.lines.iter().find(|(label, _)| label.as_str() == "deadline").map(|(_, line)| line.as_str()).unwrap_or_default();
    assert!(line.contains(&wall) && line.contains("(in "), "{line}, and the wall says {wall}");
}
