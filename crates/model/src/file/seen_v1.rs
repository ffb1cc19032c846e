//! Digests of what an account holds, as far as a plan looked at it.
//!
//! They are compared only with digests that the same version of Gangplank made. Lists have no order
//! here, and what is missing is the same as what is empty.

use crate::live::{CycleStatus, LiveAccount, LiveConnector, LiveCycle, LiveMapping, LiveStep};
use crate::precondition::{Seen, SeenObject, Watch};
use crate::schedule::Schedule;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write as _;

impl Watch {
    /// Sees an account.
    pub fn see(&self, live: &LiveAccount) -> Seen {
        let connectors = live.connectors.iter().flatten().filter(|_| self.connectors);
        let connectors = connectors.map(|it| {
            let object = SeenObject {
                name: it.name.clone(),
                digest: digest(&self.connector(it)),
            };
            (it.id.to_string(), object)
        });
        let cycles = live.cycles.iter().flatten().filter(|_| self.cycles);
        let cycles = cycles.map(|it| {
            let object = SeenObject {
                name: it.name.clone(),
                digest: digest(&self.cycle(it)),
            };
            (it.id.clone(), object)
        });
        Seen {
            account: digest(&self.account(live)),
            sub_accounts: match &self.sub_accounts {
                Some(going) => {
                    let there: BTreeSet<_> = live.sub_accounts.iter().flatten().cloned().collect();
                    there.difference(going).cloned().collect()
                }
                None => BTreeSet::new(),
            },
            connectors: connectors.collect(),
            cycles: cycles.collect(),
        }
    }

    fn account(&self, live: &LiveAccount) -> Value {
        let text = |text: &Option<String>| json!(text.as_deref().unwrap_or_default());
        let all = [
            ("name", json!(live.name)),
            ("description", text(&live.description)),
            ("timezone", text(&live.timezone)),
            ("audit_info", text(&live.audit_info)),
            ("task_audit_info", text(&live.task_audit_info)),
            ("next_bill_date_utc", text(&live.next_bill_date_utc)),
            (
                "step_data_success_retention_hours",
                json!(live.step_data_success_retention_hours),
            ),
            (
                "step_data_errored_retention_hours",
                json!(live.step_data_errored_retention_hours),
            ),
            (
                "transaction_error_webhook_enabled",
                json!(live.transaction_error_webhook_enabled),
            ),
            (
                "transaction_error_webhook_url",
                text(&live.transaction_error_webhook_url),
            ),
            (
                "transaction_error_webhook_include_warnings",
                json!(live.transaction_error_webhook_include_warnings),
            ),
        ];
        let looked_at = all
            .into_iter()
            .filter(|(name, _)| self.fields.contains(*name));
        looked_at
            .map(|(name, value)| json!([name, value]))
            .collect()
    }

    fn connector(&self, live: &LiveConnector) -> Value {
        let names = self.properties.get(&live.name);
        let properties = live.properties.iter().map(|property| {
            let looked_at = names.is_some_and(|names| names.contains(&property.name));
            let value = property.value.as_deref().filter(|_| looked_at);
            json!([property.name, value])
        });
        json!({
            "name": live.name,
            "description": live.description.as_deref().unwrap_or_default(),
            "connector": live.connector_name,
            "version": live.connector_version,
            "release": live.release_id,
            "authenticated": live.authenticated,
            "partner": live.partner,
            "properties": unordered(properties),
        })
    }

    fn cycle(&self, live: &LiveCycle) -> Value {
        let status = match &live.status {
            // What is to run once pauses by itself.
            CycleStatus::Active | CycleStatus::Paused if runs_once(live) => "Once",
            CycleStatus::Paused => "Paused",
            CycleStatus::Active => "Active",
            CycleStatus::Other(word) => word,
        };
        // One that runs may run at any time; that a paused one has run was somebody's doing.
        let has_run = live.has_run && status == "Paused";
        let bound = live.connectors.iter();
        let bound = bound.map(|it| json!([it.name, it.account_connector_id, it.authenticated]));
        let variables = live.variables.iter().flatten();
        let variables = variables.map(|(name, value)| {
            let looked_at = self.variables.contains(name);
            json!([name, value.as_deref().filter(|_| looked_at)])
        });
        let steps = live.steps.iter().flatten().map(step);
        json!({
            "name": live.name,
            "status": status,
            "template": live.template_id,
            "tags": unordered(live.tags.iter().map(|tag| json!(tag))),
            "connectors": unordered(bound),
            "has_run": has_run,
            "variables": unordered(variables),
            "steps": unordered(steps),
        })
    }
}

/// Whether it was started to run once, and runs or has run.
fn runs_once(live: &LiveCycle) -> bool {
    let begun = live.has_run || live.status == CycleStatus::Active;
    let mut schedules = live.tags.iter().filter_map(|tag| Schedule::from_tag(tag));
    begun && schedules.any(|schedule| schedule == Schedule::Once)
}

fn step(live: &LiveStep) -> Value {
    let mappings = |mappings: &Option<Vec<LiveMapping>>| {
        let all = mappings.iter().flatten().map(|it| {
            json!([
                it.id,
                it.name,
                it.mapping_type,
                it.value,
                unordered(it.values.iter().map(|value| json!(value)))
            ])
        });
        unordered(all)
    };
    json!([
        live.id,
        live.name,
        mappings(&live.parameters),
        mappings(&live.fields)
    ])
}

fn unordered(values: impl Iterator<Item = Value>) -> Value {
    let mut values: Vec<String> = values.map(|value| value.to_string()).collect();
    values.sort();
    json!(values)
}

fn digest(value: &Value) -> String {
    hexadecimal(&Sha256::digest(value.to_string()))
}

/// Bytes as text.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // A String takes all.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{BoundConnector, LiveProperty};
    use std::collections::BTreeMap;

    fn watch() -> Watch {
        let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
        Watch {
            fields: names(&["name", "audit_info"]),
            connectors: true,
            cycles: true,
            properties: [("Crm".to_owned(), names(&["Region"]))].into(),
            variables: names(&["region"]),
            ..Watch::default()
        }
    }

    fn account() -> LiveAccount {
        let property = |name: &str| LiveProperty {
            name: name.to_owned(),
            value: Some("v".into()),
        };
        let connector = LiveConnector {
            id: 7,
            name: "Crm".into(),
            properties: vec![property("Region"), property("Token")],
            ..LiveConnector::default()
        };
        let cycle = LiveCycle {
            id: "c".into(),
            name: "Sync".into(),
            status: CycleStatus::Active,
            tags: vec!["a".into(), "b".into()],
            connectors: vec![BoundConnector {
                name: "Crm".into(),
                account_connector_id: Some(7),
                authenticated: true,
            }],
            variables: Some(BTreeMap::from([
                ("region".to_owned(), Some("eu".to_owned())),
                ("cursor".to_owned(), Some("1".to_owned())),
            ])),
            ..LiveCycle::default()
        };
        LiveAccount {
            name: "A".into(),
            connectors: Some(vec![connector]),
            cycles: Some(vec![cycle]),
            ..LiveAccount::default()
        }
    }

    type Edit = fn(&mut LiveAccount);

    fn cycle(account: &mut LiveAccount) -> &mut LiveCycle {
        &mut account.cycles.as_mut().unwrap()[0]
    }

    fn connector(account: &mut LiveAccount) -> &mut LiveConnector {
        &mut account.connectors.as_mut().unwrap()[0]
    }

    #[test]
    fn what_nobody_looked_at_and_what_moves_by_itself_does_not_count() {
        let edits: [Edit; 7] = [
            |it| it.next_bill_date_utc = Some("2027-01-01".into()),
            |it| it.description = Some("x".into()),
            |it| it.audit_info = Some(String::new()),
            |it| cycle(it).has_run = true,
            |it| cycle(it).tags.reverse(),
            |it| connector(it).properties[1].value = None,
            |it| {
                let variables = cycle(it).variables.as_mut().unwrap();
                variables.insert("cursor".into(), Some("2".into()));
            },
        ];
        let before = watch().see(&account());
        for (index, edit) in edits.iter().enumerate() {
            let mut now = account();
            edit(&mut now);
            assert_eq!(before.moved(&watch().see(&now)), None, "{index}");
        }
    }

    #[test]
    fn everything_else_counts() {
        let edits: [(Edit, &str); 10] = [
            (|it| it.name = "B".into(), "its own fields changed"),
            (
                |it| it.audit_info = Some("x".into()),
                "its own fields changed",
            ),
            (
                |it| connector(it).partner = true,
                "connector \"Crm\" changed",
            ),
            (
                |it| connector(it).properties[0].value = Some("us".into()),
                "connector \"Crm\" changed",
            ),
            (
                |it| connector(it).authenticated = true,
                "connector \"Crm\" changed",
            ),
            (
                |it| it.connectors = Some(Vec::new()),
                "connector \"Crm\" is gone",
            ),
            (
                |it| cycle(it).status = CycleStatus::Paused,
                "cycle \"Sync\" changed",
            ),
            (
                |it| cycle(it).name = "Other".into(),
                "cycle \"Sync\" is called \"Other\" now",
            ),
            (
                |it| {
                    let variables = cycle(it).variables.as_mut().unwrap();
                    variables.insert("region".into(), Some("us".into()));
                },
                "cycle \"Sync\" changed",
            ),
            (|it| cycle(it).tags.clear(), "cycle \"Sync\" changed"),
        ];
        let before = watch().see(&account());
        for (edit, expected) in edits {
            let mut now = account();
            edit(&mut now);
            let moved = before.moved(&watch().see(&now));
            assert_eq!(moved.as_deref(), Some(expected));
        }
    }

    /// What was started to run once comes to its end by itself; what was not is not started by itself.
    #[test]
    fn the_end_of_a_single_run_does_not_count() {
        let with = |status: CycleStatus, has_run: bool| {
            let mut account = account();
            let cycle = cycle(&mut account);
            cycle.tags = vec!["gangplank:run=once".into()];
            (cycle.status, cycle.has_run) = (status, has_run);
            watch().see(&account)
        };
        let running = with(CycleStatus::Active, false);
        assert_eq!(running.moved(&with(CycleStatus::Paused, true)), None);
        let waiting = with(CycleStatus::Paused, false);
        assert!(waiting.moved(&with(CycleStatus::Paused, true)).is_some());
        assert!(waiting.moved(&running).is_some());
    }

    /// Somebody who ran a paused cycle meanwhile did what the plan was to do once.
    #[test]
    fn that_a_paused_cycle_has_run_counts() {
        let mut before = account();
        cycle(&mut before).status = CycleStatus::Paused;
        let mut now = before.clone();
        cycle(&mut now).has_run = true;
        let moved = watch().see(&before).moved(&watch().see(&now));
        assert_eq!(moved.as_deref(), Some("cycle \"Sync\" changed"));
    }
}
