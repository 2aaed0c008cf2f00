//! The words of the trade and their rules. Pure: no I/O, no clock, no runtime; time is an argument.

pub mod ai;
pub mod assignment;
pub mod block;
pub mod book;
pub mod check;
pub mod deliverable;
pub mod draft;
pub mod hand;
pub mod ids;
pub mod job;
pub mod ledger;
pub mod listing;
pub mod money;
pub mod payment;
pub mod query;
pub mod rate;
pub mod record;
pub mod requester;
pub mod reward;
pub mod submission;
pub mod text;
pub mod triage;
pub mod view;
pub mod work;

pub use ai::{AiPolicy, AiRule, PolicySource};
pub use assignment::{Assignment, AssignmentState, Move};
pub use block::Block;
pub use book::Book;
pub use deliverable::Deliverable;
pub use draft::Draft;
pub use ids::{AssignmentId, JobKey, SourceName, SubmissionId};
pub use job::Job;
pub use listing::{Costs, Listing, Worth};
pub use money::{Asset, Money};
pub use payment::Payment;
pub use query::Query;
pub use record::{Entry, Record};
pub use submission::Submission;
pub use text::Text;
pub use view::{NamedView, View};

/// Every instant in the program: UTC, as an argument, never read from a clock inside this layer.
pub type Time = chrono::DateTime<chrono::Utc>;
