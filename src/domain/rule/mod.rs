//! Watch rules: a query, what to do with the jobs that fit it, and how often.
//!
//! A rule acts on a job once; when a job that was full or gone opens again, once more. Marks are set at any hour; what reaches for
//! the person or the platform (alerts, claims) keeps the quiet hours and the cooldown. `once`, "n a day" and the expiry are about
//! the whole rule.

mod action;
mod automation;
mod caps;
mod decide;
mod memory;
mod refusal;

use std::time::Duration;

pub use action::{Act, Action};
pub use automation::Automation;
pub use caps::Claiming;
pub use decide::{Decision, Outcome, Refusal, RuleBook, RuleContext};
pub use memory::{AutoClaim, Fired, RuleMemory};
pub use refusal::Refused;

use super::{Hours, Query, Text, Time};

/// One `[[rule]]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Unique.
    pub name: Text,
    /// Which jobs.
    pub query: Query,
    /// What is done with them, in this order.
    pub actions: Vec<Action>,
    /// No alert and no claim within this time of the last one. Zero: none.
    pub cooldown: Duration,
    /// Local hours without alerts and claims.
    pub quiet_hours: Hours,
    /// When the rule ends by itself.
    pub expires: Option<Time>,
    /// How often it acts.
    pub limit: Limit,
    /// Switched on.
    pub enabled: bool,
}

/// How often a rule acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// On every job that fits.
    #[default]
    Always,
    /// On one job, and never again.
    Once,
    /// On so many jobs a day.
    PerDay(u32),
}

impl Rule {
    /// A rule without limits.
    pub fn new(name: &str, query: Query, actions: Vec<Action>) -> Rule {
        Rule {
            name: Text::title(name),
            query,
            actions,
            cooldown: Duration::ZERO,
            quiet_hours: Hours::default(),
            expires: None,
            limit: Limit::Always,
            enabled: true,
        }
    }

    /// Its actions as words: `alert, star`.
    pub fn actions_in_words(&self) -> String {
        self.actions.iter().map(Action::to_string).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests;
