//! Pictures as files: what edits do to them and carry along, hostile ones, and the command line over real files and a real market.
//!
//! What checks say of them is `checks::seeded::pictures`; the sheet on the screen is `tui::pictures`.

mod commands;
mod edits;
mod hostile;
