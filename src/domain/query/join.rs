//! Queries that are made, not typed.

use super::{Expr, Query};

impl Query {
    /// Every term about the brief stands beside the other conditions, not inside of one: a search of briefs alone then says which
    /// of the jobs that fit the rest fit all of it.
    pub fn briefs_stand_alone(&self) -> bool {
        let mut is_brief = |term: &super::Term| matches!(term, super::Term::Brief(_));
        let parts = match &self.expr {
            Expr::And(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        parts.iter().all(|part| match part {
            Expr::Term(_) => true,
            Expr::Not(inner) if matches!(**inner, Expr::Term(_)) => true,
            part => !part.any_term(&mut is_brief),
        })
    }

    /// Jobs in this state.
    pub fn is(state: super::Is) -> Query {
        Query { expr: Expr::Term(super::Term::Is(vec![state])) }
    }
}
