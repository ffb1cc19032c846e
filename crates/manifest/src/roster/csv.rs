//! Rows of comma-separated values (RFC 4180), each cell with its place.

use super::rows::MOST_COLUMNS;
use std::borrow::Cow;

/// A cell as it stands in the file. Line and column from 1, column and length in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CsvCell<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) length: u32,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CsvFault {
    pub(crate) kind: CsvFaultKind,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// The ways in which quotes can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CsvFaultKind {
    /// A quoted cell has no end; nothing after it can be read.
    Unclosed,
    /// Text follows a quoted cell's end.
    AfterQuote,
    /// A quote stands inside of a cell that is not quoted.
    InsideCell,
}

/// Reads a text row by row; no cell is copied unless a quote is doubled in it.
#[derive(Debug)]
pub(crate) struct CsvReader<'a> {
    rest: &'a str,
    line: u32,
    column: u32,
}

impl<'a> CsvReader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            line: 1,
            column: 1,
        }
    }

    /// The next row that is not blank; `false` at the end. After a fault the next row can be read.
    pub(crate) fn row(&mut self, cells: &mut Vec<CsvCell<'a>>) -> Result<bool, CsvFault> {
        loop {
            cells.clear();
            if self.rest.is_empty() {
                return Ok(false);
            }
            loop {
                let cell = if self.rest.starts_with('"') {
                    self.quoted()
                } else {
                    self.plain()
                };
                match cell {
                    // A row of nothing but commas takes no more room than it needs to be told of.
                    Ok(cell) if cells.len() <= MOST_COLUMNS => cells.push(cell),
                    Ok(_) => {}
                    Err(fault) => {
                        self.skip_line();
                        return Err(fault);
                    }
                }
                if !self.rest.starts_with(',') {
                    break;
                }
                self.advance(1);
            }
            self.skip_line();
            let blank = matches!(cells.as_slice(), [only] if only.length == 0);
            if !blank {
                return Ok(true);
            }
        }
    }

    fn plain(&mut self) -> Result<CsvCell<'a>, CsvFault> {
        let end = self
            .rest
            .bytes()
            .position(|byte| matches!(byte, b',' | b'\n'))
            .unwrap_or(self.rest.len());
        let mut text = &self.rest[..end];
        // The end of the line is `\n` or `\r\n`.
        if !self.rest[end..].starts_with(',') {
            text = text.strip_suffix('\r').unwrap_or(text);
        }
        let (line, column) = (self.line, self.column);
        if let Some(at) = text.find('"') {
            return Err(CsvFault {
                kind: CsvFaultKind::InsideCell,
                line,
                column: column.saturating_add(characters(&text[..at])),
            });
        }
        self.advance(text.len());
        Ok(CsvCell {
            text: Cow::Borrowed(text),
            line,
            column,
            length: self.column - column,
        })
    }

    fn quoted(&mut self) -> Result<CsvCell<'a>, CsvFault> {
        let (line, column) = (self.line, self.column);
        let fault = |kind, line, column| CsvFault { kind, line, column };
        let inside = &self.rest[1..];
        let mut from = 0;
        let mut doubled = false;
        let end = loop {
            let Some(at) = inside[from..].find('"').map(|at| from + at) else {
                self.rest = "";
                return Err(fault(CsvFaultKind::Unclosed, line, column));
            };
            if !inside[at + 1..].starts_with('"') {
                break at;
            }
            doubled = true;
            from = at + 2;
        };
        let raw = &inside[..end];
        self.advance(end + 2);
        let ends = self.rest.is_empty() || self.rest.starts_with([',', '\n']);
        if !ends && !self.rest.starts_with("\r\n") && self.rest != "\r" {
            return Err(fault(CsvFaultKind::AfterQuote, self.line, self.column));
        }
        let text = if doubled {
            Cow::Owned(raw.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(raw)
        };
        let one_line = self.line == line;
        let length = if one_line { self.column - column } else { 1 };
        Ok(CsvCell {
            text,
            line,
            column,
            length,
        })
    }

    /// Goes over so many bytes, which may hold ends of lines.
    fn advance(&mut self, bytes: usize) {
        let (over, rest) = self.rest.split_at(bytes);
        match over.rfind('\n') {
            None => self.column = self.column.saturating_add(characters(over)),
            Some(last) => {
                let lines = over.bytes().filter(|byte| *byte == b'\n').count();
                let lines = u32::try_from(lines).unwrap_or(u32::MAX);
                self.line = self.line.saturating_add(lines);
                self.column = characters(&over[last + 1..]).saturating_add(1);
            }
        }
        self.rest = rest;
    }

    /// Goes to the next line, if there is one.
    fn skip_line(&mut self) {
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        self.advance(end);
    }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row as `line:column text` for each cell, or its fault.
    fn read(text: &str) -> Vec<String> {
        let mut reader = CsvReader::new(text);
        let mut cells = Vec::new();
        let mut told = Vec::new();
        loop {
            match reader.row(&mut cells) {
                Ok(false) => return told,
                Ok(true) => {
                    let cells = cells
                        .iter()
                        .map(|it| format!("{}:{} {}", it.line, it.column, it.text));
                    told.push(cells.collect::<Vec<_>>().join(" | "));
                }
                Err(fault) => {
                    told.push(format!("{}:{} {:?}", fault.line, fault.column, fault.kind));
                }
            }
        }
    }

    #[test]
    fn cells_have_their_places() {
        for (text, expected) in [
            ("", &[][..]),
            ("\n\r\n", &[]),
            ("a,b\nc,d", &["1:1 a | 1:3 b", "2:1 c | 2:3 d"]),
            ("a,b\r\nc,d\r\n", &["1:1 a | 1:3 b", "2:1 c | 2:3 d"]),
            (
                "ä,\"x,y\",z\n\n,,\n",
                &["1:1 ä | 1:3 x,y | 1:9 z", "3:1  | 3:2  | 3:3 "],
            ),
            ("\"a\"\"b\",c", &["1:1 a\"b | 1:8 c"]),
            ("\"a\nb\",c\nd,e", &["1:1 a\nb | 2:4 c", "3:1 d | 3:3 e"]),
            ("a,b\"c\nd,e", &["1:4 InsideCell", "2:1 d | 2:3 e"]),
            ("a,\"b\"c\nd,e", &["1:6 AfterQuote", "2:1 d | 2:3 e"]),
            ("a,b\nc,\"d\ne,f\n", &["1:1 a | 1:3 b", "2:3 Unclosed"]),
            ("\"\"", &["1:1 "]),
            ("\"a\"\r", &["1:1 a"]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
