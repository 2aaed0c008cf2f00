//! Juggler: one terminal inbox for AI-assisted micro-jobs. Triage a live feed, claim, make, check, submit, get paid, and know
//! what the hour was really worth.
//!
//! # Bird's eye
//!
//! ```text
//! main ─► tui, plain, cli, daemon, market ─► engine ─► platforms, assist, alert, program, store ─► net, documents, feed ─► child ─► config ─► domain
//! ```
//!
//! An arrow may skip layers and never runs back; `tests/it/tidy.rs` reads the imports and fails on a broken one. `domain` and
//! `feed` are pure: no runtime, no I/O, no clock; whatever needs the time takes `now`.
//!
//! ```text
//! key ─► keymap(layers) ─► Command{stable id} ─► update ─► Handle::try_send(Request)
//!                                                                │ bounded
//!  poller ──► Outcome ─┐                                         ▼
//!  store ack ──────────┼─► actor: one Input ─► State::step(input, now) ─► Effects ─► commit ─► ack ─► Event
//!  outbox, stream ─────┤                                                                         │ bounded broadcast
//!  timer ──────────────┘                            tui: a frame · cli --json: a line · socket: a line
//! ```
//!
//! # Code map
//!
//! | folder | what lives there |
//! |---|---|
//! | [`domain`] | the words: text, money, job, deliverable and checks, assignment (state machine), submission, payment, record, book, ledger |
//! | [`domain::query`] | the query language: parser, printer, errors with a place, completions, evaluation over a [`domain::Listing`] |
//! | [`domain::check`] | a deliverable's demands against a draft: verdict, places, cure; what the craft asks for beyond them only warns |
//! | [`domain::picture`] | facts of a picture, the language of its edits, and the edits that a demand asks for |
//! | [`domain::rate`], [`domain::fit`] | what an hour of a job is expected to bring, and how it suits its person, with the reasons; [`domain::history`] and [`domain::profile`] are what they rest on, [`domain::judge`] applies both |
//! | [`domain::origin`], [`domain::versions`] | where each stretch of a draft came from, through every edit, and what can be said of it; earlier versions |
//! | [`domain::rule`], [`domain::blocks`] | watch rules with their caps, and what is hidden by query |
//! | [`feed`] | all jobs in one list, in columns; views kept up with every change, orders and windows, work in pieces, the image of it all |
//! | [`config`] | raw file → resolved values; paths; where keys come from; what the program may write into the file |
//! | [`net`] | the one HTTP layer: time-outs, caps, redirects, pace, keys |
//! | [`child`] | how a program is run beside us: what it sees, its limits, its end |
//! | [`documents`] | facts about a file; the text of a document, read by a process of its own, with marks of its pages |
//! | [`documents::picture`] | pictures: facts, edits and small views of them, by a process of their own; what is written beside the pixels |
//! | [`alert`] | which alerts go out, bundled and in waking hours, and the ways out: program, webhook |
//! | [`platforms`] | the adapter trait and its outcomes; `board` runs recipes in TOML, `inbox` reads files that scripts write |
//! | [`program`] | the person's own programs: what they are handed, and what becomes of what they say |
//! | [`assist`] | the scaffold, which needs no model, and the repairs that checks ask for |
//! | [`domain::grade`] | judging answers in pairs: blind, in an order of one's own, and the records that are delivered |
//! | [`domain::ai`] | what assistants may do: the gate before every model, what calls cost and may cost, what is wished of them |
//! | [`assist::prompt`] | templates (`assets/prompts`), how a wish becomes a question and an answer becomes words for a draft |
//! | [`assist::provider`] | models behind one trait: dialects, streams of scrubbed words, fences around others' texts, cost; programs of the person's |
//! | [`store`] | the journal (the truth), sled (a cache, in generations) and the image of the columns behind one handle |
//! | [`engine`] | the actor that owns everything; [`engine::api`] is what front ends say to it |
//! | [`daemon`] | the same api over a Unix socket: who is attached, links that outlive engines, successors, other machines |
//! | [`tui`] | the terminal program; [`tui::terminal`] owns the terminal itself: reader, parser, painter, fence |
//! | [`tui::picture`] | which way the terminal takes pictures, pictures made ready, the contact sheet |
//! | [`plain`] | the same in lines, for screen readers, dumb terminals and pipes |
//! | [`cli`] | the commands, the demo and its headless player, doctor |
//! | [`market`] | the practice market: a living marketplace over real HTTP |
//!
//! # Invariants
//!
//! 1. **One owner.** The engine owns the truth; a front end owns only what is visual.
//! 2. **One input, one synchronous step, effects as data.** [`engine::state::State::step`] decides, the actor carries out.
//! 3. **The UI never waits.** No await, lock, disk or network in a UI arm; input goes first, nothing is drawn when nothing changed.
//! 4. **Windows, not copies.** The feed lives once; a front end asks for the rows it draws.
//! 5. **The cursor belongs to a job**, not to a row number.
//! 6. **One truth.** Append to the journal, fsync, apply to sled, announce; in this order. The feed's rows alone are a cache.
//!    Acts of the person enter the book only when durable, so a failing disk leaves them undone and said so. Facts that a
//!    platform told wait for acts on their way, then enter at once and are announced when durable, since it can tell them again;
//!    so the book in memory is always the fold of the journal to come, in its order.
//! 7. **No automatic second send.** Outbox entry with an idempotency key before the first byte; silence is `unknown`, and the
//!    platform is read before anything is sent again. Where it has no key or cannot be read, only the person decides.
//! 8. **Nothing is claimed or submitted behind the person's back.** Both want the exact terms agreed to.
//! 9. **Money is integer minor units of a named asset.** No floats; assets are never added.
//! 10. **Everything a platform sends is hostile.** It becomes [`domain::Text`] at the edge, capped and scrubbed.
//! 11. **Every outcome has a name.** No `unwrap`, `expect` or `panic` outside tests; [`error::Failure`] says what, why and what next.
//! 12. **Defaults live in code; files hold differences.**
//! 13. **A front end outlives its engine.** Whoever holds the store serves the socket; when it goes, or a bug ends it, a
//!     [`daemon::link`] leads the same handle to the next one. Every deadline is on the platform's clock, brought to ours by [`domain::clocks`], never later.
//!
//! 14. **No question to a model without a pass.** Only [`domain::ai::Ruling`] gives one; the call stands in the journal, and its dearest end is
//!     within the caps, before the first byte. What comes back is shown, and enters a draft only by a key of the person's.
//!
//! What follows from them for a person, with tests and figures, is the page [`promises`].

pub mod alert;
pub mod assist;
pub mod child;
pub mod cli;
pub mod config;
pub mod daemon;
pub mod documents;
pub mod domain;
pub mod engine;
pub mod error;
pub mod feed;
pub mod market;
pub mod net;
pub mod plain;
pub mod platforms;
#[doc = include_str!("promises.md")]
pub mod promises {}
pub mod program;
pub mod store;
pub mod tui;
