//! What the instance remembers of a connector's secrets, against what they are now.

use super::decision::has_memory;
use crate::diff::Pass;
use gangplank_model::{
    AccountMark, AccountSpec, Address, AuthSpec, ConnectorMark, ConnectorSpec, ConnectorWrite,
    LiveConnector, Reason,
};

/// What is remembered of a connector's secrets, against what they are now.
pub(super) struct Memory<'a> {
    /// What the instance remembers.
    live: Option<&'a ConnectorMark>,
    /// What it would remember of the secrets as they are now.
    made: Option<ConnectorMark>,
    /// Whether the secrets were read.
    compared: bool,
    /// Whether the instance remembers under another key.
    other_key: bool,
    /// The former name with which the instance remembers the secrets as they are now.
    former: Option<String>,
}

impl<'a> Memory<'a> {
    /// Counts a credential that cannot be compared.
    pub(super) fn of(
        pass: &mut Pass<'_>,
        account: &AccountSpec,
        mark: Option<&'a AccountMark>,
        spec: &ConnectorSpec,
        all: &ConnectorWrite,
    ) -> Self {
        let live = mark.and_then(|mark| mark.connectors.get(&spec.name));
        let marks = pass.context.marks;
        let made_marks = pass.context.made_marks.as_ref().filter(|_| marks);
        if has_memory(all) && made_marks.is_none() {
            pass.uncompared += 1;
        }
        let address = Address::connector(&account.id, &spec.name);
        let same = |made: &ConnectorMark| {
            live.is_some_and(|live| live.auth == made.auth && live.properties == made.properties)
        };
        let made = made_marks.and_then(|made| made.connectors.get(&address));
        let former = made_marks.and_then(|made| made.former.get(&address));
        let former = former.into_iter().flatten().find(|(_, made)| same(made));
        let former = former.filter(|_| !made.is_some_and(same));
        Self {
            live,
            made: former.map(|(_, made)| made).or(made).cloned(),
            former: former.map(|(name, _)| name.clone()),
            compared: made_marks.is_some(),
            other_key: match (made_marks, mark, live) {
                (Some(made), Some(mark), Some(_)) => made.key != mark.key,
                _ => false,
            },
        }
    }

    fn auth_differs(&self) -> bool {
        self.compared
            && self.live.and_then(|mark| mark.auth.as_ref())
                != self.made.as_ref().and_then(|mark| mark.auth.as_ref())
    }

    /// Whether a secret property is another one now.
    pub(super) fn secret_differs(&self, key: &str) -> bool {
        self.compared
            && self.live.and_then(|mark| mark.properties.get(key))
                != self.made.as_ref().and_then(|mark| mark.properties.get(key))
    }

    fn any_secret_differs(&self) -> bool {
        self.made
            .as_ref()
            .is_some_and(|made| made.properties.keys().any(|key| self.secret_differs(key)))
    }

    /// The former name with which the instance remembers the secrets as they are now.
    pub(super) fn former(&self) -> Option<&str> {
        self.former.as_deref()
    }

    fn method(&self) -> Option<&str> {
        self.live.and_then(|mark| mark.method.as_deref())
    }

    /// Whether the instance said "not authenticated" after the credential was set.
    pub(super) fn unconfirmed(&self) -> bool {
        self.live.is_some_and(|mark| mark.unconfirmed)
    }
}

/// Whether the credential is to be sent, and why.
pub(super) fn credential(
    pass: &Pass<'_>,
    spec: &ConnectorSpec,
    live: &LiveConnector,
    memory: &Memory<'_>,
    reasons: &mut Vec<Reason>,
) -> bool {
    let Some(auth) = &spec.auth else { return false };
    if !auth.value.sends_value() {
        if memory.any_secret_differs() && memory.live.is_some() {
            reasons.push(Reason::SecretChanged);
        }
        return false;
    }
    if pass.context.marks {
        let wanted = spec.authentication.as_ref().map(|name| name.value.as_str());
        if memory.live.is_some() && wanted.is_some() && memory.method() != wanted {
            reasons.push(Reason::Differs);
            return true;
        }
        if memory.other_key {
            reasons.push(Reason::MarkKeyChanged);
            return true;
        }
        if memory.auth_differs() || memory.any_secret_differs() {
            let known = memory.live.is_some();
            let reason = match (known, live.authenticated) {
                (true, _) => Reason::SecretChanged,
                (false, true) => Reason::NotMarked,
                (false, false) => Reason::NotAuthenticated,
            };
            reasons.push(reason);
            return true;
        }
    }
    // An OAuth 2 client authenticates at its first call (cyclr-api.md 2.6): sent once is enough.
    let at_first_call =
        matches!(auth.value, AuthSpec::OAuth2Client { .. }) && memory.live.is_some();
    if live.authenticated || at_first_call || memory.unconfirmed() {
        return false;
    }
    reasons.push(Reason::NotAuthenticated);
    true
}
