//! Lists: pages, changes since, and what is remembered between polls.
//!
//! The cursor handed to the engine is one JSON object; every member may be missing:
//!
//! | member | meaning |
//! |---|---|
//! | `since` | changes after this instant are asked for; without it the walk is a full one |
//! | `at` | where the next page is: a platform's cursor, page number, offset or address |
//! | `pages` | pages read in this walk |
//! | `lap`, `bare` | a place this walk was at, to know it again when the list goes in a circle; pages in a row that held nothing |
//! | `as_of` | up to when this walk is complete, as its first page said |
//! | `log` | the platform's cursor where a list that only grows goes on |
//! | `etag`, `modified`, `etag_of` | `ETag` and `Last-Modified` of the walk's first page, and the place they are valid for |
//! | `many_at` | when a walk of several pages was last read to its end |
//! | `full_at` | when the last full walk began |
//! | `busy` | this walk brought something |

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::{Answer, Cursor, Meta, Outcome, Page};
use super::Board;
use super::ask::{Extra, Told};
use super::judge::{End, widen};
use super::map::{self, Misfit};
use super::recipe::{CallSpec, Paging, Path};
use crate::domain::{Text, Time};
use crate::error::Failure;

/// A walk that is longer does not end (SAFETY 1.2: endless pagination).
const MOST_PAGES: u32 = 20_000;
/// Nor does one that goes on and on without an item.
const MOST_BARE: u32 = 50;
/// Seconds for which the first page's tag speaks for all pages of jobs: what changed on later ones only is seen after that at the latest.
const FIRST_SPEAKS: i64 = 600;
/// Most sentences about items that do not fit.
const MOST_SENTENCES: usize = 50;
/// Items of one page that could not be mapped and are kept word for word.
const MOST_ODD: usize = 3;

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Mark {
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Value>,
    #[serde(skip_serializing_if = "is_zero")]
    pages: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    lap: Option<Value>,
    #[serde(skip_serializing_if = "is_zero")]
    bare: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    etag_of: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    many_at: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_at: Option<Time>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    busy: bool,
}

fn is_zero(pages: &u32) -> bool {
    *pages == 0
}

/// What became of a page's items.
struct Mapped<T> {
    items: Vec<T>,
    unmapped: Vec<Text>,
    odd: Vec<Text>,
}

impl Mark {
    /// A cursor that makes no sense is a fresh start.
    fn read(cursor: &Cursor) -> Mark {
        if cursor.is_null() { Mark::default() } else { serde_json::from_value(cursor.clone()).unwrap_or_default() }
    }

    /// In the middle of a walk.
    fn is_walking(&self) -> bool {
        self.pages > 0
    }
}

impl Board {
    /// One page of a list.
    pub(super) async fn list<T>(
        &self,
        call: &CallSpec,
        cursor: &Cursor,
        now: Time,
        map: impl Fn(&Value) -> Result<T, Misfit>,
    ) -> Answer<Page<T>> {
        let mut meta = Meta::default();
        let outcome = match self.page(&mut meta, call, Mark::read(cursor), now, map).await {
            Ok(page) => Outcome::Done(page),
            Err(end) => widen(end),
        };
        Answer { outcome, meta }
    }

    async fn page<T>(
        &self,
        meta: &mut Meta,
        call: &CallSpec,
        mut mark: Mark,
        now: Time,
        map: impl Fn(&Value) -> Result<T, Misfit>,
    ) -> Result<Page<T>, End> {
        if !mark.is_walking() {
            begin(&mut mark, call, now);
        }
        let extra = self.extra(call, &mark, now)?;
        let told = self.ask(meta, call, &self.context(now), extra, now).await?;
        let found = call.items.as_ref().map(|path| path.all(&told.json)).unwrap_or_default();
        // An empty list and a missing one look the same to a path that ends in [*]; the list's own place tells them apart.
        if found.is_empty()
            && let Some(list) = call.items.as_ref().and_then(list_itself)
            && list.first(&told.json).is_none()
        {
            let why = format!("{} matches nothing; there is {}", list.source(), map::shown(&told.json));
            return Err(Outcome::Broken(self.nonsense(why)));
        }
        let count = found.len();
        let snapshot = mark.since.is_none() && mark.log.is_none();
        // One changed item that does not fit must not hold up every later change: the next full walk meets it again. A list that only
        // grows has no such walk, and is not read past what it could not tell. What is not even a record is no item but a lie.
        let lone = count == 1 && found.iter().all(|item| item.is_object()) && mark.since.is_some() && mark.log.is_none();
        let Mapped { items, unmapped, odd } = self.map_all(call.items.as_ref(), &told.json, found, lone, map)?;
        let next_at = self.next_place(call, &told, &mark, count)?;
        mark.busy |= count > 0;
        mark.bare = if count == 0 { mark.bare + 1 } else { 0 };
        let more = next_at.is_some();
        let next = match next_at {
            Some(at) => go_on(mark, call, at, &told, now).map_err(|why| Outcome::Broken(self.nonsense(why)))?,
            None => finish(mark, call, &told, now),
        };
        let next = serde_json::to_value(next).unwrap_or(Value::Null);
        Ok(Page { items, unmapped, odd, same: Vec::new(), gone: Vec::new(), next, more, snapshot })
    }

    /// Maps what can be mapped; when nothing can, the answer as a whole makes no sense, unless it is a `lone` item.
    fn map_all<T>(
        &self,
        list: Option<&Path>,
        whole: &Value,
        found: Vec<&Value>,
        lone: bool,
        map: impl Fn(&Value) -> Result<T, Misfit>,
    ) -> Result<Mapped<T>, End> {
        let mut items = Vec::with_capacity(found.len());
        let (mut unmapped, mut odd) = (Vec::new(), Vec::new());
        for (number, item) in found.into_iter().enumerate() {
            match map(item) {
                Ok(mapped) => items.push(mapped),
                Err(misfit) if unmapped.len() < MOST_SENTENCES => {
                    let pointer = list.map(|list| list.pointer(whole, number)).unwrap_or_default();
                    let sentence = self.credential.redact(&format!("item {pointer}: {}", misfit.sentence));
                    unmapped.push(Text::title(&sentence));
                    if odd.len() < MOST_ODD {
                        odd.push(super::raw::printable(item, |words| self.credential.redact(words)));
                    }
                }
                Err(_) => {}
            }
        }
        if items.is_empty() && !unmapped.is_empty() && !lone {
            let all: Vec<&str> = unmapped.iter().take(3).map(Text::as_str).collect();
            let failure: Failure = self.nonsense(format!("not one item could be read: {}", all.join("; ")));
            return Err(Outcome::Broken(failure));
        }
        Ok(Mapped { items, unmapped, odd })
    }

    /// Query, headers and address that the mark adds to the recipe's call.
    fn extra(&self, call: &CallSpec, mark: &Mark, now: Time) -> Result<Extra, End> {
        let mut extra = Extra::default();
        if let (Some(delta), Some(since)) = (&call.delta, mark.since) {
            extra.query.push((delta.param.clone(), since.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)));
        }
        let at = mark.at.as_ref().or(mark.log.as_ref());
        match (&call.paging, at) {
            (Paging::None, _) | (Paging::Cursor { .. } | Paging::Offset { .. } | Paging::Url { .. }, None) => {}
            (Paging::Page { param, first, .. }, None) => extra.query.push((param.clone(), first.to_string())),
            (Paging::Cursor { param, .. } | Paging::Page { param, .. } | Paging::Offset { param, .. }, Some(at)) => {
                extra.query.push((param.clone(), text(at)));
            }
            (Paging::Url { .. }, Some(at)) => {
                let url = self.base.resolve(&text(at)).map_err(|why| Outcome::Broken(self.nonsense(why)))?;
                if !url.same_origin(&self.base) {
                    let why = format!("its next page is at {}, which is another host", url.host());
                    return Err(Outcome::Broken(self.nonsense(why)));
                }
                extra.url = Some(url);
            }
        }
        // What became of my own work is never waited for.
        let listed = std::ptr::eq(call, &self.recipe.calls.jobs);
        let speaks = mark.many_at.is_none_or(|at| listed && (0..FIRST_SPEAKS).contains(&(now - at).num_seconds()));
        if !mark.is_walking() && speaks && mark.etag_of.as_deref() == Some(&place(mark)) {
            // RFC 9110, 13.1.3: who knows the tag does not look at the date.
            let tag = mark.etag.iter().map(|etag| ("if-none-match", etag));
            let date = mark.modified.iter().map(|date| ("if-modified-since", date));
            extra.headers.extend(tag.chain(date).take(1).map(|(name, value)| (name.to_owned(), value.clone())));
        }
        Ok(extra)
    }

    /// Where the next page is, or nothing at the end.
    fn next_place(&self, call: &CallSpec, told: &Told, mark: &Mark, count: usize) -> Result<Option<Value>, End> {
        let json = &told.json;
        let told_more = |more: &Option<Path>| more.as_ref().map(|path| path.first(json).is_some_and(truth));
        let here = mark.at.as_ref().or(mark.log.as_ref());
        let full = count >= self.recipe.defaults.limit as usize;
        let by_total = |total: &Option<Path>, read: u64| {
            total.as_ref().and_then(|path| path.first(json)).and_then(Value::as_u64).map(|total| read < total)
        };
        let next = match &call.paging {
            Paging::None => None,
            Paging::Cursor { next, more, .. } => {
                let next = next.first(json).filter(|next| !next.is_null() && **next != Value::String(String::new())).cloned();
                match told_more(more) {
                    Some(true) if next.is_none() => {
                        return Err(Outcome::Broken(self.nonsense("it says that there is more and not where")));
                    }
                    Some(false) => None,
                    _ => next,
                }
            }
            Paging::Page { first, more, total, .. } => {
                let number = here.and_then(Value::as_u64).unwrap_or(*first);
                let read = (number - first.min(&number) + 1) * u64::from(self.recipe.defaults.limit);
                let more = count > 0 && told_more(more).or(by_total(total, read)).unwrap_or(full);
                more.then(|| Value::from(number + 1))
            }
            Paging::Offset { more, total, .. } => {
                let read = here.and_then(Value::as_u64).unwrap_or(0) + count as u64;
                let more = count > 0 && told_more(more).or(by_total(total, read)).unwrap_or(full);
                more.then(|| Value::from(read))
            }
            Paging::Url { next } => next.first(json).filter(|next| next.is_string()).cloned(),
        };
        if next.is_some() && next.as_ref() == here {
            return Err(Outcome::Broken(self.nonsense("its next page is the one just read: the list does not end")));
        }
        Ok(next)
    }
}

/// Starts a walk: a full one when it is time for it.
fn begin(mark: &mut Mark, call: &CallSpec, now: Time) {
    mark.busy = false;
    mark.as_of = None;
    let Some(delta) = &call.delta else {
        mark.since = None;
        return;
    };
    let due = mark.full_at.is_none_or(|at| (now - at).num_seconds() >= i64::from(delta.full_every) || at > now);
    if due {
        mark.since = None;
    }
    if mark.since.is_none() {
        mark.full_at = Some(now);
    }
}

fn go_on(mut mark: Mark, call: &CallSpec, at: Value, told: &Told, now: Time) -> Result<Mark, String> {
    note_as_of(&mut mark, call, told, now);
    note_validators(&mut mark, call, told);
    mark.pages += 1;
    if mark.pages >= MOST_PAGES {
        return Err(format!("its list has more than {MOST_PAGES} pages"));
    }
    if mark.bare >= MOST_BARE {
        return Err(format!("{MOST_BARE} pages of its list in a row hold nothing"));
    }
    // The place remembered moves on at every doubling, so that a circle of any length is met within three rounds (Brent).
    if mark.lap.as_ref() == Some(&at) {
        return Err("its list goes in a circle: a page leads back to one that was read".to_owned());
    }
    if mark.pages.is_power_of_two() {
        mark.lap = Some(at.clone());
    }
    mark.at = Some(at);
    Ok(mark)
}

/// The mark of the next poll.
fn finish(mut mark: Mark, call: &CallSpec, told: &Told, now: Time) -> Mark {
    note_as_of(&mut mark, call, told, now);
    note_validators(&mut mark, call, told);
    mark.many_at = (mark.pages > 0).then_some(now);
    if let Paging::Cursor { next, log: true, .. } = &call.paging
        && let Some(next) = next.first(&told.json).filter(|next| !next.is_null())
    {
        mark.log = Some(next.clone());
    }
    if let Some(delta) = &call.delta {
        let advanced = mark.as_of.and_then(|at| at.checked_sub_signed(chrono::TimeDelta::seconds(i64::from(delta.overlap))));
        // A quiet poll asks the very same thing again, so that the platform can answer 304.
        if mark.busy || mark.since.is_none() || advanced.is_some_and(|at| mark.since.is_some_and(|since| at < since)) {
            mark.since = advanced.or(mark.since);
        }
    }
    (mark.pages, mark.bare) = (0, 0);
    (mark.at, mark.lap) = (None, None);
    mark.as_of = None;
    // What belongs to what was just asked is of no use where the next poll asks something else.
    if mark.etag_of.as_deref() != Some(&place(&mark)) {
        (mark.etag, mark.modified, mark.etag_of) = (None, None, None);
    }
    mark.busy = false;
    mark
}

/// The first page's tag and date are those of the walk.
fn note_validators(mark: &mut Mark, call: &CallSpec, told: &Told) {
    if !mark.is_walking() {
        let kept = |value: &Option<String>| value.clone().filter(|_| call.etag);
        (mark.etag, mark.modified) = (kept(&told.etag), kept(&told.modified));
        mark.etag_of = (mark.etag.is_some() || mark.modified.is_some()).then(|| place(mark));
    }
}

/// The first page decides: what changes while the walk goes on is asked for again next time.
fn note_as_of(mark: &mut Mark, call: &CallSpec, told: &Told, now: Time) {
    if mark.as_of.is_none()
        && let Some(delta) = &call.delta
    {
        let said = delta.as_of.as_ref().and_then(|path| path.first(&told.json)).and_then(Value::as_str);
        mark.as_of = said.and_then(|said| said.parse().ok()).or(told.date).or(Some(now));
    }
}

/// What an entity tag is valid for.
fn place(mark: &Mark) -> String {
    format!(
        "{} {}",
        mark.since.map(|since| since.to_rfc3339()).unwrap_or_default(),
        mark.log.as_ref().map(text).unwrap_or_default()
    )
}

/// `$.jobs` for `$.jobs[*]`.
fn list_itself(items: &Path) -> Option<Path> {
    Path::parse(items.source().strip_suffix("[*]").or_else(|| items.source().strip_suffix(".*"))?).ok()
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::Null => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Array(parts) => !parts.is_empty(),
        Value::Object(_) => true,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
