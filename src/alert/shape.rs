//! What each notification service wants to be sent. Nothing in here sends.
//!
//! Sources: ntfy "Publish as JSON" (docs.ntfy.sh/publish), Telegram Bot API `sendMessage`, Discord "Execute Webhook".

use serde_json::{Value, json};

use super::outlet::Parcel;
use super::payload::{self, Jobs};
use crate::config::alert::Shape;
use crate::domain::alert::Urgency;
use crate::domain::{Bundle, Text};
use crate::net::Page;

/// Lines of a bundle in one message.
const LINES: usize = 15;
/// ntfy turns a message of more than 4,096 bytes into an attachment.
const NTFY_BYTES: usize = 3_500;
/// Telegram takes 4,096 characters.
const TELEGRAM_BYTES: usize = 4_000;
/// Discord takes 2,000 characters.
const DISCORD_CHARS: usize = 1_900;

/// Where it goes and what is posted, as JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Post {
    /// The whole address; may hold a key.
    pub url: String,
    /// The body.
    pub body: Value,
}

/// A post of `parcel` to `url`; `to` is the chat at Telegram. The error is a sentence about the address, without it.
pub(super) fn post(shape: Shape, url: &str, to: Option<&str>, parcel: &Parcel) -> Result<Post, String> {
    match shape {
        Shape::Json => Ok(Post { url: url.to_owned(), body: payload::json(parcel, Jobs::Named) }),
        Shape::Ntfy => ntfy(url, parcel),
        Shape::Telegram => telegram(url, to, parcel),
        Shape::Discord => Ok(Post { url: url.to_owned(), body: discord(parcel) }),
    }
}

/// The page of the one job the bundle is about, when its address can be trusted to be a link.
fn page(parcel: &Parcel) -> Option<String> {
    let [alert] = parcel.bundle.alerts.as_slice() else { return None };
    let job = parcel.jobs.iter().find(|job| Some(&job.key) == alert.job.as_ref())?;
    Page::check(job.url.as_ref()?.as_str()).ok().map(|page| page.url().to_owned())
}

/// Posted to the server's root with the topic as a field: headers cannot carry every title.
fn ntfy(url: &str, parcel: &Parcel) -> Result<Post, String> {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let (scheme, rest) = address.split_once("://").ok_or("it is not a URL")?;
    let (host, path) = rest.trim_end_matches('/').split_once('/').ok_or("it names no topic: write https://ntfy.sh/TOPIC")?;
    if path.contains('/') {
        return Err("a topic is one word: write https://ntfy.sh/TOPIC".to_owned());
    }
    let bundle = &parcel.bundle;
    let mut body = json!({
        "topic": path,
        "title": bundle.title(),
        "message": message(bundle, NTFY_BYTES),
        "priority": match bundle.urgency() { Urgency::Low => 2, Urgency::Normal => 3, Urgency::High => 4 },
        "tags": ["juggler"],
    });
    if let (Some(page), Some(fields)) = (page(parcel), body.as_object_mut()) {
        fields.insert("click".to_owned(), Value::String(page));
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Ok(Post { url: format!("{scheme}://{host}/{query}"), body })
}

/// The lines below the title; ntfy writes "triggered" where there are none.
fn message(bundle: &Bundle, bytes: usize) -> Text {
    let lines: Vec<String> = bundle.lines(LINES).iter().map(ToString::to_string).collect();
    let text = if lines.is_empty() { bundle.title() } else { Text::body(&lines.join("\n")) };
    text.head(bytes)
}

/// Plain text: no mark-up of a job's title means anything.
fn telegram(url: &str, to: Option<&str>, parcel: &Parcel) -> Result<Post, String> {
    const METHOD: &str = "/sendMessage";
    let chat = to.ok_or("no chat is named: write to = \"CHAT ID\" in [alert.webhook]")?;
    let url = url.trim_end_matches('/');
    let url = if url.ends_with(METHOD) { url.to_owned() } else { format!("{url}{METHOD}") };
    let bundle = &parcel.bundle;
    let mut text = bundle.title().to_string();
    for line in bundle.lines(LINES) {
        text.push('\n');
        text.push_str(line.as_str());
    }
    if let Some(page) = page(parcel) {
        text.push('\n');
        text.push_str(&page);
    }
    let body = json!({
        "chat_id": chat,
        "text": Text::body(&text).head(TELEGRAM_BYTES),
        "disable_notification": bundle.urgency() == Urgency::Low,
        "link_preview_options": { "is_disabled": true },
    });
    Ok(Post { url, body })
}

/// Mark-up of a job's title is escaped, nobody is pinged, no link is unfolded.
fn discord(parcel: &Parcel) -> Value {
    const SUPPRESS_EMBEDS: u32 = 1 << 2;
    let bundle = &parcel.bundle;
    let mut content = format!("**{}**", escaped(bundle.title().as_str()));
    for line in bundle.lines(LINES) {
        let line = escaped(line.as_str());
        if content.chars().count() + line.chars().count() + 1 > DISCORD_CHARS {
            content.push_str("\n…");
            break;
        }
        content.push('\n');
        content.push_str(&line);
    }
    if let Some(page) = page(parcel).filter(|page| content.chars().count() + page.len() + 3 < DISCORD_CHARS) {
        content.push_str(&format!("\n<{page}>"));
    }
    json!({ "username": "Juggler", "content": content, "allowed_mentions": { "parse": [] }, "flags": SUPPRESS_EMBEDS })
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '[' | ']' | '(' | ')' | '@' | '#') {
            out.push('\\');
        }
        // A link is a link in spite of backslashes, unless its colon is taken away.
        out.push(c);
    }
    out.replace("://", ":\\//")
}
