//! Terminals that cannot be written to: gone while the keys still come, or failing once. What was typed is saved, the program is gone
//! within a moment, and its exit code says why.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::steps;
use crate::terminal::{PATIENCE, Terminal};
use crate::work::{SENTENCE, draft, market};

/// Another terminal's line, to read keys from: nobody writes to it.
struct Keys {
    master: Box<dyn portable_pty::MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    /// Keeps the line open until the program has it.
    _line: File,
}

impl Keys {
    fn new() -> Keys {
        let pair = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
        let no_ctty = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        let name = pair.master.tty_name().unwrap();
        let line = OpenOptions::new().read(true).write(true).custom_flags(no_ctty).open(name).unwrap();
        let keys = pair.master.take_writer().unwrap();
        Keys { master: pair.master, keys, _line: line }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }
}

#[test]
#[allow(clippy::print_stdout, reason = "figures, for who asks with --nocapture")]
fn a_line_that_takes_no_frame_any_more_ends_it_also_at_rest() {
    let (place, _market) = market();
    let mut keys = Keys::new();
    let code = place.path().join("code");
    // In a session of its own, so that the kernel tells it nothing of the other terminal's end.
    let script = format!(
        "trap '' HUP; stty raw -echo; setsid -w {} < {}; echo $? > {}.part; mv {}.part {}",
        env!("CARGO_BIN_EXE_juggler"),
        keys.master.tty_name().unwrap().display(),
        code.display(),
        code.display(),
        code.display()
    );
    let mut command = CommandBuilder::new("/bin/sh");
    command.args(["-c", &script]);
    let mut t = Terminal::run(command, 120, 40, &place);
    steps::opened(&mut t);
    keys.press("/flatbread civic\r");
    t.wait_for("/flatbread");
    t.wait("the one job", |screen| screen.lines().any(|line| line.contains('▌') && line.contains("Alt text")));
    keys.press("c");
    t.wait_for("Claim this job?");
    keys.press("y");
    t.wait_for("Nothing written yet");
    keys.press(SENTENCE);
    t.wait_for(SENTENCE);
    let began = Instant::now();
    t.hang_up();
    while !code.exists() {
        assert!(began.elapsed() < PATIENCE, "it goes on without a screen");
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = began.elapsed();
    println!("gone after {} ms", took.as_millis());
    assert_eq!(std::fs::read_to_string(&code).unwrap().trim(), "129");
    assert_eq!(draft(&place), SENTENCE);
    assert!(!place.data_dir().join("crash").exists(), "no bug");
}

#[test]
fn a_write_that_fails_once_ends_it_with_everything_saved() {
    for nth in [3, 25, 40] {
        let (place, _market) = market();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
        command.env("JUGGLER_DRILL", format!("fail:terminal:{nth}"));
        let mut t = Terminal::run(command, 120, 40, &place);
        let began = Instant::now();
        // Somebody moves until it fails; the first frames fail by themselves.
        while t.is_running() {
            assert!(began.elapsed() < PATIENCE, "{}", t.screen());
            t.hit("j");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(t.ended().exit_code(), 129);
        t.assert_restored();
        assert!(t.screen().contains("the terminal is gone, or could not be used"), "{}", t.screen());
        assert!(!place.data_dir().join("crash").exists(), "no bug");
        assert_eq!(place.run(&["store", "verify"]).code, 0);
    }
}
