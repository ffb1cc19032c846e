//! The top of a manifest.

use crate::decode::{Decode, List, Map};
use crate::entry::{
    AccountEntry, DefaultsEntry, InstanceEntry, ProfileEntry, RosterEntry, SecretsEntry, entry,
    replaces,
};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Problems};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// The version of the language.
const VERSION: u32 = 1;

entry! {
    /// A manifest of Gangplank: which customer accounts exist in a Cyclr instance, which connectors
    /// each has, and which templates are installed in it.
    #[schemars(rename = "manifest")]
    TopEntry ("a manifest") requires ["version"] {
        /// The version of the manifest language: 1.
        version: VersionEntry,
        /// Where to apply, by name; chosen with --instance, or the one with `default: true`.
        instances: Map<InstanceEntry>,
        /// How references to secrets are followed: the vault, and what commands may see.
        secrets: SecretsEntry,
        /// What goes under every account, unless it or its profile says otherwise.
        defaults: DefaultsEntry,
        /// Reusable shapes of an account, by name; one may extend another.
        profiles: Map<ProfileEntry>,
        /// The customers' accounts.
        accounts: List<AccountEntry>,
        /// Accounts from the rows of files.
        rosters: List<RosterEntry>,
    }
}

/// The one version that there is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VersionEntry;

replaces!(VersionEntry);

impl Decode for VersionEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            Kind::Number(text) if text.parse() == Ok(VERSION) => Some(Self),
            Kind::Number(_) => {
                problems.push(
                    Diagnostic::error(
                        code::UNKNOWN_VERSION,
                        "a version that this program does not read",
                    )
                    .at(&node.origin, format!("expected {VERSION}"))
                    .hint(format!("write `version: {VERSION}`; if the manifest is of a later version, a newer gangplank reads it")),
                );
                None
            }
            _ => {
                problems.push(wrong(&node, "the number 1", "write `version: 1`"));
                None
            }
        }
    }
}

impl JsonSchema for VersionEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "version".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": VERSION })
    }
}
