//! `juggler events`: what happened, and with `--follow` what happens.

use tokio::sync::broadcast::error::RecvError;

use super::{Out, ask, outbox, sources, words};
use crate::engine::Handle;
use crate::engine::api::{Event, Reply, Request, What};
use crate::error::Result;

/// Prints the latest events; with `follow`, goes on until nobody reads or a signal comes.
pub async fn run(follow: bool, limit: usize, handle: &Handle, out: &mut Out) -> Result<()> {
    // Listening starts first, so that nothing falls between the list and the stream.
    let mut coming = handle.events();
    let events = ask!(handle, Request::Events { limit }, Reply::Events { events } => events);
    let mut last = None;
    for event in &events {
        print(event, out)?;
        last = last.max(Some(event.seq));
    }
    out.flush();
    if !follow {
        if events.is_empty() && !out.is_json() {
            out.note("nothing has happened since this engine started; --follow waits for what does");
        }
        return Ok(());
    }
    let mut stop = std::pin::pin!(super::told_to_stop());
    while !out.is_closed() {
        let received = tokio::select! {
            received = coming.recv() => received,
            () = &mut stop => return Ok(()),
        };
        match received {
            Ok(event) if last.is_some_and(|last| event.seq <= last) => {}
            Ok(event) => {
                print(&event, out)?;
                out.flush();
            }
            Err(RecvError::Lagged(missed)) => out.note(format!("{missed} events went by unprinted")),
            Err(RecvError::Closed) => return Ok(()),
        }
    }
    Ok(())
}

fn print(event: &Event, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(event);
    }
    out.line(format!("{}  {}", words::clock(event.at), sentence(&event.what)));
    Ok(())
}

/// An event in words.
pub fn sentence(what: &What) -> String {
    let about = |note: &str| if note.is_empty() { String::new() } else { format!(": {note}") };
    match what {
        What::Feed { arrived, changed, gone, .. } => {
            format!("feed: {arrived} arrived, {changed} changed, {gone} gone")
        }
        What::Marked { jobs } => format!("triage: {} marked", words::count(jobs.len(), "job")),
        What::Assignment { id, title, state, note } => {
            format!("{id} is {} \"{title}\"{}", state.word(), about(note.as_str()))
        }
        What::ClaimLost { job, title, reason } => format!("{job} was lost \"{title}\"{}", about(reason.as_str())),
        What::Submission { assignment, state, note, .. } => {
            format!("delivery of {assignment}: {}{}", outbox::word(*state), about(note.as_str()))
        }
        What::Payment { payment } => {
            let status = format!("{:?}", payment.status).to_lowercase();
            format!("payment for {}: {} ({} less {} fee) {status}", payment.assignment, payment.net, payment.gross, payment.fee)
        }
        What::Art { call, title, stage, percent, note, pictures, .. } => {
            let far = percent.map_or_else(String::new, |percent| format!(" {percent} %"));
            let came = words::count(usize::try_from(*pictures).unwrap_or(0), "picture");
            format!("art {call} for \"{title}\": {}{far}, {came}{}", stage.word(), about(note.as_str()))
        }
        What::Checked { assignment } => format!("draft of {assignment}: checked"),
        What::Draft { assignment, version } => format!("draft of {assignment}: version {version} saved"),
        What::Source { health } => {
            let why = health.error.as_ref().map_or_else(String::new, |failure| format!(": {failure}"));
            format!("source {}: {}{why}", health.name, sources::state_word(health.state))
        }
        What::Saving { failing: Some(failure) } => format!("saving fails: {failure}"),
        What::Saving { failing: None } => "saving works again".to_owned(),
        What::Alert { bundle } => {
            let lines: Vec<String> = bundle.lines(5).iter().map(ToString::to_string).collect();
            format!("alert: {}{}", bundle.title(), about(&lines.join(" · ")))
        }
        What::AlertsSeen => "the alerts were read".to_owned(),
        What::Notice { text, hint } => format!("{text}{}", about(hint.as_str())),
        What::Ready => "the store is open".to_owned(),
        What::Views => "named views changed".to_owned(),
        What::Clock { stepped_ms: 0 } => "clocks were compared: deadlines go by the platforms' clocks".to_owned(),
        What::Clock { stepped_ms } => format!("this machine's clock was set by {}", words::span(stepped_ms / 1000)),
        What::Missed => "more happened than could be told: ask anew".to_owned(),
        What::Config { failing: Some(failure), .. } => format!("the config file cannot be used: {failure}"),
        What::Config { changed, later, .. } => crate::cli::words::reloaded(changed, later),
    }
}
