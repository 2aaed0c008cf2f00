//! One value of a record: where it is and how it is read.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json_path::JsonPath;

/// A JSONPath (RFC 9535), compiled.
#[derive(Clone)]
pub struct Path {
    source: String,
    compiled: JsonPath,
    /// The members of a plain path (`$.a.b`), which is most of them and needs no query.
    plain: Option<Vec<String>>,
    /// The members before the `[*]` of a plain list (`$.a.b[*]`).
    list: Option<Vec<String>>,
}

impl Path {
    /// Compiles; the error says what is wrong and how a path looks.
    pub fn parse(source: &str) -> Result<Path, String> {
        match JsonPath::parse(source) {
            Ok(compiled) => {
                let list = source.strip_suffix("[*]").and_then(plain);
                Ok(Path { source: source.to_owned(), compiled, plain: plain(source), list })
            }
            Err(error) => {
                Err(format!("\"{source}\" is not a JSONPath ({error}); one looks like $.reward.amount, a list like $.items[*]"))
            }
        }
    }

    /// As written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The first match.
    pub fn first<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match &self.plain {
            Some(members) => at(members, value),
            None => self.compiled.query(value).first(),
        }
    }

    /// Every match.
    pub fn all<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        match self.list.as_ref().map(|members| at(members, value)) {
            None => self.compiled.query(value).all(),
            Some(Some(Value::Array(parts))) => parts.iter().collect(),
            // A wildcard takes the members of an object too.
            Some(Some(Value::Object(members))) => members.values().collect(),
            Some(_) => Vec::new(),
        }
    }

    /// The JSON pointer of the match with this number.
    pub fn pointer(&self, value: &Value, number: usize) -> String {
        let found = self.compiled.query_located(value).into_iter().nth(number);
        found.map(|node| node.location().to_json_pointer()).unwrap_or_default()
    }
}

fn at<'v>(members: &[String], value: &'v Value) -> Option<&'v Value> {
    members.iter().try_fold(value, |value, member| value.as_object()?.get(member))
}

/// The members of `$.a.b`; nothing for any other path.
fn plain(source: &str) -> Option<Vec<String>> {
    let rest = source.strip_prefix('$')?;
    if rest.is_empty() {
        return Some(Vec::new());
    }
    let members: Vec<String> = rest.strip_prefix('.')?.split('.').map(str::to_owned).collect();
    let is_name = |name: &String| {
        name.bytes().enumerate().all(|(at, b)| b == b'_' || b.is_ascii_alphabetic() || (at > 0 && b.is_ascii_digit()))
            && !name.is_empty()
    };
    members.iter().all(is_name).then_some(members)
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Path::parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// How a raw value is to be understood; every kind of value has its own default (the first of its group).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Read {
    /// Money: "12.50".
    Decimal,
    /// Money: 1250.
    Minor,
    /// Money: 1250 (another word for minor).
    Cents,
    /// Time: 2026-11-23T04:00:00Z.
    Rfc3339,
    /// Time: seconds since 1970.
    Epoch,
    /// Time: milliseconds since 1970.
    EpochMillis,
    /// Time: seconds from now.
    SecondsLeft,
    /// Duration in seconds.
    Seconds,
    /// Duration in minutes.
    Minutes,
    /// Duration in hours.
    Hours,
    /// Duration in milliseconds.
    Millis,
    /// Share: 10 is a tenth.
    Percent,
    /// Share: 0.1 is a tenth.
    Fraction,
    /// Share in millionths.
    Ppm,
    /// Words: an array.
    List,
    /// Words: one string with commas.
    Commas,
}

/// Which asset an amount is in.
#[derive(Clone, Debug)]
pub enum AssetFrom {
    /// Always this: `USD`, `USDC:6`.
    Fixed(String),
    /// Told beside the amount.
    Told(Path),
}

impl<'de> Deserialize<'de> for AssetFrom {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let source = String::deserialize(d)?;
        if source.starts_with('$') {
            Path::parse(&source).map(AssetFrom::Told).map_err(serde::de::Error::custom)
        } else {
            Ok(AssetFrom::Fixed(source))
        }
    }
}

/// A value that the request knows and the answer may not repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// The platform's id of the job asked for.
    Job,
    /// The platform's id of the assignment.
    Assignment,
}

/// What the request knew.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// The platform's id of the job asked for.
    pub job: Option<&'a str>,
    /// The platform's id of the assignment.
    pub assignment: Option<&'a str>,
}

/// Where a value is and how it is read.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The first of these that matches something other than null.
    pub paths: Vec<Path>,
    /// All of them, written one behind the other with this in between: ids made of several members.
    pub join: Option<String>,
    /// How.
    pub read: Option<Read>,
    /// In what, for money.
    pub asset: Option<AssetFrom>,
    /// The platform's word → ours, before the recipe's `[words]`.
    pub map: BTreeMap<String, String>,
    /// When nothing matches.
    pub default: Option<Value>,
    /// Always this.
    pub constant: Option<Value>,
    /// From the request.
    pub from: Option<From>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    path: Paths,
    join: Option<String>,
    #[serde(rename = "as")]
    read: Option<Read>,
    asset: Option<AssetFrom>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    default: Option<Value>,
    value: Option<Value>,
    from: Option<From>,
}

#[derive(Default)]
struct Paths(Vec<Path>);

impl<'de> Deserialize<'de> for Paths {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Paths;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a JSONPath or a list of them")
            }
            fn visit_str<E: serde::de::Error>(self, source: &str) -> Result<Paths, E> {
                Path::parse(source).map(|path| Paths(vec![path])).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Paths, A::Error> {
                let mut paths = Vec::new();
                while let Some(path) = seq.next_element()? {
                    paths.push(path);
                }
                Ok(Paths(paths))
            }
        }
        d.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Field;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a JSONPath such as \"$.title\", a list of them, or a table with path, join, as, asset, map, default, value or from")
            }
            fn visit_str<E: serde::de::Error>(self, source: &str) -> Result<Field, E> {
                Path::parse(source).map(|path| Field { paths: vec![path], ..Field::default() }).map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Field, A::Error> {
                let mut paths = Vec::new();
                while let Some(path) = seq.next_element()? {
                    paths.push(path);
                }
                Ok(Field { paths, ..Field::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Field, A::Error> {
                let table = Table::deserialize(MapAccessDeserializer::new(map))?;
                if table.path.0.is_empty() && table.value.is_none() && table.from.is_none() {
                    return Err(serde::de::Error::custom("this field needs path, value or from"));
                }
                Ok(Field {
                    paths: table.path.0,
                    join: table.join,
                    read: table.read,
                    asset: table.asset,
                    map: table.map,
                    default: table.default,
                    constant: table.value,
                    from: table.from,
                })
            }
        }
        d.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_and_queries_agree() {
        let value = serde_json::json!({ "a": { "b": [1, { "c": null }], "é": 2 }, "x-y": 3, "$": 4 });
        for source in [
            "$",
            "$.a",
            "$.a.b",
            "$.a.b.c",
            "$.none",
            "$.a.none.deep",
            "$.a.é",
            "$['x-y']",
            "$.a.b[0]",
            "$.a.b[1].c",
            "$.a.b[*]",
            "$.a[*]",
            "$[*]",
            "$.none[*]",
            "$.a.b[*].c",
        ] {
            let path = Path::parse(source).unwrap();
            assert_eq!(path.first(&value), path.compiled.query(&value).first(), "{source}");
            assert_eq!(path.all(&value), path.compiled.query(&value).all(), "{source}");
        }
    }
}
