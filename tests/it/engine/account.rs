//! A source's name is not its account: where lists were read up to holds for the account they were read with.

use std::path::{Path, PathBuf};

use juggler::config::{KeyFrom, SourceConfig};
use juggler::domain::SourceName;
use juggler::engine::account::Account;
use juggler::market;
use serde_json::{Value, json};

use crate::support::Ground;

/// A market beside the ground's, on which its worker has two jobs in hand since before anybody asked, and the later one. (The first
/// has the id that the first one here has.)
async fn with_two_in_hand() -> (market::Running, String) {
    let market = market::serve(market::Options { seed: 5, jobs: 40, ..Ground::options() }).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = |path: String, post: bool| {
        let url = format!("{}{path}", market.base_url());
        let request = if post { client.post(url) } else { client.get(url) };
        let request = request.header("X-API-Key", market.api_key());
        async move { request.send().await.unwrap() }
    };
    let jobs: Value = ask("/jobs?limit=200".to_owned(), false).await.json().await.unwrap();
    let mut claims = 0;
    for job in jobs["jobs"].as_array().unwrap() {
        let claimed = ask(format!("/jobs/{}/claim", job["id"].as_str().unwrap()), true).await;
        claims += usize::from(claimed.status().is_success());
        if claims == 2 {
            let claimed: Value = claimed.json().await.unwrap();
            let id = claimed["assignment"]["id"].as_str().or(claimed["id"].as_str()).unwrap().to_owned();
            return (market, format!("practice:{id}"));
        }
    }
    panic!("nothing could be claimed");
}

fn ids(ground: &Ground) -> Vec<String> {
    let mut ids: Vec<String> = ground
        .well(&["hand", "--all", "--json"])
        .lines()
        .iter()
        .map(|view| view["assignment"]["id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids
}

#[test]
fn another_account_under_the_same_name_is_read_from_the_beginning() {
    let rt = tokio::runtime::Runtime::new().unwrap();
    let ground = Ground::new(3, 60);
    let (other, theirs) = rt.block_on(with_two_in_hand());
    let mine = ground.claimed(1).remove(0);
    // Later than the claim over there: a list that goes on from here would never show it.
    ground.well(&["jobs", "--poll", "--json"]);
    assert_eq!(ids(&ground), [mine.clone()]);
    let section = |base: &str, key: &Path| {
        format!(
            "[[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"{base}\"\nkey_file = \"{}\"\n",
            key.display()
        )
    };
    let key = ground.place.path().join("other.key");
    std::fs::write(&key, other.api_key()).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    ground.place.write_config(&section(&other.base_url(), &key));
    let listed = ground.well(&["jobs", "--poll", "--json", "--limit", "1000", "is:open"]).lines();
    let mut both = vec![mine, theirs];
    both.sort();
    assert_eq!(ids(&ground), both, "what was claimed over there before is known");
    assert!(listed.len() >= 30, "the other market's jobs are there: {}", listed.len());
    // And back: what is told there now is not where that account was left, but the whole of it.
    ground.place.write_config(&ground.source_lines(""));
    ground.well(&["jobs", "--poll", "--json"]);
    assert_eq!(ids(&ground), both);
    drop(other);
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
