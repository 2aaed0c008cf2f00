//! Questions and lists over the panes, and what agreeing does.

use super::Update;
use crate::domain::{SubmissionId, Text};
use crate::engine::api::{Decision, Request, Terms};
use crate::tui::command::Command;
use crate::tui::message::{Agreed, Asked, Effect};
use crate::tui::model::{Overlay, Prompt};
use crate::tui::triage::Act as Triage;
use crate::tui::widget::confirm::{Act, Choice, Confirm};
use crate::tui::widget::palette;
use crate::tui::widget::toast::Tone;

const PAGE: i64 = 10;

impl Update<'_> {
    /// A key of the dialog layer.
    pub(super) fn dialog(&mut self, command: Command) {
        use Command as C;
        match command {
            C::DialogDown => self.scroll_dialog(1),
            C::DialogUp => self.scroll_dialog(-1),
            C::DialogPageDown => self.scroll_dialog(PAGE),
            C::DialogPageUp => self.scroll_dialog(-PAGE),
            C::DialogCancel | C::DialogNo => self.close(),
            C::DialogNext | C::DialogPrev => match &mut self.model.overlay {
                Some(Overlay::Confirm(confirm)) => confirm.turn(command == C::DialogNext),
                Some(Overlay::Pictures(sheet)) => sheet.turn(command == C::DialogNext),
                _ => {}
            },
            C::DialogYes => self.answer(true),
            C::DialogAccept => self.answer(false),
            C::DialogRemove => self.lift_block(),
            _ => {}
        }
    }

    pub(super) fn scroll_dialog(&mut self, delta: i64) {
        let moved = |at: usize| usize::try_from(i64::try_from(at).unwrap_or(0).saturating_add(delta).max(0)).unwrap_or(0);
        match &mut self.model.overlay {
            Some(Overlay::Confirm(confirm)) => confirm.scroll = moved(confirm.scroll),
            Some(
                Overlay::Help { scroll, .. }
                | Overlay::Messages { scroll }
                | Overlay::Output { scroll, .. }
                | Overlay::Why { scroll, .. }
                | Overlay::Assist { scroll, .. }
                | Overlay::Sightings { scroll, .. }
                | Overlay::Rules { scroll, .. },
            ) => *scroll = moved(*scroll),
            Some(Overlay::Blocks { list, at }) => {
                *at = moved(*at).min(list.as_ref().map_or(0, Vec::len).saturating_sub(1));
            }
            Some(Overlay::Preview(preview)) => preview.scroll_by(delta),
            Some(Overlay::Grading(grading)) => grading.scroll = moved(grading.scroll),
            Some(Overlay::Palette { field, at, .. }) => {
                *at = moved(*at).min(palette::matches(field.text(), self.keymap).len().saturating_sub(1));
            }
            Some(Overlay::Pace { .. }) => {}
            Some(Overlay::Pictures(sheet)) => sheet.step(delta.signum()),
            Some(Overlay::Waiting { at, scroll }) => {
                let last = self.model.hand.waiting.len().saturating_sub(1);
                if delta.abs() >= PAGE { *scroll = moved(*scroll) } else { (*at, *scroll) = (moved(*at).min(last), 0) }
            }
            Some(Overlay::Prompt { line, .. }) => {
                if let Some(scroll) = &mut line.help {
                    *scroll = moved(*scroll);
                }
            }
            None => {
                if let Some(brief) = &mut self.model.brief {
                    brief.scroll = moved(brief.scroll).min(brief.lines.saturating_sub(brief.height));
                }
            }
        }
    }

    /// Closes what lies on top without doing anything.
    fn close(&mut self) {
        match self.model.overlay.take() {
            Some(Overlay::Prompt { what, field, line }) => self.prompt_closed(what, field, line),
            Some(Overlay::Pictures(sheet)) => self.close_pictures(sheet),
            // From the reason back to the keys.
            Some(Overlay::Grading(mut grading)) => {
                grading.typing = false;
                self.model.overlay = Some(Overlay::Grading(grading));
            }
            Some(_) => {}
            None => self.model.brief = None,
        }
    }

    fn answer(&mut self, yes: bool) {
        match self.model.overlay.take() {
            Some(Overlay::Confirm(mut confirm)) => {
                // Nobody can have meant an answer to what was not on the screen, or not to its end.
                if !confirm.shown {
                    self.model.overlay = Some(Overlay::Confirm(confirm));
                    return;
                }
                let act = if yes { confirm.yes().cloned() } else { confirm.choices.get(confirm.at).map(|c| c.act.clone()) };
                match act {
                    Some(Act::No) => {}
                    Some(_) if !confirm.read => {
                        confirm.scroll += 3;
                        self.model.overlay = Some(Overlay::Confirm(confirm));
                    }
                    Some(Act::Yes(agreed)) => self.agreed(*agreed),
                    Some(Act::Decide(submission, decision)) => {
                        self.ask(Asked::Resolve(decision), Request::Resolve { submission, decision });
                    }
                    None => self.model.overlay = Some(Overlay::Confirm(confirm)),
                }
            }
            Some(Overlay::Palette { field, at, .. }) => {
                if let Some((command, argument)) = palette::argument(field.text()) {
                    self.typed(command, argument);
                } else if let Some(command) = palette::matches(field.text(), self.keymap).get(at) {
                    self.command(*command);
                }
            }
            Some(Overlay::Prompt { what, field, line }) => self.prompt_done(what, field, line),
            Some(grading @ Overlay::Grading(_)) => {
                self.model.overlay = Some(grading);
                self.keep_judgement();
            }
            Some(Overlay::Pace { since, pace }) if !yes => self.read_aloud(since, pace),
            Some(pace @ Overlay::Pace { .. }) => self.model.overlay = Some(pace),
            // Nothing to choose there: Enter closes nothing but what it closed before.
            Some(blocks @ Overlay::Blocks { .. }) => self.model.overlay = Some(blocks),
            Some(
                Overlay::Help { .. }
                | Overlay::Assist { .. }
                | Overlay::Preview(_)
                | Overlay::Messages { .. }
                | Overlay::Output { .. }
                | Overlay::Waiting { .. }
                | Overlay::Why { .. }
                | Overlay::Sightings { .. }
                | Overlay::Rules { .. },
            )
            | None => {}
            Some(Overlay::Pictures(mut sheet)) => {
                if !yes {
                    sheet.toggle();
                }
                self.model.overlay = Some(Overlay::Pictures(sheet));
            }
        }
    }

    fn agreed(&mut self, agreed: Agreed) {
        match agreed {
            Agreed::Claim { key, title, terms } => {
                let held = u32::try_from(self.model.hand.items.len()).unwrap_or(u32::MAX);
                if held >= self.config.hand_limit {
                    let question =
                        format!("You hold {held} jobs already, your limit is {}. Claim this one too?", self.config.hand_limit);
                    let again = Terms { question: Text::title(&question), ..terms.clone() };
                    let agreed = Agreed::ClaimAnyway { key, title, digest: terms.digest };
                    self.model.overlay = Some(Overlay::Confirm(Confirm::new(&again, "claim", agreed)));
                } else {
                    self.send_claim(key, title, terms.digest);
                }
            }
            Agreed::ClaimAnyway { key, title, digest } => self.send_claim(key, title, digest),
            Agreed::Submit { assignment, digest } => self.send_submission(assignment, digest, Text::default()),
            Agreed::Override { assignment, digest, word } => self.open_prompt(Prompt::Override { assignment, digest, word }, ""),
            Agreed::Assist { assignment, wish, digest } => self.ask_assistant(assignment, wish, Some(digest)),
            Agreed::Release(assignment) => self.ask(Asked::Release(assignment.clone()), Request::Release { assignment }),
            Agreed::Scaffold { assignment, text, files } => self.take_scaffold(assignment, text, files),
            Agreed::Quit => self.out.push(Effect::Quit),
        }
    }

    /// Asks for the self-test of the pace.
    pub(super) fn open_pace(&mut self) {
        self.model.overlay = Some(Overlay::Pace { since: None, pace: self.config.pace });
    }

    /// Enter in it: the reading begins, or is over.
    fn read_aloud(&mut self, since: Option<crate::domain::Time>, pace: u32) {
        let Some(since) = since else {
            self.model.overlay = Some(Overlay::Pace { since: Some(self.now), pace });
            return;
        };
        let seconds = (self.now - since).num_milliseconds() as f64 / 1e3;
        match crate::domain::pace::of(seconds) {
            Ok(pace) => self.out.push(Effect::KeepPace(pace)),
            Err(why) => {
                self.say(Tone::Warn, why, "Enter begins again");
                self.model.overlay = Some(Overlay::Pace { since: None, pace });
            }
        }
    }

    /// It is in the config file, or could not be written there.
    pub(super) fn pace_kept(&mut self, pace: u32, kept: crate::error::Result<()>) {
        // For this session it holds either way.
        self.model.editor.set_pace(pace);
        match kept {
            Ok(()) => self.say(Tone::Good, format!("you read {pace} words a minute: scripts are timed by it"), ""),
            Err(failure) => self.failed(&failure),
        }
    }

    /// Submits what was agreed to; with the word that was typed where checks fail.
    pub(super) fn send_submission(&mut self, assignment: crate::domain::AssignmentId, digest: String, word: Text) {
        if self.refuses_money("submitting") {
            return;
        }
        self.model.hand.typing = false;
        self.model.last_act = Some(Triage::Paid("submitting"));
        self.ask(Asked::Submit(assignment.clone()), Request::Submit { assignment, agreed: digest, word });
    }

    fn send_claim(&mut self, key: crate::domain::JobKey, title: Text, digest: String) {
        if self.refuses_money("claiming") {
            return;
        }
        self.model.last_act = Some(Triage::Paid("claiming"));
        self.plain(format!("claiming \"{title}\" …"));
        self.ask(Asked::Claim { key: key.clone(), title }, Request::Claim { key, agreed: digest });
    }

    /// Leaving asks first while something is unsaved or on its way.
    pub(super) fn ask_quit(&mut self) {
        let unsaved = self.model.editor.unsaved();
        let sending = self.model.sending();
        if unsaved.is_empty() && sending.is_empty() {
            return self.out.push(Effect::Quit);
        }
        let mut lines = Vec::new();
        for (id, _) in &unsaved {
            lines.push((Text::title("Not saved yet"), Text::title(&self.title_of(id))));
        }
        for title in sending {
            lines.push((Text::title("On its way"), title));
        }
        let notes = vec![Text::title(if self.model.away.is_some() {
            "There is no engine to save it: what is not saved goes into a file, which is named once you have left."
        } else {
            "Leaving saves every draft first. What is on its way goes on when you start Juggler again."
        })];
        let choices = vec![
            Choice { label: "Stay".to_owned(), act: Act::No },
            Choice { label: "Leave".to_owned(), act: Act::Yes(Box::new(Agreed::Quit)) },
        ];
        let question = Text::title("Leave now?");
        self.model.overlay = Some(Overlay::Confirm(Confirm::choose(question, lines, notes, choices)));
    }

    /// The question about a submission that got no answer: the given one, else that of the current assignment, else the first.
    pub(super) fn open_resolve(&mut self, which: Option<&SubmissionId>) {
        let current = self.model.editor.selected().cloned();
        let unknown = &self.model.unknown;
        let found = match which {
            Some(id) => unknown.get_key_value(id),
            None => unknown.iter().find(|(_, u)| Some(&u.assignment) == current.as_ref()).or_else(|| unknown.iter().next()),
        };
        let Some((id, unknown)) = found.map(|(id, unknown)| (id.clone(), unknown.clone())) else {
            return self.say(Tone::Plain, "every submission was answered", "");
        };
        let mut lines = vec![(Text::title("Job"), Text::title(&self.title_of(&unknown.assignment)))];
        lines.extend(unknown.evidence);
        let decide = |label: &str, decision| Choice { label: label.to_owned(), act: Act::Decide(id.clone(), decision) };
        let choices = vec![
            Choice { label: "Later".to_owned(), act: Act::No },
            decide("Read the platform", Decision::Read),
            decide("Send again", Decision::SendAgain),
            decide("Withdraw", Decision::Withdraw),
        ];
        let warnings = vec![Text::title(
            "Reading is always safe. Sending again delivers twice if the first one arrived and the platform cannot tell.",
        )];
        let question = Text::title("This submission was sent and nobody answered. What now?");
        self.model.overlay = Some(Overlay::Confirm(Confirm::choose(question, lines, warnings, choices)));
    }
}
