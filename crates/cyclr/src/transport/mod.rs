//! The wire, behind a seam: HTTP in a program, something in process in a simulation.

mod http;

pub(crate) use http::{Http, HttpSettings};

use crate::error::ErrorKind;
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::HeaderMap;
use std::fmt;
use std::pin::Pin;

/// Carries one request there and one answer back.
///
/// It sends at most once, follows no redirect, and says truthfully what became of the request: whether
/// a call is ever sent again rests on [`Failure::kind`]. It may be dropped at any time, which the
/// client does when a call takes too long.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends the request and reads the whole answer, whatever its status.
    fn exchange(&self, outgoing: Outgoing) -> Exchange<'_>;
}

/// An exchange under way.
pub type Exchange<'a> = Pin<Box<dyn Future<Output = Result<Incoming, Failure>> + Send + 'a>>;

/// What goes out. `Debug` shows neither headers nor body, which hold secrets.
#[derive(Clone)]
pub struct Outgoing {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Headers, the token among them.
    pub headers: HeaderMap,
    /// The body; empty when there is none.
    pub body: Bytes,
}

/// What comes back. `Debug` does not show the body, which echoes secrets (cyclr-api.md 2.4).
#[derive(Clone)]
pub struct Incoming {
    /// The status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The status, where at least that arrived.
    pub status: Option<u16>,
}

impl From<ErrorKind> for Failure {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, status: None }
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
