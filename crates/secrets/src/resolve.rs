//! All references of a run, each resolved once, several at a time.

use crate::error::{CommandError, SecretError, VaultError};
use crate::sops::Document;
use crate::vault::{self, Vault};
use crate::{command, env, file};
use gangplank_model::{Secret, SecretRef, SecretsSpec, VaultEngine};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How many files, requests and programs are under way at once.
const AT_ONCE: usize = 8;

/// The values of a run's references. Cannot be printed.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: BTreeMap<SecretRef, Secret>,
}

/// How references are followed.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The vault, and what commands may see.
    pub spec: SecretsSpec,
    /// Whether programs may be run.
    pub allow_commands: bool,
}

type Outcome = (SecretRef, Result<Secret, SecretError>);

impl Secrets {
    /// Reads every reference once, and names every one that fails. Nothing at all is read where a
    /// program is among them and programs are not allowed.
    pub async fn resolve_all<'a>(
        references: impl IntoIterator<Item = &'a SecretRef>,
        options: &Options,
    ) -> Result<Self, Vec<(SecretRef, SecretError)>> {
        let references: BTreeSet<&SecretRef> = references.into_iter().collect();
        if !options.allow_commands {
            let refused: Vec<_> = references
                .iter()
                .filter(|reference| matches!(reference, SecretRef::Command { .. }))
                .map(|reference| ((*reference).clone(), CommandError::NotAllowed.into()))
                .collect();
            if !refused.is_empty() {
                return Err(refused);
            }
        }
        let mut values = BTreeMap::new();
        let mut failed = Vec::new();
        for (reference, outcome) in outcomes(references, options).await {
            match outcome {
                Ok(secret) => {
                    values.insert(reference, secret);
                }
                Err(error) => failed.push((reference, error)),
            }
        }
        if failed.is_empty() {
            Ok(Self { values })
        } else {
            failed.sort_by(|(one, _), (other, _)| one.cmp(other));
            Err(failed)
        }
    }

    /// Gives a reference's value, when it was among those resolved.
    pub fn get(&self, reference: &SecretRef) -> Option<&Secret> {
        self.values.get(reference)
    }

    /// Goes through all values; for scrubbing foreign text.
    pub fn values(&self) -> impl Iterator<Item = &Secret> {
        self.values.values()
    }
}

impl FromIterator<(SecretRef, Secret)> for Secrets {
    fn from_iter<T: IntoIterator<Item = (SecretRef, Secret)>>(pairs: T) -> Self {
        Self {
            values: pairs.into_iter().collect(),
        }
    }
}

/// Starts everything that takes time, and collects.
async fn outcomes(references: BTreeSet<&SecretRef>, options: &Options) -> Vec<Outcome> {
    let mut all = Vec::new();
    let mut tasks = JoinSet::new();
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let mut files: BTreeMap<(String, String), Vec<(SecretRef, String)>> = BTreeMap::new();
    let mut paths: Paths = BTreeMap::new();
    for reference in references {
        let own = reference.clone();
        match reference {
            SecretRef::Env(name) => all.push((own, env::read(name))),
            SecretRef::File { folder, path } => all.push((own, file::read(folder, path))),
            SecretRef::Sops { folder, file, key } => files
                .entry((folder.clone(), file.clone()))
                .or_default()
                .push((own, key.clone())),
            SecretRef::Vault {
                path,
                field,
                engine,
            } => paths
                .entry((path.clone(), *engine))
                .or_default()
                .push((own, field.clone())),
            SecretRef::Command { folder, words } => {
                let (folder, words) = (folder.clone(), words.clone());
                let (spec, slots) = (options.spec.clone(), slots.clone());
                tasks.spawn(async move {
                    let _slot = slots.acquire_owned().await;
                    let outcome = command::run(&folder, &words, &spec).await;
                    vec![(own, outcome.map_err(SecretError::from))]
                });
            }
        }
    }
    for ((folder, path), wanted) in files {
        let slots = slots.clone();
        tasks.spawn(async move {
            let _slot = slots.acquire_owned().await;
            from_file(&folder, &path, wanted)
        });
    }
    if !paths.is_empty() {
        tasks.spawn(from_vault(options.spec.clone(), paths, slots));
    }
    collect(tasks, &mut all).await;
    all
}

/// Waits for all; a panic goes on here.
async fn collect(mut tasks: JoinSet<Vec<Outcome>>, into: &mut Vec<Outcome>) {
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(outcomes) => into.extend(outcomes),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // Nobody stops a task of this set while it is waited for.
            Err(_) => {}
        }
    }
}

/// Decrypts a file once for all that is wanted of it.
fn from_file(folder: &str, path: &str, wanted: Vec<(SecretRef, String)>) -> Vec<Outcome> {
    let document = Document::open(folder, path);
    let value = |key: &str| match &document {
        Ok(document) => document.value(key).map_err(SecretError::from),
        Err(error) => Err(error.clone().into()),
    };
    wanted
        .into_iter()
        .map(|(reference, key)| {
            let outcome = value(&key);
            (reference, outcome)
        })
        .collect()
}

/// What is wanted of each path of the vault.
type Paths = BTreeMap<(String, Option<VaultEngine>), Vec<(SecretRef, String)>>;

/// Logs in once, and reads each path once for all fields.
async fn from_vault(spec: SecretsSpec, paths: Paths, slots: Arc<Semaphore>) -> Vec<Outcome> {
    let mut all = Vec::new();
    let vault = match logins(&spec) {
        Ok(logins) => Vault::open(&spec.vault, &logins).await,
        Err(error) => Err(error),
    };
    let vault = match vault {
        Ok(vault) => vault,
        Err(error) => {
            let wanted = paths.into_values().flatten();
            return wanted
                .map(|(reference, _)| (reference, Err(error.clone().into())))
                .collect();
        }
    };
    let mut tasks = JoinSet::new();
    for ((path, engine), wanted) in paths {
        let (vault, slots) = (vault.clone(), slots.clone());
        tasks.spawn(async move {
            let _slot = slots.acquire_owned().await;
            let read = vault.read(&path, engine).await;
            let outcome = |field: &str| match &read {
                Ok(fields) => vault::field(fields, field),
                Err(error) => Err(error.clone().into()),
            };
            wanted
                .into_iter()
                .map(|(reference, field)| {
                    let outcome = outcome(&field);
                    (reference, outcome)
                })
                .collect()
        });
    }
    collect(tasks, &mut all).await;
    all
}

/// What the login itself refers to: variables, files and SOPS files.
fn logins(spec: &SecretsSpec) -> Result<Secrets, VaultError> {
    let mut values = BTreeMap::new();
    let references = spec
        .vault
        .auth
        .iter()
        .flat_map(gangplank_model::VaultAuth::secrets);
    for reference in references {
        let value = match reference {
            SecretRef::Env(name) => env::read(name),
            SecretRef::File { folder, path } => file::read(folder, path),
            SecretRef::Sops { folder, file, key } => Document::open(folder, file)
                .and_then(|document| document.value(key))
                .map_err(SecretError::from),
            // The manifest refuses these: one would have to be logged in already.
            SecretRef::Vault { .. } | SecretRef::Command { .. } => Err(VaultError::NoToken.into()),
        };
        let secret = value.map_err(|error| VaultError::Login {
            reference: reference.to_string(),
            reason: flat(&error),
        })?;
        values.insert(reference.clone(), secret);
    }
    Ok(Secrets { values })
}

/// An error and its causes on one line.
pub(crate) fn flat(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_failure_is_named_at_once() {
        let options = Options::default();
        let path = SecretRef::Env("PATH".into());
        let missing = [
            SecretRef::Env("GANGPLANK_TEST_NOT_SET_1".into()),
            SecretRef::Env("GANGPLANK_TEST_NOT_SET_2".into()),
        ];
        let failed = Secrets::resolve_all(missing.iter().chain([&path, &path]), &options)
            .await
            .unwrap_err();
        let names: Vec<_> = failed
            .iter()
            .map(|(reference, _)| reference.clone())
            .collect();
        assert_eq!(names, missing);
        let secrets = Secrets::resolve_all([&path], &options).await.unwrap();
        assert!(!secrets.get(&path).unwrap().expose().is_empty());
        assert_eq!(format!("{:?}", secrets.get(&path)), "Some([secret])");
    }
}
