//! The nouns of Gangplank: desired and live state, plans, receipts, diagnostics.
//!
//! No I/O, no async, no clock. Every other room speaks in these types, and this room speaks of none
//! of them.

pub mod address;
pub mod change;
pub mod code;
pub mod compare;
pub mod desired;
pub mod diagnostic;
pub mod ending;
pub mod file;
pub mod lease;
pub mod levels;
pub mod library;
pub mod live;
pub mod mark;
pub mod moves;
pub mod offer;
pub mod operation;
pub mod origin;
pub mod percent;
pub mod plan;
pub mod precondition;
pub mod problems;
pub mod receipt;
pub mod rollout;
pub mod saved;
pub mod schedule;
pub mod secret;
pub mod suggest;
#[cfg(feature = "testing")]
pub mod testing;

pub use address::{AccountId, Address, ObjectPath};
pub use change::{Action, Change, Exclusive, Reason};
pub use compare::{FieldChange, Shown};
pub use desired::{
    AccountFields, AccountSpec, AuthSpec, ByName, ConnectorChoice, ConnectorSpec, Desired,
    InstanceSpec, MappingSpec, Presence, Retention, StepSpec, TemplateChoice, TemplateSpec,
    by_name,
};
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use ending::{AccountEnd, AccountReport, Halt, WaveEnd, WaveNews, WaveReport};
pub use levels::{Chosen, Levels};
pub use library::{
    AuthKind, AuthMethod, ConnectorParameter, LibraryConnector, LibraryTemplate, TemplateConnector,
};
pub use live::{
    BoundConnector, CycleStatus, Live, LiveAccount, LiveConnector, LiveCycle, LiveMapping,
    LiveProperty, LiveStep,
};
pub use mark::{AccountMark, ConnectorMark, Fingerprint, Protection};
pub use offer::{CycleInside, Inside, KnownAccounts, Offer, StepShape, TemplateShape};
pub use operation::{
    AccountWrite, ConnectorWrite, CycleTarget, MarkWrite, Operation, OperationKind, RetryClass,
    WantedBinding,
};
pub use origin::{Origin, SourceText, Sourced, part};
pub use percent::Percent;
pub use plan::{InstanceRef, Lane, Plan, Summary};
pub use precondition::{
    CycleWatch, Precondition, Preconditions, Seen, SeenObject, StepWatch, Watch,
};
pub use problems::Problems;
pub use receipt::{Event, Outcome, Receipt};
pub use rollout::{Choice, Rollout};
pub use saved::{Access, SavedPlan};
pub use schedule::{Run, Schedule};
pub use secret::{Secret, SecretRef, SecretsSpec, Value, VaultAuth, VaultEngine, VaultSpec};
