//! A query made ready for the columns: names looked up in the dictionaries, amounts turned into ranges, cheap conditions first.
//! It says of every row what [`Query::admits`] says of its listing.

mod range;
mod set;
mod test;
mod title;

use crate::domain::query::{Expr, Matcher, NumberField, Pattern, Place, Query, Term, TextField};
use range::Range;
use set::{Of, PerAsset, Set};
use test::{Column, Purse, Rows, Test};
use title::Title;

use super::block::{Block, NONE};
use super::coding::Fresh;
use super::mask::Mask;
use super::names::Names;
use super::table::{Table, place};

/// When a query is asked, in seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::feed) struct Moment {
    pub(in crate::feed) now: u32,
    /// When the feed was last left.
    pub(in crate::feed) left: u32,
}

/// Room to fold titles in.
#[derive(Default)]
pub(in crate::feed) struct Scratch {
    titles: String,
    /// `titles` is of the block at hand.
    ready: bool,
    title: String,
}

impl Scratch {
    /// Another block, or the block has changed.
    fn turn(&mut self) {
        self.ready = false;
    }

    /// All titles of the block, in lower case as far as ASCII goes: that keeps every title's place.
    fn fold_titles(&mut self, block: &Block) -> &str {
        if !self.ready {
            self.titles.clear();
            self.titles.push_str(block.titles.all());
            self.titles.make_ascii_lowercase();
            self.ready = true;
        }
        &self.titles
    }
}

#[derive(Clone, Debug)]
enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Test(Box<Test>),
}

/// A moment at which a row may come in or go out by the clock alone: so many seconds after what a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flip {
    AfterSince(i64),
    AfterExpiry(i64),
}

/// A query ready for the columns.
#[derive(Clone, Debug)]
pub(in crate::feed) struct Plan {
    node: Node,
    flips: Vec<Flip>,
}

impl Plan {
    pub(in crate::feed) fn new(query: &Query, names: &Names) -> Plan {
        let mut plan = Plan { node: Node::And(Vec::new()), flips: Vec::new() };
        let asked = plan.node(&query.expr, names, false);
        let mut parts = match asked {
            Node::And(parts) => parts,
            other => vec![other],
        };
        if !query.names_state() {
            parts.push(Node::Test(Box::new(Test::Feed)));
        }
        plan.node = all(parts);
        plan
    }

    fn node(&mut self, expr: &Expr, names: &Names, negated: bool) -> Node {
        match expr {
            Expr::And(parts) => all(parts.iter().map(|part| self.node(part, names, negated)).collect()),
            Expr::Or(parts) => {
                let mut nodes: Vec<Node> = parts.iter().map(|part| self.node(part, names, negated)).collect();
                nodes.sort_by_key(Node::cost);
                Node::Or(nodes)
            }
            Expr::Not(part) => Node::Not(Box::new(self.node(part, names, !negated))),
            Expr::Term(term) => Node::Test(Box::new(self.test(term, names, negated))),
        }
    }

    fn test(&mut self, term: &Term, names: &Names, negated: bool) -> Test {
        let one = |pattern: &Pattern, place| vec![Matcher::new(pattern, place)];
        let every = |patterns: &[Pattern], place| -> Vec<Matcher> {
            patterns.iter().map(|pattern| Matcher::new(pattern, place)).collect()
        };
        match term {
            Term::Word(pattern) => Test::Word(
                Box::new(Title::new(pattern)),
                Set::new(Of::Asker, one(pattern, Place::Prose), Vec::new(), names),
                Set::new(Of::Tags, one(pattern, Place::Prose), Vec::new(), names),
            ),
            Term::Text(field, patterns) => {
                let of = match field {
                    TextField::Title => return Test::Title(patterns.iter().map(Title::new).collect()),
                    TextField::Key => return Test::Key(every(patterns, field.place())),
                    TextField::Kind => Of::Kind,
                    TextField::Source => Of::Source,
                    TextField::Requester => Of::Asker,
                    TextField::Tag => Of::Tags,
                    TextField::Language => Of::Language,
                    TextField::Needs => Of::Needs,
                };
                let prose = if of == Of::Needs { every(patterns, Place::Prose) } else { Vec::new() };
                Test::Named(Set::new(of, every(patterns, field.place()), prose, names))
            }
            Term::Number(field, op, number) => {
                let (column, range) = match field {
                    NumberField::Pay | NumberField::Rate => {
                        let purse = if *field == NumberField::Pay { Purse::Pay } else { Purse::Hourly };
                        let ranges = PerAsset::new(names, |asset| Range::amount(*op, number, asset));
                        return Test::Money(purse, *op, number.clone(), ranges);
                    }
                    NumberField::Mins => (Column::Seconds, Range::minutes(*op, number)),
                    NumberField::Slots => (Column::Slots, Range::count(*op, number)),
                    NumberField::Rivals => (Column::Rivals, Range::count(*op, number)),
                    NumberField::Age => (Column::Age, Range::span(*op, number)),
                    NumberField::Expires => (Column::Left, Range::span(*op, number)),
                    NumberField::Time => (Column::Ttl, Range::span(*op, number)),
                    NumberField::Fit => (Column::Fit, Range::count(*op, number)),
                    NumberField::Count => (Column::Count, Range::count(*op, number)),
                };
                match column {
                    // Age grows as the clock does; what is left shrinks.
                    Column::Age => self.flips.extend(range.edges().map(Flip::AfterSince)),
                    Column::Left => self.flips.extend(range.edges().map(|edge| Flip::AfterExpiry(1 - edge))),
                    _ => {}
                }
                Test::Number(column, range)
            }
            Term::Is(states) => Test::Is(states.clone()),
            Term::Seen(seen) => Test::Seen(*seen),
            Term::Ai(rules) => Test::Ai(rules.iter().fold(0, |bits, rule| bits | 1 << (*rule as u8))),
            Term::Mode(modes) => Test::Mode(modes.iter().fold(0, |bits, mode| bits | 1 << (*mode as u8))),
            Term::Costs(costs) => Test::Costs(costs.clone()),
            // Only the store knows the brief; taken as true whether it is negated or not.
            Term::Brief(_) => Test::Always(!negated),
        }
    }

    /// Learns what new names mean to it.
    pub(in crate::feed) fn learn(&mut self, fresh: &Fresh, names: &Names) {
        self.node.learn(fresh, names);
    }

    /// Which of the block's rows are in, among these.
    pub(in crate::feed) fn scan(&self, table: &Table, block: usize, among: &Mask, moment: Moment, scratch: &mut Scratch) -> Mask {
        scratch.turn();
        let rows = Rows::new(table, block, moment);
        self.node.scan(&rows, &among.and(&rows.block.live), scratch)
    }

    /// Whether one row is in.
    pub(in crate::feed) fn row(&self, table: &Table, row: u32, moment: Moment, scratch: &mut Scratch) -> bool {
        let (block, at) = place(row);
        let rows = Rows::new(table, block, moment);
        rows.block.live.has(at) && self.node.row(&rows, at, scratch)
    }

    /// Whether the clock alone moves rows in or out, expiry and waking apart.
    pub(in crate::feed) fn has_flips(&self) -> bool {
        !self.flips.is_empty()
    }

    /// The first moment after `now` at which the clock may move one of the rows; [`NONE`] when it does not.
    pub(in crate::feed) fn next_flip(&self, block: &Block, rows: &Mask, now: u32) -> u32 {
        let n = &block.numbers;
        let now = i64::from(now);
        let mut next = i64::from(NONE);
        for flip in &self.flips {
            let (column, after) = match flip {
                Flip::AfterSince(after) => (&n.since, *after),
                Flip::AfterExpiry(after) => (&n.expires, *after),
            };
            for at in rows.and(&block.live).rows() {
                let flip = i64::from(column[at]).saturating_add(after);
                if column[at] != NONE && flip > now {
                    next = next.min(flip);
                }
            }
        }
        next as u32
    }
}

/// All of them, cheap ones first.
fn all(mut parts: Vec<Node>) -> Node {
    parts.sort_by_key(Node::cost);
    Node::And(parts)
}

impl Node {
    fn cost(&self) -> u32 {
        match self {
            Node::And(parts) | Node::Or(parts) => parts.iter().map(Node::cost).sum(),
            Node::Not(part) => part.cost(),
            Node::Test(test) => test.cost(),
        }
    }

    fn learn(&mut self, fresh: &Fresh, names: &Names) {
        match self {
            Node::And(parts) | Node::Or(parts) => parts.iter_mut().for_each(|part| part.learn(fresh, names)),
            Node::Not(part) => part.learn(fresh, names),
            Node::Test(test) => test.learn(fresh, names),
        }
    }

    fn row(&self, rows: &Rows<'_>, at: usize, scratch: &mut Scratch) -> bool {
        match self {
            Node::And(parts) => parts.iter().all(|part| part.row(rows, at, scratch)),
            Node::Or(parts) => parts.iter().any(|part| part.row(rows, at, scratch)),
            Node::Not(part) => !part.row(rows, at, scratch),
            Node::Test(test) => test.row(rows, at, scratch),
        }
    }

    fn scan(&self, rows: &Rows<'_>, among: &Mask, scratch: &mut Scratch) -> Mask {
        match self {
            Node::And(parts) => {
                let mut left = *among;
                for part in parts {
                    if left.is_empty() {
                        break;
                    }
                    left = part.scan(rows, &left, scratch);
                }
                left
            }
            Node::Or(parts) => {
                let mut found = Mask::default();
                for part in parts {
                    found = found.or(&part.scan(rows, &among.without(&found), scratch));
                }
                found
            }
            Node::Not(part) => among.without(&part.scan(rows, among, scratch)),
            Node::Test(test) => test.scan(rows, among, scratch),
        }
    }
}
