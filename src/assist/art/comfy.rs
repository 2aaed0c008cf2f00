//! ComfyUI: a graph is put into its queue, and its history is read until the pictures are in it.
//!
//! An order is given a name of ours; a server too old to take it answers with its own. Either is enough to ask for the pictures again,
//! by the same program or by the next one. Until an order is done the history holds nothing of it, which looks the same as an order that
//! the server does not know: the queue tells them apart.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::line::{Ask, Line, Trouble, models};
use super::multipart::Form;
use super::workflow::{Uploaded, Workflow};
use super::{Painter, Sketch, Stroke, Tell, Why, mask, picture};
use crate::assist::provider::Model;
use crate::config::AssistantConfig;
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// The history is read at first and at last this often.
const FIRST: Duration = Duration::from_millis(150);
const THEN: Duration = Duration::from_secs(1);
/// So often neither queue nor history may know an order before it is given up: the one is left before the other is entered.
const STRAYS: u32 = 4;
/// So long a server that does not answer is waited for while it paints.
const PATIENCE: u32 = 60;

pub(super) struct Comfy(pub Line);

impl Painter for Comfy {
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
            match self.begin(sketch, tell).await {
                Ok(native) => self.wait(&native, tell).await,
                Err(why) => *why,
            }
        })
    }

    fn look<'a>(&'a self, native: &'a str, tell: Tell<'a>) -> Option<BoxFuture<'a, Why>> {
        Some(Box::pin(self.wait(native, tell)))
    }

    fn stop<'a>(&'a self, native: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let _ = self.0.ask(Ask::post("/queue", &json!({ "delete": [native] }))).await;
            // An older server interrupts whatever it paints: only if that is ours.
            let queue = self.0.json(Ask::get("/queue")).await;
            if queue.is_ok_and(|queue| place(&queue["queue_running"], native).is_some()) {
                let _ = self.0.ask(Ask::post("/interrupt", &json!({ "prompt_id": native }))).await;
            }
        })
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<Model>>> {
        Box::pin(async {
            let told = match self.0.json(Ask::get("/object_info/CheckpointLoaderSimple")).await {
                Ok(told) => told,
                Err(trouble) => return Err(self.0.complaint(trouble).await),
            };
            let names = &told["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"];
            // Newer ones write `["COMBO", {"options": […]}]`.
            let list = names[0].as_array().or_else(|| names[1]["options"].as_array());
            Ok(models(list.into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned()))))
        })
    }
}

impl Comfy {
    /// Puts the order into the queue; the name it has there.
    async fn begin(&self, sketch: &Sketch, tell: Tell<'_>) -> std::result::Result<String, Box<Why>> {
        let (order, config) = (sketch.order(), &self.0.config);
        let refused = |failure| Box::new(Why::Refused(failure));
        let workflow = Workflow::load(config, order.operation).await.map_err(refused)?;
        let mut uploaded = Uploaded::default();
        if workflow.takes_image {
            let bytes = sketch.original().await.map_err(refused)?;
            uploaded.image = self.upload("picture", &bytes).await?;
        }
        if workflow.takes_mask {
            let size = order.original.as_ref().and_then(|original| original.size);
            let mask = size.and_then(|size| mask::white(size, &order.areas)).ok_or_else(|| {
                refused(Failure::new(Class::Refused, "no mask can be made for this picture").why("its size is not known"))
            })?;
            uploaded.mask = self.upload("mask", &mask).await?;
        }
        let graph = workflow.fill(config, order, &uploaded).map_err(refused)?;
        // The journal has it: should the answer be lost, the order can still be looked for.
        let ours = sketch.native().to_owned();
        let body = json!({ "prompt": graph, "prompt_id": ours, "client_id": "juggler" });
        match self.0.json(Ask::post("/prompt", &body)).await {
            Ok(answer) => {
                let native = answer["prompt_id"].as_str().filter(|id| is_name(id)).unwrap_or(&ours).to_owned();
                if native != ours {
                    tell(Stroke::Named(Text::title(&native)));
                }
                Ok(native)
            }
            Err(Trouble::Refused(fault, wait)) => Err(Box::new(self.not_taken(&fault, wait).await)),
            // It may be in the queue all the same, under our name.
            Err(Trouble::Unknown(failure)) => {
                tracing::info!(%failure, "an order may be in the queue: it is looked for");
                Ok(ours)
            }
            Err(trouble) => Err(Box::new(self.0.end(trouble).await)),
        }
    }

    async fn upload(&self, what: &str, bytes: &[u8]) -> std::result::Result<String, Box<Why>> {
        let name = format!("juggler-{what}-{:08x}.png", crc32fast::hash(bytes));
        let form = Form::new().file("image", &name, "image/png", bytes).field("overwrite", "true").field("type", "input");
        match self.0.json(Ask { long: true, ..Ask::form("/upload/image", form.body()) }).await {
            Ok(answer) => {
                let told = answer["name"].as_str().unwrap_or(&name).to_owned();
                Ok(match answer["subfolder"].as_str().filter(|folder| !folder.is_empty()) {
                    Some(folder) => format!("{folder}/{told}"),
                    None => told,
                })
            }
            // Only a picture was handed over: nothing is painted of it yet.
            Err(trouble) => Err(Box::new(Why::Refused(self.0.complaint(trouble).await))),
        }
    }

    /// The graph was refused: which node, and why.
    async fn not_taken(&self, fault: &crate::assist::provider::fault::Fault, wait: Option<Duration>) -> Why {
        let failure = self.0.refused(fault, wait, &[]).await;
        let is_model = fault.mentions("ckpt_name") || fault.mentions("value_not_in_list");
        if !is_model {
            return Why::Refused(failure);
        }
        let models = self.models().await.unwrap_or_default();
        let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).take(8).collect();
        let hint = match ids.first() {
            Some(first) => {
                format!("write model = \"{first}\" in [[assistant]] \"{}\"; it has {}", self.0.config.name, ids.join(", "))
            }
            None => format!(
                "put a checkpoint into models/checkpoints of ComfyUI and name it in [[assistant]] \"{}\"",
                self.0.config.name
            ),
        };
        let what = format!("\"{}\" has no such model", self.0.config.name);
        Why::Refused(Failure::new(Class::Config, what).why(failure.why).hint(hint))
    }

    /// Reads queue and history until the order is done.
    async fn wait(&self, native: &str, tell: Tell<'_>) -> Why {
        let (mut pause, mut strays, mut silent) = (FIRST, 0, 0);
        loop {
            match self.history(native).await {
                Ok(Some(entry)) => return self.take(&entry, tell).await,
                Ok(None) => silent = 0,
                Err(trouble) => {
                    silent += 1;
                    if silent > PATIENCE || matches!(trouble, Trouble::Refused(..)) {
                        return Why::Unknown(self.0.complaint(trouble).await);
                    }
                }
            }
            if silent == 0
                && let Ok(queue) = self.0.json(Ask::get("/queue")).await
            {
                if place(&queue["queue_running"], native).is_some() {
                    strays = 0;
                    tell(Stroke::At { percent: None, note: "", n: 0 });
                } else if let Some(before) = place(&queue["queue_pending"], native) {
                    strays = 0;
                    let running = queue["queue_running"].as_array().map_or(0, Vec::len);
                    let n = u32::try_from(before + running).unwrap_or(u32::MAX);
                    tell(Stroke::At { percent: None, note: "others before it", n });
                } else {
                    strays += 1;
                    if strays > STRAYS {
                        return Why::Failed(
                            Failure::new(Class::Platform, format!("\"{}\" does not know the order any more", self.0.config.name))
                                .why("it is neither in its queue nor in its history; it may have been started anew")
                                .hint("order it again"),
                        );
                    }
                }
            }
            tokio::time::sleep(pause).await;
            pause = THEN.min(pause * 2);
        }
    }

    async fn history(&self, native: &str) -> std::result::Result<Option<Value>, Trouble> {
        if !is_name(native) {
            return Err(Trouble::Broken(self.0.strange("the order's name is none")));
        }
        let history = self.0.json(Ask::get(&format!("/history/{native}"))).await?;
        Ok(history.get(native).filter(|entry| entry.is_object()).cloned())
    }

    async fn take(&self, entry: &Value, tell: Tell<'_>) -> Why {
        if entry["status"]["status_str"] == "error" {
            return self.node_error(&entry["status"]["messages"]);
        }
        let outputs = entry["outputs"].as_object().into_iter().flatten();
        let images = outputs.flat_map(|(_, node)| node["images"].as_array().cloned().unwrap_or_default());
        // Previews of nodes on the way lie among the temporary ones.
        let (kept, temporary): (Vec<Value>, Vec<Value>) = images.partition(|image| image["type"] != "temp");
        let images = if kept.is_empty() { temporary } else { kept };
        if images.is_empty() {
            return Why::Failed(self.0.strange("it is done, and no picture came of it: the workflow saves none"));
        }
        for image in images {
            let query = ["filename", "subfolder", "type"]
                .map(|key| (key.to_owned(), image[key].as_str().unwrap_or_default().to_owned()))
                .to_vec();
            let ask = Ask { query, long: true, cap: picture::MOST, ..Ask::get("/view") };
            match self.0.ask(ask).await {
                Ok(reply) => tell(Stroke::Picture { bytes: reply.body, seed: None, revised: Text::default() }),
                Err(trouble) => return Why::Unknown(self.0.complaint(trouble).await),
            }
        }
        Why::Done
    }

    /// What a node said when it broke off.
    fn node_error(&self, messages: &Value) -> Why {
        let name = &self.0.config.name;
        let of =
            |kind: &str| messages.as_array().into_iter().flatten().find(|message| message[0] == kind).map(|message| &message[1]);
        if of("execution_interrupted").is_some() {
            return Why::Failed(
                Failure::new(Class::Platform, format!("somebody stopped the order at \"{name}\"")).hint("order it again"),
            );
        }
        let said = of("execution_error");
        let word = |key: &str| said.and_then(|said| said[key].as_str()).unwrap_or_default().trim().to_owned();
        let (node, what) = (word("node_type"), word("exception_message"));
        let what = if what.is_empty() { "it does not say why".to_owned() } else { what };
        let why = if node.is_empty() { what } else { format!("{node}: {what}") };
        Why::Failed(
            Failure::new(Class::Platform, format!("the workflow broke off at \"{name}\""))
                .why(Text::title(&why).head(300).as_str())
                .hint("look at ComfyUI's own log; a smaller size helps where memory is short"),
        )
    }
}

/// How many are before it in a list of the queue.
fn place(list: &Value, native: &str) -> Option<usize> {
    let mut numbers: Vec<(f64, &str)> =
        list.as_array()?.iter().filter_map(|item| Some((item[0].as_f64().unwrap_or(0.0), item[1].as_str()?))).collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
    numbers.iter().position(|(_, id)| *id == native)
}

/// It can stand in a path.
fn is_name(native: &str) -> bool {
    !native.is_empty() && native.len() <= 100 && native.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}
