//! Answers as values.

use bytes::Bytes;
use serde::de::DeserializeOwned;
use std::fmt;

/// A successful answer. Its body may echo secrets (cyclr-api.md 2.4) and is never printed.
#[derive(Clone)]
pub struct Response {
    /// The status, 200 to 299.
    pub status: u16,
    /// The header `Total-Pages` of a list.
    pub total_pages: Option<u32>,
    /// The body.
    pub body: Bytes,
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("total_pages", &self.total_pages)
            .finish_non_exhaustive()
    }
}

impl Response {
    /// Makes an answer, as a test or a simulator does.
    pub fn new(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            total_pages: None,
            body: body.into(),
        }
    }

    /// Reads the body. The error says what was expected where, and repeats nothing of the body.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let what = match error.classify() {
                serde_json::error::Category::Eof => "ends too early",
                serde_json::error::Category::Data => "is not of the documented shape",
                serde_json::error::Category::Syntax | serde_json::error::Category::Io => {
                    "is not JSON"
                }
            };
            format!(
                "the body {what} at line {}, column {}",
                error.line(),
                error.column()
            )
        })
    }
}
