//! A job.

use serde_json::Value;

use super::super::recipe::{Fields, Path, Word};
use super::reader::{Around, MOST, Misfit, Reader};
use crate::domain::job::{Attachment, Met, Requirement};
use crate::domain::requester::{PayRecord, Requester};
use crate::domain::reward::{CostToWorker, Reward, RewardKind};
use crate::domain::{AiPolicy, AiRule, Job, JobKey, PolicySource, Text};

/// Maps one job. `detailed`: the item holds everything there is.
pub fn job(around: Around<'_>, item: &Value, detailed: bool) -> Result<Job, Misfit> {
    let maps = &around.recipe.map;
    let read = Reader::new(around, &maps.job, item);
    let id = read.must_id("id")?;
    let mut job = Job::new(around.source, &id, "", around.now);
    job.key = JobKey::of(around.source, &id);
    job.title = read.must_line("title")?;
    job.revision = read.line("revision")?;
    job.url = read.line("url")?;
    job.brief = read.body("brief")?.unwrap_or_default();
    job.detailed = detailed;
    job.requester = requester(&read)?;
    job.kind = read.line("kind")?.unwrap_or_default();
    job.tags = read.words("tags")?;
    job.reward = reward(&read)?;
    job.cost = cost(&read)?;
    job.est_seconds = read.span("est_time")?;
    job.obs_seconds = read.span("obs_time")?;
    job.slots_total = read.int("slots_total")?;
    job.slots_left = read.int("slots_left")?;
    job.competitors = read.int("competitors")?;
    job.posted_at = read.time("posted_at")?;
    job.updated_at = read.time("updated_at")?;
    job.expires_at = read.time("expires_at")?;
    job.claim_mode = read.word("claim_mode", Word::ClaimMode)?.map_or_else(Default::default, |(mode, _)| mode);
    job.claim_ttl = read.span("claim_time")?;
    job.auto_approve_after = read.span("auto_approve_after")?;
    job.deliverable = read.whole("deliverable")?.unwrap_or_default();
    read.suspect("deliverable");
    if let Some((rule, _)) = read.word::<AiRule>("ai", Word::Ai)? {
        let source = if rule == AiRule::Unknown { PolicySource::Nobody } else { PolicySource::Platform };
        job.ai = AiPolicy { rule, source };
    }
    job.language = read.line("language")?;
    job.warning = read.body("warning")?;
    job.status = read.word("status", Word::JobStatus)?.map_or_else(Default::default, |(status, _)| status);
    let mut suspicious = read.is_suspicious();
    job.attachments = each(around, item, maps.attachments.as_ref(), &maps.attachment, &mut suspicious, attachment)?;
    job.requirements = each(around, item, maps.requirements.as_ref(), &maps.requirement, &mut suspicious, requirement)?;
    job.suspicious = suspicious;
    crate::domain::shield::note(&mut job);
    crate::domain::ai::note(&mut job);
    Ok(job)
}

fn requester(read: &Reader<'_>) -> Result<Requester, Misfit> {
    let name = read.line("requester_name")?;
    let id = read.line("requester_id")?;
    Ok(Requester {
        id: id.clone().or_else(|| name.clone()).unwrap_or_default(),
        name: name.or(id).unwrap_or_default(),
        verified: read.flag("requester_verified")?.unwrap_or_default(),
        country: read.line("requester_country")?,
        record: PayRecord {
            approved: read.int("record_approved")?,
            rejected: read.int("record_rejected")?,
            paid: read.int("record_paid")?,
            late: read.int("record_late")?,
            unpaid: read.int("record_unpaid")?,
        },
    })
}

fn reward(read: &Reader<'_>) -> Result<Reward, Misfit> {
    let min = read.money("pay")?;
    let max = read.money("pay_max")?.or(min);
    let told = read.word("reward_kind", Word::RewardKind)?.map(|(kind, _)| kind);
    let kind = told.unwrap_or(match (min, max) {
        (None, None) => RewardKind::Unknown,
        (min, max) if min == max => RewardKind::Fixed,
        _ => RewardKind::Range,
    });
    Ok(Reward {
        kind,
        min,
        max,
        fee_ppm: read.share("fee")?.unwrap_or_default(),
        bonus_max: read.money("bonus_max")?,
        funded: read.word("funded", Word::Funded)?.map_or_else(Default::default, |(funded, _)| funded),
    })
}

fn cost(read: &Reader<'_>) -> Result<Option<CostToWorker>, Misfit> {
    let amount = read.money("cost")?;
    let why = read.line("cost_why")?;
    Ok((amount.is_some() || why.is_some()).then(|| CostToWorker { amount, why: why.unwrap_or_default() }))
}

/// Maps the records inside a job; a misfit among them is told with its place.
fn each<T>(
    around: Around<'_>,
    item: &Value,
    list: Option<&Path>,
    fields: &Fields,
    suspicious: &mut bool,
    map: impl Fn(&Reader<'_>) -> Result<T, Misfit>,
) -> Result<Vec<T>, Misfit> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    // What this call has elsewhere are fields of the job, not of what is inside it.
    let around = Around { over: None, ..around };
    for (number, inner) in list.all(item).into_iter().enumerate().filter(|(_, inner)| !inner.is_null()).take(MOST) {
        let read = Reader::new(around, fields, inner);
        let placed = |misfit: Misfit| format!("at {} {}", list.pointer(item, number), misfit.sentence);
        all.push(map(&read).map_err(|misfit| Misfit { sentence: placed(misfit) })?);
        *suspicious |= read.is_suspicious();
    }
    Ok(all)
}

fn attachment(read: &Reader<'_>) -> Result<Attachment, Misfit> {
    Ok(Attachment {
        name: read.must_line("name")?,
        mime: read.line("mime")?.unwrap_or_default(),
        size: read.long("size")?,
        sha256: read.line("sha256")?.map(|hash| Text::title(&hash.as_str().to_ascii_lowercase())),
        url: read.line("url")?,
        text: read.body("text")?,
    })
}

fn requirement(read: &Reader<'_>) -> Result<Requirement, Misfit> {
    Ok(Requirement {
        kind: read.line("kind")?.unwrap_or_default(),
        text: read.must_line("text")?,
        met: read.word::<Met>("met", Word::Met)?.map_or_else(Default::default, |(met, _)| met),
    })
}
