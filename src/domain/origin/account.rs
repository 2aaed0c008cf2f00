//! The account of one version of a draft: the side file that may go with a delivery.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Origin, Shares, Statement};
use crate::domain::{AssignmentId, Draft, Text};

/// One stretch of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// Its first byte.
    pub from: usize,
    /// The byte behind it.
    pub to: usize,
    /// Where it came from.
    pub origin: Origin,
    /// Its characters, line ends not counted.
    pub characters: u64,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileOrigin {
    /// Its name in the delivery.
    pub name: Text,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Where it came from.
    pub origin: Origin,
}

/// Where every stretch of a draft came from, for others to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Always "juggler draft origins".
    pub what: &'static str,
    /// Of this shape.
    pub format: u32,
    /// Whose draft, and which version of it.
    pub assignment: AssignmentId,
    /// Which version.
    pub version: u32,
    /// When that was saved.
    pub saved_at: crate::domain::Time,
    /// SHA-256 of the text in UTF-8, in hex: the account is of this text and no other.
    pub text_sha256: String,
    /// How much came from where.
    pub shares: Shares,
    /// Which statement fits.
    pub statement: Statement,
    /// The statement in words; empty where parts are unknown.
    pub said: Text,
    /// An assistant's words or files stood in this version or an earlier one.
    pub assisted: bool,
    /// Every stretch, in the text's order.
    pub stretches: Vec<Stretch>,
    /// Every file.
    pub files: Vec<FileOrigin>,
    /// What the account is worth.
    pub note: &'static str,
}

const NOTE: &str = "An account of typing, not of ideas, kept by the author's own editor. Positions are bytes of the text in UTF-8; \
pasted and external parts are of unknown authorship; declared parts are the author's own by their own statement.";

impl Account {
    /// The account of `draft`.
    pub fn of(draft: &Draft) -> Account {
        let origins = draft.origins();
        let text = draft.text.as_str();
        let stretches = origins.runs().map(|(run, origin)| Stretch {
            from: run.start,
            to: run.end,
            origin: origin.clone(),
            characters: Shares::of(&super::Origins::whole(run.len(), origin.clone()), &text[run]).total,
        });
        let made = draft.made();
        let files = draft.files.iter().map(|file| FileOrigin {
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            origin: file.origin.clone(),
        });
        Account {
            what: "juggler draft origins",
            format: 1,
            assignment: draft.assignment.clone(),
            version: draft.version,
            saved_at: draft.saved_at,
            text_sha256: format!("{:x}", Sha256::digest(text)),
            shares: made.shares,
            statement: made.statement(),
            said: made.said(),
            assisted: draft.assisted,
            stretches: stretches.collect(),
            files: files.collect(),
            note: NOTE,
        }
    }
}
