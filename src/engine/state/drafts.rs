//! Drafts and their files.

use super::{State, Then};
use crate::domain::draft::{Cause, FileItem};
use crate::domain::origin::Origins;
use crate::domain::{Assignment, AssignmentId, AssignmentState, Move, Record, Text, Time};
use crate::engine::api::{Reply, What};
use crate::engine::effect::{Asker, Effects};
use crate::error::{Class, Failure, Result};

/// How much of a text is compared with the one before, in bytes, where its front end does not tell the origins: a step has an end.
const COMPARED: usize = 64 * 1024;

/// A version of a draft, to be saved.
pub(super) struct Version {
    pub text: Text,
    pub files: Vec<FileItem>,
    pub cause: Cause,
    pub origins: Origins,
}

impl State {
    /// The assignment, if its draft may be changed.
    pub(super) fn editable(&self, id: &AssignmentId) -> Result<&Assignment> {
        let assignment = self.assignment(id)?;
        if assignment.state.is_editable() {
            return Ok(assignment);
        }
        Err(Failure::new(Class::Refused, format!("“{}” cannot be changed", assignment.job.title))
            .why(format!("it is {}", assignment.state.word()))
            .hint("a revision opens it again"))
    }

    /// Where each stretch of a text to be saved came from: as its front end claims, as far as that fits, else by how it came to be.
    pub(super) fn origins_of(&self, id: &AssignmentId, text: &Text, cause: Cause, claimed: Option<Origins>) -> Origins {
        let origins = match (claimed, self.book.drafts.get(id)) {
            (Some(claimed), _) => claimed.fitted(text.as_str()),
            (None, Some(saved)) => saved.origins().carried(saved.text.as_str(), text.as_str(), &cause.origin(), COMPARED),
            (None, None) => Origins::whole(text.as_str().len(), cause.origin()),
        };
        self.recognised(text, origins)
    }

    pub(super) fn save_draft(&mut self, asker: Asker, id: &AssignmentId, new: Version, now: Time, effects: &mut Effects) {
        let Version { text, files, cause, origins } = new;
        let files = self.recognised_files(id, files);
        // What was typed is kept even when it can no longer be sent: only a job that was never mine is refused.
        let state = match self.assignment(id) {
            Ok(assignment) => assignment.state,
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        if let Some(draft) = self.book.drafts.get(id)
            && draft.text == text
            && draft.files == files
            && *draft.origins() == origins
            // A newer version on its way to the disk would win over this one.
            && self.issued_versions.get(id).is_none_or(|issued| *issued == draft.version)
        {
            let reply = Reply::Saved { version: draft.version, draft: Box::new(draft.clone()) };
            return effects.reply(asker, Ok(reply));
        }
        let version = self.issued_versions.get(id).copied().unwrap_or(0) + 1;
        let mut records = vec![Record::Drafted { assignment: id.clone(), version, text, files, cause, origins: Some(origins) }];
        let starting = self
            .batches
            .values()
            .flat_map(|b| &b.entries)
            .any(|entry| matches!(&entry.record, Record::Moved { assignment, step: Move::Start, .. } if assignment == id));
        if state == AssignmentState::Claimed && !starting {
            let step = Move::Start;
            records.push(Record::Moved { assignment: id.clone(), step, native_state: Text::default(), note: Text::default() });
        }
        match self.record_act(records, Then::Saved { asker, assignment: id.clone() }, now, effects) {
            Ok(_) => {
                self.issued_versions.insert(id.clone(), version);
            }
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    pub(super) fn versions_of(&self, id: &AssignmentId) -> Result<Reply> {
        self.assignment(id)?;
        let versions = self.book.versions.of(id).iter().chain(self.book.drafts.get(id)).cloned().collect();
        Ok(Reply::Versions { versions })
    }

    pub(super) fn draft_durable(&mut self, asker: Asker, id: &AssignmentId, started: bool, now: Time, effects: &mut Effects) {
        let Some(draft) = self.book.drafts.get(id).cloned() else { return };
        let version = draft.version;
        effects.reply(asker, Ok(Reply::Saved { version, draft: Box::new(draft) }));
        self.publish(What::Draft { assignment: id.clone(), version }, now, effects);
        if started {
            self.assignment_moved(id, now, effects);
        }
    }

    /// A file of a draft that may be changed, by its name.
    pub(super) fn picture_of(&self, id: &AssignmentId, name: &Text) -> Result<FileItem> {
        let assignment = self.editable(id)?;
        let files = self.book.drafts.get(&assignment.id).map(|draft| draft.files.as_slice()).unwrap_or_default();
        files.iter().find(|file| file.name == *name).cloned().ok_or_else(|| {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            let there = if names.is_empty() { "it has no file".to_owned() } else { format!("it has {}", names.join(", ")) };
            Failure::new(Class::NotFound, format!("the draft has no file called “{name}”")).why(there)
        })
    }

    pub(super) fn file_kept(
        &mut self,
        asker: Asker,
        id: &AssignmentId,
        file: Result<FileItem>,
        now: Time,
        effects: &mut Effects,
    ) {
        let (file, assignment) = match (file, self.editable(id)) {
            (Ok(file), Ok(assignment)) => (file, assignment.id.clone()),
            (Err(failure), _) | (_, Err(failure)) => return effects.reply(asker, Err(failure)),
        };
        let saved = self.book.drafts.get(&assignment);
        let (text, mut files) = saved.map(|d| (d.text.clone(), d.files.clone())).unwrap_or_default();
        let origins = saved.map(|d| d.origins().into_owned()).unwrap_or_default();
        files.retain(|f| f.name != file.name);
        files.push(file);
        self.save_draft(asker, &assignment, Version { text, files, cause: Cause::File, origins }, now, effects);
    }
}
