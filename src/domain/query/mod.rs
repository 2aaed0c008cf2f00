//! The query language: one for filters, views, rules, blocks and the command line.

pub mod ast;
mod eval;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use ast::{Expr, Is, Number, NumberField, Op, Pattern, Term, TextField};
pub use eval::Context;

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
        let words = text.split_whitespace().map(|word| match word {
            "is:starred" => Expr::Term(Term::Is(vec![Is::Starred])),
            "is:away" => Expr::Term(Term::Is(vec![Is::Away])),
            "is:any" => Expr::Term(Term::Is(vec![Is::Any])),
            _ => Expr::Term(Term::Word(Pattern::Plain(word.to_owned()))),
        });
        let mut words: Vec<Expr> = words.collect();
        Ok(Query { expr: if words.len() == 1 { words.remove(0) } else { Expr::And(words) } })
    }

    /// Everything.
    pub fn all() -> Query {
        Query::default()
    }

    /// Both.
    #[must_use]
    pub fn and(&self, other: &Query) -> Query {
        let parts = |query: &Query| match &query.expr {
            Expr::And(parts) => parts.clone(),
            expr => vec![expr.clone()],
        };
        let mut all = parts(self);
        all.extend(parts(other));
        Query { expr: if all.len() == 1 { all.remove(0) } else { Expr::And(all) } }
    }

    /// Narrows nothing.
    pub fn is_all(&self) -> bool {
        matches!(&self.expr, Expr::And(parts) if parts.is_empty())
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = match &self.expr {
            Expr::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        for part in parts {
            match part {
                Expr::Term(Term::Word(Pattern::Plain(word))) => write!(f, "{word} ")?,
                Expr::Term(Term::Is(states)) => write!(f, "is:{} ", format!("{:?}", states[0]).to_lowercase())?,
                _ => {}
            }
        }
        Ok(())
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
