//! Puts the accounts of a plan into waves.

use gangplank_model::{AccountId, Choice, Desired, Lane, Plan, Rollout};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a roll-out is to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waves {
    /// The waves in order; each takes what any of its choices takes and no earlier wave did.
    pub sets: Vec<Vec<Choice>>,
    /// How long nothing is written after each wave but the last.
    pub soak: Duration,
    /// How many of the first waves are known to be done with.
    pub passed: usize,
}

impl Waves {
    /// The labels that no account has: a slip, most likely.
    pub fn unmatched(&self, desired: &Desired) -> Vec<&Choice> {
        let choices = self.sets.iter().flatten();
        let labels = choices.filter(|choice| matches!(choice, Choice::Label(..)));
        labels
            .filter(|choice| !desired.accounts.iter().any(|it| choice.labels(it)))
            .collect()
    }
}

/// Gives each account of the plan its wave. A share is one of all accounts of the manifest, by a hash
/// of their ids: the same accounts on every run, and a smaller share within a greater one. An account
/// that comes after another goes no earlier than that. Where no account of the plan is in a share or
/// in a wave before it, the share takes one, since a first wave without any would show nothing.
pub fn waves(plan: &mut Plan, desired: &Desired, waves: &Waves) {
    let ids = desired.accounts.iter().map(|account| &account.id);
    let all: BTreeSet<&AccountId> = ids
        .chain(plan.lanes.iter().map(|lane| &lane.account))
        .collect();
    let turns = turns(&all);
    let specs = desired.accounts.iter();
    let specs: BTreeMap<&AccountId, _> = specs.map(|account| (&account.id, account)).collect();
    let takes = |choice: &Choice, account: &AccountId| match choice {
        Choice::Share(percent) => turns
            .get(account)
            .is_some_and(|it| *it < percent.of(all.len())),
        Choice::Label(..) => specs.get(account).is_some_and(|spec| choice.labels(spec)),
    };
    let own = plan.lanes.iter().map(|lane| {
        let mut sets = waves.sets.iter();
        sets.position(|set| set.iter().any(|choice| takes(choice, &lane.account)))
    });
    let mut own: Vec<Option<usize>> = own.collect();
    begin_with_one(&mut own, &plan.lanes, waves, &turns);
    let placed = no_earlier(&own, &plan.lanes);
    for (lane, wave) in plan.lanes.iter_mut().zip(placed) {
        lane.wave = wave;
    }
    let words = |set: &Vec<Choice>| set.iter().map(ToString::to_string).collect::<Vec<_>>();
    plan.rollout = Rollout {
        waves: waves
            .sets
            .iter()
            .map(|set| words(set).join(" or "))
            .collect(),
        soak: waves.soak,
    };
}

/// The first share takes an account where nothing was taken yet.
fn begin_with_one(
    own: &mut [Option<usize>],
    lanes: &[Lane],
    waves: &Waves,
    turns: &BTreeMap<AccountId, usize>,
) {
    let is_share = |choice: &Choice| matches!(choice, Choice::Share(_));
    let mut shares = waves.sets.iter().map(|set| set.iter().any(is_share));
    let Some(first) = shares.position(|it| it) else {
        return;
    };
    let works = |index: &usize| !lanes[*index].operations.is_empty();
    let taken = |index: usize| own[index].is_some_and(|wave| wave <= first);
    let working: Vec<usize> = (0..lanes.len()).filter(works).collect();
    if first < waves.passed || working.iter().any(|index| taken(*index)) {
        return;
    }
    let alone = working
        .into_iter()
        .filter(|index| lanes[*index].after.is_none());
    if let Some(index) = alone.min_by_key(|index| turns.get(&lanes[*index].account)) {
        own[index] = Some(first);
    }
}

/// Puts off what comes after another account to the wave of that one.
fn no_earlier(own: &[Option<usize>], lanes: &[Lane]) -> Vec<Option<usize>> {
    let lanes_by_account: BTreeMap<&AccountId, usize> = lanes
        .iter()
        .enumerate()
        .map(|(index, lane)| (&lane.account, index))
        .collect();
    let mut placed = own.to_vec();
    for index in 0..lanes.len() {
        let mut earlier = &lanes[index].after;
        // Accounts that wait for each other are no deeper than there are accounts.
        for _ in 0..lanes.len() {
            let Some(before) = earlier.as_ref().and_then(|it| lanes_by_account.get(it)) else {
                break;
            };
            placed[index] = match (placed[index], own[*before]) {
                (Some(one), Some(other)) => Some(one.max(other)),
                (None, _) | (_, None) => None,
            };
            earlier = &lanes[*before].after;
        }
    }
    placed
}

/// The place of each account in the order of the hashes.
fn turns(accounts: &BTreeSet<&AccountId>) -> BTreeMap<AccountId, usize> {
    let mut order: Vec<(u64, &AccountId)> =
        accounts.iter().map(|id| (hash(id.as_str()), *id)).collect();
    order.sort_unstable();
    let places = order.into_iter().enumerate();
    places.map(|(turn, (_, id))| (id.clone(), turn)).collect()
}

/// FNV-1a, then the last step of `MurmurHash3`, which spreads ids that differ in their ends alone. It may
/// not change: runs of different versions have to choose the same accounts.
fn hash(id: &str) -> u64 {
    let mut hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for factor in [0xff51_afd7_ed55_8ccd_u64, 0xc4ce_b9fe_1a85_ec53] {
        hash = (hash ^ (hash >> 33)).wrapping_mul(factor);
    }
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::testing::{account, desired};
    use gangplank_model::{Address, InstanceRef, Operation, OperationKind, Summary, by_name};

    fn lane(id: &str, after: Option<&str>) -> Lane {
        let account = AccountId::new(id);
        Lane {
            after: after.map(AccountId::new),
            changes: Vec::new(),
            operations: vec![Operation {
                address: Address::account(&account),
                kind: OperationKind::DeleteAccount,
                depends_on: Vec::new(),
            }],
            account,
            wave: None,
        }
    }

    fn plan(lanes: Vec<Lane>) -> Plan {
        Plan {
            instance: InstanceRef {
                name: "test".into(),
                api_url: "https://api.cyclr.test".into(),
            },
            manifest_digest: String::new(),
            lanes,
            summary: Summary::default(),
            notes: Vec::new(),
            rollout: Rollout::default(),
        }
    }

    fn sets(sets: &[&[&str]]) -> Waves {
        let set = |set: &&[&str]| set.iter().map(|text| text.parse().unwrap()).collect();
        Waves {
            sets: sets.iter().map(set).collect(),
            ..Waves::default()
        }
    }

    /// So many accounts; the first two are canaries, and every one of the named differs.
    fn laid(all: usize, lanes: &[usize], asked: &Waves) -> Plan {
        let accounts = (0..all).map(|number| {
            let mut spec = account(&format!("acme-{number:04}"));
            if number < 2 {
                spec.labels = by_name([("wave".to_owned(), "canary".to_owned())]).into();
            }
            spec
        });
        let desired = desired(accounts.collect());
        let lanes = lanes.iter().map(|it| lane(&format!("acme-{it:04}"), None));
        let mut plan = plan(lanes.collect());
        waves(&mut plan, &desired, asked);
        plan
    }

    fn counts(plan: &Plan) -> Vec<usize> {
        let in_wave = |wave| plan.lanes.iter().filter(|lane| lane.wave == wave).count();
        let waves = (0..plan.rollout.waves.len()).map(Some);
        waves.chain([None]).map(in_wave).collect()
    }

    #[test]
    fn each_account_goes_with_the_first_wave_that_takes_it() {
        let all: Vec<usize> = (0..200).collect();
        let three = sets(&[&["wave=canary"], &["10%"], &["100%"]]);
        let plan = laid(200, &all, &three);
        let (canaries, tenth) = (counts(&plan)[0], counts(&plan)[1]);
        assert_eq!(canaries, 2);
        assert!((18..=20).contains(&tenth), "{tenth}");
        assert_eq!(counts(&plan).iter().sum::<usize>(), 200);
        assert_eq!(plan.rollout.waves, ["wave=canary", "10%", "100%"]);
        assert_eq!(counts(&laid(200, &all, &sets(&[&["10%"]]))), [20, 180]);
        let both = sets(&[&["wave=canary", "10%"], &["100%"]]);
        assert_eq!(counts(&laid(200, &all, &both))[0], canaries + tenth);
        assert_eq!(
            counts(&laid(200, &all, &sets(&[&["label=canary"]]))),
            [2, 198]
        );
    }

    #[test]
    fn a_share_is_the_same_on_every_run_and_within_a_greater_one() {
        let all: Vec<usize> = (0..1000).collect();
        let chosen = |share: &str, lanes: &[usize]| -> BTreeSet<AccountId> {
            let plan = laid(1000, lanes, &sets(&[&[share]]));
            let mut lanes = plan.lanes;
            lanes.retain(|lane| lane.wave.is_some());
            lanes.into_iter().map(|lane| lane.account).collect()
        };
        let tenth = chosen("10%", &all);
        assert_eq!(tenth.len(), 100);
        assert!(tenth.is_subset(&chosen("20%", &all)));
        // Half of them match by now: of the rest, none is added.
        let half: Vec<usize> = (0..500).collect();
        assert!(chosen("10%", &half).is_subset(&tenth));
        // Fixed for ever: other versions have to choose the same ones.
        let first: Vec<String> = tenth.iter().take(3).map(ToString::to_string).collect();
        assert_eq!(first, ["acme-0002", "acme-0018", "acme-0019"]);
    }

    #[test]
    fn a_first_share_is_never_empty_unless_it_is_done_with() {
        let tenth = |passed| Waves {
            passed,
            ..sets(&[&["1%"], &["100%"]])
        };
        let lanes: Vec<usize> = (500..503).collect();
        assert_eq!(counts(&laid(1000, &lanes, &tenth(0))), [1, 2, 0]);
        assert_eq!(counts(&laid(1000, &lanes, &tenth(1))), [0, 3, 0]);
        let canaries = sets(&[&["wave=canary"], &["0.01%"], &["100%"]]);
        assert_eq!(counts(&laid(1000, &[0, 500, 501], &canaries)), [1, 0, 2, 0]);
    }

    #[test]
    fn a_sub_account_goes_no_earlier_than_its_parent() {
        let accounts = ["parent", "child", "grandchild", "other"].map(|id| {
            let mut spec = account(id);
            let wave = if id == "parent" { "late" } else { "early" };
            spec.labels = by_name([("wave".to_owned(), wave.to_owned())]).into();
            spec
        });
        let desired = desired(accounts.to_vec());
        let lanes = || {
            vec![
                lane("grandchild", Some("child")),
                lane("child", Some("parent")),
                lane("parent", None),
                lane("other", Some("not in the plan")),
            ]
        };
        let placed = |asked: &[&[&str]]| {
            let mut plan = plan(lanes());
            waves(&mut plan, &desired, &sets(asked));
            plan.lanes.iter().map(|lane| lane.wave).collect::<Vec<_>>()
        };
        let two = placed(&[&["wave=early"], &["wave=late"]]);
        assert_eq!(two, [Some(1), Some(1), Some(1), Some(0)]);
        let alone = placed(&[&["wave=early"]]);
        assert_eq!(alone, [None, None, None, Some(0)]);
        let mut circle = plan(vec![
            lane("child", Some("other")),
            lane("other", Some("child")),
        ]);
        waves(&mut circle, &desired, &sets(&[&["100%"]]));
        assert_eq!(circle.lanes[0].wave, Some(0));
    }

    #[test]
    fn a_label_that_nobody_has_is_named() {
        let desired = desired(vec![account("a")]);
        let asked = sets(&[&["wave=canary", "10%"], &["100%"]]);
        let unmatched: Vec<String> = asked
            .unmatched(&desired)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(unmatched, ["wave=canary"]);
    }
}
