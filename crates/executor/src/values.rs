//! `Values`: secrets become values here and only here.

use gangplank_cyclr::Sensitive;
use gangplank_model::{ConnectorWrite, Value};
use gangplank_secrets::{Secrets, auth_value};

/// The values of one connector's credential and properties, just before they are sent.
pub(crate) struct Values<'a> {
    pub(crate) auth: Option<Sensitive>,
    properties: Vec<(&'a str, Sensitive)>,
}

impl<'a> Values<'a> {
    /// Looks every value up; `Err` says which secret was not resolved.
    pub(crate) fn of(write: &'a ConnectorWrite, secrets: &Secrets) -> Result<Self, String> {
        let sends = write.auth.as_ref().filter(|auth| auth.sends_value());
        let auth = match sends {
            Some(auth) => {
                let value = auth_value(auth, secrets).ok_or_else(|| {
                    let names = auth.secrets().into_iter();
                    let missing = names.filter(|reference| secrets.get(reference).is_none());
                    let missing: Vec<String> = missing.map(ToString::to_string).collect();
                    format!("the secret was not resolved: {}", missing.join(", "))
                })?;
                Some(Sensitive::new(value.expose().to_owned()))
            }
            None => None,
        };
        let mut properties = Vec::with_capacity(write.properties.len());
        for (name, value) in &write.properties {
            let text = match value {
                Value::Text(text) => text.as_str(),
                Value::Secret(reference) => secrets
                    .get(reference)
                    .ok_or_else(|| format!("the secret was not resolved: {reference}"))?
                    .expose(),
            };
            properties.push((name.as_str(), Sensitive::new(text.to_owned())));
        }
        Ok(Self { auth, properties })
    }

    /// The properties by name.
    pub(crate) fn properties(&self) -> Vec<(&str, &Sensitive)> {
        let pairs = self.properties.iter();
        pairs.map(|(name, value)| (*name, value)).collect()
    }
}
