//! Pictures of a draft: looked at, edited without a model, made to pass, put back.

use super::Update;
use crate::domain::draft::{Cause, FileItem};
use crate::domain::picture::{Edit, Wanted, cures, offers, weight};
use crate::domain::{AssignmentId, Text};
use crate::engine::api::Request;
use crate::tui::command::Command;
use crate::tui::message::{Asked, Effect};
use crate::tui::model::{Overlay, Prompt};
use crate::tui::picture::{Item, Key, QUESTION, Ready, Sheet};
use crate::tui::widget::field::Field;
use crate::tui::widget::toast::Tone;

/// Edits that can be taken back.
const PAST: usize = 30;

fn is_picture(file: &FileItem) -> bool {
    file.facts.mime.as_str().starts_with("image/")
}

/// A line of the palette that is about pictures, with the cursor at its end.
pub(super) fn completes(field: &Field) -> bool {
    let words = field.text().trim_start_matches(':').trim_start();
    words.starts_with("picture ") && field.cursor() == field.text().len()
}

/// Completes the last word of a line of edits, where it begins one.
pub(super) fn complete(field: &mut Field) {
    let text = field.text().to_owned();
    let (head, last) = text.rsplit_once(' ').map_or(("", text.as_str()), |(head, last)| (head, last));
    if let Some(offer) = offers().iter().find(|offer| offer.word.starts_with(last) && !last.is_empty()) {
        let space = if head.is_empty() { "" } else { " " };
        *field = Field::with(&format!("{head}{space}{} ", offer.word));
    }
}

/// What the edit that is being typed takes and does; every edit's word before one is.
pub fn hint(text: &str) -> String {
    let mut words = text.split_whitespace().rev();
    let typing = !text.ends_with(' ');
    let known = |word: &str| offers().iter().find(|offer| offer.word == word);
    let begun =
        words.clone().next().filter(|_| typing).and_then(|word| offers().iter().find(|offer| offer.word.starts_with(word)));
    match begun.or_else(|| words.find_map(known)) {
        Some(offer) => format!("{} {}  {}", offer.word, offer.takes, offer.does),
        None => offers().iter().map(|offer| offer.word).collect::<Vec<_>>().join(" · "),
    }
}

impl Update<'_> {
    /// The pictures of the draft in hand, side by side.
    pub(super) fn look_at_pictures(&mut self) {
        let Some(id) = self.current() else { return };
        let files = self.draft_files(&id);
        let items: Vec<Item> = files.iter().filter(|file| is_picture(file)).map(Item::of_file).collect();
        if items.is_empty() {
            let add = self.key(Command::AddFile);
            return self.say(Tone::Plain, "this draft has no picture", format!("{add} adds a file"));
        }
        let title = Text::title(&format!("Pictures ({})", items.len()));
        self.open_pictures(Sheet::new(title, Some(id), items));
    }

    /// Opens a sheet of pictures over the panes: of a draft, of an image job's results, of any files.
    pub(super) fn open_pictures(&mut self, sheet: Sheet) {
        self.model.pictures.ways.choose(self.config.pictures);
        if self.model.pictures.ways.begin(self.now) {
            self.out.push(Effect::Terminal(QUESTION.to_vec()));
        }
        self.model.overlay = Some(Overlay::Pictures(Box::new(sheet)));
    }

    /// Esc on the sheet: from the large picture to all of them, else away.
    pub(super) fn close_pictures(&mut self, mut sheet: Box<Sheet>) {
        if !sheet.back() {
            self.model.overlay = Some(Overlay::Pictures(sheet));
            return;
        }
        self.model.picture_at = sheet.item().map(|item| item.caption.clone());
        let forget = self.model.pictures.close();
        if !forget.is_empty() {
            self.out.push(Effect::Terminal(forget));
        }
        self.back_to_art();
    }

    /// Pictures that the frame just drawn would have shown are made ready.
    pub fn load_pictures(&mut self) {
        for want in self.model.pictures.wanted() {
            self.out.push(Effect::LoadPicture(Box::new(want)));
        }
    }

    pub(super) fn picture_loaded(&mut self, key: &Key, loaded: Option<Result<Box<Ready>, Text>>) {
        let loaded = loaded.unwrap_or_else(|| Err(Text::title("it was closed")));
        let once = self.model.pictures.loaded(key, loaded.map(|ready| *ready));
        if !once.is_empty() {
            self.out.push(Effect::Graphics(once));
        }
        self.load_pictures();
    }

    /// A line for edits.
    pub(super) fn open_edit_picture(&mut self) {
        if let Some(id) = self.current() {
            self.open_prompt(Prompt::Picture(id), "");
        }
    }

    /// `:picture resize 4500x5400`, `:picture art.png trim`, `:picture pass`.
    pub(super) fn picture_by_words(&mut self, words: &str) {
        match words.trim() {
            "look" => self.look_at_pictures(),
            "pass" => self.make_picture_pass(),
            "undo" => self.undo_picture(),
            words => {
                if let Some(id) = self.current() {
                    self.edit_picture(id, words);
                }
            }
        }
    }

    /// Edits a picture as the words say; a file's name in front of them says which, where there are several.
    pub(super) fn edit_picture(&mut self, id: AssignmentId, words: &str) {
        let files = self.draft_files(&id);
        let words = words.strip_prefix("picture ").unwrap_or(words).trim();
        let named = files
            .iter()
            .find(|file| words.strip_prefix(file.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
        let (file, words) = match named {
            Some(file) => (Some(file), words.get(file.name.as_str().len()..).unwrap_or_default()),
            None => (self.picture_meant(&files), words),
        };
        let Some(file) = file else {
            let names: Vec<&str> = files.iter().filter(|file| is_picture(file)).map(|file| file.name.as_str()).collect();
            let hint = names.first().map(|name| format!("say which: picture {name} resize 4500x5400")).unwrap_or_default();
            let words = if names.is_empty() { "this draft has no picture" } else { "this draft has several pictures" };
            return self.say(Tone::Plain, words, hint);
        };
        match Edit::parse_all(words) {
            Ok(edits) => self.ask_edit(id, file.name.clone(), edits),
            Err(why) => self.say(Tone::Warn, why, "nothing was changed"),
        }
    }

    /// The only picture, or the one that was looked at last.
    fn picture_meant<'f>(&self, files: &'f [FileItem]) -> Option<&'f FileItem> {
        let mut pictures = files.iter().filter(|file| is_picture(file));
        let first = pictures.next()?;
        if pictures.next().is_none() {
            return Some(first);
        }
        files.iter().find(|file| is_picture(file) && Some(&file.name) == self.model.picture_at.as_ref())
    }

    fn ask_edit(&mut self, assignment: AssignmentId, file: Text, edits: Vec<Edit>) {
        let said = edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        self.plain(format!("{file}: {said} …"));
        let asked = Asked::Picture { assignment: assignment.clone(), file: file.clone(), said: Text::title(&said) };
        self.ask(asked, Request::EditPicture { assignment, file, edits });
    }

    /// Every cure that needs no model and no eye, in one go.
    pub(super) fn make_picture_pass(&mut self) {
        let Some(id) = self.current() else { return };
        let files = self.draft_files(&id);
        let Some(item) = self.model.hand.items.iter().find(|item| item.assignment.id == id) else { return };
        let spec = &item.assignment.job.deliverable;
        let Some(wanted) = Wanted::first(&spec.rules).or_else(|| Wanted::first(&spec.should)) else {
            return self.say(Tone::Plain, "this job asks for no picture of a certain kind", "");
        };
        let Some(file) = self.picture_meant(&files) else {
            return self.say(
                Tone::Plain,
                "there is not one picture to mend",
                "attach it, or look at the one that is meant first",
            );
        };
        let cures = cures(file, &wanted);
        let left = cures.left.iter().map(Text::as_str).collect::<Vec<_>>().join("; ");
        match cures.edits.is_empty() {
            true if left.is_empty() => self.say(Tone::Good, format!("{} is as the job asks", file.name), ""),
            true => self.say(Tone::Warn, format!("{}: {left}", file.name), "no edit without a model mends that"),
            false => {
                let name = file.name.clone();
                self.ask_edit(id, name.clone(), cures.edits);
                if !left.is_empty() {
                    self.say(Tone::Warn, format!("{name}: {left}"), "that is left when the edits are done");
                }
            }
        }
    }

    /// The new picture is here: it takes the old one's place in the draft.
    pub(super) fn picture_edited(&mut self, id: AssignmentId, old: &Text, said: &Text, new: FileItem, told: &[Text]) {
        let before = self.draft_files(&id);
        let mut files = before.clone();
        match files.iter_mut().find(|file| file.name == *old) {
            Some(place) => *place = new.clone(),
            None => files.push(new.clone()),
        }
        // Its new name may be another file's.
        let mut seen = false;
        files.retain(|file| file.name != new.name || !std::mem::replace(&mut seen, true));
        self.model.picture_past.push((id.clone(), before));
        if self.model.picture_past.len() > PAST {
            self.model.picture_past.remove(0);
        }
        self.model.picture_at = Some(new.name.clone());
        self.put_files(Asked::PictureFiles(id.clone()), id, files, Cause::File, None);
        let size = new.facts.width.zip(new.facts.height).map(|(w, h)| format!("{w} × {h}, ")).unwrap_or_default();
        let back = self.key(Command::PictureUndo);
        let warned = told.iter().map(Text::as_str).collect::<Vec<_>>().join("; ");
        let words = format!("{}: {said} → {size}{}", new.name, weight(new.size));
        match warned.is_empty() {
            true => self.say(Tone::Good, words, format!("{back} takes it back")),
            false => self.say(Tone::Warn, format!("{words}; {warned}"), format!("{back} takes it back")),
        }
    }

    /// The files as they were before the latest edit.
    pub(super) fn undo_picture(&mut self) {
        let Some(id) = self.current() else { return };
        let Some(at) = self.model.picture_past.iter().rposition(|(whose, _)| *whose == id) else {
            let hint = format!("juggler draft {id} --versions lists older versions");
            return self.say(Tone::Plain, "no edit of a picture is there to take back", hint);
        };
        let (_, files) = self.model.picture_past.remove(at);
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        self.plain(format!("back to {}", names.join(", ")));
        self.put_files(Asked::PictureFiles(id.clone()), id, files, Cause::File, None);
    }
}
