//! A source's name is not its account: where lists were read up to holds for the account they were read with.

use std::path::PathBuf;
use std::sync::Arc;

use juggler::config::{KeyFrom, Secret, SourceConfig};
use juggler::domain::{AssignmentState, SourceName};
use juggler::engine::account::Account;
use juggler::engine::api::{Reply, Request};
use serde_json::{Value, json};

use crate::market::{Talker, quick};
use crate::support::{PATIENCE, Stage};

/// A market on which its worker was paid for some jobs before anybody asked here: how many sums came.
async fn paid_before() -> (Talker, u32) {
    let there = Talker::start(quick(5)).await;
    for (n, job) in there.easy().await.into_iter().take(6).enumerate() {
        let (assignment, work) = (there.claim(&job).await, there.good_work(&job).await);
        assert_eq!(there.submit(&assignment, &format!("key-{n}"), &work).await.status, 201);
        there.until(&assignment, &["paid", "rejected", "revision_requested"]).await;
    }
    let begun = std::time::Instant::now();
    loop {
        let payments = there.all("/v1/payments", "payments").await;
        let count = |status: &str| payments.iter().filter(|payment| payment["status"] == status).count();
        if count("paid") + count("failed") == payments.len() {
            return (there, u32::try_from(count("paid")).unwrap());
        }
        assert!(begun.elapsed() < PATIENCE, "{payments:?}");
    }
}

/// Sums that came, as far as they are known.
async fn known(stage: &Stage) -> u32 {
    let Reply::Earnings(earnings) = stage.ask(Request::Earnings).await else { panic!() };
    earnings.figures.first().map_or(0, |figures| figures.all.paid_n)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_account_under_the_same_name_is_read_from_the_beginning() {
    let (there, paid) = paid_before().await;
    let mut stage = Stage::start(3).await;
    let id = stage.claim(|row| row.kind.as_str() == "tagline").await.assignment.id;
    stage.make(&id).await;
    stage.submit(&id).await;
    stage.until(&id, |state| state == AssignmentState::Paid).await;
    // The list of payments is read up to here: later than everything that was paid over there.
    stage.jobs().await;
    let mine = known(&stage).await;
    assert!(mine >= 1 && mine < paid, "{mine} here, {paid} there");

    // The same account is not read again: nothing is told twice, and a restart goes on.
    stage.restart().await;
    stage.jobs().await;
    assert_eq!(known(&stage).await, mine);

    // Another market, and so another account, under the name that was there. (Its first payments have the numbers that mine have.)
    let mut config = (*stage.config).clone();
    config.sources[0].base_url = Some(there.market.base_url());
    config.sources[0].key = KeyFrom::Given(Secret::new(there.market.api_key()));
    stage.config = Arc::new(config);
    stage.restart().await;
    stage.jobs().await;
    assert_eq!(known(&stage).await, paid, "what was paid over there before is known");
    stage.end().await;
}

#[test]
fn a_place_is_sealed_with_its_account_and_tells_nothing_of_the_key() {
    let source = |base: &str, key: KeyFrom| SourceConfig {
        base_url: Some(base.to_owned()),
        key,
        ..SourceConfig::of(SourceName::new("practice"), "practice")
    };
    let file = |name: &str| KeyFrom::File(PathBuf::from(name));
    let account = Account::of(&source("https://a.example/v1", file("/home/me/first.key")));
    let place = json!({ "at": "a17.3", "etag": "\"x\"" });
    let sealed = account.seal(place.clone());
    assert_eq!(account.open(&sealed), place);
    assert_ne!(account.seal(place.clone()), sealed, "the salt is another one each time");
    let text = sealed.to_string();
    assert!(!["first", "home", "a.example"].iter().any(|part| text.contains(part)), "{text}");
    let others = [
        source("https://b.example/v1", file("/home/me/first.key")),
        source("https://a.example/v1", file("/home/me/second.key")),
        source("https://a.example/v1", KeyFrom::Env("FIRST".to_owned())),
        source("https://a.example/v1", KeyFrom::Command(vec!["pass".to_owned(), "show".to_owned(), "second".to_owned()])),
        SourceConfig { recipe: "other".to_owned(), ..source("https://a.example/v1", file("/home/me/first.key")) },
    ];
    for other in &others {
        assert_eq!(Account::of(other).open(&sealed), Value::Null, "{other:?}");
    }
    // How often it is asked is no other account; and stores of older versions say nothing of accounts.
    let slower = SourceConfig {
        poll_every: Some(std::time::Duration::from_secs(600)),
        ..source("https://a.example/v1", file("/home/me/first.key"))
    };
    assert_eq!(Account::of(&slower).open(&sealed), place);
    assert_eq!(account.open(&place), place);
}
