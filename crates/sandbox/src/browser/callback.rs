//! `/connector/callback`: the third party's answer (cyclr-api.md 1.1, 2.6).

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::page::forbidden;
use super::visit::Visit;
use crate::api::account_connector::replace;
use crate::date;
use crate::reply::Reply;
use crate::state::Identity;
use crate::world::{AccountConnector, AuthType};

/// Tokens as the vendor keeps them in `AuthValue`, as JSON (cyclr-api.md 2.6).
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OAuth2Tokens {
    access_token: String,
    refresh_token: String,
    expires: String,
    refresh_expires: String,
}

/// Tokens of OAuth 1; how the vendor keeps them is not documented (cyclr-api.md 2.6).
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OAuth1Tokens {
    access_token: String,
    access_token_secret: String,
}

/// Stores the tokens if access was allowed, and leads the customer back either way.
pub(super) fn open(visit: &mut Visit<'_>) -> Reply {
    let call = &mut visit.call;
    let state = call.query.get("state").unwrap_or_default();
    let Some(consent) = visit.visits.come_back(state, call.now) else {
        return forbidden();
    };
    if call.query.get("error").is_some() {
        return consent.return_to.reply();
    }
    if call.query.get("code") != Some(consent.code.as_str()) {
        return forbidden();
    }
    call.account = consent.account;
    let account = call.account().ok();
    let Some(installed) = account.and_then(|account| account.connector(consent.connector)) else {
        return forbidden();
    };
    let mut changed = installed.clone();
    let number = call.instance.next_number();
    let is_oauth1 = is_oauth1(visit, &changed);
    let call = &mut visit.call;
    let tokens = tokens(call.instance.identity, number, is_oauth1, call.now);
    changed.auth_value = Some(tokens.into());
    changed.authenticated = Some(true);
    if replace(call, changed).is_err() {
        return forbidden();
    }
    consent.return_to.reply()
}

fn is_oauth1(visit: &Visit<'_>, installed: &AccountConnector) -> bool {
    let entry = visit.call.instance.library.find(&installed.connector);
    let chosen = entry.and_then(|entry| installed.authentication(&entry.connector));
    chosen.is_some_and(|one| one.auth_type == AuthType::OAuth1)
}

/// What the third party gave, as the text of `AuthValue`.
fn tokens(identity: Identity, number: u64, is_oauth1: bool, now: Timestamp) -> String {
    let token = |kind: &str| identity.guid(&[kind, &number.to_string()]);
    let after = |hours| {
        let time = now.checked_add(SignedDuration::from_hours(hours));
        date::round_trip(time.unwrap_or(Timestamp::MAX))
    };
    let text = if is_oauth1 {
        serde_json::to_string(&OAuth1Tokens {
            access_token: token("access"),
            access_token_secret: token("secret"),
        })
    } else {
        serde_json::to_string(&OAuth2Tokens {
            access_token: token("access"),
            refresh_token: token("refresh"),
            expires: after(1),
            refresh_expires: after(90 * 24),
        })
    };
    text.expect("text fields can be written as JSON")
}
