//! JSON as the vendor's parser takes it, beyond the standard (cyclr-api.md 1.4): single quotes,
//! names without quotes (numbers, too), comments, and a comma after the last item.

use serde_json::{Map, Number, Value};

/// How deep arrays and objects may lie in each other.
const DEPTH: usize = 100;

/// Reads a text that is one value; nothing when it is not even that.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text };
    let value = reader.value(DEPTH)?;
    reader.skip()?;
    reader.rest.is_empty().then_some(value)
}

/// What is left to read.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Passes over white space and comments.
    fn skip(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/")?.1;
            } else {
                return Some(());
            }
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        let after = self.rest.strip_prefix(wanted);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.skip()?;
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.array(depth),
            quote @ ('"' | '\'') => self.string(quote).map(Value::String),
            _ => match self.word()? {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                "null" | "undefined" => Some(Value::Null),
                number => number.parse::<Number>().ok().map(Value::Number),
            },
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut map = Map::new();
        self.take('{');
        loop {
            self.skip()?;
            if self.take('}') {
                return Some(Value::Object(map));
            }
            let name = match self.rest.chars().next()? {
                quote @ ('"' | '\'') => self.string(quote)?,
                _ => self.word()?.to_owned(),
            };
            self.skip()?;
            if !self.take(':') {
                return None;
            }
            map.insert(name, self.value(depth)?);
            self.skip()?;
            if !self.take(',') && !self.rest.starts_with('}') {
                return None;
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.take('[');
        loop {
            self.skip()?;
            if self.take(']') {
                return Some(Value::Array(items));
            }
            items.push(self.value(depth)?);
            self.skip()?;
            if !self.take(',') && !self.rest.starts_with(']') {
                return None;
            }
        }
    }

    /// Letters and digits without quotes.
    fn word(&mut self) -> Option<&'a str> {
        let is_part =
            |one: char| one.is_alphanumeric() || matches!(one, '_' | '$' | '-' | '+' | '.');
        let end = self.rest.find(|one| !is_part(one));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn string(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        self.take(quote);
        let mut letters = self.rest.chars();
        loop {
            match letters.next()? {
                '\\' => match letters.next()? {
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{c}'),
                    'n' => text.push('\n'),
                    'r' => text.push('\r'),
                    't' => text.push('\t'),
                    'u' => {
                        let digits: String = letters.by_ref().take(4).collect();
                        let unit = u32::from_str_radix(&digits, 16).ok()?;
                        // A half of a pair cannot stand alone in a string of ours.
                        text.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    other => text.push(other),
                },
                one if one == quote => {
                    self.rest = letters.as_str();
                    return Some(text);
                }
                one => text.push(one),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::parse;

    #[test]
    fn more_than_json_is_read() {
        let check = |text: &str, expected: Value| assert_eq!(parse(text), Some(expected), "{text}");
        check(
            "{'Parameters': {123: 'it\\'s', }, /* c */ Fields: {}} // end",
            json!({ "Parameters": { "123": "it's" }, "Fields": {} }),
        );
        check("[1, -2.5, 'a\\u0041\\n',]", json!([1, -2.5, "aA\n"]));
        check(" null ", Value::Null);
        for text in [
            "", "{", "{'a'}", "[1 2]", "{a:}", "'open", "word", "1 1", "/* open", "'\\u12'",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(&"[".repeat(100_000)), None);
    }
}
