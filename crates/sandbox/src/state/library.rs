//! `Library`: the connectors and templates of the instance, found by id and by name.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde_json::value::RawValue;

use super::Identity;
use crate::view::ConnectorView;
use crate::world::{Connector, ConnectorReference, ConnectorStatus, Parameter, Template};

/// Connectors and templates: the shipped catalogue first, then what the world lists.
#[derive(Debug)]
pub(crate) struct Library {
    connectors: Vec<Entry>,
    templates: Vec<Template>,
    shipped_connectors: usize,
    shipped_templates: usize,
    /// Releases of the accounts' custom connectors, by id.
    custom: HashMap<u64, Entry>,
    connectors_by_id: HashMap<u64, usize>,
    connectors_by_name: HashMap<String, Vec<usize>>,
    templates_by_id: HashMap<String, usize>,
}

/// A connector release, and its JSON once somebody has asked for it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) connector: Connector,
    rendered: OnceLock<Box<RawValue>>,
}

impl Entry {
    fn new(connector: Connector) -> Self {
        Self {
            connector,
            rendered: OnceLock::new(),
        }
    }

    /// The connector object as responses hold it.
    pub(crate) fn rendered(&self) -> &RawValue {
        self.rendered.get_or_init(|| {
            serde_json::value::to_raw_value(&ConnectorView::new(&self.connector))
                .expect("a connector has string keys only")
        })
    }
}

impl Library {
    /// Puts what is listed over the shipped catalogue, and makes up the ids that are missing.
    pub(crate) fn new(
        shipped: (Vec<Connector>, Vec<Template>),
        listed: (Vec<Connector>, Vec<Template>),
        identity: Identity,
    ) -> Self {
        let taken: HashSet<_> = listed
            .0
            .iter()
            .map(|one| (one.name.to_lowercase(), one.version.clone()))
            .collect();
        let mut connectors = shipped.0;
        connectors.retain(|one| !taken.contains(&(one.name.to_lowercase(), one.version.clone())));
        let shipped_connectors = connectors.len();
        connectors.extend(listed.0);
        let own = listed.1.iter().filter(|one| !one.imported);
        let taken: HashSet<_> = own.map(|one| one.name.clone()).collect();
        let mut templates = shipped.1;
        templates.retain(|one| !taken.contains(&one.name));
        let shipped_templates = templates.len();
        templates.extend(listed.1);

        let mut library = Self {
            connectors: Vec::with_capacity(connectors.len()),
            templates: Vec::with_capacity(templates.len()),
            shipped_connectors,
            shipped_templates,
            custom: HashMap::new(),
            connectors_by_id: HashMap::new(),
            connectors_by_name: HashMap::new(),
            templates_by_id: HashMap::new(),
        };
        let mut numbers: HashSet<u64> = connectors.iter().map(|one| one.id).collect();
        for mut connector in connectors {
            fill_connector(&mut connector, identity, &mut numbers);
            library.push_connector(connector);
        }
        for template in templates {
            library.add_template(template, identity);
        }
        library
    }

    fn push_connector(&mut self, connector: Connector) {
        let index = self.connectors.len();
        self.connectors_by_id.insert(connector.id, index);
        let same_name = self.connectors_by_name.entry(connector.name.to_lowercase());
        same_name.or_default().push(index);
        self.connectors.push(Entry::new(connector));
    }

    /// Adds a release; it gets another id where its own is taken.
    pub(crate) fn add_connector(&mut self, mut connector: Connector, identity: Identity) {
        let own = self.connectors_by_id.keys().chain(self.custom.keys());
        let mut numbers: HashSet<u64> = own.copied().collect();
        if !numbers.insert(connector.id) {
            connector.id = 0;
        }
        fill_connector(&mut connector, identity, &mut numbers);
        self.push_connector(connector);
    }

    /// Adds a template.
    pub(crate) fn add_template(&mut self, mut template: Template, identity: Identity) {
        fill_template(&mut template, identity);
        let index = self.templates.len();
        self.templates_by_id
            .insert(template.id.to_lowercase(), index);
        self.templates.push(template);
    }

    /// The release of a custom connector.
    pub(crate) fn custom(&self, id: u64) -> Option<&Entry> {
        self.custom.get(&id)
    }

    /// Makes the release of a custom connector known.
    pub(crate) fn put_custom(&mut self, connector: Connector) {
        self.custom.insert(connector.id, Entry::new(connector));
    }

    /// Forgets a custom connector.
    pub(crate) fn remove_custom(&mut self, id: u64) {
        self.custom.remove(&id);
    }

    /// How an installed connector names a release.
    pub(crate) fn reference(&self, connector: &Connector) -> ConnectorReference {
        let is_custom = self.connector(connector.id).is_none();
        ConnectorReference {
            name: connector.name.clone(),
            version: connector.version.clone(),
            custom_id: Some(connector.id).filter(|id| is_custom && self.custom.contains_key(id)),
        }
    }

    /// All connectors.
    pub(crate) fn connectors(&self) -> impl Iterator<Item = &Entry> {
        self.connectors.iter()
    }

    /// The connectors that the world lists, without the shipped catalogue.
    pub(crate) fn listed_connectors(&self) -> Vec<Connector> {
        let listed = self.connectors.iter().skip(self.shipped_connectors);
        listed.map(|entry| entry.connector.clone()).collect()
    }

    /// The templates that the world lists, without the shipped catalogue.
    pub(crate) fn listed_templates(&self) -> Vec<Template> {
        self.templates
            .iter()
            .skip(self.shipped_templates)
            .cloned()
            .collect()
    }

    /// All templates.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.iter()
    }

    /// A connector release by its id.
    pub(crate) fn connector(&self, id: u64) -> Option<&Entry> {
        self.connectors.get(*self.connectors_by_id.get(&id)?)
    }

    /// All releases of a name, in the order listed.
    pub(crate) fn named(&self, name: &str) -> impl Iterator<Item = &Entry> {
        let indexes = self.connectors_by_name.get(&name.to_lowercase());
        indexes
            .into_iter()
            .flatten()
            .filter_map(|index| self.connectors.get(*index))
    }

    /// A release by name and version. One that says no version is that without one, or else what
    /// an install by name takes.
    pub(crate) fn find(&self, reference: &ConnectorReference) -> Option<&Entry> {
        if let Some(id) = reference.custom_id {
            return self.custom(id);
        }
        let fits = |entry: &&Entry| entry.connector.version == reference.version;
        let found = self.named(&reference.name).filter(fits).last();
        match &reference.version {
            Some(_) => found,
            None => found.or_else(|| self.latest(&reference.name)),
        }
    }

    /// The release that an install by name takes: the last listed that is no draft, if there is one.
    pub(crate) fn latest(&self, name: &str) -> Option<&Entry> {
        let is_draft = |entry: &&Entry| entry.connector.status == ConnectorStatus::Draft;
        let finished = self.named(name).filter(|entry| !is_draft(entry)).last();
        finished.or_else(|| self.named(name).last())
    }

    /// A template by its id.
    pub(crate) fn template(&self, id: &str) -> Option<&Template> {
        self.templates
            .get(*self.templates_by_id.get(&id.to_lowercase())?)
    }
}

/// Makes up what is left out of a release.
pub(super) fn fill_connector(
    connector: &mut Connector,
    identity: Identity,
    numbers: &mut HashSet<u64>,
) {
    let name = connector.name.clone();
    let version = connector.version.clone().unwrap_or_default();
    if connector.id == 0 {
        let mut id = identity.number(&["connector", &name, &version]);
        while !numbers.insert(id) {
            id += 1;
        }
        connector.id = id;
    }
    for authentication in &mut connector.authentication {
        if authentication.id.is_empty() {
            let parts = ["authentication", &name, &version, &authentication.auth_name];
            authentication.id = identity.guid(&parts);
        }
    }
    fill_parameters(&mut connector.parameters, identity, &[&name, &version]);
    for trigger in &mut connector.triggers {
        if trigger.trigger_id == 0 {
            trigger.trigger_id = identity.number(&["trigger", &name, &version, &trigger.name]);
        }
    }
    for method in &mut connector.methods {
        if method.method_unique_identifier.is_empty() {
            method.method_unique_identifier = identity.guid(&["method", &name, &method.name]);
        }
        if method.id == 0 {
            method.id = identity.number(&["method", &name, &version, &method.name]);
        }
        if method.method_type.is_empty() {
            "GET".clone_into(&mut method.method_type);
        }
        fill_parameters(
            &mut method.parameters,
            identity,
            &[&name, &version, &method.name],
        );
        let owner = [name.as_str(), &version, &method.name].join("/");
        for field in method
            .request_fields
            .iter_mut()
            .chain(&mut method.response_fields)
            .chain(&mut method.discovered_fields)
        {
            if field.id == 0 {
                field.id = identity.number(&["field", &owner, &field.name]);
            }
            if field.data_type.is_empty() {
                "Text".clone_into(&mut field.data_type);
            }
        }
    }
}

fn fill_parameters(parameters: &mut [Parameter], identity: Identity, owner: &[&str]) {
    let owner = owner.join("/");
    for parameter in parameters {
        if parameter.id == 0 {
            parameter.id = identity.number(&["parameter", &owner, &parameter.name]);
        }
        if parameter.target_name.is_empty() {
            parameter.target_name.clone_from(&parameter.name);
        }
        if parameter.data_type.is_empty() {
            "Text".clone_into(&mut parameter.data_type);
        }
    }
}

fn fill_template(template: &mut Template, identity: Identity) {
    if template.id.is_empty() {
        template.id = identity.guid(&["template", &template.name]);
    }
    fill_steps(&mut template.steps, identity, &template.name);
    for variable in &mut template.variables {
        super::fill_variable(variable);
    }
}

/// Fills what is left out of the steps of a template or a cycle, except the steps' own ids.
pub(crate) fn fill_steps(steps: &mut [crate::world::Step], identity: Identity, owner: &str) {
    for step in steps {
        if step.action_type.is_empty() {
            "Action".clone_into(&mut step.action_type);
        }
        for (kind, targets) in [
            ("parameter", &mut step.parameters),
            ("field", &mut step.fields),
            ("field", &mut step.discovered_fields),
        ] {
            for target in targets {
                if target.id == 0 {
                    target.id = identity.number(&[kind, owner, &step.name, &target.name]);
                }
                if target.data_type.is_empty() {
                    "Text".clone_into(&mut target.data_type);
                }
            }
        }
    }
}
