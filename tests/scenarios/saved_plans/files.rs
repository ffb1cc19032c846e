//! The file itself: new, its owner's alone, no link, no pipe, of bounded length, and without a secret.

use super::{apply_saved, changed, file, save};
use crate::scenarios::secrecy::{CANARY, expect_clean, expect_silent};
use crate::support::{Bench, scene};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

const OUT: [&str; 4] = ["plan", "--out", "plan.json", "manifest.yaml"];

#[test]
fn it_is_new_and_for_its_owner_alone() {
    let bench = changed();
    save(&bench, &[]);
    let mode = fs::metadata(file(&bench)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(file(&bench)).unwrap();
    let told = bench.run(&OUT).expect(5);
    assert!(told.stderr.contains("is there already"), "{}", told.stderr);
    assert_eq!(bench.ledger().requests.len(), 0);
    assert_eq!(fs::read(file(&bench)).unwrap(), before);
    // Nor through a link that leads nowhere yet.
    fs::remove_file(file(&bench)).unwrap();
    symlink("elsewhere.json", file(&bench)).unwrap();
    bench.run(&OUT).expect(5);
    assert!(!bench.folder.path().join("elsewhere.json").exists());
    let told = bench
        .run(&["plan", "--out", "nowhere/plan.json", "manifest.yaml"])
        .expect(1);
    assert!(
        told.stderr.contains("cannot be saved to nowhere/plan.json"),
        "{}",
        told.stderr
    );
    let names = |bench: &Bench| fs::read_dir(bench.folder.path()).unwrap().count();
    // The manifest, the receipts of the first apply, and the link.
    assert_eq!(names(&bench), 3, "something is left behind");
}

#[test]
fn it_is_read_as_what_a_stranger_may_have_written() {
    let bench = changed();
    save(&bench, &[]);
    let refused = |code: i32, parts: &[&str]| {
        let ended = apply_saved(&bench, &[]).expect(code);
        for part in parts {
            assert!(
                ended.stderr.contains(part),
                "no {part:?} in\n{}",
                ended.stderr
            );
        }
        assert!(ended.stderr.contains("hint: "), "{}", ended.stderr);
        assert_eq!(bench.ledger().requests.len(), 0);
    };
    let mode = |mode| fs::set_permissions(file(&bench), fs::Permissions::from_mode(mode)).unwrap();
    mode(0o666);
    refused(
        4,
        &["anybody on this machine may write", "chmod o-w plan.json"],
    );
    mode(0o644);
    // A link to it.
    let real = bench.folder.path().join("real.json");
    fs::rename(file(&bench), &real).unwrap();
    symlink("real.json", file(&bench)).unwrap();
    refused(4, &["is a symbolic link"]);
    fs::remove_file(file(&bench)).unwrap();
    // A folder, and a device that never ends.
    fs::create_dir(file(&bench)).unwrap();
    refused(5, &["is no plain file"]);
    fs::remove_dir(file(&bench)).unwrap();
    let ended = bench.run(&["apply", "--plan", "/dev/zero"]);
    assert!([4, 5].contains(&ended.code), "{ended:?}");
    // Ten gigabytes, of which none is on the disk.
    let huge = fs::File::create(file(&bench)).unwrap();
    huge.set_len(10 << 30).unwrap();
    refused(5, &["is longer than a plan may be"]);
    fs::remove_file(file(&bench)).unwrap();
    fs::rename(&real, file(&bench)).unwrap();
    apply_saved(&bench, &[]).expect(0);
}

/// Only an administrator can give a file away; elsewhere this says that it was not tried.
#[test]
fn a_file_of_another_owner_is_refused() {
    let bench = changed();
    save(&bench, &[]);
    if std::os::unix::fs::chown(file(&bench), Some(4_321), None).is_err() {
        eprintln!("only an administrator can give a file to somebody else: not tried");
        return;
    }
    let ended = apply_saved(&bench, &[]).expect(4);
    assert!(
        ended.stderr.contains("belongs to another user (4321)"),
        "{}",
        ended.stderr
    );
    assert_eq!(bench.ledger().requests.len(), 0);
}

#[test]
fn no_secret_is_in_it() {
    let mut bench = scene::bench();
    for name in ["HARBOUR_KEY", "PIPEDRIVE_KEY", "FRESHDESK_PASSWORD"] {
        bench.set(name, CANARY);
    }
    let out = [
        "-vvv",
        "plan",
        "--with-secrets",
        "--format",
        "json",
        "--out",
        "plan.json",
        "manifest.yaml",
    ];
    // Of a fresh instance, and of one where a credential is replaced.
    for manifest in [
        scene::MANIFEST.to_owned(),
        scene::MANIFEST.replacen("{ env: PIPEDRIVE_KEY }", "{ env: FRESHDESK_PASSWORD }", 1),
    ] {
        bench.manifest(&manifest);
        expect_silent(&bench.run(&out).expect(0));
        expect_clean("the plan", &fs::read(file(&bench)).unwrap());
        expect_silent(&apply_saved(&bench, &["-vvv"]).expect(0));
        fs::remove_file(file(&bench)).unwrap();
    }
}
