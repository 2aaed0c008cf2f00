//! The key of a source, fetched when first needed, and the token it is exchanged for.

use std::sync::{Mutex as SyncMutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::Mutex;

use super::super::{Meta, Outcome};
use super::judge::{About, End};
use super::recipe::{Auth, Exchange, Part, Recipe, render};
use super::{Board, ask};
use crate::config::{KeyFrom, Secret, SourceConfig};
use crate::domain::Time;
use crate::error::{Class, Failure};
use crate::net;

/// What was fetched so far.
#[derive(Default)]
struct Held {
    key: Option<Secret>,
    token: Option<(Secret, Instant)>,
}

/// Key and token of one source.
pub struct Credential {
    source: String,
    from: KeyFrom,
    auth: Option<Auth>,
    /// Held across the exchange, so that calls at the same moment share one renewal.
    held: Mutex<Held>,
    /// Everything that must not appear in a message.
    known: SyncMutex<Vec<Secret>>,
}

impl Credential {
    pub fn new(source: &SourceConfig, recipe: &Recipe) -> Credential {
        Credential {
            source: source.name.to_string(),
            from: source.key.clone(),
            auth: recipe.auth.clone(),
            held: Mutex::default(),
            known: SyncMutex::default(),
        }
    }

    /// The recipe exchanges the key for a token.
    pub fn is_exchanged(&self) -> bool {
        self.auth.as_ref().is_some_and(|auth| auth.token.is_some())
    }

    /// Drops key and token: the next call fetches them anew, so that a key renewed at its place is found.
    pub async fn forget(&self) {
        *self.held.lock().await = Held::default();
    }

    /// Drops the token only.
    pub async fn forget_token(&self) {
        self.held.lock().await.token = None;
    }

    /// The headers that show who asks.
    pub async fn headers(&self, board: &Board, meta: &mut Meta, now: Time) -> Result<Vec<(String, Secret)>, End> {
        let Some(auth) = &self.auth else { return Ok(Vec::new()) };
        let mut held = self.held.lock().await;
        let key = match &held.key {
            Some(key) => key.clone(),
            None => {
                let key = self.fetch().await.map_err(Outcome::SignIn)?;
                held.key = Some(key.clone());
                key
            }
        };
        let shown = match &auth.token {
            None => key,
            Some(exchange) => match &held.token {
                Some((token, until)) if Instant::now() < *until => token.clone(),
                _ => {
                    let (token, life) = board.trade(meta, exchange, &key, now).await?;
                    self.remember(&token);
                    held.token = Some((token.clone(), Instant::now() + life));
                    token
                }
            },
        };
        Ok(vec![(auth.header.clone(), Secret::new(format!("{}{}", auth.prefix, shown.expose())))])
    }

    async fn fetch(&self) -> Result<Secret, Failure> {
        match net::resolve(&self.from).await {
            Ok(Some(key)) => {
                if let Some(warning) = key.warning {
                    tracing::warn!(source = %self.source, "{warning}");
                }
                self.remember(&key.secret);
                Ok(key.secret)
            }
            Ok(None) => Err(Failure::new(Class::SignIn, format!("{} needs a key and has none", self.source))
                .why("the platform's recipe sends one with every call")
                .hint(self.cure())),
            Err(failure) => Err(failure),
        }
    }

    fn remember(&self, secret: &Secret) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(secret) {
            // Tokens come and go; the latest are enough.
            if known.len() >= 8 {
                known.remove(1);
            }
            known.push(secret.clone());
        }
    }

    /// `words` without any key or token.
    pub fn redact(&self, words: &str) -> String {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().filter(|secret| secret.expose().len() >= 4).fold(words.to_owned(), |words, secret| {
            if words.contains(secret.expose()) { words.replace(secret.expose(), "[key]") } else { words }
        })
    }

    /// How to put a valid key where this source looks for it.
    pub fn cure(&self) -> String {
        let place = match &self.from {
            KeyFrom::None => format!("give the [[source]] called {} a key in the configuration", self.source),
            KeyFrom::Command(argv) => {
                format!("make the key command ({}) print a valid key", argv.first().map(String::as_str).unwrap_or_default())
            }
            KeyFrom::File(path) => format!("put a valid key into {}", path.display()),
            KeyFrom::Credential(name) => format!("put a valid key into the service's credential {name} and start it again"),
            KeyFrom::Env(name) => format!("export {name} with a valid key and start again"),
            KeyFrom::Given(_) => "start the practice market again: it makes a new key".to_owned(),
        };
        format!("{place}; then run: juggler sources test {}", self.source)
    }
}

impl Board {
    /// Exchanges the key for a token; the token's life is already shortened by the margin.
    async fn trade(&self, meta: &mut Meta, exchange: &Exchange, key: &Secret, now: Time) -> Result<(Secret, Duration), End> {
        let unsendable =
            |why: String| Outcome::Unreachable(Failure::new(Class::Config, "the token cannot be asked for").why(why));
        let path = render(&exchange.path, Part::Path, &json!({})).map_err(unsendable)?;
        let body = render(&exchange.body, Part::Json, &json!({ "key": key.expose() })).map_err(unsendable)?;
        let plan = ask::Plan {
            method: exchange.method,
            url: self.base.with_path(&path).map_err(unsendable)?,
            headers: self.headers(None, &json!({}))?,
            body: Some(net::Body { mime: "application/json".into(), bytes: body.into_bytes() }),
            cap: 1 << 20,
            timeout: None,
            reach: self.reach(),
        };
        let reply = self.send(meta, &plan, Vec::new(), now).await.map_err(harmless)?;
        if !(200..300).contains(&reply.status) {
            // A platform that refuses the exchange refuses the key, whatever status it finds for that.
            return Err(match self.judge(&reply, About { read: true, list: false, ok: &[] }, now) {
                Outcome::Refused { message, .. } => Outcome::SignIn(
                    Failure::new(Class::SignIn, format!("{} does not exchange the key for a token", self.source))
                        .why(message)
                        .hint(self.credential.cure()),
                ),
                other => harmless(other),
            });
        }
        let answer: Value = serde_json::from_slice(&reply.body)
            .map_err(|_| Outcome::Unreachable(self.nonsense("the answer to the token exchange is not JSON")))?;
        let token = exchange.token.first(&answer).and_then(Value::as_str).filter(|token| !token.is_empty()).ok_or_else(|| {
            let why = format!("{} matches no token in the answer to the exchange", exchange.token.source());
            Outcome::Unreachable(self.nonsense(why))
        })?;
        let told = exchange.expires_in.as_ref().and_then(|path| path.first(&answer)).and_then(Value::as_u64);
        let life = told.unwrap_or(exchange.lifetime).min(30 * 86_400).saturating_sub(exchange.renew_before);
        Ok((Secret::new(token.to_owned()), Duration::from_secs(life)))
    }
}

/// Without a token the call itself was never sent: nothing can have happened, however the exchange ended.
fn harmless(end: End) -> End {
    match end {
        Outcome::Unanswered(failure) | Outcome::Broken(failure) => Outcome::Unreachable(failure),
        other => other,
    }
}
