//! The file of a plan: one line of JSON, sealed, and taken only as it was written.
//!
//! The digest covers what is to be done, on what, and what has to hold before: it is what a person
//! approves. The seal covers every byte. Neither is a signature: who can write the file can write both
//! anew, and is found out only by whoever knows the digest that was approved.

use crate::file::plan_problem::PlanProblem;
use crate::file::plan_secret::References;
use crate::file::plan_v1::{PlanV1, SavedV1};
use crate::file::seen_v1::hexadecimal;
use crate::saved::SavedPlan;
use crate::secret::SecretRef;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::io;

/// When a plan was made, until when it may be applied, and what was settled then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validity {
    /// When it was made, ISO 8601 in UTC.
    pub created: String,
    /// Until when it may be applied.
    pub expires: String,
    /// How many removals were approved.
    pub approved_removals: usize,
}

/// A plan as it was read from a file: whole, and as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    view: PlanV1,
    digest: String,
    validity: Validity,
}

/// What is asked of a file first.
#[derive(Deserialize)]
struct Head {
    format_version: Option<String>,
    engine_version: Option<String>,
}

impl PlanFile {
    /// Writes a plan.
    pub fn write(saved: &SavedPlan, validity: &Validity) -> Vec<u8> {
        let mut view = PlanV1::from(saved);
        let Validity {
            created,
            expires,
            approved_removals,
        } = validity.clone();
        view.saved = Some(SavedV1 {
            created,
            expires,
            approved_removals,
            seal: String::new(),
        });
        let seal = hash(&view);
        if let Some(saved) = &mut view.saved {
            saved.seal = seal;
        }
        let mut bytes = serde_json::to_vec(&view).expect("texts, numbers and lists are JSON");
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file that the given version of Gangplank wrote: every byte counts.
    pub fn read(bytes: &[u8], engine_version: &str) -> Result<Self, PlanProblem> {
        // What stands there may be anything, and is not repeated.
        let form = |error: serde_json::Error| {
            let what = match error.classify() {
                serde_json::error::Category::Eof => "it ends too early",
                serde_json::error::Category::Syntax => "it is not JSON, or nested too deeply",
                serde_json::error::Category::Data | serde_json::error::Category::Io => {
                    "it is JSON of another kind"
                }
            };
            let (line, column) = (error.line(), error.column());
            PlanProblem::Form(format!("{what} (line {line}, column {column})"))
        };
        let head: Head = serde_json::from_slice(bytes).map_err(form)?;
        let format = head
            .format_version
            .ok_or(PlanProblem::Missing("format version"))?;
        if format != "1" && !format.starts_with("1.") {
            return Err(PlanProblem::Format(format));
        }
        let made_by = head
            .engine_version
            .ok_or(PlanProblem::Missing("engine version"))?;
        if made_by != engine_version {
            return Err(PlanProblem::Engine {
                made_by,
                here: engine_version.to_owned(),
            });
        }
        let mut view: PlanV1 = serde_json::from_slice(bytes).map_err(form)?;
        if !Comparison::of(&view, bytes) {
            return Err(PlanProblem::Changed);
        }
        let digest = view.digest.clone().ok_or(PlanProblem::Missing("digest"))?;
        let saved = view.saved.as_mut().ok_or(PlanProblem::Missing("seal"))?;
        let seal = std::mem::take(&mut saved.seal);
        let validity = Validity {
            created: saved.created.clone(),
            expires: saved.expires.clone(),
            approved_removals: saved.approved_removals,
        };
        if hash(&view) != seal || view.content_digest() != digest {
            return Err(PlanProblem::Changed);
        }
        Ok(Self {
            view,
            digest,
            validity,
        })
    }

    /// The name of the instance that it was made for.
    pub fn instance(&self) -> &str {
        &self.view.instance.name
    }

    /// What a person approves.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// When it was made, and until when it may be applied.
    pub fn validity(&self) -> &Validity {
        &self.validity
    }

    /// The plan, to be applied. Commands are found among those of the manifests.
    pub fn plan(&self, commands: &BTreeSet<SecretRef>) -> Result<SavedPlan, PlanProblem> {
        let saved = References {
            commands: Some(commands),
        }
        .plan(&self.view)?;
        // What it says of itself in words has to be what it does.
        if PlanV1::from(&saved) != self.unsealed() {
            return Err(PlanProblem::Changed);
        }
        let (removals, said) = (saved.removals(), saved.plan.summary.remove);
        let approved = self.validity.approved_removals;
        if removals != said || removals > approved {
            return Err(PlanProblem::Unsound(format!(
                "it removes {removals} objects and says {said}, and {approved} were approved"
            )));
        }
        Ok(saved)
    }

    /// The plan, to be shown: a command has no arguments in it.
    pub fn shown(&self) -> Result<SavedPlan, PlanProblem> {
        References { commands: None }.plan(&self.view)
    }

    fn unsealed(&self) -> PlanV1 {
        PlanV1 {
            saved: None,
            ..self.view.clone()
        }
    }
}

impl PlanV1 {
    /// The digest of all that is to be approved.
    pub(super) fn content_digest(&mut self) -> String {
        let aside = (self.digest.take(), self.saved.take());
        let notes = std::mem::take(&mut self.notes);
        let digest = hash(self);
        (self.digest, self.saved) = aside;
        self.notes = notes;
        digest
    }
}

fn hash(value: &impl Serialize) -> String {
    let mut hasher = Hasher(Sha256::new());
    serde_json::to_writer(&mut hasher, value).expect("texts, numbers and lists are JSON");
    hexadecimal(&hasher.0.finalize())
}

/// Takes bytes in.
struct Hasher(Sha256);

impl io::Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Compares what is written with what is there, and stops where it differs.
struct Comparison<'a>(&'a [u8]);

impl Comparison<'_> {
    /// Whether a file is what would be written of it.
    fn of(view: &PlanV1, bytes: &[u8]) -> bool {
        let mut rest = Comparison(bytes);
        serde_json::to_writer(&mut rest, view).is_ok() && rest.0 == b"\n"
    }
}

impl io::Write for Comparison<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.strip_prefix(bytes) {
            Some(rest) => {
                self.0 = rest;
                Ok(bytes.len())
            }
            None => Err(io::Error::other("it differs")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
