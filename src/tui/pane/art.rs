//! The sheet of painters: what may be painted and who says so, what is chosen for the next order, what is on its way and what came.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::domain::ai::{AiRule, Ended};
use crate::domain::art::{Backdrop, Picture, Size};
use crate::domain::picture::weight;
use crate::domain::{AssignmentId, Text, Time};
use crate::engine::api::{PainterView, Stage, Studio, WorkView};
use crate::tui::command::Command;
use crate::tui::keymap::{Keymap, Stack};
use crate::tui::theme::Theme;
use crate::tui::widget::countdown;
use crate::tui::widget::text::{clip, fit, wrap};

/// Lines that a prompt has at most.
const PROMPT: usize = 3;

/// What was chosen for the next order.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// For which job; another one begins anew.
    pub assignment: Option<AssignmentId>,
    /// The job wants a see-through ground.
    pub clear: bool,
    /// The painter; `None`: the one that is meant when none is named.
    pub painter: Option<Text>,
    /// The person's own prompt; empty: the brief's.
    pub prompt: Text,
    /// How many.
    pub count: u8,
    /// Pixels, where they are not the job's proportions.
    pub size: Option<Size>,
    /// Where chance begins.
    pub seed: Option<u64>,
    /// What lies behind the motif; `None`: as the job wants it, where the painter can.
    pub backdrop: Option<Backdrop>,
}

impl Default for Chosen {
    fn default() -> Self {
        let (assignment, painter, size, seed, backdrop) = (None, None, None, None, None);
        Chosen { assignment, clear: false, painter, prompt: Text::default(), count: 1, size, seed, backdrop }
    }
}

impl Chosen {
    /// What lies behind the motif.
    pub fn ground(&self, studio: Option<&Studio>) -> Backdrop {
        let can = studio.and_then(|studio| self.painter(studio)).is_some_and(|painter| painter.transparent);
        self.backdrop.unwrap_or(if self.clear && can { Backdrop::Transparent } else { Backdrop::Any })
    }

    /// The painter that is meant.
    pub fn painter<'a>(&self, studio: &'a Studio) -> Option<&'a PainterView> {
        studio.painters.iter().find(|one| Some(&one.name) == self.painter.as_ref()).or(studio.painters.first())
    }
}

/// The lines that the cursor goes over: each picture, and each order that has none.
pub fn rows(studio: &Studio) -> Vec<(&WorkView, Option<&Picture>)> {
    let of = |work| -> Vec<(&WorkView, Option<&Picture>)> {
        let work: &WorkView = work;
        match work.work.pictures.as_slice() {
            [] => vec![(work, None)],
            pictures => pictures.iter().map(|picture| (work, Some(picture))).collect(),
        }
    };
    studio.works.iter().flat_map(of).collect()
}

/// Draws it over `area`.
#[allow(clippy::too_many_arguments)]
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    studio: Option<&Studio>,
    chosen: &Chosen,
    at: &mut usize,
    theme: &Theme,
    keymap: &Keymap,
    now: Time,
) {
    let key = |command| keymap.hint(Stack::Art, command);
    let keys =
        format!("{} paints · {} looks · {} closes", key(Command::ArtPaint), key(Command::ArtShow), key(Command::DialogCancel));
    let inner = super::sheet(frame, area, theme, "Pictures by a painter", &keys);
    let cells = usize::from(inner.width);
    let Some(studio) = studio else {
        return frame.render_widget(Line::styled("Looking it up …", theme.dim()), Rect { height: 1.min(inner.height), ..inner });
    };
    let head = head(studio, chosen, cells, theme, keymap);
    let height = usize::from(inner.height);
    let head_rows = head.len().min(height.saturating_sub(3));
    let mut lines: Vec<Line<'static>> = head.into_iter().take(head_rows).collect();
    lines.push(Line::default());
    let rows = rows(studio);
    *at = (*at).min(rows.len().saturating_sub(1));
    let foot = rows.get(*at).map(|row| foot(row, cells, theme, keymap)).unwrap_or_default();
    let room = height.saturating_sub(lines.len() + foot.len());
    let first = (*at + 1).saturating_sub(room.max(1));
    for (n, row) in rows.iter().enumerate().skip(first).take(room) {
        lines.push(line(row, n == *at, cells, theme, now));
    }
    if rows.is_empty() {
        let words = format!("Nothing was ordered yet: {} paints.", key(Command::ArtPaint));
        lines.push(Line::styled(words, theme.dim()));
    }
    while lines.len() + foot.len() < height {
        lines.push(Line::default());
    }
    lines.extend(foot);
    frame.render_widget(Paragraph::new(lines), inner);
}

fn head(studio: &Studio, chosen: &Chosen, cells: usize, theme: &Theme, keymap: &Keymap) -> Vec<Line<'static>> {
    let key = |command| keymap.hint(Stack::Art, command);
    let mut lines = Vec::new();
    let style = match studio.ruling.rule {
        AiRule::HumanOnly => theme.fail(),
        AiRule::Unknown | AiRule::AssistOnly | AiRule::Disclose => theme.warn(),
        _ => theme.ok(),
    };
    let said = match studio.closed.is_empty() {
        true => format!("{}{}", studio.ruling.rule.sentence(), studio.ruling.by()),
        false => studio.closed.to_string(),
    };
    lines.extend(wrap(&said, cells).into_iter().map(|line| Line::styled(line, style)));
    let labelled = |label: &str, words: String, hint: String| {
        clip(
            Line::from(vec![
                Span::styled(format!("{label:<8}"), theme.dim()),
                Span::styled(words, theme.text()),
                Span::styled(hint, theme.dim()),
            ]),
            cells,
        )
    };
    let Some(painter) = chosen.painter(studio) else {
        let words = format!(
            "No painter is in the config: juggler art --help shows what to write. {} copies the prompt for a tool of your own.",
            key(Command::ArtSheet)
        );
        lines.extend(wrap(&words, cells).into_iter().map(|line| Line::styled(line, theme.warn())));
        return lines;
    };
    match chosen.prompt.is_empty() {
        true => {
            let hint = format!("   {} your own · {} begins with the brief's", key(Command::ArtPrompt), key(Command::ArtBrief));
            lines.push(labelled("prompt", "what the brief makes".to_owned(), hint));
        }
        false => {
            let parts = wrap(&chosen.prompt.as_str().replace('\n', " "), cells.saturating_sub(8).max(10));
            let more = parts.len() > PROMPT;
            for (n, part) in parts.into_iter().take(PROMPT).enumerate() {
                let hint = if more && n + 1 == PROMPT { " …".to_owned() } else { String::new() };
                lines.push(labelled(if n == 0 { "prompt" } else { "" }, part, hint));
            }
        }
    }
    let place = if painter.local { "on this machine".to_owned() } else { format!("at {}", painter.host) };
    let model = if painter.model.is_empty() { "its own model" } else { painter.model.as_str() };
    let another = if studio.painters.len() > 1 { format!("   {} another", key(Command::ArtPainter)) } else { String::new() };
    lines.push(labelled("painter", format!("{}: {model}, {place}", painter.name), another));
    let size = chosen.size.or(painter.size).map_or_else(|| "its own size".to_owned(), |size| size.to_string());
    let wanted = studio.wanted.map_or_else(String::new, |wanted| format!(" (the job wants {wanted})"));
    let seed = match (painter.seeds, chosen.seed) {
        (false, _) => "no seeds".to_owned(),
        (true, None) => "any seed".to_owned(),
        (true, Some(seed)) => format!("seed {seed}"),
    };
    let ground = match chosen.ground(Some(studio)) {
        Backdrop::Any => "any ground".to_owned(),
        backdrop => format!("{} ground", backdrop.word()),
    };
    lines.push(labelled("as", format!("{} × {size}{wanted}, {seed}, {ground}", chosen.count), String::new()));
    let keys = [
        (Command::ArtCount, "how many"),
        (Command::ArtSize, "size"),
        (Command::ArtSeed, "seed"),
        (Command::ArtGround, "ground"),
        (Command::ArtSheet, "copies it for a tool of yours"),
    ];
    let hint = keys.map(|(command, word)| format!("{} {word}", key(command))).join(" · ");
    lines.push(labelled("", String::new(), hint));
    let spent: Vec<String> =
        [("job", &studio.spending.job), ("today", &studio.spending.day), ("this month", &studio.spending.month)]
            .into_iter()
            .map(|(what, sum)| {
                let words = sum.words();
                format!("{what} {}", if words.is_empty() { "nothing".to_owned() } else { words })
            })
            .collect();
    lines.push(labelled("spent", spent.join(" · "), String::new()));
    lines
}

fn line((work, picture): &(&WorkView, Option<&Picture>), here: bool, cells: usize, theme: &Theme, now: Time) -> Line<'static> {
    let order = &work.work.order;
    let first = picture.is_none_or(|picture| work.work.pictures.first().is_some_and(|first| first.n == picture.n));
    let (state, style) = match (work.stage, work.ended) {
        (Stage::Painting, _) => {
            let far = work.percent.map_or_else(|| countdown::age(work.since, now), |percent| format!("{percent} %"));
            (format!("painting {far}"), theme.warn())
        }
        (Stage::Over, Some(Ended::Done)) => ("done".to_owned(), theme.ok()),
        (Stage::Over, Some(ended)) => (ended.word().to_owned(), theme.fail()),
        (Stage::ByHand, _) => ("by hand".to_owned(), theme.text()),
        (Stage::Unknown | Stage::Unsent, _) => (work.stage.word().to_owned(), theme.fail()),
        (stage, _) => (stage.word().to_owned(), theme.dim()),
    };
    let state = if first { state } else { String::new() };
    let what = match picture {
        Some(picture) => {
            let facts = &picture.file.facts;
            let size =
                facts.width.zip(facts.height).map_or_else(|| "?".to_owned(), |(width, height)| format!("{width} × {height}"));
            let seed = picture.seed.map_or_else(String::new, |seed| format!(" · seed {seed}"));
            let taken = if work.taken.contains(&picture.n) { " · in the draft" } else { "" };
            format!("{:>2}  {size} · {}{seed}{taken}", picture.n, weight(picture.file.size))
        }
        None if work.note.is_empty() => format!(" –  {}", order.line()),
        None => format!(" –  {}", work.note),
    };
    let by = if first { format!("{} {}", order.painter, order.operation.word()) } else { String::new() };
    let row = Line::from(vec![
        Span::styled(if here { "▌" } else { " " }, theme.gutter()),
        Span::styled(format!("{:<15}", fit(&state, 14)), style),
        Span::styled(format!("{:<19}", fit(&by, 18)), theme.dim()),
        Span::styled(what, if here { theme.title() } else { theme.text() }),
    ]);
    clip(if here { row.patch_style(theme.selection()) } else { row }, cells)
}

/// What can be done with the line under the cursor, and what it was ordered with.
fn foot((work, picture): &(&WorkView, Option<&Picture>), cells: usize, theme: &Theme, keymap: &Keymap) -> Vec<Line<'static>> {
    let key = |command| keymap.hint(Stack::Art, command);
    let order = &work.work.order;
    let prompt =
        if order.prompt.is_empty() { String::new() } else { format!("“{}” ", order.prompt.as_str().replace('\n', " ")) };
    let mut lines = vec![clip(Line::styled(format!("{prompt}{}", order.line()), theme.dim()), cells)];
    if picture.is_some() && !work.note.is_empty() {
        lines.push(clip(Line::styled(work.note.to_string(), theme.warn()), cells));
    }
    let acts: Vec<(Command, &str)> = match (picture, work.stage) {
        (_, Stage::Waiting | Stage::Painting) => vec![(Command::ArtStop, "stop")],
        (Some(_), _) => vec![
            (Command::ArtTake, "take"),
            (Command::ArtEdit, "change"),
            (Command::ArtInpaint, "a part"),
            (Command::ArtUpscale, "enlarge"),
            (Command::ArtCutout, "cut out"),
            (Command::ArtAgain, "again"),
            (Command::ArtVary, "vary"),
            (Command::ArtStop, "throw away"),
        ],
        (None, Stage::Unknown) if work.can_look => vec![(Command::ArtLook, "what became of it"), (Command::ArtAgain, "again")],
        (None, Stage::ByHand) => vec![(Command::ArtStop, "throw away")],
        (None, _) => vec![(Command::ArtAgain, "again"), (Command::ArtVary, "vary"), (Command::ArtStop, "throw away")],
    };
    let words: Vec<String> = acts.into_iter().map(|(command, word)| format!("{} {word}", key(command))).collect();
    lines.push(clip(Line::styled(words.join(" · "), theme.text()), cells));
    lines
}
