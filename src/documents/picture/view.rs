//! A picture made small enough for a screen.

use super::pixels::Canvas;

/// Red, green, blue and alpha of a picture that fits into so many pixels, keeping its shape; never larger than it is.
///
/// # Errors
/// A sentence.
pub fn view(bytes: &[u8], mime: &str, (width, height): (u32, u32)) -> Result<(u32, u32, Vec<u8>), String> {
    let (canvas, _) = Canvas::open(bytes, mime)?;
    let (w, h) = (f64::from(canvas.width), f64::from(canvas.height));
    let by = (f64::from(width.max(1)) / w).min(f64::from(height.max(1)) / h).min(1.0);
    let side = |n: f64| ((n * by).round() as u32).max(1);
    let (w, h) = (side(w), side(h));
    let small = canvas.scaled(w, h)?;
    Ok((w, h, small.rgba))
}
