//! Polling: a round reads a source's jobs, my assignments and payments, page after page.

use super::calls::Out;
use super::source::{Round, Stage};
use super::{Purpose, State};
use crate::domain::{Job, JobKey, Payment, Record, SourceName, Text, Time};
use crate::engine::api::{Reply, SourceState, What};
use crate::engine::effect::{Asker, Call, Effect, Effects, Ended};
use crate::engine::run::Polling;
use crate::engine::schedule::Decision;
use crate::error::{Class, Failure};
use crate::platforms::{Answer, Cursor, Listed, Meta, Outcome, Page};

/// Rounds at the same time, over all sources: each may hold a connection or a thread, and a process has about a thousand files.
const ROUNDS_AT_ONCE: usize = 64;

/// Items of a source that could not be read and were kept already: the latest of them.
const ODD_KNOWN: usize = 16;

impl State {
    /// Starts every round that is due.
    pub(super) fn start_rounds(&mut self, now: Time, _effects: &mut Effects) {
        let free = ROUNDS_AT_ONCE.saturating_sub(self.rounds());
        if free == 0 {
            return;
        }
        let due = |s: &&super::Source| s.unusable.is_none() && s.round.is_none() && s.schedule.decide(now) == Decision::Due;
        let mut due: Vec<_> = self.sources.values().filter(due).map(|s| (s.schedule.due_since(), s.name.clone())).collect();
        due.sort_unstable();
        for (_, name) in due.into_iter().take(free) {
            let claims: Vec<JobKey> =
                self.book.claims.keys().filter(|key| key.source() == name && !self.claiming.contains(*key)).cloned().collect();
            let Some(source) = self.sources.get_mut(&name) else { continue };
            // Only the whole list can say of a claim without an answer that it is not there.
            if source.read_all || !claims.is_empty() {
                source.assignments_cursor = Cursor::Null;
            }
            source.read_all = false;
            source.schedule.begun();
            let askers = std::mem::take(&mut source.askers);
            source.round =
                Some(Round { stage: Stage::Jobs, listed: 0, walk: Some(self.feed.begin_round(&name)), claims, askers });
            let cursor = source.jobs_cursor.clone();
            self.call(&name, Call::Jobs { cursor }, Purpose::Round);
        }
    }

    /// Rounds on their way.
    pub(super) fn rounds(&self) -> usize {
        self.sources.values().filter(|s| s.round.is_some()).count()
    }

    /// No further round may begin before one ends.
    pub(super) fn polls_are_full(&self) -> bool {
        self.rounds() >= ROUNDS_AT_ONCE
    }

    /// Somebody wants a poll now.
    pub(super) fn poll(&mut self, asker: Asker, only: Option<&SourceName>, now: Time, effects: &mut Effects) {
        let names: Vec<SourceName> = match only {
            Some(name) => match self.ready(name, now) {
                Ok(_) => vec![name.clone()],
                Err(failure) => return effects.reply(asker, Err(failure)),
            },
            // One that asked to be left alone is not waited for; the answer shows until when.
            None => self.sources.values().filter(|s| self.ready(&s.name, now).is_ok()).map(|s| s.name.clone()).collect(),
        };
        for name in &names {
            if let Some(source) = self.sources.get_mut(name) {
                source.schedule.want();
                source.askers.push(asker);
            }
        }
        if names.is_empty() {
            let sources = self.healths(now);
            effects.reply(asker, Ok(Reply::Sources { sources }));
        }
    }

    /// Sorts the end of a call to where it belongs.
    pub(super) fn called(&mut self, call: u64, ended: Ended, now: Time, effects: &mut Effects) {
        let Some(Out { source: name, host, persons, purpose }) = self.calls.remove(&call) else { return };
        if let Some(lane) = self.lanes.get_mut(&host) {
            lane.done(persons);
        }
        if let Some(source) = self.sources.get_mut(&name).filter(|source| source.host == host) {
            source.note(&ended.meta(), now);
        }
        self.heard_clock(&name, &ended.meta(), now, effects);
        match (purpose, ended) {
            (Purpose::Round, Ended::Jobs(answer)) => self.jobs_page(&name, answer, now, effects),
            (Purpose::Round, Ended::Assignments(answer)) => self.assignments_page(&name, call, answer, now, effects),
            (Purpose::Round, Ended::Payments(answer)) => self.payments_page(&name, answer, now, effects),
            (Purpose::ShowJob { asker, key }, Ended::Job(answer)) => self.job_shown(asker, &key, *answer, now, effects),
            (Purpose::ClaimTerms { asker, key }, Ended::Job(answer)) => self.job_for_terms(asker, &key, *answer, now, effects),
            (Purpose::RuleClaim { key, rule }, Ended::Job(answer)) => self.rule_job(&key, &rule, *answer, now, effects),
            (Purpose::Adopt { listed }, Ended::Job(answer)) => {
                match answer.outcome {
                    Outcome::Done(job) => self.adopt(super::claims::from_listed(job, &listed, now), None, now, effects),
                    // It is on the list of the next round again.
                    _ => {
                        if let Some(source) = self.sources.get_mut(&name) {
                            source.assignments_cursor = Cursor::Null;
                        }
                    }
                }
            }
            (Purpose::Claim { asker, key }, Ended::Claim(answer)) => self.claim_ended(asker, &key, *answer, now, effects),
            (Purpose::Release { asker, assignment }, Ended::Release(answer)) => {
                self.release_ended(asker, &assignment, answer, now, effects);
            }
            (Purpose::Submit { submission }, Ended::Submit(answer)) => self.submit_ended(&submission, answer, now, effects),
            (Purpose::Settle { submission, asker }, Ended::Assignment(answer)) => {
                self.settle_ended(&submission, asker, *answer, now, effects);
            }
            (Purpose::Attachment { asker, assignment, name }, Ended::Attachment(answer)) => {
                self.attachment_ended(asker, &assignment, &name, answer, now, effects);
            }
            _ => {}
        }
    }

    fn jobs_page(&mut self, name: &SourceName, answer: Answer<Page<Job>>, now: Time, effects: &mut Effects) {
        let Some(page) = self.page(name, answer.outcome, now, effects) else { return };
        let Some(page) = page else { return self.next_stage(name, Stage::Assignments, effects, now) };
        let (unmapped, odd) = (page.unmapped.clone(), page.odd.clone());
        self.ingest(name, page);
        self.unmapped(name, &unmapped, now, effects);
        self.keep_odd(name, odd, now, effects);
    }

    fn assignments_page(&mut self, name: &SourceName, call: u64, answer: Answer<Page<Listed>>, now: Time, effects: &mut Effects) {
        let Some(page) = self.page(name, answer.outcome, now, effects) else { return };
        let Some(page) = page else { return self.next_stage(name, Stage::Payments, effects, now) };
        for listed in page.items {
            self.listed(call, listed, now, effects);
        }
        self.unmapped(name, &page.unmapped, now, effects);
        self.keep_odd(name, page.odd, now, effects);
        if let Some(source) = self.sources.get_mut(name) {
            source.assignments_cursor = page.next.clone();
        }
        if page.more {
            return self.call(name, Call::Assignments { cursor: page.next }, Purpose::Round);
        }
        let claims = self.sources.get_mut(name).and_then(|s| s.round.as_mut()).map(|r| std::mem::take(&mut r.claims));
        if page.unmapped.is_empty() {
            self.settle_claims(claims.unwrap_or_default(), now, effects);
        }
        self.put_cursor_when_durable(name, "assignments", page.next);
        self.next_stage(name, Stage::Payments, effects, now);
    }

    fn payments_page(&mut self, name: &SourceName, answer: Answer<Page<Payment>>, now: Time, effects: &mut Effects) {
        let Some(page) = self.page(name, answer.outcome, now, effects) else { return };
        let Some(page) = page else { return self.round_ended(name, now, effects) };
        for payment in page.items {
            self.payment(payment, now, effects);
        }
        self.unmapped(name, &page.unmapped, now, effects);
        self.keep_odd(name, page.odd, now, effects);
        if let Some(source) = self.sources.get_mut(name) {
            source.payments_cursor = page.next.clone();
        }
        if page.more {
            self.call(name, Call::Payments { cursor: page.next }, Purpose::Round);
        } else {
            self.put_cursor_when_durable(name, "payments", page.next);
            self.round_ended(name, now, effects);
        }
    }

    /// The page of an answer, `Some(None)` when nothing changed or there is no such list; `None` when the round is over.
    fn page<T>(
        &mut self,
        name: &SourceName,
        outcome: Outcome<Page<T>>,
        now: Time,
        effects: &mut Effects,
    ) -> Option<Option<Page<T>>> {
        let failure = match outcome {
            Outcome::Done(page) => return Some(Some(page)),
            Outcome::Same | Outcome::Unsupported => return Some(None),
            Outcome::Limited { until, message } => {
                self.limited(name, until, now);
                let failure = Failure::new(Class::Platform, "asked to wait").why(message);
                self.round_failed(name, SourceState::Limited, failure, now, effects);
                return None;
            }
            Outcome::SignIn(failure) => {
                if let Some(source) = self.sources.get_mut(name) {
                    source.schedule.sign_in(now);
                }
                self.round_failed(name, SourceState::SignIn, failure, now, effects);
                return None;
            }
            Outcome::Refused { reason, message } => Failure::new(Class::Platform, reason.sentence()).why(message),
            Outcome::Unreachable(failure) | Outcome::Unanswered(failure) | Outcome::Broken(failure) => failure,
        };
        if let Some(source) = self.sources.get_mut(name) {
            source.schedule.failed(now, &mut self.dice);
        }
        self.round_failed(name, SourceState::Down, failure, now, effects);
        None
    }

    pub(super) fn next_stage(&mut self, name: &SourceName, stage: Stage, effects: &mut Effects, now: Time) {
        let Some(source) = self.sources.get_mut(name) else { return };
        let Some(round) = &mut source.round else { return };
        round.stage = stage;
        let call = match stage {
            Stage::Assignments if source.abilities.assignments => Call::Assignments { cursor: source.assignments_cursor.clone() },
            Stage::Assignments => return self.next_stage(name, Stage::Payments, effects, now),
            Stage::Payments if source.abilities.payments => Call::Payments { cursor: source.payments_cursor.clone() },
            Stage::Payments | Stage::Jobs => return self.round_ended(name, now, effects),
        };
        self.call(name, call, Purpose::Round);
    }

    fn round_ended(&mut self, name: &SourceName, now: Time, effects: &mut Effects) {
        let Some(source) = self.sources.get_mut(name) else { return };
        source.schedule.succeeded(now, &mut self.dice);
        source.last_ok = Some(now);
        source.error = None;
        source.state = SourceState::Ok;
        // Claims that lost their answer while the round ran are looked up in the next one.
        if source.read_all || !source.askers.is_empty() {
            source.schedule.want();
        }
        let mut askers = source.round.take().map(|round| round.askers).unwrap_or_default();
        if source.schedule.blocked_until(now).is_some() {
            // It asked to be left alone meanwhile: nobody waits that long.
            askers.append(&mut source.askers);
        }
        self.round_over(name, askers, now, effects);
    }

    fn round_failed(&mut self, name: &SourceName, state: SourceState, failure: Failure, now: Time, effects: &mut Effects) {
        let Some(source) = self.sources.get_mut(name) else { return };
        source.error = Some(failure);
        source.state = state;
        let round = source.round.take();
        if let Some(round) = &round
            && !round.claims.is_empty()
        {
            source.read_all = true;
        }
        // A walk that broke off in the middle starts again: half a snapshot says nothing about what is gone.
        if round.as_ref().is_some_and(|r| r.stage == Stage::Jobs && r.listed > 0) {
            source.jobs_cursor = Cursor::Null;
        }
        // Whoever came while it was failing hears of that too: there may be no next round for a long time.
        let mut askers = round.map(|round| round.askers).unwrap_or_default();
        askers.append(&mut source.askers);
        self.round_over(name, askers, now, effects);
    }

    pub(super) fn round_over(&mut self, name: &SourceName, askers: Vec<Asker>, now: Time, effects: &mut Effects) {
        if let Some(health) = self.health(name, now) {
            self.publish(What::Source { health: Box::new(health) }, now, effects);
        }
        for asker in askers {
            let waits_elsewhere = self
                .sources
                .values()
                .any(|s| s.askers.contains(&asker) || s.round.as_ref().is_some_and(|r| r.askers.contains(&asker)));
            if !waits_elsewhere {
                let sources = self.healths(now);
                effects.reply(asker, Ok(Reply::Sources { sources }));
            }
        }
    }

    pub(super) fn limited(&mut self, name: &SourceName, until: Option<Time>, now: Time) {
        if let Some(source) = self.sources.get_mut(name) {
            source.schedule.asked_to_wait(until, now);
        }
    }

    fn unmapped(&mut self, name: &SourceName, problems: &[Text], now: Time, effects: &mut Effects) {
        if let Some(first) = problems.first() {
            let text = Text::title(&format!("{name}: {} of its items could not be read: {first}", problems.len()));
            let hint = Text::title(&format!("`juggler sources test {name}` shows where"));
            let known = self.log.iter().rev().take(50).any(|e| matches!(&e.what, What::Notice { text: t, .. } if *t == text));
            if !known {
                self.publish(What::Notice { text, hint }, now, effects);
            }
        }
    }

    /// Keeps items that could not be read word for word, each once in a while.
    fn keep_odd(&mut self, name: &SourceName, odd: Vec<Text>, now: Time, effects: &mut Effects) {
        let Some(source) = self.sources.get_mut(name) else { return };
        let mut records = Vec::new();
        for text in odd {
            if !source.odd.contains(&text) {
                source.odd.push_back(text.clone());
                if source.odd.len() > ODD_KNOWN {
                    source.odd.pop_front();
                }
                records.push(Record::Raw { about: Text::title(name.as_str()), text });
            }
        }
        if !records.is_empty() {
            self.record_facts(records, Vec::new(), now, effects);
        }
    }

    pub(super) fn streaming(&mut self, name: &SourceName, on: bool, now: Time, effects: &mut Effects) {
        let Some(source) = self.sources.get_mut(name) else { return };
        if source.streaming == on {
            return;
        }
        source.streaming = on;
        if on && self.polling == Polling::Always {
            // What changed before the stream was there.
            source.schedule.poke(now);
        }
        if let Some(health) = self.health(name, now) {
            self.publish(What::Source { health: Box::new(health) }, now, effects);
        }
    }

    /// A job was fetched whole: the feed learns of it.
    pub(super) fn job_fetched(&mut self, answer: Answer<Job>, now: Time, effects: &mut Effects) -> Result<(), Failure> {
        match answer.outcome {
            Outcome::Done(job) => {
                let fetched = job.clone();
                let (_, put) = self.list(job, now, effects);
                // A listing that says the same may still know less than what was fetched now.
                self.feed.set_detailed(&fetched);
                let job = put.map_or(fetched, |put| put.job);
                self.wholes.put(job.clone());
                effects.push(Effect::PutJobs(vec![job.into()]));
                Ok(())
            }
            Outcome::Refused { reason, message } => Err(Failure::new(Class::Refused, "the platform does not show this job")
                .why(if message.is_empty() { reason.sentence().to_owned() } else { message.to_string() })),
            Outcome::SignIn(failure)
            | Outcome::Unreachable(failure)
            | Outcome::Unanswered(failure)
            | Outcome::Broken(failure) => Err(failure),
            Outcome::Limited { message, .. } => {
                Err(Failure::new(Class::Refused, "the platform asked to be left alone for a while").why(message))
            }
            Outcome::Same | Outcome::Unsupported => Ok(()),
        }
    }

    fn job_shown(&mut self, asker: Asker, key: &JobKey, answer: Answer<Job>, now: Time, effects: &mut Effects) {
        if let Outcome::Limited { until, .. } = answer.outcome {
            self.limited(&key.source(), until, now);
        }
        // What is known of it is shown even when the platform says no more.
        let _ = self.job_fetched(answer, now, effects);
        let shown = self.shown(key);
        effects.reply(asker, shown);
    }

    fn job_for_terms(&mut self, asker: Asker, key: &JobKey, answer: Answer<Job>, now: Time, effects: &mut Effects) {
        if let Outcome::Limited { until, .. } = answer.outcome {
            self.limited(&key.source(), until, now);
        }
        let terms = self
            .job_fetched(answer, now, effects)
            .and_then(|()| self.claimable(key, now).map(|job| Reply::Terms(self.claim_terms(job, now))));
        effects.reply(asker, terms);
    }
}

impl Ended {
    /// The circumstances of the call.
    pub fn meta(&self) -> Meta {
        match self {
            Ended::Jobs(answer) => answer.meta,
            Ended::Job(answer) => answer.meta,
            Ended::Claim(answer) => answer.meta,
            Ended::Release(answer) => answer.meta,
            Ended::Submit(answer) => answer.meta,
            Ended::Assignments(answer) => answer.meta,
            Ended::Assignment(answer) => answer.meta,
            Ended::Payments(answer) => answer.meta,
            Ended::Attachment(answer) => answer.meta,
        }
    }
}
