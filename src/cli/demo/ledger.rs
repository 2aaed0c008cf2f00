//! The final ledger: what the engine says, what the journal says and what the market says, side by side.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::player::Player;
use crate::cli::out::Role;
use crate::cli::table::{Column, Table};
use crate::cli::{Out, ask, words};
use crate::domain::payment::{PaymentKind, PaymentStatus};
use crate::domain::submission::SubmissionState;
use crate::domain::{Asset, AssignmentState, Money, Move, Payment, Record, Text};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Earnings, Reply, Request};
use crate::error::{Class, Failure, Result};
use crate::market::{Running, Totals};
use crate::store;

/// What one of the three counted. Money in the market's one asset; `paid_*` with bonuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Deliveries that took effect.
    submitted: u64,
    /// Accepted.
    approved: u64,
    /// Sent back for another version.
    revised: u64,
    /// Refused.
    rejected: u64,
    /// Came, before fees.
    paid_gross: Money,
    /// The market's cut of that.
    fees: Money,
    /// What reached the worker.
    paid_net: Money,
    /// The part of `paid_gross` that was bonus.
    bonus: Money,
    /// Approved, not here yet (net).
    unpaid: Money,
    /// Did not come (net).
    failed: Money,
}

/// The report of a headless demo; its fields are documented in `assets/cli-json.md`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    jobs: usize,
    #[serde(flatten)]
    engine: Sums,
    /// Delivered and not judged (net).
    pending: Money,
    lost: u32,
    refused: u32,
    given_back: u32,
    journal: Option<Sums>,
    market: Sums,
    agree: bool,
    store: StoreReport,
    seconds: u64,
    /// What does not agree, in words.
    disagreements: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct StoreReport {
    records: u64,
    findings: Vec<Text>,
}

impl Sums {
    fn none() -> Sums {
        let zero = Money::zero(Asset::USD);
        Sums {
            submitted: 0,
            approved: 0,
            revised: 0,
            rejected: 0,
            paid_gross: zero,
            fees: zero,
            paid_net: zero,
            bonus: zero,
            unpaid: zero,
            failed: zero,
        }
    }

    fn of_market(totals: Totals) -> Sums {
        let cents = |minor| Money::new(minor, Asset::USD);
        Sums {
            submitted: totals.submitted,
            approved: totals.approved,
            revised: totals.revisions,
            rejected: totals.rejected,
            paid_gross: cents(totals.paid_gross),
            fees: cents(totals.paid_fee),
            paid_net: cents(totals.paid_net),
            bonus: cents(totals.bonus_gross),
            unpaid: cents(totals.due_net),
            failed: cents(totals.failed_net),
        }
    }

    /// From what the engine answers about every assignment.
    fn of_engine(all: &[AssignmentView], refused: u32) -> Result<Sums> {
        let mut sums = Sums::none();
        for view in all {
            let asked_again = u64::from(view.assignment.state == AssignmentState::RevisionAsked);
            let attempts = view.submission.as_ref().map_or(0, |s| u64::from(s.attempt));
            sums.submitted += attempts;
            sums.revised += attempts.saturating_sub(1) + asked_again;
            match view.assignment.state {
                AssignmentState::Approved | AssignmentState::Paid => sums.approved += 1,
                AssignmentState::Rejected => sums.rejected += 1,
                _ => {}
            }
            view.payments.iter().try_for_each(|payment| sums.add(payment))?;
        }
        // A delivery that was refused took no effect, and the next attempt was no revision.
        sums.submitted = sums.submitted.saturating_sub(u64::from(refused));
        sums.revised = sums.revised.saturating_sub(u64::from(refused));
        Ok(sums)
    }

    /// From the lines of the journal, read from the disk behind the engine's back.
    fn of_journal(data: &Path) -> Result<Sums> {
        let mut sums = Sums::none();
        let mut payments = std::collections::BTreeMap::new();
        for (_, _, entry) in store::entries(data)? {
            match entry.record {
                Record::Sent { state: SubmissionState::Acked, .. } => sums.submitted += 1,
                Record::Moved { step: Move::Approve, .. } => sums.approved += 1,
                Record::Moved { step: Move::AskRevision, .. } => sums.revised += 1,
                Record::Moved { step: Move::Reject, .. } => sums.rejected += 1,
                Record::Paid { payment } => {
                    payments.insert(payment.id.clone(), payment);
                }
                _ => {}
            }
        }
        payments.values().try_for_each(|payment| sums.add(payment))?;
        Ok(sums)
    }

    fn add(&mut self, payment: &Payment) -> Result<()> {
        let add = |to: &mut Money, more: Money| -> Result<()> {
            *to = to.plus(more).map_err(|error| Failure::new(Class::Internal, "a sum cannot be made").why(error))?;
            Ok(())
        };
        match payment.status {
            PaymentStatus::Paid => {
                add(&mut self.paid_gross, payment.gross)?;
                add(&mut self.fees, payment.fee)?;
                add(&mut self.paid_net, payment.net)?;
                if matches!(payment.kind, PaymentKind::Bonus | PaymentKind::Tip) {
                    add(&mut self.bonus, payment.gross)?;
                }
                Ok(())
            }
            PaymentStatus::Expected | PaymentStatus::Held | PaymentStatus::Disbursing => add(&mut self.unpaid, payment.net),
            PaymentStatus::Failed | PaymentStatus::Reversed => add(&mut self.failed, payment.net),
        }
    }

    /// Names and values, for the table and for comparing.
    fn rows(&self) -> [(&'static str, String); 10] {
        [
            ("submitted", self.submitted.to_string()),
            ("approved", self.approved.to_string()),
            ("revised", self.revised.to_string()),
            ("rejected", self.rejected.to_string()),
            ("paid, gross", self.paid_gross.to_string()),
            ("fees", self.fees.to_string()),
            ("paid, net", self.paid_net.to_string()),
            ("of it bonus", self.bonus.to_string()),
            ("approved, unpaid", self.unpaid.to_string()),
            ("never came", self.failed.to_string()),
        ]
    }

    fn differences(&self, who: &str, other: &Sums, whose: &str, into: &mut Vec<String>) {
        for ((name, here), (_, there)) in self.rows().iter().zip(other.rows()) {
            if *here != there {
                into.push(format!("{name}: {who} says {here}, {whose} says {there}"));
            }
        }
    }
}

impl Report {
    /// What engine and market say, now that nothing moves any more.
    pub async fn of(handle: &Handle, market: &Running, player: &Player<'_>) -> Result<Report> {
        let all = ask!(handle, Request::Assignments, Reply::Assignments { assignments } => assignments);
        let earnings = ask!(handle, Request::Earnings, Reply::Earnings(earnings) => earnings);
        let open = ask!(handle, Request::Outbox, Reply::Outbox { submissions } => submissions);
        let (findings, records) = ask!(handle, Request::Verify, Reply::Verified { findings, records } => (findings, records));
        let (engine, market) = (Sums::of_engine(&all, player.refused)?, Sums::of_market(market.totals()));
        let mut disagreements = Vec::new();
        engine.differences("the engine", &market, "the market", &mut disagreements);
        figures(&earnings, &engine, &mut disagreements);
        disagreements.extend(open.iter().map(|s| format!("{} of {} is still in the outbox", s.id, s.assignment)));
        disagreements.extend(all.iter().filter(|view| !accounted(view)).map(|view| {
            format!("{} is {}: its delivery is not accounted for", view.assignment.id, view.assignment.state.word())
        }));
        disagreements.extend(findings.iter().map(|finding| format!("the store: {finding}")));
        let pending = earnings.figures.iter().find(|f| f.asset == Asset::USD).map_or(Money::zero(Asset::USD), |f| f.all.pending);
        Ok(Report {
            jobs: player.delivered.len(),
            engine,
            pending,
            lost: player.lost,
            refused: player.refused,
            given_back: player.given_back,
            journal: None,
            market,
            agree: false,
            store: StoreReport { records, findings },
            seconds: 0,
            disagreements,
        })
    }

    /// Adds what the journal says, read afresh once the engine is closed.
    pub fn with_journal(mut self, data: &Path, took: Duration) -> Result<Report> {
        let journal = Sums::of_journal(data)?;
        journal.differences("the journal", &self.market, "the market", &mut self.disagreements);
        self.journal = Some(journal);
        self.agree = self.disagreements.is_empty();
        self.seconds = took.as_secs();
        Ok(self)
    }

    /// The ledger for people.
    pub fn print(&self, out: &mut Out) {
        let journal = self.journal.map(|journal| journal.rows());
        let mut table = Table::new(&[
            ("LEDGER", Column::Left),
            ("ENGINE", Column::Right),
            ("JOURNAL", Column::Right),
            ("MARKET", Column::Right),
        ]);
        for (n, ((name, engine), (_, market))) in self.engine.rows().into_iter().zip(self.market.rows()).enumerate() {
            let journal = journal.as_ref().map_or_else(String::new, |rows| rows[n].1.clone());
            table.row([name.to_owned(), engine, journal, market]);
        }
        out.line("");
        table.print(out);
        out.line("");
        let jobs = words::count(self.jobs, "job");
        let lost = words::count(self.lost as usize, "claim");
        out.line(format!("{jobs} delivered, {lost} lost, {} given back, in {} s", self.given_back, self.seconds));
        let records = words::count(usize::try_from(self.store.records).unwrap_or(usize::MAX), "record");
        if self.agree {
            let sign = out.paint(Role::Good, "agree");
            out.line(format!("journal ({records}), store and market {sign} to the cent"));
        }
        for line in &self.disagreements {
            out.line(out.paint(Role::Bad, line));
        }
    }

    /// Whether everything is accounted for.
    pub fn verdict(&self) -> Result<()> {
        match self.disagreements.first() {
            None => Ok(()),
            Some(first) => Err(Failure::new(Class::Internal, "the books do not agree")
                .why(first)
                .hint("this is a bug: keep the profile with --keep and report it")),
        }
    }
}

/// Delivered and judged, or never delivered and given back or run out.
fn accounted(view: &AssignmentView) -> bool {
    view.assignment.state.is_over() || view.assignment.state == AssignmentState::Approved
}

/// The earnings pane's sums against the payments one by one.
fn figures(earnings: &Earnings, engine: &Sums, into: &mut Vec<String>) {
    let zero = Money::zero(Asset::USD);
    let all = earnings.figures.iter().find(|f| f.asset == Asset::USD).map(|f| f.all);
    let said = all.map_or((zero, zero, zero), |all| (all.paid, all.fees, all.bonus));
    for (name, figure, sum) in [("paid", said.0, engine.paid_net), ("fees", said.1, engine.fees), ("bonus", said.2, engine.bonus)]
    {
        if figure != sum {
            into.push(format!("{name}: the earnings say {figure}, the payments sum up to {sum}"));
        }
    }
}
