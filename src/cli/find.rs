//! What a name on the command line means.

use super::ask;
use crate::domain::{AssignmentId, AssignmentState};
use crate::engine::Handle;
use crate::engine::api::{AssignmentView, Reply, Request};
use crate::error::{Class, Failure, Result};

/// The assignment called `given`: by id, by its job's key, or by the platform's own id where only one source has it.
pub async fn assignment(handle: &Handle, given: &str) -> Result<AssignmentView> {
    let wanted = AssignmentId::new(given);
    let all = ask!(handle, Request::Assignments, Reply::Assignments { assignments } => assignments);
    if let Some(exact) = all.iter().find(|view| view.assignment.id == wanted) {
        return Ok(exact.clone());
    }
    let mut of_job: Vec<&AssignmentView> = all.iter().filter(|view| view.assignment.job.key.as_str() == given).collect();
    // The one that goes on before those that are over; the latest of these first, as listed.
    of_job.sort_by_key(|view| view.assignment.state.is_over());
    if let Some(found) = of_job.first() {
        return Ok((*found).clone());
    }
    let native: Vec<&AssignmentView> = all.iter().filter(|view| view.assignment.id.native() == given).collect();
    match native.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Failure::new(Class::NotFound, format!("there is no assignment \"{given}\""))
            .why(mine(&all))
            .hint("juggler hand --all lists every assignment; juggler claim KEY makes one")),
        _ => Err(Failure::new(Class::Usage, format!("\"{given}\" is the id of several assignments"))
            .hint(format!("name the source too, such as {}", native[0].assignment.id))),
    }
}

fn mine(all: &[AssignmentView]) -> String {
    let hand: Vec<&str> =
        all.iter().filter(|view| view.assignment.state.is_in_hand()).map(|view| view.assignment.id.as_str()).take(5).collect();
    if hand.is_empty() { "nothing is in hand".to_owned() } else { format!("in hand: {}", hand.join(", ")) }
}

/// Refuses where the draft cannot be changed any more.
pub fn editable(view: &AssignmentView) -> Result<()> {
    let state = view.assignment.state;
    if state.is_editable() {
        return Ok(());
    }
    let hint = match state {
        AssignmentState::Submitting => "juggler outbox shows how far it got",
        state if state.is_over() => "juggler jobs lists what can be claimed",
        _ => "wait for the verdict: juggler events --follow",
    };
    Err(Failure::new(Class::Refused, format!("the draft of {} cannot be changed", view.assignment.id))
        .why(format!("the assignment is {}", state.word()))
        .hint(hint))
}
