//! What jobs are made of, from `assets/inbox/words.toml`: texts are kept as they stand inside JSON quotes.

use serde::Deserialize;

use super::Span;
use super::dice::Dice;
use crate::error::{Class, Failure, Result};

const WORDS: &str = include_str!("../../../../assets/inbox/words.toml");

/// Text as it stands inside JSON quotes.
pub struct Quoted(Box<[u8]>);

impl Quoted {
    /// Appends it.
    pub fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Part of a template.
pub enum Part {
    /// As it is.
    Text(Quoted),
    /// The number of things.
    N,
    /// What it is about.
    Thing,
    /// Whose.
    Brand,
    /// The job's number.
    Number,
}

/// A text with places to fill in.
pub struct Template(pub Vec<Part>);

/// One kind of job.
pub struct Kind {
    pub kind: Quoted,
    pub tags: Vec<Quoted>,
    pub titles: Vec<Template>,
    pub briefs: Vec<Template>,
    pub things: Vec<Quoted>,
    pub ai: Vec<Quoted>,
    pub n: Span,
    pub cents: Span,
    pub seconds: Span,
}

/// All of them.
pub struct Words {
    pub brands: Vec<Quoted>,
    pub first: Vec<Quoted>,
    pub second: Vec<Quoted>,
    pub languages: Vec<Quoted>,
    pub closings: Vec<Quoted>,
    pub requirements: Vec<(Quoted, Quoted)>,
    pub costs: Vec<(Quoted, Quoted)>,
    kinds: Vec<Kind>,
    /// Each kind as often as it weighs.
    drawn: Vec<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWords {
    brands: Vec<String>,
    requesters_first: Vec<String>,
    requesters_second: Vec<String>,
    languages: Vec<String>,
    closings: Vec<String>,
    requirements: Vec<(String, String)>,
    costs: Vec<(String, String)>,
    kind: Vec<RawKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    kind: String,
    weight: usize,
    tags: Vec<String>,
    titles: Vec<String>,
    briefs: Vec<String>,
    things: Vec<String>,
    ai: Vec<String>,
    n: (u64, u64),
    cents: (u64, u64),
    seconds: (u64, u64),
}

impl Words {
    /// Reads them. Errors: a list is empty, a range is none.
    pub fn load() -> Result<Words> {
        let bad = |why: String| Failure::new(Class::Internal, "the words of synthetic jobs are broken").why(why);
        let raw: RawWords = toml::from_str(WORDS).map_err(|error| bad(error.to_string()))?;
        let mut drawn = Vec::new();
        for (at, kind) in raw.kind.iter().enumerate() {
            drawn.extend(std::iter::repeat_n(at, kind.weight));
            let spans = [kind.n, kind.cents, kind.seconds].iter().all(|(least, most)| least <= most);
            let lists = [&kind.tags, &kind.titles, &kind.briefs, &kind.things, &kind.ai];
            if !spans || lists.iter().any(|list| list.is_empty()) {
                return Err(bad(format!("kind {}", kind.kind)));
            }
        }
        let lists = [&raw.brands, &raw.requesters_first, &raw.requesters_second, &raw.languages, &raw.closings];
        if drawn.is_empty() || raw.requirements.is_empty() || raw.costs.is_empty() || lists.iter().any(|list| list.is_empty()) {
            return Err(bad("a list is empty".to_owned()));
        }
        Ok(Words {
            brands: all(&raw.brands),
            first: all(&raw.requesters_first),
            second: all(&raw.requesters_second),
            languages: all(&raw.languages),
            closings: all(&raw.closings),
            requirements: pairs(&raw.requirements),
            costs: pairs(&raw.costs),
            kinds: raw.kind.iter().map(kind).collect(),
            drawn,
        })
    }

    /// A kind by its weight.
    pub fn kind(&self, dice: &mut Dice) -> &Kind {
        &self.kinds[*dice.pick(&self.drawn)]
    }
}

fn kind(raw: &RawKind) -> Kind {
    let span = |(least, most): (u64, u64)| least..most + 1;
    Kind {
        kind: quoted(&raw.kind),
        tags: all(&raw.tags),
        titles: raw.titles.iter().map(|title| template(title)).collect(),
        briefs: raw.briefs.iter().map(|brief| template(brief)).collect(),
        things: all(&raw.things),
        ai: all(&raw.ai),
        n: span(raw.n),
        cents: span(raw.cents),
        seconds: span(raw.seconds),
    }
}

fn all(raw: &[String]) -> Vec<Quoted> {
    raw.iter().map(|text| quoted(text)).collect()
}

fn pairs(raw: &[(String, String)]) -> Vec<(Quoted, Quoted)> {
    raw.iter().map(|(a, b)| (quoted(a), quoted(b))).collect()
}

/// As JSON writes it, without the quotes.
fn quoted(text: &str) -> Quoted {
    let json = serde_json::Value::from(text).to_string();
    Quoted(json.as_bytes().get(1..json.len() - 1).unwrap_or_default().into())
}

fn template(mut text: &str) -> Template {
    let mut parts = Vec::new();
    while let Some(start) = text.find('{') {
        let (before, rest) = text.split_at(start);
        let Some(end) = rest.find('}') else { break };
        let part = match &rest[1..end] {
            "n" => Part::N,
            "thing" => Part::Thing,
            "brand" => Part::Brand,
            "number" => Part::Number,
            other => Part::Text(quoted(other)),
        };
        parts.push(Part::Text(quoted(before)));
        parts.push(part);
        text = &rest[end + 1..];
    }
    parts.push(Part::Text(quoted(text)));
    Template(parts)
}
