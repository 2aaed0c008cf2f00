//! Edits on bytes: pixels, shapes, and what is carried from file to file.

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use img_parts::jpeg::Jpeg;
use img_parts::{ImageEXIF, ImageICC};
use juggler::documents::picture::{Edited, edit};
use juggler::documents::{facts, kind};
use juggler::domain::draft::FileFacts;
use juggler::domain::picture::{Edit, PictureFacts};
use moxcms::ColorProfile;
use proptest::prelude::*;

use crate::checks::seeded::{dice, pictures::Made};

pub fn edited(bytes: &[u8], words: &str) -> Result<Edited, String> {
    edit(bytes, kind(bytes), &Edit::parse_all(words).unwrap())
}

fn picture(facts: &FileFacts) -> &PictureFacts {
    facts.picture.as_deref().unwrap()
}

fn pixels(bytes: &[u8]) -> RgbaImage {
    image::load_from_memory(bytes).unwrap().into_rgba8()
}

fn size(facts: &FileFacts) -> (u32, u32) {
    (facts.width.unwrap(), facts.height.unwrap())
}

#[test]
fn pixels_go_where_they_are_told_to() {
    let good = Made::good(&mut dice(1)).bytes();
    let before = pixels(&good);
    let m = picture(&facts(&good)).margins.unwrap();

    let trimmed = edited(&good, "trim").unwrap();
    assert_eq!(size(&trimmed.facts), (225 - m.left - m.right, 270 - m.top - m.bottom));
    assert_eq!(picture(&trimmed.facts).margins.unwrap().least(), 0);
    assert_eq!(pixels(&trimmed.bytes).get_pixel(0, 40), before.get_pixel(m.left, m.top + 40));

    let left = edited(&good, "trim 4").unwrap();
    assert_eq!(picture(&left.facts).margins.unwrap(), juggler::domain::picture::Margins { left: 4, top: 4, right: 4, bottom: 4 });

    let padded = edited(&good, "pad 30").unwrap();
    assert_eq!(size(&padded.facts), (285, 330));
    assert_eq!(picture(&padded.facts).margins.unwrap().left, m.left + 30);
    let on_red = edited(&good, "pad 3 #ff0000").unwrap();
    assert_eq!(pixels(&on_red.bytes).get_pixel(1, 1), &Rgba([255, 0, 0, 255]));

    let cropped = edited(&good, "crop 50x60+70+80").unwrap();
    assert_eq!(pixels(&cropped.bytes), image::imageops::crop_imm(&before, 70, 80, 50, 60).to_image());
    assert!(edited(&good, "crop 50x60+200+80").unwrap_err().contains("does not lie within 225 × 270"));

    let flat = edited(&good, "flatten white").unwrap();
    assert_eq!((flat.facts.transparent, pixels(&flat.bytes).get_pixel(0, 0)), (Some(false), &Rgba([255; 4])));
    assert!(!picture(&flat.facts).alpha_channel, "an alpha channel that says nothing is not written");

    let roomy = edited(&good, "margin 40").unwrap();
    assert_eq!(size(&roomy.facts), (225, 270), "the size stays");
    assert!((40..50).contains(&picture(&roomy.facts).margins.unwrap().least()));
    assert_eq!(edited(&good, "margin 5").unwrap().bytes.len(), edited(&good, "dpi 300").unwrap().bytes.len(), "nothing to do");
}

#[test]
fn a_size_of_another_shape_is_asked_about_and_never_pulled_by_itself() {
    let good = Made::good(&mut dice(2)).bytes();
    let refused = edited(&good, "resize 300x300").unwrap_err();
    for word in ["5:6 to 1:1", "fit 300x300", "fill 300x300", "stretch 300x300"] {
        assert!(refused.contains(word), "{refused}");
    }
    for (words, expected) in [
        ("resize 450x540", (450, 540)),
        ("resize x540", (450, 540)),
        ("resize 50%", (113, 135)),
        ("fit 300x300", (300, 300)),
        ("fill 90x30", (90, 30)),
        ("stretch 10x90", (10, 90)),
    ] {
        assert_eq!(size(&edited(&good, words).unwrap().facts), expected, "{words}");
    }
    let fitted = picture(&edited(&good, "fit 300x270").unwrap().facts).margins.unwrap();
    let own = picture(&facts(&good)).margins.unwrap();
    assert_eq!((fitted.left, fitted.top), (own.left + 37, own.top), "in the middle");
    assert!(edited(&good, "resize 200%").unwrap().told.iter().any(|told| told.contains("enlarged to 200 %")));
    assert!(edited(&good, "fit 10000x12000").unwrap_err().contains("60 million"), "more than fits into memory is refused");
}

#[test]
fn colours_of_what_is_gone_do_not_bleed_into_edges() {
    // Red, cut out of green that nobody sees.
    let art = RgbaImage::from_fn(64, 64, |x, _| if x < 32 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(art).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let small = pixels(&edited(&bytes.into_inner(), "resize 21x21").unwrap().bytes);
    assert!(small.pixels().all(|p| p[3] == 0 || p[0] > 200 && p[1] < 40), "a green fringe");
}

#[test]
fn what_is_written_beside_the_picture_goes_along_or_is_told() {
    let mut made = Made::good(&mut dice(3));
    made.texts = vec![("parameters", "a fern\nSteps: 9, Sampler: Euler".into()), ("Author", "Ann Fern".into())];
    let png = made.bytes();

    let scaled = edited(&png, "resize 50%").unwrap();
    let notes: Vec<&str> = picture(&scaled.facts).notes.iter().map(|note| note.place.as_str()).collect();
    assert_eq!(notes, ["PNG text “parameters”", "PNG text “Author”"]);
    assert_eq!((picture(&scaled.facts).srgb, picture(&scaled.facts).dpi()), (Some(true), Some((300, 300))));
    assert!(!picture(&scaled.facts).ai.is_empty());

    let jpeg = edited(&png, "flatten white convert jpeg").unwrap();
    assert_eq!(kind(&jpeg.bytes), "image/jpeg");
    assert_eq!((picture(&jpeg.facts).srgb, picture(&jpeg.facts).dpi()), (Some(true), Some((300, 300))));
    assert!(picture(&jpeg.facts).notes.iter().any(|note| note.says.as_str().contains("Steps: 9")));
    assert!(
        edited(&png, "convert jpeg").unwrap_err().is_empty()
            || edited(&png, "convert jpeg").unwrap_err().contains("flatten white")
    );

    let webp = edited(&png, "convert webp").unwrap();
    assert_eq!(pixels(&webp.bytes), pixels(&png), "lossless");
    assert!(webp.told.iter().any(|told| told.contains("parameters, Author")), "{:?}", webp.told);
    // Its words are lost, and said to be; that AI made it is not.
    assert!(picture(&webp.facts).ai.iter().any(|mark| mark.as_str().contains("trainedAlgorithmicMedia")), "{:?}", webp.facts);
}

#[test]
fn a_manifest_stays_with_the_old_bytes_and_its_mark_does_not_get_lost() {
    let mut made = Made::good(&mut dice(4));
    let source = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";
    made.chunks.push((*b"caBX", format!("jumb c2pa {source}").into_bytes()));
    let png = made.bytes();
    for words in ["dpi 150", "resize 50%", "flatten white convert jpeg"] {
        let done = edited(&png, words).unwrap();
        assert!(
            done.told.iter().any(|told| told.contains("C2PA manifest is bound to the old bytes")),
            "{words}: {:?}",
            done.told
        );
        let marks = &picture(&done.facts).ai;
        assert!(marks.iter().any(|mark| mark.as_str() == "IPTC compositeWithTrainedAlgorithmicMedia"), "{words}: {marks:?}");
        assert!(!picture(&done.facts).notes.iter().any(|note| note.place.as_str() == "C2PA"), "{words}");
    }
}

#[test]
fn resolution_and_profile_change_without_touching_a_pixel() {
    let mut made = Made::good(&mut dice(5));
    (made.dims, made.srgb) = (None, false);
    let png = made.bytes();
    let done = edited(&png, "dpi 300 srgb").unwrap();
    assert_eq!((picture(&done.facts).dpi(), picture(&done.facts).srgb), (Some((300, 300)), Some(true)));
    assert_eq!(pixels(&done.bytes), pixels(&png));
    assert!(done.bytes.len() - png.len() < 50 && done.told.is_empty(), "{:?}", done.told);

    // Display P3 is turned into sRGB: the same colours in other numbers.
    made.icc = Some(ColorProfile::new_display_p3().encode().unwrap());
    let done = edited(&made.bytes(), "srgb").unwrap();
    assert_eq!((picture(&done.facts).srgb, picture(&done.facts).profile.as_str()), (Some(true), "sRGB"));
    assert_ne!(pixels(&done.bytes), made.art);
}

#[test]
fn a_jpeg_of_a_camera_is_put_upright_once_and_keeps_its_exif() {
    let photo = RgbaImage::from_fn(60, 30, |x, _| Rgba([(x * 4) as u8, 90, 20, 255]));
    let mut out = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(photo).into_rgb8().write_to(&mut out, ImageFormat::Jpeg).unwrap();
    let mut file = Jpeg::from_bytes(out.into_inner().into()).unwrap();
    // TIFF, big endian: orientation 6, and a software's name.
    let exif =
        [&b"MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x01\x31\0\x02\0\0\0\x05\0\0\0\x26\0\0\0\0"[..], b"Fern\0\0"]
            .concat();
    file.set_exif(Some(exif.into()));
    file.set_icc_profile(Some(ColorProfile::new_adobe_rgb().encode().unwrap().into()));
    let bytes = file.encoder().bytes().to_vec();
    let before = facts(&bytes);
    assert_eq!((size(&before), picture(&before).turned), ((60, 30), 6));
    assert!(picture(&before).profile.as_str().contains("Adobe"), "{before:?}");

    let done = edited(&bytes, "resize 100%").unwrap();
    assert_eq!((size(&done.facts), picture(&done.facts).turned), ((30, 60), 0));
    assert!(picture(&done.facts).profile.as_str().contains("Adobe"), "the profile goes along");
    assert!(picture(&done.facts).notes.iter().any(|note| note.says.as_str().contains("Fern")), "{:?}", done.facts);
    let tagged = edited(&bytes, "dpi 300").unwrap();
    assert_eq!((picture(&tagged.facts).turned, picture(&tagged.facts).dpi()), (6, Some((300, 300))), "no pixel was touched");
}

#[test]
fn detail_tells_what_was_enlarged() {
    let art = |side: u32| {
        let art = RgbaImage::from_fn(side, side, |x, y| {
            let on = (x * 7 / side + y * 5 / side).is_multiple_of(2) || x.is_multiple_of(31);
            if on { Rgba([20, 40, 90, 255]) } else { Rgba([240, 220, 200, 255]) }
        });
        let mut out = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageRgba8(art).write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    };
    let told = |bytes: &[u8]| picture(&facts(bytes)).enlarged;
    let sharp = art(400);
    assert_eq!(told(&sharp), Some(1));
    for (by, least) in [("200%", 2), ("400%", 4), ("800%", 8)] {
        let found = told(&edited(&sharp, &format!("resize {by}")).unwrap().bytes);
        assert!(found.is_some_and(|times| times >= least && times <= least * 2), "{by}: {found:?}");
    }
    assert_eq!(told(&edited(&sharp, "flatten white crop 3x3").unwrap().bytes), None, "nothing to measure");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    /// Whatever is asked in a row: a picture of the size that was asked last comes out, or a sentence.
    #[test]
    fn any_edits_give_a_picture_or_a_sentence(
        seed in 0u64..1000,
        words in prop::collection::vec(
            prop::sample::select(vec![
                "trim", "trim 9", "pad 5", "pad 0", "margin 20", "margin 200", "resize 50%", "fit 90x40", "fill 41x77", "stretch 9x9",
                "crop 20x20+3+3", "flatten black", "harden", "srgb", "dpi 72", "convert png", "convert webp", "convert jpeg 40", "squeeze",
            ]),
            1..6,
        )
    ) {
        let good = Made::good(&mut dice(seed)).bytes();
        match edited(&good, &words.join(" ")) {
            Ok(done) => {
                let again = facts(&done.bytes);
                prop_assert_eq!(&again, &done.facts);
                prop_assert!(again.width.is_some() && picture(&again).trouble.is_empty(), "{:?}", again);
                prop_assert_eq!(again.mime.as_str(), done.kind.mime());
            }
            Err(why) => prop_assert!(why.len() > 10 && !why.contains("panic"), "{}", why),
        }
    }
}
