//! A draft on its way to be judged, away from the engine's step.

use super::effect::Input;
use crate::domain::check::{Finding, Judged, check};
use crate::domain::{AssignmentId, Draft, Job};

/// What a judgement rests on: the version of the draft, how many bytes of attachments are there, whose pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// 0 for no draft.
    pub version: u32,
    /// Bytes of the attachments' texts.
    pub bytes: usize,
    /// Words a minute.
    pub pace: u32,
}

/// A draft to be judged.
#[derive(Debug)]
pub struct Checking {
    /// Whose.
    pub id: AssignmentId,
    /// What the judgement will rest on.
    pub ground: Ground,
    /// With its attachments' texts.
    pub job: Box<Job>,
    /// None yet: nothing is judged.
    pub draft: Option<Box<Draft>>,
}

impl Checking {
    /// Judges it. Takes as long as it takes: at most about a second for the largest drafts.
    pub fn judged(&self) -> Input {
        let (text, files) = self.draft.as_ref().map_or(("", &[][..]), |draft| (draft.text.as_str(), &draft.files[..]));
        let judged = Judged::of(&self.job, text, files).at_pace(self.ground.pace);
        self.input(check(&self.job.deliverable, &judged))
    }

    /// It could not be judged: said as a failing check, so that nothing passes unlooked at.
    pub fn broken(&self) -> Input {
        let detail = "a bug in juggler ended the checks of this draft";
        self.input(vec![Finding::fail("the checks ran", detail, "report it, with the file that `juggler doctor` names")])
    }

    fn input(&self, findings: Vec<Finding>) -> Input {
        Input::Checked { id: self.id.clone(), ground: self.ground, findings }
    }
}
