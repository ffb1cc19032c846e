//! Any world loads, and its dump loads to itself, to the byte, in both formats.

use gangplank_sandbox::{Generate, Sandbox, SandboxOptions, World};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::world;

/// Texts that parsers of YAML are known to take for something else.
const ODD: [&str; 24] = [
    "no",
    "~",
    "null",
    "0123",
    "1e3",
    ".inf",
    "- a",
    "a: b",
    "# a",
    " a ",
    "a\n",
    "\n a",
    "\t",
    "'",
    "\"",
    "\u{85}",
    "\u{2028}",
    "\u{feff}a",
    "a\r\nb",
    "!!binary x",
    "&a",
    "*a",
    "%TAG",
    "{{ a }}",
];

/// A world with everything in it.
fn full() -> Value {
    let mut full = world();
    let generated = World::generate(Generate {
        accounts: 2,
        ..Generate::default()
    });
    full.standard_library = true;
    full.accounts.extend(generated.accounts);
    serde_json::to_value(Sandbox::open(options(full)).unwrap().world()).unwrap()
}

fn options(world: World) -> SandboxOptions {
    SandboxOptions {
        world,
        ..SandboxOptions::default()
    }
}

/// Every text in a value, in order.
fn texts(value: &mut Value) -> Vec<&mut String> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter_mut().flat_map(texts).collect(),
        Value::Object(entries) => entries.values_mut().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn check(world: World) {
    // A world whose references were spoilt is refused, which other tests look at.
    let Ok(sandbox) = Sandbox::open(options(world)) else {
        return;
    };
    let dumped = sandbox.world();
    let (yaml, json) = (dumped.to_yaml().unwrap(), dumped.to_json().unwrap());
    for again in [
        World::from_yaml(&yaml).unwrap(),
        World::from_json(&json).unwrap(),
    ] {
        let again = Sandbox::open(options(again)).unwrap().world();
        assert_eq!(again.to_yaml().unwrap(), yaml);
        assert_eq!(again.to_json().unwrap(), json);
    }
}

#[test]
fn made_up_worlds_round_trip() {
    for seed in 0..4 {
        check(World::generate(Generate {
            accounts: 20,
            seed,
            ..Generate::default()
        }));
    }
}

#[test]
fn what_was_emptied_stays_empty() {
    let mut full = full();
    for account in full["Accounts"].as_array_mut().unwrap() {
        for cycle in account["Cycles"].as_array_mut().unwrap() {
            for list in ["Steps", "Variables", "Connectors", "Tags"] {
                cycle.as_object_mut().unwrap().remove(list);
            }
        }
    }
    let world: World = serde_json::from_value(full).unwrap();
    let loaded = Sandbox::open(options(world)).unwrap().world();
    let mut cycles = loaded.accounts.iter().flat_map(|account| &account.cycles);
    assert!(cycles.all(|cycle| cycle.steps.is_empty() && cycle.variables.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_world_round_trips(
        puts in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![
            prop::sample::select(ODD.to_vec()).prop_map(str::to_owned),
            "\\PC{0,12}",
            any::<String>(),
        ]), 1..6),
    ) {
        let mut full = full();
        for (at, put) in puts {
            let mut texts = texts(&mut full);
            let count = texts.len();
            *texts[at.index(count)] = put;
        }
        if let Ok(world) = serde_json::from_value(full) {
            check(world);
        }
    }
}
