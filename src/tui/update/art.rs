//! Painters: the sheet, the wish, the queue and what came.

use super::Update;
use crate::domain::art::{Area, ArtWish, Backdrop, From, Operation, Picture, Size};
use crate::domain::deliverable::Rule;
use crate::domain::{AssignmentId, Text};
use crate::engine::api::{ArtPrompt, Painting, Request, Stage, Studio, WorkView};
use crate::tui::command::Command;
use crate::tui::message::{Agreed, Asked, Effect};
use crate::tui::model::Overlay;
use crate::tui::overlay::{ArtLine, Prompt};
use crate::tui::pane::art::{Chosen, rows};
use crate::tui::picture::{Item, Sheet};
use crate::tui::widget::confirm::{Act, Choice, Confirm};
use crate::tui::widget::toast::Tone;

/// Most pictures that a key asks for at once.
const MOST: u8 = 4;

impl Update<'_> {
    /// The sheet for the job at hand.
    pub(super) fn open_art(&mut self) {
        let Some(assignment) = self.current() else { return };
        self.open_art_of(assignment);
    }

    /// What was chosen for another job does not hold for this one, but for the painter.
    fn begin_art(&mut self, id: &AssignmentId) {
        if self.model.art.assignment.as_ref() == Some(id) {
            return;
        }
        let item = self.model.hand.items.iter().find(|item| item.assignment.id == *id);
        let rules = item.map(|item| item.assignment.job.deliverable.rules.as_slice()).unwrap_or_default();
        let clear = rules.iter().any(|rule| matches!(rule, Rule::Image { alpha: true, .. }));
        let painter = self.model.art.painter.take();
        self.model.art = Chosen { assignment: Some(id.clone()), clear, painter, ..Chosen::default() };
    }

    pub(super) fn open_art_of(&mut self, assignment: AssignmentId) {
        self.begin_art(&assignment);
        self.model.overlay = Some(Overlay::Art { assignment: assignment.clone(), studio: None, at: 0 });
        self.ask(Asked::Studio(assignment.clone()), Request::Studio { assignment });
    }

    pub(super) fn studio_came(&mut self, id: &AssignmentId, came: Box<Studio>) {
        if let Some(Overlay::Art { assignment, studio, .. }) = &mut self.model.overlay
            && assignment == id
        {
            *studio = Some(came);
        }
    }

    /// The sheet is looked at again, where it is open.
    pub(super) fn look_again_at_art(&mut self, id: &AssignmentId) {
        if matches!(&self.model.overlay, Some(Overlay::Art { assignment, .. }) if assignment == id) {
            self.ask(Asked::Studio(id.clone()), Request::Studio { assignment: id.clone() });
        }
    }

    /// An order got further.
    pub(super) fn art_went_on(&mut self, id: &AssignmentId, title: &Text, stage: Stage, pictures: u32, note: &Text) {
        let open = matches!(&self.model.overlay, Some(Overlay::Art { assignment, .. }) if assignment == id);
        self.look_again_at_art(id);
        let menu = self.keymap.anywhere(Command::ArtMenu);
        match (stage, pictures) {
            (Stage::Over, 0) if !note.is_empty() => self.say(Tone::Warn, format!("no picture for \"{title}\""), note.as_str()),
            (Stage::Over, n) if n > 0 && !open && note.is_empty() => {
                self.say(Tone::Good, format!("painted: \"{title}\""), format!("{menu} shows what came"));
            }
            (Stage::Over, n) if n > 0 && !note.is_empty() => {
                self.say(Tone::Warn, format!("painted, in part: \"{title}\""), note.as_str());
            }
            (Stage::ByHand, n) if n > 0 && !open => {
                self.say(
                    Tone::Good,
                    format!("a picture turned up for \"{title}\""),
                    format!("{menu} shows it; nothing is taken by itself"),
                );
            }
            _ => {}
        }
    }

    /// A key of the sheet.
    pub(super) fn art(&mut self, command: Command) {
        use Command as C;
        let Some(Overlay::Art { assignment, studio, at }) = &self.model.overlay else {
            // From the palette: the sheet first.
            return if command == C::ArtPaint { self.paint_words("") } else { self.open_art() };
        };
        let (id, at) = (assignment.clone(), *at);
        let Some(studio) = studio else { return };
        let row: Option<(WorkView, Option<Picture>)> =
            rows(studio).get(at).map(|(work, picture)| ((*work).clone(), picture.cloned()));
        let chosen = &mut self.model.art;
        match command {
            C::ArtPaint => self.paint_words(""),
            C::ArtPrompt => {
                let prompt = chosen.prompt.as_str().replace('\n', " ");
                self.open_prompt(Prompt::Art { assignment: id, line: ArtLine::Prompt }, &prompt);
            }
            C::ArtBrief => self.ask_art_prompt(id, false),
            C::ArtSheet => self.ask_art_prompt(id, true),
            C::ArtPainter => {
                let names: Vec<Text> = studio.painters.iter().map(|one| one.name.clone()).collect();
                let now = chosen.painter(studio).and_then(|one| names.iter().position(|name| *name == one.name)).unwrap_or(0);
                chosen.painter = names.get((now + 1) % names.len().max(1)).cloned();
            }
            C::ArtCount => {
                let most = chosen.painter(studio).map_or(MOST, |painter| painter.most.min(MOST));
                chosen.count = chosen.count % most.max(1) + 1;
            }
            C::ArtSize => {
                let size = chosen.size.map(|size| size.to_string()).unwrap_or_default();
                self.open_prompt(Prompt::Art { assignment: id, line: ArtLine::Size }, &size);
            }
            C::ArtSeed => {
                let seed = chosen.seed.map(|seed| seed.to_string()).unwrap_or_default();
                self.open_prompt(Prompt::Art { assignment: id, line: ArtLine::Seed }, &seed);
            }
            C::ArtGround => {
                chosen.backdrop = Some(match chosen.ground(Some(studio)) {
                    Backdrop::Any => Backdrop::Transparent,
                    Backdrop::Transparent => Backdrop::Opaque,
                    Backdrop::Opaque => Backdrop::Any,
                });
            }
            _ => match row {
                None => self.plain("nothing was ordered yet"),
                Some((work, picture)) => self.art_of_row(command, id, &work, picture.as_ref()),
            },
        }
    }

    /// A key about the line under the cursor.
    fn art_of_row(&mut self, command: Command, id: AssignmentId, work: &WorkView, picture: Option<&Picture>) {
        use Command as C;
        let order = &work.work.order;
        let call = order.call.clone();
        let from = picture.map(|picture| From::Result { call: call.clone(), picture: picture.n });
        let done = |said| Asked::ArtDone { assignment: id.clone(), said };
        match (command, picture) {
            (C::ArtStop, _) if work.stage.is_open() => self.ask(done("stopped; what came is kept"), Request::PaintStop { call }),
            (C::ArtStop, picture) => self.ask_drop_art(id, call, picture.map(|picture| picture.n)),
            (C::ArtLook, _) => self.ask(done("looking for it"), Request::PaintLook { call }),
            (C::ArtAgain | C::ArtVary, _) if order.by_hand => {
                self.say(Tone::Plain, "this order is worked by hand", "copy its prompt again");
            }
            (C::ArtAgain, _) => self.order_art(id, Box::new(order.again(false)), None),
            (C::ArtVary, _) => self.order_art(id, Box::new(order.again(true)), None),
            (_, None) => self.plain("there is no picture on this line"),
            (C::ArtShow, Some(picture)) => self.show_art(id, &call, picture.n),
            (C::ArtTake, Some(picture)) => {
                self.ask(done("it is in the draft, marked as an AI's"), Request::PaintTake { call, picture: picture.n });
            }
            (C::ArtEdit, Some(picture)) => {
                let line = ArtLine::Edit { call, picture: picture.n };
                self.open_prompt(Prompt::Art { assignment: id, line }, "");
            }
            (C::ArtInpaint, Some(picture)) => {
                let line = ArtLine::Inpaint { call, picture: picture.n };
                self.open_prompt(Prompt::Art { assignment: id, line }, "");
            }
            (C::ArtUpscale, Some(_)) => {
                self.work_on(id, ArtWish { operation: Operation::Upscale, scale: 2, from, ..ArtWish::default() })
            }
            (C::ArtCutout, Some(_)) => self.work_on(id, ArtWish { operation: Operation::Cutout, from, ..ArtWish::default() }),
            _ => {}
        }
    }

    fn work_on(&mut self, id: AssignmentId, wish: ArtWish) {
        let painter = self.model.art.painter.clone();
        self.order_art(id, Box::new(ArtWish { painter, count: 1, ..wish }), None);
    }

    /// The pictures of this job side by side, this one under the cursor.
    fn show_art(&mut self, id: AssignmentId, call: &Text, n: u32) {
        let Some(Overlay::Art { studio: Some(studio), .. }) = &self.model.overlay else { return };
        let (mut items, mut at) = (Vec::new(), 0);
        for (work, picture) in rows(studio).into_iter().filter_map(|(work, picture)| Some((work, picture?))) {
            if work.work.order.call == *call && picture.n == n {
                at = items.len();
            }
            let mut item = Item::of_file(&picture.file);
            item.facts.push(Text::title(&format!("{} · {}", work.work.order.painter, work.work.order.line())));
            item.facts.extend(picture.seed.map(|seed| Text::title(&format!("seed {seed}"))));
            items.push(item);
        }
        let mut sheet = Sheet::new(Text::title("Pictures that came"), None, items);
        sheet.at = at;
        self.model.art_back = Some(id);
        self.open_pictures(sheet);
    }

    /// A line that was typed for a painter.
    pub(super) fn art_line(&mut self, id: AssignmentId, line: ArtLine, text: &str) {
        let said = match &line {
            ArtLine::Prompt => {
                self.model.art.prompt = Text::body(text);
                Ok(None)
            }
            ArtLine::Size if text.is_empty() => {
                self.model.art.size = None;
                Ok(None)
            }
            ArtLine::Size => text.parse::<Size>().map(|size| {
                self.model.art.size = Some(size);
                None
            }),
            ArtLine::Seed if text.is_empty() => {
                self.model.art.seed = None;
                Ok(None)
            }
            ArtLine::Seed => text.parse::<u64>().map_err(|_| format!("\"{text}\" is no seed; write a number")).map(|seed| {
                self.model.art.seed = Some(seed);
                None
            }),
            ArtLine::Edit { .. } if text.is_empty() => Ok(None),
            ArtLine::Edit { call, picture } => {
                let from = Some(From::Result { call: call.clone(), picture: *picture });
                Ok(Some(ArtWish { operation: Operation::Edit, prompt: Text::body(text), from, ..ArtWish::default() }))
            }
            ArtLine::Inpaint { .. } if text.is_empty() => Ok(None),
            ArtLine::Inpaint { call, picture } => {
                let from = Some(From::Result { call: call.clone(), picture: *picture });
                let (areas, words) = areas_and_words(text);
                areas.map(|areas| {
                    let prompt = Text::body(&words);
                    Some(ArtWish { operation: Operation::Inpaint, prompt, areas, from, ..ArtWish::default() })
                })
            }
        };
        match said {
            Ok(None) => self.open_art_of(id),
            Ok(Some(wish)) => self.work_on(id, wish),
            Err(why) => {
                self.say(Tone::Warn, why, "");
                self.open_prompt(Prompt::Art { assignment: id, line }, text);
            }
        }
    }

    /// `:art a heron`, or the key of the sheet with what was chosen there.
    pub(super) fn paint_words(&mut self, words: &str) {
        let Some(id) = self.current() else { return };
        self.begin_art(&id);
        let chosen = &self.model.art;
        let studio = match &self.model.overlay {
            Some(Overlay::Art { studio, .. }) => studio.as_deref(),
            _ => None,
        };
        let prompt = if words.trim().is_empty() { chosen.prompt.clone() } else { Text::body(words.trim()) };
        let wish = ArtWish {
            painter: chosen.painter.clone(),
            prompt,
            size: chosen.size,
            count: chosen.count,
            seed: chosen.seed,
            backdrop: chosen.ground(studio),
            ..ArtWish::default()
        };
        self.order_art(id, Box::new(wish), None);
    }

    pub(super) fn order_art(&mut self, assignment: AssignmentId, wish: Box<ArtWish>, agreed: Option<String>) {
        if self.refuses_money("having something painted") {
            return;
        }
        self.plain(format!("{} …", wish.operation.label()));
        let request = Request::Paint { assignment: assignment.clone(), wish: wish.clone(), agreed };
        self.ask(Asked::Paint { assignment, wish }, request);
    }

    /// It is in the queue.
    pub(super) fn art_ordered(&mut self, id: AssignmentId, painting: &Painting) {
        let note = painting.notes.first().map(ToString::to_string).unwrap_or_default();
        let words = match painting.before {
            0 => "ordered".to_owned(),
            n => format!("ordered; {n} before it"),
        };
        self.say(Tone::Plain, words, note);
        if matches!(&self.model.overlay, Some(Overlay::Art { assignment, .. }) if *assignment == id) {
            self.look_again_at_art(&id);
        } else if self.model.overlay.is_none() {
            self.open_art_of(id);
        }
    }

    fn ask_art_prompt(&mut self, assignment: AssignmentId, copy: bool) {
        let chosen = &self.model.art;
        let prompt = if copy { chosen.prompt.clone() } else { Text::default() };
        let wish = Box::new(ArtWish { prompt, size: chosen.size, seed: chosen.seed, count: chosen.count, ..ArtWish::default() });
        // By hand it is most likely the tool that has no API.
        let tool = copy.then(|| Text::title("midjourney"));
        self.ask(Asked::ArtPrompt { assignment: assignment.clone(), copy }, Request::ArtPrompt { assignment, wish, tool });
    }

    pub(super) fn art_prompt_came(&mut self, id: AssignmentId, made: &ArtPrompt, copy: bool) {
        if let Some(warning) = made.warnings.first() {
            self.say(Tone::Warn, warning.as_str(), "");
        }
        match copy {
            true => {
                self.out.push(Effect::Clipboard(made.sheet.to_string()));
                self.look_again_at_art(&id);
            }
            false => {
                let line = made.prompt.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
                self.open_prompt(Prompt::Art { assignment: id, line: ArtLine::Prompt }, &line);
            }
        }
    }

    fn ask_drop_art(&mut self, assignment: AssignmentId, call: Text, picture: Option<u32>) {
        let what = match picture {
            Some(n) => format!("the picture {n} of {call}"),
            None => format!("the order {call} with its prompt"),
        };
        let lines = vec![(Text::title("Thrown away"), Text::title(&what))];
        let back = assignment.clone();
        let notes = vec![Text::title("It cannot be had back. What is in the draft stays there.")];
        let choices = vec![
            Choice { label: "Keep it".to_owned(), act: Act::No },
            Choice { label: "Throw it away".to_owned(), act: Act::Yes(Box::new(Agreed::DropArt { assignment, call, picture })) },
        ];
        let question = Text::title("Throw it away?");
        self.model.art_back = Some(back);
        self.model.overlay = Some(Overlay::Confirm(Confirm::choose(question, lines, notes, choices)));
    }

    /// From a question of the sheet's, or from its pictures, back to it.
    pub(super) fn back_to_art(&mut self) {
        if let Some(id) = self.model.art_back.take() {
            self.open_art_of(id);
        }
    }

    pub(super) fn drop_art(&mut self, assignment: AssignmentId, call: Text, picture: Option<u32>) {
        let said = "thrown away";
        self.ask(Asked::ArtDone { assignment: assignment.clone(), said }, Request::PaintDrop { call, picture });
        self.open_art_of(assignment);
    }
}

/// `40,60,320,200 10,10,5,5 a closed eye`: the rectangles, and what to make of them.
fn areas_and_words(text: &str) -> (Result<Vec<Area>, String>, String) {
    let (mut areas, mut rest) = (Vec::new(), text.trim());
    while let Some((first, behind)) = rest.split_once(char::is_whitespace) {
        let Ok(area) = first.parse::<Area>() else { break };
        areas.push(area);
        rest = behind.trim_start();
    }
    match areas.is_empty() {
        true => (Err("begin with a rectangle: 40,60,320,200 a closed eye".to_owned()), String::new()),
        false => (Ok(areas), rest.to_owned()),
    }
}
