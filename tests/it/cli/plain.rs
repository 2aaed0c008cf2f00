//! What needs no platform: exit codes, config commands, closed pipes.

use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use super::{Place, Ran};

#[test]
fn without_a_terminal_the_program_says_so() {
    let ran = Place::new().run(&[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("no terminal") && ran.err.contains("juggler demo --headless"), "{ran:?}");
}

#[test]
fn a_wrong_command_line_is_exit_2() {
    let place = Place::new();
    for args in [&["jbos"][..], &["claim"], &["demo", "--jobs", "0"], &["jobs", "--sort", "luck"], &["submit", "a", "--wait"]] {
        let ran = place.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(!ran.err.is_empty());
    }
}

#[test]
fn config_check_lists_everything_that_is_wrong() {
    let place = Place::new();
    assert_eq!(place.run(&["config", "check"]).code, 0);
    place.write_config("[general]\ngoal_dya = \"1 USD\"\nmuose = true\n");
    let ran = place.run(&["config", "check"]);
    assert_eq!(ran.code, 3);
    for part in ["config.toml:2:1: general.goal_dya", "config.toml:3:1: general.muose", "`goal_day`", "`mouse`"] {
        assert!(ran.out.contains(part), "{part} is not in {ran:?}");
    }
    let json = place.run(&["config", "check", "--json"]);
    assert_eq!(json.code, 3);
    assert_eq!(json.json()["problems"].as_array().unwrap().len(), 2);
    let complaint: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!((&complaint["error"]["class"], &complaint["exit"]), (&"config".into(), &3.into()));
}

#[test]
fn every_command_on_a_broken_config_is_exit_3_with_cause_and_cure() {
    let place = Place::new();
    place.write_config("[general]\nmouse = \"yes\"\n");
    for args in [&["jobs"][..], &["hand"], &["earnings"], &["config", "show"], &["sources"], &["store", "verify"]] {
        let ran = place.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{args:?}: {ran:?}");
        assert!(ran.err.contains("config.toml:2:9") && ran.err.contains("try: write it like mouse = true"), "{ran:?}");
    }
    assert!(!place.path().join(".local").exists(), "nothing was opened");
}

#[test]
fn config_path_and_show_tell_what_holds() {
    let place = Place::new();
    place.write_config("[general]\ntheme = \"light\"\n[[source]]\nname = \"a\"\nrecipe = \"practice\"\nkey_env = \"A_KEY\"\n");
    let path = place.run(&["config", "path", "--json"]).json();
    assert_eq!(path["config"], place.config_file().to_str().unwrap());
    let show = place.run(&["config", "show", "--json"]).json();
    assert_eq!((&show["general"]["theme"], &show["general"]["hand_limit"]), (&"light".into(), &5.into()));
    assert_eq!(show["source"][0]["key_env"], "A_KEY");
    // What is shown can be read again.
    let shown = place.run(&["config", "show"]);
    let again = Place::new();
    again.write_config(&shown.out);
    assert_eq!(again.run(&["config", "show"]).out, shown.out);
    let flag = place.run(&["--theme", "dark", "config", "show", "--json"]).json();
    assert_eq!(flag["general"]["theme"], "dark");
}

#[test]
fn sources_add_says_what_is_wrong_with_a_name() {
    let place = Place::new();
    let ran = place.run(&["sources", "add", "a:b", "--recipe", "practice"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("cannot stand in a source's name"), "{ran:?}");
    assert!(!place.config_file().exists());
}

#[test]
fn sources_add_makes_the_file_that_was_named() {
    let place = Place::new();
    for (named, by) in [("own.toml", "flag"), ("deep/er/own.toml", "flag"), ("other.toml", "environment")] {
        let file = place.path().join(named);
        let run = |args: &[&str]| {
            let mut command = place.command(args);
            match by {
                "flag" => command.args(["--config", named]),
                _ => command.env("JUGGLER_CONFIG", &file),
            };
            Ran::of(command.output().unwrap())
        };
        // Whatever only reads is told that there is nothing to read.
        let show = run(&["config", "show"]);
        assert_eq!(show.code, 3, "{show:?}");
        assert!(show.err.contains("there is no config file") && show.err.contains("sources add"), "{show:?}");
        assert!(!file.exists());
        let added = run(&["sources", "add", "practice", "--recipe", "practice"]);
        assert_eq!(added.code, 0, "{added:?}");
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{named}");
        let show = run(&["config", "show", "--json"]);
        assert_eq!((show.code, show.json()["source"][0]["name"].as_str()), (0, Some("practice")), "{show:?}");
        let again = run(&["sources", "add", "second", "--recipe", "practice"]);
        assert_eq!((again.code, run(&["config", "check"]).code), (0, 0), "{again:?}");
    }
    assert!(!place.config_file().exists());
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let place = Place::new();
    let mut child = place.command(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((status.code(), err.as_str()), (Some(0), ""));
}

#[test]
fn a_full_disk_behind_standard_output_is_said() {
    let place = Place::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let out = place.command(&["completions", "zsh"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(out.status.code(), Some(8));
    assert!(String::from_utf8(out.stderr).unwrap().contains("could not be written"));
}

#[test]
fn config_reload_says_what_changed_and_what_is_wrong() {
    let place = Place::new();
    place.write_config("[general]\nmouse = true\n");
    let alone = place.run(&["config", "reload"]);
    assert!(alone.code == 0 && alone.out.contains("no juggler is open"), "{alone:?}");
    let mut engine = place.command(&["events", "--follow", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    crate::support::until("an engine that answers", || {
        place.run(&["config", "reload", "--json"]).json()["running"] == engine.id()
    });
    place.write_config("[general]\nhand_limit = 9\n");
    // Whether the file's own watch was faster or not, it is taken in afterwards.
    assert_eq!(place.run(&["config", "reload"]).code, 0);
    let again = place.run(&["config", "reload"]);
    assert_eq!((again.code, again.out.as_str()), (0, "nothing has changed in the config file\n"));
    place.write_config("[general]\nhand_limit = \"many\"\n");
    let bad = place.run(&["config", "reload"]);
    assert!(bad.code == 3 && bad.err.contains("config.toml:2:14") && bad.err.contains("try: "), "{bad:?}");
    rustix::process::kill_process(rustix::process::Pid::from_child(&engine), rustix::process::Signal::INT).unwrap();
    let mut told = String::new();
    engine.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    engine.wait().unwrap();
    assert_eq!(told.matches("hand limit changed").count(), 1, "{told}");
}

#[test]
fn a_command_of_ones_own_runs_on_a_job() {
    let place = Place::new();
    place.with_inbox(&[serde_json::json!({ "id": "1", "title": "a job", "brief": "words" })]);
    let text = std::fs::read_to_string(place.config_file()).unwrap();
    let commands = "[[command]]\nname = \"see\"\nargv = [\"sh\", \"-c\", \"cat; exit $(( $# ))\"]\n\
                    [[command]]\nname = \"bad\"\nargv = [\"sh\", \"-c\", \"echo why >&2; exit 4\"]\n";
    place.write_config(&format!("{text}{commands}"));
    let ran = place.run(&["run", "see", "mine:1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let handed: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&handed["job"]["title"], &handed["command"]), (&"a job".into(), &"see".into()));
    let bad = place.run(&["run", "bad", "mine:1"]);
    assert!(bad.code == 5 && bad.err.contains("exit code 4: why"), "{bad:?}");
    let none = place.run(&["run", "sea", "mine:1"]);
    assert!(none.code == 4 && none.err.contains("did you mean see?"), "{none:?}");
    assert!(place.run(&["config", "show"]).out.contains("[[command]]"));
    place.write_config("[[command]]\nname = \"see\"\nargv = [\"cat\"]\noutput = \"draft\"\n");
    let wrong = place.run(&["config", "check"]);
    assert!(wrong.code == 3 && wrong.out.contains("input = \"draft\""), "{wrong:?}");
}
