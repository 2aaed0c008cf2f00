//! One request, with every rule of the house applied, and a result that says how far it got.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, RequestBuilder, Response};
use serde::{Deserialize, Serialize};

use super::clients::{Clients, Kind, is_public};
use super::{Address, End, LIST_CAP, Reply, Sent};
use crate::config::Secret;
use crate::config::guard::is_secret_header;
use crate::error::{Class, Failure};

/// Time-outs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For name, connection and TLS.
    pub connect: Duration,
    /// Between two pieces of a body.
    pub read: Duration,
    /// For the whole of a call, redirects included.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { connect: Duration::from_secs(10), read: Duration::from_secs(20), total: Duration::from_secs(30) }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    #[default]
    Get,
    /// Make.
    Post,
    /// Set.
    Put,
    /// Change.
    Patch,
    /// Remove.
    Delete,
}

impl Method {
    /// Changes nothing at the server.
    pub fn is_read(self) -> bool {
        self == Method::Get
    }
}

/// A body and its media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// The `Content-Type`.
    pub mime: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Who may be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// The configured platform: encrypted, or on this machine.
    #[default]
    Platform,
    /// The configured platform, unencrypted too: its recipe says so.
    PlainPlatform,
    /// A host that a platform's text named: encrypted, public addresses only, no secrets.
    Foreign,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    /// What.
    pub method: Method,
    /// Where.
    pub url: Address,
    /// Headers anybody may see.
    pub headers: Vec<(String, String)>,
    /// Headers nobody may see; not sent to foreign hosts.
    pub secrets: Vec<(String, Secret)>,
    /// The body.
    pub body: Option<Body>,
    /// Most decoded bytes of the answer.
    pub cap: usize,
    /// Replaces the total time-out.
    pub timeout: Option<Duration>,
    /// Who may be asked.
    pub reach: Reach,
}

impl Call {
    /// A plain request with the cap of a list.
    pub fn new(method: Method, url: Address) -> Call {
        Call {
            method,
            url,
            headers: Vec::new(),
            secrets: Vec::new(),
            body: None,
            cap: LIST_CAP,
            timeout: None,
            reach: Reach::default(),
        }
    }
}

/// Redirects followed within one origin.
const HOPS: usize = 5;

/// The client. Cheap to clone; clones share connections.
#[derive(Clone, Debug)]
pub struct Http {
    clients: Arc<Clients>,
    limits: Limits,
}

impl Default for Http {
    fn default() -> Self {
        Http::new(Limits::default())
    }
}

impl Http {
    /// A client with these time-outs.
    pub fn new(limits: Limits) -> Http {
        Http { clients: Arc::new(Clients::new(limits)), limits }
    }

    /// Asks once. Redirects are followed for reads within the same origin only.
    pub async fn call(&self, call: Call) -> Sent {
        let start = Instant::now();
        let end = match self.open(&call, call.timeout.unwrap_or(self.limits.total)).await {
            Ok(response) => self.read(response, &call).await,
            Err(end) => end,
        };
        Sent { latency: start.elapsed(), end }
    }

    /// Sends the request and follows what may be followed; the body is still to be read.
    pub(super) async fn open(&self, call: &Call, total: Duration) -> Result<Response, End> {
        let deadline = Instant::now() + total;
        let mut url = call.url.clone();
        for _ in 0..=HOPS {
            let client = self.client_for(&url, call.reach)?;
            let left = deadline.saturating_duration_since(Instant::now());
            let request = dress(client, &url, call, left)?;
            let response = request.send().await.map_err(|error| in_words(error, &url, total))?;
            if !call.method.is_read() || !response.status().is_redirection() {
                return Ok(response);
            }
            let Some(location) = response.headers().get(LOCATION) else { return Ok(response) };
            let next = url.follow(location).map_err(|why| broken(&url, format!("it redirects, but {why}")))?;
            if !next.same_origin(&call.url) {
                let why = format!(
                    "it redirects to {}, another origin; that is not followed, so that no key reaches a stranger",
                    next.host()
                );
                return Err(broken(&url, why));
            }
            url = next;
        }
        Err(broken(&url, format!("it redirects more than {HOPS} times")))
    }

    fn client_for(&self, url: &Address, reach: Reach) -> Result<&Client, End> {
        let refused =
            |why: &str| End::Unreachable(Failure::new(Class::Platform, format!("{} is not asked", url.host())).why(why));
        let kind = match reach {
            Reach::Platform if !url.is_encrypted() && !url.is_loopback() => {
                return Err(End::Unreachable(
                    Failure::new(Class::Config, format!("{} is not asked", url.host()))
                        .why("the address is plain http, so anybody on the way could read the key")
                        .hint("write https:// in the source's base_url, or set plain_http = true in a recipe of your own"),
                ));
            }
            Reach::Foreign if !url.is_encrypted() => return Err(refused("other hosts are asked over https only")),
            Reach::Foreign if url.ip().is_some_and(|ip| !is_public(ip)) => {
                return Err(refused("the address is private or local, and a job's text must not reach there"));
            }
            Reach::Foreign if url.is_loopback() => return Err(refused("the address is on this machine")),
            Reach::Foreign => Kind::Foreign,
            _ if url.is_loopback() => Kind::Loopback,
            _ => Kind::Platform,
        };
        self.clients.get(kind).map_err(|why| {
            End::Unreachable(
                Failure::new(Class::Platform, "the encrypted connection could not be prepared")
                    .why(why)
                    .hint("install the system's root certificates (package ca-certificates)"),
            )
        })
    }

    async fn read(&self, mut response: Response, call: &Call) -> End {
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        loop {
            match tokio::time::timeout(self.limits.read, response.chunk()).await {
                Ok(Ok(Some(piece))) if body.len() + piece.len() > call.cap => {
                    return broken(
                        &call.url,
                        format!("its answer is larger than {}, and was not read to the end", size_words(call.cap)),
                    );
                }
                Ok(Ok(Some(piece))) => body.extend_from_slice(&piece),
                Ok(Ok(None)) => return End::Answered(Box::new(Reply { status, headers, body })),
                Ok(Err(error)) => return in_words(error, &call.url, call.timeout.unwrap_or(self.limits.total)),
                Err(_) => {
                    let why = format!("its answer stopped coming for {}", time_words(self.limits.read));
                    return End::Unanswered(failure(&call.url, why));
                }
            }
        }
    }
}

fn dress(client: &Client, url: &Address, call: &Call, left: Duration) -> Result<RequestBuilder, End> {
    let method = match call.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    };
    let mut request = client.request(method, url.url().clone()).timeout(left);
    for (name, value) in &call.headers {
        let mut value = header_value(name, value)?;
        value.set_sensitive(is_secret_header(name));
        request = request.header(header_name(name)?, value);
    }
    if call.reach != Reach::Foreign {
        for (name, secret) in &call.secrets {
            let mut value = header_value(name, secret.expose())?;
            value.set_sensitive(true);
            request = request.header(header_name(name)?, value);
        }
    }
    if let Some(body) = &call.body {
        request = request.header("content-type", header_value("content-type", &body.mime)?).body(body.bytes.clone());
    } else if !call.method.is_read() {
        // Some servers want a length even for nothing.
        request = request.header("content-length", "0");
    }
    Ok(request)
}

fn header_name(name: &str) -> Result<HeaderName, End> {
    name.parse().map_err(|_| unsendable(format!("\"{name}\" is not a header's name")))
}

fn header_value(name: &str, value: &str) -> Result<HeaderValue, End> {
    HeaderValue::from_str(value)
        .map_err(|_| unsendable(format!("the value for the header {name} holds characters that headers cannot carry")))
}

fn unsendable(why: String) -> End {
    End::Unreachable(Failure::new(Class::Config, "the request could not be made").why(why))
}

pub(super) fn failure(url: &Address, why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Platform, format!("{} did not answer as it should", url.host()))
        .why(why)
        .hint("try again in a moment; if it goes on, juggler sources test NAME shows each call")
}

pub(super) fn broken(url: &Address, why: impl std::fmt::Display) -> End {
    End::Broken(failure(url, why))
}

/// Turns a reqwest error into our words and tells how far the request got.
pub(super) fn in_words(error: reqwest::Error, url: &Address, total: Duration) -> End {
    let error = error.without_url();
    let root = root_cause(&error);
    if error.is_connect() || error.is_builder() {
        let why = if error.is_timeout() { "the connection was not made in time".to_owned() } else { root };
        return End::Unreachable(
            Failure::new(Class::Platform, format!("{} cannot be reached", url.host()))
                .why(why)
                .hint("check the address and the network; it is tried again by itself"),
        );
    }
    let why = if error.is_timeout() {
        format!("no whole answer came within {}", time_words(total))
    } else if error.is_decode() && is_garbled(&error) {
        return broken(url, format!("its answer could not be unpacked ({root})"));
    } else {
        format!("the connection broke before the whole answer was here ({root})")
    };
    End::Unanswered(failure(url, why))
}

/// The innermost cause: reqwest's own sentences repeat themselves.
fn root_cause(error: &reqwest::Error) -> String {
    root(error).to_string()
}

fn root<'e>(error: &'e reqwest::Error) -> &'e (dyn std::error::Error + 'static) {
    let mut cause: &(dyn std::error::Error + 'static) = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause
}

/// Whether the decompressor met nonsense; reqwest calls a connection cut in the middle of a body a decoding error as well.
fn is_garbled(error: &reqwest::Error) -> bool {
    use std::io::ErrorKind as Kind;
    root(error)
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| matches!(error.kind(), Kind::InvalidData | Kind::InvalidInput | Kind::Other))
}

pub(super) fn size_words(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{} KiB", bytes.div_ceil(1024)) }
}

pub(super) fn time_words(time: Duration) -> String {
    if time.as_secs() >= 1 { format!("{} s", time.as_secs()) } else { format!("{} ms", time.as_millis()) }
}
