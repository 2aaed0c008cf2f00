//! Looks at a cache without the store, and makes it again.

use std::path::Path;
use std::sync::Arc;

use super::aside;
use super::ballast::Ballast;
use super::cache::{Cache, SCHEMA};
use super::disk::RealDisk;
use super::generations;
use super::journal::Stamp;
use super::migrate;
use super::open_cache::{self, Feed, Opening, Tried};
use super::roll::{Keep, Roll};
use crate::domain::Book;
use crate::error::{Class, Failure, Result};

/// Opens an existing cache to read it, guarded; gives also the number of rows that cannot be read.
pub fn look(dir: &Path) -> std::result::Result<(Cache, u64), String> {
    let folder = generations::folder(dir, generations::latest(dir));
    migrate::refuse_newer(dir).map_err(|newer| newer.why)?;
    aside::sweep(&folder).map_err(|e| e.to_string())?;
    match open_cache::guarded(&folder, &Opening::offline(dir, Stamp::default(), true)) {
        Tried::Open(cache, rest, _) => Ok((*cache, rest.unreadable + u64::from(rest.damaged))),
        Tried::Newer(schema) => Err(format!("it is of version {schema}, this one knows {SCHEMA}")),
        Tried::Stuck => Err("it did not open in time".to_owned()),
        Tried::Held => Err("another process has it open".to_owned()),
        Tried::Full(error) | Tried::Corrupt(error) => Err(error),
    }
}

/// Makes the cache again in a folder of the next generation, taking along the feed's rows that can be read; the old folder goes when the
/// new one is whole.
///
/// # Errors
/// When it cannot be opened, or the disk does not take the new one; the old one stays then.
pub fn renew(dir: &Path, book: &Book, stamp: Stamp, ballast: &mut Ballast) -> Result<Feed> {
    let old = generations::latest(dir);
    let mut feed = open_cache::open(&Opening::offline(dir, stamp, true), ballast)?;
    feed.settle(book, stamp, true);
    if old == 0 || feed.lost {
        // It was made just now.
        return Ok(feed);
    }
    let Some(cache) = feed.cache.as_mut() else { return Ok(feed) };
    let generation = cache.generation();
    let mut roll = Roll::begin(Arc::new(RealDisk), dir, Keep::All)?;
    loop {
        match roll.step(cache) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                roll.abandon();
                return Err(Failure::new(Class::Store, "The cache could not be made again")
                    .why(error)
                    .hint("The journal is intact; see to the cause and do it again."));
            }
        }
    }
    let (_, before) = roll.finish(cache, book, stamp)?;
    drop(before);
    generations::remove(dir, generation);
    Ok(feed)
}
