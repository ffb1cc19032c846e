//! A connector's wishes as a plan shows them.

use crate::diff::text_change;
use gangplank_model::{AuthSpec, ConnectorSpec, FieldChange, Shown, Sourced, Value};
use std::collections::BTreeMap;

/// Whose move it is where a customer has to sign in.
pub(super) fn sign_in(connector: &str) -> String {
    format!("the customer has to sign in to {connector}")
}

/// Everything that is declared of a new connector.
pub(super) fn declared(
    spec: &ConnectorSpec,
    properties: &BTreeMap<String, Sourced<Value>>,
) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    if let Some(description) = &spec.description {
        fields.push(text_change(
            "description",
            Shown::Absent,
            description,
            &*description.value,
        ));
    }
    if let Some(partner) = &spec.partner {
        fields.push(text_change(
            "partner",
            Shown::Absent,
            partner,
            partner.value.to_string(),
        ));
    }
    if let Some(method) = &spec.authentication {
        fields.push(text_change(
            "authentication",
            Shown::Absent,
            method,
            &*method.value,
        ));
    }
    if let Some(auth) = &spec.auth {
        fields.push(auth_change(Shown::Absent, auth));
    }
    for (key, value) in properties {
        fields.push(property_change(key, Shown::Absent, value));
    }
    fields
}

/// The credential: its kind, or the references that it is made of.
pub(super) fn auth_change(before: Shown, auth: &Sourced<AuthSpec>) -> FieldChange {
    let after = match &auth.value {
        AuthSpec::None => Shown::Text("none".into()),
        AuthSpec::SignInOAuth2 => Shown::Text("oauth2".into()),
        AuthSpec::SignInOAuth1 => Shown::Text("oauth1".into()),
        AuthSpec::ApiKey(_)
        | AuthSpec::Basic { .. }
        | AuthSpec::OAuth2Tokens { .. }
        | AuthSpec::OAuth2Client { .. }
        | AuthSpec::Fields(_) => {
            let references: Vec<String> = auth
                .value
                .secrets()
                .iter()
                .map(ToString::to_string)
                .collect();
            Shown::Secret(references.join(", "))
        }
    };
    FieldChange {
        field: "auth".into(),
        before,
        after,
        origin: Some(auth.origin.clone()),
    }
}

/// One property.
pub(super) fn property_change(key: &str, before: Shown, value: &Sourced<Value>) -> FieldChange {
    let after = match &value.value {
        Value::Text(text) => Shown::Text(text.clone()),
        Value::Secret(reference) => Shown::Secret(reference.to_string()),
    };
    let field = format!("properties.{key}");
    FieldChange {
        field,
        before,
        after,
        origin: Some(value.origin.clone()),
    }
}
