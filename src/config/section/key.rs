//! Where a key comes from: the four settings that every section with a key has.

use std::path::Path;

use super::Section;
use crate::config::resolve::expand;
use crate::config::{KeyFrom, guard};

/// As written.
pub(in crate::config) struct Raw {
    pub cmd: Option<Vec<String>>,
    pub file: Option<String>,
    pub credential: Option<String>,
    pub env: Option<String>,
}

/// Reads them; `under` is what stands before their names in the section (`webhook.`), `example` the name of a variable.
pub(in crate::config) fn take(
    raw: Raw,
    section: &mut Section,
    under: &str,
    example: &str,
    base: &Path,
    home: Option<&Path>,
) -> KeyFrom {
    let given = [raw.cmd.is_some(), raw.file.is_some(), raw.credential.is_some(), raw.env.is_some()];
    if given.iter().filter(|given| **given).count() > 1 {
        let hint = "keep one of key_cmd, key_file, key_credential and key_env";
        section.wrong(under.trim_end_matches('.'), "the key has more than one origin", hint);
    }
    if raw.env.as_deref().is_some_and(|name| !guard::is_variable(name)) {
        let hint = format!("write the name, like \"{example}\", never the key");
        section.wrong(&format!("{under}key_env"), "this cannot be the name of a variable", hint);
    }
    if raw.cmd.as_ref().is_some_and(|argv| argv.first().is_none_or(String::is_empty)) {
        let hint = "write it like [\"pass\", \"show\", \"juggler/NAME\"]";
        section.wrong(&format!("{under}key_cmd"), "no program is named", hint);
    }
    match (raw.cmd, raw.file, raw.credential, raw.env) {
        (Some(argv), ..) => KeyFrom::Command(argv),
        (_, Some(file), ..) => KeyFrom::File(expand(&file, base, home)),
        (.., Some(name), _) => KeyFrom::Credential(name),
        (.., Some(name)) => KeyFrom::Env(name),
        _ => KeyFrom::None,
    }
}
