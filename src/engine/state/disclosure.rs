//! What is said with a delivery of how it was made, where the job asks for it, and what the person is told of that before.

use crate::domain::ai::AiRule;
use crate::domain::origin::Statement;
use crate::domain::{Draft, Job, Text};

/// The statement that goes with a delivery: the platform's field for it, where it has one. Empty where the job does not ask, or where
/// nothing can honestly be said.
pub(super) fn disclosure(job: &Job, draft: &Draft) -> Text {
    if asks(job.ai.rule) { draft.made().said() } else { Text::default() }
}

/// What speaks against delivering it as it is, under the job's rule for AI.
pub(super) fn warnings(job: &Job, draft: &Draft) -> Vec<Text> {
    let made = draft.made();
    let shares = made.shares;
    let mut out = Vec::new();
    if job.ai.rule == AiRule::HumanOnly {
        // Words that still stand there are not delivered at all.
        if draft.assisted {
            out.push("No AI is allowed, and an AI made part of an earlier version of this draft.".to_owned());
        }
        if shares.scaffold + made.files.scaffold > 0 {
            out.push("No AI is allowed; the scaffold laid out part of this draft. Make all of it yours.".to_owned());
        }
    }
    if asks(job.ai.rule) && made.statement() == Statement::Open {
        let declare = format!("say so with :declare (juggler draft {} --declare)", draft.assignment);
        let unknown = shares.percent(shares.unknown());
        out.push(match (shares.unknown() > 0, made.files.unknown) {
            (true, _) => format!(
                "Nothing is said about AI: {unknown} % was pasted or came from outside. If those words are your own, {declare}."
            ),
            (false, 1) => format!("Nothing is said about AI: who made the file is not known. If you did, {declare}."),
            (false, 2..) => format!("Nothing is said about AI: who made the files is not known. If you did, {declare}."),
            (false, 0) => "Nothing is said about AI: part of it is quoted.".to_owned(),
        });
    }
    out.iter().map(|words| Text::title(words)).collect()
}

/// The rule wants to know how the work was made.
fn asks(rule: AiRule) -> bool {
    matches!(rule, AiRule::Disclose | AiRule::AssistOnly | AiRule::HumanOnly)
}
