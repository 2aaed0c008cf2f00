//! What can honestly be said of how a draft was made, in plain words.

use serde::{Deserialize, Serialize};

use super::Shares;
use crate::domain::Text;

/// The kinds of statement. They are the person's own: shown before they are sent, and never about what is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Every stretch is typed or declared: no AI.
    Unaided,
    /// The scaffold laid it out, which is no model; the rest is typed or declared.
    Template,
    /// An assistant helped: less than half of it is as an AI wrote it.
    Assisted,
    /// An assistant wrote it, and it was edited: half of it or more is as an AI wrote it.
    Generated,
    /// Parts came from where nobody knows, or were quoted: nothing is said.
    Open,
}

impl Statement {
    /// The one that fits. `assisted`: an assistant's words stood in it at some time. Line ends are nobody's.
    pub fn of(shares: &Shares, assisted: bool) -> Statement {
        let own = shares.typed + shares.declared;
        match shares {
            _ if shares.ai > 0 && shares.ai * 2 >= shares.total => Statement::Generated,
            _ if shares.ai > 0 || assisted => Statement::Assisted,
            _ if own == shares.total => Statement::Unaided,
            _ if own + shares.scaffold == shares.total => Statement::Template,
            _ => Statement::Open,
        }
    }

    /// What is said; nothing for [`Statement::Open`].
    pub fn words(self, shares: &Shares) -> Text {
        let percent = shares.percent(shares.ai);
        Text::title(&match self {
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
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(shares: Shares, assisted: bool) -> (Statement, String) {
        let statement = Statement::of(&shares, assisted);
        (statement, statement.words(&shares).as_str().to_owned())
    }

    #[test]
    fn each_says_what_is_known_and_no_more() {
        let of = |typed, ai, pasted| Shares { total: typed + ai + pasted, typed, ai, pasted, ..Shares::default() };
        assert_eq!(said(of(10, 0, 0), false), (Statement::Unaided, "I wrote this myself, without AI.".to_owned()));
        assert_eq!(said(of(9, 0, 1), false), (Statement::Open, String::new()));
        let (kind, words) = said(of(80, 20, 0), true);
        assert!(kind == Statement::Assisted && words.contains("about 20 %"), "{words}");
        let (kind, words) = said(of(20, 80, 0), true);
        assert!(kind == Statement::Generated && words.contains("then edited") && words.contains("about 80 %"), "{words}");
        let (kind, words) = said(of(0, 80, 0), true);
        assert!(kind == Statement::Generated && !words.contains("edited"), "{words}");
        assert_eq!(said(of(10, 0, 0), true).0, Statement::Assisted, "what was edited away helped all the same");
        let laid = Shares { total: 10, typed: 5, scaffold: 5, ..Shares::default() };
        assert_eq!(said(laid, false).0, Statement::Template);
        assert_eq!(said(Shares { total: 11, pasted: 1, ..laid }, false).0, Statement::Open);
    }
}
