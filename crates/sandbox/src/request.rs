//! `Request` and `Answer`: what comes over the wire and goes back, without a socket.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::fault::{Close, Paging};

/// A request to the sandbox. `Debug` shows neither query, headers nor body, which hold secrets.
#[derive(Clone, Default)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path and query, with or without a host.
    pub uri: Uri,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, empty when there is none.
    pub body: Bytes,
}

impl Request {
    /// A header as text; empty when it is absent or not text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .trim()
    }

    /// The token of `Authorization: Bearer`.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let value = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Request");
        shown
            .field("method", &self.method)
            .field("path", &self.uri.path())
            .finish_non_exhaustive()
    }
}

/// What the sandbox does about a request, for a server or a simulator to carry out.
///
/// In this order: wait for `delay`; write status line and headers; write `filler`, then `body`, not
/// faster than `pace`; stop, and end the connection, where `cut` says so. Without mischief all but
/// the first three fields are empty. `Debug` does not show the body, which echoes secrets.
#[derive(Clone, Default)]
pub struct Answer {
    /// Status of the response.
    pub status: StatusCode,
    /// Headers of the response.
    pub headers: HeaderMap,
    /// Body of the response.
    pub body: Bytes,
    /// How long the response is held back.
    pub delay: Duration,
    /// What comes before `body`, too long to be held in memory.
    pub filler: Option<Filler>,
    /// Bytes of the body in a second; as fast as can be when there is none.
    pub pace: Option<u64>,
    /// Where the response breaks off; it is whole, and the connection stays, when there is none.
    pub cut: Option<Cut>,
}

/// Bytes that come before a body: `first`, and then `piece` again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filler {
    /// What comes once.
    pub first: Bytes,
    /// What is repeated.
    pub piece: Bytes,
    /// How often; for ever when there is none.
    pub times: Option<u64>,
}

/// Where a response breaks off, and how its connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Whether `bytes` counts those of the body; otherwise those of the head.
    pub is_in_body: bool,
    /// How many bytes are written; all of them when there are no more.
    pub bytes: u64,
    /// How the connection ends.
    pub close: Close,
}

impl Cut {
    /// Before anything is written.
    pub fn at_once(close: Close) -> Self {
        Self {
            is_in_body: false,
            bytes: 0,
            close,
        }
    }
}

impl Answer {
    /// Whether the client sees nothing of the response.
    pub fn is_dropped(&self) -> bool {
        self.cut
            .is_some_and(|cut| !cut.is_in_body && cut.bytes == 0)
    }

    /// Bytes of filler and body together; none when they do not end.
    pub fn length(&self) -> Option<u64> {
        let body = u64::try_from(self.body.len()).unwrap_or(u64::MAX);
        let Some(filler) = &self.filler else {
            return Some(body);
        };
        let long = |bytes: &Bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let pieces = filler.times?.saturating_mul(long(&filler.piece));
        Some(
            pieces
                .saturating_add(long(&filler.first))
                .saturating_add(body),
        )
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Answer");
        shown
            .field("status", &self.status)
            .field("headers", &self.headers);
        shown
            .field("length", &self.length())
            .field("delay", &self.delay);
        shown.field("pace", &self.pace).field("cut", &self.cut);
        shown.finish_non_exhaustive()
    }
}

/// A query string or a form: names are compared without regard to case.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// What mischief does to the page that is asked for.
    pub(crate) paging: Paging,
}

impl<'a> Query<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self {
            pairs: pairs.collect(),
            paging: Paging::default(),
        }
    }

    /// A value that is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self
            .pairs
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(found.1.as_ref()).filter(|value| !value.is_empty())
    }

    /// A number; what is not one counts as absent.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.get(name)?.trim().parse().ok()
    }

    /// A switch; what is not one counts as absent.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.get(name)?.to_ascii_lowercase().parse().ok()
    }
}

fn decode(text: &str) -> Cow<'_, str> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return percent_decode_str(&spaced)
            .decode_utf8_lossy()
            .into_owned()
            .into();
    }
    percent_decode_str(text).decode_utf8_lossy()
}
