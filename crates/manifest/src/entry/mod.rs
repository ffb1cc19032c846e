//! The language: every key with its type and its description, said once.
//!
//! [`entry!`] makes three things of one table: the struct, its decoder and its JSON Schema. So the
//! check, the did-you-mean and `schemas/manifest.schema.json` cannot part company.

mod account;
mod argument;
mod auth;
mod connector;
mod instance;
mod mapping;
mod moved;
mod property;
mod roster;
mod run;
mod scalar;
mod secret;
mod secrets;
mod template;
mod top;
mod typed;

pub(crate) use account::{AccountEntry, BodyEntry, DefaultsEntry, ProfileEntry, StateEntry};
pub(crate) use argument::{ArgumentEntry, ArgumentType, ArgumentValue, GivenArguments};
pub(crate) use auth::AuthEntry;
pub(crate) use connector::{ConnectorEntry, ConnectorName};
pub(crate) use instance::InstanceEntry;
pub(crate) use mapping::MappingEntry;
pub(crate) use moved::MovedEntry;
pub(crate) use property::Properties;
pub(crate) use roster::{RosterAccountEntry, RosterEntry, RosterFormat};
pub(crate) use run::RunEntry;
pub(crate) use scalar::{RetentionEntry, Scalar};
pub(crate) use secret::{SecretEntry, ValueEntry};
pub(crate) use secrets::{LoginEntry, SecretsEntry};
pub(crate) use template::{TemplateEntry, TemplateName};
pub(crate) use top::{TopEntry, VersionEntry};
pub(crate) use typed::Typed;

/// Declares a map with fixed keys: `Name ("a thing") requires [id] { /// What it is. key: Type }`.
/// `secret` keeps what stands in it out of messages; `with` puts another map's keys beside its own.
macro_rules! entry {
    (
        $(#[$meta:meta])*
        $name:ident ($what:literal) $(requires [$($required:literal),*])? $(with $other:ident: $others:ty)?
        { $( $(#[$doc:meta])* $key:ident: $type:ty, )* }
    ) => { $crate::entry::entry! {
        @ false, $(#[$meta])* $name ($what) [$($($required),*)?] [$($other: $others)?]
        { $( $(#[$doc])* $key: $type, )* }
    } };
    (
        $(#[$meta:meta])*
        secret $name:ident ($what:literal) $(requires [$($required:literal),*])?
        { $( $(#[$doc:meta])* $key:ident: $type:ty, )* }
    ) => { $crate::entry::entry! {
        @ true, $(#[$meta])* $name ($what) [$($($required),*)?] []
        { $( $(#[$doc])* $key: $type, )* }
    } };
    (
        @ $secret:literal, $(#[$meta:meta])*
        $name:ident ($what:literal) [$($required:literal),*] [$($other:ident: $others:ty)?]
        { $( $(#[$doc:meta])* $key:ident: $type:ty, )* }
    ) => {
        #[derive(Clone, Debug, Default, schemars::JsonSchema)]
        $(#[$meta])*
        #[schemars(deny_unknown_fields, transform = $crate::schema::require::<Self>)]
        pub(crate) struct $name {
            $( $(#[$doc])* pub(crate) $key: $crate::decode::Field<$type>, )*
            $( #[schemars(flatten)] pub(crate) $other: $others, )?
        }

        impl $crate::decode::Fields for $name {
            const WHAT: &'static str = $what;
            const SECRET: bool = $secret;
            const REQUIRED: &'static [&'static str] = &[$($required),*];

            fn keys() -> Vec<&'static str> {
                #[allow(unused_mut, clippy::allow_attributes, reason = "some entries have no other keys")]
                let mut keys = vec![$(stringify!($key).trim_start_matches("r#")),*];
                $( keys.extend(<$others as $crate::decode::Fields>::keys()); )?
                keys
            }

            fn take(
                entries: &mut $crate::decode::Entries,
                problems: &mut gangplank_model::Problems,
            ) -> Self {
                Self {
                    $( $key: entries.field(stringify!($key).trim_start_matches("r#"), problems), )*
                    $( $other: <$others as $crate::decode::Fields>::take(entries, problems), )?
                }
            }
        }

        impl $crate::decode::Decode for $name {
            fn decode(
                node: $crate::node::Node,
                problems: &mut gangplank_model::Problems,
            ) -> Option<Self> {
                $crate::decode::fields(node, problems)
            }
        }

        impl $crate::decode::Layer for $name {
            fn over(self, base: Self) -> Self {
                Self {
                    $( $key: self.$key.over(base.$key), )*
                    $( $other: self.$other.over(base.$other), )?
                }
            }
        }
    };
}

/// Values that replace the base's value whole.
macro_rules! replaces {
    ($($name:ty),* $(,)?) => { $(
        impl $crate::decode::Layer for $name {
            fn over(self, _base: Self) -> Self {
                self
            }
        }
    )* };
}

pub(crate) use {entry, replaces};
