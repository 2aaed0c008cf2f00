//! Notices changes at once where the system tells of them; elsewhere an inbox is looked at from time to time.

use std::io;
use std::path::Path;

/// Calls `poke` whenever the file or folder may have changed. Returns when it cannot be watched any more: the folder went.
#[cfg(target_os = "linux")]
pub async fn watch(path: &Path, poke: &(dyn Fn() + Send + Sync)) -> io::Result<()> {
    linux::watch(path, poke).await
}

/// Nothing tells of changes here.
#[cfg(not(target_os = "linux"))]
pub async fn watch(_: &Path, _: &(dyn Fn() + Send + Sync)) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;
    use std::time::Duration;

    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};
    use rustix::io::Errno;
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// After a change further ones are let come together for so long.
    const GATHER: Duration = Duration::from_millis(100);

    /// What a round of news means.
    #[derive(Default)]
    struct News {
        /// Something of ours changed.
        ours: bool,
        /// The folder itself went.
        over: bool,
    }

    pub async fn watch(path: &Path, poke: &(dyn Fn() + Send + Sync)) -> io::Result<()> {
        #[expect(
            deprecated,
            reason = "its successor is unsafe; an owned descriptor keeps what that one asks its caller to promise"
        )]
        let fd = AsyncFd::with_interest(init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?, Interest::READABLE)?;
        let is_folder = path.is_dir();
        let folder = if is_folder { path } else { path.parent().unwrap_or(Path::new("/")) };
        let mut of_folder = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::DELETE_SELF | WatchFlags::MOVE_SELF;
        if is_folder {
            of_folder |= WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE;
        }
        add_watch(fd.get_ref(), folder, of_folder | WatchFlags::ONLYDIR)?;
        let name = if is_folder { None } else { path.file_name() };
        follow(&fd, path, is_folder);
        // What changed before anybody watched.
        poke();
        loop {
            let mut ready = fd.readable().await?;
            let news = hear(fd.get_ref(), name.map(OsStrExt::as_bytes))?;
            ready.clear_ready();
            drop(ready);
            if news.over {
                return Ok(());
            }
            if news.ours {
                follow(&fd, path, is_folder);
                poke();
                tokio::time::sleep(GATHER).await;
            }
        }
    }

    /// Watches the file that now has the name. Where there is none, the folder tells when it comes.
    fn follow(fd: &AsyncFd<OwnedFd>, path: &Path, is_folder: bool) {
        if !is_folder {
            let _ = add_watch(fd.get_ref(), path, WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE);
        }
    }

    /// Takes in all that was told so far. News of the file itself has no name, news of the folder's files has theirs.
    fn hear(fd: &OwnedFd, name: Option<&[u8]>) -> io::Result<News> {
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(fd, &mut space);
        let mut news = News::default();
        loop {
            match reader.next() {
                Ok(event) => {
                    news.over |= event.events().intersects(ReadFlags::DELETE_SELF | ReadFlags::MOVE_SELF | ReadFlags::UNMOUNT);
                    news.ours |= event.events().contains(ReadFlags::QUEUE_OVERFLOW)
                        || match (event.file_name(), name) {
                            (Some(told), Some(ours)) => told.to_bytes() == ours,
                            (told, _) => told.is_some() || event.events().intersects(ReadFlags::MODIFY | ReadFlags::CLOSE_WRITE),
                        };
                }
                Err(Errno::AGAIN) => return Ok(news),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
