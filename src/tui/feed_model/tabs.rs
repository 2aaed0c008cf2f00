//! Named views as tabs, and the view that is asked for: the tab's, narrowed by what was typed, in the order chosen.

use super::FeedModel;
use crate::domain::query::{Expr, Pattern, Query, Term};
use crate::domain::view::{Level, SortKey};
use crate::domain::{NamedView, Text, View, view};
use crate::engine::api::ViewCount;

/// Levels of an order.
const LEVELS: usize = 3;

impl FeedModel {
    /// The named views there are.
    pub fn tabs(&self) -> Vec<NamedView> {
        if self.tabs.is_empty() { view::builtin() } else { self.tabs.iter().map(|tab| tab.named.clone()).collect() }
    }

    /// The named view in use.
    pub fn tab_view(&self) -> Option<NamedView> {
        match self.tabs.get(self.tab) {
            Some(tab) => Some(tab.named.clone()),
            None => view::builtin().into_iter().nth(self.tab),
        }
    }

    /// Its name.
    pub fn tab_name(&self) -> Text {
        self.tab_view().map(|named| named.name).unwrap_or_default()
    }

    /// Named views were told. The tab in use stays the one of its name.
    pub fn set_tabs(&mut self, tabs: Vec<ViewCount>) {
        let wanted = self.wanted.take();
        let (here, last) =
            (wanted.unwrap_or_else(|| self.tab_name()), self.tabs().into_iter().nth(self.last_tab).map(|tab| tab.name));
        self.tabs = tabs;
        let place = |name: &Text| self.tabs.iter().position(|tab| tab.named.name == *name);
        let (at, before) = (place(&here), last.as_ref().and_then(place));
        self.tab = at.unwrap_or(0);
        self.last_tab = before.unwrap_or(0);
    }

    /// Puts tab, filter and order together to the view that is asked for; whether that is another one than before. Of a filter
    /// that is being typed, what makes sense so far counts.
    pub fn compose(&mut self) -> bool {
        let Some(tab) = self.tab_view() else { return false };
        let typed = self.filter_query();
        let view = View {
            query: tab.view.query.and(&typed),
            sort: self.orders.get(&tab.name).unwrap_or(&tab.view.sort).clone(),
            group: tab.view.group != self.turned.contains(&tab.name),
        };
        self.light();
        let other = view != self.view;
        self.view = view;
        other
    }

    /// What the filter asks for. What was kept is right as a whole; of anything else what makes sense counts.
    fn filter_query(&self) -> Query {
        let text = self.filter.as_str();
        let kept = if self.typing { None } else { Query::parse(text).ok() };
        kept.unwrap_or_else(|| Query::parse_typing(text).0)
    }

    /// Makes the words of the filter ready to be lit; where only their letters were found, the letters.
    pub(super) fn light(&mut self) {
        let mut typed = self.filter_query();
        if self.fuzzy {
            typed.expr = letters(typed.expr);
        }
        self.lit = typed.highlighter();
    }

    /// The order in use, as one would say it.
    pub fn order(&self) -> Vec<Level> {
        if self.view.sort.is_empty() { vec![Level { by: SortKey::Newest, reversed: false }] } else { self.view.sort.clone() }
    }

    /// Orders by this; the same again turns it round; `add` puts it behind the levels there are.
    pub fn sort_by(&mut self, by: SortKey, add: bool) {
        let mut levels = self.order();
        let same = levels.iter().position(|level| level.by == by);
        match same {
            Some(at) if add || at == 0 && levels.len() == 1 => levels[at].reversed = !levels[at].reversed,
            _ if add => {
                levels.truncate(LEVELS - 1);
                levels.push(Level { by, reversed: false });
            }
            _ => levels = vec![Level { by, reversed: same == Some(0) && !levels[0].reversed }],
        }
        self.orders.insert(self.tab_name(), levels);
    }
}

/// Plain words as their letters with gaps.
fn letters(expr: Expr) -> Expr {
    match expr {
        Expr::And(parts) => Expr::And(parts.into_iter().map(letters).collect()),
        Expr::Or(parts) => Expr::Or(parts.into_iter().map(letters).collect()),
        Expr::Term(Term::Word(Pattern::Plain(word))) => Expr::Term(Term::Word(Pattern::Fuzzy(word))),
        other => other,
    }
}
