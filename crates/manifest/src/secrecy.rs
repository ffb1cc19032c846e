//! Lines that may hold a secret are shown by nobody.

use crate::decode::Fields;
use crate::entry::{AccountEntry, ConnectorEntry, RosterEntry, TemplateEntry, TopEntry};
use crate::expression::outside_expressions;
use crate::node::{Key, Kind, Node};
use gangplank_model::suggest::nearest;
use gangplank_model::{Origin, Problems};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words that announce a secret.
const SECRET_WORDS: [&str; 9] = [
    "auth",
    "secret",
    "key",
    "token",
    "password",
    "fields",
    "basic",
    "credential",
    "properties",
];

/// On so many lines may a text stand that is kept from being shown.
const MOST_LINES: usize = 1000;

/// Whether a text holds a word that announces a secret.
pub(crate) fn speaks(text: &str) -> bool {
    let text = text.to_lowercase();
    SECRET_WORDS.iter().any(|word| text.contains(word))
}

/// Whether a line holds a run of letters and digits that no person would make up. Where a file is so
/// broken that nobody can say what stands where, this keeps a key from being shown.
pub(crate) fn looks_like_a_key(line: &str) -> bool {
    const RUN: usize = 16;
    line.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|run| run.len() >= RUN)
        .any(|run| {
            // CUSTOMERAPIKEY2026 is a name.
            let rest = run.trim_start_matches(|c: char| c.is_ascii_uppercase());
            run.bytes().any(|byte| byte.is_ascii_digit())
                && rest.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
}

/// The keys of the language behind which no secret belongs.
static HARMLESS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    let all = [
        TopEntry::keys(),
        AccountEntry::keys(),
        ConnectorEntry::keys(),
        TemplateEntry::keys(),
        RosterEntry::keys(),
        vec!["every", "start", "once", "tag"],
    ];
    all.into_iter()
        .flatten()
        .filter(|key| !speaks(key))
        .collect()
});

/// Whether a key is one of the language behind which no secret belongs.
pub(crate) fn is_harmless(key: &str) -> bool {
    HARMLESS.contains(key)
}

/// Whether all that stands on a line stands behind harmless keys. Where a file is so broken that
/// nobody can say what a misspelt key or a stray word was to be, it may be the secret itself.
pub(crate) fn is_harmless_line(line: &str) -> bool {
    let line = outside_expressions(line);
    line.split([',', '{', '}', '[', ']']).all(|piece| {
        let piece = piece.trim_start_matches(['-', ' ', '\t']).trim_end();
        let key = piece.split_once(':').map(|(key, _)| key.trim());
        piece.is_empty() || key.is_some_and(|key| is_harmless(key.trim_matches(['"', '\''])))
    })
}

/// Reads what may hold a secret: when anything is wrong with it, none of its lines is shown.
pub(crate) fn guarded<T>(
    node: Node,
    problems: &mut Problems,
    read: impl FnOnce(Node, &mut Problems) -> Option<T>,
) -> Option<T> {
    let mut origins = Vec::new();
    places(&node, &mut origins);
    let before = problems.found();
    let value = read(node, problems);
    if problems.found() > before {
        for origin in &origins {
            problems.hide(origin);
        }
    }
    value
}

/// Hides the lines of entries with unknown keys, unless the key is a slip for a harmless one: what is
/// written behind a misspelt `auth` may be the secret itself, and so may a key that means nothing.
pub(crate) fn hide_unknown<T: Fields>(entries: &[(Key, Node)], problems: &mut Problems) {
    let keys = T::keys();
    for (key, value) in entries
        .iter()
        .filter(|(key, _)| !keys.contains(&&*key.text))
    {
        let meant = nearest(&key.text, keys.iter().copied());
        let harmless = meant.is_some_and(|meant| !speaks(meant));
        if !harmless || speaks(&key.text) || has_secret_word(value) {
            let mut origins = vec![key.origin.clone()];
            places(value, &mut origins);
            for origin in &origins {
                problems.hide(origin);
            }
        }
    }
}

/// Whether a cell is taken whole where a secret or a reference to one belongs: the roster may hold
/// the secrets themselves, in a column whose name does not say so.
pub(crate) fn takes_cells(node: &Node) -> bool {
    match &node.kind {
        Kind::List(items) => items.iter().any(takes_cells),
        Kind::Map(entries) => entries.iter().any(|(key, value)| {
            let plain = key.text == "properties" || !speaks(&key.text);
            let takes = if plain { takes_cells } else { is_cell };
            takes(value)
        }),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => false,
    }
}

/// Whether a text in it is one expression over a row, or over an argument that may come from one.
fn is_cell(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(text) => {
            let reads = text.contains("row") || text.contains("argument");
            reads && text.starts_with("{{") && text.ends_with("}}")
        }
        Kind::List(items) => items.iter().any(is_cell),
        Kind::Map(entries) => entries.iter().any(|(_, value)| is_cell(value)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => false,
    }
}

/// Whether a key in it announces a secret.
pub(crate) fn has_secret_word(node: &Node) -> bool {
    match &node.kind {
        Kind::List(items) => items.iter().any(has_secret_word),
        Kind::Map(entries) => entries
            .iter()
            .any(|(key, value)| speaks(&key.text) || has_secret_word(value)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => false,
    }
}

/// Every place of a value, its own and those in it.
fn places(node: &Node, into: &mut Vec<Origin>) {
    into.push(node.origin.clone());
    match &node.kind {
        Kind::Text(text) => {
            // A text on several lines has a blank between them, or a line's end.
            let lines = text.split(char::is_whitespace).take(MOST_LINES).skip(1);
            for (line, _) in (node.origin.line + 1..).zip(lines) {
                into.push(Origin {
                    line,
                    ..node.origin.clone()
                });
            }
        }
        Kind::List(items) => items.iter().for_each(|item| places(item, into)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                into.push(key.origin.clone());
                places(value, into);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_names() {
        for (line, expected) in [
            ("x: q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u", true),
            ("x: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8", false),
            ("List ID: a78f86e7d7", false),
            ("api_key: { env: HARBOUR_KEY_ACME_001 }", false),
            ("api_key: { env: MAILCHIMPAPIKEY2026 }", false),
            ("api_key: { env: MAILCHIMP2026APIKEY }", true),
            ("step_data_success_retention_hours: 168", false),
        ] {
            assert_eq!(looks_like_a_key(line), expected, "{line}");
        }
    }

    #[test]
    fn lines_of_known_keys_are_harmless() {
        for (line, expected) in [
            ("", true),
            ("  - id: acme", true),
            (
                "  - { id: acme, name: \"Acme {{ account.id }} Ltd\", labels: {",
                true,
            ),
            ("accounts: [", true),
            ("    ]", true),
            ("  - acme", false),
            ("  nmae: hunter2", false),
            ("  name: Acme, hunter2", false),
            ("  api_key: hunter2", false),
            ("  name: x } hunter2", false),
        ] {
            assert_eq!(is_harmless_line(line), expected, "{line}");
        }
    }
}
