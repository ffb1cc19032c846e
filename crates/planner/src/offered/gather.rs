//! The problems of all accounts: what sits in a line that ten thousand of them share is told once.

use super::{MOST_LOOKS, Offered};
use gangplank_model::code;
use gangplank_model::plan::grouped;
use gangplank_model::suggest::listed;
use gangplank_model::{
    AccountId, AccountSpec, Diagnostic, Diagnostics, Offer, Origin, Problems, Severity,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many different problems of one code are told of one place: what a line says may be made of each
/// account's own values.
const MOST_TOLD: usize = 3;
/// How many accounts a problem names.
const MOST_NAMED: usize = 3;

/// One problem, and where it is met.
#[derive(Debug)]
struct Telling {
    diagnostic: Diagnostic,
    first: Vec<AccountId>,
    count: usize,
    /// The installed connector's name, where it matters to a new one alone.
    connector: Option<String>,
}

impl Telling {
    /// Whether it matters to new connectors alone, and there is none.
    fn is_moot(&self, offer: &Offer) -> bool {
        let Some(name) = &self.connector else {
            return false;
        };
        let held = |id: &&AccountId| offer.installed.get(*id).is_some_and(|it| it.contains(name));
        self.first.iter().filter(held).count() == self.count
    }
}

/// What is told of one place under one code.
#[derive(Debug, Default)]
struct Place {
    told: Vec<Telling>,
    /// Accounts whose problem of the same kind is not told for itself.
    more: usize,
}

type Key = (Option<Origin>, &'static str);

/// Gathers the problems of all accounts.
#[derive(Debug)]
pub(super) struct Gather<'a> {
    offer: &'a Offer,
    places: BTreeMap<Key, Place>,
    unchecked: BTreeSet<String>,
}

impl<'a> Gather<'a> {
    pub(super) fn new(offer: &'a Offer) -> Self {
        Self {
            offer,
            places: BTreeMap::new(),
            unchecked: BTreeSet::new(),
        }
    }

    /// Takes what is wrong with the install of a connector.
    pub(super) fn connector(&mut self, account: &AccountSpec, name: &str, found: Diagnostics) {
        for diagnostic in found {
            let new_only = only_if_new(diagnostic.code).then(|| name.to_owned());
            self.take(account, diagnostic, new_only);
        }
    }

    /// Takes what is wrong elsewhere.
    pub(super) fn problems(&mut self, account: &AccountSpec, found: Diagnostics) {
        for diagnostic in found {
            self.problem(account, diagnostic);
        }
    }

    pub(super) fn problem(&mut self, account: &AccountSpec, diagnostic: Diagnostic) {
        self.take(account, diagnostic, None);
    }

    /// A template of whose inside nothing is known.
    pub(super) fn unchecked(&mut self, template: &str) {
        if !self.unchecked.contains(template) {
            self.unchecked.insert(template.to_owned());
        }
    }

    fn take(&mut self, account: &AccountSpec, diagnostic: Diagnostic, connector: Option<String>) {
        let origin = diagnostic.labels.first().map(|label| label.origin.clone());
        let place = self.places.entry((origin, diagnostic.code)).or_default();
        let same = |it: &Telling| it.diagnostic.summary == diagnostic.summary;
        match place.told.iter().position(same) {
            Some(index) => {
                let telling = &mut place.told[index];
                telling.count += 1;
                if telling.first.len() < MOST_NAMED {
                    telling.first.push(account.id.clone());
                }
            }
            None if place.told.len() < MOST_TOLD => place.told.push(Telling {
                diagnostic,
                first: vec![account.id.clone()],
                count: 1,
                connector,
            }),
            None => place.more += 1,
        }
    }

    pub(super) fn finish(self) -> Offered {
        let mut problems = Problems::default();
        let mut look_into = BTreeSet::new();
        for mut place in self.places.into_values() {
            let last = place.told.len().saturating_sub(1);
            for (index, telling) in place.told.drain(..).enumerate() {
                let more = if index == last { place.more } else { 0 };
                if telling.connector.is_some() && look_into.len() < MOST_LOOKS {
                    look_into.extend(telling.first.first().cloned());
                }
                if more > 0 || !telling.is_moot(self.offer) {
                    problems.push(told(telling, more, self.offer));
                }
            }
        }
        look_into.retain(|account| !self.offer.installed.contains_key(account));
        if !self.unchecked.is_empty() {
            let names = self.unchecked.iter().map(String::as_str);
            problems.push(
                Diagnostic::warning(
                    code::UNCHECKED_NAMES,
                    "names inside of templates could not be checked",
                )
                .detail(format!(
                    "Neither a cycle nor an export tells which steps, parameters, fields and \
                     variables there are in {}. An apply finds out, after the install.",
                    listed(names)
                )),
            );
        }
        Offered {
            diagnostics: problems.finish(),
            look_into,
        }
    }
}

/// Whether a problem keeps a connector from being installed, and does not touch one that is.
fn only_if_new(name: &str) -> bool {
    [
        code::AMBIGUOUS_CONNECTOR,
        code::DRAFT_CONNECTOR,
        code::MISSING_PROPERTY,
        code::UNKNOWN_CONNECTOR,
        code::UNKNOWN_VERSION,
    ]
    .iter()
    .any(|code| code.name() == name)
}

fn told(telling: Telling, more: usize, offer: &Offer) -> Diagnostic {
    let Telling {
        mut diagnostic,
        first,
        count,
        connector,
    } = telling;
    let mut sentences = vec![std::mem::take(&mut diagnostic.detail)];
    let holder = connector.and_then(|name| {
        let mut first = first.iter();
        first.find(|id| {
            offer
                .installed
                .get(*id)
                .is_some_and(|it| it.contains(&name))
        })
    });
    if let Some(holder) = holder {
        diagnostic.severity = Severity::Warning;
        diagnostic.code = code::ONLY_IF_NEW.name();
        sentences.push(format!(
            "It is installed in account {holder} already, where this does not matter; where it is \
             new, the install is refused."
        ));
    }
    sentences.push(met_in(&first, count));
    if more > 0 {
        sentences.push(format!(
            "{} more accounts have a problem of this kind here, with other values.",
            grouped(more)
        ));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    diagnostic.detail = sentences.join(" ");
    diagnostic
}

/// `In 10,000 accounts: a, b, c and others.`
fn met_in(first: &[AccountId], count: usize) -> String {
    let names: Vec<&str> = first.iter().map(AccountId::as_str).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => format!("In account {only}."),
        several => {
            let others = if count > several.len() {
                " and others"
            } else {
                ""
            };
            format!(
                "In {} accounts: {}{others}.",
                grouped(count),
                several.join(", ")
            )
        }
    }
}
