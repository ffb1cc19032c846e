//! Operation to request: one match. Credentials and properties become values in [`Values`].

use crate::audit::audit_info;
use crate::explain::what_there_is;
use crate::lane::Context;
use crate::learned::Learned;
use crate::values::Values;
use gangplank_cyclr::Request;
use gangplank_cyclr::resource::account::{self, AccountBody};
use gangplank_cyclr::resource::account_connector::{self, AccountConnectorBody};
use gangplank_cyclr::resource::connector::{self, Install, InstallRoute};
use gangplank_cyclr::resource::cycle::{self, Activation, CycleBody, VariableBody};
use gangplank_cyclr::resource::step::{self, MappingBody};
use gangplank_cyclr::resource::template;
use gangplank_model::mark::TAG;
use gangplank_model::{
    AccountWrite, ConnectorWrite, LiveMapping, LiveStep, MappingSpec, Operation, OperationKind,
    Retention, Schedule,
};
use gangplank_secrets::Secrets;
use std::collections::BTreeMap;

/// What a static value is called on the wire.
const STATIC: &str = "StaticValue";

/// Makes the request of an operation. `Err` says in words why it cannot be made.
pub(crate) fn request(
    operation: &Operation,
    learned: &Learned,
    context: &Context,
) -> Result<Request, String> {
    let id = operation.address.account.as_str();
    let cycle_id = || {
        let missing = "the cycle is not there: the install of its template did not end well";
        learned
            .cycle_id(operation)
            .ok_or_else(|| missing.to_owned())
    };
    let audit = audit_info(operation, learned, context);
    Ok(match &operation.kind {
        OperationKind::CreateAccount { write, parent } => {
            let body = AccountBody {
                id: Some(id),
                parent_account_id: parent.as_ref().map(gangplank_model::AccountId::as_str),
                ..account_body(write, audit.as_deref())
            };
            account::create(&body).into_request()
        }
        OperationKind::UpdateAccount { write } => {
            account::update(id, &account_body(write, audit.as_deref())).into_request()
        }
        OperationKind::DeleteAccount => account::delete(id),
        OperationKind::InstallConnector {
            release_id, write, ..
        } => install(id, *release_id, write, &context.secrets)?,
        OperationKind::UpdateConnector {
            id: connector,
            write,
            rename,
        } => update(id, *connector, (write, rename.as_deref()), &context.secrets)?,
        OperationKind::DeleteConnector { id: connector } => {
            account_connector::delete(id, *connector)
        }
        OperationKind::InstallTemplate { template_id, .. } => {
            template::install(id, template_id).into_request()
        }
        OperationKind::UpdateCycle {
            name, marks, tags, ..
        } => {
            let tags = match (tags, learned.cycle(operation)) {
                (Some(tags), _) => Some(tags.clone()),
                (None, Some(installed)) => Some(marked(&installed.tags, marks)),
                (None, None) if marks.is_empty() => None,
                (None, None) => return Err("the cycle's own tags are not known".to_owned()),
            };
            let body = CycleBody {
                name: name.as_deref(),
                description: None,
                tags: tags.as_deref(),
            };
            cycle::update(id, &cycle_id()?, &body).into_request()
        }
        OperationKind::DeleteCycle { id: cycle } => cycle::delete(id, cycle),
        OperationKind::SetVariables { values, .. } => {
            cycle::set_variables(id, &cycle_id()?, &variables(values))
        }
        OperationKind::SetParameter {
            step: name,
            parameter,
            ids,
            mapping,
            ..
        } => {
            let (step_id, parameter) = if let Some((step, id)) = ids {
                (step.clone(), *id)
            } else {
                let step = find_step(learned.steps(&cycle_id()?), name)?;
                let targets = step.parameters.as_deref();
                (step.id.clone(), find(targets, "parameter", parameter)?)
            };
            step::set_parameter(id, &step_id, parameter, &mapping_body(mapping)).into_request()
        }
        OperationKind::SetField {
            step: name,
            field,
            ids,
            mapping,
            ..
        } => {
            let (step_id, field) = if let Some((step, id)) = ids {
                (step.clone(), *id)
            } else {
                let step = find_step(learned.steps(&cycle_id()?), name)?;
                let targets = step.fields.as_deref();
                (step.id.clone(), find(targets, "field", field)?)
            };
            step::set_field_mapping(id, &step_id, field, &mapping_body(mapping)).into_request()
        }
        // What is queued is finished first, so that a change loses no work of the customer.
        OperationKind::Deactivate { id: cycle } => cycle::deactivate(id, cycle, true),
        OperationKind::Activate { schedule, .. } => {
            cycle::activate(id, &cycle_id()?, &activation(schedule))
        }
    })
}

fn install(
    account: &str,
    release: i64,
    write: &ConnectorWrite,
    secrets: &Secrets,
) -> Result<Request, String> {
    let values = Values::of(write, secrets)?;
    let body = Install {
        name: Some(&write.name),
        description: write.description.as_deref(),
        authentication_id: write.authentication_id.as_deref(),
        auth_value: values.auth.as_ref(),
        properties: values.properties(),
        is_partner_integration_connector: write.partner,
    };
    Ok(connector::install(account, InstallRoute::Id(release), &body).into_request())
}

fn update(
    account: &str,
    connector: i64,
    (write, name): (&ConnectorWrite, Option<&str>),
    secrets: &Secrets,
) -> Result<Request, String> {
    let values = Values::of(write, secrets)?;
    let body = AccountConnectorBody {
        name,
        description: write.description.as_deref(),
        authentication_id: write.authentication_id.as_deref(),
        auth_value: values.auth.as_ref(),
        properties: values.properties(),
        is_partner_integration_connector: write.partner,
    };
    Ok(account_connector::update(account, connector, &body).into_request())
}

fn account_body<'a>(write: &'a AccountWrite, audit_info: Option<&'a str>) -> AccountBody<'a> {
    let hours = |retention: Option<Retention>| {
        retention.map(|retention| match retention {
            Retention::Hours(hours) => Some(hours),
            Retention::ConsoleDefault => None,
        })
    };
    AccountBody {
        id: None,
        name: write.name.as_deref(),
        description: write.description.as_deref(),
        audit_info,
        task_audit_info: write.task_audit_info.as_deref(),
        timezone: write.timezone.as_deref(),
        next_bill_date_utc: write.next_bill_date_utc.as_deref(),
        step_data_success_retention_hours: hours(write.step_data_success_retention_hours),
        step_data_errored_retention_hours: hours(write.step_data_errored_retention_hours),
        transaction_error_webhook_enabled: write.transaction_error_webhook_enabled,
        transaction_error_webhook_url: write.transaction_error_webhook_url.as_deref(),
        transaction_error_webhook_include_warnings: write
            .transaction_error_webhook_include_warnings,
        parent_account_id: None,
    }
}

/// The tags that a new cycle came with, those of ours replaced by the marks.
fn marked(tags: &[String], marks: &[String]) -> Vec<String> {
    let foreign = tags.iter().filter(|tag| !tag.starts_with(TAG));
    foreign.chain(marks).cloned().collect()
}

fn variables(values: &BTreeMap<String, String>) -> Vec<VariableBody<'_>> {
    let pairs = values.iter();
    pairs
        .map(|(name, value)| VariableBody {
            system_name: name,
            display_name: name,
            value,
            mapping_type: STATIC,
        })
        .collect()
}

fn mapping_body(mapping: &MappingSpec) -> MappingBody<'_> {
    MappingBody {
        mapping_type: &mapping.mapping_type,
        value: mapping.value.as_deref(),
    }
}

fn activation(schedule: &Schedule) -> Activation<'_> {
    match schedule {
        Schedule::Every { minutes, start } => Activation {
            interval: Some(*minutes),
            start_time: start.as_deref(),
            run_once: None,
        },
        Schedule::Once => Activation {
            run_once: Some(true),
            ..Activation::default()
        },
    }
}

fn find_step<'a>(steps: Option<&'a [LiveStep]>, name: &str) -> Result<&'a LiveStep, String> {
    let steps = steps.ok_or_else(|| "the cycle's steps were not read".to_owned())?;
    let mut found = steps.iter().filter(|step| step.name == name);
    match (found.next(), found.next()) {
        (Some(step), None) => Ok(step),
        (Some(_), Some(_)) => Err(format!("several steps of the cycle are called {name:?}")),
        (None, _) => {
            let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
            Err(what_there_is("step", name, &names))
        }
    }
}

fn find(targets: Option<&[LiveMapping]>, what: &str, name: &str) -> Result<i64, String> {
    let targets = targets.unwrap_or_default();
    let mut found = targets.iter().filter(|target| target.name == name);
    match (found.next(), found.next()) {
        (Some(target), None) => Ok(target.id),
        (Some(_), Some(_)) => Err(format!("several {what}s of the step are called {name:?}")),
        (None, _) => {
            let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
            Err(what_there_is(what, name, &names))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use gangplank_model::{
        AccountId, Address, AuthSpec, CycleTarget, LiveCycle, SecretRef, WantedBinding,
    };
    use gangplank_secrets::MarkKey;

    fn kinds() -> Vec<OperationKind> {
        let cycle = || CycleTarget::Existing("c".into());
        let ids = || Some(("s".to_owned(), 7));
        let write = AccountWrite::default;
        let connector = ConnectorWrite::default;
        vec![
            OperationKind::CreateAccount {
                write: write(),
                parent: None,
            },
            OperationKind::UpdateAccount { write: write() },
            OperationKind::DeleteAccount,
            OperationKind::InstallConnector {
                release_id: 1,
                connector: "x".into(),
                version: None,
                write: connector(),
            },
            OperationKind::UpdateConnector {
                id: 1,
                write: connector(),
                rename: None,
            },
            OperationKind::DeleteConnector { id: 1 },
            OperationKind::InstallTemplate {
                template_id: "t".into(),
                known_cycles: Vec::new(),
                bindings: Vec::<WantedBinding>::new(),
            },
            OperationKind::UpdateCycle {
                cycle: cycle(),
                name: Some("n".into()),
                marks: Vec::new(),
                tags: None,
            },
            OperationKind::DeleteCycle { id: "c".into() },
            OperationKind::SetVariables {
                cycle: cycle(),
                values: BTreeMap::new(),
            },
            OperationKind::SetParameter {
                cycle: cycle(),
                step: "s".into(),
                parameter: "p".into(),
                ids: ids(),
                mapping: MappingSpec::fixed("v"),
            },
            OperationKind::SetField {
                cycle: cycle(),
                step: "s".into(),
                field: "f".into(),
                ids: ids(),
                mapping: MappingSpec::fixed("v"),
            },
            OperationKind::Deactivate { id: "c".into() },
            OperationKind::Activate {
                cycle: cycle(),
                schedule: Schedule::Once,
            },
        ]
    }

    fn context() -> Context {
        Context {
            secrets: Secrets::default(),
            mark_key: MarkKey::derive(&gangplank_model::Secret::new("k".into())),
            settings: Settings::default(),
            preconditions: gangplank_model::Preconditions::new(),
            earlier: crate::earlier::Earlier::default(),
        }
    }

    fn operation(kind: OperationKind) -> Operation {
        Operation {
            address: Address::template(&AccountId::new("a"), "t"),
            kind,
            depends_on: Vec::new(),
        }
    }

    #[test]
    fn the_plan_names_the_route_that_is_called() {
        let mut routes = std::collections::BTreeSet::new();
        for kind in kinds() {
            let operation = operation(kind);
            let request = request(&operation, &Learned::default(), &context()).unwrap();
            let route = format!("{} {}", request.method, request.route);
            assert_eq!(route, operation.route());
            routes.insert(route);
        }
        assert_eq!(routes.len(), 14, "every kind of operation");
    }

    #[test]
    fn a_secret_that_was_not_resolved_is_named_and_nothing_is_sent() {
        let operation = operation(OperationKind::UpdateConnector {
            id: 1,
            write: ConnectorWrite {
                auth: Some(AuthSpec::ApiKey(SecretRef::Env("KEY".into()))),
                ..ConnectorWrite::default()
            },
            rename: None,
        });
        let refused = request(&operation, &Learned::default(), &context()).unwrap_err();
        assert_eq!(refused, "the secret was not resolved: env KEY");
    }

    #[test]
    fn a_new_cycle_keeps_foreign_tags_and_gets_our_marks() {
        let tags = ["crm".to_owned(), "gangplank:other".into()];
        assert_eq!(
            marked(&tags, &["gangplank:t".into()]),
            ["crm", "gangplank:t"]
        );
        let operation = operation(OperationKind::UpdateCycle {
            cycle: CycleTarget::Installed,
            name: None,
            marks: vec!["gangplank:t".into()],
            tags: None,
        });
        let mut learned = Learned::default();
        assert!(request(&operation, &learned, &context()).is_err());
        let cycle = LiveCycle {
            id: "c".into(),
            ..LiveCycle::default()
        };
        learned.installed((0, &operation), cycle, true);
        let request = request(&operation, &learned, &context()).unwrap();
        assert_eq!(request.path, "/cycles/c");
    }
}
