//! Many sources and dead ones among them, on the state alone: the live ones keep their pace.

use std::time::Duration;

use chrono::TimeDelta;

use super::sim::{Manner, Sim};

const EVERY: Duration = Duration::from_secs(30);
const ANSWERS: Manner = Manner::Answers(TimeDelta::milliseconds(200));

fn run(sources: usize, dead: usize, minutes: i64) -> Sim {
    // The dead ones come first, where they would be in the way.
    let manners = (0..sources).map(|n| if n < dead { Manner::Swallows } else { ANSWERS }).collect();
    let mut sim = Sim::new(manners, EVERY);
    sim.pass(TimeDelta::minutes(minutes));
    sim
}

/// The mean of all live sources' time between rounds, and the longest of all.
fn live(sim: &Sim, dead: usize) -> (f64, f64) {
    let of = |n| sim.freshness(n, TimeDelta::minutes(1));
    let all: Vec<_> = (dead..sim.asked.len()).map(of).collect();
    let seconds = |span: TimeDelta| span.num_milliseconds() as f64 / 1000.0;
    let mean = all.iter().map(|(_, mean)| seconds(*mean)).sum::<f64>() / all.len() as f64;
    (mean, all.iter().map(|(longest, _)| seconds(*longest)).fold(0.0, f64::max))
}

#[test]
fn one_black_hole_of_five_changes_nothing_for_the_others() {
    let (alone, with) = (run(5, 0, 10), run(5, 1, 10));
    let ((before, _), (after, longest)) = (live(&alone, 0), live(&with, 1));
    assert!((after / before - 1.0).abs() < 0.05, "{before} s became {after} s");
    assert!(longest <= 33.3, "{longest}");
    assert_eq!(with.most_open_of_one, 1, "one probe at a time");
    let probes = with.asked[0].len();
    assert!((3..=20).contains(&probes), "{probes} probes of the dead one in ten minutes, each given half a minute");
}

#[test]
fn five_hundred_sources_keep_their_pace_with_few_calls_at_once() {
    let sim = run(500, 0, 5);
    let (mean, longest) = live(&sim, 0);
    assert!((30.0..=33.3).contains(&mean) && longest <= 34.0, "{mean} {longest}");
    assert!(sim.most_open <= 64, "{} calls at once", sim.most_open);
    let polls: usize = sim.asked.iter().map(Vec::len).sum();
    // A step for each end of a call, one for the timer that begins it, and little else: nobody spins while all places are taken.
    assert!(sim.steps < polls * 3, "{} steps for {polls} polls", sim.steps);
}

#[test]
fn forty_dead_ones_of_five_hundred_hold_nobody_up() {
    let sim = run(500, 40, 5);
    let (mean, longest) = live(&sim, 40);
    assert!((30.0..=33.3).contains(&mean) && longest <= 34.0, "{mean} {longest}");
    assert!(sim.most_open <= 64, "{} calls at once", sim.most_open);
}

/// More dead ones than places: they back off, and the live ones still come in turn.
#[test]
fn a_hundred_dead_ones_of_five_hundred_slow_the_others_down_for_a_while_only() {
    let sim = run(500, 100, 12);
    let last = sim.now - TimeDelta::minutes(4);
    for n in 100..500 {
        let late = sim.asked[n].iter().filter(|at| **at > last).count();
        assert!(late >= 6, "source {n} was asked {late} times in the last four minutes");
    }
}
