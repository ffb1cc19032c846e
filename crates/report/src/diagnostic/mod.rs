//! Problems of manifests, one file a format. All but the text are drawn from one view of them,
//! [`ProblemsV1`], and show no line of a manifest.
//!
//! [`ProblemsV1`]: gangplank_model::file::problems_v1::ProblemsV1

mod github;
mod json;
mod junit;
mod sarif;
mod text;
mod words;

pub use github::diagnostics_github;
pub use json::diagnostics_json;
pub use junit::diagnostics_junit;
pub use sarif::{Tool, diagnostics_sarif};
pub use text::diagnostics;
