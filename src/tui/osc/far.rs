//! What is known of the terminal at the other end, and what it understands.

use super::Through;
use crate::config::AlertConfig;
use crate::config::alert::Osc;

/// How a terminal is told to show a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `OSC 9`: one text.
    Nine,
    /// `OSC 777;notify`: a title and a text.
    SevenSevenSeven,
    /// `OSC 99`: a title, a text, an urgency.
    NinetyNine,
}

impl Protocol {
    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Protocol::Nine => "OSC 9",
            Protocol::SevenSevenSeven => "OSC 777",
            Protocol::NinetyNine => "OSC 99",
        }
    }
}

/// The terminal at the far end, as far as the environment and the configuration tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Far {
    /// What lies in between.
    pub through: Through,
    /// How it is notified; `None`: by the bell alone.
    pub protocol: Option<Protocol>,
    /// It may ring.
    pub bell: bool,
    /// Its title may be written.
    pub title: bool,
    /// It has a clipboard.
    pub clipboard: bool,
    /// It may be given links.
    pub links: bool,
}

impl Far {
    /// By the environment of this process.
    pub fn of_process(config: &AlertConfig) -> Far {
        Far::of(config, &|name| std::env::var(name).ok())
    }

    /// By an environment handed in.
    pub fn of(config: &AlertConfig, var: &dyn Fn(&str) -> Option<String>) -> Far {
        let var = |name: &str| var(name).filter(|value| !value.is_empty());
        let term = var("TERM").unwrap_or_default();
        // A multiplexer on the near side of an SSH line is known by the terminal's name alone. tmux calls itself screen as well
        // where it is old or told to; it drops what is wrapped for screen, while screen would print what is wrapped for tmux.
        let through = if var("TMUX").is_some() || term.starts_with("tmux") {
            Through::Tmux
        } else if var("STY").is_some() || term.starts_with("screen") {
            Through::Screen
        } else {
            Through::Direct
        };
        // Neither keeps sequences it does not know to itself.
        let plain = matches!(term.as_str(), "" | "dumb" | "linux") || term.starts_with("vt");
        Far {
            through,
            protocol: match config.osc {
                Osc::Off => None,
                Osc::Nine => Some(Protocol::Nine),
                Osc::SevenSevenSeven => Some(Protocol::SevenSevenSeven),
                Osc::NinetyNine => Some(Protocol::NinetyNine),
                Osc::Auto if plain => None,
                Osc::Auto => known(&term, &var),
            },
            bell: config.bell,
            // screen keeps a title of its own, and has no way to put the old one back.
            title: config.title && !plain && through != Through::Screen,
            clipboard: !plain,
            // screen would print what it does not know.
            links: !plain && through != Through::Screen,
        }
    }
}

/// What a terminal of this environment understands. Over SSH only `TERM` and `LC_*` arrive, and inside tmux what its server was
/// started with; where nothing is known, `OSC 9` is what most terminals know and the others drop.
fn known(term: &str, var: &dyn Fn(&str) -> Option<String>) -> Option<Protocol> {
    let program = var("TERM_PROGRAM").or_else(|| var("LC_TERMINAL")).unwrap_or_default().to_lowercase();
    let is = |name: &str| program.contains(name);
    if term == "xterm-kitty" || var("KITTY_WINDOW_ID").is_some() {
        return Some(Protocol::NinetyNine);
    }
    let both = ["foot", "rxvt", "contour"].iter().any(|name| term.starts_with(name)) || term.contains("ghostty");
    if both || is("ghostty") || is("wezterm") || var("WEZTERM_PANE").is_some() || var("GHOSTTY_RESOURCES_DIR").is_some() {
        return Some(Protocol::SevenSevenSeven);
    }
    if is("iterm") || var("ITERM_SESSION_ID").is_some() {
        return Some(Protocol::Nine);
    }
    if var("VTE_VERSION").is_some() || var("KONSOLE_VERSION").is_some() {
        return Some(Protocol::SevenSevenSeven);
    }
    // These know none; what they do not know they drop, but the bell does it alone.
    if is("apple_terminal") || is("vscode") || var("WT_SESSION").is_some() || term.starts_with("alacritty") {
        return None;
    }
    Some(Protocol::Nine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn far(environment: &[(&str, &str)], osc: Osc) -> Far {
        let config = AlertConfig { osc, ..AlertConfig::default() };
        let var = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Far::of(&config, &var)
    }

    #[test]
    fn the_terminal_is_known_by_what_it_left_in_the_environment() {
        use Protocol::{Nine, NinetyNine, SevenSevenSeven};
        type Variables = &'static [(&'static str, &'static str)];
        let cases: [(Variables, Option<Protocol>, Through); 17] = [
            (&[("TERM", "xterm-kitty")], Some(NinetyNine), Through::Direct),
            (&[("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0"), ("KITTY_WINDOW_ID", "1")], Some(NinetyNine), Through::Tmux),
            (&[("TERM", "foot")], Some(SevenSevenSeven), Through::Direct),
            (&[("TERM", "rxvt-unicode-256color")], Some(SevenSevenSeven), Through::Direct),
            (&[("TERM", "xterm-ghostty")], Some(SevenSevenSeven), Through::Direct),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")], Some(SevenSevenSeven), Through::Direct),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")], Some(SevenSevenSeven), Through::Direct),
            (&[("TERM", "xterm-256color"), ("LC_TERMINAL", "iTerm2")], Some(Nine), Through::Direct),
            (
                &[("TERM", "screen"), ("TMUX", "x"), ("TERM_PROGRAM", "tmux"), ("ITERM_SESSION_ID", "w0")],
                Some(Nine),
                Through::Tmux,
            ),
            (&[("TERM", "xterm-256color")], Some(Nine), Through::Direct),
            (&[("TERM", "screen.xterm-256color"), ("STY", "1.pts")], Some(Nine), Through::Screen),
            (&[("TERM", "tmux-256color")], Some(Nine), Through::Tmux),
            (&[("TERM", "screen-256color")], Some(Nine), Through::Screen),
            (&[("TERM", "alacritty")], None, Through::Direct),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "x")], None, Through::Direct),
            (&[("TERM", "linux")], None, Through::Direct),
            (&[("TERM", "dumb"), ("TMUX", "")], None, Through::Direct),
        ];
        for (environment, protocol, through) in cases {
            let far = far(environment, Osc::Auto);
            assert_eq!((far.protocol, far.through), (protocol, through), "{environment:?}");
        }
    }

    #[test]
    fn what_is_set_goes_before_what_is_guessed() {
        assert_eq!(far(&[("TERM", "linux")], Osc::Nine).protocol, Some(Protocol::Nine));
        assert_eq!(far(&[("TERM", "xterm-kitty")], Osc::Off).protocol, None);
        let console = far(&[("TERM", "linux")], Osc::Auto);
        assert!(!console.clipboard && !console.title && !console.links && console.bell);
    }
}
