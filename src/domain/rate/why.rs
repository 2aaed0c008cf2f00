//! Where an expected rate comes from, number by number.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::print::per_hour;
use super::{Parts, expected};
use super::{Work, WorkFrom};
use crate::domain::history::{History, Tally};
use crate::domain::job::ClaimMode;
use crate::domain::{Listing, Money, Text};

/// One number and its origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// What it is: `approved`, `time`, …
    pub label: Text,
    /// The number and where it comes from, in one line.
    pub value: Text,
}

pub(super) fn why(listing: &Listing, history: &History, cost: Option<Money>) -> Vec<Why> {
    let mut lines = Vec::new();
    let mut say = |label: &str, value: String| lines.push(Why { label: Text::title(label), value: Text::title(&value) });
    match (listing.pay, listing.net) {
        (Some(pay), Some(net)) if pay != net => say("pay", format!("{net} after the platform's cut of {pay}")),
        (_, Some(net)) => say("pay", format!("{net}; no cut is told")),
        _ => say("pay", "not told, so there is no rate".to_owned()),
    }
    match Work::of(listing, history) {
        Some(work) => say("time", time(&work)),
        None => say("time", "nobody says, and you have done nothing of this kind".to_owned()),
    }
    let Some(parts) = Parts::of(listing, history, cost) else { return lines };
    let approval = &parts.approval;
    let mut value = percent(approval.chance);
    let _ = write!(value, ": {} approved {} for this requester", of(approval.own), plural(approval.own));
    if approval.told.of > 0 {
        let record = listing.record;
        let all = u64::from(record.approved.unwrap_or(0)) + u64::from(record.rejected.unwrap_or(0));
        let _ = write!(value, "; the platform says {} of {all}", record.approved.unwrap_or(0));
        if let Some(unpaid) = record.unpaid.filter(|n| *n > 0) {
            let _ = write!(value, ", {unpaid} never paid");
        }
        if all > u64::from(approval.told.of) {
            let _ = write!(value, " (counts as {})", approval.told.of);
        }
    }
    let _ =
        write!(value, "; prior {} from {} of your {} here", percent(approval.prior), of(approval.here), listing_kind(listing));
    say("approved", value);
    let claim = &parts.claim;
    let verb = if parts.race { "won" } else { "became yours" };
    let mut value = format!("{}: {} {verb} here", percent(claim.chance), of(claim.own));
    let _ = write!(value, "; prior {} for {}", percent(claim.prior), mode(listing.claim_mode));
    if let Some(slots) = listing.slots_left {
        let _ = write!(value, ", {slots} left");
    }
    if let Some(others) = listing.competitors {
        let _ = write!(value, ", {others} others at it");
    }
    say("yours", value);
    let (triage, tried) = history.search();
    say("search", format!("{} a claim: {} over {tried} claims, drawn towards 30 s", span(parts.overhead), span_long(triage)));
    match cost {
        Some(own) if parts.cost.is_some() => say("own cost", format!("{own} a job")),
        Some(own) => say("own cost", format!("{own} a job is in another asset and is left out")),
        None => {}
    }
    if parts.race {
        say("race", "the work is spent whether it is won or not".to_owned());
    }
    if let Some(expected) = expected(listing, history, cost) {
        say("expected", format!("{} in 8 of 10 cases; the middle is {}", expected, per_hour(expected.mid)));
        for doubt in expected.doubts.words() {
            say("doubt", doubt.to_owned());
        }
    }
    lines
}

fn time(work: &Work) -> String {
    let (low, high) = work.interval();
    let from = match work.from {
        WorkFrom::OwnRequester => format!("the median of {} of yours for this requester", work.cases),
        WorkFrom::OwnHere => format!("the median of {} of yours here", work.cases),
        WorkFrom::OwnKind => format!("the median of {} of yours of this kind anywhere", work.cases),
        WorkFrom::Observed => "what others took".to_owned(),
        WorkFrom::Estimate => "an estimate of the platform or requester".to_owned(),
    };
    format!("{} ({}–{}): {from}", span(work.seconds), span(low), span(high))
}

fn of(tally: Tally) -> String {
    format!("{} of {}", tally.good, tally.of)
}

fn plural(tally: Tally) -> &'static str {
    if tally.of == 1 { "delivery" } else { "deliveries" }
}

fn listing_kind(listing: &Listing) -> String {
    if listing.kind.is_empty() { "jobs of no kind".to_owned() } else { format!("\"{}\"", listing.kind) }
}

fn percent(chance: f64) -> String {
    format!("{:.0} %", chance * 100.0)
}

fn mode(mode: ClaimMode) -> &'static str {
    match mode {
        ClaimMode::InstantLock => "a claim that locks at once",
        ClaimMode::ServerNext => "a queue",
        ClaimMode::ApplyThenAssigned => "an application",
        ClaimMode::BidThenAssigned => "a bid",
        ClaimMode::Race => "a race",
        ClaimMode::Contest => "a contest",
        ClaimMode::Link => "a link",
    }
}

fn span(seconds: u32) -> String {
    span_long(seconds.into())
}

fn span_long(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{:.1} h", seconds as f64 / 3600.0),
    }
}
