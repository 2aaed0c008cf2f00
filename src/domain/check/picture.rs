//! Demands on a picture, judged by the facts of its file; and what the craft says of any picture.

use super::{Finding, fail, pass};
use crate::domain::Text;
use crate::domain::deliverable::Rule;
use crate::domain::draft::{FileFacts, FileItem};
use crate::domain::picture::{Across, Edit, Ink, Kind, PictureFacts, Shape, Wanted, percent, ratio, weight};

/// From this size down to what its detail is worth, a picture looks soft.
const SOFT: u8 = 3;
/// Most notes of a file that are told one by one.
const TOLD: usize = 3;

/// What is wrong, and how it is asked for.
struct Fault {
    label: String,
    what: String,
    cure: String,
}

impl Fault {
    fn new(label: impl Into<String>, what: impl Into<String>, cure: impl Into<String>) -> Fault {
        Fault { label: label.into(), what: what.into(), cure: cure.into() }
    }

    fn found(self, file: &FileItem) -> Finding {
        Finding::fail(self.label, format!("{}: {}", file.name, self.what), self.cure).in_file(&file.name)
    }
}

/// Exactly one picture as wanted: its first fault. [`more`] tells the others.
pub fn judge(files: &[FileItem], rule: &Rule) -> Finding {
    let Some(wanted) = Wanted::of(rule) else { return Finding::pass("") };
    let label = label(&wanted);
    match files {
        [] => fail(label, "no picture yet; attach one".into(), None),
        [file] => match faults(file, &wanted).into_iter().next() {
            None => pass(label).in_file(&file.name),
            Some(fault) => Fault { label, ..fault }.found(file),
        },
        _ => fail(label, format!("{} files; keep one", files.len()), None),
    }
}

/// All that is to be said of one picture beyond [`judge`]: its other faults, and each further demand with its verdict.
pub fn more(files: &[FileItem], rule: &Rule) -> Vec<Finding> {
    let (Some(wanted), [file]) = (Wanted::of(rule), files) else { return Vec::new() };
    let others = faults(file, &wanted).into_iter().skip(1).map(|fault| fault.found(file));
    others.chain(looks(file, &wanted)).collect()
}

/// What is worth knowing of a picture whatever is asked for: advice and warnings, nothing that fails.
pub fn craft(file: &FileItem) -> Vec<Finding> {
    let Some(picture) = file.facts.picture.as_deref() else { return Vec::new() };
    let mut found = Vec::new();
    let mut say = |finding: Finding| found.push(finding.in_file(&file.name));
    if let Some(named) = ending(file.name.as_str())
        && Kind::of_mime(file.facts.mime.as_str()).is_some_and(|kind| kind != named)
    {
        let what = format!("{} is {} by its content", file.name, kind(&file.facts.mime));
        say(Finding::warn("the name says what the file is", what, format!("rename it, or: picture convert {}", named.word())));
    }
    if picture.turned > 0 {
        let what = format!("{} is stored turned; programs that do not read EXIF show it lying", file.name);
        say(Finding::warn("it stands upright", what, "any picture edit that makes new pixels turns it: picture resize 100%"));
    }
    if picture.frames > 1 {
        say(advice(format!("{} moves: it holds {} pictures", file.name, picture.frames)));
    }
    if let Some(times) = picture.enlarged.filter(|times| *times >= SOFT) {
        let says = "enlarged, or soft all over; look at its edges";
        say(advice(format!("{} has the detail of a picture about {times} times smaller: {says}", file.name)));
    }
    for note in picture.notes.iter().filter(|note| note.prompt).take(TOLD) {
        let says = "it carries a prompt in its metadata; marketplaces may read it";
        say(advice(format!("{}: {says} ({}, {})", file.name, note.place, weight(note.bytes))));
    }
    if !picture.ai.is_empty() {
        let marks = picture.ai.iter().take(TOLD).map(Text::as_str).collect::<Vec<_>>().join(", ");
        say(advice(format!("{} declares that AI made it ({marks}); say so where the job asks", file.name)));
    }
    found
}

fn advice(words: String) -> Finding {
    Finding::advice(Text::title(&words))
}

fn label(wanted: &Wanted<'_>) -> String {
    let mut label = format!("one {} picture", kind(wanted.mime));
    if wanted.width > 0 && wanted.height > 0 {
        label.push_str(&format!(" of {} × {} pixels", wanted.width, wanted.height));
    } else if wanted.width > 0 {
        label.push_str(&format!(", {} pixels wide", wanted.width));
    } else if wanted.height > 0 {
        label.push_str(&format!(", {} pixels high", wanted.height));
    }
    if wanted.max_bytes > 0 {
        label.push_str(&format!(", at most {}", weight(wanted.max_bytes)));
    }
    if wanted.alpha {
        label.push_str(", with a transparent background");
    }
    label
}

/// Everything that is wrong with kind, size, weight and alpha, the worst first.
fn faults(file: &FileItem, wanted: &Wanted<'_>) -> Vec<Fault> {
    let facts = &file.facts;
    let mut faults = Vec::new();
    if !wanted.mime.is_empty() && facts.mime != *wanted.mime {
        let is = if facts.mime.is_empty() { "of no known type".to_owned() } else { format!("{} by its content", facts.mime) };
        let (to, can) = (kind(wanted.mime), Kind::of_mime(wanted.mime.as_str()));
        let how = can.map(|kind| format!(": picture convert {}", kind.word())).unwrap_or_default();
        faults.push(Fault::new(format!("a {to} file"), format!("it is {is}"), format!("save it as {to}{how}")));
    }
    let (Some(width), Some(height)) = (facts.width, facts.height) else {
        let why = facts.picture.as_deref().map(|picture| picture.trouble.as_str()).filter(|why| !why.is_empty());
        let what = format!("its size in pixels could not be read{}", why.map(|why| format!(" ({why})")).unwrap_or_default());
        faults.push(Fault::new("a picture that opens", what, "save it again as PNG"));
        return faults;
    };
    let trouble = trouble(facts);
    if let Some(trouble) = trouble {
        faults.push(Fault::new("a picture that opens", trouble.as_str(), "save it again where it was made"));
    }
    if wanted.width > 0 && width != wanted.width || wanted.height > 0 && height != wanted.height {
        let side = |n: u32| if n == 0 { "any".to_owned() } else { n.to_string() };
        let (w, h) = (side(wanted.width), side(wanted.height));
        let how = resized((width, height), Across::Pixels(wanted.width, wanted.height).of(width, height));
        let label = format!("{w} × {h} pixels");
        faults.push(Fault::new(label, format!("it is {width} × {height}"), format!("make it {w} × {h}: picture {how}")));
    }
    if wanted.max_bytes > 0 && file.size > wanted.max_bytes {
        let most = weight(wanted.max_bytes);
        let how = if facts.mime.as_str() == "image/jpeg" { "picture convert jpeg 80" } else { "picture squeeze" };
        let what = format!("it weighs {}", weight(file.size));
        faults.push(Fault::new(format!("at most {most}"), what, format!("bring it under {most}: {how}")));
    }
    // Of pixels that were not looked at nothing is said.
    let looked = wanted.alpha && trouble.is_none();
    if looked && facts.transparent != Some(true) {
        faults.push(Fault::new("a transparent background", "no pixel is transparent", "cut out the background"));
    }
    if looked && facts.opaque != Some(true) {
        let what = "no pixel is solid: it is empty or see-through";
        faults.push(Fault::new("something solid in it", what, "look at it, and save it again where it was made"));
    }
    faults
}

/// Why its pixels were not looked at, or what is wrong with them.
fn trouble(facts: &FileFacts) -> Option<&Text> {
    facts.picture.as_deref().map(|picture| &picture.trouble).filter(|trouble| !trouble.is_empty())
}

/// The edit that brings a picture from one size to another.
fn resized(from: (u32, u32), to: (u32, u32)) -> Edit {
    let same =
        (u64::from(from.0) * u64::from(to.1)).abs_diff(u64::from(from.1) * u64::from(to.0)) <= u64::from(from.0.max(from.1));
    let shape = if same { Shape::Same } else { Shape::Fit };
    Edit::Resize { shape, to: Across::Pixels(to.0, to.1) }
}

/// A finding for each demand beyond kind, size, weight and alpha.
fn looks(file: &FileItem, wanted: &Wanted<'_>) -> Vec<Finding> {
    let (facts, looks) = (&file.facts, wanted.looks);
    let mut found = Vec::new();
    let (Some(width), Some(height)) = (facts.width, facts.height) else { return found };
    let mut say = |label: String, fault: Option<(String, String)>| {
        found.push(match fault {
            None => pass(label).in_file(&file.name),
            Some((what, cure)) => Fault::new(label, what, cure).found(file),
        });
    };
    let (least_width, least_height) = (looks.min_width, looks.min_height);
    if least_width > 0 || least_height > 0 {
        let short = width < least_width || height < least_height;
        let to = match Across::Pixels(least_width.max(1), 0).of(width, height) {
            size if least_width > 0 && size.1 >= least_height => size,
            _ => Across::Pixels(0, least_height.max(1)).of(width, height),
        };
        let cure = || format!("make it again, larger, or enlarge it: picture resize {}x{}", to.0, to.1);
        let label = format!("at least {} × {} pixels", least_width.max(1), least_height.max(1));
        say(label, short.then(|| (format!("it is {width} × {height}"), cure())));
    }
    if let Some((a, b)) = looks.aspect {
        let cure = || "crop it, or put it on a ground of that shape: picture crop …, picture fit …".to_owned();
        let label = format!("of the shape {a}:{b}");
        say(label, (!wanted.has_shape(width, height)).then(|| (format!("it is {}", ratio(width, height)), cure())));
    }
    if trouble(facts).is_some() {
        return found;
    }
    let Some(picture) = facts.picture.as_deref() else {
        let asked = looks.margin > 0 || looks.dpi > 0 || looks.srgb || looks.max_halo.is_some();
        if asked {
            let cure = "attach it again, and it is looked at";
            found.push(Finding::warn("border, resolution, colours, edges", format!("{} was not looked at", file.name), cure));
        }
        return found;
    };
    if looks.margin > 0 {
        say(format!("{} see-through pixels on each side", looks.margin), margin(picture, facts.transparent, looks.margin));
    }
    if looks.dpi > 0 {
        say(format!("{} pixels an inch", looks.dpi), dpi(picture, looks.dpi));
    }
    if let Some(most) = looks.max_halo {
        let over = picture.soft.filter(|soft| *soft > most.saturating_mul(1_000));
        let cure = "clean the cut-out, or make its edges hard: picture harden";
        let label = format!("at most {} of soft edges", percent(most.saturating_mul(1_000)));
        say(label, over.map(|soft| (format!("{} of its pixels are half there", percent(soft)), cure.to_owned())));
    }
    if looks.srgb {
        found.push(colors(file, picture));
    }
    found
}

fn margin(picture: &PictureFacts, transparent: Option<bool>, least: u32) -> Option<(String, String)> {
    let cure = format!("set it further in: {}", format_args!("picture {}", Edit::Margin { by: least }));
    match picture.margins {
        Some(margins) if margins.least() >= least => None,
        Some(m) => Some((format!("its border is {} left, {} above, {} right, {} below", m.left, m.top, m.right, m.bottom), cure)),
        // All of it is see-through: that is said elsewhere.
        None if transparent == Some(true) => None,
        None => Some(("it has no see-through border".into(), "cut out the background".into())),
    }
}

fn dpi(picture: &PictureFacts, least: u32) -> Option<(String, String)> {
    let cure = format!("say so in the file: picture {}", Edit::Dpi { dpi: least });
    match picture.dpi() {
        Some((x, y)) if x.min(y) >= least => None,
        Some((x, y)) if x == y => Some((format!("it says {x}"), cure)),
        Some((x, y)) => Some((format!("it says {x} across and {y} down"), cure)),
        None => Some(("it says nothing of that".into(), cure)),
    }
}

fn colors(file: &FileItem, picture: &PictureFacts) -> Finding {
    let label = "sRGB colours";
    let cure = "turn them into sRGB: picture srgb";
    let found = match (picture.ink, picture.srgb) {
        (Ink::Cmyk, _) => Finding::fail(label, format!("{}: it is CMYK, made for the press", file.name), cure),
        (_, Some(false)) => Finding::fail(label, format!("{}: its profile is {}", file.name, picture.profile), cure),
        (_, None) => Finding::warn(label, format!("{}: it tells no profile, and is taken for sRGB", file.name), cure),
        (_, Some(true)) => Finding::pass(label),
    };
    found.in_file(&file.name)
}

fn kind(mime: &Text) -> String {
    match mime.as_str().rsplit('/').next() {
        None | Some("") => "whole".to_owned(),
        Some("svg+xml") => "SVG".to_owned(),
        Some("webp") => "WebP".to_owned(),
        Some(kind) => kind.to_uppercase(),
    }
}

/// The kind of picture that a name promises.
fn ending(name: &str) -> Option<Kind> {
    match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
        "png" => Some(Kind::Png),
        "jpg" | "jpeg" => Some(Kind::Jpeg),
        "webp" => Some(Kind::Webp),
        _ => None,
    }
}
