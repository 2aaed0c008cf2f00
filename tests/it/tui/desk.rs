//! A scripted engine behind a real handle: the real feed and the real marks, hand-made answers for the rest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::support::feed::Feed;
use chrono::TimeDelta;
use juggler::config::{Config, Paths, SourceConfig, ThemeChoice};
use juggler::domain::check::{Finding, Verdict as Judgement};
use juggler::domain::deliverable::{Deliverable, Form, Rule};
use juggler::domain::draft::Draft;
use juggler::domain::ledger::{Figures, Hourly, Sums};
use juggler::domain::reward::Reward;
use juggler::domain::submission::{Submission, SubmissionState};
use juggler::domain::triage::Marks;
use juggler::domain::{
    AiPolicy, AiRule, Asset, Assignment, AssignmentId, AssignmentState, Book, Job, JobKey, Money, PolicySource, SourceName,
    SubmissionId, Text, Time, rate,
};
use juggler::domain::{Block, NamedView, View};
use juggler::engine::api::{
    AssignmentView, BlockView, Earnings, Event, HandView, JobRow, Known, Peek, Reply, Request, RuleView, Scaffolded, Sighting,
    SourceHealth, SourceState, StoreView, Terms, TriageDone, What,
};
use juggler::engine::{Handle, Sent};
use juggler::error::{Class, Failure, Result};
use juggler::tui::session::Session;
use tokio::sync::{broadcast, mpsc};

mod made;

use super::Screen;
use super::rows::KEYS;
use super::screen::Hands;

pub use made::*;

pub fn start() -> Time {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

pub fn source() -> SourceName {
    SourceName::new("practice")
}

/// What the engine knows and was asked.
#[derive(Default)]
pub struct State {
    pub feed: Feed,
    pub book: Book,
    pub hand: Vec<AssignmentView>,
    pub waiting: Vec<AssignmentView>,
    pub outbox: Vec<Submission>,
    pub asked: Vec<Request>,
    pub undo: Vec<Vec<(JobKey, Marks)>>,
    pub version: u64,
    pub no_claims: bool,
    pub no_saves: bool,
    /// Checks of every draft fail so.
    pub failing: Vec<Text>,
    pub mended: Vec<Text>,
    /// Views saved here.
    pub views: Vec<NamedView>,
    pub blocks: Vec<Block>,
    pub sightings: Vec<Sighting>,
    pub rules: Vec<RuleView>,
    /// Jobs whose marks cannot be changed.
    pub stubborn: Vec<JobKey>,
    /// So much of the feed was looked at.
    pub counting: Option<u8>,
    /// Peeks are refused.
    pub no_peeks: bool,
    /// What every peek tells beside the job.
    pub told: Option<Peek>,
    /// Rows get these from the judge.
    pub fits: BTreeMap<JobKey, (u8, bool)>,
    /// Files the scaffold proposes; then it proposes no text.
    pub pictures: Vec<juggler::domain::draft::FileItem>,
    pub goal: Option<Money>,
}

/// The engine's side of a handle.
#[derive(Clone)]
pub struct Desk {
    pub state: Arc<Mutex<State>>,
    pub clock: Hands,
    events: broadcast::Sender<Event>,
    pub handle: Handle,
}

/// A job that looks like the market's.
pub fn job(n: u32) -> Job {
    let titles = [
        ("tagline", "Five catchy taglines for a coffee brand", 400, 480),
        ("art", "Merch art: a fox in a raincoat, transparent ground", 1800, 2400),
        ("script", "Turn a 20-page report into a 2-minute script", 2250, 1500),
        ("chat", "Write ten dialogues for a dental clinic's chatbot", 1200, 1800),
        ("caption", "Captions for twelve photographs of a bakery", 600, 600),
        ("label", "Label forty customer mails by topic", 350, 300),
    ];
    let (kind, title, cents, seconds) = titles[n as usize % titles.len()];
    let mut job = Job::new(&source(), &format!("j{n}"), &format!("#{n} {title}"), start());
    job.brief = Text::body("Brightcup sells coffee in cups grown from husks.\n\nWarm, short, and no puns on beans, please.");
    job.kind = Text::title(kind);
    job.requester.name = Text::title("Brightcup Ltd");
    job.reward = Reward::fixed(Money::new(cents + i64::from(n % 7) * 25, Asset::USD), 100_000);
    job.est_seconds = Some(seconds);
    job.claim_ttl = Some(1800);
    job.slots_left = Some(1 + n % 4);
    job.posted_at = Some(start() - TimeDelta::seconds(40 + i64::from(n) * 47));
    job.expires_at = Some(start() + TimeDelta::minutes(25 + i64::from(n % 9) * 20));
    let rules = [AiRule::Allowed, AiRule::AssistOnly, AiRule::Disclose, AiRule::HumanOnly, AiRule::Unknown];
    job.ai = AiPolicy { rule: rules[n as usize % rules.len()], source: PolicySource::Platform };
    job.deliverable = Deliverable { form: Form::Lines, rules: vec![Rule::Items { min: 5, max: 5 }], ..Deliverable::default() };
    job.suspicious = n % 17 == 11;
    job.detailed = true;
    job
}

pub fn config() -> Config {
    let at = |name: &str| std::path::PathBuf::from("/home/ada").join(name);
    let paths = Paths {
        config_file: at(".config/juggler/config.toml"),
        recipes: at(".config/juggler/platforms"),
        prompts: at(".config/juggler/prompts"),
        data: at(".local/share/juggler"),
        socket: at("juggler.sock"),
    };
    Config {
        sources: vec![SourceConfig::of(source(), "practice")],
        theme: ThemeChoice::Dark,
        hand_limit: 3,
        idle_after: std::time::Duration::from_secs(90),
        ..Config::defaults(paths)
    }
}

impl Desk {
    /// A desk with `jobs` jobs, answering on a task of its own.
    pub fn with(jobs: u32) -> Desk {
        let (requests, from) = mpsc::channel(64);
        let (events, _) = broadcast::channel(1024);
        let mut state = State { version: 1, goal: Some(Money::new(6000, Asset::USD)), ..State::default() };
        for n in 0..jobs {
            state.feed.upsert(job(n), &Book::default(), start());
        }
        let handle = Handle::new(requests, events.clone());
        let desk = Desk { state: Arc::new(Mutex::new(state)), clock: Hands::at(start()), events, handle };
        tokio::spawn(desk.clone().serve(from));
        desk
    }

    pub async fn screen(&self, width: u16, height: u16) -> Screen {
        Screen::open(self.handle.clone(), config(), self.clock.clone(), width, height).await
    }

    /// A screen that begins with the rows of a session before.
    pub async fn screen_with(&self, width: u16, height: u16, last: Option<Session>) -> Screen {
        let theme = juggler::tui::theme::Theme::new(juggler::tui::theme::Depth::True, false);
        Screen::begin(self.handle.clone(), config(), self.clock.clone(), (width, height), theme, last).await
    }

    async fn serve(self, mut from: mpsc::Receiver<Sent>) {
        while let Some(Sent { request, reply }) = from.recv().await {
            let answer = self.answer(request);
            let _ = reply.send(answer);
        }
    }

    pub fn tell(&self, what: What) {
        let _ = self.events.send(Event { seq: 0, at: self.clock.now(), what });
    }

    /// Jobs come and go, as a poll would bring it.
    pub fn poll(&self, arrive: Vec<Job>, vanish: Vec<JobKey>) {
        let mut state = self.state.lock().unwrap();
        let state = &mut *state;
        let now = self.clock.now();
        let (arrived, gone) = (u32::try_from(arrive.len()).unwrap(), u32::try_from(vanish.len()).unwrap());
        for job in arrive {
            state.feed.upsert(job, &state.book, now);
        }
        for key in vanish {
            if let Some(mut job) = state.feed.get(&key).cloned() {
                job.status = juggler::domain::job::JobStatus::Vanished;
                state.feed.upsert(job, &state.book, now);
            }
        }
        state.version += 1;
        self.tell(What::Feed { version: state.version, arrived, changed: 0, gone });
    }

    /// Changes every job as it lies there.
    pub fn change_jobs(&self, change: impl Fn(&mut Job)) {
        let mut state = self.state.lock().unwrap();
        let state = &mut *state;
        for job in state.feed.iter().cloned().collect::<Vec<_>>() {
            let mut job = job;
            change(&mut job);
            state.feed.upsert(job, &state.book, self.clock.now());
        }
    }

    /// Requests so far that `pick` picks.
    pub fn asked(&self, pick: impl Fn(&Request) -> bool) -> usize {
        self.state.lock().unwrap().asked.iter().filter(|request| pick(request)).count()
    }

    fn answer(&self, request: Request) -> Result<Reply> {
        let now = self.clock.now();
        let mut state = self.state.lock().unwrap();
        state.asked.push(request.clone());
        let state = &mut *state;
        Ok(match request {
            Request::Window { view, anchor, height, margin } => Reply::Window(state.rows(view, &anchor, height, margin, now)),
            Request::Jobs { view, limit } => {
                let total = state.feed.count(&view, &state.book, now);
                let keys = state.feed.keys(&view, limit, &state.book, now);
                Reply::Jobs { jobs: keys.iter().map(|key| state.row(key)).collect(), total }
            }
            Request::Views => state.view_counts(now),
            Request::SaveView { view } => {
                state.views.retain(|known| known.name != view.name);
                state.views.push(view);
                state.view_counts(now)
            }
            Request::DropView { name } => {
                state.views.retain(|known| known.name != name);
                state.view_counts(now)
            }
            Request::Known => Reply::Known(Known {
                kinds: ["tagline", "art", "script"].map(Text::title).to_vec(),
                sources: vec![Text::title("practice")],
                requesters: vec![Text::title("Brightcup Ltd")],
                tags: vec![Text::title("coffee")],
                languages: vec![Text::title("en")],
            }),
            Request::Group { key, .. } => {
                let keys = state.alike(&key);
                Reply::Keys { total: keys.len(), keys }
            }
            Request::Keys { view } => {
                let keys = if view.group {
                    state.grouped(&view, now).into_iter().map(|(key, _)| key).collect()
                } else {
                    state.feed.keys(&view, KEYS, &state.book, now)
                };
                Reply::Keys { total: state.feed.count(&view, &state.book, now), keys }
            }
            Request::Block { mut block } => {
                block.id = state.blocks.len() as u64 + 1;
                let text = Text::title(&format!("blocked {}", block.query));
                state.blocks.push(block);
                Reply::Triaged(TriageDone { text, changed: Vec::new(), failed: Vec::new() })
            }
            Request::Unblock { id } => {
                state.blocks.retain(|block| block.id != id);
                Reply::Triaged(TriageDone { text: Text::title("lifted"), changed: Vec::new(), failed: Vec::new() })
            }
            Request::Blocks => {
                let hides =
                    |block: &Block| state.feed.count(&View { query: block.query.clone(), ..View::default() }, &state.book, now);
                let blocks: Vec<Block> = state.blocks.clone();
                let mut hides = hides;
                Reply::Blocks { blocks: blocks.into_iter().map(|block| BlockView { hides: hides(&block), block }).collect() }
            }
            Request::Sightings { limit } => Reply::Sightings { sightings: state.sightings.iter().take(limit).cloned().collect() },
            Request::Rules => Reply::Rules { rules: state.rules.clone() },
            Request::Job { key } => match state.feed.get(&key) {
                Some(job) => Reply::Job { job: Box::new(job.clone()), marks: state.book.marks(&key) },
                None => return Err(Failure::new(Class::NotFound, "no such job")),
            },
            Request::Peek { key } => match state.feed.get(&key).filter(|_| !state.no_peeks).cloned() {
                Some(job) => {
                    let row = state.row(&key);
                    let nothing = || Peek {
                        row: row.clone(),
                        job: None,
                        rate_why: Vec::new(),
                        fit_why: Vec::new(),
                        barred: None,
                        signs: Vec::new(),
                        history: Vec::new(),
                    };
                    let told = state.told.clone().unwrap_or_else(nothing);
                    Reply::Peek(Box::new(Peek { row: row.clone(), job: Some(job), ..told }))
                }
                None => return Err(Failure::new(Class::NotFound, "no such job")),
            },
            Request::Triage { keys, verdict } => {
                let (failed, keys): (Vec<JobKey>, Vec<JobKey>) = keys.into_iter().partition(|key| state.stubborn.contains(key));
                let before: Vec<(JobKey, Marks)> = keys.iter().map(|key| (key.clone(), state.book.marks(key))).collect();
                for (key, marks) in &before {
                    state.book.marks.insert(key.clone(), verdict.apply(*marks));
                    state.feed.refresh(key, &state.book, now);
                }
                if !matches!(verdict, juggler::domain::triage::Verdict::Seen { .. }) {
                    state.undo.push(before);
                }
                Reply::Triaged(TriageDone {
                    text: Text::title(&format!("did it to {} job(s)", keys.len())),
                    changed: keys,
                    failed: failed.into_iter().map(|key| (key, Text::title("it is being saved elsewhere"))).collect(),
                })
            }
            Request::Undo => {
                let Some(act) = state.undo.pop() else { return Err(Failure::new(Class::Refused, "there is nothing to undo")) };
                let changed = act.iter().map(|(key, _)| key.clone()).collect();
                for (key, marks) in act {
                    state.book.marks.insert(key.clone(), marks);
                    state.feed.refresh(&key, &state.book, now);
                }
                Reply::Triaged(TriageDone { text: Text::title("undid it"), changed, failed: Vec::new() })
            }
            Request::Redo => return Err(Failure::new(Class::Refused, "there is nothing to do again")),
            Request::ClaimTerms { key } => {
                let job = state.feed.get(&key).unwrap();
                Reply::Terms(terms("Claim this job?", job, &["Two other jobs in your hand are due first."]))
            }
            Request::Claim { key, agreed } => {
                if state.no_claims {
                    return Err(Failure::new(Class::Refused, "the platform says no").why("taken").hint("take another one"));
                }
                assert_eq!(agreed, "digest of Claim this job?");
                let view = assignment(state.feed.get(&key).unwrap(), now);
                state.book.assignments.insert(view.assignment.id.clone(), view.assignment.clone());
                state.feed.refresh(&key, &state.book, now);
                state.hand.push(view.clone());
                Reply::Assignment(Box::new(view))
            }
            Request::Release { assignment } => {
                let at = state.hand.iter().position(|item| item.assignment.id == assignment).unwrap();
                let mut view = state.hand.remove(at);
                view.assignment.state = AssignmentState::Released;
                Reply::Assignment(Box::new(view))
            }
            Request::Hand => Reply::Hand(HandView { items: state.hand.clone(), overcommitted: None }),
            Request::Waiting => Reply::Assignments { assignments: state.waiting.clone() },
            Request::Assignment { id } => {
                Reply::Assignment(Box::new(state.hand.iter().find(|item| item.assignment.id == id).unwrap().clone()))
            }
            Request::SaveDraft { .. } if state.no_saves => {
                return Err(Failure::new(Class::Store, "the disk is full").hint("free some space"));
            }
            Request::SaveDraft { assignment, text, files, cause, origins } => {
                let item = state.hand.iter_mut().find(|item| item.assignment.id == assignment);
                let Some(item) = item else { return Err(Failure::new(Class::Refused, "it is not in your hand")) };
                let version = item.draft.as_ref().map_or(0, |draft| draft.version) + 1;
                let draft =
                    Draft { assignment, version, text, files, cause, saved_at: now, scaffolded: false, origins, assisted: false };
                item.assignment.state = AssignmentState::InProgress;
                item.draft = Some(draft.clone());
                Reply::Saved { version, draft: Box::new(draft) }
            }
            Request::EditPicture { file, edits, .. } => {
                let mut made = state.pictures.iter().find(|known| known.name == file).cloned().unwrap();
                made.sha256 = format!("{:0>64}", edits.len());
                (made.facts.width, made.facts.height) = (Some(4500), Some(5400));
                Reply::Picture { file: Box::new(made), told: vec![Text::title("it was enlarged to 750 %: look at its edges")] }
            }
            Request::Scaffold { .. } => Reply::Scaffold(Scaffolded {
                text: Text::own(if state.pictures.is_empty() { "1. \n2. \n3. " } else { "" }),
                files: state.pictures.clone(),
                label: Text::title("five empty lines"),
            }),
            Request::Check { .. } => Reply::Checked {
                findings: vec![Finding {
                    verdict: Judgement::Fail,
                    label: Text::title("5 lines"),
                    detail: Text::title("1 of 5; add 4"),
                    line: None,
                    ..Finding::pass("")
                }],
                passes: false,
            },
            Request::SubmitTerms { assignment } => {
                let item = state.hand.iter().find(|item| item.assignment.id == assignment).unwrap();
                let word = if state.failing.is_empty() { Text::default() } else { Text::title("override") };
                let failing = state.failing.clone();
                Reply::Terms(Terms { word, failing, ..terms("Submit this work?", &item.assignment.job, &[]) })
            }
            Request::Submit { assignment, agreed, word } => {
                assert_eq!(word.is_empty(), state.failing.is_empty(), "the word is sent where it is asked for");
                assert_eq!(agreed, "digest of Submit this work?");
                let item = state.hand.iter_mut().find(|item| item.assignment.id == assignment).unwrap();
                item.assignment.state = AssignmentState::Submitting;
                Reply::Assignment(Box::new(item.clone()))
            }
            Request::Resolve { submission, .. } => {
                let at = state.outbox.iter().position(|sent| sent.id == submission).unwrap();
                let sent = state.outbox.remove(at);
                let item = state.hand.iter_mut().find(|item| item.assignment.id == sent.assignment).unwrap();
                item.assignment.state = AssignmentState::InProgress;
                Reply::Assignment(Box::new(item.clone()))
            }
            Request::Outbox => Reply::Outbox { submissions: state.outbox.clone() },
            Request::Earnings => Reply::Earnings(earnings(state.goal)),
            Request::Sources | Request::Poll { .. } => Reply::Sources { sources: vec![health(SourceState::Ok)] },
            Request::Store => Reply::Store(StoreView {
                path: "/nowhere".into(),
                jobs: 0,
                money_seq: 0,
                work_seq: 0,
                bytes: 0,
                failing: None,
                mended: state.mended.clone(),
                ..StoreView::default()
            }),
            _ => Reply::Done,
        })
    }
}
