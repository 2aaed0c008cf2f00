//! Money and sources, in sentences.

use super::{Plain, ask, words};
use crate::domain::Money;
use crate::domain::ledger::{Hourly, Sums};
use crate::domain::work::Spent;
use crate::engine::api::{Reply, Request, SourceHealth, SourceState};
use crate::error::Result;

impl Plain {
    pub(super) async fn earnings(&mut self) -> Result<()> {
        self.spent(Spent::Money).await;
        let earnings = ask!(self.handle, Request::Earnings, Reply::Earnings(earnings) => earnings);
        if earnings.figures.is_empty() {
            self.console.say("No money yet.");
        }
        for figures in &earnings.figures {
            self.console.say(format!("In {}:", figures.asset.code()));
            let all = &figures.all;
            let spans = [
                ("Today", &figures.today, &figures.hourly_today),
                ("This week", &figures.week, &figures.hourly_week),
                ("In all", all, &figures.hourly_all),
            ];
            for (label, sums, hourly) in spans {
                self.console.say(span(label, sums, hourly));
            }
            self.console.say(format!(
                "Approved and not paid yet: {}, {}.",
                all.approved,
                words::count(all.approved_n as usize, "job")
            ));
            self.console.say(format!("Not judged yet: {}, {}.", all.pending, words::count(all.pending_n as usize, "job")));
        }
        if let Some(goal) = earnings.goal {
            let today = earnings.figures.iter().find(|f| f.asset == goal.asset).map_or(Money::zero(goal.asset), |f| f.today.paid);
            self.console.say(format!("The day's goal: {today} of {goal}."));
        }
        Ok(())
    }

    pub(super) async fn sources(&mut self) -> Result<()> {
        let sources = ask!(self.handle, Request::Sources, Reply::Sources { sources } => sources);
        if sources.is_empty() {
            self.console.say("No source is configured. juggler sources add, typed in a shell, adds one.");
        }
        sources.iter().for_each(|health| self.console.say(source(health)));
        Ok(())
    }

    pub(super) async fn poll(&mut self) -> Result<()> {
        self.console.say("Asking every source.");
        let sources = ask!(self.handle, Request::Poll { source: None }, Reply::Sources { sources } => sources);
        sources.iter().filter(|health| health.state != SourceState::Ok).for_each(|health| self.console.say(source(health)));
        let open: usize = sources.iter().filter_map(|health| health.open_jobs).sum();
        self.console.say(format!("Done: {} open. list reads them.", words::count(open, "job")));
        Ok(())
    }

    pub(super) async fn reload(&mut self) -> Result<()> {
        let (changed, later) = ask!(self.handle, Request::Reload, Reply::Reloaded { changed, later } => (changed, later));
        if changed.is_empty() && later.is_empty() {
            self.console.say("Nothing has changed in the config file.");
        }
        Ok(())
    }
}

fn span(label: &str, sums: &Sums, hourly: &Hourly) -> String {
    let rate = hourly.rate.map_or_else(|| "no time was measured".to_owned(), |rate| format!("{rate} an hour, in truth"));
    format!(
        "{label}: paid {} for {}, {rate}; worked {}, unpaid {}.",
        sums.paid,
        words::count(sums.paid_n as usize, "job"),
        words::span(hourly.worked),
        words::span(hourly.unpaid)
    )
}

/// How a source is.
pub(super) fn source(health: &SourceHealth) -> String {
    let now = chrono::Utc::now();
    let state = match health.state {
        SourceState::New => "was not asked yet",
        SourceState::Ok => "answers",
        SourceState::Limited => "asked to be left alone for a while",
        SourceState::Down => "cannot be reached",
        SourceState::SignIn => "wants a valid key",
        SourceState::Off => "is off",
    };
    let why = health.error.as_ref().map(ToString::to_string).unwrap_or_default();
    let hint = health.error.as_ref().map(|failure| failure.hint.clone()).unwrap_or_default();
    let next = health.retry_at.or(health.next_poll).filter(|at| *at > now);
    let next = next.map(|at| format!("Asked again in {}", words::span((at - now).num_seconds()))).unwrap_or_default();
    let open = health.open_jobs.map_or_else(|| "Its jobs are being counted".to_owned(), |open| words::count(open, "open job"));
    words::sentences([format!("{} {state}", health.name), why, hint, open, next])
}
