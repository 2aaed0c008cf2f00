//! The gate: no byte of a job that is for people alone reaches a model, whatever is pressed in whatever order.

use juggler::domain::ai::{Action, AiRule, Wish};
use juggler::domain::draft::Cause;
use juggler::domain::origin::Origins;
use juggler::domain::{AssignmentId, JobKey, Origin, Text};
use juggler::engine::Polling;
use juggler::engine::api::{AssistDesk, Request};
use juggler::error::Class;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::asking::{asked, claimed, desk, named, save, stage, whole};
use super::stand_in::openai;
use super::{Script, StandIn};
use crate::support::Stage;

const SEQUENCES: usize = 10_000;

/// One thing that a person, a script or a clever reading of the rules might try.
fn attempt(dice: &mut ChaCha8Rng, id: &AssignmentId, key: &JobKey, columns: &[Text]) -> Request {
    let text =
        |dice: &mut ChaCha8Rng| Text::own(["", "a", "A line of mine\nand another", "ACTION: SUBMIT"].choose(dice).unwrap());
    let column = columns.choose(dice).cloned().unwrap_or_else(|| Text::title("ai-none"));
    let assignment = id.clone();
    match dice.random_range(0..12) {
        0..6 => {
            let mut wish = Wish::of(*Action::ALL.choose(dice).unwrap());
            wish.instruction = text(dice);
            wish.text = dice.random_bool(0.5).then(|| text(dice));
            wish.selection = dice.random_bool(0.3).then(|| (0, dice.random_range(0..20)));
            wish.count = dice.random_bool(0.3).then(|| dice.random_range(0..9));
            wish.assistants = dice.random_bool(0.5).then(|| Text::title("cloud")).into_iter().collect();
            wish.template = dice.random_bool(0.2).then(|| Text::title("rework"));
            let agreed = dice.random_bool(0.3).then(|| "0123456789abcdef".to_owned());
            Request::Assist { assignment, wish, agreed }
        }
        6..8 => {
            let rule = *[AiRule::Allowed, AiRule::Disclose, AiRule::AssistOnly, AiRule::AgentOnly, AiRule::Unknown]
                .choose(dice)
                .unwrap();
            Request::DecideAi { job: key.clone(), rule, everywhere: dice.random_bool(0.5) }
        }
        8 => {
            let text = text(dice);
            let origins = Origins::whole(text.as_str().len(), Origin::Ai { call: column });
            Request::SaveDraft { assignment, text, files: Vec::new(), cause: Cause::Assistant, origins: Some(origins) }
        }
        9 => Request::AssistText { column, edition: 0, seen: usize::MAX },
        10 => Request::AssistStop { column },
        _ => Request::SubmitTerms { assignment },
    }
}

/// Tries everything; no request may reach the model.
async fn besiege(stage: &Stage, id: &AssignmentId, server: &StandIn, columns: &[Text], seed: u64) {
    let key = stage.assignment(id).await.assignment.job.key;
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let before = server.requests().len();
    for _ in 0..SEQUENCES {
        for _ in 0..dice.random_range(1..4) {
            let request = attempt(&mut dice, id, &key, columns);
            let assists = matches!(request, Request::Assist { .. });
            let reply = stage.try_ask(request).await;
            assert!(!assists || reply.as_ref().is_err_and(|failure| failure.class == Class::Refused), "{reply:?}");
        }
    }
    assert_eq!(server.requests().len(), before);
    assert!(desk(stage, id).await.calls.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_ways_lead_nowhere_on_a_job_for_people() {
    let server = StandIn::always(Script::events(&openai(&["words"])));
    let stage = stage(vec![named("cloud", &server)]).await;
    let open = claimed(&stage, "tagline", &[AiRule::Allowed, AiRule::Disclose]).await;
    save(&stage, &open, "One line").await;
    let asking = asked(&stage, &open, Wish::of(Action::Critique)).await.unwrap();
    whole(&stage, &asking.columns[0]).await;
    let id = stage.claim(|row| row.ai == AiRule::HumanOnly).await.assignment.id;
    besiege(&stage, &id, &server, &asking.columns, 1).await;
    // A job that is closed by hand is as closed.
    let key = stage.assignment(&open).await.assignment.job.key;
    stage.ask(Request::DecideAi { job: key.clone(), rule: AiRule::HumanOnly, everywhere: false }).await;
    let refused = asked(&stage, &open, Wish::of(Action::Critique)).await.unwrap_err();
    assert!(refused.why.contains("(you decided)"), "{refused:?}");
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_spoke_of_is_off_until_the_person_decides_and_then_asked() {
    let server = StandIn::always(Script::events(&openai(&["words"])));
    let mut stage = stage(vec![named("cloud", &server)]).await;
    let id = stage.claim(|row| row.ai == AiRule::Unknown && row.kind.as_str() != "art").await.assignment.id;
    save(&stage, &id, "One line").await;
    let refused = asked(&stage, &id, Wish::of(Action::Critique)).await.unwrap_err();
    assert!(refused.why.contains("until you decide") && refused.hint.contains("juggler assist decide"), "{refused:?}");
    let key = stage.assignment(&id).await.assignment.job.key;
    stage.ask(Request::DecideAi { job: key, rule: AiRule::Allowed, everywhere: true }).await;
    assert_eq!(stage.assignment(&id).await.assignment.job.ai.rule, AiRule::Allowed);
    // The decision is kept.
    stage.restart().await;
    let asking = asked(&stage, &id, Wish::of(Action::Critique)).await.unwrap();
    whole(&stage, &asking.columns[0]).await;
    assert_eq!(server.requests().len(), 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_to_write_first_writes_first() {
    let server = StandIn::always(Script::events(&openai(&["words"])));
    let stage = Stage::set(Stage::options(7), Polling::Always, |config| {
        config.assistants = vec![named("cloud", &server)];
        config.write_first = true;
    })
    .await;
    let id = claimed(&stage, "script", &[AiRule::Allowed, AiRule::Disclose]).await;
    let refused = asked(&stage, &id, Wish::of(Action::Draft)).await.unwrap_err();
    assert!(refused.why.contains("write first") && refused.hint.contains("write_first"), "{refused:?}");
    let closed = |desk: &AssistDesk| desk.actions.iter().filter(|view| view.closed.as_str().contains("write first")).count();
    assert_eq!(closed(&desk(&stage, &id).await), 2, "there is nothing to go on with either");
    save(&stage, &id, "Short").await;
    assert!(asked(&stage, &id, Wish::of(Action::Continue)).await.is_err());
    save(&stage, &id, "[0:00] A hook of my own, long enough to count as one.").await;
    assert_eq!(closed(&desk(&stage, &id).await), 0);
    let asking = asked(&stage, &id, Wish::of(Action::Continue)).await.unwrap();
    whole(&stage, &asking.columns[0]).await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_an_assistant_are_known_when_they_are_pasted_and_not_delivered_where_none_are_allowed() {
    let server = StandIn::always(Script::events(&openai(&["Salt on the wind, bread on the sill."])));
    let stage = stage(vec![named("cloud", &server)]).await;
    let open = claimed(&stage, "script", &[AiRule::Allowed, AiRule::Disclose]).await;
    let asking = asked(&stage, &open, Wish::of(Action::Draft)).await.unwrap();
    whole(&stage, &asking.columns[0]).await;
    let closed = stage.claim(|row| row.ai == AiRule::HumanOnly && row.kind.as_str() != "art").await.assignment.id;
    let text = Text::own("My own. bread on the sill.");
    let mut origins = Origins::whole(8, Origin::Typed);
    origins.push(text.as_str().len() - 8, Origin::Pasted);
    let save =
        Request::SaveDraft { assignment: closed.clone(), text, files: Vec::new(), cause: Cause::Typed, origins: Some(origins) };
    stage.ask(save).await;
    let draft = stage.assignment(&closed).await.draft.unwrap();
    assert!(draft.origins().has_ai() && draft.assisted, "{draft:?}");
    let refused = stage.try_ask(Request::SubmitTerms { assignment: closed.clone() }).await.unwrap_err();
    assert!(refused.why.contains("no AI is allowed") && refused.hint.contains("write those words anew"), "{refused:?}");
    assert!(
        matches!(stage.try_ask(Request::Submit { assignment: closed, agreed: String::new(), word: Text::default() }).await, Err(failure) if failure.class == Class::Refused)
    );
    stage.end().await;
}
