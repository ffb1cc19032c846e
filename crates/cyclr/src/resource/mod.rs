//! One file an object: wire types, and functions that make requests.
//!
//! Reading is tolerant: missing fields take their default, unknown words of enumerations are kept as
//! text, and fields that are not needed (icons above all) are skipped unparsed.

pub mod account;
pub mod account_connector;
pub mod connector;
pub mod cycle;
pub mod property;
pub mod step;
pub mod template;

use serde::{Deserialize, Deserializer};

/// Takes `null` for nothing, as the vendor writes empty lists and texts now and then.
pub(crate) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
