//! What an answer is made of, and what becomes of it in the draft.

use serde_json::{Value, json};

use crate::domain::{Job, deliverable::Rule};

use super::template::{Kind, Template};

/// What an answer has to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A text.
    Text,
    /// So many items, each by this schema.
    Items { least: u64, most: u64, item: Value },
}

impl Shape {
    /// What a template wants of its answer, for a job.
    pub fn of(template: &Template, job: &Job) -> Shape {
        if template.output == Kind::Text {
            return Shape::Text;
        }
        let item = template.item.as_deref().and_then(|item| serde_json::from_str(item).ok());
        let (mut least, mut most) = (1, 1_000);
        for rule in &job.deliverable.rules {
            match rule {
                Rule::Items { min, max } => (least, most) = (u64::from(*min).max(1), u64::from(*max).max(1)),
                Rule::Rank { ids, .. } | Rule::Label { ids, .. } => (least, most) = (ids.len() as u64, ids.len() as u64),
                _ => {}
            }
        }
        Shape::Items { least, most, item: item.unwrap_or_else(|| json!({ "type": "string" })) }
    }

    /// The schema that goes to the provider: the plain one, since not all know how to count.
    pub fn schema(&self) -> Option<Value> {
        let Shape::Items { item, .. } = self else { return None };
        Some(json!({
            "type": "object",
            "properties": { "items": { "type": "array", "items": item } },
            "required": ["items"],
            "additionalProperties": false,
        }))
    }

    /// The text of a whole answer.
    ///
    /// # Errors
    /// Why it is not what was asked for, in words that a model and a person understand.
    pub fn read(&self, raw: &str) -> Result<String, String> {
        let Shape::Items { least, most, .. } = self else {
            let text = unfenced(raw).trim_matches('\n').trim_end();
            return if text.trim().is_empty() { Err("it is empty".to_owned()) } else { Ok(text.to_owned()) };
        };
        let value: Value = serde_json::from_str(unfenced(raw).trim()).map_err(|error| format!("it is not JSON: {error}"))?;
        let schema = self.schema().unwrap_or_default();
        let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
        if let Some(error) = validator.iter_errors(&value).next() {
            let at = error.instance_path.to_string();
            return Err(format!("{error}{}", if at.is_empty() { String::new() } else { format!(" (at {at})") }));
        }
        let items = value.get("items").and_then(Value::as_array).cloned().unwrap_or_default();
        let n = items.len() as u64;
        if !(*least..=*most).contains(&n) {
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            return Err(format!("it has {n} items, and {wanted} are wanted"));
        }
        Ok(items.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    /// As much of an unfinished answer as can be shown.
    pub fn sketch(&self, raw: &str) -> String {
        match self {
            Shape::Text => unfenced_start(raw).to_owned(),
            Shape::Items { item, .. } if item.get("type").and_then(Value::as_str) == Some("string") => strings(raw),
            Shape::Items { .. } => raw.to_owned(),
        }
    }
}

fn line(item: &Value) -> String {
    match item {
        // One item is one line.
        Value::String(words) => words.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// Without the fence of code that models like to put around a whole answer.
fn unfenced(raw: &str) -> &str {
    let trimmed = raw.trim();
    let Some(inner) = trimmed.strip_prefix("```").and_then(|rest| rest.strip_suffix("```")) else { return raw };
    match inner.split_once('\n') {
        Some((head, body)) if !head.contains(' ') && !body.contains("```") => body,
        _ => raw,
    }
}

/// The same while its end has not come.
fn unfenced_start(raw: &str) -> &str {
    match raw.trim_start().strip_prefix("```").and_then(|rest| rest.split_once('\n')) {
        Some((head, body)) if !head.contains(' ') => body.strip_suffix("```").unwrap_or(body),
        _ => raw,
    }
}

/// The strings of a list in JSON, as far as they came, a line each.
fn strings(raw: &str) -> String {
    let Some(start) = raw.find('[') else { return String::new() };
    let (mut out, mut chars, mut within) = (String::new(), raw[start + 1..].chars(), false);
    while let Some(c) = chars.next() {
        match (within, c) {
            (false, '"') => {
                if !out.is_empty() {
                    out.push('\n');
                }
                within = true;
            }
            (false, ']') => break,
            (false, _) => {}
            (true, '"') => within = false,
            (true, '\\') => match chars.next() {
                Some('n' | 't' | 'r') => out.push(' '),
                Some('u') => match escaped(&mut chars) {
                    Some(c) => out.push(c),
                    None => break,
                },
                Some(other) => out.push(other),
                None => break,
            },
            (true, c) => out.push(c),
        }
    }
    out
}

fn unit(chars: &mut std::str::Chars<'_>) -> Option<u32> {
    let code = u32::from_str_radix(chars.as_str().get(..4)?, 16).ok()?;
    *chars = chars.as_str()[4..].chars();
    Some(code)
}

/// The character of a `\\u`, of two of them where one does not do; `None` where it is not whole.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    let first = unit(chars)?;
    if !(0xD800..0xDC00).contains(&first) {
        return Some(char::from_u32(first).unwrap_or('\u{fffd}'));
    }
    *chars = chars.as_str().strip_prefix("\\u")?.chars();
    let second = unit(chars)?;
    Some(char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF)).unwrap_or('\u{fffd}'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn five() -> Shape {
        Shape::Items { least: 2, most: 2, item: json!({ "type": "string" }) }
    }

    #[test]
    fn an_answer_is_held_to_what_was_asked() {
        assert_eq!(five().read("{\"items\": [\"One  line\\nonly\", \"Two\"]}").unwrap(), "One line only\nTwo");
        assert_eq!(five().read("```json\n{\"items\": [\"a\", \"b\"]}\n```").unwrap(), "a\nb");
        assert!(five().read("Here you go: a, b").unwrap_err().contains("not JSON"));
        assert!(five().read("{\"items\": [\"a\"]}").unwrap_err().contains("1 items, and 2"));
        assert!(five().read("{\"items\": [1, 2]}").unwrap_err().contains("items"));
        assert!(five().read("{\"items\": [\"a\", \"b\"], \"submit\": true}").is_err());
        assert_eq!(Shape::Text.read("```\nA line\n```").unwrap(), "A line");
        assert_eq!(Shape::Text.read("Use ``` twice: ```").unwrap(), "Use ``` twice: ```");
        assert!(Shape::Text.read(" \n").is_err());
    }

    #[test]
    fn an_unfinished_answer_shows_its_words() {
        let whole = "{\"items\": [\"Caf\\u00e9 \\ud83d\\ude00 \\\"now\\\"\", \"Two\"]}";
        assert_eq!(five().sketch(whole), "Café 😀 \"now\"\nTwo");
        let mut last = 0;
        for (at, _) in whole.char_indices() {
            let shown = five().sketch(&whole[..at]);
            assert!(shown.len() >= last.min(shown.len()) && five().sketch(whole).starts_with(&shown), "{shown}");
            last = shown.len();
        }
        assert_eq!(Shape::Text.sketch("```\nHalf a li"), "Half a li");
    }
}
