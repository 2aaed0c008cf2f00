//! One file, through the adapter.

use juggler::domain::job::{ClaimMode, JobStatus, Met};
use juggler::domain::reward::{Funding, RewardKind};
use juggler::domain::{AiRule, PolicySource};

use super::*;

const FULL: &str = r#"{"id": 7, "title": "Five taglines\tfor \"Acme\" \u2615", "brief": ["One.", "Two."], "url": "https://example.org/7",
 "requester": {"id": "r1", "name": "Lumen", "verified": true, "country": "GB", "approved": 9, "unpaid": 0}, "kind": "tagline",
 "tags": "ads, short", "pay": {"min": 0.50, "max": 1.25, "currency": "USD"}, "bonus": "$2", "fee": "12.5%", "funded": "escrowed",
 "cost": {"amount": "1.00", "currency": "USD", "why": "stake"}, "minutes": 2.5, "observed_seconds": 200, "slots": 2, "slots_total": 3,
 "competitors": 1, "posted_at": "2026-11-23T05:00:00+01:00", "updated_at": 1795406400, "expires_at": 1795410000000,
 "claim_minutes": 30, "requirements": ["country: US", {"kind": "skill", "text": "English", "met": "yes"}],
 "attachments": [{"name": "a.txt", "text": "x", "size": 1}], "deliverable": {"form": "lines", "rules": [{"rule": "items", "min": 5, "max": 5}]},
 "ai": "Disclose", "language": "en-GB", "warning": "Loud.", "revision": 3, "unknown": {"of": ["no", "matter"]}}"#;

#[tokio::test]
async fn every_field_is_read() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", &format!("{}\n", FULL.replace('\n', "")));
    let page = desk.page().await;
    assert_eq!((page.unmapped.len(), page.items.len(), page.more, page.snapshot), (0, 1, false, false), "{:?}", page.unmapped);
    let job = &page.items[0];
    assert_eq!((job.key.as_str(), job.title.as_str()), ("mine:7", "Five taglines for \"Acme\" ☕"));
    assert_eq!((job.brief.as_str(), job.url.as_ref().unwrap().as_str()), ("One.\nTwo.", "https://example.org/7"));
    let who = &job.requester;
    assert_eq!((who.id.as_str(), who.name.as_str(), who.verified), ("r1", "Lumen", true));
    assert_eq!((who.record.approved, who.record.unpaid, who.record.paid), (Some(9), Some(0), None));
    assert_eq!(job.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>(), ["ads", "short"]);
    let reward = &job.reward;
    assert_eq!((reward.kind, reward.fee_ppm, reward.funded), (RewardKind::Range, 125_000, Funding::Escrowed));
    let minor = |money: Option<juggler::domain::Money>| money.map(|money| (money.minor, money.asset.to_string()));
    assert_eq!(minor(reward.min), Some((50, "USD".into())));
    assert_eq!(minor(reward.max), Some((125, "USD".into())));
    assert_eq!(minor(reward.bonus_max), Some((200, "USD".into())));
    let cost = job.cost.as_ref().unwrap();
    assert_eq!((minor(cost.amount), cost.why.as_str()), (Some((100, "USD".into())), "stake"));
    assert_eq!((job.est_seconds, job.obs_seconds, job.claim_ttl), (Some(150), Some(200), Some(1800)));
    assert_eq!((job.slots_left, job.slots_total, job.competitors), (Some(2), Some(3), Some(1)));
    assert_eq!(job.posted_at.unwrap().to_rfc3339(), "2026-11-23T04:00:00+00:00");
    assert_eq!(job.updated_at.unwrap().timestamp(), 1_795_406_400);
    assert_eq!((job.expires_at.unwrap() - job.updated_at.unwrap()).num_seconds(), 3600);
    assert_eq!((job.requirements[0].kind.as_str(), job.requirements[0].met), ("country", Met::Unknown));
    assert_eq!((job.requirements[1].text.as_str(), job.requirements[1].met), ("English", Met::Yes));
    assert_eq!((job.attachments[0].name.as_str(), job.deliverable.rules.len()), ("a.txt", 1));
    assert_eq!((job.ai.rule, job.ai.source), (AiRule::Disclose, PolicySource::Platform));
    assert_eq!((job.claim_mode, job.status, job.detailed, job.suspicious), (ClaimMode::Link, JobStatus::Open, true, false));
    assert_eq!((job.language.as_ref().unwrap().as_str(), job.revision.as_ref().unwrap().as_str()), ("en-GB", "3"));
}

#[tokio::test]
async fn pay_is_read_in_many_forms() {
    let mut desk = Desk::at("jobs.jsonl");
    let forms = [
        (json!({ "pay": "0.50 USD" }), Some((50, "USD"))),
        (json!({ "pay": "USD 0.5" }), Some((50, "USD"))),
        (json!({ "pay": "€3" }), Some((300, "EUR"))),
        (json!({ "pay": { "amount": "0.50", "currency": "usd" } }), Some((50, "USD"))),
        (json!({ "pay": { "minor": 50, "currency": "USD" } }), Some((50, "USD"))),
        (json!({ "pay": 0.5, "currency": "USD" }), Some((50, "USD"))),
        (json!({ "pay": "1.000001 USDC:6" }), Some((1_000_001, "USDC"))),
        (json!({ "pay": null }), None),
    ];
    for (n, (form, _)) in forms.iter().enumerate() {
        let mut form = form.clone();
        form["id"] = json!(n);
        form["title"] = json!("t");
        desk.append("jobs.jsonl", &format!("{form}\n"));
    }
    let page = desk.page().await;
    assert!(page.unmapped.is_empty(), "{:?}", page.unmapped);
    for (job, (form, wanted)) in page.items.iter().zip(forms) {
        let gross = job.reward.gross();
        assert_eq!(gross.as_ref().map(|money| (money.minor, money.asset.code())), wanted, "{form}");
    }
}

#[tokio::test]
async fn a_malformed_line_is_told_with_its_number_and_the_rest_counts() {
    let mut desk = Desk::at("jobs.jsonl");
    let bad = [
        ("not json", "line 2, column 1: a line holds one object"),
        (r#"{"id":"x","title":"t","pay":"0.50"}"#, "line 4: pay: \"0.50\" has no currency"),
        (r#"{"id":"x","title":"t","pay":"0.555 USD"}"#, "line 6: pay: \"0.555\" has more decimal places than USD"),
        (r#"{"id":"x"}"#, "line 8: it has no title"),
        (r#"{"title":"t"}"#, "line 10: it has no id"),
        (r#"{"id":"x","title":"t","ai":"maybe"}"#, "line 12: ai: \"maybe\" is none of allowed"),
        (r#"{"id":"x","title":"t","expires_at":"soon"}"#, "line 14: expires_at: \"soon\" is not a time"),
        (r#"{"id":"x","title":"t","tags":{"a":1}}"#, "line 16: tags: an object is not text"),
        (r#"{"id":"x","title":["t"]}"#, "line 18: title: a list is not text"),
        (r#"{"id":"x","title":"t","#, "line 20, column 23: it ends in the middle"),
        (r#"{"id":"x","title":"\ud800"}"#, "line 22: title: \"\\ud800\" holds half a character"),
    ];
    let mut text = String::new();
    for (n, (bad, _)) in bad.iter().enumerate() {
        text += &format!("{}{bad}\n", line(&format!("good{n}"), "t"));
    }
    text += "# a comment\n\n   \n";
    desk.write("jobs.jsonl", &text);
    append_bytes(&desk.path("jobs.jsonl"), b"{\"id\":\"x\",\"title\":\"\xff\"}\n");
    desk.append("jobs.jsonl", &line("last", "t"));
    let page = desk.page().await;
    assert_eq!(page.items.len(), bad.len() + 1);
    for ((_, words), told) in bad.iter().zip(&page.unmapped) {
        assert!(told.as_str().starts_with(&format!("jobs.jsonl {words}")), "{told} is not {words}");
    }
    assert_eq!(page.unmapped.len(), bad.len() + 1);
    assert_eq!(page.unmapped.last().unwrap().as_str(), "jobs.jsonl line 26: it is not UTF-8 (byte 20)");
    assert_eq!(page.odd[0].as_str(), "not json");
    assert!(desk.is_same().await);
}

fn append_bytes(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

#[tokio::test]
async fn a_log_is_read_on_and_an_unfinished_line_waits() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", &line("1", "one"));
    assert_eq!(natives(&desk.page().await), ["1"]);
    assert!(desk.is_same().await);
    let (half, rest) = ("{\"id\":\"2\",\"ti", "tle\":\"two\"}");
    desk.append("jobs.jsonl", half);
    assert!(natives(&desk.page().await).is_empty());
    desk.append("jobs.jsonl", rest);
    assert!(natives(&desk.page().await).is_empty(), "it may still be written to");
    desk.append("jobs.jsonl", "\n");
    assert_eq!(natives(&desk.page().await), ["2"]);
    desk.restart("jobs.jsonl");
    assert!(desk.is_same().await, "a restart reads nothing again");
    desk.append("jobs.jsonl", &line("3", "three"));
    assert_eq!(natives(&desk.page().await), ["3"]);
    let gone = "{\"id\":\"1\",\"gone\":true}\n";
    desk.append("jobs.jsonl", gone);
    let page = desk.page().await;
    assert_eq!((page.items.len(), page.gone[0].as_str()), (0, "mine:1"));
}

#[tokio::test]
async fn a_last_line_without_its_end_counts_once_nobody_writes_any_more() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", "{\"id\":\"1\",\"title\":\"one\"}");
    assert!(natives(&desk.page().await).is_empty());
    assert!(desk.is_same().await);
    let later = chrono::Utc::now() + chrono::TimeDelta::seconds(5);
    let Outcome::Done(page) = desk.ask(later).await else { panic!("it was not looked at again") };
    assert_eq!(natives(&page), ["1"]);
    assert!(matches!(desk.ask(later).await, Outcome::Same));
    desk.append("jobs.jsonl", &format!("\n{}", line("2", "two")));
    assert_eq!(natives(&desk.page().await), ["2"]);
}

#[tokio::test]
async fn rotation_and_truncation_start_anew_and_known_lines_are_passed_over() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", &(line("1", "one") + &line("2", "two") + &line("3", "three")));
    assert_eq!(desk.page().await.items.len(), 3);
    desk.replace("jobs.jsonl", &(line("1", "one") + &line("2", "two, changed") + &line("4", "four")));
    let page = desk.page().await;
    assert_eq!((natives(&page), page.snapshot), (vec!["2", "4"], false));
    desk.write("jobs.jsonl", &line("5", "five"));
    assert_eq!(natives(&desk.page().await), ["5"]);
    // Written over in place, and longer than before.
    desk.write("jobs.jsonl", &(line("6", "six") + &line("5", "five") + &line("1", "one") + &line("2", "two")));
    assert_eq!(natives(&desk.page().await), ["6", "2"], "an older line of a job is a change too");
    fs::remove_file(desk.path("jobs.jsonl")).unwrap();
    assert!(desk.is_same().await);
    desk.write("jobs.jsonl", &line("7", "seven"));
    assert_eq!(natives(&desk.page().await), ["7"]);
}

#[tokio::test]
async fn a_whole_list_says_what_is_gone() {
    let mut desk = Desk::at("jobs.jsonl");
    let whole = "{\"whole\": true}\n";
    desk.write("jobs.jsonl", &(whole.to_owned() + &line("1", "one") + &line("2", "two")));
    let page = desk.page().await;
    assert_eq!((natives(&page), page.snapshot, page.same.len()), (vec!["1", "2"], true, 0));
    desk.replace("jobs.jsonl", &(whole.to_owned() + &line("2", "two") + &line("3", "three")));
    let page = desk.page().await;
    assert_eq!((natives(&page), page.snapshot), (vec!["3"], true));
    assert_eq!(page.same.iter().map(|key| key.native()).collect::<Vec<_>>(), ["2"]);
    desk.replace("jobs.jsonl", &(whole.to_owned() + &line("1", "one")));
    assert_eq!(natives(&desk.page().await), ["1"], "what comes back is news");
    desk.replace("jobs.jsonl", &(whole.to_owned() + "broken\n" + &line("1", "one")));
    assert!(!desk.page().await.snapshot, "what could not be read may be there");
    desk.append("jobs.jsonl", whole);
    assert!(desk.page().await.unmapped.iter().any(|told| told.as_str().contains("before the first job")));
}

#[tokio::test]
async fn large_files_come_in_pages() {
    let mut desk = Desk::at("jobs.jsonl");
    let text: String = (0..4500).map(|n| line(&n.to_string(), "t")).collect();
    desk.write("jobs.jsonl", &text);
    let mut sizes = Vec::new();
    loop {
        let page = desk.page().await;
        sizes.push(page.items.len());
        if !page.more {
            break;
        }
    }
    assert_eq!(sizes, [2000, 2000, 500]);
}

#[tokio::test]
async fn a_line_without_an_end_is_passed_over() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", &(line("1", "one") + "{\"id\":\"2\",\"title\":\"" + &"x".repeat(3 << 20)));
    let page = desk.page().await;
    assert_eq!(natives(&page), ["1"]);
    assert_eq!(page.unmapped[0].as_str(), "jobs.jsonl line 2: it is longer than 1 MiB");
    desk.append("jobs.jsonl", &"y".repeat(1 << 20));
    assert!(desk.page().await.items.is_empty());
    desk.append("jobs.jsonl", &format!("\"}}\n{}broken\n", line("3", "three")));
    let page = desk.page().await;
    assert_eq!(natives(&page), ["3"]);
    assert!(page.unmapped[0].as_str().starts_with("jobs.jsonl line 4,"), "{:?}", page.unmapped);
}

#[tokio::test]
async fn texts_that_try_something_are_shown_and_marked() {
    let mut desk = Desk::at("jobs.jsonl");
    desk.write("jobs.jsonl", "{\"id\":\"\\u001b]0;x\",\"title\":\"a\\u202eb\\u001b[31m\",\"tags\":[\"\\u200b\"]}\n");
    let page = desk.page().await;
    let job = &page.items[0];
    assert_eq!((job.key.as_str(), job.title.as_str(), job.suspicious), ("mine:^[]0;x", "a<RLO>b^[[31m", true));
    assert_eq!(job.tags[0].as_str(), "<ZWSP>");
}

#[tokio::test]
async fn what_is_not_there_yet_is_told_and_what_cannot_be_read_is_a_failure() {
    let mut desk = Desk::at("jobs.jsonl");
    let page = desk.page().await;
    assert!(page.items.is_empty() && page.unmapped[0].as_str().contains("nothing is at"), "{:?}", page.unmapped);
    desk.write("jobs.jsonl", &line("1", "one"));
    assert_eq!(natives(&desk.page().await), ["1"]);
    let mut pipe = Desk::at("pipe");
    std::process::Command::new("mkfifo").arg(pipe.path("pipe")).status().unwrap();
    let Outcome::Unreachable(failure) = pipe.ask(chrono::Utc::now()).await else { panic!("a pipe is no inbox") };
    assert!(failure.why.contains("neither a file nor a folder"), "{failure:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn changes_are_noticed_at_once() {
    let desk = Desk::at("jobs.jsonl");
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let platform = desk.platform.clone();
    let poke = move || {
        // The test may have ended.
        let _ = told.send(());
    };
    let task = tokio::spawn(async move { platform.watch(&poke).await });
    let mut news = async || tokio::time::timeout(crate::support::PATIENCE, heard.recv()).await.expect("no news").unwrap();
    news().await;
    desk.write("jobs.jsonl", &line("1", "one"));
    news().await;
    desk.append("jobs.jsonl", &line("2", "two"));
    news().await;
    desk.replace("jobs.jsonl", &line("3", "three"));
    news().await;
    desk.append("jobs.jsonl", &line("4", "four"));
    news().await;
    task.abort();
}
