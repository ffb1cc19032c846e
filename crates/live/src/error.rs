//! What can go wrong while reading.

use gangplank_cyclr::{Error, ErrorKind};
use std::error::Error as _;

/// An instance could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{what} could not be read")]
pub struct ReadError {
    what: &'static str,
    #[source]
    source: Error,
}

impl ReadError {
    pub(crate) fn accounts(source: Error) -> Self {
        let what = "the instance's accounts";
        Self { what, source }
    }

    pub(crate) fn templates(source: Error) -> Self {
        let what = "the published templates";
        Self { what, source }
    }

    pub(crate) fn library(source: Error) -> Self {
        let what = "the connector library";
        Self { what, source }
    }

    pub(crate) fn account(source: Error) -> Self {
        let what = "the account";
        Self { what, source }
    }

    /// Whether the credential or its permissions are the reason.
    pub fn is_auth(&self) -> bool {
        self.source.is_auth()
    }

    /// Whether no account at all can be read: there is no token to be had.
    pub(crate) fn stops_all(&self) -> bool {
        matches!(self.source.kind, ErrorKind::Token(_))
    }

    /// The error and its causes in one line.
    pub(crate) fn plainly(&self) -> String {
        let mut text = self.to_string();
        let mut source = self.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    }
}
