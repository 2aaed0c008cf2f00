//! A platform's own words, kept for audit: JSON in printable ASCII, capped, without the key.

use std::collections::VecDeque;

use serde_json::Value;

use crate::domain::{JobKey, Text};

/// Most bytes kept of jobs that may still be claimed.
const KEPT: usize = 1 << 20;

/// `value` as JSON; everything that is not printable ASCII becomes `\uXXXX`, so that a journal line stays greppable and harmless.
pub(super) fn printable(value: &Value, redact: impl Fn(&str) -> String) -> Text {
    super::super::printable::printable(&redact(&value.to_string()))
}

/// The latest jobs that were read whole: which of them will be claimed is not known before.
#[derive(Debug, Default)]
pub(super) struct Said {
    jobs: VecDeque<(JobKey, Value)>,
    bytes: usize,
}

impl Said {
    pub fn keep(&mut self, key: &JobKey, said: &Value) {
        self.jobs.retain(|(other, old)| {
            let stays = other != key;
            if !stays {
                self.bytes -= size(old);
            }
            stays
        });
        self.bytes += size(said);
        self.jobs.push_back((key.clone(), said.clone()));
        while self.bytes > KEPT
            && let Some((_, old)) = self.jobs.pop_front()
        {
            self.bytes -= size(&old);
        }
    }

    pub fn of(&self, key: &JobKey) -> Option<Value> {
        self.jobs.iter().find(|(other, _)| other == key).map(|(_, said)| said.clone())
    }
}

fn size(value: &Value) -> usize {
    value.to_string().len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::printable::CAP;
    use super::*;

    #[test]
    fn nothing_in_it_steers_a_terminal_and_it_is_still_json() {
        let value = json!({ "title": "a\u{1b}[31m\u{202e}b\u{7f}é🎉", "key": "jm_secret" });
        let text = printable(&value, |words| words.replace("jm_secret", "[key]"));
        assert!(text.as_str().bytes().all(|b| (b' '..=b'~').contains(&b)), "{text}");
        let back: Value = serde_json::from_str(text.as_str()).unwrap();
        assert_eq!(back["title"], value["title"]);
        assert_eq!(back["key"], "[key]");
        assert!(printable(&json!("é".repeat(CAP)), str::to_owned).as_str().len() < CAP + 16);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut said = Said::default();
        for n in 0..200 {
            said.keep(&JobKey::new(&format!("a:{}", n % 100)), &json!("x".repeat(50_000)));
        }
        assert!(said.bytes <= KEPT && said.of(&JobKey::new("a:99")).is_some() && said.of(&JobKey::new("a:1")).is_none());
    }
}
