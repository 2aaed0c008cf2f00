//! The hand: tabs of the editor, saving, checking, submitting, giving back.

use super::Update;
use super::files::joined;
use crate::domain::draft::{Cause, Draft, FileItem};
use crate::domain::{AssignmentId, Origin, Text};
use crate::engine::api::{AssignmentView, HandView, Request};
use crate::error::{Class, Failure, Result};
use crate::tui::command::Command;
use crate::tui::message::{Agreed, Asked, Effect};
use crate::tui::model::{Focus, Overlay, Prompt};
use crate::tui::pane::editor::{EditorEffect, EditorInput};
use crate::tui::widget::confirm::{Act, Choice, Confirm};
use crate::tui::widget::toast::Tone;

/// Titles remembered of what left the hand: its news come a moment later, by id.
const LEFT: usize = 64;

impl Update<'_> {
    /// The hand as it now is: tabs open and close with it, what is being typed stays.
    pub(super) fn hand(&mut self, hand: HandView) {
        for item in &hand.items {
            self.model.feed.own(&item.assignment.job.key, item.assignment.state);
            self.files_of(item);
            self.tab(item);
        }
        let ids: Vec<AssignmentId> = hand.items.iter().map(|item| item.assignment.id.clone()).collect();
        for tab in self.model.editor.tabs() {
            if !ids.contains(&tab.id) {
                self.model.editor.close(&tab.id);
            }
        }
        self.model.editor.order(&ids);
        self.model.editor.overcommitted(hand.overcommitted);
        self.model.hand.items = hand.items;
        self.model.hand.overcommitted = hand.overcommitted;
        self.model.hand.loaded = true;
        self.model.resume_hand();
        if self.model.hand.items.is_empty() {
            self.model.hand.typing = false;
        }
    }

    /// What waits for others, as it now is.
    pub(super) fn waiting(&mut self, waiting: Vec<AssignmentView>) {
        for item in &waiting {
            self.model.feed.own(&item.assignment.job.key, item.assignment.state);
        }
        self.model.hand.waiting = waiting;
    }

    pub(super) fn open_waiting(&mut self) {
        self.ask(Asked::Waiting, Request::Waiting);
        self.model.overlay = Some(Overlay::Waiting { at: 0, scroll: 0 });
    }

    /// Says each deadline's warnings once: at a half, a fifth and a twentieth of its time.
    pub(super) fn warn_of_deadlines(&mut self) {
        let mut said = Vec::new();
        for item in &self.model.hand.items {
            let mine = &item.assignment;
            let Some(deadline) = mine.deadline else { continue };
            let (left, whole) = ((deadline - self.now).num_seconds(), (deadline - mine.claimed_at).num_seconds().max(1));
            let level: u8 = match left {
                _ if left <= 0 || !mine.state.is_editable() => 0,
                _ if left <= whole / 20 => 3,
                _ if left <= whole / 5 => 2,
                _ if left <= whole / 2 => 1,
                _ => 0,
            };
            if level > self.model.hand.warned.get(&mine.id).copied().unwrap_or(0) {
                said.push((level, mine.id.clone(), mine.job.title.clone(), left));
            }
        }
        for (level, id, title, left) in said {
            self.model.hand.warned.insert(id, level);
            let (tone, part) = match level {
                3 => (Tone::Bad, "a twentieth"),
                2 => (Tone::Warn, "a fifth"),
                _ => (Tone::Plain, "half"),
            };
            let left = crate::tui::widget::countdown::span(left);
            self.say(tone, format!("{left} left, {part} of the time: \"{title}\""), "");
        }
        let items = &self.model.hand.items;
        self.model.hand.warned.retain(|id, _| items.iter().any(|item| item.assignment.id == *id));
    }

    /// Opens a tab without leaving the one being worked on, or brings newer data to it.
    fn tab(&mut self, item: &AssignmentView) {
        let id = &item.assignment.id;
        if self.model.editor.tabs().iter().any(|tab| tab.id == *id) {
            return self.model.editor.refresh(item.clone());
        }
        let current = self.model.editor.selected().cloned();
        self.model.editor.open(item.clone());
        // What a list leaves out, checks and quotations want.
        if item.assignment.job.attachments.iter().any(|file| file.text.is_none()) {
            let assignment = id.clone();
            self.ask(Asked::Attachments(id.clone()), Request::Attachments { assignment });
        }
        if let Some(current) = current {
            self.model.editor.select(&current);
        }
    }

    fn files_of(&mut self, item: &AssignmentView) {
        let files = item.draft.as_ref().map(|draft| draft.files.clone()).unwrap_or_default();
        self.out.push(Effect::Files { assignment: item.assignment.id.clone(), files });
    }

    /// One assignment as it now is.
    pub(super) fn assignment(&mut self, view: AssignmentView) {
        self.files_of(&view);
        let id = view.assignment.id.clone();
        self.model.feed.own(&view.assignment.job.key, view.assignment.state);
        if view.assignment.state.is_in_hand() {
            self.tab(&view);
            match self.model.hand.items.iter_mut().find(|item| item.assignment.id == id) {
                Some(item) => *item = view,
                None => self.model.hand.items.push(view),
            }
        } else {
            self.model.editor.close(&id);
            self.model.hand.items.retain(|item| item.assignment.id != id);
            let left = &mut self.model.hand.left;
            left.retain(|(known, _)| *known != id);
            left.push_back((id, view.assignment.job.title));
            if left.len() > LEFT {
                left.pop_front();
            }
        }
    }

    /// Carries out what the editor wants.
    pub(super) fn editor(&mut self, effects: Vec<EditorEffect>) {
        for effect in effects {
            match effect {
                EditorEffect::Changed { assignment, text, origins, cause } => {
                    self.out.push(Effect::Keep { assignment, text, origins, cause });
                }
                EditorEffect::Judge(judging) => self.out.push(Effect::Judge(judging)),
                EditorEffect::Explain { title, text } => {
                    self.model.overlay = Some(Overlay::Output { title, text, scroll: 0 });
                }
                EditorEffect::Notice(text) => self.plain(text),
                EditorEffect::External { assignment, text, extension } => {
                    self.out.push(Effect::External { assignment, text, extension });
                }
                EditorEffect::DeclareFiles { assignment } => {
                    let files = self.draft_files(&assignment).iter().map(FileItem::declared).collect();
                    self.save_files(assignment, files, Cause::File, None);
                }
                EditorEffect::Copy(text) => {
                    self.out.push(Effect::Clipboard(text));
                    let watched = self.model.selected().map(|item| item.type_there.clone()).filter(|words| !words.is_empty());
                    if let Some(words) = watched {
                        self.say(Tone::Warn, words, "");
                    }
                }
                EditorEffect::Sources { assignment } => {
                    self.ask(Asked::Attachments(assignment.clone()), Request::Attachments { assignment });
                }
                EditorEffect::Fetch { assignment, name, anew } => {
                    self.ask(Asked::Attachment(assignment.clone()), Request::Attachment { assignment, name, anew });
                }
            }
        }
    }

    /// A command for the editor itself.
    pub(super) fn editor_command(&mut self, id: &'static str) {
        if self.model.hand.items.is_empty() {
            return self.nothing_in_hand();
        }
        if self.model.focus != Focus::Hand {
            self.focus(Focus::Hand);
        }
        let effects = self.model.editor.input(EditorInput::Command(id), self.now);
        self.editor(effects);
    }

    fn nothing_in_hand(&mut self) {
        let claim = self.keymap.anywhere(Command::Claim);
        self.say(Tone::Plain, "your hand is empty", format!("{claim} on a job in the feed claims it"));
    }

    pub(super) fn current(&mut self) -> Option<AssignmentId> {
        let id = self.model.editor.selected().cloned();
        if id.is_none() {
            self.nothing_in_hand();
        }
        id
    }

    pub(super) fn turn_hand(&mut self, forward: bool) {
        let tabs = self.model.editor.tabs();
        let Some(current) = self.current() else { return };
        let at = tabs.iter().position(|tab| tab.id == current).unwrap_or(0);
        let n = tabs.len().max(1);
        if let Some(tab) = tabs.get(if forward { (at + 1) % n } else { (at + n - 1) % n }) {
            self.model.editor.select(&tab.id);
        }
    }

    pub(super) fn start_typing(&mut self) {
        if self.model.hand.items.is_empty() {
            return self.nothing_in_hand();
        }
        if let Some(item) = self.model.selected()
            && !item.assignment.state.is_editable()
        {
            let text = format!("this one is {}: its text cannot be changed now", item.assignment.state.word());
            return self.plain(text);
        }
        self.model.focus = Focus::Hand;
        self.model.hand.typing = true;
    }

    pub(super) fn stop_typing(&mut self) {
        self.model.hand.typing = false;
    }

    /// Everything typed goes to the keeper, and from there to the disk at once.
    fn flush(&mut self) {
        for (assignment, text, origins) in self.model.editor.unsaved_drafts() {
            self.out.push(Effect::Keep { assignment, text, origins, cause: Cause::Typed });
        }
        self.out.push(Effect::Flush);
    }

    pub(super) fn save_now(&mut self) {
        if self.current().is_some() {
            self.flush();
        }
    }

    pub(super) fn ask_check(&mut self) {
        if let Some(id) = self.current() {
            self.model.hand.checking = Some(id);
            self.flush();
        }
    }

    pub(super) fn ask_submit(&mut self) {
        if let Some(id) = self.current() {
            self.model.hand.submitting = Some(id);
            self.flush();
        }
    }

    /// Everything typed is durable (or not): what waited for it goes on.
    pub(super) fn flushed(&mut self, result: Result<()>) {
        let (checking, submitting) = (self.model.hand.checking.take(), self.model.hand.submitting.take());
        if let Err(failure) = result {
            return self.failed(&failure);
        }
        if let Some(assignment) = checking {
            self.ask(Asked::Check(assignment.clone()), Request::Check { assignment });
        }
        if let Some(assignment) = submitting {
            self.ask(Asked::SubmitTerms(assignment.clone()), Request::SubmitTerms { assignment });
        }
    }

    /// A draft was saved, or not.
    pub(super) fn kept(&mut self, assignment: AssignmentId, text: Text, result: Result<Draft>) {
        match result {
            Ok(draft) => {
                self.model.editor.saved(&assignment, draft.version, &text);
                self.drafted(&assignment, draft);
            }
            // Its engine went away with it. It is handed to the next one, and is marked as not saved until then.
            Err(failure) if failure.class == Class::Unknown => {}
            Err(failure) => {
                let title = self.title_of(&assignment);
                let failure = Failure { what: format!("\"{title}\" is not saved: {}", failure.what), ..failure };
                self.failed(&failure);
            }
        }
    }

    /// The engine's newer draft of an assignment.
    pub(super) fn drafted(&mut self, assignment: &AssignmentId, draft: Draft) {
        if let Some(item) = self.model.hand.items.iter_mut().find(|item| item.assignment.id == *assignment) {
            item.draft = Some(draft);
            let view = item.clone();
            self.files_of(&view);
            self.model.editor.refresh(view);
        }
    }

    /// `$EDITOR` ended.
    pub(super) fn edited(&mut self, assignment: AssignmentId, result: Result<Option<String>>) {
        match result {
            Ok(None) => self.plain("nothing was changed"),
            Ok(Some(text)) => {
                let effects = self.model.editor.input(EditorInput::Returned { assignment, text }, self.now);
                self.editor(effects);
            }
            Err(failure) => self.failed(&failure),
        }
    }

    /// Puts the scaffold's text in place, one undo step, kept like typing; its files join the draft's, replacing those of the
    /// same name.
    pub(super) fn take_scaffold(&mut self, assignment: AssignmentId, text: Text, files: Vec<FileItem>) {
        // A proposal without text leaves what is written alone.
        let lays = files.is_empty() || !text.as_str().trim().is_empty();
        if !files.is_empty() {
            let relaid = lays.then(|| {
                let written = self.model.editor.text(&assignment).unwrap_or_default();
                let origins = self.model.editor.origins(&assignment).unwrap_or_default();
                (text.clone(), origins.carried(written.as_str(), text.as_str(), &Origin::Scaffold, usize::MAX))
            });
            let all = joined(self.draft_files(&assignment), files);
            self.save_files(assignment.clone(), all, Cause::Scaffold, relaid);
        }
        if lays {
            let label = "the scaffold's lay-out".to_owned();
            let insert = EditorInput::Insert { assignment, text, origin: Origin::Scaffold, cause: Cause::Scaffold, label };
            let effects = self.model.editor.input(insert, self.now);
            self.editor(effects);
        }
    }

    pub(super) fn ask_scaffold(&mut self) {
        if let Some(assignment) = self.current() {
            self.ask(Asked::Scaffold(assignment.clone()), Request::Scaffold { assignment });
        }
    }

    /// A proposal came: an empty draft takes it at once (it can be undone), a written one asks first.
    pub(super) fn scaffolded(&mut self, assignment: AssignmentId, text: Text, files: Vec<FileItem>, label: &Text) {
        let written = self.model.hand.items.iter().find(|item| item.assignment.id == assignment);
        let empty = written.and_then(|item| item.draft.as_ref()).is_none_or(|draft| draft.text.as_str().trim().is_empty());
        let unsaved = self.model.editor.unsaved().iter().any(|(id, text)| *id == assignment && !text.as_str().trim().is_empty());
        let only_files = !files.is_empty() && text.as_str().trim().is_empty();
        if only_files || (empty && !unsaved) {
            return self.take_scaffold(assignment, text, files);
        }
        let lines = vec![(Text::title("Proposal"), label.clone())];
        let yes = Act::Yes(Box::new(Agreed::Scaffold { assignment, text, files }));
        let choices =
            vec![Choice { label: "Keep mine".to_owned(), act: Act::No }, Choice { label: "Replace it".to_owned(), act: yes }];
        let question = Text::title("Replace your draft by the scaffold? Undo brings yours back.");
        self.model.overlay = Some(Overlay::Confirm(Confirm::choose(question, lines, Vec::new(), choices)));
    }

    pub(super) fn open_add_file(&mut self) {
        if let Some(id) = self.current() {
            self.open_prompt(Prompt::AddFile(id), "");
        }
    }

    pub(super) fn add_file(&mut self, assignment: AssignmentId, path: &str) {
        let path = match path.strip_prefix("~/") {
            Some(rest) => std::env::home_dir().unwrap_or_default().join(rest),
            None => path.into(),
        };
        self.out.push(Effect::Hold { assignment: assignment.clone(), on: true });
        if self.model.far {
            return self.out.push(Effect::Upload { assignment, path });
        }
        self.ask(Asked::AddFile(assignment.clone()), Request::AddFile { assignment, path, content: None });
    }

    pub(super) fn ask_release(&mut self) {
        if self.current().is_none() {
            return;
        }
        let Some(item) = self.model.selected().cloned() else { return };
        let job = &item.assignment.job;
        let mut lines = vec![
            (Text::title("Job"), job.title.clone()),
            (Text::title("Platform"), Text::title(item.assignment.id.source().as_str())),
        ];
        if let Some(pay) = job.reward.gross() {
            lines.push((Text::title("Pay given up"), Text::title(&pay.to_string())));
        }
        let warnings = vec![Text::title("Somebody else can take it at once, and some platforms count jobs given back.")];
        let id = item.assignment.id.clone();
        let choices = vec![
            Choice { label: "No".to_owned(), act: Act::No },
            Choice { label: "Yes, give back".to_owned(), act: Act::Yes(Box::new(Agreed::Release(id))) },
        ];
        let question = Text::title("Give this job back?");
        self.model.overlay = Some(Overlay::Confirm(Confirm::choose(question, lines, warnings, choices)));
    }

    /// What an assignment is called.
    pub(super) fn title_of(&self, id: &AssignmentId) -> String {
        let mut known = self.model.hand.items.iter().chain(&self.model.hand.waiting).map(|item| &item.assignment);
        if let Some(mine) = known.find(|mine| mine.id == *id) {
            return mine.job.title.as_str().to_owned();
        }
        let left = self.model.hand.left.iter().rev().find(|(left, _)| left == id);
        left.map_or_else(|| id.to_string(), |(_, title)| title.as_str().to_owned())
    }
}
