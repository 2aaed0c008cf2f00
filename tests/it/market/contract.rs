//! The written contract, as a judge of real answers.

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

/// The contract.
pub struct Contract(Value);

/// The headers that every answer has.
const ALWAYS: [&str; 4] = ["date", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];

impl Contract {
    pub fn read() -> Contract {
        Contract(serde_yaml_ng::from_str(juggler::market::OPENAPI).expect("openapi.yaml is YAML"))
    }

    /// Every operation: path, method, name.
    pub fn operations(&self) -> Vec<(String, String, String)> {
        let mut all = Vec::new();
        for (path, methods) in self.0["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                all.push((path.clone(), method.to_uppercase(), operation["operationId"].as_str().unwrap().to_owned()));
            }
        }
        all
    }

    /// Every operation with every status that it may answer.
    pub fn promises(&self) -> BTreeSet<(String, u16)> {
        let mut all = BTreeSet::new();
        for methods in self.0["paths"].as_object().unwrap().values() {
            for operation in methods.as_object().unwrap().values() {
                let name = operation["operationId"].as_str().unwrap();
                for status in operation["responses"].as_object().unwrap().keys() {
                    all.insert((name.to_owned(), status.parse().unwrap()));
                }
            }
        }
        all
    }

    /// The operation that a request is: by method, or (for a method that is not there) any of the path's.
    pub fn operation(&self, method: &str, path: &str) -> String {
        let path = path.split('?').next().unwrap();
        let fits = |template: &str| {
            let (a, b): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.starts_with('{') || *a == b)
        };
        let mut here = self.operations().into_iter().filter(|(template, ..)| fits(template)).collect::<Vec<_>>();
        here.sort_by_key(|(template, m, _)| (m != method, template.matches('{').count()));
        here.first().unwrap_or_else(|| panic!("{method} {path} is not in the contract")).2.clone()
    }

    /// Panics unless the answer is as written.
    pub fn judge(&self, operation: &str, status: u16, headers: &HeaderMap, body: &[u8]) {
        let place = format!("{operation} {status}");
        let methods = self.0["paths"].as_object().unwrap().values();
        let mut all = methods.flat_map(|methods| methods.as_object().unwrap().values());
        let operation = all.find(|o| o["operationId"] == operation).unwrap();
        let response = self.resolve(&operation["responses"][status.to_string()]);
        assert!(response.is_object(), "{place} is not promised: {}", String::from_utf8_lossy(body));
        let needs = response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase());
        for name in needs.chain(ALWAYS.map(str::to_owned)) {
            assert!(headers.contains_key(&name), "{place} lacks the header {name}");
        }
        let Some(content) = response["content"].as_object() else {
            assert!(body.is_empty(), "{place} has a body");
            return;
        };
        let (mime, media) = content.iter().next().unwrap();
        if mime != "application/json" {
            return;
        }
        assert_eq!(headers["content-type"], "application/json", "{place}");
        let value: Value = serde_json::from_slice(body).unwrap_or_else(|e| panic!("{place}: {e}"));
        let mut schema = media["schema"].clone();
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
        schema["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap_or_else(|e| panic!("{place}: {e}"));
        let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{} at {}", e, e.instance_path)).collect();
        assert!(errors.is_empty(), "{place}: {errors:#?}\n{value:#}");
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(to) => self.0.pointer(to.trim_start_matches('#')).unwrap_or_else(|| panic!("{to} leads nowhere")),
            None => value,
        }
    }
}
