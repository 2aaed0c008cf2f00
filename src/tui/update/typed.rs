//! Commands typed with an argument: `:view save cheap art`, `:sort rate -pay`, `:snooze mon 9:00`.

use super::Update;
use crate::domain::view::Level;
use crate::tui::command::Command;
use crate::tui::triage::Act;
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// Carries a command out with what was typed behind its name.
    pub(super) fn typed(&mut self, command: Command, argument: &str) {
        match command {
            Command::ViewSave => self.save_view(argument),
            Command::ViewDrop => self.drop_view(argument),
            Command::Filter => self.filter_by(argument),
            Command::Sort => {
                let levels: Result<Vec<Level>, String> =
                    argument.split([' ', ',']).filter(|w| !w.is_empty()).map(str::parse).collect();
                match levels {
                    Ok(levels) if levels.len() <= 3 => self.sort_levels(levels),
                    Ok(_) => self.say(Tone::Warn, "an order has three levels at most", ""),
                    Err(why) => self.say(Tone::Warn, why, "write - before a word to turn it round"),
                }
            }
            Command::SnoozeAt => {
                let targets = self.model.feed.targets();
                if targets.is_empty() {
                    self.plain("no job is under the cursor");
                } else {
                    self.act(Act::SnoozeAt(argument.to_owned()), targets);
                }
            }
            Command::AssistDecide => self.decide_by_word(argument),
            Command::RemoveFile => self.remove_file(argument),
            ask if ask.action().is_some() => self.begin_wish(ask, argument),
            Command::Picture => self.picture_by_words(argument),
            Command::BlockWords => self.open_block_query(argument),
            _ => self.show_named(argument),
        }
    }
}
