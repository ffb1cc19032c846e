//! Marks: memory kept in the instance itself.
//!
//! On a cycle they are tags. For connectors they are a delimited segment in the account's
//! `AuditInfo`, after whatever text stands there: `text<!--gangplank:1 {"k":...}-->`.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The start of every tag of ours.
pub const TAG: &str = "gangplank:";
/// The start of the tag that remembers a schedule.
pub const RUN_TAG: &str = "gangplank:run=";

/// The start of the tag that remembers from which name a cycle came, where names were exchanged.
pub const MOVED_TAG: &str = "gangplank:moved=";

const OPEN: &str = "<!--gangplank:1 ";
const CLOSE: &str = "-->";

/// A keyed fingerprint of a secret: nobody can test guesses without the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Wraps a fingerprint that the secrets room made.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is remembered of one account connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorMark {
    /// The authentication method that was chosen by name.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The fingerprint of the credential that was last set.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<Fingerprint>,
    /// Fingerprints of secret properties by name.
    #[serde(rename = "p", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Fingerprint>,
    /// Set when the instance still said "not authenticated" after the credential was set, so that
    /// the same credential is not sent again and again.
    #[serde(rename = "u", default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
}

/// What may not be removed, whatever the manifest says of it by now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// The account itself.
    #[serde(rename = "a", default, skip_serializing_if = "std::ops::Not::not")]
    pub account: bool,
    /// Connectors, by their own names.
    #[serde(rename = "c", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub connectors: BTreeSet<String>,
    /// Cycles, by their entries' names.
    #[serde(rename = "t", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub templates: BTreeSet<String>,
}

impl Protection {
    /// Whether nothing is protected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What is remembered of an account and what is in it.
///
/// A reader of version 0.1 or earlier does not know `moved` and `protected`: it takes no notice of
/// them, and loses them when it writes the mark anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountMark {
    /// Which key the fingerprints were made with.
    #[serde(rename = "k")]
    pub key: String,
    /// By the connector's own name.
    #[serde(rename = "c", default)]
    pub connectors: BTreeMap<String, ConnectorMark>,
    /// Connectors that exchanged names: by their present names, the former ones.
    #[serde(rename = "m", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub moved: BTreeMap<String, String>,
    /// What may not be removed.
    #[serde(rename = "p", default, skip_serializing_if = "Protection::is_empty")]
    pub protected: Protection,
}

impl AccountMark {
    /// Parts an `AuditInfo` into the text that is the partner's and our mark.
    ///
    /// Whatever is not a whole, readable segment belongs to the text. If there are several, the
    /// last one counts.
    pub fn parse(audit_info: &str) -> (String, Option<Self>) {
        let mut text = String::with_capacity(audit_info.len());
        let mut mark = None;
        let mut rest = audit_info;
        while let Some(start) = rest.find(OPEN) {
            let body = &rest[start + OPEN.len()..];
            let parsed = body.find(CLOSE).and_then(|end| {
                let parsed = serde_json::from_str(&body[..end]).ok()?;
                Some((parsed, &body[end + CLOSE.len()..]))
            });
            if let Some((parsed, after)) = parsed {
                text.push_str(&rest[..start]);
                mark = Some(parsed);
                rest = after;
            } else {
                text.push_str(&rest[..start + OPEN.len()]);
                rest = body;
            }
        }
        text.push_str(rest);
        (text, mark)
    }

    /// Whether there is nothing to remember.
    pub fn is_empty(&self) -> bool {
        self.connectors.is_empty() && self.moved.is_empty() && self.protected.is_empty()
    }

    /// Joins the partner's text and our mark. An empty mark leaves the text alone.
    pub fn render(&self, text: &str) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        let json = serde_json::to_string(self)
            .expect("a mark holds nothing but texts")
            // So that a connector's name cannot end the segment.
            .replace('>', "\\u003e");
        format!("{text}{OPEN}{json}{CLOSE}")
    }
}

/// The tag that marks a cycle as the one of an entry.
pub fn entry_tag(entry: &str) -> String {
    format!("{TAG}{entry}")
}

/// The entry that a cycle's tags name, if any.
pub fn entry_of(tags: &[String]) -> Option<&str> {
    tags.iter()
        .filter(|tag| !tag.starts_with(RUN_TAG) && !tag.starts_with(MOVED_TAG))
        .find_map(|tag| tag.strip_prefix(TAG))
}

/// The name from which a cycle came, where its tags remember one.
pub fn moved_from(tags: &[String]) -> Option<&str> {
    tags.iter().find_map(|tag| tag.strip_prefix(MOVED_TAG))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(name: &str) -> AccountMark {
        let connector = ConnectorMark {
            method: Some("API Key".into()),
            auth: Some(Fingerprint::new("abc")),
            ..ConnectorMark::default()
        };
        AccountMark {
            key: "k1".into(),
            connectors: [(name.to_owned(), connector)].into(),
            ..AccountMark::default()
        }
    }

    #[test]
    fn what_is_protected_and_moved_is_remembered_without_any_fingerprint() {
        let mark = AccountMark {
            key: "k1".into(),
            moved: [("A".to_owned(), "B".to_owned())].into(),
            protected: Protection {
                account: true,
                connectors: ["odd --> name".to_owned()].into(),
                templates: ["Sync".to_owned()].into(),
            },
            ..AccountMark::default()
        };
        let rendered = mark.render("owner: ann");
        assert_eq!(
            AccountMark::parse(&rendered),
            ("owner: ann".into(), Some(mark))
        );
    }

    /// A mark of an earlier version says nothing of them, and is written as it was.
    #[test]
    fn an_old_mark_is_read_and_written_as_before() {
        let old = r#"text<!--gangplank:1 {"k":"k1","c":{"a":{"m":"API Key","a":"abc"}}}-->"#;
        let (text, parsed) = AccountMark::parse(old);
        assert_eq!(parsed.as_ref(), Some(&mark("a")));
        assert_eq!(parsed.unwrap().render(&text), old);
    }

    #[test]
    fn the_partners_text_is_preserved_to_the_byte() {
        for text in [
            "",
            "  owner: ann\r\n",
            "<!--gangplank:1 broken",
            "-->",
            "a<!--x-->",
        ] {
            for name in ["Mailchimp", "odd --> name", "\"quoted\""] {
                let rendered = mark(name).render(text);
                assert_eq!(
                    AccountMark::parse(&rendered),
                    (text.into(), Some(mark(name)))
                );
            }
            assert_eq!(AccountMark::parse(text), (text.to_owned(), None));
            assert_eq!(AccountMark::default().render(text), text);
        }
    }

    #[test]
    fn text_written_behind_the_mark_is_kept() {
        let rendered = format!("{}tail", mark("a").render("head "));
        assert_eq!(
            AccountMark::parse(&rendered),
            ("head tail".into(), Some(mark("a")))
        );
    }

    #[test]
    fn the_schedule_tag_is_no_entry() {
        let tags = [
            "crm".to_owned(),
            "gangplank:run=60".into(),
            "gangplank:moved=Old".into(),
            "gangplank:Sync".into(),
        ];
        assert_eq!(entry_of(&tags), Some("Sync"));
        assert_eq!(moved_from(&tags), Some("Old"));
        assert_eq!(entry_of(&tags[..3]), None);
        assert_eq!(entry_tag("Sync"), "gangplank:Sync");
    }
}
