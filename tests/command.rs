//! The native command, as a program: the real binary is run.

#[path = "command/constants.rs"]
mod constants;
#[path = "command/output.rs"]
mod output;
#[path = "command/own.rs"]
mod own;
#[path = "command/pictures.rs"]
mod pictures;
#[path = "command/room.rs"]
mod room;
#[path = "command/steps.rs"]
mod steps;
#[path = "command/unknown.rs"]
mod unknown;
