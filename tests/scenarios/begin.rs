//! `init` writes a manifest of what stands there, which plans to nothing.

use crate::support::{Bench, Ended, gangplank, scene};
use gangplank_sandbox::{SandboxOptions, World};
use std::fs;

fn options(bench: &Bench) -> Vec<String> {
    [
        "init",
        "--no-input",
        "--api-url",
        &bench.url(),
        "--client-id",
        "env:CLIENT_ID",
        "--client-secret",
        "env:CLIENT_SECRET",
    ]
    .map(str::to_owned)
    .into()
}

fn init(bench: &Bench, more: &[&str]) -> Ended {
    let options = options(bench);
    let mut args: Vec<&str> = options.iter().map(String::as_str).collect();
    args.extend(more);
    bench.run(&args)
}

fn read(bench: &Bench, name: &str) -> String {
    fs::read_to_string(bench.folder.path().join(name)).unwrap_or_default()
}

/// What was written is valid, by itself and against the instance, and a plan has nothing to do.
#[track_caller]
fn expect_tally(bench: &Bench) {
    bench
        .run(&["validate", "--online", "gangplank.yaml"])
        .expect(0);
    let plan = bench.run(&["plan", "--detailed-exitcode", "gangplank.yaml"]);
    let plan = plan.expect(0);
    let nothing = "Plan: 0 to add, 0 to change, 0 to remove, 0 waiting, ";
    assert!(plan.last_line().starts_with(nothing), "{}", plan.stdout);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

/// Three accounts with connectors and cycles, running and paused.
#[test]
fn what_stands_there_is_written_down_and_plans_to_nothing() {
    let bench = scene::bench();
    let third = format!("{}  - {{ id: third, name: Third }}\n", scene::MANIFEST);
    bench.manifest(&third);
    bench.apply().expect(0);
    let library = bench.rows("/v1.0/connectors").div_ceil(100);
    let ended = init(&bench, &["--ci", "github"]).expect(0);
    assert!(
        ended.stdout.contains("3 accounts as they are"),
        "{}",
        ended.stdout
    );
    // Token, accounts, templates, the library, and two reads for each account.
    assert_eq!(bench.ledger().requests.len(), 3 + library + 2 * 3);
    let text = read(&bench, "gangplank.yaml");
    for id in ["acme-001", "bolt-002", "third"] {
        assert!(text.contains(&format!("- id: {id}")), "{text}");
    }
    assert!(text.contains("name: Freshdesk (desk)"), "{text}");
    let (id, secret) = bench.sandbox.credentials();
    for name in ["gangplank.yaml", ".github/workflows/gangplank.yml"] {
        let text = read(&bench, name);
        assert!(!text.is_empty(), "{name}");
        assert!(
            !text.contains(&secret) && !text.contains(&format!(": {id}\n")),
            "{name}"
        );
        serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap();
    }
    assert_eq!(read(&bench, ".gitignore"), "/.gangplank/\n");
    expect_tally(&bench);
}

const HOSTILE: &str = r#"
Partner: { ServiceDomain: demo-h.cyclr.test, Credentials: [{ ClientId: demo, ClientSecret: demo-secret }] }
StandardLibrary: false
Connectors:
  - { Id: 1, Name: "no", Version: "1.0", Status: Approved, Authentication: [{ Id: 12abc345-1a2b-123a-1ab2-1234ab5c6d7e, AuthName: "a: b", AuthType: ApiKey }] }
  - { Id: 2, Name: "it's \"so\" # & * {{ account.id }}: x", Version: "0x1F", Status: Approved, Authentication: [] }
  - { Id: 3, Name: "{{{ }} {% raw %}", Version: "1e3", Status: Approved, Authentication: [] }
  - { Id: 4, Name: "line\nbreak", Version: "~", Status: Approved, Authentication: [] }
Templates:
  - { Id: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "- {{ 1 + 1 }} > \u00fcml\u00e4ut \u202e", Connectors: [{ Name: "no" }], Steps: [] }
  - { Id: 8ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "tab\tbed", Connectors: [{ Name: "no" }], Steps: [] }
Accounts:
  - Id: "0123"
    Name: "null"
    Connectors:
      - { Id: 51, Name: "yes", Connector: { Name: "no", Version: "1.0" } }
      - { Id: 52, Name: "{{ account.name }}", Connector: { Name: "it's \"so\" # & * {{ account.id }}: x", Version: "0x1F" } }
      - { Id: 53, Name: "line\nbreak", Connector: { Name: "line\nbreak", Version: "~" } }
    Cycles:
      - { TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "- {{ 1 + 1 }} > \u00fcml\u00e4ut \u202e", Status: Active }
      - { TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "two\n\"{{\": [", Status: Paused }
      - { TemplateId: 7ad2265e-2ff0-477b-b913-cae1dfde2ea8, Name: "a # {{ b: ", Status: Paused }
  - { Id: "id {{ x }}", Name: "cannot be an id" }
  - { Id: "a: b", Name: "name\nwith: line", Connectors: [{ Id: 61, Name: "{{{ }} {% raw %}", Connector: { Name: "{{{ }} {% raw %}", Version: "1e3" } }] }
  - { Id: "plain", Name: "- [x] \\ 'y' \"z\" {{ \"{{\" }} \u2028 end" }
"#;

/// Whatever things are called, the manifest means exactly these.
#[test]
fn hostile_names_mean_themselves() {
    let world = World::from_yaml(HOSTILE).unwrap();
    let bench = Bench::with(SandboxOptions {
        world,
        ..SandboxOptions::default()
    });
    let ended = init(&bench, &["--ci", "none"]).expect(0);
    let text = read(&bench, "gangplank.yaml");
    assert!(
        ended.stdout.contains("3 accounts as they are"),
        "{}\n{text}",
        ended.stdout
    );
    assert!(
        ended.stdout.contains("1 more cannot be taken over"),
        "{}",
        ended.stdout
    );
    expect_tally(&bench);
    bench.run(&["fmt", "--check", "gangplank.yaml"]).expect(0);
    // The entries are there, and not only their accounts.
    for shown in [
        "name: '{{ \"{{\" }} account.name }}'",
        "version: \"1e3\"",
        "- id: \"0123\"",
        "name: \"null\"",
    ] {
        assert!(text.contains(shown), "{shown}\n{text}");
    }
    assert!(text.contains("templates:"), "{text}");
}

#[test]
fn nothing_is_written_over_and_nothing_in_part() {
    let bench = Bench::new();
    bench.write("gangplank.yaml", "mine");
    let ended = init(&bench, &["--ci", "github"]).expect(4);
    assert!(ended.stderr.contains("gangplank.yaml"), "{}", ended.stderr);
    assert!(bench.ledger().requests.is_empty());
    assert_eq!(read(&bench, "gangplank.yaml"), "mine");
    assert!(!bench.folder.path().join(".github").exists());
    // A folder in the way of the workflow: neither of the others is written.
    let bench = Bench::new();
    bench.write(".github", "a file");
    init(&bench, &["--ci", "github"]).expect(1);
    let left: Vec<_> = fs::read_dir(bench.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let bench = Bench::new();
    bench.write("gangplank.yaml", "mine");
    bench.write(".gitignore", "target\n.gangplank/");
    init(&bench, &["--ci", "gitlab", "--force"]).expect(0);
    assert!(read(&bench, "gangplank.yaml").contains("version: 1"));
    assert_eq!(read(&bench, ".gitignore"), "target\n.gangplank/");
    let gitlab = serde_yaml::from_str::<serde_yaml::Value>(&read(&bench, ".gitlab-ci.yml"));
    assert!(gitlab.unwrap()["apply"]["resource_group"].is_string());
}

#[test]
fn what_is_not_given_is_told_at_once_and_a_secret_is_not_echoed() {
    let bench = Bench::new();
    let ended = bench
        .run(&["init", "--no-input", "--client-id", "env:CLIENT_ID"])
        .expect(5);
    for flag in ["--region or --api-url", "--client-secret", "--ci"] {
        assert!(ended.stderr.contains(flag), "{}", ended.stderr);
    }
    // Nobody can be asked here either, since there is no terminal.
    bench.run(&["init", "--ci", "none"]).expect(5);
    let typed = "0f8e7d6c5b4a39281706f5e4d3c2b1a0";
    for place in [typed.to_owned(), format!("env:{typed}")] {
        let options = [
            "--client-id",
            "env:CLIENT_ID",
            "--client-secret",
            &place,
            "--ci",
            "none",
        ];
        let args = [&["init", "--no-input", "--region", "eu"], &options[..]].concat();
        let ended = bench.run(&args).expect(5);
        assert!(!ended.stderr.contains(typed), "{}", ended.stderr);
    }
    assert_eq!(fs::read_dir(bench.folder.path()).unwrap().count(), 0);
}

#[test]
fn credentials_are_checked_before_anything_is_written() {
    let mut bench = Bench::new();
    bench.set("CLIENT_SECRET", "wrong");
    init(&bench, &["--ci", "none"]).expect(6);
    assert_eq!(fs::read_dir(bench.folder.path()).unwrap().count(), 0);
}

/// A newcomer without an account begins with the sandbox, and goes on with it.
#[test]
fn the_sandbox_is_enough_to_begin_with() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| gangplank(folder.path(), &[].into(), args);
    run(&["init", "--sandbox"]).expect(0);
    run(&["validate", "--online", "--sandbox", "gangplank.yaml"]).expect(0);
    run(&["plan", "--detailed-exitcode", "--sandbox", "gangplank.yaml"]).expect(0);
}
