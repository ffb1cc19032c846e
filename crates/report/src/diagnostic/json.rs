//! Problems as JSON, version 1.

use crate::json::pretty;
use gangplank_model::file::problems_v1::ProblemsV1;

/// The problems as JSON, version 1.
pub fn diagnostics_json(problems: &ProblemsV1) -> String {
    pretty(problems)
}
