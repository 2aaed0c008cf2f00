//! Three sets of books: the markets', the engine's, the journal's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::submission::SubmissionState;
use juggler::domain::{AssignmentState, Payment, Query, Record, View};
use juggler::engine::api::{AssignmentView, Reply, Request};
use juggler::engine::{self, Handle, Polling};
use juggler::market::Totals;

use crate::daemon::Daemon;
use crate::markets::{self, Markets};

/// What each party counts. Money in cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    submitted: u64,
    approved: u64,
    rejected: u64,
    paid_gross: i64,
    fees: i64,
    paid_net: i64,
    bonus: i64,
    unpaid: i64,
    failed: i64,
}

impl Sums {
    fn of_market(t: Totals) -> Sums {
        Sums {
            submitted: t.submitted,
            approved: t.approved,
            rejected: t.rejected,
            paid_gross: t.paid_gross,
            fees: t.paid_fee,
            paid_net: t.paid_net,
            bonus: t.bonus_gross,
            unpaid: t.due_net,
            failed: t.failed_net,
        }
    }

    fn pay(&mut self, payment: &Payment) {
        let cents = |money: juggler::domain::Money| money.minor;
        match payment.status {
            PaymentStatus::Paid => {
                self.paid_gross += cents(payment.gross);
                self.fees += cents(payment.fee);
                self.paid_net += cents(payment.net);
                if matches!(payment.kind, PaymentKind::Bonus | PaymentKind::Tip) {
                    self.bonus += cents(payment.gross);
                }
            }
            PaymentStatus::Failed | PaymentStatus::Reversed => self.failed += cents(payment.net),
            _ => self.unpaid += cents(payment.net),
        }
    }

    fn add(&mut self, view: &AssignmentView) {
        self.submitted += view.submission.as_ref().map_or(0, |s| u64::from(s.attempt));
        match view.assignment.state {
            AssignmentState::Approved | AssignmentState::Paid => self.approved += 1,
            AssignmentState::Rejected => self.rejected += 1,
            _ => {}
        }
        view.payments.iter().for_each(|payment| self.pay(payment));
    }
}

fn of_source(id: &str) -> usize {
    id.split_once(':').and_then(|(name, _)| name.strip_prefix("market")?.parse().ok()).expect("a source of this run")
}

async fn assignments(handle: &Handle) -> Vec<AssignmentView> {
    match handle.ask(Request::Assignments).await.unwrap() {
        Reply::Assignments { assignments } => assignments,
        other => panic!("{other:?}"),
    }
}

/// Waits until everything is judged, and nothing changes at the markets any more.
pub async fn settle(handle: &Handle, markets: &Markets) {
    markets.calm();
    let began = Instant::now();
    let (mut before, mut since) = (markets.totals(), Instant::now());
    // The latest payout takes a few seconds at this speed; one that never comes is due for ever.
    while since.elapsed() < Duration::from_secs(8) {
        assert!(began.elapsed() < Duration::from_secs(180), "it never comes to rest");
        tokio::time::sleep(Duration::from_millis(200)).await;
        let totals = markets.totals();
        let open = assignments(handle)
            .await
            .iter()
            .any(|view| matches!(view.assignment.state, AssignmentState::Submitted | AssignmentState::UnderReview));
        if open || totals != before {
            (before, since) = (totals, Instant::now());
        }
    }
    handle.ask(Request::Poll { source: None }).await.unwrap();
    println!("at rest after {:.1} s", began.elapsed().as_secs_f64());
}

async fn open_keys(handle: &Handle, n: usize) -> BTreeSet<String> {
    let query = Query::parse(&format!("source:{} is:any is:open", Markets::name(n))).unwrap();
    match handle.ask(Request::Keys { view: View { query, ..View::default() } }).await.unwrap() {
        Reply::Keys { keys, total } => {
            assert_eq!(keys.len(), total, "all of them are told");
            keys.into_iter().map(|key| key.as_str().to_owned()).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Counts of the markets and of the engine.
pub async fn agree(handle: &Handle, markets: &Markets) {
    let mut sums = BTreeMap::<usize, Sums>::new();
    for view in assignments(handle).await {
        sums.entry(of_source(view.assignment.id.as_str())).or_default().add(&view);
    }
    let mut open = 0;
    for (n, totals) in markets.totals().into_iter().enumerate() {
        let (theirs, ours) = (Sums::of_market(totals), sums.get(&n).copied().unwrap_or_default());
        // A delivery that the market refused took no effect and is counted by the engine as an attempt.
        assert_eq!(Sums { submitted: theirs.submitted, ..ours }, theirs, "market {n}");
        assert!(ours.submitted >= theirs.submitted, "market {n}: {} deliveries, {} known", theirs.submitted, ours.submitted);
        let listed = markets.open_jobs(n);
        let ours = open_keys(handle, n).await;
        let differ: Vec<_> = listed.symmetric_difference(&ours).take(5).collect();
        assert!(differ.is_empty(), "market {n}: open here or there only: {differ:?}");
        // The health counts what can be claimed: what is mine is left out.
        let began = Instant::now();
        let told = loop {
            let Reply::Sources { sources } = handle.ask(Request::Sources).await.unwrap() else { panic!("no sources") };
            // Right after opening it is still being counted.
            if let Some(open) = sources[n].open_jobs {
                break open;
            }
            assert!(began.elapsed() < Duration::from_secs(10), "market {n} is never counted");
        };
        assert!(told <= listed.len() && told * 10 >= listed.len() * 9, "market {n}: {told} of {}", listed.len());
        open += listed.len();
    }
    let Reply::Store(store) = handle.ask(Request::Store).await.unwrap() else { panic!("no store") };
    assert_eq!(store.jobs, store.resident, "rows in the store and in memory");
    let Reply::Verified { findings, records } = handle.ask(Request::Verify).await.unwrap() else { panic!("not verified") };
    assert!(findings.is_empty(), "{findings:?}");
    let total = sums.values().fold(Sums::default(), |mut all, sums| {
        all.submitted += sums.submitted;
        all.approved += sums.approved;
        all.paid_net += sums.paid_net;
        all.unpaid += sums.unpaid;
        all
    });
    println!(
        "markets = engine: {open} open jobs, {} submitted, {} approved, {} cents paid net, {} cents due; {} rows = rows in the store; {records} records verified; {} rows left the feed",
        total.submitted,
        total.approved,
        total.paid_net,
        total.unpaid,
        store.jobs,
        store.left + store.crowded
    );
}

/// The journal, read behind the engine's back, and the store opened again.
pub async fn agree_on_disk(daemon: &Daemon, markets: &Markets) {
    let config = Arc::new(daemon.config());
    let mut payments = BTreeMap::new();
    let mut acked = 0;
    for (_, _, entry) in juggler::store::entries(&config.paths.store()).unwrap() {
        match entry.record {
            Record::Paid { payment } => drop(payments.insert(payment.id.clone(), payment)),
            Record::Sent { state: SubmissionState::Acked, .. } => acked += 1,
            _ => {}
        }
    }
    let mut journal = vec![Sums::default(); markets::COUNT];
    payments.values().for_each(|payment| journal[of_source(payment.id.as_str())].pay(payment));
    for (n, totals) in markets.totals().into_iter().enumerate() {
        let theirs = Sums::of_market(totals);
        let money = Sums { submitted: theirs.submitted, approved: theirs.approved, rejected: theirs.rejected, ..journal[n] };
        assert_eq!(money, theirs, "market {n} and the journal");
    }
    let took = Instant::now();
    let running = engine::start(config, Polling::OnRequest).unwrap();
    let handle = running.handle();
    agree(&handle, markets).await;
    running.stop().await;
    println!(
        "journal = markets to the cent ({} payments, {acked} deliveries acknowledged); the store opened again says the same ({:.2} s)",
        payments.len(),
        took.elapsed().as_secs_f64()
    );
    let verified = daemon.command(&["store", "verify"]).output().unwrap();
    assert!(verified.status.success(), "{verified:?}");
}
