//! Job templates: the files, and the works that come of them (one for each set of variables).

use std::borrow::Cow;

use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::assets;
use super::dice::Dice;
use crate::domain::ai::AiRule;
use crate::domain::{Asset, Deliverable, Money};

/// A shipped file that cannot be used; found by the first test that starts a market.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct BadAsset {
    file: String,
    why: String,
}

impl BadAsset {
    /// The file and what is wrong with it.
    pub fn new(file: impl Into<String>, why: impl ToString) -> BadAsset {
        BadAsset { file: file.into(), why: why.to_string() }
    }
}

/// One `kinds/*.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindFile {
    kind: String,
    /// Who posts this kind.
    pub requesters: Vec<String>,
    template: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    title: String,
    brief: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default = "english")]
    language: String,
    minutes: [u64; 2],
    pay_usd: [String; 2],
    bonus_usd: Option<String>,
    slots: [u64; 2],
    claim_minutes: [u64; 2],
    expires_minutes: [u64; 2],
    ai: Vec<AiRule>,
    #[serde(default)]
    requirements: Vec<RawRequirement>,
    content_warning: Option<String>,
    cost_usd: Option<String>,
    #[serde(default)]
    cost_why: String,
    revision_notes: Vec<String>,
    reject_notes: Vec<String>,
    bonus_notes: Vec<String>,
    #[serde(default)]
    attachments: Vec<RawAttachment>,
    vars: Vec<Map<String, Value>>,
    deliverable: Value,
}

fn english() -> String {
    "en".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRequirement {
    kind: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAttachment {
    name: String,
    mime: String,
    file: Option<String>,
    text: Option<String>,
}

/// Something the worker must be or have, and whether this market's worker is.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// qualification, language, geo, device.
    pub kind: String,
    /// In words.
    pub text: String,
    /// `yes`, `no` or `unknown`.
    pub met: &'static str,
}

/// A file that comes with the work.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// The bytes.
    pub bytes: Cow<'static, [u8]>,
}

/// What a reviewer may say.
#[derive(Clone, Copy, Debug)]
pub enum Note {
    /// With a wish for another round.
    Revision,
    /// With a refusal.
    Reject,
    /// With a bonus.
    Bonus,
}

/// A template with one set of variables filled in: everything about a job but its numbers.
pub struct Work {
    /// `template-id#set`, stable.
    pub key: String,
    /// The kind's name.
    pub kind: String,
    /// One line.
    pub title: String,
    /// At most 400 characters of the brief.
    pub summary: String,
    /// What is wanted, whole.
    pub brief: String,
    /// Further words.
    pub tags: Vec<String>,
    /// BCP 47.
    pub language: String,
    /// Honest range of working time.
    pub minutes: [u64; 2],
    /// Range of pay.
    pub pay: [Money; 2],
    /// Most that a bonus may be.
    pub bonus: Option<Money>,
    /// Range of places.
    pub slots: [u64; 2],
    /// Range of claim times.
    pub claim_minutes: [u64; 2],
    /// Range of life times.
    pub expires_minutes: [u64; 2],
    /// AI rules to pick from.
    pub ai: Vec<AiRule>,
    /// Demands on the worker.
    pub requirements: Vec<Requirement>,
    /// What may upset.
    pub content_warning: Option<String>,
    /// What claiming costs, and why.
    pub cost: Option<(Money, String)>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// What submissions are judged by.
    pub deliverable: Deliverable,
    /// Indexes of requesters who post it.
    pub requesters: Vec<usize>,
    notes: [Vec<String>; 3],
    vars: Map<String, Value>,
}

impl Work {
    /// The reviewer's words, about item number `item` (from 1).
    pub fn note(&self, which: Note, dice: &mut Dice, item: u64) -> String {
        let list = &self.notes[which as usize];
        let Some(raw) = list.get(dice.index(list.len())) else { return String::new() };
        render(raw, &with_item(&self.vars, item)).unwrap_or_else(|_| raw.clone())
    }

    /// Attachments that are text, by name, for demands that look things up in them.
    pub fn sources(&self) -> Vec<(&str, &str)> {
        let text = |a: &'_ Attachment| a.mime.starts_with("text/") || a.mime == "application/json";
        self.attachments
            .iter()
            .filter(|a| text(a))
            .filter_map(|a| Some((&*a.name, std::str::from_utf8(&a.bytes).ok()?)))
            .collect()
    }
}

/// Reads one kind's file into works. `posts` maps requesters' ids to indexes.
pub fn works(file: &str, text: &str, seed: u64, posts: &dyn Fn(&str) -> Option<usize>) -> Result<Vec<Work>, BadAsset> {
    let bad = |why: String| BadAsset::new(file, why);
    let kind: KindFile = toml::from_str(text).map_err(|e| bad(e.to_string()))?;
    let requesters = kind.requesters.iter().map(|id| posts(id).ok_or_else(|| bad(format!("nobody is called {id}"))));
    let requesters = requesters.collect::<Result<Vec<_>, _>>()?;
    let mut works = Vec::new();
    for raw in &kind.template {
        for (set, vars) in raw.vars.iter().enumerate() {
            let work = work(&kind.kind, raw, set, vars, seed, &requesters);
            works.push(work.map_err(|why| bad(format!("{} set {set}: {why}", raw.id)))?);
        }
    }
    if works.is_empty() || requesters.is_empty() {
        return Err(bad("it needs a template, a set of variables and a requester".to_owned()));
    }
    Ok(works)
}

fn work(kind: &str, raw: &Raw, set: usize, vars: &Map<String, Value>, seed: u64, requesters: &[usize]) -> Result<Work, String> {
    let say = |s: &str| render(s, vars);
    let usd = |s: &str| Money::parse(s, Asset::USD).map_err(|e| e.to_string());
    let brief = say(&raw.brief)?.trim().to_owned();
    let mut deliverable = raw.deliverable.clone();
    render_within(&mut deliverable, vars)?;
    let notes = [&raw.revision_notes, &raw.reject_notes, &raw.bonus_notes].map(Clone::clone);
    for note in notes.iter().flatten() {
        render(note, &with_item(vars, 1))?;
    }
    for range in [raw.minutes, raw.slots, raw.claim_minutes, raw.expires_minutes] {
        if range[0] == 0 || range[0] > range[1] || range[1] > 100_000 {
            return Err(format!("{range:?} is not a range of positive numbers"));
        }
    }
    let pay = [usd(&raw.pay_usd[0])?, usd(&raw.pay_usd[1])?];
    if pay[0].minor <= 0 || pay[0].minor > pay[1].minor || raw.ai.is_empty() || raw.ai.contains(&AiRule::AgentOnly) {
        return Err("pay must be a positive range, and AI rules for people are needed".to_owned());
    }
    let demand = |r: &RawRequirement| {
        let text = say(&r.text)?;
        Ok(Requirement { met: is_met(seed, &r.kind, &text), kind: r.kind.clone(), text })
    };
    Ok(Work {
        key: format!("{}#{set}", raw.id),
        kind: kind.to_owned(),
        title: say(&raw.title)?.trim().to_owned(),
        summary: summary(&brief),
        brief,
        tags: raw.tags.iter().map(|t| say(t)).collect::<Result<_, _>>()?,
        language: say(&raw.language)?,
        minutes: raw.minutes,
        pay,
        bonus: raw.bonus_usd.as_deref().map(usd).transpose()?,
        slots: raw.slots,
        claim_minutes: raw.claim_minutes,
        expires_minutes: raw.expires_minutes,
        ai: raw.ai.clone(),
        requirements: raw.requirements.iter().map(demand).collect::<Result<_, String>>()?,
        content_warning: raw.content_warning.as_deref().map(say).transpose()?,
        cost: raw.cost_usd.as_deref().map(|c| Ok::<_, String>((usd(c)?, say(&raw.cost_why)?))).transpose()?,
        attachments: raw.attachments.iter().map(|a| attachment(a, vars)).collect::<Result<_, _>>()?,
        deliverable: serde_json::from_value(deliverable).map_err(|e| e.to_string())?,
        requesters: requesters.to_vec(),
        notes,
        vars: vars.clone(),
    })
}

fn attachment(raw: &RawAttachment, vars: &Map<String, Value>) -> Result<Attachment, String> {
    let bytes: Cow<'static, [u8]> = match (&raw.file, &raw.text) {
        (Some(name), None) => {
            let name = render(name, vars)?;
            Cow::Borrowed(assets::file(&name).ok_or_else(|| format!("there is no file {name}"))?)
        }
        (None, Some(text)) => Cow::Owned(render(text, vars)?.into_bytes()),
        _ => return Err(format!("attachment {} needs either a file or a text", raw.name)),
    };
    let sha256 = format!("{:x}", Sha256::digest(&bytes));
    Ok(Attachment { name: render(&raw.name, vars)?, mime: raw.mime.clone(), sha256, bytes })
}

/// Whether this market's worker fits: the worker speaks English and has the usual devices; the rest is the seed's choice.
fn is_met(seed: u64, kind: &str, text: &str) -> &'static str {
    let asked = Sha256::digest(text.as_bytes()).iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    let roll = Dice::of(seed, "requirement", asked, 0).between(1, 100);
    match kind {
        "language" if text.contains("English") => "yes",
        "device" => "yes",
        "geo" if roll <= 30 => "unknown",
        _ if roll <= 75 => "yes",
        _ => "no",
    }
}

fn summary(brief: &str) -> String {
    let flat = brief.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(399) {
        None => flat,
        Some((end, _)) => {
            let cut = &flat[..end];
            // One character is kept free for the ellipsis.
            let cut = cut.rfind(' ').map_or(cut, |space| &cut[..space]);
            format!("{cut}…")
        }
    }
}

fn with_item(vars: &Map<String, Value>, item: u64) -> Map<String, Value> {
    let mut vars = vars.clone();
    vars.insert("n".to_owned(), item.into());
    vars
}

fn render(source: &str, vars: &Map<String, Value>) -> Result<String, String> {
    if !source.contains('{') {
        return Ok(source.to_owned());
    }
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.render_str(source, vars).map_err(|e| format!("{e:#}"))
}

fn render_within(value: &mut Value, vars: &Map<String, Value>) -> Result<(), String> {
    match value {
        Value::String(text) => *text = render(text, vars)?,
        Value::Array(items) => items.iter_mut().try_for_each(|item| render_within(item, vars))?,
        Value::Object(fields) => fields.values_mut().try_for_each(|field| render_within(field, vars))?,
        _ => {}
    }
    Ok(())
}
