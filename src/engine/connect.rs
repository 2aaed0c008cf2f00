//! Sources as the engine begins with them: connected, or in sight with the reason why not.

use std::fmt;
use std::sync::Arc;

use super::account::Account;
use super::api::SourceState;
use super::run::Polling;
use super::schedule::Schedule;
use super::state::Source;
use crate::config::{Config, SourceConfig};
use crate::domain::{Book, SourceName, Text, Time};
use crate::error::{Class, Failure};
use crate::platforms::{self, Abilities, Platform};

/// The pace of a source whose recipe cannot be read.
const EVERY: std::time::Duration = std::time::Duration::from_secs(30);

/// A source that was connected while the engine runs, on its way to the state; its line stays with the actor.
pub struct Connected {
    /// As it is configured.
    pub config: SourceConfig,
    /// As the engine sees it.
    pub source: Box<Source>,
    /// What speaks to its platform.
    pub platform: Option<Arc<dyn Platform>>,
}

impl fmt::Debug for Connected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connected").field("source", &self.source).field("is_connected", &self.platform.is_some()).finish()
    }
}

/// A source as the engine begins with it; one that cannot be connected stays in sight with the reason. Reads files.
pub(super) fn connect(source: &SourceConfig, config: &Config, polling: Polling, now: Time) -> Connected {
    let every = platforms::poll_every(source, &config.paths.recipes).unwrap_or(EVERY);
    let schedule = Schedule::new(every, polling == Polling::Always, now);
    let connected = |made: Source, platform| Connected {
        config: source.clone(),
        source: Box::new(Source { account: Account::of(source), ..made }),
        platform,
    };
    let unusable = |state: SourceState, failure: Failure| {
        let host = source.base_url.clone().unwrap_or_default();
        let mut made = Source::new(source.name.clone(), Text::title(source.kind()), host, Abilities::default(), schedule.clone());
        made.state = state;
        made.unusable = Some(failure);
        connected(made, None)
    };
    if !source.enabled {
        return unusable(SourceState::Off, off(&source.name));
    }
    match platforms::connect(source, &config.paths.recipes) {
        Ok(platform) => {
            let (host, abilities) = (platform.host().to_owned(), platform.abilities());
            let base = platform.base().cloned();
            let made = Source::new(source.name.clone(), Text::title(source.kind()), host, abilities, schedule);
            let made = Source { base, ..made };
            connected(made, Some(platform))
        }
        Err(failure) => unusable(if failure.class == Class::SignIn { SourceState::SignIn } else { SourceState::Down }, failure),
    }
}

fn off(name: &SourceName) -> Failure {
    Failure::new(Class::Refused, format!("{name} is switched off")).hint("set `enabled = true` for it in the config")
}

/// Sources that are not in the config, and have something of mine that is not over: work in hand, a verdict or money to come, a
/// submission or a claim without an answer. Forgetting them would hide that.
pub(super) fn still_needed(book: &Book) -> Vec<SourceName> {
    let assignments = book.assignments.values().filter(|mine| !mine.state.is_over()).map(|mine| mine.id.source());
    let submissions = book.submissions.values().filter(|sent| sent.state.is_open()).map(|sent| sent.assignment.source());
    let mut names: Vec<SourceName> = assignments.chain(submissions).chain(book.claims.keys().map(|key| key.source())).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Why a source that is not in the config is still in sight.
pub(super) fn taken_out(name: &SourceName) -> Failure {
    Failure::new(Class::Refused, format!("{name} is not in the config any more"))
        .why("something of yours there is not over, so it stays in sight")
        .hint("put its [[source]] back to go on with it")
}

/// A source that is not in the config and still needed.
pub(super) fn orphan(name: &SourceName, now: Time) -> Source {
    let schedule = Schedule::new(EVERY, false, now);
    let mut made = Source::new(name.clone(), Text::title("not configured"), String::new(), Abilities::default(), schedule);
    made.state = SourceState::Off;
    made.unusable = Some(taken_out(name));
    made
}
