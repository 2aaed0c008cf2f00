//! The journal's folds as rows: what a table of the cache holds of the book, and what an entry touches of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use sled::transaction::{ConflictableTransactionError, Transactional};
use sled::{Batch, Tree};

use super::cache::{Cache, CacheResult, encode, words, write_stamp};
use super::journal::Stamp;
use crate::domain::{Book, Entry, JobKey, Record, Text};

/// Names of the trees.
pub const FOLDS: [&str; 5] = ["assignments", "submissions", "payments", "drafts", "marks"];

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// How the folds in the cache stand to those of the journal.
#[derive(Debug)]
pub enum Compared {
    /// They are of an earlier state of it, and nothing can be said of them before they are brought up to date.
    Behind,
    /// They are of this state; what differs all the same, in sentences.
    At(Vec<Text>),
}

impl Cache {
    /// Writes what differs between the fold trees and `book`, then the stamp.
    pub fn sync_folds(&mut self, book: &Book, stamp: Stamp) -> CacheResult<()> {
        self.dirty = true;
        self.meta.remove("stamp").map_err(words)?;
        for (tree, want) in self.folds.iter().zip(expected(book)?) {
            let mut batch = Batch::default();
            for row in tree.iter() {
                let (key, _) = row.map_err(words)?;
                if !want.contains_key(key.as_ref()) {
                    batch.remove(key);
                }
            }
            for (key, value) in want {
                if tree.get(&key).map_err(words)?.is_none_or(|there| there.as_ref() != value) {
                    batch.insert(key, value);
                }
            }
            tree.apply_batch(batch).map_err(words)?;
        }
        self.meta.insert("schema", &super::cache::SCHEMA.to_be_bytes()).map_err(words)?;
        self.meta.insert("stamp", write_stamp(stamp).as_slice()).map_err(words)?;
        Ok(())
    }

    /// What the fold trees hold that `book` does not, and the other way round.
    pub fn compare(&self, book: &Book, stamp: Stamp) -> CacheResult<Compared> {
        let mut out = Vec::new();
        match self.stamp().map_err(words)? {
            Some(ours) if ours == stamp => {}
            Some(ours) if ours.money <= stamp.money && ours.work <= stamp.work => return Ok(Compared::Behind),
            _ => {
                out.push(Text::title("the cache was made from another state of the journal; it is made again at the next start"))
            }
        }
        for ((tree, want), name) in self.folds.iter().zip(expected(book)?).zip(FOLDS) {
            let mut there = Rows::new();
            for row in tree.iter() {
                let (key, value) = row.map_err(words)?;
                there.insert(key.to_vec(), value.to_vec());
            }
            let keys: BTreeSet<&Vec<u8>> = there.keys().chain(want.keys()).collect();
            let different = keys.into_iter().filter(|key| there.get(*key) != want.get(*key)).count();
            if different > 0 {
                out.push(Text::title(&format!("the cache disagrees with the journal on {different} of its {name}")));
            }
        }
        Ok(Compared::At(out))
    }

    /// Applies what `entries` touched of `book` and the stamp, in one transaction.
    pub fn apply<'a>(&mut self, entries: impl IntoIterator<Item = &'a Entry>, book: &Book, stamp: Stamp) {
        let touched = touched(entries);
        self.guarded("folds", |cache| {
            let rows = touched.iter().map(|t| Ok((t.tree(), t.key(), t.value(book)?))).collect::<CacheResult<Vec<_>>>()?;
            let mut trees: Vec<Tree> = cache.folds.clone();
            trees.push(cache.meta.clone());
            trees
                .as_slice()
                .transaction(|views| {
                    for (tree, key, value) in &rows {
                        match value {
                            Some(value) => views[*tree].insert(key.as_slice(), value.as_slice())?,
                            None => views[*tree].remove(key.as_slice())?,
                        };
                    }
                    views[FOLDS.len()].insert("stamp", write_stamp(stamp).as_slice())?;
                    Ok::<(), ConflictableTransactionError<()>>(())
                })
                .map_err(|e| format!("{e:?}"))
        });
    }
}

/// A row of a fold tree that an entry changed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Touched<'a> {
    Assignment(&'a crate::domain::AssignmentId),
    Submission(&'a crate::domain::SubmissionId),
    Payment(&'a Text),
    Draft(&'a crate::domain::AssignmentId),
    Marks(&'a JobKey),
}

fn touched<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> BTreeSet<Touched<'a>> {
    let mut out = BTreeSet::new();
    for entry in entries {
        match &entry.record {
            Record::Claimed { assignment } => drop(out.insert(Touched::Assignment(&assignment.id))),
            Record::Moved { assignment, .. } | Record::Deadline { assignment, .. } => {
                out.insert(Touched::Assignment(assignment));
            }
            Record::Queued { submission } => {
                out.insert(Touched::Submission(&submission.id));
                out.insert(Touched::Assignment(&submission.assignment));
            }
            Record::Sent { submission, .. } => drop(out.insert(Touched::Submission(submission))),
            Record::Paid { payment } => {
                out.insert(Touched::Payment(&payment.id));
                out.insert(Touched::Assignment(&payment.assignment));
            }
            Record::Drafted { assignment, .. } => {
                out.insert(Touched::Draft(assignment));
                out.insert(Touched::Assignment(assignment));
            }
            Record::Triaged { changes, .. } | Record::RuleMarked { changes, .. } => {
                out.extend(changes.iter().map(|c| Touched::Marks(&c.job)))
            }
            _ => {}
        }
    }
    out
}

impl Touched<'_> {
    fn tree(&self) -> usize {
        match self {
            Touched::Assignment(_) => 0,
            Touched::Submission(_) => 1,
            Touched::Payment(_) => 2,
            Touched::Draft(_) => 3,
            Touched::Marks(_) => 4,
        }
    }

    fn key(&self) -> Vec<u8> {
        match self {
            Touched::Assignment(id) | Touched::Draft(id) => id.as_str(),
            Touched::Submission(id) => id.as_str(),
            Touched::Payment(id) => id.as_str(),
            Touched::Marks(key) => key.as_str(),
        }
        .as_bytes()
        .to_vec()
    }

    fn value(&self, book: &Book) -> CacheResult<Option<Vec<u8>>> {
        match self {
            Touched::Assignment(id) => book.assignments.get(id).map(encode),
            Touched::Submission(id) => book.submissions.get(id).map(encode),
            Touched::Payment(id) => book.payments.get(id).map(encode),
            Touched::Draft(id) => book.drafts.get(id).map(encode),
            Touched::Marks(key) => book.marks.get(key).map(encode),
        }
        .transpose()
    }
}

/// What the fold trees should hold.
fn expected(book: &Book) -> CacheResult<[Rows; 5]> {
    fn rows<K: AsRef<str>, V: Serialize>(from: impl Iterator<Item = (K, V)>) -> CacheResult<Rows> {
        from.map(|(key, value)| Ok((key.as_ref().as_bytes().to_vec(), encode(&value)?))).collect()
    }
    Ok([
        rows(book.assignments.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.submissions.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.payments.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.drafts.iter().map(|(k, v)| (k.as_str(), v)))?,
        rows(book.marks.iter().map(|(k, v)| (k.as_str(), v)))?,
    ])
}
