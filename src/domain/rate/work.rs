//! How long a job takes: the median of own similar jobs, else what others took, else what somebody says.

use serde::{Deserialize, Serialize};

use super::Basis;
use crate::domain::Listing;
use crate::domain::history::{History, Times};

/// What an expected time rests on, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkFrom {
    /// Own jobs of this kind for this requester.
    OwnRequester,
    /// Own jobs of this kind on this platform.
    OwnHere,
    /// Own jobs of this kind anywhere.
    OwnKind,
    /// What other workers took.
    Observed,
    /// The platform's or requester's own estimate.
    Estimate,
}

/// An expected time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Median seconds, at least one.
    pub seconds: u32,
    /// Standard deviation of the logarithm of one job's time.
    pub spread: f64,
    /// What it rests on.
    pub from: WorkFrom,
    /// Own jobs it rests on.
    pub cases: u32,
}

/// Own jobs under this number say less than what is listed.
const ENOUGH: u32 = 3;
/// Spread of times that is assumed for own jobs, with the weight of so many of them.
const OWN: (f64, f64) = (0.4, 4.0);
/// Spread of one's own time around what others took: about half to double in 80 of 100.
const OBSERVED: f64 = 0.55;
/// Spread around an estimate, which mostly flatters.
const ESTIMATED: f64 = 0.8;

impl Work {
    /// For a listing; `None` when nobody says and nothing like it was done.
    pub fn of(listing: &Listing, history: &History) -> Option<Work> {
        let source = history.source(listing.source);
        let requester = source.and_then(|source| source.requester(listing.requester)).and_then(|of| of.kind(listing.kind));
        let here = source.and_then(|source| source.kind(listing.kind)).map(|cell| &cell.times);
        let own = |times: Option<&Times>, from, least| {
            let times = times.filter(|times| times.len() >= least && !listing.kind.is_empty())?;
            Some(Work { seconds: times.median()?.max(1), spread: own_spread(times), from, cases: times.len() })
        };
        let known = own(requester, WorkFrom::OwnRequester, ENOUGH)
            .or_else(|| own(here, WorkFrom::OwnHere, ENOUGH))
            .or_else(|| own(history.kind(listing.kind), WorkFrom::OwnKind, ENOUGH));
        let told = || {
            let (seconds, basis) = listing.seconds.filter(|(seconds, _)| *seconds > 0)?;
            let (spread, from) = match basis {
                Basis::Observed => (OBSERVED, WorkFrom::Observed),
                Basis::Estimate => (ESTIMATED, WorkFrom::Estimate),
            };
            Some(Work { seconds, spread, from, cases: here.map_or(0, Times::len) })
        };
        known.or_else(told).or_else(|| own(history.kind(listing.kind), WorkFrom::OwnKind, 1))
    }

    /// The 80 % interval of one job's seconds.
    pub fn interval(&self) -> (u32, u32) {
        let reach = (super::Z80 * self.spread).exp();
        let seconds = |factor: f64| (f64::from(self.seconds) * factor).round().clamp(1.0, f64::from(u32::MAX)) as u32;
        (seconds(1.0 / reach), seconds(reach))
    }
}

/// Pooled with the assumed spread, and wider for a median of few.
fn own_spread(times: &Times) -> f64 {
    let (n, squares) = (f64::from(times.len()), times.log_squares());
    let (assumed, weight) = OWN;
    let pooled = (squares + weight * assumed * assumed) / (n - 1.0 + weight);
    (pooled * (1.0 + 1.0 / n)).sqrt()
}
