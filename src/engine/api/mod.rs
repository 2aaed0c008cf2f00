//! What front ends say to the engine, and what it says back. All serde: the same types cross the socket as JSON Lines.

mod art;
mod assignment;
mod assist;
mod attachment;
mod block;
mod content;
mod earnings;
mod event;
mod peek;
mod reply;
mod request;
mod row;
mod rows;
mod rule;
mod sighting;
mod source;
mod store;
mod terms;
mod triage;
mod view;

pub use art::{ArtPrompt, PainterView, Painting, Stage, Studio, WorkView};
pub use assignment::{AssignmentView, HandView, Scaffolded};
pub use assist::{ActionView, Asking, AssistDesk, AssistantView, CallView, Said, TemplateView};
pub use attachment::AttachmentView;
pub use block::BlockView;
pub use content::Content;
pub use earnings::Earnings;
pub use event::{Event, What};
pub use peek::{FitLine, Peek};
pub use reply::Reply;
pub use request::{Decision, Request};
pub use row::JobRow;
pub use rows::Rows;
pub use rule::{RuleView, Trial, TrialMatch};
pub use sighting::{Seen, Sighting};
pub use source::{SourceHealth, SourceState};
pub use store::StoreView;
pub use terms::Terms;
pub use triage::TriageDone;
pub use view::{Known, ViewCount};

/// Version of these types on the socket; both ends must agree.
pub const VERSION: u32 = 7;
