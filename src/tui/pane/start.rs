//! The first screen of somebody without a source: what to type.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::config::Config;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::theme::Theme;
use crate::tui::widget::text::wrap;

/// Draws the start screen in place of the feed.
pub fn draw(frame: &mut Frame<'_>, area: Rect, theme: &Theme, keymap: &Keymap, config: &Config) {
    let inner = super::framed(frame, area, theme, true, Line::styled(" Welcome ", theme.title()));
    let inner = Rect { x: inner.x + 2.min(inner.width / 2), width: inner.width.saturating_sub(4).min(76), ..inner };
    let cells = usize::from(inner.width);
    let file = config.paths.config_file.display().to_string();
    let (quit, help) = (keymap.hint(Stack::Feed, Command::Quit), keymap.hint(Stack::Feed, Command::Help));
    let mut lines = vec![Line::default()];
    let mut say = |text: &str, style| lines.extend(wrap(text, cells).into_iter().map(|part| Line::styled(part, style)));
    say("Juggler is one inbox for micro-jobs. No source of jobs is set up yet.", theme.title());
    say("", theme.text());
    say("Try it on a market of its own, nothing leaves this machine:", theme.text());
    say("    juggler demo", theme.key());
    say("", theme.text());
    say("Add a source. Its platform gives the address and the key; keep the key in", theme.text());
    say("a file that only you can read (chmod 600 work.key):", theme.text());
    say("    juggler sources add work --recipe practice \\", theme.key());
    say("        --base-url ADDRESS --key-file work.key", theme.key());
    say("juggler market serve --store market, in another window, is a platform to", theme.text());
    say("practise on: it prints such an address and a key. Sources are kept in", theme.text());
    say(&format!("    {file}"), theme.info());
    say("Then see whether it answers, and start juggler again:", theme.text());
    say("    juggler sources test work", theme.key());
    say("", theme.text());
    say(&format!("{help} lists every key, {quit} leaves."), theme.dim());
    frame.render_widget(Paragraph::new(lines), inner);
}
