//! A home of its own for the binary, and markets beside it.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A home folder in which the binary runs and sees nothing of ours.
pub struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn config_file(&self) -> PathBuf {
        self.path().join(".config/juggler/config.toml")
    }

    pub fn write_config(&self, text: &str) {
        std::fs::create_dir_all(self.config_file().parent().unwrap()).unwrap();
        std::fs::write(self.config_file(), text).unwrap();
        std::fs::set_permissions(self.config_file(), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Where the program keeps its own, unless told otherwise.
    pub fn data_dir(&self) -> PathBuf {
        self.path().join(".local/share/juggler")
    }

    pub fn key_file(&self) -> PathBuf {
        self.path().join("practice.key")
    }

    /// Keeps a platform's key, for the owner only.
    pub fn write_key(&self, key: &str) {
        std::fs::write(self.key_file(), key).unwrap();
        std::fs::set_permissions(self.key_file(), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_juggler"));
        command.env_clear().env("HOME", self.path()).env("PATH", "/usr/bin:/bin").env("TMPDIR", self.path());
        command.args(args).current_dir(self.path()).stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// An inbox called `mine` with these jobs, each known to the store.
    pub fn with_inbox(&self, jobs: &[Value]) {
        let lines: String = jobs.iter().map(|job| format!("{job}\n")).collect();
        std::fs::write(self.path().join("jobs.jsonl"), lines).unwrap();
        let added = self.run(&["sources", "add", "mine", "--inbox", "jobs.jsonl"]);
        assert_eq!(added.code, 0, "{added:?}");
        let polled = self.run(&["jobs", "--poll", "--json", "--limit", "10000", "is:any"]);
        assert_eq!((polled.code, polled.lines().len()), (0, jobs.len()), "{polled:?}");
    }

    /// The keys that `juggler jobs` lists, in its order.
    pub fn keys(&self, args: &[&str]) -> Vec<String> {
        let ran = self.run(&[&["jobs", "--json"][..], args].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.lines().iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect()
    }

    /// A market, and a source called `practice` on it in the config.
    pub fn with_market(&self, options: &[&str]) -> Market {
        let market = Market::serve(self, options);
        self.write_key(&market.key);
        let key = self.key_file();
        let add = ["sources", "add", "practice", "--recipe", "practice", "--base-url", &market.address, "--key-file"];
        let added = self.run(&[&add[..], &[key.to_str().unwrap()]].concat());
        assert_eq!(added.code, 0, "{added:?}");
        market
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The one object on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Objects, one a line.
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {self:?}"))).collect()
    }
}

/// `juggler market serve`, ended with the test.
pub struct Market {
    child: Child,
    pub address: String,
    pub key: String,
}

impl Market {
    pub fn serve(place: &Place, options: &[&str]) -> Market {
        let args = [&["market", "serve"][..], options].concat();
        let mut child = place.command(&args).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = || lines.next().unwrap().unwrap();
        let (address, key) = (next(), next());
        Market { child, address, key }
    }

    /// Asks it to stop, as a person's Ctrl-C does; its exit code.
    pub fn stop(mut self) -> i32 {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

impl Drop for Market {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
