//! `/_sandbox/consent`: the pretend third party.

use super::page::{Look, Page, forbidden};
use crate::engine::Core;
use crate::reply::Reply;
use crate::request::{Query, Request};

/// Asks the customer; either answer goes to the vendor's callback.
pub(crate) fn consent(core: &Core, request: &Request) -> Reply {
    let query = Query::parse(request.uri.query().unwrap_or_default());
    let state = query.get("state").unwrap_or_default();
    let Some(consent) = core.visits.away(state, core.clock.now()) else {
        return forbidden();
    };
    let account = core.instance.accounts.get(&consent.account);
    let installed = account.and_then(|account| account.connector(consent.connector));
    let Some((account, installed)) = account.zip(installed) else {
        return forbidden();
    };
    let third_party = &installed.connector.name;
    let callback = |answer: &str| format!("/connector/callback?state={state}&{answer}");
    Page::new(&format!("Allow access to {third_party}?"))
        .heading(&format!("Allow access to {third_party}?"))
        .paragraph(&format!(
            "This is where {third_party} would ask you to sign in. The integration wants to read \
             and write your data there."
        ))
        .facts(&[
            ("Account", account.name.as_str()),
            ("Connection", installed.name.as_str()),
        ])
        .choices(&[
            (
                "Allow",
                callback(&format!("code={}", consent.code)),
                Look::Primary,
            ),
            ("Deny", callback("error=access_denied"), Look::Plain),
        ])
        .reply()
}
