//! The editor pane: the hand as tabs, the text of one, its brief and its checks beside it.
//!
//! The pane owns what is visual and what was typed; everything else is the engine's and comes in as views. Input goes in, effects
//! come out; nothing here waits for anything.

mod brief;
mod checks_list;
mod clock;
mod counts;
mod draw;
mod file_list;
mod input;
mod judging;
mod motion;
mod past;
mod prompt;
mod source;
mod sources;
mod standing;
mod tab;
mod tab_bar;
mod text_box;
mod text_view;
mod wrap;

use chrono::{FixedOffset, Offset, Utc};

pub use file_list::line as file_line;
pub use input::{EditorEffect, EditorInput};
pub use judging::Judging;

use crate::domain::{AssignmentId, Origin, Origins, Text, Time};
use crate::engine::api::AssignmentView;
use draw::Hits;
use prompt::Prompt;
use tab::Tab;

/// Names of the keys that the pane speaks of, from the live keymap.
#[derive(Clone, Debug)]
pub struct KeyHints {
    /// Claims the job under the feed's cursor.
    pub claim: String,
    /// Adds a file to the draft.
    pub add_file: String,
    /// Shows and hides the brief.
    pub brief: String,
    /// Goes to the next place that a check is about.
    pub problem: String,
    /// Shows what a check says, whole.
    pub explain: String,
    /// Starts typing; empty while typing.
    pub write: String,
    /// Lays the draft out; empty while typing.
    pub lay_out: String,
    /// Fetches the attachment that is open.
    pub fetch: String,
    /// Keys go into the text, not to what stands beside it.
    pub typing: bool,
}

impl Default for KeyHints {
    fn default() -> Self {
        KeyHints {
            claim: "c".into(),
            add_file: ":file".into(),
            brief: ":brief".into(),
            problem: ":problem".into(),
            explain: ":explain".into(),
            write: String::new(),
            lay_out: String::new(),
            fetch: ":fetch".into(),
            typing: false,
        }
    }
}

/// One tab, as others may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabInfo {
    /// Which assignment.
    pub id: AssignmentId,
    /// The job's title.
    pub title: Text,
    /// Typed and not known to be saved.
    pub unsaved: bool,
    /// Its text may be changed.
    pub editable: bool,
}

/// The pane.
pub struct EditorPane {
    tabs: Vec<Tab>,
    selected: usize,
    over: Option<i64>,
    hints: KeyHints,
    zone: FixedOffset,
    prompt: Option<Prompt>,
    /// The brief stands beside the text where there is room.
    beside: bool,
    /// The brief covers the text where there is none.
    covers: bool,
    hits: Hits,
    /// What was last copied or cut here, and where that came from.
    clip: (Text, Origins),
    now: Option<Time>,
    /// Words a minute of whoever works here.
    pace: u32,
}

impl Default for EditorPane {
    fn default() -> Self {
        EditorPane::new()
    }
}

impl EditorPane {
    /// An empty pane that tells times in UTC.
    pub fn new() -> EditorPane {
        EditorPane {
            tabs: Vec::new(),
            selected: 0,
            over: None,
            hints: KeyHints::default(),
            zone: Utc.fix(),
            prompt: None,
            beside: true,
            covers: false,
            hits: Hits::default(),
            clip: Default::default(),
            now: None,
            pace: crate::domain::check::script::USUAL,
        }
    }

    /// Speaks of these keys.
    pub fn set_hints(&mut self, hints: KeyHints) {
        self.hints = hints;
    }

    /// Scripts are timed at so many words a minute.
    pub fn set_pace(&mut self, pace: u32) {
        self.pace = pace;
        self.tabs.iter_mut().for_each(|tab| tab.set_pace(pace));
    }

    /// Tells times in this zone.
    pub fn set_zone(&mut self, zone: FixedOffset) {
        self.zone = zone;
    }

    /// Adds a tab, or refreshes the one that is there, and selects it.
    pub fn open(&mut self, view: AssignmentView) {
        let id = view.assignment.id.clone();
        if self.tab(&id).is_some() {
            self.refresh(view);
        } else {
            self.tabs.push(Tab::new(view, self.pace));
        }
        self.select(&id);
    }

    /// Newer data of the engine's for a tab; what was typed and not saved stays. Without such a tab, nothing.
    pub fn refresh(&mut self, view: AssignmentView) {
        let id = view.assignment.id.clone();
        if let Some(tab) = self.tab(&id) {
            tab.refresh(view);
        }
    }

    /// Takes a tab away. The caller has seen to what was unsaved in it.
    pub fn close(&mut self, id: &AssignmentId) {
        let Some(at) = self.tabs.iter().position(|tab| tab.id() == id) else { return };
        self.tabs.remove(at);
        if at < self.selected || self.selected == self.tabs.len() {
            self.selected = self.selected.saturating_sub(1);
        }
        self.prompt = None;
    }

    /// Selects a tab.
    pub fn select(&mut self, id: &AssignmentId) {
        if let Some(at) = self.tabs.iter().position(|tab| tab.id() == id)
            && at != self.selected
        {
            self.selected = at;
            self.prompt = None;
        }
    }

    /// Where the cursor is in each text: line and byte.
    pub fn places(&self) -> Vec<(AssignmentId, (usize, usize))> {
        self.tabs.iter().map(|tab| (tab.id().clone(), tab.text.cursor())).collect()
    }

    /// Puts the cursor of a tab there, or where that is now nearest.
    pub fn go_to(&mut self, id: &AssignmentId, place: (usize, usize)) {
        if let Some(tab) = self.tab(id) {
            tab.text.place(place, false);
        }
    }

    /// The tab being worked on.
    pub fn selected(&self) -> Option<&AssignmentId> {
        self.tabs.get(self.selected).map(Tab::id)
    }

    /// The tabs, in order.
    pub fn tabs(&self) -> Vec<TabInfo> {
        let info = |tab: &Tab| TabInfo {
            id: tab.id().clone(),
            title: tab.view.assignment.job.title.clone(),
            unsaved: tab.is_unsaved(),
            editable: tab.is_editable(),
        };
        self.tabs.iter().map(info).collect()
    }

    /// Orders the tabs: these first and in this order, the others behind as they were. The same one stays selected.
    pub fn order(&mut self, ids: &[AssignmentId]) {
        let selected = self.selected().cloned();
        self.tabs.sort_by_key(|tab| ids.iter().position(|id| id == tab.id()).unwrap_or(usize::MAX));
        if let Some(id) = selected {
            self.selected = self.tabs.iter().position(|tab| *tab.id() == id).unwrap_or(0);
        }
    }

    /// By how many seconds the hand cannot be done in time, as the engine reckons.
    pub fn overcommitted(&mut self, seconds: Option<i64>) {
        self.over = seconds;
    }

    /// Texts that are not known to be saved.
    pub fn unsaved(&self) -> Vec<(AssignmentId, Text)> {
        let unsaved = self.tabs.iter().filter(|tab| tab.is_unsaved());
        unsaved.map(|tab| (tab.id().clone(), Text::own(&tab.text.text()))).collect()
    }

    /// The same with where each stretch came from, to be kept.
    pub fn unsaved_drafts(&self) -> Vec<(AssignmentId, Text, Origins)> {
        let drafts = self.tabs.iter().filter(|tab| tab.is_unsaved()).map(|tab| (tab.id().clone(), tab.text.kept()));
        drafts.map(|(id, (text, origins))| (id, text, origins)).collect()
    }

    /// Where each stretch of a tab's text came from.
    pub fn origins(&self, id: &AssignmentId) -> Option<Origins> {
        self.tabs.iter().find(|tab| tab.id() == id).map(|tab| tab.text.kept().1)
    }

    /// A text was made durable.
    pub fn saved(&mut self, id: &AssignmentId, version: u32, text: &Text) {
        let now = self.now;
        if let Some(tab) = self.tab(id) {
            tab.saved(version, text, now);
        }
    }

    /// The text of a tab as it stands.
    pub fn text(&self, id: &AssignmentId) -> Option<Text> {
        self.tabs.iter().find(|tab| tab.id() == id).map(|tab| Text::own(&tab.text.text()))
    }

    /// The text of a tab as it stands, and the bytes of it that are selected.
    pub fn text_and_selection(&self, id: &AssignmentId) -> Option<(Text, Option<(usize, usize)>)> {
        let tab = self.tabs.iter().find(|tab| tab.id() == id)?;
        let raw = tab.text.text();
        let text = Text::own(&raw);
        // What scrubbing changes has other places.
        let selection = tab.text.selection().filter(|_| text.as_str() == raw);
        Some((text, selection.map(|(from, to)| (tab.text.byte_at(from), tab.text.byte_at(to)))))
    }

    /// Puts a change in at a byte of a tab's text, as one undo step.
    ///
    /// # Errors
    /// It cannot be changed, or something else stands there by now.
    pub fn splice(
        &mut self,
        id: &AssignmentId,
        at: usize,
        old: &str,
        new: &Text,
        origin: &Origin,
        now: Time,
    ) -> Result<Vec<EditorEffect>, String> {
        self.now = Some(now);
        let tab = self.tab(id).ok_or("its tab is closed; nothing was taken")?;
        if !tab.is_editable() {
            return Err("it cannot be changed any more; nothing was taken".to_owned());
        }
        tab.splice(at, old, new, origin, now)?;
        Ok(self.input(EditorInput::Tick, now))
    }

    /// Keys go to a question of the pane's own, whatever the keymap says: what to search, whether to paste.
    pub fn is_asking(&self) -> bool {
        self.prompt.is_some()
    }

    /// When the pane must be drawn again though nothing happened, or wants [`EditorInput::Tick`]: a clock changes its figure (by the
    /// minute, by the second under two minutes), a large text is to be judged or handed over.
    pub fn next_tick(&self, now: Time) -> Option<Time> {
        let in_hand = self.tabs.iter().filter(|tab| tab.view.assignment.state.is_in_hand());
        let clocks = in_hand.filter_map(|tab| clock::read(&tab.view.assignment, now)).map(|clock| clock.next);
        clocks.chain(self.tabs.iter().filter_map(Tab::due)).min()
    }

    fn tab(&mut self, id: &AssignmentId) -> Option<&mut Tab> {
        self.tabs.iter_mut().find(|tab| tab.id() == id)
    }

    fn current(&mut self) -> Option<&mut Tab> {
        self.tabs.get_mut(self.selected)
    }
}
