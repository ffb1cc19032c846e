//! The tree of one YAML document: every key and every value with its place.

use gangplank_model::Origin;

/// A value.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) kind: Kind,
}

/// What a value is, by YAML 1.2's core schema.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    /// A plain scalar that reads as a number, as it was written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// Entries in the order of the file; keys are unique.
    Map(Vec<(Key, Node)>),
}

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) origin: Origin,
    pub(crate) text: String,
}

impl Node {
    /// What stands there, for a message: never its content.
    pub(crate) fn described(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }

    /// A scalar as it was written; `None` for nothing, lists and maps.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match &self.kind {
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            Kind::Number(text) | Kind::Text(text) => Some(text),
            Kind::Null | Kind::List(_) | Kind::Map(_) => None,
        }
    }
}

/// Reads a plain scalar as the core schema of YAML 1.2 does, except that digits after a leading
/// zero stay text: `0123` is an id or a number in octal, and nobody can tell which.
pub(crate) fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(text) => Kind::Number(text.to_owned()),
        _ => Kind::Text(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let based = |prefix, base| {
        let digits: Option<&str> = unsigned.strip_prefix(prefix);
        digits.is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_digit(base)))
    };
    if based("0x", 16) || based("0o", 8) || based("0b", 2) {
        return true;
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !power.is_empty() && digits(power)
    });
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let padded = whole.len() > 1 && whole.starts_with('0');
    let some = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    exponent_fits && some && !padded && digits(whole) && fraction.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_have_the_types_of_yaml_1_2() {
        for (texts, kind) in [
            (&["", "~", "null"][..], "nothing"),
            (&["true", "FALSE"], "true or false"),
            (
                &[
                    "0", "1", "-7", "+3", "2.1", "1e3", "1.5E-3", ".5", "0x1F", "0o17", ".inf",
                ],
                "a number",
            ),
            (
                &[
                    "no", "yes", "on", "off", "y", "0123", "1.2.3", "12:30", "-", ".", "e3",
                    "1_000",
                ],
                "text",
            ),
        ] {
            for text in texts {
                let origin = Origin {
                    file: "".into(),
                    line: 1,
                    column: 1,
                    length: 1,
                };
                let node = Node {
                    origin,
                    kind: plain(text),
                };
                assert_eq!(node.described(), kind, "{text}");
            }
        }
    }
}
