//! `juggler views`, and which view a name means.

use std::time::Duration;

use serde_json::json;

use super::args::{OrderArgs, ViewsCommand};
use super::table::{Column, Table};
use super::{Out, ask, query, words};
use crate::domain::query::Is;
use crate::domain::{NamedView, Query, Text, View};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request, ViewCount};
use crate::error::{Class, Failure, Result};

/// Counting a feed that was just opened may take this many looks, one each [`LOOK`].
const LOOKS: usize = 1_000;
const LOOK: Duration = Duration::from_millis(10);

/// Lists, saves or forgets views.
pub async fn run(command: Option<ViewsCommand>, handle: &Handle, out: &mut Out) -> Result<()> {
    match command {
        None => list(handle, out).await,
        Some(ViewsCommand::Save { name, query, order }) => save(&name, &query, &order, handle, out).await,
        Some(ViewsCommand::Drop { name }) => forget(&name, handle, out).await,
    }
}

async fn list(handle: &Handle, out: &mut Out) -> Result<()> {
    let views = counted(handle).await?;
    if out.is_json() {
        return views.iter().try_for_each(|view| out.json(view));
    }
    use Column::{Flex, Left, Right};
    let mut table = Table::new(&[("NAME", Left), ("JOBS", Right), ("NEW", Right), ("ORDER", Left), ("QUERY", Flex)]);
    for view in &views {
        let NamedView { name, view: View { query, sort, group } } = &view.named;
        let levels: Vec<String> = sort.iter().map(ToString::to_string).collect();
        let order = if levels.is_empty() { "newest".to_owned() } else { levels.join(",") };
        table.row([
            name.to_string(),
            view.total.to_string(),
            view.fresh.to_string(),
            if *group { format!("{order}, grouped") } else { order },
            query.to_string(),
        ]);
    }
    table.print(out);
    Ok(())
}

async fn save(name: &str, given: &[String], order: &OrderArgs, handle: &Handle, out: &mut Out) -> Result<()> {
    let name = Text::title(name.trim());
    if name.is_empty() {
        return Err(Failure::new(Class::Usage, "a view needs a name").hint("juggler views save NAME QUERY"));
    }
    let view = query::view(query::parse(given)?, order)?;
    let request = Request::SaveView { view: NamedView { name: name.clone(), view } };
    ask!(handle, request, Reply::Views { .. } => ());
    let Some(saved) = counted(handle).await?.into_iter().find(|view| view.named.name == name) else { return Ok(()) };
    if out.is_json() {
        return out.json(&saved);
    }
    out.line(format!("saved \"{name}\": {}", words::count(saved.total, "job")));
    Ok(())
}

async fn forget(name: &str, handle: &Handle, out: &mut Out) -> Result<()> {
    let views = ask!(handle, Request::Views, Reply::Views { views } => views);
    let found = called(&views, name).ok_or_else(|| unknown(&views, name, ""))?;
    let NamedView { name, view } = found.named.clone();
    ask!(handle, Request::DropView { name: name.clone() }, Reply::Views { .. } => ());
    if out.is_json() {
        return out.json(&json!({ "dropped": name, "query": view.query, "sort": view.sort, "group": view.group }));
    }
    let was = if view.query.is_all() { "all that is open".to_owned() } else { view.query.to_string() };
    out.line(format!("forgot \"{name}\"; it was: {was}"));
    Ok(())
}

/// The view of this name: one of the tabs, else one of the words that always hold.
///
/// # Errors
/// `NotFound` with the names there are.
pub async fn named(name: &str, handle: &Handle) -> Result<View> {
    let views = ask!(handle, Request::Views, Reply::Views { views } => views);
    if let Some(found) = called(&views, name) {
        return Ok(found.named.view.clone());
    }
    let of = |state: Is| View { query: Query::is(state), ..View::default() };
    match name {
        "open" => Ok(View::default()),
        "starred" => Ok(of(Is::Starred)),
        "away" => Ok(of(Is::Away)),
        "all" => Ok(of(Is::Any)),
        _ => Err(unknown(&views, name, ", open, starred, away, all")),
    }
}

fn called<'a>(views: &'a [ViewCount], name: &str) -> Option<&'a ViewCount> {
    let folded = name.trim().to_lowercase();
    let exact = views.iter().find(|view| view.named.name.as_str() == name.trim());
    exact.or_else(|| views.iter().find(|view| view.named.name.as_str().to_lowercase() == folded))
}

fn unknown(views: &[ViewCount], name: &str, more: &str) -> Failure {
    let names: Vec<&str> = views.iter().map(|view| view.named.name.as_str()).collect();
    Failure::new(Class::NotFound, format!("there is no view \"{name}\""))
        .why(format!("there are {}{}", names.join(", "), if names.contains(&"Open") { "" } else { more }))
        .hint(format!("juggler views save \"{name}\" QUERY makes one"))
}

/// The views with whole counts, or with those there are when counting takes very long.
async fn counted(handle: &Handle) -> Result<Vec<ViewCount>> {
    let mut looks = 0;
    loop {
        let views = ask!(handle, Request::Views, Reply::Views { views } => views);
        looks += 1;
        if looks == LOOKS || views.iter().all(|view| !view.counting) {
            return Ok(views);
        }
        tokio::time::sleep(LOOK).await;
    }
}
