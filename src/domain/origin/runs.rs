//! Origins as runs over a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Origin;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub bytes: usize,
    pub origin: Origin,
}

/// The origin of every byte of a text, as runs in its order. No run is empty and neighbours differ; in JSON
/// `[[12,"typed"],[5,{"ai":{"call":"…"}}]]`, lengths in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(usize, Origin)>", into = "Vec<(usize, Origin)>")]
pub struct Origins(pub(super) Vec<Run>);

impl Origins {
    /// One origin for a whole text of so many bytes.
    pub fn whole(bytes: usize, origin: Origin) -> Origins {
        let mut origins = Origins::default();
        origins.push(bytes, origin);
        origins
    }

    /// Bytes covered.
    pub fn bytes(&self) -> usize {
        self.0.iter().fold(0, |sum, run| sum.saturating_add(run.bytes))
    }

    /// Each run: which bytes, and where they came from.
    pub fn runs(&self) -> impl Iterator<Item = (Range<usize>, &Origin)> {
        let mut end: usize = 0;
        self.0.iter().map(move |run| {
            let start = end;
            end = end.saturating_add(run.bytes);
            (start..end, &run.origin)
        })
    }

    /// An assistant wrote some of it.
    pub fn has_ai(&self) -> bool {
        self.0.iter().any(|run| matches!(run.origin, Origin::Ai { .. }))
    }

    /// The origins of a part of the text; what is beyond the end is left out.
    pub fn slice(&self, range: Range<usize>) -> Origins {
        let mut out = Origins::default();
        for (run, origin) in self.runs() {
            if run.start >= range.end {
                break;
            }
            out.push(run.end.min(range.end).saturating_sub(run.start.max(range.start)), origin.clone());
        }
        out
    }

    /// Every origin as `change` would have it.
    #[must_use]
    pub fn map(&self, change: impl Fn(&Origin) -> Origin) -> Origins {
        let mut out = Origins::default();
        self.0.iter().for_each(|run| out.push(run.bytes, change(&run.origin)));
        out
    }

    /// The unknown parts said to be the person's own words.
    #[must_use]
    pub fn declared(&self) -> Origins {
        self.map(Origin::declared)
    }

    /// Adds so many bytes to the end.
    pub fn push(&mut self, bytes: usize, origin: Origin) {
        match self.0.last_mut() {
            _ if bytes == 0 => {}
            Some(last) if last.origin == origin => last.bytes = last.bytes.saturating_add(bytes),
            _ => self.0.push(Run { bytes, origin }),
        }
    }

    /// Adds another text's to the end.
    pub fn append(&mut self, other: &Origins) {
        other.0.iter().for_each(|run| self.push(run.bytes, run.origin.clone()));
    }

    /// Puts `new` in place of `removed` bytes at `at`.
    pub(super) fn put(&mut self, at: usize, removed: usize, new: &Origins) {
        let (first, before) = self.find(0, 0, at);
        // The neighbour to the left may be of the same origin as what comes to stand beside it.
        let (start, kept) = if before == 0 && first > 0 { (first - 1, self.0[first - 1].bytes) } else { (first, before) };
        let (last, gone) = self.find(first, at - before, at.saturating_add(removed));
        let mut middle = Origins::default();
        if kept > 0 {
            middle.push(kept, self.0[start].origin.clone());
        }
        middle.append(new);
        let end = self.0.get(last).map_or(last, |run| {
            middle.push(run.bytes - gone, run.origin.clone());
            last + 1
        });
        self.0.splice(start..end, middle.0);
    }

    /// The run that holds the byte `at`, looked for from the run `index`, which begins at `start`; and how far into it that is.
    fn find(&self, index: usize, start: usize, at: usize) -> (usize, usize) {
        let mut left = at.saturating_sub(start);
        for (index, run) in self.0.iter().enumerate().skip(index) {
            if left < run.bytes {
                return (index, left);
            }
            left -= run.bytes;
        }
        (self.0.len(), 0)
    }
}

impl From<Vec<(usize, Origin)>> for Origins {
    fn from(runs: Vec<(usize, Origin)>) -> Origins {
        let mut origins = Origins::default();
        runs.into_iter().for_each(|(bytes, origin)| origins.push(bytes, origin));
        origins
    }
}

impl From<Origins> for Vec<(usize, Origin)> {
    fn from(origins: Origins) -> Self {
        origins.0.into_iter().map(|run| (run.bytes, run.origin)).collect()
    }
}
