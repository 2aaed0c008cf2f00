//! Queries that are made, not typed.

use super::{Expr, Query, Term};

impl Query {
    /// Conditions about the brief stand beside the others, and are not mixed with them in one `or` or one negation: a search of briefs
    /// alone then says which of the jobs that fit the rest fit all of it.
    pub fn briefs_stand_alone(&self) -> bool {
        let parts = match &self.expr {
            Expr::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        parts.iter().all(|part| part.is_about_briefs() || !part.any_term(&mut |term| matches!(term, Term::Brief(_))))
    }

    /// Jobs in this state.
    pub fn is(state: super::Is) -> Query {
        Query { expr: Expr::Term(Term::Is(vec![state])) }
    }
}

impl Expr {
    /// Nothing in it is about anything but the brief.
    fn is_about_briefs(&self) -> bool {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().all(Expr::is_about_briefs),
            Expr::Not(part) => part.is_about_briefs(),
            Expr::Term(term) => matches!(term, Term::Brief(_)),
        }
    }
}
