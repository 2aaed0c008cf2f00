//! Manners towards platforms, on the pure schedule: a crowd of programs, absurd wishes, the pace of a very long run.

use std::time::Duration;

use chrono::{TimeDelta, TimeZone};
use juggler::domain::Time;
use juggler::engine::schedule::{Decision, Schedule};
use juggler::net::{LONGEST_WAIT, retry_after};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn start() -> Time {
    chrono::Utc.timestamp_opt(1_800_000_000, 0).single().unwrap()
}

/// One program with one source.
struct Client {
    schedule: Schedule,
    dice: ChaCha8Rng,
    /// The call on its way ends then.
    ends: Option<Time>,
}

/// Requests in each second, over all clients. They were killed together and are started again together a second later; the platform
/// answers nothing between the two seconds of `down`.
fn crowd(clients: u64, every: u64, seconds: i64, down: std::ops::Range<i64>) -> Vec<u32> {
    let now = start();
    let mut all: Vec<Client> = (0..clients)
        .map(|seed| {
            let mut dice = ChaCha8Rng::seed_from_u64(seed);
            let schedule = Schedule::new(Duration::from_secs(every), true, now);
            let schedule = schedule.resumed(now - TimeDelta::seconds(1), now, &mut dice);
            Client { schedule, dice, ends: None }
        })
        .collect();
    let mut buckets = vec![0; usize::try_from(seconds).unwrap()];
    for tick in 0..seconds * 10 {
        let at = now + TimeDelta::milliseconds(tick * 100);
        let is_down = down.contains(&(tick / 10));
        for client in &mut all {
            match client.ends {
                Some(ends) if ends <= at => {
                    client.ends = None;
                    if is_down {
                        client.schedule.failed(at, &mut client.dice);
                    } else {
                        client.schedule.succeeded(at, &mut client.dice);
                    }
                }
                None if client.schedule.decide(at) == Decision::Due => {
                    client.schedule.begun();
                    client.ends = Some(at + TimeDelta::milliseconds(200));
                    buckets[usize::try_from(tick / 10).unwrap()] += 1;
                }
                _ => {}
            }
        }
    }
    buckets
}

fn mean(buckets: &[u32]) -> f64 {
    f64::from(buckets.iter().sum::<u32>()) / buckets.len() as f64
}

#[test]
fn a_hundred_programs_restarted_together_do_not_ask_together() {
    for (clients, every) in [(100, 10), (300, 30), (600, 60)] {
        let buckets = crowd(clients, every, 600, 0..0);
        let (peak, mean) = (buckets.iter().max().copied().unwrap(), mean(&buckets));
        assert!(f64::from(peak) <= 3.0 * mean, "{clients} every {every} s: {peak} in a second, {mean:.1} on average");
        assert!(mean >= 8.0, "they ask at all: {mean}");
    }
}

#[test]
fn an_outage_brings_no_wave_when_it_begins_nor_when_it_ends() {
    // What they ask while all is well.
    let usual = mean(&crowd(100, 10, 600, 0..0));
    let buckets = crowd(100, 10, 900, 120..300);
    let peak = buckets.iter().max().copied().unwrap();
    assert!(f64::from(peak) <= 3.0 * usual, "{peak} in a second, {usual:.1} usually");
    let (during, after) = (mean(&buckets[180..300]), mean(&buckets[620..]));
    assert!(during < usual / 2.0, "a dead platform is asked less often: {during:.1} a second");
    assert!(after > usual * 0.9, "all are back after five minutes: {after:.1} a second");
}

/// A wish of a platform in one of the forms that headers come in; the wish in seconds, where it is one.
fn wish(dice: &mut ChaCha8Rng, now: Time) -> (String, Option<i64>) {
    let date = |at: Time| httpdate::fmt_http_date(at.into());
    match dice.random_range(0..6) {
        0 => {
            let seconds = dice.random_range(0..7_200);
            (seconds.to_string(), Some(seconds))
        }
        1 => {
            let seconds = dice.random_range(1..7_200);
            (date(now + TimeDelta::seconds(seconds)), Some(seconds))
        }
        2 => (date(now - TimeDelta::seconds(dice.random_range(1..400_000_000))), Some(0)),
        3 => (date(now + TimeDelta::days(3_650)), Some(86_400)),
        4 => (
            ["315360000", "99999999999999999999999999", "18446744073709551615"][dice.random_range(0..3)].to_owned(),
            Some(86_400),
        ),
        _ => (["", "soon", "-5", "1.5", "１２", "Mon, 99 Foo 2026", "1e9", "null"][dice.random_range(0..8)].to_owned(), None),
    }
}

#[test]
fn a_thousand_wishes_to_wait_are_all_kept_and_none_lasts_longer_than_a_day() {
    let mut dice = ChaCha8Rng::seed_from_u64(429);
    for n in 0..1_000 {
        let now = start() + TimeDelta::seconds(n);
        let mut schedule = Schedule::new(Duration::from_secs(10), true, now);
        schedule.begun();
        let (header, seconds) = wish(&mut dice, now);
        let read = retry_after(&header, now);
        assert_eq!(read.map(|wait| wait.as_secs() as i64), seconds, "{header:?}");
        schedule.asked_to_wait(read.map(|wait| now + wait), now);
        // Nonsense is a wish all the same: a minute.
        let permitted = now + TimeDelta::seconds(seconds.unwrap_or(60));
        // Nothing brings a request about any earlier: not a key, not a word on the stream, not the clock.
        for second in [0, 1, 59, 60, 61, 3_600, 86_399, 86_400, 86_401] {
            let at = now + TimeDelta::seconds(second);
            let mut asked = schedule.clone();
            asked.poke(at);
            asked.want();
            match asked.decide(at) {
                Decision::Due => assert!(at >= permitted, "{header:?}: asked after {second} s"),
                Decision::Wait(until) => {
                    assert!(at < permitted && until == permitted, "{header:?}: after {second} s until {until}");
                    // What is shown is the instant that is waited for.
                    assert_eq!(asked.blocked_until(at), Some(permitted));
                }
                Decision::Dormant => panic!("{header:?}: it would never be asked again"),
            }
        }
        assert!(permitted - now <= TimeDelta::from_std(LONGEST_WAIT).unwrap());
    }
}

/// However often a stream pokes and whatever the answers are: within any window there are no more rounds than one and the window over
/// the pause between two. A million seconds.
#[test]
fn the_pace_holds_in_every_window_of_a_million_seconds() {
    let mut dice = ChaCha8Rng::seed_from_u64(11);
    let mut now = start();
    let mut schedule = Schedule::new(Duration::from_secs(30), true, now);
    let mut begun: Vec<i64> = Vec::new();
    while now - start() < TimeDelta::seconds(1_000_000) {
        if schedule.decide(now) == Decision::Due {
            schedule.begun();
            begun.push((now - start()).num_milliseconds());
            now += TimeDelta::milliseconds(dice.random_range(5..900));
            match dice.random_range(0..200) {
                0..10 => schedule.failed(now, &mut dice),
                10 => schedule.asked_to_wait(Some(now + TimeDelta::seconds(dice.random_range(-10..600))), now),
                _ => schedule.succeeded(now, &mut dice),
            }
        }
        // Stretches in which something changes all the time, and quiet ones.
        let busy = (now - start()).num_hours() % 3 == 0;
        if busy {
            schedule.poke(now);
        }
        now = match schedule.decide(now) {
            Decision::Due => now,
            Decision::Wait(at) => at.min(now + TimeDelta::seconds(if busy { 1 } else { 60 })),
            Decision::Dormant => panic!("it never sleeps for good"),
        }
        .max(now + TimeDelta::milliseconds(1));
    }
    assert!(begun.len() > 100_000, "{} rounds", begun.len());
    // Each window that begins with a round, of so many rounds.
    for rounds in [1_usize, 2, 5, 20, 100, 1_000, 10_000] {
        for (first, last) in begun.iter().zip(&begun[rounds.min(begun.len() - 1)..]) {
            // A failure is tried again after a quarter of a second at the earliest, but most of them much later.
            let least = if rounds < 20 { 250 } else { 700 } * rounds as i64;
            assert!(last - first >= least, "{rounds} more rounds within {} ms", last - first);
        }
    }
}
