//! Named views on the number keys, the order of a view, and its grouping.

use chrono::TimeDelta;

use super::Update;
use crate::domain::query::{Expr, Is, Term};
use crate::domain::view::{Level, SortKey};
use crate::domain::{NamedView, Query, Text, View};
use crate::engine::api::{Request, ViewCount};
use crate::feed::Anchor;
use crate::tui::command::Command;
use crate::tui::message::{Asked, Place};
use crate::tui::model::Prompt;
use crate::tui::widget::toast::Tone;

/// Counts are asked for at most this often.
const COUNT_EVERY: TimeDelta = TimeDelta::milliseconds(400);

impl Update<'_> {
    /// Asks for the counts on the tabs when they are out of date, a few times a second at most.
    pub fn count_views(&mut self) {
        let due = self.model.views_next.is_none_or(|at| at <= self.now);
        if self.model.views_stale && !self.model.views_asking && due && self.model.opening.is_none() {
            self.model.views_stale = false;
            self.model.views_asking = true;
            self.model.views_next = Some(self.now + COUNT_EVERY);
            self.ask(Asked::Views, Request::Views);
        }
    }

    /// The named views came.
    pub(super) fn views(&mut self, views: Vec<ViewCount>) {
        self.model.views_asking = false;
        self.model.views_stale |= views.iter().any(|view| view.counting);
        let before = self.model.feed.tab_view();
        self.model.feed.set_tabs(views);
        if self.model.feed.tab_view() != before && self.model.feed.compose() {
            self.new_view(None);
        }
    }

    /// A view was saved, changed or dropped.
    pub(super) fn named(&mut self, views: Vec<ViewCount>, words: &str) {
        self.views(views);
        self.say(Tone::Good, words, "");
    }

    /// The view on a number key.
    pub(super) fn show_numbered(&mut self, command: Command) {
        let Some(at) = Command::VIEWS.iter().position(|view| *view == command) else { return };
        if at < self.model.feed.tabs().len() {
            return self.show_tab(at);
        }
        let hint = self.key(Command::ViewSave);
        let hint = if hint.is_empty() { ":view save NAME makes one of this filter".to_owned() } else { hint };
        self.say(Tone::Plain, format!("there is no view {}", at + 1), hint);
    }

    /// The view about a state.
    pub(super) fn show_view(&mut self, command: Command) {
        let wanted = match command {
            Command::ViewStarred => Some(Is::Starred),
            Command::ViewAway => Some(Is::Away),
            Command::ViewAll => Some(Is::Any),
            _ => None,
        };
        let wanted = wanted.map_or_else(Expr::default, |state| Expr::Term(Term::Is(vec![state])));
        match self.model.feed.tabs().iter().position(|tab| tab.view.query.expr == wanted) {
            Some(at) => self.show_tab(at),
            None => self.plain("no view shows just that"),
        }
    }

    pub(super) fn show_last_view(&mut self) {
        let at = self.model.feed.last_tab;
        if at != self.model.feed.tab && at < self.model.feed.tabs().len() {
            self.show_tab(at);
        } else {
            self.plain("there was no other view yet");
        }
    }

    /// Shows a tab; the cursor is where it was there.
    pub(super) fn show_tab(&mut self, at: usize) {
        self.go_feed();
        self.model.brief = None;
        if at == self.model.feed.tab {
            if self.model.feed.failure.is_some() {
                self.new_view(None);
            }
            return;
        }
        let feed = &mut self.model.feed;
        if let Some(cursor) = feed.cursor.clone() {
            let name = feed.tab_name();
            if feed.at_top() {
                feed.places.remove(&name)
            } else {
                feed.places.insert(name, cursor)
            };
        }
        feed.last_tab = feed.tab;
        feed.tab = at;
        feed.compose();
        let place = feed.places.get(&feed.tab_name()).cloned();
        self.new_view(place);
    }

    /// Another list: nothing of the one before counts any more.
    pub(super) fn new_view(&mut self, place: Option<crate::domain::JobKey>) {
        let marks = self.model.feed.marks();
        if marks > 0 {
            self.plain(format!("{} no longer marked: this is another list", super::triage::jobs(marks)));
        }
        let feed = &mut self.model.feed;
        feed.epoch += 1;
        feed.clear_marks();
        feed.groups.clear();
        feed.failure = None;
        match place {
            Some(key) => self.request_rows(Anchor::Job(key.clone()), Place::Job(key)),
            None => self.jump(Anchor::Top, Place::First),
        }
    }

    /// The next order, from one key.
    pub(super) fn next_sort(&mut self) {
        let now = self.model.feed.order().first().map_or(SortKey::Newest, |level| level.by);
        let at = SortKey::ALL.iter().position(|key| *key == now).unwrap_or(0);
        self.sort(SortKey::ALL[(at + 1) % SortKey::ALL.len()], false);
    }

    /// Orders by this, or by this where the levels before are equal.
    pub(super) fn sort(&mut self, by: SortKey, add: bool) {
        self.go_feed();
        self.model.feed.sort_by(by, add);
        self.ordered();
    }

    pub(super) fn sort_levels(&mut self, levels: Vec<Level>) {
        self.go_feed();
        let name = self.model.feed.tab_name();
        self.model.feed.orders.insert(name, levels);
        self.ordered();
    }

    /// The view's own order.
    pub(super) fn sort_default(&mut self) {
        let name = self.model.feed.tab_name();
        self.model.feed.orders.remove(&name);
        self.ordered();
    }

    fn ordered(&mut self) {
        if self.model.feed.compose() {
            self.new_view(None);
        }
    }

    /// Identical jobs as one row, or each by itself; the cursor stays on its job.
    pub(super) fn group(&mut self) {
        self.go_feed();
        let feed = &mut self.model.feed;
        let name = feed.tab_name();
        if !feed.turned.remove(&name) {
            feed.turned.insert(name);
        }
        feed.compose();
        let on = feed.view.group;
        let place = feed.cursor.clone();
        self.new_view(place);
        let key = self.key(Command::Group);
        let (text, hint) = match on {
            true => ("identical jobs are one row each; an act is for all of them", format!("{key} shows every job by itself")),
            false => ("every job by itself", format!("{key} groups identical jobs")),
        };
        self.say(Tone::Plain, text, hint);
    }

    /// Filter, order and grouping get a name.
    pub(super) fn save_view(&mut self, name: &str) {
        let view = View { query: self.query_of_view(), ..self.model.feed.view.clone() };
        self.name_view(name, view);
    }

    pub(super) fn name_view(&mut self, name: &str, view: View) {
        let name = Text::title(name.trim());
        if name.is_empty() {
            return self.say(Tone::Warn, "a view needs a name", ":view save NAME");
        }
        let known = self.model.feed.tabs().iter().any(|tab| tab.name == name);
        let words = if known { format!("view \"{name}\" changed") } else { format!("view \"{name}\" saved") };
        self.ask(Asked::Named(words), Request::SaveView { view: NamedView { name, view } });
    }

    /// The query in use: the tab's and what was typed.
    fn query_of_view(&self) -> Query {
        self.model.feed.view.query.clone()
    }

    pub(super) fn open_save_view(&mut self) {
        let view = View { query: self.query_of_view(), ..self.model.feed.view.clone() };
        self.open_prompt(Prompt::ViewName { view }, "");
    }

    pub(super) fn open_edit_view(&mut self) {
        self.go_feed();
        if let Some(tab) = self.model.feed.tab_view() {
            let text = tab.view.query.to_string();
            self.open_prompt(Prompt::ViewEdit { name: tab.name }, &text);
        }
    }

    /// The query of a named view was changed.
    pub(super) fn edit_view(&mut self, name: Text, query: Query) {
        let Some(tab) = self.model.feed.tabs().into_iter().find(|tab| tab.name == name) else { return };
        let view = View { query, ..tab.view };
        self.ask(Asked::Named(format!("view \"{name}\" changed")), Request::SaveView { view: NamedView { name, view } });
    }

    /// Takes a view off the tabs: the named one, or the one in use.
    pub(super) fn drop_view(&mut self, name: &str) {
        let tabs = &self.model.feed.tabs;
        let wanted = name.trim();
        let found = if wanted.is_empty() {
            tabs.get(self.model.feed.tab)
        } else {
            tabs.iter().find(|tab| tab.named.name.as_str().eq_ignore_ascii_case(wanted))
        };
        match found {
            None => self.say(Tone::Warn, format!("there is no view \"{wanted}\""), "the tabs name them all"),
            Some(tab) if tab.builtin => {
                let text = format!("\"{}\" came with the program or stands in the config", tab.named.name);
                self.say(Tone::Warn, text, "only views saved here can be dropped");
            }
            Some(tab) => {
                let (name, query) = (tab.named.name.clone(), tab.named.view.query.to_string());
                self.ask(Asked::Named(format!("view \"{name}\" forgotten; it was: {query}")), Request::DropView { name });
            }
        }
    }

    /// Goes to the view of this name.
    pub(super) fn show_named(&mut self, name: &str) {
        let tabs = self.model.feed.tabs();
        let wanted = name.trim().to_lowercase();
        let is = |tab: &NamedView| tab.name.as_str().to_lowercase() == wanted;
        let begins = |tab: &NamedView| tab.name.as_str().to_lowercase().starts_with(&wanted);
        match tabs.iter().position(is).or_else(|| tabs.iter().position(begins)) {
            Some(at) => self.show_tab(at),
            None => self.say(Tone::Warn, format!("there is no view \"{name}\""), ":view save NAME makes one of this filter"),
        }
    }
}
