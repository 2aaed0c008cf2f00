//! What a listing said, as digests: whether a job changed is told without keeping the job.

use super::digest::Digest;
use super::names::{asker_hash, needs_hash, tags_hash};
use crate::domain::deliverable::{Form, Rule};
use crate::domain::{Asset, Deliverable, Job, Money, Text, Time};

/// The digests of one listing. What is read from its texts (whether they hide characters, signs of a cheat) is none of it: a short
/// listing would then differ from the whole job for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Of everything but the detail texts and what is counted here. Never 0.
    pub(super) listing: u64,
    /// Of brief, attachments and deliverable.
    pub(super) body: u32,
    /// Of the revision, or of the stamp where there is none.
    pub(super) stamp: u32,
}

impl Said {
    pub(super) fn of(job: &Job) -> Said {
        let stamp = stamp(job);
        Said { listing: listing(job, stamp).max(1), body: body(job) as u32, stamp: stamp as u32 }
    }
}

fn time(digest: &mut Digest, time: Option<Time>) {
    digest.maybe(time.map(|t| t.timestamp() as u64));
    digest.number(time.map_or(0, |t| u64::from(t.timestamp_subsec_nanos())));
}

fn text(digest: &mut Digest, text: Option<&Text>) {
    digest.number(u64::from(text.is_some()));
    digest.text(text.map_or("", Text::as_str));
}

fn money(digest: &mut Digest, money: Option<Money>) {
    digest.number(u64::from(money.is_some()));
    let Some(money) = money else { return };
    digest.number(money.minor as u64);
    asset(digest, money.asset);
}

fn asset(digest: &mut Digest, asset: Asset) {
    digest.text(asset.code());
    digest.number(u64::from(asset.exponent()));
}

fn stamp(job: &Job) -> u64 {
    let mut digest = Digest::new(3);
    match &job.revision {
        Some(revision) => digest.text(revision.as_str()),
        None => time(&mut digest, job.updated_at),
    }
    digest.number(u64::from(job.revision.is_some()));
    digest.end()
}

fn listing(job: &Job, stamp: u64) -> u64 {
    let mut d = Digest::new(stamp);
    time(&mut d, job.updated_at);
    text(&mut d, job.url.as_ref());
    d.text(job.title.as_str());
    let who = &job.requester;
    d.number(asker_hash(who.id.as_str(), who.name.as_str(), &who.record));
    d.number(u64::from(who.verified));
    text(&mut d, who.country.as_ref());
    d.text(job.kind.as_str());
    d.number(tags_hash(&job.tags));
    let pay = &job.reward;
    d.number(pay.kind as u64 | (pay.funded as u64) << 8 | u64::from(pay.fee_ppm) << 16);
    money(&mut d, pay.min);
    if pay.max != pay.min {
        money(&mut d, pay.max);
    }
    money(&mut d, pay.bonus_max);
    if let Some(cost) = &job.cost {
        money(&mut d, cost.amount);
        d.text(cost.why.as_str());
    }
    for number in [
        job.est_seconds,
        job.obs_seconds,
        job.slots_total,
        job.slots_left,
        job.competitors,
        job.claim_ttl,
        job.auto_approve_after,
    ] {
        d.maybe(number.map(u64::from));
    }
    time(&mut d, job.posted_at);
    time(&mut d, job.expires_at);
    d.number(job.claim_mode as u64 | (job.ai.rule as u64) << 8 | (job.ai.source as u64) << 16 | (job.status as u64) << 24);
    d.number(needs_hash(&job.requirements));
    text(&mut d, job.language.as_ref());
    text(&mut d, job.warning.as_ref());
    d.end()
}

fn body(job: &Job) -> u64 {
    let mut d = Digest::new(4);
    d.text(job.brief.as_str());
    d.number(job.attachments.len() as u64);
    for file in &job.attachments {
        d.text(file.name.as_str());
        d.text(file.mime.as_str());
        d.maybe(file.size);
        text(&mut d, file.sha256.as_ref());
        text(&mut d, file.url.as_ref());
        text(&mut d, file.text.as_ref());
    }
    deliverable(&mut d, &job.deliverable);
    d.end()
}

fn deliverable(d: &mut Digest, wanted: &Deliverable) {
    if wanted.rules.is_empty() && wanted.form == Form::default() {
        return;
    }
    d.number(wanted.form as u64);
    for demand in &wanted.rules {
        rule(d, demand);
    }
}

fn rule(d: &mut Digest, rule: &Rule) {
    let mut numbers = |tag: u64, numbers: [u32; 2]| {
        d.number(tag);
        d.number(u64::from(numbers[0]) << 32 | u64::from(numbers[1]));
    };
    match rule {
        Rule::Items { min, max } => numbers(1, [*min, *max]),
        Rule::ItemChars { min, max } => numbers(2, [*min, *max]),
        Rule::ItemWords { min, max } => numbers(3, [*min, *max]),
        Rule::Words { min, max } => numbers(4, [*min, *max]),
        Rule::Chars { min, max } => numbers(5, [*min, *max]),
        Rule::Distinct { percent } => numbers(6, [u32::from(*percent), 0]),
        Rule::Beats { min } => numbers(7, [*min, 0]),
        Rule::Chat { turns } => numbers(8, [*turns, 0]),
        // The rest is rare and large: as it is written, without a copy.
        other => {
            // Writing into a digest cannot fail, and a rule has no keys that JSON cannot hold.
            let _ = serde_json::to_writer(d, other);
        }
    }
}
