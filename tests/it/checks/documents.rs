//! Facts of files and pages of texts.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use juggler::documents::{MAX_SIDE, facts};
use juggler::domain::pages::{page_at, pages};
use proptest::prelude::*;

fn png(picture: DynamicImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

#[test]
fn a_png_tells_its_size_and_whether_it_is_cut_out() {
    let mut picture = RgbaImage::from_pixel(30, 20, Rgba([9, 9, 9, 255]));
    let solid = facts(&png(picture.clone().into()));
    assert_eq!((solid.mime.as_str(), solid.width, solid.height), ("image/png", Some(30), Some(20)));
    assert_eq!((solid.transparent, solid.opaque), (Some(false), Some(true)));
    picture.put_pixel(29, 19, Rgba([0, 0, 0, 254]));
    let cut = facts(&png(picture.into()));
    assert_eq!((cut.transparent, cut.opaque), (Some(true), Some(true)));
    let empty = facts(&png(RgbaImage::new(2, 2).into()));
    assert_eq!((empty.transparent, empty.opaque), (Some(true), Some(false)));
    let grey = facts(&png(DynamicImage::new_luma16(3, 1)));
    assert_eq!((grey.width, grey.transparent, grey.opaque), (Some(3), Some(false), Some(true)));
}

#[test]
fn a_picture_too_large_is_refused_by_its_header_and_a_torn_one_has_no_size() {
    let mut bytes = png(RgbaImage::new(4, 4).into());
    let torn = facts(&bytes[..bytes.len() / 2]);
    assert_eq!((torn.mime.as_str(), torn.width, torn.opaque), ("image/png", None, None));
    bytes[16..20].copy_from_slice(&(MAX_SIDE + 1).to_be_bytes());
    bytes[20..24].copy_from_slice(&30_000u32.to_be_bytes());
    let begin = std::time::Instant::now();
    let huge = facts(&bytes);
    assert_eq!((huge.width, huge.height, huge.transparent), (Some(MAX_SIDE + 1), Some(30_000), None));
    assert!(begin.elapsed().as_millis() < 200);
}

#[test]
fn types_are_told_by_content() {
    let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 20, 0, 30, 1, 1, 0x11, 0];
    let found = facts(&jpeg);
    assert_eq!((found.mime.as_str(), found.width, found.height), ("image/jpeg", Some(30), Some(20)));
    for (bytes, mime) in [
        (&b"%PDF-1.7 \0\xff"[..], "application/pdf"),
        (b"GIF89a\x02\0\x03\0", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"PK\x03\x04\xff\xff", "application/zip"),
        (b"BMW is a car, and this a text", "text/plain"),
        ("Grüße".as_bytes(), "text/plain"),
        (b"", "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"\xff\xfe\x00\x01", "application/octet-stream"),
    ] {
        assert_eq!(facts(bytes).mime.as_str(), mime, "{bytes:?}");
    }
}

#[test]
fn pages_are_cut_at_their_anchors() {
    let text = "--- page 1 ---\nOne.\n\n--- Page 2 ---\r\nTwo.\nStill two.\n--- page 4 ---\n--- page five ---\n";
    let found = pages(text);
    assert_eq!(
        found.iter().map(|p| (p.number, p.text.trim())).collect::<Vec<_>>(),
        [(1, "One."), (2, "Two.\nStill two."), (4, "--- page five ---")]
    );
    assert_eq!(page_at(&found, text.find("Still").unwrap()), Some(2));
    assert_eq!(pages("no anchors").iter().map(|p| p.number).collect::<Vec<_>>(), [1]);
    assert_eq!(page_at(&pages("no anchors"), 3), None);
    assert_eq!(pages("a\n\u{c}b\n\u{c}c").iter().map(|p| p.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(pages("").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_facts(mut bytes in prop::collection::vec(any::<u8>(), 0..200), magic in prop::sample::select(vec![&b""[..], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xd8\xff\xc0", b"GIF89a"])) {
        bytes.splice(0..0, magic.iter().copied());
        let _ = facts(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let pages = pages(&text);
        prop_assert!(pages.iter().all(|p| text[p.start..].starts_with(p.text)));
    }
}
