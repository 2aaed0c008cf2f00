//! What assistants may and can do, and what they say.

use serde::{Deserialize, Serialize};

use crate::domain::ai::{Action, Call, Caps, Ended, Place, Ruling, Spending};
use crate::domain::draft::FileItem;
use crate::domain::spend::Spent;
use crate::domain::{AssignmentId, Text};

/// Everything that a menu of assistants shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistDesk {
    pub assignment: AssignmentId,
    /// What the job allows, and who says so.
    pub ruling: Ruling,
    /// The actions, in the order of the menu.
    pub actions: Vec<ActionView>,
    /// The assistants there are; the first is meant when none is named.
    pub assistants: Vec<AssistantView>,
    /// What was spent so far.
    pub spending: Spending,
    /// The most that may be.
    pub caps: Caps,
    /// Calls for this assignment, the latest first.
    pub calls: Vec<CallView>,
    /// What is wrong with the person's own templates.
    pub problems: Vec<Text>,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionView {
    pub action: Action,
    /// Why it cannot be done now; empty when it can.
    pub closed: Text,
    /// Templates that serve, the best first.
    pub templates: Vec<TemplateView>,
}

/// A template with its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateView {
    pub name: Text,
    pub title: Text,
    /// The person's own.
    pub own: bool,
    /// Name, label and default of what can be set.
    pub inputs: Vec<(Text, Text, Text)>,
    /// Calls made with it.
    pub uses: u32,
    /// Deliveries it helped with that were decided.
    pub decided: u32,
    /// Of these, approved.
    pub approved: u32,
    /// Minutes worked on a delivery, on average.
    pub minutes: Option<u32>,
    /// What its calls cost, in words.
    pub cost: Text,
}

/// An assistant that may be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssistantView {
    pub name: Text,
    pub model: Text,
    /// `host:port`.
    pub host: Text,
    /// On this machine: nothing leaves it.
    pub local: bool,
}

impl AssistDesk {
    /// What was spent on the job, in the day and in the month, each with its cap.
    pub fn spent(&self) -> [String; 3] {
        let (sums, caps) = (&self.spending, &self.caps);
        [("on this job", &sums.job, caps.job), ("today", &sums.day, caps.day), ("this month", &sums.month, caps.month)].map(
            |(what, sum, cap)| {
                let so_far = if sum.words().is_empty() { "nothing".to_owned() } else { sum.words() };
                cap.map_or_else(|| format!("{so_far} {what}"), |cap| format!("{so_far} of {cap} {what}"))
            },
        )
    }
}

impl TemplateView {
    /// How it did: `5 uses, 2 of 3 approved, 4 min each, $0.002`; empty for one that was never used.
    pub fn record(&self) -> String {
        let uses = match self.uses {
            0 => return String::new(),
            1 => "1 use".to_owned(),
            n => format!("{n} uses"),
        };
        let approved = (self.decided > 0).then(|| format!("{} of {} approved", self.approved, self.decided));
        let minutes = self.minutes.map(|minutes| format!("{minutes} min each"));
        let cost = (!self.cost.is_empty()).then(|| self.cost.to_string());
        [Some(uses), approved, minutes, cost].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// A call as it is listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallView {
    #[serde(flatten)]
    pub call: Call,
    /// Its words are kept.
    pub kept: bool,
}

/// Assistants were asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asking {
    pub assignment: AssignmentId,
    pub action: Action,
    /// One for each answer that comes; several come in an order that does not tell whose they are.
    pub columns: Vec<Text>,
    /// The draft that they were asked about.
    pub draft: Text,
    /// Where an answer belongs in it.
    pub place: Place,
    /// What went along: `brief`, `source report.txt (cut …)`.
    pub sent: Vec<Text>,
    pub template: Text,
}

/// What an assistant says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    pub column: Text,
    /// The call that the words are of: their origin.
    pub call: Text,
    /// Counts up when the text is not what it was with more behind it.
    pub edition: u32,
    /// Bytes before `text`.
    pub from: usize,
    /// What comes behind them.
    pub text: Text,
    /// Files that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileItem>,
    /// It is over, and how.
    pub ended: Option<Ended>,
    /// More about that, or about what goes on.
    pub note: Text,
    /// What was spent, earlier tries included in nothing but the ledger.
    pub spent: Spent,
}
