//! Local verdicts, and taking them back.

use chrono::TimeDelta;

use super::{State, Then};
use crate::domain::triage::{Change, Verdict, Wake};
use crate::domain::{JobKey, Record, Text, Time};
use crate::engine::api::{Reply, Request, TriageDone, What};
use crate::engine::effect::{Asker, Effects};
use crate::error::{Class, Failure};

/// What rules do within this is one act.
const TOGETHER: TimeDelta = TimeDelta::seconds(5);

impl State {
    pub(super) fn triage(&mut self, asker: Asker, keys: Vec<JobKey>, verdict: Verdict, now: Time, effects: &mut Effects) {
        if !self.marks_pending.is_empty() {
            self.after_marks.push_back((asker, Request::Triage { keys, verdict }));
            return;
        }
        let changes: Vec<Change> = keys
            .into_iter()
            .filter(|key| self.feed.contains(key.as_str()) || self.book.marks.contains_key(key))
            .map(|job| {
                let before = self.book.marks(&job);
                Change { before, after: verdict.apply(before), job }
            })
            .filter(|change| change.before != change.after)
            .collect();
        if changes.is_empty() {
            let done = TriageDone { text: Text::title("nothing to change"), changed: Vec::new(), failed: Vec::new() };
            return effects.reply(asker, Ok(Reply::Triaged(done)));
        }
        let text = Text::title(&words(verdict, changes.len()));
        self.issued_act += 1;
        // Looking at a job is not an act that anybody wants to take back one by one.
        let quiet = matches!(verdict, Verdict::Seen { .. });
        let act = if quiet { 0 } else { self.issued_act };
        self.commit_marks(asker, act, changes, None, None, text, now, effects);
    }

    /// What rules do to the jobs that come within moments, those of a poll mostly, is one act, which can be taken back with one key.
    pub(super) fn rule_marks(&mut self, mut rules: Vec<Text>, change: Change, now: Time) -> Record {
        rules.dedup();
        let names: Vec<&str> = rules.iter().map(Text::as_str).collect();
        let rule = Text::title(&names.join(", "));
        let goes_on = |(since, by): &(Time, Text)| *by == rule && now - *since < TOGETHER;
        if !self.rule_act.as_ref().is_some_and(goes_on) || self.rule_act_number != self.issued_act {
            self.issued_act += 1;
            (self.rule_act, self.rule_act_number) = (Some((now, rule.clone())), self.issued_act);
        }
        Record::RuleMarked { act: self.issued_act, rule, changes: vec![change] }
    }

    pub(super) fn undo(&mut self, asker: Asker, now: Time, effects: &mut Effects) {
        if !self.marks_pending.is_empty() {
            self.after_marks.push_back((asker, Request::Undo));
            return;
        }
        let Some(last) = self.book.undo.last().cloned() else {
            return effects.reply(
                asker,
                Err(Failure::new(Class::Refused, "there is nothing to undo")
                    .why("only triage can be undone; claims and submissions cannot")),
            );
        };
        let undone = last.reversed();
        self.issued_act += 1;
        if !undone.blocks.is_empty() {
            let text = Text::title("undone: the block is as before");
            let record = |(block, on)| Record::Blocked {
                act: self.issued_act,
                block: Box::new(block),
                on,
                undoes: Some(last.act),
                redoes: None,
            };
            let records = undone.blocks.into_iter().map(record).collect();
            return self.commit_blocks(asker, records, text, now, effects);
        }
        let changes = undone.changes;
        let text = Text::title(&format!("undone: {} as before{}", jobs(changes.len()), by(&last.rule)));
        self.commit_marks(asker, self.issued_act, changes, Some(last.act), None, text, now, effects);
    }

    pub(super) fn redo(&mut self, asker: Asker, now: Time, effects: &mut Effects) {
        if !self.marks_pending.is_empty() {
            self.after_marks.push_back((asker, Request::Redo));
            return;
        }
        let Some(last) = self.book.redo.last().cloned() else {
            return effects.reply(asker, Err(Failure::new(Class::Refused, "there is nothing to redo")));
        };
        self.issued_act += 1;
        if !last.blocks.is_empty() {
            let record = |(block, on)| Record::Blocked {
                act: self.issued_act,
                block: Box::new(block),
                on,
                undoes: None,
                redoes: Some(last.act),
            };
            let records = last.blocks.into_iter().map(record).collect();
            return self.commit_blocks(asker, records, Text::title("done again: the block"), now, effects);
        }
        let changes = last.changes;
        let text = Text::title(&format!("done again: {}{}", jobs(changes.len()), by(&last.rule)));
        self.commit_marks(asker, self.issued_act, changes, None, Some(last.act), text, now, effects);
    }

    #[expect(clippy::too_many_arguments, reason = "one record's fields")]
    fn commit_marks(
        &mut self,
        asker: Asker,
        act: u64,
        changes: Vec<Change>,
        undoes: Option<u64>,
        redoes: Option<u64>,
        text: Text,
        now: Time,
        effects: &mut Effects,
    ) {
        let keys = changes.iter().map(|c| c.job.clone()).collect();
        let record = Record::Triaged { act, changes, undoes, redoes };
        match self.record_act(vec![record], Then::Triaged { asker, text, jobs: keys }, now, effects) {
            Ok(batch) => {
                self.marks_pending.insert(batch);
            }
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    pub(super) fn triage_durable(
        &mut self,
        batch: u64,
        asker: Asker,
        text: Text,
        jobs: Vec<JobKey>,
        now: Time,
        effects: &mut Effects,
    ) {
        self.marks_pending.remove(&batch);
        for key in &jobs {
            self.place(key);
        }
        self.version += 1;
        effects.reply(asker, Ok(Reply::Triaged(TriageDone { text, changed: jobs.clone(), failed: Vec::new() })));
        self.publish(What::Marked { jobs }, now, effects);
        self.replay_after_marks(now, effects);
    }

    /// Acts of triage that arrived while another was being written see its result.
    pub(super) fn replay_after_marks(&mut self, now: Time, effects: &mut Effects) {
        while self.marks_pending.is_empty() {
            let Some((asker, request)) = self.after_marks.pop_front() else { break };
            self.asked(asker, request, now, effects);
        }
    }
}

fn jobs(n: usize) -> String {
    if n == 1 { "1 job".to_owned() } else { format!("{n} jobs") }
}

/// Whose act it was, if not the person's.
fn by(rule: &Option<Text>) -> String {
    rule.as_ref().map(|rule| format!(" (by the rule “{rule}”)")).unwrap_or_default()
}

fn words(verdict: Verdict, n: usize) -> String {
    let verb = match verdict {
        Verdict::Seen { on: true } => "saw",
        Verdict::Seen { on: false } => "marked unseen:",
        Verdict::Star { on: true } => "starred",
        Verdict::Star { on: false } => "unstarred",
        Verdict::Hide { on: true } => "hid",
        Verdict::Hide { on: false } => "brought back",
        Verdict::Snooze { until: None } => "woke",
        Verdict::Pin { on: true } => "pinned",
        Verdict::Pin { on: false } => "unpinned",
        Verdict::SnoozeUntil { wake: Wake::Reopens } => return format!("snoozed {} until it opens again", jobs(n)),
        Verdict::SnoozeUntil { wake: Wake::PaysOver(pay) } => return format!("snoozed {} until it pays over {pay}", jobs(n)),
        Verdict::Snooze { until: Some(until) } => {
            let local = until.with_timezone(&chrono::Local).format("%a %H:%M");
            return format!("snoozed {} until {local}", jobs(n));
        }
    };
    format!("{verb} {}", jobs(n))
}
