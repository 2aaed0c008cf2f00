//! The words of values that come from a list: states, rules for assistants, ways to claim, costs.

use super::ast::Is;
use crate::domain::job::ClaimMode;
use crate::domain::{AiRule, Costs};

/// A value, its word, other words for it, and what it means.
pub(super) struct Word<T: 'static> {
    pub(super) value: T,
    pub(super) word: &'static str,
    pub(super) others: &'static [&'static str],
    pub(super) about: &'static str,
}

const fn word<T>(value: T, word: &'static str, others: &'static [&'static str], about: &'static str) -> Word<T> {
    Word { value, word, others, about }
}

pub(super) const STATES: &[Word<Is>] = &[
    word(Is::New, "new", &["fresh"], "not seen, and listed since the feed was last left"),
    word(Is::Starred, "starred", &["star"], "starred"),
    word(Is::Pinned, "pinned", &["pin"], "pinned"),
    word(Is::Snoozed, "snoozed", &["asleep"], "put to sleep"),
    word(Is::Hidden, "hidden", &["blocked"], "hidden by hand, by a rule or by a block"),
    word(Is::Away, "away", &[], "hidden or snoozed"),
    word(Is::Claimed, "claimed", &["mine"], "mine, in any state"),
    word(Is::Reopened, "reopened", &[], "was full or gone and came back"),
    word(Is::Open, "open", &[], "can be claimed"),
    word(Is::Full, "full", &[], "no place is left"),
    word(Is::Expired, "expired", &[], "its time is over"),
    word(Is::Gone, "gone", &["vanished"], "vanished or withdrawn"),
    word(Is::Suspicious, "suspicious", &[], "its text tried to smuggle characters"),
    word(Is::Risky, "risky", &["scam"], "it shows signs of a scam"),
    word(Is::Barred, "barred", &[], "a requirement is not met or your profile refuses it"),
    word(Is::Any, "any", &["all"], "whatever its state"),
];

pub(super) const AI_RULES: &[Word<AiRule>] = &[
    word(AiRule::Allowed, "allowed", &["ok"], "drafts by a model are welcome"),
    word(AiRule::AssistOnly, "assist", &[], "a model may help"),
    word(AiRule::Disclose, "disclose", &[], "allowed when you say so"),
    word(AiRule::HumanOnly, "human", &[], "no model may touch it"),
    word(AiRule::AgentOnly, "agent", &[], "made for agents"),
    word(AiRule::Unknown, "unknown", &["?"], "nobody said"),
];

pub(super) const MODES: &[Word<ClaimMode>] = &[
    word(ClaimMode::InstantLock, "instant", &["lock"], "claiming locks it at once"),
    word(ClaimMode::ServerNext, "next", &[], "the server picks the next task"),
    word(ClaimMode::ApplyThenAssigned, "apply", &[], "apply, then wait to be assigned"),
    word(ClaimMode::BidThenAssigned, "bid", &[], "bid, then wait to be assigned"),
    word(ClaimMode::Race, "race", &[], "first good delivery wins"),
    word(ClaimMode::Contest, "contest", &[], "best delivery wins"),
    word(ClaimMode::Link, "link", &[], "claimed elsewhere"),
];

/// Every cost there is: `costs:yes`.
pub(super) const ANY_COST: Costs = Costs(31);

pub(super) const COSTS: &[Word<Costs>] = &[
    word(Costs(0), "no", &["none"], "nothing to give first"),
    word(ANY_COST, "yes", &["any"], "something to give first"),
    word(Costs::STAKE, "stake", &[], "money put down"),
    word(Costs::FEE, "fee", &[], "money paid to see or take it"),
    word(Costs::POST, "post", &[], "a post under your name"),
    word(Costs::ID, "id", &[], "papers, a face, a phone number"),
    word(Costs::OTHER, "other", &[], "something else"),
];

pub(super) const YES_NO: &[Word<bool>] =
    &[word(true, "yes", &["true"], "you looked at it"), word(false, "no", &["false"], "you did not look at it yet")];

/// The value that `typed` names.
pub(super) fn value_of<T: Copy>(list: &[Word<T>], typed: &str) -> Option<T> {
    let same = |name: &str| name.eq_ignore_ascii_case(typed);
    list.iter().find(|word| same(word.word) || word.others.iter().any(|other| same(other))).map(|word| word.value)
}

/// The word of `value`.
pub(super) fn word_of<T: Copy + PartialEq>(list: &[Word<T>], value: T) -> &'static str {
    list.iter().find(|word| word.value == value).map_or("?", |word| word.word)
}
