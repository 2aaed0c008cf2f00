//!
use ratatui::Frame;
use super::model::Model; use super::theme::Theme; use super::keymap::Keymap; use crate::config::Config; use crate::domain::Time;
pub fn draw(_f: &mut Frame<'_>, _m: &mut Model, _t: &Theme, _k: &Keymap, _c: &Config, _n: Time) {}
