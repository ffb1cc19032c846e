//! One case of a table, and the one function that checks it.

use super::shop::{context, shop};
use super::text::text;
use gangplank_model::testing::desired;
use gangplank_model::{AccountSpec, ConnectorMark, Live, LiveAccount};
use gangplank_planner::{Context, check as broken, plan};

/// What is wanted, what there is, and how it is looked at.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) wants: Vec<AccountSpec>,
    pub(crate) live: Live,
    pub(crate) context: Context,
}

impl Case {
    /// An account that is not there.
    pub(crate) fn new(wants: AccountSpec) -> Self {
        Self {
            wants: vec![wants],
            live: shop(),
            context: context(),
        }
    }

    /// An account that is there.
    pub(crate) fn held(wants: AccountSpec, held: LiveAccount) -> Self {
        Self::new(wants).and_held("", held)
    }

    /// One more account that is wanted.
    pub(crate) fn and(mut self, wants: AccountSpec) -> Self {
        self.wants.push(wants);
        self
    }

    /// One more account that is there; without an id, the one that was wanted last.
    pub(crate) fn and_held(mut self, id: &str, held: LiveAccount) -> Self {
        let id = match id {
            "" => self.wants[self.wants.len() - 1].id.clone(),
            id => gangplank_model::AccountId::new(id),
        };
        self.live.accounts.insert(id, held);
        self
    }

    /// With other things in the instance.
    pub(crate) fn live(mut self, change: impl FnOnce(&mut Live)) -> Self {
        change(&mut self.live);
        self
    }

    /// With `marks: off`.
    pub(crate) fn unmarked(mut self) -> Self {
        self.context.marks = false;
        self
    }

    /// With secrets that were read: what the mark of this connector of account `a` would be.
    pub(crate) fn made(mut self, connector: &str, mark: ConnectorMark) -> Self {
        super::made(&mut self.context, "a", connector, mark);
        self
    }

    /// With another brake.
    pub(crate) fn removals(mut self, removals: Option<usize>) -> Self {
        self.context.limits.removals = removals;
        self
    }
}

/// Plans a case, and compares the plan with the text that is expected.
pub(crate) fn check(what: &str, case: Case, expected: &str) {
    let desired = desired(case.wants);
    let (plan, diagnostics) = plan(&desired, &case.live, &case.context);
    let found = text(&plan, &diagnostics);
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    let expected = expected.join("\n");
    assert_eq!(found, expected, "\n{what}; found:\n{found}\n");
    assert_eq!(broken(&plan), Vec::<String>::new(), "{what}");
}
