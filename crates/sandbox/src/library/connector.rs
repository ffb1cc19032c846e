//! Connector releases, made from the rows of the catalogue.

use super::authentication::authentication;
use super::catalogue::{self, Row};
use super::identifier::guid;
use crate::world::{
    Connector, ConnectorStatus, Method, NamedValue, Parameter, Trigger, TriggerValue,
};

/// The category of the utilities, which are system connectors.
const UTILITIES: &str = "Utilities";
/// How many parameters, and how many methods, have ids kept for them in each connector.
const IDS_EACH: u64 = 20;

/// Returns every connector release of the standard library, in the catalogue's order.
pub(crate) fn connectors() -> Vec<Connector> {
    catalogue::rows().iter().map(connector).collect()
}

/// Makes a release of a row.
fn connector(row: &Row) -> Connector {
    let id = 1000 + 7 * row.index;
    let first = id * IDS_EACH * 2;
    Connector {
        id,
        name: row.name.to_owned(),
        version: row.version.map(str::to_owned),
        description: format!("Connects to {}.", row.name),
        status: status(row.status),
        categories: vec![row.category.to_owned()],
        icon: None,
        is_system_connector: row.category == UTILITIES,
        authentication: row
            .kinds
            .iter()
            .map(|kind| authentication(row, *kind))
            .collect(),
        parameters: row.parameters.iter().zip(first..).map(parameter).collect(),
        triggers: triggers(row, first),
        methods: row
            .methods
            .iter()
            .zip(first + IDS_EACH..)
            .map(|pair| method(row, pair))
            .collect(),
    }
}

/// Reads the catalogue's word for a status.
fn status(text: &str) -> ConnectorStatus {
    match text {
        "Draft" => ConnectorStatus::Draft,
        "Beta" => ConnectorStatus::Beta,
        _ => ConnectorStatus::Approved,
    }
}

/// Makes a parameter of a hint and its id.
fn parameter((hint, id): (&catalogue::Parameter, u64)) -> Parameter {
    let values = hint.values.iter().map(|value| NamedValue {
        name: (*value).to_owned(),
        value: (*value).to_owned(),
    });
    Parameter {
        id,
        name: hint.display_name(),
        target_name: hint.target.to_owned(),
        target_type: Some("MergeField".to_owned()),
        description: String::new(),
        is_account_connector_property: hint.property,
        is_optional: hint.optional,
        is_sensitive: hint.sensitive,
        data_type: "Text".to_owned(),
        display_order: None,
        values: values.collect(),
        trigger_name: None,
        triggers: Vec::new(),
    }
}

/// Makes a look-up of each method that lists or gets several: `List Deals` finds deals by name.
fn triggers(row: &Row, first: u64) -> Vec<Trigger> {
    let methods = row.methods.iter().zip(first + IDS_EACH..);
    let several = methods.filter_map(|(name, id)| {
        let noun = name
            .strip_prefix("List ")
            .or_else(|| name.strip_prefix("Get "))?;
        Some((noun.strip_suffix('s')?, id))
    });
    let triggers = several.map(|(noun, id)| Trigger {
        trigger_id: id + IDS_EACH,
        name: format!("{noun}s"),
        method_id: Some(id),
        values: (1..=3)
            .map(|number| TriggerValue {
                name: Some(format!("{noun} {number}")),
                value: (1000 * number + 1).to_string(),
            })
            .collect(),
    });
    triggers.collect()
}

/// Makes a method of a name and its id; the GUID is the same in every release (cyclr-api.md 2.3).
fn method(row: &Row, (name, id): (&String, u64)) -> Method {
    let (verb, _) = name.split_once(' ').unwrap_or((name, ""));
    let (_, noun) = name.rsplit_once(' ').unwrap_or(("", row.category));
    let path = noun.to_lowercase();
    let (method_type, end_point) = match verb {
        "List" | "Query" | "Search" => ("GET", format!("/{path}")),
        "Get" if noun.ends_with('s') => ("GET", format!("/{path}")),
        "Get" => ("GET", format!("/{path}s/{{id}}")),
        "Update" | "Set" | "Archive" => ("PUT", format!("/{path}s/{{id}}")),
        _ => ("POST", format!("/{path}s")),
    };
    Method {
        id,
        method_unique_identifier: guid(&["method", row.name, name]),
        name: name.clone(),
        description: String::new(),
        category: noun.trim_end_matches('s').to_owned() + "s",
        method_type: method_type.to_owned(),
        end_point,
        ..Method::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::world::AuthType;

    /// Returns the only release of a name.
    fn release(name: &str) -> Connector {
        let mut found: Vec<_> = connectors()
            .into_iter()
            .filter(|it| it.name == name)
            .collect();
        assert_eq!(found.len(), 1, "{name}");
        found.remove(0)
    }

    fn assert_unique<T: Ord>(what: &str, items: impl IntoIterator<Item = T>) {
        let all: Vec<T> = items.into_iter().collect();
        let count = all.len();
        assert_eq!(
            all.into_iter().collect::<BTreeSet<_>>().len(),
            count,
            "{what}"
        );
    }

    #[test]
    fn the_library_is_the_guides_and_six_of_ours() {
        assert_eq!(connectors().len(), 356 + 6);
    }

    #[test]
    fn nothing_has_the_id_of_another() {
        let all = connectors();
        assert_unique(
            "names and versions",
            all.iter().map(|it| (&it.name, &it.version)),
        );
        assert_unique("connectors", all.iter().map(|it| it.id));
        let methods = || all.iter().flat_map(|it| &it.methods);
        let triggers = all.iter().flat_map(|it| &it.triggers);
        assert_unique("triggers", triggers.map(|it| it.trigger_id));
        assert_unique(
            "parameters",
            all.iter().flat_map(|it| &it.parameters).map(|it| it.id),
        );
        assert_unique("methods", methods().map(|it| it.id));
        assert_unique(
            "authentications",
            all.iter()
                .flat_map(|it| &it.authentication)
                .map(|it| &it.id),
        );
        for connector in &all {
            let name = &connector.name;
            assert_unique(
                name,
                connector.authentication.iter().map(|it| &it.auth_name),
            );
            assert_unique(name, connector.parameters.iter().map(|it| &it.target_name));
            assert_unique(name, connector.methods.iter().map(|it| &it.name));
            assert_unique(
                name,
                connector
                    .methods
                    .iter()
                    .map(|it| &it.method_unique_identifier),
            );
        }
    }

    #[test]
    fn ids_stay_when_a_line_is_added_at_the_end() {
        let check = |name: &str, expected: u64| assert_eq!(release(name).id, expected, "{name}");
        check("3DCart", 1000);
        check("Pipedrive", 2624);
        check("Harbour CRM", 3492);
    }

    #[test]
    fn a_method_keeps_its_guid_between_releases_but_not_its_id() {
        let releases: Vec<_> = connectors()
            .into_iter()
            .filter(|it| it.name == "Intercom")
            .collect();
        assert_eq!(releases.len(), 2);
        let find = |place: usize| {
            let mut methods = releases[place].methods.iter();
            methods.find(|it| it.name == "Create Contact").unwrap()
        };
        assert_eq!(
            find(0).method_unique_identifier,
            find(1).method_unique_identifier
        );
        assert_ne!(find(0).id, find(1).id);
    }

    #[test]
    fn every_status_occurs() {
        let all = connectors();
        for wanted in [
            ConnectorStatus::Approved,
            ConnectorStatus::Draft,
            ConnectorStatus::Beta,
        ] {
            assert!(all.iter().any(|it| it.status == wanted), "{wanted:?}");
        }
    }

    #[test]
    fn utilities_are_system_connectors_without_authentication() {
        let systems: Vec<_> = connectors()
            .into_iter()
            .filter(|it| it.is_system_connector)
            .collect();
        assert_eq!(systems.len(), 2);
        for system in systems {
            assert_eq!(system.version, None);
            assert_eq!(system.authentication[0].auth_type, AuthType::None);
        }
    }

    #[test]
    fn the_well_known_are_as_documented() {
        let check = |name: &str, auth_names: &[&str], properties: &[(&str, bool)]| {
            let connector = release(name);
            let names: Vec<_> = connector
                .authentication
                .iter()
                .map(|it| it.auth_name.as_str())
                .collect();
            assert_eq!(names, auth_names, "{name}");
            let found: Vec<_> = connector
                .parameters
                .iter()
                .filter(|it| it.is_account_connector_property)
                .map(|it| (it.target_name.as_str(), it.is_optional))
                .collect();
            assert_eq!(found, properties, "{name}");
        };
        check(
            "Harbour CRM",
            &["API Key"],
            &[("Subdomain", false), ("Region", true)],
        );
        check("Pipedrive", &["API Key"], &[("Subdomain", true)]);
        check("Mailchimp", &["OAuth 2.0"], &[]);
        check("Freshdesk", &["Basic"], &[("Domain", false)]);
        check("HubSpot", &["OAuth 2.0", "API Key"], &[("PortalId", true)]);
        check(
            "Marketo",
            &["OAuth 2.0"],
            &[
                ("ClientId", false),
                ("ClientSecret", false),
                ("Subdomain", false),
            ],
        );
        check("Salesforce", &["OAuth 2.0"], &[("Environment", true)]);
        check("Slack", &["OAuth 2.0"], &[("DefaultChannel", true)]);
        check("Shopify", &["API Key"], &[("Hostname", false)]);
        check(
            "QuickBooks",
            &["OAuth 2.0"],
            &[("CompanyId", true), ("Environment", true)],
        );
        check("Zendesk", &["OAuth 2.0"], &[("Subdomain", false)]);
        check("Xero OAuth2.0", &["OAuth 2.0"], &[("TenantId", true)]);
    }
}
