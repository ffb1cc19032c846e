//! The world file: what an instance holds, in the vendor's own field names (`PascalCase`).
//!
//! The same types are the sandbox's state: a world that is loaded has its missing ids made up
//! (from the seed), and a dump writes them all out, so that a dump loads to the same world.
//! Ids that are `0` or empty are missing.

mod account;
mod connector;
mod custom_connector;
mod custom_field;
mod cycle;
mod file;
mod folder;
mod generate;
mod hidden;
mod marketplace;
mod run;
mod step;
mod target;
mod template;
mod trigger;
mod user;

pub use account::{Account, AccountConnector, ConnectorReference, Property};
pub use connector::{
    AuthType, Authentication, Connector, ConnectorStatus, Method, NamedValue, OAuth2Type, Parameter,
};
pub use custom_connector::CustomConnector;
pub use custom_field::CustomField;
pub use cycle::{Cycle, CycleConnector, CycleStatus, Edge};
pub use file::{Credential, Partner, World, WorldError};
pub use folder::Folder;
pub use generate::{Generate, GenerateError};
pub use hidden::Hidden;
pub use marketplace::Marketplace;
pub use run::{Incident, IncidentLevel, Transaction, TransactionStatus};
pub use step::{Criterion, Delay, Step, WaitUntil};
pub use target::{Field, Target, TargetKey, TargetTrigger};
pub use template::{Installation, Template, TemplateConnector, TemplateEdge, Variable};
pub use trigger::{Trigger, TriggerValue};
pub use user::{PartnerUser, User};

/// Says whether a field may be left out of a dump, since loading brings the same value back.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
