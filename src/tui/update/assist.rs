//! Assistants: the menu, the wish, and what comes of it until it is a sheet to decide on.

use super::Update;
use super::files::joined;
use crate::domain::ai::{Action, AiRule, Ended, Wish};
use crate::domain::draft::Cause;
use crate::domain::{AssignmentId, Text};
use crate::engine::api::{Asking, AssistDesk, Request, Said};
use crate::error::Failure;
use crate::tui::command::Command;
use crate::tui::message::Asked;
use crate::tui::model::{Overlay, Prompt};
use crate::tui::preview::{Decided, Preview, Review};
use crate::tui::widget::toast::Tone;

impl Update<'_> {
    /// The menu.
    pub(super) fn open_assist(&mut self) {
        let Some(assignment) = self.current() else { return };
        self.model.assist.template = 0;
        self.model.overlay = Some(Overlay::Assist { assignment: assignment.clone(), desk: None, scroll: 0 });
        self.ask(Asked::AssistDesk(assignment.clone()), Request::AssistDesk { assignment });
    }

    pub(super) fn desk_came(&mut self, id: &AssignmentId, came: Box<AssistDesk>) {
        // What is typed and not saved yet is text as well.
        let has_text = self.model.editor.text(id).is_some_and(|text| !text.as_str().trim().is_empty());
        if let Some(Overlay::Assist { assignment, desk, .. }) = &mut self.model.overlay
            && assignment == id
        {
            let mut came = came;
            for view in came.actions.iter_mut().filter(|view| has_text && view.closed.as_str().starts_with("there are no words"))
            {
                view.closed = Text::default();
            }
            *desk = Some(came);
        }
    }

    /// What was closed last, as far as it is about the draft at hand.
    pub(super) fn reopen_answer(&mut self) {
        let current = self.model.editor.selected().cloned();
        match self.model.assist.last.take() {
            Some(mut last) if Some(last.assignment()) == current.as_ref() => {
                // What it would change is reckoned from the draft as it is now.
                last.review = None;
                self.model.overlay = Some(Overlay::Preview(last));
            }
            last => {
                self.model.assist.last = last;
                self.plain("no answer about this draft was closed here");
            }
        }
    }

    /// Another assistant, or another template, for the next question.
    pub(super) fn turn_assist(&mut self, command: Command) {
        let Some(Overlay::Assist { desk: Some(desk), .. }) = &self.model.overlay else { return };
        if command == Command::AssistTemplate {
            let most = desk.actions.iter().map(|view| view.templates.len()).max().unwrap_or(1).max(1);
            self.model.assist.template = (self.model.assist.template + 1) % most;
            return;
        }
        let names: Vec<Text> = desk.assistants.iter().map(|one| one.name.clone()).collect();
        let at = self.model.assist.assistant.as_ref().and_then(|name| names.iter().position(|known| known == name)).unwrap_or(0);
        self.model.assist.assistant = names.get((at + 1) % names.len().max(1)).cloned();
    }

    /// A key of the menu or of the hand, or a word with what to say: what has to be said first is asked for.
    pub(super) fn begin_wish(&mut self, command: Command, said: &str) {
        let Some(action) = command.action() else { return };
        if self.current().is_none() {
            return;
        }
        if let Some(Overlay::Assist { desk: Some(desk), .. }) = &self.model.overlay
            && let Some(view) = desk.actions.iter().find(|view| view.action == action).filter(|view| !view.closed.is_empty())
        {
            let why = view.closed.clone();
            return self.say(Tone::Warn, why, "");
        }
        let may_be_told = matches!(action, Action::Shorten | Action::Lengthen);
        if said.is_empty() && (action.question().is_some() || may_be_told) {
            return self.open_prompt(Prompt::Assist { action }, "");
        }
        self.send_wish(action, said);
    }

    /// Asks, with the draft as it is on the screen.
    pub(super) fn send_wish(&mut self, action: Action, said: &str) {
        let Some(assignment) = self.current() else { return };
        if said.trim().is_empty()
            && let Some(question) = action.question()
        {
            return self.say(Tone::Warn, question, action.hint());
        }
        let template = match &self.model.overlay {
            Some(Overlay::Assist { desk: Some(desk), .. }) => {
                let view = desk.actions.iter().find(|view| view.action == action);
                view.and_then(|view| view.templates.get(self.model.assist.template)).map(|template| template.name.clone())
            }
            _ => None,
        };
        let (text, selection) = self.model.editor.text_and_selection(&assignment).unwrap_or_default();
        let wish = Wish {
            assistants: self.model.assist.assistant.iter().cloned().collect(),
            template,
            text: Some(text),
            selection,
            instruction: Text::body(said.trim()),
            ..Wish::of(action)
        };
        self.ask_assistant(assignment, Box::new(wish), None);
    }

    pub(super) fn ask_assistant(&mut self, assignment: AssignmentId, wish: Box<Wish>, agreed: Option<String>) {
        if self.refuses_money("asking an assistant") {
            return;
        }
        self.model.overlay = None;
        self.plain(format!("{} …", wish.action.label()));
        let request = Request::Assist { assignment: assignment.clone(), wish: (*wish).clone(), agreed };
        self.ask(Asked::Assist { assignment, wish }, request);
    }

    /// They were asked: a sheet for what they say.
    pub(super) fn asking(&mut self, asking: Asking, wish: Wish) {
        self.model.hush(self.now);
        for column in asking.columns.clone() {
            let request = Request::AssistText { column: column.clone(), edition: 0, seen: 0 };
            self.ask(Asked::AssistText { column, first: true }, request);
        }
        self.model.overlay = Some(Overlay::Preview(Box::new(Preview::new(asking, wish))));
    }

    /// More of an answer.
    pub(super) fn said(&mut self, said: &Said) {
        let Some(Overlay::Preview(preview)) = &mut self.model.overlay else { return };
        if preview.said(said) {
            let seen = preview.answers.iter().find(|answer| answer.column == said.column).map_or(0, |answer| answer.text.len());
            let request = Request::AssistText { column: said.column.clone(), edition: said.edition, seen };
            return self.ask(Asked::AssistText { column: said.column.clone(), first: seen == 0 }, request);
        }
        let wordless = said.text.as_str().trim().is_empty() && preview.answers.iter().all(|answer| answer.text.trim().is_empty());
        let alone = preview.answers.len() == 1 && !preview.is_to_read() && !wordless;
        if alone && said.ended == Some(Ended::Done) {
            self.review();
        }
    }

    /// An answer cannot be had any more.
    pub(super) fn unsaid(&mut self, column: &Text, failure: &Failure) {
        if let Some(Overlay::Preview(preview)) = &mut self.model.overlay
            && let Some(answer) = preview.answers.iter_mut().find(|answer| answer.column == *column)
        {
            answer.ended = Some(Ended::Failed);
            answer.note = Text::title(&failure.to_string());
        }
    }

    /// A decision by a key of the menu.
    pub(super) fn decide_by_key(&mut self, command: Command) {
        self.decide(match command {
            Command::AssistAllow => AiRule::Allowed,
            Command::AssistDisclose => AiRule::Disclose,
            Command::AssistOnly => AiRule::AssistOnly,
            _ => AiRule::HumanOnly,
        });
    }

    /// A decision by its word.
    pub(super) fn decide_by_word(&mut self, word: &str) {
        match AiRule::decision(word.trim()) {
            Some(rule) => self.decide(rule),
            None => self.say(
                Tone::Warn,
                format!("\"{word}\" is no decision"),
                "allowed, disclose, assist-only, human-only or unknown",
            ),
        }
    }

    fn decide(&mut self, rule: AiRule) {
        let Some(id) = self.current() else { return };
        let Some(item) = self.model.hand.items.iter().find(|item| item.assignment.id == id) else { return };
        let job = item.assignment.job.key.clone();
        self.ask(Asked::DecideAi(id), Request::DecideAi { job, rule, everywhere: false });
    }

    pub(super) fn ai_decided(&mut self, id: AssignmentId) {
        if matches!(self.model.overlay, Some(Overlay::Assist { .. })) {
            return self.ask(Asked::AssistDesk(id.clone()), Request::AssistDesk { assignment: id });
        }
        let menu = self.key(Command::AssistMenu);
        self.say(Tone::Good, "decided for this job", format!("{menu} asks an assistant"));
    }

    /// A key on the sheet.
    pub(super) fn preview(&mut self, command: Command) {
        use Command as C;
        let Some(Overlay::Preview(preview)) = &mut self.model.overlay else { return };
        match command {
            C::PreviewClose => return self.stop_or_close(),
            C::PreviewAgain if preview.coming().next().is_none() => {
                let (assignment, wish) = (preview.assignment().clone(), Box::new(preview.wish.clone()));
                return self.ask_assistant(assignment, wish, None);
            }
            C::PreviewFiles => return self.take_answer_files(),
            C::PreviewDown => preview.step(true),
            C::PreviewUp => preview.step(false),
            C::PreviewPageDown => preview.scroll_by(10),
            C::PreviewPageUp => preview.scroll_by(-10),
            C::PreviewNext | C::PreviewPrev => match &mut preview.review {
                Some(review) => review.turn(command == C::PreviewNext),
                None => preview.turn(command == C::PreviewNext),
            },
            C::PreviewPick if preview.is_choice() => preview.pick(),
            C::PreviewChoose if preview.review.is_none() => return self.review(),
            C::PreviewTake | C::PreviewTakeAll | C::PreviewEdit if preview.review.is_none() => return self.review(),
            C::PreviewTake => drop(self.take()),
            C::PreviewTakeAll => self.take_all(),
            C::PreviewEdit => return self.take_and_edit(),
            C::PreviewLeave => {
                if let Some(review) = &mut preview.review {
                    review.leave();
                }
            }
            _ => {}
        }
        self.end_of_review();
    }

    /// Shows what the chosen words would change in the draft as it is now.
    fn review(&mut self) {
        let Some(Overlay::Preview(preview)) = &mut self.model.overlay else { return };
        if preview.coming().next().is_some() {
            return self.plain("it still comes; Esc stops it");
        }
        if preview.is_to_read() {
            return self.plain("a judgement is for you to read; nothing of it goes into the draft");
        }
        let Some((words, call)) = preview.chosen().filter(|(words, _)| !words.trim().is_empty()) else {
            return self.say(Tone::Warn, "there are no words to take", "");
        };
        let draft = self.model.editor.text(preview.assignment()).unwrap_or_default();
        let place = preview.asking.place.moved(preview.asking.draft.as_str(), draft.as_str());
        let Some(after) = place.and_then(|place| place.put(draft.as_str(), &words)) else {
            return self.say(Tone::Warn, "the words it was asked about are not in the draft any more", "ask again");
        };
        let review = Review::new(draft.as_str(), Text::own(&after).as_str(), call);
        if review.is_empty() {
            self.model.overlay = None;
            return self.plain("it would change nothing");
        }
        preview.scroll = 0;
        preview.review = Some(review);
    }

    /// Puts the files of the answer that is looked at into the draft.
    fn take_answer_files(&mut self) {
        let Some(Overlay::Preview(preview)) = &self.model.overlay else { return };
        if preview.coming().next().is_some() {
            return self.plain("it still comes; Esc stops it");
        }
        let (id, new) = (preview.assignment().clone(), preview.answer().map(|answer| answer.files.clone()).unwrap_or_default());
        if new.is_empty() {
            return self.plain("no files came with it");
        }
        let all = joined(self.draft_files(&id), new);
        self.save_files(id, all, Cause::Assistant, None);
        // Words that came with them are still to be decided on.
        let is_all = match &mut self.model.overlay {
            Some(Overlay::Preview(preview)) => preview.answer().is_none_or(|answer| answer.text.trim().is_empty()),
            _ => false,
        };
        if is_all && let Some(Overlay::Preview(preview)) = self.model.overlay.take() {
            self.model.assist.last = Some(preview);
        }
    }

    /// Puts the change under the cursor into the draft; whether it went in.
    fn take(&mut self) -> bool {
        let Some(Overlay::Preview(preview)) = &mut self.model.overlay else { return false };
        let id = preview.assignment().clone();
        let Some(taken) = preview.review.as_mut().and_then(Review::take) else { return false };
        match self.model.editor.splice(&id, taken.at, &taken.old, &taken.new, &taken.origin, self.now) {
            Ok(effects) => {
                self.editor(effects);
                true
            }
            Err(why) => {
                // Somebody else changed the draft: what it would change now is shown.
                self.say(Tone::Warn, why, "");
                if let Some(Overlay::Preview(preview)) = &mut self.model.overlay {
                    preview.review = None;
                }
                self.review();
                false
            }
        }
    }

    fn take_all(&mut self) {
        loop {
            let Some(Overlay::Preview(preview)) = &mut self.model.overlay else { return };
            let Some(review) = &mut preview.review else { return };
            let Some(open) = review.hunks.iter().position(|(_, decided)| *decided == Decided::Open) else { return };
            review.at = open;
            if !self.take() {
                return;
            }
        }
    }

    fn take_and_edit(&mut self) {
        if self.take() {
            self.model.overlay = None;
            self.start_typing();
        }
    }

    /// With the last decision the sheet goes.
    fn end_of_review(&mut self) {
        let Some(Overlay::Preview(preview)) = &self.model.overlay else { return };
        let Some(review) = preview.review.as_ref().filter(|review| review.is_done()) else { return };
        let (taken, all) = review.count();
        if let Some(Overlay::Preview(preview)) = self.model.overlay.take() {
            self.model.assist.last = Some(preview);
        }
        let undo = self.key(Command::EditorUndo);
        match taken {
            0 => self.plain("nothing was taken; the draft is as it was"),
            _ => self.say(Tone::Good, format!("{taken} of {all} changes taken"), format!("{undo} takes each back")),
        }
    }

    /// What still comes is stopped and stays on the sheet; else the sheet goes.
    fn stop_or_close(&mut self) {
        let Some(Overlay::Preview(preview)) = &self.model.overlay else { return };
        let coming: Vec<Text> = preview.coming().map(|answer| answer.column.clone()).collect();
        if coming.is_empty() {
            if let Some(Overlay::Preview(preview)) = self.model.overlay.take() {
                self.model.assist.last = Some(preview);
            }
            let again = self.key(Command::AssistLast);
            self.plain(format!("closed; {again} opens the answer again"));
        }
        for column in coming {
            self.ask(Asked::AssistStop, Request::AssistStop { column });
        }
    }
}
