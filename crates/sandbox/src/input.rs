//! `Input`: a JSON body, read as leniently as the vendor's stack does (cyclr-api.md 1.4).

use serde_json::{Map, Value};

use crate::relaxed;
use crate::reply::Refusal;

/// An object whose names are compared without regard to case.
#[derive(Debug, Default)]
pub(crate) struct Input(Map<String, Value>);

/// A field of a body: left out, `null`, or there. Merging tells these apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Given<T> {
    /// It is left out.
    Omitted,
    /// It is `null`.
    Null,
    /// It has a value.
    Value(T),
}

impl<T> Given<T> {
    /// The value, if there is one.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Omitted | Self::Null => None,
        }
    }

    /// Merges into a field that may be null: left out keeps, `null` clears.
    pub(crate) fn merge_into(self, field: &mut Option<T>) {
        match self {
            Self::Omitted => {}
            Self::Null => *field = None,
            Self::Value(value) => *field = Some(value),
        }
    }

    /// Merges into a field that is never null: left out and `null` keep.
    pub(crate) fn merge_value(self, field: &mut T) {
        if let Self::Value(value) = self {
            *field = value;
        }
    }
}

impl From<Map<String, Value>> for Input {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl Input {
    /// Reads a body; `None` when it is empty or `null`.
    pub(crate) fn parse(body: &[u8]) -> Result<Option<Self>, Refusal> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        match read(body) {
            Some(Value::Object(map)) => Ok(Some(Self(map))),
            Some(Value::Null) => Ok(None),
            Some(_) => Err(Refusal::invalid("body", "An object was expected.")),
            None => Err(Refusal::invalid("body", "The body is not valid JSON.")),
        }
    }

    /// Reads a body; an empty one counts as an object without fields.
    pub(crate) fn parse_or_empty(body: &[u8]) -> Result<Self, Refusal> {
        Ok(Self::parse(body)?.unwrap_or_default())
    }

    /// Reads a body that is an array of objects.
    pub(crate) fn parse_array(body: &[u8]) -> Result<Vec<Self>, Refusal> {
        match read(body) {
            Some(Value::Array(items)) => Self::objects("body", items),
            _ => Err(Refusal::invalid("body", "An array was expected.")),
        }
    }

    fn objects(name: &str, items: Vec<Value>) -> Result<Vec<Self>, Refusal> {
        let object = |item| match item {
            Value::Object(map) => Ok(Self(map)),
            _ => Err(Refusal::invalid(name, "An object was expected.")),
        };
        items.into_iter().map(object).collect()
    }

    fn get(&self, name: &str) -> Option<&Value> {
        let exact = self.0.get(name);
        exact.or_else(|| {
            self.0
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|e| e.1)
        })
    }

    /// All of the object, with its names as they were given.
    pub(crate) fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// An object in the object; one that is left out, or `null`, counts as one without fields.
    pub(crate) fn object(&self, name: &str) -> Result<Self, Refusal> {
        match self.get(name) {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(Value::Object(map)) => Ok(Self(map.clone())),
            Some(_) => Err(Refusal::invalid(name, "An object was expected.")),
        }
    }

    /// Whether the field is named at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Text; numbers and booleans are accepted.
    pub(crate) fn text(&self, name: &str) -> Result<Given<String>, Refusal> {
        Ok(match self.get(name) {
            None => Given::Omitted,
            Some(Value::Null) => Given::Null,
            Some(Value::String(text)) => Given::Value(text.clone()),
            Some(Value::Number(number)) => Given::Value(number.to_string()),
            Some(Value::Bool(value)) => Given::Value(value.to_string()),
            Some(Value::Array(_) | Value::Object(_)) => {
                return Err(Refusal::invalid(name, "A string was expected."));
            }
        })
    }

    /// A boolean; `"true"`, `"false"`, 0 and 1 are accepted.
    pub(crate) fn boolean(&self, name: &str) -> Result<Given<bool>, Refusal> {
        let value = match self.get(name) {
            None => return Ok(Given::Omitted),
            Some(Value::Null) => return Ok(Given::Null),
            Some(Value::Bool(value)) => Some(*value),
            Some(Value::Number(number)) => number.as_i64().map(|number| number != 0),
            Some(Value::String(text)) => text.trim().to_ascii_lowercase().parse().ok(),
            Some(Value::Array(_) | Value::Object(_)) => None,
        };
        let refusal = || Refusal::invalid(name, "A boolean was expected.");
        value.map(Given::Value).ok_or_else(refusal)
    }

    /// A whole number; numbers as text are accepted. `Err` holds nothing: the caller decides what
    /// a wrong type means (U7).
    pub(crate) fn integer(&self, name: &str) -> Result<Given<i64>, ()> {
        let value = match self.get(name) {
            None => return Ok(Given::Omitted),
            Some(Value::Null) => return Ok(Given::Null),
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(Value::Bool(_) | Value::Array(_) | Value::Object(_)) => None,
        };
        value.map(Given::Value).ok_or(())
    }

    /// An object that may be left out.
    pub(crate) fn nested(&self, name: &str) -> Result<Given<Self>, Refusal> {
        match self.get(name) {
            None => Ok(Given::Omitted),
            Some(Value::Null) => Ok(Given::Null),
            Some(Value::Object(map)) => Ok(Given::Value(Self(map.clone()))),
            Some(_) => Err(Refusal::invalid(name, "An object was expected.")),
        }
    }

    /// An array of text.
    pub(crate) fn texts(&self, name: &str) -> Result<Given<Vec<String>>, Refusal> {
        let items = match self.get(name) {
            None => return Ok(Given::Omitted),
            Some(Value::Null) => return Ok(Given::Null),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(Refusal::invalid(name, "An array was expected.")),
        };
        let text = |item: &Value| match item {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(Refusal::invalid(name, "A string was expected.")),
        };
        Ok(Given::Value(
            items.iter().map(text).collect::<Result<_, _>>()?,
        ))
    }

    /// An object, or an array of them; the vendor's documentation shows both.
    pub(crate) fn one_or_list(&self, name: &str) -> Result<Vec<Self>, Refusal> {
        match self.get(name) {
            Some(Value::Object(map)) => Ok(vec![Self(map.clone())]),
            _ => Ok(self.list(name)?.value().unwrap_or_default()),
        }
    }

    /// An array of objects.
    pub(crate) fn list(&self, name: &str) -> Result<Given<Vec<Self>>, Refusal> {
        match self.get(name) {
            None => Ok(Given::Omitted),
            Some(Value::Null) => Ok(Given::Null),
            Some(Value::Array(items)) => Ok(Given::Value(Self::objects(name, items.clone())?)),
            Some(_) => Err(Refusal::invalid(name, "An array was expected.")),
        }
    }
}

/// Reads JSON, or what the vendor's parser takes for it.
fn read(body: &[u8]) -> Option<Value> {
    let strict = serde_json::from_slice(body).ok();
    strict.or_else(|| relaxed::parse(std::str::from_utf8(body).ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Given, Input};

    #[test]
    fn names_and_types_are_lenient() {
        let body =
            br#"{"description": 5, "ENABLED": "True", "Hours": "8", "bad": "abc", "n": null}"#;
        let input = Input::parse(body).unwrap().unwrap();
        assert_eq!(
            input.text("Description").unwrap(),
            Given::Value("5".to_owned())
        );
        assert_eq!(input.boolean("Enabled").unwrap(), Given::Value(true));
        assert_eq!(input.integer("Hours"), Ok(Given::Value(8)));
        assert_eq!(input.integer("Bad"), Err(()));
        assert_eq!(input.integer("N"), Ok(Given::Null));
        assert_eq!(input.text("Other").unwrap(), Given::Omitted);
        assert!(Input::parse(b"  ").unwrap().is_none());
        assert!(Input::parse(b"{").is_err());
        assert!(Input::parse(b"[]").is_err());
    }
}
