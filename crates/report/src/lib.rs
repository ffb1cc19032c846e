//! Plans, diagnostics and receipts as text and JSON for people and tools.
//!
//! Everything is returned as text or written to a writer that is handed in; nothing prints. Every
//! text that comes from a manifest or a server is foreign, and goes through [`escape`].

mod diagnostic;
mod ending;
pub mod escape;
mod json;
mod layout;
mod options;
mod page;
mod progress;
mod receipts;
mod text;
mod view;
mod waves;

pub use diagnostic::{
    Tool, diagnostics, diagnostics_github, diagnostics_json, diagnostics_junit, diagnostics_sarif,
};
pub use ending::spelled;
pub use json::{apply_json, digest, json};
pub use options::TextOptions;
pub use page::page;
pub use progress::{Progress, ProgressOptions};
pub use receipts::{Applied, Next, receipts};
pub use text::text;
