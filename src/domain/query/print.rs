//! A query as text: what is printed reads as the same query again.

use std::fmt::{self, Write};

use super::ast::{Expr, Op, Pattern, Term};
use super::field::Field;
use super::lex::{ends_term, is_op};
use super::words::{AI_RULES, COSTS, MODES, STATES, word_of};
use super::{Query, number};

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expr.clone().normal() {
            Expr::And(parts) if parts.is_empty() => Ok(()),
            expr => write_expr(f, &expr),
        }
    }
}

fn write_expr(f: &mut impl Write, expr: &Expr) -> fmt::Result {
    match expr {
        Expr::And(parts) if parts.is_empty() => f.write_str("()"),
        Expr::And(parts) => {
            for (n, part) in parts.iter().enumerate() {
                f.write_str(if n == 0 { "" } else { " " })?;
                if matches!(part, Expr::Or(_)) { write_group(f, part)? } else { write_expr(f, part)? }
            }
            Ok(())
        }
        Expr::Or(parts) => {
            for (n, part) in parts.iter().enumerate() {
                f.write_str(if n == 0 { "" } else { " or " })?;
                write_expr(f, part)?;
            }
            Ok(())
        }
        Expr::Not(part) => {
            f.write_char('-')?;
            match &**part {
                Expr::And(parts) if parts.is_empty() => f.write_str("()"),
                Expr::And(_) | Expr::Or(_) => write_group(f, part),
                _ => write_expr(f, part),
            }
        }
        Expr::Term(term) => write_term(f, term),
    }
}

fn write_group(f: &mut impl Write, expr: &Expr) -> fmt::Result {
    f.write_char('(')?;
    write_expr(f, expr)?;
    f.write_char(')')
}

fn write_term(f: &mut impl Write, term: &Term) -> fmt::Result {
    match term {
        Term::Word(pattern) => f.write_str(&word(pattern)),
        Term::Text(field, patterns) => list(f, Field::Text(*field), patterns.iter().map(value)),
        Term::Number(field, op, number) => {
            let op = match op {
                Op::Lt => "<",
                Op::Le => "<=",
                Op::Eq => "=",
                Op::Ge => ">=",
                Op::Gt => ">",
            };
            write!(f, "{}{op}{}", Field::Number(*field).word(), number::write(*field, number))
        }
        Term::Is(states) => list(f, Field::Is, states.iter().map(|is| word_of(STATES, *is))),
        Term::Seen(seen) => f.write_str(if *seen { "seen:yes" } else { "seen:no" }),
        Term::Ai(rules) => list(f, Field::Ai, rules.iter().map(|rule| word_of(AI_RULES, *rule))),
        Term::Mode(modes) => list(f, Field::Mode, modes.iter().map(|mode| word_of(MODES, *mode))),
        Term::Costs(costs) => list(f, Field::Costs, costs.iter().map(|cost| word_of(COSTS, *cost))),
        Term::Brief(pattern) => list(f, Field::Brief, std::iter::once(value(pattern))),
    }
}

fn list<S: AsRef<str>>(f: &mut impl Write, field: Field, values: impl Iterator<Item = S>) -> fmt::Result {
    f.write_str(field.word())?;
    for (n, value) in values.enumerate() {
        f.write_char(if n == 0 { ':' } else { ',' })?;
        f.write_str(value.as_ref())?;
    }
    Ok(())
}

/// A bare word: nothing in it may look like a field, a connective or a negation.
fn word(pattern: &Pattern) -> String {
    let out = written(pattern, |c| ends_term(c) || is_op(c));
    let connective = out.eq_ignore_ascii_case("or") || out.eq_ignore_ascii_case("and");
    let negation = out.starts_with(['-', '!']);
    if connective || negation { format!("\\{out}") } else { out }
}

/// A field's value, as it must be written.
pub(super) fn value(pattern: &Pattern) -> String {
    written(pattern, |c| ends_term(c) || c == ',')
}

fn written(pattern: &Pattern, special: fn(char) -> bool) -> String {
    let escape = |c: char| special(c) || matches!(c, '\\' | '*');
    match pattern {
        Pattern::Plain(text) => {
            let lead = if text.starts_with(['"', '/', '~']) { "\\" } else { "" };
            format!("{lead}{}", escaped(text, escape))
        }
        Pattern::Exact(text) => format!("\"{}\"", escaped(text, |c| matches!(c, '"' | '\\' | '*'))),
        Pattern::Wild(text) => {
            let plain = !text.starts_with(['"', '/', '~', '-', '!']) && !text.chars().any(|c| special(c) || c == '\\');
            if plain { text.clone() } else { format!("\"{}\"", escaped(text, |c| matches!(c, '"' | '\\'))) }
        }
        Pattern::Fuzzy(text) => {
            let lead = if text.starts_with('"') { "~\\" } else { "~" };
            format!("{lead}{}", escaped(text, escape))
        }
        Pattern::Regex(text) => {
            let mut out = String::from("/");
            let mut chars = text.chars();
            while let Some(c) = chars.next() {
                match c {
                    '/' => out.push_str("\\/"),
                    '\\' => {
                        out.push(c);
                        out.extend(chars.next());
                    }
                    c => out.push(c),
                }
            }
            out.push('/');
            out
        }
    }
}

fn escaped(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
