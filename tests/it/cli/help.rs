//! Help leads with examples, and names every command and exit code.

use clap::CommandFactory;
use juggler::cli::Args;

use super::Place;

#[test]
fn help_leads_with_examples_and_ends_with_exit_codes() {
    let ran = Place::new().run(&["--help"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("Examples:\n  juggler demo"), "{}", ran.out);
    for code in 0..=12 {
        assert!(ran.out.contains(&format!(" {code:<3} ")), "exit code {code} is not explained in\n{}", ran.out);
    }
    for word in ["JUGGLER_CONFIG", "NO_COLOR", "XDG_DATA_HOME", "--json", "--data-dir"] {
        assert!(ran.out.contains(word), "{word} is not explained");
    }
}

#[test]
fn the_definition_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn every_command_has_help_with_an_example_that_parses() {
    let place = Place::new();
    for command in Args::command().get_subcommands() {
        let name = command.get_name();
        let ran = place.run(&[name, "--help"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(command.get_about().is_some(), "{name} does not say what it does");
        for line in ran.out.lines().filter_map(|line| line.strip_prefix("  juggler ")) {
            let line = line.split(['|', '>', '<']).next().unwrap();
            let words = std::iter::once("juggler").chain(line.split_whitespace());
            let parsed = Args::command().try_get_matches_from(words);
            assert!(parsed.is_ok(), "the example \"{line}\" of {name} does not parse: {}", parsed.unwrap_err());
        }
    }
}

#[test]
fn completions_come_from_the_same_definition() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        let ran = place.run(&["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        for word in ["triage", "snooze", "headless", "completions"] {
            assert!(ran.out.contains(word), "{shell} does not know {word}");
        }
    }
    assert_eq!(place.run(&["completions", "cobol"]).code, 2);
}
