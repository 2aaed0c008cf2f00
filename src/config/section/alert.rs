//! `[alert]` and `[alert.webhook]`.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::{Section, key};
use crate::config::KeyFrom;
use crate::config::alert::{AlertConfig, AlertsOn, Osc, Shape, Webhook};
use crate::config::resolve::base_url;

/// As written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Raw {
    deadline: Option<Vec<u8>>,
    revision: Option<bool>,
    rejected: Option<bool>,
    paid: Option<bool>,
    payout_late: Option<bool>,
    payout_failed: Option<bool>,
    submission_unknown: Option<bool>,
    claim_lost: Option<bool>,
    sign_in: Option<bool>,
    reopened: Option<bool>,
    bell: Option<bool>,
    osc: Option<String>,
    title: Option<bool>,
    command: Vec<String>,
    webhook: Option<RawWebhook>,
    bundle_every: Option<String>,
    cooldown: Option<String>,
    quiet_hours: Option<String>,
    deadlines_pass_quiet: Option<bool>,
}

/// `[alert.webhook]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RawWebhook {
    url: Option<String>,
    shape: Option<String>,
    to: Option<String>,
    key_cmd: Option<Vec<String>>,
    key_file: Option<String>,
    key_credential: Option<String>,
    key_env: Option<String>,
}

/// Its keys.
pub const KEYS: [&str; 19] = [
    "deadline",
    "revision",
    "rejected",
    "paid",
    "payout_late",
    "payout_failed",
    "submission_unknown",
    "claim_lost",
    "sign_in",
    "reopened",
    "bell",
    "osc",
    "title",
    "command",
    "webhook",
    "bundle_every",
    "cooldown",
    "quiet_hours",
    "deadlines_pass_quiet",
];
/// Keys of the webhook.
pub const WEBHOOK_KEYS: [&str; 7] = ["url", "shape", "to", "key_cmd", "key_file", "key_credential", "key_env"];
/// A bundle that waits longer is no alert.
const BUNDLE_LONGEST: Duration = Duration::from_secs(3600);

pub(in crate::config) fn take(raw: Raw, mut section: Section, base: &Path, home: Option<&Path>) -> AlertConfig {
    let default = AlertConfig::default();
    let on = AlertsOn::default();
    let mut deadline = raw.deadline.unwrap_or(default.deadline);
    if let Some(n) = deadline.iter().position(|percent| !(1..=99).contains(percent)) {
        section.wrong(&format!("deadline[{n}]"), "it is per cent of the time that is left", "write 1 to 99");
    }
    deadline.sort_unstable_by(|a, b| b.cmp(a));
    deadline.dedup();
    let bundle_every = section.span("bundle_every", raw.bundle_every, default.bundle_every);
    if bundle_every > BUNDLE_LONGEST {
        section.wrong("bundle_every", "an alert would come too late", "write \"1h\" or less");
    }
    if raw.command.first().is_some_and(String::is_empty) {
        section.wrong("command", "no program is named", "write it like [\"notify-send\", \"juggler\"]");
    }
    AlertConfig {
        deadline,
        on: AlertsOn {
            revision: raw.revision.unwrap_or(on.revision),
            rejected: raw.rejected.unwrap_or(on.rejected),
            paid: raw.paid.unwrap_or(on.paid),
            payout_late: raw.payout_late.unwrap_or(on.payout_late),
            payout_failed: raw.payout_failed.unwrap_or(on.payout_failed),
            submission_unknown: raw.submission_unknown.unwrap_or(on.submission_unknown),
            claim_lost: raw.claim_lost.unwrap_or(on.claim_lost),
            sign_in: raw.sign_in.unwrap_or(on.sign_in),
            reopened: raw.reopened.unwrap_or(on.reopened),
        },
        bell: raw.bell.unwrap_or(default.bell),
        osc: raw.osc.and_then(|word| section.one_of("osc", &word, &Osc::ALL, Osc::word)).unwrap_or(default.osc),
        title: raw.title.unwrap_or(default.title),
        command: raw.command,
        webhook: raw.webhook.and_then(|raw| webhook(raw, &mut section, base, home)),
        bundle_every,
        cooldown: section.span("cooldown", raw.cooldown, default.cooldown),
        quiet_hours: section.hours("quiet_hours", raw.quiet_hours),
        deadlines_pass_quiet: raw.deadlines_pass_quiet.unwrap_or(default.deadlines_pass_quiet),
    }
}

fn webhook(raw: RawWebhook, section: &mut Section, base: &Path, home: Option<&Path>) -> Option<Webhook> {
    let before = section.count();
    let shape = raw.shape.map_or(Some(Shape::default()), |word| section.one_of("webhook.shape", &word, &Shape::ALL, Shape::word));
    let key = key::Raw { cmd: raw.key_cmd, file: raw.key_file, credential: raw.key_credential, env: raw.key_env };
    let key = key::take(key, section, "webhook.", "NTFY_KEY", base, home);
    let url = raw.url.or_else(|| (shape == Some(Shape::Telegram)).then(|| TELEGRAM.to_owned())).unwrap_or_default();
    if url.is_empty() {
        section.wrong("webhook", "a webhook needs an address", "add url = \"https://…\"");
    } else if let Err(what) = address(&url) {
        section.wrong("webhook.url", what, "write it like \"https://ntfy.sh/a-name-nobody-guesses\"");
    } else if url.contains("{key}") && key == KeyFrom::None {
        section.wrong("webhook", "its address wants a key", "add key_cmd, key_file, key_credential or key_env");
    }
    match (shape, &raw.to) {
        (Some(Shape::Telegram), None) => section.wrong("webhook", "a bot needs a chat to write to", "add to = \"CHAT ID\""),
        (Some(Shape::Telegram), _) | (_, None) => {}
        (_, Some(_)) => section.wrong("webhook.to", "only Telegram has chats", "take it away"),
    }
    (section.count() == before).then_some(Webhook { url, shape: shape.unwrap_or_default(), to: raw.to, key })
}

/// Where a bot posts.
const TELEGRAM: &str = "https://api.telegram.org/bot{key}/sendMessage";

/// Keys and alerts do not cross a network in the clear.
fn address(url: &str) -> Result<(), String> {
    base_url(&url.replace("{key}", "KEY"))?;
    let host = url.strip_prefix("http://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or(""));
    match host {
        Some(host)
            if !["localhost", "127.0.0.1", "[::1]"].iter().any(|own| host == *own || host.starts_with(&format!("{own}:"))) =>
        {
            Err("it is not encrypted, and not on this machine".to_owned())
        }
        _ => Ok(()),
    }
}
