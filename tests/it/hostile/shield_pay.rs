//! Pay too good to be true, held against what the person's own work of the kind paid.

use juggler::domain::assignment::{Assignment, AssignmentState};
use juggler::domain::reward::Reward;
use juggler::domain::{Asset, AssignmentId, Entry, Job, Money, Record, SourceName, Text};
use serde_json::{Value, json};

use crate::cli::Place;
use crate::store;

/// Deliveries that were approved, as the journal of an earlier life has them.
fn earned(place: &Place, kind: &str, pays: impl IntoIterator<Item = Money>) {
    let now = "2026-03-02T12:00:00Z".parse().unwrap();
    let mut open = store::open(&place.data_dir().join("store"), store::options());
    let source = SourceName::new("old");
    for (n, pay) in pays.into_iter().enumerate() {
        let native = format!("{kind}-{}-{n}", pay.asset);
        let mut job = Job::new(&source, &native, "earlier work", now);
        job.kind = Text::title(kind);
        job.reward = Reward::fixed(pay, 0);
        let assignment = Assignment {
            id: AssignmentId::of(&source, &native),
            job,
            state: AssignmentState::Paid,
            native_state: Text::default(),
            claimed_at: now,
            deadline: None,
            feedback: Text::default(),
            submission: None,
            moved_at: now,
        };
        open.commit(n as u64 + 1, &[Entry { at: now, record: Record::Claimed { assignment: Box::new(assignment) } }]).unwrap();
    }
    open.close();
}

fn usd(cents: i64) -> Money {
    Money::new(cents, Asset::USD)
}

fn job(id: &str, kind: &str, pay: u32, currency: &str) -> Value {
    json!({ "id": id, "title": format!("{kind} work"), "kind": kind, "pay": pay, "currency": currency })
}

fn why(place: &Place, key: &str) -> String {
    place.run(&["show", key]).out
}

#[test]
fn own_deliveries_say_what_is_too_good() {
    let place = Place::new();
    // 140 taglines: 138 at up to 12.00, two of them better. 30 scripts, which the general figures do not know.
    earned(&place, "tagline", (0..138).map(|n| usd(200 + n % 11 * 100)).chain([usd(1200), usd(5000)]));
    place.with_inbox(&[
        job("bait", "tagline", 400, "USD"),
        job("good", "tagline", 61, "USD"),
        job("fair", "tagline", 45, "USD"),
        job("euro", "tagline", 200, "EUR"),
        job("rich", "tagline", 300, "EUR"),
        job("script", "script", 900, "USD"),
    ]);
    // In the person's own dollars four times their best one in a hundred is too much, unless others are paid so every day; in euros,
    // which they were never paid in, only the general figure counts.
    let mut risky = place.keys(&["is:risky"]);
    risky.sort();
    assert_eq!(risky, ["mine:bait", "mine:good", "mine:rich"]);
    let shown = why(&place, "mine:bait");
    assert!(
        shown
            .contains("It promises far too much: it pays $400.00; your tagline jobs paid $12.00 at most 99 times of 100, n=140."),
        "{shown}"
    );
    assert!(
        why(&place, "mine:rich").contains("it pays €300.00; tagline jobs rarely pay more than €60.00."),
        "{}",
        why(&place, "mine:rich")
    );
    let terms = place.run(&["show", "mine:bait", "--why"]).out;
    assert!(terms.contains("n=140"), "{terms}");
    assert_eq!(place.run(&["jobs", "--json", "key:mine:bait"]).lines()[0]["signs"], json!(["pay"]));
}

#[test]
fn few_own_deliveries_decide_nothing() {
    for (own, risky) in [(29, vec![]), (30, vec!["mine:script".to_owned()])] {
        let place = Place::new();
        earned(&place, "script", (0..own).map(|n| usd(1000 + n * 10)));
        place.with_inbox(&[job("script", "script", 900, "USD"), job("yen", "script", 900_000, "JPY")]);
        assert_eq!(place.keys(&["is:risky"]), risky, "{own}");
        if own == 30 {
            let shown = why(&place, "mine:script");
            assert!(shown.contains("your script jobs paid $12.90 at most, n=30."), "{shown}");
        }
    }
}

#[test]
fn jobs_that_are_there_are_judged_again_when_the_history_moves() {
    let place = Place::new();
    place.with_inbox(&[job("script", "script", 900, "USD")]);
    assert_eq!(place.keys(&["is:risky"]), Vec::<String>::new());
    earned(&place, "script", (0..40).map(|n| usd(1000 + n)));
    // Nothing was listed anew: the row in the image is the old one.
    assert_eq!(place.keys(&["is:risky"]), ["mine:script"]);
}
