//! What the outside sees of the world: the shapes of `openapi.yaml`.

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::claim::{self, Claim};
use super::listing::{self, Listing};
use super::payment::{Payment, Totals};
use super::world::{News, World};
use crate::domain::{Asset, Money, Time};

/// An instant: RFC 3339, UTC, milliseconds.
pub fn stamp(at: Time) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn usd(cents: i64) -> String {
    Money::new(cents, Asset::USD).decimal()
}

/// A cut in millionths as a percentage without needless zeros: "12.5".
fn percent(ppm: u32) -> String {
    let text = format!("{}.{:04}", ppm / 10_000, ppm % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn reward(world: &World, job: &Listing) -> Value {
    let work = &world.catalogue.works[job.work];
    json!({
        "kind": "fixed",
        "amount": usd(job.pay),
        "currency": "USD",
        "bonus_max": work.bonus.map(|most| most.decimal()),
        "fee_percent": percent(job.fee_ppm),
        "funded": if job.escrowed { "escrowed" } else { "promised" },
    })
}

fn requester(world: &World, job: &Listing) -> Value {
    let who = &world.catalogue.requesters[job.requester];
    json!({
        "id": who.id,
        "name": who.name,
        "verified": who.verified,
        "country": who.country,
        "record": {
            "approved": who.approved,
            "rejected": who.rejected,
            "paid": who.paid,
            "late": who.late,
            "unpaid": who.unpaid,
        },
    })
}

/// A job in a list. `base`: scheme, host and port.
pub fn job_summary(world: &World, job: &Listing, base: &str) -> Value {
    let work = &world.catalogue.works[job.work];
    let requirements: Vec<Value> =
        work.requirements.iter().map(|r| json!({ "kind": r.kind, "text": r.text, "met": r.met })).collect();
    // A verdict comes long before this; it is what the contract promises when none does.
    let auto_approve = (86_400 / u64::from(world.setup.speed.max(1))).max(1);
    json!({
        "id": job.id(),
        "revision": job.revision,
        "url": format!("{base}/v1/jobs/{}", job.id()),
        "title": work.title,
        "summary": work.summary,
        "kind": work.kind,
        "tags": work.tags,
        "language": work.language,
        "requester": requester(world, job),
        "reward": reward(world, job),
        "est_seconds": job.est_seconds,
        "avg_seconds": job.avg_seconds(),
        "slots_total": job.slots_total,
        "slots_left": job.slots_left,
        "workers_now": job.workers_now(),
        "claim_mode": "instant_lock",
        "claim_seconds": job.claim_seconds,
        "auto_approve_seconds": auto_approve,
        "ai_policy": job.ai,
        "requirements": requirements,
        "cost": work.cost.as_ref().map(|(sum, why)| json!({ "amount": sum.decimal(), "currency": "USD", "why": why })),
        "status": job.status.word(),
        "posted_at": stamp(job.posted_at),
        "updated_at": stamp(job.updated_at),
        "expires_at": stamp(job.expires_at),
    })
}

/// A job with everything.
pub fn job(world: &World, job: &Listing, base: &str) -> Value {
    let work = &world.catalogue.works[job.work];
    let attachment = |a: &super::template::Attachment| {
        json!({
            "name": a.name,
            "mime": a.mime,
            "bytes": a.bytes.len(),
            "sha256": a.sha256,
            "url": format!("/v1/jobs/{}/attachments/{}", job.id(), a.name),
        })
    };
    let mut value = job_summary(world, job, base);
    if let Value::Object(fields) = &mut value {
        fields.insert("brief".to_owned(), work.brief.clone().into());
        fields.insert("deliverable".to_owned(), json!(work.deliverable));
        fields.insert("attachments".to_owned(), work.attachments.iter().map(attachment).collect());
        fields.insert("content_warning".to_owned(), json!(work.content_warning));
    }
    value
}

/// An assignment.
pub fn assignment(world: &World, claim: &Claim) -> Value {
    json!({
        "id": claim.id(),
        "job_id": listing::id(claim.job),
        "status": claim.stage.word(),
        "claimed_at": stamp(claim.claimed_at),
        "deadline": stamp(claim.deadline),
        "updated_at": stamp(claim.updated_at),
        "submissions": claim.submissions,
        "submission_key": claim.key,
        "feedback": claim.feedback,
        "reward": world.memory.jobs.get(&claim.job).map(|job| reward(world, job)),
    })
}

/// A payment.
pub fn payment(payment: &Payment) -> Value {
    json!({
        "id": payment.id(),
        "assignment_id": claim::id(payment.claim),
        "kind": if payment.bonus { "bonus" } else { "reward" },
        "gross": usd(payment.gross),
        "fee": usd(payment.fee),
        "net": usd(payment.net()),
        "currency": "USD",
        "status": payment.word(),
        "created_at": stamp(payment.created_at),
        "updated_at": stamp(payment.updated_at),
        "paid_at": payment.paid_at.map(stamp),
        "reference": payment.reference,
    })
}

/// The worker, and what the market counted.
pub fn me(world: &World) -> Value {
    let totals: Totals = world.totals();
    json!({
        "worker": { "id": "w000001", "name": "Practice worker" },
        "qualifications": world.catalogue.qualifications(),
        "hand_limit": world.setup.hand_limit,
        "held": world.held(),
        "totals": {
            "currency": "USD",
            "submitted": totals.submitted,
            "approved": totals.approved,
            "rejected": totals.rejected,
            "revisions": totals.revisions,
            "paid_gross": usd(totals.paid_gross),
            "paid_fee": usd(totals.paid_fee),
            "paid_net": usd(totals.paid_net),
            "bonus_gross": usd(totals.bonus_gross),
            "due_net": usd(totals.due_net),
        },
    })
}

/// One line of the stream.
pub fn news(news: &News) -> Value {
    json!({ "id": news.id, "status": news.status, "updated_at": stamp(news.at) })
}
