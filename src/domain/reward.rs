//! What a job pays, what it costs, and on what terms.

use serde::{Deserialize, Serialize};

use super::{Money, Text};

/// How the pay is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardKind {
    /// One sum for one accepted delivery.
    #[default]
    Fixed,
    /// Between `min` and `max`.
    Range,
    /// `max` is the most a requester will pay.
    MaxBid,
    /// Per hour.
    Hourly,
    /// Per item delivered.
    PerItem,
    /// Shared between winners.
    PrizePool,
    /// Unpaid, and said so.
    Volunteer,
    /// Not told.
    Unknown,
}

/// Whether the money is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// Held by the platform.
    Escrowed,
    /// Promised only.
    Promised,
    /// Not told.
    #[default]
    Unknown,
}

/// The reward, gross.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reward {
    /// How it is meant.
    pub kind: RewardKind,
    /// Least, or the sum itself when fixed.
    pub min: Option<Money>,
    /// Most, or the sum itself when fixed.
    pub max: Option<Money>,
    /// The platform's cut in millionths, paid by the worker (10 % = 100 000).
    pub fee_ppm: u32,
    /// The most a bonus may add.
    pub bonus_max: Option<Money>,
    /// Whether the money is there.
    pub funded: Funding,
}

impl Reward {
    /// A fixed sum with the platform's cut in millionths.
    pub fn fixed(pay: Money, fee_ppm: u32) -> Reward {
        Reward { min: Some(pay), max: Some(pay), fee_ppm, ..Reward::default() }
    }

    /// The sum to plan with before fees: the lower end.
    pub fn gross(&self) -> Option<Money> {
        self.min.or(self.max)
    }

    /// The sum to plan with after the platform's cut.
    pub fn net(&self) -> Option<Money> {
        let gross = self.gross()?;
        gross.minus(gross.share(self.fee_ppm)).ok()
    }
}

/// What the worker must pay or give up first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostToWorker {
    /// How much, when it is money.
    pub amount: Option<Money>,
    /// What for: stake, unlock fee, public post, identity.
    pub why: Text,
}
