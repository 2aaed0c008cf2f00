//! Who asks for the work, and what is known of how they pay.

use serde::{Deserialize, Serialize};

use super::Text;

/// A requester as the platform shows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requester {
    /// The platform's id.
    pub id: Text,
    /// The name shown.
    pub name: Text,
    /// The platform checked who they are.
    pub verified: bool,
    /// ISO 3166 country, when told.
    pub country: Option<Text>,
    /// How they paid before.
    pub record: PayRecord,
}

/// A requester's payment record, as the platform reports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PayRecord {
    /// Submissions approved.
    pub approved: Option<u32>,
    /// Submissions rejected.
    pub rejected: Option<u32>,
    /// Payments that came.
    pub paid: Option<u32>,
    /// Payments that came late.
    pub late: Option<u32>,
    /// Payments that never came.
    pub unpaid: Option<u32>,
}
