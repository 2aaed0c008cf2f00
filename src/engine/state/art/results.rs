//! What came: into a draft by the person's hand, or away.

use std::path::PathBuf;

use super::State;
use super::order::by_hand;
use super::queue::unknown;
use crate::domain::art::{Picture, Work};
use crate::domain::draft::{Cause, FileItem};
use crate::domain::{AssignmentId, Origin, Record, Text, Time};
use crate::engine::api::{Painting, Reply, Stage, What};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::engine::state::drafts::Version;
use crate::engine::state::saving::Then;
use crate::error::{Class, Failure, Result};

impl State {
    /// Puts a picture into the draft.
    pub(in crate::engine::state) fn take_art(&mut self, asker: Asker, call: &Text, n: u32, now: Time, effects: &mut Effects) {
        let file = self.picture(call, n).and_then(|(work, picture)| {
            self.editable(&work.order.assignment)?;
            Ok((work.order.assignment.clone(), picture.file.clone()))
        });
        let (id, file) = match file {
            Ok(found) => found,
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        let saved = self.book.drafts.get(&id);
        let (text, mut files) = saved.map(|draft| (draft.text.clone(), draft.files.clone())).unwrap_or_default();
        let origins = saved.map(|draft| draft.origins().into_owned()).unwrap_or_default();
        files.retain(|known| known.sha256 != file.sha256 && known.name != file.name);
        files.push(FileItem { origin: Origin::Ai { call: call.clone() }, ..file });
        self.save_draft(asker, &id, Version { text, files, cause: Cause::Assistant, origins }, now, effects);
    }

    fn picture(&self, call: &Text, n: u32) -> Result<(&Work, &Picture)> {
        let work = self.book.art.work(call).ok_or_else(|| unknown(call))?;
        let picture = work.picture(n).ok_or_else(|| {
            let has: Vec<String> = work.pictures.iter().map(|picture| picture.n.to_string()).collect();
            let why = if has.is_empty() { "it has none".to_owned() } else { format!("it has {}", has.join(", ")) };
            Failure::new(Class::NotFound, format!("the order {call} has no picture {n}")).why(why)
        })?;
        Ok((work, picture))
    }

    /// Throws a picture away, or a whole order.
    pub(in crate::engine::state) fn drop_art(
        &mut self,
        asker: Asker,
        call: &Text,
        n: Option<u32>,
        now: Time,
        effects: &mut Effects,
    ) {
        let found = match n {
            Some(n) => self.picture(call, n).map(|(work, _)| work),
            None => self.book.art.work(call).ok_or_else(|| unknown(call)),
        };
        let id = match found {
            Ok(_) if self.atelier.works.contains_key(call) => {
                let failure = Failure::new(Class::Refused, "it is not over yet").hint("stop it first");
                return effects.reply(asker, Err(failure));
            }
            Ok(work) => work.order.assignment.clone(),
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        let then = Then::ArtDone { asker: Some(asker), reply: Box::new(Reply::Done), assignment: id, call: call.clone() };
        let hashes = self.only_of(call, n);
        let record = Record::ArtDropped { call: call.clone(), picture: n };
        match self.record_act(vec![record], then, now, effects) {
            // A crash in between leaves a file that nothing names, never a record of a file that is gone.
            Ok(_) => effects.push(Effect::ForgetFiles { hashes }),
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    /// Hashes of pictures that nothing else names: no draft, no earlier version, no delivery, no other order.
    fn only_of(&self, call: &Text, n: Option<u32>) -> Vec<String> {
        let Some(work) = self.book.art.work(call) else { return Vec::new() };
        let gone = work.pictures.iter().filter(|picture| n.is_none_or(|n| picture.n == n));
        let id = &work.order.assignment;
        let named = |sha: &String| {
            let of_drafts = self.book.drafts.values().flat_map(|draft| &draft.files);
            let of_versions = self.book.versions.of(id).iter().flat_map(|draft| &draft.files);
            let of_submissions = self.book.submissions.values().flat_map(|submission| &submission.files);
            let others = self.book.art.all().iter().flat_map(|other| other.pictures.iter().map(move |picture| (other, picture)));
            of_drafts.chain(of_versions).chain(of_submissions).chain(self.book.calls.kept.files()).any(|file| file.sha256 == *sha)
                || others
                    .filter(|(other, picture)| other.order.call != *call || n.is_some_and(|n| picture.n != n))
                    .any(|(_, picture)| picture.file.sha256 == *sha)
        };
        gone.map(|picture| picture.file.sha256.clone()).filter(|sha| !named(sha)).collect()
    }

    /// Something about orders is written down.
    pub(in crate::engine::state) fn art_done(
        &mut self,
        asker: Option<Asker>,
        reply: Reply,
        assignment: &AssignmentId,
        call: &Text,
        now: Time,
        effects: &mut Effects,
    ) {
        let work = self.book.art.work(call);
        let pictures = work.map_or(0, |work| u32::try_from(work.pictures.len()).unwrap_or(u32::MAX));
        let stage = if work.is_some_and(|work| work.order.by_hand) { Stage::ByHand } else { Stage::Over };
        let title = self.book.assignments.get(assignment).map(|assignment| assignment.job.title.clone()).unwrap_or_default();
        let (assignment, call, note) = (assignment.clone(), call.clone(), Text::default());
        self.publish(What::Art { assignment, call, title, stage, percent: None, note, pictures }, now, effects);
        if let Some(asker) = asker {
            effects.reply(asker, Ok(reply));
        }
    }

    /// A picture that the person made elsewhere is kept: it is a result, and never in the draft by itself.
    pub(in crate::engine::state) fn brought(
        &mut self,
        asker: Option<Asker>,
        (id, tool, path): (&AssignmentId, Text, PathBuf),
        file: Result<Box<FileItem>>,
        now: Time,
        effects: &mut Effects,
    ) {
        let brought = file.and_then(|file| {
            self.editable(id)?;
            self.bring(asker, id, &tool, *file, now, effects)
        });
        match (brought, asker) {
            (Err(failure), Some(asker)) => effects.reply(asker, Err(failure)),
            (Err(failure), None) => tracing::info!(%failure, path = %path.display(), "a file of the watched folder is no result"),
            (Ok(()), _) => {}
        }
    }

    fn bring(
        &mut self,
        asker: Option<Asker>,
        id: &AssignmentId,
        tool: &Text,
        file: FileItem,
        now: Time,
        effects: &mut Effects,
    ) -> Result<()> {
        let sheets = self.book.art.of(id).filter(|work| work.order.by_hand);
        let meant = sheets.into_iter().find(|work| tool.is_empty() || work.order.painter == *tool).cloned();
        if let Some(known) = self.book.art.made(id, &file.sha256) {
            return Err(Failure::new(Class::Refused, "this picture is among the results already")
                .why(format!("it is of the order {}", known.order.call)));
        }
        let mut records = Vec::new();
        let (call, n) = match &meant {
            Some(work) => {
                (work.order.call.clone(), work.pictures.iter().map(|picture| picture.n).max().unwrap_or(0) + work.dropped + 1)
            }
            None => {
                let tool = if tool.is_empty() { Text::title("a tool of mine") } else { tool.clone() };
                let order = by_hand(self.fresh_call(now), id, &tool, None, now);
                let call = order.call.clone();
                records.push(Record::ArtOrdered { order: Box::new(order) });
                (call, 1)
            }
        };
        let file = FileItem { origin: Origin::Ai { call: call.clone() }, ..file };
        let picture = Picture { n, file, seed: meant.as_ref().and_then(|work| work.order.seed), revised: Text::default() };
        records.push(Record::ArtPainted { call: call.clone(), picture: Box::new(picture) });
        let painting = Painting { call: call.clone(), assignment: id.clone(), notes: Vec::new(), before: 0 };
        let then = Then::ArtDone { asker, reply: Box::new(Reply::Painting(painting)), assignment: id.clone(), call };
        self.record_act(records, then, now, effects)?;
        Ok(())
    }
}
