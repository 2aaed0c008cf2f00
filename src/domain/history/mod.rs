//! What was learned from own work: verdicts, claims and times, by platform, kind and requester. Derived from the book alone.
//!
//! Built once with [`History::of`] and then kept with [`History::note`], which costs a few look-ups for each entry. Both lead to the
//! same history.

pub(crate) mod part;
mod pays;
mod tally;
mod times;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use super::work::Spent;
use super::{Asset, AssignmentId, Book, Entry, Record};
use part::Part;
pub use pays::Pays;
pub use tally::Tally;
pub use times::Times;

/// Everything learned so far.
#[derive(Clone, Debug, Default)]
pub struct History {
    all: Cell,
    sources: HashMap<Arc<str>, OfSource>,
    /// By kind, whatever the platform.
    kinds: HashMap<Arc<str>, Times>,
    /// By kind, whatever the platform; one for each asset.
    pays: HashMap<Arc<str>, Vec<Pays>>,
    parts: HashMap<AssignmentId, Part>,
    worked: HashMap<AssignmentId, u32>,
    /// Seconds of reading and sorting the feed.
    triage: u64,
    version: u64,
}

/// What is known of one platform.
#[derive(Clone, Debug, Default)]
pub struct OfSource {
    /// All of it.
    pub all: Cell,
    kinds: HashMap<Arc<str>, Cell>,
    requesters: HashMap<Arc<str>, OfRequester>,
}

/// What is known of one requester.
#[derive(Clone, Debug, Default)]
pub struct OfRequester {
    /// Deliveries decided.
    pub verdicts: Tally,
    kinds: HashMap<Arc<str>, Times>,
}

/// What is known of a platform or of one kind of work on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Deliveries approved, of those decided. A race that somebody else won is no refusal.
    pub verdicts: Tally,
    /// Claims and applications that became mine, of those tried.
    pub claims: Tally,
    /// Races and contests won, of those decided.
    pub races: Tally,
    /// Seconds a finished job took.
    pub times: Times,
}

impl History {
    /// What `book` teaches.
    pub fn of(book: &Book) -> History {
        let mut history = History::default();
        for span in &book.spans {
            history.spend(&span.spent, span.seconds);
        }
        for id in book.assignments.keys() {
            history.refresh(book, id);
        }
        for (source, kinds) in &book.losses {
            for (kind, count) in kinds {
                history.lost(source.as_str(), kind.as_str(), *count);
            }
        }
        history.version = 1;
        history
    }

    /// Takes one entry in that `book` has just applied.
    pub fn note(&mut self, book: &Book, entry: &Entry) {
        let before = self.overhead();
        let changed = match &entry.record {
            Record::Claimed { assignment } => self.refresh(book, &assignment.id),
            Record::Moved { assignment, .. } => self.refresh(book, assignment),
            Record::Queued { submission } => self.refresh(book, &submission.assignment),
            Record::ClaimLost { job, .. } => {
                let source = job.source();
                book.losses.get(&source).is_some_and(|kinds| {
                    let news = kinds.iter().map(|(kind, count)| self.lost(source.as_str(), kind.as_str(), *count));
                    news.fold(false, |any, new| any | new)
                })
            }
            Record::Worked { span } => {
                self.spend(&span.spent, span.seconds);
                match &span.spent {
                    Spent::Assignment { id } => self.refresh(book, id),
                    _ => false,
                }
            }
            _ => false,
        };
        if changed || self.overhead() != before {
            self.version += 1;
        }
    }

    /// Grows whenever jobs have to be judged again.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Nothing was ever claimed.
    pub fn is_empty(&self) -> bool {
        self.all == Cell::default()
    }

    /// All platforms together.
    pub fn overall(&self) -> &Cell {
        &self.all
    }

    /// One platform.
    pub fn source(&self, source: &str) -> Option<&OfSource> {
        self.sources.get(source)
    }

    /// What jobs of a kind took, on whatever platform.
    pub fn kind(&self, kind: &str) -> Option<&Times> {
        self.kinds.get(kind)
    }

    /// What approved jobs of a kind paid in an asset, on whatever platform.
    pub fn pays(&self, kind: &str, asset: Asset) -> Option<&Pays> {
        self.pays.get(kind)?.iter().find(|pays| pays.asset() == asset)
    }

    /// Seconds of search and triage for each claim tried: measured, drawn towards 30 s as if ten claims had taken that.
    pub fn overhead(&self) -> u32 {
        const DEFAULT: u64 = 30;
        const WEIGHT: u64 = 10;
        let tried = u64::from(self.all.claims.of) + u64::from(self.all.races.of);
        let seconds = (self.triage + DEFAULT * WEIGHT) / (tried + WEIGHT);
        u32::try_from(seconds.min(3600)).unwrap_or(3600)
    }

    /// Seconds of search and triage, and the claims and races they led to.
    pub fn search(&self) -> (u64, u32) {
        (self.triage, self.all.claims.of.saturating_add(self.all.races.of))
    }

    fn spend(&mut self, spent: &Spent, seconds: u32) {
        match spent {
            Spent::Assignment { id } => match self.worked.get_mut(id) {
                Some(worked) => *worked = worked.saturating_add(seconds),
                None => drop(self.worked.insert(id.clone(), seconds)),
            },
            Spent::Triage => self.triage = self.triage.saturating_add(seconds.into()),
            Spent::Money => {}
        }
    }

    /// Puts what an assignment teaches now in the place of what it taught before; whether that differs.
    fn refresh(&mut self, book: &Book, id: &AssignmentId) -> bool {
        let Some(assignment) = book.assignments.get(id) else { return false };
        let part = Part::of(assignment, self.worked.get(id).copied().unwrap_or(0), |name| self.shared(name));
        let old = self.parts.get(id).cloned();
        if old.as_ref() == Some(&part) {
            return false;
        }
        if let Some(old) = old {
            self.count(&old, false);
        }
        self.count(&part, true);
        self.parts.insert(id.clone(), part);
        true
    }

    /// One copy of a name that many jobs share.
    fn shared(&self, name: &str) -> Arc<str> {
        let known = self.kinds.get_key_value(name).map(|(known, _)| known);
        known.or_else(|| self.sources.get_key_value(name).map(|(known, _)| known)).cloned().unwrap_or_else(|| Arc::from(name))
    }

    fn count(&mut self, part: &Part, add: bool) {
        let source = entry(&mut self.sources, &part.source);
        let requester = entry(&mut source.requesters, &part.requester);
        for cell in [&mut self.all, &mut source.all, entry(&mut source.kinds, &part.kind)] {
            cell.count(part, add);
        }
        if let Some(verdict) = part.verdict {
            requester.verdicts.count(verdict, add);
        }
        if let Some(paid) = part.paid.filter(|_| !part.kind.is_empty()) {
            let of_kind = entry(&mut self.pays, &part.kind);
            let at = of_kind.iter().position(|pays| pays.asset() == paid.asset).unwrap_or_else(|| {
                of_kind.push(Pays::new(paid.asset));
                of_kind.len() - 1
            });
            of_kind[at].count(paid.minor, add);
        }
        if let Some(seconds) = part.seconds {
            entry(&mut self.kinds, &part.kind).count(seconds, add);
            entry(&mut requester.kinds, &part.kind).count(seconds, add);
        }
    }

    /// Sets how many claims of a kind were lost on a platform; whether that is news.
    fn lost(&mut self, source: &str, kind: &str, count: u32) -> bool {
        let (source, kind) = (self.shared(source), self.shared(kind));
        let source = entry(&mut self.sources, &source);
        let cell = entry(&mut source.kinds, &kind);
        let more = count.saturating_sub(cell.claims.lost);
        for cell in [&mut self.all, &mut source.all, cell] {
            cell.claims.lost += more;
            cell.claims.of += more;
        }
        more > 0
    }
}

impl OfSource {
    /// One kind of work on it.
    pub fn kind(&self, kind: &str) -> Option<&Cell> {
        self.kinds.get(kind)
    }

    /// One requester on it.
    pub fn requester(&self, requester: &str) -> Option<&OfRequester> {
        self.requesters.get(requester)
    }
}

impl OfRequester {
    /// What their jobs of a kind took.
    pub fn kind(&self, kind: &str) -> Option<&Times> {
        self.kinds.get(kind)
    }
}

impl Cell {
    fn count(&mut self, part: &Part, add: bool) {
        if let Some(verdict) = part.verdict {
            self.verdicts.count(verdict, add);
        }
        if let Some(won) = part.won {
            let tally = if part.race { &mut self.races } else { &mut self.claims };
            tally.count(won, add);
        }
        if let Some(seconds) = part.seconds {
            self.times.count(seconds, add);
        }
    }
}

fn entry<'a, K: Eq + Hash + Clone, V: Default>(map: &'a mut HashMap<K, V>, key: &K) -> &'a mut V {
    if !map.contains_key(key) {
        map.insert(key.clone(), V::default());
    }
    map.entry(key.clone()).or_default()
}

#[cfg(test)]
mod tests;
