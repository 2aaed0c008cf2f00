//! From delivery to money.

use std::collections::BTreeMap;

use juggler::domain::{Asset, Money};
use juggler::market::Options;
use serde_json::{Value, json};

use super::talker::{Talker, by_id, id, quick};

fn cents(value: &Value) -> i64 {
    Money::parse(value.as_str().unwrap(), Asset::USD).unwrap().minor
}

#[tokio::test]
async fn work_is_judged_and_paid_and_every_sum_agrees() {
    let talker = Talker::start(Options { jobs: 900, speed: 20_000, ..quick(21) }).await;
    let jobs: Vec<Value> = talker.easy().await.into_iter().take(60).collect();
    let mut mine = Vec::new();
    for job in &jobs {
        mine.push((talker.claim(job).await, talker.good_work(job).await));
    }
    let mut sent = 0;
    for (assignment, work) in &mine {
        assert_eq!(talker.submit(assignment, &format!("{assignment}-1"), work).await.status, 201);
        sent += 1;
    }
    let (mut approved, mut rejected, mut revisions) = (0, 0, 0);
    for (assignment, work) in &mine {
        for round in 2.. {
            let now = talker.until(assignment, &["approved", "paid", "rejected", "revision_requested"]).await;
            match now["status"].as_str().unwrap() {
                "revision_requested" => {
                    assert_ne!(now["feedback"], "", "a revision has a reason");
                    assert!(now["deadline"].as_str() > now["updated_at"].as_str(), "and time to do it");
                    assert_eq!(talker.submit(assignment, &format!("{assignment}-{round}"), work).await.status, 201);
                    (sent, revisions) = (sent + 1, revisions + 1);
                }
                "rejected" => {
                    assert_ne!(now["feedback"], "", "a rejection has a reason");
                    rejected += 1;
                    break;
                }
                _ => {
                    approved += 1;
                    break;
                }
            }
        }
    }
    assert!(approved > 30 && revisions > 0, "{approved} approved, {rejected} rejected, {revisions} revisions");

    // Payments are followed by their cursor only, until nothing but what never comes is left.
    let mut payments: BTreeMap<String, Value> = BTreeMap::new();
    let mut cursor = String::new();
    let mut seen_again = 0_u32;
    loop {
        let page = talker.get(&format!("/v1/payments?limit=3&cursor={cursor}")).await.body;
        for payment in page["payments"].as_array().unwrap() {
            assert_eq!(cents(&payment["gross"]) - cents(&payment["fee"]), cents(&payment["net"]));
            assert_eq!(payment["paid_at"].is_string(), payment["status"] == "paid");
            seen_again += u32::from(payments.insert(id(payment).to_owned(), payment.clone()).is_some());
        }
        cursor = page["next_cursor"].as_str().unwrap().to_owned();
        // The first step comes within six scaled hours times five times a tenth; what has not moved by then never will.
        let late = (chrono::Utc::now() - chrono::TimeDelta::seconds(3)).to_rfc3339();
        let settled = |p: &Value| match p["status"].as_str().unwrap() {
            "paid" | "failed" => true,
            "expected" => p["created_at"].as_str().unwrap() < &*late,
            _ => false,
        };
        if page["has_more"] == false && payments.len() >= approved && payments.values().all(settled) {
            break;
        }
    }
    assert!(seen_again > 0, "payments come again when they change");
    assert_eq!(payments, by_id(&talker.all("/v1/payments", "payments").await), "the cursor missed nothing");
    let sum = |field: &str, of: &[&str]| -> i64 {
        payments.values().filter(|p| of.contains(&p["status"].as_str().unwrap())).map(|p| cents(&p[field])).sum()
    };
    let totals = talker.market.totals();
    assert_eq!(
        (totals.submitted, totals.approved, totals.rejected, totals.revisions),
        (sent, approved as u64, rejected, revisions)
    );
    assert_eq!(totals.paid_gross, sum("gross", &["paid"]));
    assert_eq!(totals.paid_fee, sum("fee", &["paid"]));
    assert_eq!(totals.paid_net, totals.paid_gross - totals.paid_fee);
    assert_eq!(totals.due_net, sum("net", &["expected", "held", "disbursing"]));
    assert_eq!(totals.failed_net, sum("net", &["failed"]));
    let bonuses: i64 =
        payments.values().filter(|p| p["kind"] == "bonus" && p["status"] == "paid").map(|p| cents(&p["gross"])).sum();
    assert_eq!(totals.bonus_gross, bonuses);
    let told = &talker.get("/v1/me").await.body["totals"];
    for (name, value) in [
        ("paid_gross", totals.paid_gross),
        ("paid_fee", totals.paid_fee),
        ("paid_net", totals.paid_net),
        ("bonus_gross", totals.bonus_gross),
        ("due_net", totals.due_net),
    ] {
        assert_eq!(cents(&told[name]), value, "{name}");
    }
    // What is paid says so on its assignment, and what was promised was paid.
    for payment in payments.values().filter(|p| p["kind"] == "reward") {
        let assignment = talker.assignment(payment["assignment_id"].as_str().unwrap()).await;
        assert_eq!(assignment["status"] == "paid", payment["status"] == "paid");
        assert_eq!(cents(&assignment["reward"]["amount"]), cents(&payment["gross"]));
    }
    talker.market.stop().await;
}

#[tokio::test]
async fn work_that_fails_its_checks_comes_back_with_the_findings_and_is_refused_the_second_time() {
    let talker = Talker::start(quick(22)).await;
    let job = talker.easy().await[0].clone();
    let mine = talker.claim(&job).await;
    talker.submit(&mine, "k1", &json!({ "text": "no idea" })).await;
    let back = talker.until(&mine, &["revision_requested", "approved", "paid", "rejected"]).await;
    assert_eq!(back["status"], "revision_requested");
    assert!(!back["feedback"].as_str().unwrap().is_empty());
    assert_eq!(
        talker.submit(&mine, "k1", &json!({ "text": "no idea" })).await.status,
        200,
        "the first delivery again, no effect"
    );
    assert_eq!(talker.market.effects(&mine), 1);
    talker.submit(&mine, "k2", &json!({ "text": "still none" })).await;
    let over = talker.until(&mine, &["revision_requested", "approved", "paid", "rejected"]).await;
    assert_eq!(over["status"], "rejected");
    let left = talker.get(&format!("/v1/jobs/{}", id(&job))).await.body;
    assert_eq!(left["slots_left"], job["slots_left"], "the place is free again");
    talker.market.stop().await;
}
