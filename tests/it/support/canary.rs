//! Canaries: secrets that are planted, and a hunt for them wherever bytes end up. A suite plants them, lives, and hunts in everything
//! that was written, said or handed on.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A secret that nobody may repeat.
#[derive(Clone)]
pub struct Canary {
    pub name: &'static str,
    pub key: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

impl Canary {
    /// A new one, with characters that every encoding changes.
    pub fn hatch(name: &'static str) -> Canary {
        Canary::of(name, &format!("canary+{}/{name}=", uuid::Uuid::new_v4().simple()))
    }

    /// A secret that somebody else made.
    pub fn of(name: &'static str, key: &str) -> Canary {
        let raw = key.as_bytes();
        let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
        let url: String = raw
            .iter()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(*b).to_string() } else { format!("%{b:02X}") })
            .collect();
        let mut forms = vec![
            ("plain", raw.to_vec()),
            ("backwards", raw.iter().rev().copied().collect()),
            ("hex", hex.to_uppercase().into_bytes()),
            ("hex", hex.into_bytes()),
            ("url", url.to_lowercase().into_bytes()),
            ("url", url.into_bytes()),
            // A part is enough to be a leak.
            ("half of it", raw[..raw.len() / 2].to_vec()),
            ("half of it", raw[raw.len() / 2..].to_vec()),
        ];
        // Base64 of a longer text looks different at each of three alignments; the characters at both ends depend on neighbours.
        for shift in 0..3 {
            let text = [&vec![0; shift][..], raw].concat();
            let whole = (text.len() * 8) / 6;
            let first = (shift * 8).div_ceil(6);
            for encoded in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                forms.push(("base64", encoded.as_bytes()[first..whole].to_vec()));
            }
        }
        Canary { name, key: key.to_owned(), forms }
    }

    /// The form in which it is in `bytes`.
    pub fn is_in(&self, bytes: &[u8]) -> Option<&'static str> {
        self.forms.iter().find(|(_, form)| memchr::memmem::find(bytes, form).is_some()).map(|(name, _)| *name)
    }
}

/// Looks for canaries and remembers where any was.
pub struct Hunt {
    canaries: Vec<Canary>,
    found: Vec<String>,
    pub looked_at: usize,
    pub bytes: usize,
}

impl Hunt {
    pub fn for_all(canaries: Vec<Canary>) -> Hunt {
        Hunt { canaries, found: Vec::new(), looked_at: 0, bytes: 0 }
    }

    /// Looks through `bytes`, for all but those of `except`.
    pub fn through(&mut self, whence: &str, bytes: &[u8], except: &[&str]) {
        self.looked_at += 1;
        self.bytes += bytes.len();
        for canary in self.canaries.iter().filter(|canary| !except.contains(&canary.name)) {
            if let Some(form) = canary.is_in(bytes) {
                let text = String::from_utf8_lossy(bytes);
                let around: String = text.find(&canary.key).map_or_else(String::new, |at| {
                    text.chars().skip(text[..at].chars().count().saturating_sub(80)).take(240).collect()
                });
                self.found.push(format!("{} as {form} in {whence}: {around:?}", canary.name));
            }
        }
    }

    /// Looks through every file under `at` but those of `except`, and at the names of all.
    pub fn through_files(&mut self, at: &Path, except: &[PathBuf]) {
        for path in all(at) {
            self.through("the name of a file", path.as_os_str().as_encoded_bytes(), &[]);
            if path.is_file() && !path.is_symlink() && !except.contains(&path) {
                self.through(&path.display().to_string(), &std::fs::read(&path).unwrap(), &[]);
            }
        }
    }

    /// Nothing was found anywhere.
    pub fn nothing(&self) {
        assert!(self.found.is_empty(), "{} of {} places:\n{}", self.found.len(), self.looked_at, self.found.join("\n"));
    }
}

/// Everything under a folder, itself included.
pub fn all(at: &Path) -> Vec<PathBuf> {
    let mut found = vec![at.to_owned()];
    if at.is_dir() && !at.is_symlink() {
        std::fs::read_dir(at).unwrap().flatten().for_each(|entry| found.extend(all(&entry.path())));
    }
    found
}

/// Files and folders under `at` that others may look into.
pub fn loose(at: &Path) -> Vec<String> {
    let mode = |path: &PathBuf| std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777;
    let all = all(at).into_iter().filter(|path| !path.is_symlink() && mode(path) & 0o077 != 0);
    all.map(|path| format!("{:04o} {}", mode(&path), path.display())).collect()
}

/// A process as the system shows it.
#[derive(Clone)]
pub struct Seen {
    pub pid: u32,
    pub program: String,
    pub words: Vec<u8>,
    pub environment: Vec<u8>,
}

/// Looks at every process whose environment names a folder, while it lives: command line and environment.
pub struct Watch {
    seen: Arc<Mutex<Vec<Seen>>>,
    end: Arc<AtomicBool>,
}

impl Watch {
    pub fn over(folder: &Path) -> Watch {
        let (seen, end) = (Arc::new(Mutex::new(Vec::<Seen>::new())), Arc::new(AtomicBool::new(false)));
        let (keep, stop, folder) = (Arc::clone(&seen), Arc::clone(&end), folder.as_os_str().as_encoded_bytes().to_vec());
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                for entry in std::fs::read_dir("/proc").unwrap().flatten() {
                    let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
                    let part = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
                    let environment = part("environ");
                    if memchr::memmem::find(&environment, &folder).is_none() {
                        continue;
                    }
                    let words = part("cmdline");
                    // One that ended meanwhile cannot be told from ours any more, and was looked at while it lived.
                    let Ok(program) = std::fs::read_link(entry.path().join("exe")) else { continue };
                    let program = program.display().to_string();
                    let mut all = keep.lock().unwrap();
                    if !all.iter().any(|seen| seen.pid == pid && seen.words == words && seen.program == program) {
                        all.push(Seen { pid, program, words, environment });
                    }
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        Watch { seen, end }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_hunt_finds_every_form_and_nothing_else() {
    let canary = Canary::hatch("one");
    for shift in 0..3 {
        for tail in ["", "x", "yz"] {
            let text = format!("{}{}{tail}", "abc".get(..shift).unwrap(), canary.key);
            assert_eq!(canary.is_in(STANDARD_NO_PAD.encode(&text).as_bytes()), Some("base64"), "{text}");
            assert_eq!(canary.is_in(URL_SAFE_NO_PAD.encode(&text).as_bytes()), Some("base64"), "{text}");
        }
    }
    assert!(canary.is_in(format!("a {} b", canary.key).as_bytes()).is_some());
    assert!(canary.is_in(format!("a {} b", &canary.key[..canary.key.len() / 2]).as_bytes()).is_some());
    let other = Canary::hatch("one");
    assert!(other.forms.iter().all(|(_, form)| canary.is_in(form).is_none()));
}
