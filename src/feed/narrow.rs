//! Whether one query is a narrower form of another: then only the members of the wider one need be looked at.

use crate::domain::Query;
use crate::domain::query::{Expr, Pattern, Term, fold};

/// Whether every job that `narrow` admits is surely admitted by `wide` too. False where it is not plain to see.
pub(super) fn refines(narrow: &Query, wide: &Query) -> bool {
    // A query that names a state sees jobs that the ordinary feed leaves out.
    (wide.names_state() || !narrow.names_state()) && implies(&narrow.expr, &wide.expr)
}

fn implies(narrow: &Expr, wide: &Expr) -> bool {
    if narrow == wide {
        return true;
    }
    match (narrow, wide) {
        (_, Expr::And(parts)) => parts.iter().all(|part| implies(narrow, part)),
        (Expr::And(parts), _) => parts.iter().any(|part| implies(part, wide)),
        (Expr::Or(parts), _) => !parts.is_empty() && parts.iter().all(|part| implies(part, wide)),
        (_, Expr::Or(parts)) => parts.iter().any(|part| implies(narrow, part)),
        (Expr::Term(Term::Word(narrow)), Expr::Term(Term::Word(wide))) => word_implies(narrow, wide),
        _ => false,
    }
}

fn word_implies(narrow: &Pattern, wide: &Pattern) -> bool {
    match (narrow, wide) {
        (Pattern::Plain(narrow) | Pattern::Exact(narrow), Pattern::Plain(wide)) => fold(narrow).contains(fold(wide).as_ref()),
        (Pattern::Plain(narrow) | Pattern::Exact(narrow) | Pattern::Fuzzy(narrow), Pattern::Fuzzy(wide)) => {
            let (narrow, wide) = (fold(narrow), fold(wide));
            let mut chars = narrow.chars();
            wide.chars().all(|wanted| chars.any(|c| c == wanted))
        }
        _ => false,
    }
}
