//! Every example under manifests/ runs: it applies to an empty sandbox, and then nothing differs.

use crate::support::{gangplank, root};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn every_example_applies_and_then_tallies() {
    let mut names: Vec<_> = fs::read_dir(root().join("manifests"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    names.sort();
    assert!(names.len() >= 4, "{names:?}");
    for path in names {
        let folder = tempfile::tempdir().unwrap();
        let manifest = path.to_str().unwrap();
        let run = |args: &[&str]| gangplank(folder.path(), &BTreeMap::new(), args);
        run(&["validate", manifest]).expect(0);
        run(&["apply", "--sandbox", "--auto-approve", manifest]).expect(0);
        let again = run(&["plan", "--sandbox", "--detailed-exitcode", manifest]).expect(0);
        assert!(
            again
                .last_line()
                .starts_with("Plan: 0 to add, 0 to change, 0 to remove, "),
            "{manifest}: {}",
            again.stdout
        );
    }
}
