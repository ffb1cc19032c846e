//! A SOPS file: its data key, its values, and the MAC over all of them.

use super::cipher::{self, Kind};
use super::{age, keys};
use crate::error::SopsError;
use crate::file;
use gangplank_model::Secret;
use serde_yaml::Value;
use sha2::{Digest as _, Sha512};
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// No file is larger than this.
const LIMIT: u64 = 4 * 1024 * 1024;
/// What the MAC begins with where it covers encrypted values only; SOPS's own constant.
const ONLY_ENCRYPTED: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b,
    0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// A file, decrypted and proved. Cannot be printed.
pub(crate) struct Document {
    root: Tree,
}

enum Tree {
    Map(Vec<(String, Self)>),
    List(Vec<Self>),
    Leaf {
        bytes: Zeroizing<Vec<u8>>,
        covered: bool,
    },
    Null,
    Comment,
}

impl Document {
    /// Reads and decrypts a file below the folder.
    pub(crate) fn open(folder: &str, path: &str) -> Result<Self, SopsError> {
        let bytes = file::read_bytes(folder, path, LIMIT)
            .map_err(|error| SopsError::File(crate::resolve::flat(&error)))?;
        let is_json = std::path::Path::new(path)
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("json"));
        let value: Value = if is_json {
            serde_json::from_slice(&bytes).map_err(|_| SopsError::Syntax)?
        } else {
            serde_yaml::from_slice(&bytes).map_err(|_| SopsError::Syntax)?
        };
        Self::decrypt(value)
    }

    fn decrypt(value: Value) -> Result<Self, SopsError> {
        let Value::Mapping(mut map) = value else {
            return Err(SopsError::Syntax);
        };
        // The order of the others is what the MAC goes by.
        let sops = map.shift_remove("sops").ok_or(SopsError::NotSops)?;
        let text = |name: &str| sops.get(name).and_then(Value::as_str).unwrap_or_default();
        let key = data_key(&sops)?;
        let only_encrypted = sops.get("mac_only_encrypted") == Some(&Value::Bool(true));
        let mut walk = Walk {
            key: &key,
            mac: Sha512::new(),
            only_encrypted,
        };
        if only_encrypted {
            walk.mac.update(ONLY_ENCRYPTED);
        }
        let root = walk.tree(Value::Mapping(map), "")?;
        let mut made = String::with_capacity(128);
        for byte in walk.mac.finalize() {
            write!(made, "{byte:02X}").expect("a String takes all");
        }
        let (mac, _) =
            cipher::decrypt(text("mac"), &key, text("lastmodified")).map_err(|_| SopsError::Mac)?;
        // Both are known to who has the key; nothing is to be learnt from the time that this takes.
        if mac.as_slice() != made.as_bytes() {
            return Err(SopsError::Mac);
        }
        Ok(Self { root })
    }

    /// A value as text, by the keys that lead to it.
    pub(crate) fn value(&self, key: &str) -> Result<Secret, SopsError> {
        let mut found = Vec::new();
        find(&self.root, key, &mut found);
        let tree = match found[..] {
            [] => return Err(SopsError::NoValue),
            [tree] => tree,
            [_, _, ..] => return Err(SopsError::Ambiguous),
        };
        match tree {
            Tree::Leaf { covered: false, .. } => Err(SopsError::Uncovered),
            Tree::Leaf { bytes, .. } if bytes.is_empty() => Err(SopsError::Empty),
            Tree::Leaf { bytes, .. } => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Secret::new(text.to_owned())),
                Err(_) => Err(SopsError::NotUnicode),
            },
            Tree::Map(_) | Tree::List(_) | Tree::Null | Tree::Comment => Err(SopsError::NotText),
        }
    }
}

/// The key of all values, by the first recipient that one of our keys fits.
fn data_key(sops: &Value) -> Result<Zeroizing<Vec<u8>>, SopsError> {
    let recipients = sops.get("age").and_then(Value::as_sequence);
    let recipients = recipients.ok_or(SopsError::NotSops)?;
    if recipients.is_empty() {
        return Err(SopsError::NotSops);
    }
    let identities = keys::identities()?;
    let mut worst = SopsError::WrongKey;
    for recipient in recipients {
        let enc = recipient.get("enc").and_then(Value::as_str);
        match age::open(enc.unwrap_or_default(), &identities) {
            Ok(key) => return Ok(key),
            Err(SopsError::WrongKey) => {}
            Err(error) => worst = error,
        }
    }
    Err(worst)
}

/// Every value whose path is the key; names in the file may hold dots themselves.
fn find<'a>(tree: &'a Tree, key: &str, found: &mut Vec<&'a Tree>) {
    let rest_of = |name: &str| {
        let rest = key.strip_prefix(name)?;
        if rest.is_empty() {
            Some(None)
        } else {
            rest.strip_prefix('.').map(Some)
        }
    };
    let mut step = |name: &str, child: &'a Tree| match rest_of(name) {
        Some(None) => found.push(child),
        Some(Some(rest)) => find(child, rest, found),
        None => {}
    };
    match tree {
        Tree::Map(entries) => entries.iter().for_each(|(name, child)| step(name, child)),
        Tree::List(items) => {
            let items = items.iter().filter(|item| !matches!(item, Tree::Comment));
            for (at, child) in items.enumerate() {
                step(&at.to_string(), child);
            }
        }
        Tree::Leaf { .. } | Tree::Null | Tree::Comment => {}
    }
}

struct Walk<'a> {
    key: &'a [u8],
    mac: Sha512,
    only_encrypted: bool,
}

impl Walk<'_> {
    /// Decrypts a part of the file; `place` is its path as SOPS binds values to it.
    fn tree(&mut self, value: Value, place: &str) -> Result<Tree, SopsError> {
        Ok(match value {
            Value::Mapping(map) => {
                let mut entries = Vec::with_capacity(map.len());
                for (name, value) in map {
                    let name = plain(&name).ok_or(SopsError::Syntax)?;
                    let tree = self.tree(value, &format!("{place}{name}:"))?;
                    entries.push((name, tree));
                }
                Tree::Map(entries)
            }
            Value::Sequence(items) => Tree::List(
                items
                    .into_iter()
                    .map(|item| self.tree(item, place))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Null => Tree::Null,
            Value::String(text) if cipher::is_encrypted(&text) => {
                let (bytes, kind) = cipher::decrypt(&text, self.key, place)?;
                if kind == Kind::Comment {
                    return Ok(Tree::Comment);
                }
                self.mac.update(&*bytes);
                let bytes = match kind {
                    Kind::Flag => Zeroizing::new(bytes.to_ascii_lowercase()),
                    Kind::Plain | Kind::Comment => bytes,
                };
                Tree::Leaf {
                    bytes,
                    covered: true,
                }
            }
            Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {
                let text = Zeroizing::new(plain(&value).ok_or(SopsError::Syntax)?);
                if !self.only_encrypted {
                    // SOPS takes flags as Python writes them.
                    self.mac.update(match value {
                        Value::Bool(true) => b"True".as_slice(),
                        Value::Bool(false) => b"False".as_slice(),
                        _ => text.as_bytes(),
                    });
                }
                let bytes = Zeroizing::new(text.as_bytes().to_vec());
                // An empty text is left as it is by SOPS.
                let covered = !self.only_encrypted || bytes.is_empty();
                Tree::Leaf { bytes, covered }
            }
        })
    }
}

/// A scalar that is not encrypted, as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(whole), _, _) => whole.to_string(),
            (None, Some(whole), _) => whole.to_string(),
            (None, None, Some(fraction)) => fraction.to_string(),
            (None, None, None) => return None,
        }),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => None,
    }
}
