//! The smallest JSON that a schema describes.

use serde_json::{Map, Value, json};

/// How deep parts may stand in each other.
const DEEP: u32 = 24;

/// Parts and characters of texts in all: lists of lists of lists can ask for more than there is room in the world.
const MOST: usize = 500_000;

/// A value for a schema, with `say` for texts.
pub fn sample(root: &Value, say: &str) -> Value {
    let mut left = MOST;
    part(root, root, say, 0, &mut left)
}

fn part(root: &Value, schema: &Value, say: &str, deep: u32, left: &mut usize) -> Value {
    *left = left.saturating_sub(1);
    if deep > DEEP || *left == 0 {
        return Value::Null;
    }
    let get = |key: &str| schema.get(key);
    if let Some(target) = get("$ref").and_then(Value::as_str).and_then(|r| root.pointer(r.strip_prefix('#')?)) {
        return part(root, target, say, deep + 1, left);
    }
    if let Some(value) = get("const").or_else(|| get("enum")?.get(0)) {
        *left = left.saturating_sub(value.to_string().len());
        return value.clone();
    }
    if let Some(first) = ["anyOf", "oneOf"].iter().find_map(|k| get(k)?.get(0)) {
        return part(root, first, say, deep + 1, left);
    }
    let kind = match get("type") {
        Some(Value::Array(kinds)) => kinds.first().and_then(Value::as_str),
        Some(kind) => kind.as_str(),
        None if get("properties").is_some() => Some("object"),
        None if get("items").is_some() => Some("array"),
        None => None,
    };
    let number = |key: &str| get(key).and_then(Value::as_i64);
    match kind {
        Some("object") => {
            let none = Map::new();
            let properties = get("properties").and_then(Value::as_object).unwrap_or(&none);
            let required = get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            Value::Object(
                required
                    .map(|key| (key.to_owned(), properties.get(key).map_or(json!(say), |p| part(root, p, say, deep + 1, left))))
                    .collect(),
            )
        }
        Some("array") => {
            let n = number("minItems").unwrap_or(1).clamp(0, 200);
            let inner = get("items").unwrap_or(&Value::Bool(true));
            (0..n)
                .map(|i| part(root, inner, &if n > 1 { format!("{say} ({})", i + 1) } else { say.to_owned() }, deep + 1, left))
                .collect()
        }
        Some("integer" | "number") => {
            let above = number("exclusiveMinimum").map(|n| n.saturating_add(1));
            json!(number("minimum").or(above).or_else(|| number("maximum").map(|m| m.min(1))).unwrap_or(1))
        }
        Some("boolean") => json!(true),
        Some("null") => Value::Null,
        _ => {
            let least = usize::try_from(number("minLength").unwrap_or(0)).unwrap_or(0).min(100_000);
            let most = usize::try_from(number("maxLength").unwrap_or(i64::MAX)).unwrap_or(usize::MAX);
            let more = if say.is_empty() { "…" } else { say };
            let mut text = say.to_owned();
            let (mut long, step) = (say.chars().count(), more.chars().count() + 1);
            while long < least.min(*left) {
                text.push(' ');
                text.push_str(more);
                long += step;
            }
            *left = left.saturating_sub(long);
            json!(text.chars().take(most).collect::<String>().trim_end())
        }
    }
}
