//! Demands on a picture, judged by the facts of its file.

use super::{Finding, fail, pass};
use crate::domain::Text;
use crate::domain::draft::FileItem;

/// The picture asked for.
pub struct Wanted<'a> {
    /// Pixels across; 0 for any.
    pub width: u32,
    /// Pixels down; 0 for any.
    pub height: u32,
    /// Media type; empty for any.
    pub mime: &'a Text,
    /// Most bytes; 0 for any.
    pub max_bytes: u64,
    /// With transparent and with solid pixels.
    pub alpha: bool,
}

/// Exactly one picture as wanted.
pub fn judge(files: &[FileItem], wanted: &Wanted<'_>) -> Finding {
    let label = label(wanted);
    match files {
        [] => fail(label, "no picture yet; attach one".into(), None),
        [file] => match fault(file, wanted) {
            None => pass(label),
            Some(fault) => fail(label, format!("{}: {fault}", file.name), None),
        },
        _ => fail(label, format!("{} files; keep one", files.len()), None),
    }
}

fn label(wanted: &Wanted<'_>) -> String {
    let mut label = format!("one {} picture", kind(wanted.mime));
    if wanted.width > 0 && wanted.height > 0 {
        label.push_str(&format!(" of {} × {} pixels", wanted.width, wanted.height));
    }
    if wanted.max_bytes > 0 {
        label.push_str(&format!(", at most {}", weight(wanted.max_bytes)));
    }
    if wanted.alpha {
        label.push_str(", with a transparent background");
    }
    label
}

fn fault(file: &FileItem, wanted: &Wanted<'_>) -> Option<String> {
    let facts = &file.facts;
    if !wanted.mime.is_empty() && facts.mime != *wanted.mime {
        let is = if facts.mime.is_empty() { "of no known type".to_owned() } else { format!("{} by its content", facts.mime) };
        return Some(format!("it is {is}; save it as {}", kind(wanted.mime)));
    }
    let (Some(width), Some(height)) = (facts.width, facts.height) else {
        return Some("its size in pixels could not be read; save it again as PNG".into());
    };
    if wanted.width > 0 && width != wanted.width || wanted.height > 0 && height != wanted.height {
        return Some(format!("it is {width} × {height}; make it {} × {}", wanted.width, wanted.height));
    }
    if wanted.max_bytes > 0 && file.size > wanted.max_bytes {
        return Some(format!("it weighs {}; bring it under {}", weight(file.size), weight(wanted.max_bytes)));
    }
    if wanted.alpha && facts.transparent != Some(true) {
        return Some("no pixel is transparent; cut out the background".into());
    }
    if wanted.alpha && facts.opaque != Some(true) {
        return Some("no pixel is solid; the picture is empty or see-through".into());
    }
    None
}

fn kind(mime: &Text) -> String {
    match mime.as_str().rsplit('/').next() {
        None | Some("") => "whole".to_owned(),
        Some("svg+xml") => "SVG".to_owned(),
        Some(kind) => kind.to_uppercase(),
    }
}

/// "25 MB", "480 kB": decimal, rounded up, so that nothing over the limit reads as the limit.
fn weight(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000).replace(".0 MB", " MB"),
    }
}
