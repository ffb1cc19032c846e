//! The house keeps its walls: arrows, lints and file lengths.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// No source file may be longer.
const LONGEST: usize = 600;

type Arrows = BTreeMap<(String, &'static str), BTreeSet<String>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .current_dir(root())
        .no_deps()
        .other_options(["--offline".into()])
        .exec()
        .unwrap()
}

fn room(package: &str) -> Option<&str> {
    if package == "gangplank" {
        Some("cli")
    } else {
        package.strip_prefix("gangplank-")
    }
}

fn drawn() -> Arrows {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let block = page
        .split("```arrows\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let mut arrows = Arrows::new();
    for line in block.expect("ARCHITECTURE.md has an arrows block").lines() {
        let (from, kind, to) = if let Some((from, to)) = line.split_once(" -> ") {
            (from, "uses", to)
        } else {
            let (from, to) = line.split_once(" ~> ").expect("`a -> b` or `a ~> b`");
            (from, "uses in tests", to)
        };
        arrows.insert(
            (from.to_owned(), kind),
            to.split(", ").map(str::to_owned).collect(),
        );
    }
    arrows
}

fn built(packages: &[Package]) -> Arrows {
    let mut arrows = Arrows::new();
    for package in packages {
        let Some(from) = room(&package.name) else {
            continue;
        };
        for dependency in &package.dependencies {
            let Some(to) = room(&dependency.name) else {
                continue;
            };
            let kind = match dependency.kind {
                DependencyKind::Development => "uses in tests",
                _ => "uses",
            };
            arrows
                .entry((from.to_owned(), kind))
                .or_default()
                .insert(to.to_owned());
        }
    }
    // A room that a test uses with a feature for tests is no arrow of its own.
    let used = arrows.clone();
    for ((from, kind), to) in &mut arrows {
        if *kind == "uses in tests"
            && let Some(already) = used.get(&(from.clone(), "uses"))
        {
            to.retain(|room| !already.contains(room));
        }
    }
    arrows.retain(|_, to| !to.is_empty());
    arrows
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn arrows_are_those_of_the_architecture_page() {
    assert_eq!(built(&metadata().packages), drawn());
}

#[test]
fn the_client_and_the_sandbox_do_not_know_each_other() {
    for ((from, _), to) in built(&metadata().packages) {
        assert!(
            from != "cyclr" && from != "sandbox",
            "{from} must stand alone, and uses {to:?}"
        );
        assert!(!to.contains("cli"), "nothing uses cli, but {from} does");
    }
}

#[test]
fn every_crate_of_ours_has_the_workspace_lints() {
    let packages = metadata().packages;
    assert_eq!(
        packages
            .iter()
            .filter(|package| room(&package.name).is_some())
            .count(),
        11
    );
    for package in packages {
        let text = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(
            text.contains("[lints]\nworkspace = true"),
            "{} lacks the lints",
            package.name
        );
        let own = text.lines().find(|line| line.contains("version = \""));
        assert_eq!(
            own, None,
            "{}: versions belong to the workspace",
            package.name
        );
    }
}

#[test]
fn no_source_file_is_too_long() {
    let mut found = Vec::new();
    sources(&root().join("crates"), &mut found);
    sources(&root().join("tests"), &mut found);
    assert!(found.len() > 50, "only {} source files found", found.len());
    for path in found {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(
            lines <= LONGEST,
            "{} has {lines} lines; split it by noun",
            path.display()
        );
    }
}

#[test]
fn every_source_file_says_what_it_is() {
    let mut found = Vec::new();
    sources(&root().join("crates"), &mut found);
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} does not begin with `//! `",
            path.display()
        );
    }
}

#[test]
fn the_architecture_page_stays_short() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(page.lines().count() < 300);
}
