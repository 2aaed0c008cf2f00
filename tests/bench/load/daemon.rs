//! The engine: the real binary as a daemon in a home of its own.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use juggler::config::{Config, Overrides};
use juggler::engine::Handle;

use crate::markets::Markets;

/// Rows that the engine keeps: three times what is open.
const KEPT: u32 = 30_000;

/// How long steps took.
#[derive(Default)]
pub struct Steps {
    /// The longest by the wall, and by the processor.
    pub longest: Duration,
    pub cpu: Duration,
    /// What the longest by the processor was about.
    pub what: String,
    /// All of the busiest second.
    pub busiest: Duration,
}

/// A daemon.
pub struct Daemon {
    home: tempfile::TempDir,
    child: Mutex<Child>,
    keys: Vec<(String, String)>,
    log: Mutex<u64>,
}

impl Daemon {
    /// Starts one with a source on each market.
    pub fn start(markets: &Markets) -> Daemon {
        let home = tempfile::tempdir().unwrap();
        let (mut config, mut keys) = (format!("[retention]\nmax_jobs = {KEPT}\nmax_disk = \"1GB\"\n"), Vec::new());
        for (n, (address, key)) in markets.doors().into_iter().enumerate() {
            config += &format!(
                "\n[[source]]\nname = \"{}\"\nrecipe = \"practice\"\nbase_url = \"{address}\"\nkey_env = \"KEY{n}\"\n",
                Markets::name(n)
            );
            keys.push((format!("KEY{n}"), key));
        }
        std::fs::write(home.path().join("config.toml"), config).unwrap();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_juggler"));
        let paths = |name: &str| home.path().join(name).into_os_string();
        command
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("JUGGLER_LOG", "juggler=info,juggler::engine::steps=debug")
            .envs(keys.clone())
            .arg("--config")
            .arg(paths("config.toml"))
            .arg("--data-dir")
            .arg(paths("data"))
            .arg("daemon")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(first.contains("holds"), "{first}");
        Daemon { home, child: Mutex::new(child), keys, log: Mutex::default() }
    }

    pub fn pid(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// The configuration as the binary reads it.
    pub fn config(&self) -> Config {
        let at = |name: &str| Some(self.home.path().join(name));
        Config::load(&Overrides { config: at("config.toml"), data_dir: at("data"), theme: None, ..Overrides::default() }).unwrap()
    }

    /// Another front end on its socket.
    pub async fn connect(&self) -> Handle {
        let found = juggler::daemon::connect(&self.config().paths).await.unwrap();
        found.expect("the daemon listens").0
    }

    /// The steps since the last call, as its log tells.
    pub fn steps(&self) -> Steps {
        let mut from = self.log.lock().unwrap();
        let mut steps = Steps::default();
        if let Some(path) = self.logs() {
            let mut file = std::fs::File::open(path).unwrap();
            file.seek(SeekFrom::Start(*from)).unwrap();
            let mut text = String::new();
            *from += file.read_to_string(&mut text).unwrap_or(0) as u64;
            for line in text.lines() {
                let field = |name: &str| line.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
                let span = |name: &str| Duration::from_micros(field(name).and_then(|value| value.parse().ok()).unwrap_or(0));
                steps.longest = steps.longest.max(span("longest_us"));
                steps.busiest = steps.busiest.max(span("busy_us"));
                if span("cpu_us") > steps.cpu {
                    steps.cpu = span("cpu_us");
                    steps.what = field("what").unwrap_or_default().trim_matches('"').to_owned();
                }
            }
        }
        steps
    }

    /// Its log of today; a run over midnight has two, of which the later is read on.
    fn logs(&self) -> Option<PathBuf> {
        let found = std::fs::read_dir(self.home.path().join("data/logs")).ok()?;
        found.flatten().map(|entry| entry.path()).max()
    }

    /// Asks it to end, as a service manager does.
    pub fn stop(&self) {
        let mut child = self.child.lock().unwrap();
        let began = Instant::now();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM).unwrap();
        let status = child.wait().unwrap();
        println!("the daemon ended after {:.2} s: {status}", began.elapsed().as_secs_f64());
        assert!(status.success());
    }

    /// A command of the binary with this home.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juggler"));
        let at = |name: &str| self.home.path().join(name);
        command.env_clear().env("HOME", self.home.path()).env("PATH", "/usr/bin:/bin").envs(self.keys.clone());
        command.arg("--config").arg(at("config.toml")).arg("--data-dir").arg(at("data")).args(args);
        command
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}
