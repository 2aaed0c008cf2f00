//! Painters at work for the person: what is ordered ([`order`]), the queue ([`queue`]), what came ([`results`]), what is shown of it
//! ([`studio`]), and pictures from tools that no program speaks to ([`folder`]).
//!
//! An order waits in the queue of its painter, which paints one at a time. Before a byte of it goes out, the gate gave a pass, what it
//! could cost is within the caps, and the call stands in the journal. Nothing is sent a second time by itself: what a crash left in
//! mid-painting has an end that is not known, and what it left in the queue was never sent.

mod folder;
mod order;
mod queue;
mod results;
mod studio;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::State;
use super::assist::cost::reserve;
use crate::assist::art::Sketch;
use crate::config::AssistantConfig;
use crate::domain::ai::Spending;
use crate::domain::art::Order;
use crate::domain::spend::{Cost, Usage};
use crate::domain::{AssignmentId, Text, Time};

/// Everything that is ordered and not over.
#[derive(Debug, Default)]
pub(in crate::engine::state) struct Atelier {
    /// In the order of their calls, which is that of ordering.
    works: BTreeMap<Text, Live>,
    /// Warnings that the person agreed to, so that they are not asked for each picture.
    heeded: BTreeSet<(AssignmentId, Text)>,
    watch: Option<folder::Watch>,
}

/// An order that is not over.
#[derive(Debug)]
struct Live {
    order: Order,
    painter: Box<AssistantConfig>,
    /// `None` where it is only looked for.
    sketch: Option<Arc<Sketch>>,
    native: Text,
    step: Step,
    percent: Option<u8>,
    note: Text,
    since: Time,
    /// When front ends were told of it last.
    told: Time,
    told_of: (Option<u8>, Text),
    usage: Option<Usage>,
    model: Text,
    /// Why a picture that came was none.
    unfit: Option<String>,
    /// It was stopped while its call was on its way to the disk, for this reason.
    stopping: Option<String>,
}

/// How far an order is, seen from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// On its way into the journal.
    Writing,
    /// In the queue.
    Waiting,
    /// Its call is on its way into the journal.
    Beginning,
    /// On the line.
    Painting,
}

impl Atelier {
    /// What orders that are not over may still cost.
    pub(in crate::engine::state) fn reserve(&self, spending: &mut Spending, id: &AssignmentId) {
        for live in self.works.values() {
            // What is on the line is in the book already, with the most that it may cost.
            let most: Option<Cost> = live.order.most.filter(|_| live.step != Step::Painting);
            reserve(&mut spending.day, most);
            reserve(&mut spending.month, most);
            if live.order.assignment == *id {
                reserve(&mut spending.job, most);
            }
        }
    }

    /// An order that never was.
    pub(in crate::engine::state) fn forget(&mut self, call: &Text) {
        self.works.remove(call);
    }

    /// Its call could not be written down.
    pub(in crate::engine::state) fn wait_again(&mut self, call: &Text) {
        if let Some(live) = self.works.get_mut(call) {
            live.step = Step::Waiting;
        }
    }

    /// When the watched folder is looked into next.
    pub(in crate::engine::state) fn due(&self) -> Option<Time> {
        self.watch.as_ref().and_then(folder::Watch::due)
    }

    fn queued(&self, painter: &str) -> usize {
        self.works.values().filter(|live| live.painter.name == painter).count()
    }
}

impl State {
    /// The painter of an order, if the config still has it.
    fn painter_of(&self, order: &Order) -> Option<&AssistantConfig> {
        self.config.painters().find(|painter| painter.name == order.painter.as_str())
    }
}
