//! How the source pane looks: what is open in the first row, what is to be known of it below, then its text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::Source;
use crate::engine::api::AttachmentView;
use crate::tui::pane::editor::{KeyHints, checks_list, file_list, wrap};
use crate::tui::theme::Theme;

impl Source {
    /// Draws it; the area of its text, for the mouse.
    pub fn draw(&mut self, buf: &mut Buffer, area: Rect, theme: &Theme, hints: &KeyHints) -> Rect {
        let (Some(chosen), true) = (self.chosen, !area.is_empty()) else { return Rect::default() };
        let Some(item) = self.items.get(chosen) else { return Rect::default() };
        let width = usize::from(area.width);
        let mut place = String::new();
        if let Some(reader) = &self.reader {
            let last = reader.last_mark().filter(|last| last.heading.is_none());
            place = match (reader.mark(), last) {
                (Some(mark), Some(last)) => format!(" · {} of {}", mark.name(), last.number),
                (Some(mark), None) => format!(" · {}", mark.name()),
                (None, _) => String::new(),
            };
            place.push_str(&format!(" · {} %", reader.percent()));
        }
        let count = if self.items.len() > 1 { format!("{}/{} ", chosen + 1, self.items.len()) } else { String::new() };
        let head = vec![
            Span::styled(count, theme.dim()),
            Span::styled(item.name.to_string(), theme.title()),
            Span::styled(place, theme.dim()),
        ];
        Line::from(checks_list::cut(head, width)).render(Rect { height: 1, ..area }, buf);
        let mut rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let note = item.kept.as_ref().map_or("", |kept| kept.note.as_str());
        let words = match &self.reader {
            // Only what changes how the text is read.
            Some(_) if !item.trouble.is_empty() => vec![(item.trouble.to_string(), theme.warn())],
            Some(_) if !note.is_empty() => vec![(note.to_owned(), theme.warn())],
            Some(_) => Vec::new(),
            None => self.absent(item, theme, hints),
        };
        for (words, style) in words {
            for row in wrap::rows(&words, Some(width)) {
                if rest.height == 0 {
                    return rest;
                }
                buf.set_stringn(rest.x, rest.y, &words[row], width, style);
                rest.y += 1;
                rest.height -= 1;
            }
        }
        let Some(reader) = &mut self.reader else { return rest };
        for (y, (bytes, here)) in (rest.y..rest.bottom()).zip(reader.rows(width, usize::from(rest.height))) {
            let style = if reader.is_anchor(&bytes) { theme.heading() } else { theme.text() };
            let text = reader.text(&bytes);
            let row = Rect { y, height: 1, ..rest };
            if here {
                buf.set_style(row, theme.here());
            }
            buf.set_stringn(row.x, y, text, width, style);
            let (selected, found) = reader.lit(&bytes);
            for (part, style) in [(selected, theme.selection()), (found, theme.found())] {
                let Some(part) = part else { continue };
                let from = u16::try_from(wrap::width(&text[..part.start])).unwrap_or(u16::MAX).min(row.width);
                let wide = u16::try_from(wrap::width(&text[part])).unwrap_or(u16::MAX).min(row.width - from);
                buf.set_style(Rect { x: row.x + from, width: wide, ..row }, style);
            }
        }
        rest
    }

    /// Why there is no text, and the key that brings it.
    fn absent(&self, item: &AttachmentView, theme: &Theme, hints: &KeyHints) -> Vec<(String, ratatui::style::Style)> {
        let size = item.kept.as_ref().map(|kept| kept.size).or(item.size);
        let size = size.map_or(String::new(), |bytes| format!(", {}", file_list::size(bytes)));
        let mime = item.kept.as_ref().map_or(&item.mime, |kept| &kept.facts.mime);
        let mut rows = vec![(format!("{mime}{size}"), theme.dim()), (String::new(), theme.text())];
        let fetch = &hints.fetch;
        if self.is_fetching() {
            rows.push((format!("Being fetched from {} …", item.host), theme.info()));
            return rows;
        }
        match &item.kept {
            Some(kept) if item.trouble.is_empty() => {
                rows.push((format!("No text: {}.", kept.note), theme.warn()));
                rows.push((format!("{fetch} fetches it again; `juggler attachments … --save` gives you the file."), theme.dim()));
            }
            _ if item.host.is_empty() && item.trouble.is_empty() => {
                rows.push(("Its text is not here yet; it is shown when it has been fetched.".to_owned(), theme.dim()));
            }
            _ => {
                if !item.trouble.is_empty() {
                    rows.push((format!("{}.", item.trouble), theme.warn()));
                }
                if !item.host.is_empty() {
                    let whose = if item.own { "the source's own host" } else { "NOT the source's own host" };
                    let style = if item.own { theme.text() } else { theme.warn() };
                    rows.push((format!("It is not here. It would come from {}, {whose}.", item.host), style));
                    rows.push((format!("{fetch} fetches it from there."), theme.text()));
                }
            }
        }
        rows
    }
}
