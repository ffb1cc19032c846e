//! The one way to lay out a manifest or a YAML roster: comments, order and meaning stay.

mod comments;
mod layout;

pub use layout::{Formatted, format};
