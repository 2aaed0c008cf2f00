//! Pictures that the terminal draws over cells (Sixel, iTerm2), written behind the frame whose cells make room for them.

use std::sync::Arc;

use ratatui::layout::Rect;

/// A picture with a place on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The cells it covers.
    pub area: Rect,
    /// Names it.
    pub id: u32,
    /// What draws it from the cell it begins in.
    pub bytes: Arc<[u8]>,
}

/// The pictures that stand on the terminal.
#[derive(Debug, Default)]
pub struct Places {
    written: Vec<(Rect, u32)>,
}

impl Places {
    /// What has to be written behind the frame that makes room for `placed`: those that do not stand there, and those over rows that
    /// the frame wrote anew.
    pub fn behind_frame(&mut self, placed: &[Placed], touched: impl Fn(Rect) -> bool) -> Vec<u8> {
        let mut out = Vec::new();
        for picture in placed {
            let here = (picture.area, picture.id);
            if !self.written.contains(&here) || touched(picture.area) {
                let (row, column) = (picture.area.y.saturating_add(1), picture.area.x.saturating_add(1));
                out.extend_from_slice(format!("\x1b7\x1b[{row};{column}H").as_bytes());
                out.extend_from_slice(&picture.bytes);
                out.extend_from_slice(b"\x1b8");
            }
        }
        self.written = placed.iter().map(|picture| (picture.area, picture.id)).collect();
        out
    }

    /// The screen is drawn whole the next time: none stands there any more.
    pub fn forget(&mut self) {
        self.written.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_written_once_and_again_where_the_frame_went_over_it() {
        let placed = |y, id| Placed { area: Rect::new(3, y, 5, 2), id, bytes: Arc::from(&b"PIX"[..]) };
        let mut places = Places::default();
        assert_eq!(places.behind_frame(&[placed(1, 9)], |_| false), b"\x1b7\x1b[2;4HPIX\x1b8");
        assert!(places.behind_frame(&[placed(1, 9)], |_| false).is_empty());
        assert!(!places.behind_frame(&[placed(1, 9)], |area| area.y == 1).is_empty());
        assert!(!places.behind_frame(&[placed(2, 9)], |_| false).is_empty(), "elsewhere");
        places.forget();
        assert!(!places.behind_frame(&[placed(2, 9)], |_| false).is_empty());
        assert!(places.behind_frame(&[], |_| true).is_empty());
    }
}
