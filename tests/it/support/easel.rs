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

#[path = "easel_comfy.rs"]
mod comfy;
#[path = "easel_openai.rs"]
mod openai;
#[path = "easel_webui.rs"]
mod webui;

use comfy::{comfy_interrupt, history, object_info, prompt, queue, queue_delete, upload, view};
use openai::{edits, file, generations, openai_models};
use webui::{extras, img2img, interrupt, progress, sd_models, txt2img};

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
