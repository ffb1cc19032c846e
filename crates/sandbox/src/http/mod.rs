//! The sandbox on the wire.

mod server;
mod socket;

pub use server::Listening;
pub(crate) use server::listen;
