//! From a wish to a prompt for a painter. A painter has no system message and no fences: what it is told is one text, which the person
//! sees before it is sent and may change.

use super::compose::{render, values};
use super::template::{Part, Template};
use crate::domain::ai::{Action, Pass, Wish};
use crate::domain::{Job, Text};
use crate::error::{Class, Failure, Result};

/// Most characters of a brief: painters keep to the beginning of what they are told.
const BRIEF: usize = 1_600;

/// The prompt by a template, with what the person says to it.
///
/// # Errors
/// The template cannot be filled in, or the leave is for something else.
pub fn picture(pass: &Pass, template: &Template, instruction: &str, job: &Job) -> Result<Text> {
    if pass.job() != &job.key || pass.action() != Action::Paint {
        return Err(Failure::new(Class::Internal, "the leave to paint is for something else"));
    }
    let wish = Wish { instruction: Text::body(instruction), ..Wish::of(Action::Paint) };
    let task = render(template, &values(&wish, template, job, false))
        .map_err(|why| Failure::new(Class::Config, format!("the template {} cannot be filled in", template.name)).why(why))?;
    let mut parts = vec![task.trim().to_owned()];
    if template.with.contains(&Part::Brief) {
        parts.push(format!("{}\n{}", job.title, cut(job.brief.as_str())));
    }
    Ok(Text::body(parts.join("\n\n").trim()))
}

/// To a sentence's end before the limit, where there is one in its latter half.
fn cut(brief: &str) -> &str {
    let Some((end, _)) = brief.char_indices().nth(BRIEF) else { return brief };
    let head = &brief[..end];
    let stop = head.rfind(['.', '!', '?', '\n']).map(|at| at + 1).filter(|at| *at > end / 2);
    &head[..stop.unwrap_or(end)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_brief_ends_with_a_sentence() {
        assert_eq!(cut("short. brief"), "short. brief");
        let long = "A sentence of some length. ".repeat(200);
        let cut = cut(&long);
        assert!(cut.len() <= BRIEF && cut.ends_with('.'), "{cut}");
        assert_eq!(super::cut(&"x".repeat(2_000)).len(), BRIEF);
    }
}
