//! What a client receives, frame by frame. No test sleeps: gates and paused time decide.

mod driving;
mod failures;
mod frames;
mod heads;
mod misuse;
mod support;
mod time;
