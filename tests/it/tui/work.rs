//! The main job on the screen: claim, write, submit; and what may not happen on the way.

use juggler::domain::deliverable::{Deliverable, Form};
use juggler::domain::draft::{FileFacts, FileItem};
use juggler::domain::{AssignmentState, Origin, Text};
use juggler::engine::api::{Request, SourceState, What};
use juggler::tui::message::Effect;

use super::desk::{Desk, assignment, health, job, start, unknown};

#[tokio::test]
async fn a_claim_shows_the_exact_terms_and_needs_a_yes() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(100, 30).await;
    let claims = |desk: &Desk| desk.asked(|r| matches!(r, Request::Claim { .. }));
    screen.keys("enter").await;
    for text in
        ["Claim this job?", "Practice Market (practice)", "$4.00", "$3.60", "30 minutes after the claim", "! Two other jobs"]
    {
        assert!(screen.sees(text), "{text} on\n{}", screen.text());
    }
    // The safe answer is highlighted: Enter is a no.
    screen.keys("enter").await;
    assert_eq!(claims(&desk), 0);
    for no in ["n", "esc", "q"] {
        screen.keys("c").await;
        screen.keys(no).await;
        assert_eq!(claims(&desk), 0, "{no}");
        assert!(!screen.sees("Claim this job?"));
    }
    // A paste is no answer either.
    screen.keys("c").await;
    screen.paste("yyyy\n").await;
    assert_eq!(claims(&desk), 0);
    screen.keys("right enter").await;
    assert_eq!(claims(&desk), 1);
    assert!(screen.sees("claimed:"));
    assert!(screen.app.model().hand.typing);
}

#[tokio::test]
async fn an_answer_typed_ahead_of_the_question_does_not_count() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(100, 30).await;
    for key in ["c", "y", "y", "enter"] {
        screen.key(key.parse::<juggler::tui::keymap::Chord>().unwrap().event());
    }
    screen.settle().await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Claim { .. })), 0);
}

#[tokio::test]
async fn claim_write_check_submit() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    screen.write("Wake up warm.\nSip the husk.").await;
    screen.keys("ctrl-s").await;
    assert!(screen.sees("Submit this work?"), "{}", screen.text());
    let saved = desk.state.lock().unwrap().hand[0].draft.clone().unwrap();
    assert_eq!(saved.text.as_str(), "Wake up warm.\nSip the husk.", "saved before the question");
    screen.keys("y").await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Submit { .. })), 1);
    assert!(screen.sees("in the outbox"));
    assert!(!screen.app.model().hand.typing);
}

#[tokio::test]
async fn a_draft_whose_checks_fail_goes_out_only_with_the_word_typed() {
    let desk = Desk::with(20);
    desk.state.lock().unwrap().failing = vec![Text::title("5 lines: 1 of 5; add 4 lines")];
    let submits = |desk: &Desk| desk.asked(|r| matches!(r, Request::Submit { .. }));
    let mut screen = desk.screen(100, 30).await;
    screen.keys("c y").await;
    screen.write("One line.").await;
    screen.keys("ctrl-s").await;
    assert!(screen.sees("Submit this work?"), "{}", screen.text());
    screen.keys("y").await;
    assert!(screen.sees("type override to submit although checks fail"), "{}", screen.text());
    assert_eq!(submits(&desk), 0, "a yes alone sends nothing");
    screen.write("overide").await;
    screen.keys("enter").await;
    assert!(screen.sees("nothing was sent"), "{}", screen.text());
    screen.keys("ctrl-s y esc").await;
    assert_eq!(submits(&desk), 0);
    screen.keys("ctrl-s y").await;
    screen.write("Override").await;
    screen.keys("enter").await;
    assert_eq!(submits(&desk), 1);
    assert!(screen.sees("in the outbox"), "{}", screen.text());
}

#[tokio::test]
async fn the_pace_of_reading_is_measured_between_two_keys_and_kept() {
    let desk = Desk::with(5);
    let dir = tempfile::tempdir().unwrap();
    let mut config = super::desk::config();
    config.paths.config_file = dir.path().join("config.toml");
    let mut screen = super::Screen::open(desk.handle.clone(), config, desk.clock.clone(), 100, 30).await;
    screen.keys("c y esc").await;
    screen.keys("space p").await;
    assert!(screen.sees("How fast do you read aloud?") && screen.sees("150 words a minute"), "{}", screen.text());
    screen.keys("y").await;
    screen.keys("enter").await;
    assert!(screen.sees("reading …"), "{}", screen.text());
    desk.clock.pass(chrono::TimeDelta::seconds(2));
    screen.keys("enter").await;
    assert!(screen.sees("too fast") && !dir.path().join("config.toml").exists(), "{}", screen.text());
    screen.keys("enter").await;
    desk.clock.pass(chrono::TimeDelta::seconds(40));
    screen.keys("enter").await;
    let kept = std::fs::read_to_string(dir.path().join("config.toml")).unwrap();
    let pace = kept.trim().rsplit(' ').next().unwrap();
    assert!(screen.sees(&format!("you read {pace} words a minute")), "{kept}: {}", screen.text());
}

#[tokio::test]
async fn what_is_typed_is_saved_without_being_told_to() {
    let desk = Desk::with(5);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    screen.write("qxzsu").await;
    assert!(screen.app.model().editor.unsaved().len() == 1);
    screen.saved().await;
    let saved = desk.state.lock().unwrap().hand[0].draft.clone().unwrap();
    assert_eq!(saved.text.as_str(), "qxzsu", "letters are text here, not commands");
}

#[tokio::test]
async fn a_flush_makes_everything_durable_without_the_screen() {
    let desk = Desk::with(5);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    let keeper = screen.app.keeper();
    for c in "on the way out".chars() {
        screen.key(crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char(c)));
    }
    // Nobody draws or handles a message from here on: this is what a signal's task does beside a stuck screen.
    keeper.flush().await.unwrap().unwrap();
    assert_eq!(desk.state.lock().unwrap().hand[0].draft.as_ref().unwrap().text.as_str(), "on the way out");
}

#[tokio::test]
async fn a_save_that_fails_is_told_and_tried_again() {
    let desk = Desk::with(5);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    desk.state.lock().unwrap().no_saves = true;
    screen.write("kept").await;
    assert!(screen.app.keeper().flush().await.unwrap().is_err());
    screen.wait_for("is not saved: the disk is full").await;
    assert_eq!(screen.app.model().editor.unsaved().len(), 1);
    desk.state.lock().unwrap().no_saves = false;
    screen.saved().await;
    assert_eq!(desk.state.lock().unwrap().hand[0].draft.as_ref().unwrap().text.as_str(), "kept");
}

#[tokio::test]
async fn a_full_hand_asks_twice() {
    let desk = Desk::with(20);
    desk.state.lock().unwrap().hand = (300..303).map(|n| assignment(&job(n), start())).collect();
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    assert!(screen.sees("You hold 3 jobs already"));
    assert_eq!(desk.asked(|r| matches!(r, Request::Claim { .. })), 0);
    screen.keys("y").await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Claim { .. })), 1);
}

#[tokio::test]
async fn a_claim_that_is_refused_says_why_and_what_next() {
    let desk = Desk::with(20);
    desk.state.lock().unwrap().no_claims = true;
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    assert!(screen.sees("not claimed") && screen.sees("taken") && screen.sees("take another one"));
}

#[tokio::test]
async fn a_paste_outside_a_text_does_nothing() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(120, 36).await;
    let before = desk.state.lock().unwrap().asked.len();
    screen.paste("xxqcy\nszh").await;
    assert!(screen.sees("9 bytes were pasted outside a text"));
    assert!(screen.outside.is_empty());
    assert_eq!(desk.state.lock().unwrap().asked.len(), before);
    assert!(screen.app.model().feed.marked.is_empty());
    screen.keys("/").await;
    screen.paste("fox").await;
    assert!(screen.sees("filter: fox"));
}

#[tokio::test]
async fn leaving_asks_while_something_is_unsaved() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y").await;
    screen.write("draft").await;
    screen.keys("esc q").await;
    assert!(screen.sees("Leave now?") && screen.sees("Not saved yet"));
    assert!(!screen.outside.contains(&Effect::Quit));
    screen.keys("esc").await;
    screen.saved().await;
    screen.keys("q").await;
    assert!(screen.outside.contains(&Effect::Quit));
}

#[tokio::test]
async fn a_silence_is_settled_by_the_person() {
    let desk = Desk::with(20);
    {
        let mut state = desk.state.lock().unwrap();
        let mut view = assignment(&job(300), start());
        view.assignment.state = AssignmentState::Submitting;
        state.outbox = vec![unknown(&view)];
        state.hand = vec![view];
    }
    let mut screen = desk.screen(120, 36).await;
    assert!(screen.sees("1 without an answer"));
    screen.keys("e !").await;
    for text in [
        "nobody answered",
        "9f86d081884c7d65",
        "1 time(s)",
        "the connection closed",
        "Read the platform",
        "Send again",
        "Withdraw",
    ] {
        assert!(screen.sees(text), "{text} on\n{}", screen.text());
    }
    screen.keys("y").await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Resolve { .. })), 0, "y means nothing where there are three ways");
    screen.keys("tab enter").await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Resolve { decision: juggler::engine::api::Decision::Read, .. })), 1);
    assert!(!screen.sees("without an answer"));
}

#[tokio::test]
async fn giving_back_asks_first() {
    let desk = Desk::with(20);
    desk.state.lock().unwrap().hand = vec![assignment(&job(300), start())];
    let mut screen = desk.screen(120, 36).await;
    screen.keys("e X").await;
    assert!(screen.sees("Give this job back?") && screen.sees("Pay given up"));
    assert_eq!(desk.asked(|r| matches!(r, Request::Release { .. })), 0);
    screen.keys("y").await;
    assert_eq!(desk.asked(|r| matches!(r, Request::Release { .. })), 1);
    assert!(screen.sees("given back"));
}

#[tokio::test]
async fn what_happens_elsewhere_is_said_with_the_next_key() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(120, 36).await;
    let id = assignment(&job(1), start()).assignment.id;
    let title = Text::title("Five taglines");
    let moved = |state, note: &str| What::Assignment { id: id.clone(), title: title.clone(), state, note: Text::title(note) };
    desk.tell(moved(AssignmentState::RevisionAsked, "warmer, please"));
    screen.wait_for("revision asked: \"Five taglines\" · warmer, please · e opens it").await;
    desk.tell(moved(AssignmentState::Rejected, "off topic"));
    screen.wait_for("rejected: \"Five taglines\" · off topic").await;
    screen.keys("d").await;
    assert!(!screen.sees("rejected:") && !screen.sees("revision asked"));
    let mut down = health(SourceState::Down);
    down.retry_at = Some(start() + chrono::TimeDelta::seconds(40));
    down.error = Some(juggler::error::Failure::new(juggler::error::Class::Platform, "connection refused"));
    desk.tell(What::Source { health: Box::new(down) });
    screen.wait_for("practice cannot be reached: connection refused").await;
    assert!(screen.sees("✗ practice down · again "));
    let full = juggler::error::Failure::new(juggler::error::Class::Store, "the disk is full");
    desk.tell(What::Saving { failing: Some(full) });
    screen.wait_for("NOT SAVING: the disk is full").await;
    screen.keys("g m").await;
    assert!(screen.sees("rejected:") && screen.sees("revision asked"));
}

#[tokio::test]
async fn the_scaffold_fills_an_empty_draft_and_asks_before_a_written_one() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("c y esc f").await;
    assert!(screen.sees("1."), "{}", screen.text());
    screen.keys("f").await;
    assert!(screen.sees("Replace your draft by the scaffold?"));
    screen.keys("esc").await;
}

#[tokio::test]
async fn work_that_is_a_file_starts_with_keys_and_keeps_the_picture_laid_out() {
    let desk = Desk::with(0);
    let mut picture = job(1);
    picture.deliverable = Deliverable { form: Form::File, rules: Vec::new(), ..Deliverable::default() };
    desk.poll(vec![picture], Vec::new());
    desk.state.lock().unwrap().pictures = vec![FileItem {
        name: Text::title("motif.png"),
        path: "/nowhere/motif.png".into(),
        size: 2_300,
        sha256: "0".repeat(64),
        facts: FileFacts::default(),
        origin: Origin::Scaffold,
    }];
    let mut screen = desk.screen(120, 36).await;
    screen.keys("n c y").await;
    assert!(screen.sees("No file yet."), "{}", screen.text());
    // The claim leaves the keys commands: nothing was typed into a text nobody asked for.
    screen.keys("f").await;
    assert!(screen.sees("Files (1)") && screen.sees("motif.png"), "{}", screen.text());
    let saved = desk.state.lock().unwrap().hand[0].draft.clone().unwrap();
    assert_eq!((saved.text.as_str(), saved.files.len()), ("", 1));
    // A note typed later goes along with the picture, and laying out again leaves it alone.
    screen.keys("i h i esc alt-s").await;
    screen.keys("i alt-s esc f").await;
    let saved = desk.state.lock().unwrap().hand[0].draft.clone().unwrap();
    assert_eq!((saved.text.as_str(), saved.files.len()), ("hi", 1), "{}", screen.text());
}

#[tokio::test]
async fn an_idle_screen_sleeps() {
    let desk = Desk::with(0);
    let mut screen = desk.screen(120, 36).await;
    screen.settle().await;
    // Ages of the sources are told by the minute; nothing else ticks.
    let wake = screen.app.wake_at().unwrap();
    assert_eq!((wake - screen.clock.now()).num_seconds(), 60);
}

fn waits(n: u32, state: AssignmentState, feedback: &str) -> juggler::engine::api::AssignmentView {
    let mut view = assignment(&job(n), start());
    view.assignment.state = state;
    view.assignment.feedback = Text::body(feedback);
    view
}

#[tokio::test]
async fn what_waits_for_others_stays_in_sight_with_what_was_said() {
    for (width, height) in [(80, 24), (160, 50), (60, 20)] {
        let desk = Desk::with(5);
        desk.state.lock().unwrap().waiting =
            vec![waits(300, AssignmentState::UnderReview, ""), waits(301, AssignmentState::Rejected, "Off topic,\nsorry.")];
        let mut screen = desk.screen(width, height).await;
        screen.keys("e").await;
        assert!(screen.sees("Waiting 2") && screen.sees("→ in review") && screen.sees("✗ rejected"), "{}", screen.text());
        screen.keys("W j").await;
        assert!(screen.sees("Brightcup Ltd says: Off topic,"), "{}", screen.text());
        screen.keys("j j j k k k k").await;
        assert!(screen.cursor_line().contains("in review"), "{}", screen.text());
        screen.keys("esc").await;
        assert!(screen.sees("Nothing in hand"));
        // Beside something in hand the list gives way to one line, and to nothing on the smallest screens.
        desk.state.lock().unwrap().hand = vec![assignment(&job(1), start())];
        desk.tell(What::Assignment {
            id: assignment(&job(1), start()).assignment.id,
            title: Text::title("one"),
            state: AssignmentState::Claimed,
            note: Text::default(),
        });
        screen.wait_for("#1 ").await;
        assert!(screen.sees("1 in review") || screen.sees("→ in review"), "{}", screen.text());
    }
}

#[tokio::test]
async fn a_revision_opens_first_with_its_reason_on_top() {
    let desk = Desk::with(5);
    desk.state.lock().unwrap().hand = vec![assignment(&job(1), start()), assignment(&job(2), start())];
    let mut screen = desk.screen(100, 30).await;
    let back = waits(2, AssignmentState::RevisionAsked, "Warmer, please:\nthe third line reads like a contract.");
    let id = back.assignment.id.clone();
    desk.state.lock().unwrap().hand[1] = back;
    let note = Text::title("Warmer, please");
    desk.tell(What::Assignment { id: id.clone(), title: Text::title("two"), state: AssignmentState::RevisionAsked, note });
    screen.wait_for("revision asked: \"two\"").await;
    screen.keys("e").await;
    assert_eq!(screen.app.model().editor.selected(), Some(&id));
    assert!(screen.sees("Revision asked: Warmer, please: the third line reads like a contract."), "{}", screen.text());
}

#[tokio::test]
async fn a_job_is_seen_when_it_was_looked_at_and_not_before() {
    let desk = Desk::with(20);
    let mut screen = desk.screen(100, 30).await;
    let seen = |r: &Request| matches!(r, Request::Triage { verdict: juggler::domain::triage::Verdict::Seen { on: true }, .. });
    screen.keys("j").await;
    screen.clock.pass(chrono::TimeDelta::milliseconds(900));
    screen.app.tick();
    screen.settle().await;
    assert_eq!(desk.asked(seen), 0);
    screen.clock.pass(chrono::TimeDelta::milliseconds(200));
    screen.app.tick();
    screen.settle().await;
    assert_eq!(desk.asked(seen), 1);
    assert!(screen.cursor_line().contains("▌ "), "{}", screen.cursor_line());
    assert!(!screen.sees("undoes"), "nothing is said about it");
    screen.keys("j o").await;
    assert_eq!(desk.asked(seen), 2, "a brief is read at once");
}

#[tokio::test]
async fn a_deadline_warns_once_at_a_half_a_fifth_and_a_twentieth() {
    let desk = Desk::with(5);
    desk.state.lock().unwrap().hand = vec![assignment(&job(1), start())];
    let mut screen = desk.screen(120, 36).await;
    for (minutes, words) in [(15, "15m left, half of the time"), (9, "6m left, a fifth"), (5, "60s left, a twentieth")] {
        screen.clock.pass(chrono::TimeDelta::minutes(minutes));
        screen.app.tick();
        screen.wait_for(words).await;
        screen.keys("d").await;
        screen.app.tick();
        screen.settle().await;
        assert!(!screen.sees(words));
    }
}

#[tokio::test]
async fn what_the_store_had_to_mend_is_said_at_the_start() {
    let desk = Desk::with(5);
    desk.state.lock().unwrap().mended = vec![juggler::domain::Text::title("the last line of work.jsonl was torn")];
    let mut screen = desk.screen(120, 36).await;
    screen.wait_for("the store: the last line of work.jsonl was torn").await;
}
