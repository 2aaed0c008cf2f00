//! The log of the feed: a line for each job that came or went, latest last.
//!
//! It is told, never relied on: lines are appended without a sync, so that a kill of the program loses none and a power cut the last
//! few; a line that was cut is skipped. Whoever reads the file sees JSON, one object a line.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::disk::{self, RealDisk};

/// Lines that are kept at least; at twice as many the older half goes.
pub const KEPT: usize = 5_000;
/// No more than this of a file is looked at.
const MOST: u64 = 16 << 20;

fn path(dir: &Path) -> PathBuf {
    dir.join("feed-log.jsonl")
}

/// The last `most` lines under `dir`, in their order; none where there is no log.
pub fn load(dir: &Path, most: usize) -> Vec<String> {
    read(&path(dir), most).map(|(lines, _)| lines.into()).unwrap_or_default()
}

/// The last lines, and how many there are.
fn read(path: &Path, most: usize) -> io::Result<(VecDeque<String>, usize)> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(MOST)))?;
    let (mut kept, mut count) = (VecDeque::new(), 0);
    for line in BufReader::new(file.take(MOST)).split(b'\n') {
        let Ok(line) = String::from_utf8(line?) else { continue };
        count += 1;
        kept.push_back(line);
        if kept.len() > most {
            kept.pop_front();
        }
    }
    Ok((kept, count))
}

/// The log, to be added to.
#[derive(Default)]
pub(super) struct FeedLog {
    dir: PathBuf,
    open: Option<(File, usize)>,
}

impl FeedLog {
    pub fn new(dir: &Path) -> FeedLog {
        FeedLog { dir: dir.to_owned(), open: None }
    }

    /// Adds lines; that it cannot is no reason to stop anything.
    pub fn append(&mut self, lines: &[String]) {
        if let Err(error) = self.try_append(lines) {
            tracing::debug!(%error, "the log of the feed was not written");
            self.open = None;
        }
    }

    fn try_append(&mut self, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let (mut file, count) = match self.open.take() {
            Some(open) => open,
            None => self.open()?,
        };
        let mut text = lines.join("\n");
        text.push('\n');
        file.write_all(text.as_bytes())?;
        let count = count + lines.len();
        if count <= 2 * KEPT {
            self.open = Some((file, count));
            return Ok(());
        }
        let (kept, _) = read(&path(&self.dir), KEPT)?;
        let text: String = kept.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
        disk::replace(&RealDisk, &path(&self.dir), text.as_bytes())
    }

    fn open(&self) -> io::Result<(File, usize)> {
        let path = path(&self.dir);
        let count = read(&path, 0).map_or(0, |(_, count)| count);
        let mut file = OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(disk::NO_LINK).open(&path)?;
        // Behind a line that was cut, a new one begins.
        let last = fs::read(&path)?.last().copied();
        if last.is_some_and(|byte| byte != b'\n') {
            file.write_all(b"\n")?;
        }
        Ok((file, count))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_is_bounded_and_goes_on_behind_a_cut_line() {
        let dir = tempfile::tempdir().unwrap();
        let line = |n: usize| format!("{{\"n\":{n}}}");
        for run in 0..5 {
            let mut log = FeedLog::new(dir.path());
            for piece in 0..4 {
                let lines: Vec<String> = (0..700).map(|n| line((run * 4 + piece) * 700 + n)).collect();
                log.append(&lines);
            }
        }
        let all = load(dir.path(), usize::MAX);
        assert!((KEPT..=2 * KEPT).contains(&all.len()), "{}", all.len());
        assert_eq!((all.last().unwrap(), load(dir.path(), 3).len()), (&line(13_999), 3));
        let expected: Vec<String> = (14_000 - all.len()..14_000).map(line).collect();
        assert_eq!(all, expected);
        let mut file = OpenOptions::new().append(true).open(path(dir.path())).unwrap();
        file.write_all(b"{\"n\":").unwrap();
        FeedLog::new(dir.path()).append(&[line(1)]);
        assert_eq!(load(dir.path(), 2), ["{\"n\":".to_owned(), line(1)]);
        assert!(load(&dir.path().join("nowhere"), 9).is_empty());
    }
}
