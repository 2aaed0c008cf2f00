//! `juggler jobs` and `juggler show`.

use chrono::Utc;

use super::args::JobsArgs;
use super::out::{Out, Role};
use super::table::{Column, Table};
use super::{ask, query, views, words};
use crate::config::Config;
use crate::domain::job::Met;
use crate::domain::{Job, JobKey, Record, Text, Time, View, deliverable, shield};
use crate::engine::Handle;
use crate::engine::api::{JobRow, Reply, Request, SourceHealth, SourceState};
use crate::error::{Class, Failure, Result};
use crate::store;

/// Lists jobs.
pub async fn list(args: JobsArgs, handle: &Handle, config: &Config, out: &mut Out) -> Result<()> {
    // A query that makes no sense is told before anybody is asked anything.
    let asked = query::view(query::parse(&args.query)?, &args.order)?;
    if args.poll {
        poll(handle, out).await?;
    }
    let view = match &args.view {
        None => asked,
        Some(name) => {
            let View { query, sort, group } = views::named(name, handle).await?;
            let sort = if asked.sort.is_empty() { sort } else { asked.sort };
            View { query: query.and(&asked.query), sort, group: group || asked.group }
        }
    };
    let group = view.group;
    let (jobs, total) = ask!(handle, Request::Jobs { view, limit: args.limit }, Reply::Jobs { jobs, total } => (jobs, total));
    if out.is_json() {
        return jobs.iter().try_for_each(|job| out.json(job));
    }
    let now = Utc::now();
    table(&jobs, group, now).print(out);
    if total > jobs.len() {
        out.note(format!("{} of {total} jobs; --limit {total} shows all", jobs.len()));
    }
    if total == 0 {
        let next = if config.sources.is_empty() {
            "no source is configured: juggler sources add --help, or juggler demo"
        } else if !args.query.is_empty() {
            "no job is all this; leave some of it out, or add is:any for jobs beyond the open ones"
        } else if args.view.is_some() {
            "no job is in this view; --view all shows everything known"
        } else if args.poll {
            "the sources list nothing here now; --view all shows everything known"
        } else {
            "nothing is known yet: juggler jobs --poll asks the sources"
        };
        out.note(next);
    }
    Ok(())
}

/// Asks every source; a word on standard error about those that could not be.
pub async fn poll(handle: &Handle, out: &Out) -> Result<()> {
    let sources = ask!(handle, Request::Poll { source: None }, Reply::Sources { sources } => sources);
    complain(&sources, out)
}

/// Sources that could not be asked: a word on standard error; a failure when none could.
fn complain(sources: &[SourceHealth], out: &Out) -> Result<()> {
    let asked: Vec<&SourceHealth> = sources.iter().filter(|source| source.state != SourceState::Off).collect();
    let failed: Vec<(&SourceHealth, &Failure)> =
        asked.iter().filter(|s| s.state != SourceState::Ok).filter_map(|s| Some((*s, s.error.as_ref()?))).collect();
    if failed.len() == asked.len()
        && let Some((_, failure)) = failed.first()
    {
        return Err((*failure).clone());
    }
    for (source, failure) in failed {
        out.note(format!("{}: {failure}", source.name));
    }
    Ok(())
}

fn table(jobs: &[JobRow], group: bool, now: Time) -> Table {
    use Column::{Flex, Left, Right};
    let mut heads = vec![
        ("", Left),
        ("KEY", Left),
        ("AGE", Right),
        ("PAY", Right),
        ("RATE", Right),
        ("FIT", Right),
        ("TIME", Right),
        ("KIND", Left),
        ("AI", Left),
        ("STATE", Left),
        ("REQUESTER", Left),
        ("TITLE", Flex),
    ];
    if group {
        heads.insert(1, ("ALIKE", Right));
    }
    let mut table = Table::new(&heads);
    for job in jobs {
        let mut cells = vec![
            marks(job, now).to_owned(),
            job.key.to_string(),
            words::age(job.since, now),
            words::money(job.pay),
            words::rate(job.rate.as_ref()),
            fit(job),
            words::maybe_span(job.seconds.map(i64::from)),
            job.kind.to_string(),
            job.ai.word().to_owned(),
            state(job, now),
            super::table::cut(job.requester.as_str(), 18),
            job.title.to_string(),
        ];
        if group {
            cells.insert(1, job.alike.to_string());
        }
        table.row(cells);
    }
    table
}

fn fit(job: &JobRow) -> String {
    match job.fit {
        _ if job.barred => "no".to_owned(),
        Some(fit) => fit.to_string(),
        None => "–".to_owned(),
    }
}

fn marks(job: &JobRow, now: Time) -> &'static str {
    // A warning is not to be drowned by a star.
    if !job.signs.none() {
        "⚑"
    } else if job.marks.pinned {
        "^"
    } else if job.marks.starred {
        "*"
    } else if job.marks.is_away(now) || job.blocked {
        "-"
    } else if job.suspicious || !job.costs.none() {
        "!"
    } else {
        ""
    }
}

/// What became of a job, in a few words.
pub fn state(job: &JobRow, now: Time) -> String {
    match (job.mine, job.expires_at) {
        (Some(mine), _) => mine.word().to_owned(),
        (None, Some(at)) if job.status == crate::domain::job::JobStatus::Open => {
            format!("{} left", words::span((at - now).num_seconds().max(0)))
        }
        _ => status_word(job.status).to_owned(),
    }
}

fn status_word(status: crate::domain::job::JobStatus) -> &'static str {
    use crate::domain::job::JobStatus;
    match status {
        JobStatus::Open => "open",
        JobStatus::Full => "full",
        JobStatus::Expired => "expired",
        JobStatus::Cancelled => "cancelled",
        JobStatus::Vanished => "gone",
    }
}

/// Shows one job.
pub async fn show(key: &str, handle: &Handle, out: &mut Out) -> Result<()> {
    let request = Request::Job { key: JobKey::new(key) };
    let (job, marks) = ask!(handle, request, Reply::Job { job, marks } => (job, marks));
    if out.is_json() {
        return out.json(&serde_json::json!({ "job": job, "marks": marks, "signs": shield::of(&job) }));
    }
    print(&job, out);
    Ok(())
}

/// Shows what a platform said word for word, from the journal.
pub fn raw(key: &str, config: &Config, out: &mut Out) -> Result<()> {
    let entries = store::entries(&config.paths.store())?;
    let mine = entries.iter().filter_map(|(_, _, entry)| match &entry.record {
        Record::Claimed { assignment } if assignment.job.key.as_str() == key => Some(assignment.id.as_str()),
        _ => None,
    });
    let about: Vec<&str> = mine.chain([key]).collect();
    let mut found = 0;
    for (_, _, entry) in &entries {
        if let Record::Raw { about: of, text } = &entry.record
            && about.contains(&of.as_str())
        {
            found += 1;
            if out.is_json() {
                out.json(&serde_json::json!({ "at": entry.at, "about": of, "raw": text }))?;
            } else {
                out.line(text.as_str());
            }
        }
    }
    if found == 0 {
        return Err(Failure::new(Class::NotFound, format!("nothing is kept word for word about {key}"))
            .why("it is kept of jobs that became yours, and for a month of items that could not be read")
            .hint("juggler hand --all lists what is or was yours"));
    }
    Ok(())
}

fn print(job: &Job, out: &mut Out) {
    let now = Utc::now();
    out.line(out.paint(Role::Head, job.title.as_str()));
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            out.line(format!("{label:<12}{value}"));
        }
    };
    line("key", job.key.to_string());
    line("requester", requester(job));
    line("kind", job.kind.to_string());
    let fee = if job.reward.fee_ppm == 0 { String::new() } else { format!(", {} after the fee", words::money(job.reward.net())) };
    line("pay", format!("{}{fee}", words::money(job.reward.gross())));
    line("bonus", job.reward.bonus_max.map_or_else(String::new, |bonus| format!("up to {bonus}")));
    let rate = crate::domain::rate::posted(job);
    line("per hour", rate.map_or_else(String::new, |rate| format!("{} as posted; --why tells what to expect", rate.hourly)));
    line("time", job.obs_seconds.or(job.est_seconds).map_or_else(String::new, |s| words::span(i64::from(s))));
    line("claim for", job.claim_ttl.map_or_else(String::new, |s| words::span(i64::from(s))));
    line("state", status_word(job.status).to_owned());
    line("closes", job.expires_at.map_or_else(String::new, |at| words::until(at, now)));
    line("ai", job.ai.rule.sentence().to_owned());
    for found in shield::of(job) {
        line("⚑ scam?", found.sentence());
    }
    line("warning", job.warning.as_ref().map_or_else(String::new, Text::to_string));
    for need in &job.requirements {
        let met = match need.met {
            Met::Yes => " (met)",
            Met::No => " (not met)",
            Met::Unknown => "",
        };
        line("needs", format!("{}{met}", need.text));
    }
    for file in &job.attachments {
        let size = file.size.map_or_else(String::new, |size| format!(", {size} bytes"));
        line("attached", format!("{} ({}{size})", file.name, file.mime));
    }
    line("wants", wants(&job.deliverable));
    out.line("");
    out.line(job.brief.as_str());
}

fn requester(job: &Job) -> String {
    let record = job.requester.record;
    let mut parts = vec![job.requester.name.to_string()];
    if job.requester.verified {
        parts.push("verified".to_owned());
    }
    for (n, what) in [(record.paid, "paid"), (record.late, "late"), (record.unpaid, "never paid"), (record.rejected, "rejected")]
    {
        parts.extend(n.filter(|n| *n > 0).map(|n| format!("{n} {what}")));
    }
    parts.join(", ")
}

/// The demands in the checks' own words: an empty draft is judged, and only the labels are kept.
fn wants(spec: &deliverable::Deliverable) -> String {
    let nothing = crate::domain::check::Judged::default();
    let labels: Vec<String> = crate::domain::check::check(spec, &nothing).iter().map(|f| f.label.to_string()).collect();
    labels.join("; ")
}

/// The jobs' keys; a word without a source in front is none.
pub fn keys(given: &[String]) -> Result<Vec<JobKey>> {
    match given.iter().find(|key| !key.contains(':')) {
        Some(bad) => Err(Failure::new(Class::Usage, format!("\"{bad}\" is not a job's key"))
            .why("a key has its source in front, such as practice:j42")
            .hint("juggler jobs prints the keys")),
        None => Ok(given.iter().map(|key| JobKey::new(key)).collect()),
    }
}
