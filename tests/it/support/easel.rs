//! A stand-in for painters: OpenAI's Images under `/v1`, Stable Diffusion WebUI's `/sdapi/v1` and ComfyUI's queue, all on one port of
//! loopback, as their documents and sources describe them, on good days and on bad ones. It needs nothing of the other tests: a suite
//! that includes this file can start it.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use serde_json::{Value, json};
use tokio::sync::watch;

/// Models that OpenAI's side has.
pub const MODELS: [&str; 4] = ["gpt-4o-mini", "gpt-image-1.5", "gpt-image-2", "gpt-image-2.5-flare"];
/// What the answer to one painting is, where it is not what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Odd {
    /// A status with headers and a body.
    Status(u16, Vec<(&'static str, String)>, String),
    /// The prompt is against the rules.
    Policy,
    /// A PNG without its end.
    Truncated,
    /// A PNG whose head says 30,000 × 30,000.
    Huge,
    /// `data:image/png;base64,` before the picture.
    DataUrl,
    /// Where the picture is, instead of the picture.
    Address,
    /// Words where a picture should be.
    NotAPicture,
    /// No picture at all.
    Nothing,
    /// The connection ends in the middle of the answer.
    Cut,
    /// ComfyUI: a node breaks off.
    NodeError,
    /// ComfyUI: the server was started anew, and knows nothing.
    Forget,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: &'static str,
    pub path: String,
    pub authorization: Option<String>,
    pub mime: String,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The parts of a form, by name.
    pub fn form(&self) -> BTreeMap<String, Vec<u8>> {
        parts(&self.mime, &self.body)
    }

    /// It asks for something to be painted.
    pub fn paints(&self) -> bool {
        self.method == "POST" && ["/images/", "2img", "extra-single", "/prompt"].iter().any(|part| self.path.contains(part))
    }
}

#[derive(Default)]
struct Shared {
    seen: Vec<Seen>,
    odd: Vec<Odd>,
    percent: f64,
    interrupted: u32,
    /// ComfyUI's side: a name of ours is not taken.
    old: bool,
    numbers: f64,
    pending: Vec<(f64, String, Value)>,
    running: Option<String>,
    history: serde_json::Map<String, Value>,
    files: BTreeMap<String, Vec<u8>>,
    at: String,
}

#[derive(Clone)]
struct Desk {
    shared: Arc<Mutex<Shared>>,
    held: watch::Sender<bool>,
    interrupts: watch::Sender<u32>,
}

/// The server.
pub struct Easel {
    desk: Desk,
    at: String,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Easel {
    /// Starts it.
    pub fn start() -> Easel {
        let desk = Desk { shared: Arc::default(), held: watch::Sender::new(false), interrupts: watch::Sender::new(0) };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let routes = routes(desk.clone());
        let thread = std::thread::spawn(move || {
            let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            rt.block_on(async move {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    served = async { axum::serve(listener, routes).await } => served.unwrap(),
                    _ = stopped => {}
                }
            });
            // Whatever is still held is cut.
            rt.shutdown_timeout(Duration::from_millis(10));
        });
        let at = format!("http://{}", told.recv().unwrap());
        desk.shared.lock().unwrap().at = at.clone();
        Easel { desk, at, stop: Some(stop), thread: Some(thread) }
    }

    /// Its address; OpenAI's side is at `/v1` of it.
    pub fn url(&self) -> String {
        self.at.clone()
    }

    /// The lines of a config for a painter of a kind.
    pub fn config(&self, name: &str, kind: &str, more: &str) -> String {
        let path = if kind == "openai-images" { "/v1" } else { "" };
        format!("\n[[assistant]]\nname = \"{name}\"\nkind = \"{kind}\"\nbase_url = \"{}{path}\"\n{more}\n", self.at)
    }

    /// The next answers are odd, one painting each.
    pub fn odd(&self, odd: Odd) {
        self.desk.shared.lock().unwrap().odd.push(odd);
    }

    /// Paintings wait from now on.
    pub fn hold(&self) {
        self.desk.held.send_replace(true);
    }

    /// They go on.
    pub fn release(&self) {
        self.desk.held.send_replace(false);
    }

    /// How far WebUI says that it is, from 0 to 1.
    pub fn percent(&self, percent: f64) {
        self.desk.shared.lock().unwrap().percent = percent;
    }

    /// ComfyUI gives names of its own.
    pub fn old(&self) {
        self.desk.shared.lock().unwrap().old = true;
    }

    /// Everything that was asked.
    pub fn seen(&self) -> Vec<Seen> {
        self.desk.shared.lock().unwrap().seen.clone()
    }

    /// What was asked to be painted.
    pub fn painted(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(Seen::paints).collect()
    }

    /// How often somebody interrupted.
    pub fn interrupted(&self) -> u32 {
        self.desk.shared.lock().unwrap().interrupted
    }

    /// Waits until something holds of what was asked.
    pub fn until(&self, what: &str, wanted: impl Fn(&Easel) -> bool) {
        let begun = std::time::Instant::now();
        while !wanted(self) {
            assert!(begun.elapsed() < Duration::from_secs(30), "never: {what}; {:?}", self.seen());
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Easel {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn routes(desk: Desk) -> Router {
    Router::new()
        .route("/v1/models", get(openai_models))
        .route("/v1/images/generations", post(generations))
        .route("/v1/images/edits", post(edits))
        .route("/files/{name}", get(file))
        .route("/sdapi/v1/sd-models", get(sd_models))
        .route("/sdapi/v1/txt2img", post(txt2img))
        .route("/sdapi/v1/img2img", post(img2img))
        .route("/sdapi/v1/extra-single-image", post(extras))
        .route("/sdapi/v1/progress", get(progress))
        .route("/sdapi/v1/interrupt", post(interrupt))
        .route("/object_info/{class}", get(object_info))
        .route("/prompt", post(prompt))
        .route("/queue", get(queue).post(queue_delete))
        .route("/history/{id}", get(history))
        .route("/view", get(view))
        .route("/interrupt", post(comfy_interrupt))
        .route("/upload/image", post(upload))
        .with_state(desk)
}

impl Desk {
    fn note(&self, method: &'static str, uri: &Uri, headers: &HeaderMap, body: &[u8]) {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let seen = Seen {
            method,
            path: uri.to_string(),
            authorization: header("authorization"),
            mime: header("content-type").unwrap_or_default(),
            body: body.to_vec(),
        };
        self.shared.lock().unwrap().seen.push(seen);
    }

    fn next_odd(&self) -> Option<Odd> {
        let mut shared = self.shared.lock().unwrap();
        (!shared.odd.is_empty()).then(|| shared.odd.remove(0))
    }

    /// Until paintings go on, or somebody interrupts.
    async fn wait(&self) {
        let (mut held, mut interrupts) = (self.held.subscribe(), self.interrupts.subscribe());
        tokio::select! {
            _ = held.wait_for(|held| !held) => {}
            _ = interrupts.changed() => {}
        }
    }

    /// The odd answers that are the same for all.
    fn plain_odd(odd: &Odd) -> Option<Response> {
        match odd {
            Odd::Status(status, headers, body) => {
                let mut response = (StatusCode::from_u16(*status).unwrap(), body.clone()).into_response();
                for (name, value) in headers {
                    response.headers_mut().insert(*name, value.parse().unwrap());
                }
                Some(response)
            }
            Odd::Cut => {
                let pieces = futures_util::stream::iter([
                    Ok::<_, std::io::Error>(Bytes::from_static(b"{\"data\":[{\"b64_json\":\"iVBOR")),
                    Err(std::io::Error::other("cut")),
                ]);
                let mut response = Body::from_stream(pieces).into_response();
                response.headers_mut().insert("content-type", "application/json".parse().unwrap());
                Some(response)
            }
            _ => None,
        }
    }
}

/// A PNG of this size whose colour tells the seed; half of it is see-through where that is wished.
pub fn png(width: u32, height: u32, seed: u64, clear: bool) -> Vec<u8> {
    use image::{ExtendedColorType, ImageEncoder, codecs::png::*};
    let [r, g, b, ..] = seed.to_le_bytes();
    let mut pixels = Vec::with_capacity((width * height * 4) as usize);
    for y in 0..height {
        let alpha = if clear && y < height / 2 { 0 } else { 255 };
        (0..width).for_each(|_| pixels.extend([r, g, b, alpha]));
    }
    let mut out = Cursor::new(Vec::new());
    PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::NoFilter)
        .write_image(&pixels, width, height, ExtendedColorType::Rgba8)
        .unwrap();
    out.into_inner()
}

fn bent(odd: Option<&Odd>, good: Vec<u8>) -> Vec<u8> {
    match odd {
        Some(Odd::Truncated) => good[..good.len() - 40].to_vec(),
        Some(Odd::Huge) => {
            let mut huge = good;
            huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
            huge
        }
        Some(Odd::NotAPicture) => b"<html>we are sorry</html>".to_vec(),
        _ => good,
    }
}

fn encoded(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn size_of(written: Option<&str>) -> (u32, u32) {
    let (width, height) = written.and_then(|size| size.split_once('x')).unwrap_or(("1024", "1024"));
    (width.parse().unwrap_or(1024), height.parse().unwrap_or(1024))
}

fn parts(mime: &str, body: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let boundary = format!("--{}", mime.split_once("boundary=").expect("a form").1);
    let find = |from: usize, what: &[u8]| body[from..].windows(what.len()).position(|w| w == what).map(|at| from + at);
    let (mut found, mut at) = (BTreeMap::new(), 0);
    while let Some(begin) = find(at, boundary.as_bytes()) {
        let head = begin + boundary.len() + 2;
        let Some(end_of_head) = find(head.min(body.len()), b"\r\n\r\n") else { break };
        let text = String::from_utf8_lossy(&body[head..end_of_head]).into_owned();
        let name = text.split_once("name=\"").unwrap().1.split('"').next().unwrap().to_owned();
        let end = find(end_of_head + 4, format!("\r\n{boundary}").as_bytes()).unwrap();
        found.insert(name, body[end_of_head + 4..end].to_vec());
        at = end;
    }
    found
}

// --- OpenAI's Images ---

fn openai_error(status: u16, message: &str, kind: &str, param: Value, code: &str) -> Response {
    let body = json!({ "error": { "message": message, "type": kind, "param": param, "code": code } });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

async fn openai_models(State(desk): State<Desk>, uri: Uri, headers: HeaderMap) -> Response {
    desk.note("GET", &uri, &headers, b"");
    let data: Vec<Value> =
        MODELS.iter().map(|id| json!({ "id": id, "object": "model", "created": 1_700_000_000, "owned_by": "system" })).collect();
    Json(json!({ "object": "list", "data": data })).into_response()
}

fn openai_refusal(model: &str, background: Option<&str>) -> Option<Response> {
    if !MODELS.contains(&model) {
        let words = format!("The model '{model}' does not exist or you do not have access to it.");
        return Some(openai_error(404, &words, "invalid_request_error", Value::Null, "model_not_found"));
    }
    (background == Some("transparent") && model == "gpt-image-2").then(|| {
        let words = "Transparent background is not supported for this model.";
        openai_error(400, words, "image_generation_user_error", json!("background"), "invalid_value")
    })
}

fn policy() -> Response {
    let words = "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID req_1.";
    openai_error(400, words, "image_generation_user_error", Value::Null, "moderation_blocked")
}

async fn openai_answer(desk: &Desk, n: u64, size: (u32, u32), clear: bool) -> Response {
    let odd = desk.next_odd();
    desk.wait().await;
    match &odd {
        Some(Odd::Policy) => return policy(),
        Some(odd) if Desk::plain_odd(odd).is_some() => return Desk::plain_odd(odd).unwrap(),
        _ => {}
    }
    let count = desk.shared.lock().unwrap().seen.len() as u64;
    let data: Vec<Value> = (0..n)
        .map(|k| {
            let bytes = bent(odd.as_ref(), png(size.0, size.1, count * 16 + k, clear));
            match &odd {
                Some(Odd::DataUrl) => json!({ "b64_json": format!("data:image/png;base64,{}", encoded(&bytes)) }),
                Some(Odd::Address) => {
                    let name = format!("{count}-{k}.png");
                    let mut shared = desk.shared.lock().unwrap();
                    shared.files.insert(name.clone(), bytes);
                    json!({ "url": format!("{}/files/{name}", shared.at), "revised_prompt": "a heron, rewritten" })
                }
                _ => json!({ "b64_json": encoded(&bytes) }),
            }
        })
        .collect();
    let data = if odd == Some(Odd::Nothing) { Vec::new() } else { data };
    Json(json!({
        "created": 1_760_000_000, "background": if clear { "transparent" } else { "opaque" }, "output_format": "png",
        "quality": "high", "size": format!("{}x{}", size.0, size.1), "data": data,
        "usage": { "input_tokens": 50, "input_tokens_details": { "text_tokens": 50, "image_tokens": 0 },
            "output_tokens": 1_000 * n, "total_tokens": 50 + 1_000 * n },
    }))
    .into_response()
}

async fn file(State(desk): State<Desk>, Path(name): Path<String>) -> Response {
    let found = desk.shared.lock().unwrap().files.get(&name).cloned();
    found.map_or(StatusCode::NOT_FOUND.into_response(), |bytes| bytes.into_response())
}

async fn generations(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let Ok(asked) = serde_json::from_slice::<Value>(&body) else {
        return openai_error(400, "We could not parse the JSON body of your request.", "invalid_request_error", Value::Null, "");
    };
    let known = [
        "model",
        "prompt",
        "n",
        "size",
        "quality",
        "background",
        "output_format",
        "output_compression",
        "moderation",
        "user",
        "stream",
        "partial_images",
    ];
    if let Some((key, _)) = asked.as_object().unwrap().iter().find(|(key, _)| !known.contains(&key.as_str())) {
        return openai_error(
            400,
            &format!("Unknown parameter: '{key}'."),
            "invalid_request_error",
            json!(key),
            "unknown_parameter",
        );
    }
    if let Some(refusal) = openai_refusal(asked["model"].as_str().unwrap_or_default(), asked["background"].as_str()) {
        return refusal;
    }
    let clear = asked["background"] == "transparent";
    openai_answer(&desk, asked["n"].as_u64().unwrap_or(1), size_of(asked["size"].as_str()), clear).await
}

async fn edits(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let form = desk.shared.lock().unwrap().seen.last().unwrap().form();
    let text = |name: &str| form.get(name).map(|bytes| String::from_utf8(bytes.clone()).unwrap());
    if let Some(refusal) = openai_refusal(&text("model").unwrap_or_default(), text("background").as_deref()) {
        return refusal;
    }
    let picture = image::load_from_memory(&form["image"]).unwrap();
    if let Some(mask) = form.get("mask") {
        let mask = image::load_from_memory(mask).unwrap();
        if (mask.width(), mask.height()) != (picture.width(), picture.height()) || !mask.color().has_alpha() {
            let words = "Invalid mask image format - mask size does not match image size";
            return openai_error(400, words, "invalid_request_error", json!("mask"), "invalid_value");
        }
    }
    let n = text("n").and_then(|n| n.parse().ok()).unwrap_or(1);
    openai_answer(&desk, n, size_of(text("size").as_deref()), text("background").as_deref() == Some("transparent")).await
}

// --- Stable Diffusion WebUI ---

async fn sd_models(State(desk): State<Desk>, uri: Uri, headers: HeaderMap) -> Response {
    desk.note("GET", &uri, &headers, b"");
    let model = |name: &str| {
        json!({ "title": format!("{name} [6ce0161689]"), "model_name": name, "hash": "6ce0161689", "sha256": null,
        "filename": format!("/models/{name}"), "config": null })
    };
    Json(json!([model("dreamlike.safetensors"), model("sd_xl_base_1.0.safetensors")])).into_response()
}

fn http_exception(status: u16, detail: &str) -> Response {
    let body = json!({ "error": "HTTPException", "detail": detail, "body": "", "errors": "" });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

async fn sd_paint(desk: &Desk, asked: &Value, size: (u32, u32)) -> Response {
    let odd = desk.next_odd();
    if let Some(sampler) = asked["sampler_name"].as_str()
        && !["Euler a", "DPM++ 2M"].contains(&sampler)
    {
        return http_exception(404, "Sampler not found");
    }
    if !asked["prompt"].is_string() {
        let body = json!({ "detail": [{ "loc": ["body", "prompt"], "msg": "str type expected", "type": "type_error.str" }] });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response();
    }
    desk.wait().await;
    if let Some(response) = odd.as_ref().and_then(Desk::plain_odd) {
        return response;
    }
    let seed = asked["seed"].as_i64().filter(|seed| *seed >= 0).unwrap_or(4_242) as u64;
    let n = asked["n_iter"].as_u64().unwrap_or(1);
    let seeds: Vec<u64> = (0..n).map(|k| seed + k).collect();
    let mut images: Vec<String> = seeds
        .iter()
        .map(|seed| {
            let written = encoded(&bent(odd.as_ref(), png(size.0, size.1, *seed, false)));
            if odd == Some(Odd::DataUrl) { format!("data:image/png;base64,{written}") } else { written }
        })
        .collect();
    // Where grids are returned, the first picture is one.
    let first = if n > 1 { 1 } else { 0 };
    if n > 1 {
        images.insert(0, encoded(&png(16, 16, 1, false)));
    }
    let images = if odd == Some(Odd::Nothing) { Vec::new() } else { images };
    let info = json!({ "prompt": asked["prompt"], "seed": seed, "all_seeds": seeds, "width": size.0, "height": size.1, "steps": 20,
        "sd_model_name": "sd_xl_base_1.0", "index_of_first_image": first, "infotexts": [] });
    Json(json!({ "images": images, "parameters": asked, "info": info.to_string() })).into_response()
}

async fn txt2img(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let side = |key: &str| asked[key].as_u64().unwrap_or(512) as u32;
    sd_paint(&desk, &asked, (side("width"), side("height"))).await
}

async fn img2img(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let decode = |value: &Value| base64::engine::general_purpose::STANDARD.decode(value.as_str().unwrap_or_default()).ok();
    let first = decode(&asked["init_images"][0]).and_then(|bytes| image::load_from_memory(&bytes).ok());
    let Some(first) = first else { return http_exception(500, "Invalid encoded image") };
    if let Some(mask) = decode(&asked["mask"]).filter(|mask| !mask.is_empty()) {
        let mask = image::load_from_memory(&mask).unwrap();
        assert_eq!((mask.width(), mask.height()), (first.width(), first.height()), "the mask is not as large as the picture");
    }
    let side = |key: &str, own: u32| asked[key].as_u64().map_or(own, |side| side as u32);
    sd_paint(&desk, &asked, (side("width", first.width()), side("height", first.height()))).await
}

async fn extras(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let bytes = base64::engine::general_purpose::STANDARD.decode(asked["image"].as_str().unwrap()).unwrap();
    let picture = image::load_from_memory(&bytes).unwrap();
    let times = asked["upscaling_resize"].as_u64().unwrap() as u32;
    desk.wait().await;
    let larger = png(picture.width() * times, picture.height() * times, 77, false);
    Json(json!({ "html_info": "<p>done</p>", "image": encoded(&larger) })).into_response()
}

async fn progress(State(desk): State<Desk>) -> Response {
    let percent = desk.shared.lock().unwrap().percent;
    Json(json!({ "progress": percent, "eta_relative": 3.2, "current_image": null, "textinfo": null,
        "state": { "skipped": false, "interrupted": false, "job": "", "job_count": 1, "job_no": 0, "sampling_step": 4, "sampling_steps": 20 } }))
    .into_response()
}

async fn interrupt(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    desk.shared.lock().unwrap().interrupted += 1;
    desk.interrupts.send_modify(|n| *n += 1);
    Json(json!({})).into_response()
}

// --- ComfyUI ---

const CHECKPOINTS: [&str; 2] = ["sd_xl_base_1.0.safetensors", "v1-5-pruned-emaonly.safetensors"];

async fn object_info(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, Path(class): Path<String>) -> Response {
    desk.note("GET", &uri, &headers, b"");
    match class.as_str() {
        "CheckpointLoaderSimple" => Json(json!({ "CheckpointLoaderSimple": {
            "input": { "required": { "ckpt_name": [CHECKPOINTS, { "tooltip": "The name of the checkpoint (model) to load." }] } },
            "output": ["MODEL", "CLIP", "VAE"], "name": "CheckpointLoaderSimple" } }))
        .into_response(),
        _ => Json(json!({})).into_response(),
    }
}

async fn prompt(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let odd = desk.next_odd();
    if let Some(response) = odd.as_ref().and_then(Desk::plain_odd) {
        return response;
    }
    let nodes = asked["prompt"].as_object().unwrap();
    for (id, node) in nodes {
        let bad = |kind: &str, message: &str, details: String| {
            let body = json!({
                "error": { "type": "prompt_outputs_failed_validation", "message": "Prompt outputs failed validation", "details": "", "extra_info": {} },
                "node_errors": { id: { "errors": [{ "type": kind, "message": message, "details": details, "extra_info": {} }],
                    "dependent_outputs": ["9"], "class_type": node["class_type"] } } });
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        };
        if let Some(name) = node["inputs"]["ckpt_name"].as_str()
            && !CHECKPOINTS.contains(&name)
        {
            return bad("value_not_in_list", "Value not in list", format!("ckpt_name: '{name}' not in {CHECKPOINTS:?}"));
        }
        let known = desk.shared.lock().unwrap().files.keys().cloned().collect::<Vec<_>>();
        if let Some(name) = node["inputs"]["image"].as_str()
            && !known.iter().any(|file| file == name)
        {
            return bad(
                "custom_validation_failed",
                "Custom validation failed for node",
                format!("image - Invalid image file: {name}"),
            );
        }
    }
    let mut shared = desk.shared.lock().unwrap();
    shared.numbers += 1.0;
    let number = shared.numbers;
    let told = asked["prompt_id"].as_str().filter(|_| !shared.old).map(str::to_owned);
    let id = told.unwrap_or_else(|| format!("00000000-0000-4000-8000-{number:012}"));
    shared.pending.push((number, id.clone(), asked["prompt"].clone()));
    drop(shared);
    tokio::spawn(execute(desk.clone(), id.clone(), odd));
    Json(json!({ "prompt_id": id, "number": number, "node_errors": {} })).into_response()
}

/// Paints what is in the queue, one after the other.
async fn execute(desk: Desk, id: String, odd: Option<Odd>) {
    loop {
        {
            let mut shared = desk.shared.lock().unwrap();
            let is_next = shared.pending.first().is_some_and(|(_, first, _)| *first == id);
            if !shared.pending.iter().any(|(_, pending, _)| *pending == id) {
                return;
            }
            if shared.running.is_none() && is_next {
                shared.running = Some(id.clone());
                break;
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let before = desk.shared.lock().unwrap().interrupted;
    desk.wait().await;
    let mut shared = desk.shared.lock().unwrap();
    let at = shared.pending.iter().position(|(_, pending, _)| *pending == id).unwrap();
    let (_, _, graph) = shared.pending.remove(at);
    shared.running = None;
    if odd == Some(Odd::Forget) {
        return;
    }
    let interrupted = shared.interrupted > before;
    let entry = if interrupted || odd == Some(Odd::NodeError) {
        let message = match interrupted {
            true => {
                json!(["execution_interrupted", { "prompt_id": id, "node_id": "7", "node_type": "KSampler", "executed": [] }])
            }
            false => json!(["execution_error", { "prompt_id": id, "node_id": "7", "node_type": "KSampler", "executed": ["1"],
                "exception_message": "Allocation on device 0 would exceed allowed memory. (out of memory)\n",
                "exception_type": "torch.OutOfMemoryError", "traceback": ["  File \"/comfy/execution.py\", line 1\n"] }]),
        };
        json!({ "prompt": [1, id, {}, {}, ["9"]], "outputs": {},
            "status": { "status_str": "error", "completed": false, "messages": [["execution_start", { "prompt_id": id }], message] } })
    } else {
        let latent = graph
            .as_object()
            .unwrap()
            .values()
            .find(|node| node["class_type"] == "EmptyLatentImage")
            .map(|node| node["inputs"].clone());
        let side = |key: &str| latent.as_ref().and_then(|inputs| inputs[key].as_u64()).unwrap_or(64) as u32;
        let count = latent.as_ref().and_then(|inputs| inputs["batch_size"].as_u64()).unwrap_or(1);
        let seed = graph.as_object().unwrap().values().find_map(|node| node["inputs"]["seed"].as_u64()).unwrap_or(0);
        let images: Vec<Value> = (0..if odd == Some(Odd::Nothing) { 0 } else { count })
            .map(|k| {
                let name = format!("juggler_{:05}_.png", shared.files.len() + 1);
                let bytes = bent(odd.as_ref(), png(side("width"), side("height"), seed + k, false));
                shared.files.insert(name.clone(), bytes);
                json!({ "filename": name, "subfolder": "", "type": "output" })
            })
            .collect();
        json!({ "prompt": [1, id, graph, {}, ["9"]], "outputs": { "9": { "images": images } },
            "status": { "status_str": "success", "completed": true, "messages": [["execution_success", { "prompt_id": id }]] } })
    };
    shared.history.insert(id, entry);
}

async fn queue(State(desk): State<Desk>) -> Response {
    let shared = desk.shared.lock().unwrap();
    let item = |(number, id, graph): &(f64, String, Value)| json!([number, id, graph, {}, ["9"]]);
    let is_on = |item: &&(f64, String, Value)| shared.running.as_ref() == Some(&item.1);
    let running: Vec<Value> = shared.pending.iter().filter(is_on).map(item).collect();
    let pending: Vec<Value> = shared.pending.iter().filter(|item| !is_on(item)).map(item).collect();
    Json(json!({ "queue_running": running, "queue_pending": pending })).into_response()
}

async fn queue_delete(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap();
    let ids: Vec<&str> = asked["delete"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let mut shared = desk.shared.lock().unwrap();
    let running = shared.running.clone();
    shared.pending.retain(|(_, id, _)| !ids.contains(&id.as_str()) || running.as_ref() == Some(id));
    StatusCode::OK.into_response()
}

async fn history(State(desk): State<Desk>, Path(id): Path<String>) -> Response {
    let shared = desk.shared.lock().unwrap();
    // An order that is not done is as unknown as one that never was.
    let found: serde_json::Map<String, Value> = shared.history.get(&id).map(|entry| (id, entry.clone())).into_iter().collect();
    Json(Value::Object(found)).into_response()
}

async fn view(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    desk.note("GET", &uri, &headers, b"");
    let found = desk.shared.lock().unwrap().files.get(&asked["filename"]).cloned();
    found.map_or(StatusCode::NOT_FOUND.into_response(), |bytes| ([("content-type", "image/png")], bytes).into_response())
}

async fn comfy_interrupt(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut shared = desk.shared.lock().unwrap();
    // Only the order that is named, where one is.
    if asked["prompt_id"].as_str().is_none_or(|id| shared.running.as_deref() == Some(id)) {
        shared.interrupted += 1;
        drop(shared);
        desk.interrupts.send_modify(|n| *n += 1);
    }
    StatusCode::OK.into_response()
}

async fn upload(State(desk): State<Desk>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    desk.note("POST", &uri, &headers, &body);
    let form = desk.shared.lock().unwrap().seen.last().unwrap().form();
    let head = String::from_utf8_lossy(&body[..300.min(body.len())]).into_owned();
    let name = head.split_once("filename=\"").unwrap().1.split('"').next().unwrap().to_owned();
    desk.shared.lock().unwrap().files.insert(name.clone(), form["image"].clone());
    Json(json!({ "name": name, "subfolder": "", "type": "input" })).into_response()
}
