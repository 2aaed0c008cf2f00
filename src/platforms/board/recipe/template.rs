//! Templates (minijinja): paths, query values, headers and bodies.
//!
//! In a path every value is percent-encoded; in a body every value is written as JSON. So `{"text": {{ submission.text }}}` is right
//! as it stands, and no value can break out of its place.

use std::fmt;
use std::sync::OnceLock;

use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use serde::{Deserialize, Deserializer};

/// A template whose syntax was checked.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Template(String);

impl Template {
    /// Checks the syntax.
    pub fn parse(source: &str) -> Result<Template, String> {
        let template = environment().template_from_str(source).map_err(|error| words(&error))?;
        drop(template);
        Ok(Template(source.to_owned()))
    }

    /// As written.
    pub fn source(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let source = String::deserialize(d)?;
        Template::parse(&source).map_err(|why| serde::de::Error::custom(format!("this template is wrong: {why}")))
    }
}

/// What a template is for decides how its values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Part of a path: percent-encoded.
    Path,
    /// A query or header value: as it is, encoded later.
    Plain,
    /// A JSON body: as JSON.
    Json,
}

/// Fills a template in. Errors name what is missing, never a value.
pub fn render(template: &Template, part: Part, context: &serde_json::Value) -> Result<String, String> {
    let name = match part {
        Part::Path => "path",
        Part::Plain => "plain",
        Part::Json => "json",
    };
    environment().render_named_str(name, &template.0, context).map_err(|error| words(&error))
}

fn words(error: &Error) -> String {
    let mut words = error.kind().to_string();
    if let Some(detail) = error.detail() {
        words = format!("{words}: {detail}");
    }
    words
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_recursion_limit(50);
        environment.set_auto_escape_callback(|name| match name {
            "path" => AutoEscape::Custom("path"),
            "json" => AutoEscape::Json,
            _ => AutoEscape::None,
        });
        environment.set_formatter(|out, state, value| match state.auto_escape() {
            AutoEscape::Custom("path") if !value.is_safe() => Ok(out.write_str(&encode(value)?)?),
            AutoEscape::Custom("path") => Ok(out.write_str(&value.to_string())?),
            _ => minijinja::escape_formatter(out, state, value),
        });
        environment
    })
}

/// Percent-encodes everything but unreserved characters (RFC 3986, 2.3).
fn encode(value: &Value) -> Result<String, Error> {
    if value.is_undefined() || value.is_none() {
        return Err(Error::new(ErrorKind::UndefinedError, "a value in the path is empty"));
    }
    let raw = value.to_string();
    if raw.is_empty() || raw == "." || raw == ".." {
        return Err(Error::new(ErrorKind::InvalidOperation, "a value in the path is empty or made of dots"));
    }
    let mut out = String::with_capacity(raw.len());
    for byte in raw.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_in_their_place() {
        let context = serde_json::json!({ "id": "a/../b?x=1#é", "text": "say \"hi\"\n{}" });
        let path = Template::parse("/jobs/{{ id }}/claim").unwrap();
        assert_eq!(render(&path, Part::Path, &context).unwrap(), "/jobs/a%2F..%2Fb%3Fx%3D1%23%C3%A9/claim");
        for body in ["{\"t\": {{ text }}}", "{\"t\": {{ text | tojson }}}"] {
            let made = render(&Template::parse(body).unwrap(), Part::Json, &context).unwrap();
            let back: serde_json::Value = serde_json::from_str(&made).unwrap();
            assert_eq!(back["t"], context["text"]);
        }
        let dots = serde_json::json!({ "id": ".." });
        assert!(render(&path, Part::Path, &dots).is_err());
        assert!(render(&path, Part::Path, &serde_json::json!({})).is_err());
    }
}
