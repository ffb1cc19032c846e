//! How long manifests of many accounts take, and how much memory: each figure in a process of its own.
//! `cargo bench -p gangplank-manifest` prints them beside the goals.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use gangplank_manifest::{LoadedFile, RosterPath, SourceError, Sources, load};
use std::cell::Cell;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

/// What is measured, with the seconds and mebibytes to stay under for the most accounts.
const FIGURES: [(&str, (f64, f64)); 5] = [
    ("roster, validated", (3.0, 256.0)),
    ("roster, kept for a plan", (3.0, 256.0)),
    ("roster with a rich profile, validated", (3.0, 256.0)),
    ("roster with a rich profile, kept for a plan", (3.0, 256.0)),
    ("YAML, validated", (6.0, 512.0)),
];
/// Accounts of each run; the goals are for the last.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, word, figure, accounts] = arguments.as_slice()
        && word == "measure"
    {
        let number = |text: &str| text.parse::<usize>().expect("a number is handed over");
        measure(number(figure), number(accounts));
        return;
    }
    for (figure, (name, (seconds, mebibytes))) in FIGURES.iter().enumerate() {
        println!("{name}");
        for accounts in SIZES {
            let (took, peak) = in_a_process_of_its_own(figure, accounts);
            let last = accounts == SIZES[SIZES.len() - 1];
            let met = took < *seconds && peak < *mebibytes;
            let verdict = if last {
                let verdict = if met { "met" } else { "MISSED" };
                format!("  goal {seconds:.1} s, {mebibytes:.0} MiB: {verdict}")
            } else {
                String::new()
            };
            println!("  {accounts:>7} accounts  {took:>7.3} s  {peak:>6.1} MiB{verdict}");
        }
    }
}

fn in_a_process_of_its_own(figure: usize, accounts: usize) -> (f64, f64) {
    let this = env::current_exe().expect("the program knows where it is");
    let output = Command::new(this)
        .args(["measure", &figure.to_string(), &accounts.to_string()])
        .output()
        .expect("the program starts itself");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let mut next = || numbers.next().and_then(Result::ok).expect("two numbers");
    (next(), next())
}

/// Reads and expands, and prints the seconds and the mebibytes at the peak.
fn measure(figure: usize, accounts: usize) {
    let files = match figure {
        0 | 1 => Files::of_roster(LEAN, accounts),
        2 | 3 => Files::of_roster(RICH, accounts),
        _ => Files::of_yaml(accounts),
    };
    let start = Instant::now();
    let (manifest, problems) = load(&files, &["m.yaml".to_owned()]);
    assert!(problems.is_empty(), "{problems:?}");
    let (count, more) = if matches!(figure, 1 | 3) {
        let (desired, more) = manifest.desired(None);
        (desired.accounts.len(), more)
    } else {
        manifest.check(None)
    };
    let took = start.elapsed().as_secs_f64();
    assert!(more.is_empty(), "{more:?}");
    assert_eq!(count, accounts);
    println!("{took} {}", peak());
}

/// The most memory that this process has held, in mebibytes.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.map_or(f64::NAN, |kibibytes| kibibytes / 1024.0)
}

const LEAN: &str = r#"version: 1
profiles:
  gold: { timezone: Europe/London, step_data_success_retention_hours: 168 }
  silver: { timezone: Europe/Paris }
rosters:
  - from: customers.csv
    where: row.status == 'live'
    account:
      id: "{{ row.id }}"
      name: "{{ row.company }}"
      profile: "{{ row.tier }}"
      step_data_errored_retention_hours: "{{ row.hours }}"
"#;

const RICH: &str = r#"version: 1
profiles:
  silver: { timezone: Europe/Paris }
  gold:
    extends: silver
    connectors:
      - connector: Harbour CRM
        version: "2.1"
        partner: true
        properties: { Subdomain: "{{ account.id }}" }
        auth: { api_key: { env: "HARBOUR_{{ account.id | upper }}" } }
      - connector: Mailchimp
        auth: oauth2
    templates:
      - template: Harbour CRM > Mailchimp
        parameters: { Add Member: { List ID: "{{ row.list }}" } }
        mappings: { Add Member: { Email: "{{ account.id }}@example.com" } }
        run: { every: 1h }
rosters:
  - from: customers.csv
    account:
      id: "{{ row.id }}"
      name: "{{ row.company }}"
      profile: "{{ row.tier }}"
      labels: { tier: "{{ row.tier }}" }
"#;

/// Files in memory that are handed out, not copied.
struct Files {
    manifest: Cell<Vec<u8>>,
    roster: Cell<Vec<u8>>,
}

impl Files {
    fn of_roster(manifest: &str, accounts: usize) -> Self {
        let mut rows = "id,company,tier,status,hours,list\n".to_owned();
        for n in 0..accounts {
            let tier = if n % 3 == 0 { "gold" } else { "silver" };
            writeln!(
                rows,
                "acme-{n:06},\"Customer, number {n}\",{tier},live,168,a78f{n}"
            )
            .expect("a string takes everything");
        }
        Self {
            manifest: Cell::new(manifest.into()),
            roster: Cell::new(rows.into_bytes()),
        }
    }

    fn of_yaml(accounts: usize) -> Self {
        let (head, _) = LEAN.split_once("rosters:").expect("it has a roster");
        let mut text = format!("{head}accounts:\n");
        for n in 0..accounts {
            writeln!(
                text,
                "  - id: acme-{n:06}\n    name: Customer number {n}\n    profile: gold"
            )
            .expect("a string takes everything");
        }
        Self {
            manifest: Cell::new(text.into_bytes()),
            roster: Cell::default(),
        }
    }
}

impl Sources for Files {
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError> {
        Ok(vec![loaded(path, &self.manifest)])
    }

    fn roster(&self, _: &str, _: &RosterPath) -> Result<Vec<LoadedFile>, SourceError> {
        Ok(vec![loaded("customers.csv", &self.roster)])
    }
}

fn loaded(name: &str, bytes: &Cell<Vec<u8>>) -> LoadedFile {
    LoadedFile {
        name: name.to_owned(),
        folder: String::new(),
        bytes: bytes.take(),
    }
}
