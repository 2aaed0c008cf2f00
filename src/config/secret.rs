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

    /// `text` without it: a server may repeat what it was sent.
    pub fn hide_in(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(self.0.as_str(), "…") }
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

/// Proof that a [`Secret`] cannot be serialised or printed: with such an implementation these calls would have two meanings, and
/// would not compile.
const _: fn() = || {
    trait NotSerialize<Meaning> {
        fn proof() {}
    }
    impl<T> NotSerialize<()> for T {}
    impl<T: serde::Serialize> NotSerialize<u8> for T {}
    trait NotDisplay<Meaning> {
        fn proof() {}
    }
    impl<T> NotDisplay<()> for T {}
    impl<T: fmt::Display> NotDisplay<u8> for T {}
    <Secret as NotSerialize<_>>::proof();
    <Secret as NotDisplay<_>>::proof();
};
