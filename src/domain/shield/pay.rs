//! Pay far above what such work brings.

use crate::domain::job::ClaimMode;
use crate::domain::reward::RewardKind;
use crate::domain::{Asset, Job, Money};

/// So many times the usual most is too good.
const FAR: i64 = 4;

/// What the best one in a hundred of a kind pays, in whole US dollars, over platforms that publish prices. Words that platforms use
/// for the kind; the first that fits counts.
const USUAL: &[(&[&str], i64)] = &[
    (&["like", "follow", "click", "rate", "rating", "signup"], 2),
    (&["label", "tagging", "moderat", "categor", "annotat", "captcha"], 10),
    (&["rank", "compare", "survey", "poll"], 15),
    (&["caption", "alt", "transcri", "data_entry", "data entry", "entry", "collect"], 40),
    (&["tagline", "slogan", "headline", "product", "review"], 60),
    (&["chat", "dialog", "prompt", "training"], 60),
    (&["translation", "translat", "proof"], 120),
];

fn usual_of(kind: &str) -> Option<i64> {
    let kind = kind.to_lowercase();
    USUAL.iter().find(|(words, _)| words.iter().any(|word| kind.starts_with(word))).map(|(_, most)| *most)
}

/// The pay in US cents, roughly, for assets that stand near it; others are not judged.
fn cents(pay: Money) -> Option<i64> {
    let code = pay.asset.code();
    (matches!(code, "USD" | "EUR" | "GBP" | "CHF" | "USDC" | "USDT") && pay.asset.exponent() >= 2).then(|| {
        let scale = 10i64.checked_pow(u32::from(pay.asset.exponent()) - 2).unwrap_or(1);
        pay.minor / scale
    })
}

/// Whether the pay is far above what such work brings.
pub(super) fn is_too_good(job: &Job) -> bool {
    over(job).is_some()
}

/// The same in words.
pub(super) fn too_good(job: &Job) -> Option<String> {
    let (pay, usual) = over(job)?;
    Some(format!("{pay} for {}, where {usual} is much", if job.kind.is_empty() { "this" } else { job.kind.as_str() }))
}

fn over(job: &Job) -> Option<(Money, Money)> {
    // Prizes and bids are no pay yet, and hours are paid as hours.
    let fixed = matches!(job.reward.kind, RewardKind::Fixed | RewardKind::PerItem | RewardKind::Range | RewardKind::Unknown);
    if !fixed || job.claim_mode == ClaimMode::Contest {
        return None;
    }
    let pay = job.reward.gross()?;
    let usual = usual_of(job.kind.as_str())?;
    (cents(pay)? > usual * 100 * FAR).then(|| (pay, Money::new(usual * 100, Asset::USD)))
}
