//! What the clock alone may change about a query's answer.

use super::Query;
use super::ast::{Expr, Is, Number, NumberField, Op, Term};
use super::eval::Context;
use crate::domain::{Listing, Time};

impl Query {
    /// Whether the answer may change though no job does: an age, an expiry, or a state that ends by itself is asked for. (`is:new`
    /// is not: the feed must be left for that to change. The ordinary feed is another matter: a job leaves it when it expires and
    /// comes back when it wakes; [`Query::next_change`] knows.)
    pub fn has_time(&self) -> bool {
        self.expr.any_term(&mut |term| match term {
            Term::Number(field, ..) => matches!(field, NumberField::Age | NumberField::Expires),
            Term::Is(states) => states.iter().any(|is| sleeps(*is) || expires(*is)),
            _ => false,
        })
    }

    /// The earliest instant after `ctx.now` at which [`Query::holds`] or [`Query::admits`] may answer otherwise if nothing but the
    /// clock moves; until then both stay as they are. `None`: never.
    pub fn next_change(&self, listing: &Listing<'_>, ctx: &Context) -> Option<Time> {
        let mut next = Next { now: ctx.now, at: None };
        next.expr(&self.expr, listing);
        if !self.names_state() {
            next.try_at(listing.marks.snoozed_until);
            next.try_at(listing.expires_at);
        }
        next.at
    }
}

fn sleeps(is: Is) -> bool {
    matches!(is, Is::Snoozed | Is::Away)
}

fn expires(is: Is) -> bool {
    matches!(is, Is::Open | Is::Full | Is::Expired)
}

struct Next {
    now: Time,
    at: Option<Time>,
}

impl Next {
    fn try_at(&mut self, at: Option<Time>) {
        if let Some(at) = at.filter(|at| *at > self.now) {
            self.at = Some(self.at.map_or(at, |earlier| earlier.min(at)));
        }
    }

    fn expr(&mut self, expr: &Expr, job: &Listing<'_>) {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| self.expr(part, job)),
            Expr::Not(part) => self.expr(part, job),
            Expr::Term(Term::Is(states)) => {
                if states.iter().any(|is| sleeps(*is)) {
                    self.try_at(job.marks.snoozed_until);
                }
                if states.iter().any(|is| expires(*is)) {
                    self.try_at(job.expires_at);
                }
            }
            // Ages and expiries are compared by the whole second. An age grows past the span, what is left shrinks below it.
            Expr::Term(Term::Number(NumberField::Age, op, Number::Span(span))) => {
                let reached = job.since.timestamp().saturating_add(span.num_seconds());
                self.crossing(reached, matches!(op, Op::Lt | Op::Ge), *op == Op::Eq);
            }
            Expr::Term(Term::Number(NumberField::Expires, op, Number::Span(span))) => {
                if let Some(at) = job.expires_at {
                    let reached = at.timestamp().saturating_sub(span.num_seconds());
                    self.crossing(reached, matches!(op, Op::Le | Op::Gt), *op == Op::Eq);
                }
            }
            Expr::Term(_) => {}
        }
    }

    /// The comparison turns as soon as the two are equal, as soon as they are not any more, or at both.
    fn crossing(&mut self, reached: i64, when_equal: bool, both: bool) {
        if when_equal || both {
            self.try_at(Time::from_timestamp(reached, 0));
        }
        if !when_equal || both {
            self.try_at(Time::from_timestamp(reached.saturating_add(1), 0));
        }
    }
}
