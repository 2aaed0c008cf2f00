//! Kills around a claim: it is known on both sides, or on neither.

use juggler::market::Fault;

use super::{Tally, killed, kills, life, moments};
use crate::support::{Ground, until};

/// The platform is read, and then both know the same.
fn agreed(ground: &Ground) {
    ground.well(&["sources", "poll"]);
    assert_eq!(ground.held_here(), ground.held_at_the_market());
}

#[test]
fn killed_while_the_claim_hangs_before_its_effect() {
    let ground = Ground::new(31, 30);
    let open = ground.open(2);
    let faults = ground.market.faults();
    faults.next("POST", "/claim", 1, Fault::SilentBefore);
    let doomed = ground.begin(&["claim", &open[0], "--yes"]);
    until("the claim is at the market", || faults.hits() > 0);
    assert_eq!(doomed.kill().code, -1);
    agreed(&ground);
    assert!(ground.held_here().is_empty(), "it was never claimed");
    // It is free, and can be claimed like any other.
    ground.well(&["claim", &open[0], "--yes"]);
    agreed(&ground);
    assert_eq!(ground.held_here().len(), 1);
    ground.sound();
}

#[test]
fn killed_after_the_claim_took_effect() {
    let ground = Ground::new(32, 30);
    let open = ground.open(2);
    for (n, fault) in [Fault::SilentAfter, Fault::ResetAfter].into_iter().enumerate() {
        ground.market.faults().next("POST", "/claim", 1, fault);
        let doomed = ground.begin(&["claim", &open[n], "--yes"]);
        until("it is claimed", || ground.held_at_the_market().len() == n + 1);
        doomed.kill();
        agreed(&ground);
        assert_eq!(ground.held_here().len(), n + 1, "what the platform gave is in the hand");
    }
    // It can be worked on: the deadline is the platform's own.
    let id = format!("practice:{}", ground.held_here()[0].0);
    assert!(ground.view(&id)["assignment"]["deadline"].is_string());
    ground.sound();
}

/// Claims on one market; more start another.
const ON_ONE: usize = 60;
/// Before and after each write, around the call, and while its answer is taken in.
const POINTS: &[&str] = &[
    "save.begun",
    "save.written",
    "save.durable",
    "claim.calling",
    "claim.answered",
    "save.begun:2",
    "save.written:2",
    "save.half:2",
    "save.durable:2",
    "save.applied:2",
];

#[test]
fn killed_anywhere_both_sides_agree() {
    let mut tally = Tally::of("claim");
    let mut left = kills("claim");
    for chunk in 0.. {
        let n = left.min(ON_ONE);
        if n == 0 {
            break;
        }
        left -= n;
        let ground = Ground::new(33 + chunk, 120);
        let open = ground.open(n + 3);
        let (spare, open) = open.split_at(3);
        let life = life(&ground, spare.iter().map(|key| vec!["claim", key, "--yes"]));
        for (key, when) in open.iter().zip(moments(n, POINTS, life)) {
            let ran = killed(&ground.place, &["claim", key, "--yes"], &when);
            tally.count(&ran);
            let mut here = Vec::new();
            // A request that was cut off can reach the market after the first look; the next look finds it.
            until("both know the same", || {
                ground.well(&["sources", "poll"]);
                here = ground.held_here();
                here == ground.held_at_the_market()
            });
            let native = key.split_once(':').unwrap().1;
            let held = here.iter().any(|(_, job)| job == native);
            let said = ran.out.contains("claimed practice:");
            tally.acknowledged += usize::from(said);
            assert!(held || !said, "what was said to be claimed is claimed: {when:?} {ran:?}");
        }
        ground.sound();
    }
    tally.tell();
}
