//! Calls to platforms: who waits for each, and its place in the line of its host.

use super::State;
use super::source::Source;
use crate::domain::{AssignmentId, JobKey, SourceName, SubmissionId, Text, Time};
use crate::engine::effect::{Asker, Call, Effect, Effects};
use crate::engine::lane::Queued;
use crate::error::{Class, Failure, Result};

/// A call on its way.
#[derive(Clone, Debug)]
pub(super) struct Out {
    /// Which source it is about.
    pub source: SourceName,
    /// Whose line it stands in; the source may be reached elsewhere by the time it ends.
    pub host: String,
    /// The person waits for it.
    pub persons: bool,
    /// Who waits for its end.
    pub purpose: Purpose,
}

/// Who waits for the end of a call.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// Part of a source's poll.
    Round,
    /// Nobody any more: the source was taken out of the config, or is reached in another way.
    Dropped,
    /// Somebody asked for a job.
    ShowJob { asker: Asker, key: JobKey },
    /// Terms need the whole job first.
    ClaimTerms { asker: Asker, key: JobKey },
    /// A claim.
    Claim { asker: Asker, key: JobKey },
    /// A rule wants the whole job before it claims it.
    RuleClaim { key: JobKey, rule: Text },
    /// A release.
    Release { asker: Asker, assignment: AssignmentId },
    /// A submission.
    Submit { submission: SubmissionId },
    /// What became of a submission.
    Settle { submission: SubmissionId, asker: Option<Asker> },
    /// The job of an assignment that was claimed elsewhere.
    Adopt { listed: Box<crate::platforms::Listed> },
    /// An attachment.
    Attachment { asker: Option<Asker>, assignment: AssignmentId, name: Text },
}

impl State {
    /// Puts a call in its host's line.
    pub(super) fn call(&mut self, source: &SourceName, what: Call, purpose: Purpose) {
        let Some(found) = self.sources.get(source) else { return };
        self.last_call += 1;
        let out = Out { source: source.clone(), host: found.host.clone(), persons: what.is_persons(), purpose };
        self.calls.insert(self.last_call, out);
        let queued = Queued { call: self.last_call, source: source.clone(), what };
        self.lanes.entry(found.host.clone()).or_default().push(queued);
    }

    pub(super) fn dispatch(&mut self, effects: &mut Effects) {
        for lane in self.lanes.values_mut() {
            while let Some(Queued { call, source, what }) = lane.pop() {
                effects.push(Effect::Call { call, source, what });
            }
        }
    }

    /// The source, or why nothing can be asked of it now.
    pub(super) fn ready(&self, source: &SourceName, now: Time) -> Result<&Source> {
        let found = self.sources.get(source).ok_or_else(|| {
            Failure::new(Class::NotFound, format!("there is no source called {source}"))
                .hint("`juggler sources` lists the configured ones")
        })?;
        if let Some(failure) = &found.unusable {
            return Err(failure.clone());
        }
        if let Some(until) = found.schedule.blocked_until(now) {
            let local = until.with_timezone(&chrono::Local).format("%H:%M:%S");
            return Err(Failure::new(Class::Refused, format!("{source} asked to be left alone until {local}"))
                .why("too many requests")
                .hint("try again then; nothing was sent"));
        }
        Ok(found)
    }
}
