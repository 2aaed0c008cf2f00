//! What the craft asks for beyond the job's own demands: each a *should*, so it warns and never fails.

use super::sheet::Sheet;
use super::{Finding, Verdict};
use crate::domain::Text;
use crate::domain::deliverable::{Deliverable, Form, Rule};

/// Key phrases of a source that a summary is held against, and of how many it should speak.
const PHRASES: u32 = 15;
const SPOKEN_OF: u32 = 6;
/// Seconds that a hook may take.
const HOOK: u32 = 3;
/// Words of a sentence that is said.
const SENTENCE: u32 = 18;
/// School years to read a script.
const GRADE: u32 = 9;

/// The rules beyond the job's own, for its form; none that the job names itself, as a must or as a should.
pub fn rules(spec: &Deliverable, sheet: &Sheet<'_>) -> Vec<Rule> {
    let english = sheet.is_english();
    let mut rules = Vec::new();
    match spec.form {
        Form::Lines if english => rules.extend([Rule::Modest, Rule::Fresh]),
        Form::Script => {
            let sourced = sheet.sources.iter().any(|(_, text)| !text.trim().is_empty());
            if sourced {
                rules.push(Rule::Faithful { source: source_of(spec) });
            }
            rules.push(Rule::Hook { seconds: HOOK });
            rules.push(Rule::Sentences { words: SENTENCE });
            if english {
                rules.push(Rule::CallToAction);
                if sourced {
                    rules.push(Rule::Covers { source: source_of(spec), phrases: PHRASES, min: SPOKEN_OF });
                }
                rules.extend([Rule::Grade { most: GRADE }, Rule::Speakable, Rule::Fresh]);
            }
        }
        Form::ChatJsonl => rules.extend([Rule::Anonymous, Rule::Sealed]),
        _ => {}
    }
    let named = |rule: &Rule| {
        let same = |own: &Rule| std::mem::discriminant(own) == std::mem::discriminant(rule);
        spec.rules.iter().chain(&spec.should).any(same)
    };
    rules.retain(|rule| !named(rule));
    rules
}

/// The source that the job's own demands speak of.
fn source_of(spec: &Deliverable) -> Text {
    let named = spec.rules.iter().find_map(|rule| if let Rule::Grounded { source } = rule { Some(source) } else { None });
    named.cloned().unwrap_or_default()
}

/// What passes and has nothing to show is left out: nobody asked for it.
pub fn is_worth_telling(found: &Finding) -> bool {
    found.verdict != Verdict::Pass || !found.ticks.is_empty()
}
