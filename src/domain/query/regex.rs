//! Regexes as queries take them: without regard to case, small, and with a place for every mistake.

use regex::{Regex, RegexBuilder};

/// Most bytes a compiled regex may take; a pattern that needs more is refused.
const SIZE: usize = 1 << 20;
/// Deepest nesting of groups.
const NEST: u32 = 40;

/// Compiles what stands between the slashes (an escaped slash already taken out).
///
/// # Errors
/// The byte at fault and a sentence.
pub(super) fn compile(pattern: &str) -> Result<Regex, (usize, String)> {
    if let Err(e) = regex_syntax::ParserBuilder::new().case_insensitive(true).nest_limit(NEST).build().parse(pattern) {
        let (at, what) = match &e {
            regex_syntax::Error::Parse(e) => (e.span().start.offset, e.kind().to_string()),
            regex_syntax::Error::Translate(e) => (e.span().start.offset, e.kind().to_string()),
            _ => (0, "it is not a regex".to_owned()),
        };
        return Err((at.min(pattern.len()), format!("the regex is not valid here: {what}")));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .nest_limit(NEST)
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .build()
        .map_err(|_| (0, "the regex is too large when it is unfolded".to_owned()))
}
