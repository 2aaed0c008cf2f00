//! What a platform says about money.

use serde::{Deserialize, Serialize};

use super::{AssignmentId, Money, Text, Time};

/// What the money is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// The reward.
    #[default]
    Reward,
    /// A bonus.
    Bonus,
    /// A tip.
    Tip,
    /// Part of the reward.
    Partial,
    /// Given back to the requester.
    Refund,
    /// Taken back by the platform.
    Reversal,
    /// Anything else.
    Adjustment,
}

/// How far the money got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Due.
    #[default]
    Expected,
    /// Kept back by the platform.
    Held,
    /// On its way.
    Disbursing,
    /// Here.
    Paid,
    /// Did not come.
    Failed,
    /// Was taken back.
    Reversed,
}

/// One payment, as last reported. `net = gross - fee`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// `source:native id`.
    pub id: Text,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// What for.
    pub kind: PaymentKind,
    /// Before the fee.
    pub gross: Money,
    /// The platform's cut.
    pub fee: Money,
    /// What reaches the person.
    pub net: Money,
    /// How far it got.
    pub status: PaymentStatus,
    /// When it was made due.
    pub created_at: Time,
    /// When it came.
    pub paid_at: Option<Time>,
    /// The platform's reference.
    #[serde(default)]
    pub reference: Text,
}
