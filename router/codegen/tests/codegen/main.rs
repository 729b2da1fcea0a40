//! Trees and what becomes of them. `UPDATE=1 cargo test -p anabranch-build` writes what is
//! expected anew; read the difference before you believe it.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod archive;
mod mistakes;
mod trees;
mod writing;
