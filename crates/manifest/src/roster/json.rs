//! JSON (RFC 8259) to nodes with their places, a value at a time.

use crate::anchors::MOST_LEVELS;
use crate::keys::Keys;
use crate::node::{Key, Kind, Node};
use crate::parse::MOST_VALUES;
use gangplank_model::Origin;
use std::sync::Arc;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonFault {
    pub(crate) origin: Origin,
    pub(crate) reason: &'static str,
}

/// Reads a text from its start.
#[derive(Debug)]
pub(crate) struct JsonReader<'a> {
    file: Arc<str>,
    rest: &'a str,
    line: u32,
    column: u32,
    /// Values in the row that is being read.
    values: usize,
}

impl<'a> JsonReader<'a> {
    pub(crate) fn new(file: Arc<str>, text: &'a str) -> Self {
        Self {
            file,
            rest: text,
            line: 1,
            column: 1,
            values: 0,
        }
    }

    /// The next row. Rows are counted apart.
    pub(crate) fn row(&mut self, level: usize) -> Result<Node, JsonFault> {
        self.values = 0;
        self.value(level)
    }

    /// The next sign that is no blank, which is not gone over.
    pub(crate) fn peek(&mut self) -> Option<char> {
        while let Some(c) = self.rest.chars().next() {
            if !matches!(c, ' ' | '\t' | '\n' | '\r') {
                return Some(c);
            }
            self.advance(c);
        }
        None
    }

    /// Goes over a sign, if it is the next one that is no blank.
    pub(crate) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance(wanted);
        }
        found
    }

    /// The line on which the reader stands.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    pub(crate) fn fault<T>(&self, reason: &'static str) -> Result<T, JsonFault> {
        let origin = self.origin(1);
        Err(JsonFault { origin, reason })
    }

    /// The place of the next sign.
    pub(crate) fn origin(&self, length: u32) -> Origin {
        Origin {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
            length,
        }
    }

    fn advance(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
        if c == '\n' {
            self.line = self.line.saturating_add(1);
            self.column = 1;
        } else {
            self.column = self.column.saturating_add(1);
        }
    }

    /// A value at a level; it recurses no deeper than the levels that are let in.
    fn value(&mut self, level: usize) -> Result<Node, JsonFault> {
        if level > MOST_LEVELS {
            return self.fault("at most 64 levels of lists and objects are read");
        }
        self.values += 1;
        if self.values > MOST_VALUES {
            return self.fault("a row has at most a million values");
        }
        let next = self.peek();
        let mut origin = self.origin(1);
        let kind = match next {
            Some('{') => self.object(level)?,
            Some('[') => self.list(level)?,
            Some('"') => Kind::Text(self.text()?),
            Some(c) if c == '-' || c.is_ascii_alphanumeric() => self.word()?,
            Some(_) => return self.fault("a value is expected here"),
            None => return self.fault("the file ends where a value is expected"),
        };
        if self.line == origin.line {
            origin.length = (self.column - origin.column).max(1);
        }
        Ok(Node { origin, kind })
    }

    fn object(&mut self, level: usize) -> Result<Kind, JsonFault> {
        self.take('{');
        let mut keys = Keys::default();
        let mut values = Vec::new();
        if self.take('}') {
            return Ok(Kind::Map(Vec::new()));
        }
        loop {
            if self.peek() != Some('"') {
                return self.fault("a key in double quotes is expected here");
            }
            let mut origin = self.origin(1);
            let text = self.text()?;
            if self.line == origin.line {
                origin.length = self.column - origin.column;
            }
            if keys.find(&text).is_some() {
                return Err(JsonFault {
                    origin,
                    reason: "this key is given twice in one object",
                });
            }
            if !self.take(':') {
                return self.fault("`:` is expected between a key and its value");
            }
            values.push(self.value(level + 1)?);
            keys.add(Key { origin, text });
            if self.take('}') {
                return Ok(Kind::Map(keys.list.into_iter().zip(values).collect()));
            }
            if !self.take(',') {
                return self.fault("`,` or `}` is expected here");
            }
        }
    }

    fn list(&mut self, level: usize) -> Result<Kind, JsonFault> {
        self.take('[');
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Kind::List(items));
        }
        loop {
            items.push(self.value(level + 1)?);
            if self.take(']') {
                return Ok(Kind::List(items));
            }
            if !self.take(',') {
                return self.fault("`,` or `]` is expected here");
            }
        }
    }

    /// `true`, `false`, `null` or a number.
    fn word(&mut self) -> Result<Kind, JsonFault> {
        let inside = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let end = self.rest.find(|c| !inside(c)).unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        let kind = match word {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            _ if serde_json::from_str::<serde_json::Number>(word).is_ok() => {
                Kind::Number(word.to_owned())
            }
            _ => return self.fault("text is put in double quotes"),
        };
        self.rest = &self.rest[end..];
        self.column = self
            .column
            .saturating_add(u32::try_from(end).unwrap_or(u32::MAX));
        Ok(kind)
    }

    fn text(&mut self) -> Result<String, JsonFault> {
        let start = self.rest;
        let mut escaped = false;
        for (at, c) in start.char_indices() {
            match c {
                '"' if at > 0 && !escaped => {
                    self.advance(c);
                    let raw = &start[..=at];
                    if !raw.contains('\\') {
                        return Ok(raw[1..at].to_owned());
                    }
                    return match serde_json::from_str(raw) {
                        Ok(text) => Ok(text),
                        Err(_) => self.fault("the text before this holds a wrong escape"),
                    };
                }
                c if u32::from(c) < 0x20 => {
                    return self.fault("a text ends on its line; `\\n` stands for a new line");
                }
                _ => escaped = c == '\\' && !escaped,
            }
            self.advance(c);
        }
        self.fault("the file ends inside of a text")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, (u32, u32, &'static str)> {
        let mut reader = JsonReader::new("r.json".into(), text);
        let node = reader.value(1);
        node.map_err(|fault| (fault.origin.line, fault.origin.column, fault.reason))
    }

    #[test]
    fn values_have_their_places_and_types() {
        let text = "{\"ä\": \"\\ud83d\\ude00 \\\"x\\\"\",\n \"n\": [2.10, -3, true, null]}";
        let Kind::Map(entries) = read(text).unwrap().kind else {
            unreachable!()
        };
        assert_eq!(entries[0].0.text, "ä");
        assert_eq!(entries[0].1.scalar(), Some("😀 \"x\""));
        assert_eq!(entries[0].1.origin.to_string(), "r.json:1:7");
        let Kind::List(items) = &entries[1].1.kind else {
            unreachable!()
        };
        assert_eq!(items[0].scalar(), Some("2.10"));
        assert_eq!(items[3].origin.to_string(), "r.json:2:24");
        assert_eq!(items[3].origin.length, 4);
    }

    #[test]
    fn faults_say_where_and_what() {
        for (text, line, column, reason) in [
            ("", 1, 1, "ends"),
            ("{\"a\" 1}", 1, 6, "`:`"),
            ("{\"a\": 1\n \"b\": 2}", 2, 2, "`,` or `}`"),
            ("[1 2]", 1, 4, "`,` or `]`"),
            ("{a: 1}", 1, 2, "double quotes"),
            ("{\"a\": yes}", 1, 7, "double quotes"),
            ("{\"a\": 01}", 1, 7, "double quotes"),
            ("{\"a\": 1, \"a\": 2}", 1, 10, "twice"),
            ("{\"a\": \"x\ny\"}", 1, 9, "new line"),
            ("\"\\x\"", 1, 5, "escape"),
            ("\"abc", 1, 5, "inside of a text"),
            ("[1, ]", 1, 5, "a value"),
        ] {
            let (at, column_told, told) = read(text).unwrap_err();
            assert_eq!((at, column_told), (line, column), "{text}: {told}");
            assert!(told.contains(reason), "{text}: {told}");
        }
        let deep = "[".repeat(100_000);
        assert!(read(&deep).unwrap_err().2.contains("64 levels"));
    }
}
