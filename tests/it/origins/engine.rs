//! What front ends claim, what the engine makes of it, and what goes with a delivery.

use juggler::domain::draft::{Cause, Draft, FileItem};
use juggler::domain::origin::{Origin, Origins, Statement};
use juggler::domain::{AiRule, AssignmentId, Text};
use juggler::engine::api::{Reply, Request, Terms};

use crate::support::Stage;

fn ai() -> Origin {
    Origin::Ai { call: Text::title("c1") }
}

async fn save(stage: &Stage, id: &AssignmentId, text: &str, cause: Cause, origins: Option<Origins>) -> Draft {
    let request = Request::SaveDraft { assignment: id.clone(), text: Text::own(text), files: Vec::new(), cause, origins };
    match stage.ask(request).await {
        Reply::Saved { draft, .. } => *draft,
        other => panic!("{other:?}"),
    }
}

async fn terms(stage: &Stage, id: &AssignmentId) -> Terms {
    match stage.ask(Request::SubmitTerms { assignment: id.clone() }).await {
        Reply::Terms(terms) => terms,
        other => panic!("{other:?}"),
    }
}

fn line<'a>(terms: &'a Terms, label: &str) -> Option<&'a str> {
    terms.lines.iter().find(|(name, _)| name.as_str() == label).map(|(_, value)| value.as_str())
}

fn words(draft: &Draft) -> Vec<(&str, &'static str)> {
    let text = draft.text.as_str();
    let origins = draft.origins.as_ref().expect("kept with the version");
    origins.runs().map(|(run, origin)| (&text[run], origin.word())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_held_against_the_text_and_survives_a_restart() {
    let mut stage = Stage::start(31).await;
    let id = stage.claim(|row| row.kind.as_str() != "art").await.assignment.id;
    let draft = save(&stage, &id, "half of it", Cause::Typed, Some(Origins::whole(4, Origin::Typed))).await;
    assert_eq!(words(&draft), [("half", "typed"), (" of it", "external")], "what the claim leaves open is unknown");
    let draft = save(&stage, &id, "half of it", Cause::Typed, Some(Origins::whole(40, Origin::Typed))).await;
    assert_eq!((draft.version, words(&draft)), (2, vec![("half of it", "external")]), "a claim about another text is none");

    let made = Origins::from(vec![(6, Origin::Typed), (20, ai())]);
    let text = "Mine.\nThe AI wrote this.\n";
    let draft = save(&stage, &id, text, Cause::Typed, Some(made)).await;
    assert_eq!(words(&draft), [(text, "external")], "one byte too many");
    let made = Origins::from(vec![(6, Origin::Typed), (19, ai())]);
    let draft = save(&stage, &id, text, Cause::Typed, Some(made.clone())).await;
    assert_eq!((draft.origins, draft.assisted), (Some(made.clone()), true));
    stage.restart().await;
    assert_eq!(stage.assignment(&id).await.draft.unwrap().origins, Some(made), "and after a restart");

    // A front end that tells no more than how it came to be: what is new came that way.
    let draft = save(&stage, &id, "Mine.\nFrom a file.\nThe AI wrote this.\n", Cause::File, None).await;
    assert_eq!(words(&draft), [("Mine.\n", "typed"), ("From a file.\n", "external"), ("The AI wrote this.\n", "ai")]);
    let draft = save(&stage, &id, "Typed anew by hand.", Cause::Typed, None).await;
    assert_eq!(words(&draft), [("Typed anew by hand.", "typed")]);
    assert!(draft.assisted && draft.made().statement() == Statement::Assisted, "an AI helped, though none of its words is left");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_says_how_it_was_made_where_the_job_asks() {
    let stage = Stage::start(32).await;
    let id = stage.claim(|row| row.ai == AiRule::Disclose && row.kind.as_str() != "art").await.assignment.id;
    let text = "Ten words.";
    let of = |runs: &[(usize, Origin)]| Some(Origins::from(runs.to_vec()));

    save(&stage, &id, text, Cause::Typed, of(&[(10, Origin::Typed)])).await;
    let said = terms(&stage, &id).await;
    assert_eq!((line(&said, "made"), line(&said, "disclosed")), (Some("100 % typed"), Some("I wrote this myself, without AI.")));
    let first = said.digest;

    save(&stage, &id, text, Cause::Typed, of(&[(5, Origin::Typed), (5, Origin::Pasted)])).await;
    let said = terms(&stage, &id).await;
    assert_eq!(line(&said, "made"), Some("50 % typed, 50 % unknown (pasted or from outside)"));
    assert_eq!(line(&said, "disclosed"), None, "nothing is said about what is not known");
    assert!(said.warnings.iter().any(|words| words.as_str().contains("50 % was pasted") && words.as_str().contains(":declare")));
    assert_ne!(said.digest, first, "other terms");

    save(&stage, &id, text, Cause::Typed, of(&[(5, Origin::Typed), (5, Origin::Declared)])).await;
    let said = terms(&stage, &id).await;
    assert_eq!(line(&said, "made"), Some("50 % typed, 50 % declared own"));
    assert_eq!(line(&said, "disclosed"), Some("I wrote this myself, without AI."), "the person's own statement");

    save(&stage, &id, text, Cause::Typed, of(&[(8, Origin::Typed), (2, ai())])).await;
    let said = terms(&stage, &id).await;
    let words = "Written with the help of AI: about 20 % of the text is as the AI wrote it.";
    assert_eq!((line(&said, "made"), line(&said, "disclosed")), (Some("80 % typed, 20 % AI"), Some(words)));

    save(&stage, &id, text, Cause::Typed, of(&[(2, Origin::Typed), (8, ai())])).await;
    let said = terms(&stage, &id).await;
    let words = "Generated with AI, then edited: about 80 % of the text is as the AI wrote it.";
    assert_eq!(line(&said, "disclosed"), Some(words));
    stage.ask(Request::Submit { assignment: id.clone(), agreed: said.digest, word: said.word }).await;
    assert_eq!(stage.assignment(&id).await.submission.unwrap().disclosure.as_str(), words, "and it goes along");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_ai_is_allowed_its_words_are_not_delivered_and_where_nobody_asks_nothing_is_said() {
    let stage = Stage::start(33).await;
    let id = stage.claim(|row| row.ai == AiRule::HumanOnly && row.kind.as_str() != "art").await.assignment.id;
    let made = Origins::from(vec![(5, Origin::Typed), (5, ai())]);
    save(&stage, &id, "Ten words.", Cause::Typed, Some(made)).await;
    let warned = |said: &Terms, words: &str| said.warnings.iter().any(|warning| warning.as_str().contains(words));
    let refused = stage.try_ask(Request::SubmitTerms { assignment: id.clone() }).await.unwrap_err();
    assert!(refused.why.contains("5 characters (50 %) of it are as an AI wrote them"), "{refused:?}");
    save(&stage, &id, "Ten others", Cause::Typed, Some(Origins::whole(10, Origin::Typed))).await;
    assert!(warned(&terms(&stage, &id).await, "an AI made part of an earlier version"));

    // A picture of an AI's stays one, whatever a front end says of it later.
    let file = |origin| FileItem {
        name: Text::title("cup.png"),
        path: "/nowhere/cup.png".into(),
        size: 9,
        sha256: "ab".repeat(32),
        facts: Default::default(),
        origin,
    };
    let with = |origin| Request::SaveDraft {
        assignment: id.clone(),
        text: Text::own("Ten others"),
        files: vec![file(origin)],
        cause: Cause::File,
        origins: Some(Origins::whole(10, Origin::Typed)),
    };
    stage.ask(with(ai())).await;
    let Reply::Saved { draft, .. } = stage.ask(with(Origin::Declared)).await else { panic!() };
    assert_eq!(draft.files[0].origin, ai());
    let refused = stage.try_ask(Request::SubmitTerms { assignment: id.clone() }).await.unwrap_err();
    assert!(
        refused.why.contains("1 of its files was made by an AI") && refused.hint.contains("take those files out"),
        "{refused:?}"
    );

    let id = stage.claim(|row| row.ai == AiRule::Allowed && row.kind.as_str() != "art").await.assignment.id;
    save(&stage, &id, "Ten words.", Cause::File, None).await;
    let said = terms(&stage, &id).await;
    assert_eq!((line(&said, "disclosed"), warned(&said, "AI")), (None, false), "{said:?}");
    stage.end().await;
}
