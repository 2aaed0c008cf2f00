//! The edits that bring a picture to what is asked for, as far as edits without a model can.

use super::edit::{Across, Color, Edit, Kind, Shape};
use super::looks::{Wanted, is_shape};
use super::{Ink, MAX_SIDE};
use crate::domain::Text;
use crate::domain::draft::FileItem;

/// What is to be done, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cures {
    /// The edits; none when the file is as asked, or nothing can be done.
    pub edits: Vec<Edit>,
    /// What a person should know before: it was enlarged, put on a ground.
    pub warnings: Vec<Text>,
    /// What no edit of this kind mends, and what does.
    pub left: Vec<Text>,
}

/// Enlarged by more than this many per cent, a picture shows it.
const ENLARGED: u64 = 110;

/// The cures for one file. Only what keeps the picture's meaning: size, shape, border, profile, resolution, kind and weight; never
/// what must be judged by eye, such as hard edges.
pub fn cures(file: &FileItem, wanted: &Wanted<'_>) -> Cures {
    let mut out = Cures::default();
    let facts = &file.facts;
    let picture = facts.picture.as_deref().cloned().unwrap_or_default();
    let (Some(width), Some(height)) = (facts.width, facts.height) else {
        out.left.push(Text::title("its pixels cannot be read; save it again where it was made"));
        return out;
    };
    if width.max(height) > MAX_SIDE || !picture.trouble.is_empty() {
        out.left.push(Text::title("it cannot be opened here; save it again, smaller, where it was made"));
        return out;
    }
    let to = Kind::of_mime(wanted.mime.as_str());
    if to.is_none() && !wanted.mime.is_empty() && facts.mime != *wanted.mime {
        out.left.push(Text::title(&format!("{} files are not written here", wanted.mime)));
    }
    let kind = to.unwrap_or_else(|| Kind::nearest(facts.mime.as_str()));
    let mut heavy = wanted.max_bytes > 0 && file.size > wanted.max_bytes;
    if wanted.looks.srgb && (picture.ink == Ink::Cmyk || picture.srgb != Some(true)) {
        out.edits.push(Edit::Srgb);
    }
    if kind == Kind::Jpeg && facts.transparent == Some(true) {
        out.edits.push(Edit::Flatten { color: Color::WHITE });
        out.warnings.push(Text::title("JPEG has no alpha: see-through pixels become white"));
    }
    let size = sized(wanted, (width, height));
    if size != (width, height) {
        let shape = if is_shape(size, (width, height)) { Shape::Same } else { Shape::Fit };
        out.edits.push(Edit::Resize { shape, to: Across::Pixels(size.0, size.1) });
        let by = (u64::from(size.0) * 100 / u64::from(width.max(1))).min(u64::from(size.1) * 100 / u64::from(height.max(1)));
        if by > ENLARGED {
            out.warnings.push(Text::title(&format!(
                "it is enlarged to {by} %: look at its edges, pixels that were not there are guessed"
            )));
        }
        if wanted.looks.max_halo.is_some() {
            out.warnings.push(Text::title("scaling makes edges softer: look at them, picture harden makes them hard"));
        }
        heavy |= wanted.max_bytes > 0 && by > ENLARGED;
    }
    let margin = wanted.looks.margin;
    // What was fitted has other margins than before; the edit does nothing where they are wide enough.
    if margin > 0
        && facts.transparent == Some(true)
        && (picture.margins.is_none_or(|m| m.least() < margin) || size != (width, height))
    {
        out.edits.push(Edit::Margin { by: margin });
    } else if margin > 0 && facts.transparent != Some(true) {
        out.left.push(Text::title("a see-through border needs a picture that is cut out"));
    }
    if to.is_some_and(|to| Kind::of_mime(facts.mime.as_str()) != Some(to)) {
        out.edits.push(Edit::Convert { kind, quality: 92 });
    }
    if wanted.looks.dpi > 0 && picture.dpi().is_none_or(|(x, y)| x.min(y) < wanted.looks.dpi) {
        match kind {
            Kind::Webp => out.left.push(Text::title("WebP does not tell pixels an inch here; deliver PNG or JPEG")),
            _ => out.edits.push(Edit::Dpi { dpi: wanted.looks.dpi }),
        }
    }
    if heavy && kind != Kind::Jpeg {
        out.edits.push(Edit::Squeeze);
    } else if heavy {
        out.left.push(Text::title("a lighter JPEG costs quality: picture convert jpeg 80"));
    }
    if wanted.alpha && facts.transparent == Some(false) {
        out.left.push(Text::title("nothing is see-through: the background must be cut out, by hand or by a model"));
    }
    if wanted.alpha && facts.opaque == Some(false) {
        out.left.push(Text::title("nothing in it is solid: it is empty"));
    }
    if wanted.looks.max_halo.is_some_and(|most| picture.soft.is_some_and(|soft| soft > most.saturating_mul(1_000))) {
        out.left.push(Text::title("too many pixels are half there: picture harden makes edges hard; look at it then"));
    }
    out
}

/// The size it should have: as asked, else the smallest that holds it and has the shape, at least as large as asked.
fn sized(wanted: &Wanted<'_>, (width, height): (u32, u32)) -> (u32, u32) {
    let looks = wanted.looks;
    match (wanted.width, wanted.height) {
        (0, 0) => {}
        (0, h) => return shaped(wanted, Across::Pixels(0, h).of(width, height)),
        (w, 0) => return shaped(wanted, Across::Pixels(w, 0).of(width, height)),
        exact => return exact,
    }
    let mut size = (width, height);
    if size.0 < looks.min_width {
        size = Across::Pixels(looks.min_width, 0).of(size.0, size.1);
    }
    if size.1 < looks.min_height {
        size = Across::Pixels(0, looks.min_height).of(size.0, size.1);
    }
    shaped(wanted, size)
}

fn shaped(wanted: &Wanted<'_>, (width, height): (u32, u32)) -> (u32, u32) {
    let Some((a, b)) = wanted.looks.aspect.filter(|(a, b)| *a > 0 && *b > 0) else { return (width, height) };
    if is_shape((width, height), (a, b)) || wanted.width > 0 || wanted.height > 0 {
        return (width, height);
    }
    let up =
        |n: u32, by: u32, over: u32| u32::try_from((u64::from(n) * u64::from(by)).div_ceil(u64::from(over))).unwrap_or(u32::MAX);
    let wide = up(height, a, b);
    if wide >= width { (wide, height) } else { (width, up(width, b, a)) }
}
