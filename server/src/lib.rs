//! The HTTP server of Anabranch: an accept loop with limits, graceful shutdown, and the layers
//! that an app has by default.
//!
//! # Layout
//! - [`server`](Server): the builder; `limits`: its values, each with a reason.
//! - [`listen`]: a socket of the process's own, or one that it was given.
//! - `listener`, `accept`, `shutdown`: from the listening socket to the last connection.
//! - `connection`: one connection: plain requests by itself, all others over hyper; `exchange`:
//!   one stream of HTTP/2.
//! - [`Stopping`]: by which an answer without an end learns of the stop.
//! - `line`, `switchboard`: what is known of every open connection, and who looks after its time;
//!   `credit`: how long a client may keep data waiting.
//! - `plain`: answers of the server's own.
//! - [`layers`]: compression, headers, request ids, the access log, limits of bodies.

pub use anabranch_engine::{Connection, End};

mod accept;
mod connection;
mod credit;
mod exchange;
pub mod layers;
mod limits;
mod line;
mod listen;
mod listener;
mod plain;
mod server;
mod shutdown;
mod stopping;
mod switchboard;

pub use layers::Layers;
pub use listen::listen;
pub use listener::Listener;
pub use server::{Server, serve};
pub use stopping::Stopping;
