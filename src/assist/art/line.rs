//! The line to a painter: its address, key and pace, and what a call that ended badly means.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Why;
use super::picture::ANSWER;
use crate::assist::provider::Model;
use crate::assist::provider::fault::{Fault, Meaning};
use crate::config::{AssistantConfig, AssistantKind, Secret};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};
use crate::net::{Address, Body, Call, Cut, End, FlowLimits, Http, Key, Method, Reach, Reply, resolve, retry_after};

/// Most bytes of a list or of a word of progress.
const SMALL: usize = 8 << 20;
/// For a list or a word of progress.
const SOON: Duration = Duration::from_secs(20);

/// Everything that calls share.
pub(super) struct Line {
    pub config: AssistantConfig,
    pub base: Address,
    http: Http,
    key: tokio::sync::Mutex<Option<Option<Key>>>,
    warning: Mutex<Option<String>>,
    /// Nobody is asked before this.
    rest: Mutex<Option<Instant>>,
}

/// How a call ended that did not end well.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Nothing was sent.
    Unsent(Failure),
    /// It was refused: the server says so itself.
    Refused(Box<Fault>, Option<Duration>),
    /// It was sent, and no whole answer came.
    Unknown(Failure),
    /// What came is not of the dialect.
    Broken(Failure),
}

/// What is asked.
pub(super) struct Ask<'a> {
    pub method: Method,
    pub path: &'a str,
    pub query: Vec<(String, String)>,
    pub body: Option<Body>,
    /// It may take as long as a painting does.
    pub long: bool,
    /// Most bytes of the answer.
    pub cap: usize,
}

impl<'a> Ask<'a> {
    pub fn get(path: &'a str) -> Ask<'a> {
        Ask { method: Method::Get, path, query: Vec::new(), body: None, long: false, cap: SMALL }
    }

    pub fn post(path: &'a str, body: &Value) -> Ask<'a> {
        let body = Body { mime: "application/json".to_owned(), bytes: body.to_string().into_bytes() };
        Ask { method: Method::Post, body: Some(body), ..Ask::get(path) }
    }

    pub fn form(path: &'a str, body: Body) -> Ask<'a> {
        Ask { method: Method::Post, body: Some(body), ..Ask::get(path) }
    }

    /// Pictures come back.
    pub fn painting(self) -> Ask<'a> {
        Ask { long: true, cap: ANSWER, ..self }
    }
}

impl Line {
    pub fn new(config: &AssistantConfig, http: Http) -> Result<Line> {
        let base = Address::parse(&config.base_url).map_err(|why| {
            Failure::new(Class::Config, format!("the address of \"{}\" cannot be used", config.name))
                .why(why)
                .hint(format!("write base_url like \"{}\"", config.kind.home()))
        })?;
        let (key, warning, rest) = (tokio::sync::Mutex::default(), Mutex::default(), Mutex::default());
        Ok(Line { config: config.clone(), base, http, key, warning, rest })
    }

    pub fn host(&self) -> String {
        self.base.host()
    }

    pub fn warning(&self) -> Option<String> {
        self.warning.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The key, fetched once; after a refusal it is fetched again, for it may have been renewed.
    async fn key(&self) -> Result<Option<Secret>> {
        let mut kept = self.key.lock().await;
        if kept.is_none() {
            let found = resolve(&self.config.key).await.map_err(|failure| {
                Failure::new(failure.class, format!("the key of \"{}\" is missing", self.config.name))
                    .why(failure.to_string())
                    .hint(failure.hint)
            })?;
            *self.warning.lock().unwrap_or_else(PoisonError::into_inner) = found.as_ref().and_then(|key| key.warning.clone());
            *kept = Some(found);
        }
        Ok(kept.as_ref().and_then(Option::as_ref).map(|key| key.secret.clone()))
    }

    /// Stable Diffusion WebUI is guarded by a name and a password, the others by a key.
    fn authorization(&self, key: &Secret) -> Secret {
        use base64::Engine;
        match self.config.kind {
            AssistantKind::SdWebui => {
                Secret::new(format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(key.expose())))
            }
            _ => Secret::new(format!("Bearer {}", key.expose())),
        }
    }

    /// Asks, and gives a whole answer of status 200.
    pub async fn ask(&self, ask: Ask<'_>) -> std::result::Result<Reply, Trouble> {
        self.may_ask().map_err(Trouble::Unsent)?;
        let key = self.key().await.map_err(Trouble::Unsent)?;
        let url = self.base.with_path(ask.path).map_err(|why| {
            Trouble::Unsent(
                Failure::new(Class::Config, format!("the address of \"{}\" cannot be used", self.config.name)).why(why),
            )
        })?;
        let mut call = Call::new(ask.method, url.with_query(&ask.query));
        call.reach = if self.config.plain_http { Reach::PlainPlatform } else { Reach::Platform };
        call.secrets.extend(key.map(|key| ("authorization".to_owned(), self.authorization(&key))));
        call.headers.push(("accept".to_owned(), "application/json, image/*".to_owned()));
        call.body = ask.body;
        let reply = self.whole(&call, ask.long, ask.cap).await?;
        if reply.status == 200 {
            return Ok(reply);
        }
        let wait = reply.header("retry-after").and_then(|value| retry_after(value, chrono::Utc::now()));
        if let Some(wait) = wait {
            *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + wait);
        }
        let fault = fault(&reply);
        if fault.meaning() == Meaning::Key {
            *self.key.lock().await = None;
        }
        Err(Trouble::Refused(Box::new(fault), wait))
    }

    /// A picture at an address that the provider named: its own, or any public one, to which no key goes.
    pub async fn fetch(&self, address: &str) -> std::result::Result<Vec<u8>, Trouble> {
        let url = self.base.resolve(address).map_err(|why| Trouble::Broken(self.strange(&why)))?;
        let own = url.same_origin(&self.base);
        let mut call = Call::new(Method::Get, url);
        call.reach = match own {
            true if self.config.plain_http => Reach::PlainPlatform,
            true => Reach::Platform,
            false => Reach::Foreign,
        };
        let reply = self.whole(&call, true, super::picture::MOST).await?;
        match reply.status {
            200 => Ok(reply.body),
            status => Err(Trouble::Broken(self.strange(&format!("where it says that the picture is, the answer is {status}")))),
        }
    }

    async fn whole(&self, call: &Call, long: bool, cap: usize) -> std::result::Result<Reply, Trouble> {
        let open = if long { self.config.limit } else { SOON };
        let limits = FlowLimits { open, idle: self.config.silence, total: Some(open), cap };
        let mut flow = self.http.flow(call, limits).await.map_err(|end| self.lost(end))?;
        let mut body = Vec::new();
        loop {
            match flow.next().await {
                Ok(Some(piece)) => body.extend_from_slice(&piece),
                Ok(None) => {
                    let mut reply = flow.head().clone();
                    reply.body = body;
                    return Ok(reply);
                }
                Err(cut @ (Cut::Full(_) | Cut::TooLarge(_))) => {
                    return Err(Trouble::Broken(self.failure_of(cut.end(flow.url()))));
                }
                Err(cut) => return Err(Trouble::Unknown(self.failure_of(cut.end(flow.url())))),
            }
        }
    }

    /// The JSON of an answer.
    pub async fn json(&self, ask: Ask<'_>) -> std::result::Result<Value, Trouble> {
        let reply = self.ask(ask).await?;
        serde_json::from_slice(&reply.body).map_err(|_| {
            let what = if reply.mime().as_deref() == Some("text/html") { "a web page answers there" } else { "it sent no JSON" };
            Trouble::Broken(self.not_here(what))
        })
    }

    fn may_ask(&self) -> Result<()> {
        let rest = *self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match rest.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero()) {
            None => Ok(()),
            Some(left) => Err(Failure::new(Class::Platform, format!("\"{}\" asked to wait", self.config.name))
                .why(format!("it is not asked again for another {} s", left.as_secs() + 1))
                .hint("try again then, or ask another painter")),
        }
    }

    fn lost(&self, end: End) -> Trouble {
        match end {
            End::Unreachable(_) => Trouble::Unsent(self.failure_of(end)),
            End::Unanswered(_) => Trouble::Unknown(self.failure_of(end)),
            _ => Trouble::Broken(self.failure_of(end)),
        }
    }

    fn failure_of(&self, end: End) -> Failure {
        let name = &self.config.name;
        let section = format!("[[assistant]] \"{name}\"");
        match end {
            End::Unreachable(failure) if failure.class == Class::Config => {
                Failure::new(Class::Config, format!("\"{name}\" is not asked")).why(failure.why).hint(format!(
                    "write https:// in base_url of {section}, or plain_http = true there if you trust the network in between"
                ))
            }
            End::Unreachable(failure) => {
                let hint = match self.config.kind {
                    AssistantKind::SdWebui => format!("start the WebUI with --api, or correct base_url in {section}"),
                    AssistantKind::ComfyUi => format!("start ComfyUI, or correct base_url in {section}"),
                    _ => format!("check base_url in {section}, and the network"),
                };
                Failure::new(Class::Platform, format!("\"{name}\" cannot be reached at {}", self.host()))
                    .why(failure.why)
                    .hint(hint)
            }
            End::Unanswered(failure) => Failure::new(Class::Platform, format!("\"{name}\" did not answer to the end"))
                .why(failure.why)
                .hint(format!("limit and silence in {section} say how long it may take; it may have painted all the same")),
            End::Broken(failure) => self.strange(failure.why.as_str()),
            End::Answered(_) => Failure::new(Class::Internal, "an answer was taken for none"),
        }
    }

    /// What came cannot be used.
    pub fn strange(&self, why: &str) -> Failure {
        Failure::new(Class::Platform, format!("the answer of \"{}\" cannot be used", self.config.name))
            .why(why)
            .hint("try again; if it goes on, check kind and base_url in [[assistant]], or ask another painter")
    }

    /// Somebody else answers at this address.
    fn not_here(&self, why: &str) -> Failure {
        Failure::new(Class::Config, format!("\"{}\" is not at this address", self.config.name))
            .why(why)
            .hint(format!("check base_url in [[assistant]]; it is mostly written like \"{}\"", self.config.kind.home()))
    }

    /// A refusal in words; `models` are those there are, where a missing one was asked for.
    pub async fn refused(&self, fault: &Fault, wait: Option<Duration>, models: &[Model]) -> Failure {
        let key = self.key().await.ok().flatten();
        let failure = fault.failure(&self.config, key.as_ref(), wait, models);
        match fault.meaning() {
            Meaning::Other => Failure::new(Class::Refused, format!("\"{}\" does not take the order", self.config.name))
                .why(failure.why)
                .hint(format!(
                    "check size, quality and model in [[assistant]] \"{}\", and the words of the prompt",
                    self.config.name
                )),
            _ => failure,
        }
    }

    /// What trouble means for a painting.
    pub async fn end(&self, trouble: Trouble) -> Why {
        match trouble {
            Trouble::Unsent(failure) => Why::Refused(failure),
            Trouble::Unknown(failure) => Why::Unknown(failure),
            Trouble::Broken(failure) => Why::Failed(failure),
            Trouble::Refused(fault, wait) => match fault.status {
                Some(500..) => Why::Failed(self.refused(&fault, wait, &[]).await),
                _ => Why::Refused(self.refused(&fault, wait, &[]).await),
            },
        }
    }

    /// Trouble with something that is only read.
    pub async fn complaint(&self, trouble: Trouble) -> Failure {
        match trouble {
            Trouble::Unsent(failure) | Trouble::Unknown(failure) | Trouble::Broken(failure) => failure,
            Trouble::Refused(fault, wait) => self.refused(&fault, wait, &[]).await,
        }
    }
}

/// The fault in a refusal. FastAPI, which WebUI stands on, puts the name of the exception where others put the words.
fn fault(reply: &Reply) -> Fault {
    let mut fault = Fault::of(reply);
    if let Ok(value) = serde_json::from_slice::<Value>(&reply.body)
        && value.get("error").is_some_and(Value::is_string)
    {
        let said =
            ["detail", "errors", "message"].into_iter().find_map(|key| value[key].as_str().filter(|text| !text.is_empty()));
        if let Some(said) = said {
            fault.message = said.to_owned();
        }
        return fault;
    }
    // ComfyUI says of each node what is wrong with it.
    let value: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    if let Some((_, node)) = value["node_errors"].as_object().and_then(|nodes| nodes.iter().next()) {
        let (class, error) = (node["class_type"].as_str().unwrap_or_default(), &node["errors"][0]);
        let word = |key: &str| error[key].as_str().unwrap_or_default().trim();
        fault.message = format!("{class}: {} ({})", word("message"), word("details"));
        fault.code = format!("{} {}", fault.code, word("type"));
    }
    fault
}

/// Models by their ids, sorted, each once.
pub(super) fn models(ids: impl Iterator<Item = String>) -> Vec<Model> {
    let mut ids: Vec<String> = ids.filter(|id| !id.is_empty()).collect();
    ids.sort();
    ids.dedup();
    ids.into_iter().map(|id| Model { id: Text::title(&id), context: None }).collect()
}
