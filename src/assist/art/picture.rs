//! Whether bytes from a provider are a picture.

use base64::Engine;

use crate::documents::MAX_SIDE;
use crate::domain::draft::FileFacts;

/// Most bytes of one picture.
pub const MOST: usize = 64 << 20;
/// Most bytes of an answer that holds several, in base64.
pub(super) const ANSWER: usize = 256 << 20;

/// The bytes behind base64, with or without `data:image/png;base64,` before it, and with line breaks in it.
pub(super) fn decoded(written: &str) -> Result<Vec<u8>, String> {
    let body = match written.trim_start().strip_prefix("data:") {
        Some(rest) => rest.split_once(',').map_or("", |(_, body)| body),
        None => written,
    };
    let clean: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    if clean.is_empty() {
        return Err("it sent an empty picture".to_owned());
    }
    if clean.len() / 4 * 3 > MOST {
        return Err(format!("it sent a picture over {} MiB", MOST >> 20));
    }
    base64::engine::general_purpose::STANDARD
        .decode(clean.as_bytes())
        .map_err(|_| "it sent a picture that is not base64".to_owned())
}

/// Whether so many bytes of this kind may be a picture that can be worked with.
///
/// # Errors
/// What is wrong with them.
pub fn begins_well(bytes: usize, mime: &str) -> Result<(), String> {
    if bytes > MOST {
        return Err(format!("it is over {} MiB", MOST >> 20));
    }
    match mime {
        "image/png" | "image/jpeg" | "image/webp" => Ok(()),
        "" => Err("it is no picture".to_owned()),
        other => Err(format!("it is no picture but {other}")),
    }
}

/// Whether these bytes, with these facts, are a whole picture that can be worked with.
///
/// # Errors
/// What is wrong with them.
pub fn fits(bytes: &[u8], facts: &FileFacts) -> Result<(), String> {
    let mime = facts.mime.as_str();
    begins_well(bytes.len(), mime)?;
    if let (Some(width), Some(height)) = (facts.width, facts.height)
        && width.max(height) > MAX_SIDE
    {
        return Err(format!("it says that it has {width} × {height} pixels, more than anybody prints"));
    }
    let trouble = facts.picture.as_ref().map(|picture| picture.trouble.as_str()).unwrap_or_default();
    let cut = |trouble: &str| match trouble {
        "" => "it is cut short or damaged".to_owned(),
        why => format!("it is cut short or damaged: {why}"),
    };
    // A picture may be decoded although its end is missing.
    let near_end = |what: &[u8]| bytes[bytes.len().saturating_sub(1_024)..].windows(what.len()).any(|window| window == what);
    let ends = match mime {
        "image/png" => near_end(b"IEND"),
        "image/jpeg" => near_end(&[0xff, 0xd9]),
        _ => true,
    };
    if !trouble.is_empty() || facts.width.is_none() || !ends { Err(cut(trouble)) } else { Ok(()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::documents::{kind, picture::look};

    /// As the process of its own sees it.
    fn facts(bytes: &[u8]) -> FileFacts {
        look(bytes, kind(bytes))
    }

    fn png() -> Vec<u8> {
        crate::assist::art::mask::white(crate::domain::art::Size::new(8, 8), &[]).unwrap()
    }

    #[test]
    fn only_whole_pictures_fit() {
        let png = png();
        assert_eq!(fits(&png, &facts(&png)), Ok(()));
        let cut = &png[..png.len() - 20];
        assert!(fits(cut, &facts(cut)).unwrap_err().contains("cut short"));
        let mut huge = png.clone();
        huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        assert!(fits(&huge, &facts(&huge)).unwrap_err().contains("30000 × 30000"));
        for not in [&b"<html>"[..], b"", b"{}", b"GIF89a\x01\x00\x01\x00"] {
            assert!(fits(not, &facts(not)).is_err());
        }
    }

    #[test]
    fn base64_comes_in_several_clothes() {
        for written in ["aGk=", " aG\nk=", "data:image/png;base64,aGk="] {
            assert_eq!(decoded(written).unwrap(), b"hi", "{written}");
        }
        for bad in ["", "data:image/png;base64,", "data:", "not base64!", "aGk"] {
            assert!(decoded(bad).is_err(), "{bad}");
        }
    }
}
