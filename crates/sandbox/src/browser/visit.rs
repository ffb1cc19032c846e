//! `Visit`: one request of a browser, and what is remembered between them.

use std::collections::HashMap;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::return_to::ReturnTo;
use crate::call::Call;
use crate::state::SignIn;

/// How long a customer may look at the third party's page, and how long a session lasts.
const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

/// Name of the session's cookie.
pub(super) const COOKIE: &str = "gangplank_session";

/// What a page works on.
pub(super) struct Visit<'a> {
    pub(super) call: Call<'a>,
    pub(super) visits: &'a mut Visits,
    pub(super) path: &'a str,
    pub(super) raw_query: &'a str,
    pub(super) cookies: &'a str,
}

/// A customer who was sent to the third party.
#[derive(Debug, Clone)]
pub(super) struct Consent {
    /// Key of the account.
    pub(super) account: String,
    /// Id of the installed connector.
    pub(super) connector: u64,
    pub(super) return_to: ReturnTo,
    /// What the third party says when access is allowed.
    pub(super) code: String,
    expires_at: Timestamp,
}

/// Customers at the third party, and sessions. They are in memory alone: a restart ends them, as
/// closing the browser would. `Debug` shows how many, and none of them.
#[derive(Default)]
pub(crate) struct Visits {
    consents: HashMap<String, Consent>,
    sessions: HashMap<String, (SignIn, Timestamp)>,
}

impl fmt::Debug for Visits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Visits")
            .field("consents", &self.consents.len())
            .field("sessions", &self.sessions.len())
            .finish()
    }
}

impl Visits {
    /// Remembers a customer who is sent away, and gives the `state` to come back with.
    pub(super) fn send_away(
        &mut self,
        account: &str,
        connector: u64,
        return_to: ReturnTo,
        now: Timestamp,
    ) -> String {
        self.consents.retain(|_, consent| consent.expires_at > now);
        let state = Uuid::new_v4().simple().to_string();
        let consent = Consent {
            account: account.to_owned(),
            connector,
            return_to,
            code: Uuid::new_v4().simple().to_string(),
            expires_at: later(now),
        };
        self.consents.insert(state.clone(), consent);
        state
    }

    /// A customer who is at the third party.
    pub(super) fn away(&self, state: &str, now: Timestamp) -> Option<&Consent> {
        let consent = self.consents.get(state)?;
        (consent.expires_at > now).then_some(consent)
    }

    /// A customer who comes back, this once.
    pub(super) fn come_back(&mut self, state: &str, now: Timestamp) -> Option<Consent> {
        let consent = self.consents.remove(state)?;
        (consent.expires_at > now).then_some(consent)
    }

    /// Begins a session, and gives its cookie's value.
    pub(super) fn begin(&mut self, sign_in: SignIn, now: Timestamp) -> String {
        self.sessions.retain(|_, (_, ends_at)| *ends_at > now);
        let id = Uuid::new_v4().simple().to_string();
        self.sessions.insert(id.clone(), (sign_in, later(now)));
        id
    }

    /// The session that a request's cookies name.
    pub(super) fn session(&self, cookies: &str, now: Timestamp) -> Option<&SignIn> {
        let mut pairs = cookies.split(';').filter_map(|pair| pair.split_once('='));
        let (_, id) = pairs.find(|(name, _)| name.trim() == COOKIE)?;
        let (sign_in, ends_at) = self.sessions.get(id.trim())?;
        (*ends_at > now).then_some(sign_in)
    }
}

fn later(now: Timestamp) -> Timestamp {
    now.checked_add(PATIENCE).unwrap_or(Timestamp::MAX)
}
