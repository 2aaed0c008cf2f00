//! What the model wants done, done: questions to the engine, words to the keeper, bytes to the terminal. Nothing is waited for.

use std::sync::Arc;

use super::app::App;
use super::message::{Asked, Effect, Message};
use super::widget::toast::{Toast, Tone};
use crate::engine::api::{Content, Request};
use crate::engine::went_away;
use crate::error::{Class, Failure};

impl App {
    pub(super) fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(asked, request) => match self.handle.try_send(request) {
                Some(answer) => {
                    self.pending += usize::from(!asked.listens());
                    let tell = self.tell.clone();
                    tokio::spawn(async move {
                        let result = answer.await.unwrap_or_else(|_| Err(went_away()));
                        let _ = tell.send(Message::Reply(asked, Box::new(result)));
                    });
                }
                None => {
                    self.pending += usize::from(!asked.listens());
                    let busy = Failure::new(Class::Busy, "the engine is busy").hint("press the key again");
                    let _ = self.tell.send(Message::Reply(asked, Box::new(Err(busy))));
                }
            },
            Effect::Keep { assignment, text, origins, cause } => self.keeper.edit(assignment, text, origins, cause),
            Effect::Files { assignment, files } => self.keeper.files(assignment, files),
            Effect::Hold { assignment, on } => self.keeper.hold(assignment, on),
            Effect::Upload { assignment, path } => {
                self.pending += 1;
                let (handle, tell) = (self.handle.clone(), self.tell.clone());
                tokio::spawn(async move {
                    let asked = Asked::AddFile(assignment.clone());
                    let name = path.clone();
                    let read = tokio::task::spawn_blocking(move || crate::engine::read_file(&name, Content::CAP)).await;
                    let gone = |why| Failure::new(Class::Internal, "the file could not be read").why(why);
                    let result = match read.map_err(gone).and_then(|read| read) {
                        Ok(bytes) => {
                            let content = Some(Content(bytes));
                            handle.ask(Request::AddFile { assignment, path, content }).await
                        }
                        Err(failure) => Err(failure),
                    };
                    let _ = tell.send(Message::Reply(asked, Box::new(result)));
                });
            }
            Effect::LoadPicture(want) => {
                self.pending += 1;
                let tell = self.tell.clone();
                tokio::spawn(async move {
                    let loaded = super::picture::load(&want).await.map(|loaded| loaded.map(Box::new));
                    let _ = tell.send(Message::Picture { key: Box::new(want.key), loaded });
                });
            }
            Effect::KeepPace(pace) => {
                self.pending += 1;
                let (config, tell) = (self.config.clone(), self.tell.clone());
                tokio::task::spawn_blocking(move || {
                    let kept = crate::config::save_pace(&config, pace);
                    let _ = tell.send(Message::PaceKept { pace, kept });
                });
            }
            Effect::Judge(judging) => {
                self.pending += 1;
                let tell = self.tell.clone();
                let (assignment, edits) = (judging.assignment.clone(), judging.edits);
                let judged = tokio::task::spawn_blocking(move || judging.findings());
                tokio::spawn(async move {
                    let findings = judged.await.unwrap_or_else(|_| crate::tui::pane::editor::Judging::broken());
                    let _ = tell.send(Message::Judged { assignment, edits, findings });
                });
            }
            Effect::Flush => {
                self.pending += 1;
                let (flushed, tell) = (self.keeper.flush(), self.tell.clone());
                tokio::spawn(async move {
                    let gone = || Err(Failure::new(Class::Internal, "the draft was not saved").hint("press the key again"));
                    let _ = tell.send(Message::Flushed(flushed.await.unwrap_or_else(|_| gone())));
                });
            }
            Effect::Clipboard(text) => {
                let now = (self.clock)();
                match self.far.clipboard(&text) {
                    Ok((bytes, words)) => {
                        self.outside.push(Effect::Terminal(bytes));
                        self.model.say(Toast::new(Tone::Plain, words, "", now));
                    }
                    Err(failure) => self.model.say(Toast::failure(&failure, now)),
                }
            }
            Effect::Notify(bundle) => {
                self.notified = self.notified.wrapping_add(1);
                self.speak(self.far.notification(&bundle, self.notified));
            }
            Effect::Own { own, assignment, input } if !own.terminal => {
                self.pending += 1;
                let tell = self.tell.clone();
                tokio::spawn(async move {
                    let result = crate::program::run(&own, input).await;
                    let _ = tell.send(Message::OwnEnded { own, assignment, result });
                });
            }
            Effect::ReadConfig => super::reload::read(Arc::clone(&self.config), self.tell.clone()),
            Effect::Title(unread) => self.speak(self.far.title(unread)),
            Effect::External { .. }
            | Effect::Own { .. }
            | Effect::Terminal(_)
            | Effect::Graphics(_)
            | Effect::Repaint
            | Effect::Suspend
            | Effect::Quit => {
                self.outside.push(effect);
            }
        }
    }
}
