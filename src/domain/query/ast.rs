//! What a query says, as a tree, and what each part of it means. `super::eval` is the reference for all of it.

use std::cmp::Ordering;

use chrono::TimeDelta;
use rust_decimal::Decimal;

use crate::domain::AiRule;
use crate::domain::job::ClaimMode;
use crate::domain::listing::Costs;

/// An expression. `And([])` is true.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// All hold.
    And(Vec<Expr>),
    /// One holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A single condition.
    Term(Term),
}

impl Default for Expr {
    fn default() -> Self {
        Expr::And(Vec::new())
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A bare word: in the title, the requester or one of the tags (each for itself).
    Word(Pattern),
    /// `kind:tagline,caption`: one of the patterns fits the field. What a field does not tell is the empty text.
    Text(TextField, Vec<Pattern>),
    /// `pay>=0.50`. A number of the wrong sort (a span for the pay) fits nothing; the parser makes none.
    Number(NumberField, Op, Number),
    /// `is:new`: one of the states holds. Commas or `|` between them.
    Is(Vec<Is>),
    /// `seen:no`.
    Seen(bool),
    /// `ai:allowed,assist`.
    Ai(Vec<AiRule>),
    /// `mode:race`.
    Mode(Vec<ClaimMode>),
    /// `costs:stake,fee`: one of them fits as [`cost_fits`] says; `costs:yes` is any cost at all (one entry with every bit),
    /// `costs:no` none (one entry with no bit).
    Costs(Vec<Costs>),
    /// `brief:word`: in the whole brief, which only the store has. Inside the feed's columns it may hold for every job, so it is
    /// taken as true, and its negation as true as well; the engine streams the briefs of what is left.
    Brief(Pattern),
}

/// How a text is compared. Case never matters: both sides are folded character by character with `char::to_lowercase`, but a regex
/// runs over the text as it is, without regard to case. A *word character* is a letter, a digit or `_`; a place between two of them
/// is inside a word, every other place is a *word boundary*.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Found anywhere in prose (a bare word, [`TextField::Title`], the text of a requirement); the whole value of any other field.
    Plain(String),
    /// `"…"`: in prose the words as they stand, from word boundary to word boundary; the whole value of any other field.
    Exact(String),
    /// With `*` for anything, nothing included: the whole value of a field; in prose a stretch from word boundary to word boundary,
    /// in which `*` goes past white space only if the pattern itself has some. Without a `*` the same as `Exact`.
    Wild(String),
    /// `~word`: all its characters in this order, with gaps; ranked.
    Fuzzy(String),
    /// `/regex/`: found anywhere, in a field too.
    Regex(String),
}

/// Fields that are texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    /// Prose: compared as bare words are.
    Title,
    /// The kind of work.
    Kind,
    /// The source's name.
    Source,
    /// Their name, or id where there is no name.
    Requester,
    /// One of the tags.
    Tag,
    /// `lang:en`: BCP 47; a plain or exact `en` also fits `en-GB`.
    Language,
    /// `needs:geo`: the whole kind of a requirement, or words in its text (prose).
    Needs,
    /// `key:practice:j-123`.
    Key,
}

/// Fields that are numbers, amounts or lengths of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// Gross pay: a plain number or an amount.
    Pay,
    /// Expected net pay per hour: a plain number or an amount.
    Rate,
    /// Expected time: a plain number is minutes, or a span. Compared by the second.
    Mins,
    /// Places left.
    Slots,
    /// Others at it.
    Rivals,
    /// Since it was posted (`age<10m`): a span. Both instants are cut down to whole seconds.
    Age,
    /// Until it is gone (`expires<2h`): a span, below zero afterwards. Both instants are cut down to whole seconds. A job that never
    /// expires fits no `expires` term.
    Expires,
    /// Time allowed once claimed (`time>=30m`): a span.
    Time,
    /// 0 to 100.
    Fit,
    /// How many times it was seen anew or changed.
    Count,
}

/// A comparison. `:` and `=` are `Eq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `:` or `=`
    Eq,
    /// `>=`
    Ge,
    /// `>`
    Gt,
}

impl Op {
    /// Whether a value that stands so to the number fits.
    pub fn holds(self, value_to_number: Ordering) -> bool {
        match self {
            Op::Lt => value_to_number.is_lt(),
            Op::Le => value_to_number.is_le(),
            Op::Eq => value_to_number.is_eq(),
            Op::Ge => value_to_number.is_ge(),
            Op::Gt => value_to_number.is_gt(),
        }
    }
}

/// Whether one entry of [`Term::Costs`] fits what a job costs: nothing for nothing, otherwise any bit in common.
pub fn cost_fits(asked: Costs, costs: Costs) -> bool {
    if asked.none() { costs.none() } else { asked.0 & costs.0 != 0 }
}

/// What is compared with. A job whose field is not told fits no number term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    /// A plain number, or an amount in any asset (`0.50`).
    Plain(Decimal),
    /// An amount in one asset only (`0.50EUR`): fits where the asset's code is the same.
    Amount(Decimal, crate::domain::Asset),
    /// A length of time (`10m`, `2h`, `1d`, `90s`, `1h30m`).
    Span(TimeDelta),
}

/// States.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Is {
    /// Unseen and first listed after the feed was last left.
    New,
    /// Starred.
    Starred,
    /// Pinned.
    Pinned,
    /// Put to sleep.
    Snoozed,
    /// Hidden by hand, by a rule or by a block.
    Hidden,
    /// Hidden (blocked too) or snoozed.
    Away,
    /// Mine, in any state.
    Claimed,
    /// Was full or gone and came back.
    Reopened,
    /// Can be claimed. Every job is exactly one of open, full, expired and gone.
    Open,
    /// No place is left, and its time is not over.
    Full,
    /// Its time is over, as the platform says or by the clock.
    Expired,
    /// Vanished or withdrawn.
    Gone,
    /// Its text tried to smuggle characters.
    Suspicious,
    /// It shows signs of a scam.
    Risky,
    /// A requirement is not met or the profile refuses it.
    Barred,
    /// Whatever its state.
    Any,
}

impl Is {
    /// Naming it asks for more than the ordinary feed (open, not put away, not mine).
    pub fn is_beyond_feed(self) -> bool {
        !matches!(self, Is::New | Is::Pinned | Is::Reopened | Is::Open | Is::Suspicious | Is::Risky | Is::Barred)
    }
}
