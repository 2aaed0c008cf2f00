//! The daemon under a service manager: a unit for systemd's user instance, and the word that tells it that the engine serves.
//!
//! Source: `systemd.service(5)`, `sd_notify(3)`.

use std::io;
#[cfg(target_os = "linux")]
use std::os::linux::net::SocketAddrExt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::{Path, PathBuf};

use crate::error::{Class, Failure, Result};

/// The unit's name.
pub const NAME: &str = "juggler.service";

/// The unit for this program with these flags.
pub fn unit(program: &Path, config: Option<&Path>, data: Option<&Path>) -> String {
    let mut start = quoted(program);
    for (flag, path) in [("--config", config), ("--data-dir", data)] {
        if let Some(path) = path {
            start.push_str(&format!(" {flag} {}", quoted(path)));
        }
    }
    format!(
        "\
[Unit]
Description=Juggler: polls, outbox, rules and alerts without a terminal
Documentation=man:juggler(1)
After=network-online.target

[Service]
Type=notify
ExecStart={start} daemon
# What is on its way to a platform is waited for before the store closes.
TimeoutStopSec=60
Restart=on-failure
RestartSec=5
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes

[Install]
WantedBy=default.target
"
    )
}

/// As systemd reads it: in quotation marks, with `%` and `$` doubled.
fn quoted(path: &Path) -> String {
    let raw = path.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    format!("\"{raw}\"")
}

/// Where systemd looks for a person's units.
///
/// # Errors
/// When the home folder is not known.
pub fn folder() -> Result<PathBuf> {
    let base = match std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|base| base.is_absolute()) {
        Some(base) => base,
        None => etcetera::home_dir()
            .map_err(|why| Failure::new(Class::Config, "the home folder is not known").why(why).hint("set HOME"))?
            .join(".config"),
    };
    Ok(base.join("systemd/user"))
}

/// Tells the service manager, where one started us.
pub fn notify(state: &str) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else { return };
    if let Err(why) = send(socket.as_bytes(), state) {
        tracing::warn!(%why, "the service manager could not be told");
    }
}

fn send(socket: &[u8], state: &str) -> io::Result<()> {
    let address = match socket.strip_prefix(b"@") {
        #[cfg(target_os = "linux")]
        Some(name) => SocketAddr::from_abstract_name(name)?,
        #[cfg(not(target_os = "linux"))]
        Some(_) => return Err(io::ErrorKind::Unsupported.into()),
        None => SocketAddr::from_pathname(Path::new(std::ffi::OsStr::from_bytes(socket)))?,
    };
    UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_quoted_as_systemd_reads_them() {
        let unit = unit(Path::new("/opt/a b/juggler"), None, Some(Path::new("/data/100%/$x\"y")));
        assert!(unit.contains(r#"ExecStart="/opt/a b/juggler" --data-dir "/data/100%%/$$x\"y" daemon"#), "{unit}");
    }

    #[test]
    fn the_word_reaches_the_service_manager() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        send(path.as_os_str().as_bytes(), "READY=1").unwrap();
        let mut said = [0; 16];
        let n = manager.recv(&mut said).unwrap();
        assert_eq!(&said[..n], b"READY=1");
        let name = format!("juggler-test-{}", std::process::id()).into_bytes();
        let manager = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        send(&[b"@", name.as_slice()].concat(), "STOPPING=1").unwrap();
        let n = manager.recv(&mut said).unwrap();
        assert_eq!(&said[..n], b"STOPPING=1");
    }
}
