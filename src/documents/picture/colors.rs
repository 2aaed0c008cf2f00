//! Colour profiles: their names, and colours brought to sRGB. Reference: ICC.1:2022.

use moxcms::{ColorProfile, DataColorSpace, Layout, ProfileText, RenderingIntent, TransformOptions};

use crate::domain::Text;
use crate::domain::picture::{Ink, PictureFacts};

/// Names the profile, and whether it is sRGB.
pub fn profile(icc: &[u8], picture: &mut PictureFacts) {
    let Ok(read) = ColorProfile::new_from_slice(icc) else {
        (picture.srgb, picture.profile) = (Some(false), Text::title("a profile that cannot be read"));
        return;
    };
    let name = match &read.description {
        Some(ProfileText::PlainString(name)) => name.clone(),
        Some(ProfileText::Localizable(all)) => all.first().map(|one| one.value.clone()).unwrap_or_default(),
        Some(ProfileText::Description(name)) => match name.ascii_string.is_empty() {
            true => name.unicode_string.clone(),
            false => name.ascii_string.clone(),
        },
        None => String::new(),
    };
    let name = name.trim_matches(['\0', ' ']);
    if read.color_space == DataColorSpace::Cmyk {
        picture.ink = Ink::Cmyk;
    }
    picture.srgb = Some(read.color_space == DataColorSpace::Rgb && is_srgb(&read, name));
    picture.profile = Text::title(if name.is_empty() { "a profile without a name" } else { name });
}

/// By its name, and by what it does to colours: a name alone may lie.
fn is_srgb(profile: &ColorProfile, name: &str) -> bool {
    let near = |a: moxcms::Xyzd, b: moxcms::Xyzd| [a.x - b.x, a.y - b.y, a.z - b.z].iter().all(|d| d.abs() < 0.004);
    let srgb = ColorProfile::new_srgb();
    let same = near(profile.red_colorant, srgb.red_colorant)
        && near(profile.green_colorant, srgb.green_colorant)
        && near(profile.blue_colorant, srgb.blue_colorant);
    let named = name.to_lowercase();
    same && (named.contains("srgb") || named.contains("iec61966") || named.contains("c2"))
}

/// The pixels in sRGB, four samples each; `icc`: what they are in, sRGB without.
///
/// # Errors
/// The profile cannot be used.
pub fn to_srgb(rgba: &mut [u8], icc: Option<&[u8]>) -> Result<(), String> {
    let Some(icc) = icc else { return Ok(()) };
    let cannot = |why: &dyn std::fmt::Debug| format!("its colour profile cannot be used ({why:?})");
    let from = ColorProfile::new_from_slice(icc).map_err(|why| cannot(&why))?;
    if from.color_space != DataColorSpace::Rgb {
        // What the decoder made of other colours is RGB already.
        return Ok(());
    }
    let options = TransformOptions { rendering_intent: RenderingIntent::RelativeColorimetric, ..TransformOptions::default() };
    let made = from.create_transform_8bit(Layout::Rgba, &ColorProfile::new_srgb(), Layout::Rgba, options);
    let transform = made.map_err(|why| cannot(&why))?;
    // A piece at a time, so that no second picture is needed.
    let mut piece = vec![0; 64 << 10];
    for chunk in rgba.chunks_mut(piece.len()) {
        let into = piece.get_mut(..chunk.len()).unwrap_or_default();
        transform.transform(chunk, into).map_err(|why| cannot(&why))?;
        chunk.copy_from_slice(into);
    }
    Ok(())
}
