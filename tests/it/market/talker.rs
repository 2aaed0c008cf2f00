//! A worker's bare HTTP client, which holds every answer against the contract.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use juggler::market::{self, Options, Rate, Running};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use super::contract::Contract;

/// A market that moves fast, where nobody competes and nothing is added.
pub fn quick(seed: u64) -> Options {
    Options {
        seed,
        rivals: false,
        jobs: 300,
        rate: Rate::NONE,
        speed: 100_000,
        requests_per_minute: 1_000_000,
        hand_limit: 500,
        ..Options::default()
    }
}

/// A market and a client of it.
pub struct Talker {
    pub market: Running,
    pub http: Client,
    pub contract: Contract,
    seen: Mutex<BTreeSet<(String, u16)>>,
}

/// An answer that was as written.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> (u16, &str) {
        (self.status, self.body["error"].as_str().unwrap_or(""))
    }

    pub fn header(&self, name: &str) -> String {
        self.headers[name].to_str().unwrap().to_owned()
    }
}

impl Talker {
    pub async fn start(options: Options) -> Talker {
        // Another test may have done it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let market = market::serve(options).await.expect("the market starts");
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Talker { market, http, contract: Contract::read(), seen: Mutex::default() }
    }

    /// What was promised and never seen here.
    pub fn unseen(&self) -> Vec<(String, u16)> {
        let seen = self.seen.lock().unwrap();
        self.contract.promises().into_iter().filter(|promise| !seen.contains(promise)).collect()
    }

    /// The address of a path that begins with `/v1`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.market.base_url(), path.strip_prefix("/v1").unwrap())
    }

    /// A request with the key and nothing else.
    pub fn raw(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, self.url(path)).header("X-API-Key", self.market.api_key())
    }

    /// Sends and judges.
    pub async fn send(&self, method: &str, path: &str, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap_or_else(|e| panic!("{method} {path}: {e:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let operation = self.contract.operation(method, path);
        self.contract.judge(&operation, status, &headers, &bytes);
        self.seen.lock().unwrap().insert((operation, status));
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, headers, bytes, body }
    }

    /// Notes an answer that was judged elsewhere.
    pub fn saw(&self, operation: &str, status: u16) {
        self.seen.lock().unwrap().insert((operation.to_owned(), status));
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, self.raw("GET", path)).await
    }

    pub async fn post(&self, path: &str) -> Answer {
        self.send("POST", path, self.raw("POST", path)).await
    }

    pub async fn submit(&self, assignment: &str, key: &str, body: &Value) -> Answer {
        let path = format!("/v1/assignments/{assignment}/submit");
        self.send("POST", &path, self.raw("POST", &path).header("Idempotency-Key", key).json(body)).await
    }

    /// Every item of a list, page by page, in the order of the pages.
    pub async fn all(&self, path: &str, list: &str) -> Vec<Value> {
        let (mut items, mut cursor) = (Vec::new(), String::new());
        loop {
            let sign = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{sign}cursor={cursor}")).await.body;
            items.extend(page[list].as_array().unwrap().clone());
            if page["has_more"] == false {
                return items;
            }
            cursor = page["next_cursor"].as_str().unwrap().to_owned();
        }
    }

    /// Open jobs that the worker may claim.
    pub async fn claimable(&self) -> Vec<Value> {
        let mut jobs = self.all("/v1/jobs?limit=200", "jobs").await;
        jobs.retain(|job| job["requirements"].as_array().unwrap().iter().all(|r| r["met"] != "no"));
        jobs
    }

    /// As [`Talker::claimable`], of kinds whose deliverable can be met by rote.
    pub async fn easy(&self) -> Vec<Value> {
        let mut jobs = self.claimable().await;
        jobs.retain(|job| job["kind"] == "label" || job["kind"] == "rank");
        assert!(jobs.len() > 5, "{} easy jobs", jobs.len());
        jobs
    }

    /// Claims; the assignment's id.
    pub async fn claim(&self, job: &Value) -> String {
        let answer = self.post(&format!("/v1/jobs/{}/claim", id(job))).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        id(&answer.body["assignment"]).to_owned()
    }

    /// A delivery that passes the job's checks.
    pub async fn good_work(&self, job: &Value) -> Value {
        let job = self.get(&format!("/v1/jobs/{}", id(job))).await.body;
        let rules = job["deliverable"]["rules"].as_array().unwrap();
        let lines: Vec<String> = if let Some(rule) = rules.iter().find(|r| r["rule"] == "label") {
            let label = rule["labels"][0].as_str().unwrap();
            rule["ids"].as_array().unwrap().iter().map(|id| format!("{}: {label}", id.as_str().unwrap())).collect()
        } else {
            let rule = rules.iter().find(|r| r["rule"] == "rank").unwrap_or_else(|| panic!("{rules:#?}"));
            let reason = "it answers what was asked plainly and leaves out everything that nobody wanted to know here";
            let line = |id: &Value| json!({ "id": id, "better": "a", "rating": 5, "reason": reason }).to_string();
            rule["ids"].as_array().unwrap().iter().map(line).collect()
        };
        json!({ "text": lines.join("\n"), "files": [], "disclosure": "" })
    }

    pub async fn assignment(&self, id: &str) -> Value {
        self.get(&format!("/v1/assignments/{id}")).await.body["assignment"].clone()
    }

    /// Waits until an assignment has one of these states.
    pub async fn until(&self, assignment: &str, states: &[&str]) -> Value {
        eventually(|| async {
            let now = self.assignment(assignment).await;
            states.contains(&now["status"].as_str().unwrap()).then_some(now)
        })
        .await
    }
}

pub fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// By id.
pub fn by_id(items: &[Value]) -> BTreeMap<String, Value> {
    items.iter().map(|item| (id(item).to_owned(), item.clone())).collect()
}

/// Asks again until there is an answer; panics after half a minute.
pub async fn eventually<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
