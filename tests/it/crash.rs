//! `kill -9` of the real binary at every point of its life: nothing acknowledged is lost, nothing is torn, the store opens by itself, and
//! what was sent took effect once.
//!
//! `JUGGLER_TEST_KILLS` says how many kills there are in all (200 unless said); [`SHARES`] says where they fall. Half of them come at
//! spread instants, half at named points of the program (`juggler::store::drill`). With the variable set each part tells its figures.

mod claim;
mod draft;
mod feed;
mod opening;
mod rebuild;
mod snapshots;
mod steady;
mod submit;

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::cli::{Place, Ran};
use crate::support::{Doomed, Ground};

const KILLS: &str = "JUGGLER_TEST_KILLS";

/// Of a hundred kills, how many fall where.
const SHARES: &[(&str, usize)] = &[
    ("idle", 4),
    ("ingest", 14),
    ("claim", 9),
    ("draft", 10),
    ("typing", 9),
    ("before send", 8),
    ("sent, no reply", 4),
    ("reply not committed", 8),
    ("submission", 10),
    ("opening", 8),
    ("snapshots", 8),
    ("migrating", 4),
    ("rebuilding", 4),
];

/// Kills of the part `stratum`.
fn kills(stratum: &str) -> usize {
    let all: usize = std::env::var(KILLS).ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let (_, share) = SHARES.iter().find(|(name, _)| *name == stratum).unwrap();
    (all * share / 100).max(1)
}

/// What became of the kills of a part.
#[derive(Default)]
struct Tally {
    stratum: &'static str,
    /// The program was killed.
    killed: usize,
    /// It had ended by itself before.
    ended: usize,
    /// Things that it had acknowledged and that were looked for.
    acknowledged: usize,
    begun: Option<Instant>,
}

impl Tally {
    fn of(stratum: &'static str) -> Tally {
        Tally { stratum, begun: Some(Instant::now()), ..Tally::default() }
    }

    fn count(&mut self, ran: &Ran) -> bool {
        let killed = ran.code == -1;
        if killed {
            self.killed += 1;
        } else {
            self.ended += 1;
        }
        killed
    }

    /// All of them were looked after, or this is not reached.
    fn tell(&self) {
        assert!(self.killed > 0, "{}: nothing was killed", self.stratum);
        if std::env::var_os(KILLS).is_some() {
            let took = self.begun.map_or(0, |begun| begun.elapsed().as_secs());
            let Tally { stratum, killed, ended, acknowledged, .. } = self;
            let line = format!(
                "kills: {stratum:<20} {killed:>6} killed {ended:>5} had ended {acknowledged:>7} acknowledged  0 lost  {took} s\n"
            );
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
    }
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

/// Where a kill comes.
#[derive(Clone, Debug)]
enum When {
    /// So long after the start.
    After(Duration),
    /// At a point of the program, as `juggler::store::drill` reads it.
    At(String),
}

/// `n` kills: at these points in turn, and in between at instants spread over `life`.
fn moments(n: usize, points: &[&str], life: Duration) -> Vec<When> {
    let mut spread = instants(n.div_ceil(2), life);
    let mut points = points.iter().cycle();
    (0..n)
        .map(|i| match spread.next().filter(|_| i % 2 == 1) {
            Some(after) => When::After(after),
            None => When::At(format!("kill:{}", points.next().unwrap())),
        })
        .collect()
}

/// Runs a command and kills it then; what it had said by then.
fn killed(place: &Place, args: &[&str], when: &When) -> Ran {
    let mut command = place.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let begun = Instant::now();
    match when {
        When::After(after) => {
            let doomed = Doomed::of(&mut command);
            std::thread::sleep(after.saturating_sub(begun.elapsed()));
            doomed.kill()
        }
        When::At(point) => Doomed::of(command.env("JUGGLER_DRILL", point)).end(),
    }
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
fn the_shares_make_a_hundred() {
    assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<usize>(), 100);
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
