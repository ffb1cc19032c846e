//! Rosters and SOPS files that lie beside the manifests of a directory.

use crate::support::{Bench, scene};
use std::fs;

const SOPS: &str = "key: ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops:\n    age:\n      - recipient: age1x\n    mac: ENC[AES256_GCM,data:x]\n";
const MANIFEST: &str = "version: 1\nrosters:\n  - from: list.yaml\n    account: { id: \"{{ row.id }}\", name: \"{{ row.name }}\" }\n";

fn bench() -> Bench {
    let bench = scene::bench();
    let folder = bench.folder.path().join("m");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.yaml"), MANIFEST).unwrap();
    fs::write(
        folder.join("list.yaml"),
        "- { id: one, name: One }\n- { id: two, name: Two }\n",
    )
    .unwrap();
    fs::write(folder.join("secrets.enc.yaml"), SOPS).unwrap();
    bench
}

#[test]
fn they_are_no_manifests_and_are_counted() {
    let bench = bench();
    for path in ["m", "./m/", "m//"] {
        let ended = bench.run(&["validate", path]).expect(0);
        assert_eq!(
            ended.stdout,
            "Valid: 2 accounts (beside the manifests: 1 roster, 1 SOPS file)\n"
        );
    }
    let plan = bench
        .run(&["plan", "--sandbox", "--format", "json", "m"])
        .expect(0)
        .json();
    assert_eq!(plan["summary"]["add"], 2);
    let told = bench
        .run(&["explain", "account[\"two\"].name", "m"])
        .expect(0)
        .stdout;
    assert!(told.contains("name = Two"), "{told}");
}

#[test]
fn a_list_that_nobody_names_was_meant_as_a_manifest() {
    let bench = bench();
    let folder = bench.folder.path().join("m");
    fs::rename(folder.join("list.yaml"), folder.join("other.yaml")).unwrap();
    let ended = bench.run(&["validate", "m"]).expect(5);
    assert!(ended.stderr.contains("m/other.yaml"), "{}", ended.stderr);
    // One that is named by itself is what its name says.
    let ended = bench.run(&["validate", "m/secrets.enc.yaml"]).expect(5);
    assert!(
        ended.stderr.contains("m/secrets.enc.yaml"),
        "{}",
        ended.stderr
    );
}

#[test]
fn fmt_leaves_sops_files_alone() {
    let bench = bench();
    let file = bench.folder.path().join("m/secrets.enc.yaml");
    let ended = bench.run(&["fmt", "m"]).expect(0);
    assert!(!ended.stdout.contains("secrets"), "{}", ended.stdout);
    assert_eq!(fs::read_to_string(&file).unwrap(), SOPS);
    let ended = bench.run(&["fmt", "m/secrets.enc.yaml"]).expect(0);
    assert!(
        ended.stderr.contains("encrypted by SOPS"),
        "{}",
        ended.stderr
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), SOPS);
}

#[test]
fn folders_that_are_not_read_are_told_of() {
    let bench = bench();
    let folder = bench.folder.path().join("top");
    fs::create_dir_all(folder.join("eu")).unwrap();
    fs::create_dir_all(folder.join("notes")).unwrap();
    fs::write(folder.join("p.yml"), "version: 1\n").unwrap();
    fs::write(folder.join("notes/list.yaml"), "- { id: a }\n").unwrap();
    fs::write(folder.join("notes/secret.yaml"), SOPS).unwrap();
    let text = "version: 1\naccounts: [{ id: a, name: A }]\n";
    fs::write(folder.join("eu/a.yaml"), text).unwrap();
    let ended = bench.run(&["validate", "top"]).expect(0);
    assert_eq!(ended.stdout, "Valid: 0 accounts\n");
    for text in [
        "top/eu is not read",
        "name it too",
        "no file of the directory declares an account",
    ] {
        assert!(ended.stderr.contains(text), "{}", ended.stderr);
    }
    assert!(!ended.stderr.contains("notes"), "{}", ended.stderr);
    let ended = bench.run(&["plan", "--sandbox", "top"]).expect(0);
    assert!(
        ended.stderr.contains("top/eu is not read"),
        "{}",
        ended.stderr
    );
    let ended = bench.run(&["validate", "top", "top/eu"]).expect(0);
    assert_eq!(
        (ended.stdout.as_str(), ended.stderr.as_str()),
        ("Valid: 1 account\n", "")
    );
}
