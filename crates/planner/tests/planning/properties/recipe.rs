//! What is generated: a few small numbers an object, which `world` makes objects of.

use proptest::collection::vec;
use proptest::prelude::*;

/// How an entry stands in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Not,
    Here,
    Gone,
}

/// How an account connector stands in the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldConnector {
    None,
    Same,
    SignedOut,
    Other,
    Twice,
    Differs,
}

/// How a cycle stands in the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HeldCycle {
    None,
    Paused,
    Running,
    MarkedPaused,
    MarkedRunning,
    MarkedOdd,
    MarkedOfAnother,
    RunningUnknown,
    LeftBehind,
    TwoMarked,
    TwoNamed,
}

/// What a template is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Runs {
    Unsaid,
    Paused,
    Every(u32),
    Once,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Connector {
    pub(crate) wanted: Wanted,
    pub(crate) held: HeldConnector,
    pub(crate) described: bool,
    /// Whether its mark is there, and whether it speaks of the secret of the day.
    pub(crate) mark: Option<bool>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Template {
    pub(crate) wanted: Wanted,
    pub(crate) held: HeldCycle,
    pub(crate) runs: Runs,
    pub(crate) own_name: bool,
    pub(crate) filled_in: bool,
    pub(crate) tallies: bool,
}

#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a coin that is tossed on its own"
)]
pub(crate) struct Account {
    pub(crate) wanted: Wanted,
    pub(crate) held: bool,
    pub(crate) below: bool,
    pub(crate) timezone: bool,
    pub(crate) foreign: bool,
    pub(crate) other_key: bool,
    /// Whether it stands before the accounts of which it may be below.
    pub(crate) first: bool,
    pub(crate) connectors: Vec<Connector>,
    pub(crate) templates: Vec<Template>,
}

#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) marks: bool,
    pub(crate) secrets: bool,
    pub(crate) accounts: Vec<Account>,
}

/// How many connectors and templates there are to choose from.
pub(crate) const CONNECTORS: usize = 7;
pub(crate) const TEMPLATES: usize = 4;

fn wanted() -> impl Strategy<Value = Wanted> {
    prop_oneof![
        1 => Just(Wanted::Not),
        5 => Just(Wanted::Here),
        1 => Just(Wanted::Gone),
    ]
}

fn connector() -> impl Strategy<Value = Connector> {
    let held = prop_oneof![
        4 => Just(HeldConnector::None),
        5 => Just(HeldConnector::Same),
        1 => Just(HeldConnector::SignedOut),
        1 => Just(HeldConnector::Differs),
        1 => prop_oneof![Just(HeldConnector::Other), Just(HeldConnector::Twice)],
    ];
    let parts = (wanted(), held, any::<bool>(), any::<Option<bool>>());
    parts.prop_map(|(wanted, held, described, mark)| Connector {
        wanted,
        held,
        described,
        mark,
    })
}

fn template() -> impl Strategy<Value = Template> {
    use HeldCycle as Held;
    let held = prop_oneof![
        4 => Just(Held::None),
        2 => prop_oneof![Just(Held::Paused), Just(Held::Running), Just(Held::LeftBehind)],
        3 => prop_oneof![Just(Held::MarkedPaused), Just(Held::MarkedRunning), Just(Held::RunningUnknown)],
        1 => prop_oneof![
            Just(Held::MarkedOdd),
            Just(Held::MarkedOfAnother),
            Just(Held::TwoMarked),
            Just(Held::TwoNamed),
        ],
    ];
    let runs = prop_oneof![
        Just(Runs::Unsaid),
        Just(Runs::Paused),
        Just(Runs::Every(60)),
        Just(Runs::Every(5)),
        Just(Runs::Once),
    ];
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (wanted(), held, runs, flags).prop_map(|(wanted, held, runs, flags)| Template {
        wanted,
        held,
        runs,
        own_name: flags.0,
        filled_in: flags.1,
        tallies: flags.2,
    })
}

fn account() -> impl Strategy<Value = Account> {
    let wanted = prop_oneof![9 => Just(Wanted::Here), 1 => Just(Wanted::Gone)];
    let flags = any::<[bool; 6]>();
    let connectors = vec(connector(), CONNECTORS);
    let templates = vec(template(), TEMPLATES);
    (wanted, flags, connectors, templates).prop_map(|(wanted, flags, connectors, templates)| {
        let [held, below, timezone, foreign, other_key, first] = flags;
        Account {
            wanted,
            held,
            below,
            timezone,
            foreign,
            other_key,
            first,
            connectors,
            templates,
        }
    })
}

pub(crate) fn recipe() -> impl Strategy<Value = Recipe> {
    let marks = prop::bool::weighted(0.8);
    (marks, any::<bool>(), vec(account(), 1..4)).prop_map(|(marks, secrets, accounts)| Recipe {
        marks,
        secrets,
        accounts,
    })
}
