//! Random queries and jobs from one small vocabulary, so that they meet often. Also for tests of what scans columns.

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::ast::{Expr, Is, Number, NumberField, Op, Pattern, Term, TextField};
use super::eval::Context;
use super::words::{AI_RULES, COSTS, MODES, STATES};
use crate::domain::job::{JobStatus, Met, Requirement};
use crate::domain::reward::Reward;
use crate::domain::triage::{Marks, Wake};
use crate::domain::{Asset, AssignmentState, Costs, Job, Listing, Money, SourceName, Text, Time, Worth};

/// Texts that jobs carry.
const TEXTS: &[&str] = &[
    "",
    "logo",
    "Logo design",
    "Short story",
    "a short story, again",
    "Summary",
    "summarise_text 5",
    "ÉTÉ à Paris",
    "C++ review",
    "İstanbul photo",
    "Acme, \"Inc\"",
    "acme",
    "en",
    "en-GB",
    "de",
    "geo",
    "tag-line for a café",
    "red/blue",
    "a*b",
    "or",
];
/// Parts of them, and signs that a grammar stumbles over.
const PARTS: &[&str] = &[
    "logo", "LOGO", "story", "short st", "sum", "é", "É", "i̇", "c++", "acme", "en", "design", "a", "go", "-", "!", "(", ")", "|",
    ",", "\"", "/", "\\", "~", "*", ":", "<", "=", " ", "or", "and", "..", "_", "5", "\n",
];
const REGEXES: &[&str] = &["", "lo+go", "^s", "[a-c]\\b", "\\w+ s", "a/b|red", "\\.", "é$", "(story|logo)", "\\\\"];

/// The instant around which everything happens.
pub(crate) fn epoch() -> Time {
    Time::from_timestamp(1_800_000_000, 0).unwrap()
}

fn near() -> impl Strategy<Value = Time> {
    (-200_i64..200, select(vec![0, 0, 1, 500, 999])).prop_map(|(s, ms)| epoch() + TimeDelta::milliseconds(s * 1000 + ms))
}

fn words(wild: bool) -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(select(PARTS), 1..4).prop_map(|parts| parts.concat());
    let text = prop_oneof![3 => select(TEXTS).prop_map(str::to_owned), 3 => parts];
    (text, any::<prop::sample::Index>()).prop_map(move |(mut text, at)| {
        if wild {
            let at = text.floor_char_boundary(at.index(text.len() + 1));
            text.insert(at, '*');
        }
        text
    })
}

/// Any pattern.
pub(crate) fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        4 => words(false).prop_map(Pattern::Plain),
        2 => words(false).prop_map(Pattern::Exact),
        2 => words(true).prop_map(Pattern::Wild),
        2 => words(false).prop_map(Pattern::Fuzzy),
        1 => select(REGEXES).prop_map(|text| Pattern::Regex(text.to_owned())),
    ]
}

fn number(field: NumberField) -> BoxedStrategy<Number> {
    let plain = (-5_i64..60, 0..3_u32).prop_map(|(n, scale)| Number::Plain(Decimal::new(n, scale)));
    let span = (0..250_i64).prop_map(|s| Number::Span(TimeDelta::seconds(s)));
    let amount = (0..60_i64, 0..3_u32, asset()).prop_map(|(n, scale, asset)| Number::Amount(Decimal::new(n, scale), asset));
    match field {
        NumberField::Pay | NumberField::Rate => prop_oneof![plain, amount].boxed(),
        NumberField::Mins => prop_oneof![plain, span].boxed(),
        NumberField::Age | NumberField::Expires | NumberField::Time => span.boxed(),
        _ => plain.boxed(),
    }
}

fn asset() -> impl Strategy<Value = Asset> {
    select(["USD", "EUR", "JPY", "USDC:6", "ODD:4"].map(|code| code.parse::<Asset>().unwrap()).to_vec())
}

/// Any term.
pub(crate) fn term() -> BoxedStrategy<Term> {
    let text_fields = vec![
        TextField::Title,
        TextField::Kind,
        TextField::Source,
        TextField::Requester,
        TextField::Tag,
        TextField::Language,
        TextField::Needs,
        TextField::Key,
    ];
    let number_fields = vec![
        NumberField::Pay,
        NumberField::Rate,
        NumberField::Mins,
        NumberField::Slots,
        NumberField::Rivals,
        NumberField::Age,
        NumberField::Expires,
        NumberField::Time,
        NumberField::Fit,
        NumberField::Count,
    ];
    let op = select(vec![Op::Lt, Op::Le, Op::Eq, Op::Ge, Op::Gt]);
    let some = |n| 1..n as usize;
    let mask = prop_oneof![select(COSTS.iter().map(|word| word.value).collect::<Vec<_>>()), (0..32_u8).prop_map(Costs)];
    prop_oneof![
        6 => pattern().prop_map(Term::Word),
        5 => (select(text_fields), prop::collection::vec(pattern(), some(3))).prop_map(|(field, all)| Term::Text(field, all)),
        6 => (select(number_fields), op).prop_flat_map(|(field, op)| number(field).prop_map(move |n| Term::Number(field, op, n))),
        4 => prop::collection::vec(state(), some(3)).prop_map(Term::Is),
        1 => any::<bool>().prop_map(Term::Seen),
        1 => prop::collection::vec(select(AI_RULES.iter().map(|w| w.value).collect::<Vec<_>>()), some(3)).prop_map(Term::Ai),
        1 => prop::collection::vec(select(MODES.iter().map(|w| w.value).collect::<Vec<_>>()), some(3)).prop_map(Term::Mode),
        1 => prop::collection::vec(mask, some(3)).prop_map(Term::Costs),
        1 => select(vec!["haiku", "logo", "a b"]).prop_map(|text| Term::Brief(Pattern::Plain(text.to_owned()))),
    ]
    .boxed()
}

fn state() -> impl Strategy<Value = Is> {
    select(STATES.iter().map(|word| word.value).collect::<Vec<_>>())
}

/// Any expression, normal or not.
pub(crate) fn expr() -> impl Strategy<Value = Expr> {
    term().prop_map(Expr::Term).prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Or),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    })
}

/// A job with what is known of it here.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) job: Job,
    pub(crate) marks: Marks,
    pub(crate) mine: Option<AssignmentState>,
    pub(crate) worth: Worth,
    pub(crate) blocked: bool,
}

impl Known {
    pub(crate) fn listing(&self) -> Listing<'_> {
        Listing { blocked: self.blocked, ..self.job.listing(self.marks, self.mine, self.worth) }
    }
}

fn text() -> impl Strategy<Value = Text> {
    select(TEXTS).prop_map(Text::title)
}

fn money() -> impl Strategy<Value = Option<Money>> {
    prop::option::weighted(0.8, (0..6000_i64, asset()).prop_map(|(minor, asset)| Money::new(minor, asset)))
}

/// Any job.
pub(crate) fn job() -> impl Strategy<Value = Known> {
    let small = || prop::option::of(0..60_u32);
    let texts = (text(), text(), text(), prop::collection::vec(text(), 0..3), prop::option::of(text()), text());
    let times = (near(), prop::option::of(near()), prop::option::of(near()), prop::option::weighted(0.2, near()), 0..4_u32);
    let counts = (money(), small(), small(), small(), prop::option::of(0..250_u32));
    let statuses =
        vec![JobStatus::Open, JobStatus::Open, JobStatus::Open, JobStatus::Full, JobStatus::Expired, JobStatus::Vanished];
    let rules = (
        select(statuses),
        select(AI_RULES.iter().map(|w| w.value).collect::<Vec<_>>()),
        select(MODES.iter().map(|w| w.value).collect::<Vec<_>>()),
        prop::option::weighted(0.3, select(vec!["stake", "unlock fee", "public post", "odd"])),
        any::<bool>(),
    );
    let own = (
        (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.2), prop::bool::weighted(0.2)),
        prop::option::weighted(0.3, near()),
        prop::option::weighted(0.1, Just(Wake::Reopens)),
        prop::option::weighted(0.2, Just(AssignmentState::Claimed)),
        (money(), prop::option::of(0..=100_u8), any::<bool>()),
        prop::bool::weighted(0.2),
    );
    (texts, times, counts, rules, own).prop_map(|(texts, times, counts, rules, own)| {
        let mut job = Job::new(&SourceName::new("acme"), "a*b", "", times.0);
        (job.title, job.requester.name, job.kind, job.tags, job.language) = (texts.0, texts.1, texts.2, texts.3, texts.4);
        job.requirements = vec![Requirement { kind: texts.5.clone(), text: texts.5, met: Met::Unknown }];
        (job.posted_at, job.expires_at, job.reopened_at, job.seen_count) = (times.1, times.2, times.3, times.4);
        if let Some(pay) = counts.0 {
            job.reward = Reward { min: Some(pay), max: Some(pay), ..Reward::default() };
        }
        (job.est_seconds, job.slots_left, job.competitors, job.claim_ttl) =
            (counts.1.map(|m| m * 7), counts.2, counts.3, counts.4);
        (job.status, job.ai.rule, job.claim_mode) = (rules.0, rules.1, rules.2);
        if let Some(why) = rules.3 {
            job.requirements.push(Requirement { kind: Text::title(why), text: Text::default(), met: Met::No });
        }
        job.suspicious = rules.4;
        job.signs = crate::domain::Signs(if rules.4 { 0 } else { job.title.as_str().len() as u8 & 2 });
        let ((seen, starred, hidden, pinned), snoozed_until, wakes, mine, (hourly, fit, barred), blocked) = own;
        Known {
            job,
            marks: Marks { seen, starred, hidden, snoozed_until, wakes, pinned },
            mine,
            worth: Worth { hourly, fit, barred, too_good: false },
            blocked,
        }
    })
}

/// Any instant and any time of leaving.
pub(crate) fn context() -> impl Strategy<Value = Context> {
    (near(), near()).prop_map(|(now, new_since)| Context { now, new_since })
}
