//! A provider's address, key and manners: everything that is the same for each of its calls.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Model;
use super::dialect::{self, Dialect, Manner};
use super::fault::{Fault, Meaning};
use crate::config::{AssistantConfig, AssistantKind, Secret};
use crate::error::{Class, Failure, Result};
use crate::net::{Address, Body, Call, End, Flow, FlowLimits, Http, Key, Method, Reach, Reply, resolve, retry_after};

/// Most bytes of a refusal that are read.
const REFUSAL_CAP: usize = 64 << 10;
/// Most bytes of a list of models; OpenRouter's has about one MiB.
const MODELS_CAP: usize = 8 << 20;
/// For the list of models.
const MODELS_LIMIT: Duration = Duration::from_secs(15);
/// Most decoded bytes of an answer on the wire: a token of four bytes may come in a frame of four hundred.
const WIRE_CAP: usize = 64 << 20;
/// Tries of one question: a server may not know two parameters.
const TRIES: usize = 3;

/// Everything that calls share.
pub(super) struct Connection {
    pub config: AssistantConfig,
    pub base: Address,
    dialect: &'static dyn Dialect,
    http: Http,
    key: tokio::sync::Mutex<Option<Option<Key>>>,
    warning: Mutex<Option<String>>,
    manner: Mutex<Manner>,
    /// Nobody is asked before this.
    rest: Mutex<Option<Instant>>,
}

impl Connection {
    pub fn new(config: &AssistantConfig, http: Http) -> Result<Connection> {
        let wrong = |why: String| {
            Failure::new(Class::Config, format!("the address of \"{}\" cannot be used", config.name))
                .why(why)
                .hint(format!("write base_url like \"{}\"", config.kind.home()))
        };
        let base = Address::parse(&config.base_url).map_err(wrong)?;
        let dialect = dialect::of(config.kind).ok_or_else(|| Failure::new(Class::Internal, "a program has no address"))?;
        let manner = dialect.manner(&base.host());
        Ok(Connection {
            config: config.clone(),
            base,
            dialect,
            http,
            key: tokio::sync::Mutex::default(),
            warning: Mutex::default(),
            manner: Mutex::new(manner),
            rest: Mutex::default(),
        })
    }

    pub fn dialect(&self) -> &'static dyn Dialect {
        self.dialect
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

    fn call(&self, method: Method, path: &str, key: Option<&Secret>) -> Result<Call> {
        let dialect = self.dialect();
        let prefix = dialect.prefix(&path_of(&self.config.base_url));
        let url = self.base.with_path(&format!("{prefix}{path}")).map_err(|why| {
            Failure::new(Class::Config, format!("the address of \"{}\" cannot be used", self.config.name)).why(why)
        })?;
        let mut call = Call::new(method, url);
        call.reach = if self.config.plain_http { Reach::PlainPlatform } else { Reach::Platform };
        call.headers = dialect.headers().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        call.secrets.extend(key.map(|key| {
            let (name, value) = dialect.key(key);
            (name.to_owned(), value)
        }));
        Ok(call)
    }

    /// Opens an answer. `body` makes the question in the manner that the server understands; where it turns out to be another one,
    /// the question is put again, which is free: the first one was refused as malformed.
    pub async fn open(&self, body: impl Fn(Manner) -> Value) -> Result<Flow> {
        self.may_ask()?;
        let key = self.key().await?;
        let limits =
            FlowLimits { open: self.config.silence, idle: self.config.silence, total: Some(self.config.limit), cap: WIRE_CAP };
        let mut call = self.call(Method::Post, self.dialect().path(), key.as_ref())?;
        call.headers.push(("accept".to_owned(), "text/event-stream, application/x-ndjson, application/json".to_owned()));
        for left in (0..TRIES).rev() {
            let manner = *self.manner.lock().unwrap_or_else(PoisonError::into_inner);
            let bytes = body(manner).to_string().into_bytes();
            call.body = Some(Body { mime: "application/json".to_owned(), bytes });
            let flow = self.http.flow(&call, limits).await.map_err(|end| self.lost(end))?;
            if flow.head().status == 200 {
                return Ok(flow);
            }
            let reply = flow.whole(REFUSAL_CAP).await;
            let fault = Fault::of(&reply);
            match self.dialect().learn(manner, &fault).filter(|_| left > 0 && matches!(reply.status, 400 | 422)) {
                Some(other) => *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = other,
                None => return Err(self.refused(&fault, &reply, key.as_ref()).await),
            }
        }
        Err(Failure::new(Class::Internal, "a provider was asked too often"))
    }

    /// The models there are.
    pub async fn models(&self) -> Result<Vec<Model>> {
        self.may_ask()?;
        let key = self.key().await?;
        let reply = self.list(key.as_ref()).await?;
        if reply.status != 200 {
            let fault = Fault::of(&reply);
            self.heed(&reply);
            self.forget_key(&fault).await;
            return Err(fault.failure(&self.config, key.as_ref(), wait(&reply), &[]));
        }
        self.listed(&reply).ok_or_else(|| self.not_here("its list of models is none"))
    }

    async fn list(&self, key: Option<&Secret>) -> Result<Reply> {
        let mut call = self.call(Method::Get, self.dialect().models_path(), key)?;
        call.cap = MODELS_CAP;
        call.timeout = Some(MODELS_LIMIT);
        match self.http.call(call).await.end {
            End::Answered(reply) => Ok(*reply),
            end => Err(self.lost(end)),
        }
    }

    fn listed(&self, reply: &Reply) -> Option<Vec<Model>> {
        let value = serde_json::from_slice::<Value>(&reply.body).ok()?;
        dialect::models(self.dialect(), &value)
    }

    /// A refusal in words. Where the model is missing, the provider is asked which there are.
    async fn refused(&self, fault: &Fault, reply: &Reply, key: Option<&Secret>) -> Failure {
        self.heed(reply);
        self.forget_key(fault).await;
        let models = match fault.meaning() {
            Meaning::Model => match self.list(key).await {
                Ok(reply) if reply.status == 200 => self.listed(&reply).unwrap_or_default(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        fault.failure(&self.config, key, wait(reply), &models)
    }

    /// A fault in mid-stream, in words.
    pub async fn faulted(&self, fault: &Fault) -> Failure {
        let key = self.key().await.ok().flatten();
        fault.failure(&self.config, key.as_ref(), None, &[])
    }

    async fn forget_key(&self, fault: &Fault) {
        if fault.meaning() == Meaning::Key {
            *self.key.lock().await = None;
        }
    }

    /// Whoever asks to wait is not asked before.
    fn heed(&self, reply: &Reply) {
        if let Some(wait) = wait(reply) {
            *self.rest.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now() + wait);
        }
    }

    fn may_ask(&self) -> Result<()> {
        let rest = *self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        match rest.map(|until| until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero()) {
            None => Ok(()),
            Some(left) => Err(Failure::new(Class::Platform, format!("\"{}\" asked to wait", self.config.name))
                .why(format!("it is not asked again for another {} s", left.as_secs() + 1))
                .hint("try again then, or ask another assistant")),
        }
    }

    /// A call that got no whole answer, in words.
    pub fn lost(&self, end: End) -> Failure {
        let name = &self.config.name;
        let section = format!("[[assistant]] \"{name}\"");
        match end {
            End::Unreachable(failure) if failure.class == Class::Config => {
                Failure::new(Class::Config, format!("\"{name}\" is not asked")).why(failure.why).hint(format!(
                    "write https:// in base_url of {section}, or plain_http = true there if you trust the network in between"
                ))
            }
            End::Unreachable(failure) => {
                let hint = match (self.config.kind, self.base.is_loopback()) {
                    (AssistantKind::Ollama, true) => "start it: ollama serve".to_owned(),
                    (_, true) => format!("start its server, or correct base_url in {section}"),
                    (_, false) => format!("check base_url in {section}, and the network"),
                };
                let what = format!("\"{name}\" cannot be reached at {}", self.base.host());
                Failure::new(Class::Platform, what).why(failure.why).hint(hint)
            }
            End::Unanswered(failure) => {
                let hint = format!("try again; silence and limit in {section} say how long it may take");
                Failure::new(Class::Platform, format!("\"{name}\" did not answer to the end")).why(failure.why).hint(hint)
            }
            End::Broken(failure) => {
                let hint = format!("no provider answers like this: check base_url in {section}, or ask another assistant");
                Failure::new(Class::Platform, format!("the answer of \"{name}\" cannot be used")).why(failure.why).hint(hint)
            }
            End::Answered(_) => Failure::new(Class::Internal, "an answer was taken for none"),
        }
    }

    /// Somebody else answers at this address.
    pub fn not_here(&self, why: &str) -> Failure {
        Failure::new(Class::Config, format!("\"{}\" is not at this address", self.config.name))
            .why(why)
            .hint(format!("check base_url in [[assistant]]; it is mostly written like \"{}\"", self.config.kind.home()))
    }
}

/// The path of a base URL.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or_else(String::new, |at| rest[at..].to_owned())
}

fn wait(reply: &Reply) -> Option<Duration> {
    retry_after(reply.header("retry-after")?, chrono::Utc::now())
}
