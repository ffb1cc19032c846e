//! Errors that say whether the call may have happened.

use crate::request::{Method, Request};
use crate::scrub::Scrubber;
use crate::transport::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// No message of the vendor is kept beyond this many characters.
const LONGEST_MESSAGE: usize = 500;

/// Whether a call that failed may have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// It never left: it did not happen.
    NotSent,
    /// The instance said no: it did not happen, or it may be said again without harm.
    Refused,
    /// It was sent and its end is not known: it may have happened.
    Unknown,
}

/// What went wrong.
#[derive(Debug)]
pub enum ErrorKind {
    /// The settings do not make a client.
    Config(String),
    /// It was not tried at all: nobody is answered any more.
    NotTried(String),
    /// No token was to be had.
    Token(Box<Error>),
    /// The instance answered with an error status.
    Status,
    /// No connection was made.
    Connect(String),
    /// The call was cut off on its way.
    Transport(String),
    /// The call took too long.
    TimedOut,
    /// The answer is no answer of this API: too long, HTML, not of the documented shape.
    Unreadable(String),
}

/// What the vendor said, which is made in one way: every secret is taken out, and then it is cut.
struct Message(String);

impl Message {
    fn of(text: &str, scrubbers: [&Scrubber; 2]) -> Option<Self> {
        let clean = scrubbers
            .iter()
            .fold(text.to_owned(), |text, scrubber| scrubber.clean(&text));
        let short: String = clean.chars().take(LONGEST_MESSAGE).collect();
        (!short.trim().is_empty()).then_some(Self(short))
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A call that did not end well. Its text is one line and holds no secret.
#[derive(Debug)]
pub struct Error {
    /// What went wrong.
    pub kind: ErrorKind,
    method: Option<Method>,
    route: &'static str,
    account: Option<String>,
    status: Option<u16>,
    message: Option<Message>,
    retry_after: Option<Duration>,
}

impl Error {
    pub(crate) fn new(request: Option<&Request>, kind: ErrorKind) -> Self {
        Self {
            kind,
            method: request.map(|request| request.method),
            route: request.map_or("", |request| request.route),
            account: request.and_then(|request| request.account.clone()),
            status: None,
            message: None,
            retry_after: None,
        }
    }

    /// An answer with an error status, as a test or a simulator makes it too.
    pub fn status_of(
        request: &Request,
        status: u16,
        body: &[u8],
        retry_after: Option<Duration>,
    ) -> Self {
        Self::refused(request, status, body, retry_after, &Scrubber::default())
    }

    /// An error status, whose message may echo every secret of the run and whatever was sent.
    pub(crate) fn refused(
        request: &Request,
        status: u16,
        body: &[u8],
        retry_after: Option<Duration>,
        scrubber: &Scrubber,
    ) -> Self {
        let sent = request.body.as_ref().map_or(&[][..], crate::Body::secrets);
        let sent = Scrubber::of(sent);
        Self {
            status: Some(status),
            message: message(body).and_then(|text| Message::of(&text, [scrubber, &sent])),
            retry_after,
            ..Self::new(Some(request), ErrorKind::Status)
        }
    }

    /// A call that was cut off after it may have been sent.
    pub fn cut_off(request: &Request, why: impl Into<String>) -> Self {
        Self::new(Some(request), ErrorKind::Transport(why.into()))
    }

    /// A call without an answer.
    pub(crate) fn failed(request: &Request, failure: Failure) -> Self {
        Self {
            status: failure.status,
            ..Self::new(Some(request), failure.kind)
        }
    }

    /// An answer that is none of this API's.
    pub(crate) fn unreadable(request: &Request, status: u16, problem: &str) -> Self {
        let kind = ErrorKind::Unreadable(problem.to_owned());
        Self {
            status: Some(status),
            ..Self::new(Some(request), kind)
        }
    }

    /// Whether the call may have happened.
    pub fn certainty(&self) -> Certainty {
        match &self.kind {
            ErrorKind::Config(_)
            | ErrorKind::NotTried(_)
            | ErrorKind::Token(_)
            | ErrorKind::Connect(_) => Certainty::NotSent,
            ErrorKind::Status => match self.status {
                // Something before the instance may have said it after the instance did the work.
                Some(401 | 408 | 429) if self.method == Some(Method::Post) => Certainty::Unknown,
                Some(400..=499) => Certainty::Refused,
                // A gateway's 5xx says nothing of what stands behind it.
                Some(_) | None => Certainty::Unknown,
            },
            ErrorKind::Transport(_) | ErrorKind::TimedOut | ErrorKind::Unreadable(_) => {
                Certainty::Unknown
            }
        }
    }

    /// The status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What the vendor said, scrubbed of what was sent in secret; at most 500 characters.
    pub fn message(&self) -> Option<&str> {
        self.message.as_ref().map(|message| message.0.as_str())
    }

    /// How long the instance asked to wait; at most a minute.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the object is not there.
    pub fn is_not_found(&self) -> bool {
        self.status == Some(404)
    }

    /// Whether the credentials are wrong or do not suffice.
    pub fn is_auth(&self) -> bool {
        match &self.kind {
            ErrorKind::Token(cause) => matches!(cause.status, Some(400..=403)),
            _ => matches!(self.status, Some(401 | 403)),
        }
    }

    /// Whether it was not even tried, so that trying again is of no use.
    pub fn is_not_tried(&self) -> bool {
        match &self.kind {
            ErrorKind::NotTried(_) => true,
            ErrorKind::Token(cause) => cause.is_not_tried(),
            _ => false,
        }
    }

    /// Whether a read may be tried again.
    pub fn is_retryable(&self) -> bool {
        match &self.kind {
            ErrorKind::Config(_) | ErrorKind::NotTried(_) | ErrorKind::Unreadable(_) => false,
            ErrorKind::Token(cause) => cause.is_retryable(),
            ErrorKind::Status => matches!(self.status, Some(408 | 429 | 500 | 502 | 503 | 504)),
            ErrorKind::Connect(_) | ErrorKind::Transport(_) | ErrorKind::TimedOut => true,
        }
    }

    /// Whether the vendor's message holds this text, whatever its case and quotes
    /// (cyclr-api.md 4, U8).
    pub fn says(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.message()
            .is_some_and(|message| message.to_lowercase().contains(&text))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = self.method {
            write!(f, "{method} {}", self.route)?;
            if let Some(account) = &self.account {
                write!(f, " for account {account}")?;
            }
            f.write_str(": ")?;
        }
        match (&self.kind, self.status, self.message()) {
            (ErrorKind::Config(why), ..) | (ErrorKind::Unreadable(why), None, _) => {
                f.write_str(why)
            }
            (ErrorKind::NotTried(why), ..) => write!(f, "not tried: {why}"),
            (ErrorKind::Token(_), ..) => f.write_str("no token could be had"),
            (ErrorKind::Status, Some(status), Some(message)) => write!(f, "{status}: {message}"),
            (ErrorKind::Status, Some(status), None) => write!(f, "{status}{}", plainly(status)),
            (ErrorKind::Status, None, _) => f.write_str("no status"),
            (ErrorKind::Connect(why), ..) => write!(f, "no connection to {why}"),
            (ErrorKind::Transport(why), ..) => write!(f, "cut off: {why}"),
            (ErrorKind::TimedOut, ..) => f.write_str("timed out"),
            (ErrorKind::Unreadable(why), Some(status), _) => write!(f, "{status}, but {why}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::Token(cause) => Some(cause),
            _ => None,
        }
    }
}

fn plainly(status: u16) -> &'static str {
    match status {
        300..=399 => " (a redirect, which is never followed)",
        400 => " (not accepted)",
        401 => " (not authenticated)",
        403 => " (not permitted)",
        404 => " (not found)",
        409 => " (in conflict: is the cycle running?)",
        429 => " (too many calls)",
        500..=599 => " (a failure of the server or of something before it)",
        _ => "",
    }
}

/// The error body of the vendor's stack; every part of it may be missing (cyclr-api.md 1.5).
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Wire {
    message: Option<String>,
    model_state: Option<BTreeMap<String, Vec<String>>>,
    exception_message: Option<String>,
    /// Of the token endpoint (RFC 6749 5.2).
    #[serde(rename = "error")]
    oauth: Option<String>,
    #[serde(rename = "error_description")]
    oauth_description: Option<String>,
}

fn message(body: &[u8]) -> Option<String> {
    let wire: Wire = serde_json::from_slice(body).ok()?;
    let mut parts: Vec<String> = [wire.message, wire.exception_message, wire.oauth_description]
        .into_iter()
        .flatten()
        .collect();
    parts.extend(wire.oauth.filter(|_| parts.is_empty()));
    for (field, problems) in wire.model_state.unwrap_or_default() {
        parts.push(format!("{field}: {}", problems.join(" ")));
    }
    Some(parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::new(Method::Post, "/connectors/{id}/install", &["7"]).within("acme")
    }

    #[test]
    fn certainty_of_every_end() {
        let status = |status| Error::status_of(&request(), status, b"", None);
        let get = Request::new(Method::Get, "/accounts", &[]);
        let read = |status| Error::status_of(&get, status, b"", None);
        let kind = |kind| Error::new(Some(&request()), kind);
        for (error, certainty, retryable) in [
            (status(400), Certainty::Refused, false),
            (status(401), Certainty::Unknown, false),
            (read(401), Certainty::Refused, false),
            (read(429), Certainty::Refused, true),
            (status(404), Certainty::Refused, false),
            (status(409), Certainty::Refused, false),
            (status(408), Certainty::Unknown, true),
            (status(429), Certainty::Unknown, true),
            (status(302), Certainty::Unknown, false),
            (status(500), Certainty::Unknown, true),
            (status(504), Certainty::Unknown, true),
            (
                kind(ErrorKind::Connect("x".into())),
                Certainty::NotSent,
                true,
            ),
            (
                kind(ErrorKind::Transport("x".into())),
                Certainty::Unknown,
                true,
            ),
            (kind(ErrorKind::TimedOut), Certainty::Unknown, true),
            (
                kind(ErrorKind::Unreadable("x".into())),
                Certainty::Unknown,
                false,
            ),
            (
                kind(ErrorKind::Token(Box::new(status(400)))),
                Certainty::NotSent,
                false,
            ),
        ] {
            assert_eq!(error.certainty(), certainty, "{error}");
            assert_eq!(error.is_retryable(), retryable, "{error}");
        }
    }

    #[test]
    fn messages_of_every_shape() {
        for (body, expected) in [
            (
                r#"{"Message":"ID already in use"}"#,
                "400: ID already in use",
            ),
            (
                r#"{"Message":"The request is invalid.","ModelState":{"id":["bad","worse"]}}"#,
                "400: The request is invalid. id: bad worse",
            ),
            (r#"{"error":"invalid_client"}"#, "400: invalid_client"),
            ("<html>no</html>", "400 (not accepted)"),
            (r#"{"Message":""}"#, "400 (not accepted)"),
            ("", "400 (not accepted)"),
        ] {
            let error = Error::status_of(&request(), 400, body.as_bytes(), None);
            let start = "POST /connectors/{id}/install for account acme: ";
            assert_eq!(error.to_string(), format!("{start}{expected}"));
        }
        let long = format!(r#"{{"Message":"{}"}}"#, "x".repeat(10_000));
        let error = Error::status_of(&request(), 400, long.as_bytes(), None);
        assert_eq!(error.message().unwrap().len(), LONGEST_MESSAGE);
    }

    #[test]
    fn an_echoed_secret_is_taken_out() {
        let secret = crate::Sensitive::new("s3cret-key".into());
        let body = crate::body::Object::new()
            .secret("AuthValue", Some(&secret))
            .finish();
        let body_sent = request().body(body);
        let answer = br#"{"Message":"key s3cret-key is wrong"}"#;
        let error = Error::status_of(&body_sent, 400, answer, None);
        assert_eq!(error.message(), Some("key [secret] is wrong"));
    }

    #[test]
    fn a_message_is_cut_after_secrets_are_taken_out() {
        let secret = "Qz7LkW2mXv9RtY4bNc8Ds1Hg6Jp3Fe5A";
        let scrubber = Scrubber::default();
        scrubber.learn(secret);
        for before in LONGEST_MESSAGE - 40..LONGEST_MESSAGE {
            let body = format!(r#"{{"Message":"{}{secret}"}}"#, ".".repeat(before));
            let error = Error::refused(&request(), 400, body.as_bytes(), None, &scrubber);
            let rest = error.message().unwrap().trim_start_matches('.').to_owned();
            assert!("[secret]".starts_with(&rest), "{rest}");
        }
    }

    #[test]
    fn the_vendors_words_are_found_with_and_without_quotes() {
        for text in [
            "Account connector name 'X' is in use.",
            "Account connector name X is in use.",
        ] {
            let body = format!(r#"{{"Message":"{text}"}}"#);
            let error = Error::status_of(&request(), 400, body.as_bytes(), None);
            assert!(error.says("account connector name") && error.says("is in use."));
            assert!(!error.says("ID already in use"));
        }
    }
}
