//! Which way a terminal takes pictures: asked when the first one is to be shown, never before, and never waited for on a key's path.
//!
//! References: the kitty graphics protocol (query `a=q`), XTerm's control sequences (`CSI 16 t`, DA1: 4 stands for Sixel), iTerm2's
//! inline images, which nobody can be asked for.

use chrono::TimeDelta;

use crate::config::PictureChoice;
use crate::domain::Time;

/// How a picture gets onto the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Not at all: facts in words.
    Off,
    /// Two pixels a cell, by half blocks in colour: everywhere.
    #[default]
    Half,
    /// kitty's protocol, placed by placeholders.
    Kitty,
    /// Sixel.
    Sixel,
    /// iTerm2's inline images.
    Iterm2,
}

impl Way {
    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Way::Off => "off",
            Way::Half => "half blocks",
            Way::Kitty => "kitty",
            Way::Sixel => "sixel",
            Way::Iterm2 => "iTerm2",
        }
    }
}

/// What is asked: kitty's graphics, a cell's size, and device attributes, which every terminal answers, so that they end it.
pub const QUESTION: &[u8] =
    b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b_Gi=32,s=1,v=1,a=q,t=d,f=24,o=z;eJxjYGAAAAADAAE=\x1b\\\x1b[16t\x1b[c";

/// An answer of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It takes kitty's graphics; `packed`: also compressed.
    Kitty {
        /// This answer is about compressed ones.
        packed: bool,
    },
    /// A cell has so many pixels, across and down.
    Cell(u16, u16),
    /// Its attributes, the last answer; with Sixel or without.
    Attributes {
        /// It draws Sixel.
        sixel: bool,
    },
}

/// A terminal that does not answer gets this long.
const PATIENCE: TimeDelta = TimeDelta::milliseconds(1_000);
/// Where nobody tells a cell's size.
const FONT: (u16, u16) = (10, 20);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Not,
    Until(Time),
    Over,
}

/// What is known of the terminal.
#[derive(Debug, Default)]
pub struct Ways {
    choice: PictureChoice,
    /// A terminal is there that can be asked.
    open: bool,
    /// By its environment.
    iterm: bool,
    /// Over a network.
    far: bool,
    asked: Asked,
    kitty: bool,
    /// It takes compressed pictures.
    pub packed: bool,
    sixel: bool,
    font: Option<(u16, u16)>,
}

impl Ways {
    /// What the person chose.
    pub fn choose(&mut self, choice: PictureChoice) {
        self.choice = choice;
    }

    /// A terminal is there. Inside tmux, screen and what knows no graphics at all nothing is asked: half blocks are what gets through.
    pub fn meet(&mut self, var: &dyn Fn(&str) -> Option<String>, font: Option<(u16, u16)>) {
        let var = |name: &str| var(name).filter(|value| !value.is_empty());
        let term = var("TERM").unwrap_or_default();
        let inside = var("TMUX").is_some() || var("STY").is_some() || term.starts_with("tmux") || term.starts_with("screen");
        let plain = matches!(term.as_str(), "" | "dumb" | "linux") || term.starts_with("vt");
        let program = var("TERM_PROGRAM").or_else(|| var("LC_TERMINAL")).unwrap_or_default().to_lowercase();
        self.iterm = ["iterm", "wezterm", "mintty"].iter().any(|name| program.contains(name)) || var("KONSOLE_VERSION").is_some();
        self.far = var("SSH_CONNECTION").is_some() || var("SSH_TTY").is_some();
        self.open = !inside && !plain;
        self.font = font.filter(|(w, h)| *w > 2 && *h > 4);
    }

    /// The way pictures go now, and the pixels of a cell. `None` while the terminal is being asked.
    pub fn way(&self) -> Option<(Way, (u16, u16))> {
        let font = self.font.unwrap_or(FONT);
        let way = match self.choice {
            PictureChoice::Off => Way::Off,
            PictureChoice::Halfblocks => Way::Half,
            PictureChoice::Kitty => Way::Kitty,
            PictureChoice::Sixel => Way::Sixel,
            PictureChoice::Iterm2 => Way::Iterm2,
            PictureChoice::Auto if !self.open => Way::Half,
            PictureChoice::Auto if self.iterm => Way::Iterm2,
            PictureChoice::Auto if self.asked != Asked::Over => return None,
            // Without a cell's size graphics would hang over, or be cut.
            PictureChoice::Auto if self.kitty && self.font.is_some() => Way::Kitty,
            PictureChoice::Auto if self.sixel && self.font.is_some() => Way::Sixel,
            PictureChoice::Auto => Way::Half,
        };
        Some((way, if way == Way::Half { (1, 2) } else { font }))
    }

    /// A picture is to be shown: whether the terminal is to be asked first.
    pub fn begin(&mut self, now: Time) -> bool {
        let ask = self.way().is_none() && self.asked == Asked::Not;
        if ask {
            self.asked = Asked::Until(now + PATIENCE);
        }
        ask
    }

    /// The terminal answered.
    pub fn told(&mut self, told: Told) {
        match told {
            Told::Kitty { packed: false } => self.kitty = true,
            Told::Kitty { packed: true } => self.packed = true,
            Told::Cell(width, height) if width > 2 && height > 4 => self.font = Some((width, height)),
            Told::Cell(..) => {}
            Told::Attributes { sixel } => {
                self.sixel = sixel;
                if matches!(self.asked, Asked::Until(_)) {
                    self.asked = Asked::Over;
                }
            }
        }
    }

    /// When waiting for answers ends.
    pub fn ends_at(&self) -> Option<Time> {
        if let Asked::Until(at) = self.asked { Some(at) } else { None }
    }

    /// Time passed.
    pub fn tick(&mut self, now: Time) {
        if self.ends_at().is_some_and(|at| at <= now) {
            self.asked = Asked::Over;
        }
    }

    /// The screen is at the other end of a network.
    pub fn is_far(&self) -> bool {
        self.far
    }

    /// Most bytes that are sent for one picture: over a network a key pressed behind it waits for all of them.
    pub fn budget(&self) -> usize {
        if self.far { 400 << 10 } else { 4 << 20 }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn met(environment: &[(&str, &str)]) -> Ways {
        let mut ways = Ways::default();
        let var = |name: &str| environment.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        ways.meet(&var, None);
        ways
    }

    fn now() -> Time {
        Time::UNIX_EPOCH
    }

    #[test]
    fn the_terminal_is_asked_once_and_not_for_ever() {
        let mut ways = met(&[("TERM", "xterm-256color")]);
        assert_eq!(ways.way(), None);
        assert!(ways.begin(now()) && !ways.begin(now()));
        ways.tick(now() + PATIENCE - TimeDelta::milliseconds(1));
        assert_eq!(ways.way(), None);
        ways.tick(now() + PATIENCE);
        assert_eq!(ways.way(), Some((Way::Half, (1, 2))));
        assert!(!ways.begin(now()), "a mute terminal is not asked again");
        assert_eq!(ways.ends_at(), None);
    }

    #[test]
    fn answers_decide_kitty_before_sixel_and_only_with_a_cells_size() {
        let ask = |told: &[Told]| {
            let mut ways = met(&[("TERM", "xterm-kitty")]);
            ways.begin(now());
            told.iter().for_each(|told| ways.told(*told));
            ways.way().unwrap()
        };
        let (kitty, end) = (Told::Kitty { packed: false }, Told::Attributes { sixel: true });
        assert_eq!(ask(&[kitty, Told::Cell(9, 18), end]), (Way::Kitty, (9, 18)));
        assert_eq!(ask(&[Told::Cell(9, 18), end]), (Way::Sixel, (9, 18)));
        assert_eq!(ask(&[kitty, end]), (Way::Half, (1, 2)));
        assert_eq!(ask(&[Told::Cell(9, 18), Told::Attributes { sixel: false }]), (Way::Half, (1, 2)));
        assert_eq!(ask(&[kitty, Told::Cell(0, 0), end]), (Way::Half, (1, 2)));
    }

    #[test]
    fn nobody_asks_through_a_multiplexer_and_a_choice_wins() {
        for inside in [[("TERM", "tmux-256color")], [("TERM", "screen")], [("TERM", "dumb")], [("TERM", "linux")]] {
            let mut ways = met(&inside);
            assert_eq!(ways.way(), Some((Way::Half, (1, 2))), "{inside:?}");
            assert!(!ways.begin(now()));
            ways.choose(PictureChoice::Sixel);
            assert_eq!(ways.way().unwrap().0, Way::Sixel);
            ways.choose(PictureChoice::Off);
            assert_eq!(ways.way().unwrap().0, Way::Off);
        }
        assert_eq!(met(&[("TERM", "xterm"), ("TMUX", "/tmp/x")]).way().unwrap().0, Way::Half);
        assert_eq!(met(&[("TERM", "xterm"), ("LC_TERMINAL", "iTerm2")]).way().unwrap().0, Way::Iterm2);
        assert!(met(&[("TERM", "x"), ("SSH_TTY", "/dev/pts/1")]).budget() < Ways::default().budget());
    }
}
