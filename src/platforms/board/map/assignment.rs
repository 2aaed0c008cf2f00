//! Assignments as listed, as granted, and what comes back from a submission.

use serde_json::Value;

use super::super::recipe::Word;
use super::reader::{Around, Misfit, Reader};
use crate::domain::{AssignmentId, AssignmentState, JobKey, SubmissionId, Text, Time};
use crate::platforms::Listed;

/// An assignment in a list.
pub fn assignment(around: Around<'_>, item: &Value) -> Result<Listed, Misfit> {
    let read = Reader::new(around, &around.recipe.map.assignment, item);
    let (state, native_state) = read.word("state", Word::AssignmentState)?.ok_or_else(|| read.missing("state"))?;
    Ok(Listed {
        id: AssignmentId::of(around.source, &read.must_id("id")?),
        job: JobKey::of(around.source, &read.must_id("job")?),
        state,
        native_state,
        claimed_at: read.time("claimed_at")?,
        deadline: read.time("deadline")?,
        submission_key: read.line("submission_key")?.map(|key| SubmissionId::new(key.as_str())),
        submissions: read.int("submissions")?,
        feedback: read.body("feedback")?.unwrap_or_default(),
    })
}

/// What a granted claim tells.
pub struct Claimed {
    /// The assignment's id.
    pub id: AssignmentId,
    /// Its job, when told.
    pub job: Option<JobKey>,
    /// Where it stands; claimed when not told.
    pub state: AssignmentState,
    /// The platform's word.
    pub native_state: Text,
    /// When it began.
    pub claimed_at: Option<Time>,
    /// When it is due.
    pub deadline: Option<Time>,
}

/// A claim's answer. Only the id is required: many platforms say no more.
pub fn claimed(around: Around<'_>, item: &Value) -> Result<Claimed, Misfit> {
    let read = Reader::new(around, &around.recipe.map.assignment, item);
    let state = read.word("state", Word::AssignmentState)?;
    let (state, native_state) = state.unwrap_or_else(|| (AssignmentState::Claimed, Text::default()));
    Ok(Claimed {
        id: AssignmentId::of(around.source, &read.must_id("id")?),
        job: read.id("job")?.map(|job| JobKey::of(around.source, &job)),
        state,
        native_state,
        claimed_at: read.time("claimed_at")?,
        deadline: read.time("deadline")?,
    })
}

/// What comes back from a submission.
pub struct Delivered {
    /// The platform's id for it.
    pub native_id: Text,
    /// Where the assignment stands; submitted when not told.
    pub state: AssignmentState,
    /// The platform's word.
    pub native_state: Text,
}

/// A submission's answer.
pub fn receipt(around: Around<'_>, item: &Value) -> Result<Delivered, Misfit> {
    let fields = &around.recipe.map.receipt;
    let read = Reader::new(around, fields, item);
    // Where the recipe says that the platform names its submission, an answer without the name is no receipt.
    let native_id = match fields.get("id") {
        Some(_) => read.must_line("id")?,
        None => Text::default(),
    };
    let state = read.word("state", Word::AssignmentState)?;
    let (state, native_state) = state.unwrap_or_else(|| (AssignmentState::Submitted, Text::default()));
    Ok(Delivered { native_id, state, native_state })
}
