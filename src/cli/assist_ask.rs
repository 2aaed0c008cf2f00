//! `juggler assist ask`: an assistant's words as they come, and into the draft on request.

use super::args::AskArgs;
use super::out::{Out, Role};
use super::{ask, claim, draft, find};
use crate::domain::ai::{Action, Ended, Place, Wish, cost_of};
use crate::domain::draft::Cause;
use crate::domain::origin::{Origin, Origins};
use crate::domain::spend::Tokens;
use crate::domain::{AssignmentId, Text};
use crate::engine::Handle;
use crate::engine::api::{Asking, AssignmentView, Reply, Request, Said};
use crate::error::{Class, Failure, Result};

/// Bytes of a draft whose old words are looked for in the new one.
const COMPARED: usize = 256 * 1024;

/// Asks, prints what comes, and puts it into the draft with `--apply`.
pub async fn run(args: AskArgs, handle: &Handle, out: &mut Out) -> Result<()> {
    let view = find::assignment(handle, &args.assignment).await?;
    if args.apply.is_some() {
        find::editable(&view)?;
    }
    let wish = wish(&args, &view)?;
    let asking = begin(&args, &view.assignment.id, wish, handle, out).await?;
    let mut answers = Vec::new();
    for (n, column) in asking.columns.iter().enumerate() {
        let alone = asking.columns.len() == 1;
        if !alone && !out.is_json() {
            out.line(out.paint(Role::Head, &format!("{}:", letter(n))));
        }
        // They all come at the same time; each is printed when those before it are whole.
        let answer = listen(column, alone, handle, out).await?;
        if out.is_json() {
            out.json(&answer)?;
        }
        answers.push(answer);
    }
    if !out.is_json() {
        asking
            .sent
            .iter()
            .filter(|part| part.as_str().contains("cut") || part.as_str().contains("caps"))
            .for_each(|part| out.note(part.as_str()));
        tell_cost(&answers, out);
    }
    let chosen = match &args.apply {
        None => None,
        Some(letter) => Some(chosen(letter, &answers)?),
    };
    if let Some(bad) = answers.iter().find(|answer| !matches!(answer.ended, Some(Ended::Done))).filter(|_| answers.len() == 1) {
        let word = bad.ended.map_or("not over", Ended::word);
        return Err(Failure::new(Class::Platform, format!("the answer is {word}"))
            .why(bad.note.to_string())
            .hint(format!("what came is kept: juggler assist answer {}", bad.call)));
    }
    match chosen {
        Some(answer) => apply(&view, &asking, answer, handle, out).await,
        None => Ok(()),
    }
}

fn wish(args: &AskArgs, view: &AssignmentView) -> Result<Wish> {
    let text = |words: &String| Text::title(words);
    let selection = match args.lines {
        None => None,
        Some((from, to)) => Some(bytes_of(view.draft.as_ref().map_or("", |draft| draft.text.as_str()), from, to)?),
    };
    Ok(Wish {
        assistants: args.by.iter().map(text).collect(),
        template: args.template.as_ref().map(text),
        selection,
        instruction: args.instruction.as_ref().map(|words| Text::body(words)).unwrap_or_default(),
        inputs: args.inputs.iter().map(|(name, value)| (text(name), text(value))).collect(),
        count: args.count,
        ..Wish::of(args.action)
    })
}

/// The bytes of the lines `from` to `to`, counted from 1.
fn bytes_of(text: &str, from: usize, to: usize) -> Result<(usize, usize)> {
    let mut at = 0;
    let (mut start, mut end) = (None, 0);
    for (n, line) in text.split_inclusive('\n').enumerate() {
        if n + 1 == from {
            start = Some(at);
        }
        if n < to {
            end = at + line.trim_end_matches('\n').len();
        }
        at += line.len();
    }
    start.map(|start| (start, end)).ok_or_else(|| {
        Failure::new(Class::Usage, format!("the draft has no line {from}")).why(format!("it has {}", text.lines().count()))
    })
}

async fn begin(args: &AskArgs, id: &AssignmentId, wish: Wish, handle: &Handle, out: &mut Out) -> Result<Asking> {
    let mut agreed = None;
    loop {
        let request = Request::Assist { assignment: id.clone(), wish: wish.clone(), agreed: agreed.clone() };
        match handle.ask(request).await? {
            Reply::Asking(asking) => return Ok(asking),
            Reply::Terms(terms) if agreed.is_none() => {
                agreed = Some(claim::agree(&terms, args.yes, None, "say it again with --yes", out)?);
            }
            Reply::Terms(_) => return Err(Failure::new(Class::Refused, "the terms changed meanwhile").hint("try again")),
            other => return Err(super::strange(&other)),
        }
    }
}

/// Everything that an assistant says; printed as it comes.
async fn listen(column: &Text, streams: bool, handle: &Handle, out: &mut Out) -> Result<Said> {
    let (mut edition, mut text, mut printed) = (0, String::new(), 0);
    loop {
        let request = Request::AssistText { column: column.clone(), edition, seen: text.len() };
        let said = ask!(handle, request, Reply::Said(said) => said);
        text.truncate(said.from);
        text.push_str(said.text.as_str());
        edition = said.edition;
        if said.ended.is_some() {
            if !out.is_json() {
                // What was asked for again is another text: it is told whole.
                let rest = text.get(printed..).filter(|_| printed == 0 || edition == 0);
                match rest {
                    Some(rest) => out.line(rest.trim_end_matches('\n')),
                    None => out.line(format!("\n{}", text.trim_end_matches('\n'))),
                }
                said.files.iter().for_each(|file| out.note(format!("it left {} ({} bytes)", file.name, file.size)));
                if !said.note.is_empty() {
                    out.note(said.note.as_str());
                }
            }
            return Ok(Said { from: 0, text: Text::own(&text), ..*said });
        }
        if streams && !out.is_json() && edition == 0 {
            out.raw(text.get(printed..).unwrap_or_default().as_bytes());
            out.flush();
            printed = text.len();
        }
    }
}

/// Of several answers the sum: a price would tell whose is whose.
fn tell_cost(answers: &[Said], out: &Out) {
    let sum = cost_of(answers.iter().map(|answer| &answer.spent));
    let total = |tokens: fn(&Said) -> Tokens| {
        let all = answers.iter().map(tokens);
        all.fold(Tokens::default(), |sum, one| Tokens { n: sum.n + one.n, estimated: sum.estimated || one.estimated })
    };
    let cost = if sum.words().is_empty() { "no price in the config".to_owned() } else { sum.words() };
    out.note(format!(
        "tokens {} in, {} out; {cost}",
        total(|answer| answer.spent.usage.input),
        total(|answer| answer.spent.usage.output)
    ));
}

fn letter(n: usize) -> char {
    char::from(b'A' + u8::try_from(n).unwrap_or(25).min(25))
}

fn chosen<'a>(wanted: &str, answers: &'a [Said]) -> Result<&'a Said> {
    let found = answers.iter().enumerate().find(|(n, _)| wanted.eq_ignore_ascii_case(&letter(*n).to_string()));
    found.map(|(_, answer)| answer).ok_or_else(|| {
        Failure::new(Class::Usage, format!("there is no alternative {wanted}"))
            .hint(format!("there are A to {}", letter(answers.len().max(1) - 1)))
    })
}

async fn apply(view: &AssignmentView, asking: &Asking, answer: &Said, handle: &Handle, out: &mut Out) -> Result<()> {
    if asking.place == Place::Nowhere || asking.action == Action::Critique {
        return Err(Failure::new(Class::Usage, "a judgement is for you to read").why("nothing of it belongs into the draft"));
    }
    let before = asking.draft.as_str();
    let gone = || Failure::new(Class::Refused, "the answer has no place in the draft any more").hint("ask again");
    let after = match answer.text.as_str() {
        // Its files are all of it.
        words if words.trim().is_empty() => before.to_owned(),
        words => asking.place.put(before, words).ok_or_else(gone)?,
    };
    let ai = Origin::Ai { call: answer.call.clone() };
    let known = view.draft.as_ref().filter(|draft| draft.text == asking.draft).map(|draft| draft.origins().into_owned());
    let known = known.unwrap_or_else(|| Origins::whole(before.len(), Origin::External));
    let text = Text::own(&after);
    let origins = known.carried(before, text.as_str(), &ai, COMPARED);
    let mut files = view.draft.as_ref().map(|draft| draft.files.clone()).unwrap_or_default();
    files.retain(|old| answer.files.iter().all(|new| new.name != old.name));
    files.extend(answer.files.iter().cloned());
    let assignment = view.assignment.id.clone();
    let request = Request::SaveDraft { assignment, text, files, cause: Cause::Assistant, origins: Some(origins) };
    let saved = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    draft::tell(&saved, out)
}
