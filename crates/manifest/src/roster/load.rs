//! The files of rosters: found, read once, and surveyed.

use super::capped::Capped;
use super::path::RosterPath;
use super::row::Columns;
use super::rows::survey;
use crate::entry::{RosterEntry, RosterFormat};
use crate::merge::Merged;
use crate::source::{LoadedFile, SourceMap, Sources, decode};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use std::sync::Arc;

/// A roster whose files were read.
#[derive(Debug)]
pub(crate) struct Roster {
    /// Which of the manifest's rosters it is.
    pub(crate) entry: usize,
    pub(crate) files: Vec<RosterFile>,
    /// Rows in all of them.
    pub(crate) rows: usize,
}

/// One of its files.
#[derive(Debug)]
pub(crate) struct RosterFile {
    /// Which of the files that were read it is.
    pub(crate) file: usize,
    pub(crate) format: RosterFormat,
    pub(crate) columns: Arc<Columns>,
}

/// Reads the files of every roster.
pub(crate) fn load(
    merged: &Merged,
    sources: &dyn Sources,
    map: &mut SourceMap,
    problems: &mut Problems,
) -> Vec<Roster> {
    let mut capped = Capped::default();
    let mut rosters = Vec::with_capacity(merged.rosters.len());
    for (at, entry) in merged.rosters.iter().enumerate() {
        let Some(from) = &entry.value.from.0 else {
            continue;
        };
        let mut loading = Loading {
            entry: &entry.value,
            secret_cells: merged.secret_cells,
            from,
            map: &mut *map,
            problems: &mut *problems,
            capped: &mut capped,
        };
        let Some(files) = loading.files(sources) else {
            continue;
        };
        let before = loading.problems.found();
        let mut roster = Roster {
            entry: at,
            files: Vec::with_capacity(files.len()),
            rows: 0,
        };
        for file in files {
            loading.file(file, &mut roster);
        }
        if roster.rows == 0 && !entry.value.may_be_empty() && loading.problems.found() == before {
            problems.push(empty(&from.origin, "it has no row"));
        }
        rosters.push(roster);
    }
    capped.finish(problems);
    rosters
}

/// A roster that gives no account.
pub(crate) fn empty(origin: &Origin, reason: &str) -> Diagnostic {
    Diagnostic::error(code::EMPTY_ROSTER, "a roster without an account")
        .at(origin, reason)
        .detail("A file that was cut off or exported by mistake looks like this.")
        .hint("if it may be empty, say so: `empty: allow`")
}

struct Loading<'a> {
    entry: &'a RosterEntry,
    secret_cells: bool,
    from: &'a Sourced<String>,
    map: &'a mut SourceMap,
    problems: &'a mut Problems,
    capped: &'a mut Capped,
}

impl Loading<'_> {
    /// Finds and reads the files; `None` after telling why there are none.
    fn files(&mut self, sources: &dyn Sources) -> Option<Vec<LoadedFile>> {
        let origin = &self.from.origin;
        let path = match RosterPath::parse(&self.from.value) {
            Ok(path) => path,
            Err(reason) => {
                let summary = "a roster's path that cannot be used";
                let hint = if self.from.value.contains("://") {
                    "download it first, and name the file"
                } else {
                    "put the file beside the manifest, or into a folder below it"
                };
                self.problems.push(
                    Diagnostic::error(code::ROSTER_PATH, summary)
                        .at(origin, reason)
                        .hint(hint),
                );
                return None;
            }
        };
        let folder = self.map.file(&origin.file).map(|file| file.folder.clone());
        match sources.roster(&folder.unwrap_or_default(), &path) {
            Ok(files) if files.is_empty() => {
                let summary = "no file has the name of this roster";
                self.problems.push(
                    Diagnostic::error(code::NO_ROSTER, summary)
                        .at(origin, "fits no file")
                        .detail("The path starts at the manifest's folder.")
                        .hint("look at the name, its ending and upper and lower case"),
                );
                None
            }
            Ok(files) => Some(files),
            Err(error) => {
                self.problems.push(
                    Diagnostic::error(code::UNREADABLE, "a roster cannot be read")
                        .at(origin, "")
                        .detail(error.to_string())
                        .hint("the path starts at the manifest's folder, and names one file or a pattern"),
                );
                None
            }
        }
    }

    fn file(&mut self, file: LoadedFile, roster: &mut Roster) {
        let format = self.entry.format.get().copied();
        let Some(format) = format.or_else(|| RosterFormat::of_name(&file.name)) else {
            self.problems.push(
                Diagnostic::error(code::ROSTER_FORMAT, "a roster of an unknown kind")
                    .at(&self.from.origin, "its name does not say what it is")
                    .detail(format!("It was {}.", file.name))
                    .hint("add `format: csv`, `json`, `jsonl` or `yaml`"),
            );
            return;
        };
        let at = match self.map.position(&file.name) {
            Some(known) => known,
            None => match decode(file.bytes) {
                Ok(text) => self.map.add(&file.name, file.folder, text),
                Err((line, column, reason)) => {
                    let origin = Origin {
                        file: file.name.as_str().into(),
                        line,
                        column,
                        length: 1,
                    };
                    let problem = Diagnostic::error(code::NOT_TEXT, "the file is no text");
                    let problem = problem.at_hidden(&origin, reason);
                    self.problems
                        .push(problem.hint("a manifest and its rosters are text in UTF-8"));
                    return;
                }
            },
        };
        let source = &self.map.files()[at];
        let (capped, problems) = (&mut *self.capped, &mut *self.problems);
        let mut tell = |problem: Diagnostic| capped.push(&problem, problems);
        let survey = survey(source, format, &mut tell);
        if survey.secretive || self.secret_cells {
            self.map.hide_file(at);
        }
        if survey.broken {
            return;
        }
        roster.rows += survey.rows;
        roster.files.push(RosterFile {
            file: at,
            format,
            columns: Arc::new(survey.columns),
        });
    }
}
