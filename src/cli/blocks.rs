//! `juggler blocks`, `block` and `unblock`.

use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::args::BlockArgs;
use super::table::{Column, Table};
use super::{Out, ask, query, words};
use crate::domain::query::Is;
use crate::domain::{Block, Query, Text, View};
use crate::engine::Handle;
use crate::engine::api::{BlockView, Reply, Request};
use crate::error::{Class, Failure, Result};

/// Lists the blocks that stand.
pub async fn list(handle: &Handle, out: &mut Out) -> Result<()> {
    let blocks = standing(handle).await?;
    if out.is_json() {
        return blocks.iter().try_for_each(|block| out.json(block));
    }
    use Column::{Flex, Left, Right};
    let mut table = Table::new(&[("ID", Right), ("HIDES", Right), ("AGE", Right), ("ENDS", Left), ("QUERY", Flex)]);
    let now = Utc::now();
    for BlockView { block, hides } in &blocks {
        table.row([
            block.id.to_string(),
            hides.to_string(),
            words::age(block.made_at, now),
            block.until.map_or_else(|| "–".to_owned(), |until| words::until(until, now)),
            block.query.to_string(),
        ]);
    }
    table.print(out);
    if blocks.is_empty() {
        out.note("nothing is blocked: juggler block QUERY hides what fits, now and as it arrives");
    }
    Ok(())
}

/// Makes one.
pub async fn block(args: BlockArgs, handle: &Handle, out: &mut Out) -> Result<()> {
    let query = query::listed(query::parse(&args.query)?)?;
    let now = Utc::now();
    let until = match args.span {
        None => None,
        Some(span) => {
            let until = TimeDelta::from_std(span).ok().and_then(|span| now.checked_add_signed(span));
            Some(until.ok_or_else(|| Failure::new(Class::Usage, "that is too long").hint("leave --for out"))?)
        }
    };
    let block = Block { id: 0, query: query.clone(), made_at: now, until, from: Text::title("by hand") };
    let done = ask!(handle, Request::Block { block }, Reply::Triaged(done) => done);
    let made = standing(handle).await?.into_iter().filter(|view| view.block.query == query).max_by_key(|view| view.block.id);
    match made {
        Some(made) if out.is_json() => out.json(&made),
        Some(BlockView { block, hides }) => {
            let hides = words::count(hides, "job");
            out.line(format!("{}: it hides {hides} (juggler unblock {} lifts it)", done.text, block.id));
            Ok(())
        }
        None => Ok(()),
    }
}

/// Lifts one.
pub async fn unblock(id: u64, handle: &Handle, out: &mut Out) -> Result<()> {
    let done = match handle.ask(Request::Unblock { id }).await {
        Ok(Reply::Triaged(done)) => done,
        Ok(other) => return Err(super::strange(&other)),
        Err(failure) if failure.hint.is_empty() => return Err(failure.hint("juggler blocks lists those that stand")),
        Err(failure) => return Err(failure),
    };
    if out.is_json() {
        return out.json(&json!({ "unblocked": id, "text": done.text }));
    }
    out.line(done.text.as_str());
    Ok(())
}

/// The blocks, with what each hides counted to the end.
async fn standing(handle: &Handle) -> Result<Vec<BlockView>> {
    let mut blocks = ask!(handle, Request::Blocks, Reply::Blocks { blocks } => blocks);
    for block in &mut blocks {
        let view = View { query: Query::is(Is::Any).and(&block.block.query), ..View::default() };
        block.hides = ask!(handle, Request::Jobs { view, limit: 1 }, Reply::Jobs { total, .. } => total);
    }
    Ok(blocks)
}
