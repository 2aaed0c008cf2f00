//! Lists that did not change: asked for with their tag or date, answered 304.

use wiremock::matchers::{header, header_exists, query_param};

use super::*;

/// A list without changes-since, in pages by cursor.
fn whole_lists(url: &str) -> Arc<dyn Platform> {
    with_recipe(url, |text| {
        let (before, rest) = text.split_once("[calls.jobs.delta]").unwrap();
        let (_, after) = rest.split_once("[calls.job] ").unwrap();
        format!("{before}[calls.job] {after}").replace("etag = true", "# etag")
    })
}

async fn walk(board: &Arc<dyn Platform>, cursor: &mut Value, at: Time) -> Outcome<usize> {
    let mut jobs = 0;
    loop {
        match board.jobs(cursor, at).await.outcome {
            Outcome::Done(page) => {
                jobs += page.items.len();
                *cursor = page.next;
                if !page.more {
                    return Outcome::Done(jobs);
                }
            }
            other => return other.map(|_| jobs),
        }
    }
}

#[tokio::test]
async fn the_first_page_speaks_for_all_of_them_for_ten_minutes() {
    let server = MockServer::start().await;
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    get().and(header("if-none-match", "\"one\"")).respond_with(ResponseTemplate::new(304)).with_priority(1).mount(&server).await;
    get()
        .and(query_param("cursor", "c1"))
        .respond_with(ok(jobs(&[summary("j2")], Value::Null, "")).insert_header("etag", "\"two\""))
        .with_priority(2)
        .mount(&server)
        .await;
    get().respond_with(ok(jobs(&[summary("j1")], json!("c1"), "")).insert_header("etag", "\"one\"")).mount(&server).await;
    let board = whole_lists(&server.uri());
    let mut cursor = Value::Null;
    assert_eq!(walk(&board, &mut cursor, now()).await, Outcome::Done(2));
    // From the second poll on, and with the cursor kept over a restart.
    let again = whole_lists(&server.uri());
    for board in [&board, &board, &again] {
        assert_eq!(walk(board, &mut cursor, now() + Duration::from_secs(60)).await, Outcome::Same);
    }
    assert_eq!(
        walk(&board, &mut cursor, now() + Duration::from_secs(601)).await,
        Outcome::Done(2),
        "the other pages are looked at"
    );
    assert_eq!(walk(&board, &mut cursor, now() + Duration::from_secs(700)).await, Outcome::Same);
    let asked = server.received_requests().await.unwrap();
    assert_eq!(asked.len(), 2 + 3 + 2 + 1);
    // The second page's tag is nobody's.
    assert!(asked.iter().all(|request| request.headers.get("if-none-match").is_none_or(|tag| tag == "\"one\"")));
}

#[tokio::test]
async fn a_date_will_do_where_there_is_no_tag() {
    let server = MockServer::start().await;
    let date = "Mon, 23 Nov 2026 04:00:00 GMT";
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    get()
        .and(header_exists("if-modified-since"))
        .respond_with(ResponseTemplate::new(304))
        .with_priority(1)
        .expect(1)
        .mount(&server)
        .await;
    get()
        .respond_with(ok(jobs(&[summary("j1")], Value::Null, "")).insert_header("last-modified", date))
        .expect(1)
        .mount(&server)
        .await;
    let board = whole_lists(&server.uri());
    let mut cursor = Value::Null;
    assert_eq!(walk(&board, &mut cursor, now()).await, Outcome::Done(1));
    assert_eq!(walk(&board, &mut cursor, now()).await, Outcome::Same);
    assert_eq!(server.received_requests().await.unwrap()[1].headers["if-modified-since"], date);
}

#[tokio::test]
async fn a_recipe_can_say_that_they_are_no_good() {
    let server = MockServer::start().await;
    let get = || Mock::given(method("GET")).and(path("/v1/jobs"));
    get()
        .and(header_exists("if-none-match"))
        .respond_with(ResponseTemplate::new(304))
        .with_priority(1)
        .expect(0)
        .mount(&server)
        .await;
    get().respond_with(ok(jobs(&[summary("j1")], Value::Null, "")).insert_header("etag", "\"x\"")).expect(2).mount(&server).await;
    let board = with_recipe(&server.uri(), |text| {
        let (before, rest) = text.split_once("[calls.jobs.delta]").unwrap();
        let (_, after) = rest.split_once("[calls.job] ").unwrap();
        format!("{before}[calls.job] {after}").replace("etag = true", "etag = false")
    });
    let mut cursor = Value::Null;
    assert_eq!(walk(&board, &mut cursor, now()).await, Outcome::Done(1));
    assert_eq!(walk(&board, &mut cursor, now()).await, Outcome::Done(1));
}

/// The practice market, at its socket: the whole list, then its (no) changes, then 304 for as long as nothing changes.
#[tokio::test]
async fn the_practice_market_says_that_nothing_changed() {
    use juggler::market::{self, Rate};
    let options =
        market::Options { jobs: 500, rivals: false, rate: Rate::NONE, requests_per_minute: 100_000, ..Default::default() };
    let market = market::serve(options).await.unwrap();
    let source = SourceConfig {
        base_url: Some(market.base_url()),
        key: KeyFrom::Given(Secret::new(market.api_key())),
        ..SourceConfig::of(SourceName::new("practice"), "practice")
    };
    let board = juggler::platforms::connect(&source, std::path::Path::new("/nonexistent")).unwrap();
    let mut cursor = Value::Null;
    assert_eq!(walk(&board, &mut cursor, chrono::Utc::now()).await, Outcome::Done(500));
    // What was posted in the seconds that are asked for twice is told once more.
    let mut polls = 0;
    while walk(&board, &mut cursor, chrono::Utc::now()).await != Outcome::Same {
        polls += 1;
        assert!(polls < 5, "it never says so");
    }
    assert_eq!(walk(&board, &mut cursor, chrono::Utc::now()).await, Outcome::Same);
    market.stop().await;
}
