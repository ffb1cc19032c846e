//! Path arguments and the files that they name.

use crate::source::{LoadedFile, SourceMap, decode};
use gangplank_model::{Diagnostic, Origin, Problems, code};

/// Adds a file; `None` after telling why it is no text.
pub(crate) fn add(file: LoadedFile, map: &mut SourceMap, problems: &mut Problems) -> Option<usize> {
    match decode(file.bytes) {
        Ok(text) => Some(map.add(&file.name, file.folder, text)),
        Err((line, column, reason)) => {
            problems.push(no_text(&file.name, (line, column), reason));
            None
        }
    }
}

/// A path without what says nothing: `./a//b/` is `a/b`.
pub(crate) fn plain_path(path: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    format!("{root}{}", parts.join("/"))
}

pub(crate) fn no_path() -> Diagnostic {
    Diagnostic::error(code::NO_PATH, "a path argument is empty")
        .hint("a variable of the shell or the CI system may be empty or misspelt")
}

pub(crate) fn file_twice(path: &str) -> Diagnostic {
    let (summary, detail) = if path == "-" {
        (
            "standard input is given twice",
            "`-` stands for standard input, which can be read once.".to_owned(),
        )
    } else {
        (
            "a manifest is given twice",
            format!("{path} is among the path arguments, or in their directories, twice."),
        )
    };
    Diagnostic::error(code::FILE_TWICE, summary)
        .detail(detail)
        .hint("name it once")
}

fn no_text(file: &str, (line, column): (u32, u32), reason: &str) -> Diagnostic {
    let origin = Origin {
        file: file.into(),
        line,
        column,
        length: 1,
    };
    Diagnostic::error(code::NOT_TEXT, "the file is no text")
        .at_hidden(&origin, reason)
        .hint("a manifest and its rosters are text in UTF-8")
}
