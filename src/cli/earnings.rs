//! `juggler earnings`: facts with their n, per asset, never added across assets.

use super::out::{Out, Role};
use super::table::{Column, Table};
use super::{ask, words};
use crate::domain::Money;
use crate::domain::ledger::{Figures, Hourly, Sums};
use crate::engine::Handle;
use crate::engine::api::{Earnings, Reply, Request};
use crate::error::Result;

/// Prints the figures.
pub async fn run(handle: &Handle, out: &mut Out) -> Result<()> {
    let earnings = ask!(handle, Request::Earnings, Reply::Earnings(earnings) => earnings);
    if out.is_json() {
        return out.json(&earnings);
    }
    for figures in &earnings.figures {
        asset(figures, out);
        out.line("");
    }
    states(&earnings, out);
    goal(&earnings, out);
    if earnings.figures.is_empty() {
        out.note("no money yet: juggler jobs lists what can be claimed");
    }
    Ok(())
}

fn asset(figures: &Figures, out: &mut Out) {
    out.line(out.paint(Role::Head, figures.asset.code()));
    let spans = [
        ("today", &figures.today, &figures.hourly_today),
        ("this week", &figures.week, &figures.hourly_week),
        ("in all", &figures.all, &figures.hourly_all),
    ];
    let mut table = Table::new(&[
        ("", Column::Left),
        ("PAID", Column::Right),
        ("N", Column::Right),
        ("BONUS", Column::Right),
        ("FEES", Column::Right),
        ("TRUE HOURLY", Column::Right),
        ("WORKED", Column::Right),
        ("UNPAID TIME", Column::Right),
        ("N", Column::Right),
    ]);
    for (label, sums, hourly) in spans {
        table.row(row(label, sums, hourly));
    }
    table.print(out);
    let now = figures.all;
    out.line(format!("approved, not paid yet  {} (n {})", now.approved, now.approved_n));
    out.line(format!("pending, not judged yet {} (n {})", now.pending, now.pending_n));
}

fn row(label: &str, sums: &Sums, hourly: &Hourly) -> [String; 9] {
    [
        label.to_owned(),
        sums.paid.to_string(),
        sums.paid_n.to_string(),
        sums.bonus.to_string(),
        sums.fees.to_string(),
        words::money(hourly.rate),
        words::span(hourly.worked),
        words::span(hourly.unpaid),
        hourly.n.to_string(),
    ]
}

fn states(earnings: &Earnings, out: &mut Out) {
    let mut parts: Vec<String> =
        earnings.states.iter().filter(|(_, n)| *n > 0).map(|(state, n)| format!("{n} {}", state.word())).collect();
    if earnings.claims_lost > 0 {
        parts.push(format!("{} lost to others", words::count(earnings.claims_lost as usize, "claim")));
    }
    if !parts.is_empty() {
        out.line(format!("assignments: {}", parts.join(", ")));
    }
}

fn goal(earnings: &Earnings, out: &mut Out) {
    let Some(goal) = earnings.goal.filter(|goal| goal.minor > 0) else { return };
    let today = earnings.figures.iter().find(|f| f.asset == goal.asset).map_or(Money::zero(goal.asset), |f| f.today.paid);
    let percent = i128::from(today.minor.max(0)) * 100 / i128::from(goal.minor);
    out.line(format!("today's goal: {today} of {goal} ({percent} %)"));
}
