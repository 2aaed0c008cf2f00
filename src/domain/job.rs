//! What a source lists.

use serde::{Deserialize, Serialize};

use super::reward::{CostToWorker, Reward, RewardKind};
use super::shield::{self, Found};
use super::{AiPolicy, Deliverable, JobKey, Signs, SourceName, Text, Time, requester::Requester};

/// How a job becomes mine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimMode {
    /// Claiming locks it at once.
    #[default]
    InstantLock,
    /// The server picks the next task.
    ServerNext,
    /// Apply, then wait to be assigned.
    ApplyThenAssigned,
    /// Bid, then wait to be assigned.
    BidThenAssigned,
    /// First good delivery wins.
    Race,
    /// Best delivery wins.
    Contest,
    /// Only a link: claimed elsewhere.
    Link,
}

/// Whether it can be had, as the platform last said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Can be claimed.
    #[default]
    Open,
    /// No slot left; may reopen.
    Full,
    /// Past its time.
    Expired,
    /// Withdrawn by the requester.
    Cancelled,
    /// Not listed any more.
    Vanished,
}

/// A file or text that comes with the job. Not fetched until the person asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Name shown, and (sanitised) the name it is saved under.
    pub name: Text,
    /// Media type as told.
    pub mime: Text,
    /// Bytes as told.
    pub size: Option<u64>,
    /// SHA-256 in hex as told.
    pub sha256: Option<Text>,
    /// Where the adapter fetches it; relative to the source or absolute.
    pub url: Option<Text>,
    /// The content itself when it came inline or was fetched as text.
    pub text: Option<Text>,
}

/// Whether a requirement is met, as far as is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// Something the worker must be or have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// qualification, geo, device, kyc, stake, account_age, reputation, skill, public_post.
    pub kind: Text,
    /// In words.
    pub text: Text,
    /// As the platform or the profile says.
    pub met: Met,
}

/// A job as last listed, with what was seen of it here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// `source:native_id`.
    pub key: JobKey,
    /// The platform's revision number or stamp.
    #[serde(default)]
    pub revision: Option<Text>,
    /// Its page.
    #[serde(default)]
    pub url: Option<Text>,
    /// One line.
    pub title: Text,
    /// What is wanted, whole.
    #[serde(default)]
    pub brief: Text,
    /// The whole brief and attachments were fetched, not just the listing.
    #[serde(default)]
    pub detailed: bool,
    /// Who asks.
    #[serde(default)]
    pub requester: Requester,
    /// The platform's word for the kind of work: `tagline`, `art`, `script`, `chat`, …
    #[serde(default)]
    pub kind: Text,
    /// Further words.
    #[serde(default)]
    pub tags: Vec<Text>,
    /// The pay.
    #[serde(default)]
    pub reward: Reward,
    /// What it costs the worker.
    #[serde(default)]
    pub cost: Option<CostToWorker>,
    /// The platform's estimate.
    #[serde(default)]
    pub est_seconds: Option<u32>,
    /// What others took.
    #[serde(default)]
    pub obs_seconds: Option<u32>,
    /// Places in all.
    #[serde(default)]
    pub slots_total: Option<u32>,
    /// Places left.
    #[serde(default)]
    pub slots_left: Option<u32>,
    /// Others at it.
    #[serde(default)]
    pub competitors: Option<u32>,
    /// When it was posted.
    #[serde(default)]
    pub posted_at: Option<Time>,
    /// When the platform last changed it.
    #[serde(default)]
    pub updated_at: Option<Time>,
    /// To be claimed by.
    #[serde(default)]
    pub expires_at: Option<Time>,
    /// How it becomes mine.
    #[serde(default)]
    pub claim_mode: ClaimMode,
    /// Seconds to deliver in once claimed.
    #[serde(default)]
    pub claim_ttl: Option<u32>,
    /// Seconds after which silence means approval.
    #[serde(default)]
    pub auto_approve_after: Option<u32>,
    /// What comes with it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// What it wants back.
    #[serde(default)]
    pub deliverable: Deliverable,
    /// What the worker must be or have.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// What an assistant may do.
    #[serde(default)]
    pub ai: AiPolicy,
    /// BCP 47.
    #[serde(default)]
    pub language: Option<Text>,
    /// The platform's warning about the content.
    #[serde(default)]
    pub warning: Option<Text>,
    /// Whether it can be had.
    #[serde(default)]
    pub status: JobStatus,
    /// A text of it tried to smuggle control or invisible characters.
    #[serde(default)]
    pub suspicious: bool,
    /// What its texts seem to want that no honest job wants. Read where the job enters, by the rules of that day.
    #[serde(default, skip_serializing_if = "Signs::is_empty")]
    pub signs: Signs,
    /// What shows these signs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Found>,
    /// First seen here.
    pub first_seen: Time,
    /// Last listed.
    pub last_seen: Time,
    /// How many times its listing was seen anew or changed.
    #[serde(default)]
    pub seen_count: u32,
    /// It was gone or full and came back at this time.
    #[serde(default)]
    pub reopened_at: Option<Time>,
}

impl Job {
    /// A job with the required fields only.
    pub fn new(source: &SourceName, native: &str, title: &str, now: Time) -> Job {
        Job {
            key: JobKey::of(source, native),
            revision: None,
            url: None,
            title: Text::title(title),
            brief: Text::default(),
            detailed: false,
            requester: Requester::default(),
            kind: Text::default(),
            tags: Vec::new(),
            reward: Reward::default(),
            cost: None,
            est_seconds: None,
            obs_seconds: None,
            slots_total: None,
            slots_left: None,
            competitors: None,
            posted_at: None,
            updated_at: None,
            expires_at: None,
            claim_mode: ClaimMode::default(),
            claim_ttl: None,
            auto_approve_after: None,
            attachments: Vec::new(),
            deliverable: Deliverable::default(),
            requirements: Vec::new(),
            ai: AiPolicy::default(),
            language: None,
            warning: None,
            status: JobStatus::Open,
            suspicious: false,
            signs: Signs::default(),
            found: Vec::new(),
            first_seen: now,
            last_seen: now,
            seen_count: 1,
            reopened_at: None,
        }
    }

    /// A listing that tells less than what was fetched before: brief, attachments and deliverable stay as they were `there`.
    pub fn keep_details(&mut self, there: &Job) {
        self.brief = there.brief.clone();
        self.attachments = there.attachments.clone();
        self.deliverable = there.deliverable.clone();
        self.detailed = there.detailed;
        // What was found in those texts was found.
        self.suspicious |= there.suspicious;
        self.signs = self.signs.and(there.signs);
        shield::merge(&mut self.found, &there.found);
    }

    /// Its pay is a sum for a delivery: no prize, no bid, no hour.
    pub fn pays_per_delivery(&self) -> bool {
        matches!(self.reward.kind, RewardKind::Fixed | RewardKind::PerItem | RewardKind::Range | RewardKind::Unknown)
    }

    /// Can be claimed at `now`, as far as is known.
    pub fn is_open(&self, now: Time) -> bool {
        self.status == JobStatus::Open && self.expires_at.is_none_or(|at| at > now) && self.slots_left != Some(0)
    }
}
