//! Pictures of a draft on the screen: the sheet, one large, edits by a line, and back.

use chrono::TimeDelta;
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::draft::FileItem;
use juggler::domain::{Deliverable, Origin, Text};
use juggler::engine::api::Request;
use juggler::tui::message::{Effect, Message};
use juggler::tui::picture::Told;
use ratatui::style::Color;

use super::desk::{Desk, assignment, job, start};
use super::screen::Screen;
use crate::attachments::made;
use crate::checks::seeded::{dice, pictures::Made};

/// A desk with a job in hand whose draft has these pictures, which lie in the folder.
fn desk(dir: &tempfile::TempDir, names: &[&str]) -> Desk {
    made::reader();
    let desk = Desk::with(3);
    let files: Vec<FileItem> = (1..)
        .zip(names)
        .map(|(n, name)| {
            let bytes = Made::good(&mut dice(n)).bytes();
            let path = dir.path().join(name);
            std::fs::write(&path, &bytes).unwrap();
            let (size, facts) = (bytes.len() as u64, juggler::documents::facts(&bytes));
            FileItem { name: Text::title(name), path, size, sha256: format!("{n:064}"), facts, origin: Origin::External }
        })
        .collect();
    let mut art = job(1);
    let looks = juggler::domain::picture::Looks { dpi: 300, ..Default::default() };
    let rule = Rule::Image { width: 4500, height: 5400, mime: "image/png".into(), max_bytes: 25_000_000, alpha: true, looks };
    art.deliverable = Deliverable { form: Form::File, rules: vec![rule], ..Deliverable::default() };
    let mut view = assignment(&art, start());
    let assignment = view.assignment.id.clone();
    view.draft = Some(juggler::domain::Draft {
        assignment,
        version: 1,
        text: Text::default(),
        files: files.clone(),
        cause: Default::default(),
        saved_at: start(),
        scaffolded: false,
        origins: None,
        assisted: false,
    });
    let mut state = desk.state.lock().unwrap();
    (state.hand, state.pictures) = (vec![view], files);
    drop(state);
    desk
}

/// Cells that are made of two pixels.
fn blocks(screen: &Screen) -> usize {
    let coloured =
        |cell: &&ratatui::buffer::Cell| matches!(cell.bg, Color::Rgb(..)) || "▀▄".contains(cell.symbol()) && cell.symbol() != "";
    screen.cells().content.iter().filter(coloured).count()
}

#[tokio::test]
async fn a_sheet_of_pictures_is_looked_at_by_keys() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(&dir, &["front.png", "back.png", "label.png"]);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("e V").await;
    assert!(screen.sees("Pictures (") && screen.sees("▌front.png") && screen.sees("back.png"), "{}", screen.text());
    assert!(screen.sees("225 × 270 pixels") && screen.sees("300 pixels an inch"), "facts stand beside:\n{}", screen.text());
    assert!(blocks(&screen) > 200, "{}", screen.text());
    screen.keys("right").await;
    assert!(screen.sees("▌back.png"));
    let small = blocks(&screen);
    screen.keys("enter").await;
    assert!(blocks(&screen) > small && !screen.sees("label.png"), "{}", screen.text());
    screen.keys("right").await;
    assert!(screen.sees("label.png"));
    screen.keys("esc").await;
    assert!(screen.sees("▌label.png") && screen.sees("front.png"), "back to all of them");
    screen.keys("esc").await;
    assert!(!screen.sees("Pictures (") && blocks(&screen) == 0, "{}", screen.text());
}

#[tokio::test]
async fn closing_does_not_wait_for_a_picture() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(&dir, &["front.png"]);
    let mut screen = desk.screen(100, 30).await;
    screen.keys("e").await;
    screen.key("V".parse::<juggler::tui::keymap::Chord>().unwrap().event());
    screen.draw();
    assert!(screen.sees("Pictures (") && screen.app.pending() > 0, "it is being made ready");
    screen.key("esc".parse::<juggler::tui::keymap::Chord>().unwrap().event());
    screen.draw();
    assert!(!screen.sees("Pictures ("), "{}", screen.text());
    screen.settle().await;
    assert_eq!((screen.app.pending(), blocks(&screen)), (0, 0));
}

#[tokio::test]
async fn a_picture_is_edited_by_a_line_and_put_back_by_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(&dir, &["front.png"]);
    let mut screen = desk.screen(120, 36).await;
    let files = || desk.state.lock().unwrap().hand[0].draft.clone().unwrap().files;
    let before = files();
    screen.keys("e :").await;
    screen.write("pic").await;
    screen.keys("backspace backspace backspace").await;
    screen.write("picture res").await;
    screen.keys("tab").await;
    screen.write("4500x5400").await;
    screen.keys("enter").await;
    screen.saved().await;
    let asked =
        desk.asked(|request| matches!(request, Request::EditPicture { edits, .. } if edits[0].to_string() == "resize 4500x5400"));
    assert_eq!((asked, files()[0].facts.width), (1, Some(4500)), "{}", screen.text());
    assert!(screen.sees("4500 × 5400") && screen.sees("look at its edges"), "{}", screen.text());
    screen.keys("space u").await;
    assert_eq!(files(), before, "{}", screen.text());
    screen.keys("space u").await;
    assert!(screen.sees("no edit of a picture is there to take back"), "{}", screen.text());
    // A line of its own says what can be written.
    screen.keys("space i").await;
    screen.write("dp").await;
    assert!(screen.sees("say how many pixels an inch"), "{}", screen.text());
    screen.keys("ctrl-u").await;
    screen.write("blur").await;
    screen.keys("enter").await;
    assert!(screen.sees("“blur” is no edit"), "{}", screen.text());
}

#[tokio::test]
async fn what_the_job_asks_is_mended_by_a_key() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(&dir, &["front.png"]);
    let mut screen = desk.screen(120, 36).await;
    screen.keys("e").await;
    assert!(screen.sees("picture resize 4500x5400"), "the check names the edit:\n{}", screen.text());
    screen.keys("space m").await;
    let edits = |request: &Request| match request {
        Request::EditPicture { edits, .. } => {
            edits.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ") == "resize 4500x5400 squeeze"
        }
        _ => false,
    };
    assert_eq!(desk.asked(edits), 1, "{:?}", desk.state.lock().unwrap().asked);
}

#[tokio::test]
async fn the_terminal_is_asked_late_and_a_silent_one_gets_half_blocks() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(&dir, &["front.png"]);
    let mut screen = desk.screen(100, 30).await;
    let asked = |screen: &Screen| {
        screen.outside.iter().filter(|effect| matches!(effect, Effect::Terminal(bytes) if bytes.ends_with(b"\x1b[c"))).count()
    };
    screen.app.meet_terminal_as(&|name| (name == "TERM").then(|| "xterm-256color".to_owned()), None);
    screen.keys("e").await;
    assert_eq!(asked(&screen), 0, "not before a picture is to be shown");
    screen.keys("V").await;
    assert_eq!((asked(&screen), blocks(&screen)), (1, 0), "{}", screen.text());
    let ends = screen.app.model().pictures.ways.ends_at().unwrap();
    assert!(ends - screen.clock.now() <= TimeDelta::seconds(1) && screen.app.wake_at().unwrap() <= ends);
    screen.clock.pass(TimeDelta::seconds(1));
    screen.app.tick();
    screen.settle().await;
    assert!(blocks(&screen) > 100, "{}", screen.text());
    screen.keys("esc V").await;
    assert_eq!(asked(&screen), 1, "once is enough");
}

#[tokio::test]
async fn a_terminal_that_draws_sixel_or_kitty_gets_that() {
    for (told, way) in [(Told::Kitty { packed: false }, "kitty"), (Told::Cell(9, 18), "sixel")] {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir, &["front.png"]);
        let mut screen = desk.screen(100, 30).await;
        screen.app.meet_terminal_as(&|name| (name == "TERM").then(|| "xterm".to_owned()), None);
        screen.keys("e V").await;
        for told in [told, Told::Cell(9, 18), Told::Attributes { sixel: way == "sixel" }] {
            screen.app.handle_message(Message::Terminal(told));
        }
        screen.settle().await;
        let sent =
            screen.outside.iter().any(|effect| matches!(effect, Effect::Graphics(bytes) if bytes.starts_with(b"\x1b_Gq=2")));
        let placed = screen.app.placed().to_vec();
        match way {
            "kitty" => assert!(sent && placed.is_empty() && screen.text().contains('\u{10eeee}')),
            _ => assert!(!sent && placed.len() == 1 && placed[0].bytes.windows(2).any(|w| w == b"\x1bP"), "{placed:?}"),
        }
        screen.keys("esc").await;
        assert!(screen.app.placed().is_empty(), "nothing is left of it");
        let forgot =
            screen.outside.iter().any(|effect| matches!(effect, Effect::Terminal(bytes) if bytes.starts_with(b"\x1b_Ga=d")));
        assert_eq!(forgot, way == "kitty");
    }
}

#[tokio::test]
async fn without_colours_there_are_facts_and_a_path() {
    let dir = tempfile::tempdir().unwrap();
    let desk = desk(&dir, &["front.png"]);
    let theme = juggler::tui::theme::Theme::new(juggler::tui::theme::Depth::Mono, false);
    let mut screen = Screen::themed(desk.handle.clone(), super::desk::config(), desk.clock.clone(), (100, 30), theme).await;
    screen.keys("e V").await;
    assert!(screen.sees("Without colours pictures cannot be shown here."), "{}", screen.text());
    assert!(screen.sees("225 × 270 pixels") && screen.sees("front.png"), "{}", screen.text());
    assert!(!screen.app.model().hits.links.is_empty(), "the path is a link");
}
