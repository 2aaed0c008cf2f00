//! What there is to order, what is on its way, and what came.

use super::{Live, State, Step};
use crate::assist::art::{able, keeps_history};
use crate::assist::provider::host;
use crate::domain::art::{Operation, Work};
use crate::domain::{AssignmentId, Text, Time};
use crate::engine::api::{PainterView, Stage, Studio, WorkView};
use crate::engine::drawing::wanted;
use crate::error::Result;

/// Orders that are listed.
const LISTED: usize = 100;

impl State {
    /// Everything about pictures for an assignment.
    pub(in crate::engine::state) fn studio(&self, id: &AssignmentId, now: Time) -> Result<Studio> {
        let assignment = self.assignment(id)?;
        let ruling = self.ruling(&assignment.job);
        let wanted = wanted(&assignment.job);
        let painters = self.painters(wanted);
        let draft = self.book.drafts.get(id);
        let closed = match ruling.closed(Operation::Generate.action()) {
            // What is there may be worked on where a painter may not paint by itself.
            Some(why) if ruling.closed(Operation::Edit.action()).is_some() => why,
            _ => Text::default(),
        };
        let files = draft.map(|draft| draft.files.iter().filter(|file| file.facts.mime.as_str().starts_with("image/")));
        Ok(Studio {
            assignment: id.clone(),
            ruling,
            closed,
            painters,
            wanted,
            files: files.into_iter().flatten().map(|file| file.name.clone()).collect(),
            spending: self.spending(id, now),
            caps: self.config.ai_caps,
            works: self.book.art.of(id).take(LISTED).map(|work| self.work_view(work)).collect(),
        })
    }

    /// The one that is meant when none is named comes first.
    fn painters(&self, wanted: Option<crate::domain::art::Size>) -> Vec<PainterView> {
        let meant = self.config.painter(None).ok().map(|painter| painter.name.clone());
        let mut all: Vec<_> = self.config.painters().collect();
        all.sort_by_key(|painter| Some(&painter.name) != meant.as_ref());
        all.into_iter()
            .map(|painter| {
                let can = able::able(painter);
                let (at, local) = host(painter);
                PainterView {
                    name: Text::title(&painter.name),
                    kind: Text::title(painter.kind.word()),
                    model: Text::title(painter.model.as_deref().unwrap_or_default()),
                    host: at,
                    local,
                    operations: can.operations.clone(),
                    seeds: can.seeds,
                    transparent: can.transparent,
                    most: can.most,
                    size: able::size(painter, wanted),
                    queued: u32::try_from(self.atelier.queued(&painter.name)).unwrap_or(u32::MAX),
                }
            })
            .collect()
    }

    /// What waits or is painted, of all assignments, in the order of ordering.
    pub(in crate::engine::state) fn open_works(&self, _now: Time) -> Vec<WorkView> {
        self.atelier.works.keys().filter_map(|call| self.book.art.work(call)).map(|work| self.work_view(work)).collect()
    }

    fn work_view(&self, work: &Work) -> WorkView {
        let order = &work.order;
        let call = self.book.calls.all().iter().rev().find(|call| call.id == order.call);
        let live = self.atelier.works.get(&order.call);
        let stage = match (live, call) {
            (Some(Live { step: Step::Painting, .. }), _) => Stage::Painting,
            (Some(_), _) => Stage::Waiting,
            _ if order.by_hand => Stage::ByHand,
            (None, None) => Stage::Unsent,
            (None, Some(call)) if call.ended.is_some() => Stage::Over,
            (None, Some(_)) => Stage::Unknown,
        };
        let keeps = self.painter_of(order).is_some_and(|painter| keeps_history(painter.kind));
        let can_look = stage == Stage::Unknown && keeps && !work.native.is_empty();
        let note = match (live, stage, call) {
            (Some(live), ..) => live.note.clone(),
            (_, Stage::Unknown, _) if can_look => {
                Text::title("it was sent, and the program ended before it was over: look for it")
            }
            (_, Stage::Unknown, _) => {
                Text::title("it was sent, and the program ended before it was over; its provider cannot be asked again")
            }
            (_, Stage::Unsent, _) => Text::title("the program ended before it was sent; order it again"),
            (_, _, Some(call)) => call.note.clone(),
            _ => Text::default(),
        };
        let files = self.book.drafts.get(&order.assignment).map(|draft| draft.files.as_slice()).unwrap_or_default();
        let is_taken = |sha: &str| files.iter().any(|file| file.sha256 == sha);
        WorkView {
            title: self.title_of_art(order),
            stage,
            percent: live.and_then(|live| live.percent),
            note,
            since: live.map_or(order.at, |live| live.since),
            ended: call.and_then(|call| call.ended).filter(|_| stage == Stage::Over),
            spent: call.map(|call| call.spent.clone()),
            taken: work.pictures.iter().filter(|picture| is_taken(&picture.file.sha256)).map(|picture| picture.n).collect(),
            can_look,
            work: work.clone(),
        }
    }
}
