//! What goes where: from 200×60 down to one pane at a time, pure arithmetic on rectangles.

use ratatui::layout::Rect;

use super::model::Focus;

/// The least screen on which anything is drawn but a sentence.
pub const LEAST: (u16, u16) = (40, 10);
/// Under this, one pane at a time with one line of status.
pub const SMALL: (u16, u16) = (60, 15);
/// From here on all panes stand side by side.
pub const GRID: (u16, u16) = (160, 40);

/// Where everything goes; what has no room is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Name, panes, today's figures.
    pub header: Option<Rect>,
    /// The feed.
    pub feed: Option<Rect>,
    /// The peek of the brief.
    pub peek: Option<Rect>,
    /// The hand in one line.
    pub strip: Option<Rect>,
    /// The editor.
    pub editor: Option<Rect>,
    /// The money.
    pub earnings: Option<Rect>,
    /// The health of the sources.
    pub status: Option<Rect>,
    /// Messages, hints and the filter.
    pub message: Rect,
    /// Everything between header and status: what overlays cover.
    pub body: Rect,
}

fn split(area: &mut Rect, rows: u16, top: bool) -> Rect {
    let rows = rows.min(area.height);
    let y = if top { area.y } else { area.bottom() - rows };
    let part = Rect { y, height: rows, ..*area };
    if top {
        area.y += rows;
    }
    area.height -= rows;
    part
}

/// The layout of a screen; `None` when it is too small for anything but a sentence.
pub fn layout(area: Rect, focus: Focus, zoom: bool, holding: bool) -> Option<Layout> {
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return None;
    }
    let small = area.width < SMALL.0 || area.height < SMALL.1;
    let mut body = area;
    let mut at = Layout { message: split(&mut body, 1, false), ..Layout::default() };
    at.header = Some(split(&mut body, 1, true));
    if !small {
        at.status = Some(split(&mut body, 1, false));
    }
    at.body = body;
    if !zoom && area.width >= GRID.0 && area.height >= GRID.1 {
        grid(&mut at, body, focus);
    } else {
        single(&mut at, body, focus, small || zoom, holding);
    }
    Some(at)
}

/// The peek beside the feed: narrow enough that titles can be read whole.
fn peek_width(body: u16) -> u16 {
    (body * 3 / 10).clamp(46, 68)
}

/// Feed and peek above, editor and earnings below; the row with the keys is the larger one.
fn grid(at: &mut Layout, mut body: Rect, focus: Focus) {
    let lower = if focus == Focus::Hand { body.height * 62 / 100 } else { body.height * 45 / 100 };
    let mut low = split(&mut body, lower, false);
    let side = peek_width(body.width);
    at.peek = Some(Rect { x: body.right() - side, width: side, ..body });
    at.feed = Some(Rect { width: body.width - side, ..body });
    let money = if focus == Focus::Earnings { 72 } else { 48 };
    let right = Rect { x: low.right() - money, width: money, ..low };
    low.width -= money;
    at.editor = Some(low);
    at.earnings = Some(right);
}

fn single(at: &mut Layout, mut body: Rect, focus: Focus, bare: bool, holding: bool) {
    match focus {
        Focus::Hand => at.editor = Some(body),
        Focus::Earnings => at.earnings = Some(body),
        Focus::Feed => {
            if !bare && holding {
                at.strip = Some(split(&mut body, 1, false));
            }
            if !bare && body.width >= 150 {
                let side = peek_width(body.width);
                at.peek = Some(Rect { x: body.right() - side, width: side, ..body });
                body.width -= side;
            } else if !bare && body.height >= 16 {
                let rows = (body.height * 2 / 5).clamp(7, 16);
                at.peek = Some(split(&mut body, rows, false));
            }
            at.feed = Some(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_screen() {
        for width in (40..260).step_by(7) {
            for height in 10..80 {
                let area = Rect::new(0, 0, width, height);
                for focus in Focus::ALL {
                    for (zoom, holding) in [(false, false), (false, true), (true, true)] {
                        let Some(at) = layout(area, focus, zoom, holding) else { panic!("{width}x{height} has a layout") };
                        let parts = [at.header, at.feed, at.peek, at.strip, at.editor, at.earnings, at.status, Some(at.message)];
                        let parts: Vec<Rect> = parts.into_iter().flatten().collect();
                        for (i, part) in parts.iter().enumerate() {
                            assert_eq!(part.intersection(area), *part);
                            assert!(parts[i + 1..].iter().all(|other| !part.intersects(*other)), "{width}x{height} {focus:?}");
                        }
                        let own = match focus {
                            Focus::Feed => at.feed,
                            Focus::Hand => at.editor,
                            Focus::Earnings => at.earnings,
                        };
                        assert!(own.is_some_and(|rect| rect.width >= 38 && rect.height >= 6), "{width}x{height} {focus:?}");
                    }
                }
            }
        }
    }
}
