//! Reads manifests: YAML text in, desired state with positions out.
//!
//! [`load`] reads files through [`Sources`], never the disk itself, and joins them;
//! [`Manifest::desired`] expands profiles and expressions for one instance. Both go on after a
//! problem and tell all of them, each with its place; nothing else may be done with the result of
//! a pass that told an error.
//!
//! ```
//! use gangplank_manifest::{MemorySources, load};
//!
//! let files = MemorySources::default().with(
//!     "acme.yaml",
//!     "version: 1\naccounts:\n  - id: acme-001\n    name: \"Acme {{ account.id }}\"\n",
//! );
//! let (manifest, problems) = load(&files, &["acme.yaml".to_owned()]);
//! let (desired, more) = manifest.desired(None);
//! assert!(problems.is_empty() && more.is_empty());
//! let name = desired.accounts[0].fields.name.as_ref().unwrap();
//! assert_eq!(name.value, "Acme acme-001");
//! assert_eq!(name.origin.to_string(), "acme.yaml:4:11");
//! ```

mod alike;
mod anchors;
mod argument;
mod beside;
mod circle;
mod decode;
mod document;
mod entry;
mod explain;
mod expression;
mod format;
mod ids;
mod keys;
mod lines;
mod lint;
mod lower;
mod manifest;
mod merge;
mod node;
mod parent;
mod parse;
mod path;
mod pattern;
mod profile;
mod read;
mod reference;
mod roster;
mod schema;
mod secrecy;
mod shared;
mod source;
mod syntax;
mod wording;

pub use beside::{Beside, is_sops};
pub use explain::{
    ArgumentRead, Explained, ExplainedObject, ExplainedValue, FieldPath, Given, Standing,
};
pub use format::{Formatted, format};
pub use manifest::{Manifest, load};
pub use roster::RosterPath;
pub use schema::schema;
pub use source::{LoadedFile, MemorySources, SourceError, SourceMap, Sources};
