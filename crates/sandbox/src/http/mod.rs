//! The sandbox on the wire.

mod body;
mod server;
mod socket;
mod stop;

pub use server::Listening;
pub(crate) use server::listen;
