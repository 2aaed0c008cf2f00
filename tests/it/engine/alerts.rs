//! From something that happens in the engine to the person's own program and web address.

use std::path::Path;
use std::time::Duration;

use juggler::config::alert::{Shape, Webhook};
use juggler::config::{Config, KeyFrom};
use juggler::domain::rule::{Action, Limit, Rule};
use juggler::domain::{AssignmentState, Query};
use juggler::engine::Polling;
use juggler::engine::api::{Reply, Request};
use juggler::market::{self, Rate};
use serde_json::{Value, json};

use crate::net::{Act, Raw};
use crate::support::{PATIENCE, Stage};

/// Both ways out, and no waiting for company.
fn ways(config: &mut Config, file: &Path, hook: &Raw) {
    let script = r#"cat >> "$0""#.to_owned();
    config.alert.command = vec!["sh".into(), "-c".into(), script, file.to_str().unwrap().to_owned()];
    config.alert.webhook = Some(Webhook { url: hook.url("/alerts"), shape: Shape::Json, to: None, key: KeyFrom::None });
    config.alert.bundle_every = Duration::ZERO;
}

fn listener() -> Raw {
    Raw::serve(|_| Act::json("200 OK", &json!({ "ok": true })))
}

/// Everything the program was given, bundle by bundle.
fn given(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn posted(hook: &Raw) -> Vec<Value> {
    let bodies = hook.requests();
    bodies.iter().filter_map(|request| serde_json::from_str(request.split_once("\r\n\r\n")?.1).ok()).collect()
}

/// The bundle with an alert of this kind, and the alert, once it is there.
async fn heard(what: &str, kind: &str, bundles: impl Fn() -> Vec<Value>) -> (Value, Value) {
    let waiting = async {
        loop {
            for bundle in bundles() {
                let alert = bundle["alerts"].as_array().unwrap().iter().find(|alert| alert["kind"] == kind).cloned();
                if let Some(alert) = alert {
                    return (bundle, alert);
                }
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{what} never heard of {kind}: {:?}", bundles()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rules_match_reaches_program_and_web_with_its_job() {
    let (hook, folder) = (listener(), tempfile::tempdir().unwrap());
    let file = folder.path().join("given");
    let options = market::Options { seed: 5, jobs: 60, rivals: false, rate: Rate::NONE, ..Default::default() };
    let stage = Stage::set(options, Polling::OnRequest, |config| {
        ways(config, &file, &hook);
        let rule = Rule::new("taglines", Query::parse("kind:tagline").unwrap(), vec![Action::Alert]);
        config.rules = vec![Rule { limit: Limit::Once, ..rule }];
    })
    .await;
    let rows = stage.jobs().await;
    let (bundle, alert) = heard("the program", "rule", || given(&file)).await;
    assert_eq!(alert["rule"], "taglines");
    let row = rows.iter().find(|row| row.key.as_str() == alert["job"]).unwrap();
    assert_eq!((row.kind.as_str(), row.title.as_str()), ("tagline", alert["title"].as_str().unwrap()));
    let job = &bundle["jobs"][0];
    assert_eq!((&job["key"], &job["title"]), (&alert["job"], &alert["title"]), "the job is on standard input: {bundle}");
    assert!(job["reward"].is_object(), "whole: {job}");
    let (bundle, alert) = heard("the web address", "rule", || posted(&hook)).await;
    assert_eq!((&alert["rule"], &bundle["jobs"][0]["key"]), (&"taglines".into(), &alert["job"]));
    assert!(bundle["jobs"][0].get("reward").is_none(), "another machine is told less: {bundle}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_and_verdicts_reach_program_and_web() {
    let (hook, folder) = (listener(), tempfile::tempdir().unwrap());
    let file = folder.path().join("given");
    let mut stage = Stage::set(Stage::options(7), Polling::Always, |config| ways(config, &file, &hook)).await;
    let id = stage.claim(|row| row.kind.as_str() == "tagline").await.assignment.id;
    stage.make(&id).await;
    stage.submit(&id).await;
    let mut view = stage.until(&id, |state| state.is_over() || state == AssignmentState::RevisionAsked).await;
    if view.assignment.state == AssignmentState::RevisionAsked {
        let (_, alert) = heard("the program", "revision", || given(&file)).await;
        assert_eq!(alert["job"], view.assignment.job.key.as_str());
        stage.make(&id).await;
        stage.submit(&id).await;
        view = stage.until(&id, AssignmentState::is_over).await;
    }
    let kind = match view.assignment.state {
        AssignmentState::Paid => "paid",
        AssignmentState::Rejected => "rejected",
        other => panic!("{other:?}"),
    };
    let (bundle, alert) = heard("the program", kind, || given(&file)).await;
    assert!(alert["title"].as_str().unwrap().contains(view.assignment.job.title.as_str()), "{alert}");
    assert_eq!(bundle["jobs"][0]["key"], view.assignment.job.key.as_str());
    heard("the web address", kind, || posted(&hook)).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_reaches_program_and_web() {
    let (hook, folder) = (listener(), tempfile::tempdir().unwrap());
    let file = folder.path().join("given");
    let options = market::Options { seed: 5, jobs: 200, rivals: false, rate: Rate::NONE, ..Default::default() };
    let stage = Stage::set(options, Polling::OnRequest, |config| {
        ways(config, &file, &hook);
        // The market gives no job less than ten minutes: the first hundredth of it is over soon enough.
        config.alert.deadline = vec![99];
    })
    .await;
    let mut rows = stage.jobs().await;
    rows.sort_by_key(|row| row.claim_ttl);
    let mut mine = None;
    for row in rows {
        if let Ok(view) = stage.claim_key(&row.key).await {
            mine = Some(view.assignment);
            break;
        }
    }
    let mine = mine.unwrap();
    let (bundle, alert) = heard("the program", "deadline", || given(&file)).await;
    assert_eq!((&alert["job"], &bundle["jobs"][0]["key"]), (&mine.job.key.as_str().into(), &mine.job.key.as_str().into()));
    assert!(alert["title"].as_str().unwrap().contains("left: "), "{alert}");
    heard("the web address", "deadline", || posted(&hook)).await;
    let Reply::Events { events } = stage.ask(Request::Events { limit: 100 }).await else { panic!() };
    let told = serde_json::to_string(&events).unwrap();
    assert!(!told.contains("not delivered"), "{told}");
    stage.end().await;
}
