//! `FaultRule`: which requests are met, and what happens to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::effect::FaultEffect;
use crate::error::SandboxError;

/// One rule: which requests it meets, and what happens to them. Every condition has to hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct FaultRule {
    /// Method; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Route as in the ledger, with or without its method; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Path as it is sent, with `*` for any text; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Account of `X-Cyclr-Account`; left out: every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Only the nth request that fits the four above, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// Every so many of those that fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// From this one of those that fit, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u64>,
    /// Up to this one of those that fit, itself included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<u64>,
    /// How likely it is, from 0 to 1; the same in every run with the same seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// How often it happens at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// What happens.
    pub effect: FaultEffect,
}

impl FaultRule {
    /// A rule that meets every request.
    pub fn new(effect: FaultEffect) -> Self {
        Self {
            method: None,
            route: None,
            path: None,
            account: None,
            nth: None,
            every: None,
            from: None,
            to: None,
            probability: None,
            times: None,
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

    /// At most so often.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Reads a list of rules in YAML or JSON.
    pub fn list(text: &str) -> Result<Vec<Self>, SandboxError> {
        let invalid = |reason: String| SandboxError::Faults { reason };
        // By way of a JSON value, since YAML of its own writes an enum with data as a tag.
        let value: serde_json::Value =
            serde_yaml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let rules: Vec<Self> =
            serde_json::from_value(value).map_err(|error| invalid(error.to_string()))?;
        for (rule, number) in rules.iter().zip(1..) {
            if let Some(problem) = rule.problem() {
                return Err(invalid(format!("rule {number}: {problem}")));
            }
        }
        Ok(rules)
    }

    /// The JSON schema of a file of rules.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Vec<Self>).to_value()
    }

    fn problem(&self) -> Option<&'static str> {
        if [self.nth, self.every, self.from].contains(&Some(0)) {
            return Some("requests are counted from 1");
        }
        if self
            .probability
            .is_some_and(|one| !(0.0..=1.0).contains(&one))
        {
            return Some("a probability is from 0 to 1");
        }
        if self.to.is_some_and(|to| to < self.from.unwrap_or(1)) {
            return Some("`to` is before `from`");
        }
        self.effect.problem()
    }
}
