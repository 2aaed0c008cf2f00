//! Attachments: where they are, fetching them when a person asks, and the texts of what is in hand.

use std::collections::HashMap;

use super::{Purpose, State};
use crate::domain::shield::Found;
use crate::domain::{Assignment, AssignmentId, Job, Record, Text, Time};
use crate::engine::api::{AttachmentView, Request, What};
use crate::engine::attachments::{Attached, Sourced};
use crate::engine::effect::{Asker, Call, Effect, Effects, TextsFor};
use crate::error::{Class, Failure};
use crate::platforms::{Answer, Outcome};

/// Texts of the attachments of what is in hand. Checks look at them with every save; all else reads the files.
#[derive(Default)]
pub(super) struct Texts {
    known: HashMap<AssignmentId, Vec<(Text, Text)>>,
    /// Being read.
    reading: usize,
    /// The hand is to be gone through.
    pub stale: bool,
    /// Who asked for what they decide, and waits for them.
    waiting: Vec<(Asker, Request)>,
}

impl Texts {
    /// Those of the whole hand are to be read.
    pub fn wanted() -> Texts {
        Texts { stale: true, ..Texts::default() }
    }

    /// It was read from a file, and can be again.
    pub fn is_read(&self, id: &AssignmentId, name: &Text) -> bool {
        self.known.get(id).is_some_and(|texts| texts.iter().any(|(known, _)| known == name))
    }
}

impl State {
    /// An assignment's job, with the texts of its attachments while it is in hand.
    pub(super) fn job_of(&self, assignment: &Assignment) -> Job {
        let mut job = self.book.job_of(assignment);
        for (name, text) in self.texts.known.get(&assignment.id).into_iter().flatten() {
            if let Some(attachment) = job.attachments.iter_mut().find(|attachment| attachment.name == *name) {
                attachment.text = Some(text.clone());
            }
        }
        job
    }

    /// What is needed to read the texts of an assignment's attachments.
    pub(super) fn sourced(&self, assignment: &Assignment) -> Sourced {
        let kept = self.book.kept_of(&assignment.id).map(|(name, file)| (name.clone(), file.clone())).collect();
        Sourced { assignment: assignment.id.clone(), job: Box::new(self.book.job_of(assignment)), kept }
    }

    /// Reads the texts of what came into the hand, and forgets those of what left it.
    pub(super) fn keep_texts(&mut self, effects: &mut Effects) {
        if !std::mem::take(&mut self.texts.stale) {
            return;
        }
        let assignments = &self.book.assignments;
        self.texts.known.retain(|id, _| assignments.get(id).is_some_and(|mine| mine.state.is_in_hand()));
        let wanted: Vec<Sourced> = assignments
            .values()
            .filter(|mine| mine.state.is_in_hand() && !self.texts.known.contains_key(&mine.id))
            .filter(|mine| self.book.kept_of(&mine.id).next().is_some())
            .map(|mine| self.sourced(mine))
            .collect();
        for sourced in wanted {
            self.texts.known.insert(sourced.assignment.clone(), Vec::new());
            self.texts.reading += 1;
            effects.push(Effect::ReadTexts { sourced, wanted: TextsFor::Checks });
        }
    }

    pub(super) fn texts_read(&mut self, id: AssignmentId, texts: Vec<(Text, Text)>, now: Time, effects: &mut Effects) {
        self.texts.reading = self.texts.reading.saturating_sub(1);
        if let Some(known) = self.texts.known.get_mut(&id) {
            // What was fetched meanwhile is newer.
            let new = texts.into_iter().filter(|(name, _)| !known.iter().any(|(known, _)| known == name)).collect::<Vec<_>>();
            known.extend(new);
        }
        if self.texts.reading == 0 {
            for (asker, request) in std::mem::take(&mut self.texts.waiting) {
                self.ask_with_findings(asker, request, now, effects);
            }
        }
    }

    /// Whether a request has to wait until texts are read: it asks for what checks say, or for what a model is handed.
    pub(super) fn waits_for_texts(&mut self, asker: Asker, request: &Request) -> bool {
        let judged = matches!(
            request,
            Request::Check { .. }
                | Request::SubmitTerms { .. }
                | Request::Submit { .. }
                | Request::Assist { .. }
                | Request::AssistDesk { .. }
                | Request::Assignment { .. }
                | Request::Hand
                | Request::Assignments
        );
        let waits = judged && self.texts.reading > 0;
        if waits {
            self.texts.waiting.push((asker, request.clone()));
        }
        waits
    }

    /// What is known of an assignment's attachments; their texts are put in beside the steps.
    pub(super) fn attachments(&mut self, asker: Asker, id: &AssignmentId, effects: &mut Effects) {
        let assignment = match self.assignment(id) {
            Ok(assignment) => assignment,
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        let sourced = self.sourced(assignment);
        let base = self.sources.get(&id.source()).and_then(|source| source.base.as_ref());
        let view = |attachment: &crate::domain::job::Attachment| {
            let place = attachment.url.as_ref().zip(base).map(|(url, base)| base.resolve(url.as_str()));
            let (host, own, trouble) = match (&place, attachment.text.is_some()) {
                (Some(Ok(place)), _) => (place.origin(), base.is_some_and(|base| base.same_origin(place)), String::new()),
                (_, true) => Default::default(),
                (Some(Err(why)), _) => (String::new(), false, format!("its address cannot be used: {why}")),
                (None, _) => (String::new(), false, "the platform gave no address for it".to_owned()),
            };
            AttachmentView {
                name: attachment.name.clone(),
                mime: attachment.mime.clone(),
                size: attachment.size,
                host: Text::title(&host),
                own,
                kept: sourced.kept.iter().find(|(name, _)| *name == attachment.name).map(|(_, file)| file.clone()),
                text: attachment.text.clone(),
                trouble: Text::title(&trouble),
            }
        };
        let items = sourced.job.attachments.iter().map(view).collect();
        effects.push(Effect::ReadTexts { sourced, wanted: TextsFor::Views { asker, items } });
    }

    /// The job with its texts, the attachment fetched if it is not here, or if it is wanted anew.
    pub(super) fn attachment(
        &mut self,
        asker: Asker,
        id: &AssignmentId,
        name: &Text,
        anew: bool,
        now: Time,
        effects: &mut Effects,
    ) {
        let found = self.assignment(id).and_then(|assignment| {
            let attachment = assignment.job.attachments.iter().find(|attachment| attachment.name == *name);
            let missing = || Failure::new(Class::NotFound, format!("there is no attachment called {name}"));
            Ok((self.sourced(assignment), attachment.cloned().ok_or_else(missing)?))
        });
        let (sourced, attachment) = match found {
            Ok(found) => found,
            Err(failure) => return effects.reply(asker, Err(failure)),
        };
        let here = sourced.job.attachments.iter().any(|a| a.name == *name && a.text.is_some())
            || sourced.kept.iter().any(|(kept, _)| kept == name);
        if here && !(anew && attachment.url.is_some()) {
            let marks = self.book.marks(&sourced.job.key);
            return effects.push(Effect::ReadTexts { sourced, wanted: TextsFor::Job { asker, marks } });
        }
        match (attachment.url, self.ready(&id.source(), now)) {
            (Some(url), Ok(_)) => {
                let call = Call::Attachment { assignment: id.clone(), name: name.clone(), url };
                let purpose = Purpose::Attachment { asker: Some(asker), assignment: id.clone(), name: name.clone() };
                self.call(&id.source(), call, purpose);
            }
            (_, Err(failure)) => effects.reply(asker, Err(failure)),
            (None, _) => effects.reply(asker, Err(Failure::new(Class::NotFound, "the platform gave no address for it"))),
        }
    }

    /// Attachments that come with a claim of the person's: those at the source itself, which the terms named. All others wait for a key.
    pub(super) fn with_claim<'a>(&'a self, job: &'a Job) -> impl Iterator<Item = (&'a Text, &'a Text)> {
        let base = self.sources.get(&job.key.source()).and_then(|source| source.base.as_ref());
        job.attachments
            .iter()
            .filter(|a| a.text.is_none() && is_read(a.mime.as_str()))
            .filter_map(|a| Some((&a.name, a.url.as_ref()?)))
            .filter(move |(_, url)| base.is_some_and(|b| b.resolve(url.as_str()).is_ok_and(|place| b.same_origin(&place))))
    }

    /// Fetches them.
    pub(super) fn fetch_with_claim(&mut self, id: &AssignmentId) {
        let Some(assignment) = self.book.assignments.get(id) else { return };
        let wanted: Vec<(Text, Text)> = self.with_claim(&assignment.job).map(|(name, url)| (name.clone(), url.clone())).collect();
        for (name, url) in wanted {
            let call = Call::Attachment { assignment: id.clone(), name: name.clone(), url };
            self.call(&id.source(), call, Purpose::Attachment { asker: None, assignment: id.clone(), name });
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
            Outcome::Done(attached) => {
                self.attached(id, name, attached, now, effects);
                if let Some(asker) = asker {
                    self.attachment(asker, id, name, false, now, effects);
                }
                return;
            }
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

    /// It is durable: the record may name it.
    fn attached(&mut self, id: &AssignmentId, name: &Text, attached: Attached, now: Time, effects: &mut Effects) {
        let Attached { file, text, found } = attached;
        let in_hand = self.book.assignments.get(id).is_some_and(|mine| mine.state.is_in_hand());
        if let Some(text) = text.filter(|_| in_hand) {
            let known = self.texts.known.entry(id.clone()).or_default();
            known.retain(|(known, _)| known != name);
            known.push((name.clone(), text));
        }
        let known = self.book.attached_signs.get(id).map(Vec::as_slice).unwrap_or_default();
        let warnings: Vec<What> =
            found.iter().filter(|found| !known.contains(found)).map(|found| scam_notice(id, found)).collect();
        let (assignment, name) = (id.clone(), name.clone());
        let record = Record::Attached { assignment, name, text: Text::default(), file: Some(Box::new(file)), found };
        let events = self.assignment_event(id).into_iter().chain(warnings).collect();
        self.record_facts(vec![record], events, now, effects);
    }
}

/// Whether the text of such a file can be read.
fn is_read(mime: &str) -> bool {
    let kind = mime.split(';').next().unwrap_or_default().trim();
    kind.starts_with("text/") || kind == "application/pdf" || kind.ends_with("wordprocessingml.document")
}

/// What is told when an attachment seems to want what no honest job wants.
fn scam_notice(id: &AssignmentId, found: &Found) -> What {
    let text = Text::title(&format!("{id} looks like a scam. {}", found.told()));
    What::Notice { text, hint: Text::title(found.sign.why()) }
}
