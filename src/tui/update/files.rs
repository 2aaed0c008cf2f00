//! The files of drafts, as keys change them.

use crate::domain::draft::{Cause, FileItem};
use crate::domain::{AssignmentId, Origins, Text};
use crate::engine::api::Request;
use crate::tui::message::{Asked, Effect};
use crate::tui::widget::toast::Tone;

impl super::Update<'_> {
    /// The files of a draft, as the engine last told.
    pub(super) fn draft_files(&self, id: &AssignmentId) -> Vec<FileItem> {
        let item = self.model.hand.items.iter().find(|item| item.assignment.id == *id);
        item.and_then(|item| item.draft.as_ref()).map(|draft| draft.files.clone()).unwrap_or_default()
    }

    /// Takes the file of that name out of the draft at hand; without a name the only one.
    pub(super) fn remove_file(&mut self, name: &str) {
        let Some(id) = self.current() else { return };
        let files = self.draft_files(&id);
        let names = || files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
        let at = match (name, files.as_slice()) {
            (_, []) => return self.plain("this draft has no files"),
            ("", [_]) => Some(0),
            ("", _) => return self.say(Tone::Warn, "which one? say its name: :remove NAME", names()),
            (name, files) => files.iter().position(|file| file.name.as_str() == name),
        };
        let Some(at) = at else {
            return self.say(Tone::Warn, format!("no file of this draft is called {name}"), names());
        };
        let mut left = files.clone();
        left.remove(at);
        self.save_files(id, left, Cause::File, None);
    }

    /// Saves a draft with other files; with another text too, where there is one.
    pub(super) fn save_files(
        &mut self,
        assignment: AssignmentId,
        files: Vec<FileItem>,
        cause: Cause,
        text: Option<(Text, Origins)>,
    ) {
        self.put_files(Asked::AddFile(assignment.clone()), assignment, files, cause, text);
    }

    /// The same, with its own words for what becomes of it.
    pub(super) fn put_files(
        &mut self,
        asked: Asked,
        assignment: AssignmentId,
        files: Vec<FileItem>,
        cause: Cause,
        text: Option<(Text, Origins)>,
    ) {
        let (text, origins) = text.unwrap_or_else(|| {
            let editor = &self.model.editor;
            (editor.text(&assignment).unwrap_or_default(), editor.origins(&assignment).unwrap_or_default())
        });
        self.out.push(Effect::Hold { assignment: assignment.clone(), on: true });
        self.ask(asked, Request::SaveDraft { assignment, text, files, cause, origins: Some(origins) });
    }
}

/// Files with others, which replace those of the same name.
pub(super) fn joined(mut files: Vec<FileItem>, new: Vec<FileItem>) -> Vec<FileItem> {
    files.retain(|old| new.iter().all(|new| new.name != old.name));
    files.extend(new);
    files
}
