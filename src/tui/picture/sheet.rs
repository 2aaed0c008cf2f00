//! The contact sheet: pictures side by side, one of them large.

use std::path::PathBuf;

use crate::domain::draft::FileItem;
use crate::domain::picture::{facts_in_words, weight};
use crate::domain::{AssignmentId, Text};

/// A picture on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its file.
    pub path: PathBuf,
    /// What stands under it.
    pub caption: Text,
    /// What is told beside it, line by line.
    pub facts: Vec<Text>,
}

impl Item {
    /// A file of a draft.
    pub fn of_file(file: &FileItem) -> Item {
        let mut facts = vec![Text::title(&format!("{} · {}", file.facts.mime, weight(file.size)))];
        facts.extend(facts_in_words(&file.facts).iter().map(|line| Text::title(line)));
        if file.is_ai() {
            facts.push(Text::title("made by an AI, or from what one made"));
        }
        Item { path: file.path.clone(), caption: file.name.clone(), facts }
    }
}

/// Pictures side by side; the one under the cursor can be looked at large.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name.
    pub title: Text,
    /// The draft they belong to, where edits go.
    pub assignment: Option<AssignmentId>,
    /// The pictures.
    pub items: Vec<Item>,
    /// Which one the cursor is on.
    pub at: usize,
    /// That one is shown alone.
    pub large: bool,
    /// Pictures in a row, as last drawn.
    pub columns: usize,
    /// The first row that is shown.
    pub top: usize,
}

impl Sheet {
    /// A sheet; a single picture is large at once.
    pub fn new(title: Text, assignment: Option<AssignmentId>, items: Vec<Item>) -> Sheet {
        let large = items.len() == 1;
        Sheet { title, assignment, items, large, columns: 1, ..Sheet::default() }
    }

    /// The picture under the cursor.
    pub fn item(&self) -> Option<&Item> {
        self.items.get(self.at)
    }

    /// The next picture, or the one before.
    pub fn turn(&mut self, forward: bool) {
        let last = self.items.len().saturating_sub(1);
        self.at = if forward { (self.at + 1).min(last) } else { self.at.saturating_sub(1) };
    }

    /// Rows down, or up.
    pub fn step(&mut self, rows: i64) {
        let by = isize::try_from(rows).unwrap_or(0).saturating_mul(if self.large { 1 } else { self.columns.max(1) as isize });
        let to = self.at.saturating_add_signed(by);
        // Below the last row there is nothing; from the row before, a shorter last row still is reached.
        self.at = to.min(self.items.len().saturating_sub(1));
    }

    /// Enter: the picture alone, or all of them again.
    pub fn toggle(&mut self) {
        self.large = !self.large || self.items.len() == 1;
    }

    /// Esc: whether there is nothing left to go back to.
    pub fn back(&mut self) -> bool {
        let closes = !self.large || self.items.len() == 1;
        self.large = false;
        closes
    }

    /// The same sheet with newer pictures; the cursor stays on its file's name, where it still is.
    pub fn renew(&mut self, items: Vec<Item>) {
        let caption = self.item().map(|item| item.caption.clone());
        self.items = items;
        let found = self.items.iter().position(|item| Some(&item.caption) == caption.as_ref());
        self.at = found.unwrap_or(self.at).min(self.items.len().saturating_sub(1));
        self.large |= self.items.len() == 1;
    }
}
