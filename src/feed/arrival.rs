//! What an upsert found.

/// What was new about a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Never seen before.
    New,
    /// Was full or gone and can be had again.
    Reopened,
    /// Something of it changed.
    Changed,
    /// The same as before.
    Same,
}
