//! What each request leads to.

use super::drafts::Version;
use super::{Purpose, State, Then};
use crate::domain::check::passes;
use crate::domain::{JobKey, Record, Time};
use crate::engine::api::{Reply, Request};
use crate::engine::drawing::Use;
use crate::engine::effect::{Asker, Call, Effect, Effects};
use crate::engine::painting::Bringing;
use crate::error::{Class, Failure, Result};

/// Most jobs in one answer.
const JOBS_CAP: usize = 10_000;

impl State {
    pub(super) fn answer(&mut self, asker: Asker, request: Request, now: Time, effects: &mut Effects) {
        match request {
            Request::Window { view, anchor, height, margin } => {
                self.ask_window(asker, view, anchor, height, margin, now, effects);
            }
            Request::Jobs { view, limit } => self.ask_jobs(asker, view, limit.min(JOBS_CAP), now, effects),
            Request::Job { key } => self.show_job(asker, key, now, effects),
            Request::Peek { key } => effects.reply(asker, self.peek(&key, now)),
            Request::Views => effects.reply(asker, Ok(self.view_counts())),
            Request::SaveView { view } => self.save_view(asker, view, effects),
            Request::DropView { name } => self.drop_view(asker, name, effects),
            Request::Known => effects.reply(asker, Ok(Reply::Known(self.known()))),
            Request::Group { view, key } => {
                let keys = self.group(&view, &key);
                effects.reply(asker, Ok(keys));
            }
            Request::Keys { view } => self.ask_keys(asker, view, super::views::KEYS_CAP, now, effects),
            Request::Present => {
                self.last_key = Some(now);
                effects.reply(asker, Ok(Reply::Done));
            }
            Request::AlertsSeen => {
                self.alerts_seen(now, effects);
                effects.reply(asker, Ok(Reply::Done));
            }
            Request::Block { block } => self.block(asker, block, now, effects),
            Request::Unblock { id } => self.unblock(asker, id, now, effects),
            Request::Blocks => effects.reply(asker, Ok(self.block_views(now))),
            Request::Sightings { limit } => {
                let sightings = self.latest_sightings(limit);
                effects.reply(asker, Ok(Reply::Sightings { sightings }));
            }
            Request::Rules => effects.reply(asker, Ok(self.rule_views(now))),
            Request::TryRule { rule, since } => self.try_rule(asker, &rule, since, now, effects),
            Request::Triage { keys, verdict } => self.triage(asker, keys, verdict, now, effects),
            Request::Undo => self.undo(asker, now, effects),
            Request::Redo => self.redo(asker, now, effects),
            Request::ClaimTerms { key } => self.ask_claim_terms(asker, key, now, effects),
            Request::Claim { key, agreed } => self.claim(asker, key, &agreed, now, effects),
            Request::Release { assignment } => self.release(asker, &assignment, now, effects),
            Request::Hand => effects.reply(asker, Ok(Reply::Hand(self.hand(now)))),
            Request::Assignments => {
                let assignments = self.assignments(now);
                effects.reply(asker, Ok(Reply::Assignments { assignments }));
            }
            Request::Waiting => {
                let assignments = self.waiting(now);
                effects.reply(asker, Ok(Reply::Assignments { assignments }));
            }
            Request::Assignment { id } => {
                let view = self.view_of(&id, now).map(|view| Reply::Assignment(Box::new(view)));
                effects.reply(asker, view);
            }
            Request::Attachments { assignment } => self.attachments(asker, &assignment, effects),
            Request::Attachment { assignment, name, anew } => {
                self.attachment(asker, &assignment, &name, anew, now, effects);
            }
            Request::Versions { assignment } => {
                let versions = self.versions_of(&assignment);
                effects.reply(asker, versions);
            }
            Request::SaveDraft { assignment, text, files, cause, origins } => {
                let origins = self.origins_of(&assignment, &text, cause, origins);
                self.save_draft(asker, &assignment, Version { text, files, cause, origins }, now, effects);
            }
            Request::AddFile { assignment, path, content } => match self.editable(&assignment) {
                Ok(_) => effects.push(Effect::KeepFile { asker, assignment, path, content }),
                Err(failure) => effects.reply(asker, Err(failure)),
            },
            Request::EditPicture { assignment, file, edits } => match self.picture_of(&assignment, &file) {
                Ok(file) => effects.push(Effect::EditPicture { asker, file, edits }),
                Err(failure) => effects.reply(asker, Err(failure)),
            },
            Request::Scaffold { assignment } => match self.editable(&assignment) {
                Ok(found) => {
                    let sourced = self.sourced(found);
                    effects.push(Effect::LayOut { asker, sourced });
                }
                Err(failure) => effects.reply(asker, Err(failure)),
            },
            Request::Check { assignment } => {
                let checked = self
                    .view_of(&assignment, now)
                    .map(|view| Reply::Checked { passes: passes(&view.findings) && !view.checking, findings: view.findings });
                effects.reply(asker, checked);
            }
            Request::SubmitTerms { assignment } => {
                let terms = self.assignment(&assignment).and_then(|found| self.submit_terms(found, now)).map(Reply::Terms);
                effects.reply(asker, terms);
            }
            Request::Submit { assignment, agreed, word } => self.submit(asker, &assignment, (&agreed, &word), now, effects),
            Request::Resolve { submission, decision } => self.resolve(asker, &submission, decision, now, effects),
            Request::Outbox => {
                let submissions = self.open_submissions().cloned().collect();
                effects.reply(asker, Ok(Reply::Outbox { submissions }));
            }
            Request::AssistDesk { assignment } => self.assist_desk(asker, &assignment, now, effects),
            Request::Assist { assignment, wish, agreed } => self.assist(asker, &assignment, wish, agreed, effects),
            Request::AssistText { column, edition, seen } => self.assist_text(asker, &column, edition, seen, effects),
            Request::AssistStop { column } => self.assist_stop(asker, &column, now, effects),
            Request::DecideAi { job, rule, everywhere } => self.decide_ai(asker, &job, rule, everywhere, now, effects),
            Request::Studio { assignment } => {
                let studio = self.studio(&assignment, now).map(|studio| Reply::Studio(Box::new(studio)));
                effects.reply(asker, studio);
            }
            Request::Easels => {
                let works = self.open_works(now);
                effects.reply(asker, Ok(Reply::Works { works }));
            }
            Request::Paint { assignment, wish, agreed } => {
                self.order_art(asker, &assignment, *wish, Use::Order { agreed }, effects);
            }
            Request::ArtPrompt { assignment, wish, tool } => {
                let for_what = tool.map_or(Use::Show, |tool| Use::Sheet { tool });
                self.order_art(asker, &assignment, *wish, for_what, effects);
            }
            Request::PaintStop { call } => self.stop_art(asker, &call, now, effects),
            Request::PaintLook { call } => self.look_for_art(asker, &call, now, effects),
            Request::PaintTake { call, picture } => self.take_art(asker, &call, picture, now, effects),
            Request::PaintDrop { call, picture } => self.drop_art(asker, &call, picture, now, effects),
            Request::PaintBring { assignment, tool, path, content } => match self.editable(&assignment) {
                Ok(_) => {
                    let asker = Some(asker);
                    effects.push(Effect::BringArt(Bringing { asker, assignment, tool, path, content }));
                }
                Err(failure) => effects.reply(asker, Err(failure)),
            },
            Request::Earnings => effects.reply(asker, Ok(Reply::Earnings(self.earnings(now)))),
            Request::Sources => {
                let sources = self.healths(now);
                effects.reply(asker, Ok(Reply::Sources { sources }));
            }
            Request::Poll { source } => self.poll(asker, source.as_ref(), now, effects),
            Request::Events { limit } => {
                let events = self.log.iter().rev().take(limit).rev().cloned().collect();
                effects.reply(asker, Ok(Reply::Events { events }));
            }
            Request::Spent { spans } => {
                let records: Vec<Record> =
                    spans.into_iter().filter(|s| s.seconds > 0).map(|span| Record::Worked { span }).collect();
                if records.is_empty() {
                    effects.reply(asker, Ok(Reply::Done));
                } else if let Err(failure) = self.record_act(records, Then::Done { asker }, now, effects) {
                    effects.reply(asker, Err(failure));
                }
            }
            Request::Session => {
                self.entered(now);
                effects.push(Effect::Session { asker });
            }
            Request::KeepSession { session } => effects.push(Effect::KeepSession { asker, session }),
            Request::Reload => self.reload(asker, effects),
            Request::Store => effects.push(Effect::Store { asker, failing: self.failing.clone() }),
            Request::Verify => effects.push(Effect::Verify { asker }),
            Request::Backup { to } => effects.push(Effect::Backup { asker, to }),
        }
    }

    /// What opening had to mend, and where the store is.
    pub fn store_facts(&self) -> (std::path::PathBuf, Vec<crate::domain::Text>, usize) {
        (self.store_path.clone(), self.mended.clone(), self.feed.len())
    }

    fn show_job(&mut self, asker: Asker, key: JobKey, now: Time, effects: &mut Effects) {
        let reply = match self.job(&key) {
            Err(failure) => Err(failure),
            Ok(job) if job.detailed => Ok(self.shown(&key)),
            Ok(_) => match self.ready(&key.source(), now) {
                Ok(_) => {
                    let purpose = Purpose::ShowJob { asker, key: key.clone() };
                    return self.call(&key.source(), Call::Job { key }, purpose);
                }
                // The listing is better than nothing.
                Err(_) => Ok(self.shown(&key)),
            },
        };
        effects.reply(asker, reply.and_then(|shown| shown));
    }

    pub(super) fn shown(&self, key: &JobKey) -> Result<Reply> {
        let mut job = Box::new(self.job(key)?.clone());
        job.found = self.signs_of(&job);
        Ok(Reply::Job { job, marks: self.book.marks(key) })
    }

    /// A job of the feed, or as it was when I claimed it.
    pub(super) fn job(&self, key: &JobKey) -> Result<&crate::domain::Job> {
        self.wholes.get(key).or_else(|| self.book.assignment_of(key).map(|a| &a.job)).ok_or_else(|| self.unknown_job(key))
    }

    /// Why a job is not known; when the whole feed is missing because the disk failed, that is why.
    pub(super) fn unknown_job(&self, key: &JobKey) -> Failure {
        match self.mended.first().filter(|_| self.feed.is_empty()) {
            Some(trouble) => Failure::new(Class::Store, format!("the feed with the job {key} could not be read"))
                .why(trouble)
                .hint("look at the disk (is it full?), then do it again; juggler jobs --poll fetches the feed anew"),
            None => Failure::new(Class::NotFound, format!("there is no job {key} in the feed"))
                .hint("`juggler jobs` lists what is there"),
        }
    }
}
