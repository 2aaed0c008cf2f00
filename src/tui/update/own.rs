//! The person's own commands: handed what is under the cursor, and what they say is shown or is the draft.

use super::Update;
use crate::config::OwnCommand;
use crate::config::section::command::{OwnInput, OwnOutput};
use crate::domain::draft::Cause;
use crate::domain::{AssignmentId, Job, Origin, Text};
use crate::engine::api::Request;
use crate::error::Result;
use crate::program;
use crate::tui::command::Command;
use crate::tui::keymap::Stack;
use crate::tui::message::{Asked, Effect};
use crate::tui::model::{Focus, Overlay};
use crate::tui::pane::editor::EditorInput;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// Begins one of the person's own commands.
    pub(super) fn own(&mut self, command: Command) {
        let Some(n) = command.own() else { return };
        let Some(own) = self.config.commands.get(n).cloned() else {
            return self.say(Tone::Warn, "there is no such command in the config", "[[command]] makes one");
        };
        let here = match self.model.stack() {
            Stack::Brief => "brief",
            _ if self.model.focus == Focus::Hand => "hand",
            _ if self.model.focus == Focus::Feed => "feed",
            _ => "",
        };
        if own.at.iter().all(|place| place.word() != here) {
            let places: Vec<&str> = own.at.iter().map(|place| place.word()).collect();
            return self.say(
                Tone::Warn,
                format!("{} cannot be used here", own.name),
                format!("it is for: {}", places.join(", ")),
            );
        }
        if here != "hand" {
            let Some(key) = self.model.feed.row().map(|row| row.key.clone()) else {
                return self.plain("no job is under the cursor");
            };
            return self.ask(Asked::Own(n), Request::Job { key });
        }
        let Some(view) = self.model.selected().cloned() else { return self.plain("nothing is in hand") };
        let id = view.assignment.id.clone();
        if own.output == OwnOutput::Draft && !view.assignment.state.is_editable() {
            return self.say(Tone::Warn, "this draft cannot be changed now", "");
        }
        let input = match own.input {
            OwnInput::Job => program::job(&own.name, &view.assignment.job),
            OwnInput::Assignment => program::assignment(&own.name, &view),
            OwnInput::Draft => {
                let saved = view.draft.as_ref().map(|draft| draft.text.clone());
                let text = self.model.editor.text(&id).or(saved).unwrap_or_default();
                program::draft(&own.name, &view, text.as_str(), view.draft.as_ref())
            }
        };
        self.run_own(own, Some(id), input);
    }

    /// The whole job that a command waits for came.
    pub(super) fn own_job(&mut self, n: usize, job: &Job) {
        if let Some(own) = self.config.commands.get(n).cloned() {
            let input = program::job(&own.name, job);
            self.run_own(own, None, input);
        }
    }

    fn run_own(&mut self, own: OwnCommand, assignment: Option<AssignmentId>, input: String) {
        if !own.terminal {
            self.plain(format!("{} is running …", own.name));
        }
        self.out.push(Effect::Own { own: Box::new(own), assignment, input });
    }

    /// It ended.
    pub(super) fn own_ended(&mut self, own: &OwnCommand, assignment: Option<AssignmentId>, result: Result<Text>) {
        let said = match result {
            Ok(said) => said,
            Err(failure) => return self.failed(&failure),
        };
        match (own.output, assignment) {
            (OwnOutput::Draft, Some(assignment)) if said.as_str().trim().is_empty() => {
                self.say(Tone::Warn, format!("{} said nothing; the draft is as it was", own.name), "");
                drop(assignment);
            }
            (OwnOutput::Draft, Some(assignment)) => {
                let label = format!("what {} made of it", own.name);
                let insert =
                    EditorInput::Insert { assignment, text: said, origin: Origin::External, cause: Cause::Program, label };
                let effects = self.model.editor.input(insert, self.now);
                self.editor(effects);
                self.say(Tone::Good, format!("{} changed the draft", own.name), "undo takes it back");
            }
            (OwnOutput::Show, _) if said.as_str().trim().is_empty() => {
                self.plain(format!("{} ended well and said nothing", own.name))
            }
            (OwnOutput::Show, _) => {
                self.model.overlay = Some(Overlay::Output { title: own.name.clone(), text: said, scroll: 0 });
            }
            _ => self.say(Tone::Good, format!("{} ended well", own.name), ""),
        }
    }
}
