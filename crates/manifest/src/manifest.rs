//! The way from path arguments to desired state.

use crate::argument::{self, Given};
use crate::beside::{Beside, is_list, is_named, is_sops};
use crate::entry::{AccountEntry, BodyEntry, RosterEntry};
use crate::expression::{Expressions, Scope};
use crate::ids::Ids;
use crate::lower::{self, Head, Hints, Lowering, Places, Watched};
use crate::merge::{Merge, Merged};
use crate::parent::Parents;
use crate::path::{add, file_twice, no_path, plain_path};
use crate::profile::Profiles;
use crate::roster::{self, Expansion, Roster};
use crate::source::{SourceFile, SourceMap, Sources};
use gangplank_model::code;
use gangplank_model::{
    AccountId, AccountSpec, Desired, Diagnostic, Diagnostics, InstanceSpec, Levels, Origin,
    Problems, SecretRef, SecretsSpec, Sourced,
};
use minijinja::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Files as given, joined and decoded, with their text.
#[derive(Debug, Default)]
pub struct Manifest {
    sources: SourceMap,
    merged: Merged,
    rosters: Vec<Roster>,
    digest: String,
    beside: Beside,
    /// Whether all that was written has been read.
    complete: bool,
}

/// What is looked for on the way to desired state.
#[derive(Debug, Default)]
struct Sought {
    places: Option<Places>,
    watched: Option<Watched>,
}

/// Reads path arguments; every problem that the text alone shows is in the diagnostics.
pub fn load(sources: &dyn Sources, paths: &[String]) -> (Manifest, Diagnostics) {
    let mut problems = Problems::default();
    let mut map = SourceMap::default();
    let mut given = HashSet::new();
    let mut beside = Beside::default();
    let mut lists = Vec::new();
    for path in paths {
        if path.is_empty() {
            problems.push(no_path());
            continue;
        }
        // Standard input is read once only, so the argument is looked at before anything is read.
        if !given.insert(plain_path(path)) {
            problems.push(file_twice(path));
            continue;
        }
        match sources.read(path) {
            Ok(files) => {
                for file in files {
                    let in_directory = plain_path(&file.name) != plain_path(path);
                    if in_directory && is_sops(&file.bytes) {
                        beside.sops += 1;
                        continue;
                    }
                    if plain_path(&file.name) != plain_path(path)
                        && !given.insert(plain_path(&file.name))
                    {
                        problems.push(file_twice(&file.name));
                        continue;
                    }
                    if in_directory && is_list(&file.bytes) {
                        lists.push(file);
                    } else {
                        add(file, &mut map, &mut problems);
                    }
                }
            }
            Err(error) => problems.push(
                Diagnostic::error(code::UNREADABLE, "a manifest cannot be read")
                    .detail(error.to_string())
                    .hint("a path is a file, a directory with *.yaml files, or `-` for standard input"),
            ),
        }
    }
    let mut merge = Merge::default();
    for file in map.files() {
        merge.file(file, &mut problems);
    }
    // A list is a roster where a manifest says so, and else was meant as a manifest.
    for list in lists {
        if is_named(&list, &merge, &map) {
            beside.rosters += 1;
        } else if let Some(at) = add(list, &mut map, &mut problems) {
            merge.file(&map.files()[at], &mut problems);
        }
    }
    let mut merged = merge.finish(&mut problems);
    Profiles::new(&merged).check(&mut problems);
    let mut uses = std::mem::take(&mut merged.uses);
    argument::check(&merged, &mut uses, &map, &mut problems);
    argument::tell_unused(&merged, &uses, &mut problems);
    merged.uses = uses;
    let rosters = roster::load(&merged, sources, &mut map, &mut problems);
    map.hide(problems.hidden());
    let digest = map.digest();
    let diagnostics = problems.finish();
    let complete = !diagnostics.has_errors();
    (
        Manifest {
            sources: map,
            merged,
            rosters,
            digest,
            beside,
            complete,
        },
        diagnostics,
    )
}

impl Manifest {
    /// The text of the files; a line on which a literal secret stands is not in it.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// What lies in the directories beside the manifests.
    pub fn beside(&self) -> Beside {
        self.beside
    }

    /// The names of the instances that are declared, in the order of the files.
    pub fn instances(&self) -> impl ExactSizeIterator<Item = &str> {
        self.merged
            .instances
            .iter()
            .map(|(key, _)| key.text.as_str())
    }

    /// What is wanted of an instance: the named one, the default one, or the only one.
    pub fn desired(&self, instance: Option<&str>) -> (Desired, Diagnostics) {
        let mut accounts = Vec::with_capacity(self.most_accounts());
        let (instance, secrets, diagnostics) =
            self.visit(instance, &mut Sought::default(), &mut |account| {
                accounts.push(account);
            });
        let desired = Desired {
            instance,
            accounts,
            secrets,
            digest: self.digest.clone(),
        };
        (desired, diagnostics)
    }

    /// Checks what is wanted of an instance, and keeps nothing of it but the number of accounts: the
    /// memory that it takes does not grow with what is in an account.
    pub fn check(&self, instance: Option<&str>) -> (usize, Diagnostics) {
        let mut accounts = 0;
        let (_, _, diagnostics) =
            self.visit(instance, &mut Sought::default(), &mut |_| accounts += 1);
        (accounts, diagnostics)
    }

    /// Where each of these references is written first. The manifest is gone through once more: nobody
    /// keeps the place of every reference for the few that fail.
    pub fn places(
        &self,
        instance: Option<&str>,
        references: BTreeSet<SecretRef>,
    ) -> BTreeMap<SecretRef, Origin> {
        let mut sought = Sought {
            places: Some(Places::of(references)),
            ..Sought::default()
        };
        self.visit(instance, &mut sought, &mut |_| {});
        sought.places.map(|found| found.known).unwrap_or_default()
    }

    /// Shows what is wanted of each account, and keeps none of them; gives what the expressions of one
    /// could read, where it is among them.
    pub(crate) fn accounts(
        &self,
        instance: Option<&str>,
        watched: &AccountId,
        each: &mut dyn FnMut(AccountSpec),
    ) -> (Option<Scope>, Diagnostics) {
        let mut sought = Sought {
            watched: Some(Watched {
                id: watched.clone(),
                scope: None,
            }),
            ..Sought::default()
        };
        let (_, _, diagnostics) = self.visit(instance, &mut sought, each);
        (sought.watched.and_then(|it| it.scope), diagnostics)
    }

    /// The rosters as they are written, in the order of the files.
    pub(crate) fn roster_entry(&self, roster: &Roster) -> &RosterEntry {
        &self.merged.rosters[roster.entry].value
    }

    pub(crate) fn rosters(&self) -> &[Roster] {
        &self.rosters
    }

    /// The files that are manifests, and no rosters.
    pub(crate) fn manifest_files(&self) -> impl Iterator<Item = &SourceFile> {
        let of_rosters = self.rosters.iter().flat_map(|roster| &roster.files);
        let first = of_rosters.map(|file| file.file).min();
        let files = self.sources.files();
        files[..first.unwrap_or(files.len())].iter()
    }

    /// What is likely not meant, of those lints that anybody wants to hear of. Nothing where not all that
    /// was written could be read: what is missing may be what makes sense of the rest.
    pub fn lints(&self, levels: &Levels) -> Diagnostics {
        if self.complete {
            crate::lint::lints(&self.merged, levels)
        } else {
            Diagnostics::default()
        }
    }

    /// Accounts that are written out, and rows.
    fn most_accounts(&self) -> usize {
        let rows: usize = self.rosters.iter().map(|roster| roster.rows).sum();
        self.merged.accounts.len() + rows
    }

    fn visit(
        &self,
        instance: Option<&str>,
        sought: &mut Sought,
        keep: &mut dyn FnMut(AccountSpec),
    ) -> (Option<InstanceSpec>, SecretsSpec, Diagnostics) {
        let mut problems = Problems::default();
        let expressions = Expressions::new();
        let Ok(chosen) = lower::choose(&self.merged, instance, &mut problems) else {
            return (None, SecretsSpec::default(), problems.finish());
        };
        let mut lowering = Lowering {
            sources: &self.sources,
            expressions: &expressions,
            scope: Scope::default(),
            complete: self.complete,
            rehearsal: false,
            guarded: false,
            hints: Hints::Sought,
            computed: 0,
            labels: BTreeSet::new(),
            places: sought.places.as_mut(),
            watched: sought.watched.as_mut(),
            folds: HashMap::new(),
            uses: &self.merged.uses,
            problems: &mut problems,
        };
        let spec = chosen.and_then(|named| lower::instance(named, &mut lowering));
        let top = self.merged.secrets.get();
        // What is wrong with another one is told now, not on the day on which it is chosen.
        for (key, entry) in &self.merged.instances {
            if chosen.is_none_or(|(chosen, _)| chosen.text != key.text) {
                lower::instance((key, entry), &mut lowering);
                if let Some(own) = entry.value.secrets.get() {
                    lower::secrets(top, Some(own), &mut lowering);
                }
            }
        }
        let own = chosen.and_then(|(_, entry)| entry.value.secrets.get());
        let secrets = lower::secrets(top, own, &mut lowering);
        let region = chosen.and_then(|(_, entry)| entry.value.region.get());
        let known = Value::from_pairs(known(spec.as_ref(), region.map(|region| region.name)));
        let mut profiles = Profiles::new(&self.merged);
        let mut parents = Parents::default();
        let mut keep = |account: AccountSpec| {
            parents.note(&account);
            keep(account);
        };
        for entry in &self.merged.accounts {
            let body = profiles.expand(&entry.value);
            let given = profiles.given(&entry.value, &entry.origin);
            lower_account(entry, &body, (&given, &known), &mut lowering, &mut keep);
        }
        self.expand_rosters(&mut profiles, &mut lowering, &known, &mut keep);
        // A profile that no account uses is checked as far as it goes by itself.
        lowering.complete = false;
        lowering.rehearsal = true;
        for (key, _) in self.merged.profiles.values() {
            let entry = AccountEntry::of_profile(key);
            let body = profiles.expand(&entry);
            let entry = Sourced::new(entry, key.origin.clone());
            let given = profiles.given(&entry.value, &entry.origin);
            let with = (&given, &known);
            lower_account(&entry, &body, with, &mut lowering, &mut |_| {});
        }
        parents.tell_circles(&mut problems);
        (spec, secrets, problems.finish())
    }

    fn expand_rosters<'m>(
        &'m self,
        profiles: &mut Profiles<'m>,
        lowering: &mut Lowering<'m>,
        known: &Value,
        keep: &mut dyn FnMut(AccountSpec),
    ) {
        if self.rosters.is_empty() {
            return;
        }
        let mut ids = Ids::default();
        for entry in &self.merged.accounts {
            // Two of these have been told of.
            entry.value.id.0.as_ref().and_then(|id| ids.add(id));
        }
        let mut expansion = Expansion::new(profiles, lowering, &mut ids, known, keep);
        for roster in &self.rosters {
            let entry = &self.merged.rosters[roster.entry].value;
            expansion.roster(roster, entry);
        }
        expansion.finish();
    }
}

/// Lowers an account that is written out.
fn lower_account(
    entry: &Sourced<AccountEntry>,
    body: &BodyEntry,
    (given, known): (&Given<'_>, &Value),
    lowering: &mut Lowering<'_>,
    keep: &mut dyn FnMut(AccountSpec),
) {
    let Some(id) = &entry.value.id.0 else {
        return;
    };
    lowering.scope = Scope::new(&id.value, known);
    let head = Head {
        id,
        origin: &entry.origin,
        parent: entry.value.parent.0.as_ref(),
        state: entry.value.state.0.as_ref(),
        arguments: given,
    };
    keep(lower::account(&head, body, lowering));
}

/// What expressions may say of the instance.
fn known<'a>(
    spec: Option<&'a InstanceSpec>,
    region: Option<&'a str>,
) -> Vec<(&'static str, &'a str)> {
    let mut known = Vec::new();
    if let Some(spec) = spec {
        known.push(("name", spec.name.as_str()));
        known.extend(
            spec.service_domain
                .as_deref()
                .map(|domain| ("service_domain", domain)),
        );
    }
    known.extend(region.map(|region| ("region", region)));
    known
}
