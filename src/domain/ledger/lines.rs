//! From the book to lines.

use std::collections::BTreeMap;

use super::{Line, LineKind};
use crate::domain::payment::{PaymentKind, PaymentStatus};
use crate::domain::reward::RewardKind;
use crate::domain::{Assignment, AssignmentId, AssignmentState, Book, Money, Payment, Text};

/// All lines of the book, oldest first; lines of the same instant in a fixed order.
pub fn lines(book: &Book) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut reported: BTreeMap<&AssignmentId, Vec<&Payment>> = BTreeMap::new();
    for payment in book.payments.values() {
        reported.entry(&payment.assignment).or_default().push(payment);
        came(payment, &mut lines);
        due(payment, &mut lines);
    }
    for assignment in book.assignments.values() {
        let payments = reported.get(&assignment.id).map_or(&[][..], Vec::as_slice);
        lines.extend(open(book, assignment, payments));
    }
    for entry in &book.manual {
        let reference = entry.id.clone();
        lines.push(Line { kind: LineKind::Manual, amount: entry.amount, at: entry.on, assignment: None, reference });
    }
    lines.sort_by(|a, b| {
        (a.at, &a.assignment, &a.reference, a.kind, a.amount.minor).cmp(&(
            b.at,
            &b.assignment,
            &b.reference,
            b.kind,
            b.amount.minor,
        ))
    });
    lines
}

/// Money that came, and money that was taken back. What was reversed is shown coming and going.
fn came(payment: &Payment, lines: &mut Vec<Line>) {
    let at = payment.paid_at.unwrap_or(payment.created_at);
    let mut push = |kind, amount: Money| {
        if amount.minor != 0 {
            let (assignment, reference) = (Some(payment.assignment.clone()), payment.id.clone());
            lines.push(Line { kind, amount, at, assignment, reference });
        }
    };
    let reversed = payment.status == PaymentStatus::Reversed;
    if payment.status != PaymentStatus::Paid && !(reversed && payment.paid_at.is_some()) {
        return;
    }
    match payment.kind {
        PaymentKind::Refund | PaymentKind::Reversal => {
            // Taken back, whichever sign the platform writes; a reversal that was reversed leaves nothing.
            if !reversed {
                push(LineKind::Reversal, negative(payment.net));
            }
            return;
        }
        PaymentKind::Adjustment if payment.gross.minor < 0 => push(LineKind::Reversal, payment.gross),
        PaymentKind::Bonus | PaymentKind::Tip => push(LineKind::Bonus, payment.gross),
        PaymentKind::Reward | PaymentKind::Partial | PaymentKind::Adjustment => push(LineKind::Reward, payment.gross),
    }
    push(LineKind::Fee, negative(payment.fee));
    if reversed {
        push(LineKind::Reversal, flipped(net(payment)));
    }
}

/// Money on its way: reported and not here yet.
fn due(payment: &Payment, lines: &mut Vec<Line>) {
    let on_its_way = matches!(payment.status, PaymentStatus::Expected | PaymentStatus::Held | PaymentStatus::Disbursing);
    if on_its_way && !is_taking(payment) {
        lines.push(Line {
            kind: LineKind::Approved,
            amount: net(payment),
            at: payment.created_at,
            assignment: Some(payment.assignment.clone()),
            reference: payment.id.clone(),
        });
    }
}

/// What of an assignment's pay no payment speaks for yet.
fn open(book: &Book, assignment: &Assignment, payments: &[&Payment]) -> Option<Line> {
    use AssignmentState as S;
    let kind = match assignment.state {
        S::Submitted | S::UnderReview => LineKind::Pending,
        S::Approved | S::Paid => LineKind::Approved,
        _ => return None,
    };
    let pay = promised(book, assignment)?;
    let live: Vec<&&Payment> =
        payments.iter().filter(|p| matches!(p.kind, PaymentKind::Reward | PaymentKind::Partial) && !is_dead(p)).collect();
    // The platform's own figure for the reward replaces the promise; parts of it lower what is still open.
    if live.iter().any(|p| p.kind == PaymentKind::Reward) {
        return None;
    }
    let parts = live.iter().try_fold(Money::zero(pay.asset), |sum, p| sum.plus(net(p))).ok()?;
    let amount = pay.minus(parts).ok().filter(|left| left.minor > 0 || left.minor == 0 && live.is_empty())?;
    Some(Line { kind, amount, at: assignment.moved_at, assignment: Some(assignment.id.clone()), reference: Text::default() })
}

/// Net pay the job promises for this assignment: the lower end of a range; by the hour worked; nothing that is only a chance.
pub fn promised(book: &Book, assignment: &Assignment) -> Option<Money> {
    let reward = &assignment.job.reward;
    match reward.kind {
        RewardKind::PrizePool | RewardKind::Volunteer => None,
        RewardKind::Hourly => {
            let hour = reward.net()?;
            let earned = i128::from(hour.minor) * i128::from(book.worked(&assignment.id)) / 3_600;
            Some(Money::new(i64::try_from(earned).ok()?, hour.asset))
        }
        _ => reward.net(),
    }
}

/// Gross less fee: the definition, whatever the platform's third number says. A sum past all bounds keeps the platform's.
pub fn net(payment: &Payment) -> Money {
    payment.gross.minus(Money::new(payment.fee.minor.saturating_abs(), payment.fee.asset)).unwrap_or(payment.net)
}

/// Takes money back rather than brings it.
pub fn is_taking(payment: &Payment) -> bool {
    matches!(payment.kind, PaymentKind::Refund | PaymentKind::Reversal)
}

/// Says nothing about money that is here or will come.
pub fn is_dead(payment: &Payment) -> bool {
    matches!(payment.status, PaymentStatus::Failed | PaymentStatus::Reversed)
}

fn negative(money: Money) -> Money {
    Money::new(money.minor.saturating_abs().saturating_neg(), money.asset)
}

fn flipped(money: Money) -> Money {
    Money::new(money.minor.saturating_neg(), money.asset)
}
