//! F18: receipts that cannot be kept keep everything from being sent, and say so.

use crate::support::{Bench, Ended, fleet};
use gangplank_executor::JournalReader;
use gangplank_model::file::receipts_v1::RecordV1;
use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::Command;

/// Applies with receipts that cannot grow beyond so many blocks of 512 bytes.
fn apply_in_blocks(bench: &Bench, blocks: usize) -> Ended {
    // A process is told by a signal, which ends it, that a file has become too long; unless it is ignored.
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_gangplank")])
        .args(["apply", "--auto-approve", "--settle", "1", "manifest.yaml"])
        .current_dir(bench.folder.path())
        .env_clear()
        .envs(&bench.variables)
        .output()
        .unwrap();
    Ended {
        code: output.status.code().expect("ended by itself"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn check_full(blocks: usize) {
    let case = format!("{blocks} blocks");
    let (bench, _) = fleet::bench();
    let ended = apply_in_blocks(&bench, blocks);
    let said = format!("{case}: {}", ended.stderr);
    assert!(matches!(ended.code, 1 | 3), "{said}");
    assert!(ended.stderr.contains("so nothing"), "{said}");
    assert!(ended.stderr.contains("File too large"), "{said}");
    // Not one write was sent whose intent is not in the file.
    fleet::expect_on_record(&bench, &case);
    let intents = fleet::receipts(&bench).map_or(0, |path| {
        let records = JournalReader::new(File::open(path).unwrap());
        let intents = records.filter(|it| matches!(it, Ok(RecordV1::Intent { .. })));
        intents.count()
    });
    assert!(bench.write_routes().len() <= intents, "{said}");
    bench.apply().expect(0);
    bench.expect_converged();
}

#[test]
fn f18_a_full_disk_at_any_record_stops_all_further_writes_and_the_next_apply_heals() {
    std::thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || {
                for blocks in (half..26).step_by(4) {
                    check_full(blocks);
                }
            });
        }
    });
}

#[test]
fn f18_receipts_go_to_new_files_in_safe_directories_only() {
    let (bench, _) = fleet::bench();
    let folder = bench.folder.path();
    let mode = |name: &str, mode| {
        fs::create_dir_all(folder.join(name)).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::write(folder.join("there.jsonl"), "kept").unwrap();
    symlink("nowhere", folder.join("dangling.jsonl")).unwrap();
    symlink("there.jsonl", folder.join("link.jsonl")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(folder.join("pipe"))
            .status()
            .unwrap()
            .success()
    );
    mode("open", 0o777);
    let mut cases = vec![
        ("there.jsonl", "there.jsonl is there already"),
        ("dangling.jsonl", "dangling.jsonl is a symbolic link"),
        ("link.jsonl", "link.jsonl is a symbolic link"),
        ("pipe", "pipe is a pipe"),
        ("open", "open is a directory"),
        (
            "open/new.jsonl",
            "anybody may rename and remove files in the directory open",
        ),
        ("missing/new.jsonl", "there is no directory missing"),
        ("there.jsonl/new.jsonl", "there.jsonl is no directory"),
    ];
    mode("foreign", 0o755);
    // Only root can give something away.
    if fs::metadata(folder).unwrap().uid() == 0 {
        chown(folder.join("foreign"), Some(4242), None).unwrap();
        cases.push((
            "foreign/new.jsonl",
            "the directory foreign belongs to another user (4242)",
        ));
    }
    for (name, expected) in cases {
        let ended = bench.run(&[
            "apply",
            "--auto-approve",
            "manifest.yaml",
            "--receipts",
            name,
        ]);
        let said = ended.expect(4).stderr;
        assert!(
            said.contains("so nothing was sent: ") && said.contains(expected),
            "{said}"
        );
        assert!(said.contains("hint: "), "{said}");
        assert_eq!(bench.write_routes(), Vec::<String>::new(), "{name}");
    }
    assert_eq!(fs::read(folder.join("there.jsonl")).unwrap(), b"kept");
    assert!(!folder.join("nowhere").exists());
    mode("sticky", 0o1777);
    let path = Path::new("sticky/new.jsonl");
    bench
        .run(&[
            "apply",
            "--auto-approve",
            "manifest.yaml",
            "--receipts",
            "sticky/new.jsonl",
        ])
        .expect(0);
    let found = fs::metadata(folder.join(path)).unwrap();
    assert_eq!(found.permissions().mode() & 0o777, 0o600);
}
