//! Lines being typed at the bottom: queries with their completions, names, times.

use chrono::TimeDelta;

use super::Update;
use crate::domain::{Query, Text};
use crate::engine::api::Request;
use crate::tui::command::Command;
use crate::tui::message::Asked;
use crate::tui::model::{Overlay, Prompt};
use crate::tui::query_line::{self, QueryLine};
use crate::tui::triage::Act;
use crate::tui::widget::field::Field;
use crate::tui::widget::toast::Tone;

/// The words of the feed are asked for anew after this.
const KNOWN_FOR: TimeDelta = TimeDelta::seconds(60);

impl Update<'_> {
    /// Asks for a line.
    pub(super) fn open_prompt(&mut self, what: Prompt, text: &str) {
        let is_query = matches!(what, Prompt::Filter { .. } | Prompt::Block { .. } | Prompt::ViewEdit { .. });
        if is_query && self.model.known_at.is_none_or(|at| self.now - at > KNOWN_FOR) && self.model.opening.is_none() {
            self.model.known_at = Some(self.now);
            self.ask(Asked::Known, Request::Known);
        }
        let field = Field::with(text);
        let mut line = QueryLine::new(is_query);
        // What stands there already needs no completing yet.
        if text.is_empty() {
            line.typed(&field, self.model.known.as_ref());
        }
        self.model.overlay = Some(Overlay::Prompt { what, field, line });
    }

    /// The line changed by hand.
    pub(super) fn prompt_typed(&mut self) {
        let known = self.model.known.as_ref();
        if let Some(Overlay::Prompt { field, line, .. }) = &mut self.model.overlay {
            line.typed(field, known);
        }
        self.prompt_changed();
    }

    /// A key of the prompt's layer.
    pub(super) fn prompt_command(&mut self, command: Command) {
        use Command as C;
        let Some(Overlay::Prompt { what, field, line }) = &mut self.model.overlay else { return };
        if let Some(scroll) = &mut line.help {
            match command {
                C::PromptDown => *scroll += 1,
                C::PromptUp => *scroll = scroll.saturating_sub(1),
                C::PromptHelp => line.help = None,
                _ => {}
            }
            return;
        }
        if matches!((&what, command), (Prompt::Picture(_), C::PromptNext)) {
            return super::pictures::complete(field);
        }
        let lines = if matches!(what, Prompt::Filter { .. }) { self.model.filters.as_slice() } else { &[] };
        let changed = match command {
            C::PromptNext => line.turn(field, true),
            C::PromptPrev => line.turn(field, false),
            C::PromptDown if line.is_recalling() => line.recall(field, lines, false),
            C::PromptDown => line.turn(field, true),
            C::PromptUp if line.at.is_some() => line.turn(field, false),
            C::PromptUp => line.recall(field, lines, true),
            C::PromptHelp if line.is_query => {
                line.help = Some(0);
                false
            }
            C::PromptExpiry => {
                if let Prompt::Block { expiry, .. } = what {
                    *expiry = expiry.next();
                }
                false
            }
            _ => false,
        };
        if changed {
            // A field without its value: its values come next.
            if let [only] = line.offers.as_slice()
                && line.at == Some(0)
                && only.shown.ends_with(':')
            {
                line.typed(field, self.model.known.as_ref());
            }
            self.prompt_changed();
        }
    }

    fn prompt_changed(&mut self) {
        match &self.model.overlay {
            Some(Overlay::Prompt { what: Prompt::Filter { .. }, .. }) => self.filter_typed(),
            Some(Overlay::Prompt { what: Prompt::Block { .. }, .. }) => self.count_hidden(),
            _ => {}
        }
    }

    /// Enter in a prompt.
    pub(super) fn prompt_done(&mut self, what: Prompt, field: Field, mut line: QueryLine) {
        if line.help.take().is_some() {
            self.model.overlay = Some(Overlay::Prompt { what, field, line });
            return;
        }
        let mut text = field.text().trim().to_owned();
        if matches!(what, Prompt::Filter { .. }) {
            text = query_line::as_shown(&text, self.model.known.as_ref());
        }
        let query = if line.is_query { Query::parse(&text).map_err(|error| line.trouble = Some(error)).ok() } else { None };
        if line.is_query && query.is_none() {
            // The mistake is pointed at above the line; nothing is done with half a query.
            self.model.overlay = Some(Overlay::Prompt { what, field, line });
            return;
        }
        let query = query.unwrap_or_default();
        match what {
            Prompt::Filter { before } => self.keep_filter(&text, &before),
            Prompt::AddFile(id) if !text.is_empty() => self.add_file(id, &text),
            Prompt::AddFile(_) => {}
            Prompt::Picture(id) => self.edit_picture(id, &text),
            Prompt::Override { assignment, digest, word } if text.eq_ignore_ascii_case(word.as_str()) => {
                self.send_submission(assignment, digest, word);
            }
            Prompt::Override { word, .. } => {
                self.say(Tone::Plain, "not submitted: nothing was sent", format!("the word is \"{word}\""));
            }
            Prompt::Assist { action } => self.send_wish(action, &text),
            Prompt::Art { assignment, line } => self.art_line(assignment, line, &text),
            Prompt::Snooze { keys } => match crate::tui::when::parse(&text, self.now) {
                Ok(_) => self.act(Act::SnoozeAt(text), keys),
                Err(why) => {
                    self.say(Tone::Warn, why, "");
                    self.model.overlay = Some(Overlay::Prompt { what: Prompt::Snooze { keys }, field, line });
                }
            },
            Prompt::Block { expiry, from, .. } => self.block(query, expiry, from),
            Prompt::ViewName { view } => self.name_view(&text, view),
            Prompt::ViewEdit { name } => self.edit_view(name, query),
        }
    }

    /// Esc in a prompt: what was changed on the way is put back.
    pub(super) fn prompt_closed(&mut self, what: Prompt, field: Field, mut line: QueryLine) {
        if line.help.take().is_some() {
            self.model.overlay = Some(Overlay::Prompt { what, field, line });
        } else if let Prompt::Filter { before } = what {
            self.model.feed.restore(*before);
        } else if let Prompt::Art { assignment, .. } = what {
            self.open_art_of(assignment);
        }
    }

    /// A time to sleep until, for what an act would be for now.
    pub(super) fn open_snooze(&mut self) {
        let keys = self.model.feed.targets();
        if keys.is_empty() {
            return self.plain("no job is under the cursor");
        }
        self.open_prompt(Prompt::Snooze { keys }, "");
    }

    /// A query to narrow the feed by.
    pub(super) fn open_filter(&mut self) {
        self.go_feed();
        if self.model.opening.is_some() {
            return self.say(Tone::Plain, "the whole feed can be filtered once the store is open", "");
        }
        self.model.brief = None;
        let before = Box::new(self.model.feed.remember());
        let text = self.model.feed.filter.to_string();
        self.open_prompt(Prompt::Filter { before }, &text);
    }

    /// Each letter narrows the list at once; the cursor stays on its job while that is in it.
    fn filter_typed(&mut self) {
        let Some(Overlay::Prompt { what: Prompt::Filter { before }, field, .. }) = &self.model.overlay else { return };
        let home = before.cursor().cloned();
        self.model.feed.filter = Text::title(field.text());
        self.model.feed.typing = true;
        if self.model.feed.compose() {
            self.narrow(home);
        }
    }

    /// The filter is kept.
    fn keep_filter(&mut self, text: &str, before: &crate::tui::feed_model::Before) {
        query_line::remember(&mut self.model.filters, text);
        let marks = self.model.feed.marks();
        self.model.feed.filter = Text::title(text);
        self.model.feed.typing = false;
        if self.model.feed.compose() {
            self.narrow(before.cursor().cloned());
        }
        if marks > 0 && !before.is_of(&self.model.feed.view) {
            self.model.feed.clear_marks();
            self.plain(format!("{} no longer marked: this is another list", super::triage::jobs(marks)));
        }
    }

    /// Filters by these words, without a prompt.
    pub(super) fn set_filter(&mut self, words: Text) {
        self.model.feed.filter = words;
        self.model.feed.typing = false;
        if self.model.feed.compose() {
            let place = self.model.feed.cursor.clone();
            self.new_view(place);
        }
    }

    /// `:filter QUERY`
    pub(super) fn filter_by(&mut self, text: &str) {
        match Query::parse(text) {
            Ok(_) => {
                self.go_feed();
                query_line::remember(&mut self.model.filters, text);
                self.set_filter(Text::title(text));
            }
            Err(error) => self.say(Tone::Warn, error.to_string(), ""),
        }
    }
}
