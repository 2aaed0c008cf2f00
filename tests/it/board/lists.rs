//! Lists: mapping, pages, changes, entity tags.

use juggler::domain::job::{ClaimMode, JobStatus, Met};
use juggler::domain::payment::{PaymentKind, PaymentStatus};
use juggler::domain::reward::{Funding, RewardKind};
use juggler::domain::{AiRule, AssignmentState, PolicySource};
use wiremock::matchers::{header, query_param, query_param_is_missing};

use super::*;

#[tokio::test]
async fn a_job_is_mapped_whole() {
    let server = MockServer::start().await;
    on(&server, "GET", "/jobs", ok(jobs(&[summary("j1")], Value::Null, "2026-11-23T04:00:00Z"))).await;
    let mut detail = summary("j1");
    detail["brief"] = json!("Write \u{202e}five.\r\nShort.");
    detail["deliverable"] = json!({ "form": "lines", "rules": [{ "rule": "items", "min": 5, "max": 5 }] });
    detail["attachments"] = json!([{ "name": "a.pdf", "mime": "application/pdf", "bytes": 12, "sha256": "AB", "url": "/v1/jobs/j1/attachments/a.pdf" }]);
    detail["content_warning"] = Value::Null;
    on(&server, "GET", "/jobs/j1", ok(detail)).await;
    let board = connected(&server.uri());
    let page = done(board.jobs(&Value::Null, now()).await.outcome);
    assert!(page.unmapped.is_empty() && page.snapshot && !page.more);
    let job = &page.items[0];
    assert_eq!(job.key.as_str(), "demo:j1");
    assert_eq!((job.title.as_str(), job.brief.as_str(), job.kind.as_str()), ("5 taglines", "Short.", "tagline"));
    assert_eq!(job.revision.as_ref().unwrap().as_str(), "3");
    assert!(!job.detailed && !job.suspicious);
    assert_eq!(job.requester.name.as_str(), "Lumen");
    assert_eq!((job.requester.verified, job.requester.record.approved, job.requester.record.unpaid), (true, Some(9), Some(0)));
    assert_eq!((job.reward.kind, job.reward.fee_ppm, job.reward.funded), (RewardKind::Fixed, 100_000, Funding::Escrowed));
    assert_eq!(
        (job.reward.min.unwrap().minor, job.reward.max.unwrap().minor, job.reward.bonus_max.unwrap().minor),
        (120, 120, 50)
    );
    assert_eq!(
        (job.est_seconds, job.obs_seconds, job.claim_ttl, job.auto_approve_after),
        (Some(300), None, Some(1800), Some(86_400))
    );
    assert_eq!((job.slots_total, job.slots_left, job.competitors), (Some(3), Some(2), Some(1)));
    assert_eq!((job.claim_mode, job.status), (ClaimMode::InstantLock, JobStatus::Open));
    assert_eq!((job.ai.rule, job.ai.source), (AiRule::Disclose, PolicySource::Platform));
    assert_eq!((job.requirements.len(), job.requirements[0].met), (1, Met::Yes));
    assert!(job.cost.is_none() && job.expires_at.unwrap() > job.posted_at.unwrap());
    let job = done(board.job(&job.key, now()).await.outcome);
    assert!(job.detailed && job.suspicious);
    assert_eq!(job.brief.as_str(), "Write <RLO>five.\nShort.");
    assert_eq!(job.deliverable.rules.len(), 1);
    assert_eq!((job.attachments[0].size, job.attachments[0].sha256.as_ref().unwrap().as_str()), (Some(12), "ab"));
}

#[tokio::test]
async fn a_walk_reads_all_pages_then_only_changes() {
    let server = MockServer::start().await;
    let list = |page: Mock| page.expect(1).mount(&server);
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    list(
        get()
            .and(query_param("limit", "200"))
            .and(query_param_is_missing("cursor"))
            .and(query_param_is_missing("updated_after"))
            .respond_with(ok(jobs(&[summary("j1"), summary("j2")], json!("c&1"), "2026-11-23T04:00:00Z"))),
    )
    .await;
    // What changes during the walk belongs to the next one: the first page's instant counts.
    list(get().and(query_param("cursor", "c&1")).respond_with(ok(jobs(&[summary("j3")], Value::Null, "2026-11-23T04:00:09Z"))))
        .await;
    let mut closed = summary("j1");
    closed["status"] = json!("closed");
    list(
        get()
            .and(query_param("updated_after", "2026-11-23T03:59:58Z"))
            .and(query_param_is_missing("cursor"))
            .respond_with(ok(jobs(&[closed], json!("d1"), "2026-11-23T04:01:00Z"))),
    )
    .await;
    list(
        get().and(query_param("updated_after", "2026-11-23T03:59:58Z")).and(query_param("cursor", "d1")).respond_with(ok(jobs(
            &[],
            Value::Null,
            "2026-11-23T04:01:00Z",
        ))),
    )
    .await;
    list(get().and(query_param("updated_after", "2026-11-23T04:00:58Z")).respond_with(ok(jobs(
        &[],
        Value::Null,
        "2026-11-23T04:02:00Z",
    ))))
    .await;
    let board = connected(&server.uri());
    let first = done(board.jobs(&Value::Null, now()).await.outcome);
    assert!(first.more && first.snapshot && first.items.len() == 2);
    let second = done(board.jobs(&first.next, now()).await.outcome);
    assert!(!second.more && second.snapshot && second.items.len() == 1);
    let changes = done(board.jobs(&second.next, now()).await.outcome);
    assert!(changes.more && !changes.snapshot);
    assert_eq!(changes.items[0].status, JobStatus::Vanished);
    let rest = done(board.jobs(&changes.next, now()).await.outcome);
    assert!(!rest.more && !rest.snapshot && rest.items.is_empty());
    done(board.jobs(&rest.next, now()).await.outcome);
}

#[tokio::test]
async fn after_an_hour_the_whole_list_is_read_again() {
    let server = MockServer::start().await;
    on(&server, "GET", "/jobs", ok(jobs(&[summary("j1")], Value::Null, "2026-11-23T04:00:00Z"))).await;
    let board = connected(&server.uri());
    let full = done(board.jobs(&Value::Null, now()).await.outcome);
    let soon = done(board.jobs(&full.next, now() + Duration::from_secs(60)).await.outcome);
    assert!(full.snapshot && !soon.snapshot);
    let later = done(board.jobs(&soon.next, now() + Duration::from_secs(3601)).await.outcome);
    assert!(later.snapshot);
    let last = server.received_requests().await.unwrap().pop().unwrap();
    assert!(!last.url.as_str().contains("updated_after"), "{}", last.url);
}

#[tokio::test]
async fn a_quiet_list_is_asked_for_with_its_tag() {
    let server = MockServer::start().await;
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    get()
        .and(header("if-none-match", "\"t1\""))
        .respond_with(ResponseTemplate::new(304))
        .with_priority(1)
        .expect(2)
        .mount(&server)
        .await;
    let quiet = ok(jobs(&[], Value::Null, "2026-11-23T04:00:30Z")).insert_header("etag", "\"t1\"");
    get().and(query_param("updated_after", "2026-11-23T03:59:58Z")).respond_with(quiet).mount(&server).await;
    get()
        .respond_with(ok(jobs(&[summary("j1")], Value::Null, "2026-11-23T04:00:00Z")).insert_header("etag", "\"t0\""))
        .with_priority(9)
        .mount(&server)
        .await;
    let board = connected(&server.uri());
    let full = done(board.jobs(&Value::Null, now()).await.outcome);
    let quiet = done(board.jobs(&full.next, now()).await.outcome);
    for _ in 0..2 {
        assert_eq!(board.jobs(&quiet.next, now()).await.outcome.map(|_| ()), Outcome::Same);
    }
}

#[tokio::test]
async fn lists_without_changes_use_the_tag_of_the_whole() {
    let server = MockServer::start().await;
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    get().and(header("if-none-match", "W/\"x\"")).respond_with(ResponseTemplate::new(304)).with_priority(1).mount(&server).await;
    get().respond_with(ok(jobs(&[summary("j1")], Value::Null, "")).insert_header("etag", "W/\"x\"")).mount(&server).await;
    let board = with_recipe(&server.uri(), |text| {
        let (before, rest) = text.split_once("[calls.jobs.delta]").unwrap();
        let (_, after) = rest.split_once("[calls.job] ").unwrap();
        format!("{before}[calls.job] {after}")
    });
    let full = done(board.jobs(&Value::Null, now()).await.outcome);
    assert_eq!(board.jobs(&full.next, now()).await.outcome.map(|_| ()), Outcome::Same);
}

#[tokio::test]
async fn pages_by_number_offset_and_address() {
    let paged = |style: &'static str| {
        move |text: String| {
            let (before, rest) = text.split_once("[calls.jobs.paging]").unwrap();
            let (_, after) = rest.split_once("[calls.job] ").unwrap();
            format!("{before}[calls.jobs.paging]\n{style}\n[calls.job] {after}").replace("limit = 200 ", "limit = 2 ")
        }
    };
    let walk = |board: Arc<dyn Platform>| async move {
        let (mut cursor, mut ids) = (Value::Null, Vec::new());
        loop {
            let page = done(board.jobs(&cursor, now()).await.outcome);
            ids.extend(page.items.iter().map(|job| job.key.native().to_owned()));
            cursor = page.next;
            if !page.more {
                return ids;
            }
        }
    };
    for (style, param, second) in [
        ("style = \"page\"\nparam = \"p\"\ntotal = \"$.count\"", "p", "2"),
        ("style = \"page\"\nparam = \"p\"", "p", "2"),
        ("style = \"offset\"\nparam = \"o\"", "o", "2"),
        ("style = \"offset\"\nparam = \"o\"\nmore = \"$.has_more\"", "o", "2"),
        ("style = \"url\"\nnext = \"$.next_cursor\"", "x", "9"),
    ] {
        let server = MockServer::start().await;
        let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
        let mut first = jobs(&[summary("1"), summary("2")], json!(format!("{}/v1/jobs?x=9", server.uri())), "");
        first["count"] = json!(3);
        let mut last = jobs(&[summary("3")], Value::Null, "");
        last["count"] = json!(3);
        get().and(query_param(param, second)).respond_with(ok(last)).with_priority(1).expect(1).mount(&server).await;
        get().respond_with(ok(first)).expect(1).mount(&server).await;
        assert_eq!(walk(with_recipe(&server.uri(), paged(style))).await, ["1", "2", "3"], "{style}");
    }
}

#[tokio::test]
async fn a_list_that_never_ends_is_called_that() {
    let server = MockServer::start().await;
    on(&server, "GET", "/jobs", ok(jobs(&[summary("j1")], json!("again"), "2026-11-23T04:00:00Z"))).await;
    let board = connected(&server.uri());
    let first = done(board.jobs(&Value::Null, now()).await.outcome);
    match board.jobs(&first.next, now()).await.outcome {
        Outcome::Broken(failure) => assert!(failure.why.contains("does not end"), "{failure:?}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_bad_item_does_not_spoil_the_page() {
    let server = MockServer::start().await;
    let mut items = vec![summary("j1"), summary("j2"), summary("j3"), summary("j4")];
    items[1].as_object_mut().unwrap().remove("title");
    items[2]["reward"]["amount"] = json!("1.2345");
    items[3]["status"] = json!("frozen");
    on(&server, "GET", "/jobs", ok(jobs(&items, Value::Null, "2026-11-23T04:00:00Z"))).await;
    let page = done(connected(&server.uri()).jobs(&Value::Null, now()).await.outcome);
    assert_eq!(page.items.len(), 1);
    let told: Vec<&str> = page.unmapped.iter().map(|text| text.as_str()).collect();
    assert!(told[0].starts_with("item /jobs/1: field `title` (path $.title) matches nothing; there is id, revision"), "{told:?}");
    assert!(
        told[1].starts_with("item /jobs/2: field `pay` (path $.reward.amount): \"1.2345\" has more decimal places"),
        "{told:?}"
    );
    assert!(told[2].contains("field `status` (path $.status)") && told[2].contains("[words.job_status]"), "{told:?}");
}

#[tokio::test]
async fn a_lone_bad_change_does_not_hold_up_the_rest() {
    let server = MockServer::start().await;
    let mut odd = summary("j1");
    odd["title"] = json!(7.5e300);
    odd["est_seconds"] = json!("x");
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    get()
        .and(query_param("updated_after", "2026-11-23T03:59:58Z"))
        .respond_with(ok(jobs(&[odd], Value::Null, "2026-11-23T04:01:00Z")))
        .expect(1)
        .mount(&server)
        .await;
    get()
        .respond_with(ok(jobs(&[], Value::Null, "2026-11-23T04:00:00Z")).insert_header("etag", "\"whole\""))
        .mount(&server)
        .await;
    let board = connected(&server.uri());
    let full = done(board.jobs(&Value::Null, now()).await.outcome);
    let odd = done(board.jobs(&full.next, now()).await.outcome);
    assert_eq!((odd.items.len(), odd.unmapped.len()), (0, 1));
    done(board.jobs(&odd.next, now()).await.outcome);
    let seen = server.received_requests().await.unwrap();
    assert!(seen[2].url.as_str().contains("updated_after=2026-11-23T04%3A00%3A58Z"), "{}", seen[2].url);
    // The whole list's tag says nothing about its changes.
    assert!(seen.iter().all(|request| !request.headers.contains_key("if-none-match")));
}

#[tokio::test]
async fn odd_shapes_name_field_path_and_finding() {
    for (path, value, words) in [
        ("est_seconds", json!("soon"), "field `est_time` (path $.est_seconds): \"soon\" is not a duration"),
        ("posted_at", json!(12), "field `posted_at` (path $.posted_at): 12 is not a time"),
        ("slots_left", json!(-1), "field `slots_left` (path $.slots_left): -1 is not a whole number"),
        ("tags", json!({ "a": 1 }), "field `tags` (path $.tags): an object with a is not a list of words"),
        ("title", json!([1]), "field `title` (path $.title): a list of 1 is not text"),
        ("requirements", json!([{ "kind": "geo" }]), "field `text` (path $.text) matches nothing"),
        ("deliverable", json!({ "form": "dance" }), "field `deliverable` (path $.deliverable): unknown variant"),
        ("reward", json!({ "amount": "NaN", "currency": "USD" }), "\"NaN\" is not an amount"),
        ("reward", json!({ "amount": "1", "currency": "XYZW" }), "is not a currency"),
        ("reward", json!({ "amount": "1", "currency": "USD", "fee_percent": "101" }), "is not a share"),
    ] {
        let server = MockServer::start().await;
        let mut item = summary("j1");
        item[path] = value;
        on(&server, "GET", "/jobs", ok(jobs(&[item], Value::Null, "2026-11-23T04:00:00Z"))).await;
        match connected(&server.uri()).jobs(&Value::Null, now()).await.outcome {
            Outcome::Broken(failure) => {
                assert!(failure.why.contains("not one item") && failure.why.contains(words), "{path}: {failure:?}");
                assert!(failure.hint.contains("sources test demo"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_empty_list_is_not_a_missing_one() {
    let server = MockServer::start().await;
    on(&server, "GET", "/jobs", ok(json!({ "data": [], "as_of": "2026-11-23T04:00:00Z" }))).await;
    match connected(&server.uri()).jobs(&Value::Null, now()).await.outcome {
        Outcome::Broken(failure) => {
            assert!(failure.why.contains("$.jobs matches nothing; there is an object with data"), "{failure:?}")
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn assignments_and_payments_are_mapped() {
    let server = MockServer::start().await;
    let mut sent_back = assignment_json("revision_requested");
    sent_back["submission_key"] = json!("k-1");
    sent_back["submissions"] = json!(1);
    sent_back["feedback"] = json!("Shorter, please.");
    let body =
        json!({ "assignments": [sent_back.clone()], "next_cursor": null, "has_more": false, "as_of": "2026-11-23T04:00:00Z" });
    on(&server, "GET", "/assignments", ok(body)).await;
    on(&server, "GET", "/assignments/a1", ok(json!({ "assignment": sent_back }))).await;
    let payment = |status: &str, net: &str| {
        json!({ "id": "p1", "assignment_id": "a1", "kind": "bonus", "gross": "1.20", "fee": "0.12", "net": net, "currency": "USD",
            "status": status, "created_at": "2026-11-23T04:00:00Z", "updated_at": "2026-11-23T04:00:00Z", "paid_at": null, "reference": "ref" })
    };
    let page = |items: Vec<Value>, next: &str, more: bool| json!({ "payments": items, "next_cursor": next, "has_more": more });
    let get = || Mock::given(method("GET")).and(path("/v1/payments"));
    get()
        .and(query_param("cursor", "7"))
        .respond_with(ok(page(vec![payment("paid", "1.08")], "9", false)))
        .expect(1)
        .mount(&server)
        .await;
    get()
        .and(query_param("cursor", "9"))
        .respond_with(ok(page(vec![payment("paid", "1.10")], "9", false)))
        .expect(1)
        .mount(&server)
        .await;
    get()
        .and(query_param_is_missing("cursor"))
        .respond_with(ok(page(vec![payment("expected", "1.08")], "7", false)))
        .mount(&server)
        .await;
    let board = connected(&server.uri());
    let page = done(board.assignments(&Value::Null, now()).await.outcome);
    let one = done(board.assignment(&page.items[0].id, now()).await.outcome);
    assert_eq!(page.items[0], one);
    assert_eq!((one.id.as_str(), one.job.as_str(), one.state), ("demo:a1", "demo:j1", AssignmentState::RevisionAsked));
    assert_eq!((one.native_state.as_str(), one.feedback.as_str()), ("revision_requested", "Shorter, please."));
    assert_eq!((one.submission_key.unwrap().as_str(), one.submissions), ("k-1", Some(1)));
    let first = done(board.payments(&Value::Null, now()).await.outcome);
    let paid = &first.items[0];
    assert_eq!((paid.id.as_str(), paid.assignment.as_str(), paid.kind), ("demo:p1", "demo:a1", PaymentKind::Bonus));
    assert_eq!((paid.gross.minor, paid.fee.minor, paid.net.minor, paid.status), (120, 12, 108, PaymentStatus::Expected));
    assert!(first.snapshot && !first.more);
    let second = done(board.payments(&first.next, now()).await.outcome);
    assert_eq!((second.items[0].status, second.snapshot, second.more), (PaymentStatus::Paid, false, false));
    // Sums that do not agree are never booked.
    match board.payments(&second.next, now()).await.outcome {
        Outcome::Broken(failure) => assert!(failure.why.contains("$1.20 less $0.12 is not $1.10"), "{failure:?}"),
        other => panic!("{other:?}"),
    }
}
