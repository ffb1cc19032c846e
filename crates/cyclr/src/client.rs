//! The client: one function sends.

use crate::error::{Error, ErrorKind};
use crate::limit::Limit;
use crate::page::{Identified, Page, Rows};
use crate::request::{Call, Method, Request};
use crate::response::Response;
use crate::retry::{self, Backoff};
use crate::sensitive::Sensitive;
use crate::token::{Token, TokenAnswer, TokenCache};
use bytes::{Bytes, BytesMut};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

/// How a client is made.
#[derive(Clone, Debug)]
pub struct Config {
    /// The base URL, without `/v1.0`: `https://`, or `http://` on the loopback alone.
    pub api_url: String,
    /// The OAuth client id.
    pub client_id: String,
    /// The OAuth client secret.
    pub client_secret: Sensitive,
    /// How many calls may be under way at once; at least 1.
    pub concurrency: usize,
    /// How long a whole call may take, body included.
    pub call_timeout: Duration,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How many bytes an answer may have, decompressed.
    pub max_body: usize,
}

impl Config {
    /// The usual settings: 16 calls at once, 30 s a call, 32 MiB an answer.
    pub fn new(api_url: &str, client_id: String, client_secret: Sensitive) -> Self {
        Self {
            api_url: api_url.trim_end_matches('/').to_owned(),
            client_id,
            client_secret,
            concurrency: 16,
            call_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_body: 32 * 1024 * 1024,
        }
    }
}

/// A client of one instance. Clones share token, connections and limiter.
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    http: reqwest::Client,
    token: TokenCache,
    limit: Limit,
}

/// The name of the token route in errors and traces.
const TOKEN_ROUTE: &str = "/oauth/token";

impl Client {
    /// Makes a client; nothing is sent yet.
    pub fn new(config: Config) -> Result<Self, Error> {
        check_url(&config.api_url)?;
        // Fails only where a provider is installed already, which then serves as well.
        rustls::crypto::ring::default_provider()
            .install_default()
            .ok();
        let http = reqwest::Client::builder()
            .user_agent(concat!("gangplank/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            // Nothing below us may send twice. hyper-util re-sends a request of its own only when
            // the connection gave it back before a byte of it was written, which is as good as
            // not sent; it cannot double a call.
            .retry(reqwest::retry::never())
            .connect_timeout(config.connect_timeout)
            .timeout(config.call_timeout)
            .pool_max_idle_per_host(config.concurrency)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| {
                Error::new(
                    None,
                    ErrorKind::Config(format!("no HTTP client: {}", causes(&error))),
                )
            })?;
        let limit = Limit::new(config.concurrency);
        Ok(Self {
            shared: Arc::new(Shared {
                config,
                http,
                token: TokenCache::default(),
                limit,
            }),
        })
    }

    /// Sends a request: one attempt on the wire. Only a 401 is followed by one new token and one
    /// more attempt, since it says that nothing was done.
    pub async fn send(&self, request: &Request) -> Result<Response, Error> {
        let token = self.token(request, None).await?;
        match self.attempt(request, &token, 1).await {
            Err(error) if error.status() == Some(401) => {
                let token = self.token(request, Some(token.generation)).await?;
                self.attempt(request, &token, 2).await
            }
            end => end,
        }
    }

    /// Makes a call that only reads, up to four times.
    pub async fn call<T: DeserializeOwned>(&self, call: Call<T>) -> Result<T, Error> {
        let response = self.read(call.request()).await?;
        call.parse(&response)
    }

    /// Reads one page of a list, up to four times.
    pub async fn page<T: DeserializeOwned>(&self, call: Call<Vec<T>>) -> Result<Rows<T>, Error> {
        let response = self.read(call.request()).await?;
        Ok(Rows::new(call.parse(&response)?, &response))
    }

    /// Reads a whole list: the first page, then all the others at once where the instance says how
    /// many there are; else page by page until an empty one. A row that appears twice is taken once;
    /// when the number of pages changes on the way, the list is read again from the start.
    pub async fn pages<T>(&self, list: impl Fn(Page) -> Call<Vec<T>>) -> Result<Vec<T>, Error>
    where
        T: DeserializeOwned + Identified + Send + 'static,
    {
        const SCANS: usize = 3;
        let mut rows = Vec::new();
        for _ in 0..SCANS {
            let (found, steady) = self.scan(&list).await?;
            rows = found;
            if steady {
                break;
            }
        }
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert(row.identity()));
        Ok(rows)
    }

    /// One pass over a list; also says whether the number of pages stayed the same.
    async fn scan<T>(&self, list: &impl Fn(Page) -> Call<Vec<T>>) -> Result<(Vec<T>, bool), Error>
    where
        T: DeserializeOwned + Send + 'static,
    {
        let first = self.page(list(Page::new(1))).await?;
        let mut rows = first.items;
        let Some(total) = first.total_pages else {
            let mut number = 1;
            let mut ended = rows.is_empty();
            while !ended {
                number += 1;
                let next = self.page(list(Page::new(number))).await?;
                ended = next.items.is_empty();
                rows.extend(next.items);
            }
            return Ok((rows, true));
        };
        let mut reading = JoinSet::new();
        for number in 2..=total {
            let (client, call) = (self.clone(), list(Page::new(number)));
            reading.spawn(async move { (number, client.page(call).await) });
        }
        let mut pages = Vec::new();
        while let Some(read) = reading.join_next().await {
            let (number, page) = match read {
                Ok(read) => read,
                Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
            };
            pages.push((number, page?));
        }
        pages.sort_by_key(|(number, _)| *number);
        let steady = pages
            .iter()
            .all(|(_, page)| page.total_pages == Some(total));
        rows.extend(pages.into_iter().flat_map(|(_, page)| page.items));
        Ok((rows, steady))
    }

    /// Reads, with delays between attempts.
    async fn read(&self, request: &Request) -> Result<Response, Error> {
        debug_assert!(request.is_read(), "only reads are retried here");
        let mut random = fastrand::Rng::new();
        let mut attempts = 1;
        loop {
            let error = match self.send(request).await {
                Ok(response) => return Ok(response),
                Err(error) if error.is_retryable() && attempts < retry::ATTEMPTS => error,
                Err(error) => return Err(error),
            };
            let delay = Backoff::default().delay(attempts, &mut random);
            let delay = error.retry_after().map_or(delay, |asked| asked + delay / 4);
            tracing::warn!(%error, attempts, milliseconds = delay.as_millis(), "reading again");
            tokio::time::sleep(delay).await;
            attempts += 1;
        }
    }

    async fn token(&self, request: &Request, refused: Option<u64>) -> Result<Token, Error> {
        let fetched = self.shared.token.get(refused, self.fetch_token()).await;
        fetched.map_err(|cause| Error::new(Some(request), ErrorKind::Token(Box::new(cause))))
    }

    /// Form fields in the body, not in a header (cyclr-api.md 1.2).
    async fn fetch_token(&self) -> Result<TokenAnswer, Error> {
        let config = &self.shared.config;
        let request = Request::new(Method::Post, TOKEN_ROUTE, &[]);
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", config.client_id.as_str()),
            ("client_secret", config.client_secret.expose()),
        ];
        let body = form
            .map(|(name, value)| {
                let set = percent_encoding::NON_ALPHANUMERIC;
                format!(
                    "{name}={}",
                    percent_encoding::utf8_percent_encode(value, set)
                )
            })
            .join("&");
        let http = self
            .shared
            .http
            .post(format!("{}{TOKEN_ROUTE}", config.api_url))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        let response = self.exchange(&request, http, 1).await?;
        Call::<TokenAnswer>::new(request).parse(&response)
    }

    async fn attempt(
        &self,
        request: &Request,
        token: &Token,
        attempt: u32,
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
        let mut http = self
            .shared
            .http
            .request(method, url)
            .header(AUTHORIZATION, bearer);
        if let Some(account) = &request.account {
            http = http.header("X-Cyclr-Account", account_header(request, account)?);
        }
        if let Some(body) = &request.body {
            http = http
                .header(CONTENT_TYPE, "application/json")
                .body(body.bytes().to_vec());
        }
        self.exchange(request, http, attempt).await
    }

    /// The one place where something goes over the wire, behind the limiter and with a trace.
    async fn exchange(
        &self,
        request: &Request,
        http: reqwest::RequestBuilder,
        attempt: u32,
    ) -> Result<Response, Error> {
        let span = tracing::debug_span!(
            "call",
            method = request.method.as_str(),
            route = request.route,
            account = request.account.as_deref().unwrap_or_default(),
            attempt,
        );
        async {
            let permit = self.shared.limit.enter().await;
            let started = Instant::now();
            let end = self.transfer(request, http).await;
            drop(permit);
            let milliseconds = started.elapsed().as_millis();
            match &end {
                Ok(response) => tracing::debug!(status = response.status, milliseconds, "answered"),
                Err(error) => tracing::debug!(%error, milliseconds, "failed"),
            }
            if let Err(error) = &end
                && let Some(delay) = error.retry_after()
            {
                self.shared.limit.freeze(delay);
            }
            end
        }
        .instrument(span)
        .await
    }

    async fn transfer(
        &self,
        request: &Request,
        http: reqwest::RequestBuilder,
    ) -> Result<Response, Error> {
        let mut answer = http
            .send()
            .await
            .map_err(|error| transport(request, &error))?;
        let status = answer.status().as_u16();
        let headers = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| transport(request, &error))?
        {
            if body.len() + chunk.len() > self.shared.config.max_body {
                let limit = self.shared.config.max_body;
                let problem = format!("the body is longer than {limit} bytes");
                return Err(Error::unreadable(request, status, &problem));
            }
            body.extend_from_slice(&chunk);
        }
        finish(request, status, &headers, body.freeze())
    }
}

fn finish(
    request: &Request,
    status: u16,
    headers: &HeaderMap,
    body: Bytes,
) -> Result<Response, Error> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !(200..=299).contains(&status) {
        #[expect(
            clippy::disallowed_methods,
            reason = "Retry-After may be a date on the wall clock"
        )]
        let now = std::time::SystemTime::now();
        let delay = text(RETRY_AFTER.as_str()).and_then(|header| retry::retry_after(header, now));
        return Err(Error::status_of(request, status, &body, delay));
    }
    // A login page or a proxy's page is no answer, whatever its status.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
        return Err(Error::unreadable(
            request,
            status,
            "the body is a page, not JSON",
        ));
    }
    let total_pages = text("Total-Pages").and_then(|header| header.trim().parse().ok());
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

fn transport(request: &Request, error: &reqwest::Error) -> Error {
    let kind = if error.is_connect() || error.is_builder() {
        ErrorKind::Connect(causes(error))
    } else if error.is_timeout() {
        ErrorKind::TimedOut
    } else if error.is_decode() {
        ErrorKind::Unreadable("the body cannot be decoded".to_owned())
    } else {
        ErrorKind::Transport(causes(error))
    };
    Error::new(Some(request), kind)
}

/// The causes of an error, innermost last, without repetition.
fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
        source = cause.source();
    }
    texts.join(": ")
}

fn check_url(api_url: &str) -> Result<(), Error> {
    let bad = |why: &str| {
        Err(Error::new(
            None,
            ErrorKind::Config(format!("api_url {api_url:?} {why}")),
        ))
    };
    let Ok(url) = reqwest::Url::parse(api_url) else {
        return bad("is not a URL");
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    if !url.username().is_empty() || url.password().is_some() {
        let why = "api_url must not hold credentials".to_owned();
        return Err(Error::new(None, ErrorKind::Config(why)));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if loopback => Ok(()),
        _ => bad("must begin with https:// (http:// is for the loopback only)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_the_loopback_only() {
        for (url, good) in [
            ("https://api.cyclr.com", true),
            ("http://127.0.0.1:8070", true),
            ("http://[::1]:8070", true),
            ("http://localhost:1", true),
            ("http://api.cyclr.com", false),
            ("http://127.0.0.1.example.com", false),
            ("https://a:b@api.cyclr.com", false),
            ("ftp://x", false),
            ("nonsense", false),
        ] {
            assert_eq!(check_url(url).is_ok(), good, "{url}");
        }
    }
}
