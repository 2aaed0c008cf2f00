//! From lines to figures.

use std::collections::{BTreeMap, HashMap};

use super::lines::{is_dead, is_taking, lines, net, promised};
use super::{Bounds, Figures, Hourly, Line, LineKind, Sums};
use crate::domain::payment::PaymentKind;
use crate::domain::work::Spent;
use crate::domain::{Asset, Assignment, AssignmentId, AssignmentState, Book, Money, Payment, Time};

/// Figures per asset, the asset with most lines first; empty when there is no line.
///
/// Sums stop at the end of the range of an amount rather than turn over.
pub fn figures(book: &Book, bounds: Bounds) -> Vec<Figures> {
    let lines = lines(book);
    let mut per_asset: BTreeMap<Asset, Vec<&Line>> = BTreeMap::new();
    for line in &lines {
        per_asset.entry(line.amount.asset).or_default().push(line);
    }
    let mut order: Vec<(Asset, Vec<&Line>)> = per_asset.into_iter().collect();
    order.sort_by_key(|(asset, lines)| (std::cmp::Reverse(lines.len()), *asset));
    let Some((leading, _)) = order.first() else { return Vec::new() };

    let assets: Vec<Asset> = order.iter().map(|(asset, _)| *asset).collect();
    let decided = decided(book, *leading);
    let today = hourly(book, &decided, &assets, Some(bounds.today));
    let week = hourly(book, &decided, &assets, Some(bounds.week));
    let all = hourly(book, &decided, &assets, None);
    order
        .iter()
        .zip(today.into_iter().zip(week).zip(all))
        .map(|((asset, lines), ((hourly_today, hourly_week), hourly_all))| Figures {
            asset: *asset,
            today: sums(*asset, lines, Some(bounds.today)),
            week: sums(*asset, lines, Some(bounds.week)),
            all: sums(*asset, lines, None),
            hourly_today,
            hourly_week,
            hourly_all,
            days: days(lines, bounds.days),
        })
        .collect()
}

fn sums(asset: Asset, lines: &[&Line], from: Option<Time>) -> Sums {
    let mut sums = Sums {
        pending: Money::zero(asset),
        pending_n: 0,
        approved: Money::zero(asset),
        approved_n: 0,
        paid: Money::zero(asset),
        paid_n: 0,
        bonus: Money::zero(asset),
        fees: Money::zero(asset),
    };
    for line in lines {
        match line.kind {
            LineKind::Pending => {
                add(&mut sums.pending, line.amount.minor);
                sums.pending_n += 1;
            }
            LineKind::Approved => {
                add(&mut sums.approved, line.amount.minor);
                sums.approved_n += 1;
            }
            _ if from.is_some_and(|from| line.at < from) => {}
            kind => {
                add(&mut sums.paid, line.amount.minor);
                match kind {
                    LineKind::Bonus => add(&mut sums.bonus, line.amount.minor),
                    LineKind::Fee => add(&mut sums.fees, line.amount.minor.saturating_neg()),
                    _ => {}
                }
                sums.paid_n += u32::from(matches!(kind, LineKind::Reward | LineKind::Bonus | LineKind::Manual));
            }
        }
    }
    sums
}

fn add(sum: &mut Money, minor: i64) {
    sum.minor = sum.minor.saturating_add(minor);
}

/// Money that came on each of seven days, which began at these instants; the last is today and everything after it.
fn days(lines: &[&Line], began: [Time; 7]) -> [i64; 7] {
    let mut days = [0i64; 7];
    for line in lines.iter().filter(|l| !matches!(l.kind, LineKind::Pending | LineKind::Approved)) {
        let index = began.iter().rposition(|began| line.at >= *began);
        if let Some(day) = index.and_then(|i| days.get_mut(i)) {
            *day = day.saturating_add(line.amount.minor);
        }
    }
    days
}

/// An assignment whose outcome is known, with what it brought and took.
struct Decided {
    began: Time,
    asset: Asset,
    money: i64,
    worked: i64,
}

fn decided(book: &Book, leading: Asset) -> Vec<Decided> {
    let mut worked: HashMap<&AssignmentId, (Time, i64)> = HashMap::new();
    for span in &book.spans {
        if let Spent::Assignment { id } = &span.spent {
            let entry = worked.entry(id).or_insert((span.from, 0));
            entry.0 = entry.0.min(span.from);
            entry.1 += i64::from(span.seconds);
        }
    }
    let mut payments: HashMap<&AssignmentId, Vec<&Payment>> = HashMap::new();
    for payment in book.payments.values().filter(|p| !is_dead(p)) {
        payments.entry(&payment.assignment).or_default().push(payment);
    }
    let mut decided = Vec::new();
    for assignment in book.assignments.values() {
        use AssignmentState as S;
        let earns = match assignment.state {
            S::Approved | S::Paid => true,
            S::Rejected | S::TimedOut | S::Released | S::Cancelled => false,
            _ => continue,
        };
        let (began, seconds) = worked.get(&assignment.id).copied().unwrap_or((assignment.claimed_at, 0));
        let payments = payments.get(&assignment.id).map_or(&[][..], Vec::as_slice);
        let mut shares = brought(book, assignment, payments, earns);
        let home = assignment.job.reward.gross().map(|g| g.asset).or_else(|| shares.keys().next().copied()).unwrap_or(leading);
        // The time belongs to the asset of the job; a bonus in another asset brings its money only.
        let money = shares.remove(&home).unwrap_or(0);
        decided.push(Decided { began, asset: home, money, worked: seconds });
        decided.extend(shares.into_iter().map(|(asset, money)| Decided { began, asset, money, worked: 0 }));
    }
    decided
}

/// Net money of one assignment by asset: what the platform reported, else what the job promised.
fn brought(book: &Book, assignment: &Assignment, payments: &[&Payment], earns: bool) -> BTreeMap<Asset, i64> {
    let mut shares: BTreeMap<Asset, i64> = BTreeMap::new();
    for payment in payments {
        let net = net(payment);
        let minor = if is_taking(payment) { net.minor.saturating_abs().saturating_neg() } else { net.minor };
        let share = shares.entry(net.asset).or_default();
        *share = share.saturating_add(minor);
    }
    if earns
        && !payments.iter().any(|p| p.kind == PaymentKind::Reward)
        && let Some(pay) = promised(book, assignment)
    {
        let parts = payments.iter().filter(|p| p.kind == PaymentKind::Partial && p.gross.asset == pay.asset);
        let parts: i64 = parts.map(|p| net(p).minor).fold(0, i64::saturating_add);
        let share = shares.entry(pay.asset).or_default();
        *share = share.saturating_add(pay.minor.saturating_sub(parts).max(0));
    }
    shares
}

/// The hourly figure of each asset, in order.
fn hourly(book: &Book, decided: &[Decided], assets: &[Asset], from: Option<Time>) -> Vec<Hourly> {
    let within = |at: Time| from.is_none_or(|from| at >= from);
    let unpaid: i64 = book
        .spans
        .iter()
        .filter(|s| !matches!(s.spent, Spent::Assignment { .. }) && within(s.from))
        .map(|s| i64::from(s.seconds))
        .sum();
    let mut rows: Vec<Hourly> =
        assets.iter().map(|asset| Hourly { rate: None, money: Money::zero(*asset), worked: 0, unpaid: 0, n: 0 }).collect();
    for item in decided.iter().filter(|d| within(d.began)) {
        // An asset without lines (a rejected job in a currency that never paid) has no row; its hours are the leading asset's loss.
        let index = assets.iter().position(|a| *a == item.asset).unwrap_or(0);
        if let Some(row) = rows.get_mut(index) {
            if row.money.asset == item.asset {
                add(&mut row.money, item.money);
            }
            row.worked = row.worked.saturating_add(item.worked);
            row.n += 1;
        }
    }
    let weights: Vec<i64> = rows.iter().map(|r| r.worked).collect();
    for (row, share) in rows.iter_mut().zip(split(unpaid, &weights)) {
        row.unpaid = share;
        row.rate = row.money.per_hour(row.worked.saturating_add(share));
    }
    rows
}

/// `whole` in proportion to `weights` by largest remainder, the parts adding up exactly; all to the first when nothing weighs.
fn split(whole: i64, weights: &[i64]) -> Vec<i64> {
    let total: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    if total <= 0 {
        return weights.iter().enumerate().map(|(i, _)| if i == 0 { whole } else { 0 }).collect();
    }
    let exact = |w: i64| i128::from(whole) * i128::from(w);
    let mut parts: Vec<i64> = weights.iter().map(|w| i64::try_from(exact(*w) / total).unwrap_or(i64::MAX)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(exact(weights[*i]) % total), *i));
    let left = whole - parts.iter().sum::<i64>();
    for i in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[i] += 1;
    }
    parts
}
