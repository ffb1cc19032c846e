//! `Faults`: the rules with what they have counted, and which of them are due.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::chance::Chance;
use super::effect::FaultEffect;
use super::latency::Latency;
use super::rate_limit::{Bucket, RateLimit};
use super::rule::FaultRule;

/// What rules look at of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) method: &'a str,
    pub(crate) route: &'a str,
    pub(crate) path: &'a str,
    pub(crate) account: &'a str,
    pub(crate) now: Timestamp,
}

/// An effect that is due.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) effect: FaultEffect,
    /// How long there is to wait until a limit lets calls through again.
    pub(crate) wait: Duration,
    /// How long the response is held back.
    pub(crate) delay: Duration,
    /// Whether the ledger tells of it.
    pub(crate) is_told: bool,
}

/// A rule with what it has counted.
#[derive(Debug, Serialize)]
pub(crate) struct Counted {
    #[serde(flatten)]
    rule: FaultRule,
    /// How many requests fitted it so far.
    matched: u64,
    /// How often it happened so far.
    happened: u64,
    #[serde(skip)]
    bucket: Option<Bucket>,
    #[serde(skip)]
    is_told: bool,
}

/// The rules of mischief.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Those of the command line come first and stay.
    standing: Vec<Counted>,
    rules: Vec<Counted>,
    seed: u64,
}

impl Faults {
    pub(crate) fn new(seed: u64, latency: Option<Latency>, limit: Option<RateLimit>) -> Self {
        let latency = latency.map(|latency| Counted {
            is_told: false,
            ..Counted::new(FaultRule::new(FaultEffect::Latency(latency)))
        });
        let limit = limit.map(|limit| Counted::new(FaultRule::new(FaultEffect::RateLimit(limit))));
        Self {
            standing: latency.into_iter().chain(limit).collect(),
            rules: Vec::new(),
            seed,
        }
    }

    /// Replaces the rules; those of the command line stay.
    pub(crate) fn replace(&mut self, rules: Vec<FaultRule>) {
        self.rules = rules.into_iter().map(Counted::new).collect();
    }

    /// The rules that can be replaced.
    pub(crate) fn rules(&self) -> &[Counted] {
        &self.rules
    }

    /// The longest time for which writes are to stay unseen.
    pub(crate) fn longest_stale(&self) -> Option<Duration> {
        let stale = self.rules.iter().filter_map(|one| match one.rule.effect {
            FaultEffect::StaleReads { by } => Some(by.0),
            _ => None,
        });
        stale.max()
    }

    /// Counts a request, and says what happens to it, in the order of the rules.
    pub(crate) fn meet(&mut self, sight: Sight<'_>) -> Vec<Due> {
        let mut due = Vec::new();
        let mut is_refused = false;
        let seed = self.seed;
        let rules = self.standing.iter_mut().chain(&mut self.rules);
        for (counted, number) in rules.zip(0..) {
            let Some(chance) = counted.count(sight, seed, number) else {
                continue;
            };
            if is_refused && counted.rule.effect.is_refusal() {
                continue;
            }
            let Some(one) = counted.happen(chance, sight.now) else {
                continue;
            };
            is_refused |= one.effect.is_refusal();
            due.push(one);
        }
        due
    }
}

impl Counted {
    fn new(rule: FaultRule) -> Self {
        Self {
            rule,
            matched: 0,
            happened: 0,
            bucket: None,
            is_told: true,
        }
    }

    /// Counts a request that fits; says where its dice come from if the rule is due.
    fn count(&mut self, sight: Sight<'_>, seed: u64, number: u64) -> Option<Chance> {
        let rule = &self.rule;
        let fits = |wanted: &Option<String>, is: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(is))
        };
        let (_, pattern) = sight.route.split_once(' ').unwrap_or(("", sight.route));
        if !fits(&rule.method, sight.method)
            || !(fits(&rule.route, sight.route) || fits(&rule.route, pattern))
            || !fits(&rule.account, sight.account)
            || !rule
                .path
                .as_ref()
                .is_none_or(|glob| fits_glob(glob, sight.path))
        {
            return None;
        }
        self.matched = self.matched.saturating_add(1);
        let matched = self.matched;
        let chance = Chance::new(seed, number, matched);
        let is_due = rule.nth.is_none_or(|nth| nth == matched)
            && rule
                .every
                .is_none_or(|every| every > 0 && matched.is_multiple_of(every))
            && rule.from.is_none_or(|from| from <= matched)
            && rule.to.is_none_or(|to| matched <= to)
            && rule.times.is_none_or(|times| self.happened < times)
            && rule
                .probability
                .is_none_or(|probability| chance.throw(0) < probability);
        is_due.then_some(chance)
    }

    /// Makes the effect happen, unless its bucket lets the request through.
    fn happen(&mut self, chance: Chance, now: Timestamp) -> Option<Due> {
        let mut due = Due {
            effect: self.rule.effect.clone(),
            wait: Duration::from_secs(1),
            delay: Duration::ZERO,
            is_told: self.is_told,
        };
        match &due.effect {
            FaultEffect::RateLimit(limit) => {
                let bucket = self.bucket.get_or_insert_with(|| Bucket::new(limit, now));
                due.wait = bucket.take(now)?;
            }
            FaultEffect::Latency(latency) => due.delay = latency.sample(chance),
            FaultEffect::Delay { milliseconds } => {
                due.delay = Duration::from_millis(*milliseconds);
            }
            _ => {}
        }
        self.happened = self.happened.saturating_add(1);
        Some(due)
    }
}

/// Whether a path fits a pattern in which `*` stands for any text.
fn fits_glob(glob: &str, path: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut last = None;
    for part in parts {
        if let Some(between) = last.replace(part) {
            let Some(at) = rest.find(between) else {
                return false;
            };
            rest = &rest[at + between.len()..];
        }
    }
    match last {
        None => rest.is_empty(),
        Some(last) => rest.ends_with(last),
    }
}

#[cfg(test)]
mod tests {
    use super::{FaultEffect, FaultRule, Faults, Sight, fits_glob};

    fn names(faults: &mut Faults, method: &str, route: &str) -> String {
        let due = faults.meet(Sight {
            method,
            route,
            path: "/v1.0/x",
            account: "",
            now: jiff::Timestamp::UNIX_EPOCH,
        });
        let names: Vec<_> = due.iter().map(|due| due.effect.name()).collect();
        names.join(", ")
    }

    #[test]
    fn rules_are_read_from_yaml_and_counted() {
        let text = "- { route: 'POST /templates/{id}/install', nth: 2, effect: drop_after }\n\
                    - { method: get, every: 2, effect: { status_before: { code: 503, retry_after: '1' } } }\n\
                    - { method: get, from: 2, to: 3, effect: { content_type: text/plain } }\n\
                    - { method: get, times: 1, effect: empty }";
        let mut faults = Faults::default();
        faults.replace(FaultRule::list(text).unwrap());
        let install = "POST /templates/{id}/install";
        let posts: Vec<_> = (0..3)
            .map(|_| names(&mut faults, "POST", install))
            .collect();
        assert_eq!(posts, ["", "drop_after", ""]);
        let gets: Vec<_> = (0..4)
            .map(|_| names(&mut faults, "GET", "GET /accounts"))
            .collect();
        assert_eq!(
            gets,
            [
                "empty",
                "status_before 503, content_type",
                "content_type",
                "status_before 503"
            ]
        );
        for wrong in [
            "- { effect: explode }",
            "- { effect: drop_after, rout: x }",
            "- { effect: drop_after, nth: 0 }",
            "- { effect: drop_after, probability: 2 }",
            "- { effect: drop_after, from: 3, to: 2 }",
            "- { effect: { status_before: { code: 200 } } }",
            "- { effect: { latency: soon } }",
            "- { effect: { redirect: { code: 200 } } }",
        ] {
            assert!(FaultRule::list(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn chance_follows_the_seed_alone() {
        let run = |seed: u64| {
            let mut faults = Faults::new(seed, None, None);
            let mut rule = FaultRule::new(FaultEffect::Empty);
            rule.probability = Some(0.3);
            faults.replace(vec![rule]);
            let hits = (0..1_000).map(move |_| !names(&mut faults, "GET", "x").is_empty());
            hits.collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        let hits = run(1).into_iter().filter(|hit| *hit).count();
        assert!((250..350).contains(&hits), "{hits}");
    }

    #[test]
    fn globs_fit_paths() {
        let check = |glob: &str, path: &str, expected: bool| {
            assert_eq!(fits_glob(glob, path), expected, "{glob} {path}");
        };
        check("/v1.0/*", "/v1.0/cycles", true);
        check("*/install", "/v1.0/templates/x/install", true);
        check("/v1.0/*/x/*", "/v1.0/templates/x/install", true);
        check("/v1.0/*/y/*", "/v1.0/templates/x/install", false);
        check("/v1.0/cycles", "/v1.0/cycles/1", false);
        check("*", "", true);
        check("a*b*b", "ab", false);
    }
}
