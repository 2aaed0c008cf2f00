//! Who the person is, as far as jobs ask: what they can, have, like and refuse. Never sent anywhere.

use serde::{Deserialize, Serialize};

use super::{Costs, Hours, Money, Text};

/// The person's own words about themselves. Everything may be left out; what is left out decides nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// What they can: compared with tags, kinds and requirements.
    pub skills: Vec<Text>,
    /// BCP 47, such as `en` or `pt-BR`; compared by the part before the `-`.
    pub languages: Vec<Text>,
    /// ISO 3166, two letters.
    pub country: Option<Text>,
    /// Further names of where they are, as requirements may write them.
    pub places: Vec<Text>,
    /// What they have: `desktop`, `phone`, `microphone`, …
    pub devices: Vec<Text>,
    /// Kinds of work they like; `*` stands for anything.
    pub likes: Vec<Text>,
    /// Kinds of work they never take; `*` stands for anything.
    pub refuses: Vec<Text>,
    /// What no job may take from them first.
    pub refused_costs: Costs,
    /// Least expected pay per hour, one for each asset.
    pub floor: Vec<Money>,
    /// Longest job, in minutes.
    pub max_minutes: Option<u32>,
    /// Local hours in which they work; empty: always. Outside them nothing is claimed by a rule.
    pub hours: Hours,
    /// What one job costs them on average (models, materials): it is taken off the expected rate.
    pub cost_per_job: Option<Money>,
}

impl Profile {
    /// Nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Profile::default()
    }
}
