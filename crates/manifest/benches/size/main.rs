//! How long manifests of many accounts take, and how much memory: each figure in a process of its own.
//! `cargo bench -p gangplank-manifest` prints them beside the goals.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use gangplank_manifest::{LoadedFile, RosterPath, SourceError, Sources, load};
use std::cell::Cell;
use std::fmt::Write as _;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

/// Accounts of each run; the goals are for the last.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// How accounts are written.
#[derive(Clone, Copy)]
enum Form {
    /// Written out.
    Accounts,
    /// As rows of a file with this ending.
    Rows(&'static str),
}

/// What is measured.
struct Figure {
    form: Form,
    manifest: &'static str,
    name: &'static str,
    /// Whether all accounts are kept, as for a plan.
    kept: bool,
}

const fn figure(form: Form, manifest: &'static str, name: &'static str, kept: bool) -> Figure {
    Figure {
        form,
        manifest,
        name,
        kept,
    }
}

const CSV: Form = Form::Rows("csv");

const FIGURES: [Figure; 11] = [
    figure(CSV, LEAN, "rows of CSV, validated", false),
    figure(CSV, LEAN, "rows of CSV, kept for a plan", true),
    figure(
        CSV,
        RICH,
        "rows of CSV with a rich profile, validated",
        false,
    ),
    figure(
        CSV,
        RICH,
        "rows of CSV with a rich profile, kept for a plan",
        true,
    ),
    figure(Form::Rows("json"), LEAN, "rows of JSON, validated", false),
    figure(
        Form::Rows("jsonl"),
        LEAN,
        "rows of JSON Lines, validated",
        false,
    ),
    figure(Form::Rows("yaml"), LEAN, "rows of YAML, validated", false),
    figure(Form::Accounts, LEAN, "YAML, validated", false),
    figure(Form::Accounts, LEAN, "YAML, kept for a plan", true),
    figure(
        Form::Accounts,
        RICH,
        "YAML with a rich profile, validated",
        false,
    ),
    figure(
        Form::Accounts,
        RICH,
        "YAML with a rich profile, kept for a plan",
        true,
    ),
];

impl Figure {
    /// The seconds and mebibytes to stay under for the most accounts.
    fn goal(&self) -> (f64, f64) {
        match self.form {
            Form::Rows("yaml") | Form::Accounts => (6.0, 512.0),
            Form::Rows(_) => (3.0, 256.0),
        }
    }
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, word, figure, accounts] = arguments.as_slice()
        && word == "measure"
    {
        let number = |text: &str| text.parse::<usize>().expect("a number is handed over");
        measure(&FIGURES[number(figure)], number(accounts));
        return;
    }
    for (at, figure) in FIGURES.iter().enumerate() {
        let (seconds, mebibytes) = figure.goal();
        println!("{}", figure.name);
        let mut before: Option<(f64, f64)> = None;
        for accounts in SIZES {
            let [took, busy, peak] = in_a_process_of_its_own(at, accounts);
            let mut verdict = String::new();
            if let Some((least_busy, least_peak)) = before {
                let (more, memory) = (busy / least_busy, peak / least_peak);
                write!(
                    verdict,
                    "  {more:>4.1} x the time, {memory:>4.1} x the memory"
                )
                .expect("a string takes everything");
            }
            if accounts == SIZES[SIZES.len() - 1] {
                let met = busy < seconds && peak < mebibytes;
                let word = if met { "met" } else { "MISSED" };
                write!(verdict, "  goal {seconds:.0} s, {mebibytes:.0} MiB: {word}")
                    .expect("a string takes everything");
            }
            println!(
                "  {accounts:>7} accounts  {busy:>6.3} s on one core ({took:.3} s in all)  {peak:>6.1} MiB{verdict}"
            );
            before = Some((busy, peak));
        }
    }
}

fn in_a_process_of_its_own(figure: usize, accounts: usize) -> [f64; 3] {
    let this = env::current_exe().expect("the program knows where it is");
    let output = Command::new(this)
        .args(["measure", &figure.to_string(), &accounts.to_string()])
        .output()
        .expect("the program starts itself");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let mut next = || numbers.next().and_then(Result::ok).expect("three numbers");
    [next(), next(), next()]
}

/// Reads and expands, and prints the seconds, those on the processor, and the mebibytes at the peak.
fn measure(figure: &Figure, accounts: usize) {
    let files = Files::new(figure, accounts);
    let (start, idle) = (Instant::now(), busy());
    let (manifest, problems) = load(&files, &["m.yaml".to_owned()]);
    assert!(problems.is_empty(), "{problems:?}");
    let (count, more) = if figure.kept {
        let (desired, more) = manifest.desired(None);
        (desired.accounts.len(), more)
    } else {
        manifest.check(None)
    };
    let (took, busy) = (start.elapsed().as_secs_f64(), busy() - idle);
    assert!(more.is_empty(), "{more:?}");
    assert_eq!(count, accounts);
    println!("{took} {busy} {}", peak());
}

/// Seconds that this thread had a processor: other programs on the machine do not count.
fn busy() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().map(str::parse::<f64>);
    nanoseconds
        .and_then(Result::ok)
        .map_or(f64::NAN, |it| it / 1e9)
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
    /// The roster's name.
    name: String,
    roster: Cell<Vec<u8>>,
}

impl Files {
    fn new(figure: &Figure, accounts: usize) -> Self {
        let Form::Rows(ending) = figure.form else {
            return Self::written_out(figure.manifest, accounts);
        };
        let separator = |n: usize| if n + 1 < accounts { "," } else { "" };
        let mut rows = match ending {
            "csv" => "id,company,tier,status,hours,list\n",
            "json" => "[\n",
            _ => "",
        }
        .to_owned();
        for n in 0..accounts {
            let tier = if n % 3 == 0 { "gold" } else { "silver" };
            let object = format!(
                r#"{{"id": "acme-{n:06}", "company": "Customer, number {n}", "tier": "{tier}", "status": "live", "hours": 168, "list": "a78f{n}"}}"#
            );
            let written = match ending {
                "csv" => writeln!(
                    rows,
                    "acme-{n:06},\"Customer, number {n}\",{tier},live,168,a78f{n}"
                ),
                "json" => writeln!(rows, "{object}{}", separator(n)),
                "jsonl" => writeln!(rows, "{object}"),
                _ => writeln!(
                    rows,
                    "- id: acme-{n:06}\n  company: Customer, number {n}\n  tier: {tier}\n  status: live\n  hours: 168\n  list: a78f{n}"
                ),
            };
            written.expect("a string takes everything");
        }
        if ending == "json" {
            rows.push(']');
        }
        let manifest = figure
            .manifest
            .replace("customers.csv", &format!("customers.{ending}"));
        Self {
            manifest: Cell::new(manifest.into_bytes()),
            name: format!("customers.{ending}"),
            roster: Cell::new(rows.into_bytes()),
        }
    }

    fn written_out(manifest: &str, accounts: usize) -> Self {
        let (head, _) = manifest.split_once("rosters:").expect("it has a roster");
        let mut text = format!("{}accounts:\n", head.replace("{{ row.list }}", "a78f"));
        for n in 0..accounts {
            let tier = if n % 3 == 0 { "gold" } else { "silver" };
            writeln!(
                text,
                "  - id: acme-{n:06}\n    name: Customer number {n}\n    profile: {tier}"
            )
            .expect("a string takes everything");
        }
        Self {
            manifest: Cell::new(text.into_bytes()),
            name: String::new(),
            roster: Cell::default(),
        }
    }
}

impl Sources for Files {
    fn read(&self, path: &str) -> Result<Vec<LoadedFile>, SourceError> {
        Ok(vec![loaded(path, &self.manifest)])
    }

    fn roster(&self, _: &str, _: &RosterPath) -> Result<Vec<LoadedFile>, SourceError> {
        Ok(vec![loaded(&self.name, &self.roster)])
    }
}

fn loaded(name: &str, bytes: &Cell<Vec<u8>>) -> LoadedFile {
    LoadedFile {
        name: name.to_owned(),
        folder: String::new(),
        bytes: bytes.take(),
    }
}
