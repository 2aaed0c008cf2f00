//! What there is to ask, and how it did so far.

use std::collections::{BTreeMap, BTreeSet};

use super::State;
use crate::assist::provider::host;
use crate::domain::ai::Sum;
use crate::domain::{AssignmentId, AssignmentState, Text, Time};
use crate::engine::api::{AssistDesk, AssistantView, CallView};
use crate::engine::commission::{Desk, Past};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::error::Result;

/// Calls that are listed.
const LISTED: usize = 50;

impl State {
    pub(in crate::engine::state) fn assist_desk(&mut self, asker: Asker, id: &AssignmentId, now: Time, effects: &mut Effects) {
        match self.desk(id, now) {
            Ok(desk) => effects.push(Effect::Desk { asker, desk: Box::new(desk) }),
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    fn desk(&self, id: &AssignmentId, now: Time) -> Result<Desk> {
        let assignment = self.assignment(id)?;
        let calls = self.book.calls.of(id).take(LISTED);
        let view = AssistDesk {
            assignment: id.clone(),
            ruling: self.ruling(&assignment.job),
            actions: Vec::new(),
            assistants: self.assistants(),
            spending: self.spending(id, now),
            caps: self.config.ai_caps,
            calls: calls
                .map(|call| CallView { call: call.clone(), kept: self.book.calls.kept.answer(&call.id).is_some() })
                .collect(),
            problems: Vec::new(),
        };
        let has_text = self.book.drafts.get(id).is_some_and(|draft| !draft.text.as_str().trim().is_empty());
        let (job, decided) = (Box::new(self.job_of(assignment)), self.decided(&assignment.job));
        let own = self.config.write_first.then(|| self.own_characters(id));
        Ok(Desk { view, job, decided, past: self.past(), has_text, own, prompts: self.config.paths.prompts.clone() })
    }

    /// The one that is meant when none is named comes first.
    fn assistants(&self) -> Vec<AssistantView> {
        let meant = self.config.assistant(None).ok().map(|assistant| assistant.name.clone());
        let mut all: Vec<_> = self.config.assistants.iter().collect();
        all.sort_by_key(|assistant| Some(&assistant.name) != meant.as_ref());
        let view = |assistant: &&crate::config::AssistantConfig| {
            let (host, local) = host(assistant);
            let model = Text::title(assistant.model.as_deref().unwrap_or_default());
            AssistantView { name: Text::title(&assistant.name), model, host, local }
        };
        all.iter().map(view).collect()
    }

    /// How each template did.
    fn past(&self) -> BTreeMap<String, Past> {
        let mut calls: BTreeMap<&str, (Sum, BTreeSet<&AssignmentId>)> = BTreeMap::new();
        for call in self.book.calls.all() {
            let (sum, jobs) = calls.entry(call.template.as_str()).or_default();
            sum.add(call);
            jobs.insert(&call.assignment);
        }
        calls.into_iter().map(|(name, (sum, jobs))| (name.to_owned(), self.past_of(&sum, &jobs))).collect()
    }

    fn past_of(&self, sum: &Sum, jobs: &BTreeSet<&AssignmentId>) -> Past {
        let mut past = Past { uses: sum.calls, cost: sum.words(), ..Past::default() };
        let (mut seconds, mut worked) = (0, 0);
        for id in jobs {
            let Some(assignment) = self.book.assignments.get(*id) else { continue };
            match assignment.state {
                AssignmentState::Approved | AssignmentState::Paid => {
                    past.decided += 1;
                    past.approved += 1;
                }
                AssignmentState::Rejected => past.decided += 1,
                _ => {}
            }
            match self.book.worked(id) {
                0 => {}
                some => {
                    seconds += some;
                    worked += 1;
                }
            }
        }
        past.minutes = (worked > 0).then(|| u32::try_from((seconds / worked + 30) / 60).unwrap_or(u32::MAX));
        past
    }
}
