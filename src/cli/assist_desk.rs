//! `juggler assist desk|calls|answer|decide`: what may be asked for a job, and what was.

use super::args::AssistCommand;
use super::out::{Out, Role};
use super::table::{Column, Table};
use super::{ask, assist_ask, find};
use crate::domain::ai::AiRule;
use crate::domain::{JobKey, Text};
use crate::engine::Handle;
use crate::engine::api::{AssistDesk, CallView, Reply, Request, Said, TemplateView};
use crate::error::Result;

/// Whatever needs the engine.
pub async fn run(command: AssistCommand, handle: &Handle, out: &mut Out) -> Result<()> {
    match command {
        AssistCommand::Ask(args) => assist_ask::run(args, handle, out).await,
        AssistCommand::Desk { assignment } => desk(&laid(&assignment, handle).await?, out),
        AssistCommand::Calls { assignment } => calls(&laid(&assignment, handle).await?.calls, out),
        AssistCommand::Answer { call } => answer(&call, handle, out).await,
        AssistCommand::Decide { job, rule, everywhere } => decide(&job, rule, everywhere, handle, out).await,
        past => Err(crate::error::Failure::new(crate::error::Class::Internal, format!("{past:?} needs no engine"))),
    }
}

async fn laid(assignment: &str, handle: &Handle) -> Result<AssistDesk> {
    let id = find::assignment(handle, assignment).await?.assignment.id;
    Ok(ask!(handle, Request::AssistDesk { assignment: id }, Reply::AssistDesk(desk) => *desk))
}

fn desk(desk: &AssistDesk, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(desk);
    }
    out.line(format!("AI: {}{}", desk.ruling.rule.sentence(), desk.ruling.by()));
    let assistants: Vec<String> =
        desk.assistants.iter().map(|one| format!("{} ({} at {})", one.name, one.model, one.host)).collect();
    out.line(format!("assistants: {}", if assistants.is_empty() { "none".to_owned() } else { assistants.join(", ") }));
    out.line(format!("spent: {}", desk.spent().join(", ")));
    out.line("");
    let mut table =
        Table::new(&[("ACTION", Column::Left), ("WHAT", Column::Left), ("TEMPLATE", Column::Left), ("RECORD", Column::Left)]);
    for action in &desk.actions {
        let template = action.templates.first();
        let closed = !action.closed.is_empty();
        let what = if closed { format!("not now: {}", action.closed) } else { action.action.label().to_owned() };
        table.row([
            action.action.word().to_owned(),
            what,
            template.filter(|_| !closed).map_or_else(String::new, |template| template.name.to_string()),
            template.filter(|_| !closed).map_or_else(String::new, record),
        ]);
    }
    table.print(out);
    desk.problems.iter().for_each(|problem| out.note(problem.as_str()));
    Ok(())
}

/// How a template did, in a few words.
fn record(template: &TemplateView) -> String {
    let record = template.record();
    if record.is_empty() { "never used".to_owned() } else { record }
}

fn calls(calls: &[CallView], out: &mut Out) -> Result<()> {
    if out.is_json() {
        return calls.iter().try_for_each(|call| out.json(call));
    }
    let columns = ["CALL", "AT", "ACTION", "ASSISTANT", "MODEL", "IN", "OUT", "COST", "ENDED"];
    let side = |name: &str| if matches!(name, "IN" | "OUT" | "COST") { Column::Right } else { Column::Left };
    let mut table = Table::new(&columns.map(|name| (name, side(name))));
    for CallView { call, .. } in calls {
        table.row([
            call.id.to_string(),
            call.at.with_timezone(&chrono::Local).format("%a %H:%M").to_string(),
            call.action.word().to_owned(),
            call.spent.assistant.clone(),
            call.spent.model.to_string(),
            call.spent.usage.input.to_string(),
            call.spent.usage.output.to_string(),
            call.spent.cost.map_or_else(|| "–".to_owned(), |cost| cost.to_string()),
            call.ended.map_or("not known", |ended| ended.word()).to_owned(),
        ]);
    }
    table.print(out);
    if calls.is_empty() {
        out.note("nothing was asked for it");
    }
    Ok(())
}

async fn answer(call: &str, handle: &Handle, out: &mut Out) -> Result<()> {
    let request = Request::AssistText { column: Text::title(call), edition: 0, seen: 0 };
    let said: Box<Said> = ask!(handle, request, Reply::Said(said) => said);
    if out.is_json() {
        return out.json(&*said);
    }
    match said.text.is_empty() {
        true => out.note("no words of it are kept"),
        false => out.line(said.text.as_str()),
    }
    said.files.iter().for_each(|file| out.note(format!("with {} ({} bytes) at {}", file.name, file.size, file.path.display())));
    Ok(())
}

async fn decide(job: &str, rule: AiRule, everywhere: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let key = match find::assignment(handle, job).await {
        Ok(view) => view.assignment.job.key,
        // What is not mine yet has only its key.
        Err(failure) if !job.contains(':') => return Err(failure),
        Err(_) => JobKey::new(job),
    };
    let source = key.source();
    ask!(handle, Request::DecideAi { job: key.clone(), rule, everywhere }, Reply::Done => ());
    let about = if everywhere { format!("jobs of {source} that say nothing") } else { key.to_string() };
    match rule {
        AiRule::Unknown => out.line(format!("{about}: your decision is taken back")),
        rule => out.line(format!("{about}: {}", out.paint(Role::Good, rule.sentence()))),
    }
    Ok(())
}
