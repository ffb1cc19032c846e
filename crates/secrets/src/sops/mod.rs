//! Secrets from YAML and JSON files that SOPS encrypted with age.
//!
//! Files name a data key, encrypted for each recipient (`age`), and hold values encrypted with it
//! (`cipher`); a MAC over all values keeps anybody from moving them about (`document`).

mod age;
mod cipher;
mod document;
mod keys;

pub(crate) use document::Document;
