//! Request bodies: JSON written straight into memory that is wiped.

use crate::Sensitive;
use serde::Serialize;
use std::fmt;
use zeroize::Zeroizing;

/// A body to send. Never printed; remembers its secrets, so that an answer that echoes one can be
/// scrubbed.
#[derive(Clone)]
pub struct Body {
    bytes: Zeroizing<Vec<u8>>,
    secrets: Vec<Sensitive>,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[body]")
    }
}

impl Body {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn secrets(&self) -> &[Sensitive] {
        &self.secrets
    }
}

/// Writes a JSON object; what is `None` is not written, since the vendor's PUT merges.
pub(crate) struct Object {
    bytes: Zeroizing<Vec<u8>>,
    secrets: Vec<Sensitive>,
}

impl Object {
    pub(crate) fn new() -> Self {
        // Room enough that the buffer seldom moves: what it leaves behind is not wiped.
        let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
        bytes.push(b'{');
        Self {
            bytes,
            secrets: Vec::new(),
        }
    }

    fn key(&mut self, name: &str) {
        if self.bytes.last() != Some(&b'{') {
            self.bytes.push(b',');
        }
        self.json(name);
        self.bytes.push(b':');
    }

    fn json(&mut self, value: &(impl Serialize + ?Sized)) {
        serde_json::to_writer(&mut *self.bytes, value)
            .expect("texts, numbers and lists of them are JSON");
    }

    /// A plain value.
    pub(crate) fn field(mut self, name: &str, value: Option<impl Serialize>) -> Self {
        if let Some(value) = value {
            self.key(name);
            self.json(&value);
        }
        self
    }

    /// A secret text.
    pub(crate) fn secret(mut self, name: &str, value: Option<&Sensitive>) -> Self {
        if let Some(value) = value {
            self.key(name);
            self.json(value.expose());
            self.secrets.push(value.clone());
        }
        self
    }

    /// A list of `{Name, Value}` whose values may be secret; an empty one is not written.
    pub(crate) fn named_values(mut self, name: &str, values: &[(&str, &Sensitive)]) -> Self {
        if values.is_empty() {
            return self;
        }
        self.key(name);
        self.bytes.push(b'[');
        for (index, (name, value)) in values.iter().enumerate() {
            if index > 0 {
                self.bytes.push(b',');
            }
            self.bytes.extend_from_slice(b"{\"Name\":");
            self.json(name);
            self.bytes.extend_from_slice(b",\"Value\":");
            self.json(value.expose());
            self.bytes.push(b'}');
            self.secrets.push((*value).clone());
        }
        self.bytes.push(b']');
        self
    }

    pub(crate) fn finish(mut self) -> Body {
        self.bytes.push(b'}');
        Body {
            bytes: self.bytes,
            secrets: self.secrets,
        }
    }
}

/// A body that holds no secret.
pub(crate) fn plain(value: &impl Serialize) -> Body {
    let bytes = serde_json::to_vec(value).expect("texts, numbers and lists of them are JSON");
    Body {
        bytes: Zeroizing::new(bytes),
        secrets: Vec::new(),
    }
}

/// `{}`: the vendor wants an object rather than nothing (cyclr-api.md 2.4).
pub(crate) fn empty() -> Body {
    Object::new().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_given_is_written() {
        let secret = Sensitive::new("k\"1".into());
        let body = Object::new()
            .field("Name", Some("A \"b\""))
            .field("Description", None::<&str>)
            .field("Hours", Some(None::<u32>))
            .secret("AuthValue", Some(&secret))
            .named_values("Properties", &[("a", &secret), ("b", &secret)])
            .named_values("None", &[])
            .field("On", Some(true))
            .finish();
        assert_eq!(
            std::str::from_utf8(body.bytes()).unwrap(),
            r#"{"Name":"A \"b\"","Hours":null,"AuthValue":"k\"1","Properties":[{"Name":"a","Value":"k\"1"},{"Name":"b","Value":"k\"1"}],"On":true}"#
        );
        assert_eq!(body.secrets().len(), 3);
        assert_eq!(format!("{body:?}"), "[body]");
        assert_eq!(empty().bytes(), b"{}");
    }
}
