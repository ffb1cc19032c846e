//! Custom connectors, and what an import adds to the library.

use super::{Entry, Identity, Instance};
use crate::lenient;
use crate::world::{Connector, ConnectorReference, CustomConnector, Template};

/// Makes a release of a custom connector's definition, which may hold anything else as well.
pub(crate) fn release(custom: &CustomConnector, identity: Identity) -> Connector {
    let definition = serde_json::Value::Object(custom.definition.clone());
    let read = lenient::read::<Connector>(&definition).unwrap_or_else(|| Connector {
        name: custom.text("Name").unwrap_or_default().to_owned(),
        ..Connector::default()
    });
    let mut connector = Connector {
        id: custom.id,
        ..read
    };
    super::library::fill_connector(&mut connector, identity, &mut [custom.id].into());
    connector
}

impl Instance {
    /// Makes the release of a custom connector known, in place of what it was before.
    pub(crate) fn publish_custom(&mut self, custom: &CustomConnector) {
        let release = release(custom, self.identity);
        self.library.put_custom(release);
    }

    /// An id for a custom connector that no release of the library has.
    pub(crate) fn next_custom_id(&mut self) -> u64 {
        loop {
            let id = self.next_number();
            if self.library.connector(id).is_none() {
                return id;
            }
        }
    }

    /// Puts an imported template into the library, with the releases it brings along.
    pub(crate) fn import(&mut self, template: Template, connectors: Vec<Connector>) {
        for connector in connectors {
            let same = |known: &Entry| known.connector.version == connector.version;
            if !self.library.named(&connector.name).any(same) {
                self.library.add_connector(connector, self.identity);
            }
        }
        self.library.add_template(template, self.identity);
        self.library_changed = true;
    }
}

/// Takes a name that the library does not have for that of a custom connector.
pub(super) fn adopt_custom(
    instance: &Instance,
    custom: &[CustomConnector],
    reference: &mut ConnectorReference,
) {
    if reference.custom_id.is_some() || instance.library.find(reference).is_some() {
        return;
    }
    let mut releases = custom
        .iter()
        .filter_map(|one| instance.library.custom(one.id));
    let found = releases.find(|entry| {
        entry.connector.name.eq_ignore_ascii_case(&reference.name)
            && (reference.version.is_none() || entry.connector.version == reference.version)
    });
    reference.custom_id = found.map(|entry| entry.connector.id);
}
