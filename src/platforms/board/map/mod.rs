//! From a platform's JSON to the words of `domain`, field by field, and sentences for what does not fit.

mod assignment;
mod job;
mod payment;
mod reader;
pub mod slots;

pub use assignment::{Claimed, Delivered, assignment, claimed, receipt};
pub use job::job;
pub use payment::payment;
pub use reader::{Around, Misfit, Reader, shown};
