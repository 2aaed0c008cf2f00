//! Files with secrets in them are for their owner only.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::error::{Class, Failure, Result};

/// Refuses `file`, which holds a secret (`why`), when others may read or write it, with what to type. One that is not there is fine.
///
/// # Errors
/// `Config` when it is loose or belongs to somebody else.
pub fn for_owner_only(file: &Path, why: &str) -> Result<()> {
    let Ok(facts) = std::fs::metadata(file) else { return Ok(()) };
    let shown = file.display();
    let typed = file.to_string_lossy();
    let typed = shell_words::quote(&typed);
    if facts.uid() != rustix::process::geteuid().as_raw() {
        return Err(Failure::new(Class::Config, format!("{shown} belongs to another user"))
            .why(why)
            .hint(format!("sudo chown \"$USER\" {typed} && chmod 600 {typed}")));
    }
    if facts.mode() & 0o077 != 0 {
        return Err(Failure::new(Class::Config, format!("others may read {shown} (mode {:03o})", facts.mode() & 0o777))
            .why(why)
            .hint(format!("chmod 600 {typed}")));
    }
    Ok(())
}

/// What a parser says of a text in the wrong place, without the text: it may be a key.
pub fn without_value(message: &str) -> String {
    match (message.find("string \""), message.rfind("\", expected")) {
        (Some(begin), Some(end)) if begin < end => format!("{}string{}", &message[..begin], &message[end + 1..]),
        _ => message.to_owned(),
    }
}

/// Whether this can be the name of a variable; a key that was put in its place mostly cannot.
pub fn is_variable(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether a header of this name carries a secret.
pub fn is_secret_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["auth", "key", "token", "secret", "cookie", "password"].iter().any(|part| name.contains(part)) && name != "idempotency-key"
}
