//! What is said with a delivery of how it was made, where the job asks for it, and what the person is told of that before.

use crate::domain::ai::AiRule;
use crate::domain::origin::Statement;
use crate::domain::{Draft, Job, Text};

/// The statement that goes with a delivery: the platform's field for it, where it has one. Empty where the job does not ask, or where
/// nothing can honestly be said.
pub(super) fn disclosure(job: &Job, draft: &Draft) -> Text {
    if asks(job.ai.rule) { draft.statement().words(&draft.shares()) } else { Text::default() }
}

/// What speaks against delivering it as it is, under the job's rule for AI.
pub(super) fn warnings(job: &Job, draft: &Draft) -> Vec<Text> {
    let shares = draft.shares();
    let mut out = Vec::new();
    if job.ai.rule == AiRule::HumanOnly {
        // Words that still stand there are not delivered at all.
        if draft.assisted {
            out.push("No AI is allowed, and an AI wrote part of an earlier version of this draft.".to_owned());
        }
        if shares.scaffold > 0 {
            out.push("No AI is allowed; the scaffold laid out part of this draft. Make every word yours.".to_owned());
        }
    }
    if asks(job.ai.rule) && draft.statement() == Statement::Open {
        let unknown = shares.percent(shares.unknown());
        out.push(match (shares.unknown() > 0, draft.files.is_empty()) {
            (true, _) => format!(
                "Nothing is said about AI: {unknown} % was pasted or came from outside. If those words are your own, say so with :declare \
                 (juggler draft {} --declare).",
                draft.assignment
            ),
            (false, false) => "Nothing is said about AI: where the files came from is not known here.".to_owned(),
            (false, true) => "Nothing is said about AI: part of it is quoted.".to_owned(),
        });
    }
    out.iter().map(|words| Text::title(words)).collect()
}

/// The rule wants to know how the work was made.
fn asks(rule: AiRule) -> bool {
    matches!(rule, AiRule::Disclose | AiRule::AssistOnly | AiRule::HumanOnly)
}
