//! A provider on loopback that follows a script: what it sends, in which pieces, and when it waits.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::net::raw::{Request, read_request};

/// Longer than any honest wait.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub enum Step {
    /// One chunk of the answer.
    Send(Vec<u8>),
    /// Waits until the client is gone.
    Hold,
    /// This, again and again, until the client is gone.
    Flood(Vec<u8>),
    /// The connection ends without the proper end of the answer.
    Cut,
}

/// An answer.
#[derive(Clone)]
pub struct Script {
    status: &'static str,
    headers: String,
    steps: Vec<Step>,
}

impl Script {
    pub fn new(status: &'static str, mime: &str, steps: Vec<Step>) -> Script {
        Script { status, headers: format!("Content-Type: {mime}\r\n"), steps }
    }

    /// Server-sent events, a chunk each.
    pub fn events(frames: &[String]) -> Script {
        let steps = frames.iter().map(|frame| Step::Send(frame.clone().into_bytes())).collect();
        Script::new("200 OK", "text/event-stream", steps)
    }

    /// Objects, a line each.
    pub fn lines(lines: &[Value]) -> Script {
        let steps = lines.iter().map(|line| Step::Send(format!("{line}\n").into_bytes())).collect();
        Script::new("200 OK", "application/x-ndjson", steps)
    }

    pub fn json(status: &'static str, body: &Value) -> Script {
        Script::new(status, "application/json", vec![Step::Send(body.to_string().into_bytes())])
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Script {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    #[must_use]
    pub fn then(mut self, step: Step) -> Script {
        self.steps.push(step);
        self
    }

    /// All that is sent, in one.
    pub fn bytes(&self) -> Vec<u8> {
        let sent = self.steps.iter().filter_map(|step| if let Step::Send(bytes) = step { Some(bytes.clone()) } else { None });
        sent.collect::<Vec<_>>().concat()
    }

    /// The same bytes in other pieces.
    pub fn recut(&self, mut next: impl FnMut() -> usize) -> Script {
        let (all, mut at, mut steps) = (self.bytes(), 0, Vec::new());
        while at < all.len() {
            let end = (at + next().max(1)).min(all.len());
            steps.push(Step::Send(all[at..end].to_vec()));
            at = end;
        }
        Script { steps, ..self.clone() }
    }
}

#[derive(Default)]
struct Shared {
    requests: Vec<Request>,
    gone: usize,
    sent_at: Option<Instant>,
    gone_at: Option<Instant>,
}

/// The server; each connection is one request.
pub struct StandIn {
    at: SocketAddr,
    shared: Arc<(Mutex<Shared>, Condvar)>,
}

impl StandIn {
    pub fn serve(act: impl Fn(&Request) -> Script + Send + Sync + 'static) -> StandIn {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let shared: Arc<(Mutex<Shared>, Condvar)> = Arc::default();
        let (keep, act) = (shared.clone(), Arc::new(act));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { break };
                let (keep, act) = (keep.clone(), act.clone());
                std::thread::spawn(move || one(stream, &keep, &*act));
            }
        });
        StandIn { at, shared }
    }

    /// One that answers every request alike.
    pub fn always(script: Script) -> StandIn {
        StandIn::serve(move |_| script.clone())
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.shared.0.lock().unwrap().requests.clone()
    }

    /// The bodies that were sent to it.
    pub fn bodies(&self) -> Vec<Value> {
        let body = |request: &Request| serde_json::from_str(request.0.split_once("\r\n\r\n").unwrap().1).ok();
        self.requests().iter().filter_map(body).collect()
    }

    /// How long ago it sent the latest piece.
    pub fn since_sent(&self) -> Duration {
        self.shared.0.lock().unwrap().sent_at.unwrap().elapsed()
    }

    /// How long after this the latest client was seen to be gone.
    pub fn gone_after(&self, at: Instant) -> Duration {
        self.shared.0.lock().unwrap().gone_at.unwrap().saturating_duration_since(at)
    }

    /// Waits until so many clients closed the line while it was held or flooded; the client's side goes on meanwhile.
    pub async fn wait_gone(&self, clients: usize) {
        let shared = self.shared.clone();
        let wait = move || {
            let held = shared.0.lock().unwrap();
            let (held, _) = shared.1.wait_timeout_while(held, PATIENCE, |shared| shared.gone < clients).unwrap();
            held.gone
        };
        assert!(tokio::task::spawn_blocking(wait).await.unwrap() >= clients, "the client is still there");
    }
}

fn one(mut stream: TcpStream, shared: &(Mutex<Shared>, Condvar), act: &dyn Fn(&Request) -> Script) {
    let Some(request) = read_request(&mut stream) else { return };
    let script = act(&request);
    shared.0.lock().unwrap().requests.push(request);
    let head = format!("HTTP/1.1 {}\r\n{}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n", script.status, script.headers);
    stream.set_nodelay(true).unwrap();
    let _ = stream.write_all(head.as_bytes());
    for step in script.steps {
        match step {
            Step::Send(bytes) => {
                shared.0.lock().unwrap().sent_at = Some(Instant::now());
                if !chunk(&mut stream, &bytes) {
                    return gone(shared);
                }
            }
            Step::Hold => {
                let _ = stream.read(&mut [0; 1]);
                return gone(shared);
            }
            Step::Flood(bytes) => {
                while chunk(&mut stream, &bytes) {}
                return gone(shared);
            }
            Step::Cut => return,
        }
    }
    let _ = stream.write_all(b"0\r\n\r\n");
}

fn gone(shared: &(Mutex<Shared>, Condvar)) {
    let mut held = shared.0.lock().unwrap();
    held.gone += 1;
    held.gone_at = Some(Instant::now());
    drop(held);
    shared.1.notify_all();
}

fn chunk(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    let mut framed = format!("{:x}\r\n", bytes.len()).into_bytes();
    framed.extend_from_slice(bytes);
    framed.extend_from_slice(b"\r\n");
    stream.write_all(&framed).is_ok()
}

/// An event of OpenAI's.
pub fn data(value: &Value) -> String {
    format!("data: {value}\n\n")
}

/// A chunk of OpenAI's with this choice.
pub fn delta(delta: Value, finish: Value) -> String {
    data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_760_000_000, "model": "tiny-1-2026-01-31",
        "service_tier": "default", "system_fingerprint": "fp_1",
        "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": finish }], "usage": null
    }))
}

/// As OpenAI documents it: role first, words, the reason, then the usage in a chunk of its own, then the end.
pub fn openai(words: &[&str]) -> Vec<String> {
    let mut frames = vec![delta(json!({ "role": "assistant", "content": "", "refusal": null }), Value::Null)];
    frames.extend(words.iter().map(|word| delta(json!({ "content": word }), Value::Null)));
    frames.push(delta(json!({}), json!("stop")));
    frames.push(data(&json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_760_000_000, "model": "tiny-1-2026-01-31",
        "choices": [],
        "usage": { "prompt_tokens": 40, "completion_tokens": 6, "total_tokens": 46,
            "prompt_tokens_details": { "cached_tokens": 8, "audio_tokens": 0 },
            "completion_tokens_details": { "reasoning_tokens": 0 } }
    })));
    frames.push("data: [DONE]\n\n".to_owned());
    frames
}

/// As Anthropic documents it: named events, a ping, the output counted at the end.
pub fn anthropic(words: &[&str]) -> Vec<String> {
    let event = |kind: &str, value: Value| format!("event: {kind}\ndata: {value}\n\n");
    let mut frames = vec![
        event(
            "message_start",
            json!({ "type": "message_start", "message": { "id": "msg_1", "type": "message", "role": "assistant", "content": [],
                "model": "tiny-1-2026-01-31", "stop_reason": null, "stop_sequence": null,
                "usage": { "input_tokens": 30, "cache_creation_input_tokens": 2, "cache_read_input_tokens": 8, "output_tokens": 1 } } }),
        ),
        event(
            "content_block_start",
            json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        ),
        event("ping", json!({ "type": "ping" })),
    ];
    frames.extend(words.iter().map(|word| {
        let value = json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": word } });
        event("content_block_delta", value)
    }));
    frames.extend([
        event("content_block_stop", json!({ "type": "content_block_stop", "index": 0 })),
        event(
            "message_delta",
            json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn", "stop_sequence": null }, "usage": { "output_tokens": 6 } }),
        ),
        event("message_stop", json!({ "type": "message_stop" })),
    ]);
    frames
}

/// As Ollama documents it: an object a line, counts in the last.
pub fn ollama(words: &[&str]) -> Vec<Value> {
    let line = |content: &str| {
        json!({ "model": "tiny-1-2026-01-31", "created_at": "2026-11-23T10:00:00.1Z",
            "message": { "role": "assistant", "content": content, "images": null }, "done": false })
    };
    let mut lines: Vec<Value> = words.iter().map(|word| line(word)).collect();
    let mut last = line("");
    let counts = json!({ "done": true, "done_reason": "stop", "total_duration": 4_883_583_458_u64, "load_duration": 1_334_875,
        "prompt_eval_count": 40, "prompt_eval_duration": 342_546_000, "eval_count": 6, "eval_duration": 4_535_599_000_u64 });
    last.as_object_mut().unwrap().extend(counts.as_object().unwrap().clone());
    lines.push(last);
    lines
}
