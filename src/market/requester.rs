//! Who posts jobs, and how they treat those who do them.

use serde::Deserialize;

use super::template::BadAsset;

/// How a requester judges and pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Temper {
    /// Pays in time, judges fairly.
    Prompt,
    /// Asks for another round rather often.
    Fussy,
    /// Pays several times later than others.
    SlowPayer,
    /// Does not pay at all.
    NeverPays,
    /// Gives bonuses.
    Generous,
}

/// What a person's taste does with work that passes its checks, in percent of all cases.
#[derive(Clone, Copy, Debug)]
pub struct Taste {
    /// Sent back with a wish.
    pub revision: u64,
    /// Refused.
    pub rejection: u64,
    /// Approved with something on top, of those approved.
    pub bonus: u64,
}

impl Temper {
    /// The taste that goes with it.
    pub fn taste(self) -> Taste {
        let (revision, rejection, bonus) = match self {
            Temper::Prompt => (10, 2, 10),
            Temper::Fussy => (30, 6, 5),
            Temper::SlowPayer => (12, 3, 5),
            Temper::NeverPays => (15, 10, 0),
            Temper::Generous => (5, 0, 40),
        };
        Taste { revision, rejection, bonus }
    }
}

/// One requester, with the record that the market shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requester {
    /// Stable id.
    pub id: String,
    /// The name shown.
    pub name: String,
    /// ISO 3166.
    pub country: String,
    /// The market checked who they are.
    pub verified: bool,
    /// Submissions approved.
    pub approved: u32,
    /// Submissions rejected.
    pub rejected: u32,
    /// Payments made.
    pub paid: u32,
    /// Payments made late.
    pub late: u32,
    /// Payments never made.
    pub unpaid: u32,
    /// How they treat people.
    pub temper: Temper,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requester: Vec<Requester>,
}

/// Reads the requesters' file.
pub fn read(text: &str) -> Result<Vec<Requester>, BadAsset> {
    let file: File = toml::from_str(text).map_err(|e| BadAsset::new("requesters.toml", e))?;
    if file.requester.is_empty() {
        return Err(BadAsset::new("requesters.toml", "nobody is in it"));
    }
    Ok(file.requester)
}
