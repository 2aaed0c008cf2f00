//! `juggler draft --origins`, `--export-origins` and `--declare`: where a draft came from, for its person and for others.

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

use super::draft::tell;
use super::out::Out;
use super::{ask, words};
use crate::domain::Draft;
use crate::domain::origin::{Account, Shares, Statement};
use crate::engine::Handle;
use crate::engine::api::{Reply, Request};
use crate::error::{Class, Failure, Result};

/// Characters of a stretch that are shown.
const SHOWN: usize = 60;

/// A draft with what its origins add up to.
#[derive(Serialize)]
struct Counted<'a> {
    #[serde(flatten)]
    draft: &'a Draft,
    shares: Shares,
    statement: Statement,
}

/// The draft as one object.
pub fn json(draft: &Draft, out: &mut Out) -> Result<()> {
    out.json(&Counted { draft, shares: draft.shares(), statement: draft.made().statement() })
}

/// Prints each stretch with its origin, the shares, and what can be said of it.
pub fn print(draft: &Draft, out: &mut Out) -> Result<()> {
    let account = Account::of(draft);
    if out.is_json() {
        return out.json(&account);
    }
    for stretch in &account.stretches {
        let text = draft.text.as_str().get(stretch.from..stretch.to).unwrap_or_default();
        out.line(format!("{:9} {}", stretch.origin.word(), opening(text)));
    }
    for file in &account.files {
        out.line(format!("{:9} {}", file.origin.word(), file.name));
    }
    let shares = account.shares.words();
    if !shares.is_empty() {
        out.line(format!(
            "{shares} of {}",
            words::count(usize::try_from(account.shares.total).unwrap_or(usize::MAX), "character")
        ));
    }
    match account.said.is_empty() {
        true => out.note("nothing can be said of how it was made: parts are of unknown origin, or quoted"),
        false => out.line(format!("where a job asks, this is said: {}", account.said)),
    }
    Ok(())
}

/// How a stretch begins and ends, in a line: "Five taglines … for a cup".
fn opening(text: &str) -> String {
    let shown = text.replace('\n', " ⏎ ");
    let graphemes: Vec<&str> = shown.graphemes(true).collect();
    if graphemes.len() <= SHOWN {
        return shown;
    }
    let (head, tail) = (SHOWN * 2 / 3, SHOWN / 3);
    format!("{} … {}", graphemes[..head].concat(), graphemes[graphemes.len() - tail..].concat())
}

/// Writes the account into a file.
pub fn export(draft: &Draft, to: &str, out: &mut Out) -> Result<()> {
    let account = Account::of(draft);
    if to == "-" {
        return out.json(&account);
    }
    let failed = |why: String| Failure::new(Class::Usage, format!("{to} cannot be written")).why(why);
    let mut json = serde_json::to_string_pretty(&account).map_err(|error| failed(error.to_string()))?;
    json.push('\n');
    std::fs::write(to, json).map_err(|error| failed(error.to_string()))?;
    if out.is_json() {
        return out.json(&serde_json::json!({ "exported": to, "assignment": draft.assignment, "version": draft.version }));
    }
    out.line(format!("the origins of version {} of {} are in {to}", draft.version, draft.assignment));
    Ok(())
}

/// Says that the unknown parts are the person's own words.
pub async fn declare(draft: &Draft, yes: bool, handle: &Handle, out: &mut Out) -> Result<()> {
    let id = &draft.assignment;
    let Some((origins, files)) = draft.declared() else {
        out.note("nothing in it was pasted or came from outside: there is nothing to declare");
        return tell(draft, out);
    };
    if !yes {
        return Err(Failure::new(Class::Confirm, format!("of {id}, {} came from outside", draft.made().unknown()))
            .why("declaring says, as your own statement, that you made those parts yourself and without AI")
            .hint(format!("juggler draft {id} --declare --yes; juggler draft {id} --origins shows the parts")));
    }
    let request = Request::SaveDraft {
        assignment: id.clone(),
        text: draft.text.clone(),
        files,
        cause: draft.cause,
        origins: Some(origins),
    };
    let saved = ask!(handle, request, Reply::Saved { draft, .. } => draft);
    tell(&saved, out)
}
