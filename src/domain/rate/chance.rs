//! Chances: of being approved, and of the job becoming mine.
//!
//! Each level of evidence is drawn towards the wider one as if k = 10 cases of that had been seen: overall, platform, platform and
//! kind, requester. Where nothing was seen on a level, the wider one holds unchanged.

use crate::domain::Listing;
use crate::domain::history::part::is_race;
use crate::domain::history::{Cell, History, Tally};
use crate::domain::job::ClaimMode;
use crate::domain::requester::PayRecord;

/// Weight of a prior, in cases.
const K: f64 = 10.0;
/// Approved of decided when nothing at all is known.
const APPROVED: f64 = 0.9;
/// What a platform tells of a requester counts as at most so many cases of one's own: it is others' work, and unchecked.
const TOLD_MOST: u32 = 20;
/// Own claims count as at most so many, so that a crowd at this very job still shows.
const CLAIMS_MOST: u32 = 40;

/// How likely a delivery is approved and paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Approval {
    /// 0 to 1.
    pub chance: f64,
    /// From platform and kind, before the requester is looked at.
    pub prior: f64,
    /// Own deliveries to this requester.
    pub own: Tally,
    /// Own deliveries of this kind on this platform.
    pub here: Tally,
    /// The platform's word on the requester, at most `TOLD_MOST` cases of it.
    pub told: Tally,
}

impl Approval {
    /// For a listing.
    pub fn of(listing: &Listing, history: &History) -> Approval {
        let source = history.source(listing.source);
        let here = source.and_then(|source| source.kind(listing.kind)).map(|cell: &Cell| cell.verdicts).unwrap_or_default();
        let platform = source.map(|source| source.all.verdicts).unwrap_or_default();
        let own = source.and_then(|source| source.requester(listing.requester)).map(|of| of.verdicts).unwrap_or_default();
        let told = told(listing.record).at_most(TOLD_MOST);
        let wide = platform.towards(history.overall().verdicts.towards(APPROVED, K), K);
        let prior = here.towards(wide, K);
        let both = Tally::new(own.good.saturating_add(told.good), own.of.saturating_add(told.of));
        Approval { chance: both.towards(prior, K), prior, own, here, told }
    }

    /// Own cases the figure rests on.
    pub fn own_cases(&self) -> u32 {
        self.own.of.max(self.here.of)
    }

    /// Variance of its logarithm, as of a share of so many cases.
    pub(super) fn doubt(&self) -> f64 {
        doubt(self.chance, f64::from(self.own.of) + f64::from(self.told.of) + f64::from(self.here.of) + K)
    }
}

/// Approved and paid, of all decided. Who approves and does not pay has not approved.
fn told(record: PayRecord) -> Tally {
    let (approved, rejected) = (record.approved.unwrap_or(0), record.rejected.unwrap_or(0));
    let of = approved.saturating_add(rejected);
    Tally::new(approved.saturating_sub(record.unpaid.unwrap_or(0)), of)
}

/// How likely the job becomes mine (or the race is won).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// 0 to 1.
    pub chance: f64,
    /// From the way of claiming, the places and the crowd.
    pub prior: f64,
    /// Own claims (or races) of this kind on this platform.
    pub own: Tally,
}

impl Claim {
    /// For a listing.
    pub fn of(listing: &Listing, history: &History) -> Claim {
        let cell = history.source(listing.source).and_then(|source| source.kind(listing.kind));
        let race = is_race(listing.claim_mode);
        let own = cell.map(|cell| if race { cell.races } else { cell.claims }).unwrap_or_default();
        let prior = crowd(listing);
        Claim { chance: own.at_most(CLAIMS_MOST).towards(prior, K).clamp(0.001, 1.0), prior, own }
    }

    pub(super) fn doubt(&self) -> f64 {
        // A sure thing that was never tried is no doubt: a lock is there or it is not.
        doubt(self.chance, f64::from(self.own.of.min(CLAIMS_MOST)) + K)
    }
}

/// The chance as the listing alone shows it.
fn crowd(listing: &Listing) -> f64 {
    let places = f64::from(listing.slots_left.unwrap_or(1).max(1));
    match (listing.claim_mode, listing.competitors) {
        // Others at it take places while one reads; about one in ten gets in between.
        (ClaimMode::InstantLock | ClaimMode::Link, Some(others)) => 0.95 * places / (places + f64::from(others) / 10.0),
        (ClaimMode::InstantLock | ClaimMode::Link, None) => 0.9,
        (ClaimMode::ServerNext, _) => 0.95,
        (_, Some(others)) => (places / (f64::from(others) + 1.0)).min(0.95),
        (ClaimMode::ApplyThenAssigned | ClaimMode::BidThenAssigned, None) => 0.3,
        (ClaimMode::Race | ClaimMode::Contest, None) => 0.2,
    }
}

/// Delta method: `var(ln p) = (1 − p) / (p n)`.
fn doubt(chance: f64, cases: f64) -> f64 {
    let chance = chance.clamp(0.01, 1.0);
    (1.0 - chance) / (chance * cases)
}
