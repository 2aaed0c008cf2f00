//! `juggler run`: one of the person's own commands on a job or an assignment.

use super::{Out, ask, find};
use crate::config::section::command::{OwnInput, OwnOutput};
use crate::config::{Config, OwnCommand};
use crate::domain::JobKey;
use crate::domain::draft::Cause;
use crate::engine::Handle;
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};
use crate::program;

/// Runs it; prints what it said, or saves that as the draft.
pub async fn run(name: &str, key: &str, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    let own = called(name, config)?;
    if own.input == OwnInput::Job {
        let job = match find::assignment(handle, key).await {
            Ok(view) => Box::new(view.assignment.job),
            Err(_) => ask!(handle, Request::Job { key: JobKey::new(key) }, Reply::Job { job, .. } => job),
        };
        return say(own, program::job(&own.name, &job), out).await;
    }
    let view = find::assignment(handle, key).await?;
    let text = view.draft.as_ref().map(|draft| draft.text.clone()).unwrap_or_default();
    let input = match own.input {
        OwnInput::Draft => program::draft(&own.name, &view, text.as_str(), view.draft.as_ref()),
        _ => program::assignment(&own.name, &view),
    };
    if own.output != OwnOutput::Draft {
        return say(own, input, out).await;
    }
    find::editable(&view)?;
    let said = program::run(own, input).await?;
    if said.as_str().trim().is_empty() {
        out.note(format!("{name} said nothing; the draft is as it was"));
        return Ok(());
    }
    let files = view.draft.as_ref().map(|draft| draft.files.clone()).unwrap_or_default();
    let request = Request::SaveDraft { assignment: view.assignment.id, text: said, files, cause: Cause::Program, origins: None };
    let draft = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    if out.is_json() {
        return super::draft_origins::json(&draft, out);
    }
    out.line(format!("saved version {} of {}, as {name} left it", draft.version, draft.assignment));
    Ok(())
}

async fn say(own: &OwnCommand, input: String, out: &mut Out) -> Result<()> {
    if own.terminal {
        out.flush();
        return program::run_on_terminal(own, &input).await;
    }
    let said = program::run(own, input).await?;
    if out.is_json() {
        return out.json(&serde_json::json!({ "command": own.name, "said": said }));
    }
    if own.output == OwnOutput::Show && !said.is_empty() {
        out.line(said.as_str().trim_end_matches('\n'));
    }
    Ok(())
}

fn called<'a>(name: &str, config: &'a Config) -> Result<&'a OwnCommand> {
    config.commands.iter().find(|own| own.name == name).ok_or_else(|| {
        let names: Vec<&str> = config.commands.iter().map(|own| own.name.as_str()).collect();
        let hint = match crate::config::nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean {meant}?"),
            None if names.is_empty() => "[[command]] in the config makes one; assets/config.toml shows how".to_owned(),
            None => format!("there are {}", names.join(", ")),
        };
        Failure::new(Class::NotFound, format!("the config has no command {name}")).hint(hint)
    })
}
