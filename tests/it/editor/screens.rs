//! Whole screens, wide to narrow.

use chrono::TimeDelta;
use juggler::domain::check::Verdict;
use juggler::domain::deliverable::Form;
use juggler::domain::draft::{FileFacts, FileItem};
use juggler::domain::{AssignmentState, Origin, Text};

use super::desk::{Desk, finding, view, with_draft};

fn busy(width: u16, height: u16) -> Desk {
    let mut desk = Desk::new(width, height);
    desk.pane.open(view("a2", "A 20-page report as a 2-minute script", 15));
    desk.pane.open(view("a3", "Rate twenty answers", 300));
    let mut sent =
        with_draft(view("a1", "Taglines for a husk cup", 60), 2, "Sip the season.\nGrown, not made.\nWarm hands, light bin.");
    sent.assignment.state = AssignmentState::UnderReview;
    sent.findings = vec![
        finding(Verdict::Fail, "5 lines", "3 of 5; add 2", None),
        finding(Verdict::Warn, "No two alike", "lines 1 and 2 are close", Some(1)),
        finding(Verdict::Pass, "1 to 30 characters each", "", None),
        finding(Verdict::Advice, "Warm, short, no puns", "", None),
    ];
    desk.pane.open(sent);
    desk.later(13 * 60_000);
    desk
}

#[test]
fn wide() {
    insta::assert_snapshot!(busy(120, 20).screen());
}

#[test]
fn narrow() {
    insta::assert_snapshot!(busy(60, 18).screen());
}

#[test]
fn short() {
    insta::assert_snapshot!(busy(80, 6).screen());
}

#[test]
fn empty_hand_says_what_to_do() {
    let screen = Desk::new(60, 8).screen();
    assert!(screen.contains("Nothing in hand: claim a job in the feed with c."), "{screen}");
}

#[test]
fn a_job_that_wants_a_file_shows_the_files() {
    let mut desk = Desk::new(70, 14);
    let mut art = with_draft(view("a1", "A sticker", 60), 1, "");
    art.assignment.job.deliverable.form = Form::File;
    desk.pane.open(art.clone());
    assert!(desk.screen().contains("No file yet. Add one with :file."), "{}", desk.screen());
    art.draft.as_mut().unwrap().files = vec![FileItem {
        name: Text::title("sticker.png"),
        path: "/tmp/sticker.png".into(),
        size: 3_140_000,
        sha256: "00".into(),
        facts: FileFacts { mime: Text::title("image/png"), width: Some(1200), height: Some(900), ..FileFacts::default() },
        origin: Origin::External,
    }];
    art.draft.as_mut().unwrap().version = 2;
    desk.pane.refresh(art);
    assert!(desk.screen().contains("sticker.png  3.1 MB  1200×900 px  image/png"), "{}", desk.screen());
}

#[test]
fn every_size_down_to_one_cell_draws() {
    for (width, height) in
        [(200, 60), (80, 24), (60, 20), (40, 12), (24, 7), (20, 5), (10, 3), (5, 2), (2, 2), (1, 1), (1, 9), (90, 1)]
    {
        let mut desk = busy(width, height);
        desk.screen();
        desk.command("editor.prev_tab").types("wörd 👨‍👩‍👧‍👦 日本語").command("editor.brief");
        desk.screen();
        desk.command("editor.search").types("日").screen();
        desk.now += TimeDelta::hours(9);
        desk.screen();
    }
}
