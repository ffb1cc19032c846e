//! Properties of an account connector, checked against what its connector has.

use gangplank_model::code;
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{
    ConnectorSpec, Diagnostic, LibraryConnector, Origin, Problems, Sourced, Value,
};
use std::collections::BTreeMap;

/// The properties that the vendor takes for every OAuth connector, listed or not (cyclr-api.md 2.6).
const ALWAYS: [&str; 2] = ["ClientId", SECRET];
/// The one of them that is a secret.
const SECRET: &str = "ClientSecret";

/// Tells what is wrong with the declared properties; `install` also asks for the required ones.
pub(crate) fn check(
    problems: &mut Problems,
    spec: &ConnectorSpec,
    properties: &BTreeMap<String, Sourced<Value>>,
    release: &LibraryConnector,
    install: bool,
) {
    let name = &release.name;
    let keys = || {
        let settable = release
            .parameters
            .iter()
            .filter(|it| it.is_account_connector_property);
        settable.map(|parameter| &*parameter.key)
    };
    for (key, value) in properties {
        let Some(parameter) = release
            .parameters
            .iter()
            .find(|parameter| parameter.key == *key)
        else {
            if ALWAYS.contains(&key.as_str()) {
                if let (SECRET, Value::Text(_)) = (key.as_str(), &value.value) {
                    problems.push(literal_secret(name, key, &value.origin));
                }
                continue;
            }
            // cyclr-api.md 2.4: `There is not a connector property that matches name '<v>'.`
            let summary = format!("connector {name:?} has no property {key:?}");
            let mut problem = Diagnostic::error(code::UNKNOWN_PROPERTY, summary)
                .at_hidden(&value.origin, "")
                .detail(format!("Its properties are {}.", listed(keys())));
            // The Console shows display names; the API takes keys (cyclr-api.md 2.3).
            let shown = release.parameters.iter().find(|it| it.name == *key);
            if let Some(shown) = shown {
                let meant = &shown.key;
                problem = problem.hint(format!("{key:?} is its display name; write {meant:?}"));
            } else if let Some(near) = nearest(key, keys()) {
                problem = problem.hint(format!("did you mean {near:?}?"));
            }
            problems.push(problem);
            continue;
        };
        if !parameter.is_account_connector_property {
            // cyclr-api.md 2.4: `Connector property name '<v>' is not an account connector property.`
            let summary = format!("{key:?} of connector {name:?} cannot be set on an account");
            problems.push(
                Diagnostic::error(code::NOT_AN_ACCOUNT_PROPERTY, summary)
                    .at_hidden(&value.origin, "")
                    .detail(format!("Its properties are {}.", listed(keys()))),
            );
        } else if let Value::Text(text) = &value.value {
            if parameter.is_sensitive {
                problems.push(literal_secret(name, key, &value.origin));
            } else if !parameter.values.is_empty() && !parameter.values.contains(text) {
                let allowed = || parameter.values.iter().map(String::as_str);
                let summary = format!("property {key:?} of connector {name:?} cannot be {text:?}");
                let mut problem = Diagnostic::error(code::VALUE_NOT_ALLOWED, summary)
                    .at(&value.origin, "not among its values")
                    .detail(format!("Its values are {}.", listed(allowed())));
                if let Some(near) = nearest(text, allowed()) {
                    problem = problem.hint(format!("did you mean {near:?}?"));
                }
                problems.push(problem);
            }
        }
    }
    if install {
        let missing = release.parameters.iter().filter(|parameter| {
            parameter.is_account_connector_property
                && !parameter.is_optional
                && !properties.contains_key(&parameter.key)
        });
        for parameter in missing {
            let summary = format!("connector {name:?} needs property {:?}", parameter.key);
            let example = if parameter.is_sensitive {
                "{ env: NAME }"
            } else {
                "..."
            };
            problems.push(
                Diagnostic::error(code::MISSING_PROPERTY, summary)
                    .at(&spec.connector.origin, "installed without it")
                    .hint(format!(
                        "write `properties: {{ {}: {example} }}`",
                        parameter.key
                    )),
            );
        }
    }
}

fn literal_secret(connector: &str, key: &str, origin: &Origin) -> Diagnostic {
    let summary = format!("property {key:?} of connector {connector:?} is a secret");
    Diagnostic::error(code::LITERAL_SECRET, summary)
        .at_hidden(origin, "a secret is never written here")
        .hint("write `{ env: NAME }` or `{ file: PATH }`")
}
