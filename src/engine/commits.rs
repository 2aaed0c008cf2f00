//! Batches on their way to the disk.

use super::effect::Input;
use crate::domain::Entry;
use crate::store::{Ack, Store};

/// Batches on their way to the store: those that wait go together, in order, and fail together, so that the journal never holds
/// a later fact without the earlier one.
#[derive(Default)]
pub(super) struct Commits {
    flying: Vec<u64>,
    pub waiting: Vec<(u64, Vec<Entry>)>,
}

impl Commits {
    pub fn pump(&mut self, store: &Store) {
        if self.flying.is_empty() && !self.waiting.is_empty() {
            let mut all = Vec::new();
            for (batch, entries) in self.waiting.drain(..) {
                self.flying.push(batch);
                all.extend(entries);
            }
            store.commit(self.flying[0], all);
        }
    }

    /// What an acknowledgement means for every batch.
    pub fn acked(&mut self, ack: Ack) -> Vec<Input> {
        match ack {
            Ack::Committed { .. } => self.flying.drain(..).map(|batch| Input::Committed { batch }).collect(),
            Ack::Failed { failure, .. } => {
                let behind = self.waiting.drain(..).map(|(batch, _)| batch);
                let failed: Vec<u64> = self.flying.drain(..).chain(behind).collect();
                failed.into_iter().map(|batch| Input::CommitFailed { batch, failure: failure.clone() }).collect()
            }
            Ack::Opened(_) | Ack::ImageWanted | Ack::Rolled(_) | Ack::Broke => Vec::new(),
        }
    }
}
