//! From a wish to an order in the queue.

use sha2::{Digest, Sha256};

use super::{Live, State, Step};
use crate::assist::art::{Sketch, able, price};
use crate::assist::provider::host;
use crate::config::AssistantConfig;
use crate::domain::ai::rescaled;
use crate::domain::art::{ArtWish, From, Operation, Order, Original, Size};
use crate::domain::spend::short;
use crate::domain::{Assignment, AssignmentId, Record, Text, Time};
use crate::engine::api::{ArtPrompt, Painting, Reply, Terms};
use crate::engine::drawing::{Drawing, Drawn, Use};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::engine::state::saving::Then;
use crate::error::{Class, Failure, Result};

/// An order that may cost more than this part of the pay is dear.
const DEAR: i64 = 10;

impl State {
    pub(in crate::engine::state) fn order_art(
        &mut self,
        asker: Asker,
        id: &AssignmentId,
        wish: ArtWish,
        for_what: Use,
        effects: &mut Effects,
    ) {
        match self.drawing(id, wish, for_what) {
            Ok(drawing) => effects.push(Effect::DrawUp { asker, drawing: Box::new(drawing) }),
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    /// What the order is made of, if it may be given at all.
    fn drawing(&self, id: &AssignmentId, wish: ArtWish, for_what: Use) -> Result<Drawing> {
        let assignment = self.editable(id)?;
        let pass = self.pass(assignment, wish.operation.action())?;
        let painter = match &for_what {
            Use::Order { .. } => Some(Box::new(self.config.painter(wish.painter.as_ref().map(Text::as_str))?.clone())),
            Use::Show | Use::Sheet { .. } => None,
        };
        let original = match (&wish.from, wish.operation.needs_picture()) {
            (Some(from), true) => Some(self.original(assignment, from)?),
            (None, true) => {
                return Err(Failure::new(
                    Class::Usage,
                    format!("which picture? To {} there has to be one", wish.operation.label()),
                )
                .hint("name a result, as CALL/1, or a file of the draft"));
            }
            (Some(_), false) => {
                return Err(
                    Failure::new(Class::Usage, "a new picture is painted from words alone").hint("say edit to change one")
                );
            }
            (None, false) => None,
        };
        Ok(Drawing {
            assignment: id.clone(),
            wish,
            for_what,
            pass,
            decided: self.decided(&assignment.job),
            sourced: self.sourced(assignment),
            painter,
            painters: self.config.painters().cloned().collect(),
            original,
            prompts: self.config.paths.prompts.clone(),
            sheet: self.config.art.sheet.clone(),
        })
    }

    /// The picture that is worked on.
    fn original(&self, assignment: &Assignment, from: &From) -> Result<(Original, std::path::PathBuf)> {
        let id = &assignment.id;
        let file = match from {
            From::Result { call, picture } => {
                let work = self.book.art.work(call).filter(|work| work.order.assignment == *id);
                work.and_then(|work| work.picture(*picture)).map(|picture| &picture.file)
            }
            From::File { name } => self.book.drafts.get(id).and_then(|draft| draft.files.iter().find(|file| file.name == *name)),
        };
        let Some(file) = file else {
            let (what, hint) = match from {
                From::Result { call, picture } => (format!("{call}/{picture}"), "juggler art results JOB lists them"),
                From::File { name } => (name.to_string(), "juggler draft JOB lists its files"),
            };
            return Err(Failure::new(Class::NotFound, format!("there is no picture {what} for this job")).hint(hint));
        };
        if !file.facts.mime.as_str().starts_with("image/") {
            return Err(Failure::new(Class::Usage, format!("{} is no picture", file.name)).why("by its content"));
        }
        let size = file.facts.width.zip(file.facts.height).map(|(width, height)| Size::new(width, height));
        Ok((Original { from: from.clone(), sha256: Text::title(&file.sha256), size }, file.path.clone()))
    }

    /// The order is put together: is it within the caps, and did the person agree to where it goes?
    pub(in crate::engine::state) fn drawn_up(
        &mut self,
        asker: Asker,
        drawing: Drawing,
        made: Result<Drawn>,
        now: Time,
        effects: &mut Effects,
    ) {
        let done = made.and_then(|drawn| match drawing.for_what.clone() {
            Use::Order { agreed } => self.take_order(asker, drawing, drawn, agreed, now, effects),
            Use::Show => Ok(Some(Reply::ArtPrompt(Box::new(prompt(drawn, Text::default()))))),
            Use::Sheet { tool } => self.sheet(asker, &drawing, drawn, tool, now, effects),
        });
        match done {
            Ok(None) => {}
            Ok(Some(reply)) => effects.reply(asker, Ok(reply)),
            Err(failure) => effects.reply(asker, Err(failure)),
        }
    }

    fn take_order(
        &mut self,
        asker: Asker,
        drawing: Drawing,
        drawn: Drawn,
        agreed: Option<String>,
        now: Time,
        effects: &mut Effects,
    ) -> Result<Option<Reply>> {
        let id = drawing.assignment.clone();
        // Time went by: it may be delivered, or closed to painters, by now.
        let assignment = self.editable(&id)?.clone();
        let pass = self.pass(&assignment, drawing.wish.operation.action())?;
        let Some(painter) = drawing.painter.clone() else {
            return Err(Failure::new(Class::Internal, "an order without a painter"));
        };
        let mut order = self.order(&drawing, &drawn, &painter, now);
        order.most = price::most(&painter, &order);
        if let Some(most) = order.most {
            self.config.ai_caps.allow(&self.spending(&id, now), most.money).map_err(|why| {
                Failure::new(Class::Refused, format!("\"{}\" is not asked: it could cost too much", painter.name))
                    .why(why)
                    .hint("raise cap_job, cap_day or cap_month under [assist] in the config, or order less")
            })?;
        }
        let source = assignment.job.key.source();
        let (at, local) = host(&painter);
        let new_host = !local && !self.is_agreed(&source, &at);
        let warnings = self.art_warnings(&assignment, &order, new_host, &drawn);
        if !warnings.is_empty() {
            let terms = self.art_terms(&assignment, &order, &drawing, warnings.clone());
            if agreed.as_deref() != Some(terms.digest.as_str()) {
                return Ok(Some(Reply::Terms(terms)));
            }
            self.atelier.heeded.extend(warnings.into_iter().map(|warning| (id.clone(), warning)));
        }
        let call = order.call.clone();
        let native = match crate::assist::art::keeps_history(painter.kind) {
            true => self.fresh_native(),
            false => Text::default(),
        };
        let path = drawing.original.map(|(_, path)| path);
        let sketch = Sketch::new(&pass, &assignment.job, order.clone(), path, native.clone())?;
        let mut records = Vec::new();
        records.extend(new_host.then(|| Record::AiAgreed { source, host: at }));
        records.push(Record::ArtOrdered { order: Box::new(order.clone()) });
        let live = Live {
            order,
            painter,
            sketch: Some(std::sync::Arc::new(sketch)),
            native,
            step: Step::Writing,
            percent: None,
            note: drawn.notes.first().cloned().unwrap_or_default(),
            since: now,
            told: now,
            told_of: (None, Text::default()),
            usage: None,
            model: Text::default(),
            unfit: None,
            stopping: None,
        };
        self.atelier.works.insert(call.clone(), live);
        let then = Then::ArtQueued { asker, call: call.clone() };
        if let Err(failure) = self.record_act(records, then, now, effects) {
            self.atelier.forget(&call);
            return Err(failure);
        }
        Ok(None)
    }

    fn order(&mut self, drawing: &Drawing, drawn: &Drawn, painter: &AssistantConfig, now: Time) -> Order {
        use rand::Rng;
        let wish = &drawing.wish;
        let can = able::able(painter);
        // A seed of ours is one that the same picture can be asked for again with.
        let seed = wish.seed.or_else(|| {
            (can.seeds && wish.operation != Operation::Upscale).then(|| self.dice.random_range(1..u64::from(u32::MAX)))
        });
        let paints = painter.paints.as_deref();
        let set = paints.and_then(|paints| paints.quality.as_deref()).filter(|_| can.quality).map(Text::title);
        Order {
            call: self.fresh_call(now),
            assignment: drawing.assignment.clone(),
            painter: Text::title(&painter.name),
            model: Text::title(painter.model.as_deref().unwrap_or_default()),
            host: host(painter).0,
            at: now,
            operation: wish.operation,
            template: drawn.template.clone(),
            prompt: drawn.prompt.clone(),
            negative: wish.negative.clone(),
            size: drawn.size,
            count: wish.count.clamp(1, can.most),
            seed,
            strength: wish.strength.map(|percent| percent.min(100)),
            quality: Some(wish.quality.clone()).filter(|word| !word.is_empty()).or(set).unwrap_or_default(),
            backdrop: wish.backdrop,
            original: drawing.original.as_ref().map(|(original, _)| original.clone()),
            areas: wish.areas.clone(),
            scale: if wish.operation == Operation::Upscale { wish.scale.clamp(2, 8) } else { 0 },
            price_image: price::price(painter),
            most: None,
            by_hand: false,
        }
    }

    /// What the person has to agree to before it is ordered.
    fn art_warnings(&self, assignment: &Assignment, order: &Order, new_host: bool, drawn: &Drawn) -> Vec<Text> {
        let source = assignment.job.key.source();
        let mut warnings = Vec::new();
        if new_host {
            let words =
                format!("From now on texts and pictures of jobs from {source} may go to {}; it is asked once.", order.host);
            warnings.push(Text::title(&words));
        }
        let dear = order.most.zip(assignment.job.reward.net()).and_then(|(most, pay)| {
            let pay_fine = rescaled(pay, most.money.asset)?;
            (most.money.minor.saturating_mul(DEAR) > pay_fine.minor)
                .then(|| format!("Up to {} may be spent, more than a tenth of the {pay} that the job brings.", short(most.money)))
        });
        warnings.extend(dear.map(|words| Text::title(&words)));
        warnings.extend(drawn.warnings.iter().cloned());
        warnings.retain(|warning| !self.atelier.heeded.contains(&(assignment.id.clone(), warning.clone())));
        warnings
    }

    fn art_terms(&self, assignment: &Assignment, order: &Order, drawing: &Drawing, warnings: Vec<Text>) -> Terms {
        let line = |label: &str, value: &str| (Text::title(label), Text::title(value));
        let ruling = crate::domain::ai::Ruling::of(&assignment.job, drawing.decided);
        let model = if order.model.is_empty() { "its own model" } else { order.model.as_str() };
        let mut lines = vec![
            line("job", assignment.job.title.as_str()),
            line("to do", order.operation.label()),
            line("painter", &format!("{}: {model} at {}", order.painter, order.host)),
        ];
        if !order.prompt.is_empty() {
            lines.push((Text::title("prompt"), Text::title(&order.prompt.as_str().replace('\n', " ")).head(400)));
        }
        let parameters = order.line();
        if !parameters.is_empty() {
            lines.push(line("as", &parameters));
        }
        if let Some(original) = &order.original {
            let what = match &original.from {
                From::Result { call, picture } => format!("the picture {call}/{picture}"),
                From::File { name } => format!("the file {name}"),
            };
            lines.push(line("sent", &what));
        }
        let cost = order.most.map_or_else(|| "no price is known".to_owned(), |most| format!("at most {}", short(most.money)));
        lines.push(line("cost", &cost));
        lines.push(line("AI", &format!("{}{}", ruling.rule.sentence(), ruling.by())));
        let essence = format!("art|{}|{}|{}|{warnings:?}", assignment.id, order.operation.word(), order.prompt);
        let mut digest = format!("{:x}", Sha256::digest(essence));
        digest.truncate(16);
        let question = Text::title("Have it painted?");
        Terms { question, lines, warnings, digest, word: Text::default(), failing: Vec::new() }
    }

    /// A prompt is written down for a tool that the person works by hand: what comes of it belongs to this order.
    fn sheet(
        &mut self,
        asker: Asker,
        drawing: &Drawing,
        drawn: Drawn,
        tool: Text,
        now: Time,
        effects: &mut Effects,
    ) -> Result<Option<Reply>> {
        let id = drawing.assignment.clone();
        self.pass(&self.editable(&id)?.clone(), drawing.wish.operation.action())?;
        let order = by_hand(self.fresh_call(now), &id, &tool, Some((drawing, &drawn)), now);
        let call = order.call.clone();
        let reply = Box::new(Reply::ArtPrompt(Box::new(prompt(drawn, call.clone()))));
        let then = Then::ArtDone { asker: Some(asker), reply, assignment: id.clone(), call: call.clone() };
        self.record_act(vec![Record::ArtOrdered { order: Box::new(order) }], then, now, effects)?;
        self.watch_folder(&id, &call, now);
        Ok(None)
    }

    /// The order is written down.
    pub(in crate::engine::state) fn art_queued(&mut self, asker: Asker, call: &Text, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get_mut(call) else {
            return effects.reply(asker, Err(Failure::new(Class::Refused, "it was stopped before it began")));
        };
        live.step = Step::Waiting;
        let notes = Some(std::mem::take(&mut live.note)).filter(|note| !note.is_empty()).into_iter().collect();
        let (assignment, painter) = (live.order.assignment.clone(), live.painter.name.clone());
        let before = u32::try_from(self.atelier.queued(&painter).saturating_sub(1)).unwrap_or(u32::MAX);
        self.tell_art(call, now, effects);
        effects.reply(asker, Ok(Reply::Painting(Painting { call: call.clone(), assignment, notes, before })));
    }

    fn fresh_native(&mut self) -> Text {
        use rand::RngCore;
        let mut random = [0; 16];
        self.dice.fill_bytes(&mut random);
        Text::title(&uuid::Builder::from_random_bytes(random).into_uuid().to_string())
    }
}

/// An order that the person takes elsewhere.
pub(super) fn by_hand(call: Text, id: &AssignmentId, tool: &Text, drawn: Option<(&Drawing, &Drawn)>, now: Time) -> Order {
    let wish = drawn.map(|(drawing, _)| drawing.wish.clone()).unwrap_or_default();
    Order {
        call,
        assignment: id.clone(),
        painter: tool.clone(),
        model: Text::default(),
        host: Text::default(),
        at: now,
        operation: Operation::Generate,
        template: drawn.map(|(_, drawn)| drawn.template.clone()).unwrap_or_default(),
        prompt: drawn.map(|(_, drawn)| drawn.prompt.clone()).unwrap_or_default(),
        negative: wish.negative,
        size: wish.size,
        count: wish.count.max(1),
        seed: wish.seed,
        strength: None,
        quality: Text::default(),
        backdrop: wish.backdrop,
        original: None,
        areas: Vec::new(),
        scale: 0,
        price_image: None,
        most: None,
        by_hand: true,
    }
}

fn prompt(drawn: Drawn, call: Text) -> ArtPrompt {
    ArtPrompt { call, prompt: drawn.prompt, sheet: drawn.sheet, warnings: drawn.warnings }
}
