//! A sitting over pairs of answers, as it stands on the screen: what was pressed for the pair that is looked at, before it counts.

use crate::domain::grade::{Record, Round, Side};
use crate::domain::{AssignmentId, Origin, Text, Time};

use super::widget::field::Field;

/// The sheet.
#[derive(Debug)]
pub struct Grading {
    /// Whose draft the records go into.
    pub assignment: AssignmentId,
    /// The pairs and what was chosen.
    pub round: Round,
    /// The words by which to judge: the brief.
    pub rubric: Text,
    /// Rows of it scrolled away.
    pub scroll: usize,
    /// Words that a reason has at least.
    pub reason_words: u32,
    /// A tie is no answer here.
    pub no_ties: bool,
    /// The job wants to know how long each took.
    pub timed: bool,
    /// The better one, once said.
    pub side: Option<Side>,
    /// How good it is, once said.
    pub rating: Option<u8>,
    /// Why.
    pub reason: Field,
    /// Part of the reason was pasted.
    pub pasted: bool,
    /// The reason is being typed.
    pub typing: bool,
    /// What is to be said.
    pub note: String,
    /// It was said that this went fast.
    warned: bool,
}

/// What the job asks of each judgement.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    pub reason_words: u32,
    pub no_ties: bool,
    pub timed: bool,
}

impl Grading {
    /// A sheet at the first pair that is not judged.
    pub fn new(assignment: AssignmentId, round: Round, rubric: Text, terms: Terms) -> Grading {
        let mut grading = Grading {
            assignment,
            round,
            rubric,
            scroll: 0,
            reason_words: terms.reason_words,
            no_ties: terms.no_ties,
            timed: terms.timed,
            side: None,
            rating: None,
            reason: Field::default(),
            pasted: false,
            typing: false,
            note: String::new(),
            warned: false,
        };
        grading.look();
        grading
    }

    /// What was judged of the pair before is what stands there now.
    fn look(&mut self) {
        let before = self.round.before().map(|(side, record)| (side, record.rating, record.reason.clone()));
        self.side = before.as_ref().map(|(side, ..)| *side);
        self.rating = before.as_ref().map(|(_, rating, _)| *rating);
        self.reason = before.map_or_else(Field::default, |(.., reason)| Field::with(reason.as_str()));
        (self.pasted, self.typing, self.warned) = (false, false, false);
    }

    /// Goes to another pair.
    pub fn turn(&mut self, forward: bool, now: Time) {
        self.round.turn(forward, now);
        self.note.clear();
        self.look();
    }

    /// One side is better, or neither.
    pub fn choose(&mut self, side: Side) {
        if side == Side::Neither && self.no_ties {
            self.note = "No ties here: choose one.".to_owned();
            return;
        }
        self.side = Some(side);
        self.note.clear();
        self.go_on();
    }

    /// How good it is, 1 to 7.
    pub fn rate(&mut self, rating: u8) {
        self.rating = Some(rating);
        self.note.clear();
        self.go_on();
    }

    /// With both said, the reason is next.
    fn go_on(&mut self) {
        self.typing = self.side.is_some() && self.rating.is_some() && self.reason.text().is_empty();
    }

    /// Words of the reason.
    pub fn words(&self) -> u32 {
        u32::try_from(self.reason.text().split_whitespace().count()).unwrap_or(u32::MAX)
    }

    /// Counts the judgement as it stands, if it is whole: the record for the draft, with the origin of its words. A repeat has none.
    pub fn judge(&mut self, now: Time) -> Option<(Record, Origin)> {
        let (Some(side), Some(rating)) = (self.side, self.rating) else {
            self.typing = false;
            self.note = "First the better one and a rating from 1 to 7.".to_owned();
            return None;
        };
        let repeat = self.round.current().is_some_and(|(turn, _)| turn.repeat);
        if !repeat && self.words() < self.reason_words {
            self.typing = true;
            self.note = format!("The reason has {} of {} words.", self.words(), self.reason_words);
            return None;
        }
        if let Some(least) = self.round.hurried(now).filter(|_| !self.warned) {
            self.warned = true;
            self.note =
                format!("{} s; reading both takes {least} s or more. Enter again keeps the judgement.", self.round.looked(now));
            return None;
        }
        let origin = if self.pasted { Origin::Pasted } else { Origin::Typed };
        let reason = Text::title(self.reason.text().trim());
        let record = self.round.judge(side, rating, reason, self.timed, now);
        self.note = self.told(now);
        self.look();
        record.map(|record| (record, origin))
    }

    /// What is to be said after a judgement.
    fn told(&mut self, now: Time) -> String {
        if let Some(made) = self.round.tired(now) {
            return format!("{made} in a row. A short break keeps your judgement even; all of them are saved.");
        }
        if !self.round.is_done() {
            return String::new();
        }
        let agreement = self.round.agreement().map_or_else(String::new, |(kappa, n)| {
            let pairs = if n == 1 { "1 pair".to_owned() } else { format!("{n} pairs") };
            format!(" Where {pairs} came twice you agreed with yourself: kappa {}.{:02}.", kappa / 100, (kappa % 100).abs())
        });
        format!("All are judged and in the draft.{agreement}")
    }
}
