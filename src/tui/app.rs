//! The terminal program without its terminal: inputs and messages in, a drawn frame out.
//!
//! [`App`] is what tests drive: `handle_key` and `handle_message` change the model, `draw` shows it, `pending` counts questions
//! that the engine has not answered. What needs a real terminal comes out of [`App::take_outside`].

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use tokio::sync::broadcast::{self, error::RecvError, error::TryRecvError};
use tokio::sync::mpsc;

use super::command::Command;
use super::keeper::Keeper;
use super::keymap::{Keymap, Stack};
use super::message::{Effect, Input, Message};
use super::model::{Leaving, Model};
use super::osc::{Far, Link};
use super::pane::editor::{EditorPane, KeyHints};
use super::picture::Placed;
use super::session::{self, Session};
use super::terminal::Patch;
use super::theme::Theme;
use super::update::Update;
use super::widget::toast::{Toast, Tone};
use super::worktime::WorkTime;
use crate::config::Config;
use crate::domain::draft::Cause;
use crate::domain::{Text, Time};
use crate::engine::Handle;
use crate::engine::api::{Event, Request};
use crate::error::{Failure, Result};

/// Tells the time; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// Model, keymap and the way to the engine.
pub struct App {
    pub(super) model: Model,
    pub(super) keymap: Keymap,
    pub(super) config: Arc<Config>,
    pub(super) theme: Theme,
    pub(super) clock: Clock,
    pub(super) handle: Handle,
    pub(super) keeper: Keeper,
    pub(super) worktime: WorkTime,
    pub(super) tell: mpsc::UnboundedSender<Message>,
    inbox: mpsc::UnboundedReceiver<Message>,
    events: broadcast::Receiver<Event>,
    events_open: bool,
    pub(super) pending: usize,
    pub(super) outside: Vec<Effect>,
    pub(super) far: Far,
    /// Notifications so far.
    pub(super) notified: u32,
    damage: Damage,
    /// What is shown is kept then, for the next terminal.
    keep_at: Option<Time>,
    /// As it was kept last.
    kept: Option<Session>,
}

/// What of the screen is out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Damage {
    Nothing,
    /// The feed's cursor moved, and nothing else happened.
    Cursor,
    Whole,
}

impl App {
    /// An app that has asked its first questions. Needs a tokio runtime; refuses a keymap that is ambiguous.
    pub fn new(handle: Handle, config: Arc<Config>, theme: Theme, clock: Clock) -> Result<App> {
        let keymap = Keymap::of(&config)?;
        let (tell, inbox) = mpsc::unbounded_channel();
        let keeper = Keeper::start(handle.clone(), tell.clone());
        let events = handle.events();
        let mut app = App {
            model: Model::new(editor(&keymap, config.pace)),
            keymap,
            worktime: WorkTime::new(config.idle_after),
            config,
            theme,
            clock,
            handle,
            keeper,
            tell,
            inbox,
            events,
            events_open: true,
            pending: 0,
            outside: Vec::new(),
            far: Far::default(),
            notified: 0,
            damage: Damage::Whole,
            keep_at: None,
            kept: None,
        };
        super::reload::watch(&app.config, &app.tell);
        app.update(|update| update.start());
        Ok(app)
    }

    /// Shows what the last terminal did until the engine says that the store is open. To be called before the first frame. Where
    /// the engine is far, it is asked what that was.
    pub fn begin(&mut self, last: Option<Session>, far: bool) {
        self.model.far = far;
        let known = last.is_some();
        self.update(|update| {
            if let Some(last) = last {
                update.show_last(last);
            }
            update.ask_session(!known && far);
        });
        self.touch();
    }

    /// What is shown, for the next terminal; `None` while that is still what the last one did, and when it was kept so already.
    pub fn session(&mut self) -> Option<serde_json::Value> {
        self.keep_at = None;
        let session = self.model.session((self.clock)(), !self.model.far)?;
        let same = |kept: &Session| {
            let at = session.window.at;
            Session { window: super::model::LastWindow { at, ..kept.window.clone() }, desk: kept.desk.clone() } == session
        };
        if self.kept.as_ref().is_some_and(same) {
            return None;
        }
        let value = serde_json::to_value(&session).ok()?;
        self.kept = Some(session);
        Some(value)
    }

    /// Keeps what is shown a moment after it changed.
    fn keep_session(&mut self, now: Time) {
        if self.keep_at.is_some_and(|at| at <= now)
            && let Some(session) = self.session()
        {
            self.carry_out(Effect::Ask(super::message::Asked::KeepSession, Request::KeepSession { session }));
        }
    }

    /// Why it leaves, when it was not the person.
    pub fn leaving(&self) -> Option<Leaving> {
        self.model.leaving
    }

    /// Texts that are not known to be saved, with their jobs' titles.
    pub fn unsaved(&self) -> Vec<(Text, Text)> {
        let titles = self.model.editor.tabs();
        let title = |id| titles.iter().find(|tab| tab.id == id).map(|tab| tab.title.clone()).unwrap_or_default();
        self.model.editor.unsaved().into_iter().map(|(id, text)| (title(id), text)).collect()
    }

    pub(super) fn update(&mut self, change: impl FnOnce(&mut Update<'_>)) -> bool {
        self.update_at((self.clock)(), change)
    }

    /// Changes the model, and says whether the feed's cursor moved and nothing else happened.
    fn update_at(&mut self, now: Time, change: impl FnOnce(&mut Update<'_>)) -> bool {
        let mut effects = Vec::new();
        let (model, keymap, config) = (&mut self.model, &self.keymap, &self.config);
        let mut update = Update { model, keymap, config, now, out: &mut effects, moved: false };
        change(&mut update);
        let moved = update.moved;
        for effect in effects {
            self.carry_out(effect);
        }
        moved
    }

    pub(super) fn speak(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty() {
            self.outside.push(Effect::Terminal(bytes));
        }
    }

    /// From now on a real terminal is there, and this is what is known of it. Before, nothing is sent to any.
    pub fn speak_to(&mut self, far: Far) {
        self.far = far;
        self.retitle();
    }

    /// The terminal was away: its title is written again.
    pub fn retitle(&mut self) {
        self.speak(self.far.title(self.model.unread));
    }

    /// Links of the frame last drawn, for whoever writes them over it; none where the terminal would not take them.
    pub fn links(&self) -> &[Link] {
        let shown = matches!(self.model.overlay, None | Some(super::model::Overlay::Pictures(_)));
        if self.far.links && shown { &self.model.hits.links } else { &[] }
    }

    /// Pictures of the frame last drawn that the terminal itself draws.
    pub fn placed(&self) -> &[Placed] {
        &self.model.hits.pictures
    }

    /// A terminal is there: how it shows pictures can be found out, once one is to be shown.
    pub fn meet_terminal(&mut self) {
        let size = crossterm::terminal::window_size().ok().filter(|size| size.columns > 0 && size.rows > 0);
        let font = size.map(|size| (size.width / size.columns, size.height / size.rows));
        self.meet_terminal_as(&|name| std::env::var(name).ok(), font);
    }

    /// The same, of an environment handed in.
    pub fn meet_terminal_as(&mut self, var: &dyn Fn(&str) -> Option<String>, font: Option<(u16, u16)>) {
        self.model.pictures.ways.meet(var, font);
    }

    /// A key was pressed.
    pub fn handle_key(&mut self, key: KeyEvent) {
        self.handle_input(Input::Key(key));
    }

    /// A key, a paste, the mouse or a new size.
    pub fn handle_input(&mut self, input: Input) {
        let now = (self.clock)();
        if matches!(input, Input::Key(_) | Input::Paste(_)) {
            self.keep_at.get_or_insert(now + session::WAIT);
            self.worktime.key(&self.model.spent(), now);
        }
        let calm = self.model.is_calm(now);
        let moved = self.update(|update| update.input(input));
        let damage = if calm && moved && self.model.is_calm(now) { Damage::Cursor } else { Damage::Whole };
        self.damage = self.damage.max(damage);
        let spans = self.worktime.take();
        if !spans.is_empty() {
            self.carry_out(Effect::Ask(super::message::Asked::Spent, Request::Spent { spans }));
        }
    }

    /// The engine, the keeper or an external editor said something.
    pub fn handle_message(&mut self, message: Message) {
        let ran = matches!(&message, Message::OwnEnded { own, .. } if !own.terminal);
        let answers = match &message {
            Message::Reply(asked, _) => !asked.listens(),
            Message::Flushed(_) | Message::Judged { .. } | Message::PaceKept { .. } | Message::Picture { .. } => true,
            _ => ran,
        };
        if answers {
            self.pending = self.pending.saturating_sub(1);
        }
        let message = match message {
            Message::Config(read) => return self.config_read(*read),
            message => message,
        };
        let shows = message.shows();
        self.update(|update| update.message(message));
        if shows {
            self.touch();
        }
    }

    /// Time passed: a prefix's hints, a message's end, a countdown.
    pub fn tick(&mut self) {
        let now = (self.clock)();
        self.keep_session(now);
        self.update_at(now, |update| update.tick());
        self.touch();
    }

    /// Questions that are not answered, but for those that wait for what somebody else says.
    pub fn pending(&self) -> usize {
        self.pending
    }

    /// Something changed since the last frame.
    pub fn is_dirty(&self) -> bool {
        self.damage != Damage::Nothing
    }

    /// The model, to look at.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The compiled keys.
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// The way to the keeper, for signal handlers.
    pub fn keeper(&self) -> Keeper {
        self.keeper.clone()
    }

    /// Why the session had to end before it began.
    pub fn not_opened(&mut self) -> Option<Failure> {
        self.model.not_opened.take()
    }

    /// Where messages can be sent to.
    pub fn mailbox(&self) -> mpsc::UnboundedSender<Message> {
        self.tell.clone()
    }

    /// Time measured and not told yet; called once on leaving.
    pub fn last_spans(&mut self) -> Vec<crate::domain::work::Span> {
        self.worktime.finish()
    }

    /// When the screen next changes by itself: never while nothing counts down.
    pub fn wake_at(&self) -> Option<Time> {
        [self.model.wake_at((self.clock)()), self.keep_at].into_iter().flatten().min()
    }

    /// What needs the real terminal; handed over once.
    pub fn take_outside(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.outside)
    }

    /// The first of them; handed over once.
    pub fn next_outside(&mut self) -> Option<Effect> {
        (!self.outside.is_empty()).then(|| self.outside.remove(0))
    }

    /// The next message, waiting for it. Cancel safe.
    pub async fn next_message(&mut self) -> Message {
        tokio::select! {
            biased;
            Some(message) = self.inbox.recv() => message,
            event = self.events.recv(), if self.events_open => match event {
                Ok(event) => Message::Event(Box::new(event)),
                Err(RecvError::Lagged(_)) => Message::Lagged,
                Err(RecvError::Closed) => {
                    self.events_open = false;
                    Message::Lagged
                }
            },
        }
    }

    /// A message that is there already.
    pub fn try_message(&mut self) -> Option<Message> {
        if let Ok(message) = self.inbox.try_recv() {
            return Some(message);
        }
        match self.events.try_recv() {
            Ok(event) => Some(Message::Event(Box::new(event))),
            Err(TryRecvError::Lagged(_)) => Some(Message::Lagged),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }

    /// The screen is to be drawn again, whatever changed.
    pub fn touch(&mut self) {
        self.damage = Damage::Whole;
    }

    /// Something waits in [`App::take_outside`].
    pub fn wants_terminal(&self) -> bool {
        !self.outside.is_empty()
    }

    /// Says a first word.
    pub fn greet(&mut self, text: &Text) {
        let now = (self.clock)();
        self.model.say(Toast::new(Tone::Good, text.as_str(), "", now));
        self.damage = Damage::Whole;
    }

    /// On leaving: what the editor still holds goes to the keeper.
    pub fn hand_over(&mut self) {
        for (assignment, text, origins) in self.model.editor.unsaved_drafts() {
            self.keeper.edit(assignment, text, origins, Cause::Typed);
        }
    }

    /// Draws the model; afterwards nothing is dirty.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let now = (self.clock)();
        self.rest(now);
        super::view::draw(frame, &mut self.model, &self.theme, &self.keymap, &self.config, now);
        self.drawn(now);
    }

    /// What changed, where the rows that are on the screen can be patched; afterwards nothing is dirty. `None`: to be drawn whole.
    pub fn patch(&mut self) -> Option<Patch> {
        if self.damage != Damage::Cursor {
            return None;
        }
        let now = (self.clock)();
        self.rest(now);
        if !self.model.is_calm(now) || super::pane::peek::is_stale(&self.model) {
            return None;
        }
        let patch = super::pane::feed::moved(&mut self.model, &self.theme, now)?;
        self.drawn(now);
        Some(patch)
    }

    /// Where the cursor is now it may come to rest: what is beside it waits for that.
    fn rest(&mut self, now: Time) {
        self.update_at(now, |update| update.rest());
    }

    /// The screen shows the model. Drawing tells how many rows fit; more of them may be wanted now.
    fn drawn(&mut self, now: Time) {
        self.damage = Damage::Nothing;
        self.model.feed.jumped = false;
        self.update_at(now, |update| {
            update.fill();
            update.rest();
            update.count_views();
            update.load_pictures();
        });
    }
}

/// The keys that the editor speaks of, as they are where the keys go now.
pub(super) fn hints(keymap: &Keymap, stack: Stack) -> KeyHints {
    let key = |command| {
        let here = keymap.hint(stack, command);
        if here.is_empty() { keymap.anywhere(command) } else { here }
    };
    KeyHints {
        claim: key(Command::Claim),
        add_file: key(Command::AddFile),
        brief: key(Command::EditorBrief),
        problem: key(Command::EditorProblem),
        explain: key(Command::EditorExplain),
        write: keymap.hint(stack, Command::Edit),
        lay_out: keymap.hint(stack, Command::Scaffold),
        fetch: key(Command::EditorFetch),
        typing: stack == Stack::Typing,
    }
}

/// The editor, speaking of the live keys and of the person's clock.
fn editor(keymap: &Keymap, pace: u32) -> EditorPane {
    let mut editor = EditorPane::new();
    editor.set_pace(pace);
    editor.set_hints(hints(keymap, Stack::Hand));
    editor.set_zone(*chrono::Local::now().offset());
    editor
}
