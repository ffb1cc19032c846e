//! Keyed fingerprints: a changed secret shows, and nobody can test guesses without the key.

use crate::Secrets;
use crate::auth::{auth_value, text_of};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gangplank_model::{AccountId, ConnectorMark, ConnectorWrite, Fingerprint, Secret, Value};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The key of an instance's fingerprints. Cannot be printed.
#[derive(Clone)]
pub struct MarkKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for MarkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[mark key]")
    }
}

impl MarkKey {
    /// Derives the key from the instance's `marks_key`, or else its client secret.
    pub fn derive(secret: &Secret) -> Self {
        Self(Zeroizing::new(hash(
            secret.expose().as_bytes(),
            &["gangplank marks 1"],
        )))
    }

    /// Tells which key it is without telling anything of it: 8 characters.
    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.hash(&["key"])[..6])
    }

    /// Makes what is remembered of a connector: its method, and fingerprints of its credential and
    /// of its secret properties. `None` when there is nothing to remember, or a secret was not
    /// resolved.
    pub fn connector_mark(
        &self,
        account: &AccountId,
        write: &ConnectorWrite,
        secrets: &Secrets,
    ) -> Option<ConnectorMark> {
        let place = [account.as_str(), write.name.as_str()];
        let auth = match &write.auth {
            Some(auth) if auth.sends_value() => {
                let value = auth_value(auth, secrets)?;
                Some(self.fingerprint(place, "auth", value.expose()))
            }
            Some(_) | None => None,
        };
        let mut properties = BTreeMap::new();
        for (name, value) in &write.properties {
            if let Value::Secret(_) = value {
                let slot = format!("property {name}");
                let text = text_of(value, secrets)?;
                properties.insert(name.clone(), self.fingerprint(place, &slot, text));
            }
        }
        let mark = ConnectorMark {
            method: write.method.clone(),
            auth,
            properties,
            unconfirmed: false,
        };
        (mark != ConnectorMark::default()).then_some(mark)
    }

    /// A fingerprint is bound to its place: equal secrets of two customers do not look alike.
    fn fingerprint(&self, place: [&str; 2], slot: &str, value: &str) -> Fingerprint {
        let hash = self.hash(&[place[0], place[1], slot, value]);
        Fingerprint::new(URL_SAFE_NO_PAD.encode(&hash[..16]))
    }

    fn hash(&self, parts: &[&str]) -> [u8; 32] {
        hash(self.0.as_slice(), parts)
    }
}

/// HMAC-SHA-256 over parts, each with its length before it so that no two lists run together.
fn hash(key: &[u8], parts: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::{AuthSpec, SecretRef};

    fn mark(key: &str, account: &str, connector: &str, secret: &str) -> ConnectorMark {
        let reference = SecretRef::Env("KEY".into());
        let write = ConnectorWrite {
            name: connector.into(),
            auth: Some(AuthSpec::ApiKey(reference.clone())),
            properties: BTreeMap::from([
                ("Plain".into(), Value::Text("x".into())),
                ("Hidden".into(), Value::Secret(reference.clone())),
            ]),
            ..ConnectorWrite::default()
        };
        let secrets = Secrets::from_iter([(reference, Secret::new(secret.into()))]);
        let key = MarkKey::derive(&Secret::new(key.into()));
        key.connector_mark(&AccountId::new(account), &write, &secrets)
            .unwrap()
    }

    #[test]
    fn a_fingerprint_depends_on_key_place_and_value_alone() {
        let base = mark("key", "acme", "Mailchimp", "s");
        assert_eq!(base, mark("key", "acme", "Mailchimp", "s"));
        assert_eq!(base.properties.keys().collect::<Vec<_>>(), ["Hidden"]);
        for other in [
            mark("kez", "acme", "Mailchimp", "s"),
            mark("key", "acne", "Mailchimp", "s"),
            mark("key", "acme", "Mailchump", "s"),
            mark("key", "acme", "Mailchimp", "t"),
        ] {
            assert_ne!(base.auth, other.auth);
            assert_ne!(base.properties, other.properties);
        }
        assert_ne!(base.auth.as_ref(), base.properties.values().next());
    }

    #[test]
    fn nothing_secret_means_nothing_to_remember() {
        let key = MarkKey::derive(&Secret::new("key".into()));
        let write = ConnectorWrite {
            name: "a".into(),
            ..ConnectorWrite::default()
        };
        assert_eq!(
            key.connector_mark(&AccountId::new("a"), &write, &Secrets::default()),
            None
        );
        assert_eq!(key.id().len(), 8);
        assert_eq!(format!("{key:?}"), "[mark key]");
    }
}
