//! A roster's file as rows, whatever it is written in.

use super::csv::{CsvCell, CsvFault, CsvFaultKind, CsvReader};
use super::json::{JsonFault, JsonReader};
use super::row::{Cell, Columns, Row};
use crate::entry::RosterFormat;
use crate::node::{Kind, Node};
use crate::parse::{Reader, hidden, wrong};
use crate::secrecy::{has_secret_word, speaks};
use crate::source::SourceFile;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin};
use minijinja::Value;
use std::sync::Arc;

/// Columns of a file; each row has a cell for each.
pub(super) const MOST_COLUMNS: usize = 1000;

/// What is to be known of a file before its rows are read.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) columns: Columns,
    /// Rows that make an account each.
    pub(crate) rows: usize,
    /// Whether a column sounds like a secret.
    pub(crate) secretive: bool,
    /// Whether the header is such that no row can be read.
    pub(crate) broken: bool,
}

/// Goes over a file once and tells of everything that is wrong with its form. `None` where nothing
/// can be read.
pub(crate) fn survey(
    file: &SourceFile,
    format: RosterFormat,
    tell: &mut dyn FnMut(Diagnostic),
) -> Survey {
    let mut survey = Survey::default();
    if format == RosterFormat::Csv {
        let mut header: Option<usize> = None;
        records(&file.text, &mut |record| match (record, header) {
            (Ok(cells), None) => {
                header = Some(cells.len());
                read_header(file, cells, &mut survey, tell);
            }
            (Ok(cells), Some(columns)) => {
                if survey.broken {
                    return;
                }
                if cells.len() != columns {
                    tell(ragged(file, cells, columns));
                } else if cells.iter().any(|cell| !cell.text.is_empty()) {
                    survey.rows += 1;
                }
            }
            (Err(fault), _) => {
                header = header.or(Some(0));
                tell(quotes(file, fault));
            }
        });
        return survey;
    }
    nodes(file, format, &mut |node| match node {
        Ok(node) => {
            survey.secretive |= has_secret_word(&node);
            match &node.kind {
                Kind::Map(entries) => {
                    survey.rows += 1;
                    for (key, _) in entries {
                        if survey.broken || survey.columns.find(&key.text).is_some() {
                            continue;
                        }
                        survey.columns.add(&key.text);
                        if survey.columns.names().len() > MOST_COLUMNS {
                            survey.broken = true;
                            tell(too_many_columns(&key.origin));
                        }
                    }
                }
                // No column says what it is.
                _ => tell(hidden(wrong(
                    &node,
                    "a map",
                    "each row is a map of columns and cells",
                ))),
            }
        }
        Err(problem) => tell(problem),
    });
    survey
}

/// Goes over the rows of a file that was surveyed; what is wrong with its form was told then.
pub(crate) fn rows(
    file: &SourceFile,
    format: RosterFormat,
    columns: &Arc<Columns>,
    each: &mut dyn FnMut(Row),
) {
    if format != RosterFormat::Csv {
        nodes(file, format, &mut |node| {
            if let Ok(Node {
                origin,
                kind: Kind::Map(entries),
            }) = node
            {
                each(Row::of_map(&origin, columns.clone(), entries));
            }
        });
        return;
    }
    let mut header = true;
    records(&file.text, &mut |record| {
        let first = std::mem::take(&mut header);
        let Ok(cells) = record else {
            return;
        };
        if first || cells.len() != columns.names().len() {
            return;
        }
        let Some(start) = cells.first() else {
            return;
        };
        let origin = origin(file, start.line, start.column, 1);
        let row = Row::new(&origin, columns.clone(), cells.iter().map(cell).collect());
        if !row.is_blank() {
            each(row);
        }
    });
}

fn cell(cell: &CsvCell<'_>) -> Cell {
    Cell {
        line: cell.line,
        column: cell.column,
        length: cell.length,
        value: if cell.text.is_empty() {
            Value::UNDEFINED
        } else {
            Value::from(&*cell.text)
        },
        node: None,
    }
}

fn origin(file: &SourceFile, line: u32, column: u32, length: u32) -> Origin {
    Origin {
        file: file.name.clone(),
        line,
        column,
        length: length.max(1),
    }
}

/// A record of a CSV file, or what is wrong with it.
type Record<'a, 'b> = Result<&'b [CsvCell<'a>], CsvFault>;

fn records<'a>(text: &'a str, each: &mut dyn FnMut(Record<'a, '_>)) {
    let mut reader = CsvReader::new(text);
    let mut cells = Vec::new();
    loop {
        match reader.row(&mut cells) {
            Ok(false) => return,
            Ok(true) => each(Ok(&cells)),
            Err(fault) => each(Err(fault)),
        }
    }
}

fn read_header(
    file: &SourceFile,
    cells: &[CsvCell<'_>],
    survey: &mut Survey,
    tell: &mut dyn FnMut(Diagnostic),
) {
    survey.secretive = cells.iter().any(|cell| speaks(&cell.text));
    let place = |cell: &CsvCell<'_>| origin(file, cell.line, cell.column, cell.length);
    if let [first, ..] = cells
        && first.text.starts_with("sep=")
    {
        survey.broken = true;
        tell(
            Diagnostic::error(
                code::BAD_COLUMN,
                "a line for spreadsheets in the place of the header",
            )
            .at(&place(first), "")
            .hint("take this line away; columns are separated by commas"),
        );
        return;
    }
    if let Some(cell) = cells.iter().find(|cell| cell.text.contains('\r')) {
        survey.broken = true;
        tell(
            Diagnostic::error(code::BAD_COLUMN, "a column's name holds a carriage return")
                .at(&place(cell), "no line feed follows it")
                .hint("save the file with line feeds (\"LF\") or with both (\"CRLF\")"),
        );
        return;
    }
    if let [only] = cells
        && let Some(at) = only.text.find([';', '\t', '|'])
    {
        survey.broken = true;
        let before = u32::try_from(only.text[..at].chars().count()).unwrap_or(0);
        let sign = match only.text[at..].chars().next() {
            Some('\t') => "a tab".to_owned(),
            other => format!("`{}`", other.unwrap_or(';')),
        };
        tell(
            Diagnostic::error(code::WRONG_DELIMITER, "columns that no comma separates")
                .at(
                    &origin(file, only.line, only.column.saturating_add(before), 1),
                    format!("{sign} stands where a comma belongs"),
                )
                .hint("save it as CSV with commas (\"comma-separated\", \"UTF-8\")"),
        );
        return;
    }
    if let Some(cell) = cells.get(MOST_COLUMNS) {
        survey.broken = true;
        tell(too_many_columns(&place(cell)));
        return;
    }
    for cell in cells {
        let name = &*cell.text;
        let problem = if name.is_empty() {
            Some((
                code::EMPTY_COLUMN,
                "a column without a name",
                "name it, or take the column away",
            ))
        } else if name.trim() != name {
            Some((
                code::BAD_COLUMN,
                "a column's name starts or ends with a blank",
                "take the blank away",
            ))
        } else if name.chars().any(char::is_control) {
            let hint = "a name is one line; the file's lines end with a line feed";
            Some((
                code::BAD_COLUMN,
                "a column's name holds a control character",
                hint,
            ))
        } else {
            None
        };
        if let Some((kind, summary, hint)) = problem {
            survey.broken = true;
            let problem = Diagnostic::error(kind, summary);
            tell(problem.at(&place(cell), "").hint(hint));
        } else if let Some(first) = survey.columns.add(name) {
            survey.broken = true;
            tell(
                Diagnostic::error(code::DUPLICATE_COLUMN, "two columns of one name")
                    .at(&place(cell), "again here")
                    .at(&place(&cells[first]), "first here")
                    .hint("give one of them another name"),
            );
        }
    }
}

fn too_many_columns(origin: &Origin) -> Diagnostic {
    Diagnostic::error(code::TOO_MANY_COLUMNS, "a roster with too many columns")
        .at(origin, "this one is too much")
        .detail(format!(
            "A file has at most {MOST_COLUMNS}, all its rows together."
        ))
        .hint("keys that differ from row to row belong into one list or map")
}

fn ragged(file: &SourceFile, cells: &[CsvCell<'_>], columns: usize) -> Diagnostic {
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let summary = "a row that is not as long as the header";
    let said = format!(
        "{}{} cell{} in this row, {columns} column{} in the header",
        if cells.len() > MOST_COLUMNS {
            "at least "
        } else {
            ""
        },
        cells.len(),
        s(cells.len()),
        s(columns)
    );
    // The first cell too many, or the last one before those that are missing.
    let place = cells.get(columns).or(cells.last());
    let place = place.map_or_else(
        || origin(file, 1, 1, 1),
        |cell| origin(file, cell.line, cell.column, cell.length),
    );
    Diagnostic::error(code::RAGGED_ROW, summary)
        .at(&place, said)
        .hint("a cell with a comma in it stands in double quotes; an empty one keeps its comma")
}

fn quotes(file: &SourceFile, fault: CsvFault) -> Diagnostic {
    let (summary, text, hint) = match fault.kind {
        CsvFaultKind::Unclosed => (
            "a quoted cell without an end",
            "this quote is never closed",
            "close it; a quote inside of a quoted cell is written twice",
        ),
        CsvFaultKind::AfterQuote => (
            "text after a quoted cell",
            "a comma or the end of the line is expected here",
            "a quote inside of a quoted cell is written twice",
        ),
        CsvFaultKind::InsideCell => (
            "a quote inside of a cell that is not quoted",
            "this quote",
            "put the whole cell into quotes, and write this one twice",
        ),
    };
    // Where a cell begins and ends is not known, and so neither is what is in it.
    Diagnostic::error(code::CSV_QUOTE, summary)
        .at_hidden(&origin(file, fault.line, fault.column, 1), text)
        .hint(hint)
}

/// Goes over the rows of a file whose rows are maps, one at a time.
fn nodes(file: &SourceFile, format: RosterFormat, each: &mut dyn FnMut(Result<Node, Diagnostic>)) {
    match format {
        RosterFormat::Csv => {}
        RosterFormat::Yaml => {
            Reader::new(file).rows(each);
        }
        RosterFormat::Json | RosterFormat::JsonLines => {
            let mut reader = JsonReader::new(file.name.clone(), &file.text);
            let read = if format == RosterFormat::Json {
                json_list(&mut reader, each)
            } else {
                json_lines(&mut reader, each)
            };
            if let Err(fault) = read {
                each(Err(no_json(&fault)));
            }
        }
    }
}

fn json_list(
    reader: &mut JsonReader<'_>,
    each: &mut dyn FnMut(Result<Node, Diagnostic>),
) -> Result<(), JsonFault> {
    if reader.peek().is_none() {
        return Ok(());
    }
    if !reader.take('[') {
        return reader
            .fault("a list of rows starts with `[`; with an object a line, it is `jsonl`");
    }
    if !reader.take(']') {
        loop {
            each(Ok(reader.row(2)?));
            if reader.take(']') {
                break;
            }
            if !reader.take(',') {
                return reader.fault("`,` or `]` is expected here");
            }
        }
    }
    match reader.peek() {
        None => Ok(()),
        Some(_) => reader.fault("nothing is expected after the list of rows"),
    }
}

fn json_lines(
    reader: &mut JsonReader<'_>,
    each: &mut dyn FnMut(Result<Node, Diagnostic>),
) -> Result<(), JsonFault> {
    let mut last = 0;
    while reader.peek().is_some() {
        if reader.line() == last {
            return reader.fault("each row has a line of its own");
        }
        let first = reader.line();
        let node = reader.row(1)?;
        last = reader.line();
        if first != last {
            return Err(JsonFault {
                origin: node.origin,
                reason: "a row stands on one line; a file with one list is `json`",
            });
        }
        each(Ok(node));
    }
    Ok(())
}

fn no_json(fault: &JsonFault) -> Diagnostic {
    let hint = match fault.reason {
        it if it.contains("starts with `[`") => {
            "write `[` before the first row and `]` after the last, or name the file .jsonl"
        }
        it if it.contains("twice") => "take one of the two away",
        it if it.contains("at most") => "look for a bracket that repeats by mistake",
        it if it.contains("the file ends") => "the file was cut off; export it again",
        it if it.contains("one line") || it.contains("of its own") => {
            "put each row on one line, or make it a list and name the file .json"
        }
        it if it.contains("escape") => {
            "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits, whose halves of a pair stand together"
        }
        it if it.contains("ends on its line") => {
            "close it with a double quote; a control character in it is written as \\u and four digits"
        }
        it if it.contains("a value is expected") => {
            "JSON has no comments and no comma after the last item"
        }
        it if it.contains("double quotes") => {
            "JSON has no single quotes, no words but true, false and null, and no numbers with a leading zero"
        }
        _ => "look for a comma, colon or bracket that is missing or too many",
    };
    // What stands on the line is anybody's guess.
    let problem = Diagnostic::error(code::JSON_SYNTAX, "this is no JSON").hint(hint);
    problem.at_hidden(&fault.origin, fault.reason)
}
