//! What the scripted engine shows of its feed: rows, groups, the nearest letters, counts.

use juggler::domain::query::{Expr, Pattern, Term};
use juggler::domain::{JobKey, Money, NamedView, Query, Text, Time, View};
use juggler::engine::api::{JobRow, Reply, Rows, ViewCount};
use juggler::feed::Anchor;

use super::desk::{State, row};

/// Most keys in an answer.
pub const KEYS: usize = 10_000;

impl State {
    pub fn row(&self, key: &JobKey) -> JobRow {
        let mut row = row(self.feed.get(key).unwrap(), &self.book);
        if let Some((fit, barred)) = self.fits.get(key) {
            (row.fit, row.barred) = (Some(*fit), *barred);
        }
        row
    }

    /// What makes two jobs the same to look at.
    fn look(&self, key: &JobKey) -> (Text, Text, Option<Money>) {
        let job = self.feed.get(key).unwrap();
        (job.title.clone(), job.requester.name.clone(), job.reward.gross())
    }

    pub fn alike(&self, key: &JobKey) -> Vec<JobKey> {
        let look = self.look(key);
        self.feed.iter().map(|job| job.key.clone()).filter(|other| self.look(other) == look).collect()
    }

    /// Rows of a grouped view: the first job of each, and how many there are.
    pub fn grouped(&mut self, view: &View, now: Time) -> Vec<(JobKey, u32)> {
        let view = View { group: false, ..view.clone() };
        let mut rows: Vec<(JobKey, u32)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for key in self.feed.keys(&view, usize::MAX, &self.book, now) {
            let place = *places.entry(self.look(&key)).or_insert(rows.len());
            if place == rows.len() {
                rows.push((key, 1));
            } else {
                rows[place].1 += 1;
            }
        }
        rows
    }

    pub fn rows(&mut self, mut view: View, anchor: &Anchor, height: usize, margin: usize, now: Time) -> Rows {
        let fuzzy = self.feed.count(&view, &self.book, now) == 0 && view.query != letters(&view.query);
        if fuzzy {
            view.query = letters(&view.query);
        }
        let (start, total, at, rows) = if view.group {
            let all = self.grouped(&view, now);
            let at = match anchor {
                Anchor::Top => 0,
                Anchor::Bottom => all.len().saturating_sub(1),
                Anchor::Job(key) => all.iter().position(|(other, _)| other == key).unwrap_or(0),
            };
            let (from, to) = (at.saturating_sub(margin), (at + height + margin).min(all.len()));
            let rows = all[from..to].iter().map(|(key, alike)| JobRow { alike: *alike, ..self.row(key) }).collect();
            (from, all.len(), at, rows)
        } else {
            let window = self.feed.window(&view, anchor, height, margin, &self.book, now);
            (window.start, window.total, window.anchor, window.keys.iter().map(|key| self.row(key)).collect())
        };
        let mut count = |query| self.feed.count(&View::of(query).unwrap(), &self.book, now);
        let (away, starred) = (count("is:away"), count("is:starred"));
        Rows {
            start,
            total,
            anchor: at,
            rows,
            version: self.version,
            away,
            starred,
            unseen: 0,
            counting: self.counting,
            fuzzy: fuzzy && total > 0,
        }
    }

    pub fn view_counts(&mut self, now: Time) -> Reply {
        let builtin = juggler::domain::view::builtin().into_iter().map(|named| (named, true));
        let all: Vec<(NamedView, bool)> = builtin.chain(self.views.iter().cloned().map(|named| (named, false))).collect();
        let mut views = Vec::new();
        for (named, builtin) in all {
            let total = self.feed.count(&named.view, &self.book, now);
            views.push(ViewCount { named, total, fresh: 0, counting: false, builtin });
        }
        Reply::Views { views }
    }
}

/// The query with the letters of its plain words, when nothing has the words.
fn letters(query: &Query) -> Query {
    fn of(expr: &Expr) -> Expr {
        match expr {
            Expr::And(parts) => Expr::And(parts.iter().map(of).collect()),
            Expr::Term(Term::Word(Pattern::Plain(word))) => Expr::Term(Term::Word(Pattern::Fuzzy(word.clone()))),
            other => other.clone(),
        }
    }
    Query { expr: of(&query.expr) }
}
