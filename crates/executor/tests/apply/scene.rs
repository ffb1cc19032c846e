//! A small instance, a plan that uses every kind of operation, and what they end in.

use gangplank_cyclr::{Client, Config, Sensitive};
use gangplank_executor::{Cancel, Context, Earlier, Journal, Report, Runtime, Settings, apply};
use gangplank_model::{
    AccountId, AccountWrite, Address, AuthSpec, ConnectorWrite, CycleTarget, Event, InstanceRef,
    Lane, MappingSpec, MarkWrite, Operation, OperationKind, Plan, Rollout, Schedule, Secret,
    SecretRef, Summary, Value, WantedBinding,
};
use gangplank_sandbox::{FaultRule, Listening, Sandbox, SandboxOptions, Variants, World};
use gangplank_secrets::{MarkKey, Secrets};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const TEMPLATE: &str = "7ad2265e-2ff0-477b-b913-cae1dfde2ea8";
pub(crate) const RUNNING: &str = "cf636e9c-13dd-47ea-b0e8-88a5bf7f7b00";
pub(crate) const DOOMED: &str = "cf636e9c-13dd-47ea-b0e8-88a5bf7f7b01";
pub(crate) const SECRET: &str = "Zk3qT9wXb7LmN2rVc8YpQ5sDf1GhJ4Ke";

pub(crate) const WORLD: &str = r#"
Partner:
  ServiceDomain: demo-h.cyclr.test
  Credentials: [{ ClientId: demo, ClientSecret: demo-secret }]
StandardLibrary: false
Connectors:
  - { Id: 51, Name: Alpha, Version: "1.0", Status: Approved,
      Authentication: [{ Id: 12abc345-1a2b-123a-1ab2-1234ab5c6d7e, AuthName: API Key, AuthType: ApiKey }],
      Parameters: [{ Id: 7, Name: Subdomain, TargetName: Subdomain, IsAccountConnectorProperty: true, IsOptional: true }],
      Methods: [{ Id: 36666, MethodUniqueIdentifier: 9afbeecc-6019-49c6-ade9-721874d81c5a, Name: List, Category: All }] }
Templates:
  - { Id: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "Alpha Sync", Tags: [crm], Published: true,
      Connectors: [{ Name: Alpha, Version: "1.0", Installation: Existing }],
      Variables: [{ DisplayName: Region, Value: eu, MappingType: StaticValue }],
      Steps: [{ Name: Get, ActionType: Action, Connector: Alpha, Method: List,
                Parameters: [{ Id: 16017, Name: List ID, IsOptional: false }],
                Fields: [{ Id: 283792, Name: Email, IsOptional: false }] },
              { Name: Put, ActionType: Action, Connector: Alpha, Method: List }] }
Accounts:
  - { Id: old, Name: Old, Timezone: UTC,
      Connectors: [{ Id: 9, Name: Alpha, Connector: { Name: Alpha, Version: "1.0" }, AuthValue: k }],
      Cycles: [{ Id: cf636e9c-13dd-47ea-b0e8-88a5bf7f7b00, Name: Alpha Sync, Status: Active,
                 TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8,
                 Steps: [{ Id: 5f636e9c-13dd-47ea-b0e8-88a5bf7f7b05, Name: Get, ActionType: Action, Connector: Alpha, Method: List,
                           Parameters: [{ Id: 16017, Name: List ID, MappingType: StaticValue, Value: a }],
                           Fields: [{ Id: 283792, Name: Email, MappingType: StaticValue, Value: b }] },
                         { Id: 5f636e9c-13dd-47ea-b0e8-88a5bf7f7b06, Name: Put, ActionType: Action, Connector: Alpha, Method: List }] }] }
  - { Id: gone, Name: Gone,
      Connectors: [{ Id: 10, Name: Alpha, Connector: { Name: Alpha, Version: "1.0" }, AuthValue: k }],
      Cycles: [{ Id: cf636e9c-13dd-47ea-b0e8-88a5bf7f7b01, Name: Alpha Sync, Status: Paused,
                 TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8 }] }
"#;

pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    listening: Listening,
    pub(crate) settings: Settings,
    /// How long a whole call may take.
    pub(crate) call_timeout: Duration,
    pub(crate) cancel: Cancel,
    pub(crate) journal: Journal,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    /// The listener panics once, when an operation on this object ends.
    pub(crate) broken_listener: Arc<Mutex<Option<Address>>>,
}

impl Scene {
    pub(crate) async fn open(variants: &[&str]) -> Self {
        let parsed = variants.iter().map(|text| Variants::parse(text).unwrap());
        let sandbox = Sandbox::open(SandboxOptions {
            world: World::from_yaml(WORLD).unwrap(),
            variants: parsed.collect(),
            ..SandboxOptions::default()
        })
        .unwrap();
        let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
        Self {
            sandbox,
            listening,
            settings: Settings {
                settle: Duration::from_millis(150),
                backoff: Duration::from_millis(10),
                seed: 7,
                ..Settings::default()
            },
            call_timeout: Duration::from_secs(30),
            cancel: Cancel::never(),
            journal: Journal::none(),
            events: Arc::default(),
            broken_listener: Arc::default(),
        }
    }

    pub(crate) fn fault(&self, rule: FaultRule) {
        self.sandbox.set_faults(vec![rule]);
    }

    pub(crate) async fn apply(&mut self, lanes: Vec<Lane>) -> Report {
        let plan = Plan {
            instance: InstanceRef {
                name: "sandbox".into(),
                api_url: self.listening.url(),
            },
            manifest_digest: "0".into(),
            lanes,
            summary: Summary::default(),
            notes: Vec::new(),
            rollout: Rollout::default(),
        };
        let secret = Sensitive::new("demo-secret".into());
        let mut config = Config::new(&self.listening.url(), "demo".into(), secret);
        config.call_timeout = self.call_timeout;
        let secrets = Secrets::from_iter([(key(), Secret::new(SECRET.into()))]);
        let events = self.events.clone();
        let broken = self.broken_listener.clone();
        let runtime = Runtime {
            client: Client::new(config).unwrap(),
            context: Arc::new(Context {
                secrets,
                mark_key: MarkKey::derive(&Secret::new("demo-secret".into())),
                settings: self.settings,
                preconditions: gangplank_model::Preconditions::new(),
                earlier: Earlier::default(),
            }),
            journal: std::mem::replace(&mut self.journal, Journal::none()),
            events: Arc::new(move |event| {
                let breaks = matches!(&event, Event::Finished(receipt)
                    if broken.lock().unwrap().take_if(|one| *one == receipt.address).is_some());
                assert!(!breaks, "a listener that breaks");
                events.lock().unwrap().push(event);
            }),
            cancel: self.cancel.clone(),
        };
        apply(&plan, runtime).await
    }

    /// What the instance holds now, without ids and times, which differ from run to run.
    pub(crate) fn holdings(&self) -> serde_json::Value {
        let mut accounts = serde_json::to_value(self.sandbox.world().accounts).unwrap();
        strip(&mut accounts);
        accounts
    }
}

fn strip(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            let varies = |name: &str| {
                ["Id", "Utc", "Date", "Milliseconds"]
                    .iter()
                    .any(|end| name.ends_with(end))
            };
            fields.retain(|name, _| !varies(name));
            fields.values_mut().for_each(strip);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

pub(crate) fn key() -> SecretRef {
    SecretRef::Env("ALPHA_KEY".into())
}

pub(crate) fn alpha() -> ConnectorWrite {
    ConnectorWrite {
        name: "Alpha".into(),
        method: Some("API Key".into()),
        auth: Some(AuthSpec::ApiKey(key())),
        properties: BTreeMap::from([("Subdomain".into(), Value::Text("acme".into()))]),
        partner: Some(true),
        ..ConnectorWrite::default()
    }
}

pub(crate) fn lane(account: &str, kinds: Vec<OperationKind>) -> Lane {
    let account = AccountId::new(account);
    let operations = kinds
        .into_iter()
        .enumerate()
        .map(|(index, kind)| Operation {
            address: match &kind {
                OperationKind::CreateAccount { .. }
                | OperationKind::UpdateAccount { .. }
                | OperationKind::DeleteAccount => Address::account(&account),
                OperationKind::InstallConnector { .. }
                | OperationKind::UpdateConnector { .. }
                | OperationKind::DeleteConnector { .. } => Address::connector(&account, "Alpha"),
                _ => Address::template(&account, "Sync"),
            },
            kind,
            depends_on: (0..index).collect(),
        });
    Lane {
        operations: operations.collect(),
        account,
        after: None,
        changes: Vec::new(),
        wave: None,
    }
}

pub(crate) fn create_account(name: &str) -> OperationKind {
    OperationKind::CreateAccount {
        write: AccountWrite {
            name: Some(name.into()),
            timezone: Some("Europe/London".into()),
            ..AccountWrite::default()
        },
        parent: None,
    }
}

pub(crate) fn install_connector() -> OperationKind {
    OperationKind::InstallConnector {
        release_id: 51,
        connector: "Alpha".into(),
        version: Some("1.0".into()),
        write: alpha(),
    }
}

pub(crate) fn install_template() -> OperationKind {
    OperationKind::InstallTemplate {
        template_id: TEMPLATE.into(),
        known_cycles: Vec::new(),
        bindings: vec![WantedBinding {
            connector: "Alpha".into(),
            allowed: vec!["Alpha".into()],
        }],
    }
}

pub(crate) fn set_parameter(cycle: CycleTarget, parameter: &str) -> OperationKind {
    OperationKind::SetParameter {
        cycle,
        step: "Get".into(),
        parameter: parameter.into(),
        ids: None,
        mapping: MappingSpec::fixed("list"),
    }
}

pub(crate) fn set_field(cycle: CycleTarget) -> OperationKind {
    OperationKind::SetField {
        cycle,
        step: "Get".into(),
        field: "Email".into(),
        ids: None,
        mapping: MappingSpec::fixed("a@example.com"),
    }
}

pub(crate) fn hourly() -> Schedule {
    Schedule::Every {
        minutes: 60,
        start: None,
    }
}

pub(crate) fn activate(schedule: Schedule) -> OperationKind {
    OperationKind::Activate {
        cycle: CycleTarget::Installed,
        schedule,
    }
}

pub(crate) fn mark() -> OperationKind {
    OperationKind::UpdateAccount {
        write: AccountWrite {
            audit_info: Some(MarkWrite {
                text: "owner: ann".into(),
                kept: None,
                made: vec![alpha()],
            }),
            ..AccountWrite::default()
        },
    }
}

fn name_cycle(cycle: CycleTarget) -> OperationKind {
    OperationKind::UpdateCycle {
        tags: match cycle {
            CycleTarget::Existing(_) => Some(vec!["gangplank:Sync".into()]),
            CycleTarget::Installed => None,
        },
        cycle,
        name: Some("Sync".into()),
        marks: vec!["gangplank:Sync".into(), "gangplank:run=60".into()],
    }
}

fn set_variables(cycle: CycleTarget) -> OperationKind {
    OperationKind::SetVariables {
        cycle,
        values: BTreeMap::from([("Region".into(), "uk".into())]),
    }
}

/// A fresh account with everything.
pub(crate) fn fresh(schedule: Schedule) -> Lane {
    let installed = || CycleTarget::Installed;
    lane(
        "new",
        vec![
            create_account("New Ltd"),
            install_connector(),
            install_template(),
            name_cycle(installed()),
            set_variables(installed()),
            set_parameter(installed(), "List ID"),
            set_field(installed()),
            activate(schedule),
            mark(),
        ],
    )
}

/// A running cycle is stopped, changed and restarted; then its connector is changed.
pub(crate) fn changed() -> Lane {
    let existing = || CycleTarget::Existing(RUNNING.into());
    let step = "5f636e9c-13dd-47ea-b0e8-88a5bf7f7b05".to_owned();
    lane(
        "old",
        vec![
            OperationKind::Deactivate { id: RUNNING.into() },
            OperationKind::UpdateConnector {
                id: 9,
                write: alpha(),
                rename: None,
            },
            name_cycle(existing()),
            set_variables(existing()),
            OperationKind::SetParameter {
                cycle: existing(),
                step: "Get".into(),
                parameter: "List ID".into(),
                ids: Some((step, 16017)),
                mapping: MappingSpec::fixed("list"),
            },
            OperationKind::Activate {
                cycle: existing(),
                schedule: hourly(),
            },
        ],
    )
}

/// Everything is removed.
pub(crate) fn removed() -> Lane {
    lane(
        "gone",
        vec![
            OperationKind::DeleteCycle { id: DOOMED.into() },
            OperationKind::DeleteConnector { id: 10 },
            OperationKind::DeleteAccount,
        ],
    )
}
