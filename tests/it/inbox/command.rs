//! An inbox from the command line: added, tested, listed.

use super::*;
use crate::cli::Place;

fn titles(place: &Place) -> Vec<String> {
    let ran = place.run(&["jobs", "--poll", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut titles: Vec<String> = ran.lines().iter().map(|row| row["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

fn with_inbox() -> (Place, PathBuf) {
    let place = Place::new();
    let path = place.path().join("jobs.jsonl");
    let added = place.run(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]);
    assert_eq!(added.code, 0, "{added:?}");
    (place, path)
}

#[test]
fn lines_become_jobs_and_leave_again() {
    let (place, path) = with_inbox();
    let config = fs::read_to_string(place.config_file()).unwrap();
    assert!(config.contains("adapter = \"inbox\"") && config.contains(path.to_str().unwrap()), "{config}");
    fs::write(&path, line("1", "one") + "nonsense\n" + &line("2", "two")).unwrap();
    assert_eq!(titles(&place), ["one", "two"]);
    append(&path, "{\"id\":\"1\",\"gone\":true}\n");
    append(&path, &line("3", "three"));
    assert_eq!(titles(&place), ["three", "two"]);
    // Rotated: what was listed stays until it is said to be gone.
    fs::rename(&path, path.with_extension("1")).unwrap();
    fs::write(&path, line("4", "four")).unwrap();
    assert_eq!(titles(&place), ["four", "three", "two"]);
    // A whole list says what is gone by what it leaves out.
    fs::write(path.with_extension("new"), "{\"whole\":true}\n".to_owned() + &line("4", "four") + &line("5", "five")).unwrap();
    fs::rename(path.with_extension("new"), &path).unwrap();
    assert_eq!(titles(&place), ["five", "four"]);
    let said = place.run(&["show", "mine", "--raw"]);
    assert!(said.out.contains("nonsense"), "the odd line was kept: {said:?}");
}

#[test]
fn a_test_of_the_source_names_the_line() {
    let (place, path) = with_inbox();
    let none = place.run(&["sources", "test", "mine"]);
    assert_eq!(none.code, 3, "{none:?}");
    assert!(none.err.contains("nothing is at"), "{none:?}");
    fs::write(&path, line("1", "one") + "{\"id\":\"2\"}\n").unwrap();
    let ran = place.run(&["sources", "test", "mine"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("jobs.jsonl line 2: it has no title") && ran.out.contains("1 job understood"), "{ran:?}");
    assert!(ran.err.contains("could be read") && ran.err.contains("line 2"), "{ran:?}");
    fs::write(&path, line("1", "one")).unwrap();
    assert_eq!(place.run(&["sources", "test", "mine"]).code, 0);
}

#[test]
fn a_job_of_an_inbox_is_claimed_at_its_page() {
    let (place, path) = with_inbox();
    fs::write(&path, "{\"id\":\"1\",\"title\":\"one\",\"url\":\"https://example.org/1\"}\n{\"id\":\"2\",\"title\":\"two\",\"claim\":\"race\"}\n")
        .unwrap();
    assert_eq!(titles(&place), ["one", "two"]);
    let ran = place.run(&["claim", "mine:1"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.contains("claimed at its page") && ran.err.contains("open https://example.org/1"), "{ran:?}");
    let ran = place.run(&["claim", "mine:2"]);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(ran.err.contains("this source cannot claim"), "{ran:?}");
}

#[test]
fn what_is_wrong_in_the_config_is_told() {
    let place = Place::new();
    for (lines, words) in [
        ("adapter = \"inbox\"", "an inbox needs a path"),
        ("adapter = \"letterbox\"\nrecipe = \"practice\"", "there is no adapter \"letterbox\""),
        ("adapter = \"inbox\"\npath = \"~/x\"\nrecipe = \"practice\"", "an inbox has no recipe"),
        ("recipe = \"practice\"\npath = \"~/x\"", "only an inbox has a path"),
    ] {
        place.write_config(&format!("[[source]]\nname = \"mine\"\n{lines}\n"));
        let ran = place.run(&["config", "check"]);
        assert_eq!(ran.code, 3, "{ran:?}");
        assert!(format!("{}{}", ran.out, ran.err).contains(words), "{words}: {ran:?}");
    }
    place.write_config("[[source]]\nname = \"mine\"\nadapter = \"inbox\"\npath = \"~/jobs.jsonl\"\n");
    let shown = place.run(&["config", "show"]);
    assert!(shown.out.contains("adapter = \"inbox\"") && shown.out.contains("/jobs.jsonl"), "{shown:?}");
    let both = place.run(&["sources", "add", "x", "--inbox", "a", "--recipe", "practice"]);
    assert_eq!(both.code, 2, "{both:?}");
    assert_eq!(place.run(&["sources", "add", "x"]).code, 2);
}
