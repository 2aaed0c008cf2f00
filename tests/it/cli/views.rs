//! `juggler views`: made, listed with counts, used, forgotten; in the config file and in the running engine.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use juggler::config::{Config, Overrides};
use serde_json::Value;

use super::Place;
use super::jobs::job;

fn place() -> Place {
    let place = Place::new();
    place.with_inbox(&[
        job("a", "tagline", "0.40 USD", 4, "Acme"),
        job("b", "tagline", "2.00 USD", 60, "Acme"),
        job("c", "survey", "1.00 USD", 5, "Bolt"),
    ]);
    place
}

fn named<'a>(views: &'a [Value], name: &str) -> Option<&'a Value> {
    views.iter().find(|view| view["name"] == name)
}

#[test]
fn a_view_is_saved_listed_used_and_forgotten() {
    let place = place();
    let before = fs::read_to_string(place.config_file()).unwrap();
    place.write_config(&format!("# my own words\n{before}"));
    let saved = place.run(&["views", "save", "Quick", "mins<=10", "!kind:survey", "--sort", "rate,-pay", "--json"]);
    assert_eq!((saved.code, &saved.json()["total"]), (0, &1.into()), "{saved:?}");
    let file = fs::read_to_string(place.config_file()).unwrap();
    assert!(file.starts_with("# my own words\n") && file.contains("name = \"Quick\""), "{file}");
    assert_eq!(place.run(&["config", "check"]).code, 0);
    assert_eq!(place.keys(&["--view", "quick"]), ["mine:a"], "case does not matter");
    let views = place.run(&["views", "--json"]).lines();
    let quick = named(&views, "Quick").unwrap();
    assert_eq!(
        (&quick["sort"], &quick["total"], &quick["builtin"]),
        (&serde_json::json!(["rate", "-pay"]), &1.into(), &false.into())
    );
    assert_eq!((&named(&views, "Open").unwrap()["total"], &named(&views, "All").unwrap()["builtin"]), (&3.into(), &true.into()));
    // Saved again, it is another one under the name, not one more.
    assert_eq!(place.run(&["views", "save", "Quick", "kind:survey"]).code, 0);
    assert_eq!(place.keys(&["--view", "Quick"]), ["mine:c"]);
    assert_eq!(place.run(&["views", "--json"]).lines().len(), views.len());
    let dropped = place.run(&["views", "drop", "quick"]);
    assert!(dropped.code == 0 && dropped.out.contains("it was: kind:survey"), "{dropped:?}");
    let unknown = place.run(&["jobs", "--view", "Quick"]);
    assert!(unknown.code == 4 && unknown.err.contains("Open, Starred"), "{unknown:?}");
    assert_eq!(place.run(&["views", "drop", "quick"]).code, 4);
    assert!(fs::read_to_string(place.config_file()).unwrap().starts_with("# my own words\n"));
}

#[test]
fn a_view_that_cannot_be_written_is_not_there() {
    let place = place();
    let before = fs::read_to_string(place.config_file()).unwrap();
    let text = format!("view = [{{ name = \"Mine\", query = \"kind:tagline\" }}]\n{before}");
    place.write_config(&text);
    assert_eq!(place.keys(&["--view", "mine"]).len(), 2);
    let ran = place.run(&["views", "save", "More", "kind:survey"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("views in one line"), "{ran:?}");
    assert_eq!(fs::read_to_string(place.config_file()).unwrap(), text);
    assert_eq!(place.run(&["views", "--json"]).lines().len(), 1);
}

#[test]
fn views_saved_at_once_are_all_kept() {
    let place = place();
    let mut engine = place.command(&["events", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut events = BufReader::new(engine.stdout.take().unwrap()).lines();
    let mut until =
        |event: &str| events.by_ref().map(Result::unwrap).any(|line| line.contains(&format!("\"event\":\"{event}\"")));
    // The engine that the others find is there.
    let (config, data_dir) = (Some(place.config_file()), Some(place.data_dir()));
    let socket = Config::load(&Overrides { config, data_dir, ..Overrides::default() }).unwrap().paths.socket;
    crate::support::until("it answers", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
    assert_eq!(place.run(&["jobs", "--poll", "--limit", "1"]).code, 0);
    let names: Vec<String> = (0..6).map(|n| format!("view {n}")).collect();
    let saving: Vec<_> = names
        .iter()
        .map(|name| place.command(&["views", "save", name, "kind:tagline"]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut one in saving {
        assert!(one.wait().unwrap().success());
    }
    assert!(until("views"), "whoever listens is told");
    let listed = place.run(&["views", "--json"]).lines();
    let process = rustix::process::Pid::from_child(&engine);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    assert!(engine.wait().unwrap().success());
    let again = place.run(&["views", "--json"]).lines();
    for views in [listed, again] {
        assert!(names.iter().all(|name| named(&views, name).is_some_and(|view| view["total"] == 2)), "{views:?}");
    }
}
