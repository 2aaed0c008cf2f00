//! JSON of one line, read without copying it: what is said stays a piece of the line, so that a fault has a column.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Node<'a> {
    Null,
    Bool(bool),
    /// A whole number from nothing up.
    Whole(u64),
    /// Any other number.
    Number(f64),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    /// As written: a key may come twice.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

/// A line that is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// One-based column, in bytes, where the reader stopped.
    pub column: usize,
    /// Its words.
    pub why: String,
}

/// A line, read.
pub type Read<'a> = Result<Node<'a>, Broken>;

impl<'a> Node<'a> {
    /// Reads one value; anything behind it is wrong. Depth is bounded by the reader.
    ///
    /// # Errors
    /// Where and why it is no JSON.
    pub fn read(text: &'a str) -> Read<'a> {
        serde_json::from_str(text).map_err(|error| {
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default().to_owned();
            Broken { column: error.column(), why }
        })
    }

    /// A text.
    pub fn text(&self) -> Option<&str> {
        if let Node::Text(text) = self { Some(text) } else { None }
    }

    /// A list.
    pub fn list(&self) -> Option<&[Node<'a>]> {
        if let Node::List(list) = self { Some(list) } else { None }
    }

    /// An object's parts.
    pub fn object(&self) -> Option<&[(Cow<'a, str>, Node<'a>)]> {
        if let Node::Object(parts) = self { Some(parts) } else { None }
    }

    /// The value of a key; the last one when it comes twice, as readers take it.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.object()?.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// A key that an object holds twice.
    pub fn doubled(&self) -> Option<&str> {
        let parts = self.object()?;
        // Objects of hundreds of keys are no dialogue, and are refused for their keys.
        parts.iter().take(64).enumerate().find(|(i, (key, _))| parts[..*i].iter().any(|(k, _)| k == key)).map(|(_, (k, _))| &**k)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visit<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Visit<'a> {
            type Value = Node<'a>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Node<'a>, E> {
                Ok(Node::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Node<'a>, E> {
                Ok(Node::Bool(value))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Node<'a>, E> {
                Ok(Node::Whole(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Node<'a>, E> {
                Ok(u64::try_from(value).map_or(Node::Number(value as f64), Node::Whole))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Node<'a>, E> {
                Ok(Node::Number(value))
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'a>, E> {
                Ok(Node::Text(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Node<'a>, E> {
                Ok(Node::Text(Cow::Owned(value.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'a>, A::Error> {
                let mut list = Vec::new();
                while let Some(value) = seq.next_element()? {
                    list.push(value);
                }
                Ok(Node::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'a>, A::Error> {
                let mut parts = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    parts.push((key, map.next_value()?));
                }
                Ok(Node::Object(parts))
            }
        }
        d.deserialize_any(Visit(std::marker::PhantomData))
    }
}

/// A key, borrowed where it has no escapes (a plain `Cow` would always be copied).
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visit<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Visit<'a> {
            type Value = Key<'a>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Borrowed(value)))
            }
            fn visit_str<E>(self, value: &str) -> Result<Key<'a>, E> {
                Ok(Key(Cow::Owned(value.to_owned())))
            }
        }
        d.deserialize_str(Visit(std::marker::PhantomData))
    }
}
