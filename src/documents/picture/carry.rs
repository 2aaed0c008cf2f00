//! What is written beside the pixels, carried from one file into another: profile, resolution, EXIF, XMP, texts. What the new kind of
//! file has no place for is told, and a mark that AI made the picture is never lost on the way.

use image::metadata::Orientation;
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageEXIF, ImageICC};
use moxcms::ColorProfile;

use crate::domain::picture::{Kind, dpi_of};

const XMP_NAME: &str = "XML:com.adobe.xmp";
const XMP_JPEG: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Most bytes of a JPEG segment.
const SEGMENT: usize = 65_500;

/// What a file says beside its pixels.
#[derive(Debug, Default)]
pub struct Beside {
    /// Colour profile.
    pub icc: Option<Vec<u8>>,
    /// Told to be sRGB without a profile.
    pub srgb: bool,
    /// Pixels a metre.
    pub per_metre: Option<(u32, u32)>,
    exif: Option<Vec<u8>>,
    xmp: Option<Vec<u8>>,
    /// Text chunks of a PNG, as they stand: type and content.
    texts: Vec<([u8; 4], Bytes)>,
    comments: Vec<Bytes>,
    iptc: Option<Bytes>,
    /// The IPTC source type that a C2PA manifest names; the manifest itself is bound to the old bytes.
    c2pa: Option<String>,
    /// The file declares that AI made it.
    pub declares_ai: bool,
}

impl Beside {
    /// Of a file.
    pub fn of(bytes: &[u8], mime: &str, per_metre: Option<(u32, u32)>) -> Beside {
        let bytes = Bytes::copy_from_slice(bytes);
        let mut beside = match mime {
            "image/png" => Png::from_bytes(bytes).map(|file| of_png(&file)),
            "image/jpeg" => Jpeg::from_bytes(bytes).map(|file| of_jpeg(&file)),
            "image/webp" => WebP::from_bytes(bytes).map(|file| of_webp(&file)),
            _ => Ok(Beside::default()),
        }
        .unwrap_or_default();
        beside.per_metre = per_metre;
        beside
    }

    /// The picture was put upright: EXIF must not turn it once more.
    pub fn upright(&mut self) {
        if let Some(exif) = &mut self.exif {
            let _ = Orientation::remove_from_exif_chunk(exif);
        }
    }

    /// Writes all of it into a file that has none of it, and tells what could not be.
    ///
    /// # Errors
    /// The file is none of that kind.
    pub fn put(mut self, bytes: Vec<u8>, kind: Kind) -> Result<(Vec<u8>, Vec<String>), String> {
        let mut told = Vec::new();
        if let Some(source) = self.c2pa.take() {
            told.push("its C2PA manifest is bound to the old bytes and stays with the old file".to_owned());
            if !source.is_empty() && !self.xmp.as_ref().is_some_and(|xmp| contains(xmp, "digitalsourcetype/")) {
                if self.xmp.is_none() {
                    self.xmp = Some(packet(&source).into_bytes());
                    told.push(format!("the mark {source} is kept as XMP"));
                } else {
                    told.push(format!("it said {source}: declare that yourself"));
                }
            }
        }
        if kind == Kind::Webp && self.declares_ai && !self.texts.is_empty() && self.xmp.is_none() {
            // The generator's own words have no place there; what they say of its maker has.
            self.xmp = Some(packet("trainedAlgorithmicMedia").into_bytes());
            told.push("that AI made it is kept as XMP".to_owned());
        }
        let broken = |why: img_parts::Error| format!("the new file cannot be put together ({why})");
        let bytes = Bytes::from(bytes);
        let out = match kind {
            Kind::Png => self.into_png(Png::from_bytes(bytes).map_err(broken)?, &mut told),
            Kind::Jpeg => self.into_jpeg(Jpeg::from_bytes(bytes).map_err(broken)?, &mut told),
            Kind::Webp => self.into_webp(WebP::from_bytes(bytes).map_err(broken)?, &mut told),
        };
        Ok((out.to_vec(), told))
    }

    fn into_png(self, mut file: Png, told: &mut Vec<String>) -> Bytes {
        for kind in [*b"pHYs", *b"sRGB", *b"iCCP", *b"gAMA", *b"cHRM", *b"cICP", *b"tEXt", *b"zTXt", *b"iTXt", *b"eXIf", *b"caBX"]
        {
            file.remove_chunks_by_type(kind);
        }
        let mut chunks = Vec::new();
        if self.icc.is_none() && self.srgb {
            chunks.push(PngChunk::new(*b"sRGB", Bytes::from_static(&[0])));
        }
        if let Some((x, y)) = self.per_metre {
            let body = [&x.to_be_bytes()[..], &y.to_be_bytes(), &[1]].concat();
            chunks.push(PngChunk::new(*b"pHYs", body.into()));
        }
        if let Some(xmp) = self.xmp {
            let body = [XMP_NAME.as_bytes(), &[0, 0, 0, 0, 0], &xmp].concat();
            chunks.push(PngChunk::new(*b"iTXt", body.into()));
        }
        chunks.extend(self.texts.into_iter().map(|(kind, body)| PngChunk::new(kind, body)));
        for comment in self.comments {
            let text = String::from_utf8_lossy(&comment).into_owned();
            let body = [&b"Comment\0\0\0\0\0"[..], text.as_bytes()].concat();
            chunks.push(PngChunk::new(*b"iTXt", body.into()));
        }
        if self.iptc.is_some() {
            told.push("its IPTC block has no place in PNG".to_owned());
        }
        // Behind the header; a profile is put in front of all of them.
        file.chunks_mut().splice(1..1, chunks);
        file.set_exif(self.exif.map(Bytes::from));
        file.set_icc_profile(self.icc.map(Bytes::from));
        file.encoder().bytes()
    }

    fn into_jpeg(self, mut file: Jpeg, told: &mut Vec<String>) -> Bytes {
        for marker in [0xe0, 0xe1, 0xeb, 0xed, 0xfe] {
            file.remove_segments_by_marker(marker);
        }
        let dpi = |n: u32| u16::try_from(dpi_of(n)).unwrap_or(u16::MAX).to_be_bytes();
        let (unit, [x1, x0], [y1, y0]) = match self.per_metre {
            Some((x, y)) => (1, dpi(x), dpi(y)),
            None => (0, [0, 1], [0, 1]),
        };
        let jfif = [b'J', b'F', b'I', b'F', 0, 1, 2, unit, x1, x0, y1, y0, 0, 0];
        let mut segments = vec![JpegSegment::new_with_contents(0xe0, Bytes::copy_from_slice(&jfif))];
        if let Some(xmp) = self.xmp.filter(|xmp| fits(xmp.len(), "XMP", told)) {
            segments.push(JpegSegment::new_with_contents(0xe1, [XMP_JPEG, &xmp].concat().into()));
        }
        if let Some(iptc) = self.iptc {
            segments.push(JpegSegment::new_with_contents(0xed, iptc));
        }
        for (kind, body) in &self.texts {
            let text = said(*kind, body);
            if text.as_ref().is_none_or(|text| fits(text.len(), "a text of PNG", told)) {
                match text {
                    Some(text) => segments.push(JpegSegment::new_with_contents(0xfe, text.into_bytes().into())),
                    None => told.push("a packed text of PNG could not be carried".to_owned()),
                }
            }
        }
        segments.extend(self.comments.into_iter().map(|body| JpegSegment::new_with_contents(0xfe, body)));
        file.segments_mut().splice(0..0, segments);
        let exif = self.exif.filter(|exif| fits(exif.len(), "EXIF", told));
        file.set_exif(exif.map(Bytes::from));
        let srgb = || ColorProfile::new_srgb().encode().ok();
        let icc = self.icc.or_else(|| if self.srgb { srgb() } else { None });
        file.set_icc_profile(icc.map(Bytes::from));
        // JFIF is the first of all.
        let at = file.segments().iter().position(|segment| segment.marker() == 0xe0 && segment.contents().starts_with(b"JFIF"));
        if let Some(at) = at {
            let first = file.segments_mut().remove(at);
            file.segments_mut().insert(0, first);
        }
        file.encoder().bytes()
    }

    fn into_webp(self, mut file: WebP, told: &mut Vec<String>) -> Bytes {
        for id in [*b"EXIF", *b"XMP ", *b"ICCP", *b"C2PA"] {
            file.remove_chunks_by_id(id);
        }
        if !self.texts.is_empty() || !self.comments.is_empty() {
            let names: Vec<String> = self.texts.iter().map(|(_, body)| keyword(body)).collect();
            told.push(format!("texts of the old file have no place in WebP: {}", names.join(", ")));
        }
        if self.per_metre.is_some() {
            told.push("WebP does not tell pixels an inch; that is lost".to_owned());
        }
        let with_xmp = self.xmp.is_some();
        if let Some(xmp) = self.xmp {
            file.chunks_mut().push(RiffChunk::new(*b"XMP ", RiffContent::Data(xmp.into())));
        }
        file.set_exif(self.exif.map(Bytes::from));
        let srgb = || ColorProfile::new_srgb().encode().ok();
        let icc = self.icc.or_else(|| if self.srgb { srgb() } else { None });
        file.set_icc_profile(icc.map(Bytes::from));
        if with_xmp {
            // The header says which chunks follow: bit 2 is XMP.
            let head = file.chunks_mut().iter_mut().find(|chunk| chunk.id() == *b"VP8X");
            if let Some(head) = head
                && let Some(data) = head.content().data()
            {
                let mut flags = data.to_vec();
                if let Some(first) = flags.first_mut() {
                    *first |= 4;
                }
                *head = RiffChunk::new(*b"VP8X", RiffContent::Data(flags.into()));
            }
        }
        file.encoder().bytes()
    }
}

fn of_png(file: &Png) -> Beside {
    let mut beside = Beside {
        icc: file.icc_profile().map(|icc| icc.to_vec()),
        exif: file.exif().map(|exif| exif.to_vec()),
        ..Beside::default()
    };
    for chunk in file.chunks() {
        match &chunk.kind() {
            b"sRGB" => beside.srgb = true,
            b"caBX" => beside.c2pa = Some(source_type(chunk.contents())),
            b"iTXt" if keyword(chunk.contents()) == XMP_NAME && said(*b"iTXt", chunk.contents()).is_some() => {
                beside.xmp = chunk.contents().get(XMP_NAME.len() + 5..).map(<[u8]>::to_vec);
            }
            kind @ (b"tEXt" | b"zTXt" | b"iTXt") => beside.texts.push((*kind, chunk.contents().clone())),
            _ => {}
        }
    }
    beside
}

fn of_jpeg(file: &Jpeg) -> Beside {
    let mut beside = Beside {
        icc: file.icc_profile().map(|icc| icc.to_vec()),
        exif: file.exif().map(|exif| exif.to_vec()),
        ..Beside::default()
    };
    for segment in file.segments() {
        let body = segment.contents();
        match segment.marker() {
            0xe1 => beside.xmp = beside.xmp.or_else(|| body.strip_prefix(XMP_JPEG).map(<[u8]>::to_vec)),
            0xeb => beside.c2pa = beside.c2pa.filter(|known| !known.is_empty()).or_else(|| Some(source_type(body))),
            0xed => beside.iptc = Some(body.clone()),
            0xfe => beside.comments.push(body.clone()),
            _ => {}
        }
    }
    beside
}

fn of_webp(file: &WebP) -> Beside {
    let data = |id: [u8; 4]| file.chunk_by_id(id).and_then(|chunk| chunk.content().data()).map(|data| data.to_vec());
    Beside {
        icc: file.icc_profile().map(|icc| icc.to_vec()),
        exif: file.exif().map(|exif| exif.to_vec()),
        xmp: data(*b"XMP "),
        c2pa: data(*b"C2PA").map(|manifest| source_type(&manifest)),
        ..Beside::default()
    }
}

/// The name that a text chunk begins with.
fn keyword(body: &[u8]) -> String {
    let end = body.iter().position(|byte| *byte == 0).unwrap_or(body.len());
    body.get(..end).unwrap_or_default().iter().map(|byte| char::from(*byte)).collect()
}

/// A text that is not packed, with its name: "Comment: …".
fn said(kind: [u8; 4], body: &[u8]) -> Option<String> {
    let (name, rest) = (keyword(body), body.get(keyword(body).chars().count() + 1..)?);
    match &kind {
        b"tEXt" => Some(format!("{name}: {}", rest.iter().map(|byte| char::from(*byte)).collect::<String>())),
        b"iTXt" if rest.first() == Some(&0) => {
            // Packed or not and how, then language and name in it, each with an end.
            let text = rest.get(2..)?.splitn(3, |byte| *byte == 0).nth(2)?;
            Some(format!("{name}: {}", String::from_utf8_lossy(text)))
        }
        _ => None,
    }
}

fn fits(bytes: usize, what: &str, told: &mut Vec<String>) -> bool {
    if bytes > SEGMENT {
        told.push(format!("{what} is too long for JPEG, and could not be carried"));
    }
    bytes <= SEGMENT
}

fn contains(bytes: &[u8], what: &str) -> bool {
    memchr::memmem::find(bytes, what.as_bytes()).is_some()
}

/// The source type that a manifest names; empty without one.
fn source_type(manifest: &[u8]) -> String {
    const ADDRESS: &str = "digitalsourcetype/";
    let Some(at) = memchr::memmem::find(manifest, ADDRESS.as_bytes()) else { return String::new() };
    let rest = manifest.get(at + ADDRESS.len()..).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).take(60).map(|byte| char::from(*byte)).collect()
}

/// A packet that says this and nothing else.
fn packet(source: &str) -> String {
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" \
         xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"><Iptc4xmpExt:DigitalSourceType>\
         http://cv.iptc.org/newscodes/digitalsourcetype/{source}</Iptc4xmpExt:DigitalSourceType></rdf:Description></rdf:RDF>\
         </x:xmpmeta><?xpacket end=\"w\"?>"
    )
}
