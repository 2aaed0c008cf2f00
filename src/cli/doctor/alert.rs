//! How alerts reach the person: the terminal's notifications, the command, the webhook. Nothing is sent.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Check, Health};
use crate::alert::Hook;
use crate::config::AlertConfig;
use crate::net::Http;
use crate::tui::osc::{Far, Through};

/// Notifications, command, webhook.
pub fn checks(config: &AlertConfig) -> Vec<Check> {
    let mut checks = vec![notifications(&Far::of_process(config))];
    checks.extend(config.command.first().filter(|name| !name.is_empty()).map(|name| command(name)));
    checks.extend(config.webhook.as_ref().map(|webhook| {
        let hook = Hook::new(Http::default(), webhook.clone());
        Check::ok("alert webhook", format!("{}; juggler alert test posts to it", hook.name()))
    }));
    checks
}

fn notifications(far: &Far) -> Check {
    const NAME: &str = "alerts";
    let bell = if far.bell { "bell" } else { "no bell" };
    match (far.protocol, far.through) {
        (None, _) if !far.bell => Check::new(NAME, Health::Warn, "neither notifications nor bell", "set osc or bell in [alert]"),
        (None, _) => Check::ok(NAME, "by the bell; no notifications are known of this terminal"),
        (Some(protocol), Through::Tmux) => Check::new(
            NAME,
            Health::Warn,
            format!("{} through tmux, {bell}", protocol.word()),
            "tmux passes notifications on only with: set -g allow-passthrough on (the bell goes through without it)",
        ),
        (Some(protocol), through) => Check::ok(NAME, format!("{}{}, {bell}", protocol.word(), through.words())),
    }
}

fn command(name: &str) -> Check {
    const NAME: &str = "alert command";
    let runs = |path: &Path| path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0);
    let found = if name.contains('/') {
        runs(Path::new(name))
    } else {
        std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| runs(&dir.join(name))))
    };
    if found {
        Check::ok(NAME, format!("{name}; juggler alert test runs it"))
    } else {
        let fix = "name a program of your PATH, or write its whole path, in [alert] command";
        Check::new(NAME, Health::Fail, format!("there is no program {name}"), fix)
    }
}
