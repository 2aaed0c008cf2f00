//! What the screen is about: visual state only. The truth stays in the engine.

use std::collections::{BTreeMap, VecDeque};

use chrono::TimeDelta;
use ratatui::layout::Rect;
use serde::{Deserialize, Serialize};

use super::feed_model::{FeedModel, LocalAct};
use super::keymap::{Chord, Stack};
use super::osc::Link;
use super::pane::editor::EditorPane;
use super::triage::{Act, Waiting};
use super::widget::toast::{Toast, Tone};
use super::widget::whichkey;
use crate::domain::triage::Marks;
use crate::domain::work::Spent;
use crate::domain::{AssignmentId, Job, JobKey, SubmissionId, Text, Time, View};
use crate::engine::api::{AssignmentView, Earnings, JobRow, Known, Rows, SourceHealth};
use crate::error::Failure;

pub use super::overlay::{Expiry, Overlay, Prompt};

/// A pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Focus {
    /// The feed.
    #[default]
    Feed,
    /// The hand with the editor.
    Hand,
    /// The money.
    Earnings,
}

impl Focus {
    /// In the order of Tab.
    pub const ALL: [Focus; 3] = [Focus::Feed, Focus::Hand, Focus::Earnings];

    /// Its name on the screen.
    pub fn title(self) -> &'static str {
        match self {
            Focus::Feed => "Feed",
            Focus::Hand => "Hand",
            Focus::Earnings => "Earnings",
        }
    }
}

/// The whole brief of one job.
#[derive(Debug)]
pub struct BriefModel {
    /// Which.
    pub key: JobKey,
    /// What is known at once.
    pub row: Option<JobRow>,
    /// The whole, once it came.
    pub job: Option<(Box<Job>, Marks)>,
    /// Why it did not.
    pub failure: Option<Failure>,
    /// Lines scrolled.
    pub scroll: usize,
    /// Lines there are, as last drawn.
    pub lines: usize,
    /// Lines that fit, as last drawn.
    pub height: usize,
}

/// The tab of the last session, and the places in its texts: line and byte.
pub type Resuming = (Option<AssignmentId>, Vec<(AssignmentId, (usize, usize))>);

/// Why a terminal leaves although nobody pressed the key for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// It was detached: the engine goes on.
    Detached,
    /// The engine was stopped.
    Stopped,
}

/// The hand.
#[derive(Default)]
pub struct HandModel {
    /// Tightest first.
    pub items: Vec<AssignmentView>,
    /// Seconds by which the worst deadline will be missed.
    pub overcommitted: Option<i64>,
    /// The hand was told at least once.
    pub loaded: bool,
    /// What waits for others, or was decided lately; the latest first.
    pub waiting: Vec<AssignmentView>,
    /// Titles of what left the hand, the latest last.
    pub left: std::collections::VecDeque<(AssignmentId, crate::domain::Text)>,
    /// Sent back since the hand was last looked at: opened first.
    pub sent_back: Option<AssignmentId>,
    /// The loudest warning that was said about each deadline: 1 at a half, 2 at a fifth, 3 at a twentieth.
    pub warned: BTreeMap<AssignmentId, u8>,
    /// Keys are text.
    pub typing: bool,
    /// A submission waits for the draft to be saved.
    pub submitting: Option<AssignmentId>,
    /// A check waits for the draft to be saved.
    pub checking: Option<AssignmentId>,
}

/// A submission that got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Whose.
    pub assignment: AssignmentId,
    /// What is known: label and value.
    pub evidence: Vec<(Text, Text)>,
}

/// Places that a click means something in, as last drawn.
#[derive(Debug, Default)]
pub struct Hits {
    /// A pane's area.
    pub panes: Vec<(Rect, Focus)>,
    /// The peek is on the screen.
    pub peek: bool,
    /// And shows this job.
    pub peeked: Option<JobKey>,
    /// The rows of the feed.
    pub feed: Rect,
    /// The editor.
    pub editor: Rect,
    /// The brief, or what else scrolls on top.
    pub scroll: Rect,
    /// Commands under labels: tabs, buttons.
    pub commands: Vec<(Rect, super::command::Command)>,
    /// Addresses that the terminal can open.
    pub links: Vec<Link>,
    /// Pictures that the terminal draws.
    pub pictures: Vec<super::picture::Placed>,
}

/// The rows of the last session, shown until the store is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LastWindow {
    /// The tab that was in use.
    pub tab: Text,
    /// What was typed to narrow it.
    pub filter: Text,
    /// What they are rows of.
    pub view: View,
    /// The rows.
    pub rows: Rows,
    /// The job that was under the cursor.
    pub cursor: Option<JobKey>,
    /// When they were true.
    pub at: Time,
}

/// Everything shown.
pub struct Model {
    /// Which pane has the keys.
    pub focus: Focus,
    /// That pane has the whole screen.
    pub zoom: bool,
    /// The feed.
    pub feed: FeedModel,
    /// A brief over the feed.
    pub brief: Option<BriefModel>,
    /// The hand.
    pub hand: HandModel,
    /// The editor.
    pub editor: EditorPane,
    /// The figures.
    pub earnings: Option<Earnings>,
    /// Sources, in the configuration's order.
    pub sources: Vec<SourceHealth>,
    /// The sources were told at least once.
    pub sources_loaded: bool,
    /// Saving fails at present.
    pub saving: Option<Failure>,
    /// What is known of the config files.
    pub config: super::update::ConfigWords,
    /// Submissions without an answer, with what is known.
    pub unknown: BTreeMap<SubmissionId, Unknown>,
    /// Assignments with a submission on its way.
    pub outbox: Vec<AssignmentId>,
    /// What lies on top.
    pub overlay: Option<Overlay>,
    /// Whom to ask next, and how.
    pub assist: super::pane::assist::Chosen,
    /// The latest act of triage, to be repeated.
    pub last_act: Option<Act>,
    /// Acts that wait until it is known which jobs their rows stand for.
    pub waiting_acts: Vec<Waiting>,
    /// Keys of a whole view were asked for, to mark them.
    pub keys_asking: bool,
    /// Filters typed before, the latest last.
    pub filters: Vec<String>,
    /// Words of the feed, for completions, and when they were asked for.
    pub known: Option<Known>,
    /// When they were asked for.
    pub known_at: Option<Time>,
    /// The counts of the views are out of date.
    pub views_stale: bool,
    /// They were asked for and did not come.
    pub views_asking: bool,
    /// Not asked for again before this time.
    pub views_next: Option<Time>,
    /// Alerts since they were last seen.
    pub unread: usize,
    /// The terminal's title tells how many.
    pub titled: bool,
    /// When the engine was last told that somebody is here.
    pub present_at: Option<Time>,
    /// Why the store could not be opened.
    pub not_opened: Option<Failure>,
    /// The store is still being opened: the rows are as of this time.
    pub opening: Option<Time>,
    /// No engine can be reached at present, and why.
    pub away: Option<Failure>,
    /// A bug ended the engine, and another one is being started: where the report is.
    pub bug: Option<Text>,
    /// The engine runs in another process.
    pub attached: bool,
    /// The engine runs on another machine.
    pub far: bool,
    /// How the session ends, when it was not the person who left.
    pub leaving: Option<Leaving>,
    /// Of the last session, for the hand that is not told yet: the tab, and places in texts.
    pub resuming: Option<Resuming>,
    /// What the last terminal showed is waited for.
    pub session_wanted: bool,
    /// Acts of triage that wait for the store, in order.
    pub queued: Vec<LocalAct>,
    /// Messages, the latest last.
    pub toasts: VecDeque<Toast>,
    /// Keys of an unfinished sequence, and since when.
    pub pending: Vec<Chord>,
    /// When the first of them came.
    pub pending_since: Option<Time>,
    /// Polls the person asked for that are not answered.
    pub polling: u32,
    /// The unseen job under the cursor, and when it will have been looked at long enough.
    pub resting: Option<(JobKey, Time)>,
    /// The job under the cursor, and when its peek is asked for.
    pub peeking: Option<(JobKey, Time)>,
    /// The job whose peek was asked for last: not again before the cursor was elsewhere.
    pub peek_asked: Option<JobKey>,
    /// Where things were drawn.
    pub hits: Hits,
    /// Pictures made ready for the screen.
    pub pictures: super::picture::Pictures,
    /// The files of drafts before pictures of them were edited, the latest last.
    pub picture_past: Vec<(AssignmentId, Vec<crate::domain::draft::FileItem>)>,
    /// The picture that was looked at or edited last, by its file's name.
    pub picture_at: Option<Text>,
    /// The rows of the feed as last drawn.
    pub feed_rows: super::widget::rowcache::RowCache<super::pane::feed::Made>,
    /// Those rows as they stand on the screen, if it shows them as they are.
    pub feed_drawn: Option<super::pane::feed::Drawn>,
    /// The screen.
    pub size: (u16, u16),
    /// What is on the screen changes by itself at this time.
    pub changes_at: Option<Time>,
}

impl Model {
    /// Nothing known yet.
    pub fn new(editor: EditorPane) -> Model {
        Model {
            focus: Focus::Feed,
            zoom: false,
            feed: FeedModel::default(),
            brief: None,
            hand: HandModel::default(),
            editor,
            earnings: None,
            sources: Vec::new(),
            sources_loaded: false,
            saving: None,
            config: Default::default(),
            unknown: BTreeMap::new(),
            outbox: Vec::new(),
            overlay: None,
            assist: Default::default(),
            last_act: None,
            waiting_acts: Vec::new(),
            keys_asking: false,
            filters: Vec::new(),
            known: None,
            known_at: None,
            views_stale: false,
            views_asking: false,
            views_next: None,
            unread: 0,
            titled: false,
            present_at: None,
            not_opened: None,
            opening: None,
            away: None,
            bug: None,
            session_wanted: false,
            attached: false,
            far: false,
            leaving: None,
            resuming: None,
            queued: Vec::new(),
            toasts: VecDeque::new(),
            pending: Vec::new(),
            pending_since: None,
            polling: 0,
            resting: None,
            peeking: None,
            peek_asked: None,
            hits: Hits::default(),
            pictures: Default::default(),
            picture_past: Vec::new(),
            picture_at: None,
            feed_rows: Default::default(),
            feed_drawn: None,
            size: (0, 0),
            changes_at: None,
        }
    }

    /// Where the next key goes. Decided by state alone, never by drawing.
    pub fn stack(&self) -> Stack {
        match (&self.overlay, self.focus) {
            (Some(Overlay::Prompt { .. }), _) => Stack::Prompt,
            (Some(Overlay::Assist { .. }), _) => Stack::Assist,
            (Some(Overlay::Preview(_)), _) => Stack::Preview,
            (Some(Overlay::Grading(grading)), _) => {
                if grading.typing {
                    Stack::Prompt
                } else {
                    Stack::Grade
                }
            }
            (Some(_), _) => Stack::Dialog,
            (None, Focus::Feed) if self.brief.is_some() => Stack::Brief,
            (None, Focus::Feed) => Stack::Feed,
            (None, Focus::Hand) if self.hand.typing && !self.hand.items.is_empty() => Stack::Typing,
            (None, Focus::Hand) => Stack::Hand,
            (None, Focus::Earnings) => Stack::Earnings,
        }
    }

    /// The cursor can move in the feed without anything else on the screen changing.
    pub fn is_calm(&self, now: Time) -> bool {
        let alone = self.stack() == Stack::Feed && self.pending.is_empty() && self.toast(now).is_none();
        alone && self.feed.range.is_none() && !self.feed.gone && self.changes_at.is_none_or(|at| now < at)
    }

    /// What the person's time goes into now.
    pub fn spent(&self) -> Spent {
        match self.focus {
            Focus::Feed => Spent::Triage,
            Focus::Hand => self.editor.selected().map_or(Spent::Triage, |id| Spent::Assignment { id: id.clone() }),
            Focus::Earnings => Spent::Money,
        }
    }

    /// When the screen next changes by itself: hints after a prefix, the end of a message, a countdown, an age.
    pub fn wake_at(&self, now: Time) -> Option<Time> {
        let hints = self.pending_since.map(|since| since + TimeDelta::milliseconds(whichkey::DELAY_MS)).filter(|at| *at > now);
        let toasts = self.toasts.iter().map(|toast| toast.until).filter(|at| *at > now).min();
        let rest = self.resting.as_ref().map(|(_, at)| *at).filter(|at| *at > now);
        let peek = self.peeking.as_ref().map(|(_, at)| *at).filter(|at| *at > now);
        let views = self.views_next.filter(|at| self.views_stale && !self.views_asking && *at > now);
        let recount = self.feed.recount_at.filter(|_| !self.feed.asking);
        let pictures = self.pictures.ways.ends_at();
        let all = [pictures, hints, toasts, rest, peek, views, recount, self.changes_at, self.editor.next_tick(now)];
        all.into_iter().flatten().min()
    }

    /// Titles of what is on its way to a platform.
    pub fn sending(&self) -> Vec<Text> {
        let on_its_way = |item: &&AssignmentView| self.outbox.contains(&item.assignment.id);
        self.hand.items.iter().filter(on_its_way).map(|item| item.assignment.job.title.clone()).collect()
    }

    /// The assignment being worked on.
    pub fn selected(&self) -> Option<&AssignmentView> {
        let id = self.editor.selected()?;
        self.hand.items.iter().find(|item| item.assignment.id == *id)
    }

    /// Says something; the latest is shown.
    pub fn say(&mut self, toast: Toast) {
        const KEPT: usize = 100;
        // The same again (a save that fails every two seconds) is not news.
        if let Some(last) = self.toasts.back_mut().filter(|last| last.text == toast.text) {
            *last = toast;
            return;
        }
        if self.toasts.len() == KEPT {
            self.toasts.pop_front();
        }
        self.toasts.push_back(toast);
    }

    /// Puts the messages away; they stay in the list.
    pub fn hush(&mut self, now: Time) {
        for toast in &mut self.toasts {
            toast.until = toast.until.min(now);
        }
    }

    /// The message to show at `now`, and how many more are as recent.
    pub fn toast(&self, now: Time) -> Option<(&Toast, usize)> {
        let live = self.toasts.iter().filter(|toast| toast.until > now).count();
        // The latest; but bad news is not hidden by good news that came after it.
        let shown = self.toasts.iter().enumerate().filter(|(_, toast)| toast.until > now);
        let (_, latest) = shown.max_by_key(|(at, toast)| (toast.tone == Tone::Bad, *at))?;
        Some((latest, live - 1))
    }
}
