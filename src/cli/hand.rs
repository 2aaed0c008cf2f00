//! `juggler hand`.

use chrono::Utc;

use super::out::Out;
use super::table::{Column, Table};
use super::{ask, words};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Reply, Request};
use crate::error::Result;

/// Lists what is in hand, or every assignment.
pub async fn run(all: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let (items, late) = if all {
        (ask!(handle, Request::Assignments, Reply::Assignments { assignments } => assignments), None)
    } else {
        let hand = ask!(handle, Request::Hand, Reply::Hand(hand) => hand);
        (hand.items, hand.overcommitted)
    };
    if out.is_json() {
        return items.iter().try_for_each(|view| out.json(view));
    }
    table(&items).print(out);
    if let Some(late) = late {
        out.note(format!("too much at once: at this pace the worst deadline is missed by {}", words::span(late)));
    }
    if items.is_empty() {
        out.note(if all { "nothing was ever claimed" } else { "nothing is in hand: juggler jobs lists what can be claimed" });
    }
    Ok(())
}

fn table(items: &[AssignmentView]) -> Table {
    use Column::{Flex, Left, Right};
    let now = Utc::now();
    let mut table = Table::new(&[
        ("ASSIGNMENT", Left),
        ("STATE", Left),
        ("DUE", Right),
        ("SLACK", Right),
        ("WORKED", Right),
        ("PAY", Right),
        ("CHECKS", Left),
        ("TITLE", Flex),
    ]);
    for view in items {
        let assignment = &view.assignment;
        let due = assignment.deadline.filter(|_| assignment.state.is_in_hand());
        table.row([
            assignment.id.to_string(),
            assignment.state.word().to_owned(),
            due.map_or_else(|| "–".to_owned(), |at| words::until(at, now)),
            words::maybe_span(view.slack.filter(|_| assignment.state.is_in_hand())),
            words::span(view.worked),
            words::money(assignment.job.reward.net()),
            checks(view),
            assignment.job.title.to_string(),
        ]);
    }
    table
}

fn checks(view: &AssignmentView) -> String {
    let failing = view.findings.iter().filter(|f| f.verdict == crate::domain::check::Verdict::Fail).count();
    match (view.draft.is_some(), failing) {
        (true, _) if view.checking => "checking …".to_owned(),
        (false, _) => "no draft".to_owned(),
        (true, 0) => "pass".to_owned(),
        (true, n) => format!("{n} fail"),
    }
}
