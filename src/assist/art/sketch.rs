//! What a painter is handed: an order, and where the picture that it works on is kept.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::domain::ai::Pass;
use crate::domain::art::Order;
use crate::domain::{Job, Text};
use crate::error::{Class, Failure, Result};

/// An order that may be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    order: Order,
    original: Option<PathBuf>,
    native: Text,
}

impl Sketch {
    /// An order with the gate's leave; `native` is the name that the provider shall know it by, which the journal has already.
    ///
    /// # Errors
    /// The leave is for another job, or for something else.
    pub fn new(pass: &Pass, job: &Job, order: Order, original: Option<PathBuf>, native: Text) -> Result<Sketch> {
        if pass.job() != &job.key || pass.action() != order.operation.action() {
            return Err(Failure::new(Class::Internal, "the leave to paint is for something else"));
        }
        Ok(Sketch { order, original, native })
    }

    /// The order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The name that the provider shall know it by.
    pub fn native(&self) -> &str {
        self.native.as_str()
    }

    /// The picture that it works on, if it is still the one that was meant.
    pub(super) async fn original(&self) -> Result<Vec<u8>> {
        let gone = |why: &str| {
            Failure::new(Class::Refused, "the picture to work on cannot be used")
                .why(why)
                .hint("name another one, or order it anew")
        };
        let (Some(path), Some(original)) = (&self.original, &self.order.original) else {
            return Err(gone("none is named"));
        };
        let bytes = tokio::fs::read(path).await.map_err(|error| gone(&error.to_string()))?;
        let found = Text::title(&format!("{:x}", Sha256::digest(&bytes)));
        if found == original.sha256 { Ok(bytes) } else { Err(gone("its file is not what it was")) }
    }
}
