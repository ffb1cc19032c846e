//! An instance: where to apply, and as whom.

use crate::decode::Decode;
use crate::entry::{SecretEntry, SecretsEntry, ValueEntry, entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use gangplank_model::code;
use gangplank_model::suggest::{did_you_mean, listed};
use gangplank_model::{Diagnostic, Problems};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// Where to apply, and as whom.
    #[schemars(
        rename = "instance",
        extend("oneOf" = [{ "required": ["region"] }, { "required": ["api_url"] }]),
    )]
    InstanceEntry ("an instance") requires ["client_id", "client_secret"] {
        /// `true` for the instance that is used when --instance does not name one.
        #[schemars(extend("x-default" = false))]
        default: bool,
        /// The vendor's region: us, us2, uk, eu or apac.
        region: RegionEntry,
        /// The base URL of a private instance, instead of a region.
        #[schemars(extend("pattern" = crate::pattern::API_URL))]
        #[schemars(extend("examples" = ["https://api.acme.cyclr.com"]))]
        api_url: String,
        /// The browser-facing domain; only needed to make sign-in links.
        #[schemars(extend("examples" = ["acme-h.eu.cyclr.com"]))]
        service_domain: String,
        /// The OAuth client id of the console: text or a secret reference.
        #[schemars(extend("examples" = [{"env": "CYCLR_CLIENT_ID"}]))]
        client_id: ValueEntry,
        /// The OAuth client secret of the console.
        #[schemars(extend("examples" = [{"env": "CYCLR_CLIENT_SECRET"}]))]
        client_secret: SecretEntry,
        /// The key of the secrets' fingerprints; derived from the client secret when not given.
        #[schemars(extend("examples" = [{"env": "GANGPLANK_MARKS_KEY"}]))]
        marks_key: SecretEntry,
        /// `off` keeps Gangplank from remembering anything in the instance.
        #[schemars(extend("x-default" = "on"))]
        marks: MarksEntry,
        /// `true` removes the accounts of the instance that no manifest declares.
        exclusive: bool,
        /// How references to secrets are followed for this instance, on top of the manifest's own `secrets`.
        secrets: SecretsEntry,
    }
}

/// The vendor's regions and the bases of their APIs (cyclr-api.md 1.1).
const REGIONS: [(&str, &str); 5] = [
    ("us", "https://api.cyclr.com"),
    ("us2", "https://api.us2.cyclr.com"),
    ("uk", "https://api.cyclr.uk"),
    ("eu", "https://api.eu.cyclr.com"),
    ("apac", "https://api.apac.cyclr.com"),
];

/// One of the vendor's regions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RegionEntry {
    pub(crate) name: &'static str,
    pub(crate) url: &'static str,
}

/// Whether marks may be kept in the instance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MarksEntry(pub(crate) bool);

replaces!(RegionEntry, MarksEntry);

impl Decode for RegionEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let text = String::decode(node.clone(), problems)?;
        let names = || REGIONS.into_iter().map(|(name, _)| name);
        if let Some((name, url)) = REGIONS.into_iter().find(|(name, _)| *name == text) {
            return Some(Self { name, url });
        }
        let problem = Diagnostic::error(code::UNKNOWN_REGION, "not one of the vendor's regions")
            .at(&node.origin, "")
            .detail(format!("The regions are {}.", listed(names())));
        problems.push(match did_you_mean(&text, names()) {
            Some(hint) => problem.hint(hint),
            None => problem.hint("a private instance is `api_url: https://...`"),
        });
        None
    }
}

impl JsonSchema for RegionEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "region".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "enum": REGIONS.map(|(name, _)| name),
            "markdownEnumDescriptions": REGIONS.map(|(_, url)| url),
        })
    }
}

impl Decode for MarksEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            Kind::Bool(on) => Some(Self(*on)),
            Kind::Text(text) if text == "on" => Some(Self(true)),
            Kind::Text(text) if text == "off" => Some(Self(false)),
            _ => {
                problems.push(wrong(
                    &node,
                    "`on` or `off`",
                    "leave it out to keep them on",
                ));
                None
            }
        }
    }
}

impl JsonSchema for MarksEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "marks".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "enum": ["on", "off", true, false],
            "markdownEnumDescriptions": [
                "What the API cannot read back is remembered in the instance.",
                "Nothing is remembered; a plan says what it cannot know.",
                "`on`", "`off`",
            ],
        })
    }
}
