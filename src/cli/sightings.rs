//! `juggler sightings`: what appeared and vanished.

use super::{Out, ask, jobs, words};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request, Seen, Sighting};
use crate::error::Result;

/// Prints what came and went, latest first.
pub async fn run(limit: usize, poll: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    if poll {
        jobs::poll(handle, out).await?;
    }
    let sightings = ask!(handle, Request::Sightings { limit }, Reply::Sightings { sightings } => sightings);
    if out.is_json() {
        return sightings.iter().try_for_each(|sighting| out.json(sighting));
    }
    for Sighting { at, key, title, what } in &sightings {
        out.line(format!("{}  {:<9} {key}  {title}", words::clock(*at), word(*what)));
    }
    if sightings.is_empty() {
        out.note("nothing came or went yet; --poll asks every source");
    }
    Ok(())
}

fn word(what: Seen) -> &'static str {
    match what {
        Seen::Appeared => "appeared",
        Seen::Reopened => "reopened",
        Seen::Full => "full",
        Seen::Expired => "ran out",
        Seen::Vanished => "vanished",
    }
}
