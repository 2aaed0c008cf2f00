//! Two people at the engine: one reads the feed, one works.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use juggler::assist;
use juggler::domain::draft::{Cause, FileItem};
use juggler::domain::triage::Verdict;
use juggler::domain::view::{Level, SortKey};
use juggler::domain::{AssignmentId, AssignmentState, JobKey, Query, Text, View};
use juggler::engine::Handle;
use juggler::engine::api::{Reply, Request};
use juggler::error::Failure;
use juggler::feed::Anchor;

use crate::support::Spread;

/// A key in so much: twenty a second.
const KEY: Duration = Duration::from_millis(50);
/// Words typed before each save.
const TYPED: Duration = Duration::from_millis(150);
/// The longest a person holds a job before it is given back.
const MENDINGS: u32 = 8;

/// What is measured at them.
#[derive(Default)]
pub struct Watch {
    pub windows: Mutex<Spread>,
    pub saves: Mutex<Spread>,
    pub ingested: AtomicU64,
    pub missed: AtomicU64,
    pub leave: AtomicBool,
}

impl Watch {
    fn leaves(&self) -> bool {
        self.leave.load(Ordering::Relaxed)
    }
}

fn view(query: &str, by: SortKey) -> View {
    View { query: Query::parse(query).unwrap(), sort: vec![Level { by, reversed: false }], group: false }
}

/// Twenty keys a second: moves down, jumps to the top, changes the order, types a query; stars now and then.
pub async fn read(handle: Handle, watch: std::sync::Arc<Watch>) {
    let orders = [SortKey::Newest, SortKey::Rate, SortKey::Pay, SortKey::Expiring];
    let queries = ["", "pay>1", "kind:tagline", "", "slots>1", "write"];
    let (mut at, mut key): (usize, Option<JobKey>) = (0, None);
    let mut next = tokio::time::interval(KEY);
    next.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !watch.leaves() {
        next.tick().await;
        at += 1;
        if at.is_multiple_of(40) {
            key = None;
        }
        let view = view(queries[at / 200 % queries.len()], orders[at / 60 % orders.len()]);
        let anchor = key.take().map_or(Anchor::Top, Anchor::Job);
        let began = Instant::now();
        let request = Request::Window { view, anchor, height: 36, margin: 108 };
        match handle.ask(request).await {
            Ok(Reply::Window(rows)) => {
                watch.windows.lock().unwrap().add(began.elapsed());
                key = rows.rows.get(rows.anchor.saturating_sub(rows.start) + 1).map(|row| row.key.clone());
            }
            other => panic!("no window: {other:?}"),
        }
        if let Some(key) = key.as_ref().filter(|_| at.is_multiple_of(100)) {
            let request = Request::Triage { keys: vec![key.clone()], verdict: Verdict::Star { on: at.is_multiple_of(200) } };
            handle.ask(request).await.expect("a star");
        }
    }
}

/// What became of the work.
#[derive(Debug, Default)]
pub struct Tally {
    claimed: u32,
    lost: u32,
    saved: u32,
    submitted: u32,
    refused: u32,
    given_back: u32,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { claimed, lost, saved, submitted, refused, given_back } = self;
        write!(
            f,
            "claimed {claimed}, lost {lost}, drafts saved {saved}, submitted {submitted}, refused {refused}, given back {given_back}"
        )
    }
}

/// Claims the best of the sources in turn, drafts it, saves as words come, submits; until it is time to leave. What is in hand then is
/// finished.
pub async fn work(handle: Handle, watch: std::sync::Arc<Watch>) -> Tally {
    let (mut tally, mut turn) = (Tally::default(), 0);
    while !watch.leaves() {
        turn += 1;
        let view = view(&format!("source:market{}", turn % crate::markets::COUNT), SortKey::Rate);
        let Ok(Reply::Jobs { jobs, .. }) = handle.ask(Request::Jobs { view, limit: 60 }).await else { continue };
        // Not always the very best: a person has tastes.
        let Some(row) = jobs.into_iter().filter(|row| row.mine.is_none() && row.costs.none()).nth(turn * 7 % 20) else {
            continue;
        };
        match claim(&handle, row.key).await {
            Ok(id) => {
                tally.claimed += 1;
                finish(&handle, &watch, &id, &mut tally).await;
            }
            Err(_) => tally.lost += 1,
        }
        revise(&handle, &watch, &mut tally).await;
    }
    revise(&handle, &watch, &mut tally).await;
    tally
}

async fn claim(handle: &Handle, key: JobKey) -> Result<AssignmentId, Failure> {
    let terms = match handle.ask(Request::ClaimTerms { key: key.clone() }).await? {
        Reply::Terms(terms) => terms,
        other => panic!("{other:?}"),
    };
    match handle.ask(Request::Claim { key, agreed: terms.digest }).await? {
        Reply::Assignment(view) => Ok(view.assignment.id.clone()),
        other => panic!("{other:?}"),
    }
}

/// What was sent back goes again.
async fn revise(handle: &Handle, watch: &Watch, tally: &mut Tally) {
    let Ok(Reply::Hand(hand)) = handle.ask(Request::Hand).await else { return };
    for view in hand.items {
        if view.assignment.state == AssignmentState::RevisionAsked {
            finish(handle, watch, &view.assignment.id, tally).await;
        }
    }
}

/// Drafts it, or mends the draft that is there, and submits.
async fn finish(handle: &Handle, watch: &Watch, id: &AssignmentId, tally: &mut Tally) {
    let Ok(Reply::Assignment(view)) = handle.ask(Request::Assignment { id: id.clone() }).await else { return };
    let (mut text, files) = match &view.draft {
        Some(draft) => (draft.text.as_str().to_owned(), draft.files.clone()),
        None => match handle.ask(Request::Scaffold { assignment: id.clone() }).await {
            Ok(Reply::Scaffold(laid)) => (laid.text.as_str().to_owned(), laid.files),
            _ => (String::new(), Vec::new()),
        },
    };
    let job = view.assignment.job.clone();
    for _ in 0..=MENDINGS {
        tokio::time::sleep(TYPED).await;
        save(handle, watch, id, &text, &files).await;
        tally.saved += 1;
        let Ok(Reply::Checked { findings, passes }) = handle.ask(Request::Check { assignment: id.clone() }).await else { break };
        if passes {
            match submit(handle, id).await {
                Ok(()) => tally.submitted += 1,
                Err(_) => tally.refused += 1,
            }
            return;
        }
        let mended = assist::repair(&job, &text, &findings);
        if mended == text {
            break;
        }
        text = mended;
    }
    // A withdrawn job cannot be given back, which is as good.
    let _ = handle.ask(Request::Release { assignment: id.clone() }).await;
    tally.given_back += 1;
}

async fn save(handle: &Handle, watch: &Watch, id: &AssignmentId, text: &str, files: &[FileItem]) {
    let began = Instant::now();
    let request = Request::SaveDraft {
        assignment: id.clone(),
        text: Text::own(text),
        files: files.to_vec(),
        cause: Cause::Typed,
        origins: None,
    };
    match handle.ask(request).await {
        Ok(Reply::Saved { .. }) => watch.saves.lock().unwrap().add(began.elapsed()),
        Ok(other) => panic!("{other:?}"),
        // The job may have been withdrawn meanwhile.
        Err(_) => {}
    }
}

async fn submit(handle: &Handle, id: &AssignmentId) -> Result<(), Failure> {
    let terms = match handle.ask(Request::SubmitTerms { assignment: id.clone() }).await? {
        Reply::Terms(terms) => terms,
        other => panic!("{other:?}"),
    };
    handle.ask(Request::Submit { assignment: id.clone(), agreed: terms.digest, word: Default::default() }).await.map(drop)
}
