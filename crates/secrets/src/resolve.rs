//! All references of a run, each resolved once.

use crate::{SecretError, env, file};
use gangplank_model::{Secret, SecretRef};
use std::collections::{BTreeMap, BTreeSet};

/// The values of a run's references. Cannot be printed.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    values: BTreeMap<SecretRef, Secret>,
}

/// Reads one secret.
pub fn resolve(reference: &SecretRef) -> Result<Secret, SecretError> {
    match reference {
        SecretRef::Env(name) => env::read(name),
        SecretRef::File { folder, path } => file::read(folder, path),
    }
}

impl Secrets {
    /// Reads every reference once, and names every one that fails.
    pub fn resolve_all<'a>(
        references: impl IntoIterator<Item = &'a SecretRef>,
    ) -> Result<Self, Vec<(SecretRef, SecretError)>> {
        let references: BTreeSet<&SecretRef> = references.into_iter().collect();
        let mut values = BTreeMap::new();
        let mut failed = Vec::new();
        for reference in references {
            match resolve(reference) {
                Ok(secret) => {
                    values.insert(reference.clone(), secret);
                }
                Err(error) => failed.push((reference.clone(), error)),
            }
        }
        if failed.is_empty() {
            Ok(Self { values })
        } else {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_named_at_once() {
        let path = SecretRef::Env("PATH".into());
        let missing = [
            SecretRef::Env("GANGPLANK_TEST_NOT_SET_1".into()),
            SecretRef::Env("GANGPLANK_TEST_NOT_SET_2".into()),
        ];
        let failed = Secrets::resolve_all(missing.iter().chain([&path, &path])).unwrap_err();
        let names: Vec<_> = failed
            .iter()
            .map(|(reference, _)| reference.clone())
            .collect();
        assert_eq!(names, missing);
        let secrets = Secrets::resolve_all([&path]).unwrap();
        assert!(!secrets.get(&path).unwrap().expose().is_empty());
        assert_eq!(format!("{:?}", secrets.get(&path)), "Some([secret])");
    }
}
