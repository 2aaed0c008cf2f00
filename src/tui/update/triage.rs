//! Star, hide, snooze, pin: shown at once, told to the engine, taken back if it fails.

use std::collections::BTreeSet;

use super::Update;
use crate::domain::triage::{Verdict, Wake};
use crate::domain::{JobKey, Text};
use crate::engine::api::{Request, TriageDone};
use crate::error::Failure;
use crate::feed::Anchor;
use crate::tui::command::Command;
use crate::tui::feed_model::LocalAct;
use crate::tui::message::{Asked, Place};
use crate::tui::triage::{Act, Waiting, by_pay};
use crate::tui::widget::toast::Tone;

/// Rows standing for several jobs in one act.
const GROUPS: usize = 100;
/// Jobs in one act.
const JOBS: usize = 10_000;

impl Update<'_> {
    /// An act of triage by its key.
    pub(super) fn triage(&mut self, command: Command) {
        if self.refuses_unseen() {
            return;
        }
        let targets = self.model.feed.targets();
        let first = targets.iter().find_map(|key| self.model.feed.row_of(key));
        let marks = match first {
            Some(row) => row.marks,
            None if targets.is_empty() => return self.plain("no job is under the cursor"),
            // Marked and far away: as if it had no marks.
            None => Default::default(),
        };
        if let Some(act) = Act::of(command, marks) {
            self.act(act, targets);
        }
    }

    /// The cursor jumped to another job by itself and no frame showed it: a key that was meant for the job on the screen hits none.
    fn refuses_unseen(&mut self) -> bool {
        let feed = &self.model.feed;
        let refuses = feed.jumped && (feed.marks() == 0 || feed.range.is_some());
        if refuses {
            self.say(Tone::Warn, "nothing done: the list had just moved under the key", "press it again");
        }
        refuses
    }

    /// The latest act again, on what an act would be for now.
    pub(super) fn repeat(&mut self) {
        if self.refuses_unseen() {
            return;
        }
        match self.model.last_act.clone() {
            None => self.plain("nothing to repeat yet: star, hide or snooze a job first"),
            Some(Act::Paid(what)) => {
                let key = self.key(Command::Claim);
                self.say(Tone::Warn, format!("{what} is never repeated by a key"), format!("{key} asks about this job"));
            }
            Some(act) => {
                let targets = self.model.feed.targets();
                if targets.is_empty() { self.plain("no job is under the cursor") } else { self.act(act, targets) }
            }
        }
    }

    /// Does `act` to exactly these jobs, and to those that their rows stand for.
    pub(super) fn act(&mut self, act: Act, targets: Vec<JobKey>) {
        if self.model.keys_asking || self.model.feed.range.as_ref().is_some_and(|range| range.asking) {
            return self.say(Tone::Warn, "nothing done: the jobs to be marked are still being listed", "press the key again");
        }
        if targets.len() > JOBS {
            let text = format!("nothing done: {} jobs are more than one act may change", targets.len());
            return self.say(Tone::Warn, text, format!("mark at most {JOBS}"));
        }
        let verdict = match act.verdict(self.now) {
            Ok(verdict) => verdict,
            Err(why) => return self.say(Tone::Warn, why, ""),
        };
        let all = match verdict {
            Some(verdict) => vec![(verdict, targets)],
            None => self.until_it_pays_more(targets),
        };
        let several: Vec<Vec<JobKey>> = all.iter().map(|(_, keys)| self.unknown_groups(keys)).collect();
        if self.can_group(several.iter().map(Vec::len).sum()) {
            self.model.last_act = Some(act);
            let marked = if verdict.is_none() { self.model.feed.targets() } else { Vec::new() };
            let untold = if self.model.feed.marks() > 0 { self.no_pay(marked) } else { Vec::new() };
            self.model.feed.clear_marks();
            for ((verdict, keys), several) in all.into_iter().zip(several) {
                self.one(verdict, keys, several);
            }
            self.model.feed.marked.extend(untold);
        }
        if self.model.brief.is_some() {
            self.show_brief();
        }
    }

    /// One verdict for each pay; what tells no pay stays marked and is told.
    fn until_it_pays_more(&mut self, targets: Vec<JobKey>) -> Vec<(Verdict, Vec<JobKey>)> {
        let rows = targets.into_iter().map(|key| {
            let pay = self.model.feed.row_of(&key).and_then(|row| row.pay);
            (key, pay)
        });
        let (paid, untold) = by_pay(rows);
        if !untold.is_empty() {
            let text = format!("{} not snoozed: what it pays is not known here", jobs(untold.len()));
            self.say(Tone::Warn, text, "snooze it until a time instead");
        }
        paid.into_iter().map(|(pay, keys)| (Verdict::SnoozeUntil { wake: Wake::PaysOver(pay) }, keys)).collect()
    }

    fn no_pay(&self, keys: Vec<JobKey>) -> Vec<JobKey> {
        keys.into_iter().filter(|key| self.model.feed.row_of(key).and_then(|row| row.pay).is_none()).collect()
    }

    /// Whether an act that has to ask for so many rows' jobs first can be carried out now.
    fn can_group(&mut self, unknown: usize) -> bool {
        if unknown > 0 && self.model.opening.is_some() {
            self.say(Tone::Warn, "identical jobs can be acted on once the store is open", "");
            return false;
        }
        if unknown > GROUPS {
            let text = format!("nothing done: {unknown} rows stand for several jobs each");
            let group = self.key(Command::Group);
            self.say(Tone::Warn, text, format!("{group} shows every job by itself; or mark at most {GROUPS} such rows"));
            return false;
        }
        true
    }

    fn unknown_groups(&self, keys: &[JobKey]) -> Vec<JobKey> {
        let feed = &self.model.feed;
        if !feed.view.group {
            return Vec::new();
        }
        let keys: BTreeSet<&JobKey> = keys.iter().collect();
        let rows = feed.rows.iter().filter(|row| row.alike > 1).map(|row| &row.key);
        let passed = feed.range.iter().flat_map(|range| &range.several);
        let several: BTreeSet<&JobKey> = rows.chain(passed).filter(|key| keys.contains(key)).collect();
        several.into_iter().filter(|key| !feed.groups.contains_key(*key)).cloned().collect()
    }

    fn one(&mut self, verdict: Verdict, targets: Vec<JobKey>, unknown: Vec<JobKey>) {
        let feed = &mut self.model.feed;
        let id = feed.next_act();
        let mut keys: BTreeSet<JobKey> = targets.into_iter().collect();
        if feed.view.group {
            let alike: Vec<JobKey> = keys.iter().filter_map(|key| feed.groups.get(key)).flatten().cloned().collect();
            keys.extend(alike);
        }
        let act = LocalAct { id, keys: keys.iter().cloned().collect(), verdict };
        feed.mark_locally(act.clone(), self.now, self.config.auto_advance);
        if unknown.is_empty() {
            return self.tell(act);
        }
        self.model.waiting_acts.push(Waiting { id, verdict, keys, missing: unknown.len() });
        for key in unknown {
            let view = self.model.feed.view.clone();
            self.ask(Asked::Group { act: id, key: key.clone() }, Request::Group { view, key });
        }
    }

    fn tell(&mut self, act: LocalAct) {
        if self.model.opening.is_some() {
            self.say(Tone::Plain, "kept until the store is open", "");
            return self.model.queued.push(act);
        }
        self.ask(Asked::Triage(act.id), Request::Triage { keys: act.keys, verdict: act.verdict });
    }

    /// The jobs of a row under an act were told, or not.
    pub(super) fn group_came(&mut self, id: u64, key: JobKey, keys: Result<Vec<JobKey>, Failure>) {
        let Some(at) = self.model.waiting_acts.iter().position(|act| act.id == id) else { return };
        match keys {
            Ok(keys) => {
                self.model.feed.groups.insert(key, keys.clone());
                let act = &mut self.model.waiting_acts[at];
                act.keys.extend(keys);
                act.missing -= 1;
                if act.missing == 0 {
                    let act = self.model.waiting_acts.remove(at);
                    let local = LocalAct { id, keys: act.keys.into_iter().collect(), verdict: act.verdict };
                    self.model.feed.settled(id);
                    self.model.feed.local.push_back(local.clone());
                    self.tell(local);
                }
            }
            Err(failure) => {
                self.model.waiting_acts.remove(at);
                self.model.feed.settled(id);
                self.model.feed.stale = true;
                self.failed(&failure);
            }
        }
    }

    /// What an act did; what it could not do stays marked, and is told with the first reason.
    pub(super) fn triaged(&mut self, done: &TriageDone) {
        let undo = self.key(Command::Undo);
        self.model.views_stale = true;
        let Some((key, why)) = done.failed.first() else {
            return self.say(Tone::Plain, done.text.as_str(), format!("{undo} undoes"));
        };
        let title = self.model.feed.row_of(key).map_or_else(|| key.to_string(), |row| row.title.to_string());
        let more = if done.failed.len() > 1 { format!(" (and {} more)", done.failed.len() - 1) } else { String::new() };
        let text = format!("{}; {} not changed and still marked: \"{title}\": {why}{more}", done.text, jobs(done.failed.len()));
        self.say(Tone::Warn, text, format!("{undo} undoes the rest"));
        self.model.feed.marked.extend(done.failed.iter().map(|(key, _)| key.clone()));
    }

    /// An act came to nothing: what was marked for it is marked again.
    pub(super) fn untriaged(&mut self, act: Option<LocalAct>, failure: &Failure) {
        self.failed(failure);
        if let Some(act) = act.filter(|act| act.keys.len() > 1) {
            self.model.feed.marked.extend(act.keys);
        }
    }

    pub(super) fn ask_undo(&mut self, redo: bool) {
        if self.model.opening.is_some() {
            return self.say(Tone::Plain, "undo waits until the store is open", "");
        }
        self.model.feed.epoch += 1;
        self.ask(Asked::Undo, if redo { Request::Redo } else { Request::Undo });
    }

    /// An act of triage was taken back or done again: the cursor goes to what it was about.
    pub(super) fn undone(&mut self, text: &Text, changed: &[JobKey]) {
        self.plain(text.as_str());
        self.model.feed.epoch += 1;
        self.model.views_stale = true;
        match changed.first() {
            Some(key) => self.request_rows(Anchor::Job(key.clone()), Place::Job(key.clone())),
            None => self.refetch(),
        }
    }
}

/// "1 job", "12 jobs".
pub(super) fn jobs(n: usize) -> String {
    if n == 1 { "1 job".to_owned() } else { format!("{n} jobs") }
}
