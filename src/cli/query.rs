//! Queries and orders as they stand on the command line.

use super::args::OrderArgs;
use crate::domain::{Query, View};
use crate::error::{Class, Failure, Result};

/// Levels of an order.
const LEVELS: usize = 3;

/// The query that the words make.
///
/// # Errors
/// `Usage` with the place under a caret and what may have been meant.
pub fn parse(words: &[String]) -> Result<Query> {
    let text = words.join(" ");
    Query::parse(&text).map_err(|error| {
        let pointed: String = error.pointed(&text).lines().map(|line| format!("\n        {line}")).collect();
        let more = "juggler jobs --query-help shows the language";
        let hint = if error.hint.is_empty() { more.to_owned() } else { format!("{}; {more}", error.hint) };
        Failure::new(Class::Usage, "the query makes no sense").why(format!("{}{pointed}", error.what)).hint(hint)
    })
}

/// The query, unless it asks for words of briefs: rules and blocks judge a job when it is listed, by its listing alone.
///
/// # Errors
/// `Usage` when it does.
pub fn listed(query: Query) -> Result<Query> {
    if query.names_brief() {
        return Err(Failure::new(Class::Usage, "briefs cannot be looked into here")
            .why("they are in the store; only what a listing tells is at hand")
            .hint("use words of the title, tags, kind or requester; juggler show KEY prints a brief"));
    }
    Ok(query)
}

/// A view of a query in the order asked for.
///
/// # Errors
/// `Usage` for more levels than an order has.
pub fn view(query: Query, order: &OrderArgs) -> Result<View> {
    if order.sort.len() > LEVELS {
        let what = format!("an order has at most {LEVELS} levels");
        return Err(Failure::new(Class::Usage, what).hint("leave the last ones out: they hardly decide anything"));
    }
    Ok(View { query, sort: order.sort.clone(), group: order.group })
}
