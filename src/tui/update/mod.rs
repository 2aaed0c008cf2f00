//! What keys and messages do to the model; effects come out as data. One file a noun.

mod alerts;
mod assist;
mod blocks;
mod config;
mod dialogs;
mod events;
mod feed;
mod files;
mod grading;
mod hand;
mod input;
mod lists;
mod marks;
mod opening;
mod own;
pub(super) mod pictures;
mod prompt;
mod replies;
mod triage;
mod typed;
mod views;

pub use config::{ConfigWords, Whose};

use super::command::Command;
use super::keymap::Keymap;
use super::message::{Asked, Effect, Marking, Message};
use super::model::{Focus, Model, Overlay};
use super::pane::editor::EditorInput;
use super::widget::field::Field;
use super::widget::toast::{Toast, Tone};
use crate::config::Config;
use crate::domain::Time;
use crate::domain::view::SortKey;
use crate::engine::api::Request;
use crate::error::Failure;

/// One step: the model, what it may know, and what it wants done.
pub struct Update<'a> {
    /// The visual state.
    pub model: &'a mut Model,
    /// The live keys.
    pub keymap: &'a Keymap,
    /// The configuration.
    pub config: &'a Config,
    /// Now.
    pub now: Time,
    /// What is to be done.
    pub out: &'a mut Vec<Effect>,
    /// Nothing happened but that the feed's cursor moved among the rows at hand.
    pub moved: bool,
}

impl Update<'_> {
    /// The first questions.
    pub fn start(&mut self) {
        self.ask(Asked::Sources, Request::Sources);
        self.ask(Asked::Hand, Request::Hand);
        self.ask(Asked::Waiting, Request::Waiting);
        self.ask(Asked::Earnings, Request::Earnings);
        self.ask(Asked::Outbox, Request::Outbox);
        self.ask(Asked::Store, Request::Store);
        self.model.views_stale = true;
        self.model.views_next = None;
    }

    /// A message from outside.
    pub fn message(&mut self, message: Message) {
        match message {
            Message::Reply(asked, result) => self.reply(asked, *result),
            Message::Event(event) => self.event(*event),
            Message::Lagged => self.ask_all(),
            // Taken by the app, whose configuration it is.
            Message::Config(_) => {}
            Message::Kept { assignment, text, result } => self.kept(assignment, text, *result),
            Message::Flushed(result) => self.flushed(result),
            Message::PaceKept { pace, kept } => self.pace_kept(pace, kept),
            Message::Judged { assignment, edits, findings } => {
                let judged = crate::tui::pane::editor::EditorInput::Judged { assignment, edits, findings };
                let effects = self.model.editor.input(judged, self.now);
                self.editor(effects);
            }
            Message::Edited { assignment, result } => self.edited(assignment, result),
            Message::Outside(outside) => self.outside(outside),
            Message::OwnEnded { own, assignment, result } => self.own_ended(&own, assignment, result),
            Message::Terminal(told) => self.model.pictures.ways.told(told),
            Message::Picture { key, loaded } => self.picture_loaded(&key, loaded),
        }
    }

    /// Time passed.
    pub fn tick(&mut self) {
        let effects = self.model.editor.input(EditorInput::Tick, self.now);
        self.editor(effects);
        self.rested();
        self.peek();
        self.recount();
        self.count_views();
        self.warn_of_deadlines();
        self.model.pictures.ways.tick(self.now);
    }

    /// Everything is asked anew, since something was missed.
    pub(super) fn ask_all(&mut self) {
        self.start();
        self.refetch();
    }

    fn ask(&mut self, asked: Asked, request: Request) {
        self.out.push(Effect::Ask(asked, request));
    }

    fn say(&mut self, tone: Tone, text: impl AsRef<str>, hint: impl AsRef<str>) {
        self.model.say(Toast::new(tone, text, hint, self.now));
    }

    fn plain(&mut self, text: impl AsRef<str>) {
        self.say(Tone::Plain, text, "");
    }

    fn failed(&mut self, failure: &Failure) {
        self.model.say(Toast::failure(failure, self.now));
    }

    /// The key of a command where the keys go now, for hints in sentences.
    fn key(&self, command: Command) -> String {
        let key = self.keymap.hint(self.model.stack(), command);
        if key.is_empty() { self.keymap.anywhere(command) } else { key }
    }

    /// Carries a command out.
    pub fn command(&mut self, command: Command) {
        use Command as C;
        match command {
            C::Down | C::Up | C::Top | C::Bottom | C::HalfDown | C::HalfUp | C::PageDown | C::PageUp | C::Arrivals => {
                self.go_feed();
                self.travel(command);
            }
            C::Star
            | C::Hide
            | C::Seen
            | C::Pin
            | C::SnoozeHour
            | C::SnoozeTomorrow
            | C::SnoozeWeek
            | C::SnoozePays
            | C::SnoozeOpens
            | C::Wake => self.triage(command),
            C::SnoozeAt => self.open_snooze(),
            C::Repeat => self.repeat(),
            C::BlockRequester | C::BlockKind | C::BlockWords | C::BlockHere | C::BlockWeek => self.open_block(command),
            C::Blocks => self.open_blocks(),
            C::Mark => self.mark(),
            C::MarkRange => self.mark_range(),
            C::MarkAll => self.mark_view(Marking::All),
            C::MarkInvert => self.mark_view(Marking::Invert),
            C::Unmark => self.unmark(),
            C::Undo => self.ask_undo(false),
            C::Redo => self.ask_undo(true),
            C::Poll => self.poll(),
            C::Filter => self.open_filter(),
            C::Group => self.group(),
            C::Sort => self.next_sort(),
            C::SortNewest => self.sort(SortKey::Newest, false),
            C::SortPay => self.sort(SortKey::Pay, false),
            C::SortRate => self.sort(SortKey::Rate, false),
            C::SortExpiring => self.sort(SortKey::Expiring, false),
            C::SortFit => self.sort(SortKey::Fit, false),
            C::SortRequester => self.sort(SortKey::Requester, false),
            C::AddNewest => self.sort(SortKey::Newest, true),
            C::AddPay => self.sort(SortKey::Pay, true),
            C::AddRate => self.sort(SortKey::Rate, true),
            C::AddExpiring => self.sort(SortKey::Expiring, true),
            C::AddFit => self.sort(SortKey::Fit, true),
            C::AddRequester => self.sort(SortKey::Requester, true),
            C::SortDefault => self.sort_default(),
            C::ViewOpen | C::ViewStarred | C::ViewAway | C::ViewAll => self.show_view(command),
            C::View1 | C::View2 | C::View3 | C::View4 | C::View5 | C::View6 | C::View7 | C::View8 | C::View9 => {
                self.show_numbered(command);
            }
            C::ViewLast => self.show_last_view(),
            C::ViewSave => self.open_save_view(),
            C::ViewEdit => self.open_edit_view(),
            C::ViewDrop => self.drop_view(""),
            C::Why => self.open_why(),
            C::Sightings => self.open_sightings(),
            C::Rules => self.open_rules(),
            C::CopyKey | C::CopyTitle | C::CopyUrl | C::CopyBrief | C::Link => self.copy(Self::part(command)),
            C::Brief => self.open_brief(),
            C::Claim => self.ask_claim(),
            C::Detach => self.detach(),
            C::PaneNext => self.turn_focus(true),
            C::PanePrev => self.turn_focus(false),
            C::PaneFeed => self.focus(Focus::Feed),
            C::PaneHand => self.focus(Focus::Hand),
            C::PaneEarnings => self.focus(Focus::Earnings),
            C::Zoom => self.model.zoom = !self.model.zoom,
            C::HandNext => self.turn_hand(true),
            C::HandPrev => self.turn_hand(false),
            C::Edit => self.start_typing(),
            C::StopEdit => self.stop_typing(),
            C::Scaffold => self.ask_scaffold(),
            C::AddFile => self.open_add_file(),
            C::Pictures => self.look_at_pictures(),
            C::Picture => self.open_edit_picture(),
            C::PicturePass => self.make_picture_pass(),
            C::PictureUndo => self.undo_picture(),
            C::RemoveFile => self.remove_file(""),
            C::Release => self.ask_release(),
            C::Resolve => self.open_resolve(None),
            C::Waiting => self.open_waiting(),
            C::HandBriefDown => self.editor_command("editor.brief_down"),
            C::HandBriefUp => self.editor_command("editor.brief_up"),
            C::Check => self.ask_check(),
            C::Pace => self.open_pace(),
            C::Grade => self.open_grading(),
            grade if grade.id().starts_with("grade.") => self.grade(grade),
            C::Submit => self.ask_submit(),
            C::Save => self.save_now(),
            C::EarningsRefresh => self.ask(Asked::Earnings, Request::Earnings),
            C::Reload => self.reload(),
            C::Help => self.open_help(),
            C::Palette => self.open_palette(),
            C::Messages => self.open_messages(),
            C::Dismiss => self.model.hush(self.now),
            C::Redraw => self.out.push(Effect::Repaint),
            C::Suspend => self.out.push(Effect::Suspend),
            C::Quit => self.ask_quit(),
            C::DialogAccept
            | C::DialogCancel
            | C::DialogYes
            | C::DialogNo
            | C::DialogNext
            | C::DialogPrev
            | C::DialogDown
            | C::DialogUp
            | C::DialogPageDown
            | C::DialogPageUp
            | C::DialogRemove => self.dialog(command),
            C::PromptNext | C::PromptPrev | C::PromptDown | C::PromptUp | C::PromptHelp | C::PromptExpiry => {
                self.prompt_command(command);
            }
            C::AssistMenu => self.open_assist(),
            C::AssistLast => self.reopen_answer(),
            C::AssistDecide => {
                self.say(Tone::Plain, "decide with a word: :ai allowed", "or disclose, assist-only, human-only, unknown")
            }
            C::AssistNext | C::AssistTemplate => self.turn_assist(command),
            C::AssistAllow | C::AssistDisclose | C::AssistOnly | C::AssistHuman => self.decide_by_key(command),
            ask if ask.action().is_some() => self.begin_wish(ask, ""),
            preview if preview.id().starts_with("preview.") => self.preview(preview),
            own if own.own().is_some() => self.own(own),
            editor => self.editor_command(editor.id()),
        }
    }

    fn go_feed(&mut self) {
        if self.model.focus != Focus::Feed {
            self.focus(Focus::Feed);
        }
    }

    /// Gives the keys to a pane.
    fn focus(&mut self, focus: Focus) {
        self.model.focus = focus;
        self.model.hand.typing = false;
        if focus == Focus::Hand
            && let Some(id) = self.model.hand.sent_back.take()
        {
            self.model.editor.select(&id);
        }
        if focus == Focus::Earnings {
            self.ask(Asked::Earnings, Request::Earnings);
        }
    }

    fn turn_focus(&mut self, forward: bool) {
        let at = Focus::ALL.iter().position(|focus| *focus == self.model.focus).unwrap_or(0);
        let n = Focus::ALL.len();
        self.focus(Focus::ALL[if forward { (at + 1) % n } else { (at + n - 1) % n }]);
    }

    fn open_help(&mut self) {
        let from = self.model.stack();
        self.model.overlay = Some(Overlay::Help { field: Field::default(), scroll: 0, from });
    }

    fn open_palette(&mut self) {
        let from = self.model.stack();
        self.model.overlay = Some(Overlay::Palette { field: Field::default(), at: 0, from });
    }
}
