//! The feed: what every job says, in columns, and the views over it.

use super::Arrival;
use super::block::{Cells, NONE, flag};
use super::cells;
use super::clock::Clock;
use super::coding::set;
use super::lives::{Lives, Progress};
use super::mask::ROWS;
use super::plan::Moment;
use super::said::Said;
use super::table::{Large, Table};
use super::verdict::{Judged, Upsert};
use crate::domain::listing::{Listing, Worth};
use crate::domain::triage::Marks;
use crate::domain::{AssignmentState, Job, JobKey, Time, View};

/// All jobs in short, and the views over them. The whole jobs are in the store.
///
/// The feed's clock is moved by [`Columns::tick`] alone: what a view shows is as of the last tick. Times are told to the second.
pub struct Columns {
    pub(super) table: Table,
    pub(super) lives: Lives,
    pub(super) clock: Clock,
}

impl Columns {
    /// An empty feed at `now`, taken as left then: what comes later is new.
    pub fn new(now: Time) -> Columns {
        let mut columns = Columns { table: Table::default(), lives: Lives::default(), clock: Clock::default() };
        columns.lives.moment = Moment { now: cells::past(now), left: cells::past(now) };
        columns
    }

    /// Jobs known.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// No job known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the job is known.
    pub fn contains(&self, key: &str) -> bool {
        self.table.find(key).is_some()
    }

    /// One job in short.
    pub fn listing(&self, key: &str) -> Option<Listing<'_>> {
        self.table.find(key).map(|row| self.table.listing(row))
    }

    /// Whether brief and attachments of the job were fetched once.
    pub fn is_detailed(&self, key: &str) -> bool {
        self.table.find(key).is_some_and(|row| self.table.cells(row).flags & flag::DETAILED != 0)
    }

    /// How many stretches [`Columns::stretch`] knows.
    pub fn stretches(&self) -> usize {
        self.table.blocks.len()
    }

    /// The jobs of one stretch (at most 1,024), in no order: for work that goes over all jobs in pieces. Jobs that come while it goes
    /// on may be met or not; none is met twice unless it left and came back.
    pub fn stretch(&self, number: usize) -> impl Iterator<Item = Listing<'_>> {
        let rows = self.table.blocks.get(number).map(|block| block.live).unwrap_or_default();
        let rows: Vec<usize> = rows.rows().collect();
        rows.into_iter().map(move |at| self.table.listing((number * ROWS + at) as u32))
    }

    /// Takes a listing in. `judge` is asked for the person's side of the job, unless nothing changed; it is given what is known so far.
    pub fn upsert_with(&mut self, job: &Job, now: Time, judge: impl FnOnce(Option<Judged>) -> Judged) -> Upsert {
        let said = Said::of(job);
        let Some(row) = self.table.find(job.key.as_str()) else {
            return self.arrive(job, &said, &judge(None));
        };
        // A job that says nothing new is the usual one: only the columns that tell so are looked at.
        let reopened = !self.table.is_open(row, cells::past(now)) && job.is_open(now);
        let (block, at) = super::table::place(row);
        let numbers = &mut self.table.blocks[block].numbers;
        let was_detailed = numbers.flags[at] & flag::DETAILED != 0;
        let keep_details = was_detailed && !job.detailed && numbers.stamp[at] == said.stamp;
        let same_body = keep_details || numbers.body[at] == said.body && was_detailed == job.detailed;
        let round = self.clock.round(numbers.source[at]);
        if numbers.said[at] == said.listing && same_body && !reopened {
            numbers.last_seen[at] = cells::past(now);
            numbers.round[at] = round;
            return self.told(row, Arrival::Same, keep_details);
        }
        let old = self.table.cells(row);
        let judged = judge(Some(self.judged(row, &old)));
        self.lives.hold(&self.table, row);
        let (mut cells, mut large, fresh) = self.table.encode(job, &said);
        self.lives.learn(&fresh, &self.table);
        cells.arrival = old.arrival;
        cells.first_seen = old.first_seen;
        if job.posted_at.is_none() {
            cells.since = old.first_seen;
        }
        cells.last_seen = cells::past(now);
        cells.count = old.count.saturating_add(1);
        cells.round = round;
        cells.flags |= old.flags & (flag::ASLEEP | flag::REOPENED | flag::BEYOND);
        if keep_details {
            cells.body = old.body;
            // What was found in the texts that stay was found.
            cells.flags |= old.flags & flag::SUSPICIOUS;
            cells.signs |= old.signs;
            set(&mut cells.flags, flag::DETAILED, true);
        }
        if reopened {
            set(&mut cells.flags, flag::REOPENED, true);
            self.table.beside.reopened.insert(row, now);
        }
        self.table.judge(row, &mut cells, &mut large, &judged);
        self.table.release(&old);
        self.table.put(row, &cells);
        self.table.retitle(row, job.title.as_str());
        self.clock.sleep(row, judged.marks);
        self.lives.settle(&self.table, row);
        self.told(row, if reopened { Arrival::Reopened } else { Arrival::Changed }, keep_details)
    }

    /// As [`Columns::upsert_with`], with the person's side at hand.
    pub fn upsert(&mut self, job: &Job, judged: &Judged, now: Time) -> Upsert {
        self.upsert_with(job, now, |_| *judged)
    }

    fn arrive(&mut self, job: &Job, said: &Said, judged: &Judged) -> Upsert {
        let (mut cells, mut large, fresh) = self.table.encode(job, said);
        self.lives.learn(&fresh, &self.table);
        cells.arrival = self.table.next_arrival;
        self.table.next_arrival = self.table.next_arrival.wrapping_add(1);
        cells.round = self.clock.round(cells.source);
        let row = self.table.next_row();
        if let Some(at) = job.reopened_at {
            set(&mut cells.flags, flag::REOPENED, true);
            self.table.beside.reopened.insert(row, at);
        }
        self.table.judge(row, &mut cells, &mut large, judged);
        let row = self.table.insert(job, &cells);
        self.clock.sleep(row, judged.marks);
        self.lives.hold_nothing();
        self.lives.settle(&self.table, row);
        self.told(row, Arrival::New, false)
    }

    fn told(&self, row: u32, arrival: Arrival, keep_details: bool) -> Upsert {
        let (block, at) = super::table::place(row);
        let numbers = &self.table.blocks[block].numbers;
        Upsert {
            arrival,
            keep_details,
            first_seen: cells::instant(numbers.first_seen[at]),
            seen_count: u32::from(numbers.count[at]),
            reopened_at: (numbers.flags[at] & flag::REOPENED != 0)
                .then(|| self.table.beside.reopened.get(&row).copied())
                .flatten(),
        }
    }

    fn judged(&self, row: u32, cells: &Cells) -> Judged {
        let listing = self.table.listing(row);
        Judged { marks: listing.marks, mine: cells::my_state(cells.mine), blocked: listing.blocked, worth: listing.worth }
    }

    /// Changes a row's numbers, and then its place in every view. False when the job is not known.
    fn change(&mut self, key: &str, change: impl FnOnce(&mut Table, u32, &mut Cells)) -> bool {
        let Some(row) = self.table.find(key) else { return false };
        let old = self.table.cells(row);
        self.lives.hold(&self.table, row);
        let mut cells = old;
        change(&mut self.table, row, &mut cells);
        self.table.put(row, &cells);
        self.lives.settle(&self.table, row);
        true
    }

    /// Local verdicts changed. False when the job is not known, here and below.
    pub fn set_marks(&mut self, key: &str, marks: Marks) -> bool {
        if let Some(row) = self.table.find(key) {
            self.clock.sleep(row, marks);
        }
        self.change(key, |table, row, cells| table.mark(row, cells, marks))
    }

    /// My assignment of the job changed.
    pub fn set_mine(&mut self, key: &str, mine: Option<AssignmentState>) -> bool {
        self.change(key, |_, _, cells| cells.mine = cells::mine(mine))
    }

    /// The person's blocks changed.
    pub fn set_blocked(&mut self, key: &str, blocked: bool) -> bool {
        self.change(key, |_, _, cells| set(&mut cells.flags, flag::BLOCKED, blocked))
    }

    /// The platform said that it cannot be had any more.
    pub fn set_gone(&mut self, key: &str, now: Time) -> bool {
        self.change(key, |_, _, cells| {
            cells.status = cells::VANISHED;
            // Whatever is listed next is news.
            cells.said = 0;
            cells.last_seen = cells::past(now);
        })
    }

    /// It was judged again.
    pub fn set_worth(&mut self, key: &str, worth: &Worth) -> bool {
        let Some(row) = self.table.find(key) else { return false };
        if self.table.listing(row).worth == *worth {
            return true;
        }
        self.change(key, |table, row, cells| {
            let mut large: Large = table.large(row, cells.flags);
            table.value(cells, &mut large, worth);
            table.keep_large(row, cells, large);
        })
    }

    /// The details of the job were fetched: `job` is the whole one now. What was counted stays.
    pub fn set_detailed(&mut self, job: &Job) -> bool {
        let said = Said::of(job);
        self.change(job.key.as_str(), |_, _, cells| {
            cells.body = said.body;
            set(&mut cells.flags, flag::DETAILED, job.detailed);
            set(&mut cells.flags, flag::SUSPICIOUS, job.suspicious);
            cells.signs = job.signs.0;
        })
    }

    /// It was listed again, unchanged.
    pub fn touch(&mut self, key: &str, now: Time) -> bool {
        let Some(row) = self.table.find(key) else { return false };
        let (block, at) = super::table::place(row);
        let round = self.clock.round(self.table.blocks[block].numbers.source[at]);
        let numbers = &mut self.table.blocks[block].numbers;
        numbers.last_seen[at] = cells::past(now);
        numbers.round[at] = round;
        true
    }

    /// Forgets a job.
    pub fn remove(&mut self, key: &str) -> bool {
        let Some(row) = self.table.find(key) else { return false };
        self.lives.hold(&self.table, row);
        self.clock.sleep(row, Marks::default());
        self.table.remove(row);
        self.lives.settle(&self.table, row);
        true
    }

    /// Jobs of a stretch (see [`Columns::stretches`]) that nobody needs any more: gone, full or run out, and neither listed nor
    /// expired after `before`; not starred, pinned or mine, and `keep` does not want them.
    pub fn outdated(&self, stretch: usize, before: Time, keep: impl Fn(&str) -> bool) -> Vec<JobKey> {
        let (before, now) = (cells::past(before), self.lives.moment.now);
        let Some(block) = self.table.blocks.get(stretch) else { return Vec::new() };
        let n = &block.numbers;
        let old = block.live.pick(|at| {
            n.said.get(at).is_some_and(|_| {
                let closed = n.status[at] != cells::OPEN || n.expires[at] <= now;
                let ended = if n.expires[at] != NONE && n.expires[at] <= now { n.expires[at] } else { 0 };
                let dear = n.flags[at] & (flag::STARRED | flag::PINNED) != 0 || n.mine[at] != 0;
                closed && n.last_seen[at].max(ended) < before && !dear
            })
        });
        old.rows().map(|at| block.keys.get(at)).filter(|key| !keep(key)).map(JobKey::again).collect()
    }

    /// The person left the feed at `left`: what was listed before is not new any more.
    pub fn leave(&mut self, left: Time) {
        self.lives.leave(&self.table, cells::past(left));
    }

    /// Keeps the view's members counted until [`Columns::unwatch`]: a tab, a rule's scope.
    pub fn watch(&mut self, view: &View) {
        self.lives.watch(view, &self.table);
    }

    /// Lets a watched view go.
    pub fn unwatch(&mut self, view: &View) {
        self.lives.unwatch(view);
    }

    /// Counts of a watched or shown view; `None` while it is not counted yet, or is neither.
    pub fn counts(&self, view: &View) -> Option<super::Counts> {
        self.lives.counts(view)
    }

    /// Counts and orders what waits for it: up to `rows` jobs are looked at (a thousand or so at least). The view shown last comes
    /// first.
    pub fn work(&mut self, rows: usize) -> Progress {
        self.lives.work(&self.table, rows.div_ceil(ROWS))
    }

    /// Bytes kept for all jobs and views, roughly.
    pub fn weight(&self) -> usize {
        self.table.weight() + self.lives.weight()
    }
}
