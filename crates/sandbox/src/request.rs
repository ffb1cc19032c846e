//! `Request` and `Answer`: what comes over the wire and goes back, without a socket.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// A request to the sandbox. `Debug` shows neither headers nor body, which hold secrets.
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
            .field("uri", &self.uri)
            .finish_non_exhaustive()
    }
}

/// What the sandbox does about a request. `Debug` does not show the body, which echoes secrets.
#[derive(Clone)]
pub struct Answer {
    /// Status of the response.
    pub status: StatusCode,
    /// Headers of the response.
    pub headers: HeaderMap,
    /// Body of the response.
    pub body: Bytes,
    /// How long the response is held back.
    pub delay: Duration,
    /// The connection is closed without a response.
    pub is_dropped: bool,
}

impl fmt::Debug for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Answer");
        shown
            .field("status", &self.status)
            .field("headers", &self.headers);
        shown
            .field("delay", &self.delay)
            .field("is_dropped", &self.is_dropped);
        shown.finish_non_exhaustive()
    }
}

/// A query string or a form: names are compared without regard to case.
#[derive(Debug, Default)]
pub(crate) struct Query<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Query<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Self {
            pairs: pairs.collect(),
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
