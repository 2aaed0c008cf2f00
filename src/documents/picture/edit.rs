//! Edits without a model, carried out on the bytes of a file. The file itself is never touched: another one comes out.

use super::carry::Beside;
use super::pixels::{Came, Canvas};
use super::{colors, look, write};
use crate::domain::draft::FileFacts;
use crate::domain::picture::{Across, Edit, Ink, Kind, Shape, per_metre};

/// Shapes that differ by less than so many of a thousand are taken for the same.
const SAME: u64 = 10;
/// Enlarged by more than this many per cent, a picture shows it.
const ENLARGED: u64 = 110;

/// The new file.
#[derive(Debug)]
pub struct Edited {
    /// It.
    pub bytes: Vec<u8>,
    /// Its kind.
    pub kind: Kind,
    /// What a person should know: what could not be carried, what was guessed.
    pub told: Vec<String>,
    /// What it is now.
    pub facts: FileFacts,
}

/// A picture being edited.
struct Work<'a> {
    bytes: &'a [u8],
    mime: &'a str,
    canvas: Option<Canvas>,
    came: Came,
    beside: Beside,
    kind: Kind,
    quality: Option<u8>,
    /// Pixels differ from those of the file.
    changed: bool,
    small: bool,
    told: Vec<String>,
    cmyk: bool,
}

/// Carries the edits out, one after the other.
///
/// # Errors
/// The first that cannot be, in a sentence; nothing comes out then.
pub fn edit(bytes: &[u8], mime: &str, edits: &[Edit]) -> Result<Edited, String> {
    let facts = look(bytes, mime);
    let picture = facts.picture.as_deref().cloned().unwrap_or_default();
    if facts.width.is_none() || !picture.trouble.is_empty() {
        let why = if picture.trouble.is_empty() { "it is no picture that is edited here" } else { picture.trouble.as_str() };
        return Err(why.to_owned());
    }
    let mut work = Work {
        bytes,
        mime,
        canvas: None,
        came: Came::default(),
        beside: Beside::of(bytes, mime, picture.per_metre),
        kind: Kind::nearest(mime),
        quality: None,
        changed: Kind::of_mime(mime).is_none(),
        small: false,
        told: Vec::new(),
        cmyk: picture.ink == Ink::Cmyk,
    };
    work.beside.declares_ai = !picture.ai.is_empty();
    if picture.frames > 1 {
        work.told.push(format!("of its {} pictures only the first is kept", picture.frames));
        work.changed = true;
    }
    for edit in edits {
        work.carry_out(*edit).map_err(|why| format!("{edit}: {why}"))?;
    }
    work.finish()
}

impl Work<'_> {
    /// The pixels, to be changed.
    fn take(&mut self) -> Result<Canvas, String> {
        self.changed = true;
        self.peek()?;
        self.canvas.take().ok_or_else(|| "its pixels are gone".to_owned())
    }

    /// The pixels, to be looked at.
    fn peek(&mut self) -> Result<(), String> {
        if self.canvas.is_none() {
            let (canvas, came) = Canvas::open(self.bytes, self.mime)?;
            self.changed |= came.turned;
            (self.canvas, self.came) = (Some(canvas), came);
        }
        Ok(())
    }

    fn carry_out(&mut self, edit: Edit) -> Result<(), String> {
        match edit {
            Edit::Dpi { dpi } if self.kind == Kind::Webp => {
                return Err(format!("WebP does not tell pixels an inch; {dpi} needs png or jpeg"));
            }
            Edit::Dpi { dpi } => self.beside.per_metre = Some((per_metre(dpi), per_metre(dpi))),
            Edit::Squeeze if self.kind == Kind::Jpeg => {
                return Err("a JPEG gets lighter at the cost of quality: convert jpeg 80".into());
            }
            Edit::Squeeze => self.small = true,
            Edit::Convert { kind, quality } => {
                if kind == Kind::Webp && self.beside.per_metre.is_some() && self.kind != Kind::Webp {
                    self.told.push("WebP does not tell pixels an inch".to_owned());
                    self.beside.per_metre = None;
                }
                (self.kind, self.quality) = (kind, Some(quality));
            }
            Edit::Srgb => self.srgb()?,
            Edit::Resize { shape, to } => {
                let canvas = self.take()?;
                let made = self.sized(canvas, shape, to)?;
                self.canvas = Some(made);
            }
            Edit::Crop { width, height, x, y } => {
                let canvas = self.take()?;
                self.canvas = Some(canvas.cropped(x, y, width, height)?);
            }
            Edit::Trim { leave } => {
                let canvas = self.take()?;
                let m = canvas.margins().ok_or("nothing in it shows")?;
                let (left, top) = (m.left.saturating_sub(leave), m.top.saturating_sub(leave));
                let width = canvas.width - left - m.right.saturating_sub(leave);
                let height = canvas.height - top - m.bottom.saturating_sub(leave);
                self.canvas = Some(canvas.cropped(left, top, width, height)?);
            }
            Edit::Pad { by, color } => {
                let canvas = self.take()?;
                let ground = color.map_or_else(|| canvas.ground(), |color| [color.0[0], color.0[1], color.0[2], 255]);
                let size = (canvas.width.saturating_add(2 * by), canvas.height.saturating_add(2 * by));
                self.canvas = Some(canvas.on(size, (by, by), ground)?);
            }
            Edit::Margin { by } => self.margin(by)?,
            Edit::Flatten { color } => {
                let mut canvas = self.take()?;
                canvas.flatten(color);
                self.canvas = Some(canvas);
            }
            Edit::Harden => {
                let mut canvas = self.take()?;
                canvas.harden();
                self.canvas = Some(canvas);
            }
        }
        Ok(())
    }

    fn sized(&mut self, canvas: Canvas, shape: Shape, to: Across) -> Result<Canvas, String> {
        let (from_width, from_height) = (u64::from(canvas.width), u64::from(canvas.height));
        let (width, height) = to.of(canvas.width, canvas.height);
        let (across, down) = (u64::from(width) * from_height, u64::from(height) * from_width);
        let same = across.abs_diff(down) * 1_000 <= across.max(down) * SAME;
        let part = |side: u64, of: u32, other: u64| {
            u32::try_from(((side * u64::from(of) + other / 2) / other.max(1)).max(1)).unwrap_or(u32::MAX)
        };
        let (w, h) = match shape {
            Shape::Stretch => (width, height),
            Shape::Same if same => (width, height),
            Shape::Same => {
                let to = format!("{width}x{height}");
                let shapes = format!(
                    "{} to {}",
                    crate::domain::picture::ratio(canvas.width, canvas.height),
                    crate::domain::picture::ratio(width, height)
                );
                return Err(format!(
                    "that would pull it from {shapes}; fit {to} keeps all of it, fill {to} cuts it, stretch {to} pulls it"
                ));
            }
            // Of the two ways to scale the smaller one leaves room, the larger one hangs over.
            Shape::Fit | Shape::Fill if (across <= down) == (shape == Shape::Fit) => {
                (width, part(from_height, width, from_width))
            }
            Shape::Fit | Shape::Fill => (part(from_width, height, from_height), height),
        };
        let by = (u64::from(w) * 100 / from_width.max(1)).min(u64::from(h) * 100 / from_height.max(1));
        if by > ENLARGED {
            self.told.push(format!("it was enlarged to {by} %: look at its edges"));
        }
        let ground = canvas.ground();
        let scaled = canvas.scaled(w, h)?;
        match shape {
            Shape::Fit if (w, h) != (width, height) => {
                scaled.on((width, height), (width.saturating_sub(w) / 2, height.saturating_sub(h) / 2), ground)
            }
            Shape::Fill if (w, h) != (width, height) => {
                scaled.cropped(w.saturating_sub(width) / 2, h.saturating_sub(height) / 2, width, height)
            }
            _ => Ok(scaled),
        }
    }

    /// What shows is scaled down until the border is wide enough, and put in the middle; nothing where it is already.
    fn margin(&mut self, by: u32) -> Result<(), String> {
        self.peek()?;
        let Some(canvas) = &self.canvas else { return Ok(()) };
        let (width, height) = (canvas.width, canvas.height);
        let m = canvas.margins().ok_or("nothing in it shows")?;
        if m.least() >= by {
            return Ok(());
        }
        if canvas.is_solid() {
            return Err("it has no see-through border: nothing is cut out".to_owned());
        }
        let (room_across, room_down) = (width.saturating_sub(2 * by), height.saturating_sub(2 * by));
        if room_across == 0 || room_down == 0 {
            return Err(format!("{by} pixels on each side leave no room in {width} × {height}"));
        }
        let canvas = self.take()?;
        let (w, h) = (width - m.left - m.right, height - m.top - m.bottom);
        let mut art = canvas.cropped(m.left, m.top, w, h)?;
        drop(canvas);
        if w > room_across || h > room_down {
            let narrow = u64::from(room_across) * u64::from(h) <= u64::from(room_down) * u64::from(w);
            let to = if narrow { Across::Pixels(room_across, 0) } else { Across::Pixels(0, room_down) };
            let (w, h) = to.of(w, h);
            art = art.scaled(w.min(room_across), h.min(room_down))?;
        }
        let at = ((width - art.width) / 2, (height - art.height) / 2);
        self.canvas = Some(art.on((width, height), at, [0; 4])?);
        Ok(())
    }

    fn srgb(&mut self) -> Result<(), String> {
        if self.cmyk {
            self.told.push("CMYK became RGB by rule of thumb, without its profile: compare the colours".to_owned());
            self.take().map(|canvas| self.canvas = Some(canvas))?;
        } else if let Some(icc) = self.beside.icc.take() {
            let mut looked = Default::default();
            colors::profile(&icc, &mut looked);
            if looked.srgb == Some(true) {
                self.beside.icc = Some(icc);
                return Ok(());
            }
            let mut canvas = self.take()?;
            colors::to_srgb(&mut canvas.rgba, Some(&icc))?;
            self.canvas = Some(canvas);
        }
        (self.beside.icc, self.beside.srgb, self.cmyk) = (None, true, false);
        Ok(())
    }

    fn finish(mut self) -> Result<Edited, String> {
        let other = Kind::of_mime(self.mime) != Some(self.kind);
        let again = self.kind == Kind::Jpeg && self.quality.is_some_and(|quality| quality != 92);
        let mut bytes = self.bytes.to_vec();
        if self.changed || other || again || self.small {
            self.peek()?;
            let canvas = self.canvas.take().ok_or("its pixels are gone")?;
            if self.came.deep {
                self.told.push("16 bits a channel became 8".to_owned());
            }
            if self.cmyk {
                self.told.push("CMYK became RGB by rule of thumb: compare the colours".to_owned());
                self.beside.icc = None;
            }
            self.beside.upright();
            let written = write::write(&canvas, self.kind, self.quality.unwrap_or(92), self.small)?;
            let only_smaller = self.small && !self.changed && !other && !again;
            if !only_smaller || written.len() < bytes.len() {
                bytes = written;
            } else {
                self.told.push("it is as small as it gets here without losing pixels".to_owned());
            }
        }
        let (bytes, told) = self.beside.put(bytes, self.kind)?;
        self.told.extend(told);
        let facts = look(&bytes, self.kind.mime());
        Ok(Edited { bytes, kind: self.kind, told: self.told, facts })
    }
}
