//! `juggler alert test`: one alert through every way out, and what became of it.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;

use serde_json::json;

use super::out::{Out, Role};
use crate::alert::{Hook, Parcel, Program};
use crate::config::Config;
use crate::domain::{Alert, AlertKind, Bundle};
use crate::error::{Class, Failure, Result};
use crate::net::Http;
use crate::tui::osc::Far;

/// One way out and what became of the alert there.
struct Tried {
    channel: &'static str,
    result: Result<String>,
}

/// Sends a test alert through the terminal, the command and the webhook, as far as they are configured.
///
/// # Errors
/// `Refused` when one of them failed; all are tried first.
pub async fn test(config: &Config, out: &mut Out) -> Result<()> {
    let now = chrono::Utc::now();
    let alert = Alert::new(AlertKind::Test, "Juggler: a test alert", "test", now).body("This is how alerts reach you.");
    let parcel = Parcel { bundle: Bundle { alerts: vec![alert], ..Bundle::default() }, jobs: Vec::new() };
    report(&Tried { channel: "terminal", result: terminal(config, &parcel.bundle) }, out)?;
    let mut failed = Vec::new();
    match Program::new(&config.alert.command) {
        Some(program) => {
            out.flush();
            let tried = Tried { channel: "command", result: program.run(&parcel).await };
            report(&tried, out)?;
            failed.extend(tried.result.err());
        }
        None => none("command", "command = [\"PROGRAM\", …] in [alert]", out)?,
    }
    match &config.alert.webhook {
        Some(webhook) => {
            out.flush();
            let hook = Hook::new(Http::default(), webhook.clone());
            let name = hook.name();
            let result = hook.send(&parcel).await.map(|words| format!("{name} {words}"));
            let tried = Tried { channel: "webhook", result };
            report(&tried, out)?;
            failed.extend(tried.result.err());
        }
        None => none("webhook", "url = \"https://…\" in [alert.webhook]", out)?,
    }
    match failed.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(Failure { class: Class::Refused, ..first }),
    }
}

/// To the terminal this was started in, even where standard output goes elsewhere.
fn terminal(config: &Config, bundle: &Bundle) -> Result<String> {
    let far = Far::of_process(&config.alert);
    let bytes = far.notification(bundle, std::process::id());
    if bytes.is_empty() {
        return Ok(far.notification_words());
    }
    let none = || Ok("there is none here: nothing was sent".to_owned());
    let failed = |error: std::io::Error| Failure::new(Class::Refused, "the terminal could not be written to").why(error);
    let noctty = rustix::fs::OFlags::NOCTTY.bits().cast_signed();
    if let Ok(mut tty) = OpenOptions::new().write(true).custom_flags(noctty).open("/dev/tty") {
        tty.write_all(&bytes).map_err(failed)?;
    } else if std::io::stderr().is_terminal() {
        std::io::stderr().write_all(&bytes).map_err(failed)?;
    } else {
        return none();
    }
    Ok(far.notification_words())
}

fn report(tried: &Tried, out: &mut Out) -> Result<()> {
    let channel = tried.channel;
    if out.is_json() {
        return out.json(&match &tried.result {
            Ok(words) => json!({ "channel": channel, "configured": true, "ok": true, "words": words }),
            Err(failure) => json!({ "channel": channel, "configured": true, "ok": false, "error": failure }),
        });
    }
    match &tried.result {
        Ok(words) => out.line(format!("{channel:<9} {words}")),
        Err(failure) => {
            let words = out.paint(Role::Bad, "failed");
            out.line(format!("{channel:<9} {words}: {failure}"));
        }
    }
    Ok(())
}

fn none(channel: &str, how: &str, out: &mut Out) -> Result<()> {
    if out.is_json() {
        return out.json(&json!({ "channel": channel, "configured": false }));
    }
    let words = out.paint(Role::Dim, &format!("none; {how} sets one"));
    out.line(format!("{channel:<9} {words}"));
    Ok(())
}
