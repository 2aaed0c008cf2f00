//! A failing must stands in the way of a delivery; a typed word overrides it, and the journal keeps that it did.

use juggler::domain::Text;
use juggler::domain::check::Verdict;
use juggler::engine::api::{Reply, Request, Terms};
use juggler::error::Class;

use crate::support::Stage;

async fn terms(stage: &Stage, id: &juggler::domain::AssignmentId) -> Terms {
    let Reply::Terms(terms) = stage.ask(Request::SubmitTerms { assignment: id.clone() }).await else { panic!() };
    terms
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_must_wants_the_typed_word_and_the_journal_keeps_it() {
    let mut stage = Stage::start(7).await;
    let view = stage.claim(|row| row.kind.as_str() == "tagline").await;
    let id = view.assignment.id.clone();
    let save = |text: &str| Request::SaveDraft {
        assignment: id.clone(),
        text: Text::own(text),
        files: Vec::new(),
        cause: Default::default(),
        origins: None,
    };
    stage.ask(save("1. one line only")).await;
    let Reply::Checked { findings, passes } = stage.ask(Request::Check { assignment: id.clone() }).await else { panic!() };
    assert!(!passes);
    let failing = findings.iter().filter(|f| f.verdict == Verdict::Fail).count();

    let asked = terms(&stage, &id).await;
    assert_eq!((asked.word.as_str(), asked.failing.len()), ("override", failing));
    assert!(asked.question.as_str().contains("although checks fail"), "{asked:?}");
    assert!(asked.warnings.iter().any(|w| w.as_str().contains("Check fails: ")), "{asked:?}");
    for word in ["", "yes", "overrid"] {
        let submit = Request::Submit { assignment: id.clone(), agreed: asked.digest.clone(), word: Text::title(word) };
        let failure = stage.try_ask(submit).await.unwrap_err();
        assert_eq!(failure.class, Class::Checks, "{word}: {failure:?}");
        assert!(failure.hint.contains("override"), "{failure:?}");
    }
    assert_eq!(stage.market.totals().submitted, 0);
    let Reply::Outbox { submissions } = stage.ask(Request::Outbox).await else { panic!() };
    assert!(submissions.is_empty(), "nothing was queued: {submissions:?}");

    // The word is for these very checks: with others failing the terms are others.
    stage.ask(save("1. one line only, and then a second sentence that runs on and on until nobody reads it")).await;
    let stale = Request::Submit { assignment: id.clone(), agreed: asked.digest, word: asked.word };
    assert_eq!(stage.try_ask(stale).await.unwrap_err().class, Class::Confirm);

    let again = terms(&stage, &id).await;
    let submit = Request::Submit { assignment: id.clone(), agreed: again.digest, word: Text::title(" Override ") };
    let Reply::Assignment(view) = stage.ask(submit).await else { panic!() };
    let kept = view.submission.unwrap().overridden.unwrap();
    assert_eq!(kept.failing, again.failing);

    // The journal is the truth: another engine reads the same.
    stage.restart().await;
    let view = stage.assignment(&id).await;
    assert_eq!(view.submission.unwrap().overridden.unwrap(), kept);
    let Reply::Peek(peek) = stage.ask(Request::Peek { key: view.assignment.job.key.clone() }).await else { panic!() };
    assert!(peek.history.iter().any(|(label, _)| label.as_str() == "override"), "{:?}", peek.history);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_passes_records_no_override_whatever_is_typed() {
    let stage = Stage::start(7).await;
    let view = stage.claim(|row| row.kind.as_str() == "tagline").await;
    let id = view.assignment.id.clone();
    stage.make(&id).await;
    let asked = terms(&stage, &id).await;
    assert!(asked.word.is_empty() && asked.failing.is_empty(), "{asked:?}");
    let submit = Request::Submit { assignment: id, agreed: asked.digest, word: "override".into() };
    let Reply::Assignment(view) = stage.ask(submit).await else { panic!() };
    assert_eq!(view.submission.unwrap().overridden, None);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hand_waits_for_its_checks_and_never_shows_those_of_an_older_draft_as_new() {
    let stage = Stage::start(7).await;
    let view = stage.claim(|row| row.kind.as_str() == "tagline").await;
    let id = view.assignment.id.clone();
    for n in 1..20 {
        let text: String = (0..n).map(|i| format!("{}. line number {i} of them\n", i + 1)).collect();
        let save = Request::SaveDraft {
            assignment: id.clone(),
            text: Text::own(&text),
            files: Vec::new(),
            cause: Default::default(),
            origins: None,
        };
        stage.ask(save).await;
        let Reply::Hand(hand) = stage.ask(Request::Hand).await else { panic!() };
        let item = hand.items.iter().find(|item| item.assignment.id == id).unwrap();
        assert!(!item.checking && !item.findings.is_empty(), "draft {n}: {} {:?}", item.checking, item.findings);
        let Reply::Checked { findings, .. } = stage.ask(Request::Check { assignment: id.clone() }).await else { panic!() };
        assert_eq!(item.findings, findings, "draft {n}");
    }
    stage.end().await;
}
