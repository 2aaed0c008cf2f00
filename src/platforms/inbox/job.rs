//! From a line to a job. What is not told stays unknown; what is told and cannot be read makes the line malformed.

use std::borrow::Cow;

use super::line::Line;
use super::scan::{Raw, inside, members};
use super::value::{Read, Values, each, flag, int, long, money, percent, plain, shown, span, time};
use crate::domain::job::{Attachment, ClaimMode, JobStatus, Met, Requirement};
use crate::domain::requester::Requester;
use crate::domain::reward::{CostToWorker, Funding, Reward, RewardKind};
use crate::domain::{AiPolicy, AiRule, Deliverable, Job, JobKey, PolicySource, SourceName, Text, Time};

/// A longer id would be cut, and two cut ones might be one.
const ID_BYTES: usize = 150;

/// What a line says.
#[derive(Debug)]
pub enum Said {
    /// A job is there: it was added.
    Listed,
    /// The job is withdrawn.
    Gone(JobKey),
    /// The file is a whole list from here on: what it does not hold is gone.
    Whole,
}

/// The native id, when the line has one.
pub fn id<'a>(line: &Line<'a>) -> Read<Cow<'a, str>> {
    let id = plain(line.id).map_err(|why| format!("id: {why}"))?.unwrap_or_default();
    match id.len() {
        0 => Err("it has no id".to_owned()),
        1..=ID_BYTES => Ok(id),
        long => Err(format!("its id has {long} bytes; {ID_BYTES} are the most")),
    }
}

/// Reads a line whose members were found, its id among them; a job goes to `jobs`.
pub fn read(line: &Line<'_>, id: &Read<Cow<'_, str>>, source: &SourceName, now: Time, jobs: &mut Vec<Job>) -> Read<Said> {
    if line.whole == Raw::Flag(true) && line.id == Raw::Null {
        return Ok(Said::Whole);
    }
    let id = id.as_ref().map_err(Clone::clone)?;
    if named("gone", flag(line.gone))? {
        return Ok(Said::Gone(JobKey::of(source, id)));
    }
    jobs.push(job(line, source, id, now)?);
    Ok(Said::Listed)
}

fn named<T>(name: &str, read: Read<T>) -> Read<T> {
    read.map_err(|why| format!("{name}: {why}"))
}

fn job(line: &Line<'_>, source: &SourceName, id: &str, now: Time) -> Read<Job> {
    let values = Values::default();
    values.suspect(id);
    let mut job = Job::new(source, id, "", now);
    job.title = named("title", values.line(line.title))?.ok_or("it has no title")?;
    job.detailed = true;
    job.revision = named("revision", values.line(line.revision))?;
    job.url = named("url", values.line(line.url))?;
    job.brief = named("brief", values.body(line.brief))?.unwrap_or_default();
    job.requester = named("requester", requester(line.requester, &values))?;
    job.kind = named("kind", values.line(line.kind))?.unwrap_or_default();
    job.tags = named("tags", values.words(line.tags))?;
    job.reward = reward(line)?;
    job.cost = named("cost", cost(line.cost, line.currency, &values))?;
    job.est_seconds = either(("seconds", line.seconds), ("minutes", line.minutes))?;
    job.obs_seconds = either(("observed_seconds", line.observed_seconds), ("observed_minutes", line.observed_minutes))?;
    job.slots_left = named("slots", int(line.slots))?;
    job.slots_total = named("slots_total", int(line.slots_total))?;
    job.competitors = named("competitors", int(line.competitors))?;
    job.posted_at = named("posted_at", time(line.posted_at))?;
    job.updated_at = named("updated_at", time(line.updated_at))?;
    job.expires_at = named("expires_at", time(line.expires_at))?;
    job.claim_mode = word("claim", line.claim, CLAIM)?.unwrap_or(ClaimMode::Link);
    job.claim_ttl = named("claim_minutes", span(line.claim_minutes, 60))?;
    job.requirements = named("requirements", list(line.requirements, |raw| requirement(raw, &values)))?;
    job.attachments = named("attachments", list(line.attachments, |raw| attachment(raw, &values)))?;
    job.deliverable = named("deliverable", deliverable(line.deliverable, &values))?;
    if let Some(rule) = word("ai", line.ai, AI)? {
        let source = if rule == AiRule::Unknown { PolicySource::Nobody } else { PolicySource::Platform };
        job.ai = AiPolicy { rule, source };
    }
    job.language = named("language", values.line(line.language))?;
    job.warning = named("warning", values.body(line.warning))?;
    job.status = word("status", line.status, STATUS)?.unwrap_or_default();
    job.suspicious = values.is_suspicious();
    crate::domain::shield::note(&mut job);
    crate::domain::ai::note(&mut job);
    Ok(job)
}

fn either(seconds: (&str, Raw<'_>), minutes: (&str, Raw<'_>)) -> Read<Option<u32>> {
    match named(seconds.0, span(seconds.1, 1))? {
        None => named(minutes.0, span(minutes.1, 60)),
        told => Ok(told),
    }
}

fn requester(raw: Raw<'_>, values: &Values) -> Read<Requester> {
    let mut requester = Requester::default();
    let Raw::Record(record) = raw else {
        let name = values.line(raw)?.unwrap_or_default();
        return Ok(Requester { id: name.clone(), name, ..requester });
    };
    let mut wrong = Ok(());
    let mut id = None;
    let scanned = members(record, |key, raw| {
        let record = &mut requester.record;
        let read = match &*key {
            "id" => values.line(raw).map(|told| id = told),
            "name" => values.line(raw).map(|told| requester.name = told.unwrap_or_default()),
            "verified" => flag(raw).map(|told| requester.verified = told),
            "country" => values.line(raw).map(|told| requester.country = told),
            "approved" => int(raw).map(|told| record.approved = told),
            "rejected" => int(raw).map(|told| record.rejected = told),
            "paid" => int(raw).map(|told| record.paid = told),
            "late" => int(raw).map(|told| record.late = told),
            "unpaid" => int(raw).map(|told| record.unpaid = told),
            _ => Ok(()),
        };
        if let (Err(why), Ok(())) = (read, &wrong) {
            wrong = Err(format!("{key}: {why}"));
        }
    });
    scanned.map_err(|wrong| wrong.what.to_owned())?;
    wrong?;
    requester.id = id.unwrap_or_else(|| requester.name.clone());
    if requester.name.is_empty() {
        requester.name = requester.id.clone();
    }
    Ok(requester)
}

fn reward(line: &Line<'_>) -> Read<Reward> {
    let min = named("pay", money(line.pay, line.currency))?;
    let mut upper = line.pay_max;
    if let (Raw::Null, Raw::Record(record)) = (upper, line.pay) {
        // {"min": …, "max": …, "currency": …} in one.
        members(record, |key, raw| {
            if key == "max" {
                upper = raw;
            }
        })
        .map_err(|wrong| wrong.what.to_owned())?;
    }
    let max = match (upper, min) {
        (Raw::Null, min) => min,
        (Raw::Number(amount), Some(min)) => {
            let max = crate::domain::Money::parse(amount, min.asset).map_err(|error| format!("pay_max: {error}"))?;
            Some(max)
        }
        (upper, _) => named("pay_max", money(upper, line.currency))?,
    };
    let kind = word("reward", line.reward, REWARD)?.unwrap_or(match (min, max) {
        (None, None) => RewardKind::Unknown,
        (min, max) if min == max => RewardKind::Fixed,
        _ => RewardKind::Range,
    });
    Ok(Reward {
        kind,
        min,
        max,
        fee_ppm: named("fee", percent(line.fee))?.unwrap_or_default(),
        bonus_max: named("bonus", money(line.bonus, line.currency))?,
        funded: word("funded", line.funded, FUNDED)?.unwrap_or_default(),
    })
}

/// An amount, words, or `{"amount": …, "currency": …, "why": …}`.
fn cost(raw: Raw<'_>, currency: Raw<'_>, values: &Values) -> Read<Option<CostToWorker>> {
    match raw {
        Raw::Null => Ok(None),
        Raw::Record(record) => {
            let (mut why, mut amount) = (Raw::Null, false);
            members(record, |key, value| match &*key {
                "why" => why = value,
                "amount" | "minor" | "cents" => amount = true,
                _ => {}
            })
            .map_err(|wrong| wrong.what.to_owned())?;
            let amount = if amount { money(raw, currency)? } else { None };
            Ok(Some(CostToWorker { amount, why: values.line(why)?.unwrap_or_default() }))
        }
        raw => match money(raw, currency) {
            Ok(amount) => Ok(Some(CostToWorker { amount, why: Text::default() })),
            Err(_) => Ok(values.line(raw)?.map(|why| CostToWorker { amount: None, why })),
        },
    }
}

fn list<T>(raw: Raw<'_>, read: impl FnMut(Raw<'_>) -> Read<T>) -> Read<Vec<T>> {
    match raw {
        Raw::Null => Ok(Vec::new()),
        Raw::List(list) => each(list, read),
        other => Err(format!("{} is not a list", shown(other))),
    }
}

/// In words (`"country: US"` names its kind), or `{"kind": …, "text": …, "met": …}`.
fn requirement(raw: Raw<'_>, values: &Values) -> Read<Requirement> {
    let Raw::Record(record) = raw else {
        let text = values.line(raw)?.unwrap_or_default();
        let kind = text.as_str().split_once(':').map(|(kind, _)| kind).filter(|kind| !kind.contains(' '));
        return Ok(Requirement { kind: kind.map(Text::title).unwrap_or_default(), text, met: Met::default() });
    };
    let (mut kind, mut text, mut met) = (Raw::Null, Raw::Null, Raw::Null);
    members(record, |key, value| match &*key {
        "kind" => kind = value,
        "text" => text = value,
        "met" => met = value,
        _ => {}
    })
    .map_err(|wrong| wrong.what.to_owned())?;
    let text = values.line(text)?.ok_or("a requirement has no text")?;
    Ok(Requirement { kind: values.line(kind)?.unwrap_or_default(), text, met: word("met", met, MET)?.unwrap_or_default() })
}

fn attachment(raw: Raw<'_>, values: &Values) -> Read<Attachment> {
    let Raw::Record(record) = raw else { return Err(format!("{} is not an attachment", shown(raw))) };
    let mut found = [Raw::Null; 6];
    members(record, |key, value| {
        if let Some(at) = ["name", "mime", "size", "sha256", "url", "text"].iter().position(|name| *name == key) {
            found[at] = value;
        }
    })
    .map_err(|wrong| wrong.what.to_owned())?;
    let [name, mime, size, sha256, url, text] = found;
    Ok(Attachment {
        name: values.line(name)?.ok_or("an attachment has no name")?,
        mime: values.line(mime)?.unwrap_or_default(),
        size: long(size)?,
        sha256: values.line(sha256)?,
        url: values.line(url)?,
        text: values.body(text)?,
    })
}

fn deliverable(raw: Raw<'_>, values: &Values) -> Read<Deliverable> {
    let record = match raw {
        Raw::Null => return Ok(Deliverable::default()),
        Raw::Record(record) => record,
        other => return Err(format!("{} is not an object", shown(other))),
    };
    fn texts(value: &serde_json::Value, values: &Values) {
        match value {
            serde_json::Value::String(text) => values.suspect(text),
            serde_json::Value::Array(parts) => parts.iter().for_each(|part| texts(part, values)),
            serde_json::Value::Object(members) => members.values().for_each(|part| texts(part, values)),
            _ => {}
        }
    }
    let value: serde_json::Value = serde_json::from_str(record).map_err(|error| error.to_string())?;
    texts(&value, values);
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// Our words and those that many use for them.
type Words<T> = &'static [(&'static str, T)];

/// One of a few words; case does not matter.
fn word<T: Copy>(name: &str, raw: Raw<'_>, words: Words<T>) -> Read<Option<T>> {
    let told = match raw {
        Raw::Null => return Ok(None),
        Raw::Flag(true) => "true",
        Raw::Flag(false) => "false",
        Raw::Plain(quoted) => inside(quoted),
        _ => "",
    };
    match words.iter().find(|(word, _)| word.eq_ignore_ascii_case(told)) {
        Some((_, ours)) => Ok(Some(*ours)),
        None => {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Err(format!("{name}: {} is none of {}", shown(raw), known.join(", ")))
        }
    }
}

const CLAIM: Words<ClaimMode> = &[
    ("link", ClaimMode::Link),
    ("instant", ClaimMode::InstantLock),
    ("instant_lock", ClaimMode::InstantLock),
    ("apply", ClaimMode::ApplyThenAssigned),
    ("bid", ClaimMode::BidThenAssigned),
    ("race", ClaimMode::Race),
    ("contest", ClaimMode::Contest),
];
const AI: Words<AiRule> = &[
    ("allowed", AiRule::Allowed),
    ("assist", AiRule::AssistOnly),
    ("disclose", AiRule::Disclose),
    ("human", AiRule::HumanOnly),
    ("unknown", AiRule::Unknown),
    ("agent", AiRule::AgentOnly),
    ("ok", AiRule::Allowed),
    ("true", AiRule::Allowed),
    ("assist_only", AiRule::AssistOnly),
    ("human_only", AiRule::HumanOnly),
    ("forbidden", AiRule::HumanOnly),
    ("false", AiRule::HumanOnly),
    ("agent_only", AiRule::AgentOnly),
];
const STATUS: Words<JobStatus> = &[
    ("open", JobStatus::Open),
    ("full", JobStatus::Full),
    ("expired", JobStatus::Expired),
    ("cancelled", JobStatus::Cancelled),
    ("closed", JobStatus::Cancelled),
    ("gone", JobStatus::Vanished),
    ("vanished", JobStatus::Vanished),
];
const REWARD: Words<RewardKind> = &[
    ("fixed", RewardKind::Fixed),
    ("range", RewardKind::Range),
    ("max_bid", RewardKind::MaxBid),
    ("hourly", RewardKind::Hourly),
    ("per_item", RewardKind::PerItem),
    ("prize_pool", RewardKind::PrizePool),
    ("volunteer", RewardKind::Volunteer),
    ("unknown", RewardKind::Unknown),
];
const FUNDED: Words<Funding> = &[
    ("escrowed", Funding::Escrowed),
    ("true", Funding::Escrowed),
    ("promised", Funding::Promised),
    ("false", Funding::Promised),
    ("unknown", Funding::Unknown),
];
const MET: Words<Met> = &[("yes", Met::Yes), ("true", Met::Yes), ("no", Met::No), ("false", Met::No), ("unknown", Met::Unknown)];
