//! Draws the contact sheet: a grid with captions and the facts of the picture under the cursor beside it, or that picture alone.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::net::Page;
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::osc::Link;
use crate::tui::picture::{Key, Pictures, Placed, Seen, Sheet, Way, Ways};
use crate::tui::theme::Theme;
use crate::tui::widget::text::{clip, wrap};

/// Cells of a picture in the grid, its caption included.
const CELL: (u16, u16) = (24, 10);
/// Cells for the facts beside.
const FACTS: u16 = 34;

/// What drawing leaves behind for whoever writes to the terminal.
#[derive(Debug, Default)]
pub struct Left {
    /// Pictures that the terminal draws over their cells.
    pub placed: Vec<Placed>,
    /// The address of the file, where the terminal can open it.
    pub links: Vec<Link>,
}

/// Draws it over `area`.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    sheet: &mut Sheet,
    pictures: &mut Pictures,
    far: bool,
    theme: &Theme,
    keymap: &Keymap,
) -> Left {
    let key = |command| keymap.hint(Stack::Dialog, command);
    let keys = match sheet.large {
        true => format!("arrows turn · {} closes", key(Command::DialogCancel)),
        false => format!("arrows choose · {} large · {} closes", key(Command::DialogAccept), key(Command::DialogCancel)),
    };
    let inner = super::sheet(frame, area, theme, sheet.title.as_str(), &keys);
    let mut left = Left::default();
    if inner.height < 3 || inner.width < 20 || sheet.items.is_empty() {
        let words = if sheet.items.is_empty() { "There is no picture here." } else { "There is no room for a picture here." };
        frame.render_widget(Line::styled(words, theme.dim()), inner);
        return left;
    }
    let beside = if inner.width >= 2 * FACTS { FACTS } else { 0 };
    let body = Rect { width: inner.width - beside, ..inner };
    if beside > 0 {
        let place = Rect { x: body.right() + 1, width: beside - 1, ..inner };
        facts(frame, place, sheet, &pictures.ways, theme, &mut left);
    }
    match sheet.large {
        true => {
            // Without a place beside, the facts that matter stand below.
            let foot = if beside == 0 { 4.min(body.height / 2) } else { 0 };
            let place = Rect { height: body.height - foot, ..body };
            one(frame, place, sheet, sheet.at, pictures, far, theme, &mut left);
            if foot > 0 {
                facts(frame, Rect { y: place.bottom(), height: foot, ..body }, sheet, &pictures.ways, theme, &mut left);
            }
        }
        false => grid(frame, body, sheet, pictures, far, theme, &mut left),
    }
    left
}

#[allow(clippy::too_many_arguments)]
fn grid(
    frame: &mut Frame<'_>,
    area: Rect,
    sheet: &mut Sheet,
    pictures: &mut Pictures,
    far: bool,
    theme: &Theme,
    left: &mut Left,
) {
    let columns = usize::from(area.width / CELL.0).max(1);
    let (width, height) = (area.width / u16::try_from(columns).unwrap_or(1), CELL.1.min(area.height));
    let rows = usize::from(area.height / height).max(1);
    sheet.columns = columns;
    let row = sheet.at / columns;
    sheet.top = sheet.top.clamp((row + 1).saturating_sub(rows), row);
    for n in sheet.top * columns..sheet.items.len().min((sheet.top + rows) * columns) {
        let cell = |n: usize| u16::try_from(n).unwrap_or(0);
        let place = Rect {
            x: area.x + cell(n % columns) * width,
            y: area.y + cell(n / columns - sheet.top) * height,
            width: width.saturating_sub(1),
            height,
        };
        let caption = Rect { y: place.bottom() - 1, height: 1, ..place };
        one(frame, Rect { height: place.height - 1, ..place }, sheet, n, pictures, far, theme, left);
        let here = n == sheet.at;
        let words = format!("{}{}", if here { "▌" } else { " " }, sheet.items.get(n).map_or("", |item| item.caption.as_str()));
        let line = Line::styled(words, if here { theme.title().patch(theme.selection()) } else { theme.text() });
        frame.render_widget(clip(line, usize::from(caption.width)), caption);
    }
}

/// One picture in the middle of a place, or why it is not there.
#[allow(clippy::too_many_arguments)]
fn one(
    frame: &mut Frame<'_>,
    place: Rect,
    sheet: &Sheet,
    n: usize,
    pictures: &mut Pictures,
    far: bool,
    theme: &Theme,
    left: &mut Left,
) {
    let Some(item) = sheet.items.get(n) else { return };
    let say = |frame: &mut Frame<'_>, words: &str| {
        let lines: Vec<Line<'_>> =
            wrap(words, usize::from(place.width).max(1)).into_iter().map(|line| Line::styled(line, theme.dim())).collect();
        frame.render_widget(Paragraph::new(lines), place);
    };
    if far {
        return say(frame, "The file lies on the machine of the engine; fetch it with scp to look at it.");
    }
    let (way, font) = match pictures.ways.way() {
        None => return say(frame, "…"),
        Some((Way::Off, _)) => return say(frame, "Pictures are off in the config."),
        Some((Way::Half, _)) if theme.exact((0, 0, 0)).is_none() => {
            return say(frame, "Without colours pictures cannot be shown here.");
        }
        Some(known) => known,
    };
    let key = Key { path: item.path.clone(), cells: (place.width.max(1), place.height.max(1)), way, font };
    match pictures.get(&key) {
        Seen::Coming => say(frame, "…"),
        Seen::Not(why) => say(frame, why.as_str()),
        Seen::Here(ready, id) => {
            let (w, h) = (ready.cells.area.width.min(place.width), ready.cells.area.height.min(place.height));
            let at = Rect { x: place.x + (place.width - w) / 2, y: place.y + (place.height - h) / 2, width: w, height: h };
            let buffer = frame.buffer_mut();
            for (x, y) in (0..h).flat_map(|y| (0..w).map(move |x| (x, y))) {
                if let (Some(from), Some(to)) = (ready.cells.cell((x, y)), buffer.cell_mut((at.x + x, at.y + y))) {
                    *to = from.clone();
                    if way == Way::Half {
                        let near =
                            |color| if let Color::Rgb(r, g, b) = color { theme.exact((r, g, b)).unwrap_or(color) } else { color };
                        (to.fg, to.bg) = (near(to.fg), near(to.bg));
                    }
                }
            }
            if !ready.over.is_empty() {
                left.placed.push(Placed { area: at, id, bytes: ready.over.clone() });
            }
        }
    }
}

fn facts(frame: &mut Frame<'_>, place: Rect, sheet: &Sheet, ways: &Ways, theme: &Theme, left: &mut Left) {
    let Some(item) = sheet.item() else { return };
    let cells = usize::from(place.width).max(1);
    let mut lines = vec![Line::styled(item.caption.as_str().to_owned(), theme.title())];
    let texts = item.facts.iter().flat_map(|fact| wrap(fact.as_str(), cells));
    lines.extend(texts.map(|line| Line::styled(line, theme.text())));
    let page = Page::of_file(&item.path);
    let path = item.path.to_string_lossy().into_owned();
    // Over a network the person's own machine fetches it.
    let path = match page.as_ref().filter(|_| ways.is_far()) {
        Some(page) => format!("scp {}:{path} .", page.host()),
        None => path,
    };
    let room = usize::from(place.height);
    let parts = wrap(&path, cells);
    lines.truncate(room.saturating_sub(parts.len() + 1).max(1));
    if lines.len() + parts.len() < room {
        lines.push(Line::default());
        let y = place.y + u16::try_from(lines.len()).unwrap_or(0);
        for (n, part) in parts.into_iter().enumerate() {
            let at = Position { x: place.x, y: y + u16::try_from(n).unwrap_or(0) };
            if let Some(page) = page.clone() {
                left.links.push(Link { at, text: part.clone(), page });
            }
            lines.push(Line::styled(part, theme.link()));
        }
    }
    frame.render_widget(Paragraph::new(lines), place);
}
