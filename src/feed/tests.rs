//! The feed against a naive one: the same jobs, the same acts, everything looked up by going over all of it.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::domain::ai::AiRule;
use crate::domain::job::{ClaimMode, JobStatus, Met, Requirement};
use crate::domain::query::{Context, Expr, Is, Number, NumberField, Op, Pattern, Query, Term, TextField};
use crate::domain::requester::PayRecord;
use crate::domain::reward::{CostToWorker, Reward};
use crate::domain::triage::{Marks, Wake};
use crate::domain::view::{Level, SortKey};
use crate::domain::{Asset, AssignmentState, Costs, Job, JobKey, Listing, Money, Signs, SourceName, Text, Time, View, Worth};

const START: i64 = 1_750_000_000;

fn at(seconds: i64) -> Time {
    Time::from_timestamp(START + seconds, 0).unwrap()
}

fn asset(n: u8) -> Asset {
    match n % 4 {
        0 | 1 => Asset::USD,
        2 => Asset::new("JPY", None).unwrap(),
        _ => Asset::new("USDC", Some(6)).unwrap(),
    }
}

fn money() -> impl Strategy<Value = Money> {
    (prop_oneof![8 => 0i64..3000, 1 => Just(-5i64), 1 => Just(1i64 << 40)], any::<u8>())
        .prop_map(|(minor, n)| Money::new(minor, asset(n)))
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec!["write", "Tagline", "COFFEE", "brand", "art", "script", "chat", "a b", "e"]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["Ärger", "ΣΑΣ", "ПИСЬМО", "İstanbul", "日本", "Kelvin\u{212a}", "straße"]).prop_map(str::to_owned),
        1 => "[a-e]{1,3}",
    ]
}

fn text() -> impl Strategy<Value = Text> {
    prop::collection::vec(word(), 0..4).prop_map(|words| Text::title(&words.join(" ")))
}

fn pick<T: Clone + std::fmt::Debug + 'static>(from: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(from.to_vec())
}

/// What a platform may say.
const STATUSES: [JobStatus; 4] = [JobStatus::Open, JobStatus::Full, JobStatus::Expired, JobStatus::Cancelled];
const RULES: [AiRule; 6] =
    [AiRule::Allowed, AiRule::AssistOnly, AiRule::Disclose, AiRule::HumanOnly, AiRule::AgentOnly, AiRule::Unknown];
const MODES: [ClaimMode; 3] = [ClaimMode::InstantLock, ClaimMode::Race, ClaimMode::Link];

prop_compose! {
    fn job_of_keys(keys: u32)(
        (n, source, title, status) in (0..keys, 0u8..3, text(), prop_oneof![5 => Just(JobStatus::Open), 1 => pick(&STATUSES)]),
        (requester, requester_id, approved, kind, tags) in (word(), 0u8..3, prop::option::of(0u32..9), word(), prop::collection::vec(word(), 0..3)),
        (pay, max, fee, est, obs) in (prop::option::of(money()), prop::option::of(money()), prop_oneof![Just(0u32), Just(100_000)], prop::option::of(0u32..5000), prop::option::of(0u32..5000)),
        (slots, rivals, ttl, posted, expires) in (prop::option::of(prop_oneof![6 => 0u32..5, 1 => Just(70_000u32)]), prop::option::of(0u32..80_000), prop::option::of(0u32..9000), prop::option::of(-4000i64..400), prop::option::of(-50i64..900)),
        (mode, ai, language, need, cost) in (pick(&MODES), pick(&RULES), prop::option::of(pick(&["en", "en-GB", "de", "EN"])), prop::option::of(word()), prop::option::of(pick(&["stake", "unlock fee", "other"]))),
        (suspicious, brief, revision, detailed) in (any::<bool>(), word(), prop::option::of(0u8..3), prop::bool::weighted(0.2)),
    ) -> Job {
        let mut job = Job::new(&SourceName::new(&format!("s{source}")), &n.to_string(), title.as_str(), at(0));
        job.status = status;
        job.requester.name = if requester_id == 0 { Text::default() } else { Text::title(&requester) };
        job.requester.id = Text::title(&format!("r{requester_id}"));
        job.requester.record = PayRecord { approved, rejected: approved.map(|n| n / 2), ..PayRecord::default() };
        job.kind = Text::title(&kind);
        job.tags = tags.iter().map(|tag| Text::title(tag)).collect();
        job.reward = Reward { min: pay, max, fee_ppm: fee, ..Reward::default() };
        (job.est_seconds, job.obs_seconds, job.slots_left, job.competitors, job.claim_ttl) = (est, obs, slots, rivals, ttl);
        job.posted_at = posted.map(at);
        job.expires_at = expires.map(at);
        job.claim_mode = mode;
        job.ai.rule = ai;
        job.language = language.map(Text::title);
        job.requirements = need.into_iter().map(|word| Requirement { kind: Text::title("skill"), text: Text::title(&word), met: Met::No }).collect();
        job.cost = cost.map(|why| CostToWorker { amount: None, why: Text::title(why) });
        // Both are read from the texts, and so differ only where those do.
        job.suspicious = suspicious && title.as_str().len() % 3 == 0;
        job.signs = Signs(title.as_str().len() as u8 & 5);
        job.brief = Text::body(&brief);
        job.revision = revision.map(|n| Text::title(&n.to_string()));
        job.detailed = detailed;
        job
    }
}

fn marks() -> impl Strategy<Value = Marks> {
    (any::<[bool; 4]>(), prop::option::weighted(0.2, -100i64..900), prop::bool::weighted(0.1)).prop_map(|(on, until, wakes)| {
        Marks {
            seen: on[0],
            starred: on[1] && on[2],
            hidden: on[2] && on[3],
            pinned: on[3] && on[0],
            snoozed_until: until.map(at),
            wakes: wakes.then_some(Wake::Reopens),
        }
    })
}

fn judged() -> impl Strategy<Value = Judged> {
    (
        prop_oneof![4 => Just(Marks::default()), 1 => marks()],
        prop::option::weighted(0.1, pick(&[AssignmentState::Claimed, AssignmentState::Paid])),
        prop::bool::weighted(0.1),
        (prop::option::of(money()), prop::option::of(0u8..=100), prop::bool::weighted(0.2), prop::bool::weighted(0.2)),
    )
        .prop_map(|(marks, mine, blocked, (hourly, fit, barred, too_good))| Judged {
            marks,
            mine,
            blocked,
            worth: Worth { hourly, fit, barred, too_good },
        })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![
        4 => word().prop_map(Pattern::Plain),
        1 => word().prop_map(Pattern::Exact),
        1 => word().prop_map(|word| Pattern::Wild(format!("{}*", &word[..word.floor_char_boundary(2)]))),
        1 => word().prop_map(Pattern::Fuzzy),
        1 => Just(Pattern::Regex("^w|e$".to_owned())),
    ]
}

fn term() -> impl Strategy<Value = Term> {
    use NumberField::*;
    let fields = [
        TextField::Title,
        TextField::Kind,
        TextField::Source,
        TextField::Requester,
        TextField::Tag,
        TextField::Language,
        TextField::Needs,
        TextField::Key,
    ];
    let ops = [Op::Lt, Op::Le, Op::Eq, Op::Ge, Op::Gt];
    let states = [
        Is::New,
        Is::Starred,
        Is::Pinned,
        Is::Snoozed,
        Is::Hidden,
        Is::Away,
        Is::Claimed,
        Is::Reopened,
        Is::Open,
        Is::Full,
        Is::Expired,
        Is::Gone,
        Is::Suspicious,
        Is::Risky,
        Is::Barred,
        Is::Any,
    ];
    let number = prop_oneof![
        3 => (-10i64..4000, 0u32..3).prop_map(|(n, scale)| Number::Plain(Decimal::new(n, scale))),
        1 => (0i64..4000, 0u8..4).prop_map(|(n, a)| Number::Amount(Decimal::new(n, 2), asset(a))),
        3 => (-100i64..4000).prop_map(|n| Number::Span(TimeDelta::seconds(n))),
    ];
    prop_oneof![
        4 => pattern().prop_map(Term::Word),
        3 => (pick(&fields), prop::collection::vec(pattern(), 1..3)).prop_map(|(field, patterns)| Term::Text(field, patterns)),
        6 => (pick(&[Pay, Rate, Mins, Slots, Rivals, Age, Expires, Time, Fit, Count]), pick(&ops), number)
            .prop_map(|(field, op, number)| Term::Number(field, op, number)),
        4 => prop::collection::vec(pick(&states), 1..3).prop_map(Term::Is),
        1 => any::<bool>().prop_map(Term::Seen),
        1 => pick(&RULES).prop_map(|rule| Term::Ai(vec![rule])),
        1 => pick(&MODES).prop_map(|mode| Term::Mode(vec![mode])),
        1 => pick(&[Costs(0), Costs(255), Costs::STAKE, Costs::FEE]).prop_map(|costs| Term::Costs(vec![costs])),
        1 => word().prop_map(|word| Term::Brief(Pattern::Plain(word))),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let expr = term().prop_map(Expr::Term).prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Expr::Or),
            inner.prop_map(|part| Expr::Not(Box::new(part))),
        ]
    });
    prop_oneof![1 => Just(Query::all()), 4 => expr.prop_map(|expr| Query { expr })]
}

fn view() -> impl Strategy<Value = View> {
    let level = (pick(&SortKey::ALL), any::<bool>()).prop_map(|(by, reversed)| Level { by, reversed });
    (query(), prop::collection::vec(level, 0..3), prop::bool::weighted(0.25)).prop_map(|(query, sort, group)| View {
        query,
        sort,
        group,
    })
}

/// What can happen.
#[derive(Clone, Debug)]
enum Act {
    Upsert(Box<Job>, Judged),
    Again(usize),
    Marks(usize, Marks),
    Mine(usize, Option<AssignmentState>),
    Blocked(usize, bool),
    Worth(usize, Worth),
    Remove(usize),
    Tick(i64),
    Leave,
    Round(u8, Vec<usize>),
    Show(usize),
    Watch(usize),
    Work(usize),
    Image,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => (job_of_keys(300), judged()).prop_map(|(job, judged)| Act::Upsert(Box::new(job), judged)),
        3 => any::<usize>().prop_map(Act::Again),
        5 => (any::<usize>(), marks()).prop_map(|(n, marks)| Act::Marks(n, marks)),
        1 => (any::<usize>(), prop::option::of(Just(AssignmentState::Claimed))).prop_map(|(n, mine)| Act::Mine(n, mine)),
        1 => (any::<usize>(), any::<bool>()).prop_map(|(n, on)| Act::Blocked(n, on)),
        1 => (any::<usize>(), judged()).prop_map(|(n, judged)| Act::Worth(n, judged.worth)),
        2 => any::<usize>().prop_map(Act::Remove),
        4 => (0i64..120).prop_map(Act::Tick),
        1 => Just(Act::Leave),
        1 => (0u8..3, prop::collection::vec(any::<usize>(), 0..40)).prop_map(|(source, listed)| Act::Round(source, listed)),
        3 => any::<usize>().prop_map(Act::Show),
        2 => any::<usize>().prop_map(Act::Watch),
        2 => (0usize..5000).prop_map(Act::Work),
        1 => Just(Act::Image),
    ]
}

/// A job as the naive feed keeps it.
#[derive(Clone, Debug)]
struct Known {
    job: Job,
    /// As last listed.
    told: Job,
    judged: Judged,
    arrival: u64,
}

impl Known {
    fn listing(&self) -> Listing<'_> {
        let mut listing = self.job.listing(self.judged.marks, self.judged.mine, self.judged.worth);
        listing.blocked = self.judged.blocked;
        listing
    }
}

#[derive(Default)]
struct Naive {
    jobs: BTreeMap<String, Known>,
    now: i64,
    left: i64,
    arrivals: u64,
}

impl Naive {
    fn nth(&self, n: usize) -> Option<String> {
        self.jobs.keys().nth(n % self.jobs.len().max(1)).cloned()
    }

    fn upsert(&mut self, job: &Job, judged: &Judged) -> (Arrival, bool) {
        let now = at(self.now);
        let mut job = job.clone();
        let key = job.key.as_str().to_owned();
        let Some(known) = self.jobs.get_mut(&key) else {
            self.arrivals += 1;
            self.jobs.insert(key, Known { told: job.clone(), job, judged: *judged, arrival: self.arrivals });
            return (Arrival::New, false);
        };
        known.told = job.clone();
        let old = &known.job;
        (job.first_seen, job.seen_count, job.reopened_at) = (old.first_seen, old.seen_count, old.reopened_at);
        let same_text = if job.revision.is_some() {
            old.revision == job.revision
        } else {
            old.revision.is_none() && old.updated_at == job.updated_at
        };
        let keep = old.detailed && !job.detailed && same_text;
        if keep {
            job.brief = old.brief.clone();
            job.detailed = true;
            job.suspicious |= old.suspicious;
            job.signs = job.signs.and(old.signs);
        }
        job.last_seen = old.last_seen;
        let mut as_told = old.clone();
        // Running out is the clock's doing: a listing that says the same says nothing new.
        if old.status == JobStatus::Expired && job.status != JobStatus::Expired && old.expires_at.is_some_and(|at| at <= now) {
            as_told.status = job.status;
        }
        let arrival = if !old.is_open(now) && job.is_open(now) {
            job.reopened_at = Some(now);
            Arrival::Reopened
        } else if job == as_told {
            Arrival::Same
        } else {
            Arrival::Changed
        };
        if arrival == Arrival::Same {
            known.job.last_seen = now;
        } else {
            job.seen_count += 1;
            job.last_seen = now;
            (known.job, known.judged) = (job, *judged);
        }
        (arrival, keep)
    }

    fn tick(&mut self) {
        let now = at(self.now);
        for known in self.jobs.values_mut() {
            if matches!(known.job.status, JobStatus::Open | JobStatus::Full) && known.job.expires_at.is_some_and(|at| at <= now) {
                known.job.status = JobStatus::Expired;
            }
        }
    }

    fn context(&self) -> Context {
        Context { now: at(self.now), new_since: at(self.left) }
    }

    /// The view in order: keys, and for a grouped view how many each stands for.
    fn order(&self, view: &View) -> Vec<(String, Vec<String>)> {
        let ctx = self.context();
        let mut members: Vec<&Known> = self.jobs.values().filter(|known| view.query.admits(&known.listing(), &ctx)).collect();
        members.sort_by_cached_key(|known| rank(view, known));
        let mut out: Vec<(String, Vec<String>)> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for known in members {
            let job = &known.job;
            let key = job.key.as_str().to_owned();
            let listing = known.listing();
            let likeness =
                format!("{:?}", (job.key.source(), &job.requester.id, &job.requester.name, &job.title, &job.kind, listing.pay));
            match places.get(&likeness).filter(|_| view.group) {
                Some(place) => out[*place].1.push(key),
                None => {
                    places.insert(likeness, out.len());
                    out.push((key.clone(), vec![key]));
                }
            }
        }
        out
    }
}

/// The order as the levels tell it, written down without cleverness. `None` sorts last whichever way round.
fn rank(view: &View, known: &Known) -> (bool, Vec<(bool, i128)>, std::cmp::Reverse<u64>) {
    let listing = known.listing();
    let scaled = |money: Option<Money>| {
        money.map(|m| {
            // Nine billion of anything are as much as more of it.
            -(i128::from(m.minor) * 10_i128.pow(9 - u32::from(m.asset.exponent()))).min(i128::from(i64::MAX) - 1)
        })
    };
    let level = |by: SortKey| match by {
        SortKey::Newest => Some(-i128::from(listing.since.timestamp())),
        SortKey::Pay => scaled(listing.pay),
        SortKey::Rate => scaled(listing.worth.hourly),
        SortKey::Expiring => listing.expires_at.map(|at| i128::from(at.timestamp())),
        SortKey::Fit => listing.worth.fit.map(|fit| -i128::from(fit)),
        SortKey::Requester => Some(-i128::from(rank::standing(&listing.record))),
    };
    let close = closeness::Closeness::of(&view.query);
    let levels = match close.filter(|_| view.sort.is_empty()) {
        Some(close) => vec![(false, -i128::from(close.of_title(&crate::domain::query::fold(listing.title))))],
        None if view.sort.is_empty() => vec![(false, level(SortKey::Newest).unwrap_or_default())],
        None => view
            .sort
            .iter()
            .map(|by| level(by.by).map_or((true, 0), |value| (false, if by.reversed { -value } else { value })))
            .collect(),
    };
    (!listing.marks.pinned, levels, std::cmp::Reverse(known.arrival))
}

struct Both {
    naive: Naive,
    feed: Columns,
    views: Vec<View>,
    watched: Vec<View>,
}

impl Both {
    fn new(views: Vec<View>) -> Both {
        Both { naive: Naive::default(), feed: Columns::new(at(0)), views, watched: Vec::new() }
    }

    fn tick(&mut self) {
        self.naive.tick();
        while self.feed.tick(at(self.naive.now), 7).more {}
        let next = self.feed.next_tick();
        assert!(next.is_none_or(|next| next > at(self.naive.now)), "the tick did all that was due: {next:?}");
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Upsert(job, judged) => {
                let mut job = Job::clone(job);
                (job.first_seen, job.last_seen) = (at(self.naive.now), at(self.naive.now));
                let told = self.feed.upsert(&job, judged, at(self.naive.now));
                assert_eq!((told.arrival, told.keep_details), self.naive.upsert(&job, judged), "{job:?}");
                let known = &self.naive.jobs[job.key.as_str()].job;
                assert_eq!(
                    (told.first_seen, told.seen_count, told.reopened_at),
                    (known.first_seen, known.seen_count, known.reopened_at)
                );
            }
            Act::Again(n) => {
                let Some(known) = self.naive.nth(*n).map(|key| self.naive.jobs[&key].clone()) else { return };
                let told = self.feed.upsert(&known.told, &known.judged, at(self.naive.now));
                assert_eq!((told.arrival, told.keep_details), self.naive.upsert(&known.told, &known.judged));
            }
            Act::Marks(n, marks) => self.change(*n, |feed, key, judged| {
                judged.marks = *marks;
                feed.set_marks(key, *marks)
            }),
            Act::Mine(n, mine) => self.change(*n, |feed, key, judged| {
                judged.mine = *mine;
                feed.set_mine(key, *mine)
            }),
            Act::Blocked(n, on) => self.change(*n, |feed, key, judged| {
                judged.blocked = *on;
                feed.set_blocked(key, *on)
            }),
            Act::Worth(n, worth) => self.change(*n, |feed, key, judged| {
                judged.worth = *worth;
                feed.set_worth(key, worth)
            }),
            Act::Remove(n) => {
                let Some(key) = self.naive.nth(*n) else { return };
                self.naive.jobs.remove(&key);
                assert!(self.feed.remove(&key));
            }
            Act::Tick(seconds) => {
                self.naive.now += seconds;
                self.tick();
            }
            Act::Leave => {
                self.naive.left = self.naive.now;
                self.feed.leave(at(self.naive.now));
            }
            Act::Round(source, listed) => self.round(*source, listed),
            Act::Show(n) => {
                let view = self.views[n % self.views.len()].clone();
                self.feed.window(&view, &Anchor::Top, 5, 2);
            }
            Act::Watch(n) => {
                let view = self.views[n % self.views.len()].clone();
                match self.watched.iter().position(|watched| *watched == view) {
                    Some(at) => {
                        self.watched.remove(at);
                        self.feed.unwatch(&view);
                    }
                    None => {
                        self.feed.watch(&view);
                        self.watched.push(view);
                    }
                }
            }
            Act::Work(rows) => {
                self.feed.work(*rows);
            }
            Act::Image => self.image(),
        }
    }

    fn change(&mut self, n: usize, change: impl FnOnce(&mut Columns, &str, &mut Judged) -> bool) {
        let Some(key) = self.naive.nth(n) else { return };
        let known = self.naive.jobs.get_mut(&key).unwrap();
        assert!(change(&mut self.feed, &key, &mut known.judged));
    }

    fn round(&mut self, source: u8, listed: &[usize]) {
        let source = SourceName::new(&format!("s{source}"));
        let round = self.feed.begin_round(&source);
        let listed: Vec<String> = listed.iter().filter_map(|n| self.naive.nth(*n)).collect();
        for key in &listed {
            assert!(self.feed.touch(key, at(self.naive.now)));
            self.naive.jobs.get_mut(key).unwrap().job.last_seen = at(self.naive.now);
        }
        let mut want = Vec::new();
        for (key, known) in &mut self.naive.jobs {
            if known.job.key.is_of(&source) && !listed.contains(key) && known.job.status != JobStatus::Vanished {
                known.job.status = JobStatus::Vanished;
                known.job.last_seen = at(self.naive.now);
                want.push(key.clone());
            }
        }
        let (mut found, mut round) = (Vec::new(), Some(round));
        while let Some(going) = round {
            let (gone, next) = self.feed.sweep(going, 1, at(self.naive.now));
            found.extend(gone.into_iter().map(|key| key.as_str().to_owned()));
            round = next;
        }
        found.sort();
        assert_eq!(found, want);
    }

    /// Away and back again.
    fn image(&mut self) {
        self.feed.begin_image();
        let mut loader = Loader::default();
        let mut parts = 0;
        while let Some(part) = self.feed.image_part(parts) {
            loader.take(part.tag, &part.bytes).unwrap();
            parts += 1;
        }
        self.feed.end_image();
        self.feed = loader.finish(at(self.naive.now)).unwrap();
        self.feed.leave(at(self.naive.left));
        self.watched.iter().for_each(|view| self.feed.watch(view));
        self.check_jobs();
    }

    fn check(&mut self) {
        self.check_jobs();
        for view in self.views.clone() {
            self.check_view(&view);
        }
    }

    fn check_jobs(&self) {
        assert_eq!(self.feed.len(), self.naive.jobs.len());
        for (key, known) in &self.naive.jobs {
            assert_eq!(self.feed.listing(key), Some(known.listing()));
        }
        let all: usize = (0..self.feed.stretches()).map(|n| self.feed.stretch(n).count()).sum();
        assert_eq!(all, self.feed.len());
    }

    fn ready(&mut self, view: &View, anchor: &Anchor, height: usize, margin: usize) -> Window {
        loop {
            if let WindowState::Ready(window) = self.feed.window(view, anchor, height, margin) {
                return window;
            }
            self.feed.work(1);
        }
    }

    fn check_view(&mut self, view: &View) {
        let want = self.naive.order(view);
        let keys: Vec<&str> = want.iter().map(|(key, _)| key.as_str()).collect();
        for anchor in [Anchor::Top, Anchor::Bottom] {
            let window = self.ready(view, &anchor, 5, 2);
            let told: Vec<&str> = window.keys.iter().map(JobKey::as_str).collect();
            let end = (window.start + 9).min(keys.len());
            assert_eq!(told, keys[window.start..end], "{view:?}");
            assert_eq!(window.total, keys.len());
            if view.group {
                let sizes: Vec<u32> = want[window.start..end].iter().map(|(_, group)| group.len() as u32).collect();
                assert_eq!(window.groups, sizes);
            }
        }
        while !self.feed.work(100_000).done {}
        let told: Vec<String> =
            self.feed.keys(view, 0, usize::MAX / 2).unwrap().iter().map(|key| key.as_str().to_owned()).collect();
        assert_eq!(told, keys, "{view:?}");
        let ctx = self.naive.context();
        let members: Vec<&Known> = self.naive.jobs.values().filter(|known| view.query.admits(&known.listing(), &ctx)).collect();
        let counts = self.feed.counts(view).unwrap();
        let unseen = members.iter().filter(|known| !known.judged.marks.seen).count();
        let new = members.iter().filter(|known| !known.judged.marks.seen && known.job.first_seen > at(self.naive.left)).count();
        assert_eq!(counts, Counts { jobs: members.len(), new, unseen }, "{view:?}");
        if let Some((key, group)) = want.get(want.len() / 2) {
            let key = JobKey::new(key);
            assert_eq!(self.feed.position(view, &key), Some(want.len() / 2));
            let told: Vec<String> = self.feed.group_keys(view, &key).iter().map(|key| key.as_str().to_owned()).collect();
            assert_eq!(&told, group);
            let window = self.ready(view, &Anchor::Job(key.clone()), 5, 2);
            assert_eq!(window.keys[window.anchor - window.start], key, "the anchor is the job that was asked for");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn it_is_a_naive_feed(views in prop::collection::vec(view(), 1..7), acts in prop::collection::vec(act(), 0..150)) {
        let mut both = Both::new(views);
        for (n, act) in acts.iter().enumerate() {
            both.act(act);
            // Looked at rarely, so that much happens while views are half built.
            if n % 37 == 36 {
                both.tick();
                both.check();
            }
        }
        both.tick();
        both.check();
    }

    #[test]
    fn every_query_is_as_the_reference_says(query in query(), jobs in prop::collection::vec((job_of_keys(10_000), judged()), 1..60), now in 0i64..500) {
        let mut both = Both::new(vec![View { query, ..View::default() }]);
        for (job, judged) in &jobs {
            both.act(&Act::Upsert(Box::new(job.clone()), *judged));
        }
        both.naive.now = now;
        both.tick();
        both.check();
    }
}

/// Parts of the image of some feed.
fn parts(jobs: &[(Job, Judged)]) -> Vec<ImagePart> {
    let mut feed = Columns::new(at(0));
    for (job, judged) in jobs {
        feed.upsert(job, judged, at(0));
    }
    (0..).map_while(|n| feed.image_part(n)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() * 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_image_is_refused_or_a_feed(
        jobs in prop::collection::vec((job_of_keys(10_000), judged()), 1..20),
        flips in prop::collection::vec((any::<usize>(), any::<usize>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.3, any::<usize>()),
    ) {
        let mut parts = parts(&jobs);
        for (part, at, bits) in flips {
            let count = parts.len();
            let bytes = &mut parts[part % count].bytes;
            let len = bytes.len();
            bytes[at % len] ^= bits;
        }
        if let Some(cut) = cut {
            let count = parts.len();
            let bytes = &mut parts[cut % count].bytes;
            bytes.truncate(cut % bytes.len());
        }
        let mut loader = Loader::default();
        let whole = parts.iter().all(|part| loader.take(part.tag, &part.bytes).is_ok());
        if whole && let Ok(mut feed) = loader.finish(at(0)) {
            // Numbers may be wrong; that is what checksums are for. Nothing breaks on them.
            let view = View::default();
            feed.window(&view, &Anchor::Top, 5, 5);
            while !feed.work(1000).done {}
            for n in 0..feed.stretches() {
                let keys: Vec<String> = feed.stretch(n).map(|listing| listing.key.to_owned()).collect();
                for key in keys {
                    let marked = feed.set_marks(&key, Marks { seen: true, ..Marks::default() });
                    prop_assert!(marked && feed.remove(&key));
                }
            }
            while feed.tick(at(1_000_000), 10).more {}
            prop_assert_eq!(feed.len(), 0);
        }
    }
}

fn cases() -> u32 {
    64
}

/// A round names its source before any job of it comes: views that ask for the source show those jobs all the same.
#[test]
fn a_view_of_a_source_that_was_only_polled_so_far_shows_its_jobs() {
    let mut feed = Columns::new(at(0));
    let view = View { query: Query::parse("source:late").unwrap(), ..View::default() };
    feed.watch(&view);
    feed.work(10_000);
    let late = SourceName::new("late");
    feed.begin_round(&late);
    feed.upsert(&Job::new(&late, "1", "a job", at(0)), &Judged::default(), at(0));
    assert_eq!(feed.counts(&view).map(|counts| counts.jobs), Some(1));
}

#[test]
fn a_view_of_a_source_made_before_its_first_round_counts_what_comes_with_it() {
    let mut feed = Columns::new(at(0));
    let source = SourceName::new("board");
    let view = View { query: Query::parse("source:board").unwrap(), ..View::default() };
    feed.watch(&view);
    feed.work(usize::MAX);
    feed.begin_round(&source);
    let job = Job::new(&source, "1", "taglines", at(0));
    feed.upsert(&job, &Judged::default(), at(0));
    assert_eq!(feed.counts(&view).unwrap().jobs, 1);
}
