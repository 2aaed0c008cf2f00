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
        assert!(ran.out.starts_with("Examples:\n  juggler "), "the help of {name} does not lead with examples\n{}", ran.out);
        for line in ran.out.lines().filter_map(|line| line.strip_prefix("  juggler ")) {
            // As a shell splits it, up to where it would send it elsewhere.
            let words = shell_words::split(line).unwrap();
            let own = words.into_iter().take_while(|word| !["|", ">", "<", "&&"].contains(&word.as_str()));
            let words = std::iter::once("juggler".to_owned()).chain(own);
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

/// Text of the manual without its marks.
fn plain(page: &str) -> String {
    page.replace("\\*(Aq", "'")
        .replace("\\-", "-")
        .replace("\\fB", "")
        .replace("\\fR", "")
        .replace("\\fI", "")
        .replace("\\.", ".")
        .replace("\\&", "")
}

#[test]
fn the_manual_comes_from_the_same_definition() {
    let place = Place::new();
    let ran = place.run(&["man", "--out", "pages"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let mut wanted = vec![("juggler".to_owned(), Args::command())];
    wanted.extend(Args::command().get_subcommands().map(|command| (format!("juggler-{}", command.get_name()), command.clone())));
    assert_eq!(std::fs::read_dir(place.path().join("pages")).unwrap().count(), wanted.len());
    for (name, command) in wanted {
        let page = plain(&std::fs::read_to_string(place.path().join("pages").join(format!("{name}.1"))).unwrap());
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "OPTIONS", "EXIT CODES", "ENVIRONMENT", "FILES"] {
            let is_there = page.contains(&format!(".SH {section}\n")) || page.contains(&format!(".SH \"{section}\"\n"));
            assert!(is_there, "{name} has no {section}:\n{page}");
        }
        let examples = command.get_before_help().unwrap().to_string();
        for example in examples.lines().skip(1).filter(|line| !line.trim().is_empty()) {
            assert!(page.contains(example.trim()), "{name} lacks the example {example}\n{page}");
        }
        for flag in command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| arg.get_long()) {
            assert!(page.contains(&format!("--{flag}")), "{name} lacks --{flag}");
        }
    }
    assert!(place.run(&["man"]).out.contains("juggler") && place.run(&["man", "submit"]).out.contains("verdict"));
    assert_eq!(place.run(&["man", "nothing"]).code, 4);
}

/// Everything in the sources that is quoted and looks like a variable of ours is documented, and what is documented is read.
#[test]
fn the_environment_is_documented_and_read() {
    fn walk(dir: &std::path::Path, out: &mut String) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("epilogue.rs") {
                out.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut code = String::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    let documented: Vec<&str> = juggler::cli::args::ENVIRONMENT.iter().map(|(name, _)| *name).collect();
    for name in &documented {
        assert!(code.contains(&format!("\"{name}\"")), "{name} is documented and not read");
    }
    // Set by the program for itself, and by its own tests.
    let internal = ["JUGGLER_STARTED_AGAIN", "JUGGLER_DRILL"];
    for quoted in code
        .split('"')
        .filter(|text| text.starts_with("JUGGLER_") && !text.contains(|c: char| !c.is_ascii_uppercase() && c != '_'))
    {
        assert!(documented.contains(&quoted) || internal.contains(&quoted), "{quoted} is read and not documented");
    }
    let help = Place::new().run(&["--help"]).out;
    assert!(documented.iter().all(|name| help.contains(name)), "{help}");
}

/// The README's list of commands is the program's.
#[test]
fn the_readme_names_every_command_and_no_other() {
    let readme = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let names: Vec<String> = Args::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let list = readme.split("Everything the panes do is a command: `juggler ").nth(1).and_then(|rest| rest.split('`').next());
    let listed: Vec<&str> = list.expect("the list of commands").split('|').map(str::trim).collect();
    for name in &listed {
        assert!(names.iter().any(|known| known == name), "the README lists {name}, which is no command");
    }
    let everywhere = |name: &str| readme.contains(&format!("juggler {name}")) || listed.contains(&name);
    for name in &names {
        assert!(everywhere(name), "the README does not name the command {name}");
    }
}
