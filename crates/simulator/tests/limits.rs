//! What the limiter reaches, on the simulated clock: `cargo run --release -p xtask -- bench limiter`
//! prints the same.

use gangplank_simulator::limits::{
    FORMS, Figure, Hidden, Outage, Throttled, amplified, hidden, long_tail, moving,
    moving_without_refusals, outage, slow, slow_behind_a_knee, throttled,
};

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

#[track_caller]
fn holds(figure: &Figure) {
    assert!(figure.holds, "{figure}");
}

#[test]
fn a_hidden_limit_is_learned() {
    for case in Hidden::ALL {
        holds(&hidden(case));
    }
}

#[test]
fn a_moving_knee_is_followed() {
    holds(&moving());
    holds(&moving_without_refusals());
    holds(&long_tail());
}

#[test]
fn one_slow_account_among_a_thousand_costs_the_others_nothing() {
    holds(&slow());
    holds(&slow_behind_a_knee());
}

#[test]
fn retries_are_a_share_of_the_calls() {
    for faults in [0.05, 0.10] {
        holds(&amplified(faults));
    }
}

#[test]
fn f08_an_outage_at_each_phase_stops_within_its_budget_and_heals() {
    for case in Outage::ALL {
        holds(&outage(case));
    }
}

fn a_day_after_1970() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(24)
}

/// Every endpoint that runs call, each with the kind of run.
fn endpoints() -> BTreeSet<(bool, String)> {
    let routes = |changes| {
        let calm = throttled(changes, None, FORMS[0], a_day_after_1970);
        assert!(calm.is_done && !calm.is_refused);
        let routes = calm.calls.into_iter();
        routes.map(move |(route, _)| (changes, route))
    };
    routes(false).chain(routes(true)).collect()
}

#[test]
fn f06_no_call_comes_before_the_time_that_a_refusal_asks_for() {
    let endpoints = endpoints();
    let writes = endpoints
        .iter()
        .filter(|(_, route)| !route.starts_with("GET"));
    assert!(writes.count() >= 14, "{endpoints:?}");
    for (changes, route) in &endpoints {
        for form in FORMS {
            let seen = throttled(*changes, Some(route), form, a_day_after_1970);
            let case = format!("{route}, {form:?}");
            assert!(seen.is_refused, "{case}");
            assert!(seen.is_done, "{case}");
            assert_eq!(seen.too_early, [], "{case}");
            // Nobody is kept waiting for much longer, either, whatever the header says.
            let most = form.1 + Duration::from_secs(2);
            assert!(
                seen.longest_pause <= most,
                "{case}: {:?}",
                seen.longest_pause
            );
        }
    }
}

/// A clock that jumps by a day each time somebody looks, there and back.
fn jumping() -> SystemTime {
    static LOOKS: AtomicU64 = AtomicU64::new(0);
    let look = LOOKS.fetch_add(1, Ordering::Relaxed);
    let days = if look.is_multiple_of(2) {
        20_455
    } else {
        20_453
    };
    SystemTime::UNIX_EPOCH + Duration::from_hours(24 * days)
}

#[test]
fn f17_clocks_that_jump_change_nothing() {
    let frozen = || SystemTime::UNIX_EPOCH;
    for form in FORMS {
        let route = Some("POST /connectors/{id}/install");
        let play = |wall| -> Throttled { throttled(false, route, form, wall) };
        let steady = play(a_day_after_1970);
        assert!(steady.is_done);
        assert_eq!(steady, play(jumping), "{form:?}");
        assert_eq!(steady, play(frozen), "{form:?}");
    }
}
