//! `juggler art`: pictures from painters, into the draft on request.

use super::args::{ArtAskArgs, ArtCommand};
use super::out::Out;
use super::table::{Column, Table};
use super::{ask, claim, draft, find, words};
use crate::domain::ai::Ended;
use crate::domain::art::{ArtWish, From, Operation};
use crate::domain::{AssignmentId, Text};
use crate::engine::Handle;
use crate::engine::api::{Event, Painting, Reply, Request, Stage, Studio, What, WorkView};
use crate::error::{Class, Failure, Result};

/// Runs one of them; `own`: the engine is this process's, and ends with it.
pub async fn run(command: ArtCommand, own: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    match command {
        ArtCommand::Ask(args) => paint(args, own, handle, out).await,
        ArtCommand::Prompt { assignment, words } => {
            let id = find::assignment(handle, &assignment).await?.assignment.id;
            let (template, prompt) = (words.is_some().then(|| Text::title("art")), text(words.as_ref()));
            let wish = Box::new(ArtWish { template, prompt, ..ArtWish::default() });
            let made = ask!(handle, Request::ArtPrompt { assignment: id, wish, tool: None }, Reply::ArtPrompt(made) => made);
            if out.is_json() {
                return out.json(&*made);
            }
            out.line(made.prompt.as_str());
            made.warnings.iter().for_each(|warning| out.note(warning.as_str()));
            Ok(())
        }
        ArtCommand::Queue => {
            let works = ask!(handle, Request::Easels, Reply::Works { works } => works);
            list(&works, out)
        }
        ArtCommand::Results { assignment } => {
            let id = find::assignment(handle, &assignment).await?.assignment.id;
            results(&studio(&id, handle).await?, out)
        }
        ArtCommand::Take { picture } => {
            let (call, n) = picture_of(&picture)?;
            take(call, n.unwrap_or(1), handle, out).await
        }
        ArtCommand::Again { call, vary, yes, no_wait } => again(&call, vary, (yes, no_wait, own), handle, out).await,
        ArtCommand::Stop { call } => {
            ask!(handle, Request::PaintStop { call: Text::title(&call) }, Reply::Done => ());
            out.note("stopped; what came is kept");
            Ok(())
        }
        ArtCommand::Look { call } => look(&call, handle, out).await,
        ArtCommand::Drop { picture, yes } => {
            let (call, n) = picture_of(&picture)?;
            if !yes {
                let what = n.map_or("the order with its prompt and all its pictures goes", |_| "the picture goes");
                return Err(Failure::new(Class::Confirm, format!("{what}, and cannot be had back"))
                    .hint(format!("juggler art drop {picture} --yes")));
            }
            ask!(handle, Request::PaintDrop { call, picture: n }, Reply::Done => ());
            Ok(())
        }
        ArtCommand::Sheet { assignment, prompt, tool, negative, seed } => {
            let id = find::assignment(handle, &assignment).await?.assignment.id;
            let (prompt, negative) = (text(prompt.as_ref()), text(negative.as_ref()));
            let wish = Box::new(ArtWish { prompt, negative, seed, ..ArtWish::default() });
            let tool = Some(Text::title(&tool));
            let made = ask!(handle, Request::ArtPrompt { assignment: id, wish, tool }, Reply::ArtPrompt(made) => made);
            if out.is_json() {
                return out.json(&*made);
            }
            out.line(made.sheet.as_str());
            made.warnings.iter().for_each(|warning| out.note(warning.as_str()));
            out.note(format!("what comes of it: juggler art bring {assignment} PATH"));
            Ok(())
        }
        ArtCommand::Bring { assignment, path, made_with, take: at_once } => {
            let id = find::assignment(handle, &assignment).await?.assignment.id;
            let path = std::path::absolute(&path).unwrap_or(path);
            let tool = text(made_with.as_ref());
            let request = Request::PaintBring { assignment: id.clone(), tool, path, content: None };
            let brought = ask!(handle, request, Reply::Painting(painting) => painting);
            let works = studio(&id, handle).await?.works;
            let work = find_work(&works, &brought.call)?;
            let n = work.work.pictures.iter().map(|picture| picture.n).max().unwrap_or(1);
            if at_once {
                return take(brought.call, n, handle, out).await;
            }
            if out.is_json() {
                return out.json(work);
            }
            out.line(format!("{}/{n}", brought.call));
            out.note(format!("it is a result, and not in the draft yet: juggler art take {}/{n}", brought.call));
            Ok(())
        }
    }
}

async fn paint(args: ArtAskArgs, own: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let view = find::assignment(handle, &args.assignment).await?;
    find::editable(&view)?;
    let id = view.assignment.id;
    let wish = wish(&args)?;
    let painting = order(&id, wish, (args.yes, args.no_wait, own), handle, out).await?;
    if args.no_wait {
        return queued(&painting, out);
    }
    let work = wait(&painting, handle, out).await?;
    tell(&work, out)?;
    if args.take
        && let Some(first) = work.work.pictures.first()
    {
        take(painting.call.clone(), first.n, handle, out).await?;
    }
    ended(&work)
}

fn wish(args: &ArtAskArgs) -> Result<ArtWish> {
    let operation = match (&args.from, args.upscale, args.cutout, args.areas.is_empty()) {
        (None, ..) => Operation::Generate,
        (_, Some(_), ..) => Operation::Upscale,
        (_, _, true, _) => Operation::Cutout,
        (_, _, _, false) => Operation::Inpaint,
        _ => Operation::Edit,
    };
    let from = args.from.as_deref().map(|written| match picture_of(written) {
        Ok((call, n)) if written.starts_with("ai-") => From::Result { call, picture: n.unwrap_or(1) },
        _ => From::File { name: Text::title(written) },
    });
    Ok(ArtWish {
        operation,
        painter: args.by.as_ref().map(|name| Text::title(name)),
        template: args.template.as_ref().map(|name| Text::title(name)),
        prompt: text(args.prompt.as_ref()),
        negative: text(args.negative.as_ref()),
        size: args.size,
        count: args.count,
        seed: args.seed,
        strength: args.strength,
        quality: text(args.quality.as_ref()),
        backdrop: args.background.unwrap_or_default(),
        from,
        areas: args.areas.clone(),
        scale: args.upscale.unwrap_or(0),
    })
}

async fn again(call: &str, vary: bool, flags: (bool, bool, bool), handle: &Handle, out: &mut Out) -> Result<()> {
    let (call, _) = picture_of(call)?;
    let work = anywhere(&call, handle).await?;
    if work.work.order.by_hand {
        return Err(Failure::new(Class::Usage, "this order is worked by hand").hint("juggler art sheet JOB writes it down again"));
    }
    let id = work.work.order.assignment.clone();
    let painting = order(&id, work.work.order.again(vary), flags, handle, out).await?;
    if flags.1 {
        return queued(&painting, out);
    }
    let work = wait(&painting, handle, out).await?;
    tell(&work, out)?;
    ended(&work)
}

/// Orders, with the person's agreement where it is asked for.
async fn order(
    id: &AssignmentId,
    wish: ArtWish,
    (yes, no_wait, own): (bool, bool, bool),
    handle: &Handle,
    out: &mut Out,
) -> Result<Painting> {
    if no_wait && own {
        return Err(Failure::new(Class::Usage, "somebody has to wait for it")
            .why("no other juggler is running that would go on")
            .hint("start one, such as juggler daemon start, or leave --no-wait out"));
    }
    let mut agreed = None;
    loop {
        let request = Request::Paint { assignment: id.clone(), wish: Box::new(wish.clone()), agreed: agreed.clone() };
        match handle.ask(request).await? {
            Reply::Painting(painting) => {
                painting.notes.iter().for_each(|note| out.note(note.as_str()));
                return Ok(painting);
            }
            Reply::Terms(terms) if agreed.is_none() => {
                agreed = Some(claim::agree(&terms, yes, None, "say it again with --yes", out)?);
            }
            Reply::Terms(_) => return Err(Failure::new(Class::Refused, "the terms changed meanwhile").hint("try again")),
            other => return Err(super::strange(&other)),
        }
    }
}

fn queued(painting: &Painting, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(painting);
    }
    out.line(painting.call.as_str());
    if painting.before > 0 {
        out.note(format!("{} before it", words::count(painting.before as usize, "order")));
    }
    Ok(())
}

/// Waits until an order is over; how far it is goes to standard error.
async fn wait(painting: &Painting, handle: &Handle, out: &mut Out) -> Result<WorkView> {
    let mut events = handle.events();
    let mut last = String::new();
    loop {
        let works = studio(&painting.assignment, handle).await?.works;
        let work = find_work(&works, &painting.call)?;
        if !work.stage.is_open() {
            return Ok(work.clone());
        }
        let line = progress(work);
        if line != last && !out.is_json() {
            out.note(&line);
            last = line;
        }
        // Whatever is heard of it, or nothing for a while: it is looked at again.
        let heard = async {
            loop {
                match events.recv().await {
                    Ok(Event { what: What::Art { call, .. }, .. }) if call == painting.call => return,
                    Ok(_) => {}
                    Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => return,
                    Err(tokio::sync::broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), heard).await;
    }
}

fn progress(work: &WorkView) -> String {
    let percent = work.percent.map_or_else(String::new, |percent| format!(" {percent} %"));
    let note = if work.note.is_empty() { String::new() } else { format!(": {}", work.note) };
    format!("{}{percent}{note}", work.stage.word())
}

async fn look(call: &str, handle: &Handle, out: &mut Out) -> Result<()> {
    let (call, _) = picture_of(call)?;
    let assignment = anywhere(&call, handle).await?.work.order.assignment;
    ask!(handle, Request::PaintLook { call: call.clone() }, Reply::Done => ());
    let painting = Painting { call, assignment, notes: Vec::new(), before: 0 };
    let work = wait(&painting, handle, out).await?;
    tell(&work, out)?;
    ended(&work)
}

/// An order that did not end well is a failure, whatever came of it.
fn ended(work: &WorkView) -> Result<()> {
    let hint = match work.work.pictures.is_empty() {
        true => "juggler art again ORDER orders the same".to_owned(),
        false => format!("what came is kept: juggler art results {}", work.work.order.assignment),
    };
    match (work.stage, work.ended) {
        (Stage::Over, Some(Ended::Done)) => Ok(()),
        (Stage::Over, Some(end)) => {
            let class = if end == Ended::Declined { Class::Refused } else { Class::Platform };
            Err(Failure::new(class, format!("the painting is {}", end.word())).why(work.note.as_str()).hint(hint))
        }
        (stage, _) => {
            let failure =
                Failure::new(Class::Platform, format!("the painting is over: {}", stage.word())).why(work.note.as_str());
            Err(failure.hint(format!("juggler art look {}", work.work.order.call)))
        }
    }
}

fn tell(work: &WorkView, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(work);
    }
    for picture in &work.work.pictures {
        out.line(format!("{}/{}\t{}", work.work.order.call, picture.n, picture.file.path.display()));
    }
    if let Some(cost) = work.spent.as_ref().and_then(|spent| spent.cost) {
        out.note(format!("cost {cost}"));
    }
    Ok(())
}

async fn take(call: Text, picture: u32, handle: &Handle, out: &mut Out) -> Result<()> {
    let saved = ask!(handle, Request::PaintTake { call, picture }, Reply::Saved { draft, .. } => draft);
    draft::tell(&saved, out)
}

async fn studio(id: &AssignmentId, handle: &Handle) -> Result<Studio> {
    Ok(ask!(handle, Request::Studio { assignment: id.clone() }, Reply::Studio(studio) => *studio))
}

/// An order of whichever job.
async fn anywhere(call: &Text, handle: &Handle) -> Result<WorkView> {
    let assignments = ask!(handle, Request::Assignments, Reply::Assignments { assignments } => assignments);
    for view in assignments {
        let works = studio(&view.assignment.id, handle).await?.works;
        if let Ok(work) = find_work(&works, call) {
            return Ok(work.clone());
        }
    }
    Err(Failure::new(Class::NotFound, format!("there is no order {call}")).hint("juggler art results JOB lists them"))
}

fn find_work<'a>(works: &'a [WorkView], call: &Text) -> Result<&'a WorkView> {
    works.iter().find(|work| work.work.order.call == *call).ok_or_else(|| {
        Failure::new(Class::NotFound, format!("there is no order {call}")).hint("juggler art results JOB lists them")
    })
}

/// `ai-019a…/2`: the order, and its picture where one is named.
fn picture_of(written: &str) -> Result<(Text, Option<u32>)> {
    let Some((call, n)) = written.split_once('/') else { return Ok((Text::title(written), None)) };
    let n = n.parse().ok().filter(|n| *n > 0);
    match n {
        Some(n) => Ok((Text::title(call), Some(n))),
        None => Err(Failure::new(Class::Usage, format!("\"{written}\" names no picture"))
            .hint("write ORDER/NUMBER, as results lists them")),
    }
}

fn results(studio: &Studio, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(studio);
    }
    out.line(format!("AI: {}{}", studio.ruling.rule.sentence(), studio.ruling.by()));
    let painters: Vec<String> = studio
        .painters
        .iter()
        .map(|one| {
            let model = if one.model.is_empty() { "its own model" } else { one.model.as_str() };
            let can: Vec<&str> = one.operations.iter().map(|operation| operation.word()).collect();
            format!("{} ({model} at {}: {})", one.name, one.host, can.join(", "))
        })
        .collect();
    out.line(format!("painters: {}", if painters.is_empty() { "none".to_owned() } else { painters.join("; ") }));
    if let Some(wanted) = studio.wanted {
        out.line(format!("the job wants {wanted}"));
    }
    list(&studio.works, out)
}

fn list(works: &[WorkView], out: &mut Out) -> Result<()> {
    if out.is_json() {
        return works.iter().try_for_each(|work| out.json(work));
    }
    let mut table = Table::new(&[
        ("ORDER", Column::Left),
        ("STAGE", Column::Left),
        ("PAINTER", Column::Left),
        ("WHAT", Column::Left),
        ("PICTURE", Column::Left),
        ("SIZE", Column::Right),
        ("COST", Column::Right),
        ("NOTE", Column::Left),
    ]);
    for view in works {
        let order = &view.work.order;
        let percent = view.percent.map_or_else(String::new, |percent| format!(" {percent} %"));
        let stage = match view.ended {
            Some(ended) => ended.word().to_owned(),
            None => format!("{}{percent}", view.stage.word()),
        };
        let cost = view.spent.as_ref().and_then(|spent| spent.cost).map_or_else(|| "–".to_owned(), |cost| cost.to_string());
        let what = format!("{} {}", order.operation.word(), order.line());
        let row = |picture: String, size: String| {
            [
                order.call.to_string(),
                stage.clone(),
                order.painter.to_string(),
                what.trim().to_owned(),
                picture,
                size,
                cost.clone(),
                view.note.to_string(),
            ]
        };
        if view.work.pictures.is_empty() {
            table.row(row("–".to_owned(), "–".to_owned()));
        }
        for picture in &view.work.pictures {
            let facts = &picture.file.facts;
            let size =
                facts.width.zip(facts.height).map_or_else(|| "?".to_owned(), |(width, height)| format!("{width}x{height}"));
            let taken = if view.taken.contains(&picture.n) { " in the draft" } else { "" };
            let seed = picture.seed.map_or_else(String::new, |seed| format!(" seed {seed}"));
            table.row(row(format!("{}{seed}{taken}", picture.n), size));
        }
    }
    table.print(out);
    if works.is_empty() {
        out.note("nothing was ordered");
    }
    Ok(())
}

fn text(words: Option<&String>) -> Text {
    words.map(|words| Text::body(words)).unwrap_or_default()
}
