//! Pictures as files: what is known of them ([`look`]), the edits that need no model
//! ([`edit()`]), and a small view of them ([`view()`]).
//!
//! A picture comes from a stranger, a server or a person's own disk, and decoders of pictures take memory, time and sometimes their
//! process with them. So pixels are looked at by a process of its own (see [`apart`]), under the same limits as the readers of
//! documents; a PNG row by row, so that the largest takes a few megabytes. Headers alone refuse what is larger than anybody prints.

pub mod apart;
mod carry;
mod colors;
mod edit;
mod formats;
mod measure;
mod notes;
mod pixels;
mod png;
mod view;
mod write;

pub use edit::{Edited, edit};
pub use view::view;

use crate::domain::Text;
use crate::domain::draft::FileFacts;
use crate::domain::picture::{Kind, MAX_SIDE, PictureFacts};

/// Most pixels of a picture that has to be in memory as a whole: 80 million are 320 MB.
pub(super) const MAX_WHOLE: u64 = 80_000_000;

/// The kinds whose pixels are looked at.
pub fn is_known(mime: &str) -> bool {
    matches!(mime, "image/png" | "image/jpeg" | "image/webp" | "image/gif")
}

/// What is known of the picture in these bytes, of this media type by content. Decodes it: takes up to a second for the largest.
/// What cannot be decoded has no size, or (where its header can be believed) a sentence of trouble.
pub fn look(bytes: &[u8], mime: &str) -> FileFacts {
    let mut facts = FileFacts { mime: Text::title(mime), ..FileFacts::default() };
    let mut picture = PictureFacts::default();
    let size = match mime {
        "image/png" => png::size(bytes),
        "image/jpeg" => formats::jpeg_size(bytes),
        "image/gif" => formats::gif_size(bytes),
        "image/webp" => formats::webp_size(bytes),
        _ => return facts,
    };
    let Some((width, height)) = size.filter(|(w, h)| *w > 0 && *h > 0) else {
        picture.trouble = Text::title("its header is damaged");
        facts.picture = Some(Box::new(picture));
        return facts;
    };
    (facts.width, facts.height) = (Some(width), Some(height));
    let pixels = u64::from(width) * u64::from(height);
    let whole = mime != "image/png";
    if width.max(height) > MAX_SIDE || whole && pixels > MAX_WHOLE {
        picture.trouble = Text::title(&format!("{width} × {height} pixels are more than are looked at here ({MAX_SIDE} a side)"));
        facts.picture = Some(Box::new(picture));
        return facts;
    }
    let looked = match mime {
        "image/png" => png::look(bytes, &mut facts, &mut picture),
        "image/jpeg" => formats::jpeg(bytes, &mut facts, &mut picture),
        "image/gif" => formats::gif(bytes, &mut facts, &mut picture),
        _ => formats::webp(bytes, &mut facts, &mut picture),
    };
    if let Err(why) = looked {
        picture.trouble = Text::title(&why);
        if mime == "image/png" {
            // The header lies or the data is cut: not a picture anybody could print.
            (facts.width, facts.height) = (None, None);
        }
    }
    facts.picture = Some(Box::new(picture));
    facts
}

/// A file's name with the ending of another kind, where it had one of pictures.
pub fn named(name: &str, kind: Kind) -> String {
    let known = ["png", "jpg", "jpeg", "webp", "gif"];
    match name.rsplit_once('.') {
        Some((stem, ending)) if known.contains(&ending.to_ascii_lowercase().as_str()) => {
            let same = kind == Kind::Jpeg && ending.eq_ignore_ascii_case("jpeg") || ending.eq_ignore_ascii_case(kind.ending());
            if same { name.to_owned() } else { format!("{stem}.{}", kind.ending()) }
        }
        _ => format!("{name}.{}", kind.ending()),
    }
}

/// A decoder's complaint as a sentence of ours.
fn broken(why: &dyn std::fmt::Display) -> String {
    format!("it is damaged or cut short ({why})")
}
