//! The client: one function sends.

use crate::base_url;
use crate::departure::Departure;
use crate::error::{Error, ErrorKind};
use crate::limit::Limit;
use crate::page::Rows;
use crate::request::{Call, Method, Request};
use crate::response::Response;
use crate::retry::{self, Backoff};
use crate::scrub::Scrubber;
use crate::sensitive::Sensitive;
use crate::token::{Token, TokenAnswer, TokenCache};
use crate::transport::{Http, HttpSettings, Outgoing, Transport};
use bytes::Bytes;
use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
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
    /// Knows the secrets that no error may repeat. The client adds its own secret and its tokens; who
    /// sends others adds those.
    pub scrubber: Scrubber,
    /// What the delays between attempts are drawn from.
    pub seed: u64,
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
            scrubber: Scrubber::default(),
            seed: fastrand::u64(..),
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
    transport: Box<dyn Transport>,
    token: TokenCache,
    limit: Limit,
    random: Mutex<fastrand::Rng>,
}

/// Which attempt of a call it is, and where it is noted that it left.
#[derive(Clone, Copy)]
struct Attempt<'a> {
    number: u32,
    departure: &'a Departure,
}

/// The account that a call is for (cyclr-api.md 1.3).
const ACCOUNT: HeaderName = HeaderName::from_static("x-cyclr-account");

/// The name of the token route in errors and traces.
const TOKEN_ROUTE: &str = "/oauth/token";

impl Client {
    /// Makes a client; nothing is sent yet.
    pub fn new(config: Config) -> Result<Self, Error> {
        let http = Http::new(HttpSettings {
            past_proxies: base_url::check(&config.api_url)?,
            connect_timeout: config.connect_timeout,
            idle: config.concurrency,
            max_body: config.max_body,
            scrubber: config.scrubber.clone(),
        });
        let http = http.map_err(|kind| Error::new(None, kind))?;
        Ok(Self::over(config, Box::new(http)))
    }

    /// Makes a client that sends by another way than HTTP, such as a simulator's.
    pub fn over(config: Config, transport: Box<dyn Transport>) -> Self {
        config.scrubber.learn(config.client_secret.expose());
        let limit = Limit::new(config.concurrency);
        let random = Mutex::new(fastrand::Rng::with_seed(config.seed));
        Self {
            shared: Arc::new(Shared {
                random,
                config,
                transport,
                token: TokenCache::default(),
                limit,
            }),
        }
    }

    /// Knows every secret of this client, and those that were added to it.
    pub fn scrubber(&self) -> &Scrubber {
        &self.shared.config.scrubber
    }

    /// Sends a request: one attempt on the wire. Only a 401 is followed by a new token and one more
    /// attempt, where doing it twice is the same as doing it once. What may make an object is not sent
    /// again here, since a refusal may come after the deed: the next call fetches the new token.
    pub async fn send(&self, request: &Request) -> Result<Response, Error> {
        self.send_observed(request, &Departure::default()).await
    }

    /// Sends a request as [`Client::send`] does, and tells when it leaves: to drop the call before that
    /// is to take it back.
    pub async fn send_observed(
        &self,
        request: &Request,
        departure: &Departure,
    ) -> Result<Response, Error> {
        let token = self.token(request, None).await?;
        let attempt = |number| Attempt { number, departure };
        match self.attempt(request, &token, attempt(1)).await {
            Err(error) if error.status() == Some(401) && request.may_repeat() => {
                let token = self.token(request, Some(token.generation)).await?;
                self.attempt(request, &token, attempt(2)).await
            }
            Err(error) if error.status() == Some(401) => {
                self.shared.token.forget(token.generation).await;
                Err(error)
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

    /// Reads, with delays between attempts.
    async fn read(&self, request: &Request) -> Result<Response, Error> {
        debug_assert!(request.is_read(), "only reads are retried here");
        let mut attempts = 1;
        loop {
            let error = match self.send(request).await {
                Ok(response) => return Ok(response),
                Err(error) if error.is_retryable() && attempts < retry::ATTEMPTS => error,
                Err(error) => return Err(error),
            };
            let delay = self.delay(attempts);
            let delay = error.retry_after().map_or(delay, |asked| asked + delay / 4);
            tracing::warn!(%error, attempts, milliseconds = delay.as_millis(), "reading again");
            tokio::time::sleep(delay).await;
            attempts += 1;
        }
    }

    fn delay(&self, attempts: u32) -> Duration {
        let random = &self.shared.random;
        let mut random = random.lock().unwrap_or_else(PoisonError::into_inner);
        Backoff::default().delay(attempts, &mut random)
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
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        let outgoing = Outgoing {
            method: reqwest::Method::POST,
            url: format!("{}{TOKEN_ROUTE}", config.api_url),
            headers: HeaderMap::from_iter([(CONTENT_TYPE, form_type)]),
            body: body.into(),
        };
        let attempt = Attempt {
            number: 1,
            departure: &Departure::default(),
        };
        let response = self.exchange(&request, outgoing, attempt).await?;
        let answer = Call::<TokenAnswer>::new(request).parse(&response)?;
        self.scrubber().learn(answer.access_token.expose());
        Ok(answer)
    }

    async fn attempt(
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
    async fn exchange(
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
            let permit = self.shared.limit.enter().await;
            let started = Instant::now();
            attempt.departure.leaves();
            let end = self.transfer(request, outgoing).await;
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

    /// One exchange, with a bound on the whole of it.
    async fn transfer(&self, request: &Request, outgoing: Outgoing) -> Result<Response, Error> {
        let bound = self.shared.config.call_timeout;
        let exchange = self.shared.transport.exchange(outgoing);
        let Ok(end) = tokio::time::timeout(bound, exchange).await else {
            return Err(Error::new(Some(request), ErrorKind::TimedOut));
        };
        let answer = end.map_err(|failure| Error::failed(request, failure))?;
        if !(200..=299).contains(&answer.status) {
            let delay = asked_delay(&answer.headers);
            let (status, body) = (answer.status, &answer.body);
            return Err(Error::refused(
                request,
                status,
                body,
                delay,
                self.scrubber(),
            ));
        }
        finish(request, answer.status, &answer.headers, answer.body)
    }
}

/// What an error's `Retry-After` asks for.
fn asked_delay(headers: &HeaderMap) -> Option<Duration> {
    #[expect(
        clippy::disallowed_methods,
        reason = "Retry-After may be a date on the wall clock"
    )]
    let now = std::time::SystemTime::now();
    let header = headers.get(RETRY_AFTER)?.to_str().ok()?;
    retry::retry_after(header, now)
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
