//! What a plan needs to know besides both sides.

use gangplank_model::{
    AccountId, AccountSpec, Address, ConnectorMark, ConnectorSpec, ConnectorWrite, Desired,
    InstanceRef, Presence,
};
use std::collections::BTreeMap;

/// The circumstances of a plan.
#[derive(Clone, Debug)]
pub struct Context {
    /// The instance, as the plan is to name it.
    pub instance: InstanceRef,
    /// Whether marks may be kept in the instance.
    pub marks: bool,
    /// What the marks would say of the secrets as they are now; `None` when they were not read.
    pub made_marks: Option<MadeMarks>,
    /// The brakes.
    pub limits: Limits,
}

/// Marks made from the secrets' values.
#[derive(Clone, Debug, Default)]
pub struct MadeMarks {
    /// Which key they were made with.
    pub key: String,
    /// By the connector's address; without an entry there is nothing to remember.
    pub connectors: BTreeMap<Address, ConnectorMark>,
    /// The same under the connector's former names: a fingerprint is bound to the name.
    pub former: BTreeMap<Address, BTreeMap<String, ConnectorMark>>,
}

impl MadeMarks {
    /// Has a mark made for every connector that is wanted; `key` is the id of the key.
    pub fn make(
        desired: &Desired,
        key: String,
        mark: impl Fn(&AccountId, &ConnectorWrite) -> Option<ConnectorMark>,
    ) -> Self {
        let mut made = Self {
            key,
            ..Self::default()
        };
        for (account, connector) in wanted(desired) {
            let mut write = full(connector);
            let Some(now) = mark(&account.id, &write) else {
                continue;
            };
            let address = Address::connector(&account.id, &connector.name);
            for from in &connector.moved {
                write.name.clone_from(&from.value);
                if let Some(mark) = mark(&account.id, &write) {
                    let former = made.former.entry(address.clone()).or_default();
                    former.insert(from.value.clone(), mark);
                }
            }
            made.connectors.insert(address, now);
        }
        made
    }
}

/// Every connector that is wanted, with its account.
pub fn wanted(desired: &Desired) -> impl Iterator<Item = (&AccountSpec, &ConnectorSpec)> {
    let here = Presence::Present;
    let accounts = desired
        .accounts
        .iter()
        .filter(move |it| it.presence == here);
    accounts
        .flat_map(|account| account.connectors.iter().map(move |it| (account, &**it)))
        .filter(move |(_, connector)| connector.presence == here)
}

/// All that is declared of a connector.
fn full(connector: &ConnectorSpec) -> ConnectorWrite {
    let properties = connector.all_properties().into_iter();
    ConnectorWrite {
        name: connector.name.clone(),
        method: connector.authentication.as_ref().map(|it| it.value.clone()),
        auth: connector.auth.as_ref().map(|auth| auth.value.clone()),
        properties: properties
            .map(|(name, value)| (name, value.value))
            .collect(),
        ..ConnectorWrite::default()
    }
}

/// What a plan may not do without an explicit word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// How many objects may be removed; none unless said.
    pub removals: Option<usize>,
}
