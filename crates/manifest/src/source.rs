//! Where manifests come from, and their text with the start of each line.

use crate::lines::Lines;
use crate::roster::RosterPath;
use crate::secrecy::looks_like_a_key;
use gangplank_model::{Origin, SourceText};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// One file as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedFile {
    /// The file as the user named it, `-` for standard input.
    pub name: String,
    /// Its folder, as the user named it; `file` secrets are relative to it.
    pub folder: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Why a path argument could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {path}: {reason}")]
pub struct SourceError {
    /// The path as it was given.
    pub path: String,
    /// The reason, as the system told it.
    pub reason: String,
}

impl SourceError {
    /// Names a path and the reason.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            reason: reason.into(),
        }
    }
}

/// Reads path arguments; the command line reads the disk, tests read memory.
pub trait Sources {
    /// Reads a file, or every `*.yaml` and `*.yml` of a directory in the order of their names.
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError>;

    /// Reads the files that a path names below a manifest's folder, in the order of their names.
    /// None of them may lie outside of the folder, whatever links lead there.
    fn roster(&self, folder: &str, path: &RosterPath) -> Result<Vec<LoadedFile>, SourceError>;
}

/// Files in memory, by name.
#[derive(Clone, Debug, Default)]
pub struct MemorySources {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySources {
    /// Adds a file.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.to_owned(), bytes.into());
        self
    }
}

impl Sources for MemorySources {
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError> {
        let bytes = self
            .files
            .get(path)
            .ok_or_else(|| SourceError::new(path, "no such file"))?;
        let folder = path
            .rsplit_once('/')
            .map(|(folder, _)| folder)
            .unwrap_or_default();
        Ok(vec![LoadedFile {
            name: path.to_owned(),
            folder: folder.to_owned(),
            bytes: bytes.clone(),
        }])
    }

    fn roster(&self, folder: &str, path: &RosterPath) -> Result<Vec<LoadedFile>, SourceError> {
        let below = |name: &'_ str| match folder {
            "" => Some(name.to_owned()),
            folder => Some(name.strip_prefix(folder)?.strip_prefix('/')?.to_owned()),
        };
        let files = self.files.iter();
        let fitting = files.filter(|(name, _)| below(name).is_some_and(|it| path.fits_path(&it)));
        Ok(fitting
            .map(|(name, bytes)| LoadedFile {
                name: name.clone(),
                folder: folder.to_owned(),
                bytes: bytes.clone(),
            })
            .collect())
    }
}

/// The text of every file that was read.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    /// Lines on which a secret was written where a reference belongs.
    hidden: BTreeSet<(Arc<str>, u32)>,
    /// Files with a column that sounds like a secret; no line of theirs is shown.
    secretive: BTreeSet<Arc<str>>,
}

#[derive(Debug)]
pub(crate) struct SourceFile {
    pub(crate) name: Arc<str>,
    pub(crate) folder: String,
    pub(crate) text: String,
    lines: Lines,
}

impl SourceFile {
    pub(crate) fn new(name: &str, folder: String, text: String) -> Self {
        Self {
            name: name.into(),
            folder,
            lines: Lines::new(&text),
            text,
        }
    }

    /// A line (from 1) without its end.
    pub(crate) fn line(&self, line: u32) -> Option<&str> {
        let start = self.start(line)?;
        Some(self.lines.line(&self.text, start))
    }

    /// At most so many characters of a line, from a column (from 1) on.
    fn part(&self, line: u32, column: u32, most: u32) -> Option<&str> {
        let start = self.start(line)?;
        let after = column.saturating_sub(1);
        Some(self.lines.part(&self.text, start, after, most))
    }

    /// Whether something on a line looks like a key.
    fn may_hold_a_key(&self, line: u32) -> bool {
        self.start(line)
            .is_some_and(|start| self.lines.told(&self.text, start, looks_like_a_key))
    }

    /// A line (from 1), unless it is the nothing after the last line's end.
    pub(crate) fn content(&self, line: usize) -> Option<&str> {
        let line = u32::try_from(line).ok()?;
        let is_there = self.start(line)? < self.text.len();
        is_there.then(|| self.line(line))?
    }

    /// The byte at which a line (from 1) starts.
    pub(crate) fn start(&self, line: u32) -> Option<usize> {
        self.lines.start(&self.text, line)
    }

    /// The line and the column, from 1, of a byte.
    pub(crate) fn place(&self, at: usize) -> (u32, u32) {
        let before = &self.text[..at];
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        (number(lines), number(before[start..].chars().count()))
    }
}

impl SourceMap {
    /// Adds a file; returns which it is.
    pub(crate) fn add(&mut self, name: &str, folder: String, text: String) -> usize {
        self.files.push(SourceFile::new(name, folder, text));
        self.files.len() - 1
    }

    /// Which of the files has this name.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.files.iter().position(|file| &*file.name == name)
    }

    /// The names of the files that were read, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| &*file.name)
    }

    pub(crate) fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The file, where this line of it may be shown.
    fn shown(&self, file: &str, line: u32) -> Option<&SourceFile> {
        let file = self.file(file)?;
        let kept_back = self.secretive.contains(&file.name)
            || self.hidden.contains(&(file.name.clone(), line))
            || file.may_hold_a_key(line);
        (!kept_back).then_some(file)
    }

    pub(crate) fn file(&self, name: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| &*file.name == name)
    }

    /// From here on no line of this file is shown to anybody.
    pub(crate) fn hide_file(&mut self, at: usize) {
        if let Some(file) = self.files.get(at) {
            self.secretive.insert(file.name.clone());
        }
    }

    /// From here on these lines are shown to nobody.
    pub(crate) fn hide(&mut self, lines: &BTreeSet<(Arc<str>, u32)>) {
        self.hidden.extend(lines.iter().cloned());
    }

    /// SHA-256 in hexadecimal over the texts, each after its length, in the order of reading. The
    /// names do not count: the same manifests are the same in every checkout.
    pub(crate) fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for file in &self.files {
            hash.update((file.text.len() as u64).to_be_bytes());
            hash.update(file.text.as_bytes());
        }
        let mut hex = String::with_capacity(64);
        for byte in hash.finalize() {
            write!(hex, "{byte:02x}").expect("a string takes everything");
        }
        hex
    }

    /// The place of the `nth` (from 0) occurrence of a text at or after a place.
    pub(crate) fn find(&self, from: &Origin, text: &str, nth: usize) -> Option<Origin> {
        let file = self.file(&from.file)?;
        let mut left = nth;
        let mut column = from.column.max(1);
        // A place with a length is on one line, and the text nowhere else.
        let inside = from.length > 1;
        let last = if inside { from.line } else { u32::MAX };
        let most = if inside { from.length } else { u32::MAX };
        for number in from.line..=last {
            let part = file.part(number, column, most)?;
            if let Some((at, _)) = part.match_indices(text).nth(left) {
                let before = u32::try_from(part[..at].chars().count()).ok()?;
                return Some(Origin {
                    file: from.file.clone(),
                    line: number,
                    column: column.checked_add(before)?,
                    length: u32::try_from(text.chars().count()).ok()?,
                });
            }
            left -= part.match_indices(text).count();
            column = 1;
        }
        None
    }
}

impl SourceText for SourceMap {
    fn line(&self, file: &str, line: u32) -> Option<&str> {
        self.shown(file, line)?.line(line)
    }

    fn part(&self, file: &str, line: u32, column: u32, most: u32) -> Option<&str> {
        self.shown(file, line)?.part(line, column, most)
    }

    fn keeps_back(&self, file: &str, line: u32) -> bool {
        let there = self.file(file).is_some_and(|it| it.start(line).is_some());
        there && self.shown(file, line).is_none()
    }
}

/// What the first bytes of a file in another Unicode encoding look like, with or without its mark.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    const UTF_16: &str = "the file is UTF-16; save it as UTF-8";
    const UTF_32: &str = "the file is UTF-32; save it as UTF-8";
    match bytes {
        [0xFF, 0xFE, 0, 0, ..]
        | [0, 0, 0xFE, 0xFF, ..]
        | [1..=255, 0, 0, 0, ..]
        | [0, 0, 0, 1..=255, ..] => Some(UTF_32),
        [0xFE, 0xFF, ..]
        | [0xFF, 0xFE, ..]
        | [1..=255, 0, 1..=255, 0, ..]
        | [0, 1..=255, 0, 1..=255, ..] => Some(UTF_16),
        _ => None,
    }
}

/// Bytes to text, or what is wrong with them: the line, the column, and the reason with its remedy.
/// The bytes are not copied.
pub(crate) fn decode(mut bytes: Vec<u8>) -> Result<String, (u32, u32, &'static str)> {
    if let Some(encoding) = wide(&bytes) {
        return Err((1, 1, encoding));
    }
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        bytes.drain(..3);
    }
    if u32::try_from(bytes.len()).is_err() {
        return Err((1, 1, "the file is longer than 4 GiB; split it"));
    }
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let place = |bytes: &[u8], at: usize| {
        let before = &bytes[..at];
        let lines = before.split(|byte| *byte == b'\n').count();
        let line = before.rsplit(|byte| *byte == b'\n').next();
        let column = String::from_utf8_lossy(line.unwrap_or_default());
        (number(lines), number(column.chars().count() + 1))
    };
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let (line, column) = place(&bytes, at);
        let reason = "a NUL byte; name a text file, or delete the byte";
        return Err((line, column, reason));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let (line, column) = place(error.as_bytes(), at);
        (
            line,
            column,
            "this byte is not UTF-8; save the file as UTF-8",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_no_ends() {
        let mut map = SourceMap::default();
        map.add("a", String::new(), "one\r\ntwo\n\nfour".into());
        let lines: Vec<_> = (0..6).map(|number| map.line("a", number)).collect();
        assert_eq!(
            lines,
            [None, Some("one"), Some("two"), Some(""), Some("four"), None]
        );
        assert_eq!(map.line("b", 1), None);
    }

    #[test]
    fn only_text_is_read() {
        for (bytes, expected) in [
            (&b"\xEF\xBB\xBFversion: 1"[..], Ok("version: 1")),
            (b"\xFF\xFEv\0", Err((1, 1))),
            (b"a\nb\0", Err((2, 2))),
            (b"a\n\n\xC3\xA4b\xFF", Err((3, 3))),
        ] {
            let got = decode(bytes.to_vec());
            let got = got.as_deref();
            assert_eq!(got.map_err(|(line, column, _)| (*line, *column)), expected);
        }
    }

    #[test]
    fn the_digest_tells_files_apart_and_not_their_names() {
        let digest = |texts: &[(&str, &str)]| {
            let mut map = SourceMap::default();
            for (name, text) in texts {
                map.add(name, String::new(), (*text).to_owned());
            }
            map.digest()
        };
        assert_eq!(
            digest(&[("a", "x"), ("b", "y")]),
            digest(&[("c", "x"), ("d", "y")])
        );
        assert_ne!(digest(&[("a", "x"), ("b", "y")]), digest(&[("a", "xy")]));
        assert_eq!(digest(&[]).len(), 64);
    }
}
