//! A print for a shirt, with every demand of such a brief; 200 files, most with one fault each, through decoder, facts and checks.

use image::codecs::gif::GifEncoder;
use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgba, RgbaImage};
use img_parts::png::{Png, PngChunk};
use juggler::documents::facts;
use juggler::domain::check::{Finding, Judged, Verdict, check};
use juggler::domain::deliverable::{Form, Rule};
use juggler::domain::draft::FileItem;
use juggler::domain::picture::{Looks, Wanted, cures};
use juggler::domain::{Deliverable, Text};
use moxcms::ColorProfile;
use png::{BitDepth, ColorType, PixelDimensions, Unit};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::{Tally, dice};

const WIDTH: u32 = 225;
const HEIGHT: u32 = 270;
const MARGIN: u32 = 9;
const MOST: u64 = 120_000;

pub fn spec() -> Deliverable {
    let looks = Looks { aspect: Some((5, 6)), margin: MARGIN, dpi: 300, srgb: true, max_halo: Some(30), ..Looks::default() };
    let rule = Rule::Image { width: WIDTH, height: HEIGHT, mime: "image/png".into(), max_bytes: MOST, alpha: true, looks };
    Deliverable { form: Form::File, rules: vec![rule], ..Deliverable::default() }
}

/// How a PNG is put down.
#[derive(Clone, Debug)]
pub struct Made {
    pub art: RgbaImage,
    pub dims: Option<(u32, u32, Unit)>,
    pub srgb: bool,
    pub icc: Option<Vec<u8>>,
    pub deep: bool,
    pub texts: Vec<(&'static str, String)>,
    pub chunks: Vec<([u8; 4], Vec<u8>)>,
}

/// A blot with a hard edge, well inside.
pub fn art(dice: &mut ChaCha8Rng, width: u32, height: u32, margin: u32) -> RgbaImage {
    let ink = [dice.random(), dice.random(), dice.random()];
    let mut art = RgbaImage::new(width, height);
    let (w, h) = (width - 2 * margin, height - 2 * margin);
    for (x, y) in (0..w).flat_map(|x| (0..h).map(move |y| (x, y))) {
        let round = (x as i64 * 2 - w as i64).pow(2) * (h as i64).pow(2) + (y as i64 * 2 - h as i64).pow(2) * (w as i64).pow(2);
        if round <= (w as i64 * h as i64).pow(2) {
            let shade = if (x / 7 + y / 5) % 2 == 0 { 0 } else { 40 };
            art.put_pixel(x + margin, y + margin, Rgba([ink[0] ^ shade, ink[1], ink[2] ^ shade, 255]));
        }
    }
    // To the very edge of what is allowed on each side.
    for (x, y) in [(margin, height / 2), (width - 1 - margin, height / 2), (width / 2, margin), (width / 2, height - 1 - margin)]
    {
        art.put_pixel(x, y, Rgba([ink[0], ink[1], ink[2], 255]));
    }
    art
}

impl Made {
    pub fn good(dice: &mut ChaCha8Rng) -> Made {
        let dims = Some((11_811, 11_811, Unit::Meter));
        let margin = MARGIN + dice.random_range(0..4);
        let art = art(dice, WIDTH, HEIGHT, margin);
        Made { art, dims, srgb: true, icc: None, deep: false, texts: Vec::new(), chunks: Vec::new() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut info = png::Info::with_size(self.art.width(), self.art.height());
        info.icc_profile = self.icc.clone().map(Into::into);
        let mut encoder = png::Encoder::with_info(&mut out, info).unwrap();
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(if self.deep { BitDepth::Sixteen } else { BitDepth::Eight });
        encoder.set_pixel_dims(self.dims.map(|(xppu, yppu, unit)| PixelDimensions { xppu, yppu, unit }));
        if self.srgb {
            encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        }
        for (name, text) in &self.texts {
            encoder.add_itxt_chunk((*name).to_owned(), text.clone()).unwrap();
        }
        let mut writer = encoder.write_header().unwrap();
        let deep = || self.art.as_raw().iter().flat_map(|n| [*n, *n]).collect::<Vec<u8>>();
        writer.write_image_data(&if self.deep { deep() } else { self.art.as_raw().clone() }).unwrap();
        writer.finish().unwrap();
        let mut file = Png::from_bytes(out.into()).unwrap();
        let end = file.chunks().len() - 1;
        file.chunks_mut().splice(end..end, self.chunks.iter().map(|(kind, body)| PngChunk::new(*kind, body.clone().into())));
        file.encoder().bytes().to_vec()
    }
}

pub fn item(name: &str, bytes: &[u8]) -> FileItem {
    crate::checks::file(name, bytes.len() as u64, facts(bytes))
}

fn judged(file: &FileItem) -> Vec<Finding> {
    check(&spec(), &Judged { files: std::slice::from_ref(file), ..Judged::default() })
}

/// What is said of it, each by a word: failures, warnings and advice.
fn said(found: &[Finding]) -> Vec<(Verdict, &'static str)> {
    const WORDS: [(&str, &str); 14] = [
        ("one PNG", "picture"),
        ("a picture that opens", "opens"),
        ("225 × 270 pixels", "size"),
        ("at most 120 kB", "weight"),
        ("a transparent background", "cut out"),
        ("something solid", "solid"),
        ("of the shape", "shape"),
        ("see-through pixels on each side", "border"),
        ("pixels an inch", "dpi"),
        ("soft edges", "halo"),
        ("sRGB", "colours"),
        ("the name says", "name"),
        ("carries a prompt", "prompt"),
        ("declares that AI", "ai"),
    ];
    let word = |finding: &Finding| {
        let known = WORDS.iter().find(|(label, _)| finding.label.as_str().contains(label));
        (finding.verdict, known.map_or("other", |(_, word)| *word))
    };
    found.iter().filter(|finding| finding.verdict != Verdict::Pass).map(word).collect()
}

type Said = &'static [(Verdict, &'static str)];
const F: Verdict = Verdict::Fail;
const W: Verdict = Verdict::Warn;
const A: Verdict = Verdict::Advice;

/// A file of each kind of fault, its name, and all that must be said of it.
fn sown(kind: usize, dice: &mut ChaCha8Rng) -> (&'static str, &'static str, Vec<u8>, Said) {
    let mut made = Made::good(dice);
    let png = |made: &Made| made.bytes();
    match kind {
        0 => ("as asked", "art.png", png(&made), &[]),
        1 => {
            made.deep = true;
            ("as asked, 16 bits", "art.png", png(&made), &[])
        }
        2 => {
            (made.srgb, made.icc) = (false, Some(ColorProfile::new_srgb().encode().unwrap()));
            ("as asked, sRGB by its profile", "art.png", png(&made), &[])
        }
        3 => {
            // A narrow soft rim is no halo: under 30 of a thousand.
            for x in 60..120 {
                made.art.put_pixel(x, 60, Rgba([9, 9, 9, 120]));
            }
            ("as asked, a soft stroke", "art.png", png(&made), &[])
        }
        4 => {
            let flat: Vec<u8> = made.art.pixels().flat_map(|p| [p[0], p[1], p[2]]).collect();
            let mut out = Vec::new();
            let mut encoder = JpegEncoder::new_with_quality(&mut out, 80);
            encoder.set_pixel_density(PixelDensity::dpi(300));
            encoder.write_image(&flat, WIDTH, HEIGHT, ExtendedColorType::Rgb8).unwrap();
            (
                "JPEG under a PNG's name",
                "art.png",
                out,
                &[(F, "picture"), (F, "cut out"), (F, "border"), (W, "colours"), (W, "name")],
            )
        }
        5 => {
            let mut out = Vec::new();
            WebPEncoder::new_lossless(&mut out).write_image(&made.art, WIDTH, HEIGHT, ExtendedColorType::Rgba8).unwrap();
            ("WebP", "art.webp", out, &[(F, "picture"), (F, "dpi"), (W, "colours")])
        }
        6 => {
            let mut out = Vec::new();
            let art = image::DynamicImage::ImageRgba8(made.art.clone());
            GifEncoder::new(&mut out).encode_frame(image::Frame::new(art.into_rgba8())).unwrap();
            ("GIF", "art.gif", out, &[(F, "picture"), (F, "dpi"), (W, "colours")])
        }
        7 => {
            let smaller = dice.random_range(1..30);
            made.art = art(dice, WIDTH - smaller * 5, HEIGHT - smaller * 6, MARGIN);
            ("too small", "art.png", png(&made), &[(F, "picture")])
        }
        8 => {
            made.art = art(dice, HEIGHT, WIDTH, MARGIN);
            ("lying instead of upright", "art.png", png(&made), &[(F, "picture"), (F, "shape")])
        }
        9 => {
            let width = WIDTH + dice.random_range(4..40);
            made.art = art(dice, width, HEIGHT, MARGIN);
            ("of another shape", "art.png", png(&made), &[(F, "picture"), (F, "shape")])
        }
        10 => {
            made.art.pixels_mut().for_each(|p| p[3] = 255);
            ("not cut out", "art.png", png(&made), &[(F, "picture"), (F, "border")])
        }
        11 => {
            made.art = RgbaImage::new(WIDTH, HEIGHT);
            ("empty", "art.png", png(&made), &[(F, "picture")])
        }
        12 => {
            let near = dice.random_range(0..MARGIN);
            let (x, y) = match dice.random_range(0..4) {
                0 => (near, 100),
                1 => (WIDTH - 1 - near, 100),
                2 => (100, near),
                _ => (100, HEIGHT - 1 - near),
            };
            made.art.put_pixel(x, y, Rgba([1, 2, 3, 255]));
            ("too near to the edge", "art.png", png(&made), &[(F, "border")])
        }
        13 => {
            made.dims = None;
            ("no resolution", "art.png", png(&made), &[(F, "dpi")])
        }
        14 => {
            made.dims = Some((2_835, 2_835, Unit::Meter));
            ("72 an inch", "art.png", png(&made), &[(F, "dpi")])
        }
        15 => {
            made.dims = Some((11_811, 5_906, Unit::Meter));
            ("300 across, 150 down", "art.png", png(&made), &[(F, "dpi")])
        }
        16 => {
            made.dims = Some((11_811, 11_811, Unit::Unspecified));
            ("a resolution without a unit", "art.png", png(&made), &[(F, "dpi")])
        }
        17 => {
            let profile = [ColorProfile::new_display_p3(), ColorProfile::new_adobe_rgb(), ColorProfile::new_bt2020()];
            (made.srgb, made.icc) = (false, Some(profile[dice.random_range(0..3)].encode().unwrap()));
            ("another profile", "art.png", png(&made), &[(F, "colours")])
        }
        18 => {
            made.srgb = false;
            ("no profile", "art.png", png(&made), &[(W, "colours")])
        }
        19 => {
            for (x, y) in (40..180).flat_map(|x| (40..120).map(move |y| (x, y))) {
                made.art.put_pixel(x, y, Rgba([200, 200, 200, dice.random_range(1..255)]));
            }
            ("a halo", "art.png", png(&made), &[(F, "halo")])
        }
        20 => {
            made.chunks.push((*b"zzZz", vec![7; MOST as usize]));
            ("too heavy", "art.png", png(&made), &[(F, "picture")])
        }
        21 => {
            let mut bytes = png(&made);
            bytes.truncate(bytes.len() * dice.random_range(30..80) / 100);
            ("cut short", "art.png", bytes, &[(F, "picture")])
        }
        22 => {
            let mut bytes = png(&made);
            let at = bytes.windows(4).position(|w| w == b"IDAT").unwrap() + 40;
            bytes[at] ^= 0xff;
            ("damaged", "art.png", bytes, &[(F, "picture")])
        }
        23 => {
            let mut bytes = png(&made);
            bytes[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
            // Its pixels are not looked at: nothing is said of what they would show.
            ("30,000 × 30,000 by its header", "art.png", bytes, &[(F, "picture"), (F, "size"), (F, "shape")])
        }
        24 => {
            made.texts.push(("parameters", "a fern, flat colours\nSteps: 20, Sampler: Euler a, Seed: 7".into()));
            ("a prompt", "art.png", png(&made), &[(A, "prompt"), (A, "ai")])
        }
        25 => {
            let source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
            let mark = format!("\0\0\0\x20jumbc2pa{source}");
            made.chunks.push((*b"caBX", mark.into_bytes()));
            ("C2PA that says AI", "art.png", png(&made), &[(A, "ai")])
        }
        26 => {
            let source = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";
            made.texts.push(("XML:com.adobe.xmp", format!("<x:xmpmeta>{source}</x:xmpmeta>")));
            ("XMP of a camera", "art.png", png(&made), &[])
        }
        _ => {
            made.texts.push(("Author", "Ann Fern".into()));
            ("JPEG's name on a PNG", "art.jpg", png(&made), &[(W, "name")])
        }
    }
}

/// 200 files: nothing is missed, and nothing is said of what is as it should be.
#[test]
fn two_hundred_pictures_are_judged_without_a_wrong_verdict() {
    let mut tally = Tally::default();
    for n in 0..200 {
        let (fault, name, bytes, expected) = sown(n % 28, &mut dice(9_000 + n as u64));
        let file = item(name, &bytes);
        let found = judged(&file);
        let (mut said, mut expected) = (said(&found), expected.to_vec());
        said.sort_by_key(|(_, word)| *word);
        expected.sort_by_key(|(_, word)| *word);
        tally.count(fault, said == expected, || format!("{n}: {said:?} instead of {expected:?}: {found:?}"));
        // Whatever fails says what to do, and about which file.
        for finding in found.iter().filter(|finding| finding.is_open()) {
            assert!(!finding.cure.is_empty() && finding.file.as_str() == name, "{fault}: {finding:?}");
        }
    }
    tally.print("pictures");
    assert_eq!((tally.sown(), tally.caught()), (200, 200));
}

/// What local edits can mend they do mend: of every sown file either it passes afterwards, or it is said what is left.
#[test]
fn cures_make_it_pass_or_say_what_is_left() {
    let (spec, mut mended) = (spec(), 0);
    // Small pictures have soft edges once scaled; that is said before.
    let soft = |left: &[&Finding], warnings: &[Text]| {
        left.iter().all(|found| found.label.as_str().contains("soft edges"))
            && warnings.iter().any(|said| said.as_str().contains("softer"))
    };
    for kind in 0..28 {
        let (fault, name, bytes, _) = sown(kind, &mut dice(77 + kind as u64));
        let file = item(name, &bytes);
        let wanted = Wanted::first(&spec.rules).unwrap();
        let cures = cures(&file, &wanted);
        let fails = judged(&file).iter().any(|found| found.verdict == F);
        if cures.edits.is_empty() {
            assert!(!fails || !cures.left.is_empty(), "{fault}: nothing to do and nothing said");
            continue;
        }
        if let Ok(done) = juggler::documents::picture::edit(&bytes, file.facts.mime.as_str(), &cures.edits) {
            let after = judged(&item("art.png", &done.bytes));
            let left: Vec<&Finding> = after.iter().filter(|found| found.verdict == F).collect();
            assert!(
                left.is_empty() || !cures.left.is_empty() || soft(&left, &cures.warnings),
                "{fault}: {:?} leaves {left:?}",
                cures.edits
            );
            mended += usize::from(fails && left.is_empty());
        }
    }
    println!("mended: {mended} of 28");
    assert!(mended >= 9, "{mended}");
    let all = Text::title("");
    assert!(
        cures(&item("art.png", &Made::good(&mut dice(1)).bytes()), &Wanted { mime: &all, ..Wanted::first(&spec.rules).unwrap() })
            .edits
            .is_empty()
    );
}
