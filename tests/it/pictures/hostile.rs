//! Files that want to break their decoder, or fill the memory.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use juggler::documents::picture::apart;
use juggler::domain::picture::Edit;

use crate::attachments::made;
use crate::checks::seeded::{dice, pictures::Made};

/// A PNG that says it is so large, with as much data as a small one.
fn lying(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Made::good(&mut dice(1)).bytes();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

#[test]
fn thirty_thousand_pixels_a_side_are_refused_by_the_header() {
    let good = Made::good(&mut dice(1)).bytes();
    let begin = Instant::now();
    let small = juggler::documents::facts(&good);
    let whole = begin.elapsed();
    let huge = lying(30_000, 30_000);
    let begin = Instant::now();
    let refused = juggler::documents::facts(&huge);
    let took = begin.elapsed();
    assert!(small.picture.unwrap().trouble.is_empty());
    let picture = refused.picture.unwrap();
    assert!(picture.trouble.as_str().contains("30000 × 30000 pixels are more than are looked at here"), "{picture:?}");
    println!("refused in {:.4} of what the facts of 225 × 270 take", took.as_secs_f64() / whole.as_secs_f64());
    assert!(took < whole, "refusing 900 megapixels took {took:?}, looking at 0.06 took {whole:?}");
    for words in ["resize 50%", "dpi 300", "trim"] {
        let why = juggler::documents::picture::edit(&huge, "image/png", &Edit::parse_all(words).unwrap()).unwrap_err();
        assert!(why.contains("30000 × 30000"), "{words}: {why}");
    }
}

#[tokio::test]
async fn what_breaks_breaks_in_a_process_of_its_own_and_ends_in_a_sentence() {
    made::reader();
    let dir = tempfile::tempdir().unwrap();
    let good = Made::good(&mut dice(2)).bytes();
    let mut cases: Vec<(String, Vec<u8>)> = vec![
        ("no bytes".into(), Vec::new()),
        ("a header alone".into(), good[..33].to_vec()),
        ("12,000 a side without data".into(), lying(12_000, 12_000)),
        ("no width".into(), lying(0, 9)),
        (
            "a JPEG without an end".into(),
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x0b\x08\x75\x30\x75\x30\x01\x11\0".to_vec(),
        ),
        ("a GIF of nothing".into(), b"GIF89a\xff\x2f\xff\x2f\0\0\0;".to_vec()),
        ("a WebP of nothing".into(), b"RIFF\x10\0\0\0WEBPVP8L\x04\0\0\0\x2f\xff\xff\xff".to_vec()),
    ];
    for n in 0..24u64 {
        let mut bytes = good.clone();
        let at = 40 + (n as usize * 977) % (bytes.len() - 60);
        bytes[at] ^= 0x5a;
        cases.push((format!("byte {at} turned"), bytes));
    }
    for (name, bytes) in cases {
        let path = dir.path().join("picture");
        std::fs::write(&path, &bytes).unwrap();
        let mime = juggler::documents::kind(&bytes);
        let facts = apart::facts(&path, mime).await;
        // Either it can be looked at all the same, or it is said why not; never a picture of guessed pixels.
        if let Some(picture) = &facts.picture {
            assert!(facts.transparent.is_some() || !picture.trouble.is_empty(), "{name}: {facts:?}");
            if !picture.trouble.is_empty() {
                assert!(apart::edited(&path, &Edit::parse_all("trim").unwrap()).await.is_err(), "{name}");
                assert!(apart::small(&path, (90, 90)).await.is_err() || mime != "image/png", "{name}");
            }
        }
    }
    // And the way there and back is whole.
    let path = dir.path().join("good.png");
    std::fs::write(&path, &good).unwrap();
    assert_eq!(apart::facts(&path, "image/png").await, juggler::documents::facts(&good));
    let (told, bytes) = apart::edited(&path, &Edit::parse_all("resize 50%").unwrap()).await.unwrap();
    assert_eq!(juggler::documents::facts(&bytes), told.facts);
    let (width, height, pixels) = apart::small(&path, (100, 60)).await.unwrap();
    assert_eq!((width, height, pixels.len()), (50, 60, 50 * 60 * 4));
    assert_eq!(std::fs::read(&path).unwrap(), good, "the old file is never touched");
}
