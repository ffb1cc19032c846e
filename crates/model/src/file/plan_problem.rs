//! What is wrong with a plan on disk.

use thiserror::Error;

/// Why a text is no plan that may be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanProblem {
    /// It is not JSON, or cut off, or not of this form: where.
    #[error("it is no whole plan: {0}")]
    Form(String),
    /// Another version of the format wrote it.
    #[error("its format is version {0:?}, and this version of Gangplank reads 1")]
    Format(String),
    /// Another version of Gangplank made it.
    #[error("version {made_by} of Gangplank made it, and this is {here}")]
    Engine {
        /// That one.
        made_by: String,
        /// This one.
        here: String,
    },
    /// It was not written by `plan --out`.
    #[error("it is no plan that was saved with `plan --out`: it has no {0}")]
    Missing(&'static str),
    /// Its content is not what its digest says.
    #[error("it was changed after it was saved: its content does not fit its digest")]
    Changed,
    /// A word in it means nothing.
    #[error("it was changed after it was saved, or is of another version: an unknown {0}")]
    Unknown(&'static str),
    /// It breaks the rules that every plan keeps.
    #[error("it breaks the rules of plans: {0}")]
    Unsound(String),
    /// It reads a secret from a command that is not known.
    #[error(
        "it reads a secret from the command {0:?}, whose arguments stand in the manifests alone"
    )]
    Command(String),
}
