//! The hand: order, clocks, what is saved, what cannot be written.

use chrono::TimeDelta;
use crossterm::event::{KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use juggler::domain::check::Verdict;
use juggler::domain::deliverable::{Deliverable, Form, Rule};
use juggler::domain::{AssignmentState, Text};
use juggler::tui::pane::editor::{EditorEffect, EditorInput};

use super::desk::{Desk, finding, id, start, view, with_draft};

#[test]
fn tabs_follow_the_hand_and_the_selected_one_stays() {
    let mut desk = Desk::new(90, 16);
    desk.pane.open(view("a1", "First", 60));
    desk.pane.open(view("a2", "Second", 30));
    desk.pane.open(view("a3", "Third", 90));
    assert_eq!(desk.pane.selected(), Some(&id("a3")));
    desk.pane.order(&[id("a2"), id("a1"), id("a3")]);
    assert_eq!(desk.pane.selected(), Some(&id("a3")));
    let order: Vec<String> = desk.pane.tabs().iter().map(|tab| tab.title.to_string()).collect();
    assert_eq!(order, ["Second", "First", "Third"]);
    desk.command("editor.next_tab");
    assert_eq!(desk.pane.selected(), Some(&id("a2")));
    desk.command("editor.prev_tab");
    assert_eq!(desk.pane.selected(), Some(&id("a3")));
    desk.pane.close(&id("a3"));
    assert_eq!(desk.pane.selected(), Some(&id("a1")));
    desk.pane.overcommitted(Some(720));
    assert!(desk.screen().contains("! over by 12m"));
}

#[test]
fn clocks_count_by_the_minute_then_by_the_second_and_get_louder() {
    let mut desk = Desk::new(90, 16);
    desk.pane.open(view("a1", "Taglines", 60));
    let bar = |desk: &mut Desk| desk.screen().lines().nth(1).unwrap().to_owned();
    assert!(bar(&mut desk).contains(" 1h00m "));
    for (minute, words) in [(10, "50m"), (49, "11m"), (50, "! 10m"), (57, "!! 3m")] {
        desk.now = start() + TimeDelta::seconds(minute * 60);
        assert!(bar(&mut desk).contains(words), "{words}: {}", bar(&mut desk));
        let next = desk.pane.next_tick(desk.now).unwrap();
        assert!(next - desk.now <= TimeDelta::milliseconds(60_001), "{words}");
        assert!(next - desk.now > TimeDelta::milliseconds(0));
    }
    desk.now = start() + TimeDelta::milliseconds(3_500_300);
    assert!(bar(&mut desk).contains("!! 1:39"), "{}", bar(&mut desk));
    assert_eq!(desk.pane.next_tick(desk.now).unwrap() - desk.now, TimeDelta::milliseconds(701));
    desk.now = start() + TimeDelta::minutes(62);
    assert!(bar(&mut desk).contains("✗ late 2m"));
}

#[test]
fn nothing_ticks_when_nothing_will_change() {
    let mut desk = Desk::new(60, 16);
    assert_eq!(desk.pane.next_tick(desk.now), None);
    let mut done = with_draft(view("a1", "Taglines", 60), 1, "done");
    done.assignment.state = AssignmentState::Paid;
    desk.pane.open(done);
    assert_eq!(desk.pane.next_tick(desk.now), None);
}

#[test]
fn saved_is_said_when_it_is_so_and_not_before() {
    let mut desk = Desk::one();
    desk.types("one");
    let first = Text::own("one");
    desk.types(" two");
    assert_eq!(desk.pane.unsaved(), [(id("a1"), Text::own("one two"))]);
    desk.pane.saved(&id("a1"), 1, &first);
    assert!(desk.screen().contains("● not saved yet"), "only an older text was saved");
    desk.pane.saved(&id("a1"), 2, &Text::own("one two"));
    assert!(desk.pane.unsaved().is_empty());
    desk.later(184_000).screen();
    assert!(desk.screen().contains("saved 12:00:00"));
}

#[test]
fn newer_data_never_touches_unsaved_typing() {
    let mut desk = Desk::one();
    desk.types("mine");
    let mut newer = with_draft(view("a1", "Taglines for a husk cup", 60), 7, "theirs");
    newer.assignment.feedback = Text::body("Please hurry");
    desk.pane.refresh(newer);
    assert_eq!(desk.text(), "mine");
    assert!(desk.screen().contains("newer version was saved elsewhere"));
    assert_eq!(desk.pane.unsaved().len(), 1);
    desk.pane.saved(&id("a1"), 8, &Text::own("mine"));
    assert!(!desk.screen().contains("elsewhere"));
    desk.pane.refresh(with_draft(view("a1", "Taglines for a husk cup", 60), 9, "from the command line"));
    assert_eq!(desk.text(), "from the command line", "nothing unsaved: the newer one is shown");
    desk.command("editor.undo");
    assert_eq!(desk.text(), "mine", "and can be taken back");
}

#[test]
fn own_saves_that_come_back_late_are_not_strangers() {
    let mut desk = Desk::one();
    desk.types("ab");
    desk.pane.refresh(with_draft(view("a1", "Taglines for a husk cup", 60), 1, "a"));
    assert_eq!(desk.text(), "ab");
    assert!(!desk.screen().contains("elsewhere"));
    assert_eq!(desk.pane.unsaved().len(), 1);
}

#[test]
fn what_is_submitted_can_be_read_and_not_changed() {
    for (state, words) in [
        (AssignmentState::Submitting, "In the outbox"),
        (AssignmentState::Submitted, "Submitted: read only"),
        (AssignmentState::UnderReview, "Under review"),
        (AssignmentState::Approved, "✓ Approved"),
        (AssignmentState::Rejected, "✗ Rejected: Too loud"),
        (AssignmentState::Paid, "✓ Paid"),
        (AssignmentState::TimedOut, "✗ Timed out"),
    ] {
        let mut desk = Desk::new(60, 16);
        let mut sent = with_draft(view("a1", "Taglines", 60), 3, "as sent");
        sent.assignment.state = state;
        sent.assignment.feedback = Text::body("Too loud\nand too long");
        sent.findings = vec![finding(Verdict::Pass, "5 lines", "", None)];
        desk.pane.open(sent);
        desk.types("x").paste("y").press(KeyCode::Backspace).command("editor.undo").command("editor.external");
        assert_eq!(desk.text(), "as sent");
        assert_eq!(desk.notices().len(), 5);
        assert!(desk.notices()[0].contains("cannot be changed now"));
        let screen = desk.screen();
        assert!(screen.contains(words) && screen.contains("✓ 5 lines"), "{screen}");
        desk.command("editor.select_all").command("editor.copy");
        assert!(desk.effects.contains(&EditorEffect::Copy("as sent".into())), "copying is no change");
    }
}

#[test]
fn a_revision_says_why_and_can_be_written() {
    let mut desk = Desk::new(100, 18);
    let mut back = with_draft(view("a1", "Taglines", 60), 3, "as sent");
    back.assignment.state = AssignmentState::RevisionAsked;
    back.assignment.feedback = Text::body("Line two is too long.");
    desk.pane.open(back);
    let screen = desk.screen();
    assert!(screen.contains("↺ Revision asked: Line two is too long."), "{screen}");
    assert!(screen.matches("Line two").count() >= 2, "above the text and on top of the brief");
    desk.key(KeyCode::End, KeyModifiers::CONTROL).types("!");
    assert_eq!(desk.text(), "as sent!");
}

#[test]
fn checks_follow_the_text_and_problems_are_one_key_away() {
    let mut desk = Desk::new(60, 20);
    desk.pane.open(view("a1", "Taglines", 60));
    desk.types("One short line");
    let screen = desk.screen();
    assert!(screen.contains('✗') && screen.contains("fail"), "one line of five: {screen}");
    desk.types("\nTwo\nThree\nFour\nA line that is rather longer than thirty characters");
    assert!(desk.screen().contains("✗ 1 of"), "{}", desk.screen());
    desk.key(KeyCode::Home, KeyModifiers::CONTROL).command("editor.goto_problem");
    // To what is too much of the line: its end.
    desk.key(KeyCode::Char('k'), KeyModifiers::CONTROL);
    assert!(desk.text().ends_with("\nA line that is rather longer t"), "{}", desk.text());
    desk.press(KeyCode::Home).key(KeyCode::Char('k'), KeyModifiers::CONTROL).types("Five");
    assert_eq!(desk.text(), "One short line\nTwo\nThree\nFour\nFive");
    let screen = desk.screen();
    assert!(screen.contains("✓ 2 pass") && !screen.contains('✗'), "{screen}");
    desk.effects.clear();
    desk.command("editor.goto_problem");
    assert_eq!(desk.notices(), ["No check points at a line."]);
}

#[test]
fn every_fault_has_its_mark_and_keys_lead_from_one_to_the_next_and_back() {
    let mut desk = Desk::new(60, 24);
    let mut job = view("a1", "Taglines", 60);
    job.assignment.job.deliverable.rules.push(Rule::MustNot { terms: vec!["best".into()] });
    desk.pane.open(with_draft(job, 1, "the best cup\ngood\nthe best\nfine\nthe very best"));
    let marks = |screen: &str| screen.lines().filter(|line| line.contains("✗ the")).count();
    assert_eq!(marks(&desk.screen()), 3, "{}", desk.screen());
    desk.key(KeyCode::Home, KeyModifiers::CONTROL);
    let places = |desk: &mut Desk, id: &str| {
        desk.command(id);
        desk.pane.places()[0].1
    };
    let forth: Vec<_> = (0..4).map(|_| places(&mut desk, "editor.goto_problem")).collect();
    assert_eq!(forth, [(0, 4), (2, 4), (4, 9), (0, 4)]);
    let back: Vec<_> = (0..2).map(|_| places(&mut desk, "editor.goto_problem_prev")).collect();
    assert_eq!(back, [(4, 9), (2, 4)]);
    desk.effects.clear();
    desk.command("editor.explain");
    let [EditorEffect::Explain { text, .. }] = &desk.effects[..] else { panic!("{:?}", desk.effects) };
    for part in ["never says", "What is so    says \"best\"", "What to do    say it otherwise", "line 1, 3, 5"] {
        assert!(text.as_str().contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_text_with_a_long_source_is_judged_away_from_the_keys_and_says_so_meanwhile() {
    let mut desk = Desk::new(80, 24);
    let mut job = view("a1", "A script", 60);
    job.assignment.job.deliverable =
        Deliverable { form: Form::Script, rules: vec![Rule::Beats { min: 2 }], ..Deliverable::default() };
    job.assignment.job.attachments.push(juggler::domain::job::Attachment {
        name: Text::title("report.txt"),
        mime: Text::title("text/plain"),
        size: None,
        sha256: None,
        url: None,
        text: Some(Text::body(&"The mill ground 1,200 sacks in 1963.\n".repeat(500))),
    });
    desk.pane.open(with_draft(job, 1, "[0:00] The mill ground 1,300 sacks."));
    assert!(desk.screen().contains("Checks checking …"), "{}", desk.screen());
    let effects = desk.pane.input(EditorInput::Tick, desk.now);
    let [EditorEffect::Judge(judging)] = &effects[..] else { panic!("{effects:?}") };
    // Keys go on meanwhile; what comes back is of a text ago, and the next one is asked for.
    desk.pane.input(EditorInput::Key(crossterm::event::KeyEvent::from(KeyCode::End)), desk.now);
    let more = desk.pane.input(EditorInput::Key(crossterm::event::KeyEvent::from(KeyCode::Char('!'))), desk.now);
    assert!(!more.iter().any(|effect| matches!(effect, EditorEffect::Judge(_))), "one at a time: {more:?}");
    let (assignment, edits) = (judging.assignment.clone(), judging.edits);
    desk.input(EditorInput::Judged { assignment, edits, findings: judging.findings() });
    let screen = desk.screen();
    assert!(!screen.contains("checking …") && screen.contains("1,300"), "{screen}");
    assert!(screen.contains("faithful to"), "{screen}");
}

#[test]
fn a_large_text_is_judged_and_handed_over_when_the_keys_rest() {
    let mut desk = Desk::new(60, 20);
    desk.pane.open(with_draft(view("a1", "Taglines", 60), 1, &"some words\n".repeat(6000)));
    desk.types("x");
    assert!(desk.changes().is_empty(), "not with every key");
    let due = desk.pane.next_tick(desk.now).unwrap();
    assert!(due - desk.now <= TimeDelta::milliseconds(50));
    let mut ticks = 0;
    while desk.changes().is_empty() {
        ticks += 1;
        assert!(ticks < 5);
        desk.now = desk.pane.next_tick(desk.now).unwrap();
        desk.input(EditorInput::Tick);
    }
    assert!(desk.now - start() <= TimeDelta::milliseconds(300), "well within the second that may be lost");
    desk.types("y").command("editor.save");
    assert_eq!(desk.changes().len(), 2, "asked for, it goes at once");
}

#[test]
fn the_brief_covers_the_text_where_it_is_narrow() {
    let mut desk = Desk::one();
    desk.command("editor.brief");
    let screen = desk.screen();
    assert!(screen.contains("Brightcup sells coffee") && screen.contains("AI is allowed if you say so"), "{screen}");
    assert!(screen.contains("$3.60 net of $4.00 · due 13:00 1h00m"), "{screen}");
    desk.press(KeyCode::End);
    assert!(desk.screen().contains("no puns on beans"));
    desk.types("a");
    assert_eq!(desk.text(), "a");
    assert!(!desk.screen().contains("puns"), "typing shows the text again");
}

#[test]
fn the_mouse_places_selects_scrolls_and_switches() {
    let mut desk = Desk::new(60, 16);
    desk.pane.open(with_draft(view("a1", "First", 60), 1, "one two\nthree"));
    desk.pane.open(with_draft(view("a2", "Second", 60), 1, &(0..99).map(|n| format!("line {n}\n")).collect::<String>()));
    let at = |screen: &str, words: &str| {
        let (y, row) = screen.lines().enumerate().find(|(_, row)| row.contains(words)).unwrap();
        (u16::try_from(row[..row.find(words).unwrap()].chars().count()).unwrap(), u16::try_from(y).unwrap())
    };
    let event = |kind, (column, row)| EditorInput::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE });
    let (left, drag) = (MouseEventKind::Down(MouseButton::Left), MouseEventKind::Drag(MouseButton::Left));
    let place = at(&desk.screen(), "line 0");
    desk.input(event(MouseEventKind::ScrollDown, place));
    let screen = desk.screen();
    assert!(!screen.contains("line 2\n") && screen.contains("line 3"), "{screen}");
    desk.types("!");
    assert!(desk.screen().contains("!line 0"), "typing looks where the cursor is");
    let place = at(&desk.screen(), "First");
    desk.input(event(left, place));
    assert_eq!(desk.pane.selected(), Some(&id("a1")));
    let (x, y) = at(&desk.screen(), "one two");
    desk.input(event(left, (x + 4, y))).input(event(drag, (x + 7, y))).types("2");
    assert_eq!(desk.text(), "one 2\nthree");
}
