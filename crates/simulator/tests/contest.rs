//! The lease: never two holders, never a manual unlock, whatever the seed brings.

use gangplank_simulator::{Contest, contest};

#[expect(
    clippy::panic,
    reason = "a test's own words on how to see the failure again"
)]
fn holds(seed: u64, variants: &[(&str, &str)]) -> Contest {
    match contest(seed, variants) {
        Ok(contest) => contest,
        Err(failure) => panic!(
            "{}\nseed {seed}, {variants:?}: {}",
            failure.story, failure.why
        ),
    }
}

fn all(seeds: std::ops::Range<u64>, variants: &[(&str, &str)]) -> Contest {
    let mut all = Contest::default();
    for seed in seeds {
        let one = holds(seed, variants);
        all.holds += one.holds;
        all.kills += one.kills;
        all.lost += one.lost;
        all.gave_up += one.gave_up;
    }
    all
}

#[test]
fn f13_the_lease_has_one_holder_and_is_never_stuck() {
    let all = all(0..1_000, &[]);
    // What a test never meets it does not test.
    assert!(all.holds > 2_000 && all.kills > 500, "{all:?}");
    assert!(all.lost > 10 && all.gave_up > 50, "{all:?}");
}
