//! Claiming, releasing, and claims that got no answer.

use super::{Purpose, State, Then};
use crate::domain::job::{ClaimMode, JobStatus};
use crate::domain::{Assignment, AssignmentId, Job, JobKey, Move, Record, Text, Time};
use crate::engine::api::{Reply, What};
use crate::engine::effect::{Asker, Call, Effects};
use crate::error::{Class, Failure, Result};
use crate::platforms::{Answer, Grant, Listed, Outcome, Refusal};

impl State {
    /// Claims that were sent in an earlier run: the platform's whole list decides.
    pub(super) fn resume_claims(&mut self) {
        let sources: Vec<_> = self.book.claims.keys().map(JobKey::source).collect();
        for source in sources {
            if let Some(found) = self.sources.get_mut(&source) {
                found.read_all = true;
                found.schedule.want();
            }
        }
    }

    pub(super) fn ask_claim_terms(&mut self, asker: Asker, key: JobKey, now: Time, effects: &mut Effects) {
        match self.claimable(&key, now) {
            Err(failure) => effects.reply(asker, Err(failure)),
            Ok(job) if job.detailed => {
                let terms = self.claim_terms(job, now);
                effects.reply(asker, Ok(Reply::Terms(terms)));
            }
            Ok(_) => {
                let purpose = Purpose::ClaimTerms { asker, key: key.clone() };
                self.call(&key.source(), Call::Job { key }, purpose);
            }
        }
    }

    /// The job, if it can be claimed as far as is known here.
    pub(super) fn claimable(&self, key: &JobKey, now: Time) -> Result<&Job> {
        let job = self.wholes.get(key).ok_or_else(|| self.unknown_job(key))?;
        let no = |why: &str, hint: &str| {
            Err(Failure::new(Class::Refused, format!("“{}” cannot be claimed", job.title)).why(why).hint(hint))
        };
        if let Some(mine) = self.book.assignment_of(key).filter(|a| !a.state.is_over()) {
            return no(&format!("it is yours already: {}", mine.state.word()), "open it in the hand");
        }
        // Where my assignments cannot be read, nothing else would ever decide a claim without an answer: the person may try again.
        let readable = self.sources.get(&key.source()).is_none_or(|s| s.abilities.assignments);
        if self.claiming.contains(key) || (readable && self.book.claims.contains_key(key)) {
            return no("a claim is on its way", "wait for the platform's answer");
        }
        if job.claim_mode == ClaimMode::Link {
            let page = job.url.as_ref().map_or_else(|| "open its page".to_owned(), |url| format!("open {url}"));
            return no("this job is claimed at its page, not here", &page);
        }
        let source = self.ready(&key.source(), now)?;
        if !source.abilities.claim {
            return no("this source cannot claim", "claim it on the platform itself");
        }
        match job.status {
            JobStatus::Open if job.expires_at.is_some_and(|at| at <= now) => no("its time ran out", "it may be posted again"),
            JobStatus::Open if job.slots_left == Some(0) => no("no slot is left", "star it to see when it reopens"),
            JobStatus::Open => Ok(job),
            JobStatus::Full => no("no slot is left", "star it to see when it reopens"),
            JobStatus::Expired => no("its time ran out", "it may be posted again"),
            JobStatus::Cancelled => no("the requester withdrew it", ""),
            JobStatus::Vanished => no("the platform does not list it any more", "it may come back; star it"),
        }
    }

    pub(super) fn claim(&mut self, asker: Asker, key: JobKey, agreed: &str, now: Time, effects: &mut Effects) {
        let job = match self.claimable(&key, now) {
            Ok(job) => job.clone(),
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        if self.claim_terms(&job, now).digest != agreed {
            return effects.reply(asker, Err(terms_changed("claimed")));
        }
        let then = Then::SendClaim { asker, key: key.clone() };
        match self.record_act(vec![Record::ClaimSent { job: Box::new(job) }], then, now, effects) {
            Ok(_) => {
                self.claiming.insert(key);
            }
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    pub(super) fn send_claim(&mut self, asker: Asker, key: &JobKey, effects: &mut Effects) {
        let Some((_, job)) = self.book.claims.get(key) else {
            self.claiming.remove(key);
            return effects.reply(asker, Err(Failure::new(Class::Internal, "the claim vanished before it was sent")));
        };
        let call = Call::Claim { job: Box::new(job.clone()) };
        self.call(&key.source(), call, Purpose::Claim { asker, key: key.clone() });
    }

    pub(super) fn claim_ended(&mut self, asker: Asker, key: &JobKey, answer: Answer<Grant>, now: Time, effects: &mut Effects) {
        self.claiming.remove(key);
        let title = self.book.claims.get(key).map(|(_, job)| job.title.clone()).unwrap_or_default();
        let lost = |reason: &str, class: Class| (Text::title(reason), class);
        let (reason, class) = match answer.outcome {
            Outcome::Done(grant) if self.is_reused(&grant.assignment.id, key) => {
                self.tell_reused(&grant.assignment.id, now, effects);
                lost("the platform answered with the id of another job of yours", Class::Platform)
            }
            Outcome::Done(grant) => {
                let id = grant.assignment.id.clone();
                self.acted_at.insert(id.clone(), self.last_call);
                self.adopt(grant.assignment, Some(grant.raw), now, effects);
                // A rule's claim is nobody's key press: what comes with it waits for one.
                if asker != super::rules::NOBODY {
                    self.fetch_with_claim(&id);
                }
                return self.reply_when_durable(asker, &id);
            }
            Outcome::Unanswered(failure) | Outcome::Broken(failure) => {
                if let Some(source) = self.sources.get_mut(&key.source()) {
                    source.read_all = true;
                    source.schedule.want();
                }
                let unknown = Failure::new(Class::Unknown, format!("no clear answer to the claim of “{title}”"))
                    .why(failure.to_string())
                    .hint("the platform's own list is being read to find out whether you have it");
                return effects.reply(asker, Err(unknown));
            }
            Outcome::Refused { reason, message } => {
                if matches!(reason, Refusal::Taken | Refusal::Full | Refusal::Gone) {
                    self.mark_gone(key, reason, now, effects);
                }
                let words = if message.is_empty() { reason.sentence().to_owned() } else { message.as_str().to_owned() };
                lost(&words, Class::Refused)
            }
            Outcome::SignIn(failure) => lost(&failure.to_string(), Class::SignIn),
            Outcome::Limited { until, message } => {
                self.limited(&key.source(), until, now);
                lost(message.as_str(), Class::Refused)
            }
            Outcome::Unreachable(failure) => lost(&failure.to_string(), Class::Platform),
            Outcome::Same | Outcome::Unsupported => lost("this source cannot claim", Class::Refused),
        };
        let record = Record::ClaimLost { job: key.clone(), reason: reason.clone() };
        let event = What::ClaimLost { job: key.clone(), title: title.clone(), reason: reason.clone() };
        self.record_facts(vec![record], vec![event], now, effects);
        let failure = Failure::new(class, format!("“{title}” was not claimed")).why(reason);
        effects.reply(asker, Err(failure.hint("nothing was promised; pick the next one")));
    }

    fn mark_gone(&mut self, key: &JobKey, reason: Refusal, now: Time, effects: &mut Effects) {
        let status = if reason == Refusal::Gone { JobStatus::Vanished } else { JobStatus::Full };
        self.retire(key, status, now, effects);
    }

    /// An assignment is mine: records it, takes the job out of the open feed.
    pub(super) fn adopt(&mut self, mut assignment: Assignment, raw: Option<Text>, now: Time, effects: &mut Effects) {
        let (id, key) = (assignment.id.clone(), assignment.job.key.clone());
        if self.book.assignments.contains_key(&id) {
            return;
        }
        // What it was when it was claimed, its pay beside the history of that day too.
        assignment.job.found = self.judge.signs(&assignment.job);
        let event = What::Assignment {
            id: id.clone(),
            title: assignment.job.title.clone(),
            state: assignment.state,
            note: Text::default(),
        };
        let about = Text::title(id.as_str());
        let mut records = vec![Record::Claimed { assignment: Box::new(assignment) }];
        records.extend(raw.filter(|text| !text.is_empty()).map(|text| Record::Raw { about, text }));
        self.record_facts(records, vec![event], now, effects);
        self.place(&key);
        self.feed_changed(0, 1, 0, now, effects);
    }

    /// The platform uses this id for another job than the one it is known for: it was begun anew, or it lies.
    pub(super) fn is_reused(&self, id: &AssignmentId, job: &JobKey) -> bool {
        self.book.assignments.get(id).is_some_and(|known| known.job.key != *job)
    }

    /// Says so once, and delivers nothing under it from then on.
    pub(super) fn tell_reused(&mut self, id: &AssignmentId, now: Time, effects: &mut Effects) {
        if self.reused.insert(id.clone()) {
            let title = self.book.assignments.get(id).map(|a| a.job.title.clone()).unwrap_or_default();
            let text = Text::title(&format!("{} uses {}, the id of “{title}”, for another job.", id.source(), id.native()));
            let hint = Text::title("it seems to have been begun anew: give it a source name of its own");
            self.publish(What::Notice { text, hint }, now, effects);
        }
    }

    /// An assignment on the platform's list that is not known here: a claim whose answer was lost, or one made elsewhere.
    pub(super) fn adopt_listed(&mut self, listed: Listed, now: Time, effects: &mut Effects) {
        if listed.state.is_over() {
            return;
        }
        let known =
            self.book.claims.get(&listed.job).map(|(_, job)| job).or_else(|| self.wholes.get(&listed.job).filter(|j| j.detailed));
        if let Some(job) = known.cloned() {
            self.adopt(from_listed(job, &listed, now), None, now, effects);
        } else {
            let source = listed.id.source();
            let call = Call::Job { key: listed.job.clone() };
            self.call(&source, call, Purpose::Adopt { listed: Box::new(listed) });
        }
    }

    /// Claims that the platform's whole list does not show were lost.
    pub(super) fn settle_claims(&mut self, claims: Vec<JobKey>, now: Time, effects: &mut Effects) {
        for key in claims {
            if self.claiming.contains(&key) {
                continue;
            }
            if let Some((_, job)) = self.book.claims.get(&key) {
                let title = job.title.clone();
                let reason = Text::title("no answer came, and the platform does not list it as yours");
                let record = Record::ClaimLost { job: key.clone(), reason: reason.clone() };
                self.record_facts(vec![record], vec![What::ClaimLost { job: key, title, reason }], now, effects);
            }
        }
    }

    pub(super) fn release(&mut self, asker: Asker, id: &AssignmentId, now: Time, effects: &mut Effects) {
        let assignment = match self.releasable(id, now) {
            Ok(assignment) => assignment.clone(),
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        self.releasing.insert(id.clone());
        let call = Call::Release { assignment: Box::new(assignment) };
        self.call(&id.source(), call, Purpose::Release { asker, assignment: id.clone() });
    }

    fn releasable(&self, id: &AssignmentId, now: Time) -> Result<&Assignment> {
        let assignment = self.assignment(id)?;
        let no =
            |why: &str| Err(Failure::new(Class::Refused, format!("“{}” cannot be given back", assignment.job.title)).why(why));
        if assignment.state.after(Move::Release).is_err() {
            return no(&format!("it is {}", assignment.state.word()));
        }
        if self.releasing.contains(id) {
            return no("that is on its way already");
        }
        if self.is_being_queued(id) {
            return no("it is being submitted");
        }
        if !self.ready(&id.source(), now)?.abilities.release {
            return no("this source has no way to give a job back");
        }
        Ok(assignment)
    }

    pub(super) fn release_ended(
        &mut self,
        asker: Asker,
        id: &AssignmentId,
        answer: Answer<()>,
        now: Time,
        effects: &mut Effects,
    ) {
        self.releasing.remove(id);
        let failure = match answer.outcome {
            Outcome::Done(()) => {
                self.acted_at.insert(id.clone(), self.last_call);
                self.move_to(id, &[Move::Release], &Text::default(), &Text::default(), now, effects);
                return self.reply_when_durable(asker, id);
            }
            Outcome::Refused { reason, message } => Failure::new(Class::Refused, "the platform did not take it back")
                .why(if message.is_empty() { reason.sentence().to_owned() } else { message.to_string() }),
            Outcome::SignIn(failure) | Outcome::Unreachable(failure) => failure,
            Outcome::Limited { until, message } => {
                self.limited(&id.source(), until, now);
                Failure::new(Class::Refused, "the platform asked to be left alone for a while").why(message)
            }
            Outcome::Unanswered(failure) | Outcome::Broken(failure) => {
                if let Some(source) = self.sources.get_mut(&id.source()) {
                    source.read_all = true;
                    source.schedule.want();
                }
                Failure::new(Class::Unknown, "no clear answer to the release")
                    .why(failure)
                    .hint("the platform's own list is being read")
            }
            Outcome::Same | Outcome::Unsupported => Failure::new(Class::Refused, "this source has no way to give a job back"),
        };
        effects.reply(asker, Err(failure));
    }
}

/// A listed assignment with its job.
pub(super) fn from_listed(job: Job, listed: &Listed, now: Time) -> Assignment {
    Assignment {
        id: listed.id.clone(),
        job,
        state: listed.state,
        native_state: listed.native_state.clone(),
        claimed_at: listed.claimed_at.unwrap_or(now),
        deadline: listed.deadline,
        feedback: listed.feedback.clone(),
        submission: None,
        moved_at: now,
    }
}

pub(super) fn terms_changed(verb: &str) -> Failure {
    Failure::new(Class::Confirm, format!("nothing was {verb}"))
        .why("the terms changed since they were shown")
        .hint("look at them again, then agree")
}
