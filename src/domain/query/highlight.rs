//! Where the words of a query stand in a text, for the screen.

use std::ops::Range;

use super::Query;
use super::ast::{Expr, Pattern, Term, TextField};
use super::fold::Folded;
use super::matcher::{Matcher, Place};

/// The words of a query, ready to be sought in many texts.
#[derive(Clone, Debug, Default)]
pub struct Highlighter {
    /// `None`: a bare word, sought everywhere.
    words: Vec<(Option<TextField>, Matcher)>,
}

impl Query {
    /// Where bare words of this query that are not negated stand in `text`: ranges of bytes on character boundaries, in order,
    /// none touching another. [`Query::highlighter`] for more than a few texts.
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        self.highlighter().ranges(None, text)
    }

    /// The words of this query that are not negated, made ready once.
    pub fn highlighter(&self) -> Highlighter {
        let mut words = Vec::new();
        collect(&self.expr, true, &mut |term| match term {
            Term::Word(pattern) => words.push((None, Matcher::new(pattern, Place::Prose))),
            Term::Text(field, patterns) => {
                words.extend(patterns.iter().map(|pattern| (Some(*field), Matcher::new(pattern, field.place()))));
            }
            _ => {}
        });
        Highlighter { words }
    }

    /// The fuzzy words that are not negated, for ranking; empty when nothing is to be ranked.
    pub fn fuzzy_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        collect(&self.expr, true, &mut |term| {
            if let Term::Word(Pattern::Fuzzy(word)) = term {
                words.push(word.clone());
            }
        });
        words
    }
}

fn collect(expr: &Expr, positive: bool, take: &mut dyn FnMut(&Term)) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect(part, positive, take)),
        Expr::Not(part) => collect(part, !positive, take),
        Expr::Term(term) if positive => take(term),
        Expr::Term(_) => {}
    }
}

impl Highlighter {
    /// Nothing is ever lit.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Where they stand in `text`, which is the value of `field` (`None`: any text that bare words look at).
    pub fn ranges(&self, field: Option<TextField>, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.words.is_empty() {
            return found;
        }
        let folded = Folded::of(text);
        for (only, matcher) in &self.words {
            if only.is_none() || *only == field {
                matcher.find(&folded, &mut found);
            }
        }
        merged(found)
    }
}

fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}
