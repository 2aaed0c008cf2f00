//! Posts bundles to a web address: encrypted or on this machine, capped, in time, tried three times at most.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::outlet::Parcel;
use super::shape;
use crate::config::Secret;
use crate::config::alert::{Shape, Webhook};
use crate::domain::Text;
use crate::error::{Class, Failure, Result};
use crate::net::{Address, Body, Call, End, Http, Method, Reply, resolve, retry_after};

/// What stands for the key in the address.
const KEY: &str = "{key}";
/// Most bytes of an answer; they are of no use beyond the reason of a refusal.
const ANSWER_CAP: usize = 64 << 10;
/// Name, connection, request and answer.
const LIMIT: Duration = Duration::from_secs(10);
/// Before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_secs(2), Duration::from_secs(8)];
/// A server that wants a longer pause than this is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A webhook, and the key once it was fetched.
pub struct Hook {
    http: Http,
    webhook: Webhook,
    pauses: [Duration; 2],
    key: Mutex<Option<Secret>>,
}

/// How one try ended.
enum Try {
    Done(u16),
    Again(Failure, Option<Duration>),
    No(Failure),
}

impl Hook {
    /// A webhook that nothing was posted to yet.
    pub fn new(http: Http, webhook: Webhook) -> Hook {
        Hook { http, webhook, pauses: PAUSES, key: Mutex::new(None) }
    }

    /// With other pauses between tries.
    #[must_use]
    pub fn with_pauses(mut self, pauses: [Duration; 2]) -> Hook {
        self.pauses = pauses;
        self
    }

    /// "ntfy at ntfy.sh:443": what it is, without its secrets. An address that cannot be read is only called by its shape.
    pub fn name(&self) -> String {
        let shown = self.webhook.url.replace(KEY, "KEY");
        match Address::parse(&shown) {
            Ok(address) => format!("{} at {}", self.webhook.shape.word(), address.host()),
            Err(_) => self.webhook.shape.word().to_owned(),
        }
    }

    /// Posts a bundle; tries again after a refusal that may pass, at most twice.
    ///
    /// # Errors
    /// In words that hold neither the address nor the key.
    pub async fn send(&self, parcel: &Parcel) -> Result<String> {
        let key = self.key().await?;
        let url = match &key {
            Some(key) => self.webhook.url.replace(KEY, key.expose()),
            None => self.webhook.url.clone(),
        };
        let post = shape::post(self.webhook.shape, &url, self.webhook.to.as_deref(), parcel).map_err(|why| wrong(&why))?;
        let address = Address::parse(&post.url).map_err(|why| wrong(&why))?;
        if !address.is_encrypted() && !address.is_loopback() {
            return Err(wrong("it is plain http, so anybody on the way could read your alerts and the key"));
        }
        let mut call = Call::new(Method::Post, address);
        call.cap = ANSWER_CAP;
        call.timeout = Some(LIMIT);
        call.body = Some(Body { mime: "application/json".to_owned(), bytes: post.body.to_string().into_bytes() });
        if let Some(key) = key.as_ref().filter(|_| !self.webhook.url.contains(KEY)) {
            call.secrets = vec![("authorization".to_owned(), Secret::new(format!("Bearer {}", key.expose())))];
        }
        let mut tries = 1;
        loop {
            let pause = self.pauses.get(tries - 1).copied();
            match (self.once(call.clone(), key.as_ref()).await, pause) {
                (Try::Done(status), _) if tries == 1 => return Ok(format!("answered {status}")),
                (Try::Done(status), _) => return Ok(format!("answered {status} at try {tries}")),
                (Try::Again(_, asked), Some(pause)) if asked.is_none_or(|asked| asked <= LONGEST_PAUSE) => {
                    tokio::time::sleep(asked.unwrap_or(pause).max(pause)).await;
                    tries += 1;
                }
                (Try::Again(failure, _) | Try::No(failure), _) => return Err(failure),
            }
        }
    }

    async fn key(&self) -> Result<Option<Secret>> {
        if let Some(known) = self.key.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Ok(Some(known));
        }
        let found = resolve(&self.webhook.key).await.map_err(|failure| {
            Failure::new(failure.class, "the alert webhook's key is missing").why(failure.to_string()).hint(failure.hint)
        })?;
        if found.is_none() && self.webhook.url.contains(KEY) {
            return Err(wrong("it has a place for a {key}, and no key is set"));
        }
        let secret = found.map(|key| key.secret);
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&secret);
        Ok(secret)
    }

    async fn once(&self, call: Call, key: Option<&Secret>) -> Try {
        let host = call.url.host();
        let failed = |failure: Failure| {
            let why = if failure.why.is_empty() { failure.what } else { failure.why };
            let hint = "juggler alert test tries it again";
            Failure::new(Class::Platform, format!("the alert did not get to {host}")).why(hidden(&why, key)).hint(hint)
        };
        match self.http.call(call).await.end {
            End::Answered(reply) => self.judge(&reply, &host, key),
            End::Unreachable(failure) | End::Unanswered(failure) => Try::Again(failed(failure), None),
            End::Broken(failure) => Try::No(failed(failure)),
        }
    }

    fn judge(&self, reply: &Reply, host: &str, key: Option<&Secret>) -> Try {
        let status = reply.status;
        let said = said(reply).map(|said| format!(": {}", hidden(&said, key))).unwrap_or_default();
        let refused = |class, hint: &str| {
            Failure::new(class, format!("{host} did not take the alert")).why(format!("it answered {status}{said}")).hint(hint)
        };
        match status {
            200..=299 => Try::Done(status),
            300..=399 => {
                let why = "it redirects; that is not followed, so that the alert and its key reach no stranger";
                Try::No(Failure::new(Class::Platform, format!("{host} did not take the alert")).why(why).hint(FIX_ADDRESS))
            }
            401 | 403 | 404 => {
                // It may have been renewed: the next bundle fetches it again.
                *self.key.lock().unwrap_or_else(PoisonError::into_inner) = None;
                Try::No(refused(Class::SignIn, self.fix()))
            }
            408 | 425 | 429 => Try::Again(refused(Class::Platform, "it is asked again with the next alert"), self.wait(reply)),
            500..=599 => Try::Again(refused(Class::Platform, "juggler alert test tries it again"), self.wait(reply)),
            _ => Try::No(refused(Class::Platform, self.fix())),
        }
    }

    fn wait(&self, reply: &Reply) -> Option<Duration> {
        retry_after(reply.header("retry-after")?, chrono::Utc::now())
    }

    fn fix(&self) -> &'static str {
        match self.webhook.shape {
            Shape::Telegram => {
                "check the bot's token and the chat's id in [alert.webhook]; the bot must have been written to first"
            }
            Shape::Ntfy => "check the topic and the access token in [alert.webhook]",
            Shape::Discord | Shape::Json => FIX_ADDRESS,
        }
    }
}

const FIX_ADDRESS: &str = "check url and key in [alert.webhook]";

fn wrong(why: &str) -> Failure {
    Failure::new(Class::Config, "the alert webhook's address cannot be used").why(why).hint(FIX_ADDRESS)
}

/// What the server says about a refusal: the words of a JSON answer, or the first line of a plain one.
fn said(reply: &Reply) -> Option<String> {
    let text = String::from_utf8_lossy(&reply.body);
    let fields: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let told = |name: &str| fields.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let plain = || (!text.trim_start().starts_with(['<', '{', '['])).then(|| text.lines().next().unwrap_or_default().to_owned());
    let words = told("description").or_else(|| told("error")).or_else(|| told("message")).or_else(plain)?;
    let words = Text::title(words.trim()).head(120);
    (!words.is_empty()).then(|| words.to_string())
}

/// A server may repeat what it was sent.
fn hidden(text: &str, key: Option<&Secret>) -> String {
    key.map_or_else(|| text.to_owned(), |key| key.hide_in(text))
}
