//! Lines and figures.

use juggler::domain::assignment::AssignmentState as S;
use juggler::domain::ledger::{Bounds, Figures, LineKind, figures, lines};
use juggler::domain::payment::{PaymentKind as K, PaymentStatus as P};
use juggler::domain::work::{Span, Spent};
use juggler::domain::{Book, Entry, Money, Record, Text};
use proptest::prelude::*;

use super::{assignment, at, book, eur, payment, usd, worked};

const DAY: i64 = 86_400;

/// Today began six hours before noon, the week two days before that.
fn bounds() -> Bounds {
    let today = -6 * 3_600;
    let days = std::array::from_fn(|n| at(today - (6 - n as i64) * DAY));
    Bounds { today: at(today), week: at(today - 2 * DAY), days, now: at(0) }
}

fn only(book: &Book) -> Figures {
    let mut all = figures(book, bounds());
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn kinds(book: &Book) -> Vec<(LineKind, i64)> {
    lines(book).iter().map(|l| (l.kind, l.amount.minor)).collect()
}

#[test]
fn nothing_has_no_figures() {
    assert!(figures(&Book::default(), bounds()).is_empty());
}

#[test]
fn a_job_is_pending_then_approved_then_paid_and_never_two_of_them() {
    let made = |state, payments| book(vec![assignment(1, state, usd(200), -600)], payments, vec![worked(1, -600, 360)]);
    assert_eq!(kinds(&made(S::InProgress, vec![])), []);
    assert_eq!(kinds(&made(S::Submitted, vec![])), [(LineKind::Pending, 180)]);
    assert_eq!(kinds(&made(S::UnderReview, vec![])), [(LineKind::Pending, 180)]);
    assert_eq!(kinds(&made(S::RevisionAsked, vec![])), []);
    assert_eq!(kinds(&made(S::Approved, vec![])), [(LineKind::Approved, 180)]);
    // The platform's own figure replaces the promise.
    let due = payment("p", 1, K::Reward, usd(210), 21, P::Expected, 0);
    assert_eq!(kinds(&made(S::Approved, vec![due.clone()])), [(LineKind::Approved, 189)]);
    let paid = payment("p", 1, K::Reward, usd(210), 21, P::Paid, 0);
    for lagging in [S::Submitted, S::Approved, S::Paid] {
        assert_eq!(kinds(&made(lagging, vec![due.clone(), paid.clone()])), [(LineKind::Reward, 210), (LineKind::Fee, -21)]);
    }
    // Called paid, but no payment was reported: due, not here.
    assert_eq!(kinds(&made(S::Paid, vec![])), [(LineKind::Approved, 180)]);
    assert_eq!(kinds(&made(S::Rejected, vec![])), []);
    // A payment that failed leaves the pay due.
    let failed = payment("p", 1, K::Reward, usd(210), 21, P::Failed, 0);
    assert_eq!(kinds(&made(S::Approved, vec![failed])), [(LineKind::Approved, 180)]);
}

#[test]
fn bonuses_parts_reversals_and_manual_entries_are_told_apart() {
    let mut book = book(
        vec![assignment(1, S::Paid, usd(200), -600), assignment(2, S::Approved, usd(100), -500)],
        vec![
            payment("p1", 1, K::Reward, usd(200), 20, P::Paid, -100),
            payment("p2", 1, K::Bonus, usd(50), 0, P::Paid, -90),
            payment("p3", 1, K::Tip, usd(5), 0, P::Held, -80),
            payment("p4", 1, K::Reversal, usd(30), 0, P::Paid, -70),
            payment("p5", 2, K::Partial, usd(40), 4, P::Paid, -60),
            payment("p6", 2, K::Bonus, usd(10), 1, P::Reversed, -50),
        ],
        vec![],
    );
    let manual = |minor, id: &str| Entry {
        at: at(0),
        record: Record::Manual { id: Text::title(id), amount: usd(minor), what: Text::title("chair"), on: at(-40) },
    };
    book.apply(&manual(-25, "m1"));
    let sums = only(&book).all;
    assert_eq!((sums.pending, sums.pending_n), (usd(0), 0));
    // The tip on its way, and what of the second job's 90 was not paid in part.
    assert_eq!((sums.approved, sums.approved_n), (usd(5 + 90 - 36), 2));
    assert_eq!(sums.paid, usd(180 + 50 - 30 + 36 - 25));
    assert_eq!(sums.paid_n, 5);
    assert_eq!((sums.bonus, sums.fees), (usd(60), usd(25)));
    // The same entry again changes nothing; a corrected one takes its place.
    book.apply(&manual(-25, "m1"));
    assert_eq!(only(&book).all.paid, usd(211));
    book.apply(&manual(-20, "m1"));
    assert_eq!(only(&book).all.paid, usd(216));
}

#[test]
fn spans_of_time_begin_where_the_bounds_say() {
    let today = bounds().today;
    let mut paid = Vec::new();
    for (i, back) in [0, 1, DAY, DAY + 1, 6 * DAY, 6 * DAY + 1].into_iter().enumerate() {
        let mut one = payment(&format!("p{i}"), 1, K::Reward, usd(1 << i), 0, P::Paid, 0);
        one.paid_at = Some(today - chrono::TimeDelta::seconds(back));
        paid.push(one);
    }
    let figures = only(&book(vec![assignment(1, S::Paid, usd(9), 0)], paid, vec![]));
    assert_eq!(figures.days, [16, 0, 0, 0, 8, 2 + 4, 1]);
    assert_eq!(figures.today.paid, usd(1));
    assert_eq!(figures.week.paid, usd(1 + 2 + 4 + 8));
    assert_eq!((figures.all.paid, figures.all.paid_n), (usd(63), 6));
    // A millisecond before midnight is yesterday.
    let mut late = payment("q", 1, K::Reward, usd(7), 0, P::Paid, 0);
    late.paid_at = Some(today - chrono::TimeDelta::milliseconds(1));
    assert_eq!(only(&book(vec![], vec![late], vec![])).days, [0, 0, 0, 0, 0, 7, 0]);
}

#[test]
fn the_hour_counts_lost_work_and_unpaid_time_on_one_basis() {
    let triage = Span { spent: Spent::Triage, from: at(-3_000), seconds: 600 };
    let old_triage = Span { spent: Spent::Money, from: at(-3 * DAY), seconds: 900 };
    let made = book(
        vec![
            assignment(1, S::Paid, usd(200), -3_600),
            assignment(2, S::Approved, usd(100), -3_000),
            assignment(3, S::Rejected, usd(900), -2_000),
            assignment(4, S::Submitted, usd(900), -1_000),
            // Worked on yesterday, paid today: its money belongs to yesterday's hours.
            assignment(5, S::Paid, usd(400), -DAY),
        ],
        vec![
            payment("p1", 1, K::Reward, usd(200), 20, P::Paid, -10),
            payment("p1b", 1, K::Bonus, usd(40), 0, P::Paid, -5),
            payment("p5", 5, K::Reward, usd(400), 40, P::Paid, -1),
        ],
        vec![
            worked(1, -3_600, 600),
            worked(2, -3_000, 300),
            worked(3, -2_000, 900),
            worked(4, -1_000, 5_000),
            worked(5, -DAY, 1_200),
            worked(5, -100, 600),
            triage,
            old_triage,
        ],
    );
    let figures = only(&made);
    let today = figures.hourly_today;
    assert_eq!(today.money, usd(180 + 40 + 90));
    assert_eq!((today.worked, today.unpaid, today.n), (600 + 300 + 900, 600, 3));
    assert_eq!(today.rate, usd(310).per_hour(2_400));
    let all = figures.hourly_all;
    assert_eq!((all.money, all.worked, all.unpaid, all.n), (usd(310 + 360), 1_800 + 1_800, 1_500, 4));
    assert_eq!(figures.hourly_week.unpaid, 600);
    // Without measured time there is money and no rate.
    let unmeasured = only(&book(vec![assignment(1, S::Approved, usd(100), -5)], vec![], vec![]));
    assert_eq!((unmeasured.hourly_all.rate, unmeasured.hourly_all.money), (None, usd(90)));
}

#[test]
fn assets_stand_apart_and_share_unpaid_time_to_the_second() {
    let triage = Span { spent: Spent::Triage, from: at(-3_000), seconds: 1_000 };
    let made = book(
        vec![
            assignment(1, S::Approved, usd(200), -900),
            assignment(2, S::Submitted, usd(200), -900),
            assignment(3, S::Approved, eur(300), -900),
        ],
        vec![],
        vec![worked(1, -900, 200), worked(3, -900, 100), triage],
    );
    let all = figures(&made, bounds());
    assert_eq!(all.iter().map(|f| f.asset.code().to_owned()).collect::<Vec<_>>(), ["USD", "EUR"]);
    assert_eq!((all[0].all.pending, all[0].all.approved, all[1].all.approved), (usd(180), usd(180), eur(270)));
    assert_eq!((all[0].hourly_all.unpaid, all[1].hourly_all.unpaid), (667, 333));
}

fn any_kind() -> impl Strategy<Value = K> {
    prop::sample::select(vec![K::Reward, K::Bonus, K::Tip, K::Partial, K::Refund, K::Reversal, K::Adjustment])
}

fn any_status() -> impl Strategy<Value = P> {
    prop::sample::select(vec![P::Expected, P::Held, P::Disbursing, P::Paid, P::Failed, P::Reversed])
}

fn any_book() -> impl Strategy<Value = Book> {
    let assignments =
        prop::collection::vec((prop::sample::select(S::ALL.to_vec()), 0i64..100_000, -9 * DAY..0, any::<bool>()), 0..12);
    let payments = prop::collection::vec(
        (0u32..14, any_kind(), 0i64..100_000, 0i64..1_000, any_status(), -9 * DAY..0, any::<bool>()),
        0..20,
    );
    let spans = prop::collection::vec((0u32..16, -9 * DAY..0, 0u32..9_000), 0..20);
    (assignments, payments, spans).prop_map(|(assignments, payments, spans)| {
        let money = |minor, euro| if euro { eur(minor) } else { usd(minor) };
        let assignments = assignments
            .into_iter()
            .zip(0..)
            .map(|((state, pay, claimed, euro), n)| assignment(n, state, money(pay, euro), claimed))
            .collect();
        let payments = payments
            .into_iter()
            .enumerate()
            .map(|(i, (n, kind, gross, fee, status, paid, euro))| {
                payment(&format!("p{i}"), n, kind, money(gross, euro), fee, status, paid)
            })
            .collect();
        let spans = spans
            .into_iter()
            .map(
                |(n, from, seconds)| {
                    if n > 12 { Span { spent: Spent::Triage, from: at(from), seconds } } else { worked(n, from, seconds) }
                },
            )
            .collect();
        book(assignments, payments, spans)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_figure_is_the_sum_of_its_lines(book in any_book()) {
        let lines = lines(&book);
        prop_assert!(lines.is_sorted_by_key(|l| l.at));
        let all = figures(&book, bounds());
        for figures in &all {
            let of = |kinds: &[LineKind], from: Option<juggler::domain::Time>| -> i64 {
                lines
                    .iter()
                    .filter(|l| l.amount.asset == figures.asset && kinds.contains(&l.kind) && from.is_none_or(|from| l.at >= from))
                    .map(|l| l.amount.minor)
                    .sum()
            };
            let came = [LineKind::Reward, LineKind::Bonus, LineKind::Fee, LineKind::Reversal, LineKind::Manual];
            for (sums, from) in [(figures.today, Some(bounds().today)), (figures.week, Some(bounds().week)), (figures.all, None)] {
                prop_assert_eq!(sums.paid.minor, of(&came, from));
                prop_assert_eq!(sums.bonus.minor, of(&[LineKind::Bonus], from));
                prop_assert_eq!(sums.fees.minor, -of(&[LineKind::Fee], from));
                prop_assert_eq!(sums.pending.minor, of(&[LineKind::Pending], None));
                prop_assert_eq!(sums.approved.minor, of(&[LineKind::Approved], None));
                for money in [sums.paid, sums.bonus, sums.fees, sums.pending, sums.approved] {
                    prop_assert_eq!(money.asset, figures.asset);
                }
            }
            prop_assert_eq!(figures.days.iter().sum::<i64>(), of(&came, Some(bounds().today - chrono::TimeDelta::days(6))));
        }
        // No line is in no figure, and no second of unpaid time is lost or counted twice.
        prop_assert!(lines.iter().all(|l| all.iter().any(|f| f.asset == l.amount.asset)));
        if !all.is_empty() {
            let unpaid: i64 = book.spans.iter().filter(|s| s.spent == Spent::Triage).map(|s| i64::from(s.seconds)).sum();
            prop_assert_eq!(all.iter().map(|f| f.hourly_all.unpaid).sum::<i64>(), unpaid);
        }
    }

    #[test]
    fn polling_again_in_any_order_counts_nothing_twice(book in any_book(), again in any::<u64>()) {
        let mut polled = book.clone();
        let mut payments: Vec<_> = book.payments.values().cloned().collect();
        let turn = if payments.is_empty() { 0 } else { again as usize % payments.len() };
        payments.rotate_left(turn);
        for payment in payments.into_iter().rev() {
            polled.apply(&Entry { at: at(1), record: Record::Paid { payment: Box::new(payment) } });
        }
        prop_assert_eq!(lines(&polled), lines(&book));
        prop_assert_eq!(figures(&polled, bounds()), figures(&book, bounds()));
    }

    #[test]
    fn sums_at_the_edge_of_the_range_do_not_turn_over(n in 1u32..5) {
        let payments = (0..n).map(|i| payment(&format!("p{i}"), i, K::Reward, Money::new(i64::MAX - 10, usd(0).asset), 5, P::Paid, 0)).collect();
        let sums = figures(&book(vec![], payments, vec![]), bounds());
        prop_assert!(sums[0].all.paid.minor > 0);
    }
}
