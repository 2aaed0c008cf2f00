//! The cursor: how far each file was read, and what it looked like then.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::Cursor;
use super::piece::{Piece, Stamp};
use crate::domain::Time;

/// Files of a folder that are remembered one by one.
const MOST_FILES: usize = 4096;
/// A file that was not written to for so long is taken to be finished, its last line feed or not.
pub const QUIET: Duration = Duration::from_secs(2);

/// How far one file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// The file as it was when it was looked at.
    pub stamp: Stamp,
    /// Bytes read: where the next line begins.
    pub at: u64,
    /// Lines read.
    pub line: u64,
    /// Hash of the bytes right before `at`: in a file that was written anew they are others.
    pub tail: u64,
    /// It was read to its end.
    pub done: bool,
    /// Behind `at` there is a line without its line feed, which may be finished when the file has been quiet for a while.
    pub rest: bool,
    /// `at` is in the middle of a line that is too long.
    pub skip: bool,
    /// A line that is a job was read.
    pub begun: bool,
    /// The file is a whole list: what it does not hold is gone.
    pub whole: bool,
    /// A line could not be read, so what the list does not hold is not known.
    pub odd: bool,
}

/// The cursor of an inbox.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// By name; a single file has none.
    pub files: BTreeMap<String, Place>,
    /// Files that came into the folder before this (their `ctime`) and are not named were read.
    pub floor: Option<(i64, i64)>,
}

impl Mark {
    /// A cursor that makes no sense is a fresh start.
    pub fn read(cursor: &Cursor) -> Mark {
        if cursor.is_null() { Mark::default() } else { serde_json::from_value(cursor.clone()).unwrap_or_default() }
    }

    /// Whether there may be something in it that was not read.
    pub fn wants(&self, piece: &Piece, now: Time) -> bool {
        match self.files.get(&piece.name) {
            None => self.floor.is_none_or(|floor| piece.stamp.changed >= floor),
            Some(place) => !place.done || place.stamp != piece.stamp || place.rest && piece.stamp.is_quiet(now),
        }
    }

    /// Forgets files that are not there any more, and the oldest of very many.
    pub fn tidy(&mut self, pieces: &[Piece], now: Time) {
        let there: std::collections::HashSet<&str> = pieces.iter().map(|piece| piece.name.as_str()).collect();
        self.files.retain(|name, _| there.contains(name.as_str()));
        let Some(over) = self.files.len().checked_sub(MOST_FILES).filter(|over| *over > 0) else { return };
        let mut oldest: Vec<(String, (i64, i64))> = self
            .files
            .iter()
            .filter(|(_, place)| place.done && !place.rest && place.stamp.is_quiet(now))
            .map(|(name, place)| (name.clone(), place.stamp.changed))
            .collect();
        oldest.sort_by_key(|(_, changed)| *changed);
        for (name, (seconds, nanos)) in oldest.into_iter().take(over) {
            self.files.remove(&name);
            self.floor = self.floor.max(Some((seconds, nanos + 1)));
        }
    }
}
