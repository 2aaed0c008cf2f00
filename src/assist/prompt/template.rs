//! A template: how a wish is put to a model.

use serde::Deserialize;

use crate::domain::ai::Action;
use crate::domain::deliverable::Form;
use crate::domain::{Job, Text};

/// What goes along as data, by the words that fences carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Title, brief and needs of the job.
    Brief,
    /// What the checks will look for.
    Demands,
    /// The texts of the attachments, as far as there is room.
    Sources,
    /// The draft.
    Draft,
    /// The part of it that was chosen.
    Selection,
    /// What the checks say of it.
    Findings,
}

impl Part {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Part::Brief => "brief",
            Part::Demands => "demands",
            Part::Sources => "source",
            Part::Draft => "draft",
            Part::Selection => "selection",
            Part::Findings => "findings",
        }
    }
}

/// What the answer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The text itself.
    #[default]
    Text,
    /// JSON with a list of items: each is a line, a string as it is and an object as JSON.
    Items,
}

/// A value that the person may give.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its name in the task.
    pub name: String,
    /// What it is, for the person.
    pub label: String,
    /// Its value when nothing is said.
    #[serde(default)]
    pub default: String,
}

/// One template, as its file says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its name.
    pub name: String,
    /// What it is for, in a few words.
    pub title: String,
    /// The actions it serves.
    pub actions: Vec<Action>,
    /// The shapes of delivery it serves; none: every shape of text.
    #[serde(default)]
    pub forms: Vec<Form>,
    /// The platform's words for the kind of work that it is meant for; none: every kind.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Who the model is to be.
    pub system: String,
    /// What it is to do. A minijinja template of numbers and the person's own words.
    pub task: String,
    /// What goes along.
    pub with: Vec<Part>,
    /// What comes back.
    #[serde(default)]
    pub output: Kind,
    /// The JSON Schema of one item, where items come back; none: a string.
    #[serde(default)]
    pub item: Option<String>,
    /// What the person may set.
    #[serde(default, rename = "input")]
    pub inputs: Vec<Input>,
    /// The person's own, from their folder.
    #[serde(skip)]
    pub own: bool,
}

impl Template {
    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(written: &str) -> Result<Template, String> {
        let found: Template = toml::from_str(written).map_err(|error| error.to_string())?;
        let named = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if !named(&found.name) || found.name.len() > 40 {
            return Err(format!("\"{}\" cannot name a template; use letters, digits, - and _", found.name));
        }
        if found.actions.is_empty() {
            return Err("it serves no action; write actions = [\"draft\"]".to_owned());
        }
        if let Some(item) = &found.item {
            let schema = serde_json::from_str(item).map_err(|error| format!("item is not JSON: {error}"))?;
            jsonschema::validator_for(&schema).map_err(|error| format!("item is not a JSON Schema: {error}"))?;
        }
        super::compose::try_out(&found)?;
        Ok(found)
    }

    /// How well it serves: larger is better; `None` where it does not.
    pub fn fit(&self, action: Action, job: &Job) -> Option<u8> {
        if !self.actions.contains(&action) {
            return None;
        }
        let form = match self.forms.is_empty() {
            true if job.deliverable.form == Form::File => return None,
            true => 0,
            false => self.forms.contains(&job.deliverable.form).then_some(2)?,
        };
        let is_kind = |kind: &String| kind.eq_ignore_ascii_case(job.kind.as_str());
        let kind = match self.kinds.is_empty() {
            true => 0,
            false => self.kinds.iter().any(is_kind).then_some(4)?,
        };
        Some(form + kind + u8::from(self.own))
    }

    /// Its name as a text.
    pub fn name(&self) -> Text {
        Text::title(&self.name)
    }
}
