//! What holds for every text, query and job.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::super::ast::{Expr, Pattern, Term};
use super::super::random::{context, expr, job, pattern, term};
use super::super::*;

fn query() -> impl Strategy<Value = Query> {
    expr().prop_map(|expr| Query { expr: expr.normal() })
}

/// Letters, fields and signs in any order.
fn scribble() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("pay>=0.5"),
        Just("kind:a,b"),
        Just("is:new|"),
        Just("age<1h"),
        Just("\""),
        Just("/"),
        Just("~"),
        Just("-"),
        Just("!"),
        Just("("),
        Just(")"),
        Just(" or "),
        Just("|"),
        Just(" "),
        Just("\\"),
        Just("*"),
        Just(","),
        Just(":"),
        Just(">"),
        Just("é"),
        Just("and"),
        Just("[a"),
        Just("pay:1.."),
        Just("x:"),
        Just("brief:"),
        Just("seen:n"),
        Just("lang:"),
        Just("\u{2003}"),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn total(text: &str) -> Result<(), TestCaseError> {
    let strict = Query::parse(text);
    let (typed, trouble) = Query::parse_typing(text);
    for error in strict.as_ref().err().into_iter().chain(trouble.as_ref()) {
        prop_assert!(text.is_char_boundary(error.at), "{text:?}: {error:?}");
        prop_assert!(!error.what.is_empty());
        let _ = error.pointed(text);
    }
    if let Ok(query) = &strict {
        prop_assert_eq!(&trouble, &None);
        // A space ends what was typed, unless it is escaped by the `\\` before it.
        if !text.ends_with('\\') {
            prop_assert_eq!(Query::parse_typing(&format!("{text} ")), (query.clone(), None));
        }
    }
    if trouble.is_some() {
        prop_assert!(strict.is_err());
    }
    let printed = typed.to_string();
    let again = Query::parse(&printed).map_err(|e| TestCaseError::fail(format!("{text:?} printed {printed:?}: {e}")))?;
    prop_assert_eq!(&again, &typed);
    prop_assert_eq!(again.to_string(), printed);
    for at in 0..=text.len() + 1 {
        for offer in complete(text, at, &KnownLists { kinds: &["art", "a b"], ..KnownLists::default() }) {
            prop_assert!(text.get(offer.replace).is_some());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases * 2, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        total(&text)?;
    }

    #[test]
    fn any_scribble_is_read_or_refused(text in scribble()) {
        total(&text)?;
    }

    #[test]
    fn what_is_printed_reads_as_the_same(expr in expr(), job in job(), ctx in context()) {
        let query = Query { expr: expr.clone().normal() };
        let printed = Query { expr: expr.clone() }.to_string();
        prop_assert_eq!(&query.expr.clone().normal(), &query.expr);
        let again = Query::parse(&printed).map_err(|e| TestCaseError::fail(format!("{printed:?}: {e}\n{}", e.pointed(&printed))))?;
        prop_assert_eq!(&again, &query, "{}", printed);
        prop_assert_eq!(again.to_string(), printed);
        // The normal form means the same.
        let whole = |query: &Query| query.sieve().holds_with(&job.listing(), "A haiku about a logo", &ctx);
        prop_assert_eq!(whole(&Query { expr }), whole(&query));
    }

    #[test]
    fn typing_a_query_is_never_an_error(query in query()) {
        let whole = query.to_string();
        for end in (0..=whole.len()).filter(|end| whole.is_char_boundary(*end)) {
            let (_, trouble) = Query::parse_typing(&whole[..end]);
            prop_assert!(trouble.is_none(), "{:?}: {:?}", &whole[..end], trouble);
        }
        prop_assert_eq!(Query::parse_typing(&format!("{whole} ")), (query, None));
    }

    #[test]
    fn a_beginning_finds_all_that_the_value_finds(term in term(), job in job(), ctx in context()) {
        let whole = Query { expr: Expr::Term(term).normal() };
        let text = whole.to_string();
        let found = |query: &Query| query.sieve().holds_with(&job.listing(), "A haiku about a logo", &ctx);
        let typed = Query::parse_typing(&text).0;
        prop_assert!(!found(&whole) || found(&typed), "{whole} finds what {typed} does not");
        // From the first letter of a text on: a number on its way to a larger one is another number.
        let Expr::Term(Term::Text(_, patterns)) = &whole.expr else { return Ok(()) };
        let [Pattern::Plain(value) | Pattern::Exact(value)] = patterns.as_slice() else { return Ok(()) };
        let from = text.find(':').unwrap_or(0) + 1;
        for end in (from..text.len()).filter(|end| text.is_char_boundary(*end) && !value.contains('*')) {
            let typed = Query::parse_typing(&text[..end]).0;
            prop_assert!(!found(&whole) || found(&typed), "{whole} finds what {typed} does not");
        }
    }

    #[test]
    fn refining_only_narrows(old in query(), more in term(), letters in pattern(), jobs in prop::collection::vec(job(), 8), ctx in context()) {
        let with = Query { expr: Expr::And(vec![old.expr.clone(), Expr::Term(more.clone())]).normal() };
        let longer = match &old.expr {
            Expr::Term(Term::Word(Pattern::Plain(word))) => Expr::Term(Term::Word(Pattern::Plain(format!("{word}a")))),
            _ => Expr::Term(Term::Word(letters)),
        };
        let alone = Query { expr: Expr::Term(more).normal() };
        let either = Query { expr: Expr::Or(vec![old.expr.clone(), longer.clone()]).normal() };
        let longer = Query { expr: longer.normal() };
        let all = [&old, &with, &longer, &alone, &either, &Query::all()];
        for new in all {
            prop_assert!(new.refines(new), "{}", new);
            for old in all.into_iter().filter(|old| new.refines(old)) {
                for job in &jobs {
                    let shown = |query: &Query| query.admits(&job.listing(), &ctx);
                    prop_assert!(!shown(new) || shown(old), "{new} is told to refine {old}");
                }
            }
        }
        prop_assert!(with.refines(&old) || with.names_state() != old.names_state(), "{} {}", with, old);
    }

    #[test]
    fn nothing_changes_before_the_next_change(query in query(), job in job(), ctx in context(), part in 0.0..1.0_f64) {
        let listing = job.listing();
        let answers = |now| {
            let ctx = Context { now, ..ctx };
            (query.holds(&listing, &ctx), query.admits(&listing, &ctx))
        };
        let next = query.next_change(&listing, &ctx);
        let until = next.unwrap_or(ctx.now + TimeDelta::days(1000));
        prop_assert!(until > ctx.now);
        let length = (until - ctx.now).num_nanoseconds().unwrap();
        for at in [TimeDelta::nanoseconds((length as f64 * part) as i64), TimeDelta::nanoseconds(length - 1)] {
            prop_assert_eq!(answers(ctx.now + at), answers(ctx.now), "{} at {:?} of {:?}", query, at, next);
        }
        if query.next_change(&listing, &ctx).is_some() && query.names_state() {
            prop_assert!(query.has_time());
        }
    }

    #[test]
    fn highlights_stand_where_words_fit(query in query(), words in prop::collection::vec(pattern(), 1..3), job in job()) {
        let text = job.job.title.as_str();
        let wanted = Query { expr: Expr::And(words.iter().map(|word| Expr::Term(Term::Word(word.clone()))).collect()) };
        for query in [&query, &wanted] {
            let ranges = query.highlights(text);
            for range in &ranges {
                prop_assert!(text.get(range.clone()).is_some_and(|part| !part.is_empty()));
            }
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
        for word in &words {
            let fits = Matcher::new(word, Place::Prose).fits(text);
            let lit = Query { expr: Expr::Term(Term::Word(word.clone())) }.highlights(text);
            prop_assert!(fits || lit.is_empty());
            if let (Pattern::Plain(word), true) = (word, fits) {
                prop_assert!(word.is_empty() || lit.iter().any(|r| fold(&text[r.clone()]).contains(&*fold(word))));
            }
        }
    }
}
