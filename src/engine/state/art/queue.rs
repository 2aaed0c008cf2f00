//! The queue: each painter has one order at a time.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::{Live, State, Step};
use crate::assist::art::{Why, keeps_history, price};
use crate::domain::ai::{Call, Ended};
use crate::domain::art::{Order, Picture};
use crate::domain::spend::{Cost, Spent, Tariff, Tokens, Usage};
use crate::domain::{Origin, Record, Text, Time};
use crate::engine::api::{Reply, Stage, What};
use crate::engine::effect::{Asker, Effect, Effects};
use crate::engine::painting::News;
use crate::engine::state::saving::Then;
use crate::error::{Class, Failure};

/// Front ends are told of progress this often at most.
const TOLD_EVERY: TimeDelta = TimeDelta::milliseconds(400);

impl State {
    /// Every painter that has nothing to do begins its next order.
    pub(in crate::engine::state) fn start_works(&mut self, now: Time, effects: &mut Effects) {
        if self.failing.is_some() || !self.atelier.works.values().any(|live| live.step == Step::Waiting) {
            return;
        }
        let on = |live: &&Live| matches!(live.step, Step::Painting | Step::Beginning);
        let mut busy: BTreeSet<String> = self.atelier.works.values().filter(on).map(|live| live.painter.name.clone()).collect();
        let waiting = self.atelier.works.iter().filter(|(_, live)| live.step == Step::Waiting);
        let next: Vec<Text> =
            waiting.filter(|(_, live)| busy.insert(live.painter.name.clone())).map(|(call, _)| call.clone()).collect();
        for call in next {
            self.begin_work(&call, now, effects);
        }
    }

    fn begin_work(&mut self, call: &Text, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get(call) else { return };
        // While it waited the job may have been delivered, or closed to painters.
        let open =
            self.editable(&live.order.assignment).and_then(|assignment| self.pass(assignment, live.order.operation.action()));
        if let Err(failure) = open {
            return self.end_work(call, Ended::Declined, &failure.to_string(), now, effects);
        }
        let mut records = vec![asked(live, now)];
        if !live.native.is_empty() {
            records.push(Record::ArtNamed { call: call.clone(), native: live.native.clone() });
        }
        if self.record_act(records, Then::ArtBegin { call: call.clone() }, now, effects).is_ok()
            && let Some(live) = self.atelier.works.get_mut(call)
        {
            live.step = Step::Beginning;
        }
    }

    /// What it could cost stands in the journal: it is sent.
    pub(in crate::engine::state) fn art_begin(&mut self, call: &Text, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get_mut(call) else { return };
        if let Some(why) = live.stopping.take() {
            return self.settle_work(call, Ended::Stopped, &format!("{why} before anything was sent"), false, now, effects);
        }
        let Some(sketch) = live.sketch.clone() else { return };
        live.step = Step::Painting;
        live.since = now;
        effects.push(Effect::Paint { call: call.clone(), painter: live.painter.clone(), sketch });
        self.tell_art(call, now, effects);
    }

    /// Something is heard of an order.
    pub(in crate::engine::state) fn painted(&mut self, call: &Text, news: News, now: Time, effects: &mut Effects) {
        // Who was stopped goes on speaking for a moment.
        let Some(live) = self.atelier.works.get_mut(call) else { return };
        match news {
            News::Named(native) => {
                live.native = native.clone();
                self.record_facts(vec![Record::ArtNamed { call: call.clone(), native }], Vec::new(), now, effects);
            }
            News::At { percent, note } => {
                live.percent = percent.or(live.percent);
                live.note = note;
                // What was held back is told with the next word of the server's.
                if live.told_of != (live.percent, live.note.clone()) && now - live.told >= TOLD_EVERY {
                    self.tell_art(call, now, effects);
                }
            }
            News::By(model) => live.model = model,
            News::Told(usage) => live.usage = Some(usage),
            News::Kept { file: Err(why), .. } => live.unfit = Some(why),
            News::Kept { file: Ok(file), seed, revised } => self.picture_came(call, *file, (seed, revised), now, effects),
            News::End(why) => self.painting_ended(call, why, now, effects),
        }
    }

    fn picture_came(
        &mut self,
        call: &Text,
        mut file: crate::domain::draft::FileItem,
        (seed, revised): (Option<u64>, Text),
        now: Time,
        effects: &mut Effects,
    ) {
        let Some(work) = self.book.art.work(call) else { return };
        // What was fetched a second time is no second picture.
        if work.pictures.iter().any(|picture| picture.file.sha256 == file.sha256) {
            return;
        }
        let n = work.pictures.iter().map(|picture| picture.n).max().unwrap_or(0) + work.dropped + 1;
        let ending = match file.facts.mime.as_str() {
            "image/jpeg" => "jpg",
            "image/webp" => "webp",
            _ => "png",
        };
        let tail: String = call.as_str().chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
        file.name = Text::title(&format!("art-{tail}-{n}.{ending}"));
        file.origin = Origin::Ai { call: call.clone() };
        let seed = seed.or(work.order.seed);
        let picture = Picture { n, file, seed, revised };
        self.record_facts(vec![Record::ArtPainted { call: call.clone(), picture: Box::new(picture) }], Vec::new(), now, effects);
        self.tell_art(call, now, effects);
    }

    fn painting_ended(&mut self, call: &Text, why: Why, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get(call) else { return };
        let came = self.book.art.work(call).map_or(0, |work| work.pictures.len());
        let words = |failure: &Failure| {
            let hint = if failure.hint.is_empty() { String::new() } else { format!(". {}", failure.hint) };
            format!("{failure}{hint}")
        };
        let (ended, note) = match &why {
            Why::Done if came == 0 => {
                let what = live.unfit.clone().unwrap_or_else(|| "no picture came".to_owned());
                (Ended::Unfit, format!("what came cannot be used: {what}"))
            }
            Why::Done => match &live.unfit {
                Some(unfit) => (Ended::Cut, format!("not all of it can be used: {unfit}")),
                None => (Ended::Done, String::new()),
            },
            Why::Declined(failure) => (Ended::Declined, words(failure)),
            Why::Refused(failure) | Why::Failed(failure) => (Ended::Failed, words(failure)),
            // It can be looked for: until then its end is not known, and the journal does not say otherwise.
            Why::Unknown(failure) if keeps_history(live.painter.kind) && !live.native.is_empty() => {
                let (title, note) = (self.title_of_art(&live.order), Text::title(&words(failure)));
                let (assignment, pictures) = (live.order.assignment.clone(), u32::try_from(came).unwrap_or(u32::MAX));
                self.atelier.works.remove(call);
                let (stage, percent, call) = (Stage::Unknown, None, call.clone());
                return self.publish(What::Art { assignment, call, title, stage, percent, note, pictures }, now, effects);
            }
            Why::Unknown(failure) => (Ended::Failed, format!("its end is not known, and it may be paid: {}", words(failure))),
        };
        let sent = !matches!(why, Why::Refused(_) | Why::Declined(_));
        self.settle_work(call, ended, &note, sent, now, effects);
    }

    /// An order that was not sent is over.
    fn end_work(&mut self, call: &Text, ended: Ended, note: &str, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get(call) else { return };
        let asked = asked(live, now);
        // It never was a call; the journal says how it ended all the same, at no cost.
        self.record_facts(vec![asked], Vec::new(), now, effects);
        self.settle_work(call, ended, note, false, now, effects);
    }

    /// What an order cost is written down, and everybody is told.
    fn settle_work(&mut self, call: &Text, ended: Ended, note: &str, sent: bool, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get(call) else { return };
        let came = self.book.art.work(call).map_or(0, |work| work.pictures.len());
        let spent = spent(live, came, ended, sent);
        let note = Text::title(note);
        let record = Record::Answered { call: call.clone(), spent: Box::new(spent), ended, note: note.clone() };
        let (assignment, title) = (live.order.assignment.clone(), self.title_of_art(&live.order));
        self.atelier.works.remove(call);
        let pictures = u32::try_from(came).unwrap_or(u32::MAX);
        let what = What::Art { assignment, call: call.clone(), title, stage: Stage::Over, percent: None, note, pictures };
        self.record_facts(vec![record], vec![what], now, effects);
    }

    /// Stops an order; what came is kept.
    pub(in crate::engine::state) fn stop_art(&mut self, asker: Asker, call: &Text, now: Time, effects: &mut Effects) {
        let known = self.atelier.works.contains_key(call);
        let reply = match (known, self.book.art.work(call)) {
            (true, _) => Ok(Reply::Done),
            (false, Some(_)) => {
                Err(Failure::new(Class::Refused, "it is over already").hint("juggler art results JOB shows what came"))
            }
            (false, None) => Err(unknown(call)),
        };
        self.stop_work(call, "you stopped it", now, effects);
        effects.reply(asker, reply);
    }

    fn stop_work(&mut self, call: &Text, why: &str, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get_mut(call) else { return };
        match live.step {
            Step::Painting => {
                let (painter, native) = (live.painter.clone(), live.native.clone());
                effects.push(Effect::StopArt { call: call.clone(), painter, native });
                self.settle_work(call, Ended::Stopped, why, true, now, effects);
            }
            // Its call is on its way to the disk: it is ended once it is there.
            Step::Beginning => live.stopping = Some(why.to_owned()),
            Step::Waiting | Step::Writing => {
                self.end_work(call, Ended::Stopped, &format!("{why} before anything was sent"), now, effects);
            }
        }
    }

    /// Orders of jobs that are closed to painters by now.
    pub(in crate::engine::state) fn stop_closed_works(&mut self, now: Time, effects: &mut Effects) {
        let closed = |live: &Live| {
            let open = self.book.assignments.get(&live.order.assignment);
            open.is_none_or(|assignment| self.pass(assignment, live.order.operation.action()).is_err())
        };
        let closed: Vec<Text> =
            self.atelier.works.iter().filter(|(_, live)| closed(live)).map(|(call, _)| call.clone()).collect();
        closed.iter().for_each(|call| self.stop_work(call, "no AI is allowed any more", now, effects));
    }

    /// The engine ends: what can be looked for later goes on at its server, the rest is stopped.
    pub(in crate::engine::state) fn leave_works(&mut self, now: Time, effects: &mut Effects) {
        let calls: Vec<Text> = self.atelier.works.keys().cloned().collect();
        for call in calls {
            let Some(live) = self.atelier.works.get(&call) else { continue };
            let goes_on = live.step == Step::Painting && keeps_history(live.painter.kind);
            if goes_on {
                self.atelier.works.remove(&call);
            } else {
                self.stop_work(&call, "the program ended", now, effects);
            }
        }
    }

    /// Asks the provider what became of an order.
    pub(in crate::engine::state) fn look_for_art(&mut self, asker: Asker, call: &Text, now: Time, effects: &mut Effects) {
        let looked = self.lookable(call).map(|(order, painter, native)| {
            let live = Live {
                order,
                painter: Box::new(painter),
                sketch: None,
                native: native.clone(),
                step: Step::Painting,
                percent: None,
                note: Text::title("looked for"),
                since: now,
                told: now,
                told_of: (None, Text::default()),
                usage: None,
                model: Text::default(),
                unfit: None,
                stopping: None,
            };
            effects.push(Effect::LookForArt { call: call.clone(), painter: live.painter.clone(), native });
            self.atelier.works.insert(call.clone(), live);
        });
        self.tell_art(call, now, effects);
        effects.reply(asker, looked.map(|()| Reply::Done));
    }

    fn lookable(&self, call: &Text) -> Result<(Order, crate::config::AssistantConfig, Text), Failure> {
        let work = self.book.art.work(call).ok_or_else(|| unknown(call))?;
        let refused = |what: &str, hint: &str| Err(Failure::new(Class::Refused, what.to_owned()).hint(hint.to_owned()));
        if self.atelier.works.contains_key(call) {
            return refused("it is being painted", "juggler art queue shows how far it is");
        }
        match self.book.calls.all().iter().rev().find(|known| known.id == *call) {
            None => return refused("it was never sent", "order it again"),
            Some(Call { ended: Some(_), .. }) => return refused("its end is known", "juggler art results JOB shows what came"),
            Some(_) => {}
        }
        let Some(painter) = self.painter_of(&work.order) else {
            return refused("its painter is not in the config any more", "put it back, then look again");
        };
        if work.native.is_empty() || !keeps_history(painter.kind) {
            return refused(
                "this provider keeps no history that could be read",
                "look at the provider's own site, or order it again",
            );
        }
        Ok((work.order.clone(), painter.clone(), work.native.clone()))
    }

    /// Tells everybody how far an order is.
    pub(super) fn tell_art(&mut self, call: &Text, now: Time, effects: &mut Effects) {
        let Some(live) = self.atelier.works.get_mut(call) else { return };
        live.told = now;
        live.told_of = (live.percent, live.note.clone());
        let stage = if live.step == Step::Painting { Stage::Painting } else { Stage::Waiting };
        let (assignment, percent, note) = (live.order.assignment.clone(), live.percent, live.note.clone());
        let order = live.order.clone();
        let pictures = self.book.art.work(call).map_or(0, |work| u32::try_from(work.pictures.len()).unwrap_or(u32::MAX));
        let title = self.title_of_art(&order);
        self.publish(What::Art { assignment, call: call.clone(), title, stage, percent, note, pictures }, now, effects);
    }

    pub(super) fn title_of_art(&self, order: &Order) -> Text {
        self.book.assignments.get(&order.assignment).map(|assignment| assignment.job.title.clone()).unwrap_or_default()
    }
}

/// The line of the journal before a call.
fn asked(live: &Live, now: Time) -> Record {
    let order = &live.order;
    let call = Call {
        id: order.call.clone(),
        assignment: order.assignment.clone(),
        action: order.operation.action(),
        template: order.template.clone(),
        host: order.host.clone(),
        at: now,
        spent: reckoned(live),
        ended: None,
        note: Text::default(),
    };
    Record::Asked { call: Box::new(call) }
}

/// The most that an order may cost, as it counts until its end is known.
fn reckoned(live: &Live) -> Spent {
    let usage = if live.painter.tariff.is_some() { price::usage(&live.order) } else { Usage::default() };
    spent_as(live, usage, live.order.most.map(|most| Cost { estimated: true, ..most }))
}

fn spent_as(live: &Live, usage: Usage, cost: Option<Cost>) -> Spent {
    let model = if live.model.is_empty() { live.order.model.clone() } else { live.model.clone() };
    Spent { assistant: live.painter.name.clone(), model, usage, tariff: live.painter.tariff, cost }
}

/// What an order cost in the end.
fn spent(live: &Live, came: usize, ended: Ended, sent: bool) -> Spent {
    let nothing = Usage { input: Tokens::told(0), cached: 0, output: Tokens::told(0) };
    let by_tariff = |usage: &Usage| live.painter.tariff.as_ref().map(|tariff: &Tariff| tariff.cost(usage));
    let each = live.order.price_image;
    if !sent {
        let cost = each.map(|each| price::pictures(each, 0)).or_else(|| by_tariff(&nothing));
        return spent_as(live, nothing, cost);
    }
    match (live.usage, each) {
        (usage, Some(each)) if ended == Ended::Done => {
            let count = u32::try_from(came).unwrap_or(u32::MAX);
            spent_as(live, usage.unwrap_or_default(), Some(price::pictures(each, count)))
        }
        (Some(usage), None) => spent_as(live, usage, by_tariff(&usage)),
        _ => reckoned(live),
    }
}

pub(super) fn unknown(call: &Text) -> Failure {
    Failure::new(Class::NotFound, format!("there is no order {call}")).hint("juggler art results JOB lists them")
}
