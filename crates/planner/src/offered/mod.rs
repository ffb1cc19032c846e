//! What of a manifest the instance does not offer, without a plan: the rules are the plan's own.

mod connector;
mod gather;
mod template;

use crate::library::Library;
use gangplank_model::{AccountId, Desired, Diagnostics, Offer, Presence};
use gather::Gather;
use std::collections::BTreeSet;

/// What was found, and what would say more.
#[derive(Debug)]
pub struct Offered {
    /// The problems of all accounts, each told once, in the order of their places.
    pub diagnostics: Diagnostics,
    /// Accounts whose connectors would tell whether what is wrong there matters to new ones alone: one
    /// for each problem of that kind, at most [`MOST_LOOKS`].
    pub look_into: BTreeSet<AccountId>,
}

/// How many accounts are worth a look for the sake of a problem.
const MOST_LOOKS: usize = 8;

/// Holds the names, values and methods of a manifest against what the instance offers.
///
/// It judges each object as if it had to be made anew, since it does not know what stands in the
/// accounts; of those that were looked into it does.
pub fn offered(desired: &Desired, offer: &Offer) -> Offered {
    let library = Library::new(offer.connectors.as_deref(), offer.templates.as_deref());
    let mut gather = Gather::new(offer);
    let present = Presence::Present;
    for account in desired.accounts.iter().filter(|it| it.presence == present) {
        if offer.connectors.is_some() {
            connector::check(&library, account, &mut gather);
        }
        if offer.templates.is_some() {
            template::check((&library, desired), account, offer, &mut gather);
        }
    }
    gather.finish()
}
