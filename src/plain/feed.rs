//! The list of jobs: read out page by page, filtered and ordered.

use super::{Plain, ask, words};
use crate::domain::view::Level;
use crate::domain::{Query, View};
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};

/// Jobs read out at once.
const PAGE: usize = 10;
/// Jobs fetched for one list.
const MOST: usize = 1_000;

impl Plain {
    /// Fetches the view in use and reads its first page. The numbers stand for these jobs until the next list.
    pub(super) async fn list(&mut self) -> Result<()> {
        let request = Request::Jobs { view: self.view.clone(), limit: MOST };
        (self.rows, self.total) = ask!(self.handle, request, Reply::Jobs { jobs, total } => (jobs, total));
        self.shown = 0;
        self.news.listed();
        if self.rows.is_empty() {
            let why = if self.view.query.is_all() {
                "No job is open. poll asks the sources now, wait waits for news."
            } else {
                "No job fits. filter alone takes the filter away."
            };
            self.console.say(why);
            return Ok(());
        }
        self.more()
    }

    /// The next page.
    pub(super) fn more(&mut self) -> Result<()> {
        let (from, now) = (self.shown, chrono::Utc::now());
        let page: Vec<String> =
            self.rows.iter().enumerate().skip(from).take(PAGE).map(|(n, row)| numbered(n, &words::job(row, now))).collect();
        if page.is_empty() {
            self.console.say(if self.rows.is_empty() { "No list was read yet. Type list." } else { "That was all of the list." });
            return Ok(());
        }
        self.shown += page.len();
        self.console.say(format!("Jobs {} to {} of {}.", from + 1, self.shown, self.total));
        page.iter().for_each(|line| self.console.say(line));
        if self.shown < self.rows.len() {
            self.console.say("more reads on.");
        } else if self.total > self.rows.len() {
            self.console.say(format!(
                "That is as far as one list goes; {} more fit. A filter makes it shorter.",
                self.total - self.rows.len()
            ));
        }
        Ok(())
    }

    pub(super) async fn filter(&mut self, typed: &str) -> Result<()> {
        let query = Query::parse(typed).map_err(|error| {
            let at = typed.get(..error.at).map_or(0, |before| before.chars().count()) + 1;
            let hint = if error.hint.is_empty() { "help query reads the whole language".to_owned() } else { error.hint.clone() };
            Failure::new(Class::Usage, format!("the filter makes no sense at character {at}")).why(&error.what).hint(hint)
        })?;
        if typed.is_empty() {
            self.console.say("Without a filter.");
        }
        self.view.query = query;
        self.list().await
    }

    pub(super) async fn sort(&mut self, order: &str) -> Result<()> {
        let levels: std::result::Result<Vec<Level>, String> =
            order.split([' ', ',']).filter(|word| !word.is_empty()).map(str::parse).collect();
        self.view.sort =
            levels.map_err(|what| Failure::new(Class::Usage, what).hint("sort newest, pay, rate, expiring, fit or requester"))?;
        self.list().await
    }

    pub(super) async fn views(&mut self) -> Result<()> {
        let views = ask!(self.handle, Request::Views, Reply::Views { views } => views);
        for (n, view) in views.iter().enumerate() {
            let query = view.named.view.query.to_string();
            let query = if query.is_empty() { String::new() } else { format!("Its query: {query}") };
            let line = words::sentences([view.named.name.to_string(), words::count(view.total, "job"), query]);
            self.console.say(numbered(n, &line));
        }
        Ok(())
    }

    /// By number or name.
    pub(super) async fn show_view(&mut self, which: &str) -> Result<()> {
        let views = ask!(self.handle, Request::Views, Reply::Views { views } => views);
        let by_number = which.parse::<usize>().ok().and_then(|n| views.get(n.checked_sub(1)?));
        let found = by_number.or_else(|| views.iter().find(|view| view.named.name.as_str().eq_ignore_ascii_case(which)));
        let Some(found) = found else {
            return Err(Failure::new(Class::NotFound, format!("there is no view {which}")).hint("views reads them"));
        };
        self.view = View { group: false, ..found.named.view.clone() };
        self.console.say(format!("The view {}.", found.named.name));
        self.list().await
    }
}

/// The `n`th of a list, counted from 0, with its number in front.
pub(super) fn numbered(n: usize, text: &str) -> String {
    format!("{}. {text}", n + 1)
}
