//! A template to install in an account.

use crate::decode::{Decode, Keyed, Map};
use crate::entry::{
    MappingEntry, MovedEntry, RunEntry, Scalar, StateEntry, Typed, entry, replaces,
};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use crate::pattern::NAME;
use crate::shared::Part;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Problems, TemplateSpec};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// A template to install in the account, as a cycle of its own.
    #[schemars(rename = "template", extend("allOf" = crate::schema::named("template", &[])))]
    TemplateEntry ("a template") {
        /// The template: its name, `{ tag: ... }` or `{ id: ... }`. Ids differ per console.
        #[schemars(extend("examples" = ["Harbour CRM > Mailchimp"]))]
        template: TemplateName,
        /// The cycle's own name, unique in its account; default: the template's name.
        #[schemars(extend("pattern" = crate::pattern::TEMPLATE_NAME))]
        #[schemars(extend("examples" = ["Newsletter"]))]
        name: String,
        /// Step parameters: step name, then parameter name, then value.
        #[schemars(extend("examples" = [{"Add Member": {"List ID": "a78f86e7d7"}}]))]
        parameters: Map<Map<MappingEntry>>,
        /// Field mappings: step name, then field name, then value.
        #[schemars(extend("examples" = [{"Add Member": {"Email": "news@acme.example"}}]))]
        mappings: Map<Map<MappingEntry>>,
        /// Cycle variables by their system name.
        #[schemars(extend("examples" = [{"currency": "GBP"}]))]
        variables: Map<Scalar>,
        /// When it runs: `paused`, `{ every: 1h }` or `{ once: true }`; activated once its prerequisites are met.
        run: Typed<RunEntry>,
        /// `absent` removes the cycle from the account.
        #[schemars(extend("x-default" = "present"))]
        state: Typed<StateEntry>,
        /// Former names of the cycle: it is renamed, and not installed anew.
        #[schemars(extend("examples" = [{"from": "Harbour CRM > Mailchimp"}]))]
        moved: MovedEntry,
        /// `true` refuses every removal of the cycle, also after this line is gone; `false` lifts that.
        protect: Typed<bool>,
    }
}

impl Part for TemplateEntry {
    type Spec = TemplateSpec;
}

impl Keyed for TemplateEntry {
    fn key(&self) -> Option<&str> {
        match (self.name.get(), self.template.get()) {
            (Some(name), _) | (None, Some(TemplateName::Name(name))) => Some(name),
            (None, Some(TemplateName::Tag(_) | TemplateName::Id(_)) | None) => None,
        }
    }
}

entry! {
    /// A template by something other than its name. Exactly one key.
    #[schemars(rename = "template_choice", extend("minProperties" = 1, "maxProperties" = 1))]
    ChoiceEntry ("\"template\"") {
        /// A tag that only one published template has.
        #[schemars(extend("pattern" = crate::pattern::NAME))]
        #[schemars(extend("examples" = ["newsletter"]))]
        tag: String,
        /// The template's GUID.
        #[schemars(extend("pattern" = crate::pattern::NAME))]
        #[schemars(extend("examples" = ["7ad2265e-2ff0-477b-b913-cae1dfde2ea8"]))]
        id: String,
    }
}

/// A template of the console.
#[derive(Clone, Debug)]
pub(crate) enum TemplateName {
    Name(String),
    Tag(String),
    Id(String),
}

replaces!(TemplateName);

impl Decode for TemplateName {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let origin = node.origin.clone();
        match node.kind {
            Kind::Text(text) => Some(Self::Name(text)),
            Kind::Map(_) => {
                let before = problems.found();
                let choice = ChoiceEntry::decode(node, problems)?;
                match (choice.tag.0, choice.id.0) {
                    (Some(tag), None) => Some(Self::Tag(tag.value)),
                    (None, Some(id)) => Some(Self::Id(id.value)),
                    _ if problems.found() > before => None,
                    _ => {
                        let problem =
                            Diagnostic::error(code::TEMPLATE_CHOICE, "one of `tag` and `id`");
                        let problem = problem.at(&origin, "");
                        problems.push(problem.hint("write `{ tag: ... }` or `{ id: ... }`"));
                        None
                    }
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) => {
                let expected = "a template's name, `{ tag: ... }` or `{ id: ... }`";
                problems.push(wrong(
                    &node,
                    expected,
                    "a name that looks like a number is put in quotes",
                ));
                None
            }
        }
    }
}

impl JsonSchema for TemplateName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "template_name".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let choice = generator.subschema_for::<ChoiceEntry>();
        json_schema!({ "anyOf": [{ "type": "string", "pattern": NAME }, choice] })
    }
}
