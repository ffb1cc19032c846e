//! The catalogue: `catalogue.csv` and `categories.csv`, read into rows.

use std::collections::BTreeMap;

/// The connector releases, one a line.
const CATALOGUE: &str = include_str!("catalogue.csv");
/// What the connectors of a category deal in.
const CATEGORIES: &str = include_str!("categories.csv");

/// Is one connector release, as the catalogue writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The place among the rows, from nought: the ids come from it.
    pub(super) index: u64,
    pub(super) name: &'static str,
    /// `None` where the line has a dash, as some utility connectors have no version.
    pub(super) version: Option<&'static str>,
    pub(super) status: &'static str,
    /// The kinds of authentication; the first is the default.
    pub(super) kinds: Vec<Kind>,
    pub(super) category: &'static str,
    pub(super) parameters: Vec<Parameter>,
    /// The names of the methods.
    pub(super) methods: Vec<String>,
}

/// Is a kind of authentication, with what the vendor tells apart within OAuth 2.0 (cyclr-api.md 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    ApiKey,
    Basic,
    OAuth1,
    /// The customer signs in.
    OAuth2Code,
    OAuth2Client,
    OAuth2Password,
    AuthFields,
    None,
}

/// Is one parameter of a connector, as the catalogue hints at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) target: &'static str,
    pub(super) optional: bool,
    pub(super) sensitive: bool,
    /// Whether it is a property of the account connector, which an installation may set.
    pub(super) property: bool,
    pub(super) values: Vec<&'static str>,
}

/// Returns the rows of the shipped catalogue.
pub(super) fn rows() -> Vec<Row> {
    let categories: BTreeMap<&str, Vec<String>> = lines(CATEGORIES)
        .map(|line| {
            let (category, nouns) = line.split_once(',').unwrap_or((line, ""));
            (category, category_methods(nouns))
        })
        .collect();
    lines(CATALOGUE)
        .zip(0..)
        .map(|(line, index)| row(line, index, &categories))
        .collect()
}

/// Returns the lines that say something.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Reads one line; a column that is missing is empty, and a test shows that none is.
fn row(line: &'static str, index: u64, categories: &BTreeMap<&str, Vec<String>>) -> Row {
    let mut columns = line.split(',');
    let mut next = || columns.next().unwrap_or_default();
    let name = next();
    let version = Some(next()).filter(|version| *version != "-");
    let status = next();
    let kinds = parts(next()).filter_map(Kind::from_text).collect();
    let category = next();
    let parameters = parts(next()).map(Parameter::from_hint).collect();
    let own: Vec<String> = parts(next()).map(str::to_owned).collect();
    let methods = if own.is_empty() {
        categories.get(category).cloned().unwrap_or_default()
    } else {
        own
    };
    Row {
        index,
        name,
        version,
        status,
        kinds,
        category,
        parameters,
        methods,
    }
}

/// Splits a column that holds a list.
fn parts(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split(';').filter(|part| !part.is_empty())
}

/// Makes the usual methods of a category from its two nouns.
fn category_methods(nouns: &str) -> Vec<String> {
    let (first, second) = nouns.split_once(',').unwrap_or((nouns, nouns));
    vec![
        format!("List {first}s"),
        format!("Get {first}"),
        format!("Create {first}"),
        format!("Update {first}"),
        format!("List {second}s"),
    ]
}

impl Kind {
    /// Reads the catalogue's word for a kind.
    fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "ApiKey" => Self::ApiKey,
            "Basic" => Self::Basic,
            "OAuth1" => Self::OAuth1,
            "OAuth2" => Self::OAuth2Code,
            "OAuth2Client" => Self::OAuth2Client,
            "OAuth2Password" => Self::OAuth2Password,
            "AuthFields" => Self::AuthFields,
            "None" => Self::None,
            _ => return None,
        })
    }
}

impl Parameter {
    /// Reads a hint such as `Region?(eu/us)`.
    fn from_hint(hint: &'static str) -> Self {
        let (head, values) = match hint.split_once('(') {
            Some((head, values)) => (head, values.trim_end_matches(')').split('/').collect()),
            None => (hint, Vec::new()),
        };
        let property = !head.contains('~');
        Self {
            target: head.trim_end_matches(['?', '!', '~']),
            // One that no installation can set cannot be demanded of it.
            optional: head.contains('?') || !property,
            sensitive: head.contains('!'),
            property,
            values,
        }
    }

    /// Returns the name that people see: `ClientId` becomes `Client Id`.
    pub(super) fn display_name(&self) -> String {
        let mut name = String::with_capacity(self.target.len() + 4);
        for letter in self.target.chars() {
            if letter.is_ascii_uppercase() && !name.is_empty() {
                name.push(' ');
            }
            name.push(letter);
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(target: &'static str, flags: (bool, bool, bool), values: &[&'static str]) -> Parameter {
        let (optional, sensitive, property) = flags;
        Parameter {
            target,
            optional,
            sensitive,
            property,
            values: values.to_vec(),
        }
    }

    #[test]
    fn hints_say_how_a_parameter_is_used() {
        let check = |text: &'static str, expected: &Parameter| {
            assert_eq!(&Parameter::from_hint(text), expected, "{text}");
        };
        check("Subdomain", &hint("Subdomain", (false, false, true), &[]));
        check(
            "Region?(eu/us)",
            &hint("Region", (true, false, true), &["eu", "us"]),
        );
        check(
            "ClientSecret!",
            &hint("ClientSecret", (false, true, true), &[]),
        );
        check(
            "ClientSecret?!",
            &hint("ClientSecret", (true, true, true), &[]),
        );
        check(
            "EndpointUrl~",
            &hint("EndpointUrl", (true, false, false), &[]),
        );
    }

    #[test]
    fn display_names_have_spaces() {
        let check = |text: &'static str, expected: &str| {
            assert_eq!(Parameter::from_hint(text).display_name(), expected);
        };
        check("Subdomain", "Subdomain");
        check("ClientId", "Client Id");
        check("OrganisationId", "Organisation Id");
    }

    #[test]
    fn every_line_is_whole() {
        for line in lines(CATALOGUE) {
            assert_eq!(line.matches(',').count(), 6, "{line}");
        }
        for row in rows() {
            let name = row.name;
            assert!(!name.is_empty());
            assert!(
                ["Approved", "Draft", "Beta"].contains(&row.status),
                "{name}: {}",
                row.status
            );
            assert!(
                (2..=7).contains(&row.methods.len()),
                "{name}: {:?}",
                row.methods
            );
            assert!(!row.kinds.is_empty(), "{name} has no authentication");
        }
        for line in lines(CATALOGUE) {
            for kind in line.split(',').nth(3).into_iter().flat_map(parts) {
                assert!(Kind::from_text(kind).is_some(), "{kind} in {line}");
            }
        }
    }
}
