//! Translations between a platform's words and ours.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::assignment::AssignmentState;
use crate::domain::job::{ClaimMode, JobStatus, Met};
use crate::domain::payment::{PaymentKind, PaymentStatus};
use crate::domain::reward::{Funding, RewardKind};
use crate::domain::{AiRule, Asset};

/// A set of our words, with the name its table has in a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Whether a job can be had.
    JobStatus,
    /// Where an assignment stands.
    AssignmentState,
    /// How far money got.
    PaymentStatus,
    /// What money is for.
    PaymentKind,
    /// What an assistant may do.
    Ai,
    /// How pay is meant.
    RewardKind,
    /// Whether the money is there.
    Funded,
    /// How a job becomes mine.
    ClaimMode,
    /// Whether a requirement is met.
    Met,
}

/// `[words.<table>]`: the platform's word → ours. Our own words need no entry.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Words {
    job_status: BTreeMap<String, String>,
    assignment_state: BTreeMap<String, String>,
    payment_status: BTreeMap<String, String>,
    payment_kind: BTreeMap<String, String>,
    ai: BTreeMap<String, String>,
    reward_kind: BTreeMap<String, String>,
    funded: BTreeMap<String, String>,
    claim_mode: BTreeMap<String, String>,
    met: BTreeMap<String, String>,
}

impl Word {
    /// Every set.
    pub const ALL: [Word; 9] = [
        Word::JobStatus,
        Word::AssignmentState,
        Word::PaymentStatus,
        Word::PaymentKind,
        Word::Ai,
        Word::RewardKind,
        Word::Funded,
        Word::ClaimMode,
        Word::Met,
    ];

    /// The table's name.
    pub fn table(self) -> &'static str {
        match self {
            Word::JobStatus => "job_status",
            Word::AssignmentState => "assignment_state",
            Word::PaymentStatus => "payment_status",
            Word::PaymentKind => "payment_kind",
            Word::Ai => "ai",
            Word::RewardKind => "reward_kind",
            Word::Funded => "funded",
            Word::ClaimMode => "claim_mode",
            Word::Met => "met",
        }
    }

    /// Whether `ours` is a word of the set; the error lists what is.
    pub fn knows(self, ours: &str) -> Result<(), String> {
        fn try_as<T: DeserializeOwned>(ours: &str) -> Result<(), String> {
            serde_json::from_value::<T>(Value::String(ours.to_owned())).map(drop).map_err(|error| error.to_string())
        }
        match self {
            Word::JobStatus => try_as::<JobStatus>(ours),
            Word::AssignmentState => try_as::<AssignmentState>(ours),
            Word::PaymentStatus => try_as::<PaymentStatus>(ours),
            Word::PaymentKind => try_as::<PaymentKind>(ours),
            Word::Ai => try_as::<AiRule>(ours),
            Word::RewardKind => try_as::<RewardKind>(ours),
            Word::Funded => try_as::<Funding>(ours),
            Word::ClaimMode => try_as::<ClaimMode>(ours),
            Word::Met => try_as::<Met>(ours),
        }
    }
}

impl Words {
    /// The table of a set.
    pub fn table(&self, word: Word) -> &BTreeMap<String, String> {
        match word {
            Word::JobStatus => &self.job_status,
            Word::AssignmentState => &self.assignment_state,
            Word::PaymentStatus => &self.payment_status,
            Word::PaymentKind => &self.payment_kind,
            Word::Ai => &self.ai,
            Word::RewardKind => &self.reward_kind,
            Word::Funded => &self.funded,
            Word::ClaimMode => &self.claim_mode,
            Word::Met => &self.met,
        }
    }
}

/// An asset by code, with the recipe's exponents for those that ISO 4217 does not know. The error is a sentence.
pub fn asset(code: &str, exponents: &BTreeMap<String, u8>) -> Result<Asset, String> {
    let exponent = exponents.get(code).copied();
    let read = if exponent.is_some() { Asset::new(code, exponent) } else { code.parse() };
    read.map_err(|error| format!("{error}; exponents of tokens go under [assets]"))
}
