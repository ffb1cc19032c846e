//! `People`: the users of all accounts, and their one-time sign-in tokens (cyclr-api.md 2.2).

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::SandboxError;
use crate::world::PartnerUser;

/// How long a sign-in token can be used: five minutes (cyclr-api.md 2.2).
const SIGN_IN_LIFETIME: SignedDuration = SignedDuration::from_secs(300);

/// When a sign-in token that is given now can no longer be used.
pub(crate) fn expiry(now: Timestamp) -> Timestamp {
    now.checked_add(SIGN_IN_LIFETIME).unwrap_or(Timestamp::MAX)
}

/// Whom a sign-in token lets in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// Milliseconds since 1970.
    pub(crate) expires_at: i64,
    /// Key of the account.
    pub(crate) account: String,
    /// Sign-in name.
    pub(crate) user: String,
}

/// What is to be stored, or removed where it is gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Record {
    /// A user, by key.
    User(String),
    /// A sign-in token.
    SignIn(String),
}

impl Record {
    pub(crate) fn user(user: &PartnerUser) -> Self {
        Self::User(key(&user.user_name))
    }
}

/// Users of the partner and sign-in tokens; `Debug` shows how many, and none of them.
#[derive(Default)]
pub(crate) struct People {
    /// By lower-case name.
    users: BTreeMap<String, PartnerUser>,
    sign_ins: HashMap<String, SignIn>,
    /// The tokens as they were given, which is as they expire.
    given: VecDeque<String>,
    /// What is not stored yet.
    pub(crate) changed: BTreeSet<Record>,
}

impl fmt::Debug for People {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("People")
            .field("users", &self.users.len())
            .field("sign_ins", &self.sign_ins.len())
            .finish_non_exhaustive()
    }
}

impl People {
    pub(crate) fn new(listed: Vec<PartnerUser>) -> Result<Self, SandboxError> {
        let mut people = Self::default();
        for user in listed {
            if let Some(twice) = people.users.insert(key(&user.user_name), user) {
                let user = twice.user_name;
                return Err(SandboxError::DuplicateUser { user });
            }
        }
        Ok(people)
    }

    /// All users, by name.
    pub(crate) fn users(&self) -> impl Iterator<Item = &PartnerUser> {
        self.users.values()
    }

    /// A user by name.
    pub(crate) fn user(&self, name: &str) -> Option<&PartnerUser> {
        self.users.get(&key(name))
    }

    /// Makes a user, if nobody has the name.
    pub(crate) fn add(&mut self, name: &str) {
        let key = key(name);
        if self.users.contains_key(&key) {
            return;
        }
        let user = PartnerUser {
            user_name: name.to_owned(),
            ..PartnerUser::default()
        };
        self.users.insert(key.clone(), user);
        self.changed.insert(Record::User(key));
    }

    /// Sets a user's password.
    pub(crate) fn set_password(&mut self, name: &str, password: String) {
        let key = key(name);
        if let Some(user) = self.users.get_mut(&key) {
            user.password = Some(password.into());
            self.changed.insert(Record::User(key));
        }
    }

    /// Takes over the sign-in tokens that were stored.
    pub(crate) fn restore(&mut self, sign_ins: HashMap<String, SignIn>) {
        let mut given: Vec<_> = sign_ins.iter().collect();
        given.sort_by(|one, other| (one.1.expires_at, one.0).cmp(&(other.1.expires_at, other.0)));
        self.given = given.into_iter().map(|(token, _)| token.clone()).collect();
        self.sign_ins = sign_ins;
    }

    /// Makes a token valid for five minutes, and forgets those that have expired.
    pub(crate) fn give(&mut self, token: String, account: String, user: String, now: Timestamp) {
        let is_over = |sign_in: &SignIn| sign_in.expires_at <= now.as_millisecond();
        while let Some(oldest) = self.given.front() {
            if self.sign_ins.get(oldest).is_some_and(|one| !is_over(one)) {
                break;
            }
            if self.sign_ins.remove(oldest).is_some() {
                self.changed.insert(Record::SignIn(oldest.clone()));
            }
            self.given.pop_front();
        }
        let sign_in = SignIn {
            expires_at: expiry(now).as_millisecond(),
            account,
            user,
        };
        self.changed.insert(Record::SignIn(token.clone()));
        self.given.push_back(token.clone());
        self.sign_ins.insert(token, sign_in);
    }

    /// Uses a token up; it is valid this once, if it has not expired.
    pub(crate) fn redeem(&mut self, token: &str, now: Timestamp) -> Option<SignIn> {
        let sign_in = self.sign_ins.remove(token)?;
        self.changed.insert(Record::SignIn(token.to_owned()));
        (sign_in.expires_at > now.as_millisecond()).then_some(sign_in)
    }

    /// A sign-in token as it is to be stored; none when it is gone.
    pub(crate) fn sign_in(&self, token: &str) -> Option<&SignIn> {
        self.sign_ins.get(token)
    }
}

/// How sign-in names are compared.
fn key(name: &str) -> String {
    name.to_lowercase()
}
