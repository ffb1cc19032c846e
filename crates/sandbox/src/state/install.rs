//! What an install of a template makes: bindings to installed connectors, and a paused cycle.

use super::{Identity, Instance};
use crate::variant::Switch;
use crate::world::{
    Account, AccountConnector, ConnectorReference, Cycle, CycleConnector, Installation, Step,
    Target, Template, TemplateConnector,
};

/// What a connector of a template is bound to.
#[derive(Debug)]
pub(crate) enum Binding {
    /// An installed connector, by its id.
    Existing(u64),
    /// None is there; a new one is to be installed.
    Missing,
    /// Several are there, and the instance refuses to choose (U3).
    Ambiguous,
}

impl Instance {
    /// Chooses the installed connector that a template's connector is bound to (U3).
    pub(crate) fn bind(&self, account: &Account, wanted: &TemplateConnector) -> Binding {
        if wanted.installation == Installation::Fresh {
            return Binding::Missing;
        }
        let fits = |one: &&AccountConnector| {
            one.connector.name.eq_ignore_ascii_case(&wanted.name)
                && (wanted.version.is_none() || one.connector.version == wanted.version)
        };
        let mut candidates: Vec<_> = account.connectors.iter().filter(fits).collect();
        candidates.sort_by_key(|one| one.id);
        let (Some(oldest), Some(newest)) = (candidates.first(), candidates.last()) else {
            return Binding::Missing;
        };
        let several = candidates.len() > 1;
        match self.variants.position(Switch::U3) {
            "newest" => Binding::Existing(newest.id),
            "authenticated" => {
                let ready = candidates
                    .iter()
                    .find(|one| one.authenticated == Some(true));
                Binding::Existing(ready.unwrap_or(oldest).id)
            }
            "error" if several => Binding::Ambiguous,
            "fresh" if several => Binding::Missing,
            _ => Binding::Existing(oldest.id),
        }
    }

    /// A name for a connector that a template brings: its own, or with a number behind it.
    pub(crate) fn free_name(account: &Account, name: &str) -> String {
        if !account.has_connector_named(name, 0) {
            return name.to_owned();
        }
        (2..=u32::MAX)
            .map(|number| format!("{name} {number}"))
            .find(|candidate| !account.has_connector_named(candidate, 0))
            .expect("an account has fewer connectors than there are numbers")
    }

    /// A connector as a template install adds it: unauthenticated unless it needs nothing.
    pub(crate) fn bare_connector(
        &mut self,
        name: String,
        wanted: &TemplateConnector,
    ) -> AccountConnector {
        let reference = ConnectorReference {
            name: wanted.name.clone(),
            version: wanted.version.clone(),
            custom_id: None,
        };
        let reference = match self.library.find(&reference) {
            Some(entry) => self.library.reference(&entry.connector),
            None => reference,
        };
        let mut installed = AccountConnector {
            id: self.next_number(),
            name,
            connector: reference,
            ..AccountConnector::default()
        };
        installed.authenticated = Some(self.holds_credential(&installed));
        installed
    }
}

/// A cycle made from a template; its id, date and bindings are given.
///
/// Values of User Configurable mappings are not copied: those are what the customer has to fill
/// (cyclr-api.md 2.7).
pub(crate) fn instantiate(
    template: &Template,
    id: String,
    connectors: Vec<CycleConnector>,
    identity: Identity,
) -> Cycle {
    let copy = |target: &Target| {
        if target.is_launch_visible {
            Target {
                mapping_type: None,
                value: None,
                source_field_id: None,
                source_step_id: None,
                trigger_value: None,
                trigger_value_display_name: None,
                ..target.clone()
            }
        } else {
            target.clone()
        }
    };
    let steps = template.steps.iter().enumerate().map(|(index, step)| Step {
        id: identity.guid(&["step", &id, &index.to_string()]),
        parameters: step.parameters.iter().map(copy).collect(),
        fields: step.fields.iter().map(copy).collect(),
        ..step.clone()
    });
    Cycle {
        steps: steps.collect(),
        template_id: Some(template.id.clone()),
        complete: true,
        name: template.name.clone(),
        description: Some(template.description.clone()).filter(|text| !text.is_empty()),
        tags: Some(template.tags.clone()),
        variables: template.variables.clone(),
        connectors,
        id,
        ..Cycle::default()
    }
}
