//! How an installed template is to run (cyclr-api.md 2.8).

use crate::decode::Decode;
use crate::entry::{Typed, entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use gangplank_model::code;
use gangplank_model::schedule::INTERVALS;
use gangplank_model::suggest::{did_you_mean, listed};
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

const HOW: &str = "write `paused`, `{ every: 1h }` or `{ once: true }`";

entry! {
    /// When an activated cycle runs: every so often, or once.
    #[schemars(
        rename = "run",
        extend("anyOf" = crate::schema::forms([&["every"], &["every", "start"], &["once"]])),
    )]
    FormEntry ("\"run\"") {
        /// The interval between two runs.
        every: Typed<Interval>,
        /// The first run, ISO 8601 in UTC: 2026-01-31T06:00:00Z. Only beside `every`.
        #[schemars(extend("pattern" = crate::pattern::TIME))]
        #[schemars(extend("examples" = ["2026-12-01T06:00:00Z"]))]
        start: String,
        /// `true` for one run, after which the vendor pauses the cycle.
        #[schemars(extend("const" = true))]
        once: bool,
    }
}

/// Minutes between two runs, one of the vendor's.
#[derive(Clone, Debug)]
pub(crate) struct Interval(pub(crate) u32);

replaces!(RunEntry, Interval);

/// How an installed template is to run.
#[derive(Clone, Debug)]
pub(crate) enum RunEntry {
    Paused,
    Once,
    Every {
        every: Sourced<Typed<Interval>>,
        start: Option<Sourced<String>>,
    },
}

impl Decode for RunEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let origin = node.origin.clone();
        match &node.kind {
            Kind::Text(text) if text == "paused" => Some(Self::Paused),
            Kind::Text(text) => {
                let problem = Diagnostic::error(code::RUN_FORM, "not a way to run")
                    .at(&origin, "")
                    .detail(format!("\"{text}\" is neither `paused` nor a map."));
                problems
                    .push(problem.hint(did_you_mean(text, ["paused"]).unwrap_or(HOW.to_owned())));
                None
            }
            Kind::Map(_) => form(node, &origin, problems),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::List(_) => {
                problems.push(wrong(&node, "`paused` or a map", HOW));
                None
            }
        }
    }
}

fn form(node: Node, origin: &Origin, problems: &mut Problems) -> Option<RunEntry> {
    let before = problems.found();
    let form = FormEntry::decode(node, problems)?;
    match (form.every.0, form.start.0, form.once.0) {
        (Some(every), start, None) => Some(RunEntry::Every { every, start }),
        (None, None, Some(Sourced { value: true, .. })) => Some(RunEntry::Once),
        _ if problems.found() > before => None,
        _ => {
            problems.push(
                Diagnostic::error(code::RUN_FORM, "not a way to run")
                    .at(origin, "")
                    .hint(HOW),
            );
            None
        }
    }
}

/// `15m`, `1h`, `1d`, `1w`.
fn spelled(minutes: u32) -> String {
    match minutes {
        10_080 => "1w".to_owned(),
        1440 => "1d".to_owned(),
        _ if minutes.is_multiple_of(60) => format!("{}h", minutes / 60),
        _ => format!("{minutes}m"),
    }
}

/// Every unit, with its minutes.
const UNITS: [(char, u32); 4] = [('m', 1), ('h', 60), ('d', 1440), ('w', 10_080)];

/// Matches every spelling of the vendor's intervals.
fn pattern() -> String {
    let spellings = INTERVALS.iter().flat_map(|minutes| {
        let fits = |(_, size): &(char, u32)| minutes.is_multiple_of(*size);
        let units = UNITS.into_iter().filter(fits);
        units.map(move |(unit, size)| format!("{}{unit}", minutes / size))
    });
    format!("^0*(?:{})$", spellings.collect::<Vec<_>>().join("|"))
}

fn minutes(text: &str) -> Option<u32> {
    let last = text.chars().next_back()?;
    let (_, unit) = UNITS.into_iter().find(|(unit, _)| *unit == last)?;
    let digits = &text[..text.len() - 1];
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain
        .then(|| digits.parse::<u32>().ok()?.checked_mul(unit))
        .flatten()
}

impl Decode for Interval {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let allowed = || listed(INTERVALS.map(spelled).iter().map(String::as_str));
        let Some(text) = node.scalar() else {
            problems.push(wrong(
                &node,
                "an interval such as 15m, 1h or 1d",
                "write one, such as `every: 1h`",
            ));
            return None;
        };
        let detail = format!("The vendor accepts {}.", allowed());
        let Some(wanted) = minutes(text) else {
            problems.push(
                Diagnostic::error(
                    code::BAD_INTERVAL,
                    "expected an interval such as 15m, 1h or 1d",
                )
                .at(&node.origin, "a number and a unit: m, h, d or w")
                .detail(detail)
                .hint("write one of them, such as `every: 1h`"),
            );
            return None;
        };
        if INTERVALS.contains(&wanted) {
            return Some(Self(wanted));
        }
        let below = INTERVALS.iter().rev().find(|minutes| **minutes < wanted);
        let above = INTERVALS.iter().find(|minutes| **minutes > wanted);
        let near: Vec<String> = below
            .into_iter()
            .chain(above)
            .map(|it| spelled(*it))
            .collect();
        problems.push(
            Diagnostic::error(
                code::BAD_INTERVAL,
                "not an interval that the vendor accepts",
            )
            .at(&node.origin, "")
            .detail(detail)
            .hint(format!("write `every: {}`", near.join("` or `every: "))),
        );
        None
    }
}

impl JsonSchema for Interval {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "interval".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": pattern(), "examples": INTERVALS.map(spelled) })
    }
}

impl JsonSchema for RunEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "run".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let form = generator.subschema_for::<FormEntry>();
        json_schema!({ "anyOf": [{
                "type": "string",
                "enum": ["paused"],
                "markdownEnumDescriptions": ["Installed, and not activated."],
            }, form] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_spelled_as_they_are_read() {
        for interval in INTERVALS {
            assert_eq!(minutes(&spelled(interval)), Some(interval));
        }
        for text in [
            "",
            "h",
            "60",
            "1.5h",
            "-1h",
            "1 h",
            "99999999999h",
            "1x",
            "ü",
        ] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
