//! A small model of the instance: what each call of a plan does to it, and what it refuses.
//!
//! It is an interpreter of its own, from the API's description, and shares nothing with the planner.

use super::cycle::write_cycle;
use gangplank_model::testing::{library_connector, library_template, live_step};
use gangplank_model::{
    AccountId, AccountWrite, AuthKind, AuthSpec, BoundConnector, ConnectorMark, ConnectorWrite,
    Fingerprint, Lane, LibraryTemplate, Live, LiveAccount, LiveConnector, LiveCycle, LiveProperty,
    LiveStep, MarkWrite, OperationKind, Plan, Retention, Value, WantedBinding,
};

/// The templates: id, name, the connectors that each needs.
pub(crate) const LIBRARY: [(&str, &str, &[&str]); 4] = [
    ("T-1", "Sync", &["Crm"]),
    ("T-2", "Mails", &["Crm", "Mail"]),
    ("T-3", "Clock", &["Util"]),
    ("T-4", "Forms", &["Form", "Erp"]),
];

pub(crate) fn templates() -> Vec<LibraryTemplate> {
    let all = LIBRARY.iter();
    all.map(|(id, name, connectors)| library_template(id, name, connectors))
        .collect()
}

/// The one step that every template has; its values are those of the manifest, or none.
pub(crate) fn step(tallies: bool) -> LiveStep {
    let value = |text: &'static str| tallies.then_some(("StaticValue", text));
    live_step("Add")
        .parameter(1, "List", value("l"))
        .field(2, "Email", value("e"))
}

/// What a connector's mark is of the secrets of the day.
pub(crate) fn mark_of(account: &AccountId, write: &ConnectorWrite) -> Option<ConnectorMark> {
    let print = |what: &str| Fingerprint::new(format!("{account}/{}/{what}", write.name));
    let auth = write.auth.as_ref().filter(|auth| auth.sends_value());
    let secrets = write.properties.iter();
    let secrets = secrets.filter(|(_, value)| matches!(value, Value::Secret(_)));
    let mark = ConnectorMark {
        method: write.method.clone(),
        auth: auth.map(|_| print("auth")),
        properties: secrets.map(|(key, _)| (key.clone(), print(key))).collect(),
        unconfirmed: false,
    };
    (mark != ConnectorMark::default()).then_some(mark)
}

/// An instance to which a plan is applied. What it would refuse is a panic.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    pub(crate) live: Live,
    next: i64,
    /// Whether an OAuth 2 client authenticates at its first call only (cyclr-api.md 4, U17).
    lazy: bool,
}

impl Instance {
    pub(crate) fn of(live: &Live, lazy: bool) -> Self {
        let mut live = live.clone();
        let boxes = library_connector(9, "Box", AuthKind::OAuth2(None));
        live.connectors.get_or_insert_default().push(boxes);
        // One that was worked on before goes on counting.
        let held = || live.accounts.values();
        let cycles = held().flat_map(|it| it.cycles.iter().flatten());
        let cycles = cycles.filter_map(|it| it.id.strip_prefix("new-")?.parse().ok());
        let connectors = held().flat_map(|it| it.connectors.iter().flatten());
        let last = cycles.chain(connectors.map(|it| it.id / 10)).max();
        Self {
            next: last.unwrap_or_default().max(1000),
            live,
            lazy,
        }
    }

    /// Applies every lane, parents first.
    pub(crate) fn apply(&mut self, plan: &Plan) {
        let mut open: Vec<&Lane> = plan.lanes.iter().collect();
        while !open.is_empty() {
            let is_open = |id: &AccountId| open.iter().any(|lane| lane.account == *id);
            let (now, later): (Vec<&Lane>, Vec<&Lane>) = open
                .iter()
                .partition(|lane| !lane.after.as_ref().is_some_and(is_open));
            assert!(!now.is_empty(), "lanes wait for each other");
            for lane in now {
                self.lane(lane);
            }
            open = later;
        }
    }

    fn lane(&mut self, lane: &Lane) {
        let mut installed = None;
        for operation in &lane.operations {
            self.next += 1;
            match &operation.kind {
                OperationKind::CreateAccount { write, parent } => {
                    if let Some(parent) = parent {
                        assert!(
                            self.live.accounts.contains_key(parent),
                            "no parent {parent}"
                        );
                    }
                    let mut account = LiveAccount {
                        connectors: Some(Vec::new()),
                        cycles: Some(Vec::new()),
                        ..LiveAccount::default()
                    };
                    write_account(&lane.account, &mut account, write);
                    assert!(!account.name.is_empty(), "an account needs a name");
                    let before = self.live.accounts.insert(lane.account.clone(), account);
                    assert!(before.is_none(), "ID already in use");
                }
                OperationKind::DeleteAccount => {
                    let account = self.live.accounts.remove(&lane.account).expect("404");
                    assert!(
                        account.connectors.iter().flatten().next().is_none(),
                        "not empty"
                    );
                    assert!(
                        account.cycles.iter().flatten().next().is_none(),
                        "not empty"
                    );
                }
                OperationKind::InstallTemplate {
                    template_id,
                    known_cycles,
                    bindings,
                } => {
                    let cycle = self.install(&lane.account, template_id, bindings);
                    assert!(!known_cycles.contains(&cycle));
                    let of_template = self.account(&lane.account).cycles.iter().flatten();
                    let same = |it: &&LiveCycle| it.template_id.as_ref() == Some(template_id);
                    let others = of_template.filter(same).filter(|it| it.id != cycle);
                    assert!(
                        others
                            .into_iter()
                            .all(|it| known_cycles.contains(&it.id) || it.id.starts_with("new-")),
                        "a read-back would take another cycle for the new one"
                    );
                    installed = Some(cycle);
                }
                kind => self.write(&lane.account, kind, installed.as_deref()),
            }
        }
    }

    fn account(&mut self, id: &AccountId) -> &mut LiveAccount {
        self.live.accounts.get_mut(id).expect("404")
    }

    /// Installs as the vendor does: one that is there is taken, one that is missing is made.
    fn install(&mut self, account: &AccountId, template: &str, wanted: &[WantedBinding]) -> String {
        let (id, name, needs) = LIBRARY.iter().find(|it| it.0 == template).expect("404");
        let number = self.next;
        let account = self.account(account);
        let mut bound = Vec::new();
        for (index, needed) in (0..).zip(*needs) {
            let held = account.connectors.get_or_insert_default();
            let allowed = wanted.iter().find(|it| it.connector == *needed);
            let fits = |it: &&LiveConnector| {
                it.connector_name == *needed
                    && allowed.is_none_or(|allowed| allowed.allowed.contains(&it.name))
            };
            // cyclr-api.md 4, U3: which of several is taken is not known; here, one that works.
            let serving = held.iter().filter(fits).max_by_key(|it| it.authenticated);
            let serving = serving.cloned().unwrap_or_else(|| {
                assert!(allowed.is_none(), "a declared connector is not there");
                let fresh = LiveConnector {
                    id: number * 10 + index,
                    name: format!("{needed} {number}"),
                    connector_name: (*needed).to_owned(),
                    connector_version: Some("1.0".into()),
                    authenticated: *needed == "Util",
                    ..LiveConnector::default()
                };
                held.push(fresh.clone());
                fresh
            });
            bound.push(BoundConnector {
                name: (*needed).to_owned(),
                account_connector_id: Some(serving.id),
                authenticated: serving.authenticated,
            });
        }
        let cycles = account.cycles.get_or_insert_default();
        let taken = cycles.iter().any(|cycle| cycle.name == *name);
        let cycle = LiveCycle {
            id: format!("new-{number}"),
            // cyclr-api.md 4, U21: the name may get a number.
            name: if taken {
                format!("{name} ({number})")
            } else {
                (*name).to_owned()
            },
            template_id: Some((*id).to_owned()),
            tags: vec!["of the template".into()],
            connectors: bound,
            variables: Some([("region".to_owned(), None)].into()),
            steps: Some(vec![step(false)]),
            ..LiveCycle::default()
        };
        cycles.push(cycle.clone());
        cycle.id
    }

    fn write(&mut self, id: &AccountId, kind: &OperationKind, installed: Option<&str>) {
        let (number, lazy) = (self.next, self.lazy);
        let account = self.account(id);
        match kind {
            OperationKind::UpdateAccount { write } => write_account(id, account, write),
            OperationKind::InstallConnector {
                connector,
                version,
                write,
                ..
            } => {
                let held = account.connectors.get_or_insert_default();
                let taken = held.iter().any(|it| it.name == write.name);
                assert!(!taken, "Account connector name {} is in use.", write.name);
                let needs_none = ["Util", "Open"].contains(&connector.as_str());
                let mut new = LiveConnector {
                    id: number * 10,
                    name: write.name.clone(),
                    connector_name: connector.clone(),
                    connector_version: version.clone(),
                    authenticated: needs_none,
                    ..LiveConnector::default()
                };
                write_connector(&mut new, write, lazy);
                held.push(new);
            }
            OperationKind::UpdateConnector { id, write, rename } => {
                if let Some(name) = rename {
                    let mut held = account.connectors.iter().flatten();
                    let taken = held.any(|it| it.name == *name && it.id != *id);
                    assert!(!taken, "Account connector name {name} is in use.");
                    connector(account, *id).name.clone_from(name);
                }
                write_connector(connector(account, *id), write, lazy);
            }
            OperationKind::DeleteConnector { id } => {
                connector(account, *id);
                account
                    .connectors
                    .get_or_insert_default()
                    .retain(|it| it.id != *id);
            }
            OperationKind::UpdateCycle { .. }
            | OperationKind::DeleteCycle { .. }
            | OperationKind::SetVariables { .. }
            | OperationKind::SetParameter { .. }
            | OperationKind::SetField { .. }
            | OperationKind::Deactivate { .. }
            | OperationKind::Activate { .. } => write_cycle(account, kind, installed),
            OperationKind::CreateAccount { .. }
            | OperationKind::DeleteAccount
            | OperationKind::InstallTemplate { .. } => unreachable!("done by the lane"),
        }
    }
}

pub(super) fn connector(account: &mut LiveAccount, id: i64) -> &mut LiveConnector {
    let mut all = account.connectors.iter_mut().flatten();
    all.find(|it| it.id == id).expect("404")
}

fn write_account(id: &AccountId, account: &mut LiveAccount, write: &AccountWrite) {
    let AccountWrite {
        name,
        timezone,
        audit_info,
        step_data_success_retention_hours,
        ..
    } = write;
    if let Some(name) = name {
        account.name.clone_from(name);
    }
    if timezone.is_some() {
        account.timezone.clone_from(timezone);
    }
    if let Some(Retention::Hours(hours)) = step_data_success_retention_hours {
        account.step_data_success_retention_hours = Some(i64::from(*hours));
    }
    if let Some(MarkWrite { text, kept, made }) = audit_info {
        let mut mark = kept.clone().unwrap_or_default();
        // Fingerprints of another key say nothing any more.
        if !made.is_empty() && mark.key != crate::support::MADE_KEY {
            mark.key = crate::support::MADE_KEY.into();
            for connector in mark.connectors.values_mut() {
                connector.auth = None;
                connector.properties.clear();
            }
        }
        for write in made {
            let made = mark_of(id, write).expect("there is something to remember");
            mark.connectors.insert(write.name.clone(), made);
        }
        account.audit_info = Some(mark.render(text));
    }
}

fn write_connector(held: &mut LiveConnector, write: &ConnectorWrite, lazy: bool) {
    if write.description.is_some() {
        held.description.clone_from(&write.description);
    }
    held.partner = write.partner.unwrap_or(held.partner);
    for (key, value) in &write.properties {
        let value = match value {
            Value::Text(text) => Some(text.clone()),
            Value::Secret(_) => None,
        };
        held.properties.retain(|it| it.name != *key);
        held.properties.push(LiveProperty {
            name: key.clone(),
            value,
        });
    }
    let now = match &write.auth {
        Some(AuthSpec::OAuth2Client { .. }) => !lazy,
        Some(AuthSpec::Fields(_)) => true,
        Some(auth) => auth.sends_value(),
        None => false,
    };
    held.authenticated |= now;
}
