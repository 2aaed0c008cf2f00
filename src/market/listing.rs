//! One job as it lives in the market.

use serde::{Deserialize, Serialize};

use crate::domain::ai::AiRule;
use crate::domain::{Asset, Money, Time};

/// Whether it can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Places are left.
    Open,
    /// No place is left, and somebody may still give one back.
    Full,
    /// Its time is over.
    Expired,
    /// The requester withdrew it.
    Cancelled,
    /// Every place was delivered.
    Closed,
}

impl Status {
    /// The word in answers.
    pub fn word(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Full => "full",
            Status::Expired => "expired",
            Status::Cancelled => "cancelled",
            Status::Closed => "closed",
        }
    }

    /// It will not come back.
    pub fn is_over(self) -> bool {
        matches!(self, Status::Expired | Status::Cancelled | Status::Closed)
    }
}

/// A job: what the seed decided, and what happened to it since.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// Its number; the id is made of it.
    pub n: u64,
    /// Index of the work.
    pub work: usize,
    /// Index of the requester.
    pub requester: usize,
    /// When it was posted.
    pub posted_at: Time,
    /// Until when it can be claimed.
    pub expires_at: Time,
    /// What it pays, in cents.
    pub pay: i64,
    /// The market's cut in millionths.
    pub fee_ppm: u32,
    /// The market holds the money.
    pub escrowed: bool,
    /// The rule about AI.
    pub ai: AiRule,
    /// Honest time it takes.
    pub est_seconds: u64,
    /// How long a claim lasts.
    pub claim_seconds: u64,
    /// Places in all.
    pub slots_total: u64,
    /// Places left.
    pub slots_left: u64,
    /// Rivals at it now.
    pub rivals_now: u64,
    /// Rivals so far; numbers their streams of chance.
    pub rivals: u32,
    /// A rival's next claim is on the agenda.
    pub courted: bool,
    /// Delivered by others, and how long that took in all.
    pub done: u64,
    /// Seconds of all `done`.
    pub done_seconds: u64,
    /// Whether it can be had.
    pub status: Status,
    /// The worker's latest claim on it.
    pub mine: Option<u64>,
    /// That claim holds a place.
    pub mine_live: bool,
    /// Counts up with every change.
    pub revision: u64,
    /// When it last changed.
    pub updated_at: Time,
    /// The number of that change.
    pub change: u64,
}

impl Listing {
    /// The id in answers.
    pub fn id(&self) -> String {
        id(self.n)
    }

    /// The pay as money.
    pub fn gross(&self) -> Money {
        Money::new(self.pay, Asset::USD)
    }

    /// How many are at it now.
    pub fn workers_now(&self) -> u64 {
        self.rivals_now + u64::from(self.mine_live)
    }

    /// What others took on average.
    pub fn avg_seconds(&self) -> Option<u64> {
        self.done_seconds.checked_div(self.done)
    }

    /// The status that follows from places and workers; what is over stays over.
    pub fn settled(&self) -> Status {
        match (self.status.is_over(), self.slots_left, self.workers_now()) {
            (true, ..) => self.status,
            (_, 1.., _) => Status::Open,
            (_, 0, 1..) => Status::Full,
            (_, 0, 0) => Status::Closed,
        }
    }

    /// How long it lasts on average until the next rival takes a place, in milliseconds: minutes for what pays well by the hour,
    /// hours for what does not. Falls with the square of the hourly rate; $20 an hour means three minutes.
    pub fn courting_mean(&self) -> u64 {
        let hourly = self.gross().per_hour(i64::try_from(self.est_seconds).unwrap_or(i64::MAX)).map_or(1, |m| m.minor.max(1));
        let seconds = i128::from(180 * 2000 * 2000) / (i128::from(hourly) * i128::from(hourly));
        u64::try_from(seconds.clamp(45, 4 * 3600)).unwrap_or(3600) * 1000
    }
}

/// The id of job `n`.
pub fn id(n: u64) -> String {
    format!("j{n:06}")
}
