//! Work in hand, for tests of what becomes of it: a market that lists nothing new, a claimed job, a sentence in its draft.

use serde_json::Value;

use crate::place::{Market, Place};
use crate::steps;
use crate::terminal::Terminal;

/// Reviews take moments; nothing new arrives.
pub const MARKET: &[&str] = &["--seed", steps::SEED, "--speed", "6000", "--rate", "0"];
pub const SENTENCE: &str = "Every word of this was typed just now.";

/// A place with a source on such a market, in a process of its own.
pub fn market() -> (Place, Market) {
    let place = Place::new();
    let market = place.with_market(MARKET);
    (place, market)
}

/// The program with a job claimed and its empty draft open.
pub fn claimed() -> (Place, Market, Terminal) {
    let (place, market) = market();
    let mut t = Terminal::start(&[], 120, 40, &place);
    steps::opened(&mut t);
    steps::find(&mut t);
    steps::claim(&mut t);
    (place, market, t)
}

/// The same with a sentence in it.
pub fn typed() -> (Place, Market, Terminal) {
    let (place, market, mut t) = claimed();
    t.press(SENTENCE);
    t.wait_for(SENTENCE);
    (place, market, t)
}

/// The one draft as a command finds it; nothing while there is none.
pub fn draft(place: &Place) -> String {
    let hand = place.run(&["hand", "--json"]).lines();
    assert_eq!(hand.len(), 1, "{hand:?}");
    let id = hand[0].pointer("/assignment/id").and_then(Value::as_str).unwrap();
    place.run(&["draft", id]).out.trim_end().to_owned()
}
