//! What can honestly be said of how a draft was made, in plain words.

use serde::{Deserialize, Serialize};

use super::Shares;

/// The kinds of statement. They are the person's own: shown before they are sent, and never about what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Everything is typed or declared: no AI.
    Unaided,
    /// The scaffold laid it out, which is no model; the rest is typed or declared.
    Template,
    /// An assistant helped: less than half of it is as an AI made it.
    Assisted,
    /// An assistant made it: half of its text or of its files, or more, is as an AI made it.
    Generated,
    /// Parts came from where nobody knows, or were quoted: nothing is said.
    Open,
}

impl Statement {
    /// What it says of a text; nothing for [`Statement::Open`].
    pub(super) fn words(self, shares: &Shares) -> String {
        let percent = shares.percent(shares.ai);
        match self {
            Statement::Unaided if shares.total == 0 => "I made this myself, without AI.".to_owned(),
            Statement::Unaided => "I wrote this myself, without AI.".to_owned(),
            Statement::Template if shares.scaffold == shares.total => {
                "Laid out with a rule-based template (no language model).".to_owned()
            }
            Statement::Template => "Laid out with a rule-based template (no language model), then finished by hand.".to_owned(),
            Statement::Assisted if shares.ai > 0 => {
                format!("Written with the help of AI: about {percent} % of the text is as the AI wrote it.")
            }
            Statement::Assisted => "Written with the help of AI.".to_owned(),
            Statement::Generated if shares.ai == shares.total => "Generated with AI; the text is as the AI wrote it.".to_owned(),
            Statement::Generated => {
                format!("Generated with AI, then edited: about {percent} % of the text is as the AI wrote it.")
            }
            Statement::Open => String::new(),
        }
    }
}
