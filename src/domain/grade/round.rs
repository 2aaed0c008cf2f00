//! One sitting: which pair comes next, on which side its answers stand, and what was chosen.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use super::{Better, Pair, Record};
use crate::domain::check::kappa;
use crate::domain::{AssignmentId, Text, Time};

/// One in so many pairs comes twice; fewer than these, none does.
const REPEATED: usize = 20;
/// Nobody reads faster than so many words a second (480 a minute) and judges too.
const WORDS_A_SECOND: usize = 8;
/// After so many judgements, or so long, a break is proposed.
const TIRING: usize = 40;
const LONG: TimeDelta = TimeDelta::minutes(45);

/// Where an answer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// On the left, or above.
    Left,
    /// On the right, or below.
    Right,
    /// Neither.
    Neither,
}

/// One pair to be judged, or judged again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which pair.
    pub pair: usize,
    /// Answer B stands on the left.
    pub swapped: bool,
    /// It was judged before; this time is for the judge alone.
    pub repeat: bool,
    /// What was chosen, by the letters of the job.
    pub chosen: Option<Better>,
}

/// The sitting.
#[derive(Clone, Debug)]
pub struct Round {
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// In the order in which they come.
    pub turns: Vec<Turn>,
    /// The one that is looked at.
    pub at: usize,
    /// Since when it is looked at.
    pub since: Time,
    /// When the sitting began, or the last break was proposed; judgements made since.
    began: (Time, usize),
    /// What is judged.
    pub records: BTreeMap<Text, Record>,
}

impl Round {
    /// A sitting over these pairs, of which some are judged. The order and the sides are drawn by the assignment, so that they are the same
    /// when it is opened again.
    pub fn new(assignment: &AssignmentId, pairs: Vec<Pair>, judged: Vec<Record>, now: Time) -> Round {
        let lot = |id: &Text, what: &str| -> [u8; 32] { Sha256::digest(format!("{assignment}|{id}|{what}")).into() };
        let swapped = |n: usize| lot(&pairs[n].id, "side")[0] & 1 == 1;
        let mut order: Vec<usize> = (0..pairs.len()).collect();
        order.sort_by_key(|n| lot(&pairs[*n].id, "order"));
        let mut turns: Vec<Turn> =
            order.iter().map(|n| Turn { pair: *n, swapped: swapped(*n), repeat: false, chosen: None }).collect();
        let repeats = if pairs.len() < REPEATED { 0 } else { pairs.len().div_ceil(REPEATED) };
        // Those that came first come again at the end, when they are forgotten.
        turns.extend(order.iter().take(repeats).map(|n| Turn { pair: *n, swapped: !swapped(*n), repeat: true, chosen: None }));
        let records: BTreeMap<Text, Record> = judged.into_iter().map(|record| (record.id.clone(), record)).collect();
        let mut round = Round { pairs, turns, at: 0, since: now, began: (now, 0), records };
        for turn in round.turns.iter_mut().filter(|turn| !turn.repeat) {
            turn.chosen = round.records.get(&round.pairs[turn.pair].id).map(|record| record.better);
        }
        round.at = round.next_open().unwrap_or(0);
        round
    }

    /// The turn and its pair.
    pub fn current(&self) -> Option<(&Turn, &Pair)> {
        let turn = self.turns.get(self.at)?;
        Some((turn, self.pairs.get(turn.pair)?))
    }

    /// What stands left and right.
    pub fn sides(&self) -> Option<(&Text, &Text)> {
        let (turn, pair) = self.current()?;
        Some(if turn.swapped { (&pair.b, &pair.a) } else { (&pair.a, &pair.b) })
    }

    /// What was judged of it before, with its side; nothing of a repeat, which is to be judged anew.
    pub fn before(&self) -> Option<(Side, &Record)> {
        let (turn, pair) = self.current().filter(|(turn, _)| !turn.repeat)?;
        let record = self.records.get(&pair.id)?;
        Some((side(record.better, turn.swapped), record))
    }

    /// Seconds that it was looked at.
    pub fn looked(&self, now: Time) -> u32 {
        u32::try_from((now - self.since).num_seconds().max(0)).unwrap_or(u32::MAX)
    }

    /// Seconds that reading it takes at the least, where it was judged faster than that.
    pub fn hurried(&self, now: Time) -> Option<u32> {
        let (_, pair) = self.current()?;
        let words: usize = [&pair.question, &pair.a, &pair.b].map(|text| text.as_str().split_whitespace().count()).iter().sum();
        let least = u32::try_from(words.div_ceil(WORDS_A_SECOND)).unwrap_or(u32::MAX);
        (self.looked(now) < least).then_some(least)
    }

    /// Judges the one that is looked at and goes on; the record to be written, none for a repeat.
    pub fn judge(&mut self, side: Side, rating: u8, reason: Text, timed: bool, now: Time) -> Option<Record> {
        let seconds = self.looked(now);
        let turn = self.turns.get_mut(self.at)?;
        let better = better(side, turn.swapped);
        turn.chosen = Some(better);
        let (is_repeat, id) = (turn.repeat, self.pairs.get(turn.pair)?.id.clone());
        self.began.1 += 1;
        let record = Record { id: id.clone(), better, rating, reason, seconds: timed.then_some(seconds) };
        if !is_repeat {
            self.records.insert(id, record.clone());
        }
        self.go(self.next_open().unwrap_or(self.at), now);
        (!is_repeat).then_some(record)
    }

    /// Looks at another one.
    pub fn turn(&mut self, forward: bool, now: Time) {
        let n = self.turns.len().max(1);
        self.go(if forward { (self.at + 1) % n } else { (self.at + n - 1) % n }, now);
    }

    fn go(&mut self, at: usize, now: Time) {
        (self.at, self.since) = (at, now);
    }

    /// The next one that is not judged, behind the one that is looked at first.
    fn next_open(&self) -> Option<usize> {
        let n = self.turns.len();
        (0..n).map(|step| (self.at + step) % n).find(|at| self.turns[*at].chosen.is_none())
    }

    /// Judged, and all that are to be delivered.
    pub fn count(&self) -> (usize, usize) {
        (self.pairs.iter().filter(|pair| self.records.contains_key(&pair.id)).count(), self.pairs.len())
    }

    /// All is judged, repeats too.
    pub fn is_done(&self) -> bool {
        self.next_open().is_none()
    }

    /// How far the judge agrees with themselves where a pair came twice: kappa in hundredths, and of how many pairs.
    pub fn agreement(&self) -> Option<(i64, usize)> {
        let number = |better: Better| better as usize;
        let both: Vec<(usize, usize)> = self
            .turns
            .iter()
            .filter(|turn| turn.repeat)
            .filter_map(|turn| {
                let first = self.turns.iter().find(|other| other.pair == turn.pair && !other.repeat)?.chosen?;
                Some((number(first), number(turn.chosen?)))
            })
            .collect();
        Some((kappa(&both)?, both.len()))
    }

    /// Judgements made in a row, when they are so many that a break is due; it is told once.
    pub fn tired(&mut self, now: Time) -> Option<usize> {
        let (since, made) = self.began;
        let due = made >= TIRING || made > 0 && now - since >= LONG;
        due.then(|| {
            self.began = (now, 0);
            made
        })
    }
}

fn better(side: Side, swapped: bool) -> Better {
    match (side, swapped) {
        (Side::Neither, _) => Better::Tie,
        (Side::Left, false) | (Side::Right, true) => Better::A,
        (Side::Left, true) | (Side::Right, false) => Better::B,
    }
}

fn side(better: Better, swapped: bool) -> Side {
    match (better, swapped) {
        (Better::Tie, _) => Side::Neither,
        (Better::A, false) | (Better::B, true) => Side::Left,
        (Better::A, true) | (Better::B, false) => Side::Right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(n: usize) -> Vec<Pair> {
        let text = |what: &str, n: usize| Text::body(&format!("{what} {n}"));
        (0..n)
            .map(|n| Pair {
                id: Text::title(&format!("t{n}")),
                question: text("q", n),
                a: text("first", n),
                b: text("second", n),
            })
            .collect()
    }

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(1_800_000_000 + seconds, 0).unwrap_or_default()
    }

    #[test]
    fn sides_are_shuffled_and_the_letters_come_out_right() {
        let id = AssignmentId::new("practice:a1");
        let mut round = Round::new(&id, pairs(40), Vec::new(), at(0));
        let left_is_a = round.turns.iter().filter(|turn| !turn.repeat && !turn.swapped).count();
        assert!((8..=32).contains(&left_is_a), "{left_is_a} of 40");
        assert_ne!(round.turns.iter().take(40).map(|turn| turn.pair).collect::<Vec<_>>(), (0..40).collect::<Vec<_>>());
        assert_eq!(round.turns.len(), 42, "one in twenty comes twice");
        let mut seconds = 0;
        while !round.is_done() {
            seconds += 10;
            // The person likes whatever says "first".
            let (left, _) = round.sides().unwrap();
            let side = if left.as_str().starts_with("first") { Side::Left } else { Side::Right };
            let repeat = round.current().unwrap().0.repeat;
            let record = round.judge(side, 5, Text::title("why"), true, at(seconds));
            assert_eq!(record.is_none(), repeat);
            assert!(record.is_none_or(|record| record.better == Better::A && record.seconds == Some(10)));
        }
        assert_eq!((round.count(), round.agreement()), ((40, 40), Some((100, 2))));
        // Opened again it goes on where it was, with the same sides.
        let some: Vec<Record> = round.records.values().take(10).cloned().collect();
        let again = Round::new(&id, pairs(40), some, at(999));
        assert_eq!(again.count(), (10, 40));
        assert!(again.turns.iter().zip(&round.turns).all(|(a, b)| (a.pair, a.swapped) == (b.pair, b.swapped)));
        assert_ne!(Round::new(&AssignmentId::new("practice:a2"), pairs(40), Vec::new(), at(0)).turns, again.turns);
    }

    #[test]
    fn haste_and_weariness_are_noticed() {
        let long = Pair { a: Text::body(&"word ".repeat(160)), ..pairs(1).remove(0) };
        let mut all = pairs(60);
        all[0] = long.clone();
        let mut round = Round::new(&AssignmentId::new("p:1"), vec![long], Vec::new(), at(0));
        assert_eq!((round.hurried(at(3)), round.hurried(at(30))), (Some(21), None));
        round.judge(Side::Left, 1, Text::default(), false, at(30));
        assert_eq!(round.tired(at(60)), None);
        let mut round = Round::new(&AssignmentId::new("p:1"), all, Vec::new(), at(0));
        (0..40).for_each(|n| drop(round.judge(Side::Neither, 4, Text::default(), false, at(n))));
        assert_eq!((round.tired(at(41)), round.tired(at(42))), (Some(40), None), "once");
        round.judge(Side::Neither, 4, Text::default(), false, at(43));
        assert_eq!(round.tired(at(41 + 46 * 60)), Some(1));
    }
}
