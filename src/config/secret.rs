//! A key that does not show itself.

use std::fmt;

use zeroize::Zeroizing;

/// A secret; `Debug` says nothing of it, and it cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret in.
    pub fn new(value: String) -> Secret {
        Secret(Zeroizing::new(value))
    }

    /// Shows it; for header values only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
