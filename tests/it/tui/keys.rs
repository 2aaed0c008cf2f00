//! Keymap, help, palette: every command has a way to it, and no key means two things.

use juggler::tui::command::Command;
use juggler::tui::keymap::{Chord, Found, Keymap, Layer, Stack};
use juggler::tui::widget::{help, palette};

use super::desk::{Desk, config};

fn change(layer: &str, keys: &str, id: &str) -> Vec<(String, String, String)> {
    vec![(layer.to_owned(), keys.to_owned(), id.to_owned())]
}

fn refused(layer: &str, keys: &str, id: &str) -> String {
    let failure = Keymap::compile(&change(layer, keys, id)).unwrap_err();
    assert!(!failure.hint.is_empty());
    failure.to_string()
}

#[test]
fn mistakes_are_refused_with_a_sentence() {
    assert!(refused("feed", "z", "feed.hide").contains("z (feed.hide in feed) is the beginning of"));
    assert!(refused("global", "g", "app.help").contains("is the beginning of"));
    assert!(refused("feed", "x", "feed.hid").contains("there is no command feed.hid"));
    assert!(refused("fed", "x", "feed.hide").contains("keys.fed is no layer"));
    assert!(refused("feed", "hyper-x", "feed.hide").contains("\"hyper-x\" is not a key"));
    assert!(refused("typing", "x", "submit").contains("types a character"));
    let mut twice = change("feed", "f5", "feed.poll");
    twice.extend(change("feed", "f5", "feed.hide"));
    assert!(Keymap::compile(&twice).unwrap_err().to_string().contains("binds f5 to both"));
}

/// Whoever copies a line out of the documents gets what it says.
#[test]
fn every_command_that_a_document_names_exists() {
    let groups: std::collections::BTreeSet<&str> =
        Command::ALL.iter().filter_map(|c| c.id().split_once('.')).map(|c| c.0).collect();
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    let mut named = 0;
    for text in [include_str!("../../../assets/config.toml"), include_str!("../../../README.md")] {
        for name in text.split(|c| !word(c)).map(|name| name.trim_matches('.')) {
            let Some((group, rest)) = name.split_once('.') else { continue };
            if groups.contains(group) && !rest.is_empty() && !rest.contains(['.', '/', '-']) {
                named += 1;
                assert!(Command::by_id(name).is_some(), "no command is called {name}");
            }
        }
    }
    assert!(named > 0);
}

#[test]
fn the_bindings_of_the_example_config_can_be_used() {
    let text = include_str!("../../../assets/config.toml");
    let bindings = text.lines().skip_while(|line| !line.starts_with("# [keys.")).map(|line| line.trim_start_matches('#'));
    let table: toml::Table = bindings.collect::<Vec<_>>().join("\n").parse().unwrap();
    let mut changes = Vec::new();
    for (layer, keys) in table["keys"].as_table().unwrap() {
        changes.extend(keys.as_table().unwrap().iter().flat_map(|(keys, id)| change(layer, keys, id.as_str().unwrap())));
    }
    assert!(!changes.is_empty());
    Keymap::compile(&changes).unwrap();
}

#[test]
fn changes_take_effect_and_can_unbind() {
    let map = Keymap::compile(&change("feed", "f5", "feed.hide")).unwrap();
    let keys = Chord::sequence("f5").unwrap();
    assert_eq!(map.find(Stack::Feed, &keys), Found::Command(Command::Hide));
    assert_eq!(map.find(Stack::Hand, &keys), Found::Nothing);
    let map = Keymap::compile(&change("feed", "x", "")).unwrap();
    assert_eq!(map.find(Stack::Feed, &Chord::sequence("x").unwrap()), Found::Nothing);
    assert_eq!(map.keys(Layer::Feed, Command::Hide), Vec::<String>::new());
}

#[test]
fn ids_are_unique_and_lead_back() {
    let mut seen = std::collections::BTreeSet::new();
    for command in Command::ALL {
        assert!(seen.insert(command.id()), "{} twice", command.id());
        assert_eq!(Command::by_id(command.id()), Some(*command));
        assert!(!command.title().is_empty() && command.help().ends_with('.'), "{}", command.id());
    }
}

#[test]
fn help_lists_every_command_with_its_live_keys() {
    let map = Keymap::compile(&change("feed", "f5", "feed.poll")).unwrap();
    let theme = juggler::tui::theme::Theme::new(juggler::tui::theme::Depth::Mono, false);
    for stack in Stack::ALL {
        let lines = help::lines(&map, stack, "", 200, &theme);
        let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let text = text.join("\n");
        for command in Command::ALL.iter().filter(|command| command.own().is_none()) {
            assert!(text.contains(command.help()), "{} is missing", command.id());
        }
        assert!(text.contains("f5"));
    }
    let found = help::lines(&map, Stack::Feed, "out sight hour", 200, &theme);
    assert_eq!(found.iter().filter(|line| line.to_string().contains("Snooze an hour")).count(), 1);
}

#[test]
fn the_palette_reaches_every_command() {
    for command in Command::ALL.iter().filter(|command| !command.is_dialog() && command.own().is_none()) {
        assert_eq!(matches(command.id()), vec![*command]);
        assert!(matches(command.title()).contains(command), "{}", command.title());
    }
    assert_eq!(matches("").len(), Command::ALL.iter().filter(|command| !command.is_dialog() && command.own().is_none()).count());
    assert_eq!(matches("snztom").first(), Some(&Command::SnoozeTomorrow));
}

#[tokio::test]
async fn the_palette_runs_what_is_highlighted() {
    let desk = Desk::with(10);
    let mut screen = desk.screen(100, 30).await;
    screen.keys(":").await;
    screen.write("feed.hide").await;
    screen.keys("enter").await;
    assert_eq!(desk.asked(|r| matches!(r, juggler::engine::api::Request::Triage { .. })), 1);
}

#[tokio::test]
async fn a_prefix_waits_and_escape_forgets_it() {
    let desk = Desk::with(10);
    let mut screen = desk.screen(100, 30).await;
    screen.rest().await;
    screen.keys("z").await;
    assert!(!screen.sees("Snooze a week"), "hints come after a moment");
    assert_eq!(screen.app.wake_at().unwrap(), screen.clock.now() + chrono::TimeDelta::milliseconds(250));
    screen.clock.pass(chrono::TimeDelta::milliseconds(250));
    screen.app.tick();
    screen.settle().await;
    assert!(screen.sees("Snooze a week") && screen.sees("Snooze an hour"));
    screen.keys("esc").await;
    assert!(!screen.sees("Snooze a week"));
    screen.keys("z h").await;
    assert_eq!(desk.asked(|r| matches!(r, juggler::engine::api::Request::Triage { .. })), 1);
}

#[tokio::test]
async fn an_ambiguous_keymap_does_not_start() {
    let desk = Desk::with(1);
    let mut config = config();
    config.keys = change("feed", "z", "feed.hide");
    let theme = juggler::tui::theme::Theme::new(juggler::tui::theme::Depth::Mono, false);
    let clock = desk.clock.clone();
    let app = juggler::tui::app::App::new(
        desk.handle.clone(),
        std::sync::Arc::new(config),
        theme,
        std::sync::Arc::new(move || clock.now()),
    );
    assert!(app.is_err());
}

#[test]
fn a_command_can_be_typed_by_its_name() {
    for (typed, command) in [
        ("q", Command::Quit),
        (":q", Command::Quit),
        ("quit", Command::Quit),
        ("claim", Command::Claim),
        ("submit", Command::Submit),
        ("feed.hide", Command::Hide),
        ("w", Command::Save),
        ("release", Command::Release),
    ] {
        assert_eq!(matches(typed).first(), Some(&command), "{typed}");
    }
}

#[test]
fn the_readme_names_keys_that_are_bound() {
    let map = Keymap::compile(&[]).unwrap();
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let table = readme.lines().skip_while(|line| !line.starts_with("| key ")).skip(2).take_while(|line| line.starts_with('|'));
    let stacks = [Stack::Feed, Stack::Hand, Stack::Typing, Stack::Prompt];
    let mut seen = 0;
    for row in table {
        let column = row.split('|').nth(1).unwrap();
        for key in column.split('`').skip(1).step_by(2) {
            // "z…" is the beginning of several.
            let (keys, whole) = key.strip_suffix('…').map_or((key, true), |prefix| (prefix, false));
            let keys = Chord::sequence(if keys == "Esc" { "esc" } else { keys }).unwrap();
            let found = |stack: &Stack| match map.find(*stack, &keys) {
                Found::Command(_) => whole,
                Found::Prefix => !whole,
                Found::Nothing => false,
            };
            assert!(stacks.iter().any(found), "{key} is in the README and bound nowhere");
            seen += 1;
        }
    }
    assert!(seen > 15, "the table was found");
}

/// What the palette offers with the built-in keys.
fn matches(typed: &str) -> Vec<Command> {
    palette::matches(typed, &Keymap::compile(&[]).unwrap())
}
