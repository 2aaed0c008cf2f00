//! Which columns a row has: they come and go with the width, and the title takes what is left.

use ratatui::text::Line;

use crate::tui::theme::Theme;
use crate::tui::widget::text::{left, right};

/// A column; the title takes what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Age,
    Pay,
    Rate,
    Minutes,
    Fit,
    Kind,
    Ai,
    State,
    Source,
    Requester,
}

/// Before the title, from the one that matters most to the one that gives way first: its cells, and those the title keeps beside it.
const BEFORE: [(Column, usize, usize); 7] = [
    (Column::Pay, 7, 18),
    (Column::Age, 4, 18),
    (Column::State, 8, 18),
    (Column::Rate, 5, 20),
    (Column::Minutes, 3, 22),
    (Column::Ai, 6, 26),
    (Column::Fit, 3, 34),
];

/// After the title, in the order in which they come as the screen widens; one source tells nothing that is not known.
const AFTER_ONE: [(Column, usize, usize); 3] = [(Column::Kind, 11, 38), (Column::Requester, 13, 44), (Column::Source, 10, 60)];
const AFTER_MANY: [(Column, usize, usize); 3] = [(Column::Source, 10, 36), (Column::Kind, 11, 38), (Column::Requester, 13, 46)];

/// Cells of the expected rate with both its ends, and those the title has before it gives them up.
const RATE_ENDS: (usize, usize) = (9, 36);

/// The order on the screen, left of the title and right of it.
const LEFT: [Column; 7] = [Column::Age, Column::Pay, Column::Rate, Column::Minutes, Column::Fit, Column::Ai, Column::State];
const RIGHT: [Column; 3] = [Column::Kind, Column::Requester, Column::Source];

/// Cursor and three signs: marked or new, starred, a warning.
pub const GUTTER: usize = 4;

/// Where everything of a row goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Left of the title.
    pub before: Vec<(Column, usize)>,
    /// Cells of the title.
    pub title: usize,
    /// Right of it.
    pub after: Vec<(Column, usize)>,
}

/// What the rows at hand have to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants {
    /// Several sources, to be told apart.
    pub many: bool,
    /// A fit.
    pub fit: bool,
    /// Expected rates with two ends.
    pub ends: bool,
}

/// The columns that fit `cells`.
pub fn grid(cells: usize, wants: Wants) -> Grid {
    let mut room = cells.saturating_sub(GUTTER);
    let mut choose = |from: &[(Column, usize, usize)], order: &[Column]| {
        let mut chosen = Vec::new();
        for (column, wide, title) in from.iter().filter(|(column, ..)| *column != Column::Fit || wants.fit) {
            if wide + 1 + title > room {
                break;
            }
            room -= wide + 1;
            chosen.push((*column, *wide));
        }
        let at = |column: &Column| chosen.iter().find(|(c, _)| c == column).copied();
        order.iter().filter_map(at).collect::<Vec<_>>()
    };
    let mut before = choose(&BEFORE, &LEFT);
    let after = choose(if wants.many { &AFTER_MANY } else { &AFTER_ONE }, &RIGHT);
    // Both ends of the expected rate, once the titles can be read whole.
    let rate = before.iter_mut().find(|(column, _)| *column == Column::Rate);
    if let Some((_, wide)) = rate.filter(|_| wants.ends && room >= RATE_ENDS.1 + RATE_ENDS.0) {
        room -= RATE_ENDS.0 - *wide;
        *wide = RATE_ENDS.0;
    }
    Grid { before, title: room, after }
}

/// The heads of the columns.
pub fn heading(grid: &Grid, cells: usize, theme: &Theme) -> Line<'static> {
    let name = |column: &Column, wide: usize| match column {
        Column::Age => right("age", wide),
        Column::Pay => right("pay", wide),
        Column::Rate => right("$/h", wide),
        Column::Minutes => right("min", wide),
        Column::Fit => right("fit", wide),
        Column::Kind => left("kind", wide),
        Column::Ai => left("AI", wide),
        Column::State => left("state", wide),
        Column::Source => left("source", wide),
        Column::Requester => left("requester", wide),
    };
    let mut text = " ".repeat(GUTTER);
    for (column, wide) in &grid.before {
        text.push_str(&name(column, *wide));
        text.push(' ');
    }
    text.push_str(&left("title", grid.title));
    for (column, wide) in &grid.after {
        text.push(' ');
        text.push_str(&name(column, *wide));
    }
    Line::styled(left(&text, cells), theme.heading())
}
