//! How a practice market is set up.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::faults::Chance;

/// Everything that can be chosen when a market is started.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Decides every job, verdict and bonus.
    pub seed: u64,
    /// How fast jobs arrive.
    pub rate: Rate,
    /// Jobs that are listed at the start.
    pub jobs: u32,
    /// How often a listed job changes for no reason of the worker's: the load generator.
    pub churn: Rate,
    /// Open jobs at most: as one arrives, the oldest that is nobody's ends. So a load can run for hours without growing.
    pub most: Option<u32>,
    /// Divides the market's own delays (review, payout); never a time stamp, a claim time or the rivals' pace. At least 1.
    pub speed: u32,
    /// Where the market keeps its memory; without it, a stop forgets everything.
    pub store: Option<PathBuf>,
    /// The most assignments a worker may hold at once.
    pub hand_limit: u32,
    /// Other workers take places too. Without them nothing is taken away, which suits tests.
    pub rivals: bool,
    /// Requests a minute for each key.
    pub requests_per_minute: u32,
    /// Faults from the start.
    pub faults: Vec<Chance>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            rate: Rate::DEFAULT,
            jobs: 120,
            churn: Rate::NONE,
            most: None,
            speed: 1,
            store: None,
            hand_limit: 10,
            rivals: true,
            requests_per_minute: 600,
            faults: Vec::new(),
        }
    }
}

/// Jobs per second, kept in millionths: `0.2`, `5`, `1/30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    micro: u64,
}

/// A rate that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a rate; write jobs per second such as 0.2, 5 or 1/30 (at most 100000)")]
pub struct RateError(String);

impl Rate {
    /// 0.2 a second: one every five seconds.
    pub const DEFAULT: Rate = Rate { micro: 200_000 };
    /// No arrivals.
    pub const NONE: Rate = Rate { micro: 0 };

    /// The mean time between two arrivals; `None` when nothing arrives.
    pub fn mean_gap(self) -> Option<Duration> {
        (self.micro > 0).then(|| Duration::from_nanos(1_000_000_000_000_000 / self.micro))
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bad = || RateError(s.chars().take(40).collect());
        let micro = match s.split_once('/') {
            Some((over, under)) => {
                let (over, under) = (millionths(over).ok_or_else(bad)?, millionths(under).ok_or_else(bad)?);
                (under > 0).then(|| over * 1_000_000 / under).ok_or_else(bad)?
            }
            None => millionths(s).ok_or_else(bad)?,
        };
        if micro > 100_000_000_000 {
            return Err(bad());
        }
        Ok(Rate { micro })
    }
}

/// A plain decimal in millionths; further places are cut.
fn millionths(s: &str) -> Option<u64> {
    let (whole, fraction) = s.trim().split_once('.').unwrap_or((s.trim(), ""));
    if whole.is_empty() && fraction.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{whole}{:0<6.6}", fraction);
    if digits.len() > 13 { None } else { digits.parse().ok() }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}.{:06}", self.micro / 1_000_000, self.micro % 1_000_000);
        f.pad(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_written_without_floats() {
        let read = |s: &str| s.parse::<Rate>().map(|r| r.to_string());
        assert_eq!(read("0.2"), Ok("0.2".to_owned()));
        assert_eq!(read("1/30"), Ok("0.033333".to_owned()));
        assert_eq!(read("1000"), Ok("1000".to_owned()));
        assert_eq!(read("0"), Ok("0".to_owned()));
        for bad in ["", ".", "-1", "1e3", "1/0", "x", "99999999999999999999"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!("4".parse::<Rate>().map(Rate::mean_gap), Ok(Some(Duration::from_millis(250))));
    }
}
