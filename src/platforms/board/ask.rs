//! Builds and sends one call of the recipe and returns its JSON.

use std::time::Duration;

use serde_json::Value;

use super::super::{Meta, Outcome};
use super::Board;
use super::judge::{About, End, unanswered};
use super::recipe::{CallSpec, Part, render};
use crate::config::Secret;
use crate::domain::Time;
use crate::error::{Class, Failure};
use crate::net::{Address, Body, Call, End as NetEnd, LIST_CAP, Method, Reach, Reply};

/// Most values in one answer: parsed JSON takes far more room than its text (SAFETY 1.2: 32 MiB).
const MOST_VALUES: usize = 250_000;

/// A longer entity tag is not worth keeping with the cursor.
const LONGEST_VALIDATOR: usize = 1024;

/// A call with everything filled in but the key.
pub(super) struct Plan {
    pub method: Method,
    pub url: Address,
    pub headers: Vec<(String, String)>,
    pub body: Option<Body>,
    pub cap: usize,
    pub timeout: Option<Duration>,
    pub reach: Reach,
}

impl Plan {
    pub fn call(&self, secrets: Vec<(String, Secret)>) -> Call {
        Call {
            method: self.method,
            url: self.url.clone(),
            headers: self.headers.clone(),
            secrets,
            body: self.body.clone(),
            cap: self.cap,
            timeout: self.timeout,
            reach: self.reach,
        }
    }
}

/// What a particular use adds to the recipe's call.
#[derive(Default)]
pub(super) struct Extra {
    /// Query parameters.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body instead of the template's.
    pub body: Option<Body>,
    /// An address told by the platform instead of the recipe's path; away from home it is asked without the key.
    pub url: Option<Address>,
    /// The answer's body does not matter.
    pub bare: bool,
    /// It changes something at the platform, whatever its method (some servers lock a task on GET).
    pub changes: bool,
}

/// A done answer.
pub(super) struct Told {
    /// The body; null when empty.
    pub json: Value,
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub modified: Option<String>,
    /// Its `Date`.
    pub date: Option<Time>,
}

impl Board {
    pub(super) fn reach(&self) -> Reach {
        if self.recipe.plain_http { Reach::PlainPlatform } else { Reach::Platform }
    }

    /// The recipe's headers for a call.
    pub(super) fn headers(&self, call: Option<&CallSpec>, context: &Value) -> Result<Vec<(String, String)>, End> {
        let mut headers: Vec<(String, String)> =
            self.recipe.defaults.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
            headers.push(("accept".into(), "application/json, */*;q=0.5".into()));
        }
        for (name, template) in call.into_iter().flat_map(|call| &call.headers) {
            let value = render(template, Part::Plain, context).map_err(|why| self.unsendable(why))?;
            headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value));
        }
        Ok(headers)
    }

    /// Fills the call in.
    pub(super) fn plan(&self, call: &CallSpec, context: &Value, extra: Extra) -> Result<Plan, End> {
        let url = match extra.url {
            Some(url) => url,
            None => {
                let path = render(&call.path, Part::Path, context).map_err(|why| self.unsendable(why))?;
                let mut query = Vec::new();
                for (name, template) in &call.query {
                    let value = render(template, Part::Plain, context).map_err(|why| self.unsendable(why))?;
                    if !value.is_empty() {
                        query.push((name.clone(), value));
                    }
                }
                query.extend(extra.query);
                self.base.with_path(&path).map_err(|why| self.unsendable(why))?.with_query(&query)
            }
        };
        let body = match (extra.body, &call.body) {
            (Some(body), _) => Some(body),
            (None, Some(template)) => {
                let made = render(template, Part::Json, context).map_err(|why| self.unsendable(why))?;
                // The recipe was tried with examples; what real values make of it is looked at as well.
                let compact =
                    serde_json::from_str::<Value>(&made).map_err(|_| self.unsendable("the filled-in body is not JSON".into()))?;
                Some(Body { mime: "application/json".into(), bytes: compact.to_string().into_bytes() })
            }
            (None, None) => None,
        };
        let mut headers = self.headers(Some(call), context)?;
        headers.extend(extra.headers);
        let timeout = call.timeout.map(Duration::from_secs);
        let reach = if url.same_origin(&self.base) { self.reach() } else { Reach::Foreign };
        Ok(Plan { method: call.method, url, headers, body, cap: LIST_CAP, timeout, reach })
    }

    fn unsendable(&self, why: String) -> End {
        Outcome::Unreachable(
            Failure::new(
                Class::Config,
                format!("the call to {} could not be made from the recipe {}", self.source, self.recipe.name),
            )
            .why(self.credential.redact(&why))
            .hint("correct the recipe's template"),
        )
    }

    /// One request and one reply.
    pub(super) async fn send(
        &self,
        meta: &mut Meta,
        plan: &Plan,
        secrets: Vec<(String, Secret)>,
        now: Time,
    ) -> Result<Reply, End> {
        let sent = self.http.call(plan.call(secrets)).await;
        meta.latency += sent.latency;
        match sent.end {
            NetEnd::Answered(reply) => {
                self.note(meta, &reply, now);
                Ok(*reply)
            }
            other => Err(unanswered(other)),
        }
    }

    /// A request with the key. A token that is not accepted is renewed once: 401 means that nothing was done.
    pub(super) async fn exchange(&self, meta: &mut Meta, plan: &Plan, now: Time) -> Result<Reply, End> {
        if plan.reach == Reach::Foreign {
            return self.send(meta, plan, Vec::new(), now).await;
        }
        let secrets = self.credential.headers(self, meta, now).await?;
        let reply = self.send(meta, plan, secrets, now).await?;
        if reply.status != 401 {
            return Ok(reply);
        }
        if !self.credential.is_exchanged() {
            self.credential.forget().await;
            return Ok(reply);
        }
        self.credential.forget_token().await;
        let secrets = self.credential.headers(self, meta, now).await?;
        let reply = self.send(meta, plan, secrets, now).await?;
        if reply.status == 401 {
            self.credential.forget().await;
        }
        Ok(reply)
    }

    /// A call of the recipe and its JSON.
    pub(super) async fn ask(
        &self,
        meta: &mut Meta,
        call: &CallSpec,
        context: &Value,
        extra: Extra,
        now: Time,
    ) -> Result<Told, End> {
        let bare = extra.bare;
        let about = About { read: call.method.is_read() && !extra.changes, list: call.items.is_some(), ok: &call.ok };
        let plan = self.plan(call, context, extra)?;
        let reply = self.exchange(meta, &plan, now).await?;
        if !about.is_done(reply.status) {
            return Err(self.judge(&reply, about, now));
        }
        let json = if bare { Value::Null } else { self.json(&reply)? };
        let kept = |name: &str| reply.header(name).filter(|value| value.len() <= LONGEST_VALIDATOR).map(str::to_owned);
        Ok(Told { json, etag: kept("etag"), modified: kept("last-modified"), date: reply.date() })
    }

    fn json(&self, reply: &Reply) -> Result<Value, End> {
        let mime = reply.mime().unwrap_or_default();
        let body = reply.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&reply.body);
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Null);
        }
        let broken = |why: String| Outcome::Broken(self.nonsense(why));
        if mime == "text/html" {
            return Err(broken("it sent a web page (text/html) instead of JSON; check the base_url".into()));
        }
        if values(body) > MOST_VALUES {
            return Err(broken(format!("its answer holds more than {MOST_VALUES} values")));
        }
        serde_json::from_slice(body).map_err(|error| {
            let kind = if mime.is_empty() { "no media type told".to_owned() } else { mime };
            broken(format!("its answer is not whole JSON ({kind}; {error})"))
        })
    }
}

/// How many values a JSON text holds, at most.
fn values(body: &[u8]) -> usize {
    let mut count = 1;
    let mut inside = false;
    let mut escaped = false;
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b',' | b'[' | b'{' if !inside => count += 1,
            _ => {}
        }
    }
    count
}
