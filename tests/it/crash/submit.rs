//! Kills around a submission.

use std::process::Stdio;

use juggler::market::Fault;
use serde_json::Value;

use super::{Tally, When, instants, killed, kills, life};
use crate::support::{Doomed, Ground, first_draft, until};

/// Rounds on one market; more start another.
const ON_ONE: usize = 40;

/// What the journal says about an assignment's submission, without the program.
fn queued(ground: &Ground, id: &str) -> bool {
    let money = ground.place.data_dir().join("store/journal/money.jsonl");
    let journal = std::fs::read_to_string(&money).unwrap();
    journal.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).any(|line| {
        let text = line.to_string();
        text.contains("\"queued\"") && text.contains(&format!("\"{id}\""))
    })
}

fn submission<'a>(view: &'a Value, field: &str) -> &'a Value {
    &view["submission"][field]
}

/// Delivered once, and both sides say so.
fn delivered_once(ground: &Ground, id: &str) -> Value {
    let view = ground.view(id);
    both_say_so(ground, &view);
    view
}

fn both_say_so(ground: &Ground, view: &Value) {
    assert_eq!(ground.effects(view["assignment"]["id"].as_str().unwrap()), 1, "{view}");
    assert_eq!(submission(view, "state"), "acked", "{view}");
    assert!(["submitted", "under_review"].contains(&view["assignment"]["state"].as_str().unwrap()), "{view}");
}

#[test]
fn killed_while_the_request_hangs_before_its_effect() {
    let ground = Ground::new(11, 30);
    let ids = ground.claimed(1);
    let before = ground.market.faults().hits();
    ground.market.faults().next("POST", "/submit", 1, Fault::SilentBefore);
    let doomed = ground.begin(&["submit", &ids[0], "--yes", "--override", "override"]);
    until("the request is at the market", || ground.market.faults().hits() > before);
    assert_eq!(doomed.kill().code, -1);
    assert_eq!(ground.effects(&ids[0]), 0);
    assert!(queued(&ground, &ids[0]), "it was durable before the first byte");
    ground.settle();
    let view = delivered_once(&ground, &ids[0]);
    assert_eq!(submission(&view, "sends"), 2, "looked up, then sent again under the same key");
    assert_eq!(view["draft"]["text"], first_draft(&ids[0]));
    ground.sound();
}

#[test]
fn killed_after_the_effect_with_the_answer_withheld() {
    let mut tally = Tally::of("sent, no reply");
    let mut left = kills("sent, no reply").max(2);
    for chunk in 0.. {
        let n = left.min(ON_ONE);
        if n == 0 {
            break;
        }
        left -= n;
        let ground = Ground::new(700 + chunk, 100);
        let ids = ground.claimed(n);
        for (id, fault) in ids.iter().zip([Fault::SilentAfter, Fault::ResetAfter].into_iter().cycle()) {
            ground.market.faults().next("POST", "/submit", 1, fault);
            let doomed = ground.begin(&["submit", id, "--yes", "--override", "override"]);
            until("it took effect", || ground.effects(id) == 1);
            tally.count(&doomed.kill());
            tally.acknowledged += 1;
            ground.settle();
            let view = delivered_once(&ground, id);
            assert_eq!(submission(&view, "sends"), 1, "found by reading, not by sending: {view}");
        }
        ground.sound();
        assert_eq!(ground.market.totals().submitted, n as u64);
    }
    tally.tell();
}

#[test]
fn killed_again_while_it_finds_out_what_became_of_it() {
    let ground = Ground::new(13, 30);
    let ids = ground.claimed(1);
    let id = &ids[0];
    let faults = ground.market.faults();
    faults.next("POST", "/submit", 1, Fault::SilentAfter);
    let doomed = ground.begin(&["submit", id, "--yes", "--override", "override"]);
    until("it took effect", || ground.effects(id) == 1);
    doomed.kill();
    for _ in 0..3 {
        let before = faults.hits();
        faults.next("GET", "/assignments/", 1, Fault::SilentBefore);
        let doomed = ground.begin(&["outbox"]);
        until("the platform is asked", || faults.hits() > before);
        doomed.kill();
        assert_eq!(ground.effects(id), 1);
    }
    ground.settle();
    assert_eq!(submission(&delivered_once(&ground, id), "sends"), 1);
    ground.sound();
}

/// A bug ends the engine, not its process: what speaks to the platform for it must end too, before the next engine looks.
#[test]
fn a_bug_while_the_request_hangs_costs_nothing_and_sends_nothing_twice() {
    for (fault, effects, sends) in [(Fault::SilentBefore, 0, 2), (Fault::SilentAfter, 1, 1)] {
        let ground = Ground::new(17, 30);
        let id = &ground.claimed(1)[0];
        let mut daemon = ground.place.command(&["daemon"]);
        let daemon = Doomed::of(daemon.env("JUGGLER_DRILL", "panic:engine:150").stdout(Stdio::piped()).stderr(Stdio::piped()));
        until("it serves", || ground.place.run(&["daemon", "status"]).code == 0);
        let before = ground.market.faults().hits();
        ground.market.faults().next("POST", "/submit", 1, fault);
        let asking = ground.begin(&["submit", id, "--yes", "--override", "override"]);
        until("the request is at the market", || ground.market.faults().hits() > before);
        until("its effect, if it has one", || ground.effects(id) == effects);
        // Every question is a step, until one of them is the bug.
        let reports = || std::fs::read_dir(ground.place.data_dir().join("crash")).map_or(0, Iterator::count);
        until("the bug", || {
            ground.place.run(&["sources"]);
            reports() == 1
        });
        let told = asking.end();
        // With the question still open, or before the next one.
        let words = if told.code == 10 { "went away before it answered" } else { "the engine has stopped" };
        assert!([1, 10].contains(&told.code) && told.err.contains(words), "{told:?}");
        // Nobody asks for it: the next engine of the same process finds out by itself.
        until("it is settled", || {
            let hand = ground.place.run(&["hand", "--all", "--json"]);
            hand.code == 0 && hand.lines().iter().any(|view| submission(view, "state") == "acked")
        });
        assert_eq!(submission(&delivered_once(&ground, id), "sends"), sends, "{fault:?}");
        ground.well(&["daemon", "stop"]);
        drop(daemon);
        ground.sound();
        assert_eq!((ground.market.totals().submitted, reports()), (1, 1));
    }
}

/// Until the first byte: the outbox entry, then the word that it is about to be sent.
const BEFORE: &[&str] = &[
    "save.begun",
    "save.written",
    "save.half",
    "save.durable",
    "save.applied",
    "save.begun:2",
    "save.written:2",
    "save.durable:2",
    "save.applied:2",
    "submit.calling",
];
/// The answer is there and nobody has written it down, or not all of it.
const AFTER: &[&str] = &["submit.answered", "save.begun:3", "save.written:3", "save.half:3", "save.durable:3", "save.applied:3"];

#[test]
fn killed_before_the_first_byte_there_is_one_effect() {
    rounds("before send", 100, |n| BEFORE.iter().cycle().take(n).map(|point| When::At(format!("kill:{point}"))).collect());
}

#[test]
fn killed_before_the_answer_is_written_down_there_is_one_effect() {
    rounds("reply not committed", 300, |n| AFTER.iter().cycle().take(n).map(|point| When::At(format!("kill:{point}"))).collect());
}

#[test]
fn killed_at_any_instant_there_is_one_effect() {
    rounds("submission", 500, |_| Vec::new());
}

/// Submissions that are killed `when`, or at spread instants, each on an assignment of its own; then both sides are looked at.
fn rounds(stratum: &'static str, seed: u64, when: impl Fn(usize) -> Vec<When>) {
    let mut tally = Tally::of(stratum);
    let mut left = kills(stratum);
    for chunk in 0.. {
        let n = left.min(ON_ONE);
        if n == 0 {
            break;
        }
        left -= n;
        let ground = Ground::new(seed + chunk, 100);
        let ids = ground.claimed(n + 3);
        let (spare, ids) = ids.split_at(3);
        let life = life(&ground, spare.iter().map(|id| vec!["submit", id, "--yes", "--override", "override"]));
        let mut moments = when(n);
        if moments.is_empty() {
            moments = instants(n, life).map(When::After).collect();
        }
        for (round, (id, when)) in ids.iter().zip(moments).enumerate() {
            let ran = killed(&ground.place, &["submit", id, "--yes", "--override", "override"], &when);
            tally.count(&ran);
            let was_queued = queued(&ground, id);
            tally.acknowledged += usize::from(was_queued);
            // In every third round what comes next is killed as well.
            if let (0, When::After(instant)) = (round % 3, &when) {
                tally.count(&killed(&ground.place, &["outbox", "--json"], &When::After(*instant * 2 / 3)));
            }
            ground.settle();
            if !was_queued {
                assert!(!ran.out.contains("submitted practice:"), "{when:?}: {ran:?}");
                assert_eq!(ground.effects(id), 0, "nothing is sent before it is durable ({when:?} of {life:?})");
                let view = ground.view(id);
                assert_eq!((&view["assignment"]["state"], &view["submission"]), (&"in_progress".into(), &Value::Null));
                assert_eq!(view["draft"]["text"], first_draft(id));
                ground.well(&["submit", id, "--yes", "--override", "override"]);
            }
            assert_eq!(ground.effects(id), 1, "killed at {when:?} of {life:?}, queued: {was_queued}");
        }
        ground.sound();
        let views = ground.well(&["hand", "--all", "--json"]).lines();
        assert_eq!(views.len(), n + 3);
        views.iter().for_each(|view| both_say_so(&ground, view));
        assert_eq!(ground.market.totals().submitted, (n + 3) as u64);
    }
    tally.tell();
}
