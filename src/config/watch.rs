//! Notices that the config file changed.
//!
//! The file is looked at a few times a second, on a thread of its own: a file system that hangs holds nobody up. Looking costs a
//! few microseconds and sees whatever name, link, folder or mount is in between, which notifications of the system do not: they
//! are about one inode, and editors, dotfile managers and network file systems replace those.

use std::time::Duration;

use super::Config;
use super::origin::Stamp;
use crate::error::Result;

/// How often the file is looked at.
const EVERY: Duration = Duration::from_millis(400);
/// A file that just changed may not be whole yet: it is read when it has been the same for so long.
const STILL: Duration = Duration::from_millis(100);
/// Looks for a file that is gone, before that is believed: some editors take it away for a moment.
const GONE_FOR: u32 = 3;

/// Watches the file of `config` and tells what it says whenever it changed, until `is_over`. Nothing is watched where no file was
/// read. Returns at once.
pub fn watch(
    config: &Config,
    is_over: impl Fn() -> bool + Send + 'static,
    mut tell: impl FnMut(Result<Config>) + Send + 'static,
) {
    if !config.origin.is_a_file() {
        return;
    }
    let (config, mut taken) = (config.clone(), config.origin.stamp());
    let file = config.paths.config_file.clone();
    let look = move || {
        while !is_over() {
            std::thread::sleep(EVERY);
            let mut seen = Stamp::of(&file);
            if seen == taken {
                continue;
            }
            let mut gone = 0;
            loop {
                std::thread::sleep(STILL);
                let now = Stamp::of(&file);
                gone = if now.is_none() { gone + 1 } else { 0 };
                if now == seen && (now.is_some() || gone >= GONE_FOR) {
                    break;
                }
                seen = now;
            }
            if seen != taken && !is_over() {
                taken = seen;
                tell(config.again());
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("config".to_owned()).spawn(look) {
        tracing::warn!(%error, "the config file is not watched");
    }
}
