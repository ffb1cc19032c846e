//! The wire itself.

use super::{Exchange, Failure, Incoming, Outgoing, Transport};
use crate::error::ErrorKind;
use crate::scrub::Scrubber;
use bytes::BytesMut;
use reqwest::redirect::Policy;
use std::time::Duration;

/// HTTP, by reqwest.
#[derive(Debug)]
pub(crate) struct Http {
    client: reqwest::Client,
    max_body: usize,
    scrubber: Scrubber,
}

/// How it behaves.
#[derive(Debug)]
pub(crate) struct HttpSettings {
    /// What is on this machine is not asked through a proxy, which would see tokens in the clear.
    pub(crate) past_proxies: bool,
    pub(crate) connect_timeout: Duration,
    /// Connections that are kept for the next call.
    pub(crate) idle: usize,
    /// Bytes of a body, decompressed.
    pub(crate) max_body: usize,
    pub(crate) scrubber: Scrubber,
}

impl Http {
    /// Fails only where the machine gives what TLS needs to nobody.
    pub(crate) fn new(settings: HttpSettings) -> Result<Self, ErrorKind> {
        // Fails only where a provider is installed already, which then serves as well.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let mut builder = reqwest::Client::builder();
        if settings.past_proxies {
            builder = builder.no_proxy();
        }
        let client = builder
            .user_agent(concat!("gangplank/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            // Nothing below us may send twice. hyper-util re-sends a request of its own only when
            // the connection gave it back before a byte of it was written, which is as good as
            // not sent; it cannot double a call.
            .retry(reqwest::retry::never())
            .connect_timeout(settings.connect_timeout)
            .pool_max_idle_per_host(settings.idle)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| ErrorKind::Config(format!("no HTTP client: {}", causes(&error))))?;
        Ok(Self {
            client,
            max_body: settings.max_body,
            scrubber: settings.scrubber,
        })
    }

    async fn transfer(&self, outgoing: Outgoing) -> Result<Incoming, Failure> {
        let request = self
            .client
            .request(outgoing.method, outgoing.url)
            .headers(outgoing.headers)
            .body(outgoing.body);
        let mut answer = request.send().await.map_err(|error| self.failure(error))?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failure(error))? {
            if body.len() + chunk.len() > self.max_body {
                let problem = format!("the body is longer than {} bytes", self.max_body);
                return Err(Failure {
                    kind: ErrorKind::Unreadable(problem),
                    status: Some(status),
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Incoming {
            status,
            headers,
            body: body.freeze(),
        })
    }

    fn failure(&self, error: reqwest::Error) -> Failure {
        let host = error.url().map(|url| url.authority().to_owned());
        let error = error.without_url();
        let why = || self.scrubber.clean(&causes(&error));
        let kind = if error.is_builder() {
            ErrorKind::Config(format!("the call cannot be made: {}", why()))
        } else if error.is_connect() {
            ErrorKind::Connect(format!("{}: {}", host.unwrap_or_default(), why()))
        } else if error.is_timeout() {
            ErrorKind::TimedOut
        } else if error.is_decode() {
            ErrorKind::Unreadable("the body cannot be decoded".to_owned())
        } else {
            ErrorKind::Transport(why())
        };
        kind.into()
    }
}

impl Transport for Http {
    fn exchange(&self, outgoing: Outgoing) -> Exchange<'_> {
        Box::pin(self.transfer(outgoing))
    }
}

/// Why the transport failed, innermost last. That a request could not be sent is said already, and the
/// layers between tell nothing to a person.
fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !text.starts_with("client error (") && !texts.contains(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    if texts.is_empty() {
        error.to_string()
    } else {
        texts.join(": ")
    }
}
