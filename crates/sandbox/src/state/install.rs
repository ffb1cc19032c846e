//! What an install of a template makes: bindings to installed connectors, and a paused cycle.

use super::flow::{chain, fill_edges};
use super::{Identity, Instance};
use crate::variant::Switch;
use crate::world::{
    Account, AccountConnector, ConnectorReference, Cycle, CycleConnector, Edge, Installation, Step,
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
    /// Only an account above has one, and the instance refuses to use it (`U3_PARENT`).
    Above,
}

impl Instance {
    /// Chooses the installed connector that a template's connector is bound to (U3): the account's
    /// own, or else one of the nearest account above it that has any (`U3_PARENT`).
    pub(crate) fn bind(&self, account: &Account, wanted: &TemplateConnector) -> Binding {
        if wanted.installation == Installation::Fresh {
            return Binding::Missing;
        }
        let fits = |one: &&AccountConnector| {
            one.connector.name.eq_ignore_ascii_case(&wanted.name)
                && (wanted.version.is_none() || one.connector.version == wanted.version)
        };
        let choose = |owner: &Account| {
            let mut candidates: Vec<_> = owner.connectors.iter().filter(fits).collect();
            candidates.sort_by_key(|one| one.id);
            self.choose(&candidates)
        };
        if let Some(chosen) = choose(account) {
            return chosen;
        }
        let Some(chosen) = self.ancestors(account).into_iter().find_map(choose) else {
            return Binding::Missing;
        };
        match self.variants.position(Switch::U3Parent) {
            "fresh" => Binding::Missing,
            "error" => Binding::Above,
            _ => chosen,
        }
    }

    /// Chooses among installed connectors that fit, the oldest first (U3); none are none.
    fn choose(&self, candidates: &[&AccountConnector]) -> Option<Binding> {
        let (oldest, newest) = (candidates.first()?, candidates.last()?);
        let several = candidates.len() > 1;
        Some(match self.variants.position(Switch::U3) {
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
        })
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
    let ids: Vec<String> = (0..template.steps.len())
        .map(|index| identity.guid(&["step", &id, &index.to_string()]))
        .collect();
    let id_of = |wanted: &str| {
        let known = template.steps.iter().zip(&ids);
        let fits = |one: &Step| {
            one.name == wanted || (!one.id.is_empty() && one.id.eq_ignore_ascii_case(wanted))
        };
        known
            .filter(|(step, _)| fits(step))
            .map(|(_, id)| id)
            .next()
    };
    let copy = |target: &Target| {
        if target.is_launch_visible {
            return Target {
                mapping_type: None,
                value: None,
                source_field_id: None,
                source_step_id: None,
                trigger_value: None,
                trigger_value_display_name: None,
                ..target.clone()
            };
        }
        let mut copied = target.clone();
        if let Some(new) = target.source_step_id.as_deref().and_then(id_of) {
            copied.source_step_id = Some(new.clone());
        }
        copied
    };
    let steps = template.steps.iter().zip(&ids).map(|(step, id)| Step {
        id: id.clone(),
        parameters: step.parameters.iter().map(copy).collect(),
        fields: step.fields.iter().map(copy).collect(),
        discovered_fields: step.discovered_fields.iter().map(copy).collect(),
        ..step.clone()
    });
    let steps: Vec<Step> = steps.collect();
    let edges = match &template.edges {
        Some(edges) => edges
            .iter()
            .filter_map(|edge| {
                Some(Edge {
                    id: String::new(),
                    from_step_id: id_of(&edge.from)?.clone(),
                    to_step_id: id_of(&edge.to)?.clone(),
                })
            })
            .collect(),
        None => chain(&steps),
    };
    let mut cycle = Cycle {
        steps,
        edges: Some(edges),
        template_id: Some(template.id.clone()),
        template_release: Some(template.release),
        complete: true,
        name: template.name.clone(),
        description: Some(template.description.clone()).filter(|text| !text.is_empty()),
        tags: Some(template.tags.clone()),
        variables: template.variables.clone(),
        connectors,
        id,
        ..Cycle::default()
    };
    fill_edges(&mut cycle, identity);
    cycle
}
