//! Facts of a picture, in words.

use super::{PictureFacts, percent, ratio, weight};
use crate::domain::draft::FileFacts;

/// Facts of a picture line by line: size, colours, alpha, border, resolution, detail, what is written beside, marks of AI.
pub fn facts_in_words(facts: &FileFacts) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(width), Some(height)) = (facts.width, facts.height) {
        let megapixels = u64::from(width) * u64::from(height) / 100_000;
        lines.push(format!(
            "{width} × {height} pixels ({}, {}.{} megapixels)",
            ratio(width, height),
            megapixels / 10,
            megapixels % 10
        ));
    }
    let Some(picture) = facts.picture.as_deref() else { return lines };
    if !picture.trouble.is_empty() {
        lines.push(picture.trouble.as_str().to_owned());
        return lines;
    }
    lines.extend(alpha(facts, picture));
    if let Some(m) = picture.margins.filter(|_| facts.transparent == Some(true)) {
        lines.push(format!("border: {} left, {} above, {} right, {} below", m.left, m.top, m.right, m.bottom));
    }
    lines.push(match picture.dpi() {
        Some((x, y)) if x == y => format!("{x} pixels an inch"),
        Some((x, y)) => format!("{x} pixels an inch across, {y} down"),
        None => "pixels an inch: not told".to_owned(),
    });
    let bits = if picture.bits > 0 { format!(", {} bits", picture.bits) } else { String::new() };
    let profile = match picture.srgb {
        None => "no profile told".to_owned(),
        Some(_) => format!("profile {}", picture.profile),
    };
    lines.push(format!("{}{bits}, {profile}", picture.ink.word()));
    if picture.frames > 1 {
        lines.push(format!("it moves: {} pictures", picture.frames));
    }
    if picture.turned > 0 {
        lines.push("stored turned: EXIF says which side is up".to_owned());
    }
    match picture.enlarged {
        Some(1) => lines.push("detail: as fine as its pixels".to_owned()),
        Some(times) => lines.push(format!("detail: as of a picture about {times} times smaller")),
        None => {}
    }
    for mark in &picture.ai {
        lines.push(format!("declares AI: {mark}"));
    }
    for note in &picture.notes {
        let prompt = if note.prompt { " (a prompt)" } else { "" };
        let says = if note.says.is_empty() { String::new() } else { format!(": {}", note.says) };
        lines.push(format!("{}{prompt}, {}{says}", note.place, weight(note.bytes)));
    }
    lines
}

fn alpha(facts: &FileFacts, picture: &PictureFacts) -> Option<String> {
    Some(match (facts.transparent?, facts.opaque?) {
        (false, _) if picture.alpha_channel => "solid: its alpha channel is not used".to_owned(),
        (false, _) => "solid: no alpha".to_owned(),
        (true, false) => "empty: no pixel is solid".to_owned(),
        (true, true) => {
            let (clear, soft) = (picture.clear.unwrap_or_default(), picture.soft.unwrap_or_default());
            format!("cut out: {} see-through, {} soft edges", percent(clear), percent(soft))
        }
    })
}
