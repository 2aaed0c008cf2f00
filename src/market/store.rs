//! The market's own memory across restarts: one JSON file, written beside itself and moved into place.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::catalogue::Catalogue;
use super::world::Memory;

const FILE: &str = "market.json";
const VERSION: u32 = 1;

/// Why the memory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk says no.
    #[error("the market's memory in {0} cannot be read or written: {1}")]
    Io(String, io::Error),
    /// Not what was written.
    #[error("{0} is not a market's memory: {1}; move the file away to start afresh")]
    Unreadable(String, String),
    /// Of a market with another seed.
    #[error("{0} belongs to a market with seed {1}; start with that seed or choose another folder")]
    OtherSeed(String, u64),
}

/// Names that stand for the numbers in the memory, since a later version may ship them in another order.
#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    seed: u64,
    works: Vec<String>,
    requesters: Vec<String>,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    head: Head,
    memory: &'a Memory,
}

#[derive(Deserialize)]
struct Read {
    #[serde(flatten)]
    head: Head,
    memory: Memory,
}

/// The bytes to write.
pub fn encode(seed: u64, catalogue: &Catalogue, memory: &Memory) -> io::Result<Vec<u8>> {
    let works = catalogue.works.iter().map(|w| w.key.clone()).collect();
    let requesters = catalogue.requesters.iter().map(|r| r.id.clone()).collect();
    let head = Head { version: VERSION, seed, works, requesters };
    serde_json::to_vec(&Written { head, memory }).map_err(io::Error::other)
}

/// Puts the bytes on disk; after an error the former memory is still there.
pub fn write(dir: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = dir.join(format!("{FILE}.new"));
    let mut file = File::create(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&fresh, dir.join(FILE))?;
    File::open(dir)?.sync_all()
}

/// What was remembered, or `None` when there is nothing yet. Makes the folder.
pub fn read(dir: &Path, seed: u64, catalogue: &Catalogue) -> Result<Option<Memory>, StoreError> {
    let path = dir.join(FILE);
    let name = path.display().to_string();
    let io = |e| StoreError::Io(name.clone(), e);
    fs::create_dir_all(dir).map_err(io)?;
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(io(e)),
    };
    let bad = |why: &str| StoreError::Unreadable(name.clone(), why.to_owned());
    let Read { head, mut memory } = serde_json::from_slice(&bytes).map_err(|e| bad(&e.to_string()))?;
    if head.version != VERSION {
        return Err(bad("it was written by another version"));
    }
    if head.seed != seed {
        return Err(StoreError::OtherSeed(name, head.seed));
    }
    for job in memory.jobs.values_mut() {
        let work = head.works.get(job.work).and_then(|key| catalogue.works.iter().position(|w| w.key == *key));
        let who = head.requesters.get(job.requester).and_then(|id| catalogue.requesters.iter().position(|r| r.id == *id));
        let (Some(work), Some(who)) = (work, who) else { return Err(bad("it holds jobs that this version does not know")) };
        (job.work, job.requester) = (work, who);
    }
    Ok(Some(memory))
}

/// Keeps an upload's bytes, and lets go of those of the upload `gone`.
pub fn keep_upload(dir: &Path, id: &str, bytes: &[u8], gone: Option<&str>) -> io::Result<()> {
    let folder = dir.join("uploads");
    fs::create_dir_all(&folder)?;
    if let Some(gone) = gone {
        // One that is not there takes no room.
        let _ = fs::remove_file(folder.join(gone));
    }
    let mut file = File::create(folder.join(id))?;
    file.write_all(bytes)?;
    file.sync_all()
}
