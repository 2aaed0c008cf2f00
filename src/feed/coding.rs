//! A job as the numbers of its row, and back.

use super::block::{BEYOND, BEYOND16, Cells, NONE, NONE8, NONE16, flag};
use super::cells;
use super::names::Named;
use super::said::Said;
use super::table::{Large, Table};
use super::verdict::Judged;
use crate::domain::listing::{Costs, Listing, Worth};
use crate::domain::rate::Basis;
use crate::domain::triage::Marks;
use crate::domain::{Job, Money, Signs};

/// Which numbers of the dictionaries are new or name something new: what has prepared itself for a dictionary looks at them.
#[derive(Clone, Copy)]
pub(super) struct Fresh {
    pub(super) source: Named,
    pub(super) kind: Named,
    pub(super) language: Named,
    pub(super) asset: Named,
    pub(super) asker: Named,
    pub(super) tags: Named,
    pub(super) needs: Named,
}

impl Fresh {
    /// A source was named, and nothing else.
    pub(super) fn source(source: Named) -> Fresh {
        let old = Named { id: 0, new: false };
        Fresh { source, kind: old, language: old, asset: old, asker: old, tags: old, needs: old }
    }

    pub(super) fn any(&self) -> bool {
        [self.source, self.kind, self.language, self.asset, self.asker, self.tags, self.needs].iter().any(|named| named.new)
    }
}

impl Table {
    /// What a listing says, as numbers, with its names counted. What was seen here (first seen, count, marks, poll round) is not in
    /// it yet.
    pub(super) fn encode(&mut self, job: &Job, said: &Said) -> (Cells, Large, Fresh) {
        let listing = job.listing(Marks::default(), None, Worth::default());
        let money = listing.net.or(listing.pay);
        let names = &mut self.names;
        let fresh = Fresh {
            source: names.sources.name_text(listing.source),
            kind: names.kinds.name_text(listing.kind),
            language: names.languages.name_text(listing.language),
            asset: match money {
                Some(money) => names.asset(money.asset),
                None => names.asset(crate::domain::Asset::USD),
            },
            asker: names.asker(&job.requester),
            tags: names.tag_set(&job.tags),
            needs: names.need_set(&job.requirements),
        };
        let mut large = Large::default();
        let cells = Cells {
            said: said.listing,
            body: said.body,
            stamp: said.stamp,
            arrival: 0,
            asker: fresh.asker.id,
            tags: fresh.tags.id,
            needs: fresh.needs.id,
            pay: NONE,
            net: NONE,
            hourly: NONE,
            seconds: number_of(listing.seconds),
            since: cells::past(listing.since),
            first_seen: cells::past(job.first_seen),
            last_seen: cells::past(job.last_seen),
            expires: job.expires_at.map_or(NONE, cells::until),
            ttl: cells::number(job.claim_ttl),
            kind: fresh.kind.id as u16,
            source: fresh.source.id as u16,
            language: fresh.language.id as u16,
            asset: fresh.asset.id as u16,
            slots: cells::short(job.slots_left),
            rivals: cells::short(job.competitors),
            count: job.seen_count.min(u32::from(u16::MAX)) as u16,
            flags: (if job.suspicious { flag::SUSPICIOUS } else { 0 })
                | (if job.detailed { flag::DETAILED } else { 0 })
                | (if listing.per_delivery { flag::PER_DELIVERY } else { 0 })
                | (if matches!(listing.seconds, Some((_, Basis::Observed))) { flag::OBSERVED } else { 0 }),
            ai: job.ai.rule as u8,
            mode: job.claim_mode as u8,
            status: job.status as u8,
            mine: 0,
            fit: NONE8,
            costs: listing.costs.0,
            signs: listing.signs.0,
            round: 0,
        };
        let mut cells = cells;
        let asset = *names.assets.get(fresh.asset.id);
        (cells.pay, large.pay) = amount(listing.pay, asset);
        (cells.net, large.net) = amount(listing.net, asset);
        if cells.slots == BEYOND16 {
            large.slots = job.slots_left;
        }
        if cells.rivals == BEYOND16 {
            large.rivals = job.competitors;
        }
        (cells, large, fresh)
    }

    /// Puts what the person's side says of a job into its cells. The row's `beside` is written at once.
    pub(super) fn judge(&mut self, row: u32, cells: &mut Cells, large: &mut Large, judged: &Judged) {
        self.mark(row, cells, judged.marks);
        cells.mine = cells::mine(judged.mine);
        set(&mut cells.flags, flag::BLOCKED, judged.blocked);
        self.value(cells, large, &judged.worth);
        self.keep_large(row, cells, *large);
    }

    pub(super) fn value(&mut self, cells: &mut Cells, large: &mut Large, worth: &Worth) {
        let asset = *self.names.assets.get(u32::from(cells.asset));
        (cells.hourly, large.hourly) = amount(worth.hourly, asset);
        cells.fit = worth.fit.unwrap_or(NONE8);
        set(&mut cells.flags, flag::BARRED, worth.barred);
        set(&mut cells.flags, flag::TOO_GOOD, worth.too_good);
    }

    pub(super) fn mark(&mut self, row: u32, cells: &mut Cells, marks: Marks) {
        let asleep = marks.snoozed_until.is_some() || marks.wakes.is_some();
        if asleep {
            self.beside.asleep.insert(row, (marks.snoozed_until, marks.wakes));
        } else if cells.flags & flag::ASLEEP != 0 {
            self.beside.asleep.remove(&row);
        }
        for (bit, on) in [
            (flag::SEEN, marks.seen),
            (flag::STARRED, marks.starred),
            (flag::HIDDEN, marks.hidden),
            (flag::PINNED, marks.pinned),
            (flag::ASLEEP, asleep),
        ] {
            set(&mut cells.flags, bit, on);
        }
    }

    /// Keeps what does not fit the columns, if anything.
    pub(super) fn keep_large(&mut self, row: u32, cells: &mut Cells, large: Large) {
        if large != Large::default() {
            self.beside.beyond.insert(row, large);
        } else if cells.flags & flag::BEYOND != 0 {
            self.beside.beyond.remove(&row);
        }
        set(&mut cells.flags, flag::BEYOND, large != Large::default());
    }

    pub(super) fn large(&self, row: u32, flags: u16) -> Large {
        if flags & flag::BEYOND == 0 {
            return Large::default();
        }
        self.beside.beyond.get(&row).copied().unwrap_or_default()
    }

    pub(super) fn marks(&self, row: u32, flags: u16) -> Marks {
        let (snoozed_until, wakes) =
            if flags & flag::ASLEEP == 0 { (None, None) } else { self.beside.asleep.get(&row).copied().unwrap_or_default() };
        Marks {
            seen: flags & flag::SEEN != 0,
            starred: flags & flag::STARRED != 0,
            hidden: flags & flag::HIDDEN != 0,
            pinned: flags & flag::PINNED != 0,
            snoozed_until,
            wakes,
        }
    }

    /// An amount that stands in a column or beside it.
    pub(super) fn money(&self, cell: u32, asset: u16, beside: impl Fn() -> Option<Money>) -> Option<Money> {
        match cell {
            NONE => None,
            BEYOND => beside(),
            minor => Some(Money::new(i64::from(minor), *self.names.assets.get(u32::from(asset)))),
        }
    }

    /// The job in short.
    pub(super) fn listing(&self, row: u32) -> Listing<'_> {
        let cells = self.cells(row);
        let flags = cells.flags;
        let large = self.large(row, flags);
        let names = &self.names;
        let asker = names.askers.get(cells.asker);
        let short = |cell: u16, large: Option<u32>| match cell {
            NONE16 => None,
            BEYOND16 => large,
            number => Some(u32::from(number)),
        };
        let basis = if flags & flag::OBSERVED != 0 { Basis::Observed } else { Basis::Estimate };
        Listing {
            key: self.key(row),
            source: names.sources.get(u32::from(cells.source)).as_str(),
            title: self.title(row),
            requester: asker.shown(),
            record: asker.record,
            kind: names.kinds.get(u32::from(cells.kind)).as_str(),
            tags: names.tags.get(cells.tags),
            requirements: names.needs.get(cells.needs),
            language: names.languages.get(u32::from(cells.language)).as_str(),
            pay: self.money(cells.pay, cells.asset, || large.pay),
            per_delivery: flags & flag::PER_DELIVERY != 0,
            net: self.money(cells.net, cells.asset, || large.net),
            seconds: cells::numbered(cells.seconds).map(|seconds| (seconds, basis)),
            slots_left: short(cells.slots, large.slots),
            competitors: short(cells.rivals, large.rivals),
            since: cells::instant(cells.since),
            first_seen: cells::instant(cells.first_seen),
            last_seen: cells::instant(cells.last_seen),
            expires_at: cells::told(cells.expires),
            reopened_at: if flags & flag::REOPENED != 0 { self.beside.reopened.get(&row).copied() } else { None },
            seen_count: u32::from(cells.count),
            claim_ttl: cells::numbered(cells.ttl),
            claim_mode: cells::MODES[usize::from(cells.mode)],
            status: cells::STATUSES[usize::from(cells.status)],
            ai: cells::RULES[usize::from(cells.ai)],
            costs: Costs(cells.costs),
            suspicious: flags & flag::SUSPICIOUS != 0,
            signs: Signs(cells.signs),
            marks: self.marks(row, flags),
            blocked: flags & flag::BLOCKED != 0,
            mine: cells::my_state(cells.mine),
            worth: Worth {
                hourly: self.money(cells.hourly, cells.asset, || large.hourly),
                fit: (cells.fit != NONE8).then_some(cells.fit),
                barred: flags & flag::BARRED != 0,
                too_good: flags & flag::TOO_GOOD != 0,
            },
        }
    }
}

fn number_of(seconds: Option<(u32, Basis)>) -> u32 {
    cells::number(seconds.map(|(seconds, _)| seconds))
}

pub(super) fn set(flags: &mut u16, bit: u16, on: bool) {
    if on {
        *flags |= bit;
    } else {
        *flags &= !bit;
    }
}

/// Minor units in the row's asset, or the amount for the place beside the columns.
fn amount(money: Option<Money>, asset: crate::domain::Asset) -> (u32, Option<Money>) {
    match money {
        None => (NONE, None),
        Some(money) => match u32::try_from(money.minor) {
            Ok(minor) if minor < BEYOND && money.asset == asset => (minor, None),
            _ => (BEYOND, Some(money)),
        },
    }
}
