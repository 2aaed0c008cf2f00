//! Dialogues to train a chatbot with, one JSON object a line.

use serde_json::Value;

use super::sheet::Sheet;
use super::{Finding, and_more, fail, pass};

/// Every item is a dialogue of at least `turns` messages, in turn, ending with the assistant.
pub fn judge(sheet: &Sheet<'_>, turns: u32) -> Finding {
    let label = format!("dialogues of at least {turns} messages, user and assistant in turn");
    if sheet.items.is_empty() {
        return fail(label, "no dialogue yet; write one JSON object a line, {\"messages\":[…]}".into(), None);
    }
    let mut wrong = sheet.items.iter().enumerate().filter_map(|(i, item)| Some((i, item.line, fault(item.text, turns)?)));
    let Some((i, line, fault)) = wrong.next() else { return pass(label) };
    fail(label, format!("dialogue {}: {fault}{}", i + 1, and_more(wrong.count())), Some(line))
}

/// What is wrong with one dialogue, if anything.
pub fn fault(text: &str, turns: u32) -> Option<String> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return Some(format!("not JSON at column {}; each line is one object", error.column())),
    };
    let Some(object) = value.as_object() else { return Some("is not an object; write {\"messages\":[…]}".into()) };
    let Some(messages) = object.get("messages").and_then(Value::as_array) else {
        return Some("has no list \"messages\"".into());
    };
    if let Some(other) = object.keys().find(|k| *k != "messages") {
        return Some(format!("has a key \"{other}\" beside \"messages\"; leave it out"));
    }
    let mut expected: &[&str] = &["system", "user"];
    for (i, message) in messages.iter().enumerate() {
        let n = i + 1;
        let Some(message) = message.as_object() else { return Some(format!("message {n} is not an object")) };
        if let Some(other) = message.keys().find(|k| !matches!(k.as_str(), "role" | "content")) {
            return Some(format!("message {n} has a key \"{other}\"; only role and content belong there"));
        }
        let Some(role) = message.get("role").and_then(Value::as_str) else { return Some(format!("message {n} has no role")) };
        if !expected.contains(&role) {
            return Some(format!("message {n} is by \"{role}\" and should be by {}", expected.join(" or ")));
        }
        match message.get("content").and_then(Value::as_str) {
            Some(content) if !content.trim().is_empty() => {}
            _ => return Some(format!("message {n} says nothing; write its content")),
        }
        expected = match role {
            "user" => &["assistant"],
            _ => &["user"],
        };
    }
    if messages.len() < turns as usize {
        return Some(format!("{} of {turns} messages; add {}", messages.len(), turns as usize - messages.len()));
    }
    match messages.last().and_then(|m| m.get("role")).and_then(Value::as_str) {
        Some("assistant") => None,
        _ => Some("does not end with the assistant; add its answer".into()),
    }
}
