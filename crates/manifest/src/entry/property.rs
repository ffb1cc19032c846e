//! Connector properties: text or secret references, and some whose names say which.

use crate::decode::{Decode, Layer, Map};
use crate::entry::ValueEntry;
use crate::entry::secret::{ReferenceEntry, literal};
use crate::expression::is_expression;
use crate::node::{Kind, Node};
use crate::secrecy::guarded;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Problems};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Properties that are secrets by their name alone (cyclr-api.md 2.6).
const SECRETS: [&str; 2] = ["clientsecret", "password"];
/// Words in the names of properties that are secrets more often than not.
const SECRET_WORDS: [&str; 4] = ["secret", "password", "token", "apikey"];

/// Properties by their key.
#[derive(Clone, Debug)]
pub(crate) struct Properties(pub(crate) Map<ValueEntry>);

impl Layer for Properties {
    fn over(self, base: Self) -> Self {
        Self(self.0.over(base.0))
    }
}

/// How sure it is that a property is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrecy {
    Certain,
    Likely,
    Unlikely,
}

fn secrecy(key: &str) -> Secrecy {
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    if SECRETS.contains(&&*name) {
        Secrecy::Certain
    } else if SECRET_WORDS.iter().any(|word| name.contains(word)) {
        Secrecy::Likely
    } else {
        Secrecy::Unlikely
    }
}

impl Decode for Properties {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        // Here and not with the reading of each value, since it is the key that tells.
        if let Kind::Map(entries) = &node.kind {
            for (key, value) in entries {
                // Empty text takes a property's value away.
                let text = value.scalar().filter(|text| !text.is_empty());
                match (secrecy(&key.text), text) {
                    (Secrecy::Certain, Some(_)) => {
                        guarded(value.clone(), problems, |value, problems| {
                            problems.push(literal(&value.origin, value.described()));
                            Some(())
                        });
                    }
                    (Secrecy::Likely, Some(_)) => {
                        guarded(value.clone(), problems, |value, problems| {
                            problems.push(doubtful("a property", &value));
                            Some(())
                        });
                    }
                    (Secrecy::Certain | Secrecy::Likely | Secrecy::Unlikely, _) => {}
                }
            }
        }
        Map::decode(node, problems).map(Self)
    }
}

/// Tells of arguments that sound like secrets: what an argument holds is text, and stands in plans.
pub(super) fn tell_doubtful(node: &Node, problems: &mut Problems) {
    let Kind::Map(entries) = &node.kind else {
        return;
    };
    for (key, value) in entries {
        let text = value.scalar().filter(|text| !text.is_empty());
        if text.is_some_and(|text| !is_expression(text)) && secrecy(&key.text) != Secrecy::Unlikely
        {
            guarded(value.clone(), problems, |value, problems| {
                problems.push(doubtful("an argument", &value));
                Some(())
            });
        }
    }
}

fn doubtful(what: &str, value: &Node) -> Diagnostic {
    Diagnostic::warning(
        code::MAYBE_SECRET,
        format!("{what} that sounds like a secret is given as text"),
    )
    .at_hidden(&value.origin, "anyone who reads the manifest reads this")
    .hint("if it is a secret, write `{ env: NAME }` or `{ file: PATH }`")
}

/// A pattern that matches the key as [`secrecy`] reads it, in the syntax that every validator knows.
fn pattern(name: &str) -> String {
    let letters = name
        .chars()
        .map(|c| format!("[{}{c}][^A-Za-z0-9]*", c.to_ascii_uppercase()));
    format!("^[^A-Za-z0-9]*{}$", letters.collect::<String>())
}

impl JsonSchema for Properties {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "properties".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let values = generator.subschema_for::<ValueEntry>();
        let reference = generator.subschema_for::<ReferenceEntry>();
        let secret = json_schema!({ "anyOf": [{ "const": "" }, reference] });
        let secrets = SECRETS.map(|name| (pattern(name), secret.clone().to_value()));
        let secrets: serde_json::Map<_, _> = secrets.into_iter().collect();
        json_schema!({
            "type": "object",
            "patternProperties": secrets,
            "additionalProperties": values,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_secrets() {
        for (key, expected) in [
            ("ClientSecret", Secrecy::Certain),
            ("Client Secret", Secrecy::Certain),
            ("password", Secrecy::Certain),
            ("PasswordHint", Secrecy::Likely),
            ("API Key", Secrecy::Likely),
            ("api_key_2", Secrecy::Likely),
            ("ClientId", Secrecy::Unlikely),
            ("Subdomain", Secrecy::Unlikely),
        ] {
            assert_eq!(secrecy(key), expected, "{key}");
        }
    }
}
