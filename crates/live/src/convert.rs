//! Wire types to the model's nouns. `AuthValue` and undeclared property values end here.

use crate::reread::Missing;
use gangplank_cyclr::resource::account::Account;
use gangplank_cyclr::resource::account_connector::AccountConnector;
use gangplank_cyclr::resource::connector::{AllowedValue, Connector, Parameter};
use gangplank_cyclr::resource::cycle::{Cycle, Prerequisite, Variable};
use gangplank_cyclr::resource::step::{Mapping, Step, Target};
use gangplank_cyclr::resource::template::Template;
use gangplank_model::{
    AccountId, AuthKind, AuthMethod, BoundConnector, ConnectorParameter, CycleStatus,
    LibraryConnector, LibraryTemplate, LiveAccount, LiveConnector, LiveCycle, LiveMapping,
    LiveProperty, LiveStep, TemplateConnector,
};
use std::collections::{BTreeMap, BTreeSet};

/// The status of a cycle that is deleted but still listed (cyclr-api.md 2.8).
pub(crate) const DELETED: &str = "DeleteScheduled";

/// The properties whose values are kept, by the installed connector's name.
pub(crate) type PlainProperties = BTreeMap<String, BTreeSet<String>>;

pub(crate) fn account(account: Account) -> (AccountId, LiveAccount) {
    let live = LiveAccount {
        name: account.name,
        description: account.description,
        timezone: account.timezone,
        audit_info: account.audit_info,
        task_audit_info: account.task_audit_info,
        next_bill_date_utc: account.next_bill_date_utc,
        step_data_success_retention_hours: account.step_data_success_retention_hours,
        step_data_errored_retention_hours: account.step_data_errored_retention_hours,
        transaction_error_webhook_enabled: account.transaction_error_webhook_enabled,
        transaction_error_webhook_url: account.transaction_error_webhook_url,
        transaction_error_webhook_include_warnings: account
            .transaction_error_webhook_include_warnings,
        sub_accounts: None,
        connectors: None,
        cycles: None,
    };
    (AccountId::new(account.id), live)
}

pub(crate) fn connector(connector: AccountConnector, plain: &PlainProperties) -> LiveConnector {
    let keep = plain.get(&connector.name);
    let properties = connector.properties.into_iter().map(|property| {
        let kept = keep.is_some_and(|names| names.contains(&property.name));
        let value = property.value.filter(|_| kept);
        LiveProperty {
            value: value.map(|value| value.expose().to_owned()),
            name: property.name,
        }
    });
    LiveConnector {
        id: connector.id,
        description: connector.description,
        connector_name: connector.connector.name,
        connector_version: connector.connector.version,
        release_id: connector.connector.id,
        authenticated: connector.authenticated,
        partner: connector.is_partner_integration_connector,
        properties: properties.collect(),
        name: connector.name,
    }
}

pub(crate) fn cycle(cycle: Cycle) -> LiveCycle {
    let ran = cycle
        .last_successful_run_date
        .as_deref()
        .is_some_and(|date| !date.is_empty() && !date.starts_with("0001-"));
    let counts = [
        cycle.tasks_used,
        cycle.error_count,
        cycle.warning_count,
        cycle.in_progress_transaction_count,
    ];
    let connectors = cycle.connectors.into_iter().map(|bound| BoundConnector {
        name: bound.name,
        account_connector_id: bound.account_connector_id,
        authenticated: bound.authenticated,
    });
    LiveCycle {
        id: cycle.id,
        name: cycle.name,
        status: cycle.status.as_deref().map(status).unwrap_or_default(),
        template_id: cycle.template_id,
        tags: cycle.tags,
        connectors: connectors.collect(),
        has_run: ran || counts.iter().any(|count| *count > 0),
        variables: None,
        steps: None,
    }
}

pub(crate) fn variables(variables: Vec<Variable>) -> BTreeMap<String, Option<String>> {
    let pairs = variables.into_iter();
    pairs
        .map(|variable| (variable.system_name, variable.value))
        .collect()
}

/// A step without the values of its mappings.
pub(crate) fn step(step: Step) -> LiveStep {
    let targets = |targets: Vec<Target>| Some(targets.into_iter().map(target).collect());
    LiveStep {
        id: step.id,
        name: step.name,
        parameters: targets(step.method.parameters),
        fields: targets(step.method.request_fields),
    }
}

fn target(target: Target) -> LiveMapping {
    LiveMapping {
        id: target.id,
        name: target.name,
        mapping_type: None,
        value: None,
        values: allowed(&target.values),
    }
}

/// A mapping with its value; `None` when it names no parameter or field.
pub(crate) fn mapping(mapping: Mapping) -> Option<LiveMapping> {
    Some(LiveMapping {
        mapping_type: mapping.mapping_type,
        value: mapping.value,
        ..target(mapping.parameter.or(mapping.field)?)
    })
}

pub(crate) fn prerequisite(prerequisite: &Prerequisite) -> Missing {
    let Prerequisite {
        reason_code,
        reason,
        object_type,
        object_id,
    } = prerequisite;
    let reason = if reason.is_empty() {
        format!("reason code {reason_code}")
    } else {
        reason.clone()
    };
    let is_connector = object_type.eq_ignore_ascii_case("AccountConnector");
    let is_step = ["Action", "Step"]
        .iter()
        .any(|kind| object_type.eq_ignore_ascii_case(kind));
    Missing {
        reason,
        object: if object_type.is_empty() {
            String::new()
        } else {
            format!("{object_type} {object_id}")
        },
        connector: object_id.parse().ok().filter(|_| is_connector),
        step: Some(object_id.clone()).filter(|id| is_step && !id.is_empty()),
    }
}

pub(crate) fn library_connector(connector: Connector) -> LibraryConnector {
    let mut methods: Vec<AuthMethod> = connector
        .authentication
        .into_iter()
        .map(|method| AuthMethod {
            id: Some(method.id).filter(|id| !id.is_empty()),
            name: method.auth_name,
            kind: auth_kind(&method.auth_type, method.oauth2_type),
        })
        .collect();
    if let (true, Some(kind)) = (methods.is_empty(), connector.auth_type) {
        // Instances without several methods only show the default one (cyclr-api.md 2.3).
        methods.push(AuthMethod {
            id: None,
            kind: auth_kind(&kind, connector.oauth2_type),
            name: kind,
        });
    }
    LibraryConnector {
        id: connector.id,
        name: connector.name,
        version: connector.version,
        status: connector.status,
        is_system: connector.is_system_connector,
        methods,
        parameters: connector.parameters.into_iter().map(parameter).collect(),
    }
}

fn parameter(parameter: Parameter) -> ConnectorParameter {
    let key = parameter.target_name.filter(|key| !key.is_empty());
    ConnectorParameter {
        key: key.unwrap_or_else(|| parameter.name.clone()),
        name: parameter.name,
        is_account_connector_property: parameter.is_account_connector_property,
        is_optional: parameter.is_optional,
        is_sensitive: parameter.is_sensitive,
        values: allowed(&parameter.values),
    }
}

fn allowed(values: &[AllowedValue]) -> Vec<String> {
    let known = values.iter().filter_map(AllowedValue::value);
    known.map(str::to_owned).collect()
}

fn auth_kind(word: &str, oauth2_type: Option<String>) -> AuthKind {
    match word {
        "ApiKey" => AuthKind::ApiKey,
        "Basic" => AuthKind::Basic,
        "OAuth1" => AuthKind::OAuth1,
        "OAuth2" => AuthKind::OAuth2(oauth2_type),
        "None" => AuthKind::None,
        "AuthFields" => AuthKind::AuthFields,
        other => AuthKind::Other(other.to_owned()),
    }
}

pub(crate) fn template(template: Template) -> LibraryTemplate {
    let connectors = template.connectors.into_iter();
    LibraryTemplate {
        id: template.id,
        name: template.name,
        tags: template.tags,
        connectors: connectors
            .map(|connector| TemplateConnector {
                name: connector.name,
                version: connector.version,
            })
            .collect(),
    }
}

pub(crate) fn status(word: &str) -> CycleStatus {
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    if is(&["Paused", "Stopped"]) {
        CycleStatus::Paused
    } else if is(&["Active", "Running", "Started"]) {
        CycleStatus::Active
    } else {
        CycleStatus::Other(word.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_status_vary() {
        for (word, expected) in [
            ("Paused", CycleStatus::Paused),
            ("stopped", CycleStatus::Paused),
            ("ACTIVE", CycleStatus::Active),
            ("Running", CycleStatus::Active),
            ("started", CycleStatus::Active),
            ("Draining", CycleStatus::Other("Draining".into())),
        ] {
            assert_eq!(status(word), expected, "{word}");
        }
    }
}
