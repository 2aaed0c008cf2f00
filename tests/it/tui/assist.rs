//! Assistants by keys: the menu, the answer as it comes, changes taken and left, alternatives, and jobs where none is allowed.

use juggler::config::{AssistantConfig, AssistantKind, ProgramConfig};
use juggler::domain::ai::AiRule;
use juggler::domain::{AssignmentId, JobKey};
use juggler::engine::api::{JobRow, Request};
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::Screen;
use super::screen::Hands;
use crate::assist::asking::{named, save, stage};
use crate::assist::stand_in::{delta, openai};
use crate::assist::{Script, StandIn, Step};
use crate::support::Stage;

const OPEN: [AiRule; 2] = [AiRule::Allowed, AiRule::Disclose];

async fn claimed(stage: &Stage, wanted: impl Fn(&JobRow) -> bool) -> (AssignmentId, JobKey) {
    let mine = stage.claim(wanted).await.assignment;
    (mine.id, mine.job.key)
}

async fn screen(stage: &Stage, width: u16, height: u16) -> Screen {
    let config = (*stage.config).clone();
    let mut screen = Screen::open(stage.handle.clone(), config, Hands::at(chrono::Utc::now()), width, height).await;
    screen.keys("e").await;
    screen
}

fn says(words: &[&str]) -> StandIn {
    StandIn::always(Script::events(&openai(words)))
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_taken_and_left_one_by_one_and_each_is_one_step_back() {
    let server = says(&["Salt air, ", "fresh loaf\nBaked ", "before a gull wakes"]);
    let stage = stage(vec![named("cloud", &server)]).await;
    let (id, _) = claimed(&stage, |row| row.kind.as_str() == "tagline" && OPEN.contains(&row.ai)).await;
    save(&stage, &id, "Salt air, fresh bread\nBaked before the gull wakes").await;
    let mut screen = screen(&stage, 80, 24).await;
    screen.wait_for("Salt air, fresh bread").await;
    screen.keys("m r").await;
    screen.wait_for("rewrite it how?").await;
    screen.write("calmer").await;
    screen.keys("enter").await;
    screen.wait_for("What would change: 2 of 2 open").await;
    assert!(screen.sees("[-bread-]{+loaf+}") && screen.sees("[-the-]{+a+}"), "{}", screen.text());
    screen.keys("r").await;
    screen.wait_for("1 of 2 open").await;
    assert!(screen.sees("Salt air, fresh bread"), "{}", screen.text());
    screen.keys("a").await;
    screen.wait_for("1 of 2 changes taken").await;
    assert!(screen.sees("Baked before a gull wakes") && screen.sees("fresh bread"), "{}", screen.text());
    screen.saved().await;
    let draft = stage.assignment(&id).await.draft.unwrap();
    assert_eq!(draft.text.as_str(), "Salt air, fresh bread\nBaked before a gull wakes");
    assert_eq!(draft.shares().ai, 1, "{:?}", draft.origins());
    screen.keys("u").await;
    screen.wait_for("Baked before the gull wakes").await;
    // The answer is still there.
    screen.keys("m o enter").await;
    screen.wait_for("2 of 2 open").await;
    screen.keys("A").await;
    screen.wait_for("2 of 2 changes taken").await;
    screen.keys("u u").await;
    screen.wait_for("fresh bread").await;
    assert!(screen.sees("before the gull"), "{}", screen.text());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_read_as_it_comes_and_escape_keeps_what_came() {
    let words = [
        delta(json!({ "role": "assistant", "content": "[0:00] Half of " }), Value::Null),
        delta(json!({ "content": "it" }), Value::Null),
    ];
    let server = StandIn::always(Script::events(&words).then(Step::Hold));
    let stage = stage(vec![named("cloud", &server)]).await;
    let (id, _) = claimed(&stage, |row| row.kind.as_str() == "script" && OPEN.contains(&row.ai)).await;
    let mut screen = screen(&stage, 100, 30).await;
    screen.keys("m m").await;
    screen.wait_for("Ask an assistant").await;
    screen.wait_for("draft it from the brief").await;
    assert!(
        screen.sees("cloud: tiny-1, on this machine") && screen.sees("there are no words to work on yet"),
        "{}",
        screen.text()
    );
    // What cannot be done is said, not done.
    screen.keys("s").await;
    screen.wait_for("no words to work on").await;
    screen.keys("d").await;
    screen.wait_for("[0:00] Half of it").await;
    screen.wait_for("words so far").await;
    screen.keys("esc").await;
    server.wait_gone(1).await;
    screen.wait_for("stopped").await;
    assert!(screen.sees("[0:00] Half of it") && screen.sees("~$"), "{}", screen.text());
    screen.keys("enter").await;
    screen.wait_for("1 of 1 open").await;
    screen.keys("e").await;
    // The keys are text again, in the draft.
    screen.write("X").await;
    screen.saved().await;
    let draft = stage.assignment(&id).await.draft.unwrap();
    assert!(draft.text.as_str().contains("Half of it") && draft.text.as_str().contains('X'), "{draft:?}");
    assert_eq!(draft.shares().typed, 1);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alternatives_are_put_together_by_line_without_names() {
    let server = StandIn::serve(|request| {
        let n = request.body()["temperature"].to_string();
        let items: Vec<String> = (1..=request.body()["messages"].to_string().matches("Line").count().max(5))
            .map(|i| format!("Line {i} at {n}"))
            .collect();
        Script::events(&openai(&[&json!({ "items": items }).to_string()]))
    });
    let stage = stage(vec![named("cloud", &server)]).await;
    let (id, _) = claimed(&stage, |row| row.title.as_str().starts_with("5 catchy taglines") && OPEN.contains(&row.ai)).await;
    for (width, height) in [(120, 30), (80, 24), (60, 20)] {
        let mut screen = screen(&stage, width, height).await;
        screen.keys("m a").await;
        // A narrow screen shows one of them; its foot tells whether others still come.
        let coming = |screen: &Screen| screen.sees("comes …") || screen.sees("so far") || screen.sees("the first word");
        screen.wait_until("all are there", |screen| screen.sees("Line 5") && !coming(screen)).await;
        assert!(!screen.sees("tiny-1") && !screen.sees("cloud"), "{}", screen.text());
        screen.keys("space tab j space").await;
        screen.keys("enter").await;
        screen.wait_for("open ·").await;
        let text = screen.text();
        assert!(text.contains("Line 1 at") && text.contains("Line 2 at") && !text.contains("{+Line 3"), "{text}");
        screen.keys("esc").await;
        screen.wait_until("it is closed", |screen| !screen.sees("open ·")).await;
    }
    assert!(stage.assignment(&id).await.draft.is_none());
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_spoke_of_is_decided_on_the_menu() {
    let server = says(&["I would accept it."]);
    let stage = stage(vec![named("cloud", &server)]).await;
    let (id, _) = claimed(&stage, |row| row.ai == AiRule::Unknown && row.kind.as_str() != "art").await;
    save(&stage, &id, "One line of mine").await;
    let mut screen = screen(&stage, 80, 24).await;
    screen.keys("m j").await;
    screen.wait_for("nobody says whether AI is allowed").await;
    screen.keys("m m").await;
    screen.wait_for("Decide for this job: 1 allowed").await;
    screen.keys("3").await;
    screen.wait_for("AI may assist; the work must be yours. (you decided)").await;
    assert!(screen.sees("write it yourself first"), "{}", screen.text());
    screen.keys("j").await;
    screen.wait_for("I would accept it.").await;
    // A judgement is to be read.
    screen.keys("enter").await;
    screen.wait_for("nothing of it goes into the draft").await;
    screen.keys("esc").await;
    assert_eq!(stage.assignment(&id).await.draft.unwrap().text.as_str(), "One line of mine");
    screen.keys(":").await;
    screen.write("ai unknown").await;
    screen.keys("enter").await;
    screen.wait_for("decided for this job").await;
    assert_eq!(stage.assignment(&id).await.assignment.job.ai.rule, AiRule::Unknown);
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_keys_lead_to_a_model_on_a_job_for_people() {
    let server = says(&["words"]);
    let stage = stage(vec![named("cloud", &server)]).await;
    let (id, _) = claimed(&stage, |row| row.ai == AiRule::HumanOnly && row.kind.as_str() != "art").await;
    save(&stage, &id, "One line of mine").await;
    let mut screen = screen(&stage, 80, 24).await;
    screen.keys("m m").await;
    screen.wait_for("No AI: write every word yourself.").await;
    assert!(screen.sees("are outside of this") && screen.sees("not on this job"), "{}", screen.text());
    let mut dice = ChaCha8Rng::seed_from_u64(5);
    let keys = [
        "m",
        "d",
        "a",
        "c",
        "r",
        "p",
        "s",
        "l",
        "t",
        "x",
        "j",
        "o",
        "T",
        "1",
        "2",
        "3",
        "4",
        "enter",
        "esc",
        "y",
        "A",
        "e",
        "g",
        "space",
        "tab",
        "i",
        "ctrl-p",
        "alt-m",
        ": a i space a l l o w e d enter",
        ": d r a f t enter",
        ": r e w r i t e space z enter",
        "v",
    ];
    // Not those that leave, deliver, give back or open an editor.
    for _ in 0..600 {
        let key = *keys.choose(&mut dice).unwrap();
        if dice.random_bool(0.02) {
            screen.keys("esc").await;
        }
        screen.keys(key).await;
        if screen.sees("Submit this draft?") || screen.sees("Give this job back?") || screen.sees("Leave now?") {
            screen.keys("esc").await;
        }
    }
    // Such keys claim other jobs too, about which a model may be asked; nothing of this one is in any question.
    let job = stage.assignment(&id).await.assignment.job;
    let words: Vec<&str> = job.brief.as_str().lines().filter(|line| line.len() > 40).collect();
    for body in server.bodies() {
        let sent =
            body["messages"].as_array().unwrap().iter().map(|message| message["content"].as_str().unwrap()).collect::<String>();
        assert!(!sent.contains(job.title.as_str()) && words.iter().all(|line| !sent.contains(line)), "{sent}");
        assert!(!sent.contains("One line of mine"), "{sent}");
    }
    assert!(
        matches!(stage.try_ask(Request::AssistDesk { assignment: id }).await, Ok(juggler::engine::api::Reply::AssistDesk(desk)) if desk.calls.is_empty())
    );
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_files_come_into_the_draft_by_a_key_and_go_out_by_a_word() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("painter");
    std::fs::write(&path, "#!/bin/sh\necho painting >&2\nprintf cup > cup.txt\n").unwrap();
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut tool = AssistantConfig::of("tool", AssistantKind::Command);
    tool.program =
        Some(ProgramConfig { argv: vec![path.to_string_lossy().into_owned()], network: true, ..ProgramConfig::default() });
    let stage = stage(vec![tool]).await;
    claimed(&stage, |row| row.ai == AiRule::Allowed && row.kind.as_str() == "tagline").await;
    let mut screen = screen(&stage, 100, 30).await;
    screen.keys("m d").await;
    screen.wait_for("Let the program painter run on this computer?").await;
    screen.keys("y").await;
    screen.wait_for("cup.txt").await;
    assert!(screen.sees("f takes the files") && screen.sees("Files (1)"), "{}", screen.text());
    screen.keys("f").await;
    screen.wait_for("files of this draft: cup.txt").await;
    assert!(screen.sees("AI"), "{}", screen.text());
    screen.keys(": r e m o v e enter").await;
    screen.wait_for("files of this draft: none").await;
    screen.keys(": r e m o v e enter").await;
    screen.wait_for("this draft has no files").await;
    stage.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_pasting_is_watched_it_is_said_to_type_it_there() {
    let stage = Stage::set(Stage::options(7), juggler::engine::Polling::Always, |config| {
        config.sources[0].watches_pasting = true;
    })
    .await;
    let (id, _) = claimed(&stage, |row| row.kind.as_str() == "tagline").await;
    save(&stage, &id, "First line.\n").await;
    let mut screen = screen(&stage, 120, 36).await;
    screen.wait_for("! Type it there, do not paste it: practice watches it.").await;
    screen.keys("i alt-a ctrl-c").await;
    assert!(screen.sees("A paste can get even your own words rejected."), "{}", screen.text());
    screen.keys("esc s").await;
    screen.wait_for("Submit this draft").await;
    assert!(screen.text().matches("Type it there").count() >= 1, "{}", screen.text());
    let asked = stage.try_ask(Request::SubmitTerms { assignment: id }).await.unwrap();
    let juggler::engine::api::Reply::Terms(terms) = asked else { panic!() };
    assert!(terms.warnings.iter().any(|words| words.as_str().starts_with("Type it there")), "{terms:?}");
    stage.end().await;
}
