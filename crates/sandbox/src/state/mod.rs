//! The instance in memory.

pub(crate) mod binding;
mod custom;
mod family;
pub(crate) mod flow;
mod identity;
mod install;
mod instance;
mod library;
mod load;
mod people;
mod settle;

pub(crate) use family::CycleKey;
pub(crate) use identity::Identity;
pub(crate) use install::{Binding, instantiate};
pub(crate) use instance::Instance;
pub(crate) use library::{Entry, Library};
pub(crate) use load::{fill_variable, load};
pub(crate) use people::{People, Record, SignIn, expiry};
