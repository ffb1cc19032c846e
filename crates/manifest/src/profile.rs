//! Profiles: chains of `extends`, and what lies under each account.

use crate::alike::{Folds, told as look_alike};
use crate::argument::{Declarations, DeclaredMaps, Given, Under};
use crate::circle::{circles, told};
use crate::decode::Layer as _;
use crate::entry::{AccountEntry, BodyEntry, GivenArguments, ProfileEntry};
use crate::merge::Merged;
use gangplank_model::code;
use gangplank_model::suggest::{did_you_mean, listed};
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Links of a circle whose places are told.
const MOST_LINKS: usize = 10;

/// Puts accounts on top of their profiles, and those on top of the defaults.
#[derive(Debug)]
pub(crate) struct Profiles<'a> {
    merged: &'a Merged,
    defaults: BodyEntry,
    /// What lies under an account of each profile that was asked for.
    bases: BTreeMap<String, BodyEntry>,
    arguments: BTreeMap<String, Arc<Declarations>>,
    declared: DeclaredMaps,
}

/// A profile, the one that it extends, and so on. A circle is told of elsewhere; here it just ends.
pub(crate) fn chain<'m>(merged: &'m Merged, profile: &str) -> Vec<(&'m str, &'m ProfileEntry)> {
    let mut chain = Vec::new();
    let mut next = Some(profile);
    while let Some((name, (_, profile))) = next.and_then(|name| merged.profiles.get_key_value(name))
        && chain.len() <= merged.profiles.len()
    {
        chain.push((name.as_str(), profile));
        next = profile.extends.get().map(String::as_str);
    }
    chain
}

impl<'a> Profiles<'a> {
    pub(crate) fn new(merged: &'a Merged) -> Self {
        let mut defaults = merged.defaults.body.clone();
        defaults.share();
        Self {
            merged,
            defaults,
            bases: BTreeMap::new(),
            arguments: BTreeMap::new(),
            declared: DeclaredMaps::default(),
        }
    }

    /// Tells of profiles that are not there and of those that extend each other, used or not.
    pub(crate) fn check(&self, problems: &mut Problems) {
        let known = &self.merged.profiles;
        for (_, profile) in known.values() {
            if let Some(base) = &profile.extends.0
                && !known.contains_key(&base.value)
            {
                self.unknown(&base.value, &base.origin, problems);
            }
        }
        let mut alike: HashMap<String, &Origin> = HashMap::new();
        for (key, _) in known.values() {
            let folds = Folds::of(&key.text);
            let first = [folds.folded, folds.looks].map(|it| alike.insert(it, &key.origin));
            if let Some(first) = first.into_iter().flatten().next() {
                // The later one in the text is told of, and not the later one in the alphabet.
                let (first, again) = (first.min(&key.origin), first.max(&key.origin));
                problems.push(look_alike("profiles", again, first));
            }
        }
        let next = |name: &str| known.get(name)?.1.extends.get().map(String::as_str);
        for circle in circles(known.keys().map(String::as_str), next) {
            let links = circle.iter().filter_map(|name| {
                let (_, profile) = known.get(*name)?;
                profile.extends.0.as_ref()
            });
            let path = told(&circle);
            let mut problem = Diagnostic::error(code::PROFILE_CIRCLE, "profiles extend each other")
                .detail(format!("The circle is {path}."))
                .hint("take one `extends` out: the profile at the bottom extends nothing");
            for base in links.take(MOST_LINKS) {
                problem = problem.at(&base.origin, format!("extends \"{}\"", base.value));
            }
            problems.push(problem);
        }
        let accounts = self
            .merged
            .accounts
            .iter()
            .map(|account| &account.value.profile);
        let rosters = self.merged.rosters.iter();
        let rosters = rosters.filter_map(|it| it.value.account.get()?.fixed_profile());
        let defaults = &self.merged.defaults.profile;
        for profile in accounts.chain(rosters).chain([defaults]) {
            if let Some(profile) = &profile.0
                && !self.merged.profiles.contains_key(&profile.value)
            {
                self.unknown(&profile.value, &profile.origin, problems);
            }
        }
    }

    /// Whether a profile is there; tells of one that is not.
    pub(crate) fn knows(&self, profile: &Sourced<String>, problems: &mut Problems) -> bool {
        let known = self.merged.profiles.contains_key(&profile.value);
        if !known {
            self.unknown(&profile.value, &profile.origin, problems);
        }
        known
    }

    fn unknown(&self, name: &str, origin: &Origin, problems: &mut Problems) {
        // Ten thousand accounts may name none of ten thousand profiles.
        let most = if problems.is_full() { 1 } else { usize::MAX };
        let names = || self.merged.profiles.keys().map(String::as_str).take(most);
        let detail = match names().next() {
            Some(_) => format!("The profiles are {}.", listed(names())),
            None => "There is no profile in these files.".to_owned(),
        };
        let problem = Diagnostic::error(code::UNKNOWN_PROFILE, "no profile of this name")
            .at(origin, "")
            .detail(detail);
        let add = || "add it under `profiles:`, or name one that is there".to_owned();
        problems.push(problem.hint(did_you_mean(name, names()).unwrap_or_else(add)));
    }

    /// What an account's arguments are held against.
    pub(crate) fn arguments(&mut self, profile: Option<&Sourced<String>>) -> Under {
        let profile = profile.or(self.merged.defaults.profile.0.as_ref());
        let Some(name) = profile.map(|profile| profile.value.as_str()) else {
            return Under::Nothing;
        };
        if let Some(known) = self.arguments.get(name) {
            return Under::Profile(known.clone());
        }
        if !self.merged.profiles.contains_key(name) {
            return Under::Unknown;
        }
        let declarations = Arc::new(Declarations::of(name, self.declared.of(self.merged, name)));
        self.arguments.insert(name.to_owned(), declarations.clone());
        Under::Profile(declarations)
    }

    /// The arguments of an account that is written out.
    pub(crate) fn given<'e>(&mut self, account: &'e AccountEntry, origin: &'e Origin) -> Given<'e>
    where
        'a: 'e,
    {
        Given {
            under: self.arguments(account.profile.0.as_ref()),
            own: account.arguments.get(),
            defaults: self.default_arguments(),
            written: origin,
        }
    }

    /// The arguments that the defaults give.
    pub(crate) fn default_arguments(&self) -> Option<&'a GivenArguments> {
        self.merged.defaults.arguments.get()
    }

    /// The account on top of what lies under it.
    pub(crate) fn expand(&mut self, account: &AccountEntry) -> BodyEntry {
        self.under(&account.body, account.profile.0.as_ref())
    }

    /// The body of an account on top of its profile, or on top of the profile of those without.
    pub(crate) fn under(
        &mut self,
        body: &BodyEntry,
        profile: Option<&Sourced<String>>,
    ) -> BodyEntry {
        let profile = profile.or(self.merged.defaults.profile.0.as_ref());
        body.clone().over(self.base(profile))
    }

    fn base(&mut self, profile: Option<&Sourced<String>>) -> BodyEntry {
        let Some(name) = profile.map(|profile| profile.value.as_str()) else {
            return self.defaults.clone();
        };
        if let Some(base) = self.bases.get(name) {
            return base.clone();
        }
        let mut chain = Vec::new();
        let mut next = Some(name);
        let mut base = self.defaults.clone();
        while let Some((name, (_, profile))) =
            next.and_then(|name| self.merged.profiles.get_key_value(name))
        {
            if let Some(known) = self.bases.get(name) {
                base = known.clone();
                break;
            }
            // A circle has been told of; here it just ends.
            if chain.len() > self.merged.profiles.len() {
                break;
            }
            chain.push((name, &profile.body));
            next = profile.extends.get().map(String::as_str);
        }
        for (name, body) in chain.into_iter().rev() {
            base = body.clone().over(base);
            base.share();
            self.bases.insert(name.clone(), base.clone());
        }
        base
    }
}
