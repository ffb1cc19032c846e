//! The token endpoint and the tokens it gave (cyclr-api.md 1.2).

use std::collections::HashMap;
use std::fmt;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::body::TokenForm;
use crate::date;
use crate::openapi::{Operation, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::request::Query;
use crate::state::Instance;
use crate::variant::Switch;
use crate::view::{TokenRefusalView, TokenView};

/// What the OpenAPI document says of the token endpoint.
pub(crate) const OPERATIONS: &[Operation] =
    &[
        Operation::new("POST /oauth/token", "getToken", "Gives a token.", "1.2")
            .reads_form::<TokenForm>()
            .answers::<TokenView<'_>>("The token.")
            .refuses_as::<TokenRefusalView<'_>>(&[(
                400,
                "There is no such client, grant or scope.",
            )])
            .switched(&[When::refuses(
                Switch::TokenErrors,
                "401",
                401,
                "There is no such client, grant or scope.",
            )]),
    ];

/// Fourteen days (cyclr-api.md 1.2).
const LIFETIME_SECONDS: i64 = 1_209_600;

/// A token that was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    /// Milliseconds since 1970.
    pub(crate) expires_at: i64,
    /// Key of the account it is restricted to.
    pub(crate) account: Option<String>,
    /// Client id that asked for it; empty for one that an older version stored.
    #[serde(default)]
    pub(crate) client: String,
}

/// All tokens that were given; `Debug` shows how many, and none of them.
#[derive(Default)]
pub(crate) struct Tokens {
    given: HashMap<String, Token>,
    /// Those that are not stored yet.
    pub(crate) fresh: Vec<String>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Tokens")
            .field("given", &self.given.len())
            .finish_non_exhaustive()
    }
}

impl Tokens {
    pub(crate) fn new(given: HashMap<String, Token>) -> Self {
        Self {
            given,
            fresh: Vec::new(),
        }
    }

    /// A token that has not expired.
    pub(crate) fn valid(&self, token: &str, now: Timestamp) -> Option<&Token> {
        self.given
            .get(token)
            .filter(|known| known.expires_at > now.as_millisecond())
    }

    /// A token by its text.
    pub(crate) fn get(&self, token: &str) -> Option<&Token> {
        self.given.get(token)
    }

    /// Makes a token, or all of them when none is given, invalid from now on.
    pub(crate) fn revoke(&mut self, one: Option<&str>, now: Timestamp) {
        let now = now.as_millisecond();
        for (text, token) in &mut self.given {
            if one.is_none_or(|one| one == text) && token.expires_at > now {
                token.expires_at = now;
                self.fresh.push(text.clone());
            }
        }
    }

    /// Answers `POST /oauth/token`.
    pub(crate) fn grant(
        &mut self,
        instance: &mut Instance,
        form: &Query<'_>,
        now: Timestamp,
    ) -> Outcome {
        let is_unauthorized = instance.variants.is(Switch::TokenErrors, "401");
        let refuse = |error: &str| {
            // OWIN's default; no source shows the vendor's (cyclr-api.md 1.2).
            let status = if is_unauthorized {
                StatusCode::UNAUTHORIZED
            } else {
                StatusCode::BAD_REQUEST
            };
            Err(Refusal::of(status, &TokenRefusalView { error }))
        };
        if form.get("grant_type") != Some("client_credentials") {
            return refuse("unsupported_grant_type");
        }
        let (client, secret) = (form.get("client_id"), form.get("client_secret"));
        let known = instance.partner.credentials.iter().find(|one| {
            Some(one.client_id.as_str()) == client && Some(one.client_secret.reveal()) == secret
        });
        let Some(known) = known else {
            return refuse("invalid_client");
        };
        let client = known.client_id.clone();
        let account = match form.get("scope") {
            None => None,
            Some(scope) => match scope.strip_prefix("account:") {
                Some(id) if instance.accounts.contains_key(&instance.key(id)) => {
                    Some(instance.key(id))
                }
                _ => return refuse("invalid_scope"),
            },
        };
        let number = instance.next_number();
        let text = instance.identity.token(number);
        let expires = now + SignedDuration::from_secs(LIFETIME_SECONDS);
        let token = Token {
            expires_at: expires.as_millisecond(),
            account,
            client: client.clone(),
        };
        self.given.insert(text.clone(), token);
        self.fresh.push(text.clone());
        Ok(Reply::json(&TokenView {
            access_token: &text,
            token_type: "bearer",
            expires_in: LIFETIME_SECONDS - 1,
            client_id: &client,
            refresh: "False",
            issued: date::rfc1123(now),
            expires: date::rfc1123(expires),
        }))
    }
}
