//! The name of a value in an object: `properties.Subdomain`, `parameters["Add Member"]["List ID"]`.

use std::fmt;

/// Keys that lead from an object to a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldPath(pub Vec<String>);

impl FieldPath {
    /// Reads what follows an address: nothing, `.key`, `["key"]`, any number of times. `Err` is the
    /// character (from 1) at which something else stands.
    pub fn parse(text: &str) -> Result<Self, usize> {
        let mut keys = Vec::new();
        let mut rest = text;
        let at = |rest: &str| text[..text.len() - rest.len()].chars().count() + 1;
        while !rest.is_empty() {
            if let Some(quoted) = rest.strip_prefix("[\"") {
                let (key, after) = quoted_key(quoted).ok_or_else(|| at(rest))?;
                keys.push(key);
                rest = after;
            } else if let Some(plain) = rest.strip_prefix('.') {
                let end = plain.find(['.', '[']).unwrap_or(plain.len());
                if end == 0 {
                    return Err(at(plain));
                }
                keys.push(plain[..end].to_owned());
                rest = &plain[end..];
            } else {
                return Err(at(rest));
            }
        }
        Ok(Self(keys))
    }

    /// Whether it is the other one, or leads to it.
    pub fn leads_to(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

/// The key up to `"]`, and what follows; `"` and `\` are escaped with `\`.
fn quoted_key(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => key.push(chars.next()?.1),
            '"' => return Some((key, text[at..].strip_prefix("\"]")?)),
            _ => key.push(c),
        }
    }
    None
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, key) in self.0.iter().enumerate() {
            let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            if !key.is_empty() && key.chars().all(plain) {
                write!(f, "{}{key}", if at > 0 { "." } else { "" })?;
            } else {
                write!(
                    f,
                    "[\"{}\"]",
                    key.replace('\\', "\\\\").replace('"', "\\\"")
                )?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_printed() {
        for (text, keys) in [
            ("", &[][..]),
            (".name", &["name"]),
            (".properties.Subdomain", &["properties", "Subdomain"]),
            (
                ".parameters[\"Add Member\"][\"a\\\"b\"]",
                &["parameters", "Add Member", "a\"b"],
            ),
            (".parameters.Add Member", &["parameters", "Add Member"]),
        ] {
            let path = FieldPath::parse(text).unwrap();
            assert_eq!(path.0, keys, "{text}");
            let printed = path.to_string();
            let dot = if printed.is_empty() || printed.starts_with('[') {
                ""
            } else {
                "."
            };
            assert_eq!(FieldPath::parse(&format!("{dot}{printed}")), Ok(path));
        }
        for (text, at) in [
            ("name", 1),
            (".", 2),
            (".a..b", 4),
            (".a[\"b", 3),
            (".a[0]", 3),
        ] {
            assert_eq!(FieldPath::parse(text), Err(at), "{text}");
        }
    }
}
