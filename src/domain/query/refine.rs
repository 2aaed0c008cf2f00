//! Whether one query only narrows another, so that its answer can be sought in the other's answer.

use super::Query;
use super::ast::{Expr, Is, Number, Op, Pattern, Term, TextField};
use super::fold::fold;
use super::matcher::{Matcher, Place};
use crate::domain::Costs;

/// Most comparisons made before the answer is "cannot tell".
const BUDGET: usize = 4096;

impl Query {
    /// Whether every job that a view of this query shows is shown by `old` too. Careful: `false` may also mean that nobody knows.
    /// True of what typing usually does, a longer last word or one more term.
    pub fn refines(&self, old: &Query) -> bool {
        (old.names_state() || !self.names_state()) && implies(&self.expr, &old.expr, &mut BUDGET.clone())
    }
}

fn implies(new: &Expr, old: &Expr, budget: &mut usize) -> bool {
    let Some(left) = budget.checked_sub(1) else { return false };
    *budget = left;
    match (new, old) {
        (_, Expr::And(parts)) => parts.iter().all(|part| implies(new, part, budget)),
        (Expr::Or(parts), _) => parts.iter().all(|part| implies(part, old, budget)),
        (Expr::Not(new), Expr::Not(old)) => implies(old, new, budget),
        (Expr::Term(new), Expr::Term(old)) => narrows(new, old),
        (Expr::And(parts), _) if parts.iter().any(|part| implies(part, old, budget)) => true,
        (_, Expr::Or(parts)) => parts.iter().any(|part| implies(new, part, budget)),
        _ => false,
    }
}

fn narrows(new: &Term, old: &Term) -> bool {
    if new == old {
        return true;
    }
    match (new, old) {
        (Term::Word(new), Term::Word(old)) | (Term::Brief(new), Term::Brief(old)) => prose(new, old),
        (Term::Text(field, new), Term::Text(other, old)) if field == other => {
            new.iter().all(|new| old.iter().any(|old| value(*field, new, old)))
        }
        // What is in the title is what bare words look for.
        (Term::Text(TextField::Title, new), Term::Word(old)) => new.iter().all(|new| prose(new, old)),
        (Term::Number(field, op, number), Term::Number(other, than, bound)) if field == other => {
            interval(*op, number, *than, bound)
        }
        (Term::Is(new), Term::Is(old)) => new.iter().all(|is| {
            old.contains(is) || old.contains(&Is::Any) || matches!(is, Is::Hidden | Is::Snoozed) && old.contains(&Is::Away)
        }),
        (Term::Ai(new), Term::Ai(old)) => new.iter().all(|rule| old.contains(rule)),
        (Term::Mode(new), Term::Mode(old)) => new.iter().all(|mode| old.contains(mode)),
        (Term::Costs(new), Term::Costs(old)) => {
            let within = |new: &Costs, old: &Costs| new == old || !new.none() && old.has(*new);
            new.iter().all(|new| old.iter().any(|old| within(new, old)))
        }
        _ => false,
    }
}

/// What `new` finds in a prose text, `old` finds in the same text.
fn prose(new: &Pattern, old: &Pattern) -> bool {
    if new == old {
        return true;
    }
    // Every text that fits has these characters in it, one after the other.
    let wild = matches!(new, Pattern::Wild(_));
    let (new, gaps) = match new {
        Pattern::Plain(text) | Pattern::Exact(text) => (text, false),
        Pattern::Wild(text) => (text, text.contains('*')),
        Pattern::Fuzzy(text) => (text, true),
        Pattern::Regex(_) => return false,
    };
    let new = fold(new);
    match old {
        Pattern::Plain(old) if !gaps => new.contains(&*fold(old)),
        Pattern::Plain(old) if wild => new.split('*').any(|part| part.contains(&*fold(old))),
        Pattern::Fuzzy(old) => {
            let mut chars = new.chars().filter(|c| *c != '*' || !gaps);
            fold(old).chars().all(|wanted| chars.any(|c| c == wanted))
        }
        _ => false,
    }
}

fn value(field: TextField, new: &Pattern, old: &Pattern) -> bool {
    if new == old || field.place() == Place::Prose && prose(new, old) {
        return true;
    }
    match (field, new, old) {
        (TextField::Title | TextField::Needs, ..) => false,
        (_, Pattern::Fuzzy(_), Pattern::Fuzzy(_)) => prose(new, old),
        // A regex looks at the case of the value, which is not known here.
        (_, _, Pattern::Regex(_)) => false,
        // `en-GB` and what begins with `en-GB-` begin with `en`; that a pattern fits `en-GB` says nothing of the longer ones.
        (TextField::Language, Pattern::Plain(text) | Pattern::Exact(text), Pattern::Plain(_) | Pattern::Exact(_)) => {
            Matcher::new(old, Place::Language).fits(text)
        }
        // `tag*` finds less than `ta*`.
        (_, Pattern::Wild(new), Pattern::Wild(old)) => match (beginning(new), beginning(old)) {
            (Some(new), Some(old)) => fold(new).starts_with(&*fold(old)),
            _ => false,
        },
        (TextField::Language, ..) => false,
        // The folded value is known to the letter.
        (_, Pattern::Plain(text) | Pattern::Exact(text), _) => Matcher::new(old, Place::Whole).fits(text),
        _ => false,
    }
}

/// The `ta` of `ta*`.
fn beginning(wild: &str) -> Option<&str> {
    wild.strip_suffix('*').filter(|start| !start.contains('*'))
}

/// Every number that is `op` `number` is `than` `bound`.
fn interval(op: Op, number: &Number, than: Op, bound: &Number) -> bool {
    let order = match (number, bound) {
        (Number::Plain(a), Number::Plain(b)) | (Number::Amount(a, _), Number::Plain(b)) => a.cmp(b),
        (Number::Amount(a, of), Number::Amount(b, other)) if of.code() == other.code() => a.cmp(b),
        (Number::Span(a), Number::Span(b)) => a.num_seconds().cmp(&b.num_seconds()),
        _ => return false,
    };
    match (op, than) {
        (Op::Eq, _) => than.holds(order),
        (Op::Gt, Op::Gt | Op::Ge) | (Op::Ge, Op::Ge) => order.is_ge(),
        (Op::Ge, Op::Gt) => order.is_gt(),
        (Op::Lt, Op::Lt | Op::Le) | (Op::Le, Op::Le) => order.is_le(),
        (Op::Le, Op::Lt) => order.is_lt(),
        _ => false,
    }
}
