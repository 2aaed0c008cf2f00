//! What happens by itself: jobs run out, sleepers wake, a poll round ends without a job.

use std::collections::BTreeSet;

use super::block::NONE;
use super::cells;
use super::coding::Fresh;
use super::columns::Columns;
use super::mask::ROWS;
use super::table::{may_expire, next_expiry};
use crate::domain::triage::Marks;
use crate::domain::{JobKey, SourceName, Time};

/// Who wakes when, and which poll round each source is in.
#[derive(Default)]
pub(super) struct Clock {
    wakes: BTreeSet<(u32, u32)>,
    /// When each sleeper's entry is.
    asleep: std::collections::HashMap<u32, u32>,
    rounds: Vec<u8>,
}

impl Clock {
    /// The row's marks are these now.
    pub(super) fn sleep(&mut self, row: u32, marks: Marks) {
        let until = marks.snoozed_until.map(cells::until);
        let before = match until {
            Some(at) => self.asleep.insert(row, at),
            None if self.asleep.is_empty() => None,
            None => self.asleep.remove(&row),
        };
        if let Some(before) = before {
            self.wakes.remove(&(before, row));
        }
        if let Some(at) = until {
            self.wakes.insert((at, row));
        }
    }

    pub(super) fn round(&self, source: u16) -> u8 {
        self.rounds.get(usize::from(source)).copied().unwrap_or_default()
    }
}

/// What the clock did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// A view may show something else.
    pub moved: bool,
    /// More is due: ask again before anything is shown.
    pub more: bool,
    /// Jobs that ran out.
    pub expired: Vec<JobKey>,
}

/// A poll of one source under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    source: u16,
    number: u8,
    next: usize,
}

impl Columns {
    /// Moves the feed's clock to `now`, and about `rows` jobs with it at most.
    pub fn tick(&mut self, now: Time, rows: usize) -> Ticked {
        let now = cells::past(now);
        let mut ticked = Ticked::default();
        if now == self.lives.moment.now && self.next_due() > now {
            return ticked;
        }
        self.lives.moment.now = now;
        let mut left = rows.max(1);
        for block in 0..self.table.expiries.len() {
            if self.table.expiries[block] > now {
                continue;
            }
            if left == 0 {
                ticked.more = true;
                return ticked;
            }
            self.expire(block, now, &mut left, &mut ticked);
        }
        while let Some((at, row)) = self.clock.wakes.first().copied().filter(|(at, _)| *at <= now) {
            if left == 0 {
                ticked.more = true;
                return ticked;
            }
            left -= 1;
            self.clock.wakes.remove(&(at, row));
            self.clock.asleep.remove(&row);
            self.lives.hold(&self.table, row);
            self.lives.settle(&self.table, row);
            ticked.moved = true;
        }
        loop {
            if left == 0 {
                ticked.more |= self.lives.next_flip() <= now;
                return ticked;
            }
            match self.lives.flip(&self.table) {
                Some(moved) => ticked.moved |= moved,
                None => return ticked,
            }
            left = left.saturating_sub(ROWS / 4);
        }
    }

    fn expire(&mut self, block: usize, now: u32, left: &mut usize, ticked: &mut Ticked) {
        let rows = &self.table.blocks[block];
        let n = &rows.numbers;
        let due: Vec<usize> = rows.live.rows().filter(|at| may_expire(n.status[*at]) && n.expires[*at] <= now).collect();
        for at in due {
            if *left == 0 {
                ticked.more = true;
                return;
            }
            *left -= 1;
            let row = (block * ROWS + at) as u32;
            self.lives.hold(&self.table, row);
            self.table.blocks[block].numbers.status[at] = cells::EXPIRED;
            self.lives.settle(&self.table, row);
            ticked.moved = true;
            ticked.expired.push(JobKey::again(self.table.key(row)));
        }
        self.table.expiries[block] = next_expiry(&self.table.blocks[block]);
    }

    fn next_due(&self) -> u32 {
        let expiry = self.table.expiries.iter().copied().min().unwrap_or(NONE);
        let wake = self.clock.wakes.first().map_or(NONE, |(at, _)| *at);
        expiry.min(wake).min(self.lives.next_flip())
    }

    /// When the clock next changes what is shown; not before the last tick.
    pub fn next_tick(&self) -> Option<Time> {
        cells::told(self.next_due())
    }

    /// A poll of `source` begins that will list all it has. What is upserted or touched from now on is noted as listed.
    pub fn begin_round(&mut self, source: &SourceName) -> Round {
        let named = self.table.names.sources.name_text(source.as_str());
        // Its first job finds the name known already: what asks for the source has to hear of it here.
        self.lives.learn(&Fresh::source(named), &self.table);
        let source = named.id as u16;
        let at = usize::from(source);
        if at >= self.clock.rounds.len() {
            self.clock.rounds.resize(at + 1, 0);
        }
        self.clock.rounds[at] = self.clock.rounds[at].wrapping_add(1);
        Round { source, number: self.clock.rounds[at], next: 0 }
    }

    /// Marks jobs as vanished that the ended round did not list, in the next `rows` jobs. Returns those found, and the round to go on
    /// with until there is none. A round that another one has overtaken finds nothing more.
    pub fn sweep(&mut self, round: Round, rows: usize, now: Time) -> (Vec<JobKey>, Option<Round>) {
        let mut gone = Vec::new();
        if self.clock.round(round.source) != round.number {
            return (gone, None);
        }
        let end = (round.next + rows.div_ceil(ROWS).max(1)).min(self.table.blocks.len());
        for block in round.next..end {
            let rows = &self.table.blocks[block];
            let n = &rows.numbers;
            let missed = rows.live.pick(|at| {
                n.source.get(at).is_some_and(|source| {
                    *source == round.source && n.round[at] != round.number && n.status[at] != cells::VANISHED
                })
            });
            for at in missed.rows() {
                let row = (block * ROWS + at) as u32;
                self.lives.hold(&self.table, row);
                let mut cells = self.table.cells(row);
                cells.status = cells::VANISHED;
                cells.said = 0;
                cells.last_seen = cells::past(now);
                self.table.put(row, &cells);
                self.lives.settle(&self.table, row);
                gone.push(JobKey::again(self.table.key(row)));
            }
        }
        let more = end < self.table.blocks.len();
        (gone, more.then_some(Round { next: end, ..round }))
    }
}
