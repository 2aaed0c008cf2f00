//! The fold of everything that was ordered and painted.

use serde::{Deserialize, Serialize};

use super::{Order, Picture};
use crate::domain::draft::FileItem;
use crate::domain::{AssignmentId, Text};

/// An order and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Work {
    /// What was ordered.
    pub order: Order,
    /// The name that the provider knows it by.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub native: Text,
    /// What came, in its order, less what was thrown away.
    #[serde(default)]
    pub pictures: Vec<Picture>,
    /// Pictures that were thrown away.
    #[serde(default)]
    pub dropped: u32,
}

impl Work {
    /// The picture of a number.
    pub fn picture(&self, n: u32) -> Option<&Picture> {
        self.pictures.iter().find(|picture| picture.n == n)
    }
}

/// Everything that was ordered, in the order of its calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gallery {
    works: Vec<Work>,
}

impl Gallery {
    /// Nothing was ordered.
    pub fn is_empty(&self) -> bool {
        self.works.is_empty()
    }

    /// Every order, the oldest first.
    pub fn all(&self) -> &[Work] {
        &self.works
    }

    /// The order of a call.
    pub fn work(&self, call: &Text) -> Option<&Work> {
        self.works.iter().rev().find(|work| work.order.call == *call)
    }

    /// The orders for an assignment, the latest first.
    pub fn of<'a>(&'a self, id: &'a AssignmentId) -> impl Iterator<Item = &'a Work> {
        self.works.iter().rev().filter(move |work| work.order.assignment == *id)
    }

    /// The picture with these bytes that a painter made for an assignment, and its call.
    pub fn made<'a>(&'a self, id: &'a AssignmentId, sha256: &str) -> Option<&'a Work> {
        self.of(id).find(|work| work.pictures.iter().any(|picture| picture.file.sha256 == sha256))
    }

    /// The files of all pictures.
    pub fn files(&self) -> impl Iterator<Item = &FileItem> {
        self.works.iter().flat_map(|work| work.pictures.iter().map(|picture| &picture.file))
    }

    /// The same, to be changed.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut FileItem> {
        self.works.iter_mut().flat_map(|work| work.pictures.iter_mut().map(|picture| &mut picture.file))
    }

    pub(in crate::domain) fn ordered(&mut self, order: &Order) {
        if self.work(&order.call).is_none() {
            self.works.push(Work { order: order.clone(), native: Text::default(), pictures: Vec::new(), dropped: 0 });
        }
    }

    pub(in crate::domain) fn named(&mut self, call: &Text, native: &Text) {
        if let Some(work) = self.find(call) {
            work.native = native.clone();
        }
    }

    pub(in crate::domain) fn painted(&mut self, call: &Text, picture: &Picture) {
        if let Some(work) = self.find(call)
            && work.picture(picture.n).is_none()
        {
            work.pictures.push(picture.clone());
            work.pictures.sort_by_key(|picture| picture.n);
        }
    }

    /// One picture is thrown away, or everything of an order: then nothing of what was said to the painter stays.
    pub(in crate::domain) fn dropped(&mut self, call: &Text, picture: Option<u32>) {
        let Some(n) = picture else {
            self.works.retain(|work| work.order.call != *call);
            return;
        };
        if let Some(work) = self.find(call) {
            let before = work.pictures.len();
            work.pictures.retain(|picture| picture.n != n);
            work.dropped += u32::try_from(before - work.pictures.len()).unwrap_or(0);
        }
    }

    fn find(&mut self, call: &Text) -> Option<&mut Work> {
        self.works.iter_mut().rev().find(|work| work.order.call == *call)
    }
}
