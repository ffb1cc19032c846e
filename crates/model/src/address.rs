//! Addresses: the one identity of every object that Gangplank manages.

use std::fmt;

/// The vendor-side account id: chosen by the partner, the natural key of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Wraps an id as it was written.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// Returns the id as the vendor spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an address names inside its account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectPath {
    /// The account itself.
    Account,
    /// An account connector, by its own name.
    Connector(String),
    /// An installed template (a cycle), by its entry's name.
    Template(String),
}

/// The identity of one object: `account["acme-001"].connector["HubSpot (sales)"]`.
///
/// Parsing and printing round-trip; inside the quotes `"` and `\` are escaped with `\`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The account that holds the object.
    pub account: AccountId,
    /// The object within the account.
    pub object: ObjectPath,
}

/// A text that is no address, with what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an address: expected {expected} at character {position}")]
pub struct AddressError {
    /// What the parser was looking for.
    pub expected: &'static str,
    /// Where, in characters from 1.
    pub position: usize,
}

impl Address {
    /// The address of an account.
    pub fn account(account: &AccountId) -> Self {
        Self {
            account: account.clone(),
            object: ObjectPath::Account,
        }
    }

    /// The address of an account connector.
    pub fn connector(account: &AccountId, name: impl Into<String>) -> Self {
        Self {
            account: account.clone(),
            object: ObjectPath::Connector(name.into()),
        }
    }

    /// The address of an installed template.
    pub fn template(account: &AccountId, name: impl Into<String>) -> Self {
        Self {
            account: account.clone(),
            object: ObjectPath::Template(name.into()),
        }
    }
}

fn write_key(f: &mut fmt::Formatter<'_>, kind: &str, key: &str) -> fmt::Result {
    write!(f, "{kind}[\"")?;
    for c in key.chars() {
        if matches!(c, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{c}")?;
    }
    f.write_str("\"]")
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_key(f, "account", self.account.as_str())?;
        match &self.object {
            ObjectPath::Account => Ok(()),
            ObjectPath::Connector(name) => write_key(f, ".connector", name),
            ObjectPath::Template(name) => write_key(f, ".template", name),
        }
    }
}

impl std::str::FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let mut rest = Cursor { text, at: 0 };
        rest.literal("account", "`account[`")?;
        let account = AccountId(rest.key()?);
        if rest.is_empty() {
            return Ok(Self {
                account,
                object: ObjectPath::Account,
            });
        }
        let object = if rest
            .literal(".connector", "`.connector[` or `.template[`")
            .is_ok()
        {
            ObjectPath::Connector(rest.key()?)
        } else {
            rest.literal(".template", "`.connector[` or `.template[`")?;
            ObjectPath::Template(rest.key()?)
        };
        if rest.is_empty() {
            Ok(Self { account, object })
        } else {
            Err(rest.error("the end"))
        }
    }
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn is_empty(&self) -> bool {
        self.at == self.text.len()
    }

    fn error(&self, expected: &'static str) -> AddressError {
        let position = self.text[..self.at].chars().count() + 1;
        AddressError { expected, position }
    }

    fn literal(&mut self, literal: &str, expected: &'static str) -> Result<(), AddressError> {
        if !self.text[self.at..].starts_with(literal) {
            return Err(self.error(expected));
        }
        self.at += literal.len();
        Ok(())
    }

    fn key(&mut self) -> Result<String, AddressError> {
        self.literal("[\"", "`[\"`")?;
        let mut key = String::new();
        let mut escaped = false;
        for (offset, c) in self.text[self.at..].char_indices() {
            match c {
                _ if escaped => {
                    key.push(c);
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    self.at += offset;
                    self.literal("\"]", "`\"]`")?;
                    return Ok(key);
                }
                _ => key.push(c),
            }
        }
        self.at = self.text.len();
        Err(self.error("`\"]`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_and_parsing_round_trip() {
        for key in [
            "acme-001",
            "",
            "a\"b",
            "a\\",
            "\"]",
            "Ünï 🚢",
            ".connector[\"x\"]",
        ] {
            let account = AccountId::new(key);
            for address in [
                Address::account(&account),
                Address::connector(&account, key),
                Address::template(&account, key),
            ] {
                assert_eq!(address.to_string().parse(), Ok(address));
            }
        }
    }

    #[test]
    fn broken_addresses_say_where() {
        for (text, expected, position) in [
            ("", "`account[`", 1),
            ("account", "`[\"`", 8),
            ("account[\"a", "`\"]`", 11),
            ("account[\"a\"]x", "`.connector[` or `.template[`", 13),
            ("account[\"a\"].template[\"b\"] ", "the end", 27),
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert_eq!(error, AddressError { expected, position }, "{text}");
        }
    }
}
