//! One payment and how far the money got.

use serde::{Deserialize, Serialize};

use crate::domain::Time;
use crate::domain::payment::PaymentStatus;

/// Money for an assignment, in cents. `net = gross - fee`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payment {
    /// Its number; the id is made of it.
    pub n: u64,
    /// For which claim.
    pub claim: u64,
    /// A bonus; else the reward.
    pub bonus: bool,
    /// Before the fee.
    pub gross: i64,
    /// The market's cut (none on a bonus).
    pub fee: i64,
    /// How far it got.
    pub status: PaymentStatus,
    /// When it became due.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it was paid.
    pub paid_at: Option<Time>,
    /// What a bank statement would say.
    pub reference: String,
    /// The number of its latest change.
    pub change: u64,
}

impl Payment {
    /// The id in answers.
    pub fn id(&self) -> String {
        format!("p{:06}", self.n)
    }

    /// What reaches the worker.
    pub fn net(&self) -> i64 {
        self.gross - self.fee
    }

    /// Still to come.
    pub fn is_due(&self) -> bool {
        matches!(self.status, PaymentStatus::Expected | PaymentStatus::Held | PaymentStatus::Disbursing)
    }

    /// The word in answers.
    pub fn word(&self) -> &'static str {
        match self.status {
            PaymentStatus::Expected => "expected",
            PaymentStatus::Held => "held",
            PaymentStatus::Disbursing => "disbursing",
            PaymentStatus::Paid => "paid",
            PaymentStatus::Failed | PaymentStatus::Reversed => "failed",
        }
    }
}

/// What the worker did and got, counted by the market. Money in cents of USD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Submissions that took effect.
    pub submitted: u64,
    /// Approvals.
    pub approved: u64,
    /// Rejections.
    pub rejected: u64,
    /// Times sent back.
    pub revisions: u64,
    /// Paid before the fee, bonuses included.
    pub paid_gross: i64,
    /// The market's cut of that.
    pub paid_fee: i64,
    /// What reached the worker, bonuses included.
    pub paid_net: i64,
    /// The part of `paid_gross` that was bonus.
    pub bonus_gross: i64,
    /// Net of everything expected, held or on its way.
    pub due_net: i64,
    /// Net of what failed.
    pub failed_net: i64,
}
