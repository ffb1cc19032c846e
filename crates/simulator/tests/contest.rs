//! The lease: never two holders, never a manual unlock, whatever the seed brings.

use gangplank_simulator::{Contest, Failure, contest, turns};

#[expect(
    clippy::panic,
    reason = "a test's own words on how to see the failure again"
)]
fn all(
    seeds: std::ops::Range<u64>,
    play: impl Fn(u64) -> Result<Contest, Box<Failure>>,
) -> Contest {
    let mut all = Contest::default();
    for seed in seeds {
        let one = match play(seed) {
            Ok(contest) => contest,
            Err(failure) => panic!("{}\nseed {seed}: {}", failure.story, failure.why),
        };
        all.holds += one.holds;
        all.kills += one.kills;
        all.lost += one.lost;
        all.gave_up += one.gave_up;
    }
    all
}

#[test]
fn f13_the_lease_has_one_holder_and_is_never_stuck() {
    let all = all(0..500, |seed| contest(seed, &[]));
    // What a test never meets it does not test.
    assert!(all.holds > 1_000 && all.kills > 150, "{all:?}");
    assert!(all.lost > 10 && all.gave_up > 10, "{all:?}");
}

#[test]
fn f13_whole_applies_under_the_lease_work_one_after_the_other() {
    let all = all(0..60, turns);
    assert!(all.holds > 120 && all.kills > 10, "{all:?}");
}

/// Whatever an instance may do with accounts, as long as it keeps what is written into them.
#[test]
fn the_lease_is_kept_under_every_position_of_the_unknowns() {
    for variant in [
        ("U7", "null"),
        ("U13", "1-1"),
        ("U14", "empty"),
        ("U14", "html"),
        ("U18", "stored"),
        ("U23", "sensitive"),
        ("U25", "429"),
        ("U25", "503"),
        ("BAD_TOKEN", "403"),
        ("BILL_DATE", "ignored"),
        ("BINDING_ERRORS", "message"),
    ] {
        all(0..20, |seed| contest(seed, &[variant]));
    }
}

#[test]
fn a_contest_tells_the_same_story_again() {
    for seed in 0..10 {
        assert_eq!(contest(seed, &[]).unwrap(), contest(seed, &[]).unwrap());
        assert_eq!(turns(seed).unwrap(), turns(seed).unwrap());
    }
}
