//! The query language: one for filters, views, rules, blocks and the command line.

pub mod ast;
mod eval;
mod fold;
mod matcher;
mod regex;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use ast::{Expr, Is, Number, NumberField, Op, Pattern, Term, TextField};
pub use eval::{Context, Sieve, in_feed, is_so};
pub use fold::fold;
pub use matcher::{Matcher, Place};

/// A parsed query. Prints as what would be parsed to it again; crosses the socket and the config as that text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// What must hold.
    pub expr: Expr,
}

/// Why a text is not a query: where (a byte offset into it), what, and what may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct QueryError {
    /// Byte offset of the character at fault.
    pub at: usize,
    /// What is wrong.
    pub what: String,
    /// What to write instead; may be empty.
    pub hint: String,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`QueryError`] points at the character that makes no sense.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        // The grammar comes with the parser; until then every word is a bare one.
        let words = text.split_whitespace().map(|word| Expr::Term(Term::Word(Pattern::Plain(word.to_owned()))));
        Ok(Query { expr: Expr::And(words.collect()) })
    }

    /// Everything.
    pub fn all() -> Query {
        Query::default()
    }

    /// Narrows nothing.
    pub fn is_all(&self) -> bool {
        matches!(&self.expr, Expr::And(parts) if parts.is_empty())
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.expr, f)
    }
}

impl Serialize for Query {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Query::parse(&text).map_err(serde::de::Error::custom)
    }
}
