//! One exchange: behind the limiter, with a trace and a bound on the whole of it.

use crate::client::Client;
use crate::departure::Departure;
use crate::error::{Error, ErrorKind};
use crate::limit::{End, PATIENCE, Told};
use crate::request::{Method, Request};
use crate::response::Response;
use crate::retry;
use crate::token::Token;
use crate::transport::Outgoing;
use bytes::Bytes;
use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use std::time::SystemTime;
use tracing::Instrument as _;

/// The account that a call is for (cyclr-api.md 1.3).
const ACCOUNT: HeaderName = HeaderName::from_static("x-cyclr-account");

/// Which attempt of a call it is, and where it is noted that it left.
#[derive(Clone, Copy)]
pub(crate) struct Attempt<'a> {
    pub(crate) number: u32,
    pub(crate) departure: &'a Departure,
}

impl Client {
    /// Sends a request with a token.
    pub(crate) async fn attempt(
        &self,
        request: &Request,
        token: &Token,
        attempt: Attempt<'_>,
    ) -> Result<Response, Error> {
        let mut url = format!("{}/v1.0{}", self.shared.config.api_url, request.path);
        for (index, (name, value)) in request.query.iter().enumerate() {
            let set = percent_encoding::NON_ALPHANUMERIC;
            let value = percent_encoding::utf8_percent_encode(value, set);
            url.extend([if index == 0 { "?" } else { "&" }, name, "="]);
            url.extend(value);
        }
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.text.expose()))
            .map_err(|_| Error::unreadable(request, 200, "the token is no header value"))?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::from_iter([(AUTHORIZATION, bearer)]);
        if let Some(account) = &request.account {
            headers.insert(ACCOUNT, account_header(request, account)?);
        }
        let mut body = Bytes::new();
        if let Some(sent) = &request.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            body = Bytes::copy_from_slice(sent.bytes());
        }
        let outgoing = Outgoing {
            method,
            url,
            headers,
            body,
        };
        self.exchange(request, outgoing, attempt).await
    }

    /// The one place where something goes over the wire, behind the limiter and with a trace.
    pub(crate) async fn exchange(
        &self,
        request: &Request,
        outgoing: Outgoing,
        attempt: Attempt<'_>,
    ) -> Result<Response, Error> {
        let span = tracing::debug_span!(
            "call",
            method = request.method.as_str(),
            route = request.route,
            account = request.account.as_deref().unwrap_or_default(),
            attempt = attempt.number,
        );
        async {
            let is_first = attempt.number == 1 && !request.again;
            let entered = self
                .shared
                .limiter
                .enter(request.route, request.urgency, is_first);
            let entered = entered.await;
            let mut place = entered.map_err(|why| not_tried(request, why))?;
            attempt.departure.leaves();
            let transfer = self.transfer(request, outgoing);
            let mut transfer = std::pin::pin!(transfer);
            let (end, told) = tokio::select! {
                biased;
                end = &mut transfer => end,
                () = tokio::time::sleep(PATIENCE) => {
                    place.slows_down();
                    transfer.await
                }
            };
            let milliseconds = place.elapsed().as_millis();
            place.end(End::of(&end), told);
            match &end {
                Ok(response) => tracing::debug!(status = response.status, milliseconds, "answered"),
                Err(error) => tracing::debug!(%error, milliseconds, "failed"),
            }
            end
        }
        .instrument(span)
        .await
    }

    /// One exchange, with a bound on the whole of it, and what the answer's headers tell of a limit.
    async fn transfer(
        &self,
        request: &Request,
        outgoing: Outgoing,
    ) -> (Result<Response, Error>, Option<Told>) {
        let config = &self.shared.config;
        let exchange = self.shared.transport.exchange(outgoing);
        let answer = match tokio::time::timeout(config.call_timeout, exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(failure)) => return (Err(Error::failed(request, failure)), None),
            Err(_) => return (Err(Error::new(Some(request), ErrorKind::TimedOut)), None),
        };
        let headers = &answer.headers;
        let now = time_there(headers).unwrap_or_else(config.wall);
        let told = Told::of(headers, now);
        let status = answer.status;
        if (200..=299).contains(&status) {
            return (finish(request, status, headers, answer.body), told);
        }
        let delay = headers.get(RETRY_AFTER).and_then(|it| it.to_str().ok());
        let delay = delay.and_then(|text| retry::retry_after(text, now));
        let error = Error::refused(request, status, &answer.body, delay, self.scrubber());
        (Err(error), told)
    }
}

pub(crate) fn not_tried(request: &Request, why: String) -> Error {
    Error::new(Some(request), ErrorKind::NotTried(why))
}

/// What time it was there when it answered: dates in the same answer are meant by that clock.
fn time_there(headers: &HeaderMap) -> Option<SystemTime> {
    let date = headers.get(DATE)?.to_str().ok()?;
    httpdate::parse_http_date(date).ok()
}

fn finish(
    request: &Request,
    status: u16,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    // A login page or a proxy's page is no answer, whatever its status.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        return Err(Error::unreadable(
            request,
            status,
            "the body is a page, not JSON",
        ));
    }
    let total_pages = headers
        .get("Total-Pages")
        .and_then(|header| header.to_str().ok());
    let total_pages = total_pages.and_then(|header| header.trim().parse().ok());
    Ok(Response {
        status,
        total_pages,
        body,
    })
}

/// An account's id goes into a header as UTF-8 bytes.
fn account_header(request: &Request, account: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_bytes(account.as_bytes()).map_err(|_| {
        let why = "the account's id cannot stand in a header".to_owned();
        Error::new(Some(request), ErrorKind::Config(why))
    })
}
