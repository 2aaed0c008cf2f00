//! A job as one row of the feed.

use serde::{Deserialize, Serialize};

use crate::domain::ai::AiRule;
use crate::domain::job::JobStatus;
use crate::domain::listing::Costs;
use crate::domain::rate::Expected;
use crate::domain::triage::Marks;
use crate::domain::{AssignmentState, JobKey, Listing, Money, Signs, SourceName, Text, Time};

/// One row of the feed: what panes and tables show without another question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    pub key: JobKey,
    pub title: Text,
    pub requester: Text,
    pub source: SourceName,
    pub kind: Text,
    /// Gross pay.
    pub pay: Option<Money>,
    /// After the platform's cut.
    pub net: Option<Money>,
    /// Expected rate.
    pub rate: Option<Expected>,
    /// Expected seconds.
    pub seconds: Option<u32>,
    pub ai: AiRule,
    pub status: JobStatus,
    pub marks: Marks,
    pub slots_left: Option<u32>,
    /// When it was posted, or first seen here.
    pub since: Time,
    pub expires_at: Option<Time>,
    pub claim_ttl: Option<u32>,
    pub suspicious: bool,
    /// What it seems to want that no honest job wants.
    #[serde(default)]
    pub signs: Signs,
    /// What it takes from the worker first.
    pub costs: Costs,
    /// It was gone or full and came back.
    pub reopened: bool,
    /// My assignment of it.
    pub mine: Option<AssignmentState>,
    /// 0 (not for you) to 100 (made for you).
    pub fit: Option<u8>,
    /// A requirement is not met, or the profile refuses it.
    pub barred: bool,
    /// One of the blocks hides it.
    #[serde(default)]
    pub blocked: bool,
    /// Identical jobs that this row stands for, itself among them; 1 in a view that does not group.
    #[serde(default = "one")]
    pub alike: u32,
}

impl JobRow {
    /// The row as a listing, as far as it tells.
    pub fn listing(&self) -> Listing<'_> {
        Listing {
            key: self.key.as_str(),
            source: self.source.as_str(),
            title: self.title.as_str(),
            requester: self.requester.as_str(),
            record: Default::default(),
            kind: self.kind.as_str(),
            tags: &[],
            requirements: &[],
            language: "",
            pay: self.pay,
            per_delivery: true,
            net: self.net,
            seconds: self.seconds.map(|seconds| (seconds, crate::domain::rate::Basis::Estimate)),
            slots_left: self.slots_left,
            competitors: None,
            since: self.since,
            first_seen: self.since,
            last_seen: self.since,
            expires_at: self.expires_at,
            reopened_at: self.reopened.then_some(self.since),
            seen_count: 1,
            claim_ttl: self.claim_ttl,
            claim_mode: Default::default(),
            status: self.status,
            ai: self.ai,
            costs: self.costs,
            suspicious: self.suspicious,
            signs: self.signs,
            marks: self.marks,
            blocked: self.blocked,
            mine: self.mine,
            worth: crate::domain::Worth {
                hourly: self.rate.map(|rate| rate.mid),
                fit: self.fit,
                barred: self.barred,
                too_good: false,
            },
        }
    }
}

fn one() -> u32 {
    1
}
