//! Entries of every kind, at random; ids come from a small set, so that records meet.

use std::path::PathBuf;

use chrono::{DateTime, Duration};
use juggler::domain::ai::{AiRule, Scope};
use juggler::domain::art::{Backdrop, Operation, Order, Picture, Size};
use juggler::domain::assignment::AssignmentState;
use juggler::domain::draft::{Cause, FileFacts, FileItem};
use juggler::domain::origin::{Origin, Origins};
use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::submission::SubmissionState;
use juggler::domain::triage::{Change, Marks};
use juggler::domain::work::{Span, Spent};
use juggler::domain::{
    Asset, Assignment, AssignmentId, Block, Entry, Job, JobKey, KeptFile, KeptText, Money, Move, Payment, Query, Record,
    SourceName, Submission, SubmissionId, Text, Time,
};
use proptest::prelude::*;

pub fn time() -> impl Strategy<Value = Time> {
    (0_i64..100 * 86_400, 0_u32..1_000_000_000)
        .prop_map(|(s, ns)| DateTime::from_timestamp(1_760_000_000, ns).unwrap() + Duration::seconds(s))
}

fn text() -> impl Strategy<Value = Text> {
    prop_oneof![
        Just(Text::default()),
        "[ -~]{0,40}".prop_map(|s| Text::own(&s)),
        "\\PC{0,20}".prop_map(|s| Text::own(&s)),
        any::<String>().prop_map(|s| Text::own(&s)),
        Just(Text::own("two\nlines, {\"seq\":1,\"crc\":\"00000000\", and a quote \"")),
    ]
}

pub fn id() -> impl Strategy<Value = String> {
    (0_u8..6).prop_map(|n| format!("practice:a{n}"))
}

pub fn job() -> impl Strategy<Value = Job> {
    (0_u8..20, text(), text(), time(), proptest::option::of(any::<u32>())).prop_map(|(n, title, brief, at, est)| {
        let mut job = Job::new(&SourceName::new("practice"), &format!("j{n}"), title.as_str(), at);
        job.brief = brief;
        job.est_seconds = est;
        job
    })
}

fn file() -> impl Strategy<Value = FileItem> {
    let origin = prop_oneof![Just(Origin::External), Just(Origin::Declared), text().prop_map(|call| Origin::Ai { call })];
    (text(), any::<u32>(), origin).prop_map(|(name, size, origin)| FileItem {
        origin,
        name,
        path: PathBuf::from("/nowhere/ä \"file\""),
        size: size.into(),
        sha256: "ab".repeat(32),
        facts: FileFacts { width: Some(size), ..FileFacts::default() },
    })
}

fn money() -> impl Strategy<Value = Money> {
    (any::<i64>(), prop_oneof![Just(Asset::USD), Just(Asset::new("USDC", Some(6)).unwrap())])
        .prop_map(|(minor, asset)| Money::new(minor, asset))
}

fn marks() -> impl Strategy<Value = Marks> {
    (any::<bool>(), any::<bool>(), any::<bool>(), proptest::option::of(time()))
        .prop_map(|(seen, starred, hidden, snoozed_until)| Marks { seen, starred, hidden, snoozed_until, ..Marks::default() })
}

fn assignment() -> impl Strategy<Value = Assignment> {
    (id(), job(), time(), proptest::option::of(time())).prop_map(|(id, job, at, deadline)| Assignment {
        id: AssignmentId::new(&id),
        job,
        state: AssignmentState::Claimed,
        native_state: Text::default(),
        claimed_at: at,
        deadline,
        feedback: Text::default(),
        submission: None,
        moved_at: at,
    })
}

fn submission() -> impl Strategy<Value = Submission> {
    (id(), id(), text(), proptest::collection::vec(file(), 0..2), time()).prop_map(|(sid, id, text, files, at)| Submission {
        id: SubmissionId::new(&sid),
        assignment: AssignmentId::new(&id),
        attempt: 1,
        text,
        files,
        disclosure: Text::default(),
        overridden: None,
        body_hash: "cd".repeat(32),
        state: SubmissionState::Queued,
        queued_at: at,
        sent_at: None,
        answered_at: None,
        sends: 0,
        native_id: Text::default(),
        note: Text::default(),
    })
}

fn state() -> impl Strategy<Value = SubmissionState> {
    use SubmissionState as S;
    prop_oneof![Just(S::Queued), Just(S::Sending), Just(S::Unknown), Just(S::Acked), Just(S::Refused), Just(S::Withdrawn)]
}

fn block() -> impl Strategy<Value = Block> {
    let query =
        proptest::sample::select(vec!["", "requester:\"Acme*\" source:x", "(kind:art or pay<0.10) -is:starred", "\"a \\\" b\""]);
    (0_u64..5, query, time(), proptest::option::of(time()), text()).prop_map(|(id, query, made_at, until, from)| Block {
        id,
        query: Query::parse(query).unwrap(),
        made_at,
        until,
        from,
    })
}

pub fn record() -> impl Strategy<Value = Record> {
    let a = || id().prop_map(|id| AssignmentId::new(&id));
    let key = || (0_u8..20).prop_map(|n| JobKey::new(&format!("practice:j{n}")));
    let spent = prop_oneof![a().prop_map(|id| Spent::Assignment { id }), Just(Spent::Triage), Just(Spent::Money)];
    let changes = || {
        proptest::collection::vec((key(), marks(), marks()).prop_map(|(job, before, after)| Change { job, before, after }), 0..4)
    };
    prop_oneof![
        job().prop_map(|j| Record::ClaimSent { job: Box::new(j) }),
        assignment().prop_map(|a| Record::Claimed { assignment: Box::new(a) }),
        (key(), text()).prop_map(|(job, reason)| Record::ClaimLost { job, reason }),
        (a(), proptest::sample::select(&Move::ALL[..]), text(), text())
            .prop_map(|(assignment, step, native_state, note)| Record::Moved { assignment, step, native_state, note }),
        (a(), proptest::option::of(time())).prop_map(|(assignment, deadline)| Record::Deadline { assignment, deadline }),
        submission().prop_map(|s| Record::Queued { submission: Box::new(s) }),
        (id(), state(), text(), text()).prop_map(|(id, state, native_id, note)| Record::Sent {
            submission: SubmissionId::new(&id),
            state,
            native_id,
            note
        }),
        (id(), a(), money(), money(), time()).prop_map(|(id, assignment, gross, fee, at)| Record::Paid {
            payment: Box::new(Payment {
                id: Text::title(&id),
                assignment,
                kind: PaymentKind::Reward,
                gross,
                fee,
                net: gross,
                status: PaymentStatus::Paid,
                created_at: at,
                paid_at: Some(at),
                reference: Text::default(),
            })
        }),
        (text(), money(), text(), time()).prop_map(|(id, amount, what, on)| Record::Manual { id, amount, what, on }),
        (a(), any::<u32>(), text(), proptest::collection::vec(file(), 0..2)).prop_map(|(assignment, version, text, files)| {
            let half = text.as_str().len() / 2;
            let claimed =
                Origins::from(vec![(half, Origin::Typed), (text.as_str().len() - half, Origin::Ai { call: text.head(9) })]);
            let origins = (version % 3 > 0).then(|| claimed.fitted(text.as_str()));
            Record::Drafted { assignment, version, text, files, cause: Cause::Typed, origins }
        }),
        (a(), text(), text(), any::<bool>()).prop_map(|(assignment, name, text, kept)| {
            let of_text = KeptText { sha256: "2".repeat(64), bytes: text.as_str().len() as u64, pages: 3 };
            let file =
                KeptFile { size: 7, sha256: "1".repeat(64), text: Some(of_text), note: text.clone(), ..KeptFile::default() };
            let (text, file) = if kept { (Text::default(), Some(Box::new(file))) } else { (text, None) };
            Record::Attached { assignment, name, text, file, found: Vec::new() }
        }),
        (0_u64..30, changes(), proptest::option::of(0_u64..30), proptest::option::of(0_u64..30))
            .prop_map(|(act, changes, undoes, redoes)| Record::Triaged { act, changes, undoes, redoes }),
        (0_u64..30, text(), changes()).prop_map(|(act, rule, changes)| Record::RuleMarked { act, rule, changes }),
        (0_u64..30, block(), any::<bool>(), proptest::option::of(0_u64..30), proptest::option::of(0_u64..30))
            .prop_map(|(act, block, on, undoes, redoes)| Record::Blocked { act, block: Box::new(block), on, undoes, redoes }),
        (text(), time(), any::<bool>(), proptest::collection::vec(key(), 0..4))
            .prop_map(|(rule, at, loud, jobs)| { Record::Fired { rule, day: at.date_naive(), loud, jobs } }),
        (key(), text(), text(), time()).prop_map(|(job, rule, requester, at)| Record::AutoClaim {
            job,
            rule,
            requester,
            day: at.date_naive()
        }),
        (spent, time(), 0_u32..4000).prop_map(|(spent, from, seconds)| Record::Worked { span: Span { spent, from, seconds } }),
        (text(), text(), proptest::collection::vec(file(), 0..2)).prop_map(|(call, text, files)| Record::Answer {
            call,
            text,
            files
        }),
        (text(), a(), text(), 0_u64..9).prop_map(|(call, assignment, prompt, seed)| Record::ArtOrdered {
            order: Box::new(order(call, assignment, prompt, seed)),
        }),
        (text(), text()).prop_map(|(call, native)| Record::ArtNamed { call, native }),
        (text(), 1_u32..4, file()).prop_map(|(call, n, file)| Record::ArtPainted {
            call,
            picture: Box::new(Picture { n, file, seed: Some(7), revised: Text::default() }),
        }),
        (text(), proptest::option::of(1_u32..4)).prop_map(|(call, picture)| Record::ArtDropped { call, picture }),
        (job(), any::<bool>()).prop_map(|(job, only)| {
            let scope = if only { Scope::Job(job.key.clone()) } else { Scope::Source(job.key.source()) };
            Record::AiDecided { scope, rule: AiRule::HumanOnly }
        }),
        text().prop_map(|host| Record::AiAgreed { source: SourceName::new("practice"), host }),
        text().prop_map(|program| Record::ProgramAgreed { program }),
        (text(), text()).prop_map(|(about, text)| Record::Raw { about, text }),
    ]
}

fn order(call: Text, assignment: AssignmentId, prompt: Text, seed: u64) -> Order {
    Order {
        call,
        assignment,
        painter: Text::title("it"),
        model: Text::default(),
        host: Text::title("127.0.0.1:7860"),
        at: chrono::DateTime::UNIX_EPOCH,
        operation: Operation::Generate,
        template: Text::default(),
        prompt,
        negative: Text::default(),
        size: Some(Size::new(640, 480)),
        count: 2,
        seed: Some(seed),
        strength: None,
        quality: Text::default(),
        backdrop: Backdrop::Any,
        original: None,
        areas: Vec::new(),
        scale: 0,
        price_image: None,
        most: None,
        by_hand: seed == 0,
    }
}

pub fn entry() -> impl Strategy<Value = Entry> {
    (time(), record()).prop_map(|(at, record)| Entry { at, record })
}

/// A few batches of a few entries.
pub fn batches(most: usize) -> impl Strategy<Value = Vec<Vec<Entry>>> {
    proptest::collection::vec(proptest::collection::vec(entry(), 1..4), 1..most)
}

/// Entries without chance: a bit of everything, the same for the same `n`.
pub fn sample(n: u64) -> Entry {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&n.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    entry().new_tree(&mut runner).unwrap().current()
}

/// A recognisable entry of the money file.
pub fn manual(n: u64) -> Entry {
    let at = DateTime::from_timestamp(1_760_000_000 + n as i64, 0).unwrap();
    let id = Text::title(&format!("m{n}"));
    Entry { at, record: Record::Manual { id: id.clone(), amount: Money::new(n as i64, Asset::USD), what: id, on: at } }
}

/// A recognisable entry of the work file.
pub fn drafted(n: u64) -> Entry {
    let at = DateTime::from_timestamp(1_760_000_000 + n as i64, 0).unwrap();
    Entry {
        at,
        record: Record::Drafted {
            assignment: AssignmentId::new("practice:a1"),
            version: n as u32,
            text: Text::own(&format!("draft {n}")),
            files: Vec::new(),
            cause: Cause::Typed,
            origins: None,
        },
    }
}
