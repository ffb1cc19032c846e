//! The client: one function sends.

use crate::base_url;
use crate::departure::Departure;
use crate::error::{Error, ErrorKind};
use crate::exchange::{Attempt, not_tried};
use crate::limit::{Limiter, Rate, Urgency};
use crate::page::Rows;
use crate::request::{Call, Method, Request};
use crate::response::Response;
use crate::retry::{self, Backoff};
use crate::scrub::Scrubber;
use crate::sensitive::Sensitive;
use crate::token::{Token, TokenAnswer, TokenCache};
use crate::transport::{Http, HttpSettings, Outgoing, Transport};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How a client is made.
#[derive(Clone, Debug)]
pub struct Config {
    /// The base URL, without `/v1.0`: `https://`, or `http://` on the loopback alone.
    pub api_url: String,
    /// The OAuth client id.
    pub client_id: String,
    /// The OAuth client secret.
    pub client_secret: Sensitive,
    /// How many calls may be under way at once at most; at least 1. It begins with few, and takes as many
    /// as the instance bears.
    pub concurrency: usize,
    /// How many calls may be made in a time, where somebody knows; else it is learned.
    pub rate: Option<Rate>,
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
    /// The clock on the wall, for dates in answers that do not say what time it is there. Nothing else
    /// goes by it.
    pub wall: fn() -> SystemTime,
}

impl Config {
    /// The usual settings: up to 256 calls at once, 30 s a call, 32 MiB an answer.
    #[expect(
        clippy::disallowed_methods,
        reason = "the usual clock; a caller that has another one sets it"
    )]
    pub fn new(api_url: &str, client_id: String, client_secret: Sensitive) -> Self {
        Self {
            api_url: api_url.trim_end_matches('/').to_owned(),
            client_id,
            client_secret,
            concurrency: 256,
            rate: None,
            call_timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            max_body: 32 * 1024 * 1024,
            scrubber: Scrubber::default(),
            seed: fastrand::u64(..),
            wall: SystemTime::now,
        }
    }
}

/// A client of one instance. Clones share token, connections and limiter.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) transport: Box<dyn Transport>,
    token: TokenCache,
    pub(crate) limiter: Limiter,
    random: Mutex<fastrand::Rng>,
}

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
        let limiter = Limiter::new(config.concurrency, config.rate);
        let random = Mutex::new(fastrand::Rng::with_seed(config.seed));
        Self {
            shared: Arc::new(Shared {
                random,
                config,
                transport,
                token: TokenCache::default(),
                limiter,
            }),
        }
    }

    /// Knows every secret of this client, and those that were added to it.
    pub fn scrubber(&self) -> &Scrubber {
        &self.shared.config.scrubber
    }

    /// Whether somebody who makes calls one after the other could begin at once, while so many others do.
    pub fn has_room(&self, others: usize) -> bool {
        self.shared.limiter.has_room(others)
    }

    /// The calls a second that the instance permits, where its refusals taught that.
    pub fn learned_rate(&self) -> Option<f64> {
        self.shared.limiter.learned_rate()
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
        if request.again {
            let paid = self.shared.limiter.pay(request.urgency).await;
            paid.map_err(|why| not_tried(request, why))?;
        }
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

    /// Reads, with delays between attempts. A pause that the instance asks for is one for all calls, so
    /// that the limiter keeps it.
    async fn read(&self, request: &Request) -> Result<Response, Error> {
        debug_assert!(request.is_read(), "only reads are retried here");
        let error = match self.send(request).await {
            Err(error) if error.is_retryable() => error,
            end => return end,
        };
        let mut again = request.clone();
        again.again = true;
        let (mut error, mut attempts) = (error, 1);
        loop {
            let delay = self.delay(attempts);
            tracing::warn!(%error, attempts, milliseconds = delay.as_millis(), "reading again");
            tokio::time::sleep(delay).await;
            attempts += 1;
            error = match self.send(&again).await {
                // Why it was not tried says less than why it had to be.
                Err(last) if last.is_not_tried() => return Err(error),
                Err(last) if last.is_retryable() && attempts < retry::ATTEMPTS => last,
                end => return end,
            };
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
        let mut request = Request::new(Method::Post, TOKEN_ROUTE, &[]);
        // All others wait for it.
        request.urgency = Urgency::ReadBack;
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
}
