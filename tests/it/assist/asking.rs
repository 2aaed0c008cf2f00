//! Assistants at work on a claimed job: from the wish to words, cost and journal.

use juggler::config::{AssistantConfig, AssistantKind};
use juggler::domain::ai::{Action, AiRule, Ended, Place, Wish};
use juggler::domain::draft::Cause;
use juggler::domain::origin::Origins;
use juggler::domain::spend::short;
use juggler::domain::{AssignmentId, Money, Origin, Text};
use juggler::engine::Polling;
use juggler::engine::api::{Asking, AssistDesk, Reply, Request, Said};
use juggler::error::{Class, Failure};
use serde_json::{Value, json};

use super::stand_in::{delta, openai};
use super::{Script, StandIn, Step, assistant};
use crate::support::Stage;

/// An engine with these assistants.
pub async fn stage(assistants: Vec<AssistantConfig>) -> Stage {
    Stage::set(Stage::options(7), Polling::Always, |config| config.assistants = assistants).await
}

pub fn named(name: &str, server: &StandIn) -> AssistantConfig {
    AssistantConfig { name: name.to_owned(), ..assistant(AssistantKind::OpenAi, server) }
}

/// A claimed job of a kind whose rule for AI is one of these.
pub async fn claimed(stage: &Stage, kind: &str, rules: &[AiRule]) -> AssignmentId {
    stage.claim(|row| row.kind.as_str() == kind && rules.contains(&row.ai)).await.assignment.id
}

pub async fn asked(stage: &Stage, id: &AssignmentId, wish: Wish) -> Result<Asking, Failure> {
    match stage.try_ask(Request::Assist { assignment: id.clone(), wish, agreed: None }).await? {
        Reply::Asking(asking) => Ok(asking),
        other => panic!("{other:?}"),
    }
}

/// All that a column says, and in how many replies it came.
pub async fn whole(stage: &Stage, column: &Text) -> (Said, usize) {
    let (mut edition, mut text, mut replies) = (0, String::new(), 0);
    loop {
        let request = Request::AssistText { column: column.clone(), edition, seen: text.len() };
        let Reply::Said(said) = stage.ask(request).await else { panic!() };
        text.truncate(said.from);
        text.push_str(said.text.as_str());
        (edition, replies) = (said.edition, replies + 1);
        if said.ended.is_some() {
            return (Said { text: Text::own(&text), ..*said }, replies);
        }
    }
}

pub async fn desk(stage: &Stage, id: &AssignmentId) -> AssistDesk {
    match stage.ask(Request::AssistDesk { assignment: id.clone() }).await {
        Reply::AssistDesk(desk) => *desk,
        other => panic!("{other:?}"),
    }
}

pub async fn save(stage: &Stage, id: &AssignmentId, text: &str) {
    let (text, files) = (Text::own(text), Vec::new());
    stage.ask(Request::SaveDraft { assignment: id.clone(), text, files, cause: Cause::Typed, origins: None }).await;
}

/// Answers with JSON of so many items.
fn items(n: usize) -> Script {
    let lines: Vec<String> = (1..=n).map(|n| format!("Line {n} of the harbour")).collect();
    let whole = json!({ "items": lines }).to_string();
    let parts: Vec<&str> = whole.as_bytes().chunks(7).map(|part| std::str::from_utf8(part).unwrap()).collect();
    Script::events(&openai(&parts))
}

/// How many items a question wants, by the prompt.
fn wanted(body: &Value) -> usize {
    let text = body["messages"].to_string();
    let at = text.find("Write exactly ").expect("a number of items") + 14;
    text[at..].split(' ').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_comes_in_pieces_with_its_cost_and_what_is_left_of_the_pay() {
    let server = StandIn::serve(|request| items(wanted(&request.body())));
    let stage = stage(vec![named("cloud", &server)]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    let asking = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap();
    assert_eq!((asking.place, asking.template.as_str(), asking.columns.len()), (Place::Whole, "lines", 1));
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    assert_eq!(said.ended, Some(Ended::Done), "{said:?}");
    assert!(said.text.as_str().starts_with("Line 1 of the harbour\nLine 2"), "{said:?}");
    // The brief goes along as quoted data, and a schema with it; no tools, no key, nothing of other jobs.
    let body = &server.bodies()[0];
    assert!(body["messages"][1]["content"].as_str().unwrap().contains("<<<") && body.get("tools").is_none(), "{body}");
    assert_eq!(body["response_format"]["json_schema"]["schema"]["required"], json!(["items"]));
    // 40 tokens in, 8 of them remembered, 6 out: (32 × 2.50 + 8 × 1.25 + 6 × 10) / 10^6.
    assert_eq!(short(said.spent.cost.unwrap().money), "$0.00015");
    let desk = desk(&stage, &id).await;
    assert_eq!(desk.spending.job.words(), "$0.00015");
    assert_eq!((desk.calls.len(), desk.calls[0].call.ended, desk.calls[0].kept), (1, Some(Ended::Done), true));
    let record = &desk.actions.iter().find(|view| view.action == Action::Draft).unwrap().templates[0];
    assert_eq!((record.uses, record.cost.as_str()), (1, "$0.00015"));
    // What is submitted says what it cost.
    let origins = Origins::whole(said.text.as_str().len(), Origin::Ai { call: said.call.clone() });
    let (text, files) = (said.text.clone(), Vec::new());
    let save = Request::SaveDraft { assignment: id.clone(), text, files, cause: Cause::Assistant, origins: Some(origins) };
    stage.ask(save).await;
    let Reply::Terms(terms) = stage.ask(Request::SubmitTerms { assignment: id.clone() }).await else { panic!() };
    let line = |label: &str| terms.lines.iter().find(|(name, _)| name.as_str() == label).map(|(_, value)| value.to_string());
    assert_eq!(line("assistant").as_deref(), Some("$0.00015 in 1 call"));
    let view = stage.assignment(&id).await;
    let pay = view.assignment.job.reward.net().unwrap();
    // $0.00015 of it went: shown to a hundredth of a cent.
    let left = Money::new(pay.minor * 100 - 2, juggler::domain::Asset::new("USD", Some(4)).unwrap());
    assert_eq!(line("net pay"), Some(format!("{} after fee and assistants", short(left))));
    assert!(line("made").is_some_and(|words| words.contains("AI")), "{terms:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_asked_for_is_asked_for_again_twice_and_no_more() {
    let server = StandIn::serve(|_| items(1));
    let stage = stage(vec![named("cloud", &server)]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    let asking = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap();
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    assert!(said.ended == Some(Ended::Unfit) && said.note.as_str().contains("it has 1 items"), "{said:?}");
    // What came stays, and every try is in the account.
    assert_eq!(said.text.as_str(), "Line 1 of the harbour");
    let bodies = server.bodies();
    assert_eq!(bodies.len(), 3);
    let again = bodies[1]["messages"][1]["content"].as_str().unwrap();
    assert!(again.contains("cannot be used: it has 1 items") && again.contains("Line 1 of the harbour"), "{again}");
    let desk = desk(&stage, &id).await;
    assert_eq!((desk.calls.len(), desk.spending.job.words().as_str()), (3, "$0.00045"));
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_stopped_is_hung_up_on_and_what_came_is_kept_over_a_restart() {
    let words = [
        delta(json!({ "role": "assistant", "content": "Salt, " }), Value::Null),
        delta(json!({ "content": "wind" }), Value::Null),
    ];
    let server = StandIn::always(Script::events(&words).then(Step::Hold));
    let mut stage = stage(vec![named("cloud", &server)]).await;
    let id = claimed(&stage, "script", &[AiRule::Allowed, AiRule::Disclose]).await;
    let first = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap().columns[0].clone();
    let shown = async |column: &Text, wanted: usize| {
        let mut text = String::new();
        while text.len() < wanted {
            let request = Request::AssistText { column: column.clone(), edition: 0, seen: text.len() };
            let Reply::Said(said) = stage.ask(request).await else { panic!() };
            assert_eq!(said.ended, None);
            text.push_str(said.text.as_str());
        }
        text
    };
    assert_eq!(shown(&first, 10).await, "Salt, wind");
    stage.ask(Request::AssistStop { column: first.clone() }).await;
    server.wait_gone(1).await;
    let (said, _) = whole(&stage, &first).await;
    assert_eq!((said.ended, said.text.as_str()), (Some(Ended::Stopped), "Salt, wind"));
    assert!(said.spent.cost.unwrap().to_string().starts_with('~'), "{:?}", said.spent);
    // The engine ends in the middle of another one.
    let second = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap().columns[0].clone();
    shown(&second, 10).await;
    stage.restart().await;
    server.wait_gone(2).await;
    let desk = desk(&stage, &id).await;
    assert_eq!(desk.calls.iter().map(|view| view.call.ended).collect::<Vec<_>>(), [Some(Ended::Stopped); 2]);
    assert!(desk.spending.job.words().starts_with('~'));
    let (said, _) = whole(&stage, &second).await;
    assert_eq!(said.text.as_str(), "Salt, wind");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alternatives_come_side_by_side_in_an_order_that_tells_nothing() {
    let server = StandIn::serve(|request| items(wanted(&request.body())));
    let two = StandIn::serve(|request| items(wanted(&request.body())));
    let stage = stage(vec![named("one", &server), named("two", &two)]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    let mut orders = std::collections::BTreeSet::new();
    for _ in 0..12 {
        let wish =
            Wish { assistants: vec![Text::title("one"), Text::title("two")], count: Some(2), ..Wish::of(Action::Alternatives) };
        let asking = asked(&stage, &id, wish).await.unwrap();
        let mut order = Vec::new();
        for column in &asking.columns {
            let (said, _) = whole(&stage, column).await;
            assert_eq!(said.ended, Some(Ended::Done));
            order.push(said.spent.assistant);
        }
        orders.insert(order);
    }
    assert_eq!(orders.len(), 2, "{orders:?}");
    // One assistant is asked at several temperatures.
    let wish = Wish { assistants: vec![Text::title("one")], count: Some(3), ..Wish::of(Action::Alternatives) };
    let before = server.bodies().len();
    for column in &asked(&stage, &id, wish).await.unwrap().columns {
        whole(&stage, column).await;
    }
    let mut heats: Vec<String> = server.bodies()[before..].iter().map(|body| body["temperature"].to_string()).collect();
    heats.sort();
    assert_eq!(heats, ["0.4", "0.7", "1.0"]);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_reworked_with_the_draft_around_it_and_findings_are_mended() {
    let server = StandIn::always(Script::events(&openai(&["A calmer ", "second line"])));
    let stage = stage(vec![named("cloud", &server)]).await;
    let id = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose, AiRule::AssistOnly]).await;
    save(&stage, &id, "First line\nSecond line!!!\nThird").await;
    let rewrite = Wish { selection: Some((11, 25)), instruction: Text::title("calmer"), ..Wish::of(Action::Rewrite) };
    let asking = asked(&stage, &id, rewrite).await.unwrap();
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    let put = asking.place.put(asking.draft.as_str(), said.text.as_str()).unwrap();
    assert_eq!(put, "First line\nA calmer second line\nThird");
    let sent = server.bodies()[0]["messages"][1]["content"].as_str().unwrap().to_owned();
    assert!(sent.contains("<<<selection ") && sent.contains("\nSecond line!!!\n") && sent.contains("calmer"), "{sent}");
    // What the person has to say is asked for, and nothing goes out without it.
    let none = asked(&stage, &id, Wish::of(Action::Tone)).await.unwrap_err();
    assert_eq!((none.class, none.what.as_str()), (Class::Usage, "in which tone?"));
    let mended = asked(&stage, &id, Wish::of(Action::Pass)).await.unwrap();
    whole(&stage, &mended.columns[0]).await;
    let bodies = server.bodies();
    assert!(bodies.len() == 2 && bodies[1]["messages"][1]["content"].as_str().unwrap().contains("<<<findings "), "{bodies:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn caps_hold_before_anything_is_sent() {
    let server = StandIn::always(Script::events(&openai(&["text"])));
    let cents = |minor| Some(Money::new(minor, juggler::domain::Asset::USD));
    let stage = Stage::set(Stage::options(7), Polling::Always, |config| {
        config.assistants = vec![named("cloud", &server)];
        config.ai_caps.job = cents(2);
    })
    .await;
    let id = claimed(&stage, "script", &[AiRule::Allowed, AiRule::Disclose]).await;
    let asking = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap();
    whole(&stage, &asking.columns[0]).await;
    // 4,096 tokens would be four cents: fewer may come back, and it is told.
    assert!(server.bodies()[0]["max_tokens"].as_u64().unwrap() < 2_000);
    assert!(asking.sent.iter().any(|part| part.as_str().contains("caps")), "{asking:?}");
    stage.end().await;
    let stage = Stage::set(Stage::options(7), Polling::Always, |config| {
        config.assistants = vec![named("cloud", &server)];
        config.ai_caps.day = cents(0);
    })
    .await;
    let id = claimed(&stage, "script", &[AiRule::Allowed, AiRule::Disclose]).await;
    let refused = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap_err();
    assert!(
        refused.class == Class::Refused && refused.why.contains("for today") && refused.hint.contains("cap_day"),
        "{refused:?}"
    );
    assert_eq!(server.bodies().len(), 1);
    assert!(desk(&stage, &id).await.calls.is_empty());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_machine_is_agreed_to_once_and_what_is_dear_is_told() {
    let server = StandIn::always(Script::events(&openai(&["text"])));
    // A name that nobody has: the terms come before anything is tried.
    let far = AssistantConfig { base_url: "https://assistant.invalid/v1".to_owned(), ..named("far", &server) };
    let mut dear = named("dear", &server);
    dear.tariff = dear
        .tariff
        .map(|tariff| juggler::domain::spend::Tariff { output: Money::new(900_000_000_000, tariff.output.asset), ..tariff });
    dear.max_output = 1_000;
    let stage = stage(vec![far, dear]).await;
    let id = claimed(&stage, "script", &[AiRule::Allowed, AiRule::Disclose]).await;
    let ask = async |name: &str, agreed: Option<String>| {
        let wish = Wish { assistants: vec![Text::title(name)], ..Wish::of(Action::Draft) };
        stage.ask(Request::Assist { assignment: id.clone(), wish, agreed }).await
    };
    let Reply::Terms(terms) = ask("far", None).await else { panic!() };
    let told = format!("{:?} {:?}", terms.lines, terms.warnings);
    assert!(told.contains("assistant.invalid") && told.contains("brief, demands") && told.contains("asked once"), "{told}");
    assert!(desk(&stage, &id).await.calls.is_empty());
    let Reply::Terms(_) = ask("far", Some("something else".to_owned())).await else { panic!() };
    let Reply::Asking(asking) = ask("far", Some(terms.digest)).await else { panic!() };
    let (said, _) = whole(&stage, &asking.columns[0]).await;
    assert!(said.ended == Some(Ended::Failed) && said.note.as_str().contains("cannot be reached"), "{said:?}");
    // Nothing was taken, so nothing is owed.
    assert_eq!(desk(&stage, &id).await.spending.job.words(), "");
    let Reply::Asking(_) = ask("far", None).await else { panic!("it was agreed to") };
    let Reply::Terms(terms) = ask("dear", None).await else { panic!() };
    assert!(terms.warnings.iter().any(|line| line.as_str().contains("more than a tenth")), "{terms:?}");
    assert!(server.bodies().is_empty());
    stage.end().await;
}
