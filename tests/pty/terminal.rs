//! A pseudo-terminal with a program in it: keys in, screen out. Waits for conditions, never for time.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, tcgetattr, tcsetattr};

use crate::place::Place;

/// A machine under load is slow; a program that does not come is caught all the same.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Keys as a terminal sends them.
pub const ENTER: &str = "\r";
pub const ESC: &str = "\x1b";
pub const CTRL_S: &str = "\x13";
pub const CTRL_O: &str = "\x0f";
pub const CTRL_Z: &str = "\x1a";

#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    closed: bool,
    /// The reader lets go of the terminal after its next read.
    hang_up: bool,
    /// Nobody reads after the next read.
    paused: bool,
}

/// The modes of a terminal that a program must give back as it found them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    input: InputModes,
    output: OutputModes,
    local: LocalModes,
}

/// The program and its terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    /// The program's side of the terminal, kept open so that its modes can be read after the program's end.
    slave: Option<File>,
    before: Modes,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    parser: vt100::Parser,
    parsed: usize,
    /// How many bytes had come when the screen was looked at last.
    had: usize,
    /// Words to look for in every frame, and whether one had them.
    watched: Vec<(&'static str, bool)>,
}

/// Around a frame.
const FRAME_BEGINS: &[u8] = b"\x1b[?2026h";
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";
/// What the program asks behind a frame, and what a terminal answers.
const QUESTION: &[u8] = b"\x1b[5n";
const ANSWER: &str = "\x1b[0n";

impl Terminal {
    /// Starts juggler with `args` on a terminal of `cols` × `rows`, everything it keeps in `place`.
    pub fn start(args: &[&str], cols: u16, rows: u16, place: &Place) -> Terminal {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
        command.args(args);
        Terminal::run(command, cols, rows, place)
    }

    /// Starts any program.
    pub fn run(mut command: CommandBuilder, cols: u16, rows: u16, place: &Place) -> Terminal {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let name = pair.master.tty_name().expect("the terminal has a name");
        let no_ctty = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        let slave = OpenOptions::new().read(true).write(true).custom_flags(no_ctty).open(name).unwrap();
        let before = modes(&slave);
        let given: Vec<_> = ["EDITOR", "PS1", "ENV", "JUGGLER_FENCE", "JUGGLER_DRILL"]
            .into_iter()
            .filter_map(|n| Some((n, command.get_env(n)?.to_owned())))
            .collect();
        command.env_clear();
        command.cwd(place.path());
        let plain = [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("EDITOR", "/bin/true")];
        plain.into_iter().for_each(|(name, value)| command.env(name, value));
        ["HOME", "TMPDIR"].into_iter().for_each(|name| command.env(name, place.path()));
        given.into_iter().for_each(|(name, value)| command.env(name, value));
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Arc::new((Mutex::new(Seen::default()), Condvar::new()));
        let reader = pair.master.try_clone_reader().unwrap();
        let told = Arc::clone(&seen);
        std::thread::spawn(move || read(reader, &told));
        let keys = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(rows, cols, 0);
        Terminal {
            child,
            master: Some(pair.master),
            keys: Some(keys),
            slave: Some(slave),
            before,
            seen,
            parser,
            parsed: 0,
            had: 0,
            watched: Vec::new(),
        }
    }

    /// Presses keys: plain characters and control sequences as a terminal sends them. Escape is waited for, since together with
    /// the next key it would be another one.
    pub fn press(&mut self, keys: &str) {
        let drawn = self.raw().len();
        self.send(keys);
        if keys == ESC {
            let deadline = Instant::now() + PATIENCE;
            let unread = |slave: &Option<File>| rustix::io::ioctl_fionread(slave.as_ref().unwrap()).unwrap();
            // Nobody presses the next key sooner than a terminal's own sequence would go on.
            let human = Instant::now() + Duration::from_millis(150);
            while unread(&self.slave) > 0 || self.raw().len() == drawn || Instant::now() < human {
                assert!(Instant::now() < deadline, "nobody reads the keys; the screen is:\n{}", self.screen());
                self.rest();
            }
        }
    }

    /// Waits a little for something to be written.
    fn rest(&self) {
        let (lock, changed) = &*self.seen;
        let seen = lock.lock().unwrap();
        drop(changed.wait_timeout(seen, Duration::from_millis(20)).unwrap());
    }

    fn send(&mut self, keys: &str) {
        let to = self.keys.as_mut().expect("the terminal was hung up");
        to.write_all(keys.as_bytes()).unwrap();
        to.flush().unwrap();
    }

    /// The screen as text, as of now. A frame that is still being written is not shown, as terminals do.
    pub fn screen(&mut self) -> String {
        let (lock, _) = &*self.seen;
        let mut bytes = lock.lock().unwrap().bytes[self.parsed..].to_vec();
        self.had = self.parsed + bytes.len();
        let find = |bytes: &[u8], mark: &[u8]| bytes.windows(mark.len()).rposition(|part| part == mark);
        if let Some(begin) = find(&bytes, FRAME_BEGINS).filter(|begin| find(&bytes, FRAME_ENDS).is_none_or(|end| end < *begin)) {
            bytes.truncate(begin);
        }
        self.parsed += bytes.len();
        let mut rest = &bytes[..];
        // Frames end with a question; those that are large are marked at both ends as well.
        while let Some(at) = rest.windows(QUESTION.len()).position(|part| part == QUESTION) {
            let (frame, after) = rest.split_at(at + QUESTION.len());
            self.parser.process(frame);
            self.look();
            rest = after;
        }
        self.parser.process(rest);
        self.look();
        self.parser.screen().contents()
    }

    /// Looks for the watched words.
    fn look(&mut self) {
        if !self.watched.is_empty() {
            let screen = self.parser.screen().contents();
            self.watched.iter_mut().for_each(|(words, seen)| *seen |= screen.contains(*words));
        }
    }

    /// Waits until the screen is as `wanted` says, and returns it.
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let ended = self.child.try_wait().unwrap();
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            let (lock, changed) = &*self.seen;
            let mut seen = lock.lock().unwrap();
            let had = self.had;
            if seen.bytes.len() == had && !seen.closed {
                seen = changed.wait_timeout(seen, Duration::from_millis(200)).unwrap().0;
            }
            let all = seen.bytes.len() == had;
            drop(seen);
            assert!(ended.is_none() || !all, "waited for {what}; it ended ({ended:?}) with\n{}", self.screen());
            assert!(Instant::now() < deadline, "waited for {what}; the screen is:\n{}", self.screen());
        }
    }

    /// Stops reading what the program writes, or goes on with it. A read that is under way is still done.
    pub fn pause(&mut self, on: bool) {
        let (lock, changed) = &*self.seen;
        lock.lock().unwrap().paused = on;
        changed.notify_all();
    }

    /// How often the program asked whether the terminal is well.
    pub fn questions(&self) -> usize {
        self.raw().windows(QUESTION.len()).filter(|part| *part == QUESTION).count()
    }

    /// How often the program took the screen.
    pub fn taken(&self) -> usize {
        let take = b"\x1b[?1049h";
        self.raw().windows(take.len()).filter(|part| part == take).count()
    }

    /// Answers so many of its questions.
    pub fn answer(&mut self, times: usize) {
        self.send(&ANSWER.repeat(times));
    }

    /// Presses keys without waiting for anything.
    pub fn hit(&mut self, keys: &str) {
        self.send(keys);
    }

    /// Looks for words in every frame from now on, also in those that nobody waits for.
    pub fn watch(&mut self, words: &[&'static str]) {
        self.watched.extend(words.iter().map(|words| (*words, false)));
    }

    /// Which of the watched words were on the screen at any time.
    pub fn noticed(&mut self) -> Vec<&'static str> {
        self.screen();
        self.watched.iter().filter(|(_, seen)| *seen).map(|(words, _)| *words).collect()
    }

    /// Waits for words on the screen.
    pub fn wait_for(&mut self, words: &str) -> String {
        self.wait(words, |screen| screen.contains(words))
    }

    /// Waits until words are off the screen.
    pub fn wait_gone(&mut self, words: &str) -> String {
        self.wait(&format!("{words} to go"), |screen| !screen.contains(words))
    }

    /// Everything the program wrote.
    pub fn raw(&self) -> Vec<u8> {
        self.seen.0.lock().unwrap().bytes.clone()
    }

    /// The terminal is in the state it was in before the program: plain screen, cursor there, no mouse, no bracketed paste, and
    /// the modes of the line as they were.
    pub fn assert_restored(&mut self) {
        let screen = self.screen();
        let state = self.parser.screen();
        assert!(!state.alternate_screen(), "the alternate screen was not left:\n{screen}");
        assert!(!state.hide_cursor(), "the cursor is hidden");
        assert!(!state.bracketed_paste(), "pastes are still bracketed");
        assert_eq!(state.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        for (on, off) in [("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?2004h", "\x1b[?2004l"), ("\x1b[?1002h", "\x1b[?1002l")] {
            assert!(self.last(off) > self.last(on), "{off:?} does not follow {on:?}");
        }
        assert!(self.last("\x1b[?25h") > self.last("\x1b[?25l"), "the cursor was not shown again");
        // The screen is left a moment before the line's modes are put back.
        let deadline = Instant::now() + PATIENCE;
        while self.modes() != self.before && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert_eq!(self.modes(), self.before, "the line's modes are not what they were");
    }

    /// The program never took the terminal over.
    pub fn assert_untouched(&mut self) {
        assert_eq!(self.last("\x1b[?1049h"), 0, "it took the screen");
        assert_eq!(self.modes(), self.before);
    }

    /// The program has taken the terminal over.
    pub fn is_taken(&mut self) -> bool {
        self.screen();
        self.parser.screen().alternate_screen() && self.modes() != self.before
    }

    /// The line's modes now.
    pub fn modes(&self) -> Modes {
        modes(self.slave.as_ref().expect("the terminal was hung up"))
    }

    /// Where a sequence came last, counted so that never is less than anything.
    fn last(&self, sequence: &str) -> usize {
        let raw = self.raw();
        raw.windows(sequence.len()).rposition(|part| part == sequence.as_bytes()).map_or(0, |at| at + 1)
    }

    /// Changes the size and waits until the program drew something. The screen seen here keeps its own size: come back to it.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        let drawn = self.raw().len();
        self.master.as_ref().unwrap().resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let deadline = Instant::now() + PATIENCE;
        while self.raw().len() == drawn {
            assert!(Instant::now() < deadline && self.child.try_wait().unwrap().is_none(), "nothing is drawn at {cols}x{rows}");
            self.rest();
        }
    }

    /// Changes the size and waits for nothing, as a window does that is being dragged.
    pub fn drag(&self, cols: u16, rows: u16) {
        self.master.as_ref().unwrap().resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// The program's process id.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Closes the terminal, as a dropped link does.
    pub fn hang_up(&mut self) {
        // The writer says end-of-file when it goes, where the line has a key for that; a dropped link says nothing.
        let slave = self.slave.take().unwrap();
        let mut attributes = tcgetattr(&slave).unwrap();
        attributes.special_codes[SpecialCodeIndex::VEOF] = 0;
        tcsetattr(&slave, OptionalActions::Now, &attributes).unwrap();
        drop(slave);
        self.seen.0.lock().unwrap().hang_up = true;
        // A change of size makes the program draw, and the reader wake up and let go.
        let (rows, cols) = self.parser.screen().size();
        let master = self.master.take().unwrap();
        master.resize(PtySize { rows: rows - 1, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        drop((master, self.keys.take()));
    }

    /// It has not ended.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the end and returns how it ended.
    pub fn ended(&mut self) -> ExitStatus {
        self.ended_within(PATIENCE)
    }

    /// The same, with less patience.
    pub fn ended_within(&mut self, patience: Duration) -> ExitStatus {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                self.drain();
                return status;
            }
            self.rest();
            assert!(Instant::now() < deadline, "it does not end; the screen is:\n{}", self.screen());
        }
    }

    /// Takes what the program wrote last: a mark of our own goes the same way, behind it.
    fn drain(&mut self) {
        const MARK: &str = "\x1b]777;end\x07";
        let Some(slave) = self.slave.as_mut() else { return };
        slave.write_all(MARK.as_bytes()).unwrap();
        let deadline = Instant::now() + PATIENCE;
        while self.last(MARK) == 0 {
            assert!(Instant::now() < deadline, "the terminal swallows what is written");
            self.rest();
        }
    }
}

fn modes(line: &File) -> Modes {
    let attributes = tcgetattr(line).unwrap();
    Modes { input: attributes.input_modes, output: attributes.output_modes, local: attributes.local_modes }
}

fn read(mut from: Box<dyn Read + Send>, to: &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 4096];
    let (lock, changed) = to;
    loop {
        drop(changed.wait_while(lock.lock().unwrap(), |seen| seen.paused).unwrap());
        let read = from.read(&mut buffer).unwrap_or(0);
        let mut seen = lock.lock().unwrap();
        seen.bytes.extend_from_slice(&buffer[..read]);
        seen.closed = read == 0 || seen.hang_up;
        changed.notify_all();
        if seen.closed {
            break;
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
