//! `$VISUAL` or `$EDITOR` on a draft, in a file that stays until the draft is saved.

use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::out::Out;
use crate::config::children::without_keys;
use crate::domain::Text;
use crate::error::{Class, Failure, Result};

/// What came back from the editor.
pub struct Edited {
    /// The text.
    pub text: Text,
    file: PathBuf,
}

impl Edited {
    /// The text, and the file that it is in until it is saved.
    pub fn into_parts(self) -> (Text, PathBuf) {
        (self.text, self.file)
    }

    /// Removes the file once the text is saved; else says where it is.
    pub fn settle(self, saved: bool, out: &Out) {
        if !saved {
            out.note(format!("what you wrote is still in {}", self.file.display()));
        } else if let Err(error) = std::fs::remove_file(&self.file) {
            out.note(format!("{} could not be removed: {error}", self.file.display()));
        }
    }
}

/// Opens `before` in the editor; `None` when it came back unchanged.
pub fn edit(before: &str, data: &Path) -> Result<Option<Edited>> {
    let failed = |what: String, error: std::io::Error| Failure::new(Class::Store, what).why(error);
    let dir = data.join("editing");
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&dir)
        .map_err(|error| failed(format!("{} cannot be made", dir.display()), error))?;
    let file = tempfile::Builder::new()
        .prefix("draft-")
        .suffix(".md")
        .tempfile_in(&dir)
        .and_then(|mut file| file.write_all(before.as_bytes()).map(|()| file))
        .map_err(|error| failed(format!("no file can be made in {}", dir.display()), error))?;
    // From here on the text is the person's: it goes only once it is saved.
    let (_, path) = file.keep().map_err(|error| failed("the file for the editor cannot be kept".to_owned(), error.error))?;
    let argv = argv();
    let ended = without_keys(Command::new(&argv[0]).args(&argv[1..]).arg(&path)).status();
    let shown = argv.join(" ");
    let trouble = match ended {
        Ok(status) if status.success() => None,
        Ok(status) => Some(format!("it ended with {status}")),
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = trouble {
        return Err(Failure::new(Class::Usage, format!("the editor \"{shown}\" failed"))
            .why(why)
            .hint(format!("set EDITOR to a program that can be run; what was written is in {}", path.display())));
    }
    let bytes = std::fs::read(&path).map_err(|error| failed(format!("{} cannot be read", path.display()), error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(Class::Usage, "what the editor wrote is not UTF-8")
            .hint(format!("it is in {}; save it as UTF-8 and use --set", path.display()))
    })?;
    // Editors end the last line; that alone is no change.
    if text.trim_end_matches('\n') == before.trim_end_matches('\n') {
        // It holds nothing that is not saved.
        let _ = std::fs::remove_file(&path);
        return Ok(None);
    }
    Ok(Some(Edited { text: Text::own(&text), file: path }))
}

/// The editor with its own arguments, split at spaces: no shell is asked.
fn argv() -> Vec<String> {
    let named = ["VISUAL", "EDITOR"].iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.trim().is_empty());
    let written = named.unwrap_or_else(|| "vi".to_owned());
    shell_words::split(&written).unwrap_or_else(|_| written.split_whitespace().map(str::to_owned).collect())
}
