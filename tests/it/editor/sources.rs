//! The source pane: attachments beside the draft, read, searched, looked up and quoted; keys in, screen out.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use juggler::domain::draft::FileFacts;
use juggler::domain::job::Attachment;
use juggler::domain::origin::Origin;
use juggler::domain::{KeptFile, Text};
use juggler::engine::api::AttachmentView;
use juggler::tui::pane::editor::{EditorEffect, EditorInput};

use super::desk::{Desk, id, view, with_draft};

const REPORT: &str = "--- page 1 ---\nHow people get to work.\nA survey of eleven towns.\n\n--- page 2 ---\nHalf of them walk. In New\nYork City 1,200 people were asked about it, and 35 % drive.\n\n--- page 3 ---\nBuses cost 1.2 million a year.\nNobody said “never again”.";

fn listed(name: &str) -> Attachment {
    Attachment {
        name: Text::title(name),
        mime: Text::title("application/pdf"),
        size: Some(40_240),
        sha256: None,
        url: Some(Text::title("/files/1")),
        text: None,
    }
}

fn told(name: &str, text: Option<&str>) -> AttachmentView {
    AttachmentView {
        name: Text::title(name),
        mime: Text::title("application/pdf"),
        size: Some(40_240),
        host: Text::title("http://127.0.0.1:9000"),
        own: true,
        kept: text.map(|_| KeptFile {
            facts: FileFacts { mime: Text::title("application/pdf"), ..FileFacts::default() },
            ..KeptFile::default()
        }),
        text: text.map(Text::source),
        trouble: Text::default(),
    }
}

/// A desk with a draft, and a job that comes with these, none fetched.
fn desk(size: (u16, u16), draft: &str, names: &[&str]) -> Desk {
    let mut desk = Desk::new(size.0, size.1);
    let mut with = with_draft(view("a1", "Summary", 60), 1, draft);
    with.assignment.job.attachments = names.iter().map(|name| listed(name)).collect();
    desk.pane.open(with);
    desk.screen();
    desk
}

fn tell(desk: &mut Desk, items: Vec<AttachmentView>) {
    let effects = desk.pane.attachments(&id("a1"), items);
    desk.effects.extend(effects);
}

fn read(desk: &mut Desk, code: KeyCode, modifiers: KeyModifiers) {
    desk.input(EditorInput::Read(KeyEvent::new(code, modifiers)));
}

fn wanted(desk: &mut Desk) -> Vec<String> {
    let fetch = |effect: &EditorEffect| match effect {
        EditorEffect::Fetch { name, .. } => Some(format!("fetch {name}")),
        EditorEffect::Sources { .. } => Some("ask".to_owned()),
        _ => None,
    };
    let found = desk.effects.iter().filter_map(fetch).collect();
    desk.effects.clear();
    found
}

/// Side by side where there is room, over the draft where there is none.
const SIZES: [(u16, u16); 2] = [(160, 50), (80, 24)];

#[test]
fn a_key_opens_what_is_at_the_source_and_shows_any_other_host_first() {
    for size in SIZES {
        let mut desk = desk(size, "My words.", &["report.pdf", "far.pdf"]);
        assert_eq!(wanted(&mut desk), [""; 0], "nothing is fetched by itself");
        desk.command("editor.attachment");
        assert_eq!(wanted(&mut desk), ["ask"]);
        let far = AttachmentView { host: Text::title("https://files.example.net:443"), own: false, ..told("far.pdf", None) };
        tell(&mut desk, vec![told("report.pdf", None), far.clone()]);
        assert_eq!(wanted(&mut desk), ["fetch report.pdf"]);
        assert!(desk.screen().contains("Being fetched from http://127.0.0.1:9000"), "{}", desk.screen());
        tell(&mut desk, vec![told("report.pdf", Some(REPORT)), far.clone()]);
        let screen = desk.screen();
        assert!(screen.contains("1/2 report.pdf · page 1 of 3") && screen.contains("How people get to work."), "{screen}");
        assert_eq!(screen.contains("My words."), size.0 == 160, "{screen}");
        desk.command("editor.attachment");
        tell(&mut desk, vec![told("report.pdf", Some(REPORT)), far]);
        assert_eq!(wanted(&mut desk), ["ask"], "a stranger's host wants a key of its own");
        let screen = desk.screen();
        assert!(screen.contains("2/2 far.pdf") && screen.contains("https://files.example.net:443, NOT the"), "{screen}");
        desk.command("editor.fetch");
        assert_eq!(wanted(&mut desk), ["fetch far.pdf"]);
        desk.pane.not_fetched(&id("a1"));
        assert!(desk.screen().contains(":fetch fetches it from there."), "{}", desk.screen());
        read(&mut desk, KeyCode::Char('1'), KeyModifiers::NONE);
        assert!(desk.screen().contains("1/2 report.pdf"));
        read(&mut desk, KeyCode::Char('3'), KeyModifiers::NONE);
        assert!(desk.notices().contains(&"There is no attachment 3."));
        desk.command("editor.brief");
        let behind = if size.0 == 160 { "Brightcup sells coffee" } else { "My words." };
        assert!(desk.screen().contains(behind), "{}", desk.screen());
    }
}

/// With the report open.
fn open(size: (u16, u16), draft: &str) -> Desk {
    let mut desk = desk(size, draft, &["notes.md", "report.pdf"]);
    desk.command("editor.attachment");
    tell(&mut desk, vec![told("notes.md", Some("# Towns\nEleven of them.")), told("report.pdf", Some(REPORT))]);
    desk.effects.clear();
    desk
}

#[test]
fn a_claim_is_shown_on_its_page() {
    for size in SIZES {
        let mut desk = open(
            size,
            "In 2024 they asked 1200 people in NEW YORK CITY, at 1,200,000 a year, said \u{201c}Never  again\u{201d}.",
        );
        for (at, place) in [
            ("1200", "“1200”: one place, report.pdf, page 2."),
            ("YORK", "“NEW YORK CITY”: one place, report.pdf, page 2."),
            ("1,200,000", "“1,200,000”: one place, report.pdf, page 3."),
            ("again", "“Never again”: one place, report.pdf, page 3."),
            ("2024", "“2024” is in none of the 2 attachments."),
        ] {
            let text = desk.text();
            desk.pane.go_to(&id("a1"), (0, text.find(at).unwrap() + 1));
            desk.command("editor.look_up");
            let told = desk.notices().last().copied().unwrap_or_default().to_owned();
            assert_eq!(told.replace("Never  again", "Never again"), place);
            desk.screen();
        }
        let screen = desk.screen();
        assert!(screen.contains("2/2 report.pdf · page 3 of 3"), "{screen}");
        // What was found is lit.
        desk.pane.go_to(&id("a1"), (0, desk.text().find("1200").unwrap()));
        desk.command("editor.look_up").screen();
        let buffer = desk.terminal.backend().buffer().clone();
        let area = buffer.area;
        let row = (0..area.height)
            .find(|y| (0..area.width).map(|x| buffer[(x, *y)].symbol()).collect::<String>().contains("1,200 people"));
        let y = row.expect("the place is in sight");
        let line: Vec<&str> = (0..area.width).map(|x| buffer[(x, y)].symbol()).collect();
        let x = (0..line.len()).find(|x| line[*x..].concat().starts_with("1,200 people")).unwrap();
        assert_ne!(buffer[(x as u16, y)].style(), buffer[(x as u16 + 7, y)].style(), "the number is lit and the words are not");
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn a_source_is_searched_and_scrolled() {
    for size in SIZES {
        let mut desk = open(size, "");
        read(&mut desk, KeyCode::Char('2'), KeyModifiers::NONE);
        desk.command("editor.search");
        desk.types("TOWNS");
        assert!(desk.screen().contains("Find in source: TOWNS"), "{}", desk.screen());
        desk.types("x");
        assert!(desk.screen().contains("TOWNSx  not found"), "{}", desk.screen());
        desk.press(KeyCode::Esc);
        desk.command("editor.search").types("a").press(KeyCode::Enter);
        for _ in 0..4 {
            desk.command("editor.search_next");
        }
        desk.command("editor.search_prev");
        assert!(desk.notices().is_empty(), "{:?}", desk.notices());
        read(&mut desk, KeyCode::End, KeyModifiers::NONE);
        assert!(desk.screen().contains("page 3 of 3 · 100 %"), "{}", desk.screen());
        read(&mut desk, KeyCode::Char('['), KeyModifiers::NONE);
        assert!(desk.screen().contains("page 2 of 3"), "{}", desk.screen());
        read(&mut desk, KeyCode::Home, KeyModifiers::NONE);
        assert!(desk.screen().contains("page 1 of 3"), "{}", desk.screen());
        // A megabyte is turned over page by page without a pause.
        let long: String = (0..20_000).map(|n| format!("Line {n} of a long source, with words enough to fill it.\n")).collect();
        tell(&mut desk, vec![told("notes.md", None), told("report.pdf", Some(&long))]);
        let begin = std::time::Instant::now();
        for _ in 0..200 {
            read(&mut desk, KeyCode::PageDown, KeyModifiers::NONE);
            desk.screen();
        }
        println!("{size:?}: 200 screens of 1 MB in {:?}", begin.elapsed());
        assert!(desk.screen().contains("Line "));
        read(&mut desk, KeyCode::End, KeyModifiers::NONE);
        assert!(desk.screen().contains("Line 19999"), "{}", desk.screen());
    }
}

#[test]
fn what_is_quoted_is_marked_as_quoted() {
    let mut desk = open((160, 50), "My words. ");
    let end = desk.text().len();
    desk.pane.go_to(&id("a1"), (0, end));
    read(&mut desk, KeyCode::Char('2'), KeyModifiers::NONE);
    desk.screen();
    desk.command("editor.search").types("asked").press(KeyCode::Enter);
    desk.command("editor.quote");
    let quoted = "“In New York City 1,200 people were asked about it, and 35 % drive.”";
    assert_eq!(desk.text(), format!("My words. {quoted}"));
    let origins = desk.pane.origins(&id("a1")).unwrap();
    let source = Text::title("report.pdf");
    let runs: Vec<_> = origins.runs().map(|(range, origin)| (range.len(), origin.clone())).collect();
    assert_eq!(runs, [(end, Origin::Typed), (quoted.len(), Origin::Quoted { source })]);
    desk.command("editor.undo");
    assert_eq!(desk.text(), "My words. ");
    // Lines that are selected go as they are, without the marks of pages.
    read(&mut desk, KeyCode::Home, KeyModifiers::NONE);
    for _ in 0..5 {
        read(&mut desk, KeyCode::Down, KeyModifiers::SHIFT);
    }
    desk.command("editor.quote");
    assert_eq!(desk.text(), "My words. “How people get to work. A survey of eleven towns. Half of them walk. In New”");
}
