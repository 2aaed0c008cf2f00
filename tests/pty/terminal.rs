//! A pseudo-terminal with a program in it: keys in, screen out. Waits for conditions, never for time.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// A machine under load is slow; a program that does not come is caught all the same.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    closed: bool,
}

/// The program and its terminal.
pub struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    parser: vt100::Parser,
    parsed: usize,
}

impl Terminal {
    /// Starts juggler with `args` on a terminal of `cols` × `rows`, everything it keeps under `home`.
    pub fn start<A: AsRef<OsStr>>(args: &[A], cols: u16, rows: u16, home: &Path) -> Terminal {
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_juggler"));
        command.args(args);
        command.cwd(home);
        command.env_clear();
        for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("EDITOR", "/bin/true")]
        {
            command.env(name, value);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TMPDIR"] {
            let dir = home.join(name.to_lowercase());
            std::fs::create_dir_all(&dir).unwrap();
            std::fs::set_permissions(&dir, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
            command.env(name, dir);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Arc::new((Mutex::new(Seen::default()), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = seen.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let read = reader.read(&mut buffer).unwrap_or(0);
                let (lock, changed) = &*writer;
                let mut seen = lock.lock().unwrap();
                seen.bytes.extend_from_slice(&buffer[..read]);
                seen.closed = read == 0;
                changed.notify_all();
                if read == 0 {
                    break;
                }
            }
        });
        let keys = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(rows, cols, 0);
        Terminal { child, master: Some(pair.master), keys, seen, parser, parsed: 0 }
    }

    /// Presses keys: plain characters and control sequences as a terminal sends them.
    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// The screen as text, as of now.
    pub fn screen(&mut self) -> String {
        let (lock, _) = &*self.seen;
        let bytes = lock.lock().unwrap().bytes[self.parsed..].to_vec();
        self.parsed += bytes.len();
        self.parser.process(&bytes);
        self.parser.screen().contents()
    }

    /// Waits until the screen is as `wanted` says, and returns it.
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            let (lock, changed) = &*self.seen;
            let mut seen = lock.lock().unwrap();
            if seen.bytes.len() == self.parsed && !seen.closed {
                seen = changed.wait_timeout(seen, Duration::from_millis(200)).unwrap().0;
            }
            let closed = seen.closed && seen.bytes.len() == self.parsed;
            drop(seen);
            assert!(Instant::now() < deadline && !closed, "waited for {what}; the screen is:\n{}", self.screen());
        }
    }

    /// Waits for words on the screen.
    pub fn wait_for(&mut self, words: &str) -> String {
        self.wait(words, |screen| screen.contains(words))
    }

    /// Everything the program wrote.
    pub fn raw(&mut self) -> Vec<u8> {
        self.seen.0.lock().unwrap().bytes.clone()
    }

    /// Changes the size.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.parser.screen_mut().set_size(rows, cols);
        self.master.as_ref().unwrap().resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// Sends a signal by its number.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = i32::try_from(self.child.process_id().unwrap()).unwrap();
        rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
    }

    /// Closes the terminal, as a dropped link does.
    pub fn hang_up(&mut self) {
        self.master = None;
        self.keys = Box::new(std::io::sink());
    }

    /// Waits for the end and returns how it ended.
    pub fn ended(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < deadline, "it does not end; the screen is:\n{}", self.screen());
            std::thread::yield_now();
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
