//! Which accounts are under which.

use crate::circle::{circles, told as told_circle};
use gangplank_model::code;
use gangplank_model::{AccountId, AccountSpec, Diagnostic, Problems, Sourced};
use std::collections::HashMap;

/// The parents of sub-accounts.
#[derive(Debug, Default)]
pub(crate) struct Parents(HashMap<AccountId, Sourced<AccountId>>);

impl Parents {
    pub(crate) fn note(&mut self, account: &AccountSpec) {
        if let Some(parent) = &account.parent {
            self.0.insert(account.id.clone(), parent.clone());
        }
    }

    /// Accounts that are each other's parents cannot be created. Every account is walked over once.
    pub(crate) fn tell_circles(&self, problems: &mut Problems) {
        let next = |id: &str| Some(self.0.get(&AccountId::new(id))?.value.as_str());
        for circle in circles(self.0.keys().map(AccountId::as_str), next) {
            let first = self.0.get(&AccountId::new(circle[0]));
            if let Some(parent) = first.filter(|_| circle.len() > 1) {
                let path = told_circle(&circle);
                problems.push(
                    Diagnostic::error(code::PARENT_CIRCLE, "accounts are each other's parents")
                        .at(&parent.origin, "")
                        .detail(format!("The circle is {path}."))
                        .hint("take `parent` away from one of them"),
                );
            }
        }
    }
}
