//! The journal: the truth. Two append-only files, written in batches, fsynced before anybody is told.
//!
//! A batch is in the files whole or not at all. When the disk fails in the middle of one, both files are cut back to where they
//! were. After a failed fsync, or when cutting back fails as well, the handles are not trusted any more: before the next batch the files
//! are opened anew, cut, made durable and read back.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::checkpoint::{self, WorkHalf};
use super::disk::{self, Disk, DiskFile};
use super::drill;
use super::line::{self, Ends};
use super::mend::{self, Ready};
use super::raw;
use super::reading::{self, Reading};
use super::scan;
use crate::domain::record::Book as Half;
use crate::domain::{Book, Entry, Text};
use crate::error::{Class, Failure, Result};

/// Last numbers in both files: the version of everything folded from them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// In the money file.
    pub money: u64,
    /// In the work file.
    pub work: u64,
}

struct Part {
    half: Half,
    path: PathBuf,
    file: Option<Box<dyn DiskFile>>,
    len: u64,
    last: u64,
}

/// What stands in the way of the next batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Sound,
    /// The handles are not to be trusted.
    Poisoned,
    /// The folder could not be mended or made yet.
    Unmended,
}

/// The open journal.
pub struct Journal {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    money: Part,
    work: Part,
    state: State,
    /// The last number in the work file, if beginning it anew came so far before it failed.
    begun: u64,
}

/// What opening gave.
pub struct Loaded {
    /// The journal.
    pub journal: Journal,
    /// Its fold.
    pub book: Book,
    /// Records behind the checkpoint.
    pub records: u64,
    /// What was mended, or could not be.
    pub mended: Vec<Text>,
    /// Why nothing can be saved for now, when the disk did not let the journal be made ready.
    pub hindered: Option<Failure>,
}

impl Journal {
    /// Opens the journal in `folder`, mending what needs it. When only the mending fails (a full disk), the journal opens all the
    /// same and every commit tries again.
    ///
    /// # Errors
    /// When it cannot be read or is of a newer format.
    pub fn open(disk: Arc<dyn Disk>, folder: &Path) -> Result<Loaded> {
        disk::private_dir(folder).map_err(|e| disk::failed("Cannot make the folder", folder, &e))?;
        let reading = reading::read(disk.as_ref(), folder)?;
        let book = reading.fold()?;
        let records = reading.records();
        let part =
            |from: &reading::Part| Part { half: from.half, path: from.path.clone(), file: None, len: 0, last: from.last() };
        let (money, work) = (part(&reading.money), part(&reading.work));
        let mut journal = Journal { disk, folder: folder.to_owned(), money, work, state: State::Unmended, begun: 0 };
        let (mended, hindered) = match journal.ready(&reading) {
            Ok(said) => (said, None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        Ok(Loaded { journal, book, records, mended, hindered })
    }

    fn ready(&mut self, reading: &Reading) -> Result<Vec<Text>> {
        let (money, work, said) = mend::mend(self.disk.as_ref(), &self.folder, reading)?;
        for (part, Ready { file, len, last }) in [(&mut self.money, money), (&mut self.work, work)] {
            part.file = Some(file);
            part.len = len;
            part.last = last;
        }
        self.disk.sync_dir(&self.folder).map_err(|e| disk::failed("Cannot save", &self.folder, &e))?;
        self.state = State::Sound;
        Ok(said)
    }

    /// Last numbers.
    pub fn stamp(&self) -> Stamp {
        Stamp { money: self.money.last, work: self.work.last }
    }

    /// Bytes in both files.
    pub fn bytes(&self) -> u64 {
        self.money.len + self.work.len
    }

    /// Bytes in the work file.
    pub fn work_bytes(&self) -> u64 {
        self.work.len
    }

    /// Reads everything back before the next batch: something went wrong on the way.
    pub fn distrust(&mut self) {
        if self.state == State::Sound {
            self.state = State::Poisoned;
        }
    }

    /// At the end: cuts off what was said not to be saved, if that could not be done when it happened.
    pub fn settle(&mut self) {
        if self.state == State::Poisoned
            && let Err(failure) = self.heal()
        {
            tracing::warn!(%failure, "the journal may hold more than was confirmed");
        }
    }

    /// Appends several batches with one write and one fsync per file. When this returns, a batch is durable (`Ok`) or nothing of it is
    /// in the files. One batch that cannot be written as text fails alone; when the disk fails, all fail.
    pub fn commit<'a>(&mut self, batches: impl IntoIterator<Item = &'a [Entry]>) -> Vec<Result<()>> {
        let mut stamp = self.stamp();
        let (mut money, mut work) = (Vec::new(), Vec::new());
        let mut results: Vec<Result<()>> = Vec::new();
        for batch in batches {
            let (money_len, work_len) = (money.len(), work.len());
            results.push(match encode(batch, stamp, &mut money, &mut work) {
                Ok(after) => {
                    stamp = after;
                    Ok(())
                }
                Err(failure) => {
                    money.truncate(money_len);
                    work.truncate(work_len);
                    Err(failure)
                }
            });
        }
        // Nothing to write asks how the disk is, and only the disk can answer that.
        let nothing = money.is_empty() && work.is_empty() && results.iter().all(Result::is_ok);
        if let Err(failure) = if nothing { self.probe() } else { self.write(&money, &work) } {
            return results.into_iter().map(|r| r.and(Err(failure.clone()))).collect();
        }
        self.money.last = stamp.money;
        self.work.last = stamp.work;
        results
    }

    /// Whether the next batch would be saved: a page is written, made durable and removed again.
    fn probe(&mut self) -> Result<()> {
        if self.state != State::Sound {
            self.heal()?;
        }
        let path = self.folder.join("probe.tmp");
        let disk = self.disk.as_ref();
        let _ = disk.remove(&path);
        let tried = disk.create(&path).and_then(|mut file| {
            disk::write_all(file.as_mut(), &[b'\n'; 4096])?;
            file.sync()
        });
        let removed = disk.remove(&path);
        tried.and(removed).map_err(|e| disk::failed("Cannot save to", &self.folder, &e))
    }

    fn write(&mut self, money: &[u8], work: &[u8]) -> Result<()> {
        if money.is_empty() && work.is_empty() {
            return Ok(());
        }
        if self.state != State::Sound {
            self.heal()?;
        }
        drill::point("save.begun");
        // Work first: a crash between the two leaves work lines whose batch misses its money, and those are told and left out.
        let written = self.work.append(work).and_then(|()| {
            drill::point("save.half");
            self.money.append(money)
        });
        let Err((path, error, poisoned)) = written else {
            self.work.len += work.len() as u64;
            self.money.len += money.len() as u64;
            return Ok(());
        };
        // Money first, and work only behind it: money without the work of its batch would count, work without its money does not.
        let cut = [&mut self.money, &mut self.work].into_iter().all(|part| part.cut_back().is_ok());
        if poisoned || !cut {
            self.state = State::Poisoned;
        }
        Err(disk::failed("Cannot save to", &path, &error))
    }

    /// Opens the files anew, cuts them to what was confirmed, and reads them back.
    fn heal(&mut self) -> Result<()> {
        if self.state == State::Unmended {
            let reading = reading::read(self.disk.as_ref(), &self.folder)?;
            let stamp = Stamp { money: reading.money.last(), work: reading.work.last() };
            if stamp != self.stamp() && stamp != (Stamp { work: self.begun, ..self.stamp() }) {
                return Err(changed(&self.folder));
            }
            return self.ready(&reading).map(drop);
        }
        // In this order for the same reason as when cutting back.
        for part in [&mut self.money, &mut self.work] {
            part.file = None;
            part.reopen(self.disk.as_ref())?;
        }
        self.state = State::Sound;
        Ok(())
    }

    /// Writes the work half of `book` as a checkpoint and begins a new work file behind it, which opens with what `raw` keeps. `book`
    /// must be the fold of this journal; its old spans are summed.
    ///
    /// # Errors
    /// When the disk fails: the journal is as it was, or is made ready again by the next commit.
    pub fn compact(&mut self, book: &mut Book) -> Result<()> {
        if self.state != State::Sound {
            self.heal()?;
        }
        drill::point("checkpoint.begun");
        let seq = self.work.last;
        let disk = self.disk.as_ref();
        let said =
            raw::read(disk, &self.folder, &self.work.path).map_err(|e| disk::failed("Cannot read", &self.work.path, &e))?;
        let half = WorkHalf::of(book).summed();
        let path = checkpoint::path(&self.folder, seq);
        checkpoint::write(disk, &self.folder, seq, &half).map_err(|e| disk::failed("Cannot write the checkpoint", &path, &e))?;
        half.put_into(book);
        drill::point("checkpoint.written");
        // From here on the old handle may be that of the older file: if a step fails, the folder is read and mended again.
        self.state = State::Unmended;
        self.work.file = None;
        let until = checkpoint::until_path(&self.folder, seq);
        let failed = |e: std::io::Error| disk::failed("Cannot begin anew", &self.work.path, &e);
        disk.rename(&self.work.path, &until).map_err(failed)?;
        drill::point("checkpoint.moved");
        // The new file begins with what is kept word for word, under new numbers.
        let (mut begin, mut last) = (line::header(Half::Work, seq + 1), seq);
        for entry in raw::kept(said, book) {
            line::encode(Half::Work, last + 1, None, &entry, &mut begin)?;
            last += 1;
        }
        self.begun = last;
        disk::replace(disk, &self.work.path, &begin).map_err(failed)?;
        drill::point("checkpoint.anew");
        self.work.file = Some(disk.append(&self.work.path).map_err(failed)?);
        (self.work.len, self.work.last) = (begin.len() as u64, last);
        self.state = State::Sound;
        checkpoint::prune(disk, &self.folder);
        Ok(())
    }
}

impl Part {
    /// Appends and makes durable; an error tells whether the handle is poisoned.
    fn append(&mut self, bytes: &[u8]) -> std::result::Result<(), (PathBuf, std::io::Error, bool)> {
        if bytes.is_empty() {
            return Ok(());
        }
        let Some(file) = self.file.as_mut() else {
            return Err((self.path.clone(), std::io::Error::other("the file is not open"), true));
        };
        disk::write_all(file.as_mut(), bytes).map_err(|e| (self.path.clone(), e, false))?;
        drill::point("save.written");
        file.sync().map_err(|e| (self.path.clone(), e, true))
    }

    fn cut_back(&mut self) -> std::io::Result<()> {
        match self.file.as_mut() {
            Some(file) => file.truncate(self.len).and_then(|()| file.sync()),
            None => Err(std::io::Error::other("the file is not open")),
        }
    }

    fn reopen(&mut self, disk: &dyn Disk) -> Result<()> {
        let failed = |e: std::io::Error| disk::failed("Cannot open again", &self.path, &e);
        let bytes = disk.read(&self.path).map_err(failed)?;
        let len = usize::try_from(self.len).unwrap_or(usize::MAX);
        // Growing a file by cutting it would fill it with zeros.
        let Some(confirmed) = bytes.get(..len) else { return Err(changed(&self.path)) };
        let found = scan::scan(self.half, confirmed)?;
        let first = found.from.unwrap_or(1);
        if found.last(first - 1) != self.last || found.torn.is_some() {
            return Err(changed(&self.path));
        }
        let mut file = disk.append(&self.path).map_err(failed)?;
        file.truncate(self.len).and_then(|()| file.sync()).map_err(failed)?;
        if disk.read(&self.path).map_err(failed)? != confirmed {
            return Err(changed(&self.path));
        }
        self.file = Some(file);
        Ok(())
    }
}

fn changed(path: &Path) -> Failure {
    Failure::new(Class::Store, format!("{} is not as it was left", path.display()))
        .why("something else wrote to it, or the disk lost what it had confirmed")
        .hint("Quit and start again: what can be read is kept, and what cannot is named.")
}

fn encode(batch: &[Entry], stamp: Stamp, money: &mut Vec<u8>, work: &mut Vec<u8>) -> Result<Stamp> {
    let count = |half| batch.iter().filter(|e| e.record.book() == half).count() as u64;
    let (in_money, in_work) = (count(Half::Money), count(Half::Work));
    let after = Stamp { money: stamp.money + in_money, work: stamp.work + in_work };
    let ends = (batch.len() > 1)
        .then_some(Ends { money: if in_money > 0 { after.money } else { 0 }, work: if in_work > 0 { after.work } else { 0 } });
    let mut at = stamp;
    for entry in batch {
        let (seq, out) = match entry.record.book() {
            Half::Money => (&mut at.money, &mut *money),
            Half::Work => (&mut at.work, &mut *work),
        };
        *seq += 1;
        line::encode(entry.record.book(), *seq, ends, entry, out)?;
    }
    Ok(after)
}
