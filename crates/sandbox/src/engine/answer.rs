//! Answers made of outcomes: headers, and the bodies of errors.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use bytes::Bytes;

use super::Core;
use crate::reply::Outcome;
use crate::request::Answer;
use crate::variant::Switch;

/// The body of an error without what it says of fields (`BINDING_ERRORS`).
fn without_model_state(body: Vec<u8>) -> Vec<u8> {
    let Ok(mut fields) = serde_json::from_slice::<serde_json::Map<_, serde_json::Value>>(&body)
    else {
        return body;
    };
    match fields.remove("ModelState") {
        Some(_) => serde_json::to_vec(&fields).unwrap_or(body),
        None => body,
    }
}

impl Core {
    /// Makes an answer of an outcome: headers, and the bodies of U14.
    pub(super) fn answer(&self, outcome: Outcome, delay: Duration) -> Answer {
        let mut headers = HeaderMap::with_capacity(4);
        // On every reply, errors as well (cyclr-api.md 1.4).
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        let mut content_type = HeaderValue::from_static("application/json; charset=utf-8");
        let mut own_headers = HeaderMap::new();
        let (status, body) = match outcome {
            Ok(reply) => {
                own_headers = reply.headers;
                if let Some(pages) = reply.total_pages {
                    let name = HeaderName::from_static("total-pages");
                    headers.insert(name, HeaderValue::from(pages));
                }
                (reply.status, Bytes::from(reply.body))
            }
            Err(refusal) => {
                let allow = refusal.allow.as_deref().map(HeaderValue::try_from);
                if let Some(Ok(allow)) = allow {
                    headers.insert(header::ALLOW, allow);
                }
                let is_open = matches!(refusal.status.as_u16(), 401 | 404 | 409);
                let body = match self.instance.variants.position(Switch::U14) {
                    "empty" if is_open => Bytes::new(),
                    "html" if is_open => {
                        content_type = HeaderValue::from_static("text/html");
                        let page = format!("<html><body><h1>{}</h1></body></html>", refusal.status);
                        Bytes::from(page)
                    }
                    _ if self.instance.variants.is(Switch::BindingErrors, "message") => {
                        Bytes::from(without_model_state(refusal.body))
                    }
                    _ => Bytes::from(refusal.body),
                };
                (refusal.status, body)
            }
        };
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, content_type);
        }
        headers.extend(own_headers);
        Answer {
            status,
            headers,
            body,
            delay,
            ..Answer::default()
        }
    }
}
