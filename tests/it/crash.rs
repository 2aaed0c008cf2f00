//! `kill -9` of the real binary at every point of a submission, a claim and a save: one effect at the market, nothing lost.
//!
//! `JUGGLER_TEST_KILLS` says how many submissions are killed at spread instants (40 unless said).

mod claim;
mod draft;
mod feed;
mod submit;

use std::time::{Duration, Instant};

use crate::support::Ground;

/// Kills of a submission at spread instants; claims and saves get a quarter as many each.
fn kills() -> usize {
    std::env::var("JUGGLER_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

/// `n` instants spread evenly over a little more than `life`, the first at once; not in order, so that a machine that is busy for a
/// while does not hide a whole stretch.
fn instants(n: usize, life: Duration) -> impl Iterator<Item = Duration> {
    // A step that shares no divisor with n visits every place once.
    let step = (n * 5 / 8..).find(|step| gcd(*step, n) == 1).unwrap_or(1);
    let reach = life * 11 / 10;
    (0..n).map(move |i| reach * u32::try_from(i * step % n).unwrap() / u32::try_from(n.max(2) - 1).unwrap())
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Runs a command and kills it `after` so long; what it had said by then.
fn killed(ground: &Ground, args: &[&str], after: Duration) -> crate::cli::Ran {
    let begun = Instant::now();
    let doomed = ground.begin(args);
    std::thread::sleep(after.saturating_sub(begun.elapsed()));
    doomed.kill()
}

/// How long a command takes that nobody kills: the middle of three, which all have to end well.
fn life<'a>(ground: &Ground, commands: impl Iterator<Item = Vec<&'a str>>) -> Duration {
    let mut took: Vec<Duration> = commands
        .map(|args| {
            let begun = Instant::now();
            ground.well(&args);
            begun.elapsed()
        })
        .collect();
    took.sort();
    took[took.len() / 2]
}

#[test]
fn instants_cover_the_whole_life() {
    for n in [1, 2, 8, 40, 41] {
        let mut all: Vec<_> = instants(n, Duration::from_millis(400)).collect();
        all.sort();
        all.dedup();
        assert_eq!((all.len(), all[0]), (n, Duration::ZERO));
        assert!(n == 1 || all[n - 1] == Duration::from_millis(440));
    }
}
