//! Drafts, their files, and the attachments they are made from.

use super::{Purpose, State, Then};
use crate::domain::draft::{Cause, FileItem};
use crate::domain::origin::Origins;
use crate::domain::shield::Found;
use crate::domain::{Assignment, AssignmentId, AssignmentState, Move, Record, Text, Time};
use crate::engine::api::{Reply, What};
use crate::engine::effect::{Asker, Attached, Call, Effects};
use crate::error::{Class, Failure, Result};
use crate::platforms::{Answer, Outcome};

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

    pub(super) fn attachment(&mut self, asker: Asker, id: &AssignmentId, name: &Text, now: Time, effects: &mut Effects) {
        let found = self.assignment(id).map(|a| self.book.job_of(a)).and_then(|job| {
            job.attachments
                .iter()
                .find(|a| a.name == *name)
                .cloned()
                .map(|a| (job, a))
                .ok_or_else(|| Failure::new(Class::NotFound, format!("there is no attachment called {name}")))
        });
        match found {
            Err(failure) => effects.reply(asker, Err(failure)),
            Ok((job, attachment)) if attachment.text.is_some() => {
                let marks = self.book.marks(&job.key);
                effects.reply(asker, Ok(Reply::Job { job: Box::new(job), marks }));
            }
            Ok((_, attachment)) => match (attachment.url, self.ready(&id.source(), now)) {
                (Some(url), Ok(_)) => {
                    let call = Call::Attachment { assignment: id.clone(), name: name.clone(), url };
                    let purpose = Purpose::Attachment { asker: Some(asker), assignment: id.clone(), name: name.clone() };
                    self.call(&id.source(), call, purpose);
                }
                (_, Err(failure)) => effects.reply(asker, Err(failure)),
                (None, _) => effects.reply(asker, Err(Failure::new(Class::NotFound, "the platform gave no address for it"))),
            },
        }
    }

    pub(super) fn attachment_ended(
        &mut self,
        asker: Option<Asker>,
        id: &AssignmentId,
        name: &Text,
        answer: Answer<Attached>,
        now: Time,
        effects: &mut Effects,
    ) {
        let failure = match answer.outcome {
            Outcome::Done(Attached { text, found }) => match text {
                Some(text) => {
                    let known = self.book.attached_signs.get(id).map(Vec::as_slice).unwrap_or_default();
                    let warnings: Vec<What> =
                        found.iter().filter(|found| !known.contains(found)).map(|found| scam_notice(id, found)).collect();
                    let record = Record::Attached { assignment: id.clone(), name: name.clone(), text, found };
                    let events = self.assignment_event(id).into_iter().chain(warnings).collect();
                    self.record_facts(vec![record], events, now, effects);
                    if let Some(asker) = asker {
                        self.attachment(asker, id, name, now, effects);
                    }
                    return;
                }
                None => Failure::new(Class::Platform, format!("{name} is not text"))
                    .hint("text attachments are shown here; open this one on the platform's page"),
            },
            Outcome::Refused { message, .. } => Failure::new(Class::Refused, format!("{name} was not handed out")).why(message),
            Outcome::SignIn(failure)
            | Outcome::Unreachable(failure)
            | Outcome::Unanswered(failure)
            | Outcome::Broken(failure) => failure,
            Outcome::Limited { until, message } => {
                self.limited(&id.source(), until, now);
                Failure::new(Class::Refused, "the platform asked to be left alone for a while").why(message)
            }
            Outcome::Same | Outcome::Unsupported => Failure::new(Class::Refused, "this source hands out no attachments"),
        };
        match asker {
            Some(asker) => effects.reply(asker, Err(failure)),
            None => {
                let text = Text::title(&format!("{name} could not be fetched: {failure}"));
                let hint = Text::title("it is fetched again when you open it from the brief");
                self.publish(What::Notice { text, hint }, now, effects);
            }
        }
    }
}

/// What is told when an attachment seems to want what no honest job wants.
fn scam_notice(id: &AssignmentId, found: &Found) -> What {
    let text = Text::title(&format!("{id} looks like a scam. {}", found.told()));
    What::Notice { text, hint: Text::title(found.sign.why()) }
}
