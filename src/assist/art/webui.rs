//! Stable Diffusion WebUI (AUTOMATIC1111, Forge), started with `--api`: `/sdapi/v1`.
//!
//! One server paints one order at a time, whoever gave it: progress and interruption are those of whatever is on it.

use std::time::Duration;

use base64::Engine;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::line::{Ask, Line, Trouble, models};
use super::{Painter, Sketch, Stroke, Tell, Why, mask, picture};
use crate::assist::provider::Model;
use crate::config::{AssistantConfig, PainterConfig};
use crate::domain::Text;
use crate::domain::art::{Operation, Order};
use crate::error::{Class, Failure, Result};

/// How far it is, is asked at first and at last this often.
const FIRST: Duration = Duration::from_millis(200);
const THEN: Duration = Duration::from_secs(1);
/// What an upscaler is when none is named: every WebUI has it.
const UPSCALER: &str = "R-ESRGAN 4x+";

pub(super) struct WebUi(pub Line);

impl Painter for WebUi {
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
            tokio::select! {
                done = self.order(sketch, tell) => done.map_or_else(|why| *why, |()| Why::Done),
                never = self.follow(tell) => never,
            }
        })
    }

    fn stop<'a>(&'a self, _native: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async {
            let _ = self.0.ask(Ask::post("/sdapi/v1/interrupt", &json!({}))).await;
        })
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>> {
        Box::pin(async {
            match self.0.json(Ask::get("/sdapi/v1/sd-models")).await {
                Ok(list) => {
                    let entries = list.as_array().into_iter().flatten();
                    Ok(models(entries.filter_map(|entry| Some(entry["title"].as_str()?.to_owned()))))
                }
                Err(trouble) => Err(self.no_api(trouble).await),
            }
        })
    }
}

impl WebUi {
    async fn order(&self, sketch: &Sketch, tell: Tell<'_>) -> std::result::Result<(), Box<Why>> {
        let order = sketch.order();
        let refused = |failure| Box::new(Why::Refused(failure));
        let (path, body) = match order.operation {
            Operation::Generate => ("/sdapi/v1/txt2img", self.text(order)),
            Operation::Upscale => {
                let bytes = sketch.original().await.map_err(refused)?;
                ("/sdapi/v1/extra-single-image", self.larger(order, &bytes))
            }
            _ => {
                let bytes = sketch.original().await.map_err(refused)?;
                ("/sdapi/v1/img2img", self.picture(order, &bytes).map_err(refused)?)
            }
        };
        let answer = match self.0.json(Ask::post(path, &body).painting()).await {
            Ok(answer) => answer,
            Err(trouble) => return Err(Box::new(self.end(trouble).await)),
        };
        self.take(order, &answer, tell).map_err(|why| Box::new(Why::Failed(self.0.strange(&why))))
    }

    fn text(&self, order: &Order) -> Value {
        let paints = self.0.config.paints.clone().unwrap_or_default();
        let mut body = json!({
            "prompt": order.prompt,
            "negative_prompt": order.negative,
            "seed": order.seed.map_or(-1, |seed| i64::try_from(seed).unwrap_or(-1)),
            "batch_size": 1,
            "n_iter": order.count.max(1),
            "send_images": true,
            "save_images": false,
        });
        if let Some(size) = order.size {
            (body["width"], body["height"]) = (size.width.into(), size.height.into());
        }
        let PainterConfig { steps, guidance, sampler, .. } = *paints;
        for (key, value) in [
            ("steps", steps.map(Value::from)),
            ("cfg_scale", guidance.map(Value::from)),
            ("sampler_name", sampler.map(Value::from)),
        ] {
            if let Some(value) = value {
                body[key] = value;
            }
        }
        if let Some(model) = &self.0.config.model {
            body["override_settings"] = json!({ "sd_model_checkpoint": model });
            body["override_settings_restore_afterwards"] = false.into();
        }
        body
    }

    fn picture(&self, order: &Order, bytes: &[u8]) -> Result<Value> {
        let mut body = self.text(order);
        body["init_images"] = json!([encoded(bytes)]);
        let percent = order.strength.unwrap_or(if order.areas.is_empty() { 60 } else { 75 });
        body["denoising_strength"] = (f64::from(percent) / 100.0).into();
        if !order.areas.is_empty() {
            let size = order.original.as_ref().and_then(|original| original.size);
            let mask = size.and_then(|size| mask::white(size, &order.areas)).ok_or_else(|| {
                Failure::new(Class::Refused, "no mask can be made for this picture").why("its size is not known")
            })?;
            body["mask"] = encoded(&mask).into();
            body["mask_blur"] = 4.into();
            // What is there is begun with, in the whole picture's sharpness.
            body["inpainting_fill"] = 1.into();
            body["inpaint_full_res"] = false.into();
        }
        Ok(body)
    }

    fn larger(&self, order: &Order, bytes: &[u8]) -> Value {
        let upscaler = self.0.config.paints.as_ref().and_then(|paints| paints.upscaler.as_deref()).unwrap_or(UPSCALER);
        json!({
            "image": encoded(bytes),
            "resize_mode": 0,
            "upscaling_resize": order.scale.max(2),
            "upscaler_1": upscaler,
        })
    }

    fn take(&self, order: &Order, answer: &Value, tell: Tell<'_>) -> std::result::Result<(), String> {
        if order.operation == Operation::Upscale {
            let bytes = picture::decoded(answer["image"].as_str().ok_or("no picture is in it")?)?;
            tell(Stroke::Picture { bytes, seed: order.seed, revised: Text::default() });
            return Ok(());
        }
        // `info` is JSON in a string.
        let info: Value = answer["info"].as_str().and_then(|info| serde_json::from_str(info).ok()).unwrap_or_default();
        if let Some(model) = info["sd_model_name"].as_str() {
            tell(Stroke::By(Text::title(model)));
        }
        let images = answer["images"].as_array().filter(|images| !images.is_empty()).ok_or("no picture is in it")?;
        // A grid of several comes before them where the server is set up so; how many come before is told.
        let first = usize::try_from(info["index_of_first_image"].as_u64().unwrap_or(0)).unwrap_or(0);
        let wanted = usize::from(order.count.max(1));
        for (n, image) in images.iter().skip(first.min(images.len() - 1)).take(wanted).enumerate() {
            let bytes = picture::decoded(image.as_str().ok_or("a picture in it is no text")?)?;
            let told = info["all_seeds"][n].as_u64().or_else(|| info["seed"].as_u64().filter(|_| n == 0));
            tell(Stroke::Picture { bytes, seed: told.or(order.seed.map(|seed| seed + n as u64)), revised: Text::default() });
        }
        Ok(())
    }

    /// Tells how far it is, for as long as it is listened to.
    async fn follow(&self, tell: Tell<'_>) -> Why {
        let mut pause = FIRST;
        loop {
            tokio::time::sleep(pause).await;
            pause = THEN.min(pause * 2);
            let query = vec![("skip_current_image".to_owned(), "true".to_owned())];
            let ask = Ask { query, ..Ask::get("/sdapi/v1/progress") };
            // Whoever does not know how far it is may be painting all the same.
            let Ok(told) = self.0.json(ask).await else { continue };
            let done = told["progress"].as_f64().filter(|done| (0.0..=1.0).contains(done));
            if let Some(done) = done.filter(|done| *done > 0.0) {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
                let percent = (done * 100.0).floor().min(99.0) as u8;
                tell(Stroke::At { percent: Some(percent), note: "", n: 0 });
            }
        }
    }

    async fn end(&self, trouble: Trouble) -> Why {
        match trouble {
            Trouble::Refused(fault, wait) if fault.status == Some(404) && fault.mentions("model not found") => {
                let models = self.models().await.unwrap_or_default();
                Why::Refused(self.0.refused(&fault, wait, &models).await)
            }
            Trouble::Refused(fault, _)
                if fault.status == Some(404) && fault.mentions("not found") && !fault.mentions("sampler") =>
            {
                Why::Refused(self.no_api(Trouble::Refused(fault, None)).await)
            }
            trouble => self.0.end(trouble).await,
        }
    }

    /// A WebUI that was not started for programs answers like a web site.
    async fn no_api(&self, trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Refused(fault, _) if fault.status == Some(404) => {
                Failure::new(Class::Config, format!("\"{}\" takes no orders of programs", self.0.config.name))
                    .why("nothing is at /sdapi/v1 there")
                    .hint("start the WebUI with --api, or correct base_url in [[assistant]]")
            }
            trouble => self.0.complaint(trouble).await,
        }
    }
}

fn encoded(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
