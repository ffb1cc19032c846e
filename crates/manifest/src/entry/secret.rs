//! Secrets are references; a literal in their place is told of and never repeated.

use crate::decode::Decode;
use crate::entry::{Scalar, entry, replaces};
use crate::node::{Kind, Node};
use crate::secrecy::guarded;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

const HOW: &str =
    "write `{ env: NAME }` for an environment variable, or `{ file: PATH }` for a file";

entry! {
    /// Where a secret is read from, at the last moment. Exactly one key.
    #[schemars(rename = "secret", extend("minProperties" = 1, "maxProperties" = 1))]
    secret ReferenceEntry ("a secret reference") {
        /// The environment variable that holds the secret, such as `ACME_API_KEY`.
        #[schemars(extend("pattern" = crate::pattern::VARIABLE))]
        env: String,
        /// A file that holds the secret, relative to the manifest's folder; one trailing newline is cut.
        #[schemars(extend("pattern" = crate::pattern::PATH))]
        file: String,
    }
}

/// A reference to a secret.
#[derive(Clone, Debug)]
pub(crate) enum SecretEntry {
    /// An environment variable.
    Env(Sourced<String>),
    /// A file, relative to the manifest's folder.
    File(Sourced<String>),
}

replaces!(SecretEntry, ValueEntry);

impl Decode for SecretEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        guarded(node, problems, |node, problems| {
            if !matches!(node.kind, Kind::Map(_)) {
                problems.push(literal(&node.origin, node.described()));
                return None;
            }
            let origin = node.origin.clone();
            let before = problems.found();
            let entry = ReferenceEntry::decode(node, problems)?;
            match (entry.env.0, entry.file.0) {
                (Some(name), None) => Some(Self::Env(name)),
                (None, Some(path)) => Some(Self::File(path)),
                _ if problems.found() > before => None,
                _ => {
                    problems.push(
                        Diagnostic::error("secret-reference", "a secret reference has one key")
                            .at_hidden(&origin, "")
                            .hint(HOW),
                    );
                    None
                }
            }
        })
    }
}

/// Something other than a reference where a secret belongs.
pub(crate) fn literal(origin: &Origin, found: &str) -> Diagnostic {
    Diagnostic::error(
        "literal-secret",
        format!("expected a secret reference, found {found}"),
    )
    .at_hidden(origin, "a secret is never written into a manifest")
    .detail("If it was committed, treat it as known to others and replace it at its source.")
    .hint(HOW)
}

impl JsonSchema for SecretEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "secret".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<ReferenceEntry>()
    }
}

/// Plain text, a number or a flag, or a reference to a secret.
#[derive(Clone, Debug)]
pub(crate) enum ValueEntry {
    /// As it was written.
    Text(String),
    /// To be read at the last moment.
    Secret(SecretEntry),
}

impl Decode for ValueEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match node.scalar() {
            Some(text) => Some(Self::Text(text.to_owned())),
            None if matches!(node.kind, Kind::Map(_)) => {
                SecretEntry::decode(node, problems).map(Self::Secret)
            }
            None => Scalar::decode(node, problems).map(|scalar| Self::Text(scalar.0)),
        }
    }
}

impl JsonSchema for ValueEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "value".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let secret = generator.subschema_for::<ReferenceEntry>();
        json_schema!({ "anyOf": [{ "type": ["string", "number", "boolean"] }, secret] })
    }
}
