//! One condition, asked of a row or of a block at once.

use super::range::Range;
use super::set::{Of, PerAsset, Set};
use super::title::Title;
use super::{Moment, Scratch};
use crate::domain::listing::Costs;
use crate::domain::query::ast::cost_fits;
use crate::domain::query::{Is, Matcher, Number, Op};
use crate::feed::block::{BEYOND, BEYOND16, Block, NONE, NONE8, NONE16, flag};
use crate::feed::cells;
use crate::feed::coding::Fresh;
use crate::feed::mask::{Mask, ROWS};
use crate::feed::names::Names;
use crate::feed::table::Table;

/// A column of whole numbers that may not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Seconds,
    Slots,
    Rivals,
    /// Seconds since it was posted.
    Age,
    /// Seconds until it is gone.
    Left,
    Ttl,
    Fit,
    Count,
}

/// An amount column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    Pay,
    Hourly,
}

/// One condition.
#[derive(Clone, Debug)]
pub(super) enum Test {
    Always(bool),
    /// Open, not put away, not mine.
    Feed,
    Is(Vec<Is>),
    Seen(bool),
    /// Bits of the allowed numbers.
    Ai(u8),
    Mode(u8),
    Costs(Vec<Costs>),
    Number(Column, Range),
    Money(Purse, Op, Number, PerAsset<Range>),
    Named(Set),
    Title(Vec<Title>),
    Key(Vec<Matcher>),
    /// In the title, the requester or a tag.
    Word(Box<Title>, Set, Set),
}

impl Test {
    /// What it costs to ask a row, roughly; cheap ones are asked first.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Test::Always(_) => 0,
            Test::Feed | Test::Seen(_) | Test::Ai(_) | Test::Mode(_) | Test::Number(..) => 1,
            Test::Named(set) => {
                if set.is_empty() {
                    0
                } else {
                    2
                }
            }
            Test::Is(_) | Test::Costs(_) | Test::Money(..) => 3,
            Test::Word(title, ..) if title.is_plain() => 20,
            Test::Title(_) | Test::Key(_) | Test::Word(..) => 100,
        }
    }

    /// Learns what new names mean to it.
    pub(super) fn learn(&mut self, fresh: &Fresh, names: &Names) {
        match self {
            Test::Named(set) => set.learn(fresh, names),
            Test::Word(_, askers, tags) => {
                askers.learn(fresh, names);
                tags.learn(fresh, names);
            }
            Test::Money(_, op, number, ranges) => ranges.learn(fresh, names, |asset| Range::amount(*op, number, asset)),
            _ => {}
        }
    }

    /// Whether the row at `at` passes.
    pub(super) fn row(&self, cx: &Rows<'_>, at: usize, scratch: &mut Scratch) -> bool {
        let n = &cx.block.numbers;
        match self {
            Test::Always(yes) => *yes,
            Test::Feed => cx.in_feed(at),
            Test::Is(states) => states.iter().any(|is| cx.is(*is, at)),
            Test::Seen(seen) => (n.flags[at] & flag::SEEN != 0) == *seen,
            Test::Ai(rules) => rules >> n.ai[at] & 1 == 1,
            Test::Mode(modes) => modes >> n.mode[at] & 1 == 1,
            Test::Costs(asked) => asked.iter().any(|asked| cost_fits(*asked, Costs(n.costs[at]))),
            Test::Number(column, range) => cx.number(*column, at).is_some_and(|value| range.has(value)),
            Test::Money(purse, op, number, ranges) => cx.amount(*purse, *op, number, ranges, at),
            Test::Named(set) => set.has(cx.name(set.of, at)),
            Test::Title(titles) => titles.iter().any(|title| title.fits(cx.block, at, scratch)),
            Test::Key(matchers) => matchers.iter().any(|matcher| matcher.fits(cx.block.keys.get(at))),
            Test::Word(title, askers, tags) => {
                askers.has(n.asker[at]) || tags.has(n.tags[at]) || title.fits(cx.block, at, scratch)
            }
        }
    }

    /// Which of the rows pass.
    pub(super) fn scan(&self, cx: &Rows<'_>, among: &Mask, scratch: &mut Scratch) -> Mask {
        let n = &cx.block.numbers;
        match self {
            Test::Always(yes) => {
                if *yes {
                    *among
                } else {
                    Mask::default()
                }
            }
            Test::Feed => cx.feed(among),
            Test::Seen(seen) => among.pick(|at| at < n.flags.len() && (n.flags[at] & flag::SEEN != 0) == *seen),
            Test::Named(set) if set.is_empty() => Mask::default(),
            Test::Named(set) => match set.of {
                Of::Source => named(among, &n.source, set),
                Of::Kind => named(among, &n.kind, set),
                Of::Language => named(among, &n.language, set),
                Of::Asker => named(among, &n.asker, set),
                Of::Tags => named(among, &n.tags, set),
                Of::Needs => named(among, &n.needs, set),
            },
            Test::Title(titles) => {
                let mut out = Mask::default();
                for title in titles {
                    out = out.or(&title.scan(cx.block, &among.without(&out), scratch));
                }
                out
            }
            Test::Word(title, askers, tags) => {
                let mut out = Mask::default();
                if !askers.is_empty() {
                    out = named(among, &n.asker, askers);
                }
                if !tags.is_empty() {
                    out = out.or(&named(among, &n.tags, tags));
                }
                out.or(&title.scan(cx.block, &among.without(&out), scratch))
            }
            other => {
                let mut out = Mask::default();
                for at in among.rows() {
                    out.put(at, other.row(cx, at, scratch));
                }
                out
            }
        }
    }
}

fn named<T: Copy + Into<u32>>(among: &Mask, column: &[T], set: &Set) -> Mask {
    among.pick(|at| column.get(at).is_some_and(|id| set.has((*id).into())))
}

/// A block at a moment.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) table: &'a Table,
    pub(super) number: usize,
    pub(super) block: &'a Block,
    pub(super) moment: Moment,
}

impl<'a> Rows<'a> {
    pub(super) fn new(table: &'a Table, number: usize, moment: Moment) -> Rows<'a> {
        Rows { table, number, block: &table.blocks[number], moment }
    }

    fn row(&self, at: usize) -> u32 {
        (self.number * ROWS + at) as u32
    }

    fn is_asleep(&self, at: usize) -> bool {
        let flags = self.block.numbers.flags[at];
        flags & flag::ASLEEP != 0 && self.table.marks(self.row(at), flags).is_snoozed(cells::instant(self.moment.now))
    }

    fn is_open(&self, at: usize) -> bool {
        let n = &self.block.numbers;
        (n.status[at] == cells::OPEN) & (n.expires[at] > self.moment.now) & (n.slots[at] != 0)
    }

    fn in_feed(&self, at: usize) -> bool {
        let n = &self.block.numbers;
        self.is_open(at) && n.mine[at] == 0 && n.flags[at] & (flag::HIDDEN | flag::BLOCKED) == 0 && !self.is_asleep(at)
    }

    fn feed(&self, among: &Mask) -> Mask {
        let n = &self.block.numbers;
        let len = self.block.len();
        let (status, expires, slots) = (&n.status[..len], &n.expires[..len], &n.slots[..len]);
        let (mine, flags, now) = (&n.mine[..len], &n.flags[..len], self.moment.now);
        let away = flag::HIDDEN | flag::BLOCKED;
        let test = |at: usize| {
            at < len
                && (status[at] == cells::OPEN)
                    & (expires[at] > now)
                    & (slots[at] != 0)
                    & (mine[at] == 0)
                    & (flags[at] & away == 0)
        };
        let mut out = among.pick(test);
        if !self.table.beside.asleep.is_empty() {
            for at in out.pick(|at| at < len && flags[at] & flag::ASLEEP != 0).rows() {
                out.put(at, !self.is_asleep(at));
            }
        }
        out
    }

    fn is(&self, is: Is, at: usize) -> bool {
        let n = &self.block.numbers;
        let (flags, status) = (n.flags[at], n.status[at]);
        let has = |bit| flags & bit != 0;
        let gone = status == cells::CANCELLED || status == cells::VANISHED;
        let expired = !gone && (status == cells::EXPIRED || n.expires[at] <= self.moment.now);
        match is {
            Is::New => !has(flag::SEEN) && n.first_seen[at] > self.moment.left,
            Is::Starred => has(flag::STARRED),
            Is::Pinned => has(flag::PINNED),
            Is::Snoozed => self.is_asleep(at),
            Is::Hidden => has(flag::HIDDEN | flag::BLOCKED),
            Is::Away => has(flag::HIDDEN | flag::BLOCKED) || self.is_asleep(at),
            Is::Claimed => n.mine[at] != 0,
            Is::Reopened => has(flag::REOPENED),
            Is::Open => self.is_open(at),
            Is::Full => !gone && !expired && !self.is_open(at),
            Is::Expired => expired,
            Is::Gone => gone,
            Is::Suspicious => has(flag::SUSPICIOUS),
            Is::Risky => n.signs[at] != 0 || has(flag::TOO_GOOD),
            Is::Barred => has(flag::BARRED),
            Is::Any => true,
        }
    }

    fn number(&self, column: Column, at: usize) -> Option<i64> {
        let n = &self.block.numbers;
        let long = |value: u32| (value != NONE).then_some(i64::from(value));
        let large = || self.table.large(self.row(at), n.flags[at]);
        let now = i64::from(self.moment.now);
        match column {
            Column::Seconds => long(n.seconds[at]),
            Column::Slots => short(n.slots[at], || large().slots),
            Column::Rivals => short(n.rivals[at], || large().rivals),
            Column::Age => Some(now - i64::from(n.since[at])),
            Column::Left => long(n.expires[at]).map(|at| at - now),
            Column::Ttl => long(n.ttl[at]),
            Column::Fit => (n.fit[at] != NONE8).then_some(i64::from(n.fit[at])),
            Column::Count => Some(i64::from(n.count[at])),
        }
    }

    fn amount(&self, purse: Purse, op: Op, number: &Number, ranges: &PerAsset<Range>, at: usize) -> bool {
        let n = &self.block.numbers;
        let cell = match purse {
            Purse::Pay => n.pay[at],
            Purse::Hourly => n.hourly[at],
        };
        match cell {
            NONE => false,
            BEYOND => {
                let large = self.table.large(self.row(at), n.flags[at]);
                let money = match purse {
                    Purse::Pay => large.pay,
                    Purse::Hourly => large.hourly,
                };
                money.is_some_and(|money| Range::amount(op, number, &money.asset).has(money.minor))
            }
            minor => ranges.0.get(usize::from(n.asset[at])).is_some_and(|range| range.has(i64::from(minor))),
        }
    }

    fn name(&self, of: Of, at: usize) -> u32 {
        let n = &self.block.numbers;
        match of {
            Of::Source => u32::from(n.source[at]),
            Of::Kind => u32::from(n.kind[at]),
            Of::Language => u32::from(n.language[at]),
            Of::Asker => n.asker[at],
            Of::Tags => n.tags[at],
            Of::Needs => n.needs[at],
        }
    }
}

fn short(cell: u16, large: impl Fn() -> Option<u32>) -> Option<i64> {
    match cell {
        NONE16 => None,
        BEYOND16 => large().map(i64::from),
        value => Some(i64::from(value)),
    }
}
