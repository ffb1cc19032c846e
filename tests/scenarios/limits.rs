//! Hostile input: the binary ends by itself, in bounded memory, and says why. Each child has a limit on its address
//! space and on its time; past either it would be killed, and its exit code missing.

use crate::support::root;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use tempfile::TempDir;

const MEBIBYTE: usize = 1 << 20;
/// What the child may have in all, in KiB: the program itself and what it reads.
const SPACE: usize = 1 << 20;

/// How a run ended.
struct Ended {
    code: Option<i32>,
    said: String,
}

/// Runs the binary in a folder, and hands it what `feed` writes until it reads no more.
fn run(
    folder: &Path,
    args: &[&str],
    feed: impl FnOnce(&mut dyn std::io::Write) + Send + 'static,
) -> Ended {
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {SPACE}; exec timeout 300 \"$0\" \"$@\""))
        .arg(env!("CARGO_BIN_EXE_gangplank"))
        .args(args)
        .current_dir(folder)
        .env("COLUMNS", "100")
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let feeder = thread::spawn(move || feed(&mut stdin));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap();
    let said = [output.stderr, output.stdout].concat();
    Ended {
        code: output.status.code(),
        said: String::from_utf8_lossy(&said).into_owned(),
    }
}

impl Ended {
    #[track_caller]
    fn expect(&self, code: i32, words: &[&str]) {
        let shown: String = self.said.chars().take(3000).collect();
        assert_eq!(self.code, Some(code), "{shown}");
        for word in words {
            assert!(self.said.contains(word), "no {word:?} in {shown}");
        }
        let terse = self.said.len() < 3 * MEBIBYTE && !self.said.contains("panicked");
        assert!(terse, "{} bytes: {shown}", self.said.len());
    }
}

/// Validates a text that is handed over on standard input.
#[track_caller]
fn told(text: impl Into<Vec<u8>>, code: i32, words: &[&str]) {
    let text = text.into();
    let folder = TempDir::new().unwrap();
    let ended = run(folder.path(), &["validate", "-"], move |stdin| {
        // It may have heard enough.
        drop(stdin.write_all(&text));
    });
    ended.expect(code, words);
}

/// Validates a roster of one kind of file.
#[track_caller]
fn roster(file: &str, rows: impl AsRef<[u8]>, code: i32, words: &[&str]) {
    let folder = TempDir::new().unwrap();
    let manifest = format!(
        "version: 1\nrosters:\n  - from: {file}\n    account: {{ id: \"{{{{ row.id }}}}\", name: \"{{{{ row.name }}}}\" }}\n"
    );
    fs::write(folder.path().join("m.yaml"), manifest).unwrap();
    fs::write(folder.path().join(file), rows).unwrap();
    run(folder.path(), &["validate", "m.yaml"], |_| {}).expect(code, words);
}

/// A gigabyte and more of one thing: no more of it is read than one file may hold.
#[test]
fn endless_input_is_read_to_its_limit() {
    let line: &[u8] = b"y\n";
    let folder = TempDir::new().unwrap();
    for block in [line, b"x", b" ", b"\n", b"#", b"\"", b"["] {
        let block = block.repeat(MEBIBYTE / block.len());
        let ended = run(folder.path(), &["validate", "-"], move |stdin| {
            while stdin.write_all(&block).is_ok() {}
        });
        ended.expect(5, &["longer than 256 MiB", "split it"]);
    }
    let ended = run(folder.path(), &["validate", "/dev/zero"], |_| {});
    ended.expect(5, &["a device or a named pipe", "write `-`"]);
}

/// A file says how long it is, and is not read at all.
#[test]
fn a_file_of_a_gigabyte_is_refused() {
    let folder = TempDir::new().unwrap();
    let large = File::create(folder.path().join("m.yaml")).unwrap();
    large.set_len(1 << 30).unwrap();
    run(folder.path(), &["validate", "m.yaml"], |_| {}).expect(5, &["longer than 256 MiB"]);
    let roster = File::create(folder.path().join("r.csv")).unwrap();
    roster.set_len(1 << 30).unwrap();
    let manifest = "version: 1\nrosters: [{ from: r.csv, account: { id: \"{{ row.id }}\" } }]\n";
    fs::write(folder.path().join("m.yaml"), manifest).unwrap();
    run(folder.path(), &["validate", "m.yaml"], |_| {}).expect(5, &["longer than 256 MiB"]);
}

/// Within the limit, one thing of many mebibytes: of a line, of blanks, of a scalar, of a comment.
#[test]
fn one_long_thing_is_read_in_bounded_memory() {
    const LONG: usize = 2 * MEBIBYTE;
    let of = |before: &str, sign: &str, after: &str| {
        [before, &sign.repeat(LONG / sign.len()), after].concat()
    };
    for (text, code, words) in [
        (of("version: 1 ", " ", "\n"), 0, "Valid: 0 accounts"),
        (of("version: 1\n# ", "x", "\n"), 0, "Valid: 0 accounts"),
        (of("version: 1\n", "\n", ""), 0, "Valid: 0 accounts"),
        (of("version: 1\n", "#\n", ""), 0, "Valid: 0 accounts"),
        (of("version: 1\nx: ", "x", "\n"), 5, "unknown-key"),
        (of("version: 1\nx: \"", "x", "\"\n"), 5, "unknown-key"),
        (of("version: 1\nx: '", "''", "'\n"), 5, "unknown-key"),
        (of("version: 1\nx: |\n  ", "x", "\n"), 5, "unknown-key"),
        (of("version: 1\nx: \"", "x", "\n"), 5, "yaml-syntax"),
        (of("version: 1\n", "x", ": 1\n"), 5, "yaml-syntax"),
        (of("version: 1\nx: &", "x", " 1\n"), 5, "unknown-key"),
        (of("version: 1\nx: !", "x", " 1\n"), 5, "tag"),
        (of("", "x", ""), 5, "wrong-type"),
        (of("", "\t", ""), 5, "error"),
    ] {
        told(text, code, &[words]);
    }
    roster(
        "r.csv",
        of("id,name\na,", "x", "\n"),
        5,
        &["bad-expression"],
    );
    roster("r.csv", of("id,name\na,\"", "x", "\n"), 5, &["csv-quote"]);
    roster(
        "r.csv",
        of("id,name\na,\"", "\"\"", "\"\n"),
        5,
        &["bad-expression"],
    );
    roster(
        "r.csv",
        of("id,name\na,\"", "\n", "\"\n"),
        5,
        &["bad-expression"],
    );
    roster("r.csv", of("id,name\n", ",", "\n"), 5, &["ragged-row"]);
    roster("r.csv", of("", "a,", "\n"), 5, &["too-many-columns"]);
    roster(
        "r.json",
        of("[{\"id\": \"a\", \"name\": \"", "x", "\"}]"),
        5,
        &["bad-expression"],
    );
    roster("r.json", of("[", " ", ""), 5, &["json-syntax"]);
    roster("r.json", of("[{\"id\": ", "9", "}]"), 5, &["error"]);
    roster("r.jsonl", of("", "\n", ""), 5, &["empty-roster"]);
}

/// Ten thousand and more levels, however they are written.
#[test]
fn nesting_ends_at_sixty_four_levels() {
    let block: String = (0..10_000)
        .map(|level| " ".repeat(level) + "a:\n")
        .collect();
    for text in [
        format!("version: 1\nx: {}", "[".repeat(10_000)),
        format!(
            "version: 1\nx: {}{}\n",
            "[".repeat(10_000),
            "]".repeat(10_000)
        ),
        format!("version: 1\nx: {}", "{a: ".repeat(10_000)),
        format!("version: 1\nx:\n  {}1\n", "- ".repeat(10_000)),
        format!("version: 1\nx:\n  {}1\n", "? ".repeat(10_000)),
        format!("version: 1\n{block}"),
        format!("version: 1\nx: {}\n", "[{a: ".repeat(100_000)),
    ] {
        told(text, 5, &["error"]);
    }
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(10_000), close.repeat(10_000));
        format!("{{\"id\": \"a\", \"name\": {open}1{close}}}\n")
    };
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        roster(
            "r.jsonl",
            deep(open, close),
            5,
            &["json-syntax", "64 levels"],
        );
        roster(
            "r.json",
            format!("[{}]", deep(open, close)),
            5,
            &["64 levels"],
        );
        roster(
            "r.yaml",
            format!("- {}", deep(open, close)),
            5,
            &["error", "levels"],
        );
    }
}

/// Few lines that would become gigabytes.
#[test]
fn laughs_are_cut_short() {
    let lines = |start: &str, line: &str| {
        let mut text = start.to_owned();
        for (from, to) in ('a'..='y').zip('b'..='z') {
            let list = vec![format!("*{from}"); 10].join(",");
            let line = line.replace("NAME", &to.to_string()).replace("LIST", &list);
            text.push_str(&line);
        }
        text
    };
    let start = "version: 1\nprofiles:\n  a: &a { labels: { x: y } }\n";
    told(
        lines(start, "  NAME: &NAME [LIST]\n"),
        5,
        &["too-many-aliases"],
    );
    told(
        lines(start, "  NAME: &NAME { <<: [LIST] }\n"),
        5,
        &["merge-key"],
    );
    let rows = lines(
        "- { id: a, name: &a [x] }\n",
        "- { id: NAME, name: &NAME [LIST] }\n",
    );
    roster("r.yaml", rows, 5, &["too-many-aliases"]);
    // Long text instead of many values.
    let long = format!(
        "version: 1\na: &a {}\nb: [{}]\n",
        "x".repeat(MEBIBYTE),
        "*a,".repeat(10_000)
    );
    told(long, 5, &["too-many-aliases"]);
}

/// One value for each few bytes: what is kept of them has an end.
#[test]
fn values_and_problems_have_an_end() {
    let values = format!("version: 1\nprofiles: [{}]\n", "1,".repeat(3_000_000));
    told(values, 5, &["too-large", "at most 1,000,000 values"]);
    let cell = format!(
        "[{{\"id\": \"a\", \"name\": [{}1]}}]",
        "1,".repeat(3_000_000)
    );
    roster("r.json", cell, 5, &["at most a million values"]);
    let mut wrong = "version: 1\naccounts:\n".to_owned();
    for n in 0..20_000 {
        writeln!(wrong, "  - {{ id: a{n}, nmae: x, nmae: y, colour: z }}").unwrap();
    }
    told(
        wrong,
        5,
        &["more-problems", "1000 are told", "1001 problems"],
    );
    let keys: String = (0..200_000).map(|n| format!("k{n}: 1\n")).collect();
    told(format!("version: 1\n{keys}"), 5, &["more-problems"]);
}

#[test]
fn expressions_have_an_end() {
    for expression in [
        "'a' * 1000000000",
        "('a' * 10000) * 100000",
        "'a' * 10**9",
        "range(100000) | list | join('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
        "[range(1000)|list] * 100000",
        "9**9**9**9",
        "9 ** 999999999",
        "('x' * 60000) | replace('x', 'x' * 60000)",
        "('x' * 60000) | replace('', 'x' * 60000)",
        "('x' * 60000) | indent(1000000000)",
        "'%1000000000s' | format('x')",
        "range(1, 1000000000)",
        "('x' * 100) | replace('x', 'x' * 100) | replace('x', 'x' * 100) | replace('x', 'x' * 100)",
        "range(9999) | join('x' * 9000)",
        "([1] * 1000000000) | list",
    ] {
        let text = format!(
            "version: 1\naccounts: [{{ id: a, description: \"{{{{ {expression} }}}}\" }}]\n"
        );
        told(text, 5, &["bad-expression", "hint: "]);
    }
}

/// Patterns of many stars, against names that nearly fit.
#[test]
fn globs_take_little_time() {
    let folder = TempDir::new().unwrap();
    let name = "a".repeat(200);
    for n in 0..50 {
        fs::write(folder.path().join(format!("{name}{n}.csv")), "id\nx\n").unwrap();
    }
    let manifest = format!(
        "version: 1\nrosters: [{{ from: \"{}b.csv\", account: {{ id: x }} }}]\n",
        "*a".repeat(400)
    );
    fs::write(folder.path().join("m.yaml"), manifest).unwrap();
    run(folder.path(), &["validate", "m.yaml"], |_| {}).expect(5, &["no-roster"]);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = Command::new("mkfifo")
        .arg(at("pipe.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    symlink("loop.yaml", at("loop.yaml")).unwrap();
    symlink("nowhere", at("broken.yaml")).unwrap();
    fs::create_dir(at("folder.yaml")).unwrap();
    fs::write(at("folder.yaml/m.yaml"), "version: 1\n").unwrap();
    for (path, words) in [
        ("pipe.yaml", "a device or a named pipe"),
        ("/dev/full", "a device or a named pipe"),
        ("loop.yaml", "symbolic links"),
        ("broken.yaml", "No such file"),
        ("nothing.yaml", "No such file"),
    ] {
        run(folder.path(), &["validate", path], |_| {}).expect(5, &["unreadable", words]);
    }
    // In a directory they are passed over, as what is named otherwise is.
    run(folder.path(), &["validate", "."], |_| {}).expect(5, &["no *.yaml"]);
    run(folder.path(), &["validate", "folder.yaml"], |_| {}).expect(0, &["Valid"]);
    for roster in ["pipe.yaml", "loop.yaml", "folder.yaml", "out.csv"] {
        symlink("/etc/passwd", at("out.csv")).ok();
        let manifest = format!(
            "version: 1\nrosters: [{{ from: {roster}, account: {{ id: \"{{{{ row.id }}}}\" }} }}]\n"
        );
        fs::write(at("m.yml"), manifest).unwrap();
        run(folder.path(), &["validate", "m.yml"], |_| {}).expect(5, &["unreadable", "m.yml:2:19"]);
    }
}

#[test]
fn a_directory_of_very_many_files_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("0.yaml"), "version: 1\n").unwrap();
    for n in 1..=10_000 {
        fs::hard_link(
            folder.path().join("0.yaml"),
            folder.path().join(format!("{n}.yaml")),
        )
        .unwrap();
    }
    run(folder.path(), &["validate", "."], |_| {}).expect(5, &["more than 10000 files"]);
}

/// Names of files are foreign text: they are shown escaped.
#[test]
fn names_of_files_are_escaped() {
    let folder = TempDir::new().unwrap();
    let broken = "version: 1\nacounts: []\n";
    let names: [&[u8]; 4] = [
        b"a\nerror: b.yaml",
        b"c\x1b[31m.yaml",
        b"d\xFF\xFE.yaml",
        b"e\xE2\x80\xAE.yaml",
    ];
    for name in names {
        fs::write(
            folder.path().join(std::ffi::OsStr::from_bytes(name)),
            broken,
        )
        .unwrap();
    }
    let ended = run(folder.path(), &["validate", "."], |_| {});
    ended.expect(5, &["unknown-key", "4 problems in 4 files"]);
    let odd = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!ended.said.contains(odd), "{:?}", ended.said);
    assert!(!ended.said.contains("\nerror: b"), "{:?}", ended.said);
}

/// Every input of the corpus, and every example, cut at every place of its first bytes and spoilt by odd ones: nothing
/// panics and nothing ends by a signal.
#[test]
fn nothing_panics() {
    let folder = TempDir::new().unwrap();
    let quickstart = fs::read(root().join("manifests/quickstart.yaml")).unwrap();
    let odd: [&[u8]; 8] = [
        b"\0",
        b"\xFF",
        b"\r",
        b"\t",
        b"{{",
        b"*a",
        b"\xE2\x80\xA8",
        b"\xEF\xBB\xBF",
    ];
    for (at, odd) in (0..quickstart.len()).step_by(97).zip(odd.iter().cycle()) {
        let mut spoilt = quickstart.clone();
        spoilt.splice(at..at, odd.iter().copied());
        fs::write(folder.path().join(format!("{at}.yaml")), &spoilt).unwrap();
        fs::write(
            folder.path().join(format!("{at}-cut.yaml")),
            &quickstart[..at],
        )
        .unwrap();
    }
    let ended = run(folder.path(), &["validate", "."], |_| {});
    assert_eq!(ended.code, Some(5), "{}", ended.said);
    assert!(!ended.said.contains("panicked"), "{}", ended.said);
}
