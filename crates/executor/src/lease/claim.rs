//! What stands in the account of the lease: who claims it, and which claim was given back.

use super::terms::{LONGEST, SHORTEST, TERM, Terms};
use gangplank_cyclr::Request;
use gangplank_cyclr::resource::account::{self, Account, AccountBody};
use gangplank_model::lease::{LEASE_ACCOUNT, LEASE_NAME};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The form of both records. Who does not know it takes a claim for a text that says nothing but that
/// somebody is there, and waits for it as for any other.
const VERSION: u32 = 1;

/// No holder is longer, so that no host's name makes a record that the instance cuts.
const LONGEST_HOLDER: usize = 120;

/// For people who find the account in their console.
const DESCRIPTION: &str = "Keeps two runs of `gangplank apply --lock` from working at once. It holds no \
    connectors and no integrations, and a new run makes it again when it is gone.";

/// Who wants a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// The run's own name; no other run may ever have it.
    pub run: String,
    /// Where it runs, for people.
    pub holder: String,
    /// When it began, on its own clock, for people.
    pub since: String,
}

/// A claim as it stands in `AuditInfo`. No two that were ever written are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    #[serde(rename = "gangplank_lease")]
    version: u32,
    /// The run that claims.
    pub run: String,
    /// Goes up with every claim that the run writes.
    pub count: u64,
    /// Where the run works, for people; foreign text.
    pub holder: String,
    /// When the run began, on its own clock, for people; foreign text.
    pub since: String,
    /// Its term.
    seconds: u64,
}

/// What stands in `TaskAuditInfo` once a claim was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Release {
    #[serde(rename = "gangplank_lease")]
    version: u32,
    released: String,
    count: u64,
}

impl Claim {
    pub(super) fn new(claimant: &Claimant, count: u64, terms: Terms) -> Self {
        Self {
            version: VERSION,
            run: claimant.run.clone(),
            count,
            holder: claimant.holder.chars().take(LONGEST_HOLDER).collect(),
            since: claimant.since.clone(),
            seconds: terms.term().as_secs(),
        }
    }

    /// How long it stands without a sign of life.
    pub(super) fn term(&self) -> Duration {
        Duration::from_secs(self.seconds).clamp(SHORTEST, LONGEST)
    }

    /// The call that makes the account; the instance does it for one caller only.
    pub(super) fn create(&self) -> Request {
        let text = text(self);
        let body = AccountBody {
            id: Some(LEASE_ACCOUNT),
            name: Some(LEASE_NAME),
            description: Some(DESCRIPTION),
            audit_info: Some(&text),
            ..AccountBody::default()
        };
        account::create(&body).into_request()
    }

    /// The call that writes it over whatever stands there.
    pub(super) fn write(&self) -> Request {
        let text = text(self);
        let body = AccountBody {
            audit_info: Some(&text),
            ..AccountBody::default()
        };
        account::update(LEASE_ACCOUNT, &body).into_request()
    }
}

/// The call that gives one claim back.
pub(super) fn release(run: &str, count: u64) -> Request {
    let release = Release {
        version: VERSION,
        released: run.to_owned(),
        count,
    };
    let text = text(&release);
    let body = AccountBody {
        task_audit_info: Some(&text),
        ..AccountBody::default()
    };
    account::update(LEASE_ACCOUNT, &body).into_request()
}

fn text(record: &impl Serialize) -> String {
    serde_json::to_string(record).expect("a record holds nothing but texts and numbers")
}

/// What a look at the account found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// `AuditInfo` as it stands.
    pub(super) text: String,
    /// What it claims, if it can be read.
    pub(super) claim: Option<Claim>,
    released: Option<Release>,
    /// Whether the account has the name that ours has.
    named: bool,
}

impl Found {
    pub(super) fn of(account: Account) -> Self {
        let text = account.audit_info.unwrap_or_default();
        let of_version = |version: u32| version == VERSION;
        let claim: Option<Claim> = serde_json::from_str(&text).ok();
        let released = account.task_audit_info.as_deref();
        let released: Option<Release> = released.and_then(|it| serde_json::from_str(it).ok());
        Self {
            claim: claim.filter(|it| of_version(it.version)),
            released: released.filter(|it| of_version(it.version)),
            named: account.name == LEASE_NAME,
            text,
        }
    }

    /// Whether the account is a lease at all, and not somebody's customer.
    pub(super) fn is_lease(&self) -> bool {
        self.claim.is_some() || self.named
    }

    /// Whether the claim that stands there was given back.
    pub(super) fn is_released(&self) -> bool {
        match (&self.claim, &self.released) {
            (Some(claim), Some(released)) => {
                claim.run == released.released && claim.count == released.count
            }
            (None, _) | (_, None) => false,
        }
    }

    /// The count of the claim, if it is of this run.
    pub(super) fn count_of(&self, run: &str) -> Option<u64> {
        let claim = self.claim.as_ref().filter(|claim| claim.run == run);
        claim.map(|claim| claim.count)
    }

    /// How long it stands without a sign of life.
    pub(super) fn term(&self) -> Duration {
        self.claim.as_ref().map_or(TERM, Claim::term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claimant() -> Claimant {
        Claimant {
            run: "r1".into(),
            holder: "h".repeat(500),
            since: "2026-01-01T00:00:00Z".into(),
        }
    }

    fn account(audit_info: &str, task_audit_info: &str) -> Account {
        Account {
            name: LEASE_NAME.into(),
            audit_info: Some(audit_info.into()),
            task_audit_info: Some(task_audit_info.into()),
            ..Account::default()
        }
    }

    #[test]
    fn a_release_frees_the_claim_that_it_names_and_no_other() {
        let claim = |count| text(&Claim::new(&claimant(), count, Terms::default()));
        let released = |run: &str, count| {
            text(&Release {
                version: VERSION,
                released: run.into(),
                count,
            })
        };
        for (claim, released, expected) in [
            (claim(3), released("r1", 3), true),
            (claim(4), released("r1", 3), false),
            (claim(3), released("r1", 4), false),
            (claim(3), released("r2", 3), false),
            (claim(3), String::new(), false),
            (String::new(), released("r1", 3), false),
            ("****".into(), "****".into(), false),
        ] {
            let found = Found::of(account(&claim, &released));
            assert_eq!(found.is_released(), expected, "{claim} {released}");
            assert!(found.is_lease());
        }
    }

    #[test]
    fn a_record_of_another_version_says_only_that_somebody_is_there() {
        let claim = Claim {
            version: 2,
            ..Claim::new(&claimant(), 1, Terms::default())
        };
        let found = Found::of(account(&text(&claim), ""));
        assert!(found.claim.is_none() && found.is_lease());
        assert_eq!(found.term(), TERM);
    }

    #[test]
    fn nothing_of_a_record_grows_without_end() {
        let mut claim = Claim::new(&claimant(), 1, Terms::default());
        assert_eq!(claim.holder.len(), LONGEST_HOLDER);
        claim.seconds = u64::MAX;
        assert_eq!(claim.term(), LONGEST);
        claim.seconds = 0;
        assert_eq!(claim.term(), SHORTEST);
    }

    #[test]
    fn a_customers_account_is_no_lease() {
        let customer = Account {
            name: "Gangplank Lease Ltd".into(),
            audit_info: Some("owner: ann".into()),
            ..Account::default()
        };
        assert!(!Found::of(customer).is_lease());
    }
}
