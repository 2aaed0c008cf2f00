//! The board adapter: a platform with a REST interface, described by a [recipe](recipe::Recipe).

mod ask;
mod credential;
mod deliver;
mod judge;
pub mod map;
mod raw;
pub mod recipe;
mod walk;

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use self::credential::Credential;
use self::map::{Around, Misfit};
use self::recipe::{CallSpec, Given, Recipe};
use super::{Abilities, Answer, Cursor, Fetched, Grant, Listed, Meta, Outcome, Page, Platform, Receipt, Refusal};
use crate::config::SourceConfig;
use crate::domain::{Assignment, AssignmentId, Job, JobKey, Payment, SourceName, Submission, Text, Time};
use crate::error::{Class, Failure, Result};
use crate::net::{ATTACHMENT_CAP, Address, End as NetEnd, Http, Limits, Method, Reach, StreamLimits};
use judge::{End, widen};

/// A platform account behind a recipe.
pub struct Board {
    source: SourceName,
    recipe: Recipe,
    base: Address,
    host: String,
    http: Http,
    credential: Credential,
    stream: StreamLimits,
    said: Mutex<raw::Said>,
}

/// Times that tests shorten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patience {
    /// Instead of the recipe's and the house's time-outs.
    pub limits: Option<Limits>,
    /// Longest silence of a stream.
    pub stream_idle: Option<Duration>,
}

impl Board {
    /// Binds a recipe to a source. Reads no key yet and sends nothing.
    pub fn new(source: &SourceConfig, recipe: Recipe, patience: Patience) -> Result<Board> {
        let raw = source.base_url.as_ref().or(recipe.base_url.as_ref()).ok_or_else(|| {
            Failure::new(Class::Config, format!("the source {} has no address", source.name))
                .why(format!("the recipe {} leaves it to you", recipe.name))
                .hint(format!("add base_url = \"https://…\" to the [[source]] called {}", source.name))
        })?;
        let base = Address::parse(raw).map_err(|why| {
            Failure::new(Class::Config, format!("the base_url of the source {} cannot be used", source.name))
                .why(why)
                .hint("write it like https://api.example.org/v1")
        })?;
        let total = Duration::from_secs(recipe.defaults.timeout);
        let limits = patience.limits.unwrap_or(Limits { total, ..Limits::default() });
        let credential = Credential::new(source, &recipe);
        let host = base.host();
        let idle = patience.stream_idle.unwrap_or(StreamLimits::default().idle);
        let stream = StreamLimits { idle, ..StreamLimits::default() };
        Ok(Board {
            source: source.name.clone(),
            base,
            host,
            http: Http::new(limits),
            credential,
            stream,
            recipe,
            said: Mutex::default(),
        })
    }

    fn around<'a>(&'a self, call: &'a CallSpec, given: Given<'a>, now: Time) -> Around<'a> {
        Around { recipe: &self.recipe, source: &self.source, given, over: Some(&call.fields), now }
    }

    fn context(&self, now: Time) -> Value {
        let now = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        json!({ "limit": self.recipe.defaults.limit, "now": now })
    }

    fn about_job(&self, key: &JobKey, job: Option<&Job>, now: Time) -> Value {
        let mut context = self.context(now);
        context["job"] = json!({
            "id": key.native(),
            "title": job.map(|job| job.title.as_str()).unwrap_or_default(),
            "url": job.and_then(|job| job.url.as_ref()).map(Text::as_str).unwrap_or_default(),
        });
        context
    }

    fn about_assignment(&self, id: &AssignmentId, job: Option<&Job>, now: Time) -> Value {
        let empty = JobKey::of(&self.source, "");
        let mut context = self.about_job(job.map_or(&empty, |job| &job.key), job, now);
        context["assignment"] = json!({ "id": id.native(), "job": context["job"]["id"] });
        context
    }

    /// A call whose answer holds one record.
    async fn single<T>(
        &self,
        meta: &mut Meta,
        call: Option<&CallSpec>,
        context: &Value,
        extra: ask::Extra,
        now: Time,
        map: impl FnOnce(&CallSpec, &Value) -> Result<T, Misfit>,
    ) -> Outcome<T> {
        let Some(call) = call else { return Outcome::Unsupported };
        let answer = match self.ask(meta, call, context, extra, now).await {
            Ok(answer) => answer,
            Err(end) => return widen(end),
        };
        let record = match &call.root {
            None => Some(&answer.json),
            Some(root) => root.first(&answer.json),
        };
        let mapped = match record {
            Some(record) => map(call, record).map_err(|misfit| misfit.sentence),
            None => Err(format!(
                "{} matches nothing in its answer; there is {}",
                call.root.as_ref().map(|root| root.source()).unwrap_or_default(),
                map::shown(&answer.json)
            )),
        };
        mapped.map_or_else(|why| Outcome::Broken(self.nonsense(why)), Outcome::Done)
    }

    /// An answer that does not fit the recipe.
    fn nonsense(&self, why: impl std::fmt::Display) -> Failure {
        Failure::new(
            Class::Platform,
            format!("{} answered in a way that the recipe {} does not describe", self.source, self.recipe.name),
        )
        .why(self.credential.redact(&why.to_string()))
        .hint(format!("run: juggler sources test {}", self.source))
    }
}

impl Platform for Board {
    fn source(&self) -> &SourceName {
        &self.source
    }

    fn abilities(&self) -> Abilities {
        let calls = &self.recipe.calls;
        Abilities {
            claim: calls.claim.is_some(),
            release: calls.release.is_some(),
            idempotent: calls.submit.as_ref().is_some_and(|submit| submit.idempotency_header.is_some()),
            assignments: calls.assignments.is_some(),
            payments: calls.payments.is_some(),
            uploads: calls.submit.as_ref().is_some_and(|submit| submit.steps.iter().any(|step| step.file_body)),
            stream: calls.stream.is_some(),
        }
    }

    fn host(&self) -> &str {
        &self.host
    }

    fn base(&self) -> Option<&Address> {
        Some(&self.base)
    }

    fn jobs<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Job>>> {
        Box::pin(async move {
            let call = &self.recipe.calls.jobs;
            let whole = call.detailed || self.recipe.calls.job.is_none();
            self.list(call, cursor, now, |item| map::job(self.around(call, Given::default(), now), item, whole)).await
        })
    }

    fn job<'a>(&'a self, key: &'a JobKey, now: Time) -> BoxFuture<'a, Answer<Job>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let context = self.about_job(key, None, now);
            let given = Given { job: Some(key.native()), assignment: None };
            let call = self.recipe.calls.job.as_ref();
            let outcome = self
                .single(&mut meta, call, &context, ask::Extra::default(), now, |call, record| {
                    let job = map::job(self.around(call, given, now), record, true)?;
                    if job.key == *key {
                        self.said.lock().unwrap_or_else(PoisonError::into_inner).keep(key, record);
                        return Ok(job);
                    }
                    Err(Misfit { sentence: format!("asked for {}, it sent {}", key.native(), job.key.native()) })
                })
                .await;
            Answer { outcome, meta }
        })
    }

    fn claim<'a>(&'a self, job: &'a Job, now: Time) -> BoxFuture<'a, Answer<Grant>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let context = self.about_job(&job.key, Some(job), now);
            let given = Given { job: Some(job.key.native()), assignment: None };
            let call = self.recipe.calls.claim.as_ref();
            let outcome = self
                .single(&mut meta, call, &context, ask::Extra { changes: true, ..Default::default() }, now, |call, record| {
                    let told = map::claimed(self.around(call, given, now), record)?;
                    if let Some(other) = told.job.filter(|other| *other != job.key) {
                        return Err(Misfit {
                            sentence: format!("asked for {}, it granted {}", job.key.native(), other.native()),
                        });
                    }
                    let claimed_at = told.claimed_at.unwrap_or(now);
                    let by_ttl = || claimed_at.checked_add_signed(chrono::TimeDelta::seconds(i64::from(job.claim_ttl?)));
                    let assignment = Assignment {
                        id: told.id,
                        job: job.clone(),
                        state: told.state,
                        native_state: told.native_state,
                        claimed_at,
                        deadline: told.deadline.or_else(by_ttl),
                        feedback: Text::default(),
                        submission: None,
                        moved_at: now,
                    };
                    let said = self.said.lock().unwrap_or_else(PoisonError::into_inner).of(&job.key);
                    let raw = raw::printable(&json!({ "claim": record, "job": said }), |words| self.credential.redact(words));
                    Ok(Grant { assignment, raw })
                })
                .await;
            Answer { outcome, meta }
        })
    }

    fn release<'a>(&'a self, assignment: &'a Assignment, now: Time) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let context = self.about_assignment(&assignment.id, Some(&assignment.job), now);
            let Some(call) = &self.recipe.calls.release else { return Answer { outcome: Outcome::Unsupported, meta } };
            let outcome = match self
                .ask(&mut meta, call, &context, ask::Extra { bare: true, changes: true, ..Default::default() }, now)
                .await
            {
                Ok(_) => Outcome::Done(()),
                Err(end) => widen(end),
            };
            Answer { outcome, meta }
        })
    }

    fn submit<'a>(&'a self, assignment: &'a Assignment, submission: &'a Submission, now: Time) -> BoxFuture<'a, Answer<Receipt>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let outcome = self.deliver(&mut meta, assignment, submission, now).await;
            Answer { outcome, meta }
        })
    }

    fn assignments<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Listed>>> {
        Box::pin(async move {
            let Some(call) = &self.recipe.calls.assignments else { return unsupported() };
            self.list(call, cursor, now, |item| map::assignment(self.around(call, Given::default(), now), item)).await
        })
    }

    fn assignment<'a>(&'a self, id: &'a AssignmentId, now: Time) -> BoxFuture<'a, Answer<Listed>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let context = self.about_assignment(id, None, now);
            let given = Given { job: None, assignment: Some(id.native()) };
            let call = self.recipe.calls.assignment.as_ref();
            let outcome = self
                .single(&mut meta, call, &context, ask::Extra::default(), now, |call, record| {
                    let listed = map::assignment(self.around(call, given, now), record)?;
                    if listed.id == *id {
                        return Ok(listed);
                    }
                    Err(Misfit { sentence: format!("asked for {}, it sent {}", id.native(), listed.id.native()) })
                })
                .await;
            Answer { outcome, meta }
        })
    }

    fn payments<'a>(&'a self, cursor: &'a Cursor, now: Time) -> BoxFuture<'a, Answer<Page<Payment>>> {
        Box::pin(async move {
            let Some(call) = &self.recipe.calls.payments else { return unsupported() };
            self.list(call, cursor, now, |item| map::payment(self.around(call, Given::default(), now), item)).await
        })
    }

    fn attachment<'a>(&'a self, url: &'a Text, now: Time) -> BoxFuture<'a, Answer<Fetched>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let outcome = self.fetch(&mut meta, url, now).await.unwrap_or_else(widen);
            Answer { outcome, meta }
        })
    }

    fn watch<'a>(&'a self, poke: &'a (dyn Fn() + Send + Sync)) -> BoxFuture<'a, Answer<()>> {
        Box::pin(async move {
            let mut meta = Meta::default();
            let Some(call) = &self.recipe.calls.stream else { return Answer { outcome: Outcome::Unsupported, meta } };
            // The stream has no clock of its own to be told; `now` only dates rate headers here.
            let now = Time::from(std::time::SystemTime::now());
            let outcome = self.listen(&mut meta, call, poke, now).await.map_or_else(widen, Outcome::Done);
            Answer { outcome, meta }
        })
    }
}

fn unsupported<T>() -> Answer<T> {
    Answer { outcome: Outcome::Unsupported, meta: Meta::default() }
}

impl Board {
    /// Fetches an attachment: with the key from the platform's own origin, without it and under stricter rules from elsewhere.
    async fn fetch(&self, meta: &mut Meta, url: &Text, now: Time) -> Result<Outcome<Fetched>, End> {
        let spec = self.recipe.calls.attachment.as_ref();
        let address = match self.base.resolve(url.as_str()) {
            Ok(address) => address,
            Err(why) => {
                let message = Text::title(&format!("the attachment's address cannot be used: {why}"));
                return Err(Outcome::Refused { reason: Refusal::Other, message });
            }
        };
        let own = address.same_origin(&self.base);
        let reach = match (own, self.recipe.plain_http) {
            (false, _) => Reach::Foreign,
            (true, true) => Reach::PlainPlatform,
            (true, false) => Reach::Platform,
        };
        let plan = ask::Plan {
            method: Method::Get,
            url: address,
            headers: if own { self.headers(spec, &self.context(now))? } else { Vec::new() },
            body: None,
            cap: ATTACHMENT_CAP,
            timeout: spec.and_then(|spec| spec.timeout).map(Duration::from_secs),
            reach,
        };
        let reply = self.exchange(meta, &plan, now).await?;
        if !(200..300).contains(&reply.status) {
            return Err(self.judge(&reply, judge::About { read: true, list: false, ok: &[] }, now));
        }
        let mime = Text::title(&reply.mime().unwrap_or_else(|| "application/octet-stream".into()));
        Ok(Outcome::Done(Fetched { mime, bytes: reply.body }))
    }

    async fn listen(&self, meta: &mut Meta, call: &CallSpec, poke: &(dyn Fn() + Send + Sync), now: Time) -> Result<(), End> {
        let plan = self.plan(call, &self.context(now), ask::Extra::default())?;
        let kinds: BTreeSet<&str> = call.events.iter().map(String::as_str).collect();
        let on = |event: crate::net::Pushed| {
            if kinds.is_empty() || kinds.contains(event.kind.as_str()) {
                poke();
            }
        };
        let secrets = self.credential.headers(self, meta, now).await?;
        let sent = self.http.events(plan.call(secrets), self.stream, &on).await;
        meta.latency += sent.latency;
        match sent.end {
            NetEnd::Answered(reply) if reply.status == 200 => {
                self.note(meta, &reply, now);
                Ok(())
            }
            NetEnd::Answered(reply) => {
                self.note(meta, &reply, now);
                if reply.status == 401 {
                    self.credential.forget().await;
                }
                Err(self.judge(&reply, judge::About { read: true, list: false, ok: &[] }, now))
            }
            other => Err(judge::unanswered(other)),
        }
    }
}
