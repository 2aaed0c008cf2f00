//! A picture, made into what a terminal shows: scaled by a process of its own, put down by `ratatui-image`.

use std::sync::Arc;

use image::{DynamicImage, RgbaImage};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui_image::Image;
use ratatui_image::protocol::Protocol;
use ratatui_image::protocol::halfblocks::Halfblocks;
use ratatui_image::protocol::iterm2::Iterm2;
use ratatui_image::protocol::kitty::Kitty;
use ratatui_image::protocol::sixel::Sixel;

use super::{Ready, Want, Way};
use crate::documents::picture::apart;
use crate::domain::Text;

/// Cells over which the terminal draws a picture hold a character that nothing else here has: what is drawn there later is drawn whole.
pub const UNDER: &str = "\u{a0}";
/// The two greys that shine through what is see-through.
const CHECK: [u8; 2] = [0x58, 0x80];

/// Makes a picture ready; nothing when nobody waits for it any more.
pub async fn load(want: &Want) -> Option<Result<Ready, Text>> {
    tokio::select! {
        biased;
        () = want.stop.cancelled() => None,
        loaded = ready(want) => Some(loaded.map_err(|why| Text::title(&why))),
    }
}

async fn ready(want: &Want) -> Result<Ready, String> {
    let ((across, down), (w, h)) = (want.key.cells, want.key.font);
    let mut most = (u32::from(across) * u32::from(w), u32::from(down) * u32::from(h));
    loop {
        let (width, height, pixels) = apart::small(&want.key.path, most).await?;
        let (key, id, packed) = (want.key.clone(), want.id, want.packed);
        let (ready, weighs) = tokio::task::spawn_blocking(move || {
            let image = RgbaImage::from_raw(width, height, pixels).ok_or("its pixels did not come whole")?;
            put_down(image, key.way, key.font, key.cells, (id, packed))
        })
        .await
        .map_err(|_| "a bug ended it".to_owned())??;
        // Too heavy for the line: smaller, by about as much as it is over.
        if weighs <= want.budget || most.0.min(most.1) < 64 {
            return Ok(ready);
        }
        let by = (want.budget as f64 / weighs as f64).sqrt() * 0.9;
        most = ((f64::from(most.0) * by) as u32, (f64::from(most.1) * by) as u32);
    }
}

fn put_down(
    image: RgbaImage,
    way: Way,
    font: (u16, u16),
    most: (u16, u16),
    (id, packed): (u32, bool),
) -> Result<(Ready, usize), String> {
    let cells =
        |side: u32, font: u16, most: u16| u16::try_from(side.div_ceil(u32::from(font.max(1)))).unwrap_or(most).clamp(1, most);
    let size = Size::new(cells(image.width(), font.0, most.0), cells(image.height(), font.1, most.1));
    let image = DynamicImage::ImageRgba8(checked(&image, way, font, size));
    let no = |why: ratatui_image::errors::Errors| format!("it cannot be shown ({why})");
    let protocol = match way {
        Way::Off => return Err("pictures are off".to_owned()),
        Way::Half => Protocol::Halfblocks(Halfblocks::new(image, size).map_err(no)?),
        Way::Kitty => Protocol::Kitty(Kitty::new(image, size, id, false, packed).map_err(no)?),
        Way::Sixel => Protocol::Sixel(Sixel::new(image, size, false).map_err(no)?),
        Way::Iterm2 => Protocol::ITerm2(Iterm2::new(image, size, false).map_err(no)?),
    };
    let mut cells = Buffer::empty(Rect::new(0, 0, size.width, size.height));
    ratatui::widgets::Widget::render(Image::new(&protocol), cells.area, &mut cells);
    let (mut once, mut over) = (Vec::new(), Vec::new());
    match &protocol {
        Protocol::Halfblocks(_) => {}
        Protocol::Kitty(_) => {
            // The pixels stand in front of the first placeholder.
            if let Some(first) = cells.content.first_mut() {
                let symbol = first.symbol().to_owned();
                let at = symbol.rfind("\x1b\\").map_or(0, |at| at + 2);
                once.extend_from_slice(symbol.get(..at).unwrap_or_default().as_bytes());
                first.set_symbol(symbol.get(at..).unwrap_or_default());
            }
        }
        Protocol::Sixel(Sixel { data, .. }) | Protocol::ITerm2(Iterm2 { data, .. }) => over.extend_from_slice(data.as_bytes()),
    }
    for cell in &mut cells.content {
        // Our painter compares every cell; none is to be left out.
        cell.set_diff_option(ratatui::buffer::CellDiffOption::None);
        if matches!(way, Way::Sixel | Way::Iterm2) {
            cell.reset();
            cell.set_symbol(UNDER);
        }
    }
    let weighs = once.len() + over.len();
    Ok((Ready { cells, once: Arc::from(once), over: Arc::from(over) }, weighs))
}

/// On a chequered ground that shows what is see-through, as large as its cells.
fn checked(image: &RgbaImage, way: Way, font: (u16, u16), size: Size) -> RgbaImage {
    let (width, height) = match way {
        // One pixel more below would pull the picture to an even number of rows.
        Way::Half => (image.width(), u32::from(size.height) * 2),
        _ => (u32::from(size.width) * u32::from(font.0), u32::from(size.height) * u32::from(font.1)),
    };
    let square = if way == Way::Half { 2 } else { 8 };
    RgbaImage::from_fn(width.max(1), height.max(1), |x, y| {
        let ground = CHECK[((x / square + y / square) % 2) as usize];
        let Some(pixel) = (x < image.width() && y < image.height()).then(|| image.get_pixel(x, y)) else {
            // What is beside the picture is none of it.
            return image::Rgba([0, 0, 0, if way == Way::Half { 255 } else { 0 }]);
        };
        let alpha = u32::from(pixel[3]);
        let mix = |sample: u8| ((u32::from(sample) * alpha + u32::from(ground) * (255 - alpha)) / 255) as u8;
        image::Rgba([mix(pixel[0]), mix(pixel[1]), mix(pixel[2]), 255])
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn half_red() -> RgbaImage {
        RgbaImage::from_fn(40, 40, |x, _| image::Rgba([255, 0, 0, if x < 20 { 255 } else { 0 }]))
    }

    #[test]
    fn half_blocks_are_cells_alone() {
        let (ready, weighs) = put_down(half_red(), Way::Half, (1, 2), (60, 30), (7, false)).unwrap();
        assert_eq!((ready.cells.area.width, ready.cells.area.height, weighs), (40, 20, 0));
        let red = ratatui::style::Color::Rgb(255, 0, 0);
        let cell = &ready.cells[(3, 3)];
        assert!(cell.bg == red || cell.fg == red, "{cell:?}");
        assert!(ready.cells[(30, 3)].bg != red, "what is see-through shows the ground");
    }

    #[test]
    fn kitty_sends_pixels_once_and_placeholders_are_cells() {
        let (ready, _) = put_down(half_red(), Way::Kitty, (10, 20), (60, 30), (0x6a_0001, false)).unwrap();
        let once = String::from_utf8(ready.once.to_vec()).unwrap();
        assert!(once.starts_with("\x1b_Gq=2,i=6946817,a=T,U=1") && once.ends_with("\x1b\\"), "{}", &once[..40]);
        assert_eq!((ready.cells.area.width, ready.cells.area.height), (4, 2));
        assert!(
            ready.cells.content.iter().all(|cell| cell.symbol().starts_with('\u{10eeee}') && !cell.symbol().contains('\x1b'))
        );
        assert!(ready.over.is_empty());
    }

    #[test]
    fn sixel_and_iterm_are_written_over_cells_of_their_own() {
        for (way, begins) in [(Way::Sixel, "\x1bP"), (Way::Iterm2, "\x1b]1337;File=inline=1")] {
            let (ready, _) = put_down(half_red(), way, (10, 20), (60, 30), (1, false)).unwrap();
            assert!(String::from_utf8_lossy(&ready.over).contains(begins), "{way:?}");
            assert!(ready.cells.content.iter().all(|cell| cell.symbol() == UNDER) && ready.once.is_empty());
        }
    }
}
