//! What models say, as it comes: shown to whoever waits, written down when it is over.

use super::{Column, State};
use crate::assist::provider::{Piece, Why};
use crate::domain::ai::Ended;
use crate::domain::{Record, Text, Time};
use crate::engine::api::{Reply, Said};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::error::{Class, Failure};

/// A question is put again so often when its answer is not what was asked for.
const AGAIN: u8 = 2;

impl State {
    /// Pieces of an answer came.
    pub(in crate::engine::state) fn said(&mut self, call: &Text, pieces: Vec<Piece>, now: Time, effects: &mut Effects) {
        let found = self.assisting.columns.iter_mut().find(|(_, column)| column.call == *call && column.ended.is_none());
        // Who was stopped goes on speaking for a moment.
        let Some((name, column)) = found else { return };
        let name = name.clone();
        let aside = pieces.iter().any(|piece| matches!(piece, Piece::Aside(_)));
        for piece in pieces {
            column.answer.take(piece);
        }
        column.show();
        if column.answer.why().is_some() {
            self.over(&name, now, effects);
        }
        self.tell_listeners(&name, aside, effects);
    }

    /// Stops an answer; what came is kept.
    pub(in crate::engine::state) fn assist_stop(&mut self, asker: Asker, name: &Text, now: Time, effects: &mut Effects) {
        if !self.assisting.columns.contains_key(name) {
            return effects.reply(asker, Err(unknown(name)));
        }
        self.hang_up(name, now, effects);
        effects.reply(asker, Ok(Reply::Done));
    }

    pub(super) fn hang_up(&mut self, name: &Text, now: Time, effects: &mut Effects) {
        let Some(column) = self.assisting.columns.get_mut(name).filter(|column| column.ended.is_none()) else { return };
        effects.push(Effect::HangUp { call: column.call.clone() });
        column.answer.stop();
        self.over(name, now, effects);
        self.answer_listeners(name, effects);
    }

    /// Stops them all: the engine ends.
    pub fn hang_up_all(&mut self, now: Time) -> Effects {
        let mut effects = Effects::default();
        let names: Vec<Text> = self.assisting.columns.keys().cloned().collect();
        names.iter().for_each(|name| self.hang_up(name, now, &mut effects));
        effects
    }

    /// An answer is at its end: what it cost is written down, and a bad one is asked for again.
    fn over(&mut self, name: &Text, now: Time, effects: &mut Effects) {
        let Some(column) = self.assisting.columns.get_mut(name) else { return };
        let Some(why) = column.answer.why().cloned() else { return };
        let read = column.composed.shape.read(column.answer.words());
        let (ended, note) = match (&why, &read) {
            (Why::Done, Ok(_)) => (Ended::Done, String::new()),
            // Files are an answer too.
            (Why::Done, Err(_)) if column.answer.words().trim().is_empty() && !column.answer.files().is_empty() => {
                (Ended::Done, String::new())
            }
            (Why::Done, Err(unfit)) => (Ended::Unfit, format!("the answer is not what was asked for: {unfit}")),
            (Why::Stopped, _) => (Ended::Stopped, String::new()),
            (Why::Declined | Why::Tool, _) => (Ended::Declined, why.sentence()),
            (Why::Failed(failure), _) => {
                let hint = if failure.hint.is_empty() { String::new() } else { format!(". {}", failure.hint) };
                (Ended::Failed, format!("{failure}{hint}"))
            }
            (Why::Length | Why::TooMuch | Why::Late, _) => (Ended::Cut, why.sentence()),
        };
        column.reserved = None;
        let (call, spent) = (column.call.clone(), column.answer.spent());
        let words = match &read {
            Ok(text) => text.clone(),
            Err(_) => column.composed.shape.sketch(column.answer.words()),
        };
        let mut records = vec![Record::Answered { call: call.clone(), spent: Box::new(spent), ended, note: Text::title(&note) }];
        let files = column.answer.files().to_vec();
        if !words.is_empty() || !files.is_empty() {
            records.push(Record::Answer { call, text: Text::own(&words), files });
        }
        self.record_facts(records, Vec::new(), now, effects);
        if let (true, Err(unfit)) = (ended == Ended::Unfit, &read)
            && self.assisting.columns.get(name).is_some_and(|column| column.attempt < AGAIN)
            && self.ask_again(name, unfit, now, effects)
        {
            return;
        }
        let Some(column) = self.assisting.columns.get_mut(name) else { return };
        column.ended = Some(ended);
        column.note = Text::title(&note);
        column.put(words);
    }

    /// More of an answer than a front end has seen; it waits where there is none.
    pub(in crate::engine::state) fn assist_text(
        &mut self,
        asker: Asker,
        name: &Text,
        edition: u32,
        seen: usize,
        effects: &mut Effects,
    ) {
        match self.assisting.columns.get_mut(name) {
            Some(column) => {
                column.waiting.push((asker, edition, seen));
                self.answer_listeners(name, effects);
            }
            None => effects.reply(asker, self.earlier(name)),
        }
    }

    /// An answer of an earlier time.
    fn earlier(&self, name: &Text) -> crate::error::Result<Reply> {
        let call = self.book.calls.all().iter().rev().find(|call| call.id == *name).ok_or_else(|| unknown(name))?;
        let answer = self.book.calls.kept.answer(name);
        Ok(Reply::Said(Box::new(Said {
            column: name.clone(),
            call: name.clone(),
            edition: 0,
            from: 0,
            text: answer.map(|answer| answer.text.clone()).unwrap_or_default(),
            files: answer.map(|answer| answer.files.clone()).unwrap_or_default(),
            ended: Some(call.ended.unwrap_or(Ended::Stopped)),
            note: call.note.clone(),
            spent: call.spent.clone(),
        })))
    }

    fn answer_listeners(&mut self, name: &Text, effects: &mut Effects) {
        self.tell_listeners(name, false, effects);
    }

    /// Answers who waits and has not seen all; `anyway`: there is something to tell beside the words.
    fn tell_listeners(&mut self, name: &Text, anyway: bool, effects: &mut Effects) {
        let Some(column) = self.assisting.columns.get_mut(name) else { return };
        for (asker, edition, seen) in std::mem::take(&mut column.waiting) {
            match column.beyond(edition, seen, anyway, name) {
                Some(said) => effects.reply(asker, Ok(Reply::Said(Box::new(said)))),
                None => column.waiting.push((asker, edition, seen)),
            }
        }
    }
}

impl Column {
    /// Shows what there is so far.
    fn show(&mut self) {
        let sketch = self.composed.shape.sketch(self.answer.words());
        self.put(sketch);
    }

    fn put(&mut self, text: String) {
        if !text.starts_with(&self.shown) {
            self.edition += 1;
        }
        self.shown = text;
    }

    /// What somebody has not seen who saw so much of that edition; `None` where that is nothing.
    fn beyond(&self, edition: u32, seen: usize, anyway: bool, name: &Text) -> Option<Said> {
        let from = if edition == self.edition { self.shown.floor_char_boundary(seen.min(self.shown.len())) } else { 0 };
        let news = anyway || edition != self.edition || from < self.shown.len() || self.ended.is_some();
        news.then(|| Said {
            column: name.clone(),
            call: self.call.clone(),
            edition: self.edition,
            from,
            text: Text::own(&self.shown[from..]),
            files: self.answer.files().to_vec(),
            ended: self.ended,
            note: if self.note.is_empty() { self.answer.aside().clone() } else { self.note.clone() },
            spent: self.answer.spent(),
        })
    }
}

fn unknown(name: &Text) -> Failure {
    Failure::new(Class::NotFound, format!("there is no answer {name}")).hint("juggler assist calls JOB lists those that are kept")
}
