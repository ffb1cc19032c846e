//! The sign-in link of an installed connector (cyclr-api.md 2.6).

use super::page::{bad_request, forbidden, redirect};
use super::return_to::ReturnTo;
use super::visit::Visit;
use crate::api::account_connector::replace;
use crate::reply::Reply;
use crate::world::{AccountConnector, AuthType, Connector, OAuth2Type};

/// What a sign-in link does for a connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grant {
    /// The customer allows or denies access at the third party.
    Customer,
    /// The vendor fetches tokens with what the properties hold; the customer is not asked.
    Properties,
    /// There is nothing to sign in to.
    Nothing,
}

/// Uses the token up, and sends the customer to the third party.
pub(super) fn open(visit: &mut Visit<'_>) -> Reply {
    let return_to = match ReturnTo::of(&visit.call.query) {
        Ok(return_to) => return_to,
        Err(problem) => return bad_request(problem),
    };
    let call = &mut visit.call;
    let token = call.query.get("token").unwrap_or_default();
    let Some(sign_in) = call.instance.people.redeem(token, call.now) else {
        return forbidden();
    };
    call.account = sign_in.account;
    let id = call.query.get("id").and_then(|id| id.trim().parse().ok());
    let account = call.account().ok();
    let Some(installed) = account.zip(id).and_then(|(one, id)| one.connector(id)) else {
        return forbidden();
    };
    let installed = installed.clone();
    let entry = call.instance.library.find(&installed.connector);
    let Some(connector) = entry.map(|entry| entry.connector.clone()) else {
        return forbidden();
    };
    match grant(&installed, &connector) {
        Grant::Customer => {
            let (account, now) = (&call.account, call.now);
            let state = visit
                .visits
                .send_away(account, installed.id, return_to, now);
            redirect(&format!("/_sandbox/consent?state={state}"))
        }
        Grant::Properties if installed.has_required_properties(&connector) => {
            let mut changed = installed;
            // The vendor keeps an empty object until it fetches tokens (cyclr-api.md 2.6).
            changed.auth_value.get_or_insert_with(|| "{}".into());
            changed.authenticated = Some(true);
            if replace(call, changed).is_err() {
                return forbidden();
            }
            return_to.reply()
        }
        Grant::Properties | Grant::Nothing => return_to.reply(),
    }
}

fn grant(installed: &AccountConnector, connector: &Connector) -> Grant {
    let chosen = installed.authentication(connector);
    match chosen.map(|one| (one.auth_type, one.oauth2_type)) {
        Some((
            AuthType::OAuth2,
            Some(OAuth2Type::ClientCredentials | OAuth2Type::PasswordCredentials),
        )) => Grant::Properties,
        Some((AuthType::OAuth1 | AuthType::OAuth2, _)) => Grant::Customer,
        _ => Grant::Nothing,
    }
}
