//! What the vendor's stack takes for text, a boolean or a number (cyclr-api.md 1.4).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::api::custom_field::DATA_TYPES;
use crate::api::cycle::{SPLIT_TYPES, STEP_ERROR_ACTIONS};
use crate::api::step_body::ACTION_TYPES;

macro_rules! lenient {
    ($($(#[doc = $words:literal])+ $name:ident $schema:expr;)+) => {$(
        $(#[doc = $words])+
        #[derive(Debug)]
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = $schema;
                schema.insert("description".to_owned(), concat!($($words),+).trim().into());
                schema
            }
        }
    )+};
}

lenient! {
    /// Text. Numbers and booleans are taken as they are written.
    Text json_schema!({ "type": ["string", "number", "boolean"] });
    /// Text that is not empty. Numbers and booleans are taken as they are written.
    Name json_schema!({ "type": ["string", "number", "boolean"], "minLength": 1 });
    /// Text. A number is taken as it is written.
    Tag json_schema!({ "type": ["string", "number"] });
    /// A boolean. It may be written as text, and numbers other than 0 are true.
    Flag json_schema!({
        "type": ["boolean", "string", "number"],
        "pattern": "^\\s*([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])\\s*$"
    });
    /// A whole number, which may be written as text.
    Number json_schema!({ "type": ["integer", "string"], "pattern": "^\\s*[-+]?[0-9]{1,18}\\s*$" });
    /// A whole number, which may be written as text. Anything else has no effect.
    Whole json_schema!({ "examples": [24] });
    /// A whole number, which may be written as text, and is not negative. Anything else has no effect.
    Natural json_schema!({
        "examples": [24],
        "not": {
            "anyOf": [
                { "type": "integer", "minimum": i64::MIN, "maximum": -1 },
                { "type": "string", "pattern": "^\\s*-0*[1-9][0-9]{0,17}\\s*$" }
            ]
        }
    });
    /// What happens when a step fails, by name or by number.
    StepErrorAction choice(STEP_ERROR_ACTIONS);
    /// Where collections are split, by name or by number.
    SplitType choice(SPLIT_TYPES);
    /// The type of a field, by name or by number.
    DataType choice(DATA_TYPES);
    /// What a step is, by name or by number.
    ActionType choice(ACTION_TYPES);
    /// An object with any fields.
    AnyObject json_schema!({ "type": "object" });
}

/// One of some names in any case, or its place among them.
fn choice(names: &[&str]) -> Schema {
    let any_case = |name: &&str| -> String {
        let letters = name.chars();
        letters
            .map(|one| format!("[{}{}]", one.to_ascii_uppercase(), one.to_ascii_lowercase()))
            .collect()
    };
    let by_name: Vec<String> = names.iter().map(any_case).collect();
    let by_place: Vec<String> = (0..names.len()).map(|place| place.to_string()).collect();
    let pattern = format!("^({}|\\+?0*({}))$", by_name.join("|"), by_place.join("|"));
    json_schema!({
        "type": ["string", "integer"],
        "pattern": pattern,
        "minimum": 0,
        "maximum": names.len().saturating_sub(1),
        "examples": names
    })
}
