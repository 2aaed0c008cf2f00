//! Answers of the engine, put where they belong.

use super::Update;
use crate::domain::Text;
use crate::domain::deliverable::Form;
use crate::domain::submission::{Submission, SubmissionState};
use crate::engine::api::{Decision, Known, Reply, Request, TriageDone};
use crate::error::{Class, Failure, Result};
use crate::tui::command::Command;
use crate::tui::message::{Agreed, Asked, Effect};
use crate::tui::model::{Focus, Overlay, Unknown};
use crate::tui::widget::confirm::Confirm;
use crate::tui::widget::countdown;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// An answer, or why there is none.
    pub(super) fn reply(&mut self, asked: Asked, result: Result<Reply>) {
        if matches!(asked, Asked::AddFile(_) | Asked::Poll | Asked::Keys(_) | Asked::Views | Asked::Named(_)) {
            self.settle(&asked);
        }
        if let Asked::Triage(id) = asked {
            return self.triage_answered(id, result);
        }
        let reply = match result {
            Ok(reply) => reply,
            Err(failure) => return self.refused(&asked, failure),
        };
        match (asked, reply) {
            (Asked::Group { act, key }, Reply::Keys { keys, .. }) => self.group_came(act, key, Ok(keys)),
            (Asked::GroupMark(key), Reply::Keys { keys, .. }) => self.group_marked(key, keys),
            (Asked::Keys(marking), Reply::Keys { keys, total }) => self.keys_came(marking, keys, total),
            (Asked::Views, Reply::Views { views }) => self.views(views),
            (Asked::Named(words), Reply::Views { views }) => self.named(views, &words),
            (Asked::Known, Reply::Known(known)) => self.known(known),
            (Asked::Block | Asked::Unblock, Reply::Triaged(done)) => self.blocked(&done),
            (Asked::Blocks, Reply::Blocks { blocks }) => {
                if let Some(Overlay::Blocks { list, at }) = &mut self.model.overlay {
                    *at = (*at).min(blocks.len().saturating_sub(1));
                    *list = Some(blocks);
                }
            }
            (Asked::Hides(text), Reply::Jobs { total, .. }) => self.hides_came(text, total),
            (Asked::Sightings, Reply::Sightings { sightings }) => {
                if let Some(Overlay::Sightings { list, .. }) = &mut self.model.overlay {
                    *list = Some(sightings);
                }
            }
            (Asked::Rules, Reply::Rules { rules }) => {
                if let Some(Overlay::Rules { list, .. }) = &mut self.model.overlay {
                    *list = Some(rules);
                }
            }
            (Asked::Why(key), Reply::Peek(peek)) => self.why_came(&key, Ok(peek)),
            (Asked::Copy(part, _), Reply::Peek(peek)) => self.copy_known(part, &peek),
            (Asked::Window { place, epoch }, Reply::Window(rows)) => self.rows(rows, place, epoch),
            (Asked::Brief(key), Reply::Job { job, marks }) => {
                if let Some(brief) = self.model.brief.as_mut().filter(|brief| brief.key == key) {
                    brief.job = Some((job, marks));
                    brief.failure = None;
                }
            }
            (Asked::AssistDesk(id), Reply::AssistDesk(desk)) => self.desk_came(&id, desk),
            (Asked::Assist { wish, .. }, Reply::Asking(asking)) => self.asking(asking, *wish),
            (Asked::Assist { assignment, wish }, Reply::Terms(terms)) => {
                let agreed = Agreed::Assist { assignment, wish, digest: terms.digest.clone() };
                self.model.overlay = Some(Overlay::Confirm(Confirm::new(&terms, "ask", agreed)));
            }
            (Asked::AssistText { .. }, Reply::Said(said)) => self.said(&said),
            (Asked::AssistStop, _) => {}
            (Asked::DecideAi(id), Reply::Done) => self.ai_decided(id),
            (Asked::Undo, Reply::Triaged(done)) => self.undone(&done.text, &done.changed),
            (Asked::ClaimTerms(key), Reply::Terms(terms)) => {
                let row = self.model.feed.rows.iter().find(|row| row.key == key);
                let title = row.map_or_else(|| Text::title(key.as_str()), |row| row.title.clone());
                let agreed = Agreed::Claim { key, title, terms: terms.clone() };
                self.model.overlay = Some(Overlay::Confirm(Confirm::new(&terms, "claim", agreed)));
            }
            (Asked::Claim { title, .. }, Reply::Assignment(view)) => {
                let id = view.assignment.id.clone();
                // Work that is a file has no text to type: keys that add or lay out the file come first there.
                let is_file = view.assignment.job.deliverable.form == Form::File;
                let typing = view.assignment.state.is_editable() && !is_file;
                let left = view.assignment.deadline.map(|at| format!(" · {} left", countdown::left(at, self.now)));
                self.assignment(*view);
                self.model.editor.select(&id);
                self.model.brief = None;
                self.focus(Focus::Hand);
                self.model.hand.typing = typing;
                let hint = if is_file {
                    let (add, lay) = (self.keymap.anywhere(Command::AddFile), self.keymap.anywhere(Command::Scaffold));
                    format!("{add} adds a file, {lay} lays one out")
                } else {
                    let submit = self.keymap.hint(crate::tui::keymap::Stack::Typing, Command::Submit);
                    format!("write; {submit} submits")
                };
                self.say(Tone::Good, format!("claimed: \"{title}\"{}", left.unwrap_or_default()), hint);
                self.model.feed.stale = true;
            }
            (Asked::Session, Reply::Session { session }) => self.session(session),
            (Asked::Hand, Reply::Hand(hand)) => self.hand(hand),
            (Asked::Assignment(_), Reply::Assignment(view)) => self.assignment(*view),
            (Asked::Scaffold(id), Reply::Scaffold(proposal)) => {
                self.scaffolded(id, proposal.text, proposal.files, &proposal.label);
            }
            (Asked::AddFile(id), Reply::Saved { draft, .. }) => {
                let names: Vec<&str> = draft.files.iter().map(|file| file.name.as_str()).collect();
                let told = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                self.say(Tone::Good, format!("files of this draft: {told}"), "");
                self.drafted(&id, *draft);
            }
            (Asked::PictureFiles(id), Reply::Saved { draft, .. }) => self.drafted(&id, *draft),
            (Asked::Picture { assignment, file, said }, Reply::Picture { file: new, told }) => {
                self.picture_edited(assignment, &file, &said, *new, &told);
            }
            // It is here: what is known of it is asked for.
            (Asked::Attachment(assignment), Reply::Job { .. }) => {
                self.ask(Asked::Attachments(assignment.clone()), Request::Attachments { assignment });
            }
            (Asked::Grade { assignment, fetched }, Reply::Attachments { items }) => {
                self.grading_texts(assignment, fetched, &items)
            }
            (Asked::GradeFetch { assignment, fetched }, Reply::Job { .. }) => {
                self.ask(Asked::Grade { assignment: assignment.clone(), fetched }, Request::Attachments { assignment });
            }
            (Asked::Attachments(id), Reply::Attachments { items }) => {
                let effects = self.model.editor.attachments(&id, items);
                self.editor(effects);
            }
            (Asked::Check(id), Reply::Checked { findings, passes }) => self.checked(&id, findings, passes),
            (Asked::SubmitTerms(assignment), Reply::Terms(terms)) => {
                let digest = terms.digest.clone();
                let (yes, agreed) = match terms.word.is_empty() {
                    true => ("submit", Agreed::Submit { assignment, digest }),
                    false => ("type the word", Agreed::Override { assignment, digest, word: terms.word.clone() }),
                };
                self.model.overlay = Some(Overlay::Confirm(Confirm::new(&terms, yes, agreed)));
            }
            (Asked::Submit(id), Reply::Assignment(view)) => {
                let title = self.title_of(&id);
                self.assignment(*view);
                self.say(Tone::Plain, format!("in the outbox, safe from now on: \"{title}\""), "");
                self.ask(Asked::Outbox, Request::Outbox);
            }
            (Asked::Release(id), Reply::Assignment(view)) => {
                let title = self.title_of(&id);
                self.assignment(*view);
                self.say(Tone::Plain, format!("given back: \"{title}\""), "");
                self.model.feed.stale = true;
            }
            (Asked::Resolve(decision), Reply::Assignment(view)) => {
                self.plain(match decision {
                    Decision::Read => format!("the platform says: {}", view.assignment.state.word()),
                    Decision::SendAgain => "sending the same text again".to_owned(),
                    Decision::Withdraw => "called off; the draft can be changed again".to_owned(),
                });
                self.assignment(*view);
                self.ask(Asked::Outbox, Request::Outbox);
            }
            (Asked::Outbox, Reply::Outbox { submissions }) => self.outbox(submissions),
            (Asked::Earnings, Reply::Earnings(earnings)) => self.model.earnings = Some(earnings),
            (Asked::Sources | Asked::Poll, Reply::Sources { sources }) => {
                self.model.sources = sources;
                self.model.sources_loaded = true;
            }
            (Asked::Store, Reply::Store(store)) => {
                for text in &store.mended {
                    self.say(Tone::Warn, format!("the store: {text}"), "`juggler store verify` looks again");
                }
                self.model.saving = store.failing;
            }
            (Asked::Peek, Reply::Peek(peek)) => self.model.feed.peeked = Some(peek),
            (Asked::Own(n), Reply::Job { job, .. }) => self.own_job(n, &job),
            (Asked::Reload, Reply::Reloaded { changed, later }) => self.reloaded(&changed, &later),
            (Asked::Spent | Asked::Seen | Asked::Peek | Asked::Session | Asked::KeepSession, _) => {}
            (Asked::Waiting, Reply::Assignments { assignments }) => self.waiting(assignments),
            // An engine that does not know the question.
            (Asked::Waiting | Asked::Store, _) => {}
            (Asked::Views | Asked::Known | Asked::Present | Asked::AlertsSeen | Asked::Hides(_), _) => {}
            (asked, _) => {
                let failure = Failure::new(Class::Internal, "the engine gave an answer that does not fit the question");
                self.refused(&asked, failure);
            }
        }
    }

    /// An act of triage was carried out, or not.
    fn triage_answered(&mut self, id: u64, result: Result<Reply>) {
        if result.as_ref().is_err_and(|failure| failure.class == Class::Unknown) {
            // Its engine went away. Doing it twice is doing it once, so the next one is asked again.
            let act = self.model.feed.local.iter().find(|act| act.id == id).cloned();
            return self.model.queued.extend(act);
        }
        let act = self.model.feed.settled(id);
        self.model.feed.stale = true;
        match result {
            Ok(Reply::Triaged(done)) => self.triaged(&done),
            Ok(_) => {
                let failure = Failure::new(Class::Internal, "the engine gave an answer that does not fit the question");
                self.untriaged(act, &failure);
            }
            Err(failure) => self.untriaged(act, &failure),
        }
    }

    /// A block was made or lifted.
    fn blocked(&mut self, done: &TriageDone) {
        let list = self.key(Command::Blocks);
        self.say(Tone::Plain, done.text.as_str(), format!("{list} lists the blocks"));
        self.model.feed.stale = true;
        self.model.views_stale = true;
        if matches!(self.model.overlay, Some(Overlay::Blocks { .. })) {
            self.ask(Asked::Blocks, Request::Blocks);
        }
    }

    /// Words for completions came while a line may be open.
    fn known(&mut self, known: Known) {
        if let Some(Overlay::Prompt { field, line, .. }) = &mut self.model.overlay
            && line.at.is_none()
            && !line.is_recalling()
            && !line.offers.is_empty()
        {
            line.typed(field, Some(&known));
        }
        self.model.known = Some(known);
    }

    /// What a question changed while it was open is put back, however it ended.
    fn settle(&mut self, asked: &Asked) {
        match asked {
            Asked::AddFile(assignment) | Asked::PictureFiles(assignment) => {
                self.out.push(Effect::Hold { assignment: assignment.clone(), on: false })
            }
            Asked::Poll => self.model.polling = self.model.polling.saturating_sub(1),
            Asked::Keys(_) => self.model.keys_asking = false,
            Asked::Views | Asked::Named(_) => self.model.views_asking = false,
            _ => {}
        }
    }

    fn refused(&mut self, asked: &Asked, failure: Failure) {
        match asked {
            Asked::Window { .. } => {
                self.model.feed.asking = false;
                self.model.feed.again = false;
                self.model.feed.ahead = None;
                self.model.feed.failure = Some(failure);
            }
            Asked::Brief(key) => {
                if let Some(brief) = self.model.brief.as_mut().filter(|brief| brief.key == *key) {
                    brief.failure = Some(failure);
                }
            }
            Asked::Group { act, key } => self.group_came(*act, key.clone(), Err(failure)),
            Asked::Why(key) => self.why_came(key, Err(failure)),
            Asked::Attachment(id) => {
                self.model.editor.not_fetched(id);
                self.failed(&failure);
            }
            Asked::AssistText { column, .. } => self.unsaid(&column.clone(), &failure),
            // It was over before it was stopped.
            Asked::AssistStop => {}
            Asked::AssistDesk(_) => {
                self.model.overlay = None;
                self.failed(&failure);
            }
            Asked::Reload => self.not_reloaded(failure),
            Asked::Sightings | Asked::Rules | Asked::Blocks => {
                self.model.overlay = None;
                self.failed(&failure);
            }
            // Background questions are asked again with the next event; what is shown stays.
            Asked::Hand
            | Asked::Outbox
            | Asked::Sources
            | Asked::Earnings
            | Asked::Spent
            | Asked::Session
            | Asked::KeepSession
            | Asked::Seen
            | Asked::Waiting
            | Asked::Peek
            | Asked::Views
            | Asked::Known
            | Asked::Present
            | Asked::AlertsSeen
            | Asked::Hides(_)
            | Asked::Store => {}
            Asked::Claim { title, .. } => {
                let failure = Failure { what: format!("not claimed: \"{title}\" · {}", failure.what), ..failure };
                self.failed(&failure);
                self.model.feed.stale = true;
            }
            _ => self.failed(&failure),
        }
    }

    fn checked(&mut self, id: &crate::domain::AssignmentId, findings: Vec<crate::domain::check::Finding>, passes: bool) {
        let fails = findings.iter().filter(|f| f.verdict == crate::domain::check::Verdict::Fail).count();
        if let Some(item) = self.model.hand.items.iter_mut().find(|item| item.assignment.id == *id) {
            item.findings = findings;
            let view = item.clone();
            self.model.editor.refresh(view);
        }
        let submit = self.key(Command::Submit);
        if passes {
            self.say(Tone::Good, "every check passes", format!("{submit} submits"));
        } else {
            self.say(Tone::Warn, format!("{fails} of the checks fail"), "the list beside the draft says what to change");
        }
    }

    fn outbox(&mut self, submissions: Vec<Submission>) {
        self.model.outbox = submissions.iter().map(|s| s.assignment.clone()).collect();
        self.model.unknown = submissions
            .into_iter()
            .filter(|submission| submission.state == SubmissionState::Unknown)
            .map(|submission| {
                let label = |text: &str| Text::title(text);
                let mut evidence = vec![
                    (label("Key"), Text::title(submission.id.as_str())),
                    (label("Text's hash"), Text::title(&submission.body_hash)),
                    (label("Made safe"), label(&countdown::clock(submission.queued_at))),
                ];
                if let Some(at) = submission.sent_at {
                    evidence
                        .push((label("Last sent"), label(&format!("{}, {} time(s)", countdown::clock(at), submission.sends))));
                }
                if !submission.note.is_empty() {
                    evidence.push((label("Known"), submission.note.clone()));
                }
                (submission.id, Unknown { assignment: submission.assignment, evidence })
            })
            .collect();
    }
}
