//! What an `[[assistant]]` that paints has beside the rest, and what `[assist]` says about pictures.

use std::path::PathBuf;

use super::Config;
use super::assistant::AssistantConfig;
use super::problem::nearest;
use crate::domain::Money;
use crate::domain::art::{Operation, Size};
use crate::error::{Class, Failure, Result};

/// How a painter paints, unless a wish says otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PainterConfig {
    /// Pixels. For models that paint any size it is how many there are in all; the proportions are the job's.
    pub size: Option<Size>,
    /// In the provider's own word.
    pub quality: Option<String>,
    /// What a picture costs, where that is how the provider counts.
    pub price_image: Option<Money>,
    /// Steps of sampling.
    pub steps: Option<u32>,
    /// How closely the prompt is kept to.
    pub guidance: Option<f64>,
    /// The sampler's name.
    pub sampler: Option<String>,
    /// The upscaler's name.
    pub upscaler: Option<String>,
    /// Workflows of the person's own, by what they do.
    pub workflows: Vec<(Operation, PathBuf)>,
}

impl PainterConfig {
    /// The person's own workflow for an operation.
    pub fn workflow(&self, operation: Operation) -> Option<&PathBuf> {
        self.workflows.iter().find(|(of, _)| *of == operation).map(|(_, path)| path)
    }
}

/// What `[assist]` says about pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct ArtConfig {
    /// The painter that is meant when none is named; `None`: the first.
    pub painter: Option<String>,
    /// The folder where pictures of tools without an API turn up.
    pub watch: Option<PathBuf>,
    /// How a prompt is written down for such a tool.
    pub sheet: String,
}

impl ArtConfig {
    /// What tools of the kind of Midjourney understand. Fields in braces: prompt, negative, ratio, width, height, seed, count; a part
    /// between `[` and `]` is left out where one of its fields is empty.
    pub const SHEET: &'static str = "{prompt} --ar {ratio}[ --seed {seed}][ --no {negative}]";
}

impl Default for ArtConfig {
    fn default() -> Self {
        ArtConfig { painter: None, watch: None, sheet: ArtConfig::SHEET.to_owned() }
    }
}

impl Config {
    /// The assistants that paint.
    pub fn painters(&self) -> impl Iterator<Item = &AssistantConfig> {
        self.assistants.iter().filter(|assistant| assistant.kind.paints())
    }

    /// The painter of this name, or the one that is meant when none is named.
    ///
    /// # Errors
    /// There is none, or it works with words.
    pub fn painter(&self, name: Option<&str>) -> Result<&AssistantConfig> {
        let Some(first) = self.painters().next() else {
            return Err(Failure::new(Class::NotFound, "there is no painter").why("no assistant in the config paints").hint(
                "add [[assistant]] with kind = \"openai-images\", \"sd-webui\" or \"comfyui\"; \
                 juggler art sheet JOB writes the prompt down for a tool of your own",
            ));
        };
        let Some(name) = name.or(self.art.painter.as_deref()) else { return Ok(first) };
        let known = || self.painters().map(|assistant| assistant.name.as_str());
        self.painters().find(|assistant| assistant.name == name).ok_or_else(|| {
            let why = match self.assistants.iter().any(|assistant| assistant.name == name) {
                true => format!("\"{name}\" works with words; those that paint are {}", known().collect::<Vec<_>>().join(", ")),
                false => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
            };
            let hint = nearest(name, known())
                .map_or_else(|| "juggler assist list shows them".to_owned(), |meant| format!("did you mean \"{meant}\"?"));
            Failure::new(Class::NotFound, format!("there is no painter \"{name}\"")).why(why).hint(hint)
        })
    }
}
