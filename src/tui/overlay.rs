//! What lies over the panes: questions, lists, lines being typed.

use chrono::TimeDelta;

use super::feed_model::Before;
use super::grading::Grading;
use super::keymap::Stack;
use super::picture::Sheet;
use super::preview::Preview;
use super::query_line::QueryLine;
use super::widget::confirm::Confirm;
use super::widget::field::Field;
use crate::domain::ai::Action;
use crate::domain::{AssignmentId, JobKey, Text, Time, View};
use crate::engine::api::{AssistDesk, BlockView, JobRow, Peek, RuleView, Sighting};
use crate::error::Failure;

/// What lies over the panes.
#[derive(Debug)]
pub enum Overlay {
    /// A question.
    Confirm(Confirm),
    /// Every command and its keys.
    Help {
        /// The search.
        field: Field,
        /// Lines scrolled.
        scroll: usize,
        /// Where the keys went when it was opened: shown first.
        from: Stack,
    },
    /// Commands by name.
    Palette {
        /// What was typed.
        field: Field,
        /// The highlighted one.
        at: usize,
        /// Where the keys went when it was opened.
        from: Stack,
    },
    /// A line is asked for.
    Prompt {
        /// What for.
        what: Prompt,
        /// What was typed.
        field: Field,
        /// What helps to type it.
        line: QueryLine,
    },
    /// The reasons for a job's figures.
    Why {
        /// Which job.
        row: Box<JobRow>,
        /// What is known, once it came.
        peek: Option<Box<Peek>>,
        /// Why it did not.
        failure: Option<Failure>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// What came and went.
    Sightings {
        /// The latest first, once they came.
        list: Option<Vec<Sighting>>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// The rules.
    Rules {
        /// Once they came.
        list: Option<Vec<RuleView>>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// The blocks.
    Blocks {
        /// Once they came.
        list: Option<Vec<BlockView>>,
        /// The highlighted one.
        at: usize,
    },
    /// What waits for others, read only.
    Waiting {
        /// Which one is highlighted.
        at: usize,
        /// Lines of it scrolled.
        scroll: usize,
    },
    /// What may be asked of assistants.
    Assist {
        /// Whose draft.
        assignment: AssignmentId,
        /// Once it came.
        desk: Option<Box<AssistDesk>>,
        /// Lines scrolled.
        scroll: usize,
    },
    /// What an assistant says.
    Preview(Box<Preview>),
    /// Pictures side by side, or one of them large.
    Pictures(Box<Sheet>),
    /// Pairs being judged.
    Grading(Box<Grading>),
    /// What a command of the person's own said.
    Output {
        /// Its name.
        title: String,
        /// What it said.
        text: Text,
        /// Lines scrolled.
        scroll: usize,
    },
    /// The self-test of the pace of reading aloud.
    Pace {
        /// When the reading began.
        since: Option<Time>,
        /// Words a minute so far.
        pace: u32,
    },
    /// The latest messages.
    Messages {
        /// Lines scrolled.
        scroll: usize,
    },
}

/// How long a block stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Until it is lifted.
    #[default]
    Never,
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// Thirty days.
    Month,
}

impl Expiry {
    /// The next longer one, and from the longest back to for good.
    pub fn next(self) -> Expiry {
        match self {
            Expiry::Never => Expiry::Day,
            Expiry::Day => Expiry::Week,
            Expiry::Week => Expiry::Month,
            Expiry::Month => Expiry::Never,
        }
    }

    /// In words.
    pub fn word(self) -> &'static str {
        match self {
            Expiry::Never => "for good",
            Expiry::Day => "for a day",
            Expiry::Week => "for a week",
            Expiry::Month => "for 30 days",
        }
    }

    /// When it ends.
    pub fn until(self, now: Time) -> Option<Time> {
        let days = match self {
            Expiry::Never => return None,
            Expiry::Day => 1,
            Expiry::Week => 7,
            Expiry::Month => 30,
        };
        Some(now + TimeDelta::days(days))
    }
}

/// What a line is asked for.
#[derive(Debug)]
pub enum Prompt {
    /// A query to filter by; the feed before is kept for Esc.
    Filter {
        /// As it was.
        before: Box<Before>,
    },
    /// Until when these jobs sleep.
    Snooze {
        /// Which, settled when the question was asked.
        keys: Vec<JobKey>,
    },
    /// A query of jobs to hide.
    Block {
        /// For how long.
        expiry: Expiry,
        /// What it came from.
        from: Text,
        /// Jobs it would hide, and of which text that is true.
        hides: Option<(Text, usize)>,
    },
    /// A name for a view.
    ViewName {
        /// What it shows.
        view: View,
    },
    /// The query of a named view.
    ViewEdit {
        /// Which.
        name: Text,
    },
    /// Edits of a picture of this draft.
    Picture(AssignmentId),
    /// The path of a file to add.
    AddFile(AssignmentId),
    /// The word that submits although checks fail.
    Override {
        /// What.
        assignment: AssignmentId,
        /// On these terms.
        digest: String,
        /// The word.
        word: Text,
    },
    /// What to tell an assistant.
    Assist {
        /// What it is to do.
        action: Action,
    },
}
