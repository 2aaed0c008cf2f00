//! From a wish to a question on the line.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;

use super::cost::{New, NewProgram, reserve};
use super::{Column, KEPT, State};
use crate::assist::provider::{Answer, host, program};
use crate::config::AssistantConfig;
use crate::domain::ai::{Action, Call, Pass, Wish};
use crate::domain::spend::{Spent, Tokens, Usage};
use crate::domain::{Assignment, AssignmentId, Record, Text, Time};
use crate::engine::api::{Asking, Reply, Terms};
use crate::engine::commission::{Commission, Commissioned, closed};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::engine::state::saving::Then;
use crate::error::{Class, Failure, Result};

/// Alternatives, unless the wish says otherwise, and at most.
const ALTERNATIVES: u8 = 3;
const MOST: u8 = 4;

impl State {
    pub(in crate::engine::state) fn assist(
        &mut self,
        asker: Asker,
        id: &AssignmentId,
        wish: Wish,
        agreed: Option<String>,
        effects: &mut Effects,
    ) {
        match self.commission(id, wish, agreed) {
            Ok(commission) => effects.push(Effect::Compose { asker, commission: Box::new(commission) }),
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    /// What the questions are made of, if they may be asked at all.
    fn commission(&self, id: &AssignmentId, wish: Wish, agreed: Option<String>) -> Result<Commission> {
        let assignment = self.editable(id)?;
        let pass = self.pass(assignment, wish.action)?;
        let saved = self.book.drafts.get(id);
        let draft = wish.text.clone().or_else(|| saved.map(|draft| draft.text.clone())).unwrap_or_default();
        if wish.action.needs_text() && draft.as_str().trim().is_empty() {
            return Err(Failure::new(Class::Refused, format!("there is nothing to {}", wish.action.word()))
                .why("the draft has no words yet")
                .hint("write some, lay it out with the scaffold, or ask for a draft"));
        }
        if let Some(why) = wish.action.waits(self.own_characters(id)).filter(|_| self.config.write_first) {
            return Err(Failure::new(Class::Refused, "no assistant is asked yet")
                .why(why)
                .hint("write_first under [assist] in the config turns this off"));
        }
        if let Some(question) = wish.action.question().filter(|_| wish.instruction.as_str().trim().is_empty()) {
            return Err(Failure::new(Class::Usage, question).hint(wish.action.hint()));
        }
        Ok(Commission {
            assignment: id.clone(),
            assistants: self.chosen(&wish)?,
            agreed,
            pass,
            decided: self.decided(&assignment.job),
            sourced: self.sourced(assignment),
            pace: self.config.pace,
            draft,
            files: saved.map(|draft| draft.files.clone()).unwrap_or_default(),
            prompts: self.config.paths.prompts.clone(),
            wish,
        })
    }

    /// Characters of the saved draft that the person typed, or says are theirs.
    pub(super) fn own_characters(&self, id: &AssignmentId) -> u64 {
        let shares = self.book.drafts.get(id).map(|draft| draft.shares());
        shares.map_or(0, |shares| shares.typed + shares.declared)
    }

    /// The gate.
    pub(super) fn pass(&self, assignment: &Assignment, action: Action) -> Result<Pass> {
        self.ruling(&assignment.job).pass(&assignment.job, action).map_err(closed)
    }

    /// Who is asked: one for each answer.
    fn chosen(&self, wish: &Wish) -> Result<Vec<AssistantConfig>> {
        let named = |name: Option<&str>| self.config.assistant(name).cloned();
        if wish.action != Action::Alternatives {
            return Ok(vec![named(wish.assistants.first().map(Text::as_str))?]);
        }
        let mut all = wish.assistants.iter().map(|name| named(Some(name.as_str()))).collect::<Result<Vec<_>>>()?;
        if all.is_empty() {
            all.push(named(None)?);
        }
        let least = u8::try_from(all.len()).unwrap_or(MOST);
        let count = usize::from(wish.count.unwrap_or(ALTERNATIVES.max(least)).clamp(2, MOST));
        Ok(all.iter().cycle().take(count).cloned().collect())
    }

    /// The questions are there: are they within the caps, and did the person agree to where they go?
    pub(in crate::engine::state) fn composed(
        &mut self,
        asker: Asker,
        commission: Commission,
        made: Result<Commissioned>,
        now: Time,
        effects: &mut Effects,
    ) {
        let asked = made.and_then(|made| self.put_questions(asker, commission, made, now, effects));
        match asked {
            Ok(None) => {}
            Ok(Some(terms)) => effects.reply(asker, Ok(Reply::Terms(terms))),
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    fn put_questions(
        &mut self,
        asker: Asker,
        commission: Commission,
        made: Commissioned,
        now: Time,
        effects: &mut Effects,
    ) -> Result<Option<Terms>> {
        let id = commission.assignment.clone();
        // Time went by: it may be delivered, or closed to models, by now.
        let assignment = self.editable(&id)?.clone();
        self.pass(&assignment, commission.wish.action)?;
        let source = assignment.job.key.source();
        let mut columns = Vec::new();
        let mut spending = self.spending(&id, now);
        for (assistant, composed) in commission.assistants.iter().zip(made.questions) {
            let (composed, reserved) = self.within_caps(assistant, composed, &spending)?;
            for sum in [&mut spending.job, &mut spending.day, &mut spending.month] {
                reserve(sum, reserved);
            }
            columns.push((assistant.clone(), composed, reserved));
        }
        let hosts = hosts(columns.iter().map(|(assistant, ..)| assistant));
        let new_hosts: Vec<Text> = hosts
            .iter()
            .filter(|(_, local)| !**local)
            .map(|(host, _)| host.clone())
            .filter(|host| !self.is_agreed(&source, host))
            .collect();
        let new_programs = self.new_programs(columns.iter().map(|(assistant, ..)| assistant), made.sandboxed);
        let dear = self.is_dear(&assignment, &columns);
        if !new_hosts.is_empty() || !new_programs.is_empty() || dear.is_some() {
            let new = New { hosts: &new_hosts, programs: &new_programs, dear: dear.as_deref() };
            let terms = self.assist_terms(&assignment, &commission, &columns, &new);
            if commission.agreed.as_deref() != Some(terms.digest.as_str()) {
                return Ok(Some(terms));
            }
            if dear.is_some() {
                self.assisting.dear.insert(id.clone());
            }
        }
        let mut records: Vec<Record> =
            new_hosts.into_iter().map(|host| Record::AiAgreed { source: source.clone(), host }).collect();
        records.extend(new_programs.into_iter().map(|new| Record::ProgramAgreed { program: new.fingerprint }));
        // Whose answer stands where is not told by the order.
        columns.shuffle(&mut self.dice);
        let mut names = Vec::new();
        for (assistant, composed, reserved) in columns {
            let call = self.fresh_call(now);
            let column = Column {
                assignment: id.clone(),
                host: host(&assistant).0,
                template: made.template.clone(),
                answer: Answer::new(&assistant, &composed.ask),
                assistant: Box::new(assistant),
                composed,
                attempt: 0,
                call: call.clone(),
                shown: String::new(),
                edition: 0,
                ended: None,
                note: Text::default(),
                reserved,
                waiting: Vec::new(),
            };
            records.push(asked(&column, commission.wish.action, now));
            self.assisting.columns.insert(call.clone(), column);
            names.push(call);
        }
        let then = Then::Ask { asker: Some(asker), columns: names.clone() };
        if let Err(failure) = self.record_act(records, then, now, effects) {
            names.iter().for_each(|name| drop(self.assisting.columns.remove(name)));
            return Err(failure);
        }
        self.forget_old_answers();
        Ok(None)
    }

    /// Programs that the person has not agreed to start yet, as they are now.
    fn new_programs<'a>(&self, asked: impl Iterator<Item = &'a AssistantConfig>, sandboxed: bool) -> Vec<NewProgram> {
        let mut new: Vec<NewProgram> = Vec::new();
        for config in asked.filter_map(|assistant| assistant.program.as_ref()) {
            let fingerprint = program::fingerprint(config, sandboxed);
            let known =
                self.book.calls.kept.is_program_agreed(&fingerprint) || new.iter().any(|other| other.fingerprint == fingerprint);
            if !known {
                new.push(NewProgram { fingerprint, title: config.title(), powers: program::powers(config, sandboxed) });
            }
        }
        new
    }

    /// What the calls could cost stands in the journal: they are made.
    pub(in crate::engine::state) fn ask_now(&mut self, asker: Option<Asker>, names: &[Text], effects: &mut Effects) {
        let mut asking = None;
        for name in names {
            let Some(column) = self.assisting.columns.get(name).filter(|column| column.ended.is_none()) else { continue };
            let ask = column.composed.ask.clone();
            effects.push(Effect::AskModel { call: column.call.clone(), assistant: column.assistant.clone(), ask });
            asking.get_or_insert_with(|| Asking {
                assignment: column.assignment.clone(),
                action: column.composed.action,
                columns: names.to_vec(),
                draft: column.composed.draft.clone(),
                place: column.composed.place,
                sent: column.composed.sent.iter().map(|part| Text::title(part)).collect(),
                template: column.template.clone(),
            });
        }
        if let Some(asker) = asker {
            let gone = || Failure::new(Class::Refused, "it was stopped before it began");
            effects.reply(asker, asking.map(Reply::Asking).ok_or_else(gone));
        }
    }

    /// The question at hand again, with what was wrong with its answer; `false` where that may not be.
    pub(super) fn ask_again(&mut self, name: &Text, why: &str, now: Time, effects: &mut Effects) -> bool {
        let Some(column) = self.assisting.columns.get(name) else { return false };
        let Some(assignment) = self.book.assignments.get(&column.assignment).filter(|a| a.state.is_editable()) else {
            return false;
        };
        if self.pass(assignment, column.composed.action).is_err() {
            return false;
        }
        let again = crate::assist::prompt::again(&column.composed, column.answer.words(), why);
        let spending = self.spending(&column.assignment, now);
        let Ok((again, reserved)) = self.within_caps(&column.assistant, again, &spending) else { return false };
        let call = self.fresh_call(now);
        let Some(column) = self.assisting.columns.get_mut(name) else { return false };
        column.attempt += 1;
        column.answer = Answer::new(&column.assistant, &again.ask);
        column.composed = again;
        column.call = call;
        column.reserved = reserved;
        column.note = Text::title(&format!("asked again: {why}"));
        let record = asked(column, column.composed.action, now);
        self.record_act(vec![record], Then::Ask { asker: None, columns: vec![name.clone()] }, now, effects).is_ok()
    }

    /// The disk failed before anything was asked.
    pub(in crate::engine::state) fn not_asked(
        &mut self,
        asker: Option<Asker>,
        names: &[Text],
        failure: &Failure,
        effects: &mut Effects,
    ) {
        for name in names {
            let Some(column) = self.assisting.columns.remove(name) else { continue };
            for (waiting, ..) in column.waiting {
                effects.reply(waiting, Err(failure.clone()));
            }
        }
        if let Some(asker) = asker {
            effects.reply(asker, Err(failure.clone()));
        }
    }

    fn fresh_call(&mut self, now: Time) -> Text {
        Text::title(&format!("ai-{}", self.fresh_id(now)))
    }

    fn forget_old_answers(&mut self) {
        while self.assisting.columns.len() > KEPT {
            let Some(oldest) =
                self.assisting.columns.iter().find(|(_, column)| column.ended.is_some()).map(|(name, _)| name.clone())
            else {
                return;
            };
            self.assisting.columns.remove(&oldest);
        }
    }
}

/// The line of the journal before a call.
fn asked(column: &Column, action: Action, now: Time) -> Record {
    let usage = Usage { input: Tokens::estimated(column.composed.tokens), cached: 0, output: Tokens::estimated(0) };
    let spent = Spent {
        assistant: column.assistant.name.clone(),
        model: Text::title(column.assistant.model.as_deref().unwrap_or_default()),
        usage,
        tariff: column.assistant.tariff,
        cost: column.assistant.tariff.map(|tariff| tariff.cost(&usage)),
    };
    let (id, assignment) = (column.call.clone(), column.assignment.clone());
    let (template, host) = (column.template.clone(), column.host.clone());
    let call = Call { id, assignment, action, template, host, at: now, spent, ended: None, note: Text::default() };
    Record::Asked { call: Box::new(call) }
}

fn hosts<'a>(assistants: impl Iterator<Item = &'a AssistantConfig>) -> BTreeMap<Text, bool> {
    assistants.map(host).collect()
}
