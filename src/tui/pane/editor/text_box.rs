//! The text being written: the text widget's buffer, selection, search and history, made to work on what people see as characters.
//!
//! The widget edits, undoes and moves by code point and undoes one key at a time. Here every edit and move is cut along graphemes,
//! and the widget's history entries are bound into steps: a word typed, a run of erasing, a paste, a whole text laid out.
//! Everything that enters is scrubbed as [`Text::own`], and its origin is kept with it: steps bring that back too.

use tui_textarea::{CursorMove, DataCursor, TextArea};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use super::past::{KEPT, Kind, Open, Past, Step};
use crate::domain::origin::{Origin, Origins, Window};
use crate::domain::text::Cap;
use crate::domain::{Text, Time};

/// A place in the text: line and byte within it, always at a grapheme's edge.
pub type Place = (usize, usize);

/// Why nothing was put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// The text, its cursor, its selection and its past.
pub struct TextBox {
    area: TextArea<'static>,
    origins: Origins,
    past: Past,
    /// A joiner that was typed and waits for what it joins.
    joiner: Option<char>,
    edits: u64,
    bytes: usize,
    /// The cell that moves up and down aim at.
    pub(super) goal: Option<usize>,
    /// What of the text is on the screen.
    pub(super) view: super::text_view::View,
}

impl TextBox {
    /// A box with `text` in it, which came from there, and nothing to undo.
    pub fn new(text: &str, origins: Origins) -> TextBox {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(KEPT);
        TextBox {
            area,
            origins: origins.fitted(text),
            past: Past::default(),
            joiner: None,
            edits: 0,
            bytes: text.len(),
            goal: None,
            view: super::text_view::View::default(),
        }
    }

    /// The lines; never none.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// The text as one string.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Where each stretch of the text came from.
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// The text as it is kept, with its origins. Where scrubbing changes what joined as it was written, that is external.
    pub fn kept(&self) -> (Text, Origins) {
        let raw = self.text();
        let text = Text::own(&raw);
        let origins = if text.as_str() == raw {
            self.origins.clone()
        } else {
            self.origins.carried(&raw, text.as_str(), &Origin::External, usize::MAX)
        };
        (text, origins)
    }

    /// Bytes of the text.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts every change, undo and redo included.
    pub fn edits(&self) -> u64 {
        self.edits
    }

    /// Where the cursor is.
    pub fn cursor(&self) -> Place {
        let DataCursor(row, col) = self.area.cursor();
        (row, byte_of(self.line(row), col))
    }

    pub(super) fn line(&self, row: usize) -> &str {
        self.area.lines().get(row).map_or("", String::as_str)
    }

    /// The byte of the whole text at a place.
    pub fn byte_at(&self, (row, byte): Place) -> usize {
        self.area.lines().iter().take(row).map(|line| line.len() + 1).sum::<usize>() + byte
    }

    /// The place of a byte of the whole text; its end for what is beyond.
    pub fn place_of(&self, byte: usize) -> Place {
        let mut left = byte;
        for (row, line) in self.area.lines().iter().enumerate() {
            if left <= line.len() {
                return (row, left);
            }
            left -= line.len() + 1;
        }
        let last = self.area.lines().len() - 1;
        (last, self.line(last).len())
    }

    /// Puts the cursor at a place; `select` extends the selection to it.
    pub fn place(&mut self, (row, byte): Place, select: bool) {
        if !select {
            self.area.cancel_selection();
        } else if !self.area.is_selecting() {
            self.area.start_selection();
        }
        let row = row.min(self.area.lines().len() - 1);
        let line = self.line(row);
        let col = line.char_indices().take_while(|(at, _)| *at < byte).count();
        self.jump(row, col);
        self.view.follow = true;
    }

    /// The widget's own jump knows 65,536 lines and columns; the rest of the way is walked.
    fn jump(&mut self, row: usize, col: usize) {
        let near = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(near(row), near(col)));
        if self.area.cursor().0 != row {
            self.area.move_cursor(CursorMove::Bottom);
            self.area.move_cursor(CursorMove::Head);
            while self.area.cursor().0 > row {
                self.area.move_cursor(CursorMove::Up);
            }
        }
        if self.area.cursor() == (row, col) {
            return;
        }
        self.area.move_cursor(CursorMove::End);
        let end = self.area.cursor().1;
        if end - col.min(end) > col {
            self.area.move_cursor(CursorMove::Head);
            (0..col).for_each(|_| self.area.move_cursor(CursorMove::Forward));
        } else {
            (col..end).for_each(|_| self.area.move_cursor(CursorMove::Back));
        }
    }

    /// The selected stretch, when it holds anything.
    pub fn selection(&self) -> Option<(Place, Place)> {
        let ((from, from_col), (to, to_col)) = self.area.selection_range()?;
        let range = ((from, byte_of(self.line(from), from_col)), (to, byte_of(self.line(to), to_col)));
        (range.0 != range.1).then_some(range)
    }

    /// The selected text.
    pub fn selected(&self) -> Option<String> {
        let ((from, start), (to, end)) = self.selection()?;
        if from == to {
            return self.line(from).get(start..end).map(str::to_owned);
        }
        let mut text = self.line(from)[start..].to_owned();
        for line in &self.lines()[from + 1..to] {
            text.push('\n');
            text.push_str(line);
        }
        text.push('\n');
        text.push_str(&self.line(to)[..end]);
        Some(text)
    }

    /// Where the selected text came from.
    pub fn selected_origins(&self) -> Origins {
        self.selection().map_or(Origins::default(), |(from, to)| self.origins.slice(self.offset(from)..self.offset(to)))
    }

    /// Says that the unknown parts of the selection, or of all, are the person's own words; a step. `false` when there are none.
    pub fn declare(&mut self) -> bool {
        let range = self.selection().map_or(0..self.bytes, |(from, to)| self.offset(from)..self.offset(to));
        let old = self.origins.slice(range.clone());
        let new = old.declared();
        if new == old {
            return false;
        }
        let splice = self.origins.restate(range.start, new);
        self.remember(Step { entries: 0, splices: vec![splice] }, false);
        self.past.close();
        true
    }

    /// Other origins of the same text, as somebody else stated them; not a step.
    pub fn restate(&mut self, origins: &Origins) {
        self.origins = origins.fitted(&self.text());
    }

    /// Selects everything.
    pub fn select_all(&mut self) {
        self.place((0, 0), false);
        let last = self.lines().len() - 1;
        self.place((last, self.line(last).len()), true);
    }

    /// Lets go of the selection; `false` when there was none.
    pub fn unselect(&mut self) -> bool {
        let selecting = self.area.is_selecting();
        self.area.cancel_selection();
        selecting
    }

    /// One typed character. A joiner waits for what it joins; alone it is nothing anybody could see.
    pub fn type_char(&mut self, c: char, now: Time) -> Result<(), Full> {
        if matches!(c, '\u{200c}' | '\u{200d}') {
            self.joiner = Some(c);
            return Ok(());
        }
        let mut piece = Text::own(c.encode_utf8(&mut [0; 4])).as_str().to_owned();
        if let Some(joiner) = self.joiner.take() {
            let joined = format!("{}{joiner}{c}", self.grapheme_before());
            if Text::own(&joined).as_str() == joined {
                piece.insert(0, joiner);
            }
        }
        let blank = piece.chars().all(char::is_whitespace);
        let grows = self.may_join(Kind::Typing, now, blank);
        let step = self.put(&piece, &Origins::whole(piece.len(), Origin::Typed))?;
        self.remember(step, grows);
        self.past.keep_open(Open { kind: Kind::Typing, at: now, place: self.at(), blank });
        Ok(())
    }

    /// A whole text in place of the selection or at the cursor, as one step, and where it came from.
    pub fn insert(&mut self, text: &Text, origins: &Origins) -> Result<(), Full> {
        let step = self.put(text.as_str(), origins)?;
        self.remember(step, false);
        self.past.close();
        Ok(())
    }

    /// Another text in place of all of it, with its origins, as one step; what both have in common stays as it is. `false` when
    /// nothing differs.
    pub fn replace_all(&mut self, text: &Text, origins: &Origins) -> bool {
        let new: Vec<&str> = text.as_str().split('\n').collect();
        let old = self.lines();
        let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        if same == old.len() && same == new.len() {
            return false;
        }
        let room = old.len().min(new.len()) - same.min(old.len().min(new.len()));
        let tail = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
        // Whole lines with the break before or behind them, so that what is put in says exactly where lines end.
        let (from, start) = if same > 0 { (same - 1, old[same - 1].len()) } else { (0, 0) };
        let last = old.len() - tail;
        let (to, end) = if same > 0 {
            (last - 1, old[last - 1].len())
        } else if tail > 0 {
            (last, 0)
        } else {
            (last - 1, old[last - 1].len())
        };
        let middle = new[same..new.len() - tail].join("\n");
        let piece = match (same > 0, new.len() - tail > same) {
            (true, true) => format!("\n{middle}"),
            (true, false) => String::new(),
            (false, true) if tail > 0 => format!("{middle}\n"),
            (false, _) => middle,
        };
        self.place((from, start), false);
        self.place((to, end), true);
        let Ok(mut step) = self.put(&piece, &Origins::whole(piece.len(), Origin::External)) else { return false };
        step.splices.push(self.origins.restate(0, origins.fitted(text.as_str())));
        self.remember(step, false);
        self.past.close();
        true
    }

    /// Erases the selection, or from here to `place`.
    pub fn erase_to(&mut self, place: Place, now: Time) {
        if self.selection().is_none() {
            let grows = self.may_join(Kind::Erasing, now, false);
            if place == self.cursor() {
                return;
            }
            self.unselect();
            self.place(place, true);
            let step = self.drop_selected();
            self.remember(step, grows);
            self.past.keep_open(Open { kind: Kind::Erasing, at: now, place: self.at(), blank: false });
        } else {
            let step = self.drop_selected();
            self.remember(step, false);
            self.past.close();
        }
    }

    /// Takes the selection out and hands it over.
    pub fn cut(&mut self) -> Option<String> {
        let text = self.selected()?;
        let step = self.drop_selected();
        self.remember(step, false);
        self.past.close();
        Some(text)
    }

    /// Takes the latest step back.
    pub fn undo(&mut self) -> bool {
        let Some(step) = self.past.back() else { return false };
        (0..step.entries).for_each(|_| {
            self.area.undo();
        });
        step.splices.iter().rev().for_each(|splice| self.origins.revert(splice));
        self.stepped();
        true
    }

    /// Does the latest undone step again.
    pub fn redo(&mut self) -> bool {
        let Some(step) = self.past.forth() else { return false };
        (0..step.entries).for_each(|_| {
            self.area.redo();
        });
        step.splices.iter().for_each(|splice| self.origins.repeat(splice));
        self.stepped();
        true
    }

    /// Seeks `words`, case ignored, and marks every occurrence; empty ends the search.
    pub fn seek(&mut self, words: &str) {
        let pattern = if words.is_empty() { String::new() } else { format!("(?i){}", regex::escape(words)) };
        // An escaped pattern always compiles, except when it is too big; then the old one stays.
        let _ = self.area.set_search_pattern(pattern);
    }

    /// Goes to the next occurrence, or the previous; `here` accepts the one under the cursor.
    pub fn found(&mut self, forward: bool, here: bool) -> bool {
        self.area.cancel_selection();
        self.past.close();
        self.goal = None;
        self.view.follow = true;
        if forward { self.area.search_forward(here) } else { self.area.search_back(here) }
    }

    /// Bytes of `line` that the search marks.
    pub fn marks(&self, line: &str) -> Vec<(usize, usize)> {
        let Some(pattern) = self.area.search_pattern() else { return Vec::new() };
        pattern.find_iter(line).map(|found| (found.start(), found.end())).filter(|(start, end)| start < end).collect()
    }

    fn at(&self) -> (usize, usize) {
        let DataCursor(row, col) = self.area.cursor();
        (row, col)
    }

    fn may_join(&self, kind: Kind, now: Time, blank: bool) -> bool {
        self.selection().is_none() && self.past.goes_on(kind, self.at(), now, blank)
    }

    /// Puts `piece` in place of the selection.
    fn put(&mut self, piece: &str, origins: &Origins) -> Result<Step, Full> {
        let gone = self.selected().map_or(0, |text| text.len()).min(self.bytes);
        if self.bytes - gone + piece.len() > Cap::OWN.bytes {
            return Err(Full);
        }
        let from = self.selection().map_or(self.cursor(), |(from, _)| from);
        let at = self.offset(from);
        let mut entries = usize::from(self.area.cut());
        if !piece.is_empty() && self.area.insert_str(piece) {
            entries += 1;
        }
        self.bytes = self.bytes - gone + piece.len();
        if gone == 0 && piece.is_empty() {
            return Ok(Step { entries, splices: Vec::new() });
        }
        // Graphemes end where lines do: the lines from where it began to where it ended show what joined.
        let rows = from.0..=self.area.cursor().0;
        let lines = &self.area.lines()[rows.clone()];
        let joined;
        let text = match lines {
            [line] => line.as_str(),
            lines => {
                joined = lines.join("\n");
                &joined
            }
        };
        let splice = self.origins.edit(at, gone, origins, Window { start: at - from.1, text });
        Ok(Step { entries, splices: vec![splice] })
    }

    fn drop_selected(&mut self) -> Step {
        self.put("", &Origins::default()).unwrap_or_default()
    }

    fn remember(&mut self, step: Step, grows: bool) {
        self.goal = None;
        self.view.follow = true;
        if step.entries == 0 && step.splices.is_empty() {
            return;
        }
        self.edits += 1;
        self.past.remember(step, grows);
    }

    /// The byte of the whole text at a place.
    fn offset(&self, (row, byte): Place) -> usize {
        self.lines()[..row].iter().map(|line| line.len() + 1).sum::<usize>() + byte
    }

    fn stepped(&mut self) {
        self.past.close();
        self.goal = None;
        self.edits += 1;
        self.view.follow = true;
        self.bytes = self.lines().iter().map(|line| line.len() + 1).sum::<usize>() - 1;
    }

    fn grapheme_before(&self) -> &str {
        let (row, byte) = self.cursor();
        self.line(row)[..byte].graphemes(true).next_back().unwrap_or_default()
    }

    /// The place one character on, over line ends too; the end stays.
    pub(super) fn after(&self, (row, byte): Place) -> Place {
        let line = self.line(row);
        match GraphemeCursor::new(byte, line.len(), true).next_boundary(line, 0) {
            Ok(Some(next)) => (row, next),
            _ if row + 1 < self.lines().len() => (row + 1, 0),
            _ => (row, byte),
        }
    }

    /// The place one character back, over line ends too; the start stays.
    pub(super) fn before(&self, (row, byte): Place) -> Place {
        let line = self.line(row);
        match GraphemeCursor::new(byte, line.len(), true).prev_boundary(line, 0) {
            Ok(Some(previous)) => (row, previous),
            _ if row > 0 => (row - 1, self.line(row - 1).len()),
            _ => (row, byte),
        }
    }
}

fn byte_of(line: &str, col: usize) -> usize {
    line.char_indices().nth(col).map_or(line.len(), |(at, _)| at)
}
