//! `Reply` and `Refusal`: what a handler answers, good or bad.

use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::view::RefusalView;

/// An answer that is not an error.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    /// Headers of a page for browsers; `application/json` is said where there are none.
    pub(crate) headers: HeaderMap,
    /// The `Total-Pages` header of a list (cyclr-api.md 1.6).
    pub(crate) total_pages: Option<usize>,
}

impl Reply {
    /// 200 with a JSON body.
    pub(crate) fn json<T: Serialize + ?Sized>(body: &T) -> Self {
        Self::with_status(StatusCode::OK, body)
    }

    /// Any status with a JSON body.
    pub(crate) fn with_status<T: Serialize + ?Sized>(status: StatusCode, body: &T) -> Self {
        let body = serde_json::to_vec(body).expect("views have string keys and no failing parts");
        Self {
            status,
            body,
            headers: HeaderMap::new(),
            total_pages: None,
        }
    }

    /// 200 without a body.
    pub(crate) fn empty() -> Self {
        Self {
            status: StatusCode::OK,
            body: Vec::new(),
            headers: HeaderMap::new(),
            total_pages: None,
        }
    }
}

/// An answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    /// JSON: a [`RefusalView`] for most.
    pub(crate) body: Vec<u8>,
    /// The `Allow` header of a 405.
    pub(crate) allow: Option<String>,
}

/// What a handler answers.
pub(crate) type Outcome = Result<Reply, Refusal>;

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        let message = message.into();
        let model_state = None;
        Self::of(
            status,
            &RefusalView {
                message,
                model_state,
            },
        )
    }

    /// A refusal with a body of its own.
    pub(crate) fn of<T: Serialize>(status: StatusCode, body: &T) -> Self {
        let body = serde_json::to_vec(body).expect("views have string keys and no failing parts");
        let allow = None;
        Self {
            status,
            body,
            allow,
        }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400 of model binding (cyclr-api.md 1.5, inferred).
    pub(crate) fn invalid(field: &str, problem: impl Into<String>) -> Self {
        let view = RefusalView {
            message: "The request is invalid.".to_owned(),
            model_state: Some([(field.to_owned(), vec![problem.into()])].into()),
        };
        Self::of(StatusCode::BAD_REQUEST, &view)
    }

    /// 404 for an object that does not exist.
    pub(crate) fn missing(kind: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{kind} not found."))
    }

    /// 409 for a write on a running cycle (cyclr-api.md 1.5; the body is not known).
    pub(crate) fn running() -> Self {
        Self::new(StatusCode::CONFLICT, "Cycle is running.")
    }

    /// 401 of the stack (cyclr-api.md 1.5, inferred).
    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Authorization has been denied for this request.",
        )
    }

    /// 405 of the stack: the path is served, for other methods (inferred, as all in cyclr-api.md 1.5 that no
    /// source shows).
    pub(crate) fn wrong_method(method: &str, allowed: &[&str]) -> Self {
        let message = format!("The requested resource does not support http method '{method}'.");
        let allow = Some(allowed.join(", "));
        Self {
            allow,
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
        }
    }
}
