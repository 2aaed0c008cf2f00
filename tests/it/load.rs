//! Load and endurance: many sources, dead ones among them, days that pass, and manners towards platforms. What takes minutes is
//! `cargo bench --bench load`.

mod calendar;
mod crowd;
mod day;
mod lived;
mod manners;
mod sim;
mod throng;
