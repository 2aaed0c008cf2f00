//! Where each stretch of a draft came from: against an oracle, through the editor, the engine, the store and the command line.

mod command_line;
mod editor;
mod engine;
mod oracle;
mod scripts;
