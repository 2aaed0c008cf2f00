//! The plain front end of the real binary, through a pseudo-terminal and through a pipe: the whole main job, typed, and what is
//! heard of it.

mod ends;
mod told;

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::cli::Place;
use crate::support::PATIENCE;

/// What was said so far, and whether it is over.
type Heard = Arc<(Mutex<(Vec<u8>, bool)>, Condvar)>;

/// Somebody who types lines and listens.
pub struct Talk {
    keys: Option<Box<dyn Write + Send>>,
    heard: Heard,
    at: usize,
    end: Box<dyn FnMut() -> u32>,
    /// Keeps the terminal.
    _line: Option<Box<dyn portable_pty::MasterPty + Send>>,
}

const ENVIRONMENT: [(&str, &str); 3] = [("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8"), ("TERM", "dumb")];

fn listen(mut from: impl Read + Send + 'static) -> Heard {
    let heard: Heard = Arc::default();
    let tell = Arc::clone(&heard);
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = from.read(&mut bytes) {
            tell.0.lock().unwrap().0.extend_from_slice(&bytes[..n]);
            tell.1.notify_all();
        }
        tell.0.lock().unwrap().1 = true;
        tell.1.notify_all();
    });
    heard
}

impl Talk {
    pub fn through_a_pipe(place: &Place, args: &[&str]) -> Talk {
        Talk::of(place.command(args))
    }

    fn of(mut command: Command) -> Talk {
        let mut child: Child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let heard = listen(child.stdout.take().unwrap());
        let keys = child.stdin.take().map(|keys| Box::new(keys) as Box<dyn Write + Send>);
        let end = move || u32::try_from(child.wait().unwrap().code().unwrap()).unwrap();
        Talk { keys, heard, at: 0, end: Box::new(end), _line: None }
    }

    fn through_a_terminal(place: &Place, args: &[&str], more: &[(&str, &str)]) -> Talk {
        let pair = native_pty_system().openpty(PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
        command.args(args);
        command.env_clear();
        command.cwd(place.path());
        command.env("HOME", place.path());
        command.env("TMPDIR", place.path());
        for (name, value) in ENVIRONMENT.iter().chain(more) {
            command.env(name, value);
        }
        let mut child = pair.slave.spawn_command(command).unwrap();
        let heard = listen(pair.master.try_clone_reader().unwrap());
        let keys = Some(pair.master.take_writer().unwrap());
        Talk { keys, heard, at: 0, end: Box::new(move || child.wait().unwrap().exit_code()), _line: Some(pair.master) }
    }

    fn text(&self) -> String {
        String::from_utf8(self.heard.0.lock().unwrap().0.clone()).unwrap().replace('\r', "")
    }

    fn type_line(&mut self, line: &str) {
        self.at = self.text().len();
        let keys = self.keys.as_mut().unwrap();
        keys.write_all(format!("{line}\n").as_bytes()).unwrap();
        keys.flush().unwrap();
    }

    /// Listens until all of these were said since the last line that was typed, and returns what was said since.
    pub fn hear(&mut self, wanted: &[&str]) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            // What is broken into lines is heard as one.
            let since = self.text()[self.at..].to_owned();
            let whole = since.split_whitespace().collect::<Vec<_>>().join(" ");
            if wanted.iter().all(|wanted| whole.contains(wanted)) {
                return since;
            }
            let said = self.heard.0.lock().unwrap();
            assert!(!said.1 && Instant::now() < until, "never heard {wanted:?} but\n{since}\nafter all of\n{}", {
                String::from_utf8_lossy(&said.0)
            });
            drop(self.heard.1.wait_timeout(said, Duration::from_millis(200)).unwrap());
        }
    }

    pub fn say(&mut self, line: &str, wanted: &[&str]) -> String {
        self.type_line(line);
        self.hear(wanted)
    }

    pub fn over(mut self) -> (String, u32) {
        let code = (self.end)();
        let until = Instant::now() + PATIENCE;
        let mut said = self.heard.0.lock().unwrap();
        while !said.1 && Instant::now() < until {
            said = self.heard.1.wait_timeout(said, Duration::from_millis(100)).unwrap().0;
        }
        drop(said);
        (self.text(), code)
    }
}

/// Nothing a terminal obeys, nothing drawn, nothing spelled out, nothing without an end.
fn can_be_read_aloud(said: &str, what: &str) {
    for (n, line) in said.lines().enumerate() {
        let shown = format!("line {n} of {what}: {line:?}");
        assert!(!line.contains('\x1b'), "an escape in {shown}");
        let odd = line
            .chars()
            .find(|c| matches!(c, '\u{2500}'..='\u{259f}' | '\u{2800}'..='\u{28ff}') || (c.is_control() && *c != '\x07'));
        assert_eq!(odd, None, "{shown}");
        // A prompt and what was typed behind it come on top of a line's hundred.
        assert!(line.chars().count() <= 180, "{shown}");
        let letters = line.chars().filter(|c| c.is_alphanumeric()).count();
        // The dot that ends a text is the person's own.
        assert!(line.trim().is_empty() || letters > 0 || line == ".", "nothing to hear in {shown}");
    }
}

/// Five lines that pass for the job that seed 2 lists with two places.
const LINES: [&str; 5] = [
    "Rough dough in a wide bowl, dry flour still clinging to the rim.",
    "The same dough half an hour later, smooth now and twice as large.",
    "Eight small balls in two rows under a damp cloth lifted at a corner.",
    "A thin round of bread blistering black and gold in an iron pan.",
    "Six breads stacked in a folded towel beside salted butter.",
];

/// The whole main job, and everything beside it.
fn main_job(talk: &mut Talk, editor: bool) {
    talk.hear(&["Juggler, plain mode."]);
    // The feed comes when the sources were asked.
    let until = Instant::now() + PATIENCE;
    while !talk.say("list", &["Jobs 1 to 10"; 0]).contains("Jobs 1 to 10") {
        talk.say("poll", &["Done:"]);
        talk.say("list", &["."]);
        assert!(Instant::now() < until, "no job came");
        if talk.text().contains("Jobs 1 to 10") {
            break;
        }
    }
    talk.say("more", &["Jobs 11 to 20 of", "11. ", "20. "]);
    talk.say("filter pay>=", &["makes no sense at character 6", "pay>=0.50"]);
    talk.say(
        "filter flatbread civic",
        &["Jobs 1 to 1 of 1.", "1. \"Alt text for", "Pays $1.75, $1.61 after fees", "On practice."],
    );
    talk.say("read 1", &["The brief:", "End of the brief.", "It wants: 5 "]);
    talk.say("why 1", &["."]);
    talk.say("star 1", &["Starred: \"Alt text for"]);
    talk.say("hide 1", &["Hidden: \"Alt text for"]);
    talk.say("list", &["No job fits."]);
    talk.say("undo", &["ndone"]);
    talk.say("list", &["Jobs 1 to 1 of 1.", "Starred."]);
    talk.say("snooze 1 3h", &["Snoozed: \"Alt text for"]);
    talk.say("undo", &["ndone"]);
    talk.say("list", &["Jobs 1 to 1 of 1."]);
    talk.say("claim 9", &["there is no job 9 in the list", "from 1 to 1"]);
    let terms = talk.say("claim 1", &["Claim this job?", "$1.61", "Type yes"]);
    assert!(terms.contains("practice"), "{terms}");
    talk.say("y", &["Not claimed."]);
    talk.say("claim 1", &["Type yes"]);
    talk.say("yes", &["It is yours: \"Alt text for", "left", "number 1 in the hand"]);
    talk.say("hand", &["1. \"Alt text for", "Claimed.", "minutes left.", "No draft yet."]);
    talk.say("submit 1", &["That did not work"]);
    talk.say("type 1", &["A line with one dot ends it"]);
    talk.type_line(LINES[0]);
    talk.say(".", &["Saved as version 1, 1 line.", "Fails", "pass. type 1 or edit 1"]);
    talk.say("type 1", &["There is a draft already.", "1. Write it anew.", "Type 1, 2 or 3"]);
    talk.say("2", &["A line with one dot ends it"]);
    LINES[1..].iter().for_each(|line| talk.type_line(line));
    talk.say(".", &["Saved as version 2, 5 lines.", "Every check passes. submit 1 goes on."]);
    if editor {
        talk.say("edit 1", &["Saved as version 3", "Every check passes"]);
    } else {
        talk.say("edit 1", &["an editor needs a terminal"]);
        talk.say("load 1 text.md", &["Saved as version 3", "Every check passes"]);
    }
    talk.say("draft 1", &["The draft, version 3:", "Steam rises.", "End of the draft."]);
    talk.say("submit 1", &["Submit this draft?", "$1.61", "Type yes"]);
    talk.say("no", &["Not submitted."]);
    talk.say("submit 1", &["Type yes"]);
    talk.say("yes", &["safe in the outbox"]);
    // Nobody presses a key.
    talk.hear(&["News: Paid: $1.61"]);
    talk.say("outbox", &["The outbox is empty."]);
    talk.say("earnings", &["In USD:", "Today: paid $1.61 for 1 job", "In all: paid $1.61"]);
    talk.say("sources", &["practice answers."]);
    talk.say("hand", &["Nothing is in hand."]);
    talk.say("help snooze", &["snooze NUMBER TIME: "]);
    talk.say("help", &["quit: leaves."]);
    talk.say("flob", &["There is no command flob."]);
    talk.type_line("quit");
}

#[test]
fn the_main_job_through_a_pipe() {
    let place = Place::new();
    std::fs::write(place.path().join("text.md"), LINES.join("\n") + " Steam rises.\n").unwrap();
    let mut talk = Talk::through_a_pipe(&place, &["demo", "--plain", "--seed", "2", "--speed", "6000"]);
    main_job(&mut talk, false);
    let (said, code) = talk.over();
    assert!(said.ends_with("Good bye.\n") && code == 0, "{code}: {said}");
    // Whoever reads it later sees what was typed.
    assert!(said.contains("\njuggler> claim 1\n") && said.contains("\nType yes to claim it, anything else to leave it:\nyes\n"));
    can_be_read_aloud(&said, "the pipe");
}

#[test]
fn the_main_job_on_a_dumb_terminal() {
    let place = Place::new();
    let editor = place.path().join("editor");
    std::fs::write(&editor, "#!/bin/sh\nsed -i '$ s/$/ Steam rises./' \"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    // No flag: a terminal that cannot draw leads here, and says so.
    let more = [("VISUAL", editor.to_str().unwrap())];
    let mut talk = Talk::through_a_terminal(&place, &["demo", "--seed", "2", "--speed", "6000"], &more);
    talk.hear(&["TERM=dumb: this terminal cannot draw, so these are lines."]);
    main_job(&mut talk, true);
    let (said, code) = talk.over();
    assert!(said.ends_with("Good bye.\n") && code == 0, "{code}: {said}");
    can_be_read_aloud(&said, "the terminal");
}

#[test]
fn accessible_and_the_config_lead_there_too() {
    let place = Place::new();
    let mut command: Command = place.command(&[]);
    let ran = command.env("ACCESSIBLE", "1").stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success() && said.starts_with("Juggler, plain mode.") && said.ends_with("Good bye.\n"), "{said}");
    let ran = place.command(&[]).env("ACCESSIBLE", "0").stdin(Stdio::null()).output().unwrap();
    assert_eq!(ran.status.code(), Some(2), "a no is a no");
    place.write_config("[general]\nplain = true\n");
    let ran = place.run(&[]);
    assert!(ran.code == 0 && ran.out.starts_with("Juggler, plain mode."), "{ran:?}");
    let mut talk = Talk::through_a_terminal(&place, &[], &[("TERM", "xterm-256color")]);
    talk.hear(&["plain mode"]);
    talk.say("sources", &["No source is configured."]);
    talk.type_line("quit");
    let (said, code) = talk.over();
    assert_eq!(code, 0, "{said}");
    can_be_read_aloud(&said, "a terminal that could draw");
}
