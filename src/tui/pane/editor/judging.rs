//! A text on its way to be judged: short ones at once, the others away from the keys.

use crate::domain::check::{self, Finding, Judged};
use crate::domain::deliverable::Rule;
use crate::domain::draft::FileItem;
use crate::domain::{AssignmentId, Job, Text};

/// Texts, and sources, up to this many bytes are judged with the key that changed them: well under a millisecond.
const AT_ONCE: usize = 4_000;

/// A text to be judged, with all that it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Judging {
    /// Whose.
    pub assignment: AssignmentId,
    /// Which state of the text it is.
    pub edits: u64,
    /// With its attachments' texts.
    pub job: Box<Job>,
    /// The text.
    pub text: String,
    /// The files.
    pub files: Vec<FileItem>,
    /// Words a minute.
    pub pace: u32,
}

impl Judging {
    /// Judges it; takes up to a second for the largest texts.
    pub fn findings(&self) -> Vec<Finding> {
        check::check(&self.job.deliverable, &Judged::of(&self.job, &self.text, &self.files).at_pace(self.pace))
    }

    /// It could not be judged.
    pub fn broken() -> Vec<Finding> {
        vec![Finding::warn("the checks ran", "a bug in juggler ended them", "submitting judges the draft again; report the bug")]
    }
}

/// Whether a text of so many bytes can be judged between two keys.
pub fn is_light(job: &Job, bytes: usize) -> bool {
    let sources: usize = job.attachments.iter().filter_map(|a| Some(a.text.as_ref()?.as_str().len())).sum();
    let slow = |rule: &Rule| matches!(rule, Rule::Schema { .. } | Rule::Pattern { .. } | Rule::Covers { .. });
    bytes + sources <= AT_ONCE && !job.deliverable.rules.iter().chain(&job.deliverable.should).any(slow)
}

/// What a finding says, whole: for reading.
pub fn told(finding: &Finding) -> Text {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(finding.label.as_str());
    if !finding.detail.is_empty() {
        line("");
        line(&format!("What is so    {}", finding.detail));
    }
    if !finding.cure.is_empty() {
        line(&format!("What to do    {}", finding.cure));
    }
    if !finding.file.is_empty() {
        line(&format!("Where         {}", finding.file));
    }
    let mut places: Vec<String> = finding.places().take(40).map(|place| (place.line.saturating_add(1)).to_string()).collect();
    places.dedup();
    if !places.is_empty() {
        let more = if finding.also.len() > 40 { ", …" } else { "" };
        line(&format!("Where         line {}{more}", places.join(", ")));
    }
    if !finding.ticks.is_empty() {
        line("");
        for tick in &finding.ticks {
            let page = tick.page.map(|page| format!("  p. {page}")).unwrap_or_default();
            line(&format!("{} {}{page}", if tick.done { "✓" } else { "✗" }, tick.what));
        }
    }
    Text::body(&out)
}
