//! What rules did, so that "once", "n a day" and "never twice" survive a restart.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::{JobKey, Text, Time};

/// Jobs remembered for each rule; the longest ago are forgotten first.
const JOBS_KEPT: usize = 50_000;

/// What every rule did, by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleMemory {
    rules: BTreeMap<Text, Fired>,
}

/// What one rule did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fired {
    /// When last.
    pub last: Option<Time>,
    /// When its last alert or claim was: the cooldown runs from there.
    pub last_loud: Option<Time>,
    /// The person's day that `today` is about.
    pub day: NaiveDate,
    /// How often on that day.
    pub today: u32,
    /// How often in all.
    pub total: u64,
    /// Which jobs, by a hash of their key, and when (seconds).
    #[serde(with = "pairs")]
    jobs: BTreeMap<u64, i64>,
}

/// A claim that a rule made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoClaim {
    /// When.
    pub at: Time,
    /// Of which job.
    pub job: JobKey,
    /// By which rule.
    pub rule: Text,
    /// Whose job it is.
    pub requester: Text,
    /// On which of the person's days.
    pub day: NaiveDate,
}

impl RuleMemory {
    /// What a rule did; `None` when it never did anything.
    pub fn of(&self, rule: &str) -> Option<&Fired> {
        // `Text` is its characters, and cannot be borrowed as them.
        self.rules.get(&Text::title(rule))
    }

    pub(super) fn get(&self, rule: &Text) -> Option<&Fired> {
        self.rules.get(rule)
    }

    /// A rule acted on a job.
    pub fn fire(&mut self, rule: &Text, job: &str, day: NaiveDate, loud: bool, at: Time) {
        let fired = self.rules.entry(rule.clone()).or_default();
        if fired.day != day {
            (fired.day, fired.today) = (day, 0);
        }
        fired.last = fired.last.max(Some(at));
        if loud {
            fired.last_loud = fired.last_loud.max(Some(at));
        }
        fired.today += 1;
        fired.total += 1;
        fired.jobs.insert(hash(job), at.timestamp());
        if fired.jobs.len() > JOBS_KEPT {
            fired.forget();
        }
    }

    /// Forgets rules that are not in the config any more.
    pub fn keep_only(&mut self, is_known: impl Fn(&Text) -> bool) {
        self.rules.retain(|name, _| is_known(name));
    }
}

impl Fired {
    /// How often on that day.
    pub fn on(&self, day: NaiveDate) -> u32 {
        if self.day == day { self.today } else { 0 }
    }

    /// When the rule acted on this job, in seconds.
    pub fn acted_on(&self, job: &str) -> Option<i64> {
        self.jobs.get(&hash(job)).copied()
    }

    /// Drops the older half, so that this happens seldom.
    fn forget(&mut self) {
        let mut times: Vec<i64> = self.jobs.values().copied().collect();
        let middle = times.len() / 2;
        let (_, limit, _) = times.select_nth_unstable(middle);
        let limit = *limit;
        self.jobs.retain(|_, at| *at > limit);
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version, since it is kept.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// A map with numbers as keys, as a list: JSON has only strings for keys.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(map: &BTreeMap<u64, i64>, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(map)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<BTreeMap<u64, i64>, D::Error> {
        Ok(Vec::<(u64, i64)>::deserialize(d)?.into_iter().collect())
    }
}
