//! The cursor: it belongs to a job, and knows where that job's row is.

use super::FeedModel;
use crate::domain::JobKey;
use crate::engine::api::JobRow;

/// Rows kept in sight around the cursor where lines scroll.
const AROUND: usize = 2;

impl FeedModel {
    /// Index into `rows` of the cursor. No search unless the rows changed behind its back.
    pub fn at(&self) -> Option<usize> {
        let key = self.cursor.as_ref()?;
        match self.rows.get(self.index) {
            Some(row) if row.key == *key => Some(self.index),
            _ => self.rows.iter().position(|row| row.key == *key),
        }
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<&JobRow> {
        self.at().and_then(|at| self.rows.get(at))
    }

    /// The row of a job, if it is at hand.
    pub fn row_of(&self, key: &JobKey) -> Option<&JobRow> {
        if self.cursor.as_ref() == Some(key) { self.row() } else { self.rows.iter().find(|row| row.key == *key) }
    }

    /// The rows changed: notes where the cursor's job is now.
    pub(super) fn find(&mut self) {
        self.index = self.at().unwrap_or(0);
    }

    /// Puts the cursor on the job of a row, or on none.
    pub(super) fn set(&mut self, at: usize) {
        self.cursor = self.rows.get(at).map(|row| row.key.clone());
        self.index = at;
    }

    /// The cursor is on the first row of the view (or nowhere), so arrivals may come in.
    pub fn at_top(&self) -> bool {
        self.start == 0 && self.at().is_none_or(|at| at == 0)
    }

    /// The first row of the view is at hand.
    pub fn has_first(&self) -> bool {
        self.start == 0 && !self.rows.is_empty() && !self.asking
    }

    /// The last row of the view is at hand.
    pub fn has_last(&self) -> bool {
        let whole = self.start + self.rows.len() + self.held >= self.total && self.counting.is_none();
        whole && !self.rows.is_empty() && !self.asking
    }

    /// Puts the cursor on a row; a job that is gone is let go. A stretch being marked follows.
    pub fn point(&mut self, at: usize) {
        let mut at = at.min(self.rows.len().saturating_sub(1));
        let from = self.at();
        if self.gone
            && let Some(here) = from
            && here != at
        {
            let row = self.rows.remove(here);
            self.gone = false;
            if let Some(range) = &mut self.range {
                range.forget(&row.key);
            }
            if at > here {
                at -= 1;
            }
        }
        if let Some(range) = &mut self.range {
            let from = from.unwrap_or(at).min(self.rows.len().saturating_sub(1));
            let walked: Vec<usize> = if from <= at { (from..=at).collect() } else { (at..=from).rev().collect() };
            for row in walked.into_iter().filter_map(|i| self.rows.get(i)) {
                range.pass(row);
            }
        }
        self.set(at);
        self.scroll();
    }

    /// Brings the cursor into sight: by lines with two rows around it, or by half a screen at a time.
    pub fn scroll(&mut self) {
        let height = self.height.max(1);
        let Some(at) = self.at() else {
            self.top = 0;
            return;
        };
        if self.paged {
            if at < self.top {
                self.top = at.saturating_sub(height / 2);
            } else if at >= self.top + height {
                self.top = (at + 1 + height / 2).saturating_sub(height);
            }
        } else {
            let around = AROUND.min(height.saturating_sub(1) / 2);
            let lowest = (at + around + 1).saturating_sub(height);
            self.top = self.top.clamp(lowest, at.saturating_sub(around).max(lowest));
        }
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }
}
