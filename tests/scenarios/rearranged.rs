//! Where a value stands, and in which order, plans nothing: rows, keys, files and entries are swapped, and
//! values move between accounts, profiles, defaults, rows and arguments.

use crate::support::Bench;
use crate::support::layout::{Customer, Files, Layout, Random};
use std::fs;

const fn customer(id: &'static str, name: &'static str, full: bool) -> Customer {
    Customer {
        id,
        name,
        full,
        timezone: "Europe/London",
        hours: 168,
        note: "a customer",
        currency: "GBP",
    }
}

fn customers() -> Vec<Customer> {
    let mut all = vec![
        customer("a-1", "Ann, Ltd", true),
        customer("b-2", "Bo \"the boat\"", true),
        customer("c-3", "Cy: 7", true),
        customer("d-4", "Dee", false),
        customer("e-5", "Eve #1", false),
        customer("f-6", "Fay", false),
    ];
    all[1].timezone = "Europe/Paris";
    all[1].currency = "EUR";
    all[2].hours = 24;
    all[3].note = "0123";
    all[4].timezone = "Europe/Paris";
    all[5].hours = 0;
    all
}

/// Writes files into a folder of their own, and gives the arguments that name them.
fn written(bench: &Bench, seed: u64, files: &Files, random: &mut Random) -> Vec<String> {
    let folder = format!("seed-{seed}");
    fs::create_dir_all(bench.folder.path().join(&folder).join("rows")).unwrap();
    for (name, text) in files {
        bench.write(&format!("{folder}/{name}"), text);
    }
    let manifests = files.iter().filter(|(name, _)| !name.starts_with("rows/"));
    let mut paths: Vec<String> = manifests
        .map(|(name, _)| format!("{folder}/{name}"))
        .collect();
    if random.below(3) == 0 {
        paths = vec![folder];
    }
    paths.push("manifest.yaml".into());
    random.shuffle(&mut paths);
    paths
}

fn run(bench: &Bench, command: &[&str], paths: &[String]) -> crate::support::Ended {
    let paths = paths.iter().map(String::as_str);
    let args: Vec<&str> = command.iter().copied().chain(paths).collect();
    bench.run(&args)
}

/// Plans a layout, in which so many entries change and no other differs.
#[track_caller]
fn planned(
    bench: &Bench,
    (seed, files): (u64, &Files),
    paths: &[String],
    changes: u32,
) -> crate::support::Ended {
    let command = [
        "plan",
        "--detailed-exitcode",
        "--with-secrets",
        // The scene's own key is one for all of its customers.
        "-A",
        "shared-credential",
    ];
    let plan = run(bench, &command, paths);
    assert_eq!(
        plan.code,
        if changes == 0 { 0 } else { 2 },
        "seed {seed}: {}{}\n{files:#?}",
        plan.stdout,
        plan.stderr
    );
    let summary = format!("Plan: 0 to add, {changes} to change, 0 to remove, ");
    assert!(
        plan.last_line().starts_with(&summary),
        "seed {seed}: {}",
        plan.stdout
    );
    plan
}

#[test]
fn nothing_differs_however_the_customers_are_written_down() {
    let mut bench = Bench::new();
    for name in ["HARBOUR_KEY", "PIPEDRIVE_KEY"] {
        bench.set(name, &format!("value-of-{name}"));
    }
    bench.manifest("");
    let customers = customers();
    let mut first = None;
    for seed in 0..40 {
        let mut random = Random(seed);
        let files = Layout::write(&customers, &mut random);
        let paths = written(&bench, seed, &files, &mut random);
        if first.is_none() {
            run(
                &bench,
                &["apply", "--auto-approve", "--settle", "1"],
                &paths,
            )
            .expect(0);
            let world = bench.sandbox.world();
            let cycles = world.accounts.iter().map(|it| it.cycles.len());
            assert_eq!((world.accounts.len(), cycles.sum::<usize>()), (6, 3));
            first = Some(bench.write_routes().len());
        }
        bench.sandbox.reset_ledger();
        let plan = planned(&bench, (seed, &files), &paths, 0);
        assert!(
            !plan.stderr.contains("warning"),
            "seed {seed}: {}",
            plan.stderr
        );
        assert_eq!(bench.write_routes(), Vec::<String>::new(), "seed {seed}");
    }
    assert!(
        first.is_some_and(|writes| writes > 15),
        "the first apply wrote it all"
    );
}

/// The same with one value changed: however it is written, the plan shows that one.
#[test]
fn one_value_differs_however_the_customers_are_written_down() {
    let mut bench = Bench::new();
    for name in ["HARBOUR_KEY", "PIPEDRIVE_KEY"] {
        bench.set(name, &format!("value-of-{name}"));
    }
    bench.manifest("");
    let mut random = Random(0);
    let files = Layout::write(&customers(), &mut random);
    let paths = written(&bench, 0, &files, &mut random);
    run(
        &bench,
        &["apply", "--auto-approve", "--settle", "1"],
        &paths,
    )
    .expect(0);
    let mut customers = customers();
    customers[3].hours = 23;
    for seed in 100..110 {
        let mut random = Random(seed);
        let files = Layout::write(&customers, &mut random);
        let paths = written(&bench, seed, &files, &mut random);
        let plan = planned(&bench, (seed, &files), &paths, 1);
        assert!(plan.stdout.contains("23"), "seed {seed}: {}", plan.stdout);
    }
}
