//! The config file changed while the program is open: what concerns the screen is taken in, or the last good file goes on.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::app::App;
use super::keymap::Keymap;
use super::message::Message;
use super::osc::Far;
use super::theme::{ColorEnv, Theme};
use super::update::Whose;
use crate::config::{Changes, Config};
use crate::error::Result;

/// Tells the program whenever its config file changed. Nothing is watched where none was read.
pub(super) fn watch(config: &Config, tell: &mpsc::UnboundedSender<Message>) {
    let (tell, over) = (tell.downgrade(), tell.downgrade());
    let is_over = move || over.upgrade().is_none_or(|tell| tell.is_closed());
    crate::config::watch(config, is_over, move |read| {
        if let Some(tell) = tell.upgrade() {
            let _ = tell.send(Message::Config(Box::new(read)));
        }
    });
}

/// Reads the file now, without waiting for it.
pub(super) fn read(config: Arc<Config>, tell: mpsc::UnboundedSender<Message>) {
    tokio::task::spawn_blocking(move || {
        let _ = tell.send(Message::Config(Box::new(config.again())));
    });
}

impl App {
    /// The file was read. Keys that are ambiguous make it a bad one as a whole.
    pub(super) fn config_read(&mut self, read: Result<Config>) {
        let read = read.and_then(|config| Ok((Keymap::of(&config)?, config)));
        let (keymap, new) = match read {
            Ok(read) => read,
            Err(failure) => {
                self.update(|update| update.config_bad(Whose::Own, failure));
                return self.touch();
            }
        };
        let changes = Changes::between(&self.config, &new);
        let old = std::mem::replace(&mut self.config, Arc::new(new));
        if (&old.keys, &old.commands) != (&self.config.keys, &self.config.commands) {
            self.model.editor.set_hints(super::app::hints(&keymap, super::keymap::Stack::Hand));
            self.keymap = keymap;
        }
        self.model.editor.set_pace(self.config.pace);
        if old.theme != self.config.theme {
            self.theme = Theme::resolve(self.config.theme, &ColorEnv::of_process());
            self.model.feed_drawn = None;
        }
        if old.mouse != self.config.mouse {
            self.speak(super::terminal::mouse(self.config.mouse).to_vec());
        }
        // What is known of the terminal came with a terminal.
        if old.alert != self.config.alert && self.far != Far::default() {
            self.speak_to(Far::of_process(&self.config.alert));
        }
        self.worktime.stop_after(self.config.idle_after);
        self.update(|update| update.config_good(Whose::Own, changes.screen, Vec::new()));
        self.touch();
    }
}
