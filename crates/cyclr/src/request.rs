//! Requests as values, without I/O.

use crate::limit::Urgency;
use crate::{Body, Error, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use std::fmt;
use std::marker::PhantomData;

/// The methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates and actions.
    Post,
    /// Merging updates and actions.
    Put,
    /// Updates of many.
    Patch,
    /// Removals.
    Delete,
}

impl Method {
    /// As it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One request below `/v1.0`.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The route pattern, with the placeholders of cyclr-api.md 2.0: `/accounts/{id}`.
    pub route: &'static str,
    /// The path, percent-encoded: `/accounts/acme-001`.
    pub path: String,
    /// The query; never holds a secret.
    pub query: Vec<(&'static str, String)>,
    /// The account, sent as `X-Cyclr-Account`.
    pub account: Option<String>,
    /// The body.
    pub body: Option<Body>,
    /// Whether it goes before others that wait.
    pub urgency: Urgency,
    /// Whether it is made only since another one failed. Such calls are few among all of a client's: one
    /// waits until it may be made, or is refused when nobody is answered any more.
    pub again: bool,
}

/// Everything that is not allowed to stand for itself in a path segment (RFC 3986, unreserved).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Request {
    /// Fills a route's placeholders in order.
    ///
    /// A segment that is `.` or `..` is encoded too, so that no id can climb out of its path.
    pub(crate) fn new(method: Method, route: &'static str, segments: &[&str]) -> Self {
        let mut path = String::with_capacity(route.len() + 32);
        let mut segments = segments.iter();
        for part in route.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                match *segments.next().expect("a segment for every placeholder") {
                    "." => path.push_str("%2E"),
                    ".." => path.push_str("%2E%2E"),
                    segment => path.extend(utf8_percent_encode(segment, SEGMENT)),
                }
            } else {
                path.push_str(part);
            }
        }
        debug_assert!(
            segments.next().is_none(),
            "a placeholder for every segment of {route}"
        );
        Self {
            method,
            route,
            path,
            query: Vec::new(),
            account: None,
            body: None,
            urgency: Urgency::default(),
            again: false,
        }
    }

    pub(crate) fn within(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    pub(crate) fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = Some(body);
        self
    }

    /// Whether sending it twice does no more than sending it once. A POST makes an object.
    pub fn may_repeat(&self) -> bool {
        self.method != Method::Post
    }

    /// Whether it only reads.
    pub fn is_read(&self) -> bool {
        self.method == Method::Get
    }
}

/// A request that knows what its answer is.
pub struct Call<T> {
    request: Request,
    answer: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.request).finish()
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self::new(self.request.clone())
    }
}

impl<T> Call<T> {
    pub(crate) fn new(request: Request) -> Self {
        Self {
            request,
            answer: PhantomData,
        }
    }

    /// The request.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The request alone.
    pub fn into_request(self) -> Request {
        self.request
    }
}

impl<T: DeserializeOwned> Call<T> {
    /// Reads the answer to this call.
    pub fn parse(&self, response: &Response) -> Result<T, Error> {
        response
            .json()
            .map_err(|problem| Error::unreadable(&self.request, response.status, &problem))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_encoded() {
        for (id, path) in [
            ("acme-001", "/accounts/acme-001"),
            ("Access CRM", "/accounts/Access%20CRM"),
            ("a/b?c#d", "/accounts/a%2Fb%3Fc%23d"),
            ("..", "/accounts/%2E%2E"),
            ("ü", "/accounts/%C3%BC"),
        ] {
            assert_eq!(
                Request::new(Method::Get, "/accounts/{id}", &[id]).path,
                path
            );
        }
        let request = Request::new(
            Method::Put,
            "/steps/{id}/parameters/{parameterId}",
            &["5f", "7"],
        );
        assert_eq!(request.path, "/steps/5f/parameters/7");
    }
}
