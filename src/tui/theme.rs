//! Colours by role. Widgets ask for what a thing *means*; only this file knows what that looks like.
//!
//! Every state also has a glyph or a word, so that nothing is lost without colour. Backgrounds stay the terminal's own.

use ratatui::style::{Color, Modifier, Style};

use crate::config::ThemeChoice;

/// How many colours the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None: only bold, dim, underlined and reversed.
    Mono,
    /// The sixteen that the person's terminal theme defines.
    Ansi,
    /// The fixed 256.
    Indexed,
    /// 24 bits.
    True,
}

/// The environment as far as colours are concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColorEnv {
    /// `NO_COLOR` is set and not empty.
    pub no_color: bool,
    /// `COLORTERM`.
    pub colorterm: String,
    /// `TERM`.
    pub term: String,
    /// `COLORFGBG`, such as `15;0`.
    pub colorfgbg: String,
}

impl ColorEnv {
    /// The environment of this process.
    pub fn of_process() -> ColorEnv {
        let var = |name: &str| std::env::var(name).unwrap_or_default();
        ColorEnv {
            no_color: !var("NO_COLOR").is_empty(),
            colorterm: var("COLORTERM"),
            term: var("TERM"),
            colorfgbg: var("COLORFGBG"),
        }
    }

    fn depth(&self) -> Depth {
        if self.no_color || matches!(self.term.as_str(), "dumb" | "vt100" | "vt220") || self.term.ends_with("-mono") {
            Depth::Mono
        } else if matches!(self.colorterm.as_str(), "truecolor" | "24bit") || self.term.ends_with("-direct") {
            Depth::True
        } else if self.term.contains("256")
            || matches!(self.term.as_str(), "alacritty" | "xterm-kitty" | "xterm-ghostty" | "foot")
        {
            Depth::Indexed
        } else {
            Depth::Ansi
        }
    }

    /// The background's number is the last part: 7 and 9–15 are light.
    fn is_light(&self) -> bool {
        self.colorfgbg.rsplit(';').next().and_then(|n| n.parse::<u8>().ok()).is_some_and(|n| n == 7 || (9..=15).contains(&n))
    }
}

/// One role's colour: exact, and by the terminal's own palette.
#[derive(Clone, Copy, Debug)]
struct Paint {
    exact: (u8, u8, u8),
    ansi: Color,
}

const fn paint(exact: (u8, u8, u8), ansi: Color) -> Paint {
    Paint { exact, ansi }
}

#[derive(Clone, Copy, Debug)]
struct Palette {
    dim: Paint,
    accent: Paint,
    ok: Paint,
    warn: Paint,
    fail: Paint,
    info: Paint,
    money: Paint,
    key: Paint,
    line: Paint,
    selected: (u8, u8, u8),
}

const DARK: Palette = Palette {
    dim: paint((0x8b, 0x93, 0xa1), Color::DarkGray),
    accent: paint((0x6c, 0xb6, 0xff), Color::LightBlue),
    ok: paint((0x8c, 0xc8, 0x8c), Color::Green),
    warn: paint((0xe2, 0xb8, 0x6b), Color::Yellow),
    fail: paint((0xf0, 0x80, 0x80), Color::LightRed),
    info: paint((0x7f, 0xc8, 0xcf), Color::Cyan),
    money: paint((0xb5, 0xd9, 0x8a), Color::LightGreen),
    key: paint((0xc8, 0xa8, 0xf0), Color::LightMagenta),
    line: paint((0x4a, 0x50, 0x5c), Color::DarkGray),
    selected: (0x26, 0x2d, 0x3a),
};

const LIGHT: Palette = Palette {
    dim: paint((0x61, 0x69, 0x73), Color::DarkGray),
    accent: paint((0x06, 0x54, 0xb5), Color::Blue),
    ok: paint((0x1a, 0x6e, 0x2e), Color::Green),
    warn: paint((0x85, 0x5a, 0x00), Color::Magenta),
    fail: paint((0xb4, 0x1d, 0x26), Color::Red),
    info: paint((0x0b, 0x66, 0x6e), Color::Blue),
    money: paint((0x2f, 0x66, 0x12), Color::Green),
    key: paint((0x73, 0x3d, 0xae), Color::Magenta),
    line: paint((0xb4, 0xba, 0xc2), Color::Gray),
    selected: (0xe6, 0xed, 0xf6),
};

/// The look of every role, settled once at start.
#[derive(Clone, Debug)]
pub struct Theme {
    depth: Depth,
    light: bool,
    palette: Palette,
}

impl Theme {
    /// The theme for a choice of the person's and a terminal. `NO_COLOR` wins over everything.
    pub fn resolve(choice: ThemeChoice, env: &ColorEnv) -> Theme {
        let depth = if choice == ThemeChoice::Mono { Depth::Mono } else { env.depth() };
        let light = match choice {
            ThemeChoice::Light => true,
            ThemeChoice::Dark => false,
            ThemeChoice::Auto | ThemeChoice::Mono => env.is_light(),
        };
        Theme::new(depth, light)
    }

    /// A theme with everything said.
    pub fn new(depth: Depth, light: bool) -> Theme {
        Theme { depth, light, palette: if light { LIGHT } else { DARK } }
    }

    /// How many colours it uses.
    pub fn depth(&self) -> Depth {
        self.depth
    }

    /// A colour as near to this one as the terminal has it; nothing where it has none.
    pub fn exact(&self, (r, g, b): (u8, u8, u8)) -> Option<Color> {
        match self.depth {
            Depth::Mono => None,
            Depth::True => Some(Color::Rgb(r, g, b)),
            // Terminals that say nothing of it know the fixed palette nearly everywhere.
            Depth::Ansi | Depth::Indexed => Some(Color::Indexed(nearest((r, g, b)))),
        }
    }

    /// For a light background.
    pub fn is_light(&self) -> bool {
        self.light
    }

    fn fg(&self, paint: Paint) -> Style {
        match self.depth {
            Depth::Mono => Style::new(),
            Depth::Ansi => Style::new().fg(paint.ansi),
            // The fixed palette also where there are more colours: close enough, and each change costs eight bytes less.
            Depth::Indexed | Depth::True => Style::new().fg(Color::Indexed(nearest(paint.exact))),
        }
    }

    fn mono(&self, style: Style, modifier: Modifier) -> Style {
        if self.depth == Depth::Mono { style.add_modifier(modifier) } else { style }
    }

    /// Ordinary text.
    pub fn text(&self) -> Style {
        // The terminal's own: readable on its own ground, and the cheapest to say.
        if self.depth == Depth::Mono { Style::new() } else { Style::new().fg(Color::Reset) }
    }

    /// Text that matters less: labels, ages, hints.
    pub fn dim(&self) -> Style {
        self.mono(self.fg(self.palette.dim), Modifier::DIM)
    }

    /// The one colour that leads the eye: the current tab, the cursor's gutter, a link.
    pub fn accent(&self) -> Style {
        self.mono(self.fg(self.palette.accent), Modifier::BOLD)
    }

    /// It went well.
    pub fn ok(&self) -> Style {
        self.fg(self.palette.ok)
    }

    /// Look here soon.
    pub fn warn(&self) -> Style {
        self.mono(self.fg(self.palette.warn), Modifier::BOLD)
    }

    /// It went wrong, or will now.
    pub fn fail(&self) -> Style {
        self.mono(self.fg(self.palette.fail), Modifier::BOLD).add_modifier(Modifier::BOLD)
    }

    /// A neutral fact worth telling apart: kinds, tags, names.
    pub fn info(&self) -> Style {
        self.fg(self.palette.info)
    }

    /// Sums of money.
    pub fn money(&self) -> Style {
        self.fg(self.palette.money)
    }

    /// The name of a key in hints and help.
    pub fn key(&self) -> Style {
        self.mono(self.fg(self.palette.key), Modifier::BOLD)
    }

    /// Heads of panes, dialogs and sections.
    pub fn title(&self) -> Style {
        self.text().add_modifier(Modifier::BOLD)
    }

    /// Heads of columns.
    pub fn heading(&self) -> Style {
        self.dim()
    }

    /// A pane's frame.
    pub fn border(&self, focused: bool) -> Style {
        if focused { self.accent() } else { self.rule() }
    }

    /// Lines that part things, empty parts of bars.
    pub fn rule(&self) -> Style {
        self.mono(self.fg(self.palette.line), Modifier::DIM)
    }

    /// The row or item under the cursor; patched over the row's own styles. Comes with a gutter mark (see [`Theme::gutter`]), so
    /// that it also shows where there is no colour.
    pub fn selection(&self) -> Style {
        match self.depth {
            Depth::Mono | Depth::Ansi => Style::new().add_modifier(Modifier::BOLD),
            Depth::Indexed | Depth::True => Style::new().bg(Color::Indexed(nearest(self.palette.selected))),
        }
    }

    /// The few cells beside the gutter's mark that stand for a whole bar in a long list, where a bar would be too dear.
    pub fn here(&self) -> Style {
        self.accent().add_modifier(Modifier::REVERSED)
    }

    /// The gutter's mark beside the selected row.
    pub fn gutter(&self) -> Style {
        self.accent()
    }

    /// Text marked in the editor.
    pub fn marked(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// What a search found.
    pub fn found(&self) -> Style {
        self.warn().add_modifier(Modifier::UNDERLINED)
    }

    /// An address that the terminal can open. Nothing else looks like this: see [`crate::tui::osc::Link`].
    pub fn link(&self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }

    /// A place where text is typed.
    pub fn cursor(&self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The current one of several buttons.
    pub fn button(&self, focused: bool) -> Style {
        if focused { self.accent().add_modifier(Modifier::REVERSED | Modifier::BOLD) } else { self.text() }
    }
}

/// The entry of the fixed 256 colours (16–255) closest to `rgb`.
fn nearest(rgb: (u8, u8, u8)) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |(r, g, b): (u8, u8, u8)| {
        let d = |a: u8, b: u8| (i32::from(a) - i32::from(b)).pow(2);
        d(r, rgb.0) + d(g, rgb.1) + d(b, rgb.2)
    };
    let step = |value: u8| (0u8..6).min_by_key(|i| STEPS[usize::from(*i)].abs_diff(value)).unwrap_or(0);
    let (r, g, b) = (step(rgb.0), step(rgb.1), step(rgb.2));
    let cube = (STEPS[usize::from(r)], STEPS[usize::from(g)], STEPS[usize::from(b)]);
    let mean = (u16::from(rgb.0) + u16::from(rgb.1) + u16::from(rgb.2)) / 3;
    let gray = u8::try_from((mean.saturating_sub(3)) / 10).unwrap_or(23).min(23);
    let level = 8 + 10 * gray;
    if distance((level, level, level)) < distance(cube) { 232 + gray } else { 16 + 36 * r + 6 * g + b }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
    }

    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_role_can_be_read_on_its_ground() {
        for (palette, ground) in [(DARK, (0x16, 0x18, 0x1d)), (LIGHT, (0xff, 0xff, 0xff))] {
            let p = palette;
            for role in [p.dim, p.accent, p.ok, p.warn, p.fail, p.info, p.money, p.key] {
                assert!(contrast(role.exact, ground) >= 4.5, "{role:?} on {ground:?}");
                assert!(contrast(role.exact, p.selected) >= 4.0, "{role:?} on the selection");
            }
        }
    }

    /// What an entry of the fixed palette (16–255) looks like.
    fn exact(index: u8) -> (u8, u8, u8) {
        let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
        match index {
            232.. => (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)),
            _ => (step((index - 16) / 36), step((index - 16) / 6 % 6), step((index - 16) % 6)),
        }
    }

    #[test]
    fn so_can_what_is_shown_of_it() {
        for (light, ground) in [(false, (0x16, 0x18, 0x1d)), (true, (0xff, 0xff, 0xff))] {
            let t = Theme::new(Depth::True, light);
            for style in [t.dim(), t.accent(), t.ok(), t.warn(), t.fail(), t.info(), t.money(), t.key()] {
                let Some(Color::Indexed(index)) = style.fg else { panic!("{style:?} is not of the palette") };
                assert!(contrast(exact(index), ground) >= 4.5, "{index} on {ground:?}");
            }
        }
    }

    #[test]
    fn no_color_wins() {
        let env = ColorEnv { no_color: true, colorterm: "truecolor".into(), ..ColorEnv::default() };
        let theme = Theme::resolve(ThemeChoice::Dark, &env);
        assert_eq!(theme.depth(), Depth::Mono);
        for style in [theme.text(), theme.ok(), theme.warn(), theme.fail(), theme.accent(), theme.selection(), theme.key()] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }

    #[test]
    fn depth_and_ground_follow_the_terminal() {
        let env = |term: &str, colorterm: &str, fgbg: &str| ColorEnv {
            no_color: false,
            term: term.into(),
            colorterm: colorterm.into(),
            colorfgbg: fgbg.into(),
        };
        let of = |env: &ColorEnv| {
            let theme = Theme::resolve(ThemeChoice::Auto, env);
            (theme.depth(), theme.is_light())
        };
        assert_eq!(of(&env("xterm-256color", "truecolor", "15;0")), (Depth::True, false));
        assert_eq!(of(&env("screen-256color", "", "0;15")), (Depth::Indexed, true));
        assert_eq!(of(&env("linux", "", "")), (Depth::Ansi, false));
        assert_eq!(of(&env("dumb", "", "")), (Depth::Mono, false));
    }

    #[test]
    fn nearest_of_the_256() {
        assert_eq!(nearest((0, 0, 0)), 16);
        assert_eq!(nearest((255, 255, 255)), 231);
        assert_eq!(nearest((0x26, 0x26, 0x26)), 235);
    }
}
