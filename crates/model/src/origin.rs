//! Where a value was written.

use std::fmt;
use std::sync::Arc;

/// A place in a manifest: file, line and column, both from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The file as the user named it, `-` for standard input.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters of what stands there, at least 1.
    pub length: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A value together with the place where it was written.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it was written, after expansion of profiles and defaults.
    pub origin: Origin,
}

/// Two values are equal wherever they were written.
impl<T: PartialEq> PartialEq for Sourced<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Sourced<T> {}

impl<T> Sourced<T> {
    /// Joins a value and its place.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Applies a function to the value and keeps the place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced {
            value: change(self.value),
            origin: self.origin,
        }
    }
}

/// The text of the files that were read, for showing a line below a message.
pub trait SourceText {
    /// Returns a line (from 1) without its end, when the file is known and has so many lines.
    fn line(&self, file: &str, line: u32) -> Option<&str>;

    /// At most so many characters of such a line, from a column (from 1) on. Lines may be very long, and
    /// problems many: whoever can find a column without going over the line does.
    fn part(&self, file: &str, line: u32, column: u32, most: u32) -> Option<&str> {
        let line = self.line(file, line)?;
        Some(part(line, column.saturating_sub(1), most))
    }

    /// Whether there is such a line, and it is kept back since it may hold a secret.
    fn keeps_back(&self, _file: &str, _line: u32) -> bool {
        false
    }
}

/// At most so many characters of a text, after some.
pub fn part(text: &str, after: u32, most: u32) -> &str {
    let from = |text: &str, count: u32| {
        let mut places = text.char_indices();
        let place = usize::try_from(count)
            .ok()
            .and_then(|count| places.nth(count));
        place.map_or(text.len(), |(at, _)| at)
    };
    let text = &text[from(text, after)..];
    &text[..from(text, most)]
}
