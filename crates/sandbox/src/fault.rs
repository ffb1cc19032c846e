//! Faults: mischief on demand, by rules.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::error::SandboxError;

/// One rule: which requests it meets, and what happens to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct FaultRule {
    /// Method; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Route as in the ledger, with or without its method; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Account of `X-Cyclr-Account`; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Only the nth match, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Every so many matches; left out, like `nth`: every match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// What happens.
    pub effect: FaultEffect,
}

impl FaultRule {
    /// A rule that meets every request.
    pub fn new(effect: FaultEffect) -> Self {
        Self {
            method: None,
            route: None,
            account: None,
            nth: None,
            every: None,
            effect,
        }
    }

    /// Only requests of a route, such as `POST /templates/{id}/install`.
    #[must_use]
    pub fn on(mut self, route: &str) -> Self {
        self.route = Some(route.to_owned());
        self
    }

    /// Only requests of an account.
    #[must_use]
    pub fn of(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Only the nth match, from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// Reads a list of rules in YAML or JSON.
    pub fn list(text: &str) -> Result<Vec<Self>, SandboxError> {
        // By way of a JSON value, since YAML of its own writes an enum with data as a tag.
        let reason = |error: &dyn std::fmt::Display| error.to_string();
        let value: serde_json::Value =
            serde_yaml::from_str(text).map_err(|error| SandboxError::Faults {
                reason: reason(&error),
            })?;
        serde_json::from_value(value).map_err(|error| SandboxError::Faults {
            reason: reason(&error),
        })
    }
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultEffect {
    /// An error instead of doing it.
    StatusBefore {
        /// Status.
        code: u16,
        /// `Retry-After`, as it is to be written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
    },
    /// It is done, and an error is answered.
    StatusAfter {
        /// Status.
        code: u16,
    },
    /// The connection is closed without a response, and nothing is done.
    DropBefore,
    /// It is done, and the connection is closed without a response.
    DropAfter,
    /// It is done, and the response is held back.
    Delay {
        /// How long.
        milliseconds: u64,
    },
}

impl FaultEffect {
    /// How the ledger names it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::StatusBefore { code, .. } => format!("status_before {code}"),
            Self::StatusAfter { code } => format!("status_after {code}"),
            Self::DropBefore => "drop_before".to_owned(),
            Self::DropAfter => "drop_after".to_owned(),
            Self::Delay { milliseconds } => format!("delay {milliseconds}"),
        }
    }
}

/// The rules, each with the number of its matches so far.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<(FaultRule, u64)>,
}

impl Faults {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Self {
        Self {
            rules: rules.into_iter().map(|rule| (rule, 0)).collect(),
        }
    }

    /// Counts a request, and says what happens to it: the first rule that is due wins.
    pub(crate) fn meet(&mut self, method: &str, route: &str, account: &str) -> Option<FaultEffect> {
        let mut due = None;
        for (rule, matches) in &mut self.rules {
            let fits = |wanted: &Option<String>, is: &str| {
                wanted
                    .as_ref()
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(is))
            };
            let pattern = route.split_once(' ').map_or(route, |(_, pattern)| pattern);
            let fits_route = fits(&rule.route, route) || fits(&rule.route, pattern);
            if !(fits(&rule.method, method) && fits_route && fits(&rule.account, account)) {
                continue;
            }
            *matches += 1;
            let is_due = match (rule.nth, rule.every) {
                (Some(nth), _) => *matches == nth,
                (None, Some(every)) => every > 0 && matches.is_multiple_of(every),
                (None, None) => true,
            };
            if is_due && due.is_none() {
                due = Some(rule.effect.clone());
            }
        }
        due
    }
}

/// A token bucket for `--rate-limit`.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: f64,
    tokens: f64,
    filled_at: jiff::Timestamp,
}

impl Bucket {
    pub(crate) fn new(per_second: u32, now: jiff::Timestamp) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self {
            per_second,
            tokens: per_second,
            filled_at: now,
        }
    }

    /// Takes a token, or says how long there will be none.
    pub(crate) fn take(&mut self, now: jiff::Timestamp) -> Option<Duration> {
        let elapsed = now.duration_since(self.filled_at).as_secs_f64().max(0.0);
        self.filled_at = now;
        self.tokens = (self.tokens + elapsed * self.per_second).min(self.per_second);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        Some(Duration::from_secs_f64(
            (1.0 - self.tokens) / self.per_second,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::{FaultEffect, FaultRule, Faults};

    #[test]
    fn rules_are_read_from_yaml_and_counted() {
        let text = "- { route: 'POST /templates/{id}/install', nth: 2, effect: drop_after }\n\
                    - { method: get, every: 2, effect: { status_before: { code: 503, retry_after: '1' } } }";
        let mut faults = Faults::new(FaultRule::list(text).unwrap());
        let install = "POST /templates/{id}/install";
        assert_eq!(faults.meet("POST", install, ""), None);
        assert_eq!(
            faults.meet("POST", install, ""),
            Some(FaultEffect::DropAfter)
        );
        assert_eq!(faults.meet("POST", install, ""), None);
        assert_eq!(faults.meet("GET", "GET /accounts", ""), None);
        assert!(faults.meet("GET", "GET /accounts", "").is_some());
        assert!(FaultRule::list("- { effect: explode }").is_err());
        assert!(FaultRule::list("- { effect: drop_after, rout: x }").is_err());
    }
}
