//! The way from path arguments to desired state.

use crate::circle::{circles, told as told_circle};
use crate::entry::AccountEntry;
use crate::expression::{Expressions, Scope};
use crate::lower::{self, Lowering};
use crate::merge::{Merge, Merged};
use crate::profile::Profiles;
use crate::source::{SourceMap, Sources, decode};
use gangplank_model::{Desired, Diagnostic, Diagnostics, InstanceSpec, Origin, Problems, Sourced};
use std::collections::{HashMap, HashSet};

/// Files as given, joined and decoded, with their text.
#[derive(Debug, Default)]
pub struct Manifest {
    sources: SourceMap,
    merged: Merged,
    digest: String,
    /// Whether all that was written has been read.
    complete: bool,
}

/// Reads path arguments; every problem that the text alone shows is in the diagnostics.
pub fn load(sources: &dyn Sources, paths: &[String]) -> (Manifest, Diagnostics) {
    let mut problems = Problems::default();
    let mut map = SourceMap::default();
    let mut given = HashSet::new();
    for path in paths {
        if path.is_empty() {
            problems.push(no_path());
            continue;
        }
        // Standard input is read once only, so the argument is looked at before anything is read.
        if !given.insert(plain_path(path)) {
            problems.push(file_twice(path));
            continue;
        }
        match sources.read(path) {
            Ok(files) => {
                for file in files {
                    if plain_path(&file.name) != plain_path(path)
                        && !given.insert(plain_path(&file.name))
                    {
                        problems.push(file_twice(&file.name));
                        continue;
                    }
                    match decode(&file.bytes) {
                        Ok(text) => map.add(&file.name, file.folder, text),
                        Err((line, reason)) => problems.push(no_text(&file.name, line, reason)),
                    }
                }
            }
            Err(error) => problems.push(
                Diagnostic::error("unreadable", "a manifest cannot be read")
                    .detail(error.to_string()),
            ),
        }
    }
    let mut merge = Merge::default();
    for file in map.files() {
        merge.file(file, &mut problems);
    }
    let merged = merge.finish(&mut problems);
    Profiles::new(&merged).check(&mut problems);
    map.hide(problems.hidden());
    let digest = map.digest();
    let diagnostics = problems.finish();
    let complete = !diagnostics.has_errors();
    (
        Manifest {
            sources: map,
            merged,
            digest,
            complete,
        },
        diagnostics,
    )
}

/// A path without what says nothing: `./a//b/` is `a/b`.
fn plain_path(path: &str) -> String {
    let root = if path.starts_with('/') { "/" } else { "" };
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    format!("{root}{}", parts.join("/"))
}

fn no_path() -> Diagnostic {
    Diagnostic::error("no-path", "a path argument is empty")
        .hint("a variable of the shell or the CI system may be empty or misspelt")
}

fn file_twice(path: &str) -> Diagnostic {
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
    Diagnostic::error("file-twice", summary)
        .detail(detail)
        .hint("name it once")
}

fn no_text(file: &str, line: u32, reason: &str) -> Diagnostic {
    let origin = Origin {
        file: file.into(),
        line,
        column: 1,
        length: 1,
    };
    Diagnostic::error("not-text", "the file is no text").at_hidden(&origin, reason)
}

impl Manifest {
    /// The text of the files; a line on which a literal secret stands is not in it.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The names of the instances that are declared, in the order of the files.
    pub fn instances(&self) -> impl ExactSizeIterator<Item = &str> {
        self.merged
            .instances
            .iter()
            .map(|(key, _)| key.text.as_str())
    }

    /// What is wanted of an instance: the named one, the default one, or the only one.
    pub fn desired(&self, instance: Option<&str>) -> (Desired, Diagnostics) {
        let mut problems = Problems::default();
        let expressions = Expressions::new();
        let mut desired = Desired {
            instance: None,
            accounts: Vec::new(),
            digest: self.digest.clone(),
        };
        let Ok(chosen) = lower::choose(&self.merged, instance, &mut problems) else {
            return (desired, problems.finish());
        };
        let mut lowering = Lowering {
            sources: &self.sources,
            expressions: &expressions,
            scope: Scope::new("", &[]),
            complete: self.complete,
            rehearsal: false,
            problems: &mut problems,
        };
        let spec = chosen.and_then(|named| lower::instance(named, &mut lowering));
        // What is wrong with another one is told now, not on the day on which it is chosen.
        for (key, entry) in &self.merged.instances {
            if chosen.is_none_or(|(chosen, _)| chosen.text != key.text) {
                lower::instance((key, entry), &mut lowering);
            }
        }
        let region = chosen.and_then(|(_, entry)| entry.value.region.get());
        let known = known(spec.as_ref(), region.map(|region| region.name));
        let mut profiles = Profiles::new(&self.merged);
        desired.accounts.reserve(self.merged.accounts.len());
        for entry in &self.merged.accounts {
            let id = entry.value.id.get().map_or("", String::as_str);
            lowering.scope = Scope::new(id, &known);
            let body = profiles.expand(&entry.value);
            desired
                .accounts
                .extend(lower::account(entry, &body, &mut lowering));
        }
        // A profile that no account uses is checked as far as it goes by itself.
        lowering.complete = false;
        lowering.rehearsal = true;
        for (key, _) in self.merged.profiles.values() {
            let entry = AccountEntry::of_profile(key);
            lowering.scope = Scope::new(&key.text, &known);
            let body = profiles.expand(&entry);
            lower::account(
                &Sourced::new(entry, key.origin.clone()),
                &body,
                &mut lowering,
            );
        }
        parent_circles(&desired, &mut problems);
        desired.instance = spec;
        (desired, problems.finish())
    }
}

/// What expressions may say of the instance.
fn known<'a>(
    spec: Option<&'a InstanceSpec>,
    region: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    let mut known = Vec::new();
    if let Some(spec) = spec {
        known.push(("name", spec.name.as_str()));
        known.extend(
            spec.service_domain
                .as_deref()
                .map(|domain| ("service_domain", domain)),
        );
    }
    known.extend(region.map(|region| ("region", region)));
    known
}

/// Accounts that are each other's parents cannot be created. Every account is walked over once.
fn parent_circles(desired: &Desired, problems: &mut Problems) {
    let parents: HashMap<&str, _> = desired
        .accounts
        .iter()
        .filter_map(|account| Some((account.id.as_str(), account.parent.as_ref()?)))
        .collect();
    let next = |id: &str| parents.get(id).map(|parent| parent.value.as_str());
    for circle in circles(parents.keys().copied(), next) {
        if circle.len() > 1 {
            let path = told_circle(&circle);
            problems.push(
                Diagnostic::error("parent-circle", "accounts are each other's parents")
                    .at(&parents[circle[0]].origin, "")
                    .detail(format!("The circle is {path}.")),
            );
        }
    }
}
