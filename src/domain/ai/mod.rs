//! What a job allows an assistant to do, who said so, and what is asked of one.
//!
//! The gate ([`Ruling`]) is pure, and nothing is put together for a model without the [`Pass`] that only it gives. A job's own words
//! may tighten what its platform says and never loosen it; what nobody said anything about is closed until the person decides.

mod action;
mod call;
mod calls;
mod gate;
mod kept;
mod place;
mod spending;
mod wish;
mod words;

pub use action::{Action, Nature};
pub use call::{Call, Ended};
pub use calls::Calls;
pub use gate::{Decided, Pass, Ruling, Scope, note};
pub use kept::{Answer, Kept};
pub use place::Place;
pub use spending::{Caps, Spending, Sum, cost_of, rescaled};
pub use wish::Wish;

use serde::{Deserialize, Serialize};

/// The rule itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AiRule {
    /// Drafts by a model are welcome.
    Allowed,
    /// A model may help; the work is a person's.
    AssistOnly,
    /// Allowed when said so on delivery.
    Disclose,
    /// No model may see or write any of it.
    HumanOnly,
    /// Made for agents; a person need not apply.
    AgentOnly,
    /// Nobody said: asked before anything is sent to a model.
    #[default]
    Unknown,
}

/// Where the rule comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicySource {
    /// A field of the platform's.
    Platform,
    /// Words in the job's own text; may only tighten.
    TextMatch,
    /// The person decided.
    User,
    /// Nobody.
    #[default]
    Nobody,
}

/// Rule and source together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AiPolicy {
    /// What is allowed.
    pub rule: AiRule,
    /// Who said so.
    pub source: PolicySource,
}

impl AiRule {
    /// How little it allows; `None` for [`AiRule::Unknown`], which says nothing.
    fn strictness(self) -> Option<u8> {
        match self {
            AiRule::Allowed | AiRule::AgentOnly => Some(0),
            AiRule::Disclose => Some(1),
            AiRule::AssistOnly => Some(2),
            AiRule::HumanOnly => Some(3),
            AiRule::Unknown => None,
        }
    }

    /// What a person may decide, by its word; [`AiRule::Unknown`] takes a decision back.
    pub fn decision(word: &str) -> Option<AiRule> {
        match word.replace('_', "-").as_str() {
            "allowed" | "ok" => Some(AiRule::Allowed),
            "disclose" => Some(AiRule::Disclose),
            "assist-only" | "assist" => Some(AiRule::AssistOnly),
            "human-only" | "human" | "none" => Some(AiRule::HumanOnly),
            "unknown" | "?" => Some(AiRule::Unknown),
            _ => None,
        }
    }

    /// A short word for columns: `ok`, `assist`, `disclose`, `human`, `agent`, `?`.
    pub fn word(self) -> &'static str {
        match self {
            AiRule::Allowed => "ok",
            AiRule::AssistOnly => "assist",
            AiRule::Disclose => "disclose",
            AiRule::HumanOnly => "human",
            AiRule::AgentOnly => "agent",
            AiRule::Unknown => "?",
        }
    }

    /// One sentence for the person.
    pub fn sentence(self) -> &'static str {
        match self {
            AiRule::Allowed => "AI drafts are welcome.",
            AiRule::AssistOnly => "AI may assist; the work must be yours.",
            AiRule::Disclose => "AI is allowed if you say so when you deliver.",
            AiRule::HumanOnly => "No AI: write every word yourself.",
            AiRule::AgentOnly => "Meant for agents, not for people.",
            AiRule::Unknown => "The requester does not say whether AI is allowed.",
        }
    }
}
