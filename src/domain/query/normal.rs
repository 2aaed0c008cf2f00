//! The normal form of an expression: what the parser makes and the printer writes. It means the same.

use super::ast::{Expr, Pattern, Term};
use super::words::ANY_COST;
use crate::domain::Costs;

impl Expr {
    /// No `And` in an `And` and no `Or` in an `Or`, none of either with one part, no double negation; nothing that always holds in
    /// an `And`. A word of no characters, which everything has, is `And([])`; what can never hold is its negation.
    #[must_use]
    pub fn normal(self) -> Expr {
        match self {
            Expr::And(parts) => {
                let mut flat = Vec::with_capacity(parts.len());
                for part in parts {
                    match part.normal() {
                        Expr::And(inner) => flat.extend(inner),
                        part => flat.push(part),
                    }
                }
                one(flat, Expr::And)
            }
            Expr::Or(parts) => {
                let mut flat = Vec::with_capacity(parts.len());
                for part in parts {
                    match part.normal() {
                        Expr::Or(inner) => flat.extend(inner),
                        part => flat.push(part),
                    }
                }
                if flat.is_empty() { nothing() } else { one(flat, Expr::Or) }
            }
            Expr::Not(part) => match part.normal() {
                Expr::Not(inner) => *inner,
                part => Expr::Not(Box::new(part)),
            },
            Expr::Term(term) => self::term(term),
        }
    }
}

fn nothing() -> Expr {
    Expr::Not(Box::new(Expr::And(Vec::new())))
}

fn one(mut parts: Vec<Expr>, many: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}

fn term(term: Term) -> Expr {
    let term = match term {
        Term::Word(pattern) => {
            let pattern = self::pattern(pattern);
            if let Pattern::Plain(text) | Pattern::Exact(text) | Pattern::Fuzzy(text) | Pattern::Regex(text) = &pattern
                && text.is_empty()
            {
                return Expr::And(Vec::new());
            }
            Term::Word(pattern)
        }
        Term::Text(field, patterns) => Term::Text(field, patterns.into_iter().map(value).collect()),
        Term::Brief(pattern) => Term::Brief(value(pattern)),
        Term::Is(states) => Term::Is(unique(states)),
        Term::Ai(rules) => Term::Ai(unique(rules)),
        Term::Mode(modes) => Term::Mode(unique(modes)),
        Term::Costs(costs) => Term::Costs(unique(costs.into_iter().flat_map(single).collect())),
        term => term,
    };
    let empty = match &term {
        Term::Text(_, patterns) => patterns.is_empty(),
        Term::Is(states) => states.is_empty(),
        Term::Ai(rules) => rules.is_empty(),
        Term::Mode(modes) => modes.is_empty(),
        Term::Costs(costs) => costs.is_empty(),
        _ => false,
    };
    if empty { nothing() } else { Expr::Term(term) }
}

fn unique<T: PartialEq>(values: Vec<T>) -> Vec<T> {
    let mut kept = Vec::with_capacity(values.len());
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// A mask as its single costs, but the whole mask as itself.
fn single(costs: Costs) -> Vec<Costs> {
    if costs.none() || costs.has(ANY_COST) {
        return vec![Costs(costs.0 & ANY_COST.0)];
    }
    (0..5).map(|bit| Costs(1 << bit)).filter(|bit| costs.has(*bit)).collect()
}

fn pattern(pattern: Pattern) -> Pattern {
    match pattern {
        Pattern::Wild(text) if !text.contains('*') => Pattern::Exact(text),
        // Several stars are one.
        Pattern::Wild(mut text) => {
            let mut star = false;
            text.retain(|c| !(std::mem::replace(&mut star, c == '*') && c == '*'));
            Pattern::Wild(text)
        }
        Pattern::Regex(text) if text.contains("\\/") => Pattern::Regex(slashes(&text)),
        pattern => pattern,
    }
}

/// A value must be printable: nothing at all is written with quotes.
fn value(value: Pattern) -> Pattern {
    match pattern(value) {
        Pattern::Plain(text) if text.is_empty() => Pattern::Exact(text),
        Pattern::Fuzzy(text) if text.is_empty() => Pattern::Regex(text),
        pattern => pattern,
    }
}

/// A slash needs no backslash once it is out of its slashes.
fn slashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('/')) => {}
            ('\\', Some(next)) => {
                out.push(c);
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}
