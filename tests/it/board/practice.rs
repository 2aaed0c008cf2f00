//! The built-in recipe against the practice market itself, over real HTTP.

use std::sync::atomic::{AtomicUsize, Ordering};

use juggler::domain::draft::{FileFacts, FileItem};
use juggler::domain::submission::SubmissionState;
use juggler::domain::{AssignmentState, Origin, Submission, SubmissionId, Text};
use juggler::market::{Options, Rate, Running, serve};
use juggler::platforms::{Refusal, probe};

use super::*;

async fn market() -> (Running, Arc<dyn Platform>) {
    let options = Options { seed: 7, rate: Rate::NONE, jobs: 250, speed: 100_000, ..Options::default() };
    let market = serve(options).await.unwrap();
    let mut config = source(market.base_url().trim_end_matches("/v1"));
    config.key = KeyFrom::Given(Secret::new(market.api_key()));
    let board = connect_with(&config, Path::new("/nonexistent"), patience()).unwrap();
    (market, board)
}

fn clock() -> Time {
    Time::from(std::time::SystemTime::now())
}

fn submission(of: &juggler::domain::Assignment, text: &str, key: &str, files: Vec<FileItem>) -> Submission {
    Submission {
        id: SubmissionId::new(key),
        assignment: of.id.clone(),
        attempt: 1,
        text: Text::own(text),
        files,
        disclosure: Text::default(),
        overridden: None,
        body_hash: "h".into(),
        state: SubmissionState::Sending,
        queued_at: clock(),
        sent_at: None,
        answered_at: None,
        sends: 0,
        native_id: Text::default(),
        note: Text::default(),
    }
}

#[tokio::test]
async fn every_listed_job_maps_and_the_walk_agrees_with_itself() {
    let (_market, board) = market().await;
    let (mut cursor, mut jobs) = (Value::Null, Vec::new());
    loop {
        let page = done(board.jobs(&cursor, clock()).await.outcome);
        assert_eq!(page.unmapped, Vec::<Text>::new());
        assert!(page.snapshot);
        jobs.extend(page.items);
        cursor = page.next;
        if !page.more {
            break;
        }
    }
    assert!(jobs.len() > 100, "{}", jobs.len());
    for job in jobs.iter().take(20) {
        let whole = done(board.job(&job.key, clock()).await.outcome);
        assert!(whole.detailed && !whole.brief.is_empty() && !whole.deliverable.rules.is_empty());
        for attachment in &whole.attachments {
            let fetched = done(board.attachment(attachment.url.as_ref().unwrap(), clock()).await.outcome);
            assert_eq!(Some(fetched.bytes.len() as u64), attachment.size);
        }
    }
    let trial = probe(&*board, clock()).await;
    assert!(trial.is_ok(), "{trial:?}");
    let changes = done(board.jobs(&cursor, clock()).await.outcome);
    assert!(!changes.snapshot && changes.unmapped.is_empty());
}

#[tokio::test]
async fn the_main_job_from_claim_to_money() {
    let (market, board) = market().await;
    let pokes = Arc::new(AtomicUsize::new(0));
    let watching = tokio::spawn({
        let (board, pokes) = (board.clone(), pokes.clone());
        async move {
            let poke = move || {
                pokes.fetch_add(1, Ordering::Relaxed);
            };
            board.watch(&poke).await
        }
    });
    let page = done(board.jobs(&Value::Null, clock()).await.outcome);
    let mut mine = None;
    for job in &page.items {
        if let Outcome::Done(grant) = board.claim(job, clock()).await.outcome {
            mine = Some(grant.assignment);
            break;
        }
    }
    let mine = mine.expect("one of a hundred open jobs can be had");
    assert_eq!(mine.state, AssignmentState::Claimed);
    assert!(mine.deadline.unwrap() > clock());
    let again = done(board.claim(&mine.job, clock()).await.outcome).assignment;
    assert_eq!(again.id, mine.id);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("note.txt");
    std::fs::write(&path, b"hello").unwrap();
    let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let facts = FileFacts { mime: "text/plain".into(), ..FileFacts::default() };
    let file = FileItem { name: "note & more.txt".into(), path, size: 5, sha256: hello.into(), facts, origin: Origin::External };
    let first = submission(&mine, "One\nTwo", "key-1", vec![file]);
    let receipt = done(board.submit(&mine, &first, clock()).await.outcome);
    assert!(!receipt.native_id.is_empty());
    let read = done(board.assignment(&mine.id, clock()).await.outcome);
    assert_eq!((read.submission_key.as_ref().unwrap().as_str(), read.submissions), ("key-1", Some(1)));
    assert!(matches!(
        board.submit(&mine, &submission(&mine, "Other words", "key-1", vec![]), clock()).await.outcome,
        Outcome::Refused { reason: Refusal::KeyReused, .. }
    ));
    assert_eq!(market.effects(mine.id.native()), 1);
    // Whatever the verdict, it comes, and the stream told of it.
    let verdict = loop {
        let read = done(board.assignment(&mine.id, clock()).await.outcome);
        if !matches!(read.state, AssignmentState::Submitted | AssignmentState::UnderReview) {
            break read.state;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(AssignmentState::ALL.contains(&verdict));
    let listed = done(board.assignments(&Value::Null, clock()).await.outcome);
    assert!(listed.unmapped.is_empty() && listed.items.iter().any(|item| item.id == mine.id));
    let paid = done(board.payments(&Value::Null, clock()).await.outcome);
    assert!(paid.unmapped.is_empty());
    done(board.payments(&paid.next, clock()).await.outcome);
    // A second job is given back.
    for job in page.items.iter().rev() {
        if let Outcome::Done(grant) = board.claim(job, clock()).await.outcome {
            done(board.release(&grant.assignment, clock()).await.outcome);
            done(board.release(&grant.assignment, clock()).await.outcome);
            break;
        }
    }
    assert!(pokes.load(Ordering::Relaxed) > 0);
    market.stop().await;
    done(watching.await.unwrap().outcome);
}

#[tokio::test]
async fn a_wrong_key_is_told() {
    let (market, _) = market().await;
    let board = connected(&market.base_url());
    let outcome = board.jobs(&Value::Null, clock()).await.outcome;
    no_canary(&outcome);
    assert!(matches!(outcome, Outcome::SignIn(_)), "{outcome:?}");
}
