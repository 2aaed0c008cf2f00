//! What a query says, as a tree.

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
    /// A bare word: in the title, the requester or a tag.
    Word(Pattern),
    /// `kind:tagline,caption`: one of the patterns fits the field.
    Text(TextField, Vec<Pattern>),
    /// `pay>=0.50`.
    Number(NumberField, Op, Number),
    /// `is:new`: one of the states holds. Commas or `|` between them.
    Is(Vec<Is>),
    /// `seen:no`.
    Seen(bool),
    /// `ai:allowed,assist`.
    Ai(Vec<AiRule>),
    /// `mode:race`.
    Mode(Vec<ClaimMode>),
    /// `costs:stake,fee`; `costs:yes` is any cost at all, `costs:no` none.
    Costs(Vec<Costs>),
    /// `brief:word`: in the whole brief, which only the store has. Inside the feed's columns it holds for every job; the engine
    /// streams the briefs of the rest.
    Brief(Pattern),
}

/// How a text is compared. Case never matters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// A bare word is found anywhere; as a field's value it is the whole value.
    Plain(String),
    /// `"…"`: the words as they stand, from word boundary to word boundary; as a field's value the whole value.
    Exact(String),
    /// With `*` for anything: the whole value for a field, a whole word for a bare one. May have been quoted for its spaces.
    Wild(String),
    /// `~word`: its characters in this order, with gaps; ranked.
    Fuzzy(String),
    /// `/regex/`.
    Regex(String),
}

/// Fields that are texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    Title,
    Kind,
    Source,
    Requester,
    Tag,
    /// `lang:en`: BCP 47; `en` also fits `en-GB`.
    Language,
    /// `needs:geo`: the kind of a requirement, or words in it.
    Needs,
    /// `key:practice:j-123`.
    Key,
}

/// Fields that are numbers, amounts or lengths of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberField {
    /// Gross pay.
    Pay,
    /// Expected net pay per hour.
    Rate,
    /// Expected minutes.
    Mins,
    /// Places left.
    Slots,
    /// Others at it.
    Rivals,
    /// Since it was posted (`age<10m`).
    Age,
    /// Until it is gone (`expires<2h`). A job that never expires fits no `expires` term.
    Expires,
    /// Time allowed once claimed (`time>=30m`).
    Time,
    /// 0 to 100.
    Fit,
    /// How many times it was seen anew or changed.
    Count,
}

/// A comparison. `:` and `=` are `Eq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Lt,
    Le,
    Eq,
    Ge,
    Gt,
}

/// What is compared with. A job whose field is not told fits no number term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    /// A plain number, or an amount in any asset (`0.50`).
    Plain(Decimal),
    /// An amount in one asset only (`0.50EUR`).
    Amount(Decimal, crate::domain::Asset),
    /// A length of time (`10m`, `2h`, `1d`, `90s`, `1h30m`).
    Span(TimeDelta),
}

/// States.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Is {
    /// Unseen and first listed after the feed was last left.
    New,
    Starred,
    Pinned,
    /// Put to sleep.
    Snoozed,
    /// Hidden by hand, by a rule or by a block.
    Hidden,
    /// Hidden or snoozed.
    Away,
    /// Mine, in any state.
    Claimed,
    /// Was full or gone and came back.
    Reopened,
    /// Can be claimed.
    Open,
    Full,
    Expired,
    /// Vanished or pulled.
    Gone,
    /// Its text tried to smuggle characters.
    Suspicious,
    /// A requirement is not met or the profile refuses it.
    Barred,
    /// Whatever its state.
    Any,
}

impl Is {
    /// Naming it asks for more than the ordinary feed (open, not put away, not mine).
    pub fn is_beyond_feed(self) -> bool {
        !matches!(self, Is::New | Is::Pinned | Is::Reopened | Is::Open | Is::Suspicious | Is::Barred)
    }
}
