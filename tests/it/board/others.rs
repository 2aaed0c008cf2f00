//! The recipe language is enough for platforms of other shapes: a labelling server with tokens and locks, an oracle with composite
//! ids and numbered pages, a board that lists everything at once.

use juggler::domain::{Assignment, AssignmentState, JobKey, Submission, SubmissionId, Text};
use juggler::domain::{Money, submission::SubmissionState};
use wiremock::matchers::{body_json, header, query_param};

use super::*;

fn board_of(name: &str, recipe: &str, base: &str) -> Arc<dyn Platform> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(format!("{name}.toml")), recipe).unwrap();
    let mut config = source(base);
    config.recipe = name.into();
    config.base_url = Some(base.to_owned());
    connect_with(&config, dir.path(), patience()).unwrap()
}

const LABELS: &str = r#"
name = "labels"
title = "Label server"
[auth]
header = "Authorization"
prefix = "Bearer "
[auth.token]
path = "/api/token/refresh/"
body = '{"refresh": {{ key }}}'
token = "$.access"
[errors]
message = "$.detail"
[map.job]
id = "$.id"
title = "$.title"
brief = "$.label_config"
slots_left = "$.task_number"
claim_mode = { value = "server_next" }
reward_kind = { value = "volunteer" }
[map.assignment]
id = "$.id"
job = { from = "job" }
state = { value = "claimed" }
[map.receipt]
id = "$.id"
[calls.jobs]
path = "/api/projects/"
query = { page_size = "{{ limit }}" }
items = "$.results[*]"
paging = { style = "page", param = "page", total = "$.count" }
[calls.claim]
path = "/api/projects/{{ job.id }}/next/"
[calls.submit.send]
method = "POST"
path = "/api/tasks/{{ assignment.id }}/annotations/"
query = { project = "{{ job.id }}" }
body = '{"result": [{"id": "r1", "type": "textarea", "value": {"text": {{ submission.lines }}}}], "lead_time": 1.5}'
"#;

fn delivery(mine: &Assignment) -> Submission {
    Submission {
        id: SubmissionId::new("k"),
        assignment: mine.id.clone(),
        attempt: 1,
        text: Text::own("one\n\ntwo"),
        files: vec![],
        disclosure: Text::default(),
        overridden: None,
        body_hash: String::new(),
        state: SubmissionState::Sending,
        queued_at: now(),
        sent_at: None,
        answered_at: None,
        sends: 0,
        native_id: Text::default(),
        note: Text::default(),
    }
}

#[tokio::test]
async fn a_labelling_server_with_tokens_and_locks() {
    let server = MockServer::start().await;
    let on = |verb: &str, at: &str, answer: ResponseTemplate| {
        Mock::given(method(verb)).and(path(at)).and(header("authorization", "Bearer jwt")).respond_with(answer).mount(&server)
    };
    Mock::given(method("POST"))
        .and(path("/api/token/refresh/"))
        .respond_with(ok(json!({ "access": "jwt" })))
        .expect(1)
        .mount(&server)
        .await;
    on(
        "GET",
        "/api/projects/",
        ok(json!({ "count": 1, "next": null, "results": [{ "id": 3, "title": "Rank", "task_number": 6 }] })),
    )
    .await;
    on("GET", "/api/projects/3/next/", ok(json!({ "id": 41, "unique_lock_id": "x" }))).await;
    Mock::given(method("POST"))
        .and(path("/api/tasks/41/annotations/"))
        .and(query_param("project", "3"))
        .and(body_json(
            json!({ "result": [{ "id": "r1", "type": "textarea", "value": { "text": ["one", "two"] } }], "lead_time": 1.5 }),
        ))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({ "id": 9 })))
        .mount(&server)
        .await;
    let board = board_of("labels", LABELS, &server.uri());
    let jobs = done(board.jobs(&Value::Null, now()).await.outcome).items;
    assert_eq!((jobs[0].key.native(), jobs[0].slots_left, jobs[0].detailed), ("3", Some(6), true));
    let mine = done(board.claim(&jobs[0], now()).await.outcome).assignment;
    assert_eq!((mine.id.native(), mine.state), ("41", AssignmentState::Claimed));
    let receipt = done(board.submit(&mine, &delivery(&mine), now()).await.outcome);
    assert_eq!(receipt.native_id.as_str(), "9");
    assert!(!board.abilities().idempotent);
    assert_eq!(board.payments(&Value::Null, now()).await.outcome.map(|_| ()), Outcome::Unsupported);
    // A lock is taken by GET here: trouble on the way is not "nothing happened".
    let busy = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ok(json!({ "access": "jwt" }))).mount(&busy).await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(503).insert_header("retry-after", "5")).mount(&busy).await;
    assert!(board_of("labels", LABELS, &busy.uri()).claim(&jobs[0], now()).await.outcome.is_unclear());
}

const ORACLE: &str = r#"
name = "oracle"
title = "Exchange oracle"
[auth]
header = "Authorization"
prefix = "Bearer "
[defaults]
limit = 2
[errors]
message = "$.message"
[errors.statuses]
409 = "taken"
[assets]
HMT = 9
[words.job_status]
active = "open"
completed = "full"
[words.assignment_state]
active = "claimed"
validation = "under_review"
completed = "approved"
[map.job]
id = { path = ["$.chain_id", "$.escrow_address"], join = ":" }
title = "$.job_description"
kind = "$.job_type"
status = "$.status"
pay = { path = "$.reward_amount", asset = "$.reward_token" }
[map.assignment]
id = "$.assignment_id"
job = { path = ["$.chain_id", "$.escrow_address"], join = ":" }
state = "$.status"
deadline = "$.expires_at"
[calls.jobs]
path = "/job"
query = { page_size = "{{ limit }}", status = "active" }
items = "$.results[*]"
paging = { style = "page", param = "page", first = 0, total = "$.total_results" }
[calls.claim]
method = "POST"
path = "/assignment"
body = '{"chain_id": {{ (job.id | split(":"))[0] | int }}, "escrow_address": {{ (job.id | split(":"))[1] }}}'
fields = { job = { from = "job" }, state = { value = "claimed" } }
[calls.release]
method = "POST"
path = "/assignment/resign"
body = '{"assignment_id": {{ assignment.id }}}'
[calls.assignment]
path = "/assignment"
query = { assignment_id = "{{ assignment.id }}" }
root = "$.results[0]"
"#;

#[tokio::test]
async fn an_oracle_with_composite_ids_and_numbered_pages() {
    let server = MockServer::start().await;
    let job = |escrow: &str, amount: Value| {
        json!({ "escrow_address": escrow, "chain_id": 1338, "job_type": "fortune", "status": "active", "job_description": "Sum up",
            "reward_amount": amount, "reward_token": "HMT" })
    };
    let page = |number: u32, results: Vec<Value>| json!({ "page": number, "page_size": 2, "total_pages": 2, "total_results": 3, "results": results });
    let get = || Mock::given(method("GET")).and(path("/job")).and(query_param("status", "active"));
    // The same sum comes as text here and as a number there.
    let first = page(0, vec![job("0xa", json!("48.5")), job("0xb", json!(48.5))]);
    get().and(query_param("page", "0")).respond_with(ok(first)).expect(1).mount(&server).await;
    get().and(query_param("page", "1")).respond_with(ok(page(1, vec![job("0xc", json!("1"))]))).expect(1).mount(&server).await;
    Mock::given(method("POST"))
        .and(path("/assignment"))
        .and(body_json(json!({ "chain_id": 1338, "escrow_address": "0xb" })))
        .respond_with(ResponseTemplate::new(201).set_body_json(json!({ "assignment_id": "7" })))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .and(path("/assignment"))
        .respond_with(ResponseTemplate::new(409).set_body_json(json!({ "message": "Assignment already exists" })))
        .with_priority(9)
        .mount(&server)
        .await;
    let listed = json!({ "assignment_id": "7", "escrow_address": "0xb", "chain_id": 1338, "status": "validation", "expires_at": "2026-11-23T05:00:00.000Z" });
    Mock::given(method("GET")).and(path("/assignment")).respond_with(ok(json!({ "results": [listed] }))).mount(&server).await;
    Mock::given(method("POST"))
        .and(path("/assignment/resign"))
        .and(body_json(json!({ "assignment_id": "7" })))
        .respond_with(ResponseTemplate::new(201))
        .mount(&server)
        .await;
    let board = board_of("oracle", ORACLE, &server.uri());
    let first = done(board.jobs(&Value::Null, now()).await.outcome);
    let second = done(board.jobs(&first.next, now()).await.outcome);
    assert!(first.more && !second.more && second.items.len() == 1);
    let pays: Vec<Option<Money>> = first.items.iter().map(|job| job.reward.min).collect();
    assert_eq!((pays[0].unwrap().minor, pays[0]), (48_500_000_000, pays[1]));
    let wanted = &first.items[1];
    assert_eq!(wanted.key, JobKey::new("demo:1338:0xb"));
    let mine = done(board.claim(wanted, now()).await.outcome).assignment;
    assert_eq!(mine.id.native(), "7");
    assert!(matches!(
        board.claim(wanted, now()).await.outcome,
        Outcome::Refused { reason: juggler::platforms::Refusal::Taken, .. }
    ));
    let read = done(board.assignment(&mine.id, now()).await.outcome);
    assert_eq!((read.job, read.state), (wanted.key.clone(), AssignmentState::UnderReview));
    done(board.release(&mine, now()).await.outcome);
}
