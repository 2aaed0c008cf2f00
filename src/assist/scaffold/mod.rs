//! The scaffold: a first draft without a model, always the same for the same job.
//!
//! What it lays out is made of the job's own words and meets what checks can test; whether it is any good, a person must say.

pub mod chat;
pub mod lines;
pub mod picture;
pub mod prose;
pub mod records;
pub mod sample;
pub mod script;
pub mod translation;

use super::material::Material;
use crate::domain::Job;
use crate::domain::deliverable::{Form, Rule};

/// How everything laid out here is labelled, on screens and in the journal.
pub const LABEL: &str = "laid out by the scaffold; no model";

/// A picture laid out: plain shapes and block letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Name to keep and deliver it under.
    pub name: String,
    /// The file itself.
    pub png_bytes: Vec<u8>,
}

/// A first draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The text; empty when only files are wanted.
    pub text: String,
    /// The files.
    pub pictures: Vec<Picture>,
    /// [`LABEL`], for whoever shows or stores it.
    pub label: String,
}

/// Lays a first draft out for a job. Reads the brief, the demands and the attachments that are here; asks nobody and nothing.
pub fn lay_out(job: &Job) -> Layout {
    let material = Material::of(job);
    Layout { text: text(&material), pictures: pictures(job), label: LABEL.to_owned() }
}

fn text(material: &Material<'_>) -> String {
    let rules = &material.job.deliverable.rules;
    let lines = match material.job.deliverable.form {
        Form::Text => match rules.iter().find_map(|r| if let Rule::Schema { schema } = r { Some(schema) } else { None }) {
            Some(schema) => {
                return sample::sample(schema, material.clauses.first().map_or("to be written", |c| c.as_str())).to_string();
            }
            None if material.items.0 > 1 => lines::lay_out(material),
            None => return prose::lay_out(material),
        },
        Form::Lines => numbered(lines::lay_out(material)),
        Form::Script => return script::lay_out(material),
        Form::ChatJsonl => chat::lay_out(material),
        Form::RankJsonl => rules
            .iter()
            .filter_map(|r| if let Rule::Rank { ids, reason_words, .. } = r { Some((ids, *reason_words)) } else { None })
            .flat_map(|(ids, n)| ids.iter().map(move |id| records::ranking(material, id, n)))
            .collect(),
        Form::Labels => rules
            .iter()
            .filter_map(|r| if let Rule::Label { ids, labels } = r { Some((ids, labels)) } else { None })
            .flat_map(|(ids, labels)| ids.iter().map(move |id| records::label(material, id, labels)))
            .collect(),
        Form::Translation => translation::lay_out(material),
        Form::File => Vec::new(),
    };
    lines.join("\n")
}

/// Checks do not count the numbers, and people find their place by them.
fn numbered(items: Vec<String>) -> Vec<String> {
    items.iter().enumerate().map(|(i, item)| format!("{}. {item}", i + 1)).collect()
}

fn pictures(job: &Job) -> Vec<Picture> {
    job.deliverable
        .rules
        .iter()
        .find_map(|rule| match rule {
            Rule::Image { width, height, max_bytes, alpha, .. } => picture::draw(job, *width, *height, *max_bytes, *alpha),
            _ => None,
        })
        .into_iter()
        .collect()
}
