//! The main job while the market misbehaves: refusals, errors, resets, slow bodies. It takes longer, it is said, and every
//! delivery has one effect.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::place::{Market, Place};
use crate::steps;
use crate::terminal::Terminal;

/// What goes wrong, in percent of all requests. Deliveries mostly go wrong after they took effect.
const FAULTS: &[&str] =
    &["500_after=45@/submit", "reset_after=40@/submit", "429=4", "500=4", "reset=3", "reset_after=3", "drip=5", "truncated=2"];
const MARKET: &[&str] = &["--seed", steps::SEED, "--speed", "6000", "--rate", "0.3", "--requests-per-minute", "1000000"];

#[test]
fn the_main_job_on_a_market_that_misbehaves() {
    let place = Place::new();
    let faults: Vec<&str> = FAULTS.iter().flat_map(|fault| ["--fault", fault]).collect();
    let market = place.with_market(&[MARKET, &faults].concat());
    let mut t = Terminal::start(&[], 120, 40, &place);
    t.watch(&["practice waiting", "practice down"]);
    t.wait_for("Open 1");
    steps::find(&mut t);
    steps::claim_stubbornly(&mut t);
    steps::write(&mut t);
    steps::submit(&mut t);
    let paid = steps::paid(&mut t, true);
    assert!(paid.sums.contains("$1.61") && paid.n == "1", "{paid:?}");
    assert!(!t.noticed().is_empty(), "nobody was told of the trouble");
    steps::quit(&mut t);

    let me = ask(&market, "/me");
    let totals = &me["totals"];
    assert_eq!(totals["submitted"], paid.deliveries, "{totals}");
    assert_eq!(totals["approved"], 1, "{totals}");
    assert_eq!(totals["paid_net"], "1.61", "{totals}");
    assert_eq!(ask(&market, "/assignments")["assignments"].as_array().map(Vec::len), Some(1), "one claim, one effect");
}

/// Asks the market past juggler, again while its faults befall us too.
fn ask(market: &Market, path: &str) -> Value {
    (0..200).find_map(|_| try_ask(market, path)).expect("one of two hundred answers is whole")
}

fn try_ask(market: &Market, path: &str) -> Option<Value> {
    let (host, prefix) =
        market.address.strip_prefix("http://")?.split_once('/').unwrap_or((market.address.strip_prefix("http://")?, ""));
    let mut stream = TcpStream::connect(host).ok()?;
    let prefix = if prefix.is_empty() { "v1" } else { prefix.trim_end_matches('/') };
    let request =
        format!("GET /{prefix}{path} HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {}\r\nConnection: close\r\n\r\n", market.key);
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let body = &body[body.find('{')?..=body.rfind('}')?];
    if head.starts_with("HTTP/1.1 200") { serde_json::from_str(body).ok() } else { None }
}
