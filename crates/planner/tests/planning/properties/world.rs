//! A manifest and an instance, made of a recipe.

use super::instance::{LIBRARY, mark_of, step, templates};
use super::recipe::{
    Account, CONNECTORS, Connector, HeldConnector, HeldCycle, Recipe, Runs, TEMPLATES, Template,
    Wanted,
};
use crate::support::{MADE_KEY, basic, context, fields, key, made, oauth2_client, shop, tokens};
use gangplank_model::testing::{
    account, connector, live_account, live_connector, live_cycle, sourced, template,
};
use gangplank_model::{
    AccountMark, AccountSpec, AuthSpec, ConnectorMark, ConnectorSpec, CycleStatus, Fingerprint,
    Live, LiveAccount, LiveConnector, LiveCycle, MappingSpec, Presence, Run, Schedule,
    TemplateChoice, TemplateSpec,
};
use gangplank_planner::Context;

/// Everything that a plan is made of.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) wants: Vec<AccountSpec>,
    pub(crate) live: Live,
    pub(crate) context: Context,
}

const IDS: [&str; 3] = ["a", "b", "c"];

impl World {
    pub(crate) fn of(recipe: &Recipe) -> Self {
        let mut world = Self {
            wants: Vec::new(),
            live: Live {
                templates: Some(templates()),
                ..shop()
            },
            context: context(),
        };
        world.context.marks = recipe.marks;
        world.context.limits.removals = Some(usize::MAX);
        let recipes = &recipe.accounts;
        for (index, recipe) in recipes.iter().enumerate() {
            let mut spec = wanted(index, recipe);
            // A parent that goes has no new sub-accounts.
            let last = index.checked_sub(1).map(|last| recipes[last].wanted);
            if recipe.below && last == Some(Wanted::Here) {
                spec = spec.below(IDS[index - 1]);
            }
            if recipe.held {
                let held = held(index, recipe, &spec);
                world.live.accounts.insert(spec.id.clone(), held);
            }
            if recipe.first {
                world.wants.insert(0, spec);
            } else {
                world.wants.push(spec);
            }
        }
        // Nobody declared it.
        let stranger = gangplank_model::AccountId::new("stranger");
        world
            .live
            .accounts
            .insert(stranger, live_account("stranger"));
        if recipe.secrets {
            for spec in &world.wants {
                for connector in &spec.connectors {
                    let mark = mark_of(&spec.id, &written(connector));
                    if let Some(mark) = mark {
                        made(&mut world.context, spec.id.as_str(), &connector.name, mark);
                    }
                }
            }
            world.context.made_marks.get_or_insert_default().key = MADE_KEY.into();
        }
        world
    }
}

/// A connector as the secrets room is asked to make its mark.
fn written(spec: &ConnectorSpec) -> gangplank_model::ConnectorWrite {
    gangplank_model::ConnectorWrite {
        name: spec.name.clone(),
        method: spec.authentication.as_ref().map(|it| it.value.clone()),
        auth: spec.auth.as_ref().map(|it| it.value.clone()),
        properties: spec
            .all_properties()
            .into_iter()
            .map(|(name, value)| (name, value.value))
            .collect(),
        ..gangplank_model::ConnectorWrite::default()
    }
}

fn presence(wanted: Wanted) -> Presence {
    match wanted {
        Wanted::Here => Presence::Present,
        Wanted::Gone | Wanted::Not => Presence::Absent,
    }
}

fn wanted(index: usize, recipe: &Account) -> AccountSpec {
    let mut spec = account(IDS[index]);
    spec.presence = presence(recipe.wanted);
    if recipe.timezone {
        spec = spec.fields(|fields| fields.timezone = Some(sourced("UTC".into())));
    }
    for (index, recipe) in recipe.connectors.iter().enumerate() {
        // Whether a connector in use can be removed is not known (cyclr-api.md 4, U4).
        let used = index < 4 && recipe.wanted == Wanted::Gone;
        if recipe.wanted != Wanted::Not && !used {
            spec = spec.connector(wanted_connector(index, *recipe));
        }
    }
    for (index, recipe) in recipe.templates.iter().enumerate() {
        if recipe.wanted != Wanted::Not {
            spec = spec.template(wanted_template(index, recipe));
        }
    }
    spec
}

fn wanted_connector(index: usize, recipe: Connector) -> ConnectorSpec {
    let specs: [ConnectorSpec; CONNECTORS] = [
        connector("Crm", key()),
        connector("Mail", Some(AuthSpec::SignInOAuth2)),
        connector("Form", fields()),
        connector("Erp", oauth2_client()),
        connector("Shop", basic()).method("Login"),
        connector("Open", None),
        connector("Mailbox", tokens()).of(gangplank_model::ConnectorChoice::Name {
            name: "Box".into(),
            version: None,
        }),
    ];
    let mut spec = specs[index].clone();
    spec.presence = presence(recipe.wanted);
    if recipe.described {
        spec = spec.described("d").partner(true);
    }
    spec
}

fn wanted_template(index: usize, recipe: &Template) -> TemplateSpec {
    let name = LIBRARY[index].1;
    let mut spec = template(name);
    spec.presence = presence(recipe.wanted);
    if recipe.own_name {
        spec = spec.named(&format!("My {name}"));
    }
    // One and the same template, chosen in two ways.
    if index % 2 == 1 {
        spec = spec.of(TemplateChoice::Id(LIBRARY[index].0.to_lowercase()));
    }
    if recipe.filled_in {
        spec = spec
            .variable("region", "eu")
            .parameter("Add", "List", MappingSpec::fixed("l"))
            .field("Add", "Email", MappingSpec::fixed("e"));
    }
    match recipe.runs {
        Runs::Unsaid => spec,
        Runs::Paused => spec.run(Run::Paused),
        Runs::Every(minutes) => spec.every(minutes),
        Runs::Once => spec.run(Run::Active(Schedule::Once)),
    }
}

fn held(place: usize, recipe: &Account, spec: &AccountSpec) -> LiveAccount {
    let mut account = live_account(spec.id.as_str());
    let mut mark = AccountMark {
        key: if recipe.other_key { "old" } else { MADE_KEY }.into(),
        ..AccountMark::default()
    };
    let other_key = recipe.other_key;
    for (index, recipe) in recipe.connectors.iter().enumerate() {
        let wanted = wanted_connector(index, *recipe);
        for held in held_connectors(index, *recipe, &wanted) {
            account = account.connector(held);
        }
        let now = mark_of(&spec.id, &written(&wanted));
        if let (Some(same), Some(now)) = (recipe.mark, now) {
            // Under another key no fingerprint is the same.
            let same = same && !other_key;
            let held = if same { now } else { aged(now) };
            mark.connectors.insert(wanted.name.clone(), held);
        }
    }
    account = account.audit(mark.render("owner: ann"));
    for (index, recipe) in recipe.templates.iter().enumerate() {
        for held in held_cycles(place, index, recipe) {
            let held = bound(held, index, &mut account);
            account = account.cycle(held);
        }
    }
    if recipe.foreign {
        account = foreign(account, place);
    }
    account
}

/// A mark of other secrets.
fn aged(mark: ConnectorMark) -> ConnectorMark {
    let old = |print: Fingerprint| Fingerprint::new(format!("old {print}"));
    let properties = mark.properties.into_iter();
    ConnectorMark {
        auth: mark.auth.map(old),
        properties: properties.map(|(key, print)| (key, old(print))).collect(),
        ..mark
    }
}

/// Ids from 700 on are those of objects that nobody may touch.
fn held_connectors(index: usize, recipe: Connector, wanted: &ConnectorSpec) -> Vec<LiveConnector> {
    let id = i64::try_from(index).expect("there are few");
    let library = match index {
        6 => "Box",
        _ => wanted.name.as_str(),
    };
    let mut same = live_connector(10 + id, library).named(&wanted.name);
    for (key, value) in wanted.all_properties() {
        let text = match value.value {
            gangplank_model::Value::Text(text) => Some(text),
            gangplank_model::Value::Secret(_) => None,
        };
        same = same.property(&key, text.as_deref());
    }
    match recipe.held {
        HeldConnector::None => Vec::new(),
        HeldConnector::Same => vec![same],
        HeldConnector::SignedOut => vec![same.signed_out()],
        HeldConnector::Differs => vec![LiveConnector {
            description: Some("other".into()),
            properties: Vec::new(),
            ..same
        }],
        HeldConnector::Other => vec![LiveConnector {
            // `state: absent` is the way out, and removes it.
            id: if recipe.wanted == Wanted::Gone {
                id
            } else {
                700 + id
            },
            connector_name: "Something else".into(),
            ..same
        }],
        HeldConnector::Twice => vec![
            LiveConnector {
                id: 710 + id,
                ..same.clone()
            },
            LiveConnector {
                id: 720 + id,
                ..same
            },
        ],
    }
}

/// Ids that start with `not-` are those of objects that nobody may touch.
fn held_cycles(place: usize, index: usize, recipe: &Template) -> Vec<LiveCycle> {
    let (template, library_name, _) = LIBRARY[index];
    let name = wanted_template(index, recipe).name;
    let id = |prefix: &str| format!("{prefix}{}-{index}", IDS[place]);
    let mut plain = live_cycle(&id(""), &name, template).step(step(recipe.tallies));
    plain = plain.variable("region", recipe.tallies.then_some("eu"));
    let entry = format!("gangplank:{name}");
    let marked = plain.clone().tags(&["crm", &entry]);
    let renamed = |prefix: &str, cycle: &LiveCycle| LiveCycle {
        id: id(prefix),
        ..cycle.clone()
    };
    match recipe.held {
        HeldCycle::None => Vec::new(),
        HeldCycle::Paused => vec![plain],
        HeldCycle::Running => vec![plain.active()],
        HeldCycle::MarkedPaused => vec![marked],
        HeldCycle::MarkedRunning => vec![marked.active().tags(&["gangplank:run=60"])],
        HeldCycle::RunningUnknown => vec![marked.active()],
        HeldCycle::LeftBehind => vec![LiveCycle {
            name: format!("{library_name} 2"),
            ..plain
        }],
        HeldCycle::TwoMarked => vec![renamed("not-1-", &marked), renamed("not-2-", &marked)],
        HeldCycle::TwoNamed => vec![renamed("not-1-", &plain), renamed("not-2-", &plain)],
        HeldCycle::MarkedOdd => vec![LiveCycle {
            status: CycleStatus::Other("Odd".into()),
            ..marked
        }],
        HeldCycle::MarkedOfAnother => vec![LiveCycle {
            template_id: Some("T-0".into()),
            ..marked
        }],
    }
}

/// Binds a cycle to what its template needs, as an install does; what is missing is made.
fn bound(mut cycle: LiveCycle, index: usize, account: &mut LiveAccount) -> LiveCycle {
    for needed in LIBRARY[index].2 {
        let held = account.connectors.get_or_insert_default();
        if !held.iter().any(|it| it.connector_name == *needed) {
            let id = 800 + i64::try_from(held.len()).expect("there are few");
            let fresh = live_connector(id, needed).named(&format!("{needed} of an install"));
            held.push(if *needed == "Util" {
                fresh
            } else {
                fresh.signed_out()
            });
        }
        let serving = held.iter().find(|it| it.connector_name == *needed);
        let serving = serving.expect("there is one now");
        cycle = cycle.bound(needed, serving.id, serving.authenticated);
        // A cycle does not run on without its connectors (cyclr-api.md 2.4).
        if !serving.authenticated && cycle.status == CycleStatus::Active {
            cycle.status = CycleStatus::Paused;
        }
    }
    cycle
}

/// Objects of other people.
fn foreign(account: LiveAccount, place: usize) -> LiveAccount {
    let id = |what: &str| format!("not-{what}-{}", IDS[place]);
    account
        .connector(live_connector(790, "Crm").named("Hand-made"))
        .cycle(live_cycle(&id("hand"), "Hand-made", LIBRARY[0].0))
        .cycle(
            live_cycle(&id("else"), LIBRARY[1].1, LIBRARY[1].0)
                .tags(&["gangplank:Else"])
                .active(),
        )
        .cycle(LiveCycle {
            template_id: None,
            ..live_cycle(&id("free"), LIBRARY[2].1, "")
        })
}

const _: () = assert!(TEMPLATES == LIBRARY.len());
