//! One connector to install.

use super::Lowering;
use crate::decode::Map;
use crate::entry::{AuthEntry, ConnectorEntry, ConnectorName, ValueEntry};
use gangplank_model::code;
use gangplank_model::{
    AuthSpec, ByName, ConnectorChoice, ConnectorSpec, Diagnostic, Origin, Sourced, Value, by_name,
};

impl Lowering<'_> {
    pub(super) fn connector(&mut self, entry: &Sourced<ConnectorEntry>) -> Option<ConnectorSpec> {
        let written = &entry.value;
        let Some(connector) = &written.connector.0 else {
            self.missing("connector", &entry.origin);
            return None;
        };
        let choice = self.connector_choice(connector, written)?;
        let name = match (&written.name.0, &choice.value) {
            (Some(name), _) => self.text(name)?,
            (None, ConnectorChoice::Name { name, .. }) => {
                Sourced::new(name.clone(), connector.origin.clone())
            }
            (None, ConnectorChoice::Id(_)) => {
                self.needs_name("a connector that is chosen by its id", &entry.origin);
                return None;
            }
        };
        self.check_name("a connector's name", &name);
        let properties = match written.properties.get() {
            Some(properties) => self.values(&properties.0),
            None => ByName::new(),
        };
        let spec = ConnectorSpec {
            name: name.value,
            origin: entry.origin.clone(),
            presence: self.presence(written.state.0.as_ref()),
            connector: choice,
            description: self.maybe(&written.description),
            partner: self.typed(written.partner.0.as_ref()),
            authentication: self.maybe(&written.authentication),
            auth: self.auth(written),
            properties,
            moved: self.moved(written.moved.get()),
            protect: self.typed(written.protect.0.as_ref()),
        };
        self.check_properties(&spec);
        Some(spec)
    }

    fn connector_choice(
        &mut self,
        connector: &Sourced<ConnectorName>,
        written: &ConnectorEntry,
    ) -> Option<Sourced<ConnectorChoice>> {
        let choice = match &connector.value {
            ConnectorName::Name(name) => {
                let name = self.text(&Sourced::new(name.clone(), connector.origin.clone()))?;
                self.check_name("a connector's name", &name);
                let version = match &written.version.0 {
                    Some(version) => self.optional(version).map(|version| version.value),
                    None => None,
                };
                ConnectorChoice::Name {
                    name: name.value,
                    version,
                }
            }
            ConnectorName::Id(id) => {
                if let Some(version) = &written.version.0 {
                    self.problems.push(
                        Diagnostic::error(code::ID_AND_VERSION, "a release's id says its version")
                            .at(&version.origin, "")
                            .hint("leave the version out, or name the connector instead of its id"),
                    );
                }
                ConnectorChoice::Id(*id)
            }
        };
        Some(Sourced::new(choice, connector.origin.clone()))
    }

    fn values(&mut self, map: &Map<ValueEntry>) -> ByName<Sourced<Value>> {
        let values = map.0.iter().filter_map(|(key, entry)| {
            let origin = Self::entry_origin(key, &entry.origin);
            let value = match &entry.value {
                ValueEntry::Text(text) => {
                    let text = Sourced::new(text.clone(), entry.origin.clone());
                    self.optional(&text).map(|text| Value::Text(text.value))
                }
                ValueEntry::Secret(_) => self.value(entry),
            };
            Some((key.text.clone(), Sourced::new(value?, origin)))
        });
        by_name(values)
    }

    fn auth(&mut self, written: &ConnectorEntry) -> Option<Sourced<AuthSpec>> {
        let auth = written.auth.0.as_ref()?;
        let spec = match &auth.value {
            AuthEntry::None => AuthSpec::None,
            AuthEntry::SignInOAuth2 => AuthSpec::SignInOAuth2,
            AuthEntry::SignInOAuth1 => AuthSpec::SignInOAuth1,
            AuthEntry::ApiKey(secret) => AuthSpec::ApiKey(self.secret(secret)?),
            AuthEntry::Basic(basic) => AuthSpec::Basic {
                username: self.value(basic.username.0.as_ref()?)?,
                password: self.secret(basic.password.get()?)?,
            },
            AuthEntry::Tokens(tokens) => AuthSpec::OAuth2Tokens {
                access_token: self.secret(tokens.access_token.get()?)?,
                refresh_token: match tokens.refresh_token.get() {
                    Some(token) => Some(self.secret(token)?),
                    None => None,
                },
                expires: self.expiry(&tokens.expires).ok()?,
                refresh_expires: self.expiry(&tokens.refresh_expires).ok()?,
            },
            AuthEntry::Client(client) => AuthSpec::OAuth2Client {
                client_id: self.value(client.client_id.0.as_ref()?)?,
                client_secret: self.secret(client.client_secret.get()?)?,
            },
            AuthEntry::Fields(fields) => {
                let fields = self.values(&fields.0).into_iter();
                AuthSpec::Fields(fields.map(|(key, value)| (key, value.value)).collect())
            }
        };
        Some(Sourced::new(spec, auth.origin.clone()))
    }

    /// A time that may be missing; `Err` after telling what is wrong with it.
    fn expiry(&mut self, field: &crate::decode::Field<String>) -> Result<Option<String>, ()> {
        match &field.0 {
            None => Ok(None),
            Some(text) => {
                let time = self.text(text).and_then(|text| self.time(text));
                time.map(|time| Some(time.value)).ok_or(())
            }
        }
    }

    /// `auth` stands for some properties; one of them given again would contradict it.
    fn check_properties(&mut self, spec: &ConnectorSpec) {
        let Some(auth) = &spec.auth else {
            return;
        };
        for key in auth.value.properties().keys() {
            if let Some(property) = spec.properties.get(key) {
                self.problems.push(
                    Diagnostic::error(code::PROPERTY_TWICE, "a property that `auth` gives already")
                        .at_hidden(&property.origin, "")
                        .at_hidden(&auth.origin, "given here")
                        .detail(format!(
                            "\"{key}\" is given under `auth` and under `properties`."
                        ))
                        .hint("take one of the two away"),
                );
            }
        }
    }

    /// An entry of a list without the key that says what it is.
    pub(super) fn missing(&mut self, key: &str, origin: &Origin) {
        if self.complete {
            let summary = format!("a {key} needs the key \"{key}\"");
            self.problems.push(
                Diagnostic::error(code::MISSING_KEY, summary)
                    .at(
                        origin,
                        "not in here, and no profile has an entry of this name",
                    )
                    .hint(format!(
                        "add `{key}: NAME`, or the `name` of the profile's entry that is meant"
                    )),
            );
        }
    }

    pub(super) fn needs_name(&mut self, what: &str, origin: &Origin) {
        let summary = format!("{what} needs the key \"name\"");
        self.problems.push(
            Diagnostic::error(code::MISSING_KEY, summary)
                .at(origin, "not in here")
                .hint("add `name: ...`: its own name, by which it is found again"),
        );
    }
}
