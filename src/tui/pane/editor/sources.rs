//! What is done with the sources of a tab: opening, fetching, searching, looking claims up, quoting.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::input::EditorEffect;
use super::motion::Motion;
use super::prompt::Prompt;
use super::{EditorPane, input};
use crate::domain::origin::{Origin, Origins};
use crate::domain::{AssignmentId, Text, lookup};
use crate::engine::api::AttachmentView;

impl EditorPane {
    /// What is known of an assignment's attachments, with the texts of those that are here. What a key opened and is at the source
    /// itself is fetched; any other host is shown, and wants a key of its own.
    pub fn attachments(&mut self, id: &AssignmentId, items: Vec<AttachmentView>) -> Vec<EditorEffect> {
        let Some(tab) = self.tab(id) else { return Vec::new() };
        let mut view = tab.view.clone();
        for new in items.iter().filter(|item| item.text.is_some()) {
            if let Some(old) = view.assignment.job.attachments.iter_mut().find(|old| old.name == new.name) {
                old.text.clone_from(&new.text);
            }
        }
        tab.source.told(items);
        tab.refresh(view);
        let item = tab.source.current().filter(|item| item.own && item.kept.is_none() && item.text.is_none());
        let Some(name) = item.map(|item| item.name.clone()).filter(|_| tab.source.wants_fetch()) else { return Vec::new() };
        tab.source.fetch(Some(name.clone()));
        vec![EditorEffect::Fetch { assignment: id.clone(), name, anew: false }]
    }

    /// A fetch did not bring what it should.
    pub fn not_fetched(&mut self, id: &AssignmentId) {
        if let Some(tab) = self.tab(id) {
            tab.source.fetch(None);
        }
    }

    /// A source is in sight and keys that nobody else takes are its own.
    pub fn is_reading(&self) -> bool {
        !self.hints.typing && self.shows_source()
    }

    /// A source is open where it can be seen.
    fn shows_source(&self) -> bool {
        let seen = if self.hits.wide { self.beside } else { self.covers };
        seen && self.tabs.get(self.selected).is_some_and(|tab| tab.source.is_open())
    }

    /// Shows the pane where the brief stands: opens it beside the text, or over it where there is no room.
    fn show_side(&mut self) {
        self.beside = self.beside || self.hits.wide;
        self.covers = !self.hits.wide;
    }

    /// A key that no command took while a source is open.
    pub(super) fn read(&mut self, key: KeyEvent, out: &mut Vec<EditorEffect>) {
        let shift = key.modifiers.contains(KeyModifiers::SHIFT);
        let Some(tab) = self.tabs.get_mut(self.selected) else { return };
        if let KeyCode::Char(digit @ '1'..='9') = key.code {
            let n = digit as usize - '1' as usize;
            if tab.source.open(n, &tab.view.assignment.job) {
                self.show_side();
                self.want(false, out);
            } else {
                out.push(EditorEffect::Notice(format!("There is no attachment {digit}.")));
            }
            return;
        }
        let Some(reader) = tab.source.reader() else { return };
        match input::motion_of(&key) {
            Some(Motion::Up) => reader.go(-1, shift),
            Some(Motion::Down) => reader.go(1, shift),
            Some(Motion::PageUp) => reader.go(-reader.page(), shift),
            Some(Motion::PageDown) => reader.go(reader.page(), shift),
            Some(Motion::Top | Motion::Home) => reader.go(isize::MIN, shift),
            Some(Motion::Bottom | Motion::End) => reader.go(isize::MAX, shift),
            _ if key.code == KeyCode::Char(']') => reader.turn(true),
            _ if key.code == KeyCode::Char('[') => reader.turn(false),
            _ => {}
        }
    }

    /// Commands about sources; `false` when it is none of them.
    pub(super) fn source_command(&mut self, id: &str, out: &mut Vec<EditorEffect>) -> bool {
        let (reading, typing) = (self.is_reading(), self.hints.typing);
        let (seen, wide) = (self.shows_source(), self.hits.wide);
        let Some(tab) = self.tabs.get_mut(self.selected) else { return false };
        match id {
            "editor.attachment" => self.turn_source(out),
            "editor.fetch" => self.want(true, out),
            "editor.look_up" => self.look_up(out),
            "editor.quote" => self.quote(out),
            // Where it covers the text, the text comes back, and the source stays where it is read.
            "editor.brief" if seen && wide => tab.source.close(),
            "editor.brief" if seen => self.covers = false,
            "editor.brief_down" | "hand.brief_down" | "editor.brief_up" | "hand.brief_up" if seen => {
                let Some(reader) = tab.source.reader() else { return true };
                let rows = if typing { reader.page() } else { 1 };
                reader.go(if id.ends_with("down") { rows } else { -rows }, false);
            }
            "editor.search" if reading => {
                let Some(reader) = tab.source.reader() else { return false };
                let from = reader.place();
                self.prompt = Some(Prompt::Source { words: String::new(), from, found: true });
            }
            "editor.search_next" | "editor.search_prev" if reading => {
                let found = tab.source.reader().is_some_and(|reader| reader.next(id == "editor.search_next", false));
                if !found {
                    out.push(EditorEffect::Notice("Nothing found; search for something first.".to_owned()));
                }
            }
            "editor.copy" if reading => {
                let words = tab.source.reader().and_then(|reader| reader.quotation());
                let Some((words, source)) = words.zip(tab.source.current().map(|item| item.name.clone())) else { return false };
                let clip = Text::own(&words);
                self.clip = (clip.clone(), Origins::whole(clip.as_str().len(), Origin::Quoted { source }));
                out.push(EditorEffect::Copy(words));
            }
            _ => return false,
        }
        true
    }

    fn turn_source(&mut self, out: &mut Vec<EditorEffect>) {
        let hidden = !self.shows_source() && self.tabs.get(self.selected).is_some_and(|tab| tab.source.is_open());
        let Some(tab) = self.tabs.get_mut(self.selected) else { return };
        if tab.view.assignment.job.attachments.is_empty() {
            return out.push(EditorEffect::Notice("This job has no attachments.".to_owned()));
        }
        // One that is hidden is shown first.
        let open = hidden || tab.source.turn(&tab.view.assignment.job);
        self.show_side();
        if open {
            self.want(false, out);
        } else {
            self.covers = false;
        }
    }

    /// Asks for what is open: what is known of it, and (`fetch`: because the person said so) the file itself.
    fn want(&mut self, fetch: bool, out: &mut Vec<EditorEffect>) {
        let Some(tab) = self.tabs.get_mut(self.selected) else { return };
        let assignment = tab.id().clone();
        let Some(item) = tab.source.current() else {
            return out.push(EditorEffect::Notice("No attachment is open.".to_owned()));
        };
        if fetch && !tab.source.is_fetching() {
            let (name, anew) = (item.name.clone(), item.kept.is_some());
            tab.source.fetch(Some(name.clone()));
            return out.push(EditorEffect::Fetch { assignment, name, anew });
        }
        out.push(EditorEffect::Sources { assignment });
    }

    /// Looks the selection, or the claim under the cursor, up in the sources.
    fn look_up(&mut self, out: &mut Vec<EditorEffect>) {
        let Some(tab) = self.tabs.get_mut(self.selected) else { return };
        let (row, byte) = tab.text.cursor();
        let line = tab.text.lines().get(row).cloned().unwrap_or_default();
        let claim = tab.text.selected().or_else(|| lookup::claim_at(&line, byte).map(|at| line[at].to_owned()));
        let Some(claim) = claim.filter(|claim| !claim.trim().is_empty()) else {
            return out.push(EditorEffect::Notice("There is no number, name or quotation under the cursor.".to_owned()));
        };
        let shown = Text::title(&claim).head(60);
        let page = lookup::cited(&line, byte);
        let words = match tab.source.look_up(&claim, page, &tab.view.assignment.job) {
            Some(found) => {
                self.show_side();
                let which = if found.of > 1 { format!("place {} of {}", found.nth, found.of) } else { "one place".to_owned() };
                format!("“{shown}”: {which}, {}.", found.place)
            }
            None => match tab.source.read() {
                (0, 0) => "This job has no attachments.".to_owned(),
                (0, _) => "No attachment is here yet: open one and fetch it.".to_owned(),
                (1, 0) => format!("“{shown}” is not in the attachment."),
                (read, 0) => format!("“{shown}” is in none of the {read} attachments."),
                (_, not) => format!("“{shown}” is in none that is here; {not} not fetched, or without text."),
            },
        };
        out.push(EditorEffect::Notice(words));
    }

    /// Puts the selection or the sentence of the source into the draft, in quotation marks, as quoted.
    fn quote(&mut self, out: &mut Vec<EditorEffect>) {
        if let Some(why) = self.refusal() {
            return out.push(EditorEffect::Notice(why));
        }
        let seen = self.shows_source();
        let Some(tab) = self.tabs.get_mut(self.selected) else { return };
        let id = tab.id().clone();
        let source = tab.source.current().map(|item| item.name.clone());
        let words = tab.source.reader().and_then(|reader| reader.quotation());
        let Some((words, source)) = words.zip(source) else {
            let words =
                if seen { "Nothing stands on this line to be quoted." } else { "No text of a source is open to quote from." };
            return out.push(EditorEffect::Notice(words.to_owned()));
        };
        let text = Text::own(&format!("“{words}”"));
        let origins = Origins::whole(text.as_str().len(), Origin::Quoted { source: source.clone() });
        let covered = self.covers;
        self.put(&id, &text, &origins, out);
        self.covers = covered;
        out.push(EditorEffect::Notice(format!("Quoted from {source}.")));
    }

    /// Words typed into the search of the source.
    pub(super) fn seek_source(&mut self, words: String, from: super::source::At) {
        let reader = self.tabs.get_mut(self.selected).and_then(|tab| tab.source.reader());
        let found = reader.is_some_and(|reader| {
            reader.back_to(from);
            reader.seek(&words)
        });
        self.prompt = Some(Prompt::Source { words, from, found });
    }
}
