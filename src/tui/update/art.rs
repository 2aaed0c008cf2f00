//! Painters: the sheet, the wish, the queue and what came.

use super::Update;
use crate::domain::{AssignmentId, Text};
use crate::engine::api::Stage;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// An order got further.
    pub(super) fn art_went_on(&mut self, _assignment: &AssignmentId, title: &Text, stage: Stage, pictures: u32, note: &Text) {
        match (stage, pictures) {
            (Stage::Over, 0) => self.say(Tone::Warn, format!("no picture for \"{title}\""), note.as_str()),
            (Stage::Over, _) => self.say(Tone::Good, format!("painted: \"{title}\""), note.as_str()),
            _ => {}
        }
    }
}
