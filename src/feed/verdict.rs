//! What goes into the feed beside the listing, and what comes back.

use crate::domain::listing::Worth;
use crate::domain::triage::Marks;
use crate::domain::{AssignmentState, Time};

/// The person's side of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Judged {
    /// Local verdicts.
    pub marks: Marks,
    /// My assignment of it.
    pub mine: Option<AssignmentState>,
    /// One of the person's blocks fits it.
    pub blocked: bool,
    /// What it is worth to this person.
    pub worth: Worth,
}

/// What became of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upsert {
    /// What was new about it.
    pub arrival: super::Arrival,
    /// The listing tells less than what was fetched before and nothing else of the text: the store keeps brief, attachments and
    /// deliverable of the stored job, which stays `detailed`.
    pub keep_details: bool,
    /// First seen here.
    pub first_seen: Time,
    /// How many times its listing was seen anew or changed, this one counted.
    pub seen_count: u32,
    /// It was gone or full and came back at this time.
    pub reopened_at: Option<Time>,
}
