//! A whole life with canaries for keys: no file, no terminal, no output, no program that is started and no stranger gets to see one.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use portable_pty::CommandBuilder;
use serde_json::json;

use crate::oracle::{Canary, Hunt, Watch, loose};
use crate::place::{Market, Place};
use crate::raw::{Act, Raw};
use crate::terminal::Terminal;

/// What is loosest: every file would be everybody's.
const LOOSE: &str = "umask 000; exec \"$0\" \"$@\"";
const F12: &str = "\x1b[24~";
/// Sources on a platform that behaves in its own way for each, and where each has its key from.
const SOURCES: [&str; 7] = ["cmd", "env", "file", "refused", "broken", "moved", "silent"];

struct Life {
    place: Place,
    market: Option<Market>,
    platform: Raw,
    stranger: Raw,
    canaries: Vec<Canary>,
    said: Vec<(String, Vec<u8>)>,
}

impl Life {
    fn begin() -> Life {
        let place = Place::new();
        let market = Market::serve(&place, &["--seed", "7", "--speed", "20000", "--jobs", "60", "--rate", "0"]);
        let stranger = Raw::serve(|_| Act::json("200 OK", &json!({ "jobs": [] })));
        let elsewhere = stranger.url("/jobs");
        let platform = Raw::serve(move |request| {
            // An answer that repeats what it was sent is the worst that a platform can do by mistake.
            let key = request.0.lines().find_map(|line| line.to_lowercase().starts_with("x-api-key").then(|| line[10..].trim()));
            let echo = json!({ "error": "no", "message": format!("{} is not my key", key.unwrap_or_default()) });
            match request.path().split('/').nth(1).unwrap_or_default() {
                "refused" => Act::json("401 Unauthorized", &echo),
                "model" => Act::json(
                    "401 Unauthorized",
                    &json!({ "type": "error", "error": { "type": "auth", "message": echo["message"] } }),
                ),
                "broken" => Act::json("500 Internal Server Error", &echo),
                "moved" => Act::reply("302 Found", &format!("Location: {elsewhere}\r\n"), b""),
                "silent" => Act::Hold(Vec::new()),
                _ => Act::json("200 OK", &json!({ "jobs": [{ "id": "j1", "name": "A job", "text": "Write." }], "ok": true })),
            }
        });
        let mut canaries: Vec<Canary> = SOURCES.iter().map(|name| Canary::hatch(name)).collect();
        canaries.push(Canary::of("market", &market.key));
        canaries.push(Canary::hatch("header"));
        canaries.push(Canary::hatch("model"));
        canaries.push(Canary::of("hook", &format!("hook{}", uuid::Uuid::new_v4().simple())));
        let life = Life { place, market: Some(market), platform, stranger, canaries, said: Vec::new() };
        std::fs::create_dir(life.vault()).unwrap();
        for canary in &life.canaries {
            let file = life.vault().join(canary.name);
            std::fs::write(&file, &canary.key).unwrap();
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        life.configure();
        life
    }

    /// Where the person put the keys.
    fn vault(&self) -> PathBuf {
        self.place.path().join("vault")
    }

    fn recipe(&self) -> PathBuf {
        self.place.path().join(".config/juggler/platforms/odd.toml")
    }

    fn key(&self, name: &str) -> &str {
        &self.canaries.iter().find(|canary| canary.name == name).unwrap().key
    }

    fn configure(&self) {
        let vault = self.vault();
        let mut config = format!(
            "[alert]\ncommand = [\"sh\", \"-c\", \"cat; cat /proc/self/environ /proc/self/cmdline\"]\n\
             [alert.webhook]\nurl = \"{}\"\n\
             [[assistant]]\nname = \"model\"\nkind = \"anthropic\"\nmodel = \"m\"\nbase_url = \"{}\"\nkey_file = \"{}\"\n\
             [[source]]\nname = \"practice\"\nrecipe = \"practice\"\nbase_url = \"{}\"\nkey_file = \"{}\"\n",
            self.platform.url(&format!("/hook/{}", self.key("hook"))),
            self.platform.url("/model"),
            vault.join("model").display(),
            self.market.as_ref().unwrap().address,
            vault.join("market").display(),
        );
        for name in SOURCES {
            let key = match name {
                // It tells what it is given as well: the keys of others must not be in it.
                "cmd" => {
                    format!("key_cmd = [\"sh\", \"-c\", \"cat {0}/cmd; cat /proc/self/environ > {0}.told\"]", vault.display())
                }
                "env" => "key_env = \"ODD_KEY\"".to_owned(),
                file => format!("key_file = \"{}\"", vault.join(file).display()),
            };
            let base = self.platform.url(&format!("/{name}"));
            config.push_str(&format!("[[source]]\nname = \"{name}\"\nrecipe = \"odd\"\nbase_url = \"{base}\"\n{key}\n"));
        }
        let recipe = format!(
            "name = \"odd\"\ntitle = \"Odd\"\n\n[auth]\nheader = \"X-API-Key\"\n\n[defaults]\ntimeout = 1\n\
             headers = {{ \"X-App-Token\" = \"{}\" }}\n\n[errors]\ncode = \"$.error\"\nmessage = \"$.message\"\n\n\
             [calls.jobs]\npath = \"/jobs\"\nitems = \"$.jobs[*]\"\n\n[map.job]\nid = \"$.id\"\ntitle = \"$.name\"\nbrief = \"$.text\"\n",
            self.key("header")
        );
        self.place.write_config(&config);
        std::fs::create_dir_all(self.recipe().parent().unwrap()).unwrap();
        std::fs::write(self.recipe(), recipe).unwrap();
        std::fs::set_permissions(self.recipe(), std::fs::Permissions::from_mode(0o600)).unwrap();
        // Folders that are the person's own.
        for folder in [".config", ".config/juggler", ".config/juggler/platforms", "vault"] {
            std::fs::set_permissions(self.place.path().join(folder), std::fs::Permissions::from_mode(0o700)).unwrap();
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("/bin/sh");
        command.env_clear().env("HOME", self.place.path()).env("PATH", "/usr/bin:/bin").env("TMPDIR", self.place.path());
        command.env("ODD_KEY", self.key("env")).env("JUGGLER_LOG", "trace").env("EDITOR", self.editor());
        command.args(["-c", LOOSE, env!("CARGO_BIN_EXE_juggler")]).args(args).current_dir(self.place.path()).stdin(Stdio::null());
        command
    }

    /// An editor that tells what it is given.
    fn editor(&self) -> PathBuf {
        let file = self.place.path().join("my-editor");
        if !file.exists() {
            let told = self.place.path().join("editor.told");
            let text =
                format!("#!/bin/sh\nls -l \"$1\" > {0}\ncat /proc/self/environ >> {0}\necho more >> \"$1\"\n", told.display());
            std::fs::write(&file, text).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
        }
        file
    }

    fn run(&mut self, args: &[&str]) -> String {
        let output = self.command(args).output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        self.said.push((format!("juggler {}", args.join(" ")), [output.stdout, output.stderr].concat()));
        out
    }

    /// On a terminal until `keys` end it; everything that was drawn.
    fn terminal(&mut self, keys: &[&str], restored: bool) {
        let mut command = CommandBuilder::new("/bin/sh");
        let script = format!(
            "umask 000; ODD_KEY=$(cat vault/env) JUGGLER_LOG=trace JUGGLER_DRILL=panic:key exec {}",
            env!("CARGO_BIN_EXE_juggler")
        );
        command.args(["-c", &script]);
        let mut t = Terminal::run(command, 160, 40, &self.place);
        t.wait_for("A job");
        keys.iter().for_each(|key| t.press(key));
        t.ended();
        if restored {
            t.assert_restored();
        }
        self.said.push(("the terminal".to_owned(), t.raw()));
    }

    /// Everything that went over standard input and output as a socket would carry it.
    fn attach(&mut self) {
        let mut child = self
            .command(&["attach", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let front = json!({ "pid": 1, "kind": "terminal", "place": "far", "since": "2026-01-01T00:00:00Z" });
        let hello = json!({ "id": 0, "control": { "do": "hello", "version": juggler::engine::api::VERSION, "front": front } });
        let mut input = child.stdin.take().unwrap();
        writeln!(input, "{hello}").unwrap();
        for (id, ask) in [(1, "sources"), (2, "hand"), (3, "outbox"), (4, "poll")] {
            writeln!(input, "{}", json!({ "id": id, "request": { "ask": ask } })).unwrap();
        }
        let mut heard = Vec::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !String::from_utf8_lossy(&heard).contains("\"id\":4") {
            assert!(lines.read_until(b'\n', &mut heard).unwrap() > 0, "{}", String::from_utf8_lossy(&heard));
        }
        drop(input);
        let ended = child.wait_with_output().unwrap();
        heard.extend(ended.stderr);
        self.said.push(("the socket".to_owned(), heard));
    }
}

#[test]
fn no_key_is_anywhere_but_where_it_was_put() {
    let mut life = Life::begin();
    let watch = Watch::over(life.place.path());
    // Without an engine beside it.
    let rows = life.run(&["jobs", "--poll", "--json", "--limit", "200"]);
    let rows = rows.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let taglines: Vec<String> =
        rows.filter(|row| row["kind"] == "tagline").map(|row| row["key"].as_str().unwrap().to_owned()).collect();
    let key =
        taglines.iter().find(|key| life.run(&["claim", key, "--yes", "--json"]).contains("\"assignment\"")).unwrap().clone();
    for args in [
        &["show", &key][..],
        &["show", &key, "--raw"],
        &["draft", &key, "--scaffold"],
        &["draft", &key, "--edit"],
        &["check", &key],
        &["submit", &key, "--yes", "--override", "override"],
        &["hand", "--all", "--json"],
        &["outbox", "--json"],
        &["sources", "--json"],
        &["sources", "test", "practice", "--json"],
        &["sources", "test", "refused"],
        &["sources", "test", "broken", "--json"],
        &["sources", "test", "moved"],
        &["sources", "test", "silent", "--json"],
        &["assist", "list"],
        &["assist", "test"],
        &["assist", "test", "model", "--json"],
        &["assist", "models"],
        &["alert", "test"],
        &["alert", "test", "--json"],
        &["doctor"],
        &["doctor", "--json"],
        &["config", "show"],
        &["config", "show", "--json"],
        &["events", "--json"],
        &["earnings", "--json"],
        &["store", "verify"],
        &["store", "backup", "backup.jsonl"],
        &["daemon", "unit", "--install"],
        &["--json", "nonsense"],
    ] {
        life.run(args);
    }
    // Through a daemon.
    life.run(&["daemon", "start"]);
    for args in
        [&["jobs", "--poll", "--json"][..], &["sources", "--json"], &["doctor", "--json"], &["daemon", "status", "--json"]]
    {
        life.run(args);
    }
    life.attach();
    life.terminal(&["r", "?", "\x1b", "q"], false);
    life.run(&["daemon", "stop"]);
    // With an engine of its own, until a bug ends it.
    life.terminal(&["r", F12], true);
    // A market that is gone, files that are wrong.
    drop(life.market.take());
    life.run(&["jobs", "--poll"]);
    let config = std::fs::read_to_string(life.place.config_file()).unwrap();
    for wrong in ["key = \"CANARY\"", "token = CANARY", "key_env = [\"CANARY\"]", "key_cmd = \"CANARY\"", "key_env = \"CANARY\""]
    {
        let line = wrong.replace("CANARY", life.key("file"));
        life.place.write_config(&format!("{config}{line}\n"));
        life.run(&["config", "check"]);
        life.run(&["jobs", "--json"]);
    }
    life.place.write_config(&config);
    let seen = watch.seen();
    drop(watch);

    let mut hunt = Hunt::for_all(life.canaries.clone());
    for (whence, bytes) in &life.said {
        hunt.through(whence, bytes, &[]);
    }
    let put: Vec<PathBuf> = life.canaries.iter().map(|canary| life.vault().join(canary.name)).collect();
    let own = [life.place.config_file(), life.recipe()];
    hunt.through_files(life.place.path(), &[&put[..], &own[..]].concat());
    let ours = |program: &str| program.ends_with("/juggler") || program.ends_with("/juggler (deleted)");
    for process in &seen {
        // The variable is where the person put it, and in nothing that we start; the shell is the person's, who starts us.
        let given = ours(&process.program) || process.words.windows(5).any(|part| part == b"umask");
        let except: &[&str] = if given { &["env"] } else { &[] };
        hunt.through(&format!("the command line of {}", process.program), &process.words, &[]);
        hunt.through(&format!("the environment of {}", process.program), &process.environment, except);
    }
    hunt.nothing();
    assert!(seen.iter().filter(|process| ours(&process.program)).count() > 20, "{} processes", seen.len());
    assert!(hunt.looked_at > 120 && hunt.bytes > 200_000, "{} places, {} bytes", hunt.looked_at, hunt.bytes);
    for told in ["editor.told", "vault.told"] {
        assert!(std::fs::metadata(life.place.path().join(told)).unwrap().len() > 20, "{told}");
    }
    let editor = std::fs::read_to_string(life.place.path().join("editor.told")).unwrap();
    assert!(editor.starts_with("-rw-------"), "{editor}");

    // Each platform got its own key in its own header, and nobody else's.
    for request in life.platform.requests() {
        let place = request.split_whitespace().nth(1).unwrap().split('/').nth(1).unwrap().to_owned();
        let hook = place == "hook";
        for canary in &life.canaries {
            let header = format!("x-api-key: {}", canary.key);
            let recipe = !hook && place != "model";
            let meant = canary.name == place || canary.name == "header" && recipe || canary.name == "hook" && hook;
            let heard = request.to_lowercase().matches(&canary.key.to_lowercase()).count();
            assert_eq!(heard, usize::from(meant), "{} in {request}", canary.name);
            assert!(canary.name != place || hook || request.to_lowercase().contains(&header.to_lowercase()), "{request}");
        }
    }
    assert!(
        SOURCES.iter().all(|name| life.platform.requests().iter().any(|request| request.contains(&format!(" /{name}/jobs"))))
    );
    assert!(life.platform.requests().iter().any(|request| request.contains("/hook/")), "no alert was posted");
    assert!(life.platform.requests().iter().any(|request| request.contains("/model/v1/messages")), "no model was asked");
    assert_eq!(life.stranger.requests().len(), 0, "a stranger was asked");

    // What was made is for its owner only, whatever the umask.
    let mut open = loose(&life.place.data_dir());
    open.extend(loose(&life.place.path().join("backup.jsonl")));
    open.extend(loose(&life.place.path().join(".config")));
    assert!(open.is_empty(), "{}", open.join("\n"));
    assert!(life.place.data_dir().join("crash").is_dir(), "the drill left no report");
}
