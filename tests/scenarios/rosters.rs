//! Accounts from the rows of a file: made once, whatever the order of the rows, and never removed by
//! leaving a row out.

use crate::support::Bench;
use std::fs;

const ROSTER: &str = r#"
profiles:
  gold: { timezone: Europe/London, connectors: [{ connector: Mailchimp, auth: oauth2 }] }
  silver: { timezone: Europe/Paris }
rosters:
  - from: customers.csv
    account: { id: "{{ row.id }}", name: "{{ row.name }}", profile: "{{ row.tier }}", state: "{{ row.state }}" }
"#;

const ROWS: [&str; 3] = ["a-1,Ann,gold,", "b-2,\"Bo, Ltd\",silver,", "c-3,Cy,silver,"];

fn write(bench: &Bench, rows: &[&str]) {
    let text = format!("id,name,tier,state\n{}\n", rows.join("\n"));
    bench.write("customers.csv", &text);
}

/// A bench on which the roster was applied.
fn applied() -> Bench {
    let bench = Bench::new();
    bench.manifest(ROSTER);
    write(&bench, &ROWS);
    bench.apply().expect(0);
    bench
}

fn accounts(bench: &Bench) -> Vec<(String, String)> {
    let world = bench.sandbox.world();
    let accounts = world.accounts.iter();
    let mut accounts: Vec<_> = accounts
        .map(|account| (account.id.clone(), account.name.clone()))
        .collect();
    accounts.sort();
    accounts
}

#[test]
fn each_row_is_an_account() {
    let bench = applied();
    let creates = bench.write_routes();
    let creates = creates.iter().filter(|route| *route == "POST /accounts");
    assert_eq!(creates.count(), 3);
    let expected = [("a-1", "Ann"), ("b-2", "Bo, Ltd"), ("c-3", "Cy")];
    let expected = expected.map(|(id, name)| (id.to_owned(), name.to_owned()));
    assert_eq!(accounts(&bench), expected);
    bench.expect_converged();
}

#[test]
fn swapped_rows_change_nothing() {
    let bench = applied();
    write(&bench, &[ROWS[2], ROWS[0], ROWS[1]]);
    bench.expect_converged();
}

#[test]
fn a_row_that_is_taken_away_deletes_nothing() {
    let bench = applied();
    write(&bench, &ROWS[..2]);
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
    assert_eq!(accounts(&bench).len(), 3);
    let docs = fs::read_to_string(crate::support::root().join("docs/rosters.md")).unwrap();
    assert!(docs.contains("A row that is gone deletes nothing"));
}

#[test]
fn a_row_that_says_absent_is_removed() {
    let bench = applied();
    write(&bench, &[ROWS[0], ROWS[1], "c-3,Cy,silver,absent"]);
    let plan = bench.plan().expect(2);
    assert!(plan.stderr.contains("customers.csv:4:1"), "{}", plan.stderr);
    let allowed = ["--auto-approve", "--max-removals", "1", "manifest.yaml"];
    bench.sandbox.reset_ledger();
    bench.run(&[&["apply"], &allowed[..]].concat()).expect(0);
    assert_eq!(accounts(&bench).len(), 2, "{:?}", bench.write_routes());
}

#[test]
fn a_changed_cell_changes_its_account_alone() {
    let bench = applied();
    write(&bench, &[ROWS[0], "b-2,Bo GmbH,silver,", ROWS[2]]);
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    let writes = bench.writes();
    assert_eq!(writes.len(), 1, "{writes:?}");
    assert_eq!(writes[0].0, "b-2");
    bench.expect_converged();
}

#[test]
fn a_wrong_cell_is_shown_with_its_place_and_nothing_is_sent() {
    let bench = Bench::new();
    bench.manifest(ROSTER);
    write(&bench, &[ROWS[0], "b-2, Bo,silver,", "c-3,Cy,sliver,"]);
    let ended = bench.apply().expect(5);
    for text in [
        "customers.csv:3:5",
        "b-2, Bo,silver,",
        "customers.csv:4:8",
        "did you mean \"silver\"?",
    ] {
        assert!(
            ended.stderr.contains(text),
            "no {text:?} in {}",
            ended.stderr
        );
    }
    assert!(bench.ledger().requests.is_empty());
}

/// A cut file, a wrong name and a wrong pattern are refused, and so is every way out of the folder.
#[test]
fn files_that_cannot_be_meant_are_refused() {
    let bench = Bench::new();
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("outside.csv");
    fs::write(&secret, "id,name,tier,state\nz,Z,gold,\n").unwrap();
    let link = bench.folder.path().join("link.csv");
    std::os::unix::fs::symlink(&secret, link).unwrap();
    let folder = bench.folder.path().join("folder");
    std::os::unix::fs::symlink(outside.path(), folder).unwrap();
    bench.write("empty.csv", "id,name,tier,state\n");
    for (from, expected) in [
        ("empty.csv", "a roster without an account"),
        ("none.csv", "none.csv"),
        ("\"no*.csv\"", "no file has the name of this roster"),
        ("../customers.csv", "without `..`"),
        ("link.csv", "a link leads out of the manifest's folder"),
        (
            "folder/outside.csv",
            "a link leads out of the manifest's folder",
        ),
        ("\"f*/*.csv\"", "a link leads out of the manifest's folder"),
    ] {
        bench.manifest(&ROSTER.replace("customers.csv", from));
        let ended = bench.run(&["validate", "manifest.yaml"]).expect(5);
        assert!(ended.stderr.contains(expected), "{from}: {}", ended.stderr);
    }
}

#[test]
fn the_files_of_a_pattern_are_read_in_their_order() {
    let bench = Bench::new();
    fs::create_dir(bench.folder.path().join("lists")).unwrap();
    bench.write("lists/b.csv", "id,name,tier,state\nb,B,gold,\n");
    bench.write("lists/a.csv", "id,name,tier,state\na,A,gold,\n");
    bench.manifest(&ROSTER.replace("customers.csv", "\"lists/*.csv\""));
    let ended = bench.run(&["validate", "manifest.yaml"]).expect(0);
    assert!(
        ended.stdout.starts_with("Valid: 2 accounts"),
        "{}",
        ended.stdout
    );
}
