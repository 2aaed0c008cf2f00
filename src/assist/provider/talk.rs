//! One question and its answer: frames become words, as they come, within bounds.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::ask::Ask;
use super::connection::Connection;
use super::dialect::{self, Dialect, Packing, Said};
use super::{Piece, Pieces, Why};
use crate::domain::Text;
use crate::domain::text::Inflow;
use crate::error::{Class, Failure};
use crate::net::{Cut, Events, Flow, Lines};

/// Most bytes of one frame; a whole answer comes in one where a server does not stream.
const FRAME_CAP: usize = 1 << 20;
/// Most bytes of words: at least this many, and this many for each token allowed.
const WORDS_LEAST: usize = 64 << 10;
const WORDS_A_TOKEN: usize = 16;
const WORDS_MOST: usize = 1 << 20;
/// When the model has ended, tokens are waited for so long.
const DRAIN: Duration = Duration::from_secs(3);

/// Asks and gives the answer away piece by piece.
pub(super) fn talk(connection: Arc<Connection>, ask: Ask) -> Pieces {
    let talk = Talk { connection, stage: Stage::Ready(Box::new(ask)), ready: VecDeque::new() };
    stream::unfold(talk, |mut talk| async move { talk.next().await.map(|piece| (piece, talk)) }).boxed()
}

struct Talk {
    connection: Arc<Connection>,
    stage: Stage,
    ready: VecDeque<Piece>,
}

enum Stage {
    Ready(Box<Ask>),
    Reading(Box<Reading>),
    Over,
}

struct Reading {
    flow: Flow,
    frames: Frames,
    dialect: &'static dyn Dialect,
    inflow: Inflow,
    room: usize,
    spoke: bool,
    by: bool,
    ended: Option<Why>,
}

/// Frames out of bytes.
enum Frames {
    Events(Events),
    Lines(Lines),
    /// One JSON for the whole, where a stream was asked for.
    Whole(Vec<u8>),
}

impl Talk {
    async fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                if matches!(piece, Piece::End(_)) {
                    self.ready.clear();
                    self.stage = Stage::Over;
                }
                return Some(piece);
            }
            match &mut self.stage {
                Stage::Over => return None,
                Stage::Ready(ask) => {
                    let opened = open(&self.connection, ask).await;
                    match opened {
                        Ok(reading) => {
                            self.ready.push_back(Piece::Began);
                            self.stage = Stage::Reading(Box::new(reading));
                        }
                        Err(failure) => self.ready.push_back(Piece::End(Why::Failed(failure))),
                    }
                }
                Stage::Reading(reading) => {
                    if let Err(why) = reading.more(&self.connection, &mut self.ready).await {
                        let rest = reading.inflow.end();
                        self.ready.extend((!rest.is_empty()).then_some(Piece::Words(rest)));
                        self.ready.push_back(Piece::End(why));
                    }
                }
            }
        }
    }
}

async fn open(connection: &Connection, ask: &Ask) -> Result<Reading, Failure> {
    let (config, dialect) = (&connection.config, connection.dialect());
    let max_output = ask.max_output.map_or(config.max_output, |asked| asked.min(config.max_output));
    if config.model.is_none() {
        return Err(no_model(connection).await);
    }
    if let Some(context) = config.context {
        let (reckoned, room) = (ask.reckoned(), u64::from(context.saturating_sub(max_output)));
        if reckoned > room {
            let name = &config.name;
            return Err(Failure::new(Class::Refused, format!("it is too long for the model of \"{name}\""))
                .why(format!("about {reckoned} tokens, and {context} less {max_output} for the answer leave {room}"))
                .hint(format!("send less, or set context in [[assistant]] \"{name}\" to what the model can take")));
        }
    }
    let sheet = ask.sheet();
    let flow = connection.open(|manner| dialect.body(config, &sheet, max_output, manner)).await?;
    let frames = match (flow.head().mime().as_deref(), dialect.packing()) {
        (Some("text/html"), _) => return Err(connection.not_here("a web page answers there")),
        (Some("application/json"), Packing::Events) => Frames::Whole(Vec::new()),
        (_, Packing::Events) => Frames::Events(Events::new(FRAME_CAP)),
        (_, Packing::Lines) => Frames::Lines(Lines::new(FRAME_CAP)),
    };
    let tokens = usize::try_from(max_output).unwrap_or(usize::MAX);
    let room = tokens.saturating_mul(WORDS_A_TOKEN).clamp(WORDS_LEAST, WORDS_MOST);
    Ok(Reading { flow, frames, dialect, inflow: Inflow::default(), room, spoke: false, by: false, ended: None })
}

/// Without a model in the config: which there are.
async fn no_model(connection: &Connection) -> Failure {
    let name = &connection.config.name;
    let models = match connection.models().await {
        Ok(models) => models,
        Err(failure) => return failure,
    };
    let some: Vec<&str> = models.iter().map(|model| model.id.as_str()).take(8).collect();
    let hint = match some.first() {
        Some(first) => format!("write model = \"{first}\" in [[assistant]] \"{name}\"; it has {}", some.join(", ")),
        None if connection.config.kind == crate::config::AssistantKind::Ollama => {
            format!("get one, such as ollama pull llama3.2, and write it as model = … in [[assistant]] \"{name}\"")
        }
        None => format!("write model = \"…\" in [[assistant]] \"{name}\""),
    };
    Failure::new(Class::Config, format!("no model is named for \"{name}\"")).hint(hint)
}

impl Reading {
    /// Reads the next piece off the wire and puts what it says into `out`.
    ///
    /// # Errors
    /// Why that was the last one.
    async fn more(&mut self, connection: &Connection, out: &mut VecDeque<Piece>) -> Result<(), Why> {
        let (frames, end) = match self.flow.next().await {
            Ok(Some(bytes)) => self.frames.take(&bytes),
            Ok(None) => (self.frames.rest(), Some(None)),
            Err(cut) => (Vec::new(), Some(Some(cut))),
        };
        let mut words = String::new();
        let mut over = Ok(());
        for frame in frames {
            over = self.hear(&frame, connection, &mut words, out).await;
            if over.is_err() {
                break;
            }
        }
        self.say(&mut words, out);
        over?;
        match end {
            None => Ok(()),
            Some(cut) => Err(self.last(cut, connection)),
        }
    }

    /// Takes one frame in.
    async fn hear(
        &mut self,
        frame: &str,
        connection: &Connection,
        words: &mut String,
        out: &mut VecDeque<Piece>,
    ) -> Result<(), Why> {
        for said in dialect::read(self.dialect, frame) {
            match said {
                Said::Words(more) => {
                    let fits = more.floor_char_boundary(self.room.min(more.len()));
                    self.room -= fits;
                    self.spoke = true;
                    words.push_str(&more[..fits]);
                    if fits < more.len() {
                        return Err(Why::TooMuch);
                    }
                }
                Said::By(model) if !std::mem::replace(&mut self.by, true) => {
                    out.push_back(Piece::By(Text::title(&model)));
                }
                Said::By(_) => {}
                Said::Thinking => {
                    self.say(words, out);
                    out.push_back(Piece::Thinking);
                }
                Said::Told(told) => out.push_back(Piece::Told(told)),
                Said::Ended(why) => {
                    self.ended.get_or_insert(why);
                    self.flow.hurry(DRAIN);
                }
                Said::Over => return Err(self.ended.take().unwrap_or(Why::Done)),
                Said::Fault(fault) => return Err(Why::Failed(connection.faulted(&fault).await)),
            }
        }
        Ok(())
    }

    /// Words of one piece off the wire go out as one.
    fn say(&mut self, words: &mut String, out: &mut VecDeque<Piece>) {
        let shown = self.inflow.take(&std::mem::take(words));
        out.extend((!shown.is_empty()).then_some(Piece::Words(shown)));
    }

    /// Why it ended, given that the bytes did.
    fn last(&mut self, cut: Option<Cut>, connection: &Connection) -> Why {
        // The model had said so; only its tokens did not come, or the server keeps the line open.
        if let Some(why) = self.ended.take() {
            return why;
        }
        match cut {
            Some(Cut::Late(_)) => Why::Late,
            Some(Cut::Full(_)) => Why::TooMuch,
            Some(cut) => Why::Failed(connection.lost(cut.end(self.flow.url()))),
            None if self.spoke => Why::Failed(self.unfinished(connection, "it ended in the middle")),
            None => {
                Why::Failed(self.unfinished(connection, "it ended before the first word; the question may be too long for it"))
            }
        }
    }

    fn unfinished(&self, connection: &Connection, why: &str) -> Failure {
        let name = &connection.config.name;
        Failure::new(Class::Platform, format!("the answer of \"{name}\" is not whole"))
            .why(why)
            .hint("what came is kept; ask again, or go on from there")
    }
}

impl Frames {
    /// The frames that this piece completes, and why there can be no more.
    fn take(&mut self, bytes: &[u8]) -> (Vec<String>, Option<Option<Cut>>) {
        let mut frames = Vec::new();
        let taken = match self {
            Frames::Events(events) => events.take(bytes, |event| frames.push(event.data)),
            Frames::Lines(lines) => lines.take(bytes, |line| frames.push(line.to_owned())).map_err(Cut::TooLarge),
            Frames::Whole(all) if all.len() + bytes.len() > FRAME_CAP => Err(Cut::TooLarge(FRAME_CAP)),
            Frames::Whole(all) => {
                all.extend_from_slice(bytes);
                Ok(())
            }
        };
        (frames, taken.err().map(Some))
    }

    /// What was not ended properly.
    fn rest(&mut self) -> Vec<String> {
        match self {
            Frames::Events(events) => events.rest().map(|event| event.data).into_iter().collect(),
            Frames::Lines(lines) => lines.rest().into_iter().collect(),
            Frames::Whole(all) => vec![String::from_utf8_lossy(all).into_owned()],
        }
    }
}
