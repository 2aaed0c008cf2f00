//! The one HTTP layer: the only user of reqwest, and the place where keys are fetched and shown to servers.
