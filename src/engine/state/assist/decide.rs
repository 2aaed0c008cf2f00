//! What the person decides about assistants: stricter than the job, never looser.

use super::State;
use crate::domain::ai::{AiRule, PolicySource, Ruling, Scope};
use crate::domain::{JobKey, Record, Text, Time};
use crate::engine::api::Reply;
use crate::engine::effect::{Asker, Effects};
use crate::engine::state::saving::Then;
use crate::error::{Class, Failure, Result};

impl State {
    /// The person decides what assistants may do.
    pub(in crate::engine::state) fn decide_ai(
        &mut self,
        asker: Asker,
        key: &JobKey,
        rule: AiRule,
        everywhere: bool,
        now: Time,
        effects: &mut Effects,
    ) {
        let decided = self.decidable(key, rule).and_then(|job| {
            let scope = if everywhere { Scope::Source(job.source()) } else { Scope::Job(job.clone()) };
            self.record_act(vec![Record::AiDecided { scope, rule }], Then::AiDecided { asker, job }, now, effects)
        });
        if let Err(failure) = decided {
            effects.reply(asker, Err(failure));
        }
    }

    fn decidable(&self, key: &JobKey, rule: AiRule) -> Result<JobKey> {
        let job = match self.book.assignment_of(key) {
            Some(assignment) => &assignment.job,
            None => self.job(key)?,
        };
        let said = Ruling::noted(job.ai, crate::domain::ai::Decided { job: Some(rule), source: None });
        if rule != AiRule::Unknown && said.rule != rule && said.source != PolicySource::User {
            let full = Ruling::of(job, Default::default());
            return Err(Failure::new(Class::Refused, "it cannot be decided that way")
                .why(format!("{}{}", full.rule.sentence(), full.by()))
                .hint("a decision can make it stricter, never looser"));
        }
        Ok(key.clone())
    }

    pub(in crate::engine::state) fn ai_decided(&mut self, asker: Asker, key: &JobKey, now: Time, effects: &mut Effects) {
        let closed: Vec<Text> = self
            .assisting
            .columns
            .iter()
            .filter(|(_, column)| column.ended.is_none())
            .filter(|(_, column)| {
                let assignment = self.book.assignments.get(&column.assignment);
                assignment.is_none_or(|assignment| self.pass(assignment, column.composed.action).is_err())
            })
            .map(|(name, _)| name.clone())
            .collect();
        self.stop_closed_works(now, effects);
        // What is not allowed any more is not listened to either.
        closed.iter().for_each(|name| self.hang_up(name, now, effects));
        effects.reply(asker, Ok(Reply::Done));
        if let Some(id) = self.book.assignment_of(key).map(|assignment| assignment.id.clone()) {
            self.assignment_moved(&id, now, effects);
        }
    }
}
