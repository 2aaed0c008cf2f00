//! Alerts, copying and links in the terminal program: events and keys in, bytes for the terminal out.

use juggler::domain::{Alert, AlertKind, Bundle, Text};
use juggler::engine::api::What;
use juggler::tui::message::Effect;
use juggler::tui::osc::{Far, Protocol, Through, link_bytes};

use super::start;
use crate::tui::{Desk, Screen};

fn far() -> Far {
    Far {
        through: Through::Direct,
        protocol: Some(Protocol::SevenSevenSeven),
        bell: true,
        title: true,
        clipboard: true,
        links: true,
    }
}

async fn screen(desk: &Desk, far: Far) -> Screen {
    let mut screen = desk.screen(100, 30).await;
    screen.app.speak_to(far);
    screen.settle().await;
    screen
}

/// What went to the terminal beside frames, since this was last asked.
fn sent(screen: &mut Screen) -> String {
    let bytes = screen.outside.drain(..).map(|effect| match effect {
        Effect::Terminal(bytes) => String::from_utf8(bytes).unwrap(),
        other => panic!("{other:?}"),
    });
    bytes.collect()
}

fn bundle(kinds: &[AlertKind]) -> Bundle {
    let alert = |kind: &AlertKind| Alert::new(*kind, &format!("{}: Five taglines", kind.words()), "s", start()).body("0.85 USD");
    Bundle { alerts: kinds.iter().map(alert).collect(), ..Bundle::default() }
}

#[tokio::test]
async fn an_alert_notifies_rings_and_counts_until_a_key_comes() {
    let desk = Desk::with(3);
    let mut screen = screen(&desk, far()).await;
    assert_eq!(sent(&mut screen), "\x1b]2;juggler\x1b\\");
    desk.tell(What::Alert { bundle: bundle(&[AlertKind::Rule]) });
    screen.settle().await;
    assert_eq!(sent(&mut screen), "\x1b]2;(1) juggler\x1b\\\x1b]777;notify;match: Five taglines;0.85 USD\x1b\\\x07");
    assert!(screen.sees("match: Five taglines · 0.85 USD"), "{}", screen.text());
    desk.tell(What::Alert { bundle: bundle(&[AlertKind::Paid, AlertKind::Revision]) });
    screen.settle().await;
    assert!(sent(&mut screen).starts_with("\x1b]2;(3) juggler\x1b\\\x1b]777;notify;2 alerts;"));
    screen.keys("j").await;
    assert_eq!(sent(&mut screen), "\x1b]2;juggler\x1b\\");
    screen.keys("k").await;
    assert_eq!(sent(&mut screen), "");
}

#[tokio::test]
async fn what_quiet_hours_held_back_is_said() {
    let desk = Desk::with(3);
    let mut screen = screen(&desk, Far { protocol: None, title: false, ..far() }).await;
    desk.tell(What::Alert { bundle: Bundle { held: vec![(AlertKind::Paid, 4), (AlertKind::Rule, 3)], ..Bundle::default() } });
    screen.settle().await;
    assert!(screen.sees("7 alerts while quiet: 4 × paid, 3 × match"), "{}", screen.text());
    assert_eq!(sent(&mut screen), "\x07");
}

#[tokio::test]
async fn without_a_terminal_nothing_is_sent() {
    let desk = Desk::with(3);
    let mut screen = desk.screen(100, 30).await;
    desk.tell(What::Alert { bundle: bundle(&[AlertKind::Rule]) });
    screen.settle().await;
    assert!(screen.outside.is_empty());
}

#[tokio::test]
async fn the_copy_menu_sends_and_says_no_more_than_it_knows() {
    let desk = Desk::with(3);
    desk.change_jobs(|job| job.url = Some(Text::title("https://jobs.example.org/42")));
    let mut screen = screen(&desk, far()).await;
    sent(&mut screen);
    let row = screen.app.model().feed.row().unwrap().clone();
    let whole = |text: &str| {
        let (bytes, _) = far().clipboard(text).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    for (keys, text) in
        [("y k", row.key.to_string()), ("y t", row.title.to_string()), ("y u", "https://jobs.example.org/42".to_owned())]
    {
        screen.keys(keys).await;
        assert_eq!(sent(&mut screen), whole(&text), "{keys}");
        assert!(screen.sees("sent to the terminal's clipboard"), "{}", screen.text());
    }
    // The whole brief, not what the row knows of it; from the open brief as well.
    screen.keys("y b").await;
    let brief = sent(&mut screen);
    assert!(brief.starts_with("\x1b]52;c;") && brief.len() > 20);
    screen.keys("o").await;
    screen.keys("y b").await;
    assert_eq!(sent(&mut screen), brief);
}

#[tokio::test]
async fn what_is_too_long_or_has_nowhere_to_go_is_said() {
    let desk = Desk::with(1);
    desk.change_jobs(|job| job.brief = Text::body(&"long ".repeat(25_000)));
    let mut screen = screen(&desk, far()).await;
    sent(&mut screen);
    screen.keys("y b").await;
    assert_eq!(sent(&mut screen), "");
    assert!(screen.sees("the text has 125 kB, and terminals take 100 kB at most"), "{}", screen.text());
    screen.keys("d y u").await;
    assert!(screen.sees("the platform names no page for this job"), "{}", screen.text());
    screen.app.speak_to(Far { clipboard: false, title: false, ..far() });
    screen.keys("d y t").await;
    assert_eq!(sent(&mut screen), "");
    assert!(screen.sees("this terminal has none"), "{}", screen.text());
}

#[tokio::test]
async fn only_a_page_that_was_checked_becomes_a_link() {
    let desk = Desk::with(1);
    desk.change_jobs(|job| job.url = Some(Text::title("https://jobs.example.org/a?b=é")));
    let mut open = screen(&desk, far()).await;
    open.keys("o").await;
    let [link] = open.app.links() else { panic!("{:?}", open.app.links()) };
    assert_eq!(link.text, "https://jobs.example.org/a?b=%C3%A9");
    // It stands where its text stands.
    let line = open.text().lines().nth(usize::from(link.at.y)).unwrap().to_owned();
    let at: String = line.chars().skip(usize::from(link.at.x)).take(link.text.len()).collect();
    assert_eq!(at, link.text);
    let bytes = String::from_utf8(link_bytes(open.app.links())).unwrap();
    assert!(bytes.contains("\x1b]8;;https://jobs.example.org/a?b=%C3%A9\x1b\\https://jobs"), "{bytes:?}");
    // Under something else it is no link, nor on a terminal that takes none.
    open.keys("?").await;
    assert!(open.app.links().is_empty());
    open.keys("esc").await;
    assert_eq!(open.app.links().len(), 1);
    open.app.speak_to(Far { links: false, ..far() });
    assert!(open.app.links().is_empty());
    for bad in ["http://jobs.example.org/", "https://10.0.0.1/", "https://user:pw@example.org/", "javascript:alert(1)"] {
        desk.change_jobs(|job| job.url = Some(Text::title(bad)));
        let mut open = screen(&desk, far()).await;
        open.keys("o").await;
        assert!(open.app.links().is_empty() && open.sees(bad), "{bad}: {}", open.text());
    }
    // A host that is not seen whole is none: its end is what counts.
    desk.change_jobs(|job| {
        job.url = Some(Text::title(&format!("https://{}.evil.example/", "paypal.com.".repeat(12).trim_end_matches('.'))))
    });
    let mut open = screen(&desk, far()).await;
    open.keys("o").await;
    assert!(open.app.links().is_empty());
}
