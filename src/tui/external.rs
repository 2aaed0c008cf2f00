//! The person's own editor on a draft: a private file with the right ending, and the text that came back.

use std::io::Write;
use std::process::Stdio;

use crate::config::children::without_keys;
use crate::error::{Class, Failure, Result};

/// The most that is read back.
const MOST: u64 = 8 << 20;

fn failed(what: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Class::Refused, what).why(why).hint("set $VISUAL or $EDITOR to your editor; your draft is as it was")
}

/// The editor's program and arguments: `$VISUAL`, `$EDITOR`, else `vi`. No shell is involved.
fn program() -> Vec<String> {
    let named = ["VISUAL", "EDITOR"].iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.trim().is_empty());
    let named = named.unwrap_or_else(|| "vi".to_owned());
    shell_words::split(&named).unwrap_or_else(|_| named.split_whitespace().map(str::to_owned).collect())
}

/// Runs the editor on `text` and returns what it left, or `None` when that is the same. The terminal must be free.
pub async fn edit(text: &str, extension: &str) -> Result<Option<String>> {
    let cannot = |error: std::io::Error| failed("the draft could not be handed to your editor", error);
    // Such files are 0600 and have a name nobody can guess.
    let mut file = tempfile::Builder::new().prefix("juggler-").suffix(&format!(".{extension}")).tempfile().map_err(cannot)?;
    file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(cannot)?;
    let argv = program();
    let (name, rest) = argv.split_first().ok_or_else(|| failed("no editor is set", "the variable is empty"))?;
    let mut command = tokio::process::Command::new(name);
    without_keys(command.as_std_mut());
    let status = command
        .args(rest)
        .arg(file.path())
        .stdin(Stdio::inherit())
        .stdout(Stdio::inherit())
        .stderr(Stdio::inherit())
        .status()
        .await
        .map_err(|error| failed(&format!("{name} could not be started"), error))?;
    if !status.success() {
        return Err(failed(&format!("{name} ended with {status}"), "so its text was not taken over"));
    }
    // Read by path: many editors write a new file and move it over the old one.
    let size = std::fs::metadata(file.path()).map_err(cannot)?.len();
    if size > MOST {
        return Err(failed("the text is too long for a draft", "it has more than 8 MB"));
    }
    let bytes = std::fs::read(file.path()).map_err(cannot)?;
    let new = String::from_utf8(bytes).map_err(|error| failed("the file is not text in UTF-8", error))?;
    Ok((new != text).then_some(new))
}
