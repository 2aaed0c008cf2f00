//! What differs between the draft and an answer, decided piece by piece.

use crate::domain::hunk::{Hunk, hunks};
use crate::domain::{Origin, Text};

/// What was decided about a hunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// Nothing yet.
    Open,
    /// It is in the draft.
    Taken,
    /// It stays out.
    Left,
}

/// A hunk to be put into the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The first byte, in the draft as it is now.
    pub at: usize,
    /// What stands there.
    pub old: String,
    /// What takes its place.
    pub new: Text,
    /// Whose words it is.
    pub origin: Origin,
}

/// The pieces, and where the decisions stand.
#[derive(Clone, Debug)]
pub struct Review {
    /// The draft that they are about.
    pub before: String,
    /// The pieces, by their place in it.
    pub hunks: Vec<(Hunk, Decided)>,
    /// The one under the cursor.
    pub at: usize,
    call: Text,
}

impl Review {
    /// What makes `after` of the draft, said in a call.
    pub fn new(before: &str, after: &str, call: Text) -> Review {
        let hunks = hunks(before, after).into_iter().map(|hunk| (hunk, Decided::Open)).collect();
        Review { before: before.to_owned(), hunks, at: 0, call }
    }

    /// Nothing differs.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }

    /// Every piece is decided.
    pub fn is_done(&self) -> bool {
        self.hunks.iter().all(|(_, decided)| *decided != Decided::Open)
    }

    /// Pieces that were taken, and all.
    pub fn count(&self) -> (usize, usize) {
        (self.hunks.iter().filter(|(_, decided)| *decided == Decided::Taken).count(), self.hunks.len())
    }

    /// Goes to the next piece, or the one before.
    pub fn turn(&mut self, forward: bool) {
        let n = self.hunks.len().max(1);
        self.at = if forward { (self.at + 1) % n } else { (self.at + n - 1) % n };
    }

    /// Takes the piece under the cursor, unless it is decided.
    pub fn take(&mut self) -> Option<Taken> {
        let shift: isize = self.hunks[..self.at.min(self.hunks.len())]
            .iter()
            .filter(|(_, decided)| *decided == Decided::Taken)
            .map(|(hunk, _)| hunk.new.len() as isize - hunk.old.len() as isize)
            .sum();
        let (hunk, decided) = self.hunks.get_mut(self.at).filter(|(_, decided)| *decided == Decided::Open)?;
        *decided = Decided::Taken;
        let origin = Origin::Ai { call: self.call.clone() };
        let taken = Taken { at: hunk.at.checked_add_signed(shift)?, old: hunk.old.clone(), new: Text::own(&hunk.new), origin };
        self.onward();
        Some(taken)
    }

    /// Leaves the piece under the cursor out.
    pub fn leave(&mut self) {
        if let Some((_, decided)) = self.hunks.get_mut(self.at).filter(|(_, decided)| *decided == Decided::Open) {
            *decided = Decided::Left;
            self.onward();
        }
    }

    /// To the next piece that is open, around the end.
    fn onward(&mut self) {
        let n = self.hunks.len();
        let next = (1..=n).map(|step| (self.at + step) % n).find(|at| self.hunks[*at].1 == Decided::Open);
        self.at = next.unwrap_or(self.at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// In whatever order pieces are taken, all of them make the answer, and each finds its place.
        #[test]
        fn order_does_not_matter(before in "([a-d]{1,6}[ \n]){0,30}", after in "([a-d]{1,6}[ \n]){0,30}", turns in prop::collection::vec(0_usize..40, 0..40)) {
            let mut review = Review::new(&before, &after, Text::title("ai-1"));
            let mut draft = before.clone();
            let mut turns = turns.into_iter();
            while !review.is_done() {
                for _ in 0..turns.next().unwrap_or(0) {
                    review.turn(true);
                }
                // On one that is decided nothing happens.
                let Some(taken) = review.take() else {
                    review.turn(true);
                    continue;
                };
                prop_assert_eq!(draft.get(taken.at..taken.at + taken.old.len()), Some(taken.old.as_str()));
                draft.replace_range(taken.at..taken.at + taken.old.len(), taken.new.as_str());
            }
            prop_assert_eq!(draft, after);
        }
    }
}
