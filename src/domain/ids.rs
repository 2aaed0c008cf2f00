//! Names of things. All are printable by construction: they are scrubbed and capped when made.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::text::{Cap, Text};

const ID_CAP: Cap = Cap { graphemes: 200, bytes: 800 };

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Scrubs and caps `raw`, so that it may be drawn, logged and used as a file-free key.
            pub fn new(raw: &str) -> Self {
                Self(Text::line(raw, ID_CAP).into_shared())
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl From<&str> for $name {
            fn from(raw: &str) -> Self {
                Self::new(raw)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Ok(Self::new(&String::deserialize(d)?))
            }
        }
    };
}

name_type!(
    /// One configured account on a platform (`[[source]] name = "…"`).
    SourceName
);
name_type!(
    /// `source:native_id`, stable for as long as the platform lists the job.
    JobKey
);
name_type!(
    /// `source:platform's assignment id`.
    AssignmentId
);
name_type!(
    /// Local id of one submission; also its idempotency key at the platform.
    SubmissionId
);

/// Names that a source gave: its own name, a colon, the platform's own id. The parts of a clean name are clean, so they are not
/// scrubbed again: they are asked for every row.
macro_rules! sourced {
    ($name:ident, $what:literal) => {
        impl $name {
            #[doc = concat!("The name of the ", $what, " that `source` calls `native`.")]
            pub fn of(source: &SourceName, native: &str) -> Self {
                let source = source.as_str();
                let mut whole = String::with_capacity(source.len() + 1 + native.len());
                whole.push_str(source);
                whole.push(':');
                whole.push_str(native);
                Self::new(&whole)
            }

            fn parts(&self) -> (&str, &str) {
                self.0.split_once(':').unwrap_or((&self.0, &self.0))
            }

            /// The configured source part.
            pub fn source(&self) -> SourceName {
                SourceName(self.parts().0.into())
            }

            /// Whether it is one of `source`'s.
            pub fn is_of(&self, source: &SourceName) -> bool {
                self.parts().0 == source.as_str()
            }

            /// The platform's own id.
            pub fn native(&self) -> &str {
                self.parts().1
            }
        }
    };
}

sourced!(JobKey, "job");
sourced!(AssignmentId, "assignment");

impl JobKey {
    /// A key that was one before: it is clean, and hundreds are made for a window.
    pub(crate) fn again(clean: &str) -> JobKey {
        JobKey(clean.into())
    }
}
