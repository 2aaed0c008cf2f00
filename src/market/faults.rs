//! Faults on purpose: what a worker's program must survive, scripted or by chance.

use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::dice::Dice;

/// A way in which an answer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 429 with `Retry-After` in seconds; nothing took effect.
    TooMany { retry_after: u32 },
    /// 500; nothing took effect.
    ErrorBefore,
    /// 500 although it took effect.
    ErrorAfter,
    /// The connection is reset; nothing took effect.
    ResetBefore,
    /// The connection is reset although it took effect.
    ResetAfter,
    /// No answer and no end; nothing took effect.
    SilentBefore,
    /// No answer and no end although it took effect.
    SilentAfter,
    /// The answer drips, so many bytes every so many milliseconds.
    Drip { bytes: usize, every_ms: u64 },
    /// Valid JSON of another shape, with the status of a success.
    WrongShape,
    /// JSON that stops in the middle, with the status of a success and a length that agrees.
    Truncated,
    /// The connection ends in the middle of the body.
    Cut,
    /// A body of so many bytes.
    Huge { bytes: u64 },
}

/// A fault that befalls some of the requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chance {
    /// Of all matching requests.
    pub percent: u8,
    /// Only requests whose path holds this; empty for all.
    pub path: String,
    /// What goes wrong.
    pub fault: Fault,
}

/// A fault that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a fault; write NAME=PERCENT or NAME=PERCENT@PATH, NAME one of 429, 500, 500_after, reset, reset_after, \
     silent, silent_after, drip, wrong_shape, truncated, cut, huge"
)]
pub struct FaultError(String);

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Ok(match s {
            "429" => Fault::TooMany { retry_after: 1 },
            "500" => Fault::ErrorBefore,
            "500_after" => Fault::ErrorAfter,
            "reset" => Fault::ResetBefore,
            "reset_after" => Fault::ResetAfter,
            "silent" => Fault::SilentBefore,
            "silent_after" => Fault::SilentAfter,
            "drip" => Fault::Drip { bytes: 512, every_ms: 20 },
            "wrong_shape" => Fault::WrongShape,
            "truncated" => Fault::Truncated,
            "cut" => Fault::Cut,
            "huge" => Fault::Huge { bytes: 200 << 20 },
            _ => return Err(FaultError(s.chars().take(60).collect())),
        })
    }
}

impl FromStr for Chance {
    type Err = FaultError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let bad = || FaultError(s.chars().take(60).collect());
        let (name, rest) = s.split_once('=').ok_or_else(bad)?;
        let (percent, path) = rest.split_once('@').unwrap_or((rest, ""));
        let percent = percent.parse().ok().filter(|p| *p <= 100).ok_or_else(bad)?;
        Ok(Chance { percent, path: path.to_owned(), fault: name.parse()? })
    }
}

/// A fault for the next requests that match.
#[derive(Clone, Debug)]
struct Scripted {
    method: String,
    path: String,
    left: u32,
    fault: Fault,
}

#[derive(Default)]
struct Plan {
    script: Vec<Scripted>,
    chances: Vec<Chance>,
    asked: u64,
    hits: u64,
}

/// The control of a running market's faults. Copies control the same market.
#[derive(Clone)]
pub struct Faults {
    seed: u64,
    plan: Arc<Mutex<Plan>>,
}

impl Faults {
    /// Faults by chance from the start; the seed decides which requests they befall.
    pub fn new(seed: u64, chances: Vec<Chance>) -> Faults {
        Faults { seed, plan: Arc::new(Mutex::new(Plan { chances, ..Plan::default() })) }
    }

    /// The next `count` requests with this method (empty: any) whose path holds `path` (empty: any) go wrong.
    pub fn next(&self, method: &str, path: &str, count: u32, fault: Fault) {
        self.plan().script.push(Scripted { method: method.to_owned(), path: path.to_owned(), left: count, fault });
    }

    /// Adds a fault by chance.
    pub fn chance(&self, chance: Chance) {
        self.plan().chances.push(chance);
    }

    /// From now on nothing goes wrong.
    pub fn clear(&self) {
        let mut plan = self.plan();
        plan.script.clear();
        plan.chances.clear();
    }

    /// How many requests went wrong so far.
    pub fn hits(&self) -> u64 {
        self.plan().hits
    }

    /// What befalls this request. A script goes before chance.
    pub(super) fn pick(&self, method: &str, path: &str) -> Option<Fault> {
        let mut plan = self.plan();
        plan.asked += 1;
        let matches = |s: &Scripted| s.left > 0 && (s.method.is_empty() || s.method == method) && path.contains(&s.path);
        let fault = if let Some(scripted) = plan.script.iter_mut().find(|s| matches(s)) {
            scripted.left -= 1;
            Some(scripted.fault)
        } else {
            let mut dice = Dice::of(self.seed, "fault", plan.asked, 0);
            let mut hit = |c: &&Chance| path.contains(&c.path) && dice.percent(c.percent.into());
            plan.chances.iter().find(|c| hit(c)).map(|c| c.fault)
        };
        plan.script.retain(|s| s.left > 0);
        plan.hits += u64::from(fault.is_some());
        fault
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_comes_first_and_ends() {
        let faults = Faults::new(1, vec!["500=100@/jobs".parse::<Chance>().unwrap_or_else(|e| unreachable!("{e}"))]);
        faults.next("POST", "/submit", 2, Fault::ResetAfter);
        assert_eq!(faults.pick("GET", "/v1/a/submit"), None);
        assert_eq!(faults.pick("POST", "/v1/a/submit"), Some(Fault::ResetAfter));
        assert_eq!(faults.pick("GET", "/v1/jobs"), Some(Fault::ErrorBefore));
        assert_eq!(faults.pick("POST", "/v1/a/submit"), Some(Fault::ResetAfter));
        assert_eq!(faults.pick("POST", "/v1/a/submit"), None);
        assert_eq!(faults.hits(), 3);
        assert!("500=101".parse::<Chance>().is_err());
        assert!("fire=1".parse::<Chance>().is_err());
    }
}
