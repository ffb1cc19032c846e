//! Which installed connector and which method a step of a cycle calls.

use super::Instance;
use crate::world::{
    Account, AccountConnector, Connector, ConnectorReference, Cycle, Field, Method, Parameter,
    Step, Target,
};

/// The place among a cycle's connectors of the one that a step uses.
pub(crate) fn position(cycle: &Cycle, step: &Step) -> Option<usize> {
    let mut bindings = cycle.connectors.iter();
    match step.account_connector_id {
        Some(id) => bindings.position(|one| one.account_connector_id == id),
        None => bindings.position(|one| one.name.eq_ignore_ascii_case(&step.connector)),
    }
}

/// Takes away the connectors that steps used before and use no more.
pub(crate) fn prune(before: &Cycle, cycle: &mut Cycle) {
    let used = |cycle: &Cycle, id: u64, name: &str| {
        cycle.steps.iter().any(|step| {
            let found = position(cycle, step).and_then(|index| cycle.connectors.get(index));
            found.is_some_and(|one| one.account_connector_id == id && one.name == name)
        })
    };
    let keeps: Vec<bool> = cycle
        .connectors
        .iter()
        .map(|one| {
            let (id, name) = (one.account_connector_id, one.name.as_str());
            used(cycle, id, name) || !used(before, id, name)
        })
        .collect();
    let mut keeps = keeps.into_iter();
    cycle
        .connectors
        .retain(|_| keeps.next().unwrap_or_default());
}

impl Instance {
    /// The installed connector that a step calls.
    pub(crate) fn installed_of<'a>(
        &'a self,
        account: &'a Account,
        cycle: &Cycle,
        step: &Step,
    ) -> Option<&'a AccountConnector> {
        let binding = cycle.connectors.get(position(cycle, step)?)?;
        self.usable(account, binding.account_connector_id)
    }

    /// The connector release that a step calls.
    pub(crate) fn connector_of<'a>(
        &'a self,
        account: &Account,
        cycle: &Cycle,
        step: &Step,
    ) -> Option<&'a Connector> {
        let binding = cycle.connectors.get(position(cycle, step)?)?;
        let bound = ConnectorReference {
            name: binding.name.clone(),
            version: binding.version.clone(),
            custom_id: None,
        };
        let installed = self.usable(account, binding.account_connector_id);
        let reference = installed.map_or(&bound, |one| &one.connector);
        Some(&self.library.find(reference)?.connector)
    }

    /// The method that a step calls, if the library has it.
    pub(crate) fn method_of<'a>(
        &'a self,
        account: &Account,
        cycle: &Cycle,
        step: &Step,
    ) -> Option<&'a Method> {
        let connector = self.connector_of(account, cycle, step)?;
        connector
            .methods
            .iter()
            .find(|one| one.name.eq_ignore_ascii_case(&step.method))
    }
}

impl Step {
    /// Takes parameters and fields from a method; what is mapped already stays.
    pub(crate) fn call_method(&mut self, method: &Method) {
        let kept = |known: &[Target], made: Target| {
            let same = known.iter().find(|one| one.id == made.id);
            same.cloned().unwrap_or(made)
        };
        let parameters = method.parameters.iter().map(Target::of_parameter);
        self.parameters = parameters
            .map(|made| kept(&self.parameters, made))
            .collect();
        let fields = method.request_fields.iter().map(Target::of_field);
        self.fields = fields.map(|made| kept(&self.fields, made)).collect();
        self.discovered_fields = method
            .discovered_fields
            .iter()
            .map(Target::of_field)
            .collect();
        self.method.clone_from(&method.name);
    }

    /// Adds the fields that a look for them found.
    pub(crate) fn discover(&mut self) {
        for found in std::mem::take(&mut self.discovered_fields) {
            if self.fields.iter().all(|one| one.id != found.id) {
                self.fields.push(found);
            }
        }
    }
}

impl Target {
    fn of_parameter(parameter: &Parameter) -> Self {
        Self {
            id: parameter.id,
            name: parameter.name.clone(),
            description: parameter.description.clone(),
            is_optional: parameter.is_optional,
            data_type: parameter.data_type.clone(),
            values: parameter.values.clone(),
            trigger_name: parameter.trigger_name.clone(),
            triggers: parameter.triggers.clone(),
            ..Self::default()
        }
    }

    fn of_field(field: &Field) -> Self {
        Self {
            id: field.id,
            name: field.name.clone(),
            description: field.description.clone(),
            is_optional: field.is_optional,
            data_type: field.data_type.clone(),
            values: field.values.clone(),
            key: field.key,
            ..Self::default()
        }
    }
}
