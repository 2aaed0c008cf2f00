//! Synthetic jobs.
