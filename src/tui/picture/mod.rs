//! Pictures on the screen: which way the terminal takes them ([`Way`]), pictures made ready away from the keys ([`Pictures`]), and the
//! sheet that shows them ([`Sheet`]).
//!
//! Whoever has pictures to show hands a [`Sheet`] of [`Item`]s to `Update::open_pictures`; the rest happens here. A picture is decoded
//! and scaled by a process of its own, made into cells or into the terminal's own format on a thread beside, and comes back as a
//! message. Closing the sheet stops what is under way.
//!
//! ```text
//! Sheet ─► pane::pictures::draw ─► Pictures::wanted ─► Effect::LoadPicture ─► apart::small ─► encode ─► Message::Picture
//!                                      ▲ cells, or a place on the screen ◄──────────────────────────────────┘
//! ```

mod encode;
mod placed;
mod sheet;
mod way;

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use tokio_util::sync::CancellationToken;

pub use encode::load;
pub use placed::{Placed, Places};
pub use sheet::{Item, Sheet};
pub use way::{QUESTION, Told, Way, Ways};

use crate::domain::Text;

/// Pictures that are made ready at the same time.
const AT_ONCE: usize = 2;
/// What is kept ready, in cells of some forty bytes: more than any screen shows at once.
const KEPT: usize = 1_500_000;

/// A picture at a size, made ready in a way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Its file.
    pub path: PathBuf,
    /// Most cells across and down.
    pub cells: (u16, u16),
    /// How the terminal takes it.
    pub way: Way,
    /// Pixels of a cell, across and down.
    pub font: (u16, u16),
}

/// A picture to be made ready.
#[derive(Clone, Debug)]
pub struct Want {
    /// Which, and how.
    pub key: Key,
    /// Names it to the terminal.
    pub id: u32,
    /// The terminal takes compressed pictures.
    pub packed: bool,
    /// Most bytes that may be sent for it.
    pub budget: usize,
    /// Nobody waits for it any more.
    pub stop: CancellationToken,
}

impl PartialEq for Want {
    fn eq(&self, other: &Want) -> bool {
        (&self.key, self.id) == (&other.key, other.id)
    }
}

/// A picture made ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// The cells that stand for it.
    pub cells: Buffer,
    /// Sent once, before the cells are drawn: kitty.
    pub once: Arc<[u8]>,
    /// Written over the cells each time they are drawn: Sixel, iTerm2.
    pub over: Arc<[u8]>,
}

#[derive(Debug)]
enum State {
    Waiting,
    Loading,
    Ready(Ready),
    Failed(Text),
}

/// What is known of a picture that was asked for.
#[derive(Clone, Copy, Debug)]
pub enum Seen<'a> {
    /// It comes.
    Coming,
    /// It is here.
    Here(&'a Ready, u32),
    /// It cannot be shown.
    Not(&'a Text),
}

/// Pictures made ready, and those that are asked for.
#[derive(Debug, Default)]
pub struct Pictures {
    /// What the terminal takes.
    pub ways: Ways,
    known: BTreeMap<Key, (u32, State)>,
    queue: VecDeque<Key>,
    loading: usize,
    /// Cells of what is ready.
    weighs: usize,
    /// Pictures that the terminal may forget.
    stale: Vec<u32>,
    stop: CancellationToken,
    ids: u32,
}

impl Pictures {
    /// A picture at a size; asked for when it is not here.
    pub fn get(&mut self, key: &Key) -> Seen<'_> {
        if !self.known.contains_key(key) {
            if self.weighs > KEPT {
                self.forget_ready();
            }
            // Kitty tells pictures apart by a colour: three bytes, none of them zero.
            self.ids = (self.ids + 1) % 0xffff;
            self.known.insert(key.clone(), (0x6a_0000 + self.ids, State::Waiting));
            self.queue.push_back(key.clone());
        }
        match self.known.get(key) {
            Some((id, State::Ready(ready))) => Seen::Here(ready, *id),
            Some((_, State::Failed(why))) => Seen::Not(why),
            _ => Seen::Coming,
        }
    }

    /// What is to be made ready next.
    pub fn wanted(&mut self) -> Vec<Want> {
        let mut wants = Vec::new();
        while self.loading < AT_ONCE
            && let Some(key) = self.queue.pop_front()
        {
            let Some((id, state)) = self.known.get_mut(&key) else { continue };
            *state = State::Loading;
            self.loading += 1;
            let budget = self.ways.budget();
            wants.push(Want { key, id: *id, packed: self.ways.packed, budget, stop: self.stop.clone() });
        }
        wants
    }

    /// One was made ready, or cannot be; what is to be sent to the terminal before it is drawn.
    pub fn loaded(&mut self, key: &Key, loaded: Result<Ready, Text>) -> Arc<[u8]> {
        self.loading = self.loading.saturating_sub(1);
        let Some((_, state)) = self.known.get_mut(key) else { return Arc::default() };
        match loaded {
            Ok(ready) => {
                self.weighs += ready.cells.content.len() + (ready.once.len() + ready.over.len()) / 40;
                let once = ready.once.clone();
                *state = State::Ready(ready);
                once
            }
            Err(why) => {
                *state = State::Failed(why);
                Arc::default()
            }
        }
    }

    /// Nothing is shown any more: stops what is under way, and tells what the terminal may forget.
    pub fn close(&mut self) -> Vec<u8> {
        self.stop.cancel();
        self.stop = CancellationToken::new();
        self.queue.clear();
        self.forget_ready();
        self.known.clear();
        std::mem::take(&mut self.stale).iter().flat_map(|id| format!("\x1b_Ga=d,d=I,i={id},q=2\x1b\\").into_bytes()).collect()
    }

    /// What is ready is made anew when it is asked for again.
    fn forget_ready(&mut self) {
        let kitty = self.known.iter().filter(|(key, (_, state))| key.way == Way::Kitty && matches!(state, State::Ready(_)));
        self.stale.extend(kitty.map(|(_, (id, _))| *id));
        self.known.retain(|_, (_, state)| matches!(state, State::Waiting | State::Loading));
        self.weighs = 0;
    }
}
