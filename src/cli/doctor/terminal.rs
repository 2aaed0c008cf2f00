//! The terminal, its colours and characters, and the way to the clipboard.

use std::io::IsTerminal;

use super::{Check, Health};

fn var(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Terminal, size, colours, characters, clipboard.
pub fn checks() -> Vec<Check> {
    let screen = std::io::stdout().is_terminal() || std::io::stderr().is_terminal();
    let mut checks = vec![terminal(screen)];
    if screen {
        checks.push(size());
    }
    checks.extend([colours(), characters(), clipboard(screen)]);
    checks
}

fn terminal(screen: bool) -> Check {
    let over = if var("SSH_CONNECTION").is_some() { " over ssh" } else { "" };
    match var("TERM") {
        _ if !screen => Check::new(
            "terminal",
            Health::Warn,
            "there is none here",
            "the commands work without one; run juggler in a terminal for the panes",
        ),
        None => Check::new("terminal", Health::Warn, "TERM is not set", "set TERM, for example to xterm-256color"),
        Some(term) if term == "dumb" => {
            Check::new("terminal", Health::Warn, "TERM is dumb", "open a terminal that can move its cursor")
        }
        Some(term) => Check::ok("terminal", format!("{term}{over}{}", multiplexer().map_or("", |m| m.words()))),
    }
}

/// What sits between the program and the terminal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Multiplexer {
    Tmux,
    Screen,
}

impl Multiplexer {
    fn words(self) -> &'static str {
        match self {
            Multiplexer::Tmux => " in tmux",
            Multiplexer::Screen => " in screen",
        }
    }
}

fn multiplexer() -> Option<Multiplexer> {
    if var("TMUX").is_some() {
        Some(Multiplexer::Tmux)
    } else if var("STY").is_some() {
        Some(Multiplexer::Screen)
    } else {
        None
    }
}

fn size() -> Check {
    let found = rustix::termios::tcgetwinsize(std::io::stdout()).or_else(|_| rustix::termios::tcgetwinsize(std::io::stderr()));
    match found {
        Ok(size) => {
            let text = format!("{} columns, {} rows", size.ws_col, size.ws_row);
            if size.ws_col < 40 || size.ws_row < 10 {
                Check::new("size", Health::Warn, text, "make the window at least 40 by 10; 80 by 24 shows more than one pane")
            } else {
                Check::ok("size", text)
            }
        }
        Err(error) => Check::new("size", Health::Warn, error.to_string(), "the terminal does not tell; 80 by 24 is assumed"),
    }
}

fn colours() -> Check {
    let found = if var("NO_COLOR").is_some() {
        "none: NO_COLOR is set"
    } else if var("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit") {
        "true colour"
    } else if var("TERM").is_some_and(|term| term.contains("256color")) {
        "256 colours"
    } else {
        "16 colours"
    };
    Check::ok("colours", found)
}

fn characters() -> Check {
    // The order in which the C library looks.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| var(name)).unwrap_or_default();
    let folded = locale.to_lowercase();
    if folded.contains("utf-8") || folded.contains("utf8") {
        Check::ok("characters", locale)
    } else {
        let found = if locale.is_empty() { "no locale is set".to_owned() } else { format!("{locale} is not UTF-8") };
        Check::new("characters", Health::Warn, found, "set LANG to a UTF-8 locale, for example C.UTF-8")
    }
}

/// The clipboard goes through the terminal itself (OSC 52), which reaches the person's own machine over ssh.
fn clipboard(screen: bool) -> Check {
    if !screen {
        return Check::ok("clipboard", "nothing to copy to without a terminal");
    }
    match multiplexer() {
        Some(Multiplexer::Tmux) => Check::new(
            "clipboard",
            Health::Warn,
            "by the terminal (OSC 52) through tmux",
            "tmux passes it on only with: set -g set-clipboard on",
        ),
        Some(Multiplexer::Screen) => Check::new(
            "clipboard",
            Health::Warn,
            "by the terminal (OSC 52) through screen",
            "screen passes on short texts only; run juggler outside of it to copy long ones",
        ),
        None if var("TERM").is_some_and(|term| term == "linux") => {
            Check::new("clipboard", Health::Warn, "the console has none", "copy from a file: juggler draft ASSIGNMENT > text")
        }
        None => Check::ok("clipboard", "by the terminal (OSC 52); some ask for leave first"),
    }
}
