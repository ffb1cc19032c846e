//! Loading a world: every id that is missing is made up, and every reference is looked up.

use std::collections::{BTreeMap, BTreeSet};

use super::custom::adopt_custom;
use super::flow::{chain, fill_edges};
use super::library::fill_steps;
use super::{Binding, Identity, Instance, Library, People, instantiate};
use crate::error::SandboxError;
use crate::variant::Variants;
use crate::world::{Account, Cycle, CycleConnector, Folder, Variable, World};

/// The date of what a world does not date.
const DAWN: &str = "2026-01-01T00:00:00Z";

/// Makes an instance of a world. `variants` are set over the world's own.
pub(crate) fn load(
    world: World,
    variants: &[(String, String)],
    seed: u64,
) -> Result<Instance, SandboxError> {
    let identity = Identity::new(seed);
    let mut switches = Variants::default();
    for (id, position) in world
        .variants
        .iter()
        .chain(variants.iter().map(|(id, to)| (id, to)))
    {
        switches.set(id, position)?;
    }
    let shipped = if world.standard_library {
        (crate::library::connectors(), crate::library::templates())
    } else {
        (Vec::new(), Vec::new())
    };
    let mut instance = Instance {
        partner: world.partner,
        world_variants: world.variants,
        variants: switches,
        standard_library: world.standard_library,
        folders: load_folders(world.folders, identity),
        library_changed: false,
        library: Library::new(shipped, (world.connectors, world.templates), identity),
        accounts: BTreeMap::new(),
        people: People::new(world.users)?,
        marketplaces: world.marketplaces,
        identity,
        counter: 1_000,
        changed: BTreeSet::new(),
        sketched: BTreeSet::new(),
        leaving: BTreeMap::new(),
    };
    let highest = world.accounts.iter().flat_map(|account| {
        account.connectors.iter().flat_map(|installed| {
            let properties = installed.properties.iter().map(|property| property.id);
            let fields = installed.custom_fields.iter().map(|field| field.id);
            properties.chain(fields).chain([installed.id])
        })
    });
    let accounts = world.accounts.iter();
    let custom = accounts.flat_map(|account| account.custom_connectors.iter().map(|one| one.id));
    let highest = highest.chain(custom);
    instance.counter = highest.max().unwrap_or(0).max(instance.counter);
    for account in world.accounts {
        let account = load_account(&mut instance, account)?;
        let key = instance.key(&account.id);
        for user in &account.users {
            instance.people.add(&user.user_name);
        }
        if instance.accounts.contains_key(&key) {
            return Err(SandboxError::DuplicateAccount {
                account: account.id,
            });
        }
        if !account.cycles.is_empty() {
            instance.sketched.insert(key.clone());
        }
        if let Some(at) = account.removed_at_milliseconds {
            instance.leaving.insert(key.clone(), at);
        }
        instance.accounts.insert(key, account);
    }
    // Cycles of sub-accounts may use connectors of their parents as these are now.
    let has_parent = |key: &&String| {
        let account = instance.accounts.get(*key);
        account.is_some_and(|account| account.parent_account_id.is_some())
    };
    let children: Vec<String> = instance
        .sketched
        .iter()
        .filter(has_parent)
        .cloned()
        .collect();
    for key in children {
        instance.open(&key);
    }
    // What is loaded is stored already, or goes into a new store as a whole.
    instance.people.changed.clear();
    Ok(instance)
}

fn load_account(instance: &mut Instance, mut account: Account) -> Result<Account, SandboxError> {
    if account.id.is_empty() {
        account.id = instance.identity.guid(&["account", &account.name]);
    }
    fill(&mut account.timezone, "UTC");
    fill(&mut account.created_date, DAWN);
    fill(&mut account.next_bill_date_utc, "2026-02-01T00:00:00Z");
    for custom in &mut account.custom_connectors {
        if custom.id == 0 {
            custom.id = instance.next_custom_id();
        }
        instance.publish_custom(custom);
    }
    for installed in &mut account.connectors {
        adopt_custom(
            instance,
            &account.custom_connectors,
            &mut installed.connector,
        );
        let Some(entry) = instance.library.find(&installed.connector) else {
            return Err(SandboxError::UnknownConnector {
                account: account.id.clone(),
                connector: installed.connector.name.clone(),
            });
        };
        installed.connector.name.clone_from(&entry.connector.name);
        installed
            .connector
            .version
            .clone_from(&entry.connector.version);
        if installed.id == 0 {
            installed.id = instance.next_number();
        }
        for property in &mut installed.properties {
            if property.id == 0 {
                property.id = instance.next_number();
            }
        }
        for field in &mut installed.custom_fields {
            if field.id == 0 {
                field.id = instance.next_number();
            }
            fill(&mut field.data_type, "Text");
            let zeros = uuid::Uuid::nil().to_string();
            fill(&mut field.method_unique_identifier, &zeros);
        }
        if installed.authenticated.is_none() {
            installed.authenticated = Some(instance.holds_credential(installed));
        }
    }
    for (index, cycle) in account.cycles.iter_mut().enumerate() {
        if cycle.id.is_empty() {
            let parts = ["cycle", &account.id, &index.to_string()];
            cycle.id = instance.identity.guid(&parts);
        }
        if let Some(id) = &cycle.template_id
            && instance.library.template(id).is_none()
        {
            return Err(SandboxError::UnknownTemplate {
                account: account.id.clone(),
                template: id.clone(),
            });
        }
    }
    Ok(account)
}

/// Fills in what the cycles of an account leave out, which is much: it is done when somebody asks
/// for them, so that a hundred thousand accounts load in a moment.
pub(super) fn draw_out(instance: &Instance, account: &mut Account) {
    for index in 0..account.cycles.len() {
        let mut cycle = std::mem::take(&mut account.cycles[index]);
        fill_cycle(instance, account, &mut cycle);
        account.cycles[index] = cycle;
    }
}

fn fill_cycle(instance: &Instance, account: &Account, cycle: &mut Cycle) {
    let template = cycle.template_id.as_deref().filter(|_| !cycle.complete);
    if let Some(template) = template.and_then(|id| instance.library.template(id)) {
        let pattern = instantiate(template, cycle.id.clone(), Vec::new(), instance.identity);
        if cycle.connectors.is_empty() {
            let wanted = template.connectors.iter().map(|one| CycleConnector {
                name: one.name.clone(),
                version: one.version.clone(),
                account_connector_id: match instance.bind(account, one) {
                    Binding::Existing(id) => id,
                    Binding::Missing | Binding::Ambiguous | Binding::Above => 0,
                },
            });
            cycle.connectors = wanted.collect();
        }
        // Its edges fit no other steps than its own.
        let mut edges = None;
        if cycle.steps.is_empty() {
            cycle.steps = pattern.steps;
            edges = pattern.edges;
        }
        if cycle.variables.is_empty() {
            cycle.variables = pattern.variables;
        }
        if cycle.tags.is_none() {
            cycle.tags = pattern.tags;
        }
        if cycle.edges.is_none() {
            cycle.edges = edges;
        }
        if cycle.template_release.is_none() {
            cycle.template_release = Some(template.release);
        }
        fill(&mut cycle.name, &pattern.name);
        cycle.complete = true;
    }
    cycle.tags.get_or_insert_default();
    fill(&mut cycle.created_on_utc, DAWN);
    fill_steps(&mut cycle.steps, instance.identity, &cycle.name);
    for (index, step) in cycle.steps.iter_mut().enumerate() {
        if step.id.is_empty() {
            let parts = ["step", &cycle.id, &index.to_string()];
            step.id = instance.identity.guid(&parts);
        }
    }
    for variable in &mut cycle.variables {
        fill_variable(variable);
    }
    if cycle.edges.is_none() {
        cycle.edges = Some(chain(&cycle.steps));
    }
    fill_edges(cycle, instance.identity);
    fill_runs(cycle, instance.identity);
}

/// Makes up what incidents and transactions leave out.
fn fill_runs(cycle: &mut Cycle, identity: Identity) {
    for (index, incident) in cycle.incidents.iter_mut().enumerate() {
        fill(&mut incident.timestamp, DAWN);
        let parts = ["incident", &cycle.id, &index.to_string()];
        fill(&mut incident.id, &identity.guid(&parts));
    }
    for (index, transaction) in cycle.transactions.iter_mut().enumerate() {
        fill(&mut transaction.start_time, DAWN);
        let parts = ["transaction", &cycle.id, &index.to_string()];
        fill(&mut transaction.id, &identity.guid(&parts));
    }
}

/// Derives a variable's `SystemName` from its `DisplayName` (cyclr-api.md 2.8).
pub(crate) fn fill_variable(variable: &mut Variable) {
    if variable.system_name.is_empty() {
        let kept = variable
            .display_name
            .chars()
            .filter(|one| one.is_alphanumeric() || *one == '_');
        variable.system_name = kept.collect();
    }
}

fn fill(text: &mut String, with: &str) {
    if text.is_empty() {
        with.clone_into(text);
    }
}

fn load_folders(mut folders: Vec<Folder>, identity: Identity) -> Vec<Folder> {
    for folder in &mut folders {
        let id = identity.guid(&["folder", &folder.name]);
        fill(&mut folder.id, &id);
    }
    folders
}
