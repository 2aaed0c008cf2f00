//! A stand-in until the evaluator is there.

use super::{Expr, Is, Pattern, Query, Term};
use crate::domain::{Listing, Time};

/// What the clock and the last visit say.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Now.
    pub now: Time,
    /// When the feed was last left.
    pub new_since: Time,
}

impl Query {
    /// Belongs to the view of this query.
    pub fn admits(&self, listing: &Listing<'_>, ctx: &Context) -> bool {
        let ordinary = listing.is_open(ctx.now) && !listing.marks.is_away(ctx.now) && listing.mine.is_none();
        (names_state(&self.expr) || ordinary) && holds(&self.expr, listing, ctx)
    }
}

fn names_state(expr: &Expr) -> bool {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().any(names_state),
        Expr::Not(part) => names_state(part),
        Expr::Term(Term::Is(states)) => states.iter().any(|state| state.is_beyond_feed()),
        Expr::Term(_) => false,
    }
}

fn holds(expr: &Expr, listing: &Listing<'_>, ctx: &Context) -> bool {
    match expr {
        Expr::And(parts) => parts.iter().all(|part| holds(part, listing, ctx)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, listing, ctx)),
        Expr::Not(part) => !holds(part, listing, ctx),
        Expr::Term(Term::Word(Pattern::Plain(word))) => {
            let word = word.to_lowercase();
            [listing.title, listing.requester, listing.kind, listing.key].iter().any(|text| text.to_lowercase().contains(&word))
        }
        Expr::Term(Term::Is(states)) => states.iter().any(|state| match state {
            Is::Starred => listing.marks.starred,
            Is::Away => listing.marks.is_away(ctx.now),
            _ => true,
        }),
        Expr::Term(_) => true,
    }
}
