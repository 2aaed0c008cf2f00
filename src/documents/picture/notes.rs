//! What is written into a file beside the picture: texts, EXIF, XMP, C2PA; shown, never taken out.
//!
//! References: EXIF 2.3; XMP (ISO 16684-1); the IPTC vocabulary of digital source types; C2PA, whose manifests are JUMBF boxes
//! (`caBX` in PNG, APP11 in JPEG, `C2PA` in RIFF). A manifest is seen here, not verified.

use exif::{In, Tag, Value};

use crate::domain::Text;
use crate::domain::picture::{Note, PictureFacts, per_metre};
use crate::domain::text::Cap;

/// What is shown of a note.
const SHOWN: Cap = Cap { graphemes: 160, bytes: 1_000 };
/// Most notes that are kept of one file: every version of a draft holds them.
const NOTES: usize = 12;
/// Names under which generators of pictures write what they were asked for.
const PROMPTS: [&str; 10] = [
    "parameters",
    "prompt",
    "workflow",
    "sd-metadata",
    "dream",
    "invokeai_metadata",
    "invokeai_graph",
    "generation_data",
    "negative_prompt",
    "usercomment",
];
/// Source types of the IPTC that speak of a model.
const MODELS: [&str; 4] =
    ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicallyEnhanced", "algorithmicMedia"];

/// A text with a name.
pub fn text(picture: &mut PictureFacts, place: &str, name: &str, said: &str) {
    let lower = name.to_lowercase();
    let settings = said.contains("Steps: ") && said.contains("Sampler");
    let prompt = PROMPTS.contains(&lower.as_str()) || settings || said.contains("\"class_type\"");
    if prompt {
        ai(picture, &format!("a generator's “{name}”"));
    }
    sources(picture, said);
    note(picture, &format!("{place} “{name}”"), said.len(), said, prompt);
}

/// A packet of XMP.
pub fn xmp(picture: &mut PictureFacts, said: &str) {
    sources(picture, said);
    let prompt = said.contains("PromptInformation") || said.to_lowercase().contains(":prompt");
    note(picture, "XMP", said.len(), &gist(said), prompt);
}

/// A manifest of C2PA, as its bytes.
pub fn c2pa(picture: &mut PictureFacts, bytes: &[u8]) {
    ai_source(picture, &String::from_utf8_lossy(bytes), "C2PA");
    let says = "a signed manifest of where it came from; it is seen here, not verified";
    note(picture, "C2PA", bytes.len(), says, false);
    if !picture.ai.iter().any(|mark| mark.as_str().starts_with("C2PA")) {
        // A camera writes one as well: it says where from, not that a model made it.
        tracing::debug!("a C2PA manifest without a source type");
    }
}

/// An EXIF block. Also tells resolution and which side is up.
pub fn exif(picture: &mut PictureFacts, bytes: &[u8]) {
    let bytes = bytes.strip_prefix(b"Exif\0\0").unwrap_or(bytes);
    let Ok(read) = exif::Reader::new().read_raw(bytes.to_vec()) else {
        return note(picture, "EXIF", bytes.len(), "it cannot be read", false);
    };
    let number = |tag| read.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    if let Some(turned @ 2..=8) = number(Tag::Orientation) {
        picture.turned = turned as u8;
    }
    let rational = |tag| match &read.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(all) => all.first().filter(|r| r.denom > 0).map(|r| f64::from(r.num) / f64::from(r.denom)),
        _ => None,
    };
    if picture.per_metre.is_none()
        && let (Some(x), Some(y)) = (rational(Tag::XResolution), rational(Tag::YResolution))
    {
        let metre = |n: f64| match number(Tag::ResolutionUnit) {
            Some(3) => (n * 100.0).round() as u32,
            _ => per_metre(n.round() as u32),
        };
        picture.per_metre = Some((metre(x), metre(y))).filter(|(x, y)| *x > 0 && *y > 0);
    }
    let mut words = Vec::new();
    for (tag, name) in [
        (Tag::Make, "made with"),
        (Tag::Model, "model"),
        (Tag::Software, "software"),
        (Tag::Artist, "artist"),
        (Tag::Copyright, "copyright"),
        (Tag::ImageDescription, "description"),
        (Tag::DateTimeOriginal, "taken"),
    ] {
        if let Some(field) = read.get_field(tag, In::PRIMARY) {
            words.push(format!("{name} {}", field.display_value()));
        }
    }
    if read.fields().any(|field| field.tag == Tag::GPSLatitude) {
        words.insert(0, "where it was taken (GPS)".to_owned());
    }
    let comment = read.get_field(Tag::UserComment, In::PRIMARY).map(|field| match &field.value {
        Value::Undefined(bytes, _) => comment(bytes),
        _ => String::new(),
    });
    sources(picture, &words.join(" "));
    note(picture, "EXIF", bytes.len(), &words.join("; "), false);
    if let Some(comment) = comment.filter(|comment| !comment.trim().is_empty()) {
        let settings = comment.contains("Steps: ") || comment.contains("prompt");
        if settings {
            ai(picture, "a generator's settings in EXIF");
        }
        note(picture, "EXIF “UserComment”", comment.len(), &comment, settings);
    }
}

/// A user's comment: eight bytes name its characters.
fn comment(bytes: &[u8]) -> String {
    let (code, text) = bytes.split_at_checked(8).unwrap_or((bytes, &[]));
    if code.starts_with(b"UNICODE") {
        let big = text.first() == Some(&0);
        let unit =
            |pair: &[u8]| if big { u16::from_be_bytes([pair[0], pair[1]]) } else { u16::from_le_bytes([pair[0], pair[1]]) };
        return String::from_utf16_lossy(&text.chunks_exact(2).map(unit).collect::<Vec<_>>());
    }
    String::from_utf8_lossy(text).trim_end_matches('\0').to_owned()
}

/// A block of Photoshop's, which holds IPTC.
pub fn iptc(picture: &mut PictureFacts, bytes: &[u8]) {
    sources(picture, &String::from_utf8_lossy(bytes));
    note(picture, "IPTC", bytes.len(), "words about the picture, as news desks write them", false);
}

fn sources(picture: &mut PictureFacts, said: &str) {
    ai_source(picture, said, "IPTC");
}

/// Source types by their address: `…/digitalsourcetype/trainedAlgorithmicMedia`.
fn ai_source(picture: &mut PictureFacts, said: &str, place: &str) {
    for (at, found) in said.match_indices("digitalsourcetype/").take(50) {
        let rest = said.get(at + found.len()..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        if let Some(name) = rest.get(..end).filter(|name| MODELS.contains(name)) {
            ai(picture, &format!("{place} {name}"));
        }
    }
}

fn ai(picture: &mut PictureFacts, mark: &str) {
    let mark = Text::line(mark, SHOWN);
    if !picture.ai.contains(&mark) && picture.ai.len() < NOTES {
        picture.ai.push(mark);
    }
}

fn note(picture: &mut PictureFacts, place: &str, bytes: usize, says: &str, prompt: bool) {
    if picture.notes.len() < NOTES {
        let says = Text::line(says.trim(), SHOWN);
        picture.notes.push(Note { place: Text::line(place, SHOWN), bytes: bytes as u64, says, prompt });
    }
}

/// The words of a packet without its tags.
fn gist(xml: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in xml.chars().take(100_000) {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if !inside && !c.is_whitespace() => out.push(c),
            c if !inside && c.is_whitespace() && !out.ends_with(' ') => out.push(' '),
            _ => {}
        }
    }
    out.trim().to_owned()
}
