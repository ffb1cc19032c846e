//! Templates, read from `templates.yaml`.

use super::identifier::{guid, number};
use crate::world::{Step, Template};

/// The templates, as a world file would list them.
const TEMPLATES: &str = include_str!("templates.yaml");

/// Returns every template of the standard library, published or not.
pub(crate) fn templates() -> Vec<Template> {
    let mut templates: Vec<Template> =
        serde_yaml::from_str(TEMPLATES).expect("a test reads the embedded file");
    for template in &mut templates {
        template.id = guid(&["template", &template.name]);
        template.steps.iter_mut().for_each(number_targets);
    }
    templates
}

/// Gives parameters and fields the ids they would have in any template that calls the method.
fn number_targets(step: &mut Step) {
    let Step {
        connector,
        method,
        parameters,
        fields,
        ..
    } = step;
    for parameter in parameters {
        parameter.id = number(&["parameter", connector, method, &parameter.name]);
    }
    for field in fields {
        field.id = number(&["field", connector, method, &field.name]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::library::connectors;
    use crate::world::{AuthType, Connector, Installation, World};

    /// Returns the release that a template means; without a version, the last one of the name.
    fn find<'a>(
        library: &'a [Connector],
        name: &str,
        version: Option<&String>,
    ) -> Option<&'a Connector> {
        let fits = |it: &&Connector| {
            it.name == name && (version.is_none() || it.version.as_ref() == version)
        };
        library.iter().rev().find(fits)
    }

    #[test]
    fn names_and_ids_are_unique() {
        let all = templates();
        let names: BTreeSet<_> = all.iter().map(|it| &it.name).collect();
        let ids: BTreeSet<_> = all.iter().map(|it| &it.id).collect();
        assert_eq!((names.len(), ids.len()), (all.len(), all.len()));

        let mut targets = BTreeMap::new();
        for step in all.iter().flat_map(|it| &it.steps) {
            let kinds = [("parameter", &step.parameters), ("field", &step.fields)];
            for (kind, target) in kinds
                .iter()
                .flat_map(|(kind, all)| all.iter().map(move |it| (kind, it)))
            {
                let means = (kind.to_owned(), &step.connector, &step.method, &target.name);
                let other = targets.insert(target.id, means);
                assert!(other.is_none_or(|other| other == means), "{means:?}");
            }
        }
    }

    #[test]
    fn every_step_calls_a_method_of_an_installable_connector_of_its_template() {
        let library = connectors();
        for template in templates() {
            let name = &template.name;
            for needed in &template.connectors {
                let release = find(&library, &needed.name, needed.version.as_ref());
                let release = release.unwrap_or_else(|| panic!("{name}: {}", needed.name));
                let steps = template
                    .steps
                    .iter()
                    .filter(|it| it.connector == needed.name);
                assert_ne!(
                    steps.clone().count(),
                    0,
                    "{name}: {} has no step",
                    needed.name
                );
                for step in steps {
                    let method = release.methods.iter().find(|it| it.name == step.method);
                    assert!(method.is_some(), "{name}: {}", step.method);
                }
            }
            for step in &template.steps {
                let listed = template
                    .connectors
                    .iter()
                    .any(|it| it.name == step.connector);
                assert!(listed, "{name}: {}", step.name);
            }
            let steps: BTreeSet<_> = template.steps.iter().map(|it| &it.name).collect();
            assert_eq!(steps.len(), template.steps.len(), "{name}: step names");
        }
    }

    #[test]
    fn the_shapes_that_people_meet_all_occur() {
        let all = templates();
        let published = || all.iter().filter(|it| it.published);
        assert_eq!((all.len(), published().count()), (14, 13));
        let fresh = |it: &&Template| {
            it.connectors
                .iter()
                .any(|it| it.installation == Installation::Fresh)
        };
        assert_eq!(published().filter(fresh).count(), 1);
        let webhook = |it: &&Template| it.steps[0].action_type == "Webhook";
        assert_eq!(published().filter(webhook).count(), 1);
        let tagged = |tag: &str| {
            published()
                .filter(|it| it.tags.iter().any(|it| it == tag))
                .count()
        };
        assert_eq!((tagged("crm"), tagged("finance")), (1, 2));
        let library = connectors();
        let no_auth = |it: &&Template| {
            it.connectors.iter().any(|needed| {
                find(&library, &needed.name, needed.version.as_ref())
                    .is_some_and(|it| it.authentication[0].auth_type == AuthType::None)
            })
        };
        assert_eq!(published().filter(no_auth).count(), 1);
    }

    /// Names the parameters and fields that an installed cycle waits for.
    fn open(template: &Template) -> Vec<String> {
        let mut open = Vec::new();
        for step in &template.steps {
            for target in step.parameters.iter().chain(&step.fields) {
                if !target.is_optional && (target.value.is_none() || target.is_launch_visible) {
                    open.push(format!("{}: {}", step.name, target.name));
                }
            }
        }
        open
    }

    #[test]
    fn prerequisites_are_as_documented() {
        let all = templates();
        let check = |name: &str, expected: &[&str]| {
            let template = all.iter().find(|it| it.name == name).unwrap();
            assert_eq!(open(template), expected, "{name}");
        };
        check(
            "Harbour CRM > Mailchimp",
            &[
                "Get Contacts: Segment",
                "Add Member: List ID",
                "Add Member: Email",
            ],
        );
        check(
            "Pipedrive > Harbour CRM",
            &["Create Opportunity: Pipeline", "Create Opportunity: Title"],
        );
        check(
            "Freshdesk > Harbour CRM",
            &["Create Ticket: Queue", "Create Ticket: Subject"],
        );
        check("Zendesk > Slack", &["Post Message: Channel"]);
    }

    #[test]
    fn the_library_is_a_world_that_reads_back() {
        let world = World {
            connectors: connectors(),
            templates: templates(),
            ..World::default()
        };
        let yaml = world.to_yaml().unwrap();
        assert_eq!(World::from_yaml(&yaml).unwrap(), world);
        let json = world.to_json().unwrap();
        assert_eq!(World::from_json(&json).unwrap(), world);
    }
}
