//! Money, the state machine, the book and the ledger folded from it.

mod book;
mod hand;
mod lines;
mod money;
mod states;

use juggler::domain::assignment::{Assignment, AssignmentState};
use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::reward::Reward;
use juggler::domain::work::{Span, Spent};
use juggler::domain::{Asset, AssignmentId, Book, Entry, Job, Money, Payment, Record, SourceName, Text, Time};

/// Noon of some Wednesday.
pub fn noon() -> Time {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

/// So many seconds from noon.
pub fn at(seconds: i64) -> Time {
    noon() + chrono::TimeDelta::seconds(seconds)
}

pub fn usd(minor: i64) -> Money {
    Money::new(minor, Asset::USD)
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, "EUR".parse().unwrap())
}

pub fn id(n: u32) -> AssignmentId {
    AssignmentId::of(&SourceName::new("practice"), &format!("a{n}"))
}

/// An assignment claimed at `claimed` whose job pays `pay` with a tenth as the fee.
pub fn assignment(n: u32, state: AssignmentState, pay: Money, claimed: i64) -> Assignment {
    let mut job = Job::new(&SourceName::new("practice"), &format!("j{n}"), "Five taglines", noon());
    job.reward = Reward::fixed(pay, 100_000);
    Assignment {
        id: id(n),
        job,
        state,
        native_state: Text::default(),
        claimed_at: at(claimed),
        deadline: None,
        feedback: Text::default(),
        submission: None,
        moved_at: at(claimed),
    }
}

/// A payment for assignment `n`.
pub fn payment(name: &str, n: u32, kind: PaymentKind, gross: Money, fee: i64, status: PaymentStatus, paid: i64) -> Payment {
    let came = matches!(status, PaymentStatus::Paid | PaymentStatus::Reversed);
    Payment {
        id: Text::title(name),
        assignment: id(n),
        kind,
        gross,
        fee: Money::new(fee, gross.asset),
        net: Money::new(gross.minor - fee, gross.asset),
        status,
        created_at: at(paid - 60),
        paid_at: came.then(|| at(paid)),
        reference: Text::default(),
    }
}

pub fn worked(n: u32, from: i64, seconds: u32) -> Span {
    Span { spent: Spent::Assignment { id: id(n) }, from: at(from), seconds }
}

/// A book with these assignments, payments and spans.
pub fn book(assignments: Vec<Assignment>, payments: Vec<Payment>, spans: Vec<Span>) -> Book {
    let mut book = Book::default();
    for assignment in assignments {
        book.assignments.insert(assignment.id.clone(), assignment);
    }
    for payment in payments {
        book.apply(&Entry { at: noon(), record: Record::Paid { payment: Box::new(payment) } });
    }
    book.spans = spans;
    book
}
