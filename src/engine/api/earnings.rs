//! The earnings.

use serde::{Deserialize, Serialize};

use crate::domain::ledger::Figures;
use crate::domain::{AssignmentState, Money};

/// The earnings pane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earnings {
    /// Per asset.
    pub figures: Vec<Figures>,
    /// The day's goal.
    pub goal: Option<Money>,
    /// Claims that were lost to others, in all.
    pub claims_lost: u32,
    /// Assignments by state.
    pub states: Vec<(AssignmentState, u32)>,
}
