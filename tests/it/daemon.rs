//! One engine, whoever runs it: the socket, the link that outlives engines, and the commands that move them about.

mod control;
mod link;
mod socket;
mod strangers;
