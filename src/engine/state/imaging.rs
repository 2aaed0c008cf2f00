//! The image of the columns, section by section between other steps, so that the next start need not read every job.

use super::State;
use crate::engine::effect::{Effect, Effects, Input};
use crate::feed::ImagePart;

/// Where the writing of an image stands.
#[derive(Default)]
pub(super) struct Imaging {
    /// The next section; `None` when none is being written.
    at: Option<usize>,
    /// Rows that had changed when it was begun.
    covered: usize,
}

impl State {
    pub(super) fn imaging(&mut self, input: Input, effects: &mut Effects) {
        match input {
            Input::ImageWanted if self.imaging.at.is_none() => {
                self.imaging = Imaging { at: Some(0), covered: self.changed_rows };
                self.begin_image();
                effects.push(Effect::BeginImage);
            }
            Input::ImageMore => {
                let Some(at) = self.imaging.at else { return };
                if let Some(part) = self.image_part(at) {
                    self.imaging.at = Some(at + 1);
                    effects.push(Effect::ImageSection { tag: part.tag, bytes: part.bytes });
                } else {
                    effects.push(Effect::FinishImage);
                }
            }
            Input::ImageDone { written } => {
                if written {
                    self.changed_rows = self.changed_rows.saturating_sub(self.imaging.covered);
                }
                self.imaging.at = None;
                self.feed.end_image();
            }
            _ => {}
        }
    }

    /// An image is begun.
    pub fn begin_image(&mut self) {
        self.feed.begin_image();
    }

    /// A part of the image; `None` behind the last.
    pub fn image_part(&self, number: usize) -> Option<ImagePart> {
        self.feed.image_part(number)
    }

    /// Something changed that the latest image does not show.
    pub fn wants_image(&self) -> bool {
        self.changed_rows > 0
    }
}
