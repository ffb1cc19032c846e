//! What differs, as what, and why.

use crate::address::Address;
use crate::compare::FieldChange;
use crate::origin::Origin;
use std::fmt;

/// What happens to an object. Each has its symbol, which carries the meaning without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Made anew.
    Create,
    /// Changed in place.
    Update,
    /// Removed.
    Remove,
    /// Taken over: it existed unmarked.
    Adopt,
    /// Renamed, and perhaps changed.
    Move,
    /// Nothing can be done before a person acts.
    Wait,
    /// More live objects than one fit, or the live one cannot be brought to tally; untouched.
    Block,
}

impl Action {
    /// The symbol in a plan.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Create => "+",
            Self::Update => "~",
            Self::Remove => "-",
            Self::Adopt => "=",
            Self::Move => ">",
            Self::Wait | Self::Block => "!",
        }
    }

    /// The stable word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Remove => "remove",
            Self::Adopt => "adopt",
            Self::Move => "move",
            Self::Wait => "wait",
            Self::Block => "block",
        }
    }
}

/// What is exclusive: what nobody declares in it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exclusive {
    /// An account, and where that was written.
    Account(Origin),
    /// The instance, and where that was written.
    Instance(Origin),
}

impl Exclusive {
    /// Where that was written.
    pub fn origin(&self) -> &Origin {
        match self {
            Self::Account(origin) | Self::Instance(origin) => origin,
        }
    }
}

impl fmt::Display for Exclusive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Account(_) => "account",
            Self::Instance(_) => "instance",
        };
        let origin = self.origin();
        write!(
            f,
            "not in the manifest, and the {what} is exclusive ({origin})"
        )
    }
}

/// Why an object changes. For people: nothing branches on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It is not in the instance.
    Missing,
    /// Declared fields differ.
    Differs,
    /// It fits the entry, and nobody else claims it.
    Unmarked,
    /// The connector is not authenticated although a credential is declared.
    NotAuthenticated,
    /// The credential that stands there was never set by us.
    NotMarked,
    /// A secret's fingerprint differs from the mark.
    SecretChanged,
    /// The mark's fingerprints were made under another key.
    MarkKeyChanged,
    /// It is paused and should run.
    NotRunning,
    /// It runs and should be paused.
    Running,
    /// `state: absent`.
    Absent,
    /// Its account is removed.
    WithAccount,
    /// Nobody declares it, and what holds it is exclusive.
    Undeclared(Exclusive),
    /// It bore another name: which.
    Moved(String),
    /// A rename of it was cut off, and is finished.
    CutOff,
    /// Somebody has to act first: who, and what.
    Waiting(String),
    /// Cannot be decided or done by a tool: what, and the way out.
    Blocked(String),
    /// The running cycle is stopped and restarted for the change.
    Interrupts,
    /// Something else that runs comes to an end by it: what.
    Stops(String),
}

impl Reason {
    /// The stable code in JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Unmarked => "unmarked",
            Self::NotAuthenticated => "not-authenticated",
            Self::NotMarked => "not-marked",
            Self::SecretChanged => "secret-changed",
            Self::MarkKeyChanged => "mark-key-changed",
            Self::NotRunning => "not-running",
            Self::Running => "running",
            Self::Absent => "absent",
            Self::WithAccount => "with-account",
            Self::Undeclared(_) => "undeclared",
            Self::Moved(_) => "moved",
            Self::CutOff => "cut-off",
            Self::Waiting(_) => "waiting",
            Self::Blocked(_) => "blocked",
            Self::Interrupts => "interrupts",
            Self::Stops(_) => "stops",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "not in the instance",
            Self::Differs => "differs",
            Self::Unmarked => "exists unmarked, and is adopted",
            Self::NotAuthenticated => "not authenticated",
            Self::NotMarked => "the credential was never set by Gangplank",
            Self::SecretChanged => "the secret changed",
            Self::MarkKeyChanged => "fingerprints were made under another key",
            Self::NotRunning => "should run",
            Self::Running => "should be paused",
            Self::Absent => "state: absent",
            Self::WithAccount => "goes with its account",
            Self::Undeclared(exclusive) => return exclusive.fmt(f),
            Self::Moved(from) => return write!(f, "moved from {from:?}"),
            Self::CutOff => "a rename was cut off, and is finished",
            Self::Waiting(what) | Self::Blocked(what) | Self::Stops(what) => what,
            Self::Interrupts => "stops the running cycle for the change, then restarts it",
        })
    }
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which object.
    pub address: Address,
    /// What happens to it.
    pub action: Action,
    /// A few words on what it is: `Mailchimp v3`, `Harbour CRM > Mailchimp`.
    pub title: String,
    /// Why; at least one.
    pub reasons: Vec<Reason>,
    /// The fields that differ, in a stable order.
    pub fields: Vec<FieldChange>,
    /// Where the entry stands.
    pub origin: Option<Origin>,
}

impl Change {
    /// The name that it bore before, where it is renamed.
    pub fn moved_from(&self) -> Option<&str> {
        self.reasons.iter().find_map(|reason| match reason {
            Reason::Moved(from) => Some(from.as_str()),
            _ => None,
        })
    }

    /// Whether this object waits for a person, wholly or in part.
    pub fn waits(&self) -> bool {
        self.reasons
            .iter()
            .any(|reason| matches!(reason, Reason::Waiting(_)))
    }
}
