//! Text to its layout, and the proof that it still says the same.

use super::comments::{comments, in_columns};
use crate::node::{Kind, Node};
use crate::parse::Reader;
use crate::source::{LoadedFile, SourceFile, SourceMap, decode};
use gangplank_model::{Diagnostic, Diagnostics, Origin, Problems, code};
use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions};
use rowan::ast::AstNode as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use yaml_parser::ast::Root;

/// The longest file that is laid out, in bytes: its tree takes a hundred times as much memory.
const LONGEST: usize = 32 << 20;
/// Columns before a flow map or list is broken into lines.
const WIDTH: usize = 120;
/// The comment that keeps what follows it as it is.
const SKIP: &str = "fmt: skip";

/// A file in its layout.
#[derive(Debug)]
pub struct Formatted {
    /// The text, or what is wrong with it.
    pub text: Result<String, Diagnostics>,
    /// Whether it was laid out so before, to the byte.
    pub unchanged: bool,
    /// The text that the diagnostics point into.
    pub sources: SourceMap,
}

/// Lays out a manifest or a YAML roster. What is broken is told and not touched; and so is a file
/// that would say something else afterwards, which is our own mistake.
pub fn format(file: LoadedFile) -> Formatted {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    let before = file.bytes.clone();
    let laid_out = match decode(file.bytes) {
        Ok(text) => {
            let at = sources.add(&file.name, file.folder, text);
            let source = &sources.files()[at];
            lay_out(&source.name.clone(), &source.text, &mut problems)
        }
        Err((line, column, reason)) => {
            let problem = Diagnostic::error(code::NOT_TEXT, "the file is no text");
            let origin = place(&file.name.as_str().into(), line, column);
            problems.push(problem.at_hidden(&origin, reason));
            None
        }
    };
    sources.hide(problems.hidden());
    let diagnostics = problems.finish();
    let text = laid_out.filter(|_| !diagnostics.has_errors());
    Formatted {
        unchanged: text.as_ref().is_some_and(|it| it.as_bytes() == before),
        text: text.ok_or(diagnostics),
        sources,
    }
}

fn lay_out(name: &Arc<str>, text: &str, problems: &mut Problems) -> Option<String> {
    let file = |text: &str| SourceFile::new(name, String::new(), text.to_owned());
    let written = file(text);
    let meaning = Reader::new(&written).tree(problems).ok()?;
    if problems.found() > 0 {
        return None;
    }
    if text.len() > LONGEST {
        let mebibytes = LONGEST >> 20;
        problems.push(
            Diagnostic::error(
                code::TOO_LONG_TO_FORMAT,
                "a file that is too long to lay out",
            )
            .at_hidden(&place(name, 1, 1), "")
            .detail(format!("Up to {mebibytes} MiB are laid out."))
            .hint("split it into several files; a directory is read whole"),
        );
        return None;
    }
    let laid_out = match printed(text) {
        Ok(laid_out) => laid_out,
        Err(offset) => {
            problems.push(unknown_form(&of_offset(name, text, offset)));
            return None;
        }
    };
    let mut again = Problems::default();
    let printed_again = file(&laid_out);
    let after = Reader::new(&printed_again).tree(&mut again);
    let same = after.is_ok_and(|after| same(meaning.as_ref(), after.as_ref()));
    if !same || again.found() > 0 {
        problems.push(unknown_form(&place(name, 1, 1)));
        return None;
    }
    Some(laid_out)
}

/// The text in its layout, or the byte at which something stands that the layout does not know.
/// What comes out is laid out once more, to see that nothing moves any more and that every comment
/// is still there.
fn printed(text: &str) -> Result<String, usize> {
    // YAML itself does not tell the two ends of a line apart.
    let text = text.replace("\r\n", "\n");
    let print = |text: &str| {
        // The library has places where it gives up; nothing of ours is left half done by it.
        let printed = catch_unwind(AssertUnwindSafe(|| {
            let tree = yaml_parser::parse(text).map_err(|error| error.offset())?;
            let comments = comments(text, &tree);
            let root = Root::cast(tree).ok_or(0_usize)?;
            Ok((pretty_yaml::print_tree(&root, &options()), comments))
        }));
        printed.unwrap_or(Err(0))
    };
    let (first, before) = print(&text)?;
    let (second, after) = print(&first).map_err(|_| 0_usize)?;
    let texts = |comments: &[super::comments::Comment]| {
        let texts = comments.iter().map(|comment| comment.text.clone());
        texts.collect::<Vec<_>>()
    };
    if first != second || texts(&before) != texts(&after) {
        return Err(0);
    }
    let text = in_columns(&first, &after, &before);
    Ok(text.trim_start_matches('\n').to_owned())
}

fn options() -> FormatOptions {
    FormatOptions {
        layout: LayoutOptions {
            print_width: WIDTH,
            ..LayoutOptions::default()
        },
        language: LanguageOptions {
            // Blanks at the end of a line are part of a block's text.
            trim_trailing_whitespaces: false,
            ignore_comment_directive: SKIP.to_owned(),
            ..LanguageOptions::default()
        },
    }
}

fn unknown_form(origin: &Origin) -> Diagnostic {
    Diagnostic::error(
        code::NOT_FORMATTED,
        "a way to write YAML that cannot be laid out",
    )
    .at_hidden(origin, "from here on")
    .detail(
        "The file is right, and is left as it is. This is a gap in the layout; please report it.",
    )
    .hint(format!(
        "a comment `# {SKIP}` above an entry leaves it as it is"
    ))
}

fn place(name: &Arc<str>, line: u32, column: u32) -> Origin {
    Origin {
        file: name.clone(),
        line,
        column,
        length: 1,
    }
}

fn of_offset(name: &Arc<str>, text: &str, offset: usize) -> Origin {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    place(
        name,
        number(before.matches('\n').count()),
        number(line.chars().count()),
    )
}

/// Whether two trees say the same, wherever it stands.
fn same(one: Option<&Node>, other: Option<&Node>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return one.is_none() && other.is_none();
    };
    match (&one.kind, &other.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(one), Kind::Bool(other)) => one == other,
        (Kind::Number(one), Kind::Number(other)) | (Kind::Text(one), Kind::Text(other)) => {
            one == other
        }
        (Kind::List(one), Kind::List(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len() && pairs.all(|(one, other)| same(Some(one), Some(other)))
        }
        (Kind::Map(one), Kind::Map(other)) => {
            let mut pairs = one.iter().zip(other);
            one.len() == other.len()
                && pairs.all(|((key, one), (other_key, other))| {
                    key.text == other_key.text && same(Some(one), Some(other))
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(text: &str) -> Result<String, String> {
        let formatted = format(LoadedFile {
            name: "m.yaml".to_owned(),
            folder: String::new(),
            bytes: text.into(),
        });
        assert_eq!(
            formatted.unchanged,
            formatted.text.as_deref() == Ok(text),
            "{text}"
        );
        formatted.text.map_err(|diagnostics| {
            let told = diagnostics.iter().map(|it| {
                let label = &it.labels[0];
                format!("{} {}", label.origin, it.code)
            });
            told.collect::<Vec<_>>().join(", ")
        })
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let got = laid_out(text).unwrap();
        assert_eq!(got, expected, "{text:?}");
        assert_eq!(laid_out(&got).unwrap(), expected, "once more: {text:?}");
    }

    #[test]
    fn the_layout_is_one() {
        for (text, expected) in [
            ("a:   1\nb:  [x,y ]", "a: 1\nb: [x, y]\n"),
            (
                "a:\n- x\n-   y: 1\n    \n    z: 2\n",
                "a:\n  - x\n  - y: 1\n\n    z: 2\n",
            ),
            ("a:\r\n    b: 1\r\n    c: 2\r\n", "a:\n  b: 1\n  c: 2\n"),
            ("\u{feff}a: 1", "a: 1\n"),
            (
                "a: 'x'\nb: 'it''s'\nc: '1.50'\nd: 1.50\n",
                "a: \"x\"\nb: 'it''s'\nc: \"1.50\"\nd: 1.50\n",
            ),
            ("a: {b: 1,c: {d: x}}", "a: { b: 1, c: { d: x } }\n"),
            ("\n\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"),
            (
                "a: |\n    two\n      lines  \nb: >-\n   folded\n   text\n",
                "a: |\n  two\n    lines  \nb: >-\n  folded\n  text\n",
            ),
            ("---\na: 1\n", "---\na: 1\n"),
            ("# only a comment\n", "# only a comment\n"),
            ("", ""),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn comments_stay_and_keep_their_columns() {
        for (text, expected) in [
            ("a: 1 # x\n", "a: 1 # x\n"),
            ("a:     1 # x\n", "a: 1 # x\n"),
            (
                "a:  1      # x\nbb: 22     # y\n",
                "a: 1       # x\nbb: 22     # y\n",
            ),
            (
                "a:\n    b: 1     # x\n    cc: [1,2] # y\n",
                "a:\n  b: 1       # x\n  cc: [1, 2] # y\n",
            ),
            ("ä:  ü   # x\n", "ä: ü    # x\n"),
            (
                "# top\n\na: 1\n  # deep\nb: 2\n# end",
                "# top\n\na: 1\n# deep\nb: 2\n# end\n",
            ),
            ("a: [1, # one\n  2]\n", "a: [\n  1, # one\n  2,\n]\n"),
            (
                "# fmt: skip\na:   1\nb:   2\n",
                "# fmt: skip\na:   1\nb:   2\n",
            ),
            (
                "a:   1\n# fmt: skip\nb:   {x:   1}\nc:   2\n",
                "a: 1\n# fmt: skip\nb:   {x:   1}\nc: 2\n",
            ),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn broken_files_are_told_of() {
        for (text, expected) in [
            ("a: [1\n", "m.yaml:1:6 yaml-syntax"),
            ("a: 1\na: 2\n", "m.yaml:2:1 duplicate-key"),
            ("a: !tag 1\n", "m.yaml:1:4 tag"),
            ("a: 1\n---\nb: 2\n", "m.yaml:2:1 several-documents"),
            ("a\0", "m.yaml:1:2 not-text"),
        ] {
            assert_eq!(laid_out(text), Err(expected.to_owned()), "{text:?}");
        }
    }
}
