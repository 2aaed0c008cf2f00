//! The folder that a program works in: what is laid into it, and what it leaves there.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::domain::Text;
use crate::domain::draft::FileItem;

/// Files that are taken over, at most; the rest is told and left.
pub const FILES_MAX: usize = 32;
/// Bytes of one of them, at most: as much as a person's own file may have.
pub const BYTES_MAX: u64 = 64 << 20;
/// Folders within folders that are looked into.
const DEPTH: usize = 4;

/// A folder of its own, that is gone with this.
pub(super) struct Folder {
    dir: TempDir,
    laid: BTreeMap<PathBuf, [u8; 32]>,
}

/// What a program left.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Name and place of each file, in the order of their names.
    pub files: Vec<(Text, PathBuf)>,
    /// Why others are not taken over; empty where all are.
    pub passed: String,
}

impl Folder {
    /// A folder beneath `scratch`, with the draft's files in it. Blocks.
    ///
    /// # Errors
    /// The disk does not take it, or a file of the draft is not what was kept.
    pub fn lay(scratch: &Path, files: &[FileItem]) -> io::Result<Folder> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(scratch)?;
        let dir = tempfile::Builder::new().prefix("run-").tempdir_in(scratch)?;
        let folder = Folder { dir, laid: BTreeMap::new() };
        for part in [folder.work(), folder.home(), folder.temporary()] {
            std::fs::DirBuilder::new().mode(0o700).create(part)?;
        }
        let mut folder = folder;
        for file in files {
            let bytes = std::fs::read(&file.path)?;
            let to = folder.work().join(plain(file.name.as_str()));
            std::fs::write(&to, &bytes)?;
            folder.laid.insert(to, Sha256::digest(&bytes).into());
        }
        Ok(folder)
    }

    /// Where it works.
    pub fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    /// An empty home.
    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// For what is temporary.
    pub fn temporary(&self) -> PathBuf {
        self.dir.path().join("tmp")
    }

    /// Files that are new, or not what was laid. Blocks. Links are not followed, and hidden files are the program's own affair.
    pub fn left(&self) -> Found {
        let (mut found, mut passed) = (Found::default(), Vec::new());
        self.walk(&self.work(), DEPTH, &mut found, &mut passed);
        found.files.sort();
        if found.files.len() > FILES_MAX {
            passed.push(format!("{} files beyond the first {FILES_MAX}", found.files.len() - FILES_MAX));
            found.files.truncate(FILES_MAX);
        }
        found.passed = passed.join(", ");
        found
    }

    fn walk(&self, folder: &Path, depth: usize, found: &mut Found, passed: &mut Vec<String>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for path in entries.flatten().map(|entry| entry.path()) {
            let Ok(facts) = path.symlink_metadata() else { continue };
            let name = path.strip_prefix(self.work()).unwrap_or(&path).to_string_lossy().replace('/', "-");
            if name.starts_with('.') || name.contains("-.") {
                continue;
            }
            match facts.file_type() {
                kind if kind.is_dir() && depth > 0 => self.walk(&path, depth - 1, found, passed),
                kind if kind.is_file() && facts.len() > BYTES_MAX => {
                    passed.push(format!("{name} (over {} MiB)", BYTES_MAX >> 20));
                }
                kind if kind.is_file() && !self.is_as_laid(&path) => found.files.push((Text::title(&name), path)),
                _ => {}
            }
        }
    }

    fn is_as_laid(&self, path: &Path) -> bool {
        let Some(laid) = self.laid.get(path) else { return false };
        std::fs::read(path).is_ok_and(|bytes| <[u8; 32]>::from(Sha256::digest(bytes)) == *laid)
    }
}

/// A name without a path in it.
fn plain(name: &str) -> String {
    let name = name.replace(['/', '\0'], "-");
    match name.trim_start_matches('.') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_or_changed_is_found_and_links_and_hidden_files_are_not() {
        let dir = tempfile::tempdir().unwrap();
        let kept = dir.path().join("kept");
        std::fs::write(&kept, "as it was").unwrap();
        let item = |name: &str| FileItem {
            name: Text::title(name),
            path: kept.clone(),
            size: 9,
            sha256: String::new(),
            facts: Default::default(),
            origin: crate::domain::Origin::External,
        };
        let folder = Folder::lay(&dir.path().join("programs"), &[item("same.txt"), item("../changed.txt")]).unwrap();
        let work = folder.work();
        std::fs::write(work.join("-changed.txt"), "other").unwrap();
        std::fs::create_dir_all(work.join("out/deep")).unwrap();
        std::fs::write(work.join("out/deep/new.png"), "png").unwrap();
        std::fs::write(work.join(".cache"), "x").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", work.join("passwd")).unwrap();
        let found = folder.left();
        let names: Vec<&str> = found.files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["-changed.txt", "out-deep-new.png"], "{found:?}");
        (0..40).for_each(|n| std::fs::write(work.join(format!("n{n:02}")), "x").unwrap());
        let found = folder.left();
        assert!(found.files.len() == FILES_MAX && found.passed.contains("10 files beyond"), "{found:?}");
        let place = folder.dir.path().to_owned();
        drop(folder);
        assert!(!place.exists(), "nothing stays behind");
    }
}
