//! What a terminal showed when it was left or lost, for the next one: view, cursor, marks, tabs, places in texts. Drafts are not in
//! it: they are the engine's.
//!
//! It is kept by the engine beside the store, whole or not at all, and is a convenience: what does not fit any more is left out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::model::{Focus, LastWindow, Model};
use crate::domain::view::Level;
use crate::domain::{AssignmentId, JobKey, Text, Time};

/// A change is kept after this, so that a kill costs no more.
pub const WAIT: TimeDelta = TimeDelta::seconds(1);
/// Marks and places kept at most: the file has a limit.
const MARKS: usize = 2_500;
const PLACES: usize = 50;

/// What is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The feed's rows and cursor.
    #[serde(flatten)]
    pub window: LastWindow,
    /// Everything else; nothing where an older version left.
    #[serde(default)]
    pub desk: Desk,
}

/// What is kept beside the feed's window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desk {
    /// The pane that had the keys.
    pub focus: Focus,
    /// It had the whole screen.
    pub zoom: bool,
    /// Marked jobs.
    pub marked: BTreeSet<JobKey>,
    /// Orders chosen, by the name of the view.
    pub orders: BTreeMap<Text, Vec<Level>>,
    /// Views whose grouping was turned over.
    pub turned: BTreeSet<Text>,
    /// Where the cursor was in other views.
    pub places: BTreeMap<Text, JobKey>,
    /// The assignment being worked on.
    pub selected: Option<AssignmentId>,
    /// Where the cursor was in each text: line and byte.
    pub texts: Vec<(AssignmentId, (usize, usize))>,
    /// Filters typed before, the latest last.
    pub filters: Vec<String>,
}

impl Model {
    /// What is shown now; `None` while that is still the last session. `rows`: those on the screen too.
    pub fn session(&self, at: Time, rows: bool) -> Option<Session> {
        if self.opening.is_some() || !self.feed.loaded {
            return None;
        }
        let mut window = self.feed.last_window(at);
        if !rows {
            window.rows.rows.clear();
        }
        let feed = &self.feed;
        let desk = Desk {
            focus: self.focus,
            zoom: self.zoom,
            marked: feed.marked.iter().take(MARKS).cloned().collect(),
            orders: feed.orders.iter().take(PLACES).map(|(name, order)| (name.clone(), order.clone())).collect(),
            turned: feed.turned.iter().take(PLACES).cloned().collect(),
            places: feed.places.iter().take(PLACES).map(|(name, key)| (name.clone(), key.clone())).collect(),
            selected: self.editor.selected().cloned(),
            texts: self.editor.places(),
            filters: self.filters.iter().rev().take(PLACES).rev().cloned().collect(),
        };
        Some(Session { window, desk })
    }

    /// Takes up where a terminal left. What belongs to the hand waits until the hand is told.
    pub fn resume(&mut self, desk: Desk) {
        self.focus = desk.focus;
        self.zoom = desk.zoom;
        self.feed.marked = desk.marked;
        self.feed.orders.extend(desk.orders);
        self.feed.turned = desk.turned;
        self.feed.places = desk.places;
        self.filters = desk.filters;
        self.resuming = Some((desk.selected, desk.texts));
        if self.hand.loaded {
            self.resume_hand();
        }
    }

    /// The hand is there: its tab and the places in its texts.
    pub fn resume_hand(&mut self) {
        let Some((selected, texts)) = self.resuming.take() else { return };
        for (id, place) in texts {
            self.editor.go_to(&id, place);
        }
        if let Some(id) = selected {
            self.editor.select(&id);
        }
    }
}
