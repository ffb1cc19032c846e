//! Path arguments and files that cannot be read as manifests: a clear message, exit 5, nothing sent.

use crate::support::{Bench, scene};
use std::fmt::Write as _;

/// What is wrong with the arguments rather than with the text.
#[track_caller]
fn refuse_arguments(bench: &Bench, args: &[&str], texts: &[&str]) {
    for command in [&["plan"][..], &["apply", "--auto-approve"]] {
        let ended = bench.run(&[command, args].concat()).expect(5);
        for text in texts {
            assert!(
                ended.stderr.contains(text),
                "no {text:?} in\n{}",
                ended.stderr
            );
        }
        assert!(ended.stderr.len() < 4000, "{} bytes", ended.stderr.len());
        assert_eq!(ended.stdout, "");
    }
    assert_eq!(bench.ledger().requests.len(), 0);
}

#[test]
fn an_instance_that_is_not_there() {
    let bench = scene::bench();
    let names = ["--instance", "staging", "manifest.yaml"];
    refuse_arguments(&bench, &names, &["no instance of this name", "staging"]);
}

#[test]
fn a_file_that_is_given_twice() {
    let bench = scene::bench();
    refuse_arguments(
        &bench,
        &["manifest.yaml", "./manifest.yaml"],
        &["a manifest is given twice", "./manifest.yaml"],
    );
    refuse_arguments(
        &bench,
        &["-", "-"],
        &["standard input is given twice", "`-`"],
    );
}

#[cfg(unix)]
#[test]
fn paths_that_lead_nowhere() {
    let bench = scene::bench();
    let folder = bench.folder.path();
    std::fs::create_dir(folder.join("round")).unwrap();
    for (link, target) in [("one", "two"), ("two", "one"), ("round/self", "../round")] {
        std::os::unix::fs::symlink(target, folder.join(link)).unwrap();
    }
    for (path, texts) in [
        ("", &["a path argument is empty"][..]),
        ("missing.yaml", &["missing.yaml"]),
        ("manifest.yaml/x", &["manifest.yaml/x"]),
        ("one", &["cannot read one", "symbolic links"]),
        ("round", &["round", "no *.yaml or *.yml file"]),
    ] {
        refuse_arguments(&bench, &[path], texts);
    }
}

#[test]
fn directories_without_manifests() {
    let bench = scene::bench();
    let folder = bench.folder.path();
    std::fs::create_dir(folder.join("empty")).unwrap();
    std::fs::create_dir(folder.join("notes")).unwrap();
    bench.write("notes/readme.txt", "no YAML");
    for name in ["empty", "notes"] {
        refuse_arguments(&bench, &[name], &[name, "no *.yaml or *.yml file"]);
    }
}

#[test]
fn files_that_are_no_text() {
    let bench = scene::bench();
    let folder = bench.folder.path();
    std::fs::write(folder.join("latin.yaml"), b"version: 1\n# caf\xe9\n").unwrap();
    std::fs::write(folder.join("wide.yaml"), b"\xff\xfev\0").unwrap();
    for (name, place) in [
        ("latin.yaml", "latin.yaml:2:"),
        ("wide.yaml", "wide.yaml:1:"),
    ] {
        refuse_arguments(&bench, &[name], &[place, "UTF-8"]);
    }
    std::fs::create_dir_all(folder.join("odd/inner.yaml")).unwrap();
    refuse_arguments(&bench, &["odd"], &["odd", "no *.yaml or *.yml file"]);
}

/// Three megabytes on one line: told in a few lines all the same.
#[test]
fn a_file_that_is_far_too_large() {
    let bench = scene::bench();
    let text = "a b ".repeat(3 << 18);
    bench.write("large.yaml", &format!("version: 1\naccounts: {text}\n"));
    refuse_arguments(
        &bench,
        &["large.yaml"],
        &["large.yaml:2:11", "expected a list"],
    );
}

#[test]
fn nesting_without_end() {
    let bench = scene::bench();
    let minus = "-".repeat(50_000);
    scene::edit(
        &bench,
        "name: Acme Ltd",
        &format!("name: \"{{{{ {minus}1 }}}}\""),
    );
    refuse_arguments(
        &bench,
        &["manifest.yaml"],
        &["manifest.yaml:", "words and signs"],
    );
    let levels = ("[".repeat(60), "]".repeat(60));
    let mut text = format!("version: 1\nx0: &x0 {}1{}\n", levels.0, levels.1);
    for link in 1..170 {
        let before = link - 1;
        writeln!(text, "x{link}: &x{link} {}*x{before}{}", levels.0, levels.1).unwrap();
    }
    bench.write("deep.yaml", &text);
    refuse_arguments(&bench, &["deep.yaml"], &["deep.yaml:3:69", "64 levels"]);
}

#[test]
fn a_file_without_an_end_is_not_read_for_ever() {
    let ended = crate::support::scene::bench()
        .run(&["validate", "/dev/zero"])
        .expect(5);
    assert!(
        ended.stderr.contains("it is a device or a named pipe"),
        "{}",
        ended.stderr
    );
}
