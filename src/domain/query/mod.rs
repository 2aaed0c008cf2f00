//! The query language: one for filters, views, rules, blocks and the command line.

pub mod ast;
mod begin;
mod clock;
mod complete;
mod error;
mod eval;
mod field;
mod fold;
mod help;
mod highlight;
mod join;
mod lex;
mod matcher;
mod normal;
mod number;
mod parse;
mod print;
#[cfg(test)]
pub(crate) mod random;
mod refine;
mod regex;
mod term;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};

pub use ast::{Expr, Is, Number, NumberField, Op, Pattern, Term, TextField};
pub use complete::{Completion, Known, KnownLists, complete};
pub use error::QueryError;
pub use eval::{Context, Sieve, in_feed, is_so};
pub use field::{FIELDS, Field, FieldHelp};
pub use fold::fold;
pub use help::{HelpRow, SYNTAX, help, help_text};
pub use highlight::Highlighter;
pub use matcher::{Matcher, Place};

/// A parsed query. Prints as what would be parsed to it again; crosses the socket and the config as that text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// What must hold.
    pub expr: Expr,
}

impl Query {
    /// Everything.
    pub fn all() -> Query {
        Query::default()
    }

    /// Both.
    #[must_use]
    pub fn and(&self, other: &Query) -> Query {
        Query { expr: Expr::And(vec![self.expr.clone(), other.expr.clone()]).normal() }
    }

    /// Narrows nothing.
    pub fn is_all(&self) -> bool {
        matches!(&self.expr, Expr::And(parts) if parts.is_empty())
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
