//! What an assistant said, before anything of it is in the draft: answers as they come ([`Answer`]), what differs when one is chosen
//! ([`Review`]). Nothing here touches the draft; taking a hunk is an effect.

mod review;

pub use review::{Decided, Review, Taken};

use crate::domain::ai::{Action, Ended, Place, Wish};
use crate::domain::draft::FileItem;
use crate::domain::spend::Spent;
use crate::domain::{AssignmentId, Text};
use crate::engine::api::{Asking, Said};

/// One answer, as far as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its column.
    pub column: Text,
    /// The call whose words it has.
    pub call: Text,
    /// Of the text.
    pub edition: u32,
    /// The words.
    pub text: String,
    /// Files that came with them.
    pub files: Vec<FileItem>,
    /// It is over.
    pub ended: Option<Ended>,
    /// What is to be said about it.
    pub note: Text,
    /// What it cost so far.
    pub spent: Option<Spent>,
}

/// Everything on the sheet.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What was asked.
    pub asking: Asking,
    /// The answers, side by side.
    pub answers: Vec<Answer>,
    /// Which of them is looked at.
    pub at: usize,
    /// The line of it under the cursor, where lines are picked.
    pub line: usize,
    /// Lines that were picked, in that order: answer and line.
    pub picked: Vec<(usize, usize)>,
    /// Rows scrolled.
    pub scroll: usize,
    /// What differs, once an answer was chosen.
    pub review: Option<Review>,
    /// The person scrolled: the end is not followed any more.
    pub still: bool,
    /// What was wished, to be asked again.
    pub wish: Wish,
}

impl Preview {
    /// A sheet without a word yet.
    pub fn new(asking: Asking, wish: Wish) -> Preview {
        let answer = |column: &Text| Answer {
            column: column.clone(),
            call: column.clone(),
            edition: 0,
            text: String::new(),
            files: Vec::new(),
            ended: None,
            note: Text::default(),
            spent: None,
        };
        let answers = asking.columns.iter().map(answer).collect();
        Preview { asking, answers, at: 0, line: 0, picked: Vec::new(), scroll: 0, review: None, still: false, wish }
    }

    /// Whose draft it is about.
    pub fn assignment(&self) -> &AssignmentId {
        &self.asking.assignment
    }

    /// Takes in what was said; whether it is one of these answers, and goes on.
    pub fn said(&mut self, said: &Said) -> bool {
        let Some(answer) = self.answers.iter_mut().find(|answer| answer.column == said.column) else { return false };
        answer.text.truncate(answer.text.floor_char_boundary(said.from));
        answer.text.push_str(said.text.as_str());
        answer.edition = said.edition;
        answer.call = said.call.clone();
        answer.files = said.files.clone();
        answer.ended = said.ended;
        answer.note = said.note.clone();
        answer.spent = Some(said.spent.clone());
        answer.ended.is_none()
    }

    /// Answers that still come.
    pub fn coming(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(|answer| answer.ended.is_none())
    }

    /// Several answers are there to choose from.
    pub fn is_choice(&self) -> bool {
        self.answers.len() > 1 && self.review.is_none()
    }

    /// Its words are only to be read.
    pub fn is_to_read(&self) -> bool {
        self.asking.place == Place::Nowhere || self.asking.action == Action::Critique
    }

    /// The answer that is looked at.
    pub fn answer(&self) -> Option<&Answer> {
        self.answers.get(self.at)
    }

    /// Looks at another answer.
    pub fn turn(&mut self, forward: bool) {
        let n = self.answers.len().max(1);
        self.at = if forward { (self.at + 1) % n } else { (self.at + n - 1) % n };
        self.line = 0;
    }

    /// Scrolls; the end is not followed any more.
    pub fn scroll_by(&mut self, delta: i64) {
        let delta = isize::try_from(delta).unwrap_or(0);
        self.scroll = self.scroll.saturating_add_signed(delta);
        self.still = true;
    }

    /// Goes down or up: to the next change, the next line, or in the text.
    pub fn step(&mut self, down: bool) {
        let lines = self.answer().map_or(0, |answer| answer.text.lines().count());
        match &mut self.review {
            Some(review) => review.turn(down),
            None if self.answers.len() > 1 => {
                self.line = if down { (self.line + 1).min(lines.saturating_sub(1)) } else { self.line.saturating_sub(1) };
            }
            None => self.scroll_by(if down { 1 } else { -1 }),
        }
    }

    /// Picks the line under the cursor, or leaves it again, and goes on to the next.
    pub fn pick(&mut self) {
        let lines = self.answer().map_or(0, |answer| answer.text.lines().count());
        let place = (self.at, self.line);
        if self.line < lines {
            match self.picked.iter().position(|picked| *picked == place) {
                Some(at) => drop(self.picked.remove(at)),
                None => self.picked.push(place),
            }
            self.line = (self.line + 1).min(lines.saturating_sub(1));
        }
    }

    /// The chosen words, and the call of the answer that most of them are of: the picked lines, else the whole answer.
    pub fn chosen(&self) -> Option<(String, Text)> {
        let line = |(answer, line): &(usize, usize)| self.answers.get(*answer)?.text.lines().nth(*line);
        match self.picked.first() {
            None => self.answer().map(|answer| (answer.text.clone(), answer.call.clone())),
            Some(_) => {
                let text = self.picked.iter().filter_map(line).collect::<Vec<_>>().join("\n");
                let count = |n: usize| self.picked.iter().filter(|(answer, _)| *answer == n).count();
                let most = (0..self.answers.len()).max_by_key(|n| count(*n))?;
                Some((text, self.answers.get(most)?.call.clone()))
            }
        }
    }
}
