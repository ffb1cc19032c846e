//! F2 with a journal: killed at each point of each write, and gone on at once.

use gangplank_simulator::{Failure, Point, resume, resume_lies};

#[expect(clippy::panic, reason = "a test's own words on what broke")]
fn hold<T>(case: &str, played: Result<T, Box<Failure>>) -> T {
    match played {
        Ok(it) => it,
        Err(failure) => panic!("{}\n{case}: {}", failure.story, failure.why),
    }
}

/// What was sent may still be done while the next run works: the journal alone knows of it.
#[test]
fn f02_killed_at_every_point_of_every_write_and_resumed_within_a_second() {
    let (mut writes, mut seed) = (0, 0);
    while writes < 40 {
        let mut most = 1;
        let mut write = 0;
        while write < most {
            for point in Point::ALL {
                let case = format!("seed {seed}, {point:?} of write {write}");
                most = hold(&case, resume(seed, write, point));
            }
            write += 1;
        }
        writes += most;
        seed += 1;
    }
}

/// Nothing in a journal is ever needed to be right, so that no lie in it changes the end.
#[test]
fn f19_a_journal_that_claims_everything_changes_nothing() {
    for seed in 0..150 {
        hold(&format!("seed {seed}"), resume_lies(seed));
    }
}
