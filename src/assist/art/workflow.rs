//! Workflows of ComfyUI, in its API format, with named places that an order fills in.
//!
//! A place is a string such as `"{{prompt}}"`, `"{{seed}}"`, `"{{width}}"`: where it is the whole of a value it becomes a number if it is
//! one, and inside of a longer text it is put in as words. It is done on the parsed JSON, so that no prompt can change the graph.

use std::path::PathBuf;

use serde_json::Value;

use crate::config::{AssistantConfig, PainterConfig};
use crate::domain::art::{Operation, Order};
use crate::error::{Class, Failure, Result};

const GENERATE: &str = include_str!("../../../assets/workflows/generate.json");
const EDIT: &str = include_str!("../../../assets/workflows/edit.json");
const INPAINT: &str = include_str!("../../../assets/workflows/inpaint.json");
/// Places that a workflow may have.
const PLACES: [&str; 13] = [
    "prompt", "negative", "seed", "width", "height", "count", "steps", "guidance", "sampler", "strength", "scale", "model",
    "image",
];
const MASK: &str = "mask";
/// A file larger than this is no workflow.
const CAP: u64 = 4 << 20;

/// What the pictures of an order are called at the server.
#[derive(Clone, Debug, Default)]
pub(super) struct Uploaded {
    pub image: String,
    pub mask: String,
}

/// The workflow for an order, and whether it takes a picture and a mask.
pub(super) struct Workflow {
    graph: Value,
    /// It has a place for a picture.
    pub takes_image: bool,
    /// It has a place for a mask.
    pub takes_mask: bool,
    named: String,
}

impl Workflow {
    /// The person's own, or the one that comes with the program. Reads a file.
    ///
    /// # Errors
    /// There is none, or it is not one.
    pub async fn load(config: &AssistantConfig, operation: Operation) -> Result<Workflow> {
        let own = config.paints.as_ref().and_then(|paints| paints.workflow(operation));
        let (written, named) = match (own, operation) {
            (Some(path), _) => (read(path).await?, path.display().to_string()),
            (None, Operation::Generate) => (GENERATE.to_owned(), "the built-in workflow".to_owned()),
            (None, Operation::Edit) => (EDIT.to_owned(), "the built-in workflow".to_owned()),
            (None, Operation::Inpaint) => (INPAINT.to_owned(), "the built-in workflow".to_owned()),
            (None, other) => {
                return Err(Failure::new(Class::Config, format!("\"{}\" has no workflow to {}", config.name, other.label()))
                    .hint(format!("name one of yours as workflow_{} in [[assistant]]", other.word())));
            }
        };
        Workflow::parse(&written, &named, operation)
    }

    fn parse(written: &str, named: &str, operation: Operation) -> Result<Workflow> {
        let wrong = |why: &str| {
            Failure::new(Class::Config, format!("{named} is no workflow that can be used")).why(why).hint(
                "in ComfyUI: Workflow → Export (API); then write {{prompt}}, {{seed}}, {{width}} and so on where they belong",
            )
        };
        let graph: Value = serde_json::from_str(written).map_err(|error| wrong(&error.to_string()))?;
        let nodes = graph.as_object().filter(|nodes| !nodes.is_empty()).ok_or_else(|| wrong("it is not an object of nodes"))?;
        if graph.get("nodes").is_some_and(Value::is_array) {
            return Err(wrong("it is saved for the screen, not for programs"));
        }
        if let Some((id, _)) = nodes.iter().find(|(_, node)| !node["class_type"].is_string()) {
            return Err(wrong(&format!("the node {id} has no class_type")));
        }
        let mut places = Vec::new();
        texts(&graph, &mut |text| places.extend(names(text).map(str::to_owned)));
        if let Some(odd) = places.iter().find(|place| *place != MASK && !PLACES.contains(&place.as_str())) {
            let known = PLACES.into_iter().chain([MASK]).collect::<Vec<_>>().join(", ");
            return Err(wrong(&format!("nothing is known to put at {{{{{odd}}}}}; there are {known}")));
        }
        let has = |name: &str| places.iter().any(|place| place == name);
        if operation.needs_picture() && !has("image") {
            return Err(wrong("it has no place for the picture: {{image}} as the image of a LoadImage node"));
        }
        if operation == Operation::Inpaint && !has(MASK) {
            return Err(wrong("it has no place for the mask: {{mask}} as the image of a LoadImageMask node, channel red"));
        }
        if operation.needs_prompt() && !has("prompt") {
            return Err(wrong("it has no place for the prompt: {{prompt}}"));
        }
        let (takes_image, takes_mask) = (has("image"), has(MASK));
        Ok(Workflow { graph, takes_image, takes_mask, named: named.to_owned() })
    }

    /// The graph for an order.
    ///
    /// # Errors
    /// It wants something that nobody said: a model.
    pub fn fill(mut self, config: &AssistantConfig, order: &Order, uploaded: &Uploaded) -> Result<Value> {
        let paints = config.paints.clone().unwrap_or_default();
        let mut missing = None;
        let graph = std::mem::take(&mut self.graph);
        let filled = put(graph, &mut |name| {
            let value = value(name, config, &paints, order, uploaded);
            if value.is_none() {
                missing = Some(name.to_owned());
            }
            value.unwrap_or_default()
        });
        match missing {
            None => Ok(filled),
            Some(name) => Err(Failure::new(Class::Config, format!("{} wants {{{{{name}}}}}, which nobody said", self.named))
                .hint(format!(
                    "write {} in [[assistant]] \"{}\"",
                    if name == "model" { "model = \"…\"" } else { &name },
                    config.name
                ))),
        }
    }
}

fn value(name: &str, config: &AssistantConfig, paints: &PainterConfig, order: &Order, uploaded: &Uploaded) -> Option<Value> {
    let size = order
        .size
        .or(order.original.as_ref().and_then(|original| original.size))
        .unwrap_or(crate::domain::art::Size::new(1024, 1024));
    Some(match name {
        "prompt" => order.prompt.as_str().into(),
        "negative" => order.negative.as_str().into(),
        "seed" => order.seed.unwrap_or(0).into(),
        "width" => size.width.into(),
        "height" => size.height.into(),
        "count" => order.count.max(1).into(),
        "steps" => paints.steps.unwrap_or(25).into(),
        "guidance" => paints.guidance.unwrap_or(7.0).into(),
        "sampler" => paints.sampler.as_deref().unwrap_or("euler").into(),
        "strength" => (f64::from(order.strength.unwrap_or(60)) / 100.0).into(),
        "scale" => order.scale.max(2).into(),
        "model" => config.model.as_deref()?.into(),
        "image" => uploaded.image.as_str().into(),
        "mask" => uploaded.mask.as_str().into(),
        _ => return None,
    })
}

async fn read(path: &PathBuf) -> Result<String> {
    let wrong = |why: String| {
        Failure::new(Class::Config, format!("the workflow {} cannot be read", path.display()))
            .why(why)
            .hint("correct the path in [[assistant]]")
    };
    let size = tokio::fs::metadata(path).await.map_err(|error| wrong(error.to_string()))?.len();
    if size > CAP {
        return Err(wrong(format!("it is over {} MiB", CAP >> 20)));
    }
    tokio::fs::read_to_string(path).await.map_err(|error| wrong(error.to_string()))
}

fn texts(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter().for_each(|value| texts(value, each)),
        Value::Object(map) => map.values().for_each(|value| texts(value, each)),
        _ => {}
    }
}

/// The names between double braces.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|part| Some(part.split_once("}}")?.0.trim()))
}

fn put(value: Value, with: &mut dyn FnMut(&str) -> Value) -> Value {
    match value {
        Value::String(text) => {
            let whole =
                text.trim().strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")).filter(|name| !name.contains("{{"));
            match whole {
                Some(name) => with(name.trim()),
                None if text.contains("{{") => Value::String(inside(&text, with)),
                None => Value::String(text),
            }
        }
        Value::Array(list) => list.into_iter().map(|value| put(value, with)).collect(),
        Value::Object(map) => Value::Object(map.into_iter().map(|(key, value)| (key, put(value, with))).collect()),
        other => other,
    }
}

fn inside(text: &str, with: &mut dyn FnMut(&str) -> Value) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            out.push_str("{{");
            rest = after;
            break;
        };
        match with(name.trim()) {
            Value::String(words) => out.push_str(&words),
            other => out.push_str(&other.to_string()),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
