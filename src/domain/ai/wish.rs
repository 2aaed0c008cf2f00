//! What a person wants of an assistant.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Action;
use crate::domain::Text;

/// One wish. It holds the person's own words and a place in their draft; what of the job goes along is not theirs to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// What to do.
    pub action: Action,
    /// Which assistants, by name; empty: the one that is meant when none is named. Several only for alternatives.
    #[serde(default)]
    pub assistants: Vec<Text>,
    /// The template; `None`: the first that fits the job.
    #[serde(default)]
    pub template: Option<Text>,
    /// The draft as it is on the screen; `None`: as it was saved.
    #[serde(default)]
    pub text: Option<Text>,
    /// The bytes of it that it is about; `None`: all.
    #[serde(default)]
    pub selection: Option<(usize, usize)>,
    /// What the person says to it.
    #[serde(default)]
    pub instruction: Text,
    /// Values for the template's inputs.
    #[serde(default)]
    pub inputs: BTreeMap<Text, Text>,
    /// How many alternatives.
    #[serde(default)]
    pub count: Option<u8>,
}

impl Wish {
    /// Nothing but an action.
    pub fn of(action: Action) -> Wish {
        let (assistants, inputs) = (Vec::new(), BTreeMap::new());
        Wish {
            action,
            assistants,
            template: None,
            text: None,
            selection: None,
            instruction: Text::default(),
            inputs,
            count: None,
        }
    }
}
