//! Between the values of a job and the numbers of a row.

use super::block::{BEYOND, BEYOND16, NONE, NONE16};
use crate::domain::ai::AiRule;
use crate::domain::job::{ClaimMode, JobStatus};
use crate::domain::{AssignmentState, Time};

/// Seconds since 1970, the part of a second cut off; what lies outside 1970 to 2106 is told as the end it lies beyond.
pub(super) fn past(time: Time) -> u32 {
    time.timestamp().clamp(0, i64::from(BEYOND)) as u32
}

/// As [`past`], the part of a second rounded up: what ends then has not ended before.
pub(super) fn until(time: Time) -> u32 {
    (time.timestamp() + i64::from(time.timestamp_subsec_nanos() > 0)).clamp(0, i64::from(BEYOND)) as u32
}

/// The instant that a column tells.
pub(super) fn instant(seconds: u32) -> Time {
    Time::from_timestamp(i64::from(seconds), 0).unwrap_or_default()
}

/// The instant, if the column tells one.
pub(super) fn told(seconds: u32) -> Option<Time> {
    (seconds != NONE).then(|| instant(seconds))
}

/// A number that may be missing, the largest two values told as the third.
pub(super) fn number(value: Option<u32>) -> u32 {
    value.map_or(NONE, |value| value.min(BEYOND - 1))
}

/// The number, if the column tells one.
pub(super) fn numbered(value: u32) -> Option<u32> {
    (value != NONE).then_some(value)
}

/// A number in two bytes, or that it stands beside the columns.
pub(super) fn short(value: Option<u32>) -> u16 {
    match value {
        None => NONE16,
        Some(value) => u16::try_from(value).unwrap_or(BEYOND16).min(BEYOND16),
    }
}

pub(super) const STATUSES: [JobStatus; 5] =
    [JobStatus::Open, JobStatus::Full, JobStatus::Expired, JobStatus::Cancelled, JobStatus::Vanished];
pub(super) const OPEN: u8 = 0;
pub(super) const FULL: u8 = 1;
pub(super) const EXPIRED: u8 = 2;
pub(super) const CANCELLED: u8 = 3;
pub(super) const VANISHED: u8 = 4;

pub(super) const MODES: [ClaimMode; 7] = [
    ClaimMode::InstantLock,
    ClaimMode::ServerNext,
    ClaimMode::ApplyThenAssigned,
    ClaimMode::BidThenAssigned,
    ClaimMode::Race,
    ClaimMode::Contest,
    ClaimMode::Link,
];

pub(super) const RULES: [AiRule; 6] =
    [AiRule::Allowed, AiRule::AssistOnly, AiRule::Disclose, AiRule::HumanOnly, AiRule::AgentOnly, AiRule::Unknown];

const STATES: [AssignmentState; 14] = [
    AssignmentState::Applied,
    AssignmentState::Claimed,
    AssignmentState::InProgress,
    AssignmentState::Submitting,
    AssignmentState::Submitted,
    AssignmentState::UnderReview,
    AssignmentState::RevisionAsked,
    AssignmentState::Approved,
    AssignmentState::Rejected,
    AssignmentState::Appealed,
    AssignmentState::Paid,
    AssignmentState::Released,
    AssignmentState::TimedOut,
    AssignmentState::Cancelled,
];

/// The number of a state of mine; 0 for none.
pub(super) fn mine(state: Option<AssignmentState>) -> u8 {
    state.and_then(|state| STATES.iter().position(|s| *s == state)).map_or(0, |at| at as u8 + 1)
}

/// The state, if the number tells one.
pub(super) fn my_state(number: u8) -> Option<AssignmentState> {
    STATES.get(usize::from(number).checked_sub(1)?).copied()
}

/// Numbers that the lists above know.
pub(super) fn is_known(ai: u8, mode: u8, status: u8, mine: u8) -> bool {
    usize::from(ai) < RULES.len()
        && usize::from(mode) < MODES.len()
        && usize::from(status) < STATUSES.len()
        && usize::from(mine) <= STATES.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_places() {
        assert!(STATUSES.iter().enumerate().all(|(at, status)| *status as usize == at));
        assert!(MODES.iter().enumerate().all(|(at, mode)| *mode as usize == at));
        assert!(RULES.iter().enumerate().all(|(at, rule)| *rule as usize == at));
        assert!(
            STATES.iter().enumerate().all(|(at, state)| *state as usize == at && my_state(mine(Some(*state))) == Some(*state))
        );
        assert_eq!(my_state(mine(None)), None);
        let expected = [JobStatus::Open, JobStatus::Full, JobStatus::Expired, JobStatus::Cancelled, JobStatus::Vanished];
        assert_eq!([OPEN, FULL, EXPIRED, CANCELLED, VANISHED].map(|n| STATUSES[usize::from(n)]), expected);
    }
}
