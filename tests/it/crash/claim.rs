//! Kills around a claim: it is known on both sides, or on neither.

use juggler::market::Fault;

use super::{instants, killed, kills, life};
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

#[test]
fn killed_at_any_instant_both_sides_agree() {
    let n = (kills() / 4).clamp(1, 60);
    let ground = Ground::new(33, 120);
    let open = ground.open(n + 3);
    let (spare, open) = open.split_at(3);
    let life = life(&ground, spare.iter().map(|key| vec!["claim", key, "--yes"]));
    for (key, instant) in open.iter().zip(instants(n, life)) {
        let ran = killed(&ground, &["claim", key, "--yes"], instant);
        let mut here = Vec::new();
        // A request that was cut off can reach the market after the first look; the next look finds it.
        until("both know the same", || {
            ground.well(&["sources", "poll"]);
            here = ground.held_here();
            here == ground.held_at_the_market()
        });
        let native = key.split_once(':').unwrap().1;
        let held = here.iter().any(|(_, job)| job == native);
        assert!(held || !ran.out.contains("claimed practice:"), "what was said to be claimed is claimed: {ran:?}");
    }
    ground.sound();
}
