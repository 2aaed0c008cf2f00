//! `juggler check`: a draft or any text against what a job wants, with where and what to do. A failing *must* is exit 12.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::args::CheckArgs;
use super::out::{Out, Role};
use super::{ask, draft, find, jobs, words};
use crate::config::Config;
use crate::domain::check::pattern::urls;
use crate::domain::check::{Finding, Judged, Verdict, check, passes};
use crate::domain::{Deliverable, Job, Text};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};
use crate::net::{Address, Call, End, Http, Method, Reach};

/// Most web addresses that are asked.
const LINKS: usize = 20;
/// How long each may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of a file with demands.
const SPEC: u64 = 1 << 20;
/// Most bytes of a text that is checked by demands in a file: larger than a draft may be, since data sets are.
const TEXT: u64 = 64 << 20;

/// Checks the saved draft, or a text by what an assignment or a job of the feed wants.
pub async fn run(args: CheckArgs, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    let (name, job, files, saved) = match (&args.assignment, &args.job) {
        (Some(given), _) => {
            let view = find::assignment(handle, given).await?;
            let (text, files) = view.draft.map(|draft| (draft.text, draft.files)).unwrap_or_default();
            (view.assignment.id.to_string(), view.assignment.job, files, text)
        }
        (None, key) => {
            let key = jobs::keys(&[key.clone().unwrap_or_default()])?.remove(0);
            let job = ask!(handle, Request::Job { key: key.clone() }, Reply::Job { job, .. } => *job);
            (key.to_string(), job, Vec::new(), Text::default())
        }
    };
    let (findings, text) = match &args.text {
        Some(from) => {
            let text = draft::read(from)?;
            let findings = check(&job.deliverable, &Judged::of(&job, text.as_str(), &files).at_pace(config.pace));
            (findings, text)
        }
        // The engine's own word, which submitting rests on too.
        None => {
            let assignment = crate::domain::AssignmentId::new(&name);
            let findings = ask!(handle, Request::Check { assignment }, Reply::Checked { findings, .. } => findings);
            (findings, saved)
        }
    };
    let links = if args.links { links(text.as_str()).await } else { Vec::new() };
    let hint = match &args.text {
        Some(from) => format!("change {from} and check it again"),
        None => format!("juggler draft {name} --edit"),
    };
    tell(&name, &findings, &links, &hint, &unread(&job), out)
}

/// Checks a text by demands in a file; nothing else is asked.
pub async fn by_spec(args: CheckArgs, config: &Config, out: &mut Out) -> Result<()> {
    let (Some(spec), Some(from)) = (&args.spec, &args.text) else {
        return Err(Failure::new(Class::Usage, "--spec wants --text"));
    };
    let spec_text = bounded(spec, SPEC)?;
    let bad = |why: String| {
        Failure::new(Class::Usage, format!("{} holds no demands", spec.display()))
            .why(why)
            .hint("write {\"form\":\"lines\",\"rules\":[{\"rule\":\"items\",\"min\":5,\"max\":5}]}, or the same in TOML")
    };
    let demands: Deliverable = match spec.extension().is_some_and(|end| end == "toml") {
        true => toml::from_str(&spec_text).map_err(|error| bad(error.message().to_owned()))?,
        false => serde_json::from_str(&spec_text).map_err(|error| bad(error.to_string()))?,
    };
    let text = if from == "-" { draft::read(from)?.as_str().to_owned() } else { bounded(Path::new(from), TEXT)? };
    let mut sources = Vec::new();
    for path in &args.source {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        sources.push((name, bounded(path, TEXT)?));
    }
    let sources = sources.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let findings = check(&demands, &Judged { text: &text, sources, pace: config.pace, ..Judged::default() });
    let links = if args.links { links(&text).await } else { Vec::new() };
    tell(from, &findings, &links, &format!("change {from} and check it again"), &[], out)
}

/// A file's text, refused when it is larger.
fn bounded(path: &Path, most: u64) -> Result<String> {
    use std::io::Read;
    let bad = |why: String| Failure::new(Class::Usage, format!("{} cannot be read", path.display())).why(why);
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| bad(error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(bad(format!("it is larger than {} MiB", most >> 20)));
    }
    String::from_utf8(bytes).map_err(|_| bad("it is not text in UTF-8".to_owned()))
}

/// Attachments whose text is not here, so that nothing could be looked up in them.
fn unread(job: &Job) -> Vec<String> {
    job.attachments
        .iter()
        .filter(|a| a.text.is_none() && a.mime.as_str().starts_with("text/"))
        .map(|a| a.name.to_string())
        .collect()
}

/// A web address and whether anybody answers there.
struct Link {
    line: u32,
    url: Text,
    answer: std::result::Result<u16, String>,
}

/// Asks each web address once, reads only, public hosts only.
async fn links(text: &str) -> Vec<Link> {
    let http = Http::default();
    let mut all: Vec<Link> = Vec::new();
    for (place, url) in urls(text) {
        if all.len() == LINKS || all.iter().any(|known| known.url.as_str() == url) {
            continue;
        }
        let answer = match Address::parse(url) {
            Err(why) => Err(why),
            Ok(address) => {
                let call = Call { reach: Reach::Foreign, timeout: Some(PATIENCE), ..Call::new(Method::Get, address) };
                match http.call(call).await.end {
                    End::Answered(reply) => Ok(reply.status),
                    End::Unreachable(failure) | End::Unanswered(failure) | End::Broken(failure) => Err(failure.to_string()),
                }
            }
        };
        all.push(Link { line: place.line, url: Text::title(url), answer });
    }
    all
}

fn tell(name: &str, findings: &[Finding], links: &[Link], hint: &str, unread: &[String], out: &mut Out) -> Result<()> {
    let passes = passes(findings);
    if out.is_json() {
        let links: Vec<_> = links
            .iter()
            .map(|link| json!({ "line": link.line, "url": link.url, "status": link.answer.as_ref().ok(), "error": link.answer.as_ref().err() }))
            .collect();
        out.json(&json!({ "assignment": name, "passes": passes, "findings": findings, "links": links }))?;
    } else {
        findings.iter().for_each(|finding| print(finding, out));
        for link in links {
            let (role, sign, said) = match &link.answer {
                Ok(status @ 200..400) => (Role::Good, "ok    ", format!("answers ({status})")),
                Ok(status) => (Role::Warn, "look  ", format!("answers with {status}")),
                Err(why) => (Role::Warn, "look  ", why.clone()),
            };
            out.line(format!("{}line {}: {} – {said}", out.paint(role, sign), link.line + 1, link.url));
        }
        if !unread.is_empty() {
            out.note(format!("not fetched yet, so nothing was looked up in it: {}", unread.join(", ")));
        }
    }
    if passes { Ok(()) } else { Err(failing(name, findings, hint)) }
}

/// Prints one demand and how the draft stands to it.
fn print(finding: &Finding, out: &mut Out) {
    let (role, sign) = match finding.verdict {
        Verdict::Pass => (Role::Good, "ok    "),
        Verdict::Warn => (Role::Warn, "look  "),
        Verdict::Fail => (Role::Bad, "FAIL  "),
        Verdict::Advice => (Role::Dim, "note  "),
    };
    let column = finding.columns.map_or_else(String::new, |(from, _)| format!(":{}", u64::from(from) + 1));
    let line = finding.line.map_or_else(String::new, |line| format!("line {}{column}: ", u64::from(line) + 1));
    let said = finding.sentence();
    let said = if said.is_empty() { said } else { format!(" – {said}") };
    out.line(format!("{}{line}{}{said}", out.paint(role, sign), finding.label));
    let also: Vec<String> = finding.also.iter().take(20).map(|place| (u64::from(place.line) + 1).to_string()).collect();
    if !also.is_empty() {
        out.line(format!("        also on line {}{}", also.join(", "), if finding.also.len() > 20 { ", …" } else { "" }));
    }
    for tick in &finding.ticks {
        let page = tick.page.map(|page| format!("  p. {page}")).unwrap_or_default();
        let (role, sign) = if tick.done { (Role::Dim, "✓") } else { (Role::Warn, "✗") };
        out.line(format!("        {} {}{page}", out.paint(role, sign), tick.what));
    }
}

fn failing(name: &str, findings: &[Finding], hint: &str) -> Failure {
    let failing: Vec<&Finding> = findings.iter().filter(|f| f.verdict == Verdict::Fail).collect();
    let first = failing.first().map_or_else(String::new, |f| format!("{}: {}", f.label, f.sentence()));
    Failure::new(Class::Checks, format!("the draft of {name} fails {}", words::count(failing.len(), "check")))
        .why(first)
        .hint(hint)
}
