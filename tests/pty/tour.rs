//! The whole tour, by hand.
