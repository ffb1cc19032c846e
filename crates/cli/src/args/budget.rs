//! The options that bound an apply: how many accounts may fail, and how long it may take.

use clap::Args;
use gangplank_model::Percent;
use gangplank_sandbox::Span;
use std::str::FromStr;

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct BudgetArgs {
    /// Begin no further account once so many failed: a number, or a share such as 5%
    #[arg(help_heading = "Bounds", long, value_name = "N|N%")]
    pub(crate) max_failures: Option<MaxFailures>,
    /// Begin no further account once one failed; the same as --max-failures 1
    #[arg(help_heading = "Bounds", long, conflicts_with = "max_failures")]
    pub(crate) fail_fast: bool,
    /// Begin no further call of an account that takes longer, such as 5m
    #[arg(help_heading = "Bounds", long, value_name = "TIME")]
    pub(crate) account_timeout: Option<Span>,
    /// Stop cleanly once the whole run takes longer, such as 25m, and exit with 3
    #[arg(help_heading = "Bounds", long, value_name = "TIME")]
    pub(crate) deadline: Option<Span>,
}

impl BudgetArgs {
    /// How many of a plan's accounts may fail, if that is bounded.
    pub(crate) fn most_failures(&self, accounts: usize) -> Option<usize> {
        match self.max_failures {
            _ if self.fail_fast => Some(1),
            Some(MaxFailures::Number(number)) => Some(number),
            Some(MaxFailures::Share(share)) => Some(share.of(accounts).max(1)),
            None => None,
        }
    }
}

/// When to stop: at so many failed accounts, or at such a share of those that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaxFailures {
    /// A number, at least 1.
    Number(usize),
    /// A share.
    Share(Percent),
}

impl FromStr for MaxFailures {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.ends_with('%') {
            return text.parse().map(Self::Share);
        }
        match text.parse() {
            Ok(0) => Err("0 would begin nothing at all; 1 stops at the first failure".to_owned()),
            Ok(number) => Ok(Self::Number(number)),
            Err(_) => Err(format!(
                "expected a number, or a share such as 5%, not `{text}`"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_a_number_or_a_share() {
        let most = |text: &str, accounts| {
            let budget = BudgetArgs {
                max_failures: Some(text.parse().unwrap()),
                ..BudgetArgs::default()
            };
            budget.most_failures(accounts)
        };
        assert_eq!(most("20", 200), Some(20));
        assert_eq!((most("5%", 200), most("5%", 10)), (Some(10), Some(1)));
        for wrong in ["0", "-1", "0%", "five", "", "1.5"] {
            assert!(wrong.parse::<MaxFailures>().is_err(), "{wrong}");
        }
        let fast = BudgetArgs {
            fail_fast: true,
            ..BudgetArgs::default()
        };
        assert_eq!(fast.most_failures(200), Some(1));
        assert_eq!(BudgetArgs::default().most_failures(200), None);
    }
}
