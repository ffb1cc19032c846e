//! `Target`: what a request asks for.

use std::borrow::Cow;

use axum::http::Method;

use crate::admission::segments;
use crate::browser;
use crate::request::Request;
use crate::route::{self, Route};

/// What a request asks for.
pub(super) enum Target<'a> {
    /// `POST /oauth/token`.
    Token,
    /// An endpoint below `/v1.0`, with the values of its placeholders.
    Route(&'static Route, Vec<Cow<'a, str>>),
    /// A page for browsers.
    Page(&'static browser::Route),
    /// Nothing that there is.
    Unmatched,
}

impl<'a> Target<'a> {
    /// Finds what a request asks for.
    pub(super) fn of(request: &'a Request) -> Self {
        let path = request.uri.path();
        if path == "/oauth/token" && request.method == Method::POST {
            return Self::Token;
        }
        let found = segments(path).and_then(|segments| route::find(&request.method, &segments));
        match found {
            Some((route, values)) => Self::Route(route, values),
            None => browser::find(&request.method, path).map_or(Self::Unmatched, Self::Page),
        }
    }

    /// How the ledger and the rules of mischief name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Token => "POST /oauth/token",
            Self::Route(route, _) => route.name,
            Self::Page(page) => page.name,
            Self::Unmatched => "unmatched",
        }
    }

    /// Whether it is meant to change something that the vendor keeps.
    pub(super) fn is_write(&self) -> bool {
        matches!(self, Self::Route(route, _) if route.is_write())
    }
}
