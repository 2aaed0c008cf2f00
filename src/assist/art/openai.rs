//! OpenAI's Images, and what speaks like it: `/images/generations`, `/images/edits`.

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::line::{Ask, Line, Trouble, models};
use super::multipart::Form;
use super::{Painter, Sketch, Stroke, Tell, Why, mask, picture};
use crate::assist::provider::Model;
use crate::assist::provider::fault::{Fault, Meaning};
use crate::config::AssistantConfig;
use crate::domain::Text;
use crate::domain::art::{Backdrop, Operation};
use crate::domain::spend::{Tokens, Usage};
use crate::error::{Class, Failure, Result};

/// What a cut-out is asked for with, where the person says nothing.
const CUT: &str = "Remove the background entirely and leave it transparent. Keep the motif exactly as it is, with clean edges.";

pub(super) struct OpenAi(pub Line);

impl Painter for OpenAi {
    fn config(&self) -> &AssistantConfig {
        &self.0.config
    }

    fn host(&self) -> String {
        self.0.host()
    }

    fn warning(&self) -> Option<String> {
        self.0.warning()
    }

    fn paint<'a>(&'a self, sketch: &'a Sketch, tell: Tell<'a>) -> BoxFuture<'a, Why> {
        Box::pin(async move {
            match self.order(sketch, tell).await {
                Ok(()) => Why::Done,
                Err(why) => *why,
            }
        })
    }

    /// Closing the line is all that there is.
    fn stop<'a>(&'a self, _native: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>> {
        Box::pin(async {
            match self.list().await {
                Ok(models) => Ok(models),
                Err(trouble) => Err(self.0.complaint(trouble).await),
            }
        })
    }
}

impl OpenAi {
    /// The models that paint; all of them where none has a name that says so.
    async fn list(&self) -> std::result::Result<Vec<Model>, Trouble> {
        let list = self.0.json(Ask::get("/models")).await?;
        let ids = |value: &Value| -> Vec<String> {
            let entries = value["data"].as_array().into_iter().flatten();
            entries.filter_map(|entry| Some(entry["id"].as_str()?.to_owned())).collect()
        };
        let all = ids(&list);
        let paints =
            |id: &String| ["image", "dall-e", "diffusion", "flux", "sdxl"].iter().any(|word| id.to_lowercase().contains(word));
        let painters: Vec<String> = all.iter().filter(|id| paints(id)).cloned().collect();
        Ok(models(if painters.is_empty() { all } else { painters }.into_iter()))
    }

    async fn order(&self, sketch: &Sketch, tell: Tell<'_>) -> std::result::Result<(), Box<Why>> {
        let (order, config) = (sketch.order(), &self.0.config);
        let Some(model) = config.model.as_deref() else { return Err(Box::new(Why::Refused(self.no_model().await))) };
        let ask = match order.operation {
            Operation::Generate => Ask::post("/images/generations", &self.body(sketch, model)),
            _ => {
                let form = self.form(sketch, model).await.map_err(|failure| Box::new(Why::Refused(failure)))?;
                Ask::form("/images/edits", form.body())
            }
        };
        let answer = match self.0.json(ask.painting()).await {
            Ok(answer) => answer,
            Err(trouble) => return Err(Box::new(self.end(trouble).await)),
        };
        self.take(&answer, tell).await
    }

    fn body(&self, sketch: &Sketch, model: &str) -> Value {
        let order = sketch.order();
        let mut body = json!({ "model": model, "prompt": order.prompt, "n": order.count.max(1) });
        let fields = [
            ("size", order.size.map(|size| size.to_string())),
            ("quality", quality(order.quality.as_str())),
            ("background", backdrop(order.backdrop)),
            ("output_format", (order.backdrop == Backdrop::Transparent).then(|| "png".to_owned())),
        ];
        for (key, value) in fields {
            if let Some(value) = value {
                body[key] = Value::from(value);
            }
        }
        body
    }

    async fn form(&self, sketch: &Sketch, model: &str) -> Result<Form> {
        let order = sketch.order();
        let bytes = sketch.original().await?;
        let facts = crate::documents::facts(&bytes);
        let (mime, ending) = match facts.mime.as_str() {
            "image/jpeg" => ("image/jpeg", "jpg"),
            "image/webp" => ("image/webp", "webp"),
            _ => ("image/png", "png"),
        };
        let cut = order.operation == Operation::Cutout;
        let prompt = if cut && order.prompt.is_empty() { CUT } else { order.prompt.as_str() };
        let ground = if cut { Backdrop::Transparent } else { order.backdrop };
        let mut form = Form::new()
            .field("model", model)
            .field("prompt", prompt)
            .field("n", &order.count.max(1).to_string())
            .maybe("size", order.size.map(|size| size.to_string()))
            .maybe("quality", quality(order.quality.as_str()))
            .maybe("background", backdrop(ground))
            .maybe("output_format", (ground == Backdrop::Transparent).then(|| "png".to_owned()))
            .file("image", &format!("picture.{ending}"), mime, &bytes);
        if !order.areas.is_empty() {
            let size = order.original.as_ref().and_then(|original| original.size);
            let mask = size.and_then(|size| mask::clear(size, &order.areas)).ok_or_else(|| {
                Failure::new(Class::Refused, "no mask can be made for this picture").why("its size is not known")
            })?;
            form = form.file("mask", "mask.png", "image/png", &mask);
        }
        Ok(form)
    }

    async fn take(&self, answer: &Value, tell: Tell<'_>) -> std::result::Result<(), Box<Why>> {
        let strange = |why: &str| Box::new(Why::Failed(self.0.strange(why)));
        if let Some(usage) = usage(&answer["usage"]) {
            tell(Stroke::Told(usage));
        }
        if let Some(model) = answer["model"].as_str() {
            tell(Stroke::By(Text::title(model)));
        }
        let items = answer["data"].as_array().filter(|items| !items.is_empty()).ok_or_else(|| strange("no picture is in it"))?;
        for item in items {
            let bytes = match (item["b64_json"].as_str(), item["url"].as_str()) {
                (Some(written), _) => picture::decoded(written).map_err(|why| strange(&why))?,
                // Some who speak like OpenAI tell where the picture is instead.
                (None, Some(written)) if written.starts_with("data:") => {
                    picture::decoded(written).map_err(|why| strange(&why))?
                }
                (None, Some(address)) => match self.0.fetch(address).await {
                    Ok(bytes) => bytes,
                    Err(trouble) => return Err(Box::new(Why::Failed(self.0.complaint(trouble).await))),
                },
                (None, None) => return Err(strange("it holds neither a picture nor where one is")),
            };
            let revised = Text::body(item["revised_prompt"].as_str().unwrap_or_default());
            tell(Stroke::Picture { bytes, seed: item["seed"].as_u64(), revised });
        }
        Ok(())
    }

    async fn end(&self, trouble: Trouble) -> Why {
        let Trouble::Refused(fault, wait) = trouble else { return self.0.end(trouble).await };
        let name = &self.0.config.name;
        if is_declined(&fault) {
            let said = Text::title(&fault.message).head(300);
            return Why::Declined(
                Failure::new(Class::Refused, format!("\"{name}\" will not paint this"))
                    .why(said.as_str())
                    .hint("say it in other words; names of people and marks, blood and bare skin are mostly what is in the way"),
            );
        }
        if fault.mentions("transparent background") {
            let model = self.0.config.model.as_deref().unwrap_or_default();
            return Why::Refused(
                Failure::new(Class::Refused, format!("{model} paints no see-through ground")).why(&fault.message).hint(
                    "write model = \"gpt-image-2.5-flare\" or \"gpt-image-1.5\" in [[assistant]], or leave the background out",
                ),
            );
        }
        if fault.meaning() == Meaning::Model {
            let models = self.list().await.unwrap_or_default();
            return Why::Refused(self.0.refused(&fault, wait, &models).await);
        }
        self.0.end(Trouble::Refused(fault, wait)).await
    }

    async fn no_model(&self) -> Failure {
        let name = &self.0.config.name;
        let hint = match self.models().await {
            Ok(models) if !models.is_empty() => {
                let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).take(8).collect();
                format!("write model = \"{}\" in [[assistant]] \"{name}\"; it has {}", ids[0], ids.join(", "))
            }
            Ok(_) => format!("write model = \"…\" in [[assistant]] \"{name}\""),
            Err(failure) => return failure,
        };
        Failure::new(Class::Config, format!("no model is named for \"{name}\"")).hint(hint)
    }
}

fn is_declined(fault: &Fault) -> bool {
    ["moderation_blocked", "content_policy", "safety system", "content policy"].iter().any(|word| fault.mentions(word))
}

fn quality(word: &str) -> Option<String> {
    (!word.is_empty()).then(|| word.to_owned())
}

fn backdrop(backdrop: Backdrop) -> Option<String> {
    (backdrop != Backdrop::Any).then(|| backdrop.word().to_owned())
}

fn usage(value: &Value) -> Option<Usage> {
    let (input, output) = (value["input_tokens"].as_u64()?, value["output_tokens"].as_u64()?);
    let cached = value["input_tokens_details"]["cached_tokens"].as_u64().unwrap_or(0);
    Some(Usage { input: Tokens::told(input), cached, output: Tokens::told(output) })
}
