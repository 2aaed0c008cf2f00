//! A wish on its way to become questions: templates are files and sources are long, so that is done where no step waits for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::api::{ActionView, AssistDesk, Reply, TemplateView};
use super::attachments::Sourced;
use crate::assist::prompt::{Composed, Library, Order, compose};
use crate::assist::provider::program;
use crate::config::AssistantConfig;
use crate::domain::ai::{Action, Decided, Pass, Ruling, Wish};
use crate::domain::check::{Judged, check};
use crate::domain::draft::FileItem;
use crate::domain::{AssignmentId, Job, Text};
use crate::error::{Class, Failure, Result};

/// What questions are made of. There is none without a [`Pass`].
#[derive(Clone, Debug)]
pub struct Commission {
    pub assignment: AssignmentId,
    pub wish: Wish,
    pub agreed: Option<String>,
    pub pass: Pass,
    pub decided: Decided,
    /// The job, whose fetched texts are files.
    pub sourced: Sourced,
    pub draft: Text,
    pub files: Vec<FileItem>,
    /// Words a minute that the person speaks.
    pub pace: u32,
    /// One question for each.
    pub assistants: Vec<AssistantConfig>,
    pub prompts: PathBuf,
}

/// The questions.
#[derive(Clone, Debug)]
pub struct Commissioned {
    pub template: Text,
    /// In the order of the assistants.
    pub questions: Vec<Composed>,
    /// Programs among the assistants are kept in a sandbox.
    pub sandboxed: bool,
}

impl Commission {
    /// Puts the questions together. Blocks.
    ///
    /// # Errors
    /// No template serves, the question fits no model, or an attachment closes the gate.
    pub fn compose(&self, data: &Path) -> Result<Commissioned> {
        let job = self.sourced.clone().read(data);
        let template = self.wish.template.as_ref().map(Text::as_str);
        let template = Library::load(&self.prompts).find(template, self.wish.action, &job)?;
        // Everything that goes along is read again: attachments may say more than the brief.
        let ruling = Ruling::of(&job, self.decided);
        let pass = ruling.pass(&job, self.wish.action).map_err(closed)?;
        let judged = Judged::of(&job, self.draft.as_str(), &self.files).at_pace(self.pace);
        let findings = check(&job.deliverable, &judged);
        let question = |(number, assistant)| {
            let (wish, job, draft, findings) = (&self.wish, &*job, self.draft.as_str(), &findings[..]);
            compose(&Order { pass: &pass, template: &template, wish, job, draft, findings, assistant, number })
        };
        let mut questions = self.assistants.iter().enumerate().map(question).collect::<Result<Vec<_>>>()?;
        let sandboxed = self.assistants.iter().any(|assistant| assistant.program.is_some()) && program::is_sandbox_here();
        for (composed, _) in questions.iter_mut().zip(&self.assistants).filter(|(_, assistant)| assistant.program.is_some()) {
            composed.lay_out(&self.files, sandboxed);
        }
        Ok(Commissioned { template: template.name(), questions, sandboxed })
    }
}

/// The gate is closed.
pub(super) fn closed(why: Text) -> Failure {
    let hint = match why.as_str().contains("until you decide") {
        true => ":ai allowed decides for this job, :ai human-only the other way (juggler assist decide JOB allowed)",
        false => "write it yourself; the scaffold and the checks need no model",
    };
    Failure::new(Class::Refused, "no assistant is asked").why(why).hint(hint)
}

/// How a template did so far.
#[derive(Clone, Debug, Default)]
pub struct Past {
    pub uses: u32,
    pub decided: u32,
    pub approved: u32,
    pub minutes: Option<u32>,
    pub cost: String,
}

/// A desk without its templates.
#[derive(Debug)]
pub struct Desk {
    pub view: AssistDesk,
    pub job: Box<Job>,
    pub decided: Decided,
    /// By template.
    pub past: BTreeMap<String, Past>,
    /// The draft has words to work on.
    pub has_text: bool,
    /// Characters of the person's own in it, where they want to write first.
    pub own: Option<u64>,
    pub prompts: PathBuf,
}

impl Desk {
    /// With its templates. Blocks.
    pub fn laid(mut self) -> Reply {
        let library = Library::load(&self.prompts);
        let view = &mut self.view;
        view.ruling = Ruling::of(&self.job, self.decided);
        view.problems = library.problems.iter().map(|failure| Text::title(&failure.to_string())).collect();
        view.actions = Action::ALL
            .into_iter()
            .map(|action| one(action, &library, &self.job, view, (self.has_text, self.own), &self.past))
            .collect();
        Reply::AssistDesk(Box::new(self.view))
    }
}

fn one(
    action: Action,
    library: &Library,
    job: &Job,
    view: &AssistDesk,
    (has_text, own): (bool, Option<u64>),
    past: &BTreeMap<String, Past>,
) -> ActionView {
    let fitting = library.fitting(action, job);
    let closed = match view.ruling.closed(action) {
        Some(why) => why,
        None if view.assistants.is_empty() => Text::title("no assistant is in the config: juggler assist --help"),
        None if fitting.is_empty() => Text::title("no template serves for what this job wants"),
        None if action.needs_text() && !has_text => Text::title("there are no words to work on yet"),
        None => own.and_then(|own| action.waits(own)).map(Text::title).unwrap_or_default(),
    };
    let templates = fitting.iter().map(|template| {
        let past = past.get(&template.name).cloned().unwrap_or_default();
        TemplateView {
            name: template.name(),
            title: Text::title(&template.title),
            own: template.own,
            inputs: template
                .inputs
                .iter()
                .map(|input| (Text::title(&input.name), Text::title(&input.label), Text::title(&input.default)))
                .collect(),
            uses: past.uses,
            decided: past.decided,
            approved: past.approved,
            minutes: past.minutes,
            cost: Text::title(&past.cost),
        }
    });
    ActionView { action, closed, templates: templates.collect() }
}
